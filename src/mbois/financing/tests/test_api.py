"""Loans and repayments for programs."""

import json
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from mbois import clock
from mbois.financing.models import Loan
from mbois.financing.tests.factories import Bank, lend, make_owned_enterprise, quick_loan
from mbois.ledger.models import Transfer
from mbois.people import tokens
from mbois.people.models import Person
from mbois.people.tests.factories import make_person

pytestmark = pytest.mark.django_db


class Api:
    """A caller with a token."""

    def __init__(self, person: Person | None, language: str = "en") -> None:
        self.client = Client()
        self.headers = {"Accept-Language": language}
        if person:
            self.headers["Authorization"] = f"Bearer {tokens.make(person)}"

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api{path}", query, headers=self.headers)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        data = body if isinstance(body, str) else json.dumps(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(f"/api{path}", data, "application/json", headers=self.headers | named)

    def pay(self, loan: Loan, key: str | None = None, **body: Any) -> Any:
        return self.post(
            f"/financing/loans/{loan.number}/repayments", body, Idempotency_Key=key or uuid.uuid4().hex
        )


@pytest.fixture
def teller(bank: Bank) -> Api:
    return Api(bank.teller)


def test_the_plan_of_a_loan_is_public(bank: Bank) -> None:
    answer = Api(None).get("/financing/schedule", principal=10_000_000, months=24, start="2026-01-31")
    assert answer.status_code == 200
    lines = answer.json()["instalments"]
    assert lines[0] == {"number": 1, "due_date": "2026-02-28", "amount": 417_000}
    assert (lines[-1]["amount"], answer.json()["total"]) == (409_000, 10_000_000)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"principal": 500_000}, "principal"),
        ({"principal": 1_000_001}, "principal"),
        ({"principal": 11_000_000}, "principal"),
        ({"principal": "ten"}, "principal"),
        ({"months": 25}, "months"),
        ({"months": 0}, "months"),
        ({"start": "31-01-2026"}, "start"),
        ({"start": "9999-12-31"}, "start"),
    ],
)
def test_a_plan_outside_the_limits_is_refused_with_a_reason(
    bank: Bank, query: dict[str, Any], field: str
) -> None:
    good = {"principal": 4_000_000, "months": 12, "start": "2026-01-31"}
    answer = Api(None).get("/financing/schedule", **(good | query))
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == field
    assert answer.json()["error"]["message"]


def test_refusals_speak_the_language_of_the_caller(bank: Bank) -> None:
    said = {
        language: Api(None, language)
        .get("/financing/schedule", principal=1, months=1, start="2026-01-31")
        .json()
        for language in ("id", "en")
    }
    assert said["id"]["error"]["code"] == said["en"]["error"]["code"]
    assert said["id"]["error"]["message"] != said["en"]["error"]["message"]


def test_a_loan_is_shown_on_a_day(bank: Bank, teller: Api) -> None:
    loan = lend(bank, date(2026, 1, 22), amount=4_000_000)
    bank.pay(loan, 334_000, on=date(2026, 3, 1))
    before = teller.get(f"/financing/loans/{loan.number}", on="2026-02-24").json()
    after = teller.get(f"/financing/loans/{loan.number}", on="2026-03-01").json()
    assert (before["days_past_due"], before["arrears"], before["paid_total"]) == (2, 334_000, 0)
    assert (after["days_past_due"], after["arrears"], after["paid_total"]) == (0, 0, 334_000)
    assert after["instalments"][0]["paid"] == 334_000
    assert set(after) == {
        "number", "state", "principal", "paid_total", "outstanding", "arrears", "days_past_due",
        "next_due_date", "next_amount", "instalments",
    }  # fmt: skip
    assert set(after["instalments"][0]) == {"number", "due_date", "pay_by", "amount", "due_total", "paid"}
    assert teller.get(f"/financing/loans/{loan.number}", on="2026-01-21").status_code == 422


def test_a_repayment_and_its_repetition(bank: Bank, teller: Api) -> None:
    loan = quick_loan(bank, principal=4_000_000, months=12, on=clock.today())
    body = {"amount": 334_000, "effective_date": clock.today().isoformat()}
    first = teller.pay(loan, "key-1", **body)
    assert first.status_code == 201
    assert first.json()["loan"]["paid_total"] == 334_000
    again = teller.pay(loan, "key-1", **body)
    assert (again.status_code, again.content) == (201, first.content)
    other = teller.pay(loan, "key-1", **(body | {"amount": 1_000}))
    assert other.status_code == 409
    assert Transfer.objects.filter(credit=loan.account).count() == 1


