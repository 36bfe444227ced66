"""Rules that hold whatever the code does: states, sizes, and who sees what."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from tests.factories import BATU, KABUPATEN, MALANG, make_person, make_village

from mbois.enterprises.actions import review_enterprise
from mbois.enterprises.models import TRANSITIONS, Enterprise, Owner, Size, State, size_of
from mbois.enterprises.models.sizes import BILLION
from mbois.enterprises.tests.factories import make_enterprise
from mbois.people import claims
from mbois.people.models import Consent, Role
from mbois.places.models import Area
from mbois.refused import Refused

pytestmark = pytest.mark.django_db

REACHED = {
    State.SUBMITTED: [State.SUBMITTED],
    State.VERIFIED: [State.SUBMITTED, State.VERIFIED],
    State.RETURNED: [State.SUBMITTED, State.RETURNED],
    State.REJECTED: [State.SUBMITTED, State.REJECTED],
}


@pytest.mark.parametrize("before", list(REACHED))
def test_the_database_knows_which_state_follows_which(before: State) -> None:
    for after in set(State) - {before, State.MERGED}:
        row = make_enterprise(state=before)
        allowed = after in TRANSITIONS[before]
        try:
            with transaction.atomic():
                Enterprise.objects.filter(region=row.region_id, pk=row.pk).update(state=after)
        except DatabaseError:
            assert not allowed, (before, after)
        else:
            assert allowed, (before, after)


def test_merged_needs_the_other_one() -> None:
    row = make_enterprise()
    with pytest.raises(IntegrityError), transaction.atomic():
        Enterprise.objects.filter(region=row.region_id, pk=row.pk).update(state=State.MERGED)


@pytest.mark.parametrize("village", ["35.79.01.1001", "35.73.01"])
def test_it_lies_in_a_village_of_its_region(village: str) -> None:
    row = make_enterprise(region=MALANG)
    assert Area.objects.filter(pk=village).exists()
    with pytest.raises(IntegrityError, match="village_of_its_region"), transaction.atomic():
        Enterprise.objects.filter(region=row.region_id, pk=row.pk).update(village=village)


@pytest.mark.parametrize("nib", ["12", "022000123456x"])
def test_a_nib_has_thirteen_digits(nib: str) -> None:
    row = make_enterprise()
    with pytest.raises(IntegrityError, match="enterprise_nib_is_thirteen_digits"), transaction.atomic():
        Enterprise.objects.filter(region=row.region_id, pk=row.pk).update(nib=nib)


@pytest.mark.parametrize(
    ("capital", "sales", "size"),
    [
        (None, None, Size.UNKNOWN),
        (0, 0, Size.MICRO),
        (BILLION, 2 * BILLION, Size.MICRO),
        (BILLION + 1, 0, Size.SMALL),
        (0, 2 * BILLION + 1, Size.SMALL),
        (5 * BILLION, 15 * BILLION, Size.SMALL),
        (5 * BILLION + 1, None, Size.MEDIUM),
        (None, 15 * BILLION + 1, Size.MEDIUM),
        (10 * BILLION, 50 * BILLION, Size.MEDIUM),
        (10 * BILLION + 1, 0, Size.LARGE),
        (0, 50 * BILLION + 1, Size.LARGE),
        (None, BILLION, Size.MICRO),
    ],
)
def test_the_size_is_the_same_in_python_and_in_the_database(
    capital: int | None, sales: int | None, size: Size
) -> None:
    row = make_enterprise(capital=capital, annual_sales=sales)
    row.refresh_from_db()
    assert (row.size, size_of(capital, sales)) == (size, size)


@pytest.mark.parametrize(
    ("role", "region", "sees"),
    [
        (Role.AGENCY_OFFICER, MALANG, True),
        (Role.FIELD_OFFICER, MALANG, True),
        (Role.ASSESSOR, MALANG, True),
        (Role.APPROVER, MALANG, True),
        (Role.TELLER, MALANG, True),
        (Role.AUDITOR, MALANG, True),
        (Role.REGION_ADMIN, MALANG, True),
        (Role.EXECUTIVE, MALANG, True),
        (Role.AGENCY_OFFICER, BATU, False),
        (Role.REGION_ADMIN, KABUPATEN, False),
        (None, MALANG, False),
    ],
)
def test_who_sees_an_enterprise(role: Role | None, region: str, sees: bool) -> None:
    row = make_enterprise()
    person = make_person(role=role, region=region) if role else make_person()
    assert Enterprise.objects.visible_to(person).filter(pk=row.pk).exists() is sees
    assert Owner.objects.visible_to(person).filter(pk=row.owner_id).exists() is sees


def test_a_village_officer_sees_by_village_and_district() -> None:
    village = make_village()
    row, other = make_enterprise(village=village), make_enterprise(village=make_village(name="Kauman"))
    for area in (village.pk, village.parent_id):
        officer = make_person(role=Role.VILLAGE_OFFICER, area=area)
        assert list(Enterprise.objects.visible_to(officer)) == [row]
        assert list(Owner.objects.visible_to(officer)) == [row.owner]
    assert other.village != village


def test_having_registered_it_is_no_reason_to_see_it_for_ever() -> None:
    row, once_an_officer = make_enterprise(), make_person()
    Enterprise.objects.filter(region=row.region_id, pk=row.pk).update(registered_by=once_an_officer)
    assert not Enterprise.objects.visible_to(once_an_officer).exists()


def test_nobody_reviews_their_own() -> None:
    officer = make_person(role=Role.AGENCY_OFFICER)
    row = make_enterprise(owner=officer, state=State.SUBMITTED)
    with pytest.raises(Refused, match="own business"):
        review_enterprise(row, outcome="verified", by=officer)


def test_an_account_taken_over_takes_the_enterprise_along() -> None:
    row = make_enterprise(nik="3573014505850001")
    account = make_person()
    old = row.owner.person
    assert [proof(old, "0001") for proof in claims._proofs if proof(old, "0001") is not None] == [True]
    assert [proof(old, "9999") for proof in claims._proofs if proof(old, "9999") is not None] == [False]
    for mover in claims._movers:
        mover(old, account)
    assert list(Enterprise.objects.visible_to(account)) == [row]


def test_a_consent_that_is_missing_is_given_later() -> None:
    row = make_enterprise()
    client = Client()
    client.force_login(row.owner.person)
    assert b"No consent" in client.get(row.get_absolute_url()).content
    client.post(reverse("enterprise_consent", kwargs={"enterprise": row.number}), {"agreed": "on"})
    assert Consent.objects.get().person == row.owner.person
    assert b"No consent" not in client.get(row.get_absolute_url()).content
