"""Activities, the parts they are made of, and how many places they have."""

from datetime import datetime

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.enterprises.models import Subsector
from mbois.people.models import Document, Organisation, Person, Role
from mbois.places.guards import tracked, whole_point
from mbois.places.models import Area
from mbois.places.owned import Owned, OwnedQuerySet, RegionForeignKey

# Roles of a region that see its activities whatever their state.
OVERSEEING = (Role.CURATOR, Role.AGENCY_OFFICER, Role.REGION_ADMIN, Role.EXECUTIVE)


class State(models.TextChoices):
    """How far an activity is. `TRANSITIONS` says what may follow what."""

    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Waits for the curator")
    RETURNED = "returned", _("Sent back")
    REJECTED = "rejected", _("Rejected")
    PUBLISHED = "published", _("Published")
    CANCELLED = "cancelled", _("Called off")

    @property
    def tone(self) -> str:
        return {"proposed": "wait", "returned": "bad", "rejected": "bad", "published": "ok"}.get(
            self.value, "plain"
        )


TRANSITIONS: dict[str, frozenset[str]] = {
    State.DRAFT: frozenset({State.PROPOSED, State.PUBLISHED, State.CANCELLED}),
    State.PROPOSED: frozenset({State.PUBLISHED, State.RETURNED, State.REJECTED, State.CANCELLED}),
    State.RETURNED: frozenset({State.PROPOSED, State.CANCELLED}),
    State.REJECTED: frozenset(),
    State.PUBLISHED: frozenset({State.CANCELLED}),
    State.CANCELLED: frozenset(),
}


class Kind(models.TextChoices):
    ACTIVITY = "activity", _("Activity")
    FESTIVAL = "festival", _("Festival, with parts by many organisers")


class Entry(models.TextChoices):
    """How one gets in."""

    REGISTER = "register", _("With a registration")
    FREE = "free", _("Just come, no registration")
    WHOLE = "whole", _("With the ticket of the whole it is part of")


class ActivityQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "ActivityQuerySet":
        """One's own and those of one's organisation, parts of a festival one holds, all of a region for
        whoever oversees it. What is published is read with `published()`."""
        mine = Q(proposed_by=person.pk) | Q(parent__proposed_by=person.pk)
        houses = [m.organisation_id for m in person.memberships_now if m.role == Role.ORGANISER]
        if houses:
            mine |= Q(organisation__in=houses) | Q(parent__organisation__in=houses)
        if regions := person.regions_with(*OVERSEEING):
            mine |= Q(region__in=regions)
        return self.filter(mine)

    def published(self) -> "ActivityQuerySet":
        """What everybody may see, also what was called off after it had been announced."""
        return self.filter(published_at__isnull=False)

    def taking_place(self) -> "ActivityQuerySet":
        return self.filter(state=State.PUBLISHED)

    def listed(self) -> "ActivityQuerySet":
        """What stands in the public calendar: parts stand in the programme of their whole."""
        return self.filter(state=State.PUBLISHED, parent=None)


class Series(Owned):
    """Activities that come again: each is a row of its own, made together."""

    title = models.CharField(max_length=120)
    every_weeks = models.PositiveSmallIntegerField(default=1)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="series_every_weeks", condition=Q(every_weeks__gte=1, every_weeks__lte=12)
            )
        ]

    def __str__(self) -> str:
        return self.title


