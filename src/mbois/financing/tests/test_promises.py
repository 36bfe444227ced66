"""What was promised to a borrower holds, whatever a scheme's admin or the borrower does meanwhile."""

from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from pghistory.models import Context

from mbois import clock, invariants
from mbois.financing import actions
from mbois.financing.models import Application, Decision, Instalment, Loan, Scheme, Settlement, State
from mbois.financing.tests.factories import VISIT_POINTS, Bank
from mbois.people.actions import record_consent, withdraw_consent
from mbois.people.models import Consent, ConsentText, Notification
from mbois.refused import Refused

pytestmark = pytest.mark.django_db

UNDER_WAY = ["submitted", "visited", "assessed", "approved", "signed"]


@pytest.mark.parametrize("step", UNDER_WAY)
def test_the_unit_of_instalments_stays_while_applications_are_under_way(bank: Bank, step: str) -> None:
    getattr(bank, step)()
    with pytest.raises(Refused, match="Rp\u00a01") as refused:
        actions.update_scheme(bank.scheme, by=bank.admin, changes={"unit": 7_000})
    assert refused.value.field == "unit"
    with pytest.raises(IntegrityError, match="scheme_unit_is_promised"), transaction.atomic():
        Scheme.objects.update(unit=7_000)


def test_the_unit_changes_when_nothing_is_promised_with_it(bank: Bank) -> None:
    bank.disbursed()
    bank.draft()
    assert actions.update_scheme(bank.scheme, by=bank.admin, changes={"unit": 7_000}).unit == 7_000


def test_a_scheme_that_became_narrower_does_not_catch_who_asked_before(bank: Bank) -> None:
    application = bank.assessed(amount=4_000_000, months=12)
    actions.update_scheme(bank.scheme, by=bank.admin, changes={"minimum": 5_000_000, "months_min": 15})
    decision = actions.decide(application, by=bank.approver, granted=True, amount=4_000_000, months=12)
    assert decision.amount == 4_000_000


@pytest.mark.parametrize("step", UNDER_WAY)
def test_a_consent_taken_back_before_the_money_ends_the_application(bank: Bank, step: str) -> None:
    application: Application = getattr(bank, step)()
    person = application.borrower.person
    for consent in Consent.objects.filter(person=person, text__key="ojir"):
        withdraw_consent(consent, by=person)
    application.refresh_from_db()
    assert application.state == State.WITHDRAWN and application.ended_on
    told = set(Notification.objects.filter(key="financing/stopped").values_list("person", flat=True))
    next_one = {
        "approved": bank.field,
        "submitted": bank.field,
        "visited": bank.assessor,
        "assessed": bank.approver,
    }
    assert {person.pk, next_one.get(step, bank.teller).pk} <= told
    with pytest.raises(Refused):
        actions.record_visit(application, bank.report(), by=bank.field)


def test_a_consent_given_anew_keeps_the_application(bank: Bank) -> None:
    application = bank.submitted()
    person = application.borrower.person
    ConsentText.objects.create(key="ojir", version=2, body_id="Saya setuju.", body_en="I agree.")
    record_consent(person, "ojir", region_id=bank.region, by=person, method="self")
    older, _newer = Consent.objects.filter(person=person, text__key="ojir").order_by("pk")
    withdraw_consent(older, by=person)
    application.refresh_from_db()
    assert application.state == State.SUBMITTED


def test_a_loan_stays_whatever_is_taken_back(bank: Bank) -> None:
    loan = bank.disbursed()
    person = loan.borrower.person
    withdraw_consent(Consent.objects.get(person=person, text__key="ojir"), by=person)
    loan.application.refresh_from_db()
    assert loan.application.state == State.DISBURSED


