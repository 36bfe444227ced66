"""The owner's cash book."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.mentoring.models.diagnosis import mentoring_of
from mbois.people.models import Person
from mbois.places.owned import Owned, OwnedQuerySet, RegionForeignKey


class EntryQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "EntryQuerySet":
        return self.filter(mentoring_of(person))

    def counting(self) -> "EntryQuerySet":
        """Without those taken back."""
        return self.filter(voided_at=None)


class CashEntry(Owned):
    """Money in or out on a day, whole rupiah. It is never changed: a mistake is taken back and written anew.

    `client_id` was made on the phone before it was sent: sent twice, it is one.
    """

    class Kind(models.TextChoices):
        SALE = "sale", _("Sale")
        COST = "cost", _("Cost")

    class Category(models.TextChoices):
        GOODS = "goods", _("Materials and goods")
        WAGES = "wages", _("Wages")
        ENERGY = "energy", _("Gas, power, water")
        TRANSPORT = "transport", _("Transport and shipping")
        RENT = "rent", _("Rent")
        OTHER = "other", _("Other")

    enterprise = RegionForeignKey(Enterprise, on_delete=models.PROTECT, related_name="cash_entries")
    client_id = models.UUIDField()
    kind = models.CharField(_("kind"), max_length=4, choices=Kind)
    amount = models.BigIntegerField(_("amount"))
    day = models.DateField(_("day"))
    category = models.CharField(_("what for"), max_length=10, choices=Category, blank=True)
    note = models.CharField(_("note"), max_length=120, blank=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    voided_at = models.DateTimeField(null=True, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "client_id"], name="cash_entry_sent_once"),
            models.CheckConstraint(name="cash_entry_kind", condition=Q(kind__in=["sale", "cost"])),
            models.CheckConstraint(
                name="cash_entry_amount", condition=Q(amount__gt=0, amount__lte=10_000_000_000)
            ),
        ]
        indexes = [models.Index(fields=["region", "enterprise", "-day", "-id"], name="cash_entry_newest")]
        triggers = [
            pgtrigger.Protect(name="cash_entries_stay", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="cash_entries_are_not_rewritten", exclude=["voided_at", "enterprise"]),
            pgtrigger.Protect(
                name="cash_entries_are_taken_back_once",
                operation=pgtrigger.UpdateOf("voided_at"),
                condition=pgtrigger.Q(old__voided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
