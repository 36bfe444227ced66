"""What the database refuses about money, however it comes in: plain SQL past every action."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from mbois import clock
from mbois.financing import actions
from mbois.financing.models import Loan
from mbois.financing.tests.factories import Bank, quick_loan
from mbois.ledger.models import Transfer

pytestmark = pytest.mark.django_db


@pytest.fixture
def loan(bank: Bank) -> Loan:
    return quick_loan(bank, principal=4_000_000, months=10, on=date(2026, 1, 31))


def refused(statement: str, *values: object) -> str:
    """The database's refusal of a statement; it must refuse."""
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return str(error.value)


def posted(kind: str, debit: int, credit: int, *, amount: int = 1000, day: str = "", **other: object) -> str:
    """The refusal of a transfer written by hand."""
    one = Transfer.objects.order_by("pk").first()
    assert one is not None
    values = {
        "region_id": one.region_id,
        "reference": "T-1",
        "kind": kind,
        "debit_id": debit,
        "credit_id": credit,
        "amount": amount,
        "currency": "IDR",
        "effective_date": day or one.effective_date,
        "posted_at": one.posted_at,
        "made_by_id": one.made_by_id,
        "memo": "",
    } | other
    places = ", ".join(["%s"] * len(values))
    return refused(f"INSERT INTO ledger_transfer ({', '.join(values)}) VALUES ({places})", *values.values())


def test_what_was_posted_stays(loan: Loan) -> None:
    for statement in (
        "UPDATE ledger_transfer SET memo = 'x'",
        "DELETE FROM ledger_transfer",
        "UPDATE ledger_account SET currency = 'USD'",
        "DELETE FROM ledger_account",
    ):
        assert "Cannot" in refused(statement)


@pytest.mark.parametrize("table", ["ledger_transfer", "ledger_account", "ledger_closing", "ledger_command"])
def test_the_books_are_never_emptied(emptying_is_refused: None, loan: Loan, table: str) -> None:
    connection.check_constraints()
    assert "ledger_is_never_emptied" in refused(f"TRUNCATE {table} CASCADE")


def test_a_transfer_that_is_none(loan: Loan) -> None:
    fund, collections = loan.scheme.fund_id, loan.scheme.collections_id
    assert "transfer_amount_is_positive" in posted("other", fund, collections, amount=0)
    assert "transfer_amount_is_positive" in posted("other", fund, collections, amount=-1)
    assert "transfer_between_two_accounts" in posted("other", fund, fund)
    assert "transfer_in_one_currency" in posted("other", fund, collections, currency="USD")
    known = Transfer.objects.values_list("reference", flat=True)[0]
    assert "transfer_reference_once" in posted("other", fund, collections, reference=known)
    assert "account_not_below_zero" in posted("other", collections, fund, amount=10**12)


@pytest.mark.parametrize("value", ["guarded_balance + 1", "NULL"])
def test_nobody_writes_what_the_fund_holds(loan: Loan, value: str) -> None:
    said = refused(f"UPDATE ledger_account SET guarded_balance = {value} WHERE id = {loan.scheme.fund_id}")
    assert "account_guard_is_the_transfers" in said


def test_the_answer_to_a_command_stays(loan: Loan) -> None:
    assert "Cannot" in refused("UPDATE ledger_command SET answer = '{}'")
    assert "Cannot" in refused("DELETE FROM ledger_command")


def test_a_loan_takes_no_more_than_its_principal(loan: Loan) -> None:
    said = posted("disbursement", loan.account_id, loan.scheme.fund_id, day=loan.disbursed_on.isoformat())
    assert "loan_account_takes_its_own" in said


def test_a_repayment_is_not_dated_before_the_loan(loan: Loan) -> None:
    said = posted("repayment", loan.scheme.collections_id, loan.account_id, day="2020-01-03")
    assert "loan_account_takes_its_own" in said


def test_an_instalment_too_many(loan: Loan) -> None:
    assert "loan_schedule_adds_up" in refused(
        "INSERT INTO financing_instalment (region_id, loan_id, number, due_date, pay_by, amount, due_total) "
        "SELECT region_id, loan_id, 99, due_date, pay_by, amount, due_total FROM financing_instalment LIMIT 1"
    )


def test_nothing_takes_effect_after_it_was_posted(loan: Loan) -> None:
    posted_on = clock.local_date(Transfer.objects.order_by("pk")[0].posted_at)
    said = posted(
        "repayment",
        loan.scheme.collections_id,
        loan.account_id,
        day=(posted_on + timedelta(days=1)).isoformat(),
    )
    assert "transfer_not_in_the_future" in said


def test_a_reversal_does_not_take_effect_before_what_it_undoes(loan: Loan, bank: Bank) -> None:
    paid = actions.record_repayment(
        loan, amount=100_000, by=bank.teller, key="one", effective_date=date(2026, 3, 2)
    )
    original = Transfer.objects.get(reference=paid["reference"])
    said = posted(
        "reversal",
        original.credit_id,
        original.debit_id,
        amount=original.amount,
        day="2026-03-01",
        reverses_id=original.pk,
        made_by_id=bank.teller2.pk,
    )
    assert "transfer_reversal_is_the_other_way_round" in said