def test_the_database_keeps_no_application_waiting_without_consent(bank: Bank) -> None:
    application = bank.submitted()
    consent = Consent.objects.filter(person=application.borrower.person, text__key="ojir")
    for change in (
        lambda: consent.update(withdrawn_at=application.submitted_at),
        lambda: consent.update(region_id="35.07"),
    ):
        with pytest.raises(IntegrityError, match="application_waits_with_consent"), transaction.atomic():
            change()
            connection.check_constraints()
    draft = bank.draft()
    Consent.objects.filter(person=draft.borrower.person, text__key="ojir").update(withdrawn_at=clock.now())
    with pytest.raises(IntegrityError, match="application_waits_with_consent"), transaction.atomic():
        Application.objects.filter(pk=draft.pk).update(state=State.SUBMITTED, submitted_at=clock.now())
        connection.check_constraints()


def test_the_check_finds_an_application_that_goes_on_without_consent(bank: Bank) -> None:
    application = bank.submitted()
    assert invariants.breaches() == []
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE people_consent DISABLE TRIGGER consent_is_needed"
        )
    Consent.objects.filter(person=application.borrower.person).update(withdrawn_at=application.submitted_at)
    assert "stopped_without_consent" in {breach.invariant.key for breach in invariants.breaches()}


def test_who_decides_reads_what_the_officer_saw_and_what_the_lender_signed(
    bank: Bank, client: Client
) -> None:
    application = bank.submitted()
    checked = dict.fromkeys(VISIT_POINTS, True) | {"agrees_to_settle": False}
    actions.record_visit(application, bank.report(checklist=checked), by=bank.field)
    client.force_login(bank.approver)
    html = client.get(f"/pengajuan/{application.number}/", headers={"accept-language": "en"}).content.decode()
    assert "No: The household agrees" in html and "The applicant lives at this address" in html


def test_a_settlement_for_less_shows_what_was_told_and_signed(bank: Bank, client: Client) -> None:
    application = bank.signed(debt=2_100_000)
    (debt,) = application.debts.all()
    less = {"by": bank.teller, "settlements": {debt.pk: 1_500_000}}
    with pytest.raises(Refused, match="signed"):
        actions.disburse(application, **less, agreed={debt.pk: "x"}, key="a" * 12)
    loan = actions.disburse(application, **less, agreed={debt.pk: "Lunas, kata Pak X"}, key="b" * 12)
    client.force_login(bank.teller)
    html = client.get(f"/pinjaman/{loan.number}/", headers={"accept-language": "en"}).content.decode()
    assert "Rp\u00a02.100.000 was told" in html or "Rp\u00a02,100,000 was told" in html
    assert "Lunas, kata Pak X" in html


def test_a_loan_is_of_who_applied_for_it(bank: Bank) -> None:
    loan = bank.disbursed()
    connection.check_constraints()
    stranger = bank.draft().borrower
    with pytest.raises(IntegrityError, match="loan_is_the_applicants"), transaction.atomic():
        Loan.objects.filter(pk=loan.pk).update(borrower=stranger)
        connection.check_constraints()
    with pytest.raises(IntegrityError, match="loan_is_the_applicants"), transaction.atomic():
        Application.objects.filter(pk=loan.application_id).update(borrower=stranger)
        connection.check_constraints()
    Loan.objects.filter(pk=loan.pk).update(borrower=stranger)  # as a merge does: both, one after the other
    Application.objects.filter(pk=loan.application_id).update(borrower=stranger)
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE financing_loan DISABLE TRIGGER loan_is_the_applicants")
    Loan.objects.filter(pk=loan.pk).update(borrower=loan.borrower)
    assert "loan_is_the_applicants" in {breach.invariant.key for breach in invariants.breaches()}


def test_a_decision_that_grants_says_how_much(bank: Bank) -> None:
    application = bank.assessed()
    for missing in ({"amount": None}, {"months": None}):
        granted: dict[str, object] = {"amount": application.amount_asked, "months": application.months_asked}
        with pytest.raises(IntegrityError, match="decision_says_how_much"), transaction.atomic():
            Decision.objects.create(
                region_id=application.region_id,
                application=application,
                decided_by=bank.approver,
                granted=True,
                **(granted | missing),
            )


