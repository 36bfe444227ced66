"""One round of the worker with one connected shop: fetch what was sold, send what changed, list some more.

A sale in one shop is known after its round, and its `changed` wakes the rounds of the seller's other
shops; so it reaches them within one more.
"""

import time
from contextlib import suppress
from dataclasses import dataclass

from mbois import clock
from mbois.market.actions.comparing import compare
from mbois.market.actions.fetching import fetch_sales
from mbois.market.actions.publishing import publish_some, push_numbers
from mbois.market.actions.revising import revise_some, want_new_variants
from mbois.market.channels.base import ChannelError, Kind
from mbois.market.models import Connection, ConnectionState
from mbois.market.speaking import Speaker

# How long one round lists new products before it looks after orders and stock again, in seconds.
LIST_FOR = 20.0


@dataclass(frozen=True)
class Round:
    """What a round did, and whether another one should follow at once."""

    sold: int = 0
    sent: int = 0
    listed: int = 0
    revised: int = 0
    more: bool = False
    trouble: str = ""


def go_round(region_id: str, connection_id: int, *, seconds: float = LIST_FOR) -> Round:
    """Do what there is to do with one shop. Trouble with the platform is noted with the connection and
    answered, never raised."""
    row = (
        Connection.objects.select_related("enterprise__owner__person")
        .filter(region=region_id, pk=connection_id, state=ConnectionState.CONNECTED)
        .first()
    )
    if row is None:
        return Round()
    sold = sent = revised = listed = 0
    more = False
    try:
        speaker = Speaker(row)
        sold = fetch_sales(speaker)
        sent = push_numbers(speaker)
        want_new_variants(row)
        revised = revise_some(speaker)
        until = time.monotonic() + seconds
        listed, more = publish_some(speaker, seconds=max(until - time.monotonic(), 0.1))
        sent += push_numbers(speaker)
    except ChannelError as failure:
        _note(row, failure)
        return Round(sold, sent, listed, revised, trouble=str(failure.kind))
    if row.error:
        Connection.objects.filter(region=region_id, pk=connection_id).update(error="")
    return Round(sold, sent, listed, revised, more)


def compare_shop(region_id: str, connection_id: int) -> int:
    """The nightly comparison of one shop; says how many differences are open (-1: it could not ask)."""
    go_round(region_id, connection_id)
    row = (
        Connection.objects.select_related("enterprise__owner__person")
        .filter(region=region_id, pk=connection_id, state=ConnectionState.CONNECTED)
        .first()
    )
    if row is None:
        return -1
    with suppress(ChannelError):
        return compare(Speaker(row))
    return -1


def _note(row: Connection, failure: ChannelError) -> None:
    """The trouble of a whole round, shown on the seller's page. What passes is noted only by its kind."""
    if failure.kind == Kind.LOGIN:
        return  # `speaking` has noted it and told the owner
    Connection.objects.filter(region=row.region_id, pk=row.pk).update(
        error=str(failure.kind), checked_at=clock.now()
    )
