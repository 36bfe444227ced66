"""A loan that was paid out, its schedule and what became of it.

The state of a loan is derived, never patched: instalments do not change, `paid_total` is the
ledger's number (kept by a trigger on transfers), and money always fills the oldest instalment
first. See queries.py.
"""

import uuid
from datetime import timedelta

import pgtrigger
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.enterprises.models import Enterprise, Owner
from mbois.enterprises.models.enterprises import in_areas
from mbois.financing.models.applications import Application, RentenirDebt
from mbois.financing.models.schemes import LENDING_ROLES, Scheme
from mbois.ledger.models import Account, Transfer
from mbois.people.models import Person, Role
from mbois.places.guards import never_emptied, tracked
from mbois.places.owned import Owned, OwnedQuerySet, RegionForeignKey


class LoanQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "LoanQuerySet":
        """One's own, and those of one's region or villages by role."""
        return self.filter(
            Q(borrower__person=person.pk)
            | Q(region__in=person.regions_with(*LENDING_ROLES))
            | in_areas("enterprise__village", person.areas_with(Role.VILLAGE_OFFICER))
        )

    def paid_off(self) -> "LoanQuerySet":
        return self.filter(paid_total=F("principal"))

    def active(self) -> "LoanQuerySet":
        return self.filter(paid_total__lt=F("principal"))

    def late(self) -> "LoanQuerySet":
        """Those with an instalment unpaid after its pay-by day."""
        return self.filter(is_late())


def is_late() -> Q:
    """Of a loan: an instalment is unpaid after its pay-by day."""
    overdue = Instalment.objects.filter(
        region=OuterRef("region"),
        loan=OuterRef("pk"),
        pay_by__lt=clock.today(),
        due_total__gt=OuterRef("paid_total"),
    )
    return Q(paid_total__lt=F("principal")) & Q(Exists(overdue))


