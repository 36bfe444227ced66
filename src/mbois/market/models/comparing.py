"""Where our books and a marketplace's differ, and what it has that we do not know."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.market.models.channels import Connection, Listing
from mbois.market.models.scope import worked_on_by
from mbois.people.models import Person
from mbois.places.owned import Owned, OwnedQuerySet, RegionForeignKey


class OfConnectionQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "OfConnectionQuerySet":
        return self.filter(worked_on_by(person, "connection__enterprise"))


class Drift(Owned):
    """A difference that the nightly comparison found, until a later one finds it gone."""

    class Kind(models.TextChoices):
        STOCK = "stock", _("Another stock")
        PRICE = "price", _("Another price")
        HIDDEN = "hidden", _("Taken off there")
        MISSING = "missing", _("No longer there")
        TWICE = "twice", _("There more than once")

    connection = RegionForeignKey(Connection, on_delete=models.CASCADE, related_name="drifts")
    listing = RegionForeignKey(Listing, on_delete=models.CASCADE, related_name="drifts")
    kind = models.CharField(_("difference"), max_length=8, choices=Kind)
    ours = models.BigIntegerField(null=True)
    theirs = models.BigIntegerField(null=True)
    found_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(default=clock.now)
    gone_at = models.DateTimeField(null=True, blank=True)

    objects = OfConnectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("difference")
        constraints = [
            models.UniqueConstraint(
                fields=["region", "listing", "kind"], condition=Q(gone_at=None), name="drift_open_once"
            ),
            models.CheckConstraint(
                name="drift_kind", condition=Q(kind__in=["stock", "price", "hidden", "missing", "twice"])
            ),
        ]
        indexes = [
            models.Index(
                fields=["region", "connection"], condition=Q(gone_at=None), name="drift_of_connection"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ours} {self.theirs}"


class UnmatchedItem(Owned):
    """Something in a marketplace's shop whose SKU is none of the seller's here."""

    connection = RegionForeignKey(Connection, on_delete=models.CASCADE, related_name="unmatched")
    external_id = models.CharField(max_length=64)
    external_variant = models.CharField(max_length=64, blank=True)
    sku = models.CharField("SKU", max_length=100, blank=True)
    title = models.CharField(_("name there"), max_length=300)
    price = models.BigIntegerField(_("price"))
    stock = models.BigIntegerField(_("stock"))
    seen_at = models.DateTimeField(default=clock.now)
    # The seller said that it is none of what is sold here.
    ignored_at = models.DateTimeField(null=True, blank=True)

    objects = OfConnectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("unmatched item")
        constraints = [
            models.UniqueConstraint(
                fields=["region", "connection", "external_id", "external_variant"],
                name="unmatched_item_once",
            )
        ]

    def __str__(self) -> str:
        return self.title
