"""What was promised to a borrower holds, whatever a scheme's admin or the borrower does meanwhile."""

import pytest
from django.db import IntegrityError, transaction

from mbois import invariants
from mbois.financing import actions
from mbois.financing.models import Application, Scheme, State
from mbois.financing.tests.factories import Bank
from mbois.people.actions import record_consent, withdraw_consent
from mbois.people.models import Consent, ConsentText, Notification
from mbois.refused import Refused

pytestmark = pytest.mark.django_db

UNDER_WAY = ["submitted", "visited", "assessed", "approved", "signed"]


@pytest.mark.parametrize("step", UNDER_WAY)
def test_the_unit_of_instalments_stays_while_applications_are_under_way(bank: Bank, step: str) -> None:
    getattr(bank, step)()
    with pytest.raises(Refused, match="Rp 1") as refused:
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
    next_one = {"submitted": bank.field, "visited": bank.assessor, "assessed": bank.approver}
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


def test_the_check_finds_an_application_that_goes_on_without_consent(bank: Bank) -> None:
    application = bank.submitted()
    assert invariants.breaches() == []
    Consent.objects.filter(person=application.borrower.person).update(withdrawn_at=application.submitted_at)
    assert "stopped_without_consent" in {breach.invariant.key for breach in invariants.breaches()}