@tracked()
class Loan(Owned):
    """Money lent. Amounts in rupiah."""

    number = models.CharField(_("number"), max_length=24)
    code = models.UUIDField(_("code"), default=uuid.uuid4, editable=False)
    application = RegionForeignKey(
        Application, verbose_name=_("application"), on_delete=models.PROTECT, related_name="loans"
    )
    scheme = RegionForeignKey(
        Scheme, verbose_name=_("scheme"), on_delete=models.PROTECT, related_name="loans"
    )
    enterprise = RegionForeignKey(
        Enterprise, verbose_name=_("business"), on_delete=models.PROTECT, related_name="loans"
    )
    borrower = RegionForeignKey(
        Owner, verbose_name=_("borrower"), on_delete=models.PROTECT, related_name="loans"
    )
    account = RegionForeignKey(
        Account, verbose_name=_("account"), on_delete=models.PROTECT, related_name="loans"
    )
    principal = models.BigIntegerField(_("principal"))
    months = models.PositiveSmallIntegerField(_("months"))
    disbursed_on = models.DateField(_("paid out on"))
    disbursed_by = models.ForeignKey(
        Person, verbose_name=_("paid out by"), on_delete=models.PROTECT, related_name="+"
    )
    # Kept by the database from the ledger's repayments and reversals; nobody else writes it.
    paid_total = models.BigIntegerField(_("paid so far"), default=0)

    objects = LoanQuerySet.as_manager()

    class Meta:
        verbose_name = _("loan")
        constraints = [
            models.UniqueConstraint(fields=["region", "number"], name="loan_number"),
            models.UniqueConstraint(fields=["region", "application"], name="loan_once_an_application"),
            models.UniqueConstraint(fields=["region", "account"], name="loan_has_its_own_account"),
            models.UniqueConstraint(fields=["region", "code"], name="loan_code"),
            models.CheckConstraint(name="loan_is_positive", condition=Q(principal__gt=0, months__gt=0)),
            models.CheckConstraint(
                name="loan_paid_between_nothing_and_all",
                condition=Q(paid_total__gte=0, paid_total__lte=F("principal")),
            ),
        ]
        indexes = [
            models.Index(fields=["region", "-disbursed_on"], name="loan_newest"),
            models.Index(fields=["region", "enterprise"], name="loan_by_enterprise"),
            models.Index(fields=["region", "borrower"], name="loan_by_borrower"),
            models.Index(fields=["code"], name="loan_by_code"),
        ]
        triggers = [
            pgtrigger.Protect(name="loans_stay", operation=pgtrigger.Delete),
            never_emptied("loans"),
            pgtrigger.ReadOnly(
                name="loan_terms_are_fixed", fields=["principal", "months", "disbursed_on", "account"]
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def outstanding(self) -> int:
        """What is left, in rupiah; the ledger balance of its account."""
        return self.principal - self.paid_total


class Instalment(Owned):
    """One line of a schedule. Immutable, but for a pay-by day still to come when a holiday is declared."""

    loan = RegionForeignKey(Loan, on_delete=models.PROTECT, related_name="instalments")
    number = models.PositiveSmallIntegerField()
    due_date = models.DateField()
    pay_by = models.DateField()
    amount = models.BigIntegerField()
    due_total = models.BigIntegerField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "loan", "number"], include=["pay_by", "due_total"], name="instalment_number"
            ),
            models.CheckConstraint(
                name="instalment_makes_sense",
                condition=Q(
                    amount__gt=0, due_total__gte=F("amount"), pay_by__gte=F("due_date"), number__gte=1
                ),
            ),
            # Which days are holidays no constraint knows; that a Sunday is none to pay on, it does.
            models.CheckConstraint(
                name="instalment_pay_by_is_near",
                condition=Q(pay_by__lte=F("due_date") + timedelta(days=31)) & ~Q(pay_by__iso_week_day=7),
            ),
        ]
        indexes = [
            models.Index(
                fields=["region", "pay_by"], include=["loan", "due_total"], name="instalment_by_pay_by"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="instalments_stay", operation=pgtrigger.Delete),
            never_emptied("instalments"),
            pgtrigger.ReadOnly(
                name="instalments_do_not_change",
                fields=["region", "loan", "number", "due_date", "amount", "due_total"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.loan_id} #{self.number}"


@tracked()
class Settlement(Owned):
    """The part of a loan that was paid straight to a loan shark: `amount` rupiah settle a debt of which
    the borrower had told `told`. Where it is less, `agreed` says what the lender signed to."""

    loan = RegionForeignKey(Loan, on_delete=models.PROTECT, related_name="settlements")
    debt = RegionForeignKey(RentenirDebt, on_delete=models.PROTECT, related_name="settlements")
    transfer = RegionForeignKey(Transfer, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    told = models.BigIntegerField()
    agreed = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "debt"], name="settlement_once_a_debt"),
            models.CheckConstraint(
                name="settlement_for_less_is_agreed", condition=Q(amount__gte=F("told")) | ~Q(agreed="")
            ),
            models.CheckConstraint(name="settlement_is_positive", condition=Q(amount__gt=0)),
        ]
        triggers = [
            pgtrigger.Protect(name="settlements_stay", operation=pgtrigger.Update | pgtrigger.Delete),
            never_emptied("settlements"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of {self.loan_id}"


class ConfirmationQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "ConfirmationQuerySet":
        return self.filter(
            Q(region__in=person.regions_with(*LENDING_ROLES))
            | in_areas("loan__enterprise__village", person.areas_with(Role.VILLAGE_OFFICER))
        )


@tracked()
class Confirmation(Owned):
    """RT/RW or PKK say, some weeks after, whether the loan shark is paid off and the money works."""

    class Body(models.TextChoices):
        RT = "rt", "RT"
        RW = "rw", "RW"
        PKK = "pkk", "PKK"

    loan = RegionForeignKey(
        Loan, verbose_name=_("loan"), on_delete=models.PROTECT, related_name="confirmations"
    )
    due_on = models.DateField(_("due on"))
    body = models.CharField(_("who confirms"), max_length=3, choices=Body, blank=True)
    said_by = models.CharField(_("said by"), max_length=120, blank=True)
    rentenir_paid = models.BooleanField(_("the loan shark is paid off"), null=True)
    money_works = models.BooleanField(_("the money works in the business"), null=True)
    note = models.TextField(_("note"), blank=True)
    recorded_by = models.ForeignKey(
        Person,
        verbose_name=_("recorded by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField(_("recorded"), null=True, blank=True)

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        verbose_name = _("confirmation")
        constraints = [
            models.UniqueConstraint(fields=["region", "loan"], name="confirmation_once_a_loan"),
            models.CheckConstraint(
                name="confirmation_open_or_whole",
                condition=Q(recorded_at=None, recorded_by=None)
                | (
                    Q(recorded_at__isnull=False, recorded_by__isnull=False, rentenir_paid__isnull=False)
                    & Q(money_works__isnull=False, body__in=["rt", "rw", "pkk"])
                    & ~Q(said_by="")
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["region", "due_on"], condition=Q(recorded_at=None), name="confirmation_open")
        ]

    def __str__(self) -> str:
        return f"confirmation of {self.loan_id}"


class Reminder(Owned):
    """A reminder that was sent, so that none is sent twice."""

    class Kind(models.TextChoices):
        BEFORE = "before", _("Before the due date")
        LATE = "late", _("After the pay-by day")

    loan = RegionForeignKey(Loan, on_delete=models.CASCADE, related_name="reminders")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=6, choices=Kind)
    sent_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "loan", "number", "kind"], name="reminder_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.loan_id} #{self.number}"
