"""Money taken at the door, booked when the phone gets through."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from mbois import clock
from mbois.financing import actions
from mbois.financing.models import Loan
from mbois.financing.tests.factories import Bank, lend
from mbois.ledger.models import Transfer
from mbois.people.consents import load_texts
from mbois.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def late_loan(bank: Bank) -> Loan:
    """4,000,000 in 12 months, paid out 70 days ago: two instalments are late."""
    day = clock.today() - timedelta(days=70)
    with clock.on(date(2020, 1, 1)):
        load_texts()
    return lend(bank, day)


def take(person: Person, loan: Loan, *, page: bool = False, **values: Any) -> HttpResponse:
    client = Client()
    client.force_login(person)
    sent = {
        "client_id": str(uuid.uuid4()),
        "amount": "334.000",
        "effective_date": clock.today().isoformat(),
    } | values
    accept = "text/html" if page else "application/json"
    return client.post(f"/tagihan/{loan.number}/", sent, headers={"Accept": accept})


def test_it_is_booked_for_the_day_it_was_taken_however_late_it_comes(bank: Bank, late_loan: Loan) -> None:
    day = clock.today() - timedelta(days=2)
    answer = take(bank.field, late_loan, effective_date=day.isoformat())
    assert answer.status_code == 201
    moved = Transfer.objects.get(reference=answer.json()["reference"])
    assert (moved.amount, moved.effective_date, moved.made_by, moved.memo) == (
        334_000,
        day,
        bank.field,
        "field",
    )
    assert answer.json()["url"] == f"/bukti/{moved.reference}/"


def test_sent_twice_it_is_booked_once(bank: Bank, late_loan: Loan) -> None:
    client_id = str(uuid.uuid4())
    first = take(bank.field, late_loan, client_id=client_id)
    again = take(bank.field, late_loan, client_id=client_id)
    assert first.json() == again.json()
    late_loan.refresh_from_db()
    assert late_loan.paid_total == 334_000
    changed = take(bank.field, late_loan, client_id=client_id, amount="400.000")
    assert (changed.status_code, changed.json()["error"]["code"]) == (409, "key_reused")


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"amount": "9.000.000"}, "amount", "Only Rp\u00a04,000,000 is left"),
        ({"amount": "0"}, "amount", "At least"),
        ({"amount": "uang"}, "amount", "Enter an amount of money"),
        ({"effective_date": "2031-01-01"}, "effective_date", "Not after"),
        ({"effective_date": "2019-01-01"}, "effective_date", "not disbursed before"),
    ],
)
def test_the_collector_hears_what_is_wrong(
    bank: Bank, late_loan: Loan, values: dict[str, Any], field: str, sentence: str
) -> None:
    answer = take(bank.field, late_loan, **values)
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)
    assert sentence in answer.json()["error"]["message"]
    page = take(bank.field, late_loan, page=True, **values)
    assert page.status_code == 422 and sentence in page.content.decode()
    late_loan.refresh_from_db()
    assert late_loan.paid_total == 0


def test_who_may(bank: Bank, late_loan: Loan) -> None:
    assert take(bank.assessor, late_loan).status_code == 403
    assert take(Bank("35.07").field, late_loan).status_code == 404
    assert take(late_loan.borrower.person, late_loan).status_code == 403
    anonymous = Client().post(f"/tagihan/{late_loan.number}/", {}, headers={"Accept": "application/json"})
    assert anonymous.status_code == 401


def test_the_round_shows_who_is_late_and_finds_the_others(
    bank: Bank, late_loan: Loan, django_assert_max_num_queries: Any
) -> None:
    fresh = lend(bank, clock.today())
    client = Client()
    client.force_login(bank.field)
    client.get("/tagihan/")
    with django_assert_max_num_queries(8):
        page = client.get("/tagihan/").content.decode()
    assert late_loan.number in page and fresh.number not in page
    assert "days late" in page
    assert fresh.number in client.get("/tagihan/", {"q": fresh.borrower.name}).content.decode()
    assert client.get(f"/tagihan/{late_loan.number}/").status_code == 200


def test_without_javascript_one_lands_on_the_receipt(bank: Bank, late_loan: Loan) -> None:
    answer = take(bank.field, late_loan, page=True)
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/bukti/R-")


def test_a_loan_paid_off_meanwhile_takes_no_more(bank: Bank, late_loan: Loan) -> None:
    actions.record_repayment(late_loan, amount=4_000_000, by=bank.teller, key="x")
    answer = take(bank.field, late_loan)
    assert "paid off already" in answer.json()["error"]["message"]
