"""What the cash book adds up to. Other rooms use `totals` as baseline and outcome."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import Count, Min, Q, Sum
from django.db.models.functions import TruncMonth

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.mentoring.models import CashEntry

PROOF_DAYS = 12  # as the step "cash book for 12 days" says


@dataclass(frozen=True)
class Month:
    """A month of one enterprise: its first day, whole rupiah, and on how many days something was written."""

    enterprise: int
    month: date
    sales: int
    costs: int
    days: int

    @property
    def left(self) -> int:
        return self.sales - self.costs


def totals(
    region_id: str, enterprises: Collection[int], *, since: date | None = None, until: date | None = None
) -> list[Month]:
    """Sales and costs by enterprise and month, the oldest first; entries taken back do not count.

    `since` is the first and `until` the last day. One query whatever the number.
    """
    entries = CashEntry.objects.filter(region=region_id, enterprise__in=list(enterprises)).counting()
    if since:
        entries = entries.filter(day__gte=since)
    if until:
        entries = entries.filter(day__lte=until)
    rows = (
        entries.annotate(month=TruncMonth("day"))
        .values("enterprise", "month")
        .annotate(
            sales=Sum("amount", filter=Q(kind=CashEntry.Kind.SALE), default=0),
            costs=Sum("amount", filter=Q(kind=CashEntry.Kind.COST), default=0),
            days=Count("day", distinct=True),
        )
        .order_by("enterprise", "month")
    )
    return [Month(**row) for row in rows]


def kept_since(region_id: str, enterprises: Collection[int]) -> dict[int, date]:
    """The twelfth day with an entry of each enterprise that has so many."""
    if not enterprises:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT enterprise_id, day FROM (
                SELECT enterprise_id, day,
                       row_number() OVER (PARTITION BY enterprise_id ORDER BY day) AS place
                FROM (SELECT DISTINCT enterprise_id, day FROM mentoring_cashentry
                       WHERE region_id = %s AND enterprise_id = ANY(%s) AND voided_at IS NULL) d
            ) counted WHERE place = %s
            """,
            [region_id, list(enterprises), PROOF_DAYS],
        )
        return dict(cursor.fetchall())


def days_kept(enterprise: Enterprise, *, last: int) -> int | None:
    """On how many of the last days something was written; None where there never was an entry."""
    entries = CashEntry.objects.filter(region=enterprise.region_id, enterprise=enterprise).counting()
    since = clock.today() - timedelta(days=last)
    found = entries.aggregate(first=Min("day"), days=Count("day", distinct=True, filter=Q(day__gt=since)))
    return None if found["first"] is None else int(found["days"])
