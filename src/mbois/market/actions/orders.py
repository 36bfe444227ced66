"""Orders: placed on the shop page or fetched from a marketplace, confirmed, sent, received, cancelled."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mbois import clock
from mbois.market import policy
from mbois.market.actions import stock
from mbois.market.actions.campaigns import link_that_counts
from mbois.market.codes import ORDER, new_code
from mbois.market.models import Connection, Order, OrderLine, OrderState, Payment, Shop, Variant
from mbois.market.models.orders import OrderQuerySet, Reason
from mbois.market.salesfiles import SOURCES
from mbois.people.models import Person
from mbois.people.names import clean_person_name
from mbois.people.notifications import notify
from mbois.refused import Refused, require
from mbois.web import show
from mbois.written import seen

MOST_OF_ONE = 1000
MOST_LINES = 50


@dataclass(frozen=True)
class Wanted:
    """So many of a variant."""

    variant: int
    quantity: int


@dataclass(frozen=True)
class Buyer:
    """Who ordered, and where it goes."""

    name: str
    phone: str = ""
    address: str = ""
    note: str = ""


@dataclass(frozen=True)
class Sold:
    """A line of a marketplace's order: our variant where it is known, its own words where not."""

    title: str
    sku: str
    quantity: int
    price: int
    variant: int | None = None


def hold_hours() -> int:
    """How long stock is kept for an order that the seller has not confirmed (MBOIS_ORDER_HOLD_HOURS)."""
    return int(getattr(settings, "ORDER_HOLD_HOURS", 48))


def qris_most() -> int:
    """Up to how many rupiah QRIS is offered for one order (MBOIS_QRIS_MOST)."""
    return int(getattr(settings, "QRIS_MOST", 10_000_000))


class OrderedAlready(Refused):
    """This page has sent an order already, with something else in it: `order` is that one."""

    def __init__(self, order: Order) -> None:
        super().__init__(
            _(
                "You have ordered from this page already: %(code)s. If you want this one as well, send it "
                "once more. To change the first, open it and call it off."
            )
            % {"code": order.code},
            code="ordered_already",
            status=409,
        )
        self.order = order


def _again(order: Order, wanted: Sequence[Wanted], buyer: Buyer, payment: str) -> Order:
    """The order that was made under this key, where what is asked for now is the same."""
    counts: Counter[int] = Counter()
    for one in wanted:
        counts[one.variant] += one.quantity
    lines = OrderLine.objects.filter(region=order.region_id, order=order).values_list("variant", "quantity")
    same = (dict(lines), order.buyer_name, order.buyer_phone, order.buyer_address, order.note, order.payment)
    told = _told(buyer)
    if same != (dict(counts), *told, payment):
        raise OrderedAlready(order)
    return order


def price_changed(variants: Sequence[Variant]) -> Refused:
    """The buyer has seen other prices of these than they have now."""
    now = ", ".join(
        _("%(name)s is %(price)s now")
        % {"name": f"{one.product.name} {one.name}".strip(), "price": show.rupiah(one.price)}
        for one in variants
    )
    return Refused(
        _("The price has changed since you opened this page: %(now)s. If that suits you, order once more.")
        % {"now": now},
        field="lines",
        code="price_changed",
        status=409,
    )


def no_quantity() -> Refused:
    """What was typed is no number of pieces that one can order."""
    return Refused(_("Give a quantity from 1 to 1,000."), field="lines", code="number")


def _told(buyer: Buyer) -> tuple[str, str, str, str]:
    """A buyer's name, phone, address and note as they are kept."""
    return (
        clean_person_name(buyer.name)[:120],
        buyer.phone,
        seen(buyer.address).strip()[:500],
        seen(buyer.note).strip()[:500],
    )


