"""A registration step by step: nothing typed is lost, and it is sent once."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from tests.factories import BATU, make_nik, make_person, make_village

from mbois.enterprises import actions
from mbois.enterprises.drafts import Journey
from mbois.enterprises.models import Draft, Enterprise, Licence, Photo, State
from mbois.enterprises.tests.factories import make_enterprise, make_kbli
from mbois.people.models import Consent, Document, HeldUpload, Person, Role
from mbois.people.tests.factories import pdf, picture

pytestmark = pytest.mark.django_db


class Walk:
    """Somebody in front of the wizard."""

    def __init__(self, person: Person, *, other: bool = False) -> None:
        self.person = person
        self.client = Client()
        self.client.force_login(person)
        answer = self.client.post(reverse("enterprise_new"), {"for": "other" if other else "self"})
        assert answer.status_code == 302
        self.draft = Draft.objects.filter(made_by=person).latest("pk")

    def url(self, step: str) -> str:
        return reverse("registration_step", kwargs={"draft": self.draft.uuid, "step": step})

    def get(self, step: str) -> Any:
        return self.client.get(self.url(step))

    def post(self, step: str, **typed: Any) -> Any:
        return self.client.post(self.url(step), typed)

    def said(self, step: str, **typed: Any) -> str:
        """What the step says when it is opened again because of what was typed."""
        answer = self.post(step, **typed)
        assert (answer.status_code, answer.url) == (302, f"{self.url(step)}?periksa")
        return str(self.client.get(answer.url).content.decode())

    def place(self, **typed: Any) -> Any:
        village = make_village()
        return self.post("tempat", village=village.pk, village_text=village.name, rt="01", **typed)

    def all_but_sending(self, **owner: Any) -> None:
        self.place()
        self.post("usaha", name="Tempe Bu Siti", description="Tempe kedelai")
        self.post(
            "pemilik", **({"owner_name": "Siti Aminah", "nik": make_nik(), "nik_checked": "on"} | owner)
        )
        self.post("ukuran", capital="5.000.000", annual_sales="60 juta", workers="2")


SIGNATURE = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAYAAABytg0kAAAAFElEQVR42mNkYGD4z8DAwMDEAAUADigBA5ek+2oAAAAASUVORK5CYII="


@pytest.fixture(autouse=True)
def consent_texts(db: None) -> None:
    call_command("load_consent_texts", verbosity=0)


@pytest.fixture
def siti() -> Person:
    return make_person("Siti Aminah")


def test_from_the_first_step_to_the_registry(siti: Person) -> None:
    make_kbli()
    walk = Walk(siti)
    walk.all_but_sending()
    assert walk.post("foto", photos=picture()).status_code == 302
    page = walk.get("kirim")
    assert b"Tempe Bu Siti" in page.content
    answer = walk.post("kirim", agreed="on")
    enterprise = Enterprise.objects.get()
    assert answer.url == enterprise.get_absolute_url()
    assert enterprise.owner.person == siti
    assert (enterprise.annual_sales, enterprise.size, enterprise.state) == (
        60_000_000,
        "micro",
        State.SUBMITTED,
    )
    assert Photo.objects.get().enterprise == enterprise
    assert Consent.objects.get().method == "self"
    assert b"Tempe Bu Siti" in walk.client.get(answer.url).content


def test_a_closed_browser_loses_nothing(siti: Person) -> None:
    walk = Walk(siti)
    walk.place()
    walk.post("usaha", name="Tempe Bu Siti", nib="12")  # wrong, and kept all the same
    later = Client()
    later.force_login(siti)
    page = later.get(reverse("registration", kwargs={"draft": walk.draft.uuid}), follow=True).content.decode()
    assert "Tempe Bu Siti" in page
    assert 'value="12"' in page
    assert "Tempe Bu Siti" in later.get(reverse("enterprise_new")).content.decode()


def test_typing_is_saved_before_the_button(siti: Person) -> None:
    walk = Walk(siti)
    answer = walk.client.post(walk.url("usaha") + "simpan/", {"name": "Setengah nam"})
    assert answer.json()["saved"]
    assert b"Setengah nam" in walk.get("usaha").content


def test_what_is_typed_is_sealed(siti: Person) -> None:
    walk = Walk(siti)
    walk.place()
    walk.post("pemilik", owner_name="Siti", nik="3573014505850001")
    walk.draft.refresh_from_db()
    assert "3573014505850001" not in walk.draft.values_sealed
    assert "3573014505850001" in str(walk.draft.values)


def test_two_tabs_on_two_steps_keep_each_others_work(siti: Person) -> None:
    walk = Walk(siti)
    walk.get("tempat")
    walk.post("usaha", name="Dari tab kedua")
    walk.place()
    walk.draft.refresh_from_db()
    assert walk.draft.values["usaha"]["name"] == ["Dari tab kedua"]
    assert walk.draft.values["tempat"]["rt"] == ["01"]


def test_it_is_sent_once_however_often_one_taps(siti: Person) -> None:
    walk = Walk(siti)
    walk.all_but_sending()
    walk.post("kirim", agreed="on")
    again = walk.post("kirim", agreed="on")
    assert again.url == Enterprise.objects.get().get_absolute_url()
    walk.draft.refresh_from_db()
    assert walk.draft.values == {}


def test_without_consent_nothing_is_registered(siti: Person) -> None:
    walk = Walk(siti)
    walk.all_but_sending()
    assert walk.post("kirim").status_code == 422
    assert not Enterprise.objects.exists()


def test_a_missing_step_is_named(siti: Person) -> None:
    walk = Walk(siti)
    walk.place()
    answer = walk.get("kirim")
    assert answer.url == walk.url("usaha")


def test_a_name_of_digits_is_said_beside_it_and_stays(siti: Person) -> None:
    walk = Walk(siti)
    walk.place()
    page = walk.said("pemilik", owner_name="0812 3456", nik=make_nik())
    assert "name has letters" in page and "0812 3456" in page


def test_a_wrong_nik_is_said_beside_it_and_stays(siti: Person) -> None:
    walk = Walk(siti)
    walk.place()
    page = walk.said("pemilik", owner_name="Siti", nik="3573013002850001")
    assert "date of birth" in page and "3573013002850001" in page
    assert "date of birth" not in walk.get("pemilik").content.decode()  # said once, not for ever


def test_an_unusual_nik_is_confirmed_not_refused(siti: Person) -> None:
    walk = Walk(siti)
    walk.place()
    elsewhere = "3201014505850007"
    assert "compare" in walk.said("pemilik", owner_name="Siti", nik=elsewhere)
    again = walk.post("pemilik", owner_name="Siti", nik=elsewhere, nik_checked="on")
    assert again.url == walk.url("ukuran")


def test_a_strangers_nik_is_like_any(siti: Person) -> None:
    nik = make_nik()
    make_enterprise(nik=nik, owner_name="Joko Susilo")
    walk = Walk(siti)
    walk.place()
    assert walk.post("pemilik", owner_name="Siti", nik=nik, nik_checked="on").url == walk.url("ukuran")


def test_a_nik_of_another_region_is_like_any(siti: Person) -> None:
    nik = make_nik()
    make_enterprise(nik=nik, region=BATU)
    walk = Walk(siti)
    walk.place()
    assert walk.post("pemilik", owner_name="Siti", nik=nik, nik_checked="on").url == walk.url("ukuran")


def test_nobody_opens_anothers_draft(siti: Person) -> None:
    walk = Walk(siti)
    walk.client.force_login(make_person())
    assert walk.get("tempat").status_code == 404


def test_a_draft_is_discarded_after_asking(siti: Person) -> None:
    walk = Walk(siti)
    url = reverse("registration_discard", kwargs={"draft": walk.draft.uuid})
    assert b"Discard" in walk.client.post(url).content
    assert Draft.objects.exists()
    walk.client.post(url, {"confirmed": "yes"})
    assert not Draft.objects.exists()


def test_an_alike_one_is_shown_before_sending(siti: Person) -> None:
    make_enterprise(name="Tempe Bu Siti", owner_name="Orang Lain")
    walk = Walk(siti)
    walk.all_but_sending()
    page = walk.get("kirim").content.decode()
    assert "registered already" in page
    assert "Orang Lain" not in page


# --- at somebody's door


@pytest.fixture
def officer() -> Person:
    return make_person("Bu Rini", role=Role.VILLAGE_OFFICER, area=make_village().pk)


def test_an_officer_registers_at_the_door(officer: Person) -> None:
    walk = Walk(officer, other=True)
    walk.all_but_sending(owner_name="Mbah Karti", nik="")
    assert walk.post("kirim", agreed="on").status_code == 422  # no signature
    answer = walk.post("kirim", agreed="on", signature=SIGNATURE)
    assert answer.status_code == 302, answer.content.decode()
    enterprise = Enterprise.objects.get()
    assert enterprise.owner.name == "Mbah Karti"
    assert enterprise.registered_by == officer
    consent = Consent.objects.get()
    assert (consent.person, consent.recorded_by, consent.method) == (
        enterprise.owner.person,
        officer,
        "signature",
    )
    page = walk.client.get(answer.url).content.decode()
    assert "Bu Rini" in page and "Mbah Karti" in page


def test_a_photographed_signature_is_recorded_as_what_it_is(officer: Person) -> None:
    walk = Walk(officer, other=True)
    walk.all_but_sending(owner_name="Mbah Karti", nik="")
    assert walk.post("kirim", agreed="on", signature_photo=picture()).status_code == 302
    assert Consent.objects.get().method == Consent.Method.THUMB


def test_what_is_no_photo_of_a_signature_is_said_beside_it(officer: Person) -> None:
    walk = Walk(officer, other=True)
    walk.all_but_sending(owner_name="Mbah Karti", nik="")
    scan = SimpleUploadedFile("tanda.jpg", b"%PDF-1.7\n%%EOF", "image/jpeg")
    answer = walk.post("kirim", agreed="on", signature_photo=scan)
    assert answer.status_code == 422
    assert answer.context["form"].errors["signature"] == [
        "tanda.jpg: This is not a photo. Please choose a JPEG or PNG picture."
    ]
    assert not Enterprise.objects.exists()


def test_an_officer_is_pointed_to_the_known_owner(officer: Person) -> None:
    first = make_enterprise(nik="3573014505850001", owner_name="Mbah Karti")
    walk = Walk(officer, other=True)
    walk.place()
    page = walk.said("pemilik", owner_name="Karti", nik="3573014505850001", nik_checked="on")
    assert "This is Mbah Karti" in page
    assert walk.post("pemilik", known_owner=str(first.owner.pk)).status_code == 302
    walk.post("usaha", name="Warung Kedua")
    walk.post("ukuran")
    walk.post("kirim", agreed="on", signature=SIGNATURE)
    assert Enterprise.objects.get(name="Warung Kedua").owner == first.owner


def test_an_officer_stays_in_their_village(officer: Person) -> None:
    walk = Walk(officer, other=True)
    village = make_village(name="Kauman")
    assert "area you serve" in walk.said("tempat", village=village.pk, village_text=village.name)


def test_a_citizen_registers_nobody_else(siti: Person) -> None:
    client = Client()
    client.force_login(siti)
    client.post(reverse("enterprise_new"), {"for": "other"})
    assert not Draft.objects.exists()


def test_licences_and_photos_come_and_go(siti: Person) -> None:
    walk = Walk(siti)
    walk.all_but_sending()
    walk.post("foto", photos=picture(), kind="pirt", number="P-IRT 206357301012328", go="more")
    walk.post("foto", kind="halal", number="ID35110000012", go="more")
    page = walk.get("foto").content.decode()
    assert "P-IRT 206357301012328" in page and "ID35110000012" in page
    walk.post("foto", go="less-licence:0")
    assert "P-IRT 206357301012328" not in walk.get("foto").content.decode()
    walk.post("kirim", agreed="on")
    assert [licence.number for licence in Enterprise.objects.get().licences.all()] == ["ID35110000012"]


def test_a_file_that_is_no_picture_is_refused_with_a_sentence(siti: Person) -> None:
    walk = Walk(siti)
    walk.all_but_sending()
    page = walk.post("foto", photos=SimpleUploadedFile("x.jpg", b"not a picture", "image/jpeg"))
    assert page.status_code == 422


def test_photos_that_are_none_are_named_and_the_others_kept(siti: Person) -> None:
    walk = Walk(siti)
    walk.all_but_sending()
    page = walk.post("foto", photos=[pdf(name="surat.pdf"), picture(name="warung.jpg")])
    assert page.status_code == 422
    assert "surat.pdf: This is not a photo. Please choose a JPEG or PNG picture." in page.content.decode()
    walk.draft.refresh_from_db()
    kept = Document.objects.get()
    assert kept.name == "warung.jpg" and walk.draft.values["photos"] == [str(kept.uuid)]


def test_an_empty_scan_is_complained_about_once(siti: Person) -> None:
    walk = Walk(siti)
    walk.all_but_sending()
    scan = SimpleUploadedFile("pirt.pdf", b"", "application/pdf")
    page = walk.post("foto", kind="pirt", number="2063573010123-28", scan=scan).content.decode()
    assert page.count("is empty") == 2  # above the form and beside the field


def test_a_scan_is_chosen_once_though_the_licence_was_wrong(siti: Person) -> None:
    walk = Walk(siti)
    walk.all_but_sending()
    page = walk.post("foto", kind="pirt", number="", scan=pdf(name="pirt.pdf"))
    assert page.status_code == 422 and "“pirt.pdf” is kept" in page.content.decode()
    held = HeldUpload.objects.get()
    assert walk.post("foto", kind="pirt", number="2063573010123-28", held=str(held.pk)).status_code == 302
    walk.post("kirim", agreed="on")
    licence = Licence.objects.get()
    assert licence.document and licence.document.name == "pirt.pdf"


def test_a_discarded_registration_takes_its_files_along(siti: Person) -> None:
    walk = Walk(siti)
    walk.all_but_sending()
    walk.post("foto", photos=picture(), kind="pirt", number="2063573010123-28", scan=pdf())
    assert Document.objects.count() == 2
    walk.client.post(reverse("registration_discard", args=[walk.draft.uuid]), {"confirmed": "yes"})
    assert not Draft.objects.exists() and not Document.objects.exists()


def test_an_officer_is_offered_their_villages_alone(officer: Person) -> None:
    own, other = make_village(), make_village(name="Kauman")
    walk = Walk(officer, other=True)
    page = walk.get("tempat").content.decode()
    assert f'data-among="{own.pk}"' in page
    assert f'value="{own.pk}"' in page  # there is no other: it is chosen
    assert "Nothing found" in walk.said("tempat", village_text=other.name)

    def offered(among: str) -> list[str]:
        found = walk.client.get("/pilih/villages/", {"q": "Kauman", "among": among}).json()["options"]
        return [one["value"] for one in found]

    assert other.pk in offered(other.parent_id or "") and other.pk not in offered(own.pk)
    assert 'data-among=""' not in Walk(make_person()).get("tempat").content.decode()


def test_what_two_tabs_add_at_once_is_all_kept(siti: Person) -> None:
    walk = Walk(siti)
    walk.place()
    one, other = (Journey(Draft.objects.get(pk=walk.draft.pk), siti) for _tab in range(2))
    assert one.add_photos([picture(name="warung.jpg")]) == []
    assert other.add_photos([picture(name="dapur.jpg")]) == []
    one.add_licence({"kind": ["pirt"], "number": ["2063573010123-28"]}, None)
    other.add_licence({"kind": ["halal"], "number": ["ID35110000012"]}, None)
    last = Journey(Draft.objects.get(pk=walk.draft.pk), siti)
    assert [photo.name for photo in last.photos] == ["warung.jpg", "dapur.jpg"]
    assert [licence["number"] for licence in last.licences] == ["2063573010123-28", "ID35110000012"]
    one.remove_photo(str(last.photos[0].uuid))
    assert [photo.name for photo in Journey(Draft.objects.get(pk=walk.draft.pk), siti).photos] == [
        "dapur.jpg"
    ]


def test_a_photo_too_many_is_not_kept_even_from_another_tab(siti: Person, monkeypatch: Any) -> None:
    monkeypatch.setattr(actions, "MOST_PHOTOS", 1)
    walk = Walk(siti)
    walk.place()
    one, other = (Journey(Draft.objects.get(pk=walk.draft.pk), siti) for _tab in range(2))
    one.add_photos([picture()])
    [refused] = other.add_photos([picture()])
    assert "1 photos already" in refused.message
    assert Document.objects.count() == 1
