"""Orders of marketplaces: fetched every round, sooner where a push wakes us. What a push says is never
believed beyond the number of the order: the platform is asked how it stands, so a push that comes
twice, late or never does no harm."""

import hashlib
import logging
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

from django.db import DataError, IntegrityError, transaction

from mbois import clock
from mbois.market.actions import orders
from mbois.market.actions.orders import Buyer, Sold
from mbois.market.channels.base import Sale, SaleState, Unreadable
from mbois.market.models import (
    ChannelEvent,
    Connection,
    Listing,
    ListingState,
    Order,
    OrderLine,
    OrderState,
    Variant,
)
from mbois.market.models.orders import Reason
from mbois.market.speaking import Speaker, tell_once
from mbois.refused import Refused

log = logging.getLogger(__name__)
# Asked again each round: changes that a platform shows late, and clocks that differ.
OVERLAP = timedelta(minutes=15)
STEPS = [SaleState.UNPAID, SaleState.PAID, SaleState.SENT, SaleState.RECEIVED]
REACHED = {
    OrderState.PLACED: 0,
    OrderState.CONFIRMED: 1,
    OrderState.SENT: 2,
    OrderState.RECEIVED: 3,
}


def fetch_sales(speaker: Speaker) -> int:
    """Take in every order that changed since the last round; says how many are new. One that cannot be
    read or our books cannot hold holds up no other: its owner is told to look at it there."""
    row = speaker.connection
    now = clock.now()
    since = max((row.polled_until or row.made_at) - OVERLAP, now - timedelta(days=90))
    sales = speaker.do(lambda channel: list(channel.orders(since, now + timedelta(minutes=5))))
    new = sum(_taken(row, sale) for sale in sales)
    Connection.objects.filter(region=row.region_id, pk=row.pk).update(polled_until=now, checked_at=now)
    return new


def fetch_sale(speaker: Speaker, number: str) -> bool:
    """Take in one order as it stands now."""
    sale = speaker.do(lambda channel: channel.order(number))
    return sale is not None and _taken(speaker.connection, sale)


def _taken(connection: Connection, sale: Sale | Unreadable) -> bool:
    if isinstance(sale, Unreadable):
        tell_once(connection, "market/order_left", order=sale.key)
        return False
    try:
        return take_sale(connection, sale)
    except (DataError, IntegrityError, ValueError):
        log.exception("an order of %s could not be taken in: %r", connection.channel, sale.number)
        tell_once(connection, "market/order_left", order=sale.number)
        return False


@transaction.atomic
def take_sale(connection: Connection, sale: Sale) -> bool:
    """Record an order of a marketplace, or bring ours to where it is there. True where it is new.

    Steps only go forward: what arrives late changes nothing."""
    known = orders.recorded(connection, sale.number)
    if known is None:
        if sale.state == SaleState.CANCELLED or not sale.lines:
            return False
        variants = _variants(connection, sale)
        known, new = orders.record_channel_order(
            connection,
            external=sale.number,
            lines=[
                Sold(line.title or line.sku or sale.number, line.sku, line.quantity, line.price, variant)
                for line, variant in zip(sale.lines, variants, strict=True)
            ],
            buyer=Buyer(sale.buyer, address=sale.address),
            state=OrderState.PLACED if sale.state == SaleState.UNPAID else OrderState.CONFIRMED,
            placed_at=sale.placed_at,
            reached=list(REACHED)[STEPS.index(sale.state)],
        )
    else:
        new = False
    if known.enterprise_id == connection.enterprise_id:
        _advance(known, sale.state)
        if sale.state == SaleState.CANCELLED:
            _tell_stock_again(connection, known)
    return new


def _tell_stock_again(connection: Connection, order: Order) -> None:
    """A marketplace puts what was cancelled on its shelf again by itself, also what we never had: it is
    told our number once more."""
    lines = OrderLine.objects.filter(region=order.region_id, order=order).exclude(variant=None)
    Listing.objects.filter(
        region=connection.region_id,
        connection=connection,
        state=ListingState.LIVE,
        variant__in=lines.values("variant"),
    ).update(pushed_version=0, again_at=None)


def _advance(order: Order, state: SaleState) -> None:
    """Bring an order to where the marketplace has it, step by step; never back."""
    if order.state == OrderState.CANCELLED:
        return
    if state == SaleState.CANCELLED:
        if order.state != OrderState.RECEIVED:
            with suppress(Refused):
                orders.cancel_order(order, by=None, reason=Reason.MARKETPLACE)
        return
    target = STEPS.index(state)
    for step, verb in enumerate((orders.confirm_order, orders.send_order, orders.receive_order), start=1):
        if REACHED[OrderState(order.state)] < step <= target:
            try:
                order = verb(order, by=None)
            except Refused:  # somebody else was first
                return


def _variants(connection: Connection, sale: Sale) -> list[int | None]:
    """Which of the seller's own each line is: by what we listed there, else by SKU."""
    listed = {
        (item, variant): key
        for item, variant, key in Listing.objects.filter(
            region=connection.region_id,
            connection=connection,
            external_id__in={line.item for line in sale.lines},
        ).values_list("external_id", "external_variant", "variant_id")
    }
    by_sku = dict(
        Variant.objects.filter(
            region=connection.region_id,
            seller=connection.enterprise_id,
            sku__in={line.sku for line in sale.lines} - {""},
        ).values_list("sku", "pk")
    )
    return [listed.get((line.item, line.variant)) or by_sku.get(line.sku) for line in sale.lines]


@transaction.atomic
def keep_push(connection: Connection, raw_body: bytes, message: Mapping[str, object]) -> ChannelEvent | None:
    """Keep what a platform pushed; None where the same came before. What the database cannot hold (a NUL,
    half a character, a number that is none) is left out: the message wakes us all the same."""
    kind = str(message.get("code", message.get("type", "")))[:60]
    for told in ({"kind": kind, "body": message}, {"kind": "", "body": {}}):
        with suppress(DataError, ValueError), transaction.atomic():
            event, made = ChannelEvent.objects.get_or_create(
                region_id=connection.region_id,
                connection=connection,
                key=hashlib.sha256(raw_body).hexdigest(),
                defaults=told,
            )
            return event if made else None
    return None
