"""The shop page of an enterprise."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.market.models.scope import worked_on_by
from mbois.people.models import Consent, Person
from mbois.places.guards import tracked
from mbois.places.owned import Owned, OwnedQuerySet, RegionForeignKey


class ShopQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "ShopQuerySet":
        return self.filter(worked_on_by(person))

    def published(self) -> "ShopQuerySet":
        """Open ones of verified enterprises whose owner agreed to be shown, and still does."""
        return self.filter(is_open=True, enterprise__state="verified", consent__withdrawn_at=None)


@tracked()
class Shop(Owned):
    """What the public sees of an enterprise that sells: its address, its words, how to pay it."""

    enterprise = RegionForeignKey(
        Enterprise, verbose_name=_("business"), on_delete=models.PROTECT, related_name="shops"
    )
    slug = models.SlugField(_("address"), max_length=60, db_index=False)
    tagline = models.CharField(_("in one sentence"), max_length=140, blank=True)
    about = models.TextField(_("about us"), max_length=2000, blank=True)
    whatsapp = PhoneNumberField(_("WhatsApp number"), blank=True, default="")
    # The static QRIS of the seller, and what it says of itself: confirmed once, forgotten when it changes.
    qris = models.TextField("QRIS", max_length=512, blank=True)
    qris_name = models.CharField(max_length=25, blank=True)
    qris_city = models.CharField(max_length=15, blank=True)
    qris_confirmed_at = models.DateTimeField(null=True, blank=True)
    is_open = models.BooleanField(_("open"), default=False)
    # The owner's yes to being shown to everybody; without it, or once it is taken back, nothing is.
    consent = RegionForeignKey(Consent, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(default=clock.now)

    objects = ShopQuerySet.as_manager()

    class Meta:
        verbose_name = _("shop")
        constraints = [
            models.UniqueConstraint(fields=["region", "enterprise"], name="shop_once_an_enterprise"),
            models.UniqueConstraint(fields=["region", "slug"], name="shop_slug"),
            models.CheckConstraint(
                name="shop_open_needs_consent_and_a_way_to_order",
                condition=Q(is_open=False)
                | (Q(consent__isnull=False, opened_at__isnull=False) & (~Q(whatsapp="") | ~Q(qris=""))),
            ),
            models.CheckConstraint(
                name="shop_qris_confirmed_names_its_holder",
                condition=Q(qris_confirmed_at=None) | (~Q(qris="") & ~Q(qris_name="")),
            ),
        ]
        indexes = [
            models.Index(fields=["slug"], name="shop_by_slug"),
            models.Index(fields=["region", "consent"], name="shop_by_consent"),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("shop", kwargs={"shop": self.slug})

    @property
    def takes_qris(self) -> bool:
        return bool(self.qris and self.qris_confirmed_at)
