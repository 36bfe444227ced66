"""The plan of a loan."""

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbois.financing.schedule import Terms, check_terms, plan
from mbois.refused import Refused

OJIR = Terms(1_000_000, 10_000_000, 1_000, 1, 24)


def test_ten_million_over_24_months() -> None:
    lines = plan(principal=10_000_000, months=24, start=date(2026, 1, 15), unit=1_000)
    assert [line.amount for line in lines] == [417_000] * 23 + [409_000]
    assert lines[-1].due_total == 10_000_000


@pytest.mark.parametrize(
    ("start", "dates"),
    [
        (date(2026, 1, 31), [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]),
        (date(2028, 1, 31), [date(2028, 2, 29), date(2028, 3, 31), date(2028, 4, 30)]),
        (date(2026, 11, 14), [date(2026, 12, 14), date(2027, 1, 14), date(2027, 2, 14)]),
        (date(2026, 12, 30), [date(2027, 1, 30), date(2027, 2, 28), date(2027, 3, 30)]),
    ],
)
def test_dates_count_from_the_disbursement_and_do_not_drift(start: date, dates: list[date]) -> None:
    assert [line.due_date for line in plan(principal=3_000_000, months=3, start=start, unit=1_000)] == dates


@given(
    thousands=st.integers(1_000, 10_000),
    months=st.integers(1, 24),
    start=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
)
def test_every_plan_adds_up(thousands: int, months: int, start: date) -> None:
    principal = thousands * 1_000
    lines = plan(principal=principal, months=months, start=start, unit=1_000)
    assert len(lines) == months
    assert sum(line.amount for line in lines) == principal == lines[-1].due_total
    assert len({line.amount for line in lines[:-1]}) <= 1
    assert 0 < lines[-1].amount <= lines[0].amount
    assert all(line.amount % 1_000 == 0 for line in lines)
    assert all(before.due_date < after.due_date for before, after in itertools.pairwise(lines))


@pytest.mark.parametrize(
    ("principal", "months", "field"),
    [
        (999_000, 12, "principal"),
        (10_001_000, 12, "principal"),
        (1_000_500, 12, "principal"),
        (-5, 12, "principal"),
        (1_000_000, 0, "months"),
        (1_000_000, 25, "months"),
    ],
)
def test_it_refuses_what_the_scheme_does_not_allow(principal: int, months: int, field: str) -> None:
    with pytest.raises(Refused) as refused:
        check_terms(OJIR, principal=principal, months=months)
    assert refused.value.field == field
