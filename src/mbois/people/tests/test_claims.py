"""Taking over what an officer made for one."""

from datetime import timedelta

import pytest

from mbois import clock
from mbois.people import actions, claims
from mbois.people.models import AccountConsent, Claim, Consent, Notification, Person
from mbois.people.tests.factories import make_person, make_region, picture
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make_person("Petugas Rini", role="village_officer")


@pytest.fixture
def mother(officer):
    return actions.register_person("Bu Sumi", by=officer, phone="0812 3456 7890")


@pytest.fixture(autouse=True)
def _hooks(monkeypatch):
    monkeypatch.setattr(claims, "_proofs", [])
    monkeypatch.setattr(claims, "_movers", list(claims._movers))


def test_an_officer_registers_somebody_without_an_account(mother, officer):
    assert mother.registered_by == officer and not mother.has_account
    assert str(mother.contact_phone) == "+6281234567890"
    assert not mother.has_usable_password()


def test_a_neighbours_number_may_stand_for_many(officer, mother):
    assert actions.register_person("Bu Tini", by=officer, phone="081234567890").contact_phone


@pytest.mark.parametrize("role", [None, "teller", "auditor", "executive"])
def test_others_register_nobody(role):
    with pytest.raises(Refused, match="may not register"):
        actions.register_person("Bu Sumi", by=make_person(role=role))


def test_one_takes_over_with_a_code(mother, officer):
    code = actions.issue_claim(mother, by=officer)
    assert len(code) == 9 and code[4] == "-"
    claim = actions.open_claim(code.lower().replace("-", " "), "")
    person = actions.claim_new_account(claim, phone="+6281111111111", password="warung bakso 12")
    assert person == mother and person.claimed_at and person.check_password("warung bakso 12")
    assert AccountConsent.objects.filter(person=mother, text__key="account").count() == 1
    assert Notification.objects.get(person=officer).key == "people/claimed"
    with pytest.raises(Refused, match="not known"):
        actions.open_claim(code, "")
    with pytest.raises(Refused, match="not known"):
        actions.claim_new_account(claim, phone="+6281111111112", password="warung bakso 12")


def test_the_code_itself_is_not_kept(mother, officer):
    code = actions.issue_claim(mother, by=officer)
    assert code not in str(Claim.objects.values().get()) and code.replace("-", "") not in str(
        Claim.objects.values().get()
    )


def test_a_new_slip_ends_the_old_one(mother, officer):
    first, second = actions.issue_claim(mother, by=officer), actions.issue_claim(mother, by=officer)
    with pytest.raises(Refused, match="not known"):
        actions.open_claim(first, "")
    assert actions.open_claim(second, "").person == mother


def test_a_slip_is_good_for_thirty_days(mother, officer):
    code = actions.issue_claim(mother, by=officer)
    Claim.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    with pytest.raises(Refused, match="30 days"):
        actions.open_claim(code, "")


def test_no_answer_at_all_is_asked_for_and_not_counted(mother, officer):
    claims.register_proof(lambda person, answer: answer == "0042" if person == mother else None)
    code = actions.issue_claim(mother, by=officer)
    for _time in range(6):
        with pytest.raises(Refused, match="last four digits"):
            actions.open_claim(code, " ")
    assert actions.open_claim(code, "0042").person == mother


def test_five_wrong_answers_end_a_slip(mother, officer):
    claims.register_proof(lambda person, answer: answer == "0042" if person == mother else None)
    code = actions.issue_claim(mother, by=officer)
    for _try in range(5):
        with pytest.raises(Refused, match="do not fit"):
            actions.open_claim(code, "1234")
    with pytest.raises(Refused, match="too often"):
        actions.open_claim(code, "0042")


def test_the_right_answer_opens(mother, officer):
    claims.register_proof(lambda person, answer: answer == "0042")
    claims.register_proof(lambda person, answer: None)
    assert actions.open_claim(actions.issue_claim(mother, by=officer), " 0042 ").person == mother


def test_who_has_an_account_gets_no_slip(officer):
    someone = make_person(registered_by=officer)
    with pytest.raises(Refused, match="has an account"):
        actions.issue_claim(someone, by=officer)


def test_a_number_typed_wrong_does_not_shut_the_owner_out(mother, officer):
    def take_over(phone):
        claim = claims.open_claim(actions.issue_claim(mother, by=officer), "")
        return claims.claim_new_account(claim, phone=phone, password="rujak cingur 5")

    take_over("+6281299990001")  # a digit wrong: no code comes, nobody signs in
    mother.refresh_from_db()
    assert mother.awaits_owner
    assert str(take_over("+6281299990000").phone) == "+6281299990000"
    Person.objects.filter(pk=mother.pk).update(last_login=clock.now())  # the code came, and she is in
    mother.refresh_from_db()
    with pytest.raises(Refused, match="has an account"):
        actions.issue_claim(mother, by=officer)


def test_a_stranger_hands_out_no_slip(mother):
    for stranger in (
        make_person(),
        make_person(role="teller"),
        make_person(role="village_officer", region="35.07"),
    ):
        with pytest.raises(Refused, match="may not hand out"):
            actions.issue_claim(mother, by=stranger)


def test_a_colleague_does_once_there_is_a_consent(mother, officer):
    colleague = make_person(role="agency_officer")
    actions.record_consent(
        mother, "registry", region_id="35.73", by=officer, method="thumb", evidence=picture()
    )
    assert actions.issue_claim(mother, by=colleague)


def test_an_account_takes_over(mother, officer):
    actions.record_consent(
        mother, "registry", region_id="35.73", by=officer, method="signature", evidence=picture("PNG")
    )
    moved = []
    claims.register_mover(lambda old, new: moved.append((old, new)))
    account = make_person("Sumiati")
    actions.claim_into(actions.open_claim(actions.issue_claim(mother, by=officer), ""), account=account)
    mother.refresh_from_db()
    assert moved == [(mother, account)]
    assert (mother.is_active, mother.claimed_by) == (False, account)
    assert Consent.objects.get().person == account and Consent.objects.get().evidence.subject == account


def test_a_number_that_has_an_account_is_not_taken(mother, officer):
    make_person(phone="+6281111111111")
    claim = actions.open_claim(actions.issue_claim(mother, by=officer), "")
    with pytest.raises(Refused, match="account with this already"):
        actions.claim_new_account(claim, phone="+6281111111111", password="warung bakso 12")
    assert (
        actions.claim_new_account(claim, email="Sumi@Example.com", password="warung bakso 12").email
        == "sumi@example.com"
    )


def test_consent_for_another_needs_evidence(mother, officer):
    make_region()
    with pytest.raises(Refused, match="signature or thumb"):
        actions.record_consent(mother, "registry", region_id="35.73", by=officer, method="self")
    with pytest.raises(Refused, match="missing"):
        actions.record_consent(mother, "registry", region_id="35.73", by=officer, method="thumb")
    with pytest.raises(Refused, match="may not record"):
        actions.record_consent(
            mother, "registry", region_id="35.07", by=officer, method="thumb", evidence=picture()
        )


def test_one_consent_of_a_version_is_enough():
    make_region()
    dewi = make_person()
    first = actions.record_consent(dewi, "ojir", region_id="35.73", by=dewi, method="self")
    assert actions.record_consent(dewi, "ojir", region_id="35.73", by=dewi, method="self") == first
    actions.withdraw_consent(first, by=dewi)
    assert actions.record_consent(dewi, "ojir", region_id="35.73", by=dewi, method="self") != first
    with pytest.raises(Refused, match="Only the person"):
        actions.withdraw_consent(first, by=make_person())
