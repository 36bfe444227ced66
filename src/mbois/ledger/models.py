"""Accounts and transfers of money: double entry, one row a transfer, append-only.

A transfer names one account to debit and one to credit, so the books balance by construction.
The database refuses to change or delete a transfer, an amount that is not positive, a transfer to
the same account or between currencies, a reference used twice, a date in a closed period or in the
future, and a guarded account below zero. A mistake is undone by a transfer the other way round, not
dated before it.
"""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.people.models import Person, Role
from mbois.places.owned import Owned, OwnedQuerySet, RegionForeignKey

# Who may read the books of a region.
READERS = (Role.TELLER, Role.APPROVER, Role.AUDITOR, Role.REGION_ADMIN)


class BooksQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "BooksQuerySet":
        return self.filter(region__in=person.regions_with(*READERS))


class Account(Owned):
    """Where money is, or what it is owed for."""

    class Kind(models.TextChoices):
        ASSET = "asset", _("Asset")
        LIABILITY = "liability", _("Liability")
        EQUITY = "equity", _("Equity")
        INCOME = "income", _("Income")
        EXPENSE = "expense", _("Expense")

    class Side(models.TextChoices):
        DEBIT = "debit", _("Debit")
        CREDIT = "credit", _("Credit")

    code = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind)
    normal_side = models.CharField(max_length=6, choices=Side)
    currency = models.CharField(max_length=3, default="IDR")
    # Only where the account must never fall below zero: its balance, kept by the database.
    guarded_balance = models.BigIntegerField(null=True, blank=True)
    opened_at = models.DateTimeField(default=clock.now)

    objects = BooksQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="account_code_once_a_region"),
            models.CheckConstraint(
                name="account_normal_side_follows_kind",
                condition=Q(kind__in=["asset", "expense"], normal_side="debit")
                | Q(kind__in=["liability", "equity", "income"], normal_side="credit"),
            ),
            models.CheckConstraint(
                name="account_not_below_zero", condition=Q(guarded_balance=None) | Q(guarded_balance__gte=0)
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="accounts_stay", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="account_nature_is_fixed", fields=["region", "code", "kind", "normal_side", "currency"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def sign(self) -> int:
        """+1 where debits raise the balance, −1 where credits do."""
        return 1 if self.normal_side == self.Side.DEBIT else -1


class Transfer(Owned):
    """An amount moved from the credited account to the debited one, for ever."""

    class Kind(models.TextChoices):
        FUNDING = "funding", _("Funding")
        DISBURSEMENT = "disbursement", _("Disbursement")
        REPAYMENT = "repayment", _("Repayment")
        SWEEP = "sweep", _("Collections paid in")
        REVERSAL = "reversal", _("Reversal")
        OTHER = "other", _("Other")

    reference = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=Kind)
    debit = RegionForeignKey(Account, on_delete=models.PROTECT, related_name="debits")
    credit = RegionForeignKey(Account, on_delete=models.PROTECT, related_name="credits")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="IDR")
    effective_date = models.DateField()
    posted_at = models.DateTimeField(default=clock.now)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reverses = RegionForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by"
    )
    memo = models.CharField(max_length=300, blank=True)

    objects = BooksQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "reference"], name="transfer_reference_once"),
            models.UniqueConstraint(
                fields=["region", "reverses"],
                condition=Q(reverses__isnull=False),
                name="transfer_reversed_once",
            ),
            models.CheckConstraint(name="transfer_amount_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="transfer_between_two_accounts", condition=~Q(debit=F("credit"))),
            models.CheckConstraint(
                name="transfer_reversal_names_what_it_reverses",
                condition=Q(kind="reversal", reverses__isnull=False)
                | (~Q(kind="reversal") & Q(reverses=None)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["region", "debit", "effective_date"],
                include=["amount", "kind"],
                name="transfer_by_debit",
            ),
            models.Index(
                fields=["region", "credit", "effective_date"],
                include=["amount", "kind"],
                name="transfer_by_credit",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="transfers_are_for_ever", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.amount}"


class Closing(Owned):
    """A region's books are closed up to and with a day: nothing is dated on or before it any more."""

    through = models.DateField()
    closed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(default=clock.now)

    objects = BooksQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "through"], name="closing_once_a_day")]
        triggers = [pgtrigger.Protect(name="closings_stay", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.region_id} closed through {self.through}"


class Command(Owned):
    """A command that moved money, by the key its caller gave it: the same key gets the same answer."""

    # no index of its own: the key's serves, and the planner would take it for a whole day of one caller
    caller = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    answer = models.JSONField()
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "caller", "key"], name="command_key_once_a_caller")
        ]
        triggers = [pgtrigger.Protect(name="commands_stay", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.key
