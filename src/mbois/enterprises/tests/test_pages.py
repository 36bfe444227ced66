"""The registry's pages: who sees what, and what they can do there."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from tests.counting import questions
from tests.factories import BATU, make_person, make_village

from mbois import clock
from mbois.enterprises import panels
from mbois.enterprises.actions import add_licence, add_photo, review_enterprise
from mbois.enterprises.models import Enterprise, Licence, Photo, State
from mbois.enterprises.tests.factories import make_enterprise
from mbois.people import documents
from mbois.people.actions import record_consent, withdraw_consent
from mbois.people.models import Notification, Person, Purpose, Role, Unmasking
from mbois.people.tests.factories import picture
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def agency() -> Person:
    return make_person("Pak Agus", role=Role.AGENCY_OFFICER)


def page(person: Person, name: str, row: Enterprise | None = None, **kwargs: Any) -> Any:
    if row:
        kwargs["enterprise"] = row.number
    return browser(person).get(reverse(name, kwargs=kwargs))


# --- the list


def test_the_list_shows_the_own_region_only(agency: Person) -> None:
    here, there = make_enterprise(name="Tempe Sanan"), make_enterprise(name="Apel Batu", region=BATU)
    content = page(agency, "enterprises").content.decode()
    assert here.name in content and there.name not in content


def test_a_village_officer_sees_their_village() -> None:
    here, there = (
        make_enterprise(name="Tempe Sanan"),
        make_enterprise(name="Kopi", village=make_village(name="Kauman")),
    )
    officer = make_person(role=Role.VILLAGE_OFFICER, area=make_village().pk)
    content = page(officer, "enterprises").content.decode()
    assert here.name in content and there.name not in content
    assert here.village.parent.name in content and f">{there.village.parent.name}<" not in content
    assert page(officer, "enterprise", there).status_code == 404


def test_an_owner_sees_their_own() -> None:
    mine, other = make_enterprise(name="Punyaku"), make_enterprise(name="Punyamu")
    content = page(mine.owner.person, "enterprises").content.decode()
    assert mine.name in content and other.name not in content
    assert "Punyaku" in page(mine.owner.person, "my_enterprises").content.decode()


def test_it_searches_filters_and_survives_nonsense(agency: Person) -> None:
    make_enterprise(name="Keripik Tempe Sanan", subsector="culinary")
    make_enterprise(name="Bengkel Jaya")
    client = browser(agency)
    assert b"Sanan" in client.get("/usaha/?q=kripik").content
    assert b"Bengkel" not in client.get("/usaha/?subsektor=culinary").content
    for query in (
        "?page=abc&sort=evil",
        "?kecamatan=x",
        "?subsektor=%00",
        "?q=%00",
        "?state=zzz",
        "?q=" + "a" * 500,
    ):
        assert client.get("/usaha/" + query).status_code == 200


def test_the_list_costs_the_same_for_many(agency: Person, django_assert_max_num_queries: Any) -> None:
    for _ in range(6):
        make_enterprise()
    client = browser(agency)
    client.get("/usaha/")
    with django_assert_max_num_queries(16):
        assert client.get("/usaha/?q=usaha").status_code == 200


def test_the_queue_and_one_s_own_cost_the_same_for_many(agency: Person) -> None:
    siti = make_person()

    def more(count: int) -> list[int]:
        for _ in range(count):
            make_enterprise(state=State.SUBMITTED)
            row = make_enterprise(owner=siti, nik="")
            add_licence(row, by=agency, kind="pirt", number="P-1", expires_on=clock.today())
        return [
            questions(browser(person), url)
            for person, url in ((agency, "/usaha/periksa/"), (siti, "/usaha/saya/"))
        ]

    assert more(1) == more(5)


def test_signing_in_comes_first() -> None:
    assert Client().get("/usaha/").status_code == 302


# --- the passport


def test_the_passport_has_everything_and_no_whole_nik(agency: Person) -> None:
    row = make_enterprise(nik="3573014505850001", capital=5_000_000, latitude=-7.98, longitude=112.63)
    add_licence(row, by=agency, kind="pirt", number="P-1", expires_on=clock.today() - timedelta(days=3))
    add_licence(row, by=agency, kind="halal", number="H-1", expires_on=clock.today() + timedelta(days=30))
    content = page(agency, "enterprise", row).content.decode()
    assert "3573014505850001" not in content and "3573••••••••0001" in content
    assert "expired on" in content and "expires on" in content
    assert "Micro" in content and "PP 7/2021" in content
    assert row.number in content


def test_a_merged_one_leads_to_the_other(agency: Person) -> None:
    loser, winner = make_enterprise(name="Kembar"), make_enterprise(name="Asli")
    loser.state, loser.merged_into = State.MERGED, winner
    loser.save(update_fields=["state", "merged_into"])
    content = page(agency, "enterprise", loser).content.decode()
    assert "Asli" in content and winner.number in content


def test_rooms_show_panels_on_it(agency: Person) -> None:
    row = make_enterprise()
    seen = panels.Panel(
        "x",
        "Loans here",
        "web/facts.html",
        lambda enterprise, person: {"facts": []},
        visible=lambda e, p: p == agency,
    )
    panels.register(seen)
    try:
        assert b"Loans here" in page(agency, "enterprise", row).content
        assert b"Loans here" not in page(row.owner.person, "enterprise", row).content
    finally:
        panels._panels.pop("x")


def test_the_passport_costs_a_fixed_number_of_queries(
    agency: Person, django_assert_max_num_queries: Any
) -> None:
    row = make_enterprise()
    for number in range(4):
        add_licence(row, by=agency, kind="pirt", number=f"P-{number}")
    client = browser(agency)
    client.get(row.get_absolute_url())
    with django_assert_max_num_queries(30):
        client.get(row.get_absolute_url())


# --- the officer


def test_the_queue_has_what_waits_and_not_ones_own() -> None:
    officer = make_person(role=Role.VILLAGE_OFFICER, area=make_village().pk)
    waiting = make_enterprise(name="Menunggu", state=State.SUBMITTED)
    make_enterprise(name="Sudah")
    make_enterprise(name="Milikku", state=State.SUBMITTED, owner=officer)
    content = page(officer, "enterprise_queue").content.decode()
    assert waiting.name in content and "Sudah" not in content and "Milikku" not in content


def test_an_owner_has_no_queue() -> None:
    assert page(make_enterprise().owner.person, "enterprise_queue").status_code == 403


def test_an_officer_returns_with_reasons_and_the_owner_sends_again(agency: Person) -> None:
    row = make_enterprise(state=State.SUBMITTED)
    url = reverse("enterprise_review", kwargs={"enterprise": row.number})
    client = browser(agency)
    assert client.post(url, {"outcome": "returned", "reasons": " "}).status_code == 422
    told = {"outcome": "returned", "reasons": "Photo please", "checks": ["place", "owner"]}
    assert client.post(url, told).status_code == 302
    assert row.reviews.get().checks == ["place", "owner"]
    owner = row.owner.person
    assert Notification.objects.get(person=owner, key="enterprises/returned").url == row.get_absolute_url()
    assert b"Photo please" in page(owner, "enterprise", row).content
    browser(owner).post(reverse("enterprise_resubmit", kwargs={"enterprise": row.number}))
    row.refresh_from_db()
    assert row.state == State.SUBMITTED


def test_a_decision_taken_meanwhile_is_said(agency: Person) -> None:
    row = make_enterprise(state=State.SUBMITTED)
    url = reverse("enterprise_review", kwargs={"enterprise": row.number})
    browser(agency).post(url, {"outcome": "rejected", "reasons": "No"})
    answer = browser(agency).post(url, {"outcome": "verified"})
    assert answer.status_code == 422 and b"not waiting" in answer.content


@pytest.mark.parametrize(
    "role", [Role.TELLER, Role.AUDITOR, Role.EXECUTIVE, Role.FIELD_OFFICER, Role.REGION_ADMIN]
)
def test_other_roles_do_not_review(role: Role) -> None:
    row = make_enterprise(state=State.SUBMITTED)
    assert page(make_person(role=role), "enterprise_review", row).status_code == 403


def test_a_whole_nik_needs_a_reason_and_is_recorded(agency: Person) -> None:
    row = make_enterprise(nik="3573014505850001")
    url = reverse("enterprise_unmask", kwargs={"enterprise": row.number})
    assert browser(agency).post(url, {"reason": ""}).status_code == 422
    content = browser(agency).post(url, {"reason": "Compare with the KTP"}).content.decode()
    assert "3573014505850001" in content
    assert Unmasking.objects.get().by == agency
    assert browser(make_person(role=Role.TELLER)).post(url, {"reason": "I am curious"}).status_code == 403


# --- changing


def test_a_consent_taken_back_stops_the_registration_and_is_told(agency: Person) -> None:
    row = make_enterprise(state=State.SUBMITTED)
    owner = row.owner.person
    call_command("load_consent_texts", verbosity=0)
    given = record_consent(owner, "registry", region_id=row.region_id, by=owner, method="self")
    withdraw_consent(given, by=owner)
    assert Notification.objects.filter(person=agency, key="enterprises/consent_withdrawn").exists()
    with pytest.raises(Refused, match="taken back"):
        review_enterprise(row, outcome="verified", by=agency)
    assert "took back the consent" in page(agency, "enterprise", row).content.decode()
    record_consent(owner, "registry", region_id=row.region_id, by=owner, method="self")
    assert review_enterprise(row, outcome="verified", by=agency).state == State.VERIFIED


def test_a_page_left_open_does_not_undo_what_changed_since(agency: Person) -> None:
    row = make_enterprise(capital=5_000_000, description="Tempe", address="Jl. Mawar 1")
    url = reverse("enterprise_edit", kwargs={"enterprise": row.number})

    def opened() -> dict[str, Any]:
        form = browser(agency).get(url).context["form"]
        return {name: form[name].value() or "" for name in [*form.fields, "shown"] if name != "point"}

    first, second = opened(), opened()
    browser(agency).post(url, first | {"description": "Keripik tempe", "address": "Jl. Melati 2"})
    answer = browser(agency).post(url, second | {"capital": "7.000.000", "address": "Jl. Anggrek 3"})
    assert answer.status_code == 422
    assert "changed this to “Jl. Melati 2”" in answer.content.decode()
    again = answer.context["form"].data["shown"]
    browser(agency).post(url, second | {"capital": "7.000.000", "address": "Jl. Anggrek 3", "shown": again})
    row.refresh_from_db()
    assert (row.description, row.capital, row.address) == ("Keripik tempe", 7_000_000, "Jl. Anggrek 3")


def test_the_edit_page_keeps_what_it_shows(agency: Person) -> None:
    row = make_enterprise(
        nik="3573014505850001", capital=5_000_000, description="Tempe", phone="0812 3456 7890"
    )
    url = reverse("enterprise_edit", kwargs={"enterprise": row.number})
    form = browser(agency).get(url).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields if name != "point"}
    typed |= {"village_text": row.village.name, "name": "Nama Baru", "capital": "7.500.000"}
    answer = browser(agency).post(url, typed)
    assert answer.status_code == 302, answer.context["form"].errors
    row.refresh_from_db()
    assert (row.name, row.capital, row.description) == ("Nama Baru", 7_500_000, "Tempe")
    assert row.owner.nik_masked == "3573••••••••0001"


def test_a_wrong_change_loses_nothing_typed(agency: Person) -> None:
    row = make_enterprise()
    url = reverse("enterprise_edit", kwargs={"enterprise": row.number})
    answer = browser(agency).post(
        url, {"name": "Baru", "nib": "12", "village": row.village_id, "owner_name": "X"}
    )
    assert answer.status_code == 422
    assert b"Baru" in answer.content and b'value="12"' in answer.content


def test_readers_do_not_edit() -> None:
    row = make_enterprise()
    for name in ("enterprise_edit", "licence_new", "enterprise_photos"):
        assert page(make_person(role=Role.AUDITOR), name, row).status_code == 403
        assert page(make_person(), name, row).status_code == 404


def test_licences_are_added_changed_and_removed() -> None:
    row = make_enterprise()
    client = browser(row.owner.person)
    client.post(
        reverse("licence_new", kwargs={"enterprise": row.number}),
        {"kind": "pirt", "number": "2063573010123-28", "scan": picture()},
    )
    licence = Licence.objects.get()
    assert licence.document
    url = reverse("licence", kwargs={"enterprise": row.number, "licence": licence.pk})
    client.post(
        url,
        {"kind": "pirt", "number": "2063573010124-28", "issued_on": "2025-01-01", "expires_on": "2030-01-01"},
    )
    licence.refresh_from_db()
    assert (licence.number, bool(licence.document)) == ("2063573010124-28", True)
    client.post(
        reverse("licence_remove", kwargs={"enterprise": row.number, "licence": licence.pk}),
        {"confirmed": "yes"},
    )
    assert not Licence.objects.exists()


@pytest.mark.parametrize(
    ("kind", "number", "kept"),
    [
        ("pirt", "2063573010123-28", True),
        ("pirt", "206357301012328", True),
        ("pirt", "P-IRT No. 206.3573.01.0123-28", True),
        ("pirt", "PIRT 206357301012345-28", True),
        ("pirt", "x", False),
        ("pirt", "20635730101232", False),
        ("halal", "ID35110000012", True),
        ("halal", "-", False),
        ("bpom", "MD 1", True),
    ],
)
def test_the_number_of_a_licence_is_one_that_can_be(kind: str, number: str, kept: bool) -> None:
    row = make_enterprise()
    url = reverse("licence_new", kwargs={"enterprise": row.number})
    answer = browser(row.owner.person).post(url, {"kind": kind, "number": number})
    assert (answer.status_code, Licence.objects.exists()) == ((302, True) if kept else (422, False))


def test_a_licence_of_another_enterprise_is_not_there() -> None:
    mine, other = make_enterprise(), make_enterprise()
    licence = add_licence(other, by=other.owner.person, kind="pirt", number="P-1")
    url = reverse("licence", kwargs={"enterprise": mine.number, "licence": licence.pk})
    assert browser(mine.owner.person).get(url).status_code == 404


def test_photos_are_added_and_removed() -> None:
    row = make_enterprise()
    owner = row.owner.person
    document = documents.store(picture(), region_id=row.region_id, purpose=Purpose.ENTERPRISE, by=owner)
    photo = add_photo(row, by=owner, document=document, caption="Depan")
    client = browser(owner)
    client.post(
        reverse("enterprise_photos", kwargs={"enterprise": row.number}),
        {"photos": picture(), "caption": "Dalam"},
    )
    assert Photo.objects.count() == 2
    client.post(
        reverse("photo_remove", kwargs={"enterprise": row.number, "photo": photo.pk}), {"confirmed": "yes"}
    )
    assert [left.caption for left in Photo.objects.all()] == ["Dalam"]


def test_the_combobox_finds_codes() -> None:
    from mbois.enterprises.tests.factories import make_kbli

    make_kbli()
    assert b"10391" in browser(make_person()).get("/pilih/kbli/?q=tempe").content