@transaction.atomic
def place_order(
    shop: Shop,
    wanted: Sequence[Wanted],
    *,
    buyer: Buyer,
    payment: str = Payment.CHAT,
    client_id: uuid.UUID | None = None,
    link: str = "",
    shown: Mapping[int, int] | None = None,
) -> Order:
    """Order from a seller's own page, without an account: holds the stock for it, tells the seller.
    `link` is the code of a campaign's link over which the buyer came; `shown` are the prices that the
    buyer saw, in rupiah by variant.

    The same `client_id` again answers with the order it made, and is refused (`OrderedAlready`) with
    something else in it. Refuses what is sold out (`sold_out`) and, where `shown` is given, what has
    another price than the one seen (`price_changed`).
    """
    region_id = shop.region_id
    if client_id is not None:
        made = Order.objects.filter(region=region_id, client_id=client_id).first()
        if made is not None:
            return _again(made, wanted, buyer, payment)
    counts: Counter[int] = Counter()
    for one in wanted:
        counts[one.variant] += one.quantity
    if not counts:
        raise Refused(_("Choose at least one product."), field="lines", code="required")
    if len(counts) > MOST_LINES or any(not 0 < count <= MOST_OF_ONE for count in counts.values()):
        raise no_quantity()
    name, phone, address, note = _told(buyer)
    if not name:
        raise Refused(_("Say who orders."), field="name", code="required")
    variants = stock.lock(region_id, counts)
    if client_id is not None:  # sent twice at once: the other was first
        made = Order.objects.filter(region=region_id, client_id=client_id).first()
        if made is not None:
            return _again(made, wanted, buyer, payment)
    offered = {
        row.pk
        for row in Variant.objects.filter(
            region=region_id,
            pk__in=counts,
            active=True,
            product__entries__shop=shop,
            product__entries__sellable_until__gte=clock.today(),
        )
    }
    if offered != set(counts) or not shop.is_open:
        raise Refused(
            _("Something of this is no longer offered. Please look at the shop again."),
            field="lines",
            code="not_offered",
            status=409,
        )
    for key, count in counts.items():
        if count > variants[key].available:
            raise stock.sold_out(variants[key])
    if shown is not None:
        changed = [variants[key] for key in sorted(counts) if shown.get(key) != variants[key].price]
        if changed:
            raise price_changed(changed)
    goods = sum(variants[key].price * count for key, count in counts.items())
    if payment == Payment.QRIS:
        if not shop.takes_qris:
            raise Refused(_("This shop does not take QRIS."), field="payment", code="no_qris")
        if goods > qris_most():
            raise Refused(_("This is too much for one QRIS payment."), field="payment", code="too_much")
    elif payment != Payment.CHAT or not shop.whatsapp:
        raise Refused(_("Choose how you want to pay."), field="payment", code="payment")
    order = _create(
        Order(
            region_id=region_id,
            enterprise_id=shop.enterprise_id,
            client_id=client_id,
            link=link_that_counts(link, shop) if link else None,
            buyer_name=name,
            buyer_phone=phone,
            buyer_address=address,
            note=note,
            payment=payment,
            goods=goods,
            expires_at=clock.now() + timedelta(hours=hold_hours()),
        )
    )
    lines = OrderLine.objects.bulk_create(
        OrderLine(
            region_id=region_id,
            order=order,
            variant=variants[key],
            title=f"{variants[key].product.name} {variants[key].name}".strip()[:200],
            sku=variants[key].sku,
            quantity=count,
            price=variants[key].price,
        )
        for key, count in sorted(counts.items())
    )
    stock.reserve(lines)
    _tell_seller(order, "market/ordered")
    return order


def _create(order: Order) -> Order:
    """Save a new order under a code that nobody has; the one there is where it was sent already."""
    for _attempt in range(5):
        order.code = new_code(ORDER, order.region_id)
        try:
            with transaction.atomic():
                order.save(force_insert=True)
                return order
        except IntegrityError as error:
            if "order_sent_once" in str(error):
                return Order.objects.get(region=order.region_id, client_id=order.client_id)
            if order.connection and "order_once_a_" in str(error):
                if known := recorded(order.connection, order.external):
                    return known
                raise
            if "order_code" not in str(error):
                raise
    raise Refused(_("The order could not be numbered. Please try again."), status=503)


def recorded(connection: Connection, external: str) -> Order | None:
    """What we know already of an order of a marketplace."""
    rows: OrderQuerySet = Order.objects.filter(
        region=connection.region_id, channel=connection.channel, external=external
    )
    return rows.known_to(connection.enterprise_id).first()


