"""Searching the registry: typing errors are forgiven, and a search stays quick."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.factories import BATU, make_nik, make_person, make_village

from mbois.enterprises.models import Enterprise, Export, SearchWord
from mbois.enterprises.queries import searched, slips, words_meant
from mbois.enterprises.tests.factories import make_enterprise
from mbois.people import identity, tokens
from mbois.people.models import Person, Role

pytestmark = pytest.mark.django_db


def names(text: str) -> list[str]:
    return [row.name for row in searched(Enterprise.objects.all(), text)]


@pytest.fixture
def registry() -> None:
    make_enterprise(name="Keripik Tempe Sanan", owner_name="Sumiati", description="keripik aneka rasa")
    make_enterprise(name="Bakso Rejeki", owner_name="Ponidi")
    make_enterprise(name="Bengkel Las Jaya", owner_name="Slamet Riyadi")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("sanan", "Keripik Tempe Sanan"),
        ("kripik", "Keripik Tempe Sanan"),
        ("tmpe", "Keripik Tempe Sanan"),
        ("tempe kripik", "Keripik Tempe Sanan"),
        ("sumiyati", "Keripik Tempe Sanan"),
        ("rejki", "Bakso Rejeki"),
        ("bkaso", "Bakso Rejeki"),
        ("bakso ponidy", "Bakso Rejeki"),
        ("slamet", "Bengkel Las Jaya"),
        ("SLAMET  riyady", "Bengkel Las Jaya"),
        ("las", "Bengkel Las Jaya"),
        ("be", "Bengkel Las Jaya"),
    ],
)
def test_it_finds_what_was_meant(registry: None, typed: str, found: str) -> None:
    assert names(typed)[:1] == [found]


@pytest.mark.parametrize("write", [str, str.lower, lambda number: number.replace("-", "")])
def test_a_number_is_found_without_its_dashes_and_zeros(registry: None, write: Callable[[str], str]) -> None:
    row = Enterprise.objects.get(name="Bakso Rejeki")
    for number in (row.number, row.number.replace("-", " "), row.number.replace("-0000", "-")):
        assert names(write(number)) == ["Bakso Rejeki"]
    assert len(names(write("U-3573-0000"))) == 3  # while it is typed


@pytest.mark.parametrize("typed", ["zzzz", "%", "_", "\\", "'; drop table", "\x00"])
def test_nonsense_is_no_error(registry: None, typed: str) -> None:
    assert isinstance(names(typed), list)


def test_an_owners_new_name_is_found(registry: None) -> None:
    row = Enterprise.objects.get(name="Bakso Rejeki")
    row.owner.name = "Wagiman"
    row.owner.save()
    assert names("wagiman") == ["Bakso Rejeki"]
    assert names("wagimn") == ["Bakso Rejeki"]


def test_bulk_rows_are_found_too(registry: None) -> None:
    row = Enterprise.objects.get(name="Bakso Rejeki")
    other = Enterprise(
        region=row.region,
        number="U-3573-900000",
        name="Pabrik Kerupuk",
        owner=row.owner,
        village=row.village,
        registered_by=row.registered_by,
    )
    Enterprise.objects.bulk_create([other])
    assert names("krupuk pabrik") == ["Pabrik Kerupuk"]
    assert SearchWord.objects.filter(word="kerupuk").exists()


def test_it_costs_a_fixed_number_of_queries(registry: None, django_assert_max_num_queries: Any) -> None:
    person = make_person(role=Role.AGENCY_OFFICER)
    assert person.roles
    with django_assert_max_num_queries(7):
        list(searched(Enterprise.objects.visible_to(person), "kripik tmpe snan las jaya"))


@pytest.mark.parametrize(
    ("typed", "word", "count"),
    [
        ("bakso", "bakso", 0),
        ("bkaso", "bakso", 1),
        ("bkso", "bakso", 1),
        ("kerip", "keripik", 0),
        ("abc", "xyz", 3),
    ],
)
def test_slips(typed: str, word: str, count: int) -> None:
    assert slips(typed, word) == count


def test_no_word_means_nothing() -> None:
    assert words_meant([]) == {}


@pytest.mark.parametrize("typed", ["0812-9988-7766", "+62 812 9988 7766", "081299887766", "6281299887766"])
def test_a_phone_finds_who_answers_it(typed: str) -> None:
    row = make_enterprise(name="Warung Telepon", phone="+6281299887766")
    make_enterprise(name="Warung Lain", phone="+6281299887767")
    assert list(searched(Enterprise.objects.all(), typed)) == [row]


def found(person: Person, text: str, path: str = "/usaha/") -> list[str]:
    """The names that the API finds, and the page as well."""
    client = Client(headers={"Authorization": f"Bearer {tokens.make(person)}"})
    said = [row["name"] for row in client.get("/api/enterprises", {"q": text}).json()]
    client = Client()
    client.force_login(person)
    page = client.get(path, {"q": text}).content.decode()
    shown = [name for name in ("Warung Pemegang", "Warung Lain", "Warung Pengaku") if name in page]
    assert sorted(said) == shown
    return said


@pytest.mark.parametrize("spaces", [False, True])
def test_a_whole_nik_finds_who_holds_or_claims_it(spaces: bool) -> None:
    nik, village = make_nik(), make_village()
    make_enterprise(name="Warung Pemegang", nik=nik, village=village)
    make_enterprise(name="Warung Pengaku", nik=nik, village=village, state="submitted")
    make_enterprise(name="Warung Lain", village=village)
    text = f" {nik[:6]} {nik[6:12]}.{nik[12:]}" if spaces else nik
    for person in (
        make_person(role=Role.AGENCY_OFFICER),
        make_person(role=Role.VILLAGE_OFFICER, area=village.pk),
    ):
        assert found(person, text) == ["Warung Pemegang", "Warung Pengaku"]
        assert found(person, nik[:15]) == []
    client = Client()
    client.force_login(person)
    assert b"Warung Pengaku" in client.get("/usaha/periksa/", {"q": text}).content


def test_a_whole_nik_finds_nothing_for_who_may_not_see_it() -> None:
    nik, village = make_nik(), make_village()
    held = make_enterprise(name="Warung Pemegang", nik=nik, village=village)
    for person in (
        make_person(role=Role.AGENCY_OFFICER, region=BATU),
        make_person(role=Role.VILLAGE_OFFICER, area=make_village(name="Kauman").pk),
        make_person(role=Role.TELLER),
        make_person(role=Role.AUDITOR),
        make_person(),
    ):
        assert found(person, nik) == found(person, make_nik()) == []
    assert found(make_person(role=Role.TELLER), held.number) == ["Warung Pemegang"]


def test_a_list_narrowed_to_a_nik_is_recorded_with_the_number_masked() -> None:
    nik = make_nik()
    make_enterprise(nik=nik)
    client = Client()
    client.force_login(make_person(role=Role.AGENCY_OFFICER))
    assert client.get("/usaha/unduh/csv/", {"q": nik}).status_code == 200
    assert Export.objects.get().filters == {"q": identity.masked(nik)}
