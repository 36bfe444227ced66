"""From a draft to a paid-off loan, and what is refused on the way."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from mbois import clock, invariants
from mbois.financing import actions
from mbois.financing.models import Application, Decision, Instalment, Loan, Reminder, Settlement, State
from mbois.financing.queries import payments, state_of, working_day_clock
from mbois.financing.tests.factories import Bank, lend, make_owned_enterprise
from mbois.ledger import queries as books
from mbois.ledger.actions import close_period
from mbois.ledger.models import Transfer
from mbois.people.tests.factories import make_person
from mbois.places.models import Holiday
from mbois.places.workdays import Calendar
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


def no_breaches() -> None:
    assert [breach.invariant.key for breach in invariants.breaches()] == []


def test_it_goes_from_registration_to_paid_off(bank: Bank) -> None:
    loan = bank.disbursed(amount=4_000_000, months=12, debt=2_100_000)
    assert loan.application.state == State.DISBURSED
    out = Transfer.objects.filter(debit=loan.account).order_by("pk").values_list("amount", flat=True)
    assert list(out) == [2_100_000, 1_900_000]
    assert books.balance(bank.scheme.fund) == 1_000_000_000 - 4_000_000
    for line in list(loan.instalments.all()):
        bank.pay(loan, line.amount)
    loan.refresh_from_db()
    state = state_of(loan)
    assert (state.state, state.outstanding, state.next_due_date) == ("paid_off", 0, None)
    assert books.balance(loan.account) == 0
    no_breaches()


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("amount_asked", {"amount": 20_000_000}),
        ("amount_asked", {"amount": 4_000_500}),
        ("months_asked", {"months": 36}),
        ("debts", {"debt": 0}),
        ("amount_asked", {"amount": 1_000_000, "debt": 3_000_000}),
    ],
)
def test_it_is_not_sent_outside_the_terms(bank: Bank, field: str, changes: dict[str, int]) -> None:
    application = bank.complete(bank.draft(**changes))
    with pytest.raises(Refused) as refused:
        actions.submit_application(application, by=application.borrower.person)
    assert refused.value.field == field
    application.refresh_from_db()
    assert application.state == State.DRAFT


def test_it_is_not_sent_without_papers_or_consent(bank: Bank) -> None:
    application = bank.draft()
    with pytest.raises(Refused, match="Identity card"):
        actions.submit_application(application, by=application.borrower.person)


def test_an_unverified_business_cannot_apply(bank: Bank) -> None:
    application = bank.complete(bank.draft(enterprise=make_owned_enterprise(state="submitted")))
    with pytest.raises(Refused, match="village officer"):
        actions.submit_application(application, by=application.borrower.person)


def test_one_application_at_a_time(bank: Bank) -> None:
    application = bank.draft()
    with pytest.raises(Refused, match="under way already"):
        bank.draft(enterprise=application.enterprise)


def test_no_second_loan_before_the_first_is_paid_off(bank: Bank) -> None:
    loan = bank.disbursed()
    again = bank.complete(bank.draft(enterprise=loan.enterprise))
    with pytest.raises(Refused, match="not paid off yet"):
        actions.submit_application(again, by=loan.borrower.person)


@pytest.mark.parametrize(
    "role", ["teller", "auditor", "assessor", "executive", "village_officer", "region_admin"]
)
def test_only_the_approver_decides(bank: Bank, role: str) -> None:
    application = bank.assessed()
    with pytest.raises(Refused):
        actions.decide(application, by=make_person(role=role), granted=True, amount=1_000_000, months=5)


def test_four_eyes_hold_in_the_action_and_in_the_database(bank: Bank) -> None:
    application = bank.submitted()
    both = make_person("Both", role="approver")
    from mbois.people.tests.factories import join

    join(both, "field_officer")
    actions.record_visit(application, bank.report(), by=both)
    actions.assess(application, by=bank.assessor, needy=True, monthly_income=0, members=1, covers_cost=True)
    with pytest.raises(Refused, match="took part"):
        actions.decide(application, by=both, granted=True, amount=1_000_000, months=5)
    with pytest.raises(IntegrityError, match="decision_four_eyes"), transaction.atomic():
        Decision.objects.create(
            region_id="35.73",
            application=application,
            granted=True,
            amount=1_000_000,
            months=5,
            decided_by=both,
        )


def test_nobody_is_granted_more_than_they_asked(bank: Bank) -> None:
    application = bank.assessed(amount=4_000_000, months=12)
    for amount, months in ((5_000_000, 12), (4_000_000, 13)):
        with pytest.raises(Refused, match="asked for"):
            actions.decide(application, by=bank.approver, granted=True, amount=amount, months=months)
        with pytest.raises(IntegrityError, match="within_what_was_asked"), transaction.atomic():
            Decision.objects.create(
                region_id="35.73",
                application=application,
                granted=True,
                amount=amount,
                months=months,
                decided_by=bank.approver,
            )


def test_the_database_knows_the_order_of_the_steps(bank: Bank) -> None:
    application = bank.submitted()
    with pytest.raises(Exception, match="Invalid transition"), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(state=State.DISBURSED)


def test_a_loan_covers_what_the_loan_shark_is_owed(bank: Bank) -> None:
    application = bank.assessed(amount=4_000_000, debt=2_100_000)
    with pytest.raises(Refused, match="owed Rp\u00a02,100,000"):
        actions.decide(application, by=bank.approver, granted=True, amount=2_000_000, months=12)
    actions.decide(application, by=bank.approver, granted=True, amount=3_000_000, months=12)


def test_a_debt_is_settled_for_less_only_where_the_lender_signed_to_it(bank: Bank) -> None:
    application = bank.signed(amount=4_000_000, debt=2_100_000)
    debt = application.debts.get()
    loan = actions.disburse(
        application,
        by=bank.teller,
        settlements={debt.pk: 2_000_000},
        agreed={debt.pk: "Receipt of today: settled"},
        key="a",
    )
    paid = loan.settlements.get()
    assert (paid.amount, paid.told, paid.agreed) == (2_000_000, 2_100_000, "Receipt of today: settled")
    with pytest.raises(IntegrityError, match="settlement_for_less_is_agreed"), transaction.atomic():
        Settlement.objects.create(
            region_id=loan.region_id,
            loan=loan,
            debt=debt,
            transfer=paid.transfer,
            amount=paid.amount,
            told=paid.told,
        )


def test_settlements_must_be_exact_and_for_every_debt(bank: Bank) -> None:
    application = bank.signed(amount=4_000_000, debt=2_100_000)
    debt = application.debts.get()
    with pytest.raises(Refused, match="settled first"):
        actions.disburse(application, by=bank.teller, settlements={}, key="a")
    with pytest.raises(Refused, match="more than the loan"):
        actions.disburse(application, by=bank.teller, settlements={debt.pk: 4_000_001}, key="a")
    with pytest.raises(Refused, match="settled with less"):
        actions.disburse(application, by=bank.teller, settlements={debt.pk: 2_000_000}, key="a")
    loan = actions.disburse(application, by=bank.teller, settlements={debt.pk: 4_000_000}, key="a")
    assert actions.disburse(application, by=bank.teller, settlements={debt.pk: 4_000_000}, key="a") == loan
    assert Transfer.objects.filter(debit=loan.account).count() == 1


def test_the_fund_does_not_go_below_zero(bank: Bank) -> None:
    poor = Bank("35.79", fund=3_999_000)
    application = poor.signed(amount=4_000_000)
    with pytest.raises(Refused, match="not enough money"):
        actions.disburse(application, by=poor.teller, settlements=poor.settle_all(application), key="k")
    application.refresh_from_db()
    assert application.state == State.SIGNED
    assert books.balance(poor.scheme.fund) == 3_999_000
    assert not Loan.objects.filter(region_id="35.79").exists()


def test_a_payment_settles_the_oldest_first_and_ahead_moves_no_date(bank: Bank) -> None:
    loan = bank.disbursed(amount=4_000_000, months=12)
    bank.pay(loan, 500_000)
    loan.refresh_from_db()
    state = state_of(loan)
    assert [line.paid for line in state.instalments[:3]] == [334_000, 166_000, 0]
    assert state.next_amount == 168_000
    assert state.next_due_date == loan.instalments.get(number=2).due_date


def test_more_than_is_left_is_refused_whole_with_the_right_amount(bank: Bank) -> None:
    loan = bank.disbursed(amount=4_000_000)
    bank.pay(loan, 3_600_000)
    with pytest.raises(Refused, match="Rp\u00a0400,000"):
        bank.pay(loan, 400_001)
    loan.refresh_from_db()
    assert loan.outstanding == 400_000
    bank.pay(loan, 400_000)
    with pytest.raises(Refused, match="paid off already"):
        bank.pay(loan, 1)


def test_lateness_counts_from_the_due_date_after_the_pay_by_day(bank: Bank) -> None:
    loan = lend(bank, date(2026, 1, 22), amount=4_000_000)
    first = loan.instalments.get(number=1)  # 22 February 2026 is a Sunday
    assert (first.due_date, first.pay_by) == (date(2026, 2, 22), date(2026, 2, 23))
    assert state_of(loan, on=date(2026, 2, 23)).days_past_due == 0
    late = state_of(loan, on=date(2026, 2, 24))
    assert (late.days_past_due, late.arrears) == (2, 334_000)


def test_a_backdated_payment_gives_the_state_of_one_entered_in_order(bank: Bank) -> None:
    start = clock.today() - timedelta(days=200)
    in_order, backdated = lend(bank, start), lend(bank, start)
    dates = [start + timedelta(days=n) for n in (30, 61, 95)]
    for day in dates:
        bank.pay(in_order, 334_000, on=day)
    for day in (dates[2], dates[0], dates[1]):
        bank.pay(backdated, 334_000, on=day)
    for day in [*dates, dates[0] - timedelta(days=1), clock.today()]:
        left, right = (state_of(Loan.objects.get(pk=loan.pk), on=day) for loan in (in_order, backdated))
        assert {**vars(left), "number": ""} == {**vars(right), "number": ""}


@pytest.mark.parametrize("shift", [-1, 1])
def test_dates_before_disbursement_or_in_the_future_are_refused(bank: Bank, shift: int) -> None:
    loan = bank.disbursed()
    with pytest.raises(Refused) as refused:
        bank.pay(loan, 1_000, on=clock.today() + timedelta(days=shift))
    assert refused.value.field == "effective_date"


def test_a_closed_period_takes_nothing(bank: Bank) -> None:
    loan = lend(bank, clock.today() - timedelta(days=60))
    reference = bank.pay(loan, 334_000, on=clock.today() - timedelta(days=20))
    close_period("35.73", through=clock.today() - timedelta(days=10), by=bank.admin)
    with pytest.raises(Refused, match="closed") as refused:
        bank.pay(loan, 1_000, on=clock.today() - timedelta(days=10))
    assert refused.value.field == "effective_date"
    actions.reverse_repayment(loan, reference=reference, by=bank.teller2, reason="Salah orang")
    undone = Transfer.objects.get(kind="reversal")
    assert undone.effective_date == clock.today() - timedelta(days=9)
    no_breaches()


def test_only_an_admin_of_the_region_closes_its_books(bank: Bank) -> None:
    with pytest.raises(Refused) as refused:
        close_period("35.73", through=clock.today() - timedelta(days=10), by=bank.teller)
    assert refused.value.status == 403


def test_a_wrong_payment_is_reversed_once_by_another_person(bank: Bank) -> None:
    loan = lend(bank, date(2026, 1, 22), amount=1_000_000, months=2, debt=500_000)
    reference = bank.pay(loan, 1_000_000, on=date(2026, 2, 1))
    loan.refresh_from_db()
    assert state_of(loan).state == "paid_off"
    with pytest.raises(Refused, match="Somebody else"):
        actions.reverse_repayment(loan, reference=reference, by=bank.teller, reason="x")
    with pytest.raises(Refused, match="Say why"):
        actions.reverse_repayment(loan, reference=reference, by=bank.teller2, reason="  ")
    actions.reverse_repayment(loan, reference=reference, by=bank.teller2, reason="Uang orang lain")
    with pytest.raises(Refused, match="reversed already"):
        actions.reverse_repayment(loan, reference=reference, by=bank.approver, reason="again")
    loan.refresh_from_db()
    state = state_of(loan, on=date(2026, 2, 25))
    assert (state.state, state.days_past_due, state.paid_total) == ("active", 3, 0)
    assert [payment.counts for payment in payments(loan)] == [False]
    no_breaches()


def test_the_same_key_gets_the_same_answer_and_a_refusal_keeps_no_key(bank: Bank) -> None:
    loan = bank.disbursed()
    with pytest.raises(Refused):
        actions.record_repayment(loan, amount=99_000_000, by=bank.teller, key="k1")
    first = actions.record_repayment(loan, amount=334_000, by=bank.teller, key="k1")
    with clock.on(clock.today() + timedelta(days=30)):
        assert actions.record_repayment(loan, amount=334_000, by=bank.teller, key="k1") == first
    with pytest.raises(Refused) as refused:
        actions.record_repayment(loan, amount=335_000, by=bank.teller, key="k1")
    assert refused.value.status == 409
    assert actions.record_repayment(loan, amount=1_000, by=bank.teller2, key="k1") != first
    assert Transfer.objects.filter(credit=loan.account).count() == 2


def test_the_database_keeps_loans_transfers_and_instalments(bank: Bank) -> None:
    loan = bank.disbursed()
    for break_it in (
        lambda: Loan.objects.filter(pk=loan.pk).update(paid_total=5),
        lambda: Loan.objects.filter(pk=loan.pk).update(principal=5),
        lambda: Loan.objects.filter(pk=loan.pk).delete(),
        lambda: Instalment.objects.filter(loan=loan).update(amount=5),
        lambda: Instalment.objects.filter(loan=loan).delete(),
        lambda: Transfer.objects.filter(debit=loan.account).update(amount=5),
        lambda: Transfer.objects.filter(debit=loan.account).delete(),
    ):
        with pytest.raises(Exception, match=r"Cannot|paid_total|update|delete"), transaction.atomic():
            break_it()
    no_breaches()


def test_a_holiday_declared_later_moves_only_what_is_to_come(bank: Bank) -> None:
    loan = bank.disbursed()
    line = loan.instalments.get(number=2)
    assert actions.declare_holiday(day=line.pay_by, name="Hari kota", by=bank.admin, region_id="35.73") == 1
    line.refresh_from_db()
    assert line.pay_by == Calendar("35.73").first_from(line.due_date)
    assert line.pay_by > line.due_date
    with pytest.raises(Refused):
        actions.declare_holiday(
            day=clock.today() - timedelta(days=1), name="x", by=bank.admin, region_id="35.73"
        )


def test_a_day_off_declared_by_mistake_is_taken_back(bank: Bank) -> None:
    loan = bank.disbursed()
    line, reminded = loan.instalments.get(number=2), loan.instalments.get(number=3)
    days = line.pay_by, reminded.pay_by
    for day in days:
        actions.declare_holiday(day=day, name="Salah hari", by=bank.admin, region_id="35.73")
    later = bank.disbursed().instalments.get(number=2)  # made with the day off in mind
    assert later.pay_by > days[0]
    Reminder.objects.create(region_id="35.73", loan=loan, number=3, kind="before")
    with pytest.raises(Refused):
        actions.take_back_holiday(day=days[0], by=bank.teller, region_id="35.73")
    assert actions.take_back_holiday(day=days[0], by=bank.admin, region_id="35.73") == 2
    assert actions.take_back_holiday(day=days[1], by=bank.admin, region_id="35.73") == 1  # the other loan's
    for one in (line, later, reminded):
        one.refresh_from_db()
    assert (line.pay_by, later.pay_by) == (days[0], days[0])
    assert reminded.pay_by > days[1]  # nobody pays sooner than they were told
    with pytest.raises(Refused, match="already"):
        actions.take_back_holiday(day=days[0], by=bank.admin, region_id="35.73")
    log = Holiday.pgh_event_model.objects.filter(date=days[0]).order_by("pgh_id")  # type: ignore[attr-defined]
    assert list(log.values_list("pgh_label", "name")) == [("insert", "Salah hari"), ("delete", "Salah hari")]
    actions.declare_holiday(day=days[0], name="Benar", by=bank.admin, region_id="35.73")  # and may come again
    no_breaches()


def test_one_of_two_days_off_in_a_row_is_taken_back(bank: Bank) -> None:
    line = bank.disbursed().instalments.get(number=2)
    first = line.pay_by
    second = Calendar("35.73").after(first, 1)
    for day in (first, second):
        actions.declare_holiday(day=day, name="Libur", by=bank.admin, region_id="35.73")
    for day, then in ((second, second), (first, first)):
        assert actions.take_back_holiday(day=day, by=bank.admin, region_id="35.73") == 1
        line.refresh_from_db()
        assert line.pay_by == then


def test_a_day_off_that_has_come_stays(bank: Bank) -> None:
    actions.declare_holiday(day=clock.today(), name="Hari kota", by=bank.admin, region_id="35.73")
    with pytest.raises(Refused, match="has come"):
        actions.take_back_holiday(day=clock.today(), by=bank.admin, region_id="35.73")
    assert not Calendar("35.73").is_working_day(clock.today())


def test_the_clock_counts_working_days_and_stops(bank: Bank) -> None:
    with clock.on(date(2026, 7, 3)):  # a Friday
        application = bank.submitted()
    Application.objects.filter(pk=application.pk).update(submitted_at="2026-07-03T03:00:00Z")
    application.refresh_from_db()
    with clock.on(date(2026, 7, 6)):  # Saturday counts, Sunday does not
        found = working_day_clock(application)
    assert found is not None
    assert (found.used, found.limit, found.is_over) == (2, 12, False)


def test_collections_are_paid_into_the_fund_once(bank: Bank) -> None:
    loan = bank.disbursed()
    bank.pay(loan, 334_000)
    before = books.balance(bank.scheme.fund)
    assert actions.sweep_collections(bank.scheme, by=bank.teller) is not None
    assert actions.sweep_collections(bank.scheme, by=bank.teller) is None
    assert books.balance(bank.scheme.fund) == before + 334_000
    no_breaches()


def test_the_neighbourhood_confirms_what_the_money_did(bank: Bank) -> None:
    loan = bank.disbursed()
    task = loan.confirmations.get()
    assert task.due_on == clock.today() + timedelta(days=30)
    done = {"by": bank.field, "body": "pkk", "said_by": "Bu Lurah", "money_works": True}
    with pytest.raises(Refused, match="what is wrong"):
        actions.confirm_use(task, rentenir_paid=False, **done)
    actions.confirm_use(task, rentenir_paid=True, **done)
    with pytest.raises(Refused, match="already"):
        actions.confirm_use(task, rentenir_paid=True, **done)


def test_check_finds_a_broken_loan(bank: Bank) -> None:

    loan = bank.disbursed()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE financing_loan SET paid_total = 7 WHERE id = %s", [loan.pk])
        cursor.execute("SET session_replication_role = DEFAULT")
    broken = {breach.invariant.key: breach.rows for breach in invariants.breaches()}
    assert broken["loan_equals_its_account"][0]["number"] == loan.number


@pytest.mark.parametrize(
    ("key", "slip"),
    [
        (
            "instalments_keep_to_the_plan",
            "UPDATE financing_instalment SET due_date = due_date - 1 WHERE number = 3",
        ),
        (
            "instalments_keep_to_the_plan",
            "UPDATE financing_instalment SET amount = amount + CASE number WHEN 2 THEN 1000 ELSE -1000 END, "
            "due_total = due_total + CASE number WHEN 2 THEN 1000 ELSE 0 END WHERE number IN (2, 3)",
        ),
        ("fund_is_guarded", "UPDATE ledger_account SET guarded_balance = NULL WHERE code LIKE 'fund:%'"),
        (
            "nothing_in_the_future",
            "UPDATE ledger_transfer SET effective_date = effective_date + 1 WHERE kind = 'disbursement'",
        ),
    ],
)
def test_a_slip_made_past_the_triggers_is_found(bank: Bank, key: str, slip: str) -> None:
    bank.disbursed()
    no_breaches()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(slip)
        cursor.execute("SET session_replication_role = DEFAULT")
    assert key in {breach.invariant.key for breach in invariants.breaches()}


def test_another_region_sees_nothing(bank: Bank) -> None:
    loan = bank.disbursed()
    stranger = make_person(role="teller", region="35.07")
    assert not Loan.objects.visible_to(stranger).exists()
    with pytest.raises(Refused):
        actions.record_repayment(loan, amount=1_000, by=stranger, key=uuid.uuid4().hex)