@transaction.atomic
def record_channel_order(
    connection: Connection,
    *,
    external: str,
    lines: Sequence[Sold],
    buyer: Buyer,
    state: str = OrderState.PLACED,
    shipping: int = 0,
    placed_at: datetime | None = None,
    reached: str = "",
) -> tuple[Order, bool]:
    """Record what a marketplace sold, once however often it tells: (the order, whether it is new).

    What is no longer there is kept as a short line and told to the seller: the marketplace has sold it,
    nobody can unsell it. `state` may be placed or confirmed; later ones follow by the other verbs, and
    `reached` is the one the marketplace has it in, for what the seller is told.
    """
    region_id, channel = connection.region_id, connection.channel
    known = recorded(connection, external)
    if known is not None:
        return known, False
    if not external or not lines:
        raise Refused(_("An order of a marketplace needs its number and its lines."), code="required")
    order = Order(
        region_id=region_id,
        enterprise_id=connection.enterprise_id,
        connection=connection,
        channel=channel,
        external=external,
        buyer_name=(" ".join(seen(buyer.name).split()) or SOURCES.get(channel) or channel)[:120],
        buyer_phone=buyer.phone,
        buyer_address=seen(buyer.address)[:500],
        note=seen(buyer.note)[:500],
        payment=Payment.CHANNEL,
        goods=sum(line.quantity * line.price for line in lines),
        shipping=shipping,
        state=OrderState.PLACED,
        placed_at=placed_at or clock.now(),
    )
    if state == OrderState.CONFIRMED:
        order.state, order.confirmed_at = OrderState.CONFIRMED, clock.now()
    order = _create(order)
    if order.lines.exists():
        return order, False
    saved = OrderLine.objects.bulk_create(
        OrderLine(
            region_id=region_id,
            order=order,
            variant_id=line.variant,
            title=seen(line.title)[:200],
            sku=line.sku[:60],
            quantity=line.quantity,
            price=line.price,
        )
        for line in lines
    )
    short = stock.reserve_what_is_there(saved)
    _tell_seller(order, "market/ordered_short" if short else "market/ordered", state=reached or order.state)
    return order, True


def locked_order(order: Order) -> Order:
    """The order as it stands now, held until the transaction ends."""
    return (
        Order.objects.select_for_update(of=("self",), no_key=True)
        .select_related("enterprise__owner__person")
        .get(region=order.region_id, pk=order.pk)
    )


def _must_be(order: Order, *states: str) -> None:
    if order.state not in states:
        raise Refused(
            _("The order has moved on: %(state)s.") % {"state": order.get_state_display()},
            code="moved_on",
            status=409,
        )


def _may(order: Order, by: Person | None) -> None:
    """`by` is nobody where a marketplace or the clock acts."""
    if by is not None:
        require(policy.can_handle_orders(by, order.enterprise))


@transaction.atomic
def confirm_order(order: Order, *, by: Person | None) -> Order:
    """The seller will send it; its stock is kept until then."""
    order = locked_order(order)
    _may(order, by)
    _must_be(order, OrderState.PLACED)
    order.state, order.confirmed_at, order.expires_at = OrderState.CONFIRMED, clock.now(), None
    order.save(update_fields=["state", "confirmed_at", "expires_at"])
    return order


@transaction.atomic
def see_payment(order: Order, *, by: Person) -> Order:
    """The seller says that the money is on their account. Nobody else can, and nothing else does."""
    order = locked_order(order)
    _may(order, by)
    if order.paid_at is not None:
        return order
    if order.state == OrderState.CANCELLED:
        raise Refused(_("This order was cancelled."), code="moved_on", status=409)
    order.paid_at = clock.now()
    order.save(update_fields=["paid_at"])
    if order.state == OrderState.PLACED:
        order = confirm_order(order, by=by)
    return order


@transaction.atomic
def send_order(order: Order, *, by: Person | None, courier: str = "", tracking: str = "") -> Order:
    """It is on its way: what it held leaves the stock."""
    order = locked_order(order)
    _may(order, by)
    if order.state == OrderState.PLACED and by is None:
        order = confirm_order(order, by=None)
    _must_be(order, OrderState.CONFIRMED)
    stock.take(list(order.lines.all()), source=order.code, by=by)
    order.state, order.sent_at = OrderState.SENT, clock.now()
    order.courier, order.tracking = courier.strip()[:40], tracking.strip()[:60]
    order.save(update_fields=["state", "sent_at", "courier", "tracking"])
    return order


