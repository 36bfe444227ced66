"""The creative desk: what owners ask of the creative community, and what came of it."""

import hashlib
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.market.models.products import Picture, Product
from mbois.market.models.scope import worked_on_by
from mbois.people.models import Document, Person, Role
from mbois.places.guards import tracked
from mbois.places.owned import Owned, OwnedQuerySet, RegionForeignKey

MOST_PAY = 100_000_000  # rupiah


class JobKind(models.TextChoices):
    """What is made."""

    PHOTOS = "photos", _("Photos")
    TEXT = "text", _("Text")
    DESIGN = "design", _("Design")


class JobState(models.TextChoices):
    """How far a job is. `JOB_TRANSITIONS` says what may follow what."""

    OPEN = "open", _("Looking for somebody")
    TAKEN = "taken", _("In work")
    DELIVERED = "delivered", _("To be looked at")
    CHANGE = "change", _("Change asked for")
    ACCEPTED = "accepted", _("Accepted")
    CANCELLED = "cancelled", _("Called off")

    @property
    def tone(self) -> str:
        return {"open": "info", "delivered": "wait", "change": "wait", "accepted": "ok"}.get(
            self.value, "plain"
        )


JOB_TRANSITIONS: dict[str, frozenset[str]] = {
    JobState.OPEN: frozenset({JobState.TAKEN, JobState.CANCELLED}),
    JobState.TAKEN: frozenset({JobState.DELIVERED, JobState.OPEN, JobState.CANCELLED}),
    JobState.DELIVERED: frozenset({JobState.CHANGE, JobState.ACCEPTED, JobState.CANCELLED}),
    JobState.CHANGE: frozenset({JobState.DELIVERED, JobState.OPEN, JobState.CANCELLED}),
}
# Those in which somebody is at it.
UNDER_WAY = (JobState.TAKEN, JobState.DELIVERED, JobState.CHANGE)
# Those in which the creator is the next to act.
CREATORS_TURN = (JobState.TAKEN, JobState.CHANGE)


class JobQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "JobQuerySet":
        """Those of the businesses one works on; for coordinators those of the region; for creators the
        open ones of their region and what they took themselves."""
        allowed = worked_on_by(person) | Q(region__in=person.regions_with(Role.COORDINATOR))
        if regions := person.regions_with(Role.CREATOR):
            allowed |= Q(region__in=regions, state=JobState.OPEN)
        return self.filter(allowed | Q(creator=person.pk))

    def coded(self, code: str) -> "JobQuerySet":
        """The one with this code; the region can be read from it."""
        digits = code.split("-")[1] if code.count("-") == 2 else ""
        return self.filter(region=f"{digits[:2]}.{digits[2:]}", code=code.upper())


@tracked()
class CreativeJob(Owned):
    """Something an enterprise asks the creative community for. `pay` is what its owner promises in whole
    rupiah, none for a voluntary job; nothing is paid through here."""

    enterprise = RegionForeignKey(
        Enterprise, verbose_name=_("business"), on_delete=models.PROTECT, related_name="creative_jobs"
    )
    code = models.CharField(_("code"), max_length=16, editable=False)
    kind = models.CharField(_("what is needed"), max_length=6, choices=JobKind)
    wish = models.TextField(_("what it should be like"), max_length=1000)
    wanted_by = models.DateField(_("wanted by"))
    pay = models.BigIntegerField(_("pay"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=JobState, default=JobState.OPEN)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"), default=clock.now)
    creator = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="creative_jobs"
    )
    taken_at = models.DateTimeField(null=True, blank=True)
    # Until when whoever took it delivers; after that day it goes back to the others.
    deliver_by = models.DateField(null=True, blank=True)
    # How often somebody gave it back or let its day pass.
    returned = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    # The owner's leave: the creator may show the accepted work on their page.
    may_be_shown = models.BooleanField(default=False)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("creative job")
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="creative_job_code"),
            models.CheckConstraint(name="creative_job_kind", condition=Q(kind__in=JobKind.values)),
            models.CheckConstraint(name="creative_job_state", condition=Q(state__in=JobState.values)),
            models.CheckConstraint(
                name="creative_job_pay", condition=Q(pay=None) | Q(pay__gt=0, pay__lte=MOST_PAY)
            ),
            models.CheckConstraint(
                name="creative_job_is_somebodys_while_under_way",
                condition=Q(state="open", creator=None, taken_at=None, deliver_by=None)
                | Q(state="cancelled")
                | Q(
                    state__in=["taken", "delivered", "change", "accepted"],
                    creator__isnull=False,
                    taken_at__isnull=False,
                    deliver_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="creative_job_ended_has_its_moment",
                condition=Q(state__in=["accepted", "cancelled"], ended_at__isnull=False)
                | Q(state__in=["open", "taken", "delivered", "change"], ended_at=None),
            ),
            models.CheckConstraint(
                name="creative_job_called_off_says_why", condition=~Q(state="cancelled") | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="creative_job_shown_once_accepted",
                condition=Q(may_be_shown=False) | Q(state="accepted"),
            ),
        ]
        indexes = [
            models.Index(fields=["region", "enterprise", "-asked_at"], name="creative_job_by_enterprise"),
            models.Index(fields=["region", "state", "wanted_by"], name="creative_job_queue"),
            models.Index(fields=["creator", "state"], name="creative_job_by_creator"),
            models.Index(
                fields=["deliver_by"], condition=Q(state__in=["taken", "change"]), name="creative_job_due"
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="creative_job_transitions",
                field="state",
                transitions=[
                    (before, after) for before, afters in JOB_TRANSITIONS.items() for after in sorted(afters)
                ],
            ),
            # Exactly one may take it: whoever has it must let go before anybody else can have it.
            pgtrigger.Protect(
                name="creative_job_is_taken_by_one",
                operation=pgtrigger.UpdateOf("creator_id"),
                condition=pgtrigger.Q(
                    old__creator__isnull=False,
                    new__creator__isnull=False,
                    old__creator__df=pgtrigger.F("new__creator"),
                ),
            ),
            pgtrigger.Protect(name="creative_jobs_stay", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("creative_job", kwargs={"job": self.code})

    @property
    def state_shown(self) -> JobState:
        return JobState(self.state)

    @property
    def is_open(self) -> bool:
        return self.state in (JobState.OPEN, *UNDER_WAY)

    @property
    def is_late(self) -> bool:
        """Its creator has let the day pass; the night gives it back."""
        return bool(self.state in CREATORS_TURN and self.deliver_by and self.deliver_by < clock.today())


class JobProduct(Owned):
    """A product a job is about."""

    job = RegionForeignKey(CreativeJob, on_delete=models.CASCADE, related_name="items")
    product = RegionForeignKey(Product, on_delete=models.PROTECT, related_name="creative_items")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["region", "job", "product"], name="job_product_once")]
        indexes = [models.Index(fields=["region", "product"], name="job_product_by_product")]

    def __str__(self) -> str:
        return f"{self.job_id}: {self.product_id}"


