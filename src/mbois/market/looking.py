"""What a seller is shown of a marketplace: how it stands, and the one thing to do next."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mbois import clock
from mbois.market.channels.base import Kind
from mbois.market.channels.registry import PLATFORMS
from mbois.market.channels.words import explain
from mbois.market.models import (
    Connection,
    ConnectionState,
    Drift,
    Listing,
    ListingState,
    OrderLine,
    UnmatchedItem,
)

# A round comes every minute; a connection that was not looked at for so long has a problem.
QUIET = timedelta(minutes=15)


@dataclass(frozen=True)
class Next:
    """The one thing to do, and where."""

    text: str
    url: str
    verb: str


@dataclass(frozen=True)
class Standing:
    """How a connected shop stands. The numbers count variants."""

    connection: Connection
    platform: str
    live: int
    waiting: int
    failed: int
    differing: int
    unmatched: int
    orders: int
    healthy: bool
    health: str
    next: Next | None


def standings(connections: list[Connection]) -> list[Standing]:
    """How each of these stands; a few queries whatever their number."""
    if not connections:
        return []
    region_id = connections[0].region_id
    keys = [row.pk for row in connections]

    def counted(rows: Any, field: str = "connection") -> dict[int, dict[str, int]]:
        return {row[field]: row for row in rows}

    listings = counted(
        Listing.objects.filter(region=region_id, connection__in=keys)
        .values("connection")
        .annotate(
            live=Count("pk", filter=Q(state=ListingState.LIVE)),
            waiting=Count("pk", filter=Q(state=ListingState.WANTED)),
            failed=Count("pk", filter=Q(state=ListingState.FAILED)),
        )
    )
    drifts = counted(
        Drift.objects.filter(region=region_id, connection__in=keys, gone_at=None)
        .values("connection")
        .annotate(count=Count("pk"))
    )
    items = counted(
        UnmatchedItem.objects.filter(region=region_id, connection__in=keys, ignored_at=None)
        .values("connection")
        .annotate(count=Count("pk"))
    )
    lines = counted(
        OrderLine.objects.filter(region=region_id, order__connection__in=keys)
        .values("order__connection")
        .annotate(
            orders=Count("order", distinct=True),
            count=Count("pk", filter=Q(variant=None)),
        ),
        "order__connection",
    )
    found = []
    for row in connections:
        told = listings.get(row.pk, {})
        line = lines.get(row.pk, {})
        healthy, health = _health(row)
        unmatched = items.get(row.pk, {}).get("count", 0) + line.get("count", 0)
        standing = Standing(
            connection=row,
            platform=PLATFORMS[row.channel].name if row.channel in PLATFORMS else row.channel,
            live=told.get("live", 0),
            waiting=told.get("waiting", 0),
            failed=told.get("failed", 0),
            differing=drifts.get(row.pk, {}).get("count", 0),
            unmatched=unmatched,
            orders=line.get("orders", 0),
            healthy=healthy,
            health=health,
            next=None,
        )
        found.append(Standing(**{**vars(standing), "next": _next(standing)}))
    return found


def _health(row: Connection) -> tuple[bool, str]:
    if row.state == ConnectionState.EXPIRED:
        return False, _("The permission has ended.")
    if row.error:
        name = PLATFORMS[row.channel].name if row.channel in PLATFORMS else row.channel
        return False, explain(row.error, platform=name).what
    if abs(float(row.settings.get("skew") or 0)) > 120:
        return False, _("Its clock and ours are %(seconds)s seconds apart.") % {
            "seconds": row.settings["skew"]
        }
    if row.checked_at is None:
        return True, _("The first round comes within a minute.")
    if clock.now() - row.checked_at > QUIET:
        return False, _("We have not reached it for a while.")
    return True, _("All is well.")


def _next(standing: Standing) -> Next | None:
    row = standing.connection
    place = {"enterprise": row.enterprise.number, "connection": row.pk}
    here = reverse("connection", kwargs=place)
    if row.state == ConnectionState.EXPIRED:
        url = reverse("channel_connect", kwargs={"enterprise": row.enterprise.number, "channel": row.channel})
        return Next(
            _("%(platform)s wants your permission again.") % {"platform": standing.platform},
            url,
            _("Connect again"),
        )
    if standing.failed:
        return Next(
            _("%(count)s could not be listed.") % {"count": standing.failed},
            f"{here}?keadaan=failed",
            _("See why"),
        )
    if standing.unmatched:
        return Next(
            ngettext(
                "%(count)s item there is not matched with a product of yours.",
                "%(count)s items there are not matched with products of yours.",
                standing.unmatched,
            )
            % {"count": standing.unmatched},
            reverse("connection_match", kwargs=place),
            _("Match them"),
        )
    if standing.differing:
        return Next(
            _("%(count)s differ from your books.") % {"count": standing.differing},
            f"{here}#beda",
            _("See which"),
        )
    if not standing.live and not standing.waiting:
        return Next(
            _("Nothing is listed yet."), reverse("connection_publish", kwargs=place), _("Choose products")
        )
    return None


def needs_seller(row: Listing) -> bool:
    """Whether somebody has to do something about a listing."""
    return row.state == ListingState.FAILED or bool(
        row.error_code and row.error_code not in (Kind.BUSY, Kind.UNKNOWN, Kind.TOO_MANY)
    )
