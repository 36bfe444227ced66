"""Several people at once, each on a connection of their own."""

import uuid
from datetime import timedelta

import pytest
from tests.races import at_once, refused

from mbois import clock, invariants
from mbois.financing import actions
from mbois.financing.models import Decision, Loan
from mbois.financing.tests.factories import Bank, quick_loan
from mbois.ledger import queries as books
from mbois.ledger.actions import close_period
from mbois.ledger.models import Transfer
from mbois.refused import Refused

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bank(transactional_db: None) -> Bank:
    return Bank()


def no_breaches() -> None:
    assert [breach.invariant.key for breach in invariants.breaches()] == []


def test_two_tellers_take_the_last_instalment_and_one_is_told(bank: Bank) -> None:
    loan = quick_loan(bank, principal=1_000_000, months=1, on=clock.today())
    results = at_once(
        *(
            lambda by=by: actions.record_repayment(loan, amount=1_000_000, by=by, key=uuid.uuid4().hex)
            for by in (bank.teller, bank.teller2)
        )
    )
    assert len(refused(results)) == 1
    assert refused(results)[0].code == "more_than_left"
    loan.refresh_from_db()
    assert (loan.outstanding, books.balance(loan.account)) == (0, 0)
    no_breaches()


def test_two_tellers_take_the_same_instalment_and_both_count(bank: Bank) -> None:
    loan = quick_loan(bank, principal=4_000_000, months=12, on=clock.today())
    results = at_once(
        *(
            lambda by=by: actions.record_repayment(loan, amount=334_000, by=by, key="same key, other caller")
            for by in (bank.teller, bank.teller2)
        )
    )
    assert refused(results) == []
    loan.refresh_from_db()
    assert loan.paid_total == 668_000
    no_breaches()


def test_one_key_at_the_same_moment_is_one_payment_with_one_answer(bank: Bank) -> None:
    loan = quick_loan(bank, principal=4_000_000, months=12, on=clock.today())
    results = at_once(*[lambda: actions.record_repayment(loan, amount=334_000, by=bank.teller, key="k")] * 6)
    assert refused(results) == []
    assert all(result == results[0] for result in results)
    assert Transfer.objects.filter(credit=loan.account).count() == 1


def test_one_key_with_two_bodies_at_once_is_refused_to_one(bank: Bank) -> None:
    loan = quick_loan(bank, principal=4_000_000, months=12, on=clock.today())
    results = at_once(
        lambda: actions.record_repayment(loan, amount=334_000, by=bank.teller, key="k"),
        lambda: actions.record_repayment(loan, amount=335_000, by=bank.teller, key="k"),
    )
    assert [one.status for one in refused(results)] == [409]
    assert Transfer.objects.filter(credit=loan.account).count() == 1


def test_two_approvers_make_one_decision(bank: Bank) -> None:
    from mbois.people.tests.factories import make_person

    application = bank.assessed()
    other = make_person("Second approver", role="approver")
    results = at_once(
        lambda: actions.decide(application, by=bank.approver, granted=True, amount=4_000_000, months=12),
        lambda: actions.decide(application, by=other, granted=False, reason="Tidak cukup"),
    )
    assert len(refused(results)) == 1
    assert Decision.objects.filter(application=application).count() == 1
    no_breaches()


def test_the_fund_is_enough_for_one_more_loan_only(db: None, transactional_db: None) -> None:
    bank = Bank("35.79", fund=6_000_000)
    first, second = bank.signed(amount=4_000_000), bank.signed(amount=4_000_000)
    results = at_once(
        *(
            lambda application=application, by=by: actions.disburse(
                application, by=by, settlements=bank.settle_all(application), key=uuid.uuid4().hex
            )
            for application, by in ((first, bank.teller), (second, bank.teller2))
        )
    )
    assert [one.code for one in refused(results)] == ["not_enough_money"]
    assert Loan.objects.filter(region_id="35.79").count() == 1
    assert books.balance(bank.scheme.fund) == 2_000_000
    no_breaches()


def test_one_application_is_paid_out_once(bank: Bank) -> None:
    application = bank.signed()
    results = at_once(
        *(
            lambda by=by: actions.disburse(
                application, by=by, settlements=bank.settle_all(application), key=uuid.uuid4().hex
            )
            for by in (bank.teller, bank.teller2)
        )
    )
    assert len(refused(results)) == 1
    assert Loan.objects.count() == 1
    no_breaches()


def test_a_payment_is_undone_once_by_two_at_the_same_moment(bank: Bank) -> None:
    loan = quick_loan(bank, principal=4_000_000, months=12, on=clock.today())
    reference = bank.pay(loan, 334_000)
    results = at_once(
        *(
            lambda by=by: actions.reverse_repayment(loan, reference=reference, by=by, reason="salah")
            for by in (bank.teller2, bank.approver)
        )
    )
    assert len(refused(results)) == 1
    loan.refresh_from_db()
    assert loan.paid_total == 0
    no_breaches()


def test_no_payment_slips_into_a_period_that_is_being_closed(bank: Bank) -> None:
    start = clock.today() - timedelta(days=50)
    loans = [quick_loan(bank, principal=4_000_000, months=12, on=start) for _n in range(4)]
    day = clock.today() - timedelta(days=10)
    at_once(
        *(
            lambda loan=loan: actions.record_repayment(
                loan, amount=1_000, by=bank.teller, key=uuid.uuid4().hex, effective_date=day
            )
            for loan in loans
        ),
        lambda: close_period("35.73", through=day, by=bank.admin),
    )
    with pytest.raises(Refused):
        actions.record_repayment(loans[0], amount=1_000, by=bank.teller, key="late", effective_date=day)
    no_breaches()


def test_a_period_that_two_close_at_once_is_closed_once(bank: Bank) -> None:
    day = clock.today() - timedelta(days=10)
    results = at_once(*[lambda: close_period("35.73", through=day, by=bank.admin)] * 2)
    assert len(refused(results)) == 1


def test_two_who_pay_in_the_collections_move_them_once(bank: Bank) -> None:
    loan = quick_loan(bank, principal=4_000_000, months=12, on=clock.today())
    bank.pay(loan, 334_000)
    at_once(
        *(lambda by=by: actions.sweep_collections(bank.scheme, by=by) for by in (bank.teller, bank.teller2))
    )
    assert books.balance(bank.scheme.collections) == 0
    assert Transfer.objects.filter(kind="sweep").count() == 1


def test_one_visit_sent_twice_at_once_is_one(bank: Bank) -> None:
    from mbois.financing.models import Visit

    application = bank.submitted()
    report = bank.report()
    results = at_once(*[lambda: actions.record_visit(application, report, by=bank.field)] * 3)
    assert refused(results) == []
    assert Visit.objects.filter(application=application).count() == 1