def test_a_day_to_pay_by_is_near_its_due_day_and_no_sunday(bank: Bank) -> None:
    last = bank.disbursed().instalments.last()
    assert last is not None
    sunday = last.due_date + timedelta(days=7 - last.due_date.isoweekday())
    for day in (last.due_date + timedelta(days=32), sunday):
        with pytest.raises(IntegrityError, match="instalment_pay_by_is_near"), transaction.atomic():
            Instalment.objects.filter(pk=last.pk).update(pay_by=day)


@pytest.mark.parametrize(
    "table", ["loan", "instalment", "decision", "visit", "assessment", "contract", "settlement"]
)
@pytest.mark.usefixtures("emptying_is_refused")
def test_what_was_decided_and_planned_is_never_emptied(table: str) -> None:
    with (
        pytest.raises(IntegrityError, match="never_emptied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE financing_{table} CASCADE")


def test_the_trail_is_only_added_to(bank: Bank) -> None:
    bank.disbursed()
    for sql in (
        "DELETE FROM financing_loanevent",
        "UPDATE financing_loanevent SET pgh_label = 'x'",
        "DELETE FROM enterprises_enterpriseevent",
    ):
        with (
            pytest.raises(DatabaseError, match="Cannot update or delete"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM pghistory_context",
        "UPDATE pghistory_context SET metadata = metadata || '{\"user\": 1}'",
        "UPDATE pghistory_context SET created_at = created_at + interval '2 hours'",
    ],
)
def test_who_did_what_stays(sql: str) -> None:
    context = Context.objects.create(metadata={"user": 7})
    with connection.cursor() as cursor:  # what became known while the request went on
        cursor.execute("UPDATE pghistory_context SET metadata = metadata || '{\"on_behalf_of\": 9}'")
    with time_machine.travel(clock.now() - timedelta(hours=2)):
        Context.objects.create(metadata={"user": 8})
    with (
        pytest.raises(IntegrityError, match="trail_stays"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    context.refresh_from_db()
    assert context.metadata == {"user": 7, "on_behalf_of": 9}


@pytest.mark.usefixtures("emptying_is_refused")
def test_no_trail_is_ever_emptied() -> None:
    trails = [model._meta.db_table for model in apps.get_models() if hasattr(model, "pgh_tracked_model")]
    assert len(trails) > 50
    for table in [*trails, "pghistory_context"]:
        with (
            pytest.raises(IntegrityError, match="never_emptied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("visit", "application_id = application_id + 1"),
        ("assessment", "assessed_by_id = assessed_by_id + 1"),
        ("contract", "signed_at = signed_at - interval '1 day'"),
        ("settlement", "amount = amount + 1000"),
        ("application", "entered_by_id = entered_by_id + 1"),
        ("application", "amount_asked = amount_asked - 1000"),
        ("application", "months_asked = months_asked + 1"),
    ],
)
def test_what_a_loan_rests_on_is_not_rewritten(bank: Bank, table: str, change: str) -> None:
    bank.disbursed()
    with (
        pytest.raises(DatabaseError, match="Cannot update"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE financing_{table} SET {change}")


@pytest.mark.parametrize("table", ["assessment", "contract", "settlement"])
def test_what_a_loan_rests_on_is_not_removed(bank: Bank, table: str) -> None:
    bank.disbursed()
    with (
        pytest.raises(DatabaseError, match="Cannot update or delete"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM financing_{table}")


def test_nothing_is_disbursed_without_a_loan(bank: Bank) -> None:
    application = bank.signed()
    connection.check_constraints()
    with pytest.raises(IntegrityError, match="disbursed_has_its_loan"), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(state=State.DISBURSED)
        connection.check_constraints()


def test_a_settlement_is_what_was_paid(bank: Bank) -> None:
    loan = bank.disbursed()
    paid = Settlement.objects.get(loan=loan)
    with pytest.raises(IntegrityError, match="settlement_is_its_transfer"), transaction.atomic():
        Settlement.objects.create(
            region_id=loan.region_id,
            loan=loan,
            debt=paid.debt,
            transfer=paid.transfer,
            amount=paid.amount - 1_000,
            told=1_000,
        )
