"""Where a loan stands, derived from its schedule and the ledger; and the clock of an application."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Protocol

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from mbois import clock
from mbois.financing.models import Application, Instalment, Loan
from mbois.ledger.models import Transfer
from mbois.places.workdays import Calendar
from mbois.refused import Refused
from mbois.web import show


class Planned(Protocol):
    """A line of a schedule: an `Instalment`, or a row of the same fields."""

    @property
    def number(self) -> int: ...
    @property
    def due_date(self) -> date: ...
    @property
    def pay_by(self) -> date: ...
    @property
    def amount(self) -> int: ...
    @property
    def due_total(self) -> int: ...


class InstalmentState(NamedTuple):
    """One instalment and how much of it is paid, in rupiah."""

    number: int
    due_date: date
    pay_by: date
    amount: int
    due_total: int
    paid: int

    @property
    def is_paid(self) -> bool:
        return self.paid == self.amount


@dataclass(frozen=True)
class LoanState:
    """Where a loan stands at the end of a day. Amounts in rupiah."""

    number: str
    state: str
    principal: int
    paid_total: int
    outstanding: int
    arrears: int
    days_past_due: int
    next_due_date: date | None
    next_amount: int | None
    instalments: list[InstalmentState]

    def as_json(self) -> dict[str, Any]:
        """As the API answers it: dates as YYYY-MM-DD."""
        return {
            **vars(self),
            "next_due_date": self.next_due_date.isoformat() if self.next_due_date else None,
            "instalments": [
                line._asdict() | {"due_date": line.due_date.isoformat(), "pay_by": line.pay_by.isoformat()}
                for line in self.instalments
            ],
        }

    @property
    def is_late(self) -> bool:
        return self.days_past_due > 0

    @property
    def next(self) -> InstalmentState | None:
        """The oldest instalment that is not wholly paid."""
        return next((line for line in self.instalments if not line.is_paid), None)

    @property
    def paid_percent(self) -> int:
        return self.paid_total * 100 // self.principal


def paid_by(loan: Loan, day: date) -> int:
    """Rupiah repaid with effect up to and with a day, reversals taken off."""
    rows = Transfer.objects.filter(region_id=loan.region_id, effective_date__lte=day).filter(
        Q(credit=loan.account_id, kind=Transfer.Kind.REPAYMENT)
        | Q(debit=loan.account_id, kind=Transfer.Kind.REVERSAL)
    )
    sums = rows.aggregate(
        paid=Coalesce(Sum("amount", filter=Q(kind=Transfer.Kind.REPAYMENT)), 0),
        undone=Coalesce(Sum("amount", filter=Q(kind=Transfer.Kind.REVERSAL)), 0),
    )
    return int(sums["paid"] - sums["undone"])


def derive(
    *, number: str, principal: int, paid_total: int, instalments: Sequence[Planned], on: date
) -> LoanState:
    """The state that follows from a schedule and what was paid."""
    lines = [
        InstalmentState(
            number=row.number,
            due_date=row.due_date,
            pay_by=row.pay_by,
            amount=row.amount,
            due_total=row.due_total,
            paid=max(0, min(row.amount, paid_total - (row.due_total - row.amount))),
        )
        for row in instalments
    ]
    first_unpaid = next((line for line in lines if line.due_total > paid_total), None)
    overdue = max((line.due_total for line in lines if line.pay_by < on), default=0)
    late = first_unpaid is not None and first_unpaid.pay_by < on
    return LoanState(
        number=number,
        state="paid_off" if first_unpaid is None else "active",
        principal=principal,
        paid_total=paid_total,
        outstanding=principal - paid_total,
        arrears=max(0, overdue - paid_total),
        days_past_due=(on - first_unpaid.due_date).days if first_unpaid and late else 0,
        next_due_date=first_unpaid.due_date if first_unpaid else None,
        next_amount=first_unpaid.due_total - paid_total if first_unpaid else None,
        instalments=lines,
    )


def state_of(loan: Loan, *, on: date | None = None) -> LoanState:
    """Where a loan stands on a day (today when None). Refuses a day before it was disbursed."""
    today = clock.today()
    day = on or today
    if day < loan.disbursed_on:
        raise Refused(
            _("The loan was not disbursed before %(date)s.") % {"date": show.tanggal(loan.disbursed_on)},
            field="on",
            code="before_disbursement",
        )
    paid = loan.paid_total if day >= today else paid_by(loan, day)
    # reached by prefetch where a page shows many loans
    instalments = sorted(loan.instalments.all(), key=lambda row: row.number)
    return derive(
        number=loan.number, principal=loan.principal, paid_total=paid, instalments=instalments, on=day
    )


@dataclass(frozen=True)
class Payment:
    """A repayment as people see it: what, when, by whom, and whether it was undone."""

    transfer: Transfer
    reversal: Transfer | None
    paid_after: int
    days_late: int

    @property
    def counts(self) -> bool:
        return self.reversal is None


def payments(loan: Loan, instalments: list[Instalment] | None = None) -> list[Payment]:
    """The repayments of a loan in the order of their dates, newest last; 2 queries, 2 more where one was undone.

    `days_late` counts from the due date of the instalment a payment completed or began, 0 where it
    came by the pay-by day.
    """
    plan = instalments if instalments is not None else list(loan.instalments.all())
    rows = list(
        Transfer.objects.filter(
            region_id=loan.region_id, credit=loan.account_id, kind=Transfer.Kind.REPAYMENT
        )
        .select_related("made_by")
        .prefetch_related("reversed_by__made_by")
        .order_by("effective_date", "pk")
    )
    found, total = [], 0
    for row in rows:
        undone = next(iter(row.reversed_by.all()), None)
        late = 0
        if undone is None:
            oldest = next((line for line in plan if line.due_total > total), None)
            if oldest is not None and oldest.pay_by < row.effective_date:
                late = (row.effective_date - oldest.due_date).days
            total += row.amount
        found.append(Payment(row, undone, total, late))
    return found


@dataclass(frozen=True)
class WorkingDayClock:
    """Working days from submission to disbursement against the scheme's limit."""

    used: int
    limit: int
    deadline: date
    stopped: bool

    @property
    def is_over(self) -> bool:
        return self.used > self.limit

    @property
    def is_close(self) -> bool:
        return not self.is_over and self.limit - self.used <= 2


def working_day_clock(application: Application, calendar: Calendar | None = None) -> WorkingDayClock | None:
    """The clock of an application: None before it was sent. It stops when the application ends."""
    if application.submitted_at is None:
        return None
    calendar = calendar or Calendar(application.region_id)
    start = clock.local_date(application.submitted_at)
    end = application.ended_on or clock.today()
    limit = application.scheme.working_days_limit
    return WorkingDayClock(
        used=calendar.between(start, end),
        limit=limit,
        deadline=calendar.after(start, limit),
        stopped=application.ended_on is not None,
    )
