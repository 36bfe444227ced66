"""Registering an enterprise, for oneself and for others."""

import pytest
from tests.factories import BATU, MALANG, make_nik, make_person, make_village

from mbois.enterprises.actions import register_enterprise, review_enterprise, update_enterprise
from mbois.enterprises.duplicates import candidates, find_all
from mbois.enterprises.models import DuplicatePair, Enterprise, Owner, State
from mbois.enterprises.tests.factories import make_enterprise, make_registration
from mbois.people.models import Notification, Person, Role
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def siti() -> Person:
    return make_person("Siti Aminah")


@pytest.fixture
def officer() -> Person:
    return make_person("Bu Rini", role=Role.VILLAGE_OFFICER, area=make_village().pk)


def test_an_owner_registers_their_own(siti: Person) -> None:
    enterprise = register_enterprise(make_registration(name="Tempe Bu Siti", nik="3573014505850001"), by=siti)
    assert enterprise.number == "U-3573-000001"
    assert enterprise.state == State.SUBMITTED
    assert enterprise.owner.person == siti
    assert enterprise.owner.nik_masked == "3573••••••••0001"
    assert enterprise.owner.woman is True
    assert "3573014505850001" not in enterprise.owner.nik_sealed


def test_the_second_business_is_under_the_same_owner(siti: Person) -> None:
    nik = make_nik()
    first = register_enterprise(make_registration(nik=nik), by=siti)
    second = register_enterprise(make_registration(nik=nik), by=siti)
    assert first.owner == second.owner


def test_a_strangers_nik_gets_the_answer_of_one_that_nobody_holds(siti: Person, officer: Person) -> None:
    nik = make_nik()
    held = register_enterprise(make_registration(nik=nik, owner_name="Joko Susilo"), by=make_person())
    claimed = register_enterprise(make_registration(nik=nik), by=siti)
    assert claimed.owner.nik_masked == held.owner.nik_masked  # what was given, as for everybody
    assert (claimed.owner.nik_hash, claimed.owner.settled) == ("", False)
    found = candidates(
        claimed.region_id,
        claimed.name,
        claimed.village_id,
        nik_hash=claimed.owner.nik_told_hash,
        owner=claimed.owner_id,
        exclude=claimed.pk,
    )
    assert [(one.enterprise, "claimed" in one.reasons) for one in found] == [(held, True)]
    with pytest.raises(Refused, match="Another record here holds the NIK"):
        review_enterprise(claimed, outcome="verified", by=officer)
    find_all(claimed.region_id)
    pair = DuplicatePair.objects.get()
    assert {pair.left_id, pair.right_id} == {held.pk, claimed.pk}
    update_enterprise(claimed, {"nik": make_nik()}, by=officer)
    claimed.owner.refresh_from_db()
    assert claimed.owner.settled and claimed.owner.nik_hash
    assert review_enterprise(claimed, outcome="verified", by=officer)


def test_a_claim_changed_by_its_owner_tells_nothing_either(siti: Person) -> None:
    nik, own = make_nik(), make_nik()
    register_enterprise(make_registration(nik=nik), by=make_person())
    mine = register_enterprise(make_registration(nik=own), by=siti)
    update_enterprise(mine, {"nik": nik}, by=siti)
    mine.owner.refresh_from_db()
    assert (mine.owner.nik_hash, mine.owner.settled) == ("", False)
    update_enterprise(mine, {"nik": own}, by=siti)
    mine.owner.refresh_from_db()
    assert mine.owner.settled


def test_a_nik_of_another_region_is_like_one_nobody_has(siti: Person) -> None:
    nik = make_nik()
    register_enterprise(make_registration(nik=nik, region=BATU), by=make_person())
    assert register_enterprise(make_registration(nik=nik, region=MALANG), by=siti).pk


def test_an_officer_registers_somebody_without_an_account(officer: Person) -> None:
    enterprise = register_enterprise(make_registration(owner_name="Mbah Karti"), by=officer, for_other=True)
    assert enterprise.owner.name == "Mbah Karti"
    assert not enterprise.owner.person.has_account
    assert enterprise.registered_by == officer


def test_an_officer_is_led_to_the_owner_known_already(officer: Person) -> None:
    nik = make_nik()
    first = register_enterprise(
        make_registration(nik=nik, owner_name="Mbah Karti"), by=officer, for_other=True
    )
    with pytest.raises(Refused, match=first.number) as refused:
        register_enterprise(make_registration(nik=nik, owner_name="Karti"), by=officer, for_other=True)
    assert refused.value.code == "nik_known"
    second = register_enterprise(make_registration(nik=nik), by=officer, for_other=True, owner=first.owner)
    assert second.owner == first.owner


def test_an_officer_registers_only_where_they_serve(officer: Person) -> None:
    elsewhere = make_village(name="Kauman")
    with pytest.raises(Refused, match="area you serve"):
        register_enterprise(make_registration(village=elsewhere), by=officer, for_other=True)


def test_a_citizen_registers_nobody_else(siti: Person) -> None:
    with pytest.raises(Refused):
        register_enterprise(make_registration(), by=siti, for_other=True)


def test_a_nib_is_given_once_a_region(siti: Person) -> None:
    make_enterprise(nib="1234567890123")
    with pytest.raises(Refused) as refused:
        register_enterprise(make_registration(nib="1234567890123"), by=siti)
    assert refused.value.field == "nib"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "  "),
        ("nik", "357301450585000"),
        ("nik", "3573013202850001"),
        ("nik", "3573013002850001"),
        ("nik", "3573014505850000"),
        ("nik", "0073014505850001"),
        ("nib", "123"),
        ("phone", "12"),
        ("capital", -1),
        ("annual_sales", 10**16),
        ("workers", -2),
        ("latitude", 3.0),
        ("subsector", "no such"),
        ("rt", "12345"),
    ],
)
def test_it_refuses_what_cannot_be(siti: Person, field: str, value: object) -> None:
    with pytest.raises(Refused) as refused:
        register_enterprise(make_registration(**{field: value}), by=siti)
    assert refused.value.field in {field, "longitude"}
    assert not Enterprise.objects.exists() and not Owner.objects.exists()


def test_an_owner_who_changes_the_name_is_looked_at_again() -> None:
    enterprise = make_enterprise()
    owner = enterprise.owner.person
    assert update_enterprise(enterprise, {"annual_sales": 5_000_000}, by=owner).state == State.VERIFIED
    assert update_enterprise(enterprise, {"name": "Nama Baru"}, by=owner).state == State.SUBMITTED


def test_an_officers_change_keeps_the_state() -> None:
    enterprise = make_enterprise()
    officer = make_person(role=Role.AGENCY_OFFICER)
    assert update_enterprise(enterprise, {"name": "Nama Baru"}, by=officer).state == State.VERIFIED


def test_a_stranger_changes_nothing(siti: Person) -> None:
    with pytest.raises(Refused):
        update_enterprise(make_enterprise(), {"name": "Nama Baru"}, by=siti)


def test_it_does_not_move_to_another_region() -> None:
    enterprise = make_enterprise()
    with pytest.raises(Refused, match="another region"):
        update_enterprise(enterprise, {"village": make_village(BATU)}, by=enterprise.owner.person)


def test_the_officer_is_told_and_then_the_owner(siti: Person, officer: Person) -> None:
    enterprise = register_enterprise(make_registration(), by=siti)
    assert Notification.objects.get(person=officer).key == "enterprises/submitted"
    review_enterprise(enterprise, outcome="returned", reasons="The photo is missing", by=officer)
    assert Notification.objects.get(person=siti).key == "enterprises/returned"
