"""What the worker does with connected shops: a round when something changed, one every minute anyway,
a push answered, the nightly comparison. A missed or doubled run breaks nothing: each reads what is to
be done from the tables."""

from collections.abc import Collection
from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from mbois import clock
from mbois.market.actions.fetching import fetch_sale
from mbois.market.channels.base import ChannelError
from mbois.market.models import ChannelEvent, Connection, ConnectionState, ListingState
from mbois.market.rounds import compare_shop, go_round
from mbois.market.speaking import Speaker

# Before pictures and other work that can wait: buyers and sellers do not.
PRIORITY = 10
EVENTS_LAST = timedelta(days=30)


@app.task(name="market.round", priority=PRIORITY)
def run_round(region_id: str, connection_id: int) -> None:
    """One round with one shop; another at once where something is left."""
    if go_round(region_id, connection_id).more:
        defer_round(region_id, connection_id)


def defer_round(region_id: str, connection_id: int) -> None:
    """Queue a round of one shop, unless one waits already. Two of the same shop never run at once."""
    key = f"market.round.{region_id}.{connection_id}"
    with suppress(AlreadyEnqueued), transaction.atomic():
        run_round.configure(queueing_lock=key, lock=key).defer(
            region_id=region_id, connection_id=connection_id
        )


def wake(region_id: str, enterprise_id: int, variants: Collection[int]) -> None:
    """Price or stock changed: the shops where it is listed have a round once that is committed. Should
    the process die in between, the round of the next minute sees the difference itself."""
    chosen = sorted(variants)

    def defer() -> None:
        keys = (
            Connection.objects.filter(
                region=region_id,
                enterprise=enterprise_id,
                state=ConnectionState.CONNECTED,
                listings__variant__in=chosen,
                listings__state=ListingState.LIVE,
            )
            .values_list("pk", flat=True)
            .distinct()
        )
        for key in keys:
            defer_round(region_id, key)

    transaction.on_commit(defer)


@app.periodic(cron="* * * * *")
@app.task(name="market.rounds", queueing_lock="market.rounds", priority=PRIORITY)
def run_rounds(timestamp: int) -> None:
    """A round for every connected shop: polling serves where nobody pushes."""
    connected = Connection.objects.filter(state=ConnectionState.CONNECTED)
    for region_id, key in connected.order_by("checked_at").values_list("region_id", "pk"):
        defer_round(region_id, key)


@app.task(name="market.push", priority=PRIORITY)
def answer_push(region_id: str, connection_id: int, event_id: int, order: str) -> None:
    """Look how the order stands that a platform pushed about."""
    row = (
        Connection.objects.select_related("enterprise__owner__person")
        .filter(region=region_id, pk=connection_id, state=ConnectionState.CONNECTED)
        .first()
    )
    if row is None:
        return
    error = ""
    try:
        if order:
            fetch_sale(Speaker(row), order)
    except ChannelError as failure:
        error = str(failure)[:300]  # the next round fetches it
        defer_round(region_id, connection_id)
    ChannelEvent.objects.filter(region=region_id, pk=event_id).update(handled_at=clock.now(), error=error)


@app.periodic(cron="0 19 * * *")  # 02:00 in Malang
@app.task(name="market.compare_all", queue="night", queueing_lock="market.compare_all")
def compare_all(timestamp: int) -> None:
    """Compare every connected shop with our books; forget what marketplaces told us a month ago."""
    ChannelEvent.objects.filter(handled_at__lt=clock.now() - EVENTS_LAST).delete()
    connected = Connection.objects.filter(state=ConnectionState.CONNECTED)
    for region_id, key in connected.values_list("region_id", "pk"):
        compare_one.configure(queue="night").defer(region_id=region_id, connection_id=key)


@app.task(name="market.compare", queue="night")
def compare_one(region_id: str, connection_id: int) -> None:
    compare_shop(region_id, connection_id)