@transaction.atomic
def receive_order(order: Order, *, by: Person | None) -> Order:
    """It has arrived: told by the buyer over their link (`by` is None), the seller, or the marketplace."""
    order = locked_order(order)
    _may(order, by)
    if order.state == OrderState.RECEIVED:
        return order
    _must_be(order, OrderState.SENT)
    order.state, order.received_at = OrderState.RECEIVED, clock.now()
    order.save(update_fields=["state", "received_at"])
    return order


@transaction.atomic
def cancel_order(order: Order, *, by: Person | None, reason: str = "", back_in_stock: bool = False) -> Order:
    """Call it off: what it held is free again. Once it was sent, `back_in_stock` says whether the goods
    are on the shelf again. The buyer (`by` is None) can do so only while it is not confirmed: the views
    see to that."""
    order = locked_order(order)
    _may(order, by)
    if order.state == OrderState.CANCELLED:
        return order
    _must_be(order, OrderState.PLACED, OrderState.CONFIRMED, OrderState.SENT)
    lines = list(order.lines.all())
    if order.state == OrderState.SENT:
        if back_in_stock:
            stock.put_back(lines, source=order.code, by=by)
    else:
        stock.release(lines)
    order.state, order.cancelled_at, order.expires_at = OrderState.CANCELLED, clock.now(), None
    order.cancelled_reason = reason.strip()[:200]
    order.save(update_fields=["state", "cancelled_at", "expires_at", "cancelled_reason"])
    return order


@transaction.atomic
def cancel_by_buyer(order: Order) -> Order:
    """The buyer changes their mind over their link, while the seller has not confirmed."""
    order = locked_order(order)
    if order.state == OrderState.CANCELLED:
        return order
    if order.state != OrderState.PLACED:
        raise Refused(
            _("The seller has confirmed it already. Please write to the seller."),
            code="moved_on",
            status=409,
        )
    order = cancel_order(order, by=None, reason=Reason.BUYER)
    _tell_seller(order, "market/cancelled_by_buyer")
    return order


def expire_orders(*, most: int = 500) -> int:
    """Let go of stock that was kept for orders nobody confirmed in time; says how many were cancelled."""
    over = 0
    due = Order.objects.filter(state=OrderState.PLACED, expires_at__lte=clock.now()).order_by("expires_at")
    for region_id, key in list(due.values_list("region_id", "pk")[:most]):
        with transaction.atomic():
            order = (
                Order.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
                .filter(region=region_id, pk=key, state=OrderState.PLACED, expires_at__lte=clock.now())
                .first()
            )
            if order is not None:
                cancel_order(order, by=None, reason=Reason.TOO_LATE)
                _tell_seller(order, "market/expired")
                over += 1
    return over


@transaction.atomic
def link_line(line: OrderLine, variant: Variant, *, by: Person) -> OrderLine:
    """Say which of the seller's own a marketplace's line is, and hold what is there of it."""
    order = locked_order(line.order)
    _may(order, by)
    if variant.region_id != order.region_id or variant.seller != order.enterprise_id:
        raise Refused(_("This is not a product of this business."), field="variant", code="variant")
    row = OrderLine.objects.get(region=line.region_id, pk=line.pk)
    if row.variant_id is not None:
        raise Refused(_("This line is matched already."), code="moved_on", status=409)
    OrderLine.objects.filter(region=row.region_id, pk=row.pk).update(variant=variant)
    row.variant = variant
    if order.is_open:
        stock.reserve_what_is_there([row])
    return row


def _tell_seller(order: Order, key: str, *, state: str = "") -> None:
    owner = order.enterprise.owner
    notify(
        owner.person,
        key,
        url=f"/usaha/{order.enterprise.number}/pesanan/{order.code}/",
        code=order.code,
        buyer=order.buyer_name,
        total=order.goods + order.shipping,
        channel=order.channel,
        state=str(state or order.state),
    )
