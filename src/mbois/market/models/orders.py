"""Orders, from the shop page and from every marketplace."""

import secrets

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.market.models.campaigns import TrackedLink
from mbois.market.models.channels import Connection
from mbois.market.models.products import Variant
from mbois.market.models.scope import of_own_enterprises
from mbois.people.models import Person
from mbois.places.guards import forgetting, tracked
from mbois.places.owned import Owned, OwnedQuerySet, RegionForeignKey

SHOP = "shop"


class OrderState(models.TextChoices):
    """How far an order is. `TRANSITIONS` says what may follow what."""

    PLACED = "placed", _("Placed")
    CONFIRMED = "confirmed", _("Confirmed")
    SENT = "sent", _("Sent")
    RECEIVED = "received", _("Received")
    CANCELLED = "cancelled", _("Cancelled")

    @property
    def tone(self) -> str:
        return {"placed": "wait", "confirmed": "wait", "sent": "ok", "received": "ok"}.get(
            self.value, "plain"
        )


TRANSITIONS: dict[str, frozenset[str]] = {
    OrderState.PLACED: frozenset({OrderState.CONFIRMED, OrderState.CANCELLED}),
    OrderState.CONFIRMED: frozenset({OrderState.SENT, OrderState.CANCELLED}),
    OrderState.SENT: frozenset({OrderState.RECEIVED, OrderState.CANCELLED}),
    OrderState.RECEIVED: frozenset(),
    OrderState.CANCELLED: frozenset(),
}
# Those that hold stock.
OPEN_STATES = (OrderState.PLACED, OrderState.CONFIRMED)


class Reason(models.TextChoices):
    """Why an order was cancelled where nobody wrote it down: kept as a key, so that each reader has it in
    their own language."""

    BUYER = "by_buyer", _("Cancelled by the buyer")
    TOO_LATE = "too_late", _("Not confirmed in time")
    MARKETPLACE = "at_marketplace", _("Cancelled at the marketplace")


class Payment(models.TextChoices):
    """How the buyer pays. Money goes straight to the seller; only the seller says that it came."""

    CHAT = "chat", _("Agreed in WhatsApp")
    QRIS = "qris", "QRIS"
    CHANNEL = "channel", _("Through the marketplace")


def new_token() -> str:
    """What a buyer's link ends with: 132 bits nobody guesses."""
    return secrets.token_urlsafe(17)[:22]


class OrderQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "OrderQuerySet":
        """Those of one's own enterprises and of those one helps: names and phones of buyers are
        nobody else's business."""
        return self.filter(of_own_enterprises(person))

    def known_to(self, enterprise: int) -> "OrderQuerySet":
        """Those that a marketplace told us, and what this enterprise brought in reports: the same number
        in somebody else's report is no word on it."""
        return self.filter(Q(connection__isnull=False) | Q(enterprise=enterprise))


