"""An application, from a draft to a signed contract."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.enterprises.models import Enterprise, Owner
from mbois.enterprises.models.enterprises import in_areas
from mbois.financing.models.schemes import LENDING_ROLES, PaperKind, Scheme
from mbois.people.models import Document, Person, Role
from mbois.places.guards import never_emptied, tracked, whole_point
from mbois.places.owned import Owned, OwnedQuerySet, RegionForeignKey


class State(models.TextChoices):
    """Where an application stands; `TRANSITIONS` says what may follow what."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for the home visit")
    RETURNED = "returned", _("Returned for completion")
    VISITED = "visited", _("Waiting for the Baznas assessment")
    ASSESSED = "assessed", _("Waiting for the decision")
    APPROVED = "approved", _("Waiting for the signature")
    SIGNED = "signed", _("Ready for disbursement")
    DISBURSED = "disbursed", _("Disbursed")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")

    @classmethod
    def under_way(cls) -> list["State"]:
        """Those of an application that was sent and has neither its money nor an end."""
        return [cls.SUBMITTED, cls.RETURNED, cls.VISITED, cls.ASSESSED, cls.APPROVED, cls.SIGNED]


TRANSITIONS: dict[str, frozenset[str]] = {
    State.DRAFT: frozenset({State.SUBMITTED, State.WITHDRAWN}),
    State.SUBMITTED: frozenset({State.VISITED, State.RETURNED, State.WITHDRAWN}),
    State.RETURNED: frozenset({State.SUBMITTED, State.WITHDRAWN}),
    State.VISITED: frozenset({State.ASSESSED, State.RETURNED, State.WITHDRAWN}),
    State.ASSESSED: frozenset({State.APPROVED, State.REFUSED, State.RETURNED, State.WITHDRAWN}),
    State.APPROVED: frozenset({State.SIGNED, State.WITHDRAWN}),
    State.SIGNED: frozenset({State.DISBURSED, State.WITHDRAWN}),
}
ENDED = (State.DISBURSED, State.REFUSED, State.WITHDRAWN)


class ApplicationQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "ApplicationQuerySet":
        """One's own, those one entered for somebody (drafts included), and what was sent in one's
        region or villages."""
        sent = Q(region__in=person.regions_with(*LENDING_ROLES)) | in_areas(
            "enterprise__village", person.areas_with(Role.VILLAGE_OFFICER)
        )
        return self.filter(
            Q(borrower__person=person.pk) | Q(entered_by=person.pk) | (sent & ~Q(state=State.DRAFT))
        )

    def under_way(self) -> "ApplicationQuerySet":
        return self.exclude(state__in=ENDED)


