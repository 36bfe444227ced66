"""A loan's life against a simple model: money paid, paid twice, too much, backdated, undone."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from mbois import clock, invariants
from mbois.financing import actions
from mbois.financing.models import Loan
from mbois.financing.queries import payments, state_of
from mbois.financing.tests.factories import Bank, quick_loan
from mbois.ledger import queries as books
from mbois.refused import Refused

TODAY = date(2026, 11, 20)
START = date(2026, 1, 31)


@dataclass
class Paid:
    """A payment of the model."""

    reference: str
    key: str
    amount: int
    day: date
    answer: dict[str, object]
    undone: bool = False


class LoanLife(RuleBasedStateMachine):
    """Every rule does one thing to the loan and to the model, and expects the same of both."""

    bank: Bank
    made = Bundle("payments")

    def __init__(self) -> None:
        super().__init__()
        self.frozen = clock.on(TODAY)
        self.frozen.__enter__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.loan: Loan = quick_loan(self.bank, principal=4_000_000, months=9, on=START)
        self.schedule = [
            (line.number, line.due_date, line.pay_by, line.amount) for line in self.loan.instalments.all()
        ]
        self.paid: list[Paid] = []

    def teardown(self) -> None:
        broken = [breach.invariant.key for breach in invariants.breaches()]
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)
        self.frozen.__exit__(None, None, None)
        assert broken == []

    # --- the model: pours money over the instalments one by one ---------------------------------

    def left(self) -> int:
        return 4_000_000 - sum(one.amount for one in self.paid if not one.undone)

    def model(self, day: date) -> tuple[int, int, int, date | None]:
        """Paid, arrears, days past due and next due date at the end of a day."""
        money = sum(one.amount for one in self.paid if not one.undone and one.day <= day)
        paid, arrears, late, following = money, 0, 0, None
        for _number, due, pay_by, amount in self.schedule:
            here = min(money, amount)
            money -= here
            if here < amount:
                following = following or due
                if pay_by < day:
                    arrears += amount - here
                    late = late or (day - due).days
        return paid, arrears, late, following

    # --- what can happen ---------------------------------------------------------------------------

    @rule(
        target=made,
        amount=st.integers(1, 900_000),
        back=st.integers(0, (TODAY - START).days),
        second=st.booleans(),
    )
    def pay(self, amount: int, back: int, second: bool) -> Paid | None:
        day, key = TODAY - timedelta(days=back), uuid.uuid4().hex
        by = self.bank.teller2 if second else self.bank.teller
        if amount > self.left():
            with pytest.raises(Refused) as refused:
                actions.record_repayment(self.loan, amount=amount, by=by, key=key, effective_date=day)
            assert refused.value.code == "more_than_left"
            return None
        answer = actions.record_repayment(self.loan, amount=amount, by=by, key=key, effective_date=day)
        made = Paid(str(answer["reference"]), key, amount, day, answer)
        made.by = by  # type: ignore[attr-defined]
        self.paid.append(made)
        return made

    @precondition(lambda self: self.left() > 0)
    @rule(target=made)
    def pay_off(self) -> Paid:
        found = self.pay(self.left(), 0, False)
        assert found is not None
        return found

    @rule(payment=made)
    def send_again(self, payment: Paid | None) -> None:
        if payment is None:
            return
        again = actions.record_repayment(
            self.loan,
            amount=payment.amount,
            by=payment.by,
            key=payment.key,
            effective_date=payment.day,  # type: ignore[attr-defined]
        )
        assert again == payment.answer

    @rule(payment=made)
    def use_the_key_for_another_amount(self, payment: Paid | None) -> None:
        if payment is None:
            return
        with pytest.raises(Refused) as refused:
            actions.record_repayment(
                self.loan,
                amount=payment.amount + 1,
                by=payment.by,
                key=payment.key,
                effective_date=payment.day,  # type: ignore[attr-defined]
            )
        assert refused.value.status == 409

    @rule(payment=made)
    def undo(self, payment: Paid | None) -> None:
        if payment is None:
            return
        if payment.undone:
            with pytest.raises(Refused):
                actions.reverse_repayment(
                    self.loan, reference=payment.reference, by=self.bank.approver, reason="again"
                )
            return
        with pytest.raises(Refused):
            actions.reverse_repayment(self.loan, reference=payment.reference, by=payment.by, reason="mine")  # type: ignore[attr-defined]
        actions.reverse_repayment(
            self.loan, reference=payment.reference, by=self.bank.approver, reason="wrong"
        )
        payment.undone = True

    @rule(day=st.dates(START, TODAY + timedelta(days=60)))
    def look(self, day: date) -> None:
        loan = Loan.objects.get(region_id=self.loan.region_id, pk=self.loan.pk)
        state = state_of(loan, on=day)
        assert (state.paid_total, state.arrears, state.days_past_due, state.next_due_date) == self.model(day)

    # --- what always holds -------------------------------------------------------------------------

    @invariant()
    def the_ledger_agrees(self) -> None:
        loan = Loan.objects.get(region_id=self.loan.region_id, pk=self.loan.pk)
        assert loan.outstanding == self.left() == books.balance(self.loan.account)
        state = state_of(loan)
        assert (state.state == "paid_off") == (self.left() == 0)
        assert sum(line.paid for line in state.instalments) == state.paid_total
        assert len(payments(loan)) == len(self.paid)


@pytest.mark.django_db
@pytest.mark.slow
def test_a_loan_lives_as_the_model_says(bank: Bank) -> None:
    LoanLife.bank = bank
    run_state_machine_as_test(
        LoanLife,
        settings=settings(
            max_examples=200,
            stateful_step_count=8,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
