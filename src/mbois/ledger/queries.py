"""Reads of the books: a balance at a date, a statement, the trial balance."""

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from mbois.ledger.models import Account, Transfer


def balance(account: Account, *, on: date | None = None) -> int:
    """Rupiah on the account's normal side, at the end of a day (of all time when None)."""
    rows = Transfer.objects.filter(region_id=account.region_id)
    if on is not None:
        rows = rows.filter(effective_date__lte=on)
    return _sum(account, rows)


def _sum(account: Account, rows: QuerySet[Transfer]) -> int:
    """What these transfers of its region add to an account, on its normal side."""
    sums = rows.filter(Q(debit=account) | Q(credit=account)).aggregate(
        debits=Coalesce(Sum("amount", filter=Q(debit=account)), 0),
        credits=Coalesce(Sum("amount", filter=Q(credit=account)), 0),
    )
    return int(account.sign * (sums["debits"] - sums["credits"]))


@dataclass(frozen=True)
class StatementLine:
    """One transfer as one account sees it; `change` and `balance` in rupiah on its normal side."""

    transfer: Transfer
    change: int
    balance: int


def statement(account: Account, *, since: date, until: date) -> tuple[int, list[StatementLine]]:
    """The opening balance at the start of `since` and every line up to and with `until`."""
    of_region = Transfer.objects.filter(region_id=account.region_id)
    opening = running = _sum(account, of_region.filter(effective_date__lt=since))
    lines = []
    rows = (
        of_region.filter(Q(debit=account) | Q(credit=account), effective_date__range=(since, until))
        .select_related("debit", "credit", "made_by")
        .order_by("effective_date", "pk")
    )
    for row in rows:
        change = account.sign * (row.amount if row.debit_id == account.pk else -row.amount)
        running += change
        lines.append(StatementLine(row, change, running))
    return opening, lines


@dataclass(frozen=True)
class TrialLine:
    """One account in the trial balance: rupiah on its debit or its credit side."""

    code: str
    name: str
    kind: str
    debit: int
    credit: int


def trial_balance(region_id: str, *, on: date) -> list[TrialLine]:
    """Every account of a region with its balance at a day; both columns have the same sum.

    The accounts of single loans are one line together.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT CASE WHEN a.code LIKE 'loan:%%' THEN 'loan' ELSE a.code END AS code,
                   CASE WHEN a.code LIKE 'loan:%%' THEN '' ELSE a.name END AS name,
                   a.kind, sum(m.amount)::bigint
            FROM (
                SELECT debit_id AS account_id, amount FROM ledger_transfer
                 WHERE region_id = %(region)s AND effective_date <= %(on)s
                UNION ALL
                SELECT credit_id, -amount FROM ledger_transfer
                 WHERE region_id = %(region)s AND effective_date <= %(on)s
            ) m JOIN ledger_account a ON a.region_id = %(region)s AND a.id = m.account_id
            GROUP BY 1, 2, 3 ORDER BY 1
            """,
            {"region": region_id, "on": on},
        )
        return [
            TrialLine(code, name, kind, max(net, 0), max(-net, 0))
            for code, name, kind, net in cursor.fetchall()
        ]