@tracked()
class Application(Owned):
    """Somebody asks for a loan. Amounts in rupiah."""

    number = models.CharField(_("number"), max_length=24)
    scheme = RegionForeignKey(
        Scheme, verbose_name=_("scheme"), on_delete=models.PROTECT, related_name="applications"
    )
    enterprise = RegionForeignKey(
        Enterprise, verbose_name=_("business"), on_delete=models.PROTECT, related_name="applications"
    )
    borrower = RegionForeignKey(
        Owner, verbose_name=_("borrower"), on_delete=models.PROTECT, related_name="applications"
    )
    entered_by = models.ForeignKey(
        Person, verbose_name=_("entered by"), on_delete=models.PROTECT, related_name="+"
    )
    amount_asked = models.BigIntegerField(_("amount asked for"))
    months_asked = models.PositiveSmallIntegerField(_("months asked for"))
    purpose = models.TextField(_("what the money is for"), blank=True, max_length=1000)
    married = models.BooleanField(_("married"), default=True)
    spouse_name = models.CharField(_("name of the spouse"), max_length=120, blank=True)
    household_members = models.PositiveSmallIntegerField(_("members of the household"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    returned_reason = models.TextField(_("reason for returning"), blank=True)
    started_at = models.DateTimeField(_("begun"), default=clock.now)
    submitted_at = models.DateTimeField(_("sent"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        constraints = [
            models.UniqueConstraint(fields=["region", "number"], name="application_number"),
            models.UniqueConstraint(
                fields=["region", "borrower", "scheme"],
                condition=~Q(state__in=["disbursed", "refused", "withdrawn"]),
                name="application_one_under_way",
            ),
            models.CheckConstraint(name="application_state", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="application_asks_for_something", condition=Q(amount_asked__gt=0, months_asked__gt=0)
            ),
            models.CheckConstraint(
                name="application_sent_has_its_moment",
                condition=Q(state__in=["draft", "withdrawn"]) | Q(submitted_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["region", "state", "submitted_at"], name="application_queue"),
            models.Index(fields=["region", "enterprise"], name="application_by_enterprise"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="application_transitions",
                field="state",
                transitions=[
                    (before, after) for before, afters in TRANSITIONS.items() for after in sorted(afters)
                ],
            ),
            # Who entered it never decides on it, so nobody takes that place of another.
            pgtrigger.ReadOnly(name="application_stays_who_entered_it", fields=["entered_by"]),
            pgtrigger.Protect(
                name="application_asked_stays",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__state__in=["draft", "returned"])
                & (
                    pgtrigger.Q(old__amount_asked__df=pgtrigger.F("new__amount_asked"))
                    | pgtrigger.Q(old__months_asked__df=pgtrigger.F("new__months_asked"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def assisted(self) -> bool:
        """Whether somebody else entered it for the borrower."""
        return self.entered_by_id != self.borrower.person_id


@tracked()
class RentenirDebt(Owned):
    """What is owed to one loan shark, as the borrower tells it and the instalment card shows."""

    application = RegionForeignKey(Application, on_delete=models.CASCADE, related_name="debts")
    lender = models.CharField(max_length=120)
    outstanding = models.BigIntegerField()
    borrowed = models.BigIntegerField(null=True, blank=True)
    # What is paid a month, interest included.
    monthly_payment = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="rentenir_debt_is_positive", condition=Q(outstanding__gt=0)),
            models.CheckConstraint(
                name="rentenir_debt_not_negative",
                condition=(Q(borrowed=None) | Q(borrowed__gte=0))
                & (Q(monthly_payment=None) | Q(monthly_payment__gte=0)),
            ),
        ]
        indexes = [models.Index(fields=["region", "application"], name="rentenir_debt_by_application")]

    def __str__(self) -> str:
        return f"{self.lender}: {self.outstanding}"


@tracked()
class Paper(Owned):
    """One paper handed in with an application."""

    application = RegionForeignKey(Application, on_delete=models.CASCADE, related_name="papers")
    kind = models.CharField(max_length=12, choices=PaperKind)
    document = RegionForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "application", "kind", "document"], name="paper_once"),
            models.CheckConstraint(name="paper_kind", condition=Q(kind__in=PaperKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.application_id}"


@tracked()
class Visit(Owned):
    """A home visit as the field officer recorded it, possibly without a line and sent later.

    `client_id` was made on the phone before anything was sent; `fingerprint` is a hash of the
    content. Amounts are rupiah a month.
    """

    class Advice(models.TextChoices):
        GRANT = "grant", _("Grant it")
        LESS = "less", _("Grant less")
        REFUSE = "refuse", _("Do not grant it")

    application = RegionForeignKey(Application, on_delete=models.PROTECT, related_name="visits")
    client_id = models.UUIDField()
    fingerprint = models.CharField(max_length=64)
    visited_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    visited_at = models.DateTimeField()
    received_at = models.DateTimeField(default=clock.now)
    checklist = models.JSONField(default=dict)
    neighbours = models.JSONField(default=list)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    accuracy = models.FloatField(null=True, blank=True)
    sales = models.BigIntegerField()
    costs = models.BigIntegerField()
    household = models.BigIntegerField()
    other_debts = models.BigIntegerField()
    capacity = models.GeneratedField(
        expression=F("sales") - F("costs") - F("household") - F("other_debts"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    advice = models.CharField(max_length=8, choices=Advice)
    notes = models.TextField(blank=True)
    # Set where another record with the same content had come before; a person looks at both.
    same_as = RegionForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="copies")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "client_id"], name="visit_sent_once"),
            models.CheckConstraint(
                name="visit_amounts_not_negative",
                condition=Q(sales__gte=0, costs__gte=0, household__gte=0, other_debts__gte=0),
            ),
            whole_point("visit_point_is_whole"),
            models.CheckConstraint(name="visit_advice", condition=Q(advice__in=["grant", "less", "refuse"])),
        ]
        indexes = [
            models.Index(fields=["region", "application", "fingerprint"], name="visit_by_content"),
        ]
        triggers = [
            pgtrigger.Protect(name="visits_stay", operation=pgtrigger.Delete),
            never_emptied("visits"),
            pgtrigger.ReadOnly(name="visits_are_not_rewritten", exclude=["capacity"]),
        ]

    def __str__(self) -> str:
        return f"visit of {self.application_id}"


class VisitPhoto(Owned):
    """A picture taken on a visit."""

    visit = RegionForeignKey(Visit, on_delete=models.CASCADE, related_name="photos")
    document = RegionForeignKey(Document, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "visit", "document"], name="visit_photo_once")
        ]

    def __str__(self) -> str:
        return f"photo of {self.visit_id}"


@tracked()
class Assessment(Owned):
    """Baznas says whether the household is needy and covers the cost of the loan."""

    application = RegionForeignKey(Application, on_delete=models.PROTECT, related_name="assessments")
    assessed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    assessed_at = models.DateTimeField(default=clock.now)
    needy = models.BooleanField()
    monthly_income = models.BigIntegerField()
    members = models.PositiveSmallIntegerField()
    covers_cost = models.BooleanField()
    reasons = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="assessment_members", condition=Q(members__gte=1)),
            models.CheckConstraint(name="assessment_income", condition=Q(monthly_income__gte=0)),
            models.CheckConstraint(
                name="assessment_no_needs_reasons",
                condition=Q(needy=True, covers_cost=True) | ~Q(reasons=""),
            ),
        ]
        indexes = [models.Index(fields=["region", "application"], name="assessment_by_application")]
        triggers = [
            pgtrigger.Protect(name="assessments_stay", operation=pgtrigger.Update | pgtrigger.Delete),
            never_emptied("assessments"),
        ]

    def __str__(self) -> str:
        return f"assessment of {self.application_id}"


