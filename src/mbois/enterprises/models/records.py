"""What belongs to an enterprise: reviews, licences, photos."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.enterprises.models.enterprises import Enterprise
from mbois.people.models import Document, Person
from mbois.places.guards import tracked
from mbois.places.owned import Owned, RegionForeignKey


@tracked()
class Review(Owned):
    """What an officer said after looking at a registration."""

    class Outcome(models.TextChoices):
        VERIFIED = "verified", _("Verified")
        RETURNED = "returned", _("Returned")
        REJECTED = "rejected", _("Rejected")

    class Check(models.TextChoices):
        PLACE = "place", _("The business is at this place")
        OWNER = "owner", _("The owner is who the papers say")
        RUNNING = "running", _("The business is running")
        PHOTOS = "photos", _("The photos show this business")

    enterprise = RegionForeignKey(
        Enterprise, verbose_name=_("business"), on_delete=models.CASCADE, related_name="reviews"
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    reasons = models.TextField(_("reasons"), blank=True)
    # What the officer looked at and found right (values of Check).
    checks = models.JSONField(_("what was looked at"), default=list, blank=True)
    reviewed_by = models.ForeignKey(
        Person, verbose_name=_("checked by"), on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(_("checked at"), default=clock.now)

    class Meta:
        verbose_name = _("check")
        constraints = [
            models.CheckConstraint(
                name="review_outcome", condition=Q(outcome__in=["verified", "returned", "rejected"])
            ),
            models.CheckConstraint(
                name="review_gives_reasons", condition=Q(outcome="verified") | ~Q(reasons="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise}: {self.outcome}"

    @property
    def checks_shown(self) -> list[str]:
        """What was looked at, in words."""
        return [str(self.Check(check).label) for check in self.checks if check in self.Check.values]


@tracked()
class Licence(Owned):
    """A permit or certificate of an enterprise, with its expiry."""

    class Kind(models.TextChoices):
        PIRT = "pirt", _("P-IRT")
        HALAL = "halal", _("Halal")
        BPOM = "bpom", _("BPOM")
        SNI = "sni", _("SNI")
        BRAND = "brand", _("Trade mark (HAKI)")
        OTHER = "other", _("Other")

    enterprise = RegionForeignKey(
        Enterprise, verbose_name=_("business"), on_delete=models.CASCADE, related_name="licences"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    number = models.CharField(_("number"), max_length=60)
    issuer = models.CharField(_("issued by"), max_length=120, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    document = RegionForeignKey(
        Document, verbose_name=_("scan"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_by = models.ForeignKey(
        Person, verbose_name=_("recorded by"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("licence")
        constraints = [
            models.UniqueConstraint(fields=["region", "enterprise", "kind", "number"], name="licence_once"),
            models.CheckConstraint(
                name="licence_expires_after_issue",
                condition=Q(issued_on=None) | Q(expires_on=None) | Q(expires_on__gte=F("issued_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


@tracked()
class Photo(Owned):
    """A picture of an enterprise or what it makes."""

    enterprise = RegionForeignKey(
        Enterprise, verbose_name=_("business"), on_delete=models.CASCADE, related_name="photos"
    )
    document = RegionForeignKey(
        Document, verbose_name=_("picture"), on_delete=models.PROTECT, related_name="+"
    )
    caption = models.CharField(_("caption"), max_length=120, blank=True)
    added_at = models.DateTimeField(_("added at"), default=clock.now)

    class Meta:
        verbose_name = _("photo")
        constraints = [
            models.UniqueConstraint(fields=["region", "enterprise", "document"], name="photo_once")
        ]

    def __str__(self) -> str:
        return self.caption or str(self.document_id)
