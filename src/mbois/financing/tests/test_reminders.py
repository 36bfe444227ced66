"""Borrowers are reminded before they must pay and once when they are late, never twice."""

from datetime import date

import pytest

from mbois import clock
from mbois.financing.tasks import remind
from mbois.financing.tests.factories import Bank, quick_loan
from mbois.people.models import Notification
from mbois.people.notifications import text_of

pytestmark = pytest.mark.django_db


def keys() -> list[str]:
    found = Notification.objects.filter(key__startswith="financing/reminder").order_by("pk")
    return [note.key for note in found]


def test_it_reminds_before_the_pay_by_day_and_once_when_late(bank: Bank) -> None:
    loan = quick_loan(bank, principal=2_000_000, months=10, on=date(2026, 1, 20))
    first = loan.instalments.get(number=1)
    for day, expected in (
        (date(2026, 2, 10), []),
        (date(2026, 2, 18), ["financing/reminder_before"]),
        (date(2026, 2, 19), ["financing/reminder_before"]),
        (date(2026, 2, 25), ["financing/reminder_before", "financing/reminder_late"]),
        (date(2026, 2, 26), ["financing/reminder_before", "financing/reminder_late"]),
    ):
        with clock.on(day):
            remind("35.73")
        assert keys() == expected
    note = Notification.objects.get(key="financing/reminder_late")
    assert note.person == loan.borrower.person
    assert first.amount == 200_000 and "200,000" in text_of(note).body


def test_nobody_is_reminded_of_what_is_paid(bank: Bank) -> None:
    loan = quick_loan(bank, principal=2_000_000, months=10, on=date(2026, 1, 20))
    bank.pay(loan, 200_000, on=date(2026, 2, 1))
    with clock.on(date(2026, 2, 18)):
        assert remind("35.73") == 0
