"""Finding what may be the same enterprise, and deciding about it."""

import pytest
from tests.factories import BATU, KABUPATEN, MALANG, make_nik, make_person, make_village

from mbois.enterprises import duplicates
from mbois.enterprises.models import DuplicatePair, Enterprise, OwnerMatch
from mbois.enterprises.tests.factories import make_enterprise
from mbois.people import identity
from mbois.people.models import Role
from mbois.people.tests.factories import join
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make_person(role=Role.AGENCY_OFFICER, region=MALANG)


def look_for(name, *, village="Kauman", **more):
    return duplicates.candidates(MALANG, name, make_village(name=village).pk, **more)


def test_it_finds_the_same_shop_under_another_spelling():
    known = make_enterprise(name="Keripik Tempe Bu Sri", village=make_village(name="Kauman"))
    make_enterprise(name="Bakso Cak Ri", village=make_village(name="Kauman"))
    [found] = look_for("Kripik Tempe Sri")
    assert found.enterprise == known
    assert "similar name" in found.in_words and "same village" in found.in_words


def test_a_name_alone_in_another_district_is_not_enough():
    make_enterprise(name="Toko Sumber Rejeki", village=make_village(name="Merjosari"))
    assert look_for("UD Sumber Rezeki") == []
    assert len(look_for("UD Sumber Rezeki", village="Merjosari")) == 1


def test_a_phone_makes_it_likely_wherever_it_is():
    known = make_enterprise(
        name="Toko Sumber Rejeki", phone="0812 3456 7890", village=make_village(name="Merjosari")
    )
    [found] = look_for("Sumber Rejeki", phone="+6281234567890")
    assert found.enterprise == known and "same phone" in found.in_words


def test_the_owners_number_finds_it_without_a_similar_name():
    nik = make_nik()
    known = make_enterprise(name="Sate Ayam Madura", nik=nik, village=make_village(name="Kauman"))
    [found] = look_for("Sate Madura", nik_hash=identity.digest("nik", nik))
    assert found.enterprise == known and "same owner" in found.in_words


def test_two_owners_of_different_niks_are_two():
    make_enterprise(name="Sumber Rejeki", village=make_village(name="Kauman"))
    assert look_for("Sumber Rejeki", nik_hash=identity.digest("nik", make_nik())) == []


def test_a_name_of_shop_words_alone_says_little():
    make_enterprise(name="Warung", village=make_village(name="Kauman"))
    assert look_for("Warung") == []


def test_other_regions_are_never_looked_at():
    nik = make_nik()
    make_enterprise(region=KABUPATEN, name="Sate Madura", nik=nik, phone="081234567890")
    assert look_for("Sate Madura", phone="+6281234567890", nik_hash=identity.digest("nik", nik)) == []


def test_three_queries_however_many(django_assert_num_queries):
    for number in range(5):
        make_enterprise(name=f"Sumber Rejeki {number}", village=make_village(name="Kauman"))
    village = make_village(name="Kauman").pk
    with django_assert_num_queries(3):
        found = duplicates.candidates(MALANG, "Sumber Rejeki 1", village)
    assert len(found) >= 1 and found[0].enterprise.name == "Sumber Rejeki 1"
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def twice(**more):
    """The same shop registered twice by two officers."""
    village = make_village(name="Kauman")
    first = make_enterprise(
        name="Keripik Tempe Bu Sri", village=village, nik="", phone="081234567890", **more
    )
    second = make_enterprise(name="Kripik Tempe Sri", village=village, nik="", phone="081234567890", **more)
    return first, second


def test_the_search_of_a_region_fills_the_work_list(officer):
    first, second = twice()
    make_enterprise(name="Bakso Cak Ri")
    assert duplicates.find_all(MALANG) == 1
    [pair] = duplicates.open_pairs(officer)
    assert (pair.left, pair.right) == (first, second)
    assert "same_phone" in pair.reasons
    assert duplicates.find_all(MALANG) == 1
    assert not duplicates.open_pairs(make_person(role=Role.AGENCY_OFFICER, region=BATU))
    assert not duplicates.open_pairs(make_person(role=Role.TELLER, region=MALANG))


def test_a_decided_pair_is_not_proposed_again_until_opened(officer):
    twice()
    duplicates.find_all(MALANG)
    pair = duplicates.keep_apart(DuplicatePair.objects.get(), by=officer)
    assert duplicates.find_all(MALANG) == 0
    pair.refresh_from_db()
    assert pair.state == "different" and pair.decided_by == officer
    with pytest.raises(Refused, match="already"):
        duplicates.keep_apart(pair, by=officer)
    duplicates.look_again(pair, by=officer)
    assert duplicates.open_pairs(officer).count() == 1


def test_a_pair_that_no_longer_looks_alike_leaves_the_list():
    first, _second = twice()
    duplicates.find_all(MALANG)
    Enterprise.objects.filter(pk=first.pk).update(name="Salon Ayu", compared_name="salon ayu", phone="")
    assert duplicates.find_all(MALANG) == 0


def test_only_a_steward_of_the_region_decides():
    twice()
    duplicates.find_all(MALANG)
    for person in (
        make_person(role=Role.VILLAGE_OFFICER, region=MALANG),
        make_person(role=Role.REGION_ADMIN, region=BATU),
    ):
        with pytest.raises(Refused) as refusal:
            duplicates.keep_apart(DuplicatePair.objects.get(), by=person)
        assert refusal.value.status == 403


def test_a_number_in_two_regions_is_shown_to_a_steward_of_both_alone():
    nik = make_nik()
    make_enterprise(region=MALANG, nik=nik)
    make_enterprise(region=KABUPATEN, nik=nik)
    make_enterprise(region=BATU)
    assert duplicates.find_owner_matches() == 1
    assert duplicates.find_owner_matches() == 0
    both = make_person(role=Role.REGION_ADMIN, region=MALANG)
    assert not duplicates.owner_matches(both)
    join(both, Role.REGION_ADMIN, region=KABUPATEN)
    assert duplicates.owner_matches(both).count() == 1
    officer_of_both = make_person(role=Role.AGENCY_OFFICER, region=MALANG)
    join(officer_of_both, Role.AGENCY_OFFICER, region=KABUPATEN)
    assert not duplicates.owner_matches(officer_of_both)


def test_a_match_is_settled_once_with_a_note():
    nik = make_nik()
    make_enterprise(region=MALANG, nik=nik)
    make_enterprise(region=KABUPATEN, nik=nik)
    duplicates.find_owner_matches()
    match = OwnerMatch.objects.get()
    admin = make_person(role=Role.REGION_ADMIN, region=MALANG)
    with pytest.raises(Refused) as refusal:
        duplicates.settle_owner_match(match, note="Moved", by=admin)
    assert refusal.value.status == 404
    join(admin, Role.REGION_ADMIN, region=KABUPATEN)
    with pytest.raises(Refused, match="Write"):
        duplicates.settle_owner_match(match, note=" ", by=admin)
    duplicates.settle_owner_match(match, note="Moved in 2024", by=admin)
    with pytest.raises(Refused, match="already"):
        duplicates.settle_owner_match(match, note="Again", by=admin)
