"""Counting visits of a link, without a cookie and without keeping who came."""

import hashlib
import hmac
import re
import secrets

from django.db import connection, transaction
from django.http import HttpRequest

from mbois import clock
from mbois.market.models import DaySalt, LinkDay, TrackedLink, VisitMark
from mbois.people.middleware import client_address

# Programs that fetch a page to show a preview, to index it, to watch it: nobody has come.
_BOT = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|facebookexternalhit|facebot|whatsapp/|telegram|twitter|discord|"
    r"slack|linkedin|embedly|pinterest|headless|lighthouse|monitor|uptime|curl|wget|python|java/|okhttp|"
    r"go-http|libwww|scrapy|http-client|axios|node-fetch|feed",
    re.IGNORECASE,
)


def is_visit(request: HttpRequest) -> bool:
    """Whether somebody opened the link: no program, no fetching ahead."""
    agent = request.headers.get("User-Agent", "")
    ahead = f"{request.headers.get('Sec-Purpose', '')} {request.headers.get('Purpose', '')}"
    return (
        request.method == "GET"
        and bool(agent.strip())
        and not _BOT.search(agent)
        and "prefetch" not in ahead
        and "preview" not in ahead
    )


def salt_of_today(region_id: str) -> str:
    """What today's visitors of a region are mixed with. A new day's throws away those before."""
    today = clock.today()
    found = DaySalt.objects.filter(region=region_id, day=today).values_list("salt", flat=True).first()
    if found is None:
        forget_visitors()
        DaySalt.objects.bulk_create(
            [DaySalt(region_id=region_id, day=today, salt=secrets.token_hex(32))], ignore_conflicts=True
        )
        found = DaySalt.objects.get(region=region_id, day=today).salt
    return str(found)


def forget_visitors() -> None:
    """Throw away salts and marks of days that are over. Again is no harm."""
    today = clock.today()
    VisitMark.objects.filter(day__lt=today).delete()
    DaySalt.objects.filter(day__lt=today).delete()


@transaction.atomic
def count_visit(link: TrackedLink, *, address: str, agent: str) -> bool:
    """Count a visitor of today once; says whether it was the first time."""
    salt = salt_of_today(link.region_id)
    told = f"{link.code}|{address}|{agent}".encode()
    mark = hmac.new(bytes.fromhex(salt), told, hashlib.sha256).hexdigest()[:32]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {VisitMark._meta.db_table} (region_id, link_id, day, mark) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT DO NOTHING",
            [link.region_id, link.pk, clock.today(), mark],
        )
        if not cursor.rowcount:
            return False
        cursor.execute(
            f"INSERT INTO {LinkDay._meta.db_table} AS d (region_id, link_id, day, visits) VALUES (%s, %s, %s, 1) "
            "ON CONFLICT (region_id, link_id, day) DO UPDATE SET visits = d.visits + 1",
            [link.region_id, link.pk, clock.today()],
        )
    return True


def visitor_of(request: HttpRequest) -> dict[str, str]:
    """What tells one visitor from another today."""
    return {"address": client_address(request), "agent": request.headers.get("User-Agent", "")[:300]}
