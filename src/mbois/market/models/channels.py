"""Shops at marketplaces: the connection, what is listed there, what they told us."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.market.models.products import Variant
from mbois.market.models.scope import worked_on_by
from mbois.people import identity
from mbois.people.models import Person
from mbois.places.guards import tracked
from mbois.places.owned import Owned, OwnedQuerySet, RegionForeignKey


class ConnectionState(models.TextChoices):
    """Whether we may speak for a seller at a marketplace."""

    CONNECTED = "connected", _("Connected")
    EXPIRED = "expired", _("Must be connected again")
    CLOSED = "closed", _("Disconnected")

    @property
    def tone(self) -> str:
        return {"connected": "ok", "expired": "bad"}.get(self.value, "plain")


class ConnectionQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "ConnectionQuerySet":
        return self.filter(worked_on_by(person))


@tracked(exclude=["access_sealed", "refresh_sealed", "polled_until", "checked_at"])
class Connection(Owned):
    """One shop of an enterprise at one marketplace."""

    enterprise = RegionForeignKey(
        Enterprise, verbose_name=_("business"), on_delete=models.PROTECT, related_name="connections"
    )
    channel = models.CharField(_("marketplace"), max_length=20)
    shop_id = models.CharField(_("shop at the marketplace"), max_length=64)
    shop_name = models.CharField(_("its name there"), max_length=120, blank=True)
    # Tokens are sealed at rest; see `access_token` and `refresh_token`.
    access_sealed = models.TextField(blank=True)
    refresh_sealed = models.TextField(blank=True)
    access_until = models.DateTimeField(null=True, blank=True)
    refresh_until = models.DateTimeField(null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ConnectionState, default="connected")
    error = models.CharField(max_length=300, blank=True)
    # Orders changed until this moment were fetched.
    polled_until = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    # What the marketplace says of itself and its limits, and what a channel keeps for itself.
    settings = models.JSONField(default=dict, blank=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("connection")
        constraints = [
            models.UniqueConstraint(
                fields=["region", "channel", "shop_id"],
                condition=~Q(state="closed"),
                name="connection_once_a_shop",
            ),
            models.CheckConstraint(name="connection_state", condition=Q(state__in=ConnectionState.values)),
        ]
        indexes = [
            models.Index(fields=["region", "enterprise"], name="connection_by_enterprise"),
            models.Index(fields=["channel", "shop_id"], name="connection_by_shop"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.shop_name or self.shop_id}"

    @property
    def access_token(self) -> str:
        return identity.unseal(self.access_sealed) if self.access_sealed else ""

    @access_token.setter
    def access_token(self, token: str) -> None:
        self.access_sealed = identity.seal(token) if token else ""

    @property
    def refresh_token(self) -> str:
        return identity.unseal(self.refresh_sealed) if self.refresh_sealed else ""

    @refresh_token.setter
    def refresh_token(self, token: str) -> None:
        self.refresh_sealed = identity.seal(token) if token else ""


class ListingState(models.TextChoices):
    """Where a variant stands at a marketplace."""

    WANTED = "wanted", _("Waiting to be sent")
    LIVE = "live", _("Live")
    FAILED = "failed", _("Refused by the marketplace")
    PAUSED = "paused", _("Taken off")

    @property
    def tone(self) -> str:
        return {"wanted": "wait", "live": "ok", "failed": "bad"}.get(self.value, "plain")


class ListingQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "ListingQuerySet":
        return self.filter(worked_on_by(person, "connection__enterprise"))


class Listing(Owned):
    """A variant at a marketplace: what it should be there, and what we last told it to be.

    `wanted_version` grows with every change; the marketplace is right when `pushed_version` equals it.
    """

    connection = RegionForeignKey(Connection, on_delete=models.CASCADE, related_name="listings")
    variant = RegionForeignKey(Variant, on_delete=models.CASCADE, related_name="listings")
    # The item there, and the model or SKU within it.
    external_id = models.CharField(max_length=64, blank=True)
    external_variant = models.CharField(max_length=64, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=ListingState, default=ListingState.WANTED)
    wanted_price = models.BigIntegerField(null=True)
    wanted_stock = models.IntegerField(null=True)
    wanted_version = models.PositiveIntegerField(default=1)
    pushed_price = models.BigIntegerField(null=True)
    pushed_stock = models.IntegerField(null=True)
    pushed_version = models.PositiveIntegerField(default=0)
    # What is said of it there, as fingerprints of words and of photos (`words:photos`), and the moment of
    # the product's last change that is in it. Empty where the seller listed it by hand: then their words
    # there are theirs.
    content = models.CharField(max_length=40, blank=True)
    revised_at = models.DateTimeField(null=True, blank=True)
    # Sent along with a new item, so that asking again after a break finds it and makes no second one.
    request_key = models.CharField(max_length=64, blank=True)
    error = models.CharField(max_length=500, blank=True)
    error_code = models.CharField(max_length=60, blank=True)
    # What of the listing the marketplace means: title, photos, price, …
    error_field = models.CharField(max_length=16, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Not to be tried before: somebody is at it, or the marketplace asked us to wait.
    again_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(default=clock.now)
    tried_at = models.DateTimeField(null=True, blank=True)
    live_since = models.DateTimeField(null=True, blank=True)

    objects = ListingQuerySet.as_manager()

    class Meta:
        verbose_name = _("listing")
        constraints = [
            models.UniqueConstraint(fields=["region", "connection", "variant"], name="listing_once"),
            models.UniqueConstraint(
                fields=["region", "connection", "external_id", "external_variant"],
                condition=~Q(external_id=""),
                name="listing_external_once",
            ),
            models.CheckConstraint(name="listing_state", condition=Q(state__in=ListingState.values)),
            models.CheckConstraint(
                name="listing_live_is_known_there",
                condition=~Q(state="live") | (~Q(external_id="") & Q(live_since__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["region", "variant"], name="listing_by_variant"),
            models.Index(
                fields=["region", "connection"],
                condition=Q(pushed_version__lt=models.F("wanted_version")),
                name="listing_to_push",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} @ {self.connection_id}"


class ChannelEvent(Owned):
    """What a marketplace told us (a webhook), kept once however often it comes, handled once."""

    connection = RegionForeignKey(Connection, on_delete=models.CASCADE, related_name="events_received")
    # The marketplace's own key of the message, or a hash of its body.
    key = models.CharField(max_length=100)
    kind = models.CharField(max_length=60, blank=True)
    body = models.JSONField()
    received_at = models.DateTimeField(default=clock.now)
    handled_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "connection", "key"], name="channel_event_once")
        ]
        indexes = [
            models.Index(fields=["received_at"], condition=Q(handled_at=None), name="channel_event_waiting")
        ]

    def __str__(self) -> str:
        return self.key