@tracked(**forgetting("buyer_name", "buyer_phone", "buyer_address", "note", computed=("total",)))
class Order(Owned):
    """What somebody ordered of one enterprise. Amounts in rupiah."""

    enterprise = RegionForeignKey(
        Enterprise, verbose_name=_("business"), on_delete=models.PROTECT, related_name="orders"
    )
    code = models.CharField(_("code"), max_length=16, editable=False)
    token = models.CharField(max_length=32, default=new_token, editable=False)
    # Made by the form before it is sent, so that sending it twice makes one order.
    client_id = models.UUIDField(null=True, blank=True, editable=False)
    # "shop" for one's own page, else the key of a marketplace ("shopee", "lazada", …) with its number.
    channel = models.CharField(_("from"), max_length=20, default=SHOP)
    connection = RegionForeignKey(
        Connection, null=True, blank=True, on_delete=models.PROTECT, related_name="orders"
    )
    external = models.CharField(_("number at the marketplace"), max_length=64, blank=True)
    # The link of a campaign over which the buyer came, where the address of the page said so.
    link = RegionForeignKey(
        TrackedLink, null=True, blank=True, on_delete=models.PROTECT, related_name="orders"
    )
    buyer_name = models.CharField(_("buyer"), max_length=120)
    buyer_phone = PhoneNumberField(_("phone"), blank=True, default="")
    buyer_address = models.TextField(_("address"), max_length=500, blank=True)
    note = models.TextField(_("note"), max_length=500, blank=True)
    payment = models.CharField(_("payment"), max_length=8, choices=Payment)
    goods = models.BigIntegerField(_("goods"))
    shipping = models.BigIntegerField(_("shipping"), default=0)
    total = models.GeneratedField(
        expression=F("goods") + F("shipping"), output_field=models.BigIntegerField(), db_persist=True
    )
    state = models.CharField(_("state"), max_length=10, choices=OrderState, default=OrderState.PLACED)
    placed_at = models.DateTimeField(_("placed at"), default=clock.now)
    # Until when stock is kept for it, while the seller has not confirmed it.
    expires_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # When the seller said that the money is there.
    paid_at = models.DateTimeField(_("money seen at"), null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    courier = models.CharField(_("courier"), max_length=40, blank=True)
    tracking = models.CharField(_("tracking number"), max_length=60, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    # In somebody's words, or a key of `Reason`.
    cancelled_reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="order_code"),
            models.UniqueConstraint(fields=["region", "token"], name="order_token"),
            models.UniqueConstraint(
                fields=["region", "channel", "external"],
                condition=Q(connection__isnull=False),
                name="order_once_a_channel",
            ),
            # What a seller brings in a report stands in nobody else's way.
            models.UniqueConstraint(
                fields=["region", "enterprise", "channel", "external"],
                condition=~Q(external=""),
                name="order_once_a_seller",
            ),
            models.UniqueConstraint(
                fields=["region", "client_id"], condition=Q(client_id__isnull=False), name="order_sent_once"
            ),
            models.CheckConstraint(name="order_state", condition=Q(state__in=OrderState.values)),
            models.CheckConstraint(name="order_payment", condition=Q(payment__in=Payment.values)),
            models.CheckConstraint(name="order_money", condition=Q(goods__gte=0, shipping__gte=0)),
            models.CheckConstraint(
                name="order_own_shop_or_a_marketplace_with_its_number",
                condition=(Q(channel="shop", external="") & ~Q(payment="channel"))
                | (~Q(channel="shop") & ~Q(external="")),
            ),
            models.CheckConstraint(
                name="order_steps_have_their_moment",
                condition=(~Q(state="sent") | Q(sent_at__isnull=False))
                & (~Q(state="received") | Q(received_at__isnull=False))
                & (~Q(state="cancelled") | Q(cancelled_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["token"], name="order_by_token"),
            models.Index(fields=["region", "enterprise", "-placed_at"], name="order_by_enterprise"),
            models.Index(fields=["region", "link"], condition=Q(link__isnull=False), name="order_by_link"),
            models.Index(
                fields=["expires_at"],
                condition=Q(state="placed", expires_at__isnull=False),
                name="order_waits",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="order_transitions",
                field="state",
                transitions=[
                    (before, after) for before, afters in TRANSITIONS.items() for after in sorted(afters)
                ],
            ),
            pgtrigger.Protect(name="orders_stay", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="order_origin_is_fixed", fields=["code", "token", "channel", "external"]),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def cancelled_why(self) -> str:
        """The reason in the reader's language where it is one of ours, else as it was written."""
        told = self.cancelled_reason
        if told in Reason.values:
            return str(Reason(told).label)
        return str(Reason.MARKETPLACE.label) if told and told == self.channel else told

    @property
    def state_shown(self) -> OrderState:
        return OrderState(self.state)

    @property
    def buyer_shown(self) -> str:
        """The buyer's name, or a word for one whom the marketplace did not name or who was forgotten."""
        if self.buyer_name == self.channel:
            return gettext("Buyer at a marketplace")
        return self.buyer_name or gettext("Buyer forgotten after a year")

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def owes_money_back(self) -> bool:
        """Whether it was cancelled after the seller said that the buyer's money is there."""
        return (
            self.state == OrderState.CANCELLED
            and self.paid_at is not None
            and self.payment != Payment.CHANNEL
        )

    @property
    def follow_url(self) -> str:
        """The buyer's own page; who has the link needs no account."""
        return reverse("follow_order", kwargs={"follow": self.token})


class OrderLine(Owned):
    """One variant of an order. `held` are those reserved for it now: all of them while the order is
    open, none after. Less than `quantity` only where a marketplace sold what was no longer there.
    """

    order = RegionForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    # Empty until somebody says which of the seller's own a marketplace's line is.
    variant = RegionForeignKey(
        Variant, null=True, blank=True, on_delete=models.PROTECT, related_name="order_lines"
    )
    # As they were when it was ordered.
    title = models.CharField(max_length=200)
    sku = models.CharField(max_length=60, blank=True)
    quantity = models.PositiveIntegerField()
    price = models.BigIntegerField()
    held = models.PositiveIntegerField(default=0)
    # How many left the stock when it was sent.
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("line of an order")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="order_line_makes_sense",
                condition=Q(quantity__gt=0, price__gte=0, held__lte=F("quantity"), taken__lte=F("quantity")),
            ),
            models.CheckConstraint(
                name="order_line_holds_what_it_knows",
                condition=Q(variant__isnull=False) | Q(held=0, taken=0),
            ),
        ]
        indexes = [
            models.Index(fields=["region", "order"], name="order_line_by_order"),
            models.Index(fields=["region", "variant"], name="order_line_by_variant"),
        ]
        triggers = [
            pgtrigger.Protect(name="order_lines_stay", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="order_lines_are_fixed", fields=["order", "quantity", "price"]),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title}"

    @property
    def amount(self) -> int:
        return self.quantity * self.price

    @property
    def short(self) -> int:
        """How many of an open order are not there."""
        return self.quantity - self.held