@pytest.mark.parametrize(
    "body",
    [
        {"amount": 0},
        {"amount": -1},
        {"amount": 1.5},
        {"amount": "334000"},
        {"amount": True},
        {"amount": None},
        {"amount": 10**30},
        {"amount": 4_000_001},
        {"amount": 1_000, "effective_date": "2999-01-01"},
        {"amount": 1_000, "effective_date": "2000-01-01"},
        {"amount": 1_000, "effective_date": "yesterday"},
        {},
    ],
)
def test_a_wrong_repayment_is_refused_and_nothing_is_written(
    bank: Bank, teller: Api, body: dict[str, Any]
) -> None:
    loan = quick_loan(bank, principal=4_000_000, months=12, on=clock.today())
    answer = teller.pay(loan, "key", **body)
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] in {"amount", "effective_date"}
    assert not Transfer.objects.filter(credit=loan.account).exists()
    corrected = teller.pay(loan, "key", amount=1_000, effective_date=clock.today().isoformat())
    assert corrected.status_code == 201


def test_the_key_is_needed_and_the_body_must_be_json(bank: Bank, teller: Api) -> None:
    loan = quick_loan(bank, principal=4_000_000, months=12, on=clock.today())
    path = f"/financing/loans/{loan.number}/repayments"
    assert teller.post(path, {"amount": 1_000}).status_code == 422
    for key in (" ", "clé-1", "kunci\x00"):
        refused = teller.post(path, {"amount": 1_000}, Idempotency_Key=key)
        assert refused.status_code == 422
        assert "plain characters" in refused.json()["error"]["message"]
    assert teller.post(path, "{not json", Idempotency_Key="k").status_code == 400


def test_more_than_is_left_names_the_right_amount(bank: Bank, teller: Api) -> None:
    loan = quick_loan(bank, principal=4_000_000, months=12, on=clock.today())
    teller.pay(loan, amount=3_900_000)
    answer = teller.pay(loan, amount=100_001)
    assert answer.json()["error"]["code"] == "more_than_left"
    assert "100,000" in answer.json()["error"]["message"]


def test_a_reversal_needs_another_person_and_a_reason_and_happens_once(bank: Bank, teller: Api) -> None:
    loan = quick_loan(bank, principal=1_000_000, months=1, on=clock.today() - timedelta(days=40))
    reference = teller.pay(loan, amount=1_000_000).json()["reference"]
    path, second = f"/financing/repayments/{reference}/reversal", Api(bank.teller2)
    assert teller.post(path, {"reason": "salah"}).status_code == 403
    assert second.post(path, {"reason": ""}).status_code == 422
    done = second.post(path, {"reason": "salah nomor"})
    assert done.status_code == 201
    assert done.json()["loan"]["state"] == "active"
    assert done.json()["loan"]["days_past_due"] > 0
    assert second.post(path, {"reason": "salah nomor"}).status_code == 409


def test_a_reversal_repeated_under_its_key_gets_the_same_answer(bank: Bank, teller: Api) -> None:
    loan = quick_loan(bank, principal=1_000_000, months=1, on=clock.today())
    reference = teller.pay(loan, amount=5_000).json()["reference"]
    path, second = f"/financing/repayments/{reference}/reversal", Api(bank.teller2)
    first = second.post(path, {"reason": "salah"}, Idempotency_Key="undo-1")
    assert second.post(path, {"reason": "salah"}, Idempotency_Key="undo-1").content == first.content
    assert second.post(path, {"reason": "lain"}, Idempotency_Key="undo-1").status_code == 409
    assert Transfer.objects.filter(kind="reversal").count() == 1


def test_a_misspelt_field_is_refused(bank: Bank, teller: Api) -> None:
    loan = quick_loan(bank, principal=1_000_000, months=1, on=clock.today())
    answer = teller.pay(loan, amount=1_000, efective_date="2026-01-01")
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "efective_date")


@pytest.mark.parametrize("who", ["nobody", "a wrong token", "another region", "an auditor", "a stranger"])
def test_who_may_not_take_money(bank: Bank, who: str) -> None:
    loan = quick_loan(bank, principal=4_000_000, months=12, on=clock.today())
    caller = {
        "nobody": Api(None),
        "a wrong token": Api(None),
        "another region": Api(make_person(role="teller", region="35.07")),
        "an auditor": Api(bank.auditor),
        "a stranger": Api(make_person()),
    }[who]
    if who == "a wrong token":
        caller.headers["Authorization"] = "Bearer nonsense"
    answer = caller.pay(loan, amount=1_000)
    assert answer.status_code == {"another region": 404, "an auditor": 403, "a stranger": 404}.get(who, 401)
    assert set(answer.json()) == {"error"}


def test_loans_are_listed_by_state(bank: Bank, teller: Api) -> None:
    late = quick_loan(bank, principal=2_000_000, months=10, on=clock.today() - timedelta(days=100))
    good = quick_loan(bank, principal=2_000_000, months=10, on=clock.today())
    paid = quick_loan(bank, principal=1_000_000, months=10, on=clock.today())
    bank.pay(paid, 1_000_000)

    def numbers(**query: Any) -> set[str]:
        return {row["number"] for row in teller.get("/financing/loans", **query).json()}

    assert numbers() == {late.number, good.number, paid.number}
    assert numbers(state="active") == {late.number, good.number}
    assert numbers(state="late") == {late.number}
    assert numbers(state="paid_off") == {paid.number}
    assert len(numbers(limit=1)) == 1
    assert teller.get("/financing/loans", state="odd").status_code == 422