@tracked(exclude=["search", "share_picture"])
class Activity(Owned):
    """Something that takes place: a workshop, a concert, a festival, or a part of one."""

    code = models.CharField(max_length=16, editable=False)
    kind = models.CharField(_("what it is"), max_length=8, choices=Kind, default=Kind.ACTIVITY)
    parent = RegionForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    series = RegionForeignKey(
        Series, null=True, blank=True, on_delete=models.PROTECT, related_name="activities"
    )
    # The name of one of the festival's stages.
    stage = models.CharField(_("stage"), max_length=80, blank=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="activities"
    )
    host = models.CharField(_("community or organiser"), max_length=120)
    contact = models.CharField(_("whom to ask"), max_length=160, blank=True)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="proposed_activities")
    title = models.CharField(_("title"), max_length=120)
    summary = models.CharField(_("in one sentence"), max_length=240)
    about = models.TextField(_("what happens there"), max_length=6000, blank=True)
    subsector = models.CharField(_("creative subsector"), max_length=12, choices=Subsector, blank=True)
    begins_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=160)
    address = models.CharField(_("address"), max_length=240, blank=True)
    district = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    # A space of the creative centre, where whoever keeps spaces holds it for this.
    venue = models.CharField(max_length=40, blank=True)
    venue_booking = models.CharField(max_length=40, blank=True)
    picture = RegionForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    entry = models.CharField(_("how one gets in"), max_length=8, choices=Entry, default=Entry.REGISTER)
    opens_at = models.DateTimeField(_("registration opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("registration closes"), null=True, blank=True)
    most_places = models.PositiveSmallIntegerField(_("places for one registration, at most"), default=5)
    several = models.BooleanField(_("one address may register several times"), default=False)
    offer_hours = models.PositiveSmallIntegerField(_("hours to accept a place offered"), default=24)
    # Per cent of the sessions one must have attended; empty: no certificate.
    certificate_from = models.PositiveSmallIntegerField(
        _("certificate from … per cent of the sessions"), null=True, blank=True
    )
    takes_parts = models.BooleanField(_("others may propose parts"), default=False)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    made_at = models.DateTimeField(default=clock.now)
    proposed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review_note = models.CharField(_("reasons"), max_length=600, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(_("reason"), max_length=300, blank=True)
    # When what is said of it was changed last, places and all: an older page changes nothing.
    changed_at = models.DateTimeField(default=clock.now)
    # Counts changes of hour and place, so that calendars follow.
    moved = models.PositiveSmallIntegerField(default=0)
    # The picture shown where it is shared, drawn by the worker; the name carries what it was drawn of.
    share_picture = models.CharField(max_length=100, blank=True)
    search = models.TextField(blank=True, editable=False)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="activity_code"),
            whole_point("activity_point_is_whole"),
            models.CheckConstraint(name="activity_state", condition=Q(state__in=State.values)),
            models.CheckConstraint(name="activity_kind", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(name="activity_entry", condition=Q(entry__in=Entry.values)),
            models.CheckConstraint(
                name="activity_subsector", condition=Q(subsector="") | Q(subsector__in=Subsector.values)
            ),
            models.CheckConstraint(
                name="activity_ends_after_it_begins", condition=Q(ends_at__gt=F("begins_at"))
            ),
            models.CheckConstraint(
                name="activity_registration_ends_by_its_end",
                condition=Q(closes_at=None) | Q(closes_at__lte=F("ends_at")),
            ),
            models.CheckConstraint(
                name="activity_registration_opens_before_it_closes",
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(opens_at__lt=F("closes_at")),
            ),
            models.CheckConstraint(
                name="activity_whole_is_of_a_part", condition=~Q(entry="whole") | Q(parent__isnull=False)
            ),
            models.CheckConstraint(
                name="activity_festival_is_no_part", condition=~Q(kind="festival") | Q(parent=None)
            ),
            models.CheckConstraint(
                name="activity_is_not_its_own_part", condition=Q(parent=None) | ~Q(parent=F("id"))
            ),
            models.CheckConstraint(
                name="activity_published_has_its_hour",
                condition=~Q(state="published") | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="activity_refused_says_why",
                condition=~Q(state__in=["returned", "rejected"])
                | (~Q(review_note="") & Q(reviewed_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="activity_called_off_says_why",
                condition=~Q(state="cancelled") | (~Q(cancel_reason="") & Q(cancelled_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="activity_places_for_one", condition=Q(most_places__gte=1, most_places__lte=50)
            ),
            models.CheckConstraint(
                name="activity_offer_hours", condition=Q(offer_hours__gte=1, offer_hours__lte=168)
            ),
            models.CheckConstraint(
                name="activity_certificate_share",
                condition=Q(certificate_from=None) | Q(certificate_from__gte=1, certificate_from__lte=100),
            ),
        ]
        indexes = [
            models.Index(fields=["code"], name="activity_by_code"),
            models.Index(
                fields=["begins_at"], condition=Q(state="published", parent=None), name="activity_calendar"
            ),
            models.Index(fields=["region", "parent", "begins_at"], name="activity_parts"),
            models.Index(fields=["region", "state", "proposed_at"], name="activity_queue"),
            models.Index(fields=["proposed_by"], name="activity_by_proposer"),
            models.Index(fields=["organisation"], name="activity_by_organisation"),
            GinIndex(name="activity_search", fields=["search"], opclasses=["gin_trgm_ops"]),
        ]
        triggers = [
            pgtrigger.FSM(
                name="activity_transitions",
                field="state",
                transitions=[
                    (before, after) for before, afters in TRANSITIONS.items() for after in sorted(afters)
                ],
            ),
            pgtrigger.ReadOnly(name="activity_origin_is_fixed", fields=["code", "parent", "proposed_by"]),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def state_shown(self) -> State:
        return State(self.state)

    @property
    def slug(self) -> str:
        """The end of its address: its title and its code."""
        return f"{slugify(self.title)[:60]}-{self.code}".strip("-").lower()

    def get_absolute_url(self) -> str:
        return reverse("agenda_activity", kwargs={"occasion": self.slug})

    @property
    def desk_url(self) -> str:
        return reverse("agenda_desk_activity", kwargs={"activity": self.code})

    @property
    def is_over(self) -> bool:
        return self.ends_at <= clock.now()

    @property
    def has_begun(self) -> bool:
        return self.begins_at <= clock.now()

    @property
    def several_days(self) -> bool:
        return clock.local_date(self.begins_at) != clock.local_date(self.ends_at)

    @property
    def registration_ends(self) -> datetime:
        """The instant from which nobody registers any more: never after the start."""
        return min(self.closes_at, self.begins_at) if self.closes_at else self.begins_at

    @property
    def takes_registrations(self) -> bool:
        """Whether it is the time to register, whatever is left."""
        now = clock.now()
        begun = self.opens_at is None or self.opens_at <= now
        return self.state == State.PUBLISHED and begun and now < self.registration_ends


class Stage(Owned):
    """A place within a festival: a stage, a room, a street."""

    festival = RegionForeignKey(Activity, on_delete=models.CASCADE, related_name="stages")
    name = models.CharField(_("name"), max_length=80)
    note = models.CharField(_("where it is"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["region", "festival", "name"], name="stage_name_once_a_festival")
        ]

    def __str__(self) -> str:
        return self.name


class GroupRule(models.TextChoices):
    """What happens where a group is first on the waiting list and too few places are free for all of it."""

    WAIT = "wait", _("The group waits, and who comes after it waits too")
    PASS = "pass", _("Smaller groups and single people pass it")


class Seats(Owned):
    """How many places an activity has, and the one row that everybody who registers passes through.

    `taken` are places confirmed or offered, `waiting` are registrations on the waiting list: the database
    counts both from the registrations and lets nobody else write them. `last` is the newest number in the
    queue. Whoever registers somebody or changes where a registration stands holds this row.
    """

    activity = RegionForeignKey(Activity, on_delete=models.PROTECT, related_name="seats")
    quota = models.PositiveIntegerField(_("places"), null=True, blank=True)
    waits = models.BooleanField(_("waiting list"), default=True)
    # False once the activity is called off: whoever waits for this row then gets no place any more.
    is_open = models.BooleanField(default=True)
    group_rule = models.CharField(
        _("a group that does not fit"), max_length=4, choices=GroupRule, default=GroupRule.WAIT
    )
    taken = models.PositiveIntegerField(default=0, editable=False)
    waiting = models.PositiveIntegerField(default=0, editable=False)
    last = models.PositiveIntegerField(default=0)
    # Whether the newest registration got its places at once (told by the statement that sells them).
    last_sold = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "activity"], name="seats_of_an_activity"),
            models.CheckConstraint(name="seats_group_rule", condition=Q(group_rule__in=GroupRule.values)),
            models.CheckConstraint(name="seats_quota", condition=Q(quota=None) | Q(quota__gte=1)),
        ]
        triggers = [
            pgtrigger.Protect(name="seats_stay", operation=pgtrigger.Delete),
            # The last guard against selling a place twice, whoever writes. A quota cut below what is sold
            # is allowed; selling more then is not.
            pgtrigger.Trigger(
                name="seats_are_not_sold_twice",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("taken"),
                func="""
                    IF NEW.quota IS NOT NULL AND NEW.taken > NEW.quota
                       AND (TG_OP = 'INSERT' OR NEW.taken > OLD.taken) THEN
                        RAISE EXCEPTION 'seats_are_not_sold_twice: % of %', NEW.taken, NEW.quota
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'seats_are_not_sold_twice';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.taken} of {self.quota}"

    @property
    def left(self) -> int | None:
        """Free places, None where there is no limit."""
        return None if self.quota is None else max(0, self.quota - self.taken)

    @property
    def filled(self) -> int:
        """How many of the places are taken: never more than there are, though a quota may be cut below
        what is sold."""
        return self.taken if self.quota is None else min(self.taken, self.quota)


class Question(Owned):
    """Something an organiser wants to know of whoever registers."""

    class Kind(models.TextChoices):
        TEXT = "text", _("A few words")
        CHOICE = "choice", _("One of several")
        TICK = "tick", _("Yes or no")

    activity = RegionForeignKey(Activity, on_delete=models.CASCADE, related_name="questions")
    text = models.CharField(_("question"), max_length=160)
    kind = models.CharField(_("answer"), max_length=6, choices=Kind, default=Kind.TEXT)
    options = models.JSONField(default=list, blank=True)
    required = models.BooleanField(_("must be answered"), default=False)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(name="question_kind", condition=Q(kind__in=["text", "choice", "tick"]))
        ]
        indexes = [models.Index(fields=["region", "activity"], name="question_by_activity")]

    def __str__(self) -> str:
        return self.text