@tracked()
class Decision(Owned):
    """Yes or no, by somebody who neither visited, assessed nor entered the application.

    The database refuses it otherwise, and an amount or term above what was asked.
    """

    application = RegionForeignKey(
        Application, verbose_name=_("application"), on_delete=models.PROTECT, related_name="decisions"
    )
    granted = models.BooleanField(_("granted"))
    amount = models.BigIntegerField(_("amount granted"), null=True, blank=True)
    months = models.PositiveSmallIntegerField(_("months granted"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    decided_by = models.ForeignKey(
        Person, verbose_name=_("decided by"), on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), default=clock.now)

    class Meta:
        verbose_name = _("decision")
        constraints = [
            models.UniqueConstraint(fields=["region", "application"], name="decision_once"),
            models.CheckConstraint(
                name="decision_says_how_much_or_why_not",
                condition=Q(
                    granted=True, amount__isnull=False, amount__gt=0, months__isnull=False, months__gt=0
                )
                | (Q(granted=False, amount=None, months=None) & ~Q(reason="")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="decisions_stay", operation=pgtrigger.Update | pgtrigger.Delete),
            never_emptied("decisions"),
        ]

    def __str__(self) -> str:
        return f"decision on {self.application_id}"


@tracked()
class Contract(Owned):
    """The agreement as a PDF, and the signature under it."""

    application = RegionForeignKey(
        Application, verbose_name=_("application"), on_delete=models.PROTECT, related_name="contracts"
    )
    # In the QR code: whoever holds the paper can check it.
    code = models.UUIDField(_("code"), default=uuid.uuid4, editable=False)
    document = RegionForeignKey(
        Document, verbose_name=_("document"), on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(_("made"), default=clock.now)
    signature = RegionForeignKey(
        Document,
        verbose_name=_("signature"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    signed_at = models.DateTimeField(_("signed"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        Person,
        verbose_name=_("recorded by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("contract")
        constraints = [
            models.UniqueConstraint(fields=["region", "application"], name="contract_once"),
            models.UniqueConstraint(fields=["region", "code"], name="contract_code"),
            models.CheckConstraint(
                name="contract_signed_with_evidence",
                condition=Q(signed_at=None, recorded_by=None)
                | Q(signed_at__isnull=False, signature__isnull=False, recorded_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["code"], name="contract_by_code")]
        triggers = [
            pgtrigger.Protect(
                name="signed_contracts_stay",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__signed_at__isnull=False),
            ),
            never_emptied("contracts"),
        ]

    def __str__(self) -> str:
        return f"contract of {self.application_id}"