class JobVersion(Owned):
    """What was delivered, once and for all; the answer to it is given once."""

    class Answer(models.TextChoices):
        CHANGE = "change", _("Change asked for")
        ACCEPTED = "accepted", _("Accepted")

    job = RegionForeignKey(CreativeJob, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    note = models.TextField(_("note"), max_length=1000, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    delivered_at = models.DateTimeField(default=clock.now)
    answer = models.CharField(max_length=8, choices=Answer, blank=True)
    answer_note = models.TextField(max_length=1000, blank=True)
    answered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["region", "job", "number"], name="job_version_number"),
            models.CheckConstraint(
                name="job_version_answer",
                condition=Q(answer="", answered_by=None, answered_at=None)
                | Q(answer__in=["change", "accepted"], answered_by__isnull=False, answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="job_version_change_in_words", condition=~Q(answer="change") | ~Q(answer_note="")
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="job_versions_stay", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="job_versions_are_not_rewritten",
                exclude=["answer", "answer_note", "answered_by", "answered_at"],
            ),
            pgtrigger.Protect(
                name="job_versions_are_answered_once",
                operation=pgtrigger.UpdateOf("answer"),
                condition=~pgtrigger.Q(old__answer=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_id} v{self.number}"


class VersionPhoto(Owned):
    """A photo that was delivered for a product."""

    version = RegionForeignKey(JobVersion, on_delete=models.PROTECT, related_name="photos")
    product = RegionForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    picture = RegionForeignKey(Picture, on_delete=models.PROTECT, related_name="version_photos")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "version", "product", "picture"], name="version_photo_once"
            )
        ]
        indexes = [models.Index(fields=["region", "picture"], name="version_photo_by_picture")]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.product_id} #{self.position}"


class VersionText(Owned):
    """Name and description proposed for a product, and those it had when they were written."""

    version = RegionForeignKey(JobVersion, on_delete=models.PROTECT, related_name="texts")
    product = RegionForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    description = models.TextField(max_length=4000)
    name_then = models.CharField(max_length=120)
    description_then = models.TextField(max_length=4000, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["region", "version", "product"], name="version_text_once"),
            models.CheckConstraint(name="version_text_is_there", condition=~Q(name="") & ~Q(description="")),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.name}"


class VersionFile(Owned):
    """A private file that was delivered: a design, as PDF or picture."""

    version = RegionForeignKey(JobVersion, on_delete=models.PROTECT, related_name="files")
    document = RegionForeignKey(Document, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["region", "version", "document"], name="version_file_once")
        ]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.document_id}"


class Dressing(Owned):
    """What accepting a job changed of a product, so that it can be undone: {"photos": [keys of pictures]}
    or {"name": …, "description": …}."""

    job = RegionForeignKey(CreativeJob, on_delete=models.PROTECT, related_name="dressings")
    product = RegionForeignKey(Product, on_delete=models.PROTECT, related_name="dressings")
    before = models.JSONField()
    after = models.JSONField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "job", "product"], name="dressing_once"),
            models.CheckConstraint(
                name="dressing_undone_by_somebody",
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["region", "product"], name="dressing_by_product")]
        triggers = [pgtrigger.ReadOnly(name="dressings_are_fixed", exclude=["undone_at", "undone_by"])]

    def __str__(self) -> str:
        return f"{self.job_id}: {self.product_id}"


def seal_of(value: Any) -> str:
    """What a page shows of something, in 16 signs: whether it is still the same when it is answered."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:16]