def test_the_list_asks_the_database_a_fixed_number_of_times(
    bank: Bank, teller: Api, django_assert_max_num_queries: Any
) -> None:
    for _n in range(5):
        quick_loan(bank, principal=2_000_000, months=10, on=clock.today())
    with django_assert_max_num_queries(6):
        assert len(teller.get("/financing/loans").json()) == 5


def test_an_application_begins_as_a_draft(bank: Bank) -> None:
    enterprise = make_owned_enterprise()
    owner = Api(enterprise.owner.person)
    body = {
        "enterprise": enterprise.number,
        "amount": 4_000_000,
        "months": 12,
        "purpose": "Kedelai",
        "debts": [{"lender": "Pak X", "outstanding": 2_000_000}],
    }
    answer = owner.post("/applications", body)
    assert answer.status_code == 201
    assert answer.json()["state"] == "draft"
    assert owner.post("/applications", body).status_code == 409
    assert Api(make_person()).post("/applications", body).status_code == 404
    assert owner.post("/applications", body | {"amount": 500}).json()["error"]["field"] == "amount"


@pytest.mark.parametrize(
    "day", [1769817600, "1769817600", "2026-01-31T00:00:00Z", "2026-1-31", "20260131", "٢٠٢٦-٠١-٣١", True]
)
def test_a_day_is_written_in_one_way(bank: Bank, teller: Api, day: object) -> None:
    loan = quick_loan(bank, principal=4_000_000, months=12, on=date(2026, 1, 15))
    answer = teller.pay(loan, amount=1000, effective_date=day)
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == "effective_date"
    assert "2026-01-31" in answer.json()["error"]["message"]
    shown = teller.get(f"/financing/loans/{loan.number}", on=day)
    plan = Api(None).get("/financing/schedule", principal=4_000_000, months=12, start=day)
    assert (shown.status_code, plan.status_code) == (422, 422)
    assert Transfer.objects.filter(kind="repayment").count() == 0


@pytest.mark.parametrize(
    ("debt", "field"),
    [
        ({"lender": "x" * 121}, "debts.1.lender"),
        ({"borrowed": -1}, "debts.1.borrowed"),
        ({"monthly_payment": -1}, "debts.1.monthly_payment"),
        ({"lender": 5}, "debts.1.lender"),
        ({"lender": " "}, "debts"),
        ({"outstanding": 0}, "debts"),
    ],
)
def test_an_application_refused_for_a_debt_leaves_nothing(
    bank: Bank, debt: dict[str, object], field: str
) -> None:
    enterprise = make_owned_enterprise()
    owner = Api(enterprise.owner.person)
    good = {"lender": "Pak X", "outstanding": 2_000_000}
    body: dict[str, Any] = {"enterprise": enterprise.number, "amount": 4_000_000, "months": 12}
    answer = owner.post("/applications", body | {"debts": [good, good | debt]})
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)
    assert owner.post("/applications", body | {"debts": [good]}).status_code == 201


def test_a_spouse_is_somebody_with_a_name(bank: Bank) -> None:
    enterprise = make_owned_enterprise()
    body: dict[str, Any] = {"enterprise": enterprise.number, "amount": 4_000_000, "months": 12}
    owner = Api(enterprise.owner.person)
    refused = owner.post("/applications", body | {"married": True, "spouse_name": "0812 3456"})
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, "spouse_name")
    assert owner.post("/applications", body | {"married": True, "spouse_name": "M. Sa'id"}).status_code == 201


@pytest.mark.parametrize("months", ["12", 12.0, True])
def test_months_are_a_whole_number(bank: Bank, months: object) -> None:
    enterprise = make_owned_enterprise()
    answer = Api(enterprise.owner.person).post(
        "/applications", {"enterprise": enterprise.number, "amount": 4_000_000, "months": months}
    )
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "months")


@pytest.mark.parametrize("principal", ["10_000_000", "10000000.0", "+10000000", "10.000"])
def test_a_whole_number_is_written_in_one_way(bank: Bank, principal: str) -> None:
    answer = Api(None).get("/financing/schedule", principal=principal, months=24, start="2026-01-31")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid")


def test_what_is_left_empty_is_left_out(bank: Bank, teller: Api) -> None:
    loan = quick_loan(bank, principal=4_000_000, months=10, on=date(2026, 1, 31))
    assert teller.get(f"/financing/loans/{loan.number}", on="").json()["number"] == loan.number
    assert len(teller.get("/financing/loans", state="").json()) == 1


@pytest.mark.parametrize("body", ["[]", '"x"', ""])
def test_a_body_that_is_no_object_names_no_field_of_ours(bank: Bank, teller: Api, body: str) -> None:
    for path in ("/applications", "/enterprises"):
        answer = teller.post(path, body)
        assert answer.status_code == 422 and "field" not in answer.json()["error"]
