"""The home visit as it is sent: by a phone that keeps records, and by an ordinary form."""

import io
import json
import threading
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.financing import eligibility
from mbois.financing.models import Application, State, Visit, VisitPhoto
from mbois.financing.tests.factories import VISIT_POINTS, Bank
from mbois.financing.tests.pages import signed_in
from mbois.people.models import Document, Person
from mbois.people.tests.factories import make_person, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(bank: Bank) -> Application:
    return bank.submitted()


def photo(colour: str = "teal", *, exif: bool = False, name: str = "rumah.jpg") -> SimpleUploadedFile:
    output = io.BytesIO()
    picture = Image.new("RGB", (80, 60), colour)
    if exif:
        told = Image.Exif()
        told[0x010F] = "Phone of an officer"
        told.get_ifd(0x8825)[1] = "S"
        picture.save(output, "JPEG", exif=told)
    else:
        picture.save(output, "JPEG")
    return SimpleUploadedFile(name, output.getvalue(), "image/jpeg")


def report(**changes: Any) -> dict[str, Any]:
    """What the form sends."""
    return {
        "client_id": str(uuid.uuid4()),
        "visited_at": clock.now().astimezone(clock.JAKARTA).strftime("%Y-%m-%dT%H:%M"),
        **{f"check_{point}": "yes" for point in VISIT_POINTS},
        "neighbour_name": ["Bu RT", "Pak Min", ""],
        "neighbour_word": ["Rajin", "Jualannya laris", ""],
        "position_lat": "-7.977",
        "position_lon": "112.634",
        "accuracy": "12.5",
        "sales": "6.000.000",
        "costs": "3.500.000",
        "household": "1.500.000",
        "other_debts": "200.000",
        "advice": "grant",
        "notes": "Wajan besar baru",
    } | changes


def send(
    person: Person,
    application: Application,
    values: dict[str, Any],
    *photos: SimpleUploadedFile,
    page: bool = False,
) -> HttpResponse:
    client = Client()
    client.force_login(person)
    for one in photos:
        one.seek(0)
    accept = "text/html" if page else "application/json"
    return client.post(
        f"/kunjungan/{application.number}/", values | {"photos": list(photos)}, headers={"Accept": accept}
    )


def test_a_visit_is_taken_with_its_photos(bank: Bank, application: Application) -> None:
    answer = send(bank.field, application, report(), photo(), photo("red"))
    assert answer.status_code == 201
    assert answer.json() == {
        "number": application.number,
        "url": f"/pengajuan/{application.number}/",
        "again": False,
    }
    visit = Visit.objects.get()
    assert (visit.capacity, visit.accuracy, visit.photos.count()) == (800_000, 12.5, 2)
    assert visit.neighbours == [
        {"name": "Bu RT", "word": "Rajin"},
        {"name": "Pak Min", "word": "Jualannya laris"},
    ]
    application.refresh_from_db()
    assert application.state == State.VISITED


def test_the_same_visit_again_is_one(bank: Bank, application: Application) -> None:
    values = report()
    first = send(bank.field, application, values, photo())
    again = send(bank.field, application, values, photo())
    assert (first.status_code, again.status_code, again.json()["again"]) == (201, 200, True)
    assert (Visit.objects.count(), VisitPhoto.objects.count()) == (1, 1)
    assert Document.objects.filter(purpose="visit").count() == 1


def test_another_content_or_photo_under_a_used_id_is_refused(bank: Bank, application: Application) -> None:
    values = report()
    send(bank.field, application, values, photo())
    for changed, picture in ((values | {"sales": "9.000.000"}, photo()), (values, photo("red"))):
        refused = send(bank.field, application, changed, picture)
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "visit_changed")
    assert (Visit.objects.count(), VisitPhoto.objects.count()) == (1, 1)


def test_the_same_content_under_two_ids_is_kept_and_marked(bank: Bank, application: Application) -> None:
    values = report()
    send(bank.field, application, values, photo())
    twin = send(bank.field, application, values | {"client_id": str(uuid.uuid4())}, photo())
    assert (twin.status_code, twin.json()["twin"]) == (201, True)
    first, second = Visit.objects.order_by("pk")
    assert second.same_as == first
    client = Client()
    client.force_login(bank.field)
    assert b"Same content as another record" in client.get(f"/kunjungan/{application.number}/").content


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"neighbour_name": ["Bu RT"], "neighbour_word": ["Rajin"]}, "neighbours"),
        ({"neighbour_word": ["Rajin", "", ""]}, "neighbours"),
        ({"check_business_seen": ""}, "check_business_seen"),
        ({"sales": "banyak"}, "sales"),
        ({"advice": "maybe"}, "advice"),
        ({"position_lat": "51.5", "position_lon": "0"}, "position"),
        ({"visited_at": "2019-01-01T10:00"}, "visited_at"),
    ],
)
def test_a_phone_hears_what_is_wrong_and_nothing_is_written(
    bank: Bank, application: Application, changes: dict[str, Any], field: str
) -> None:
    answer = send(bank.field, application, report(**changes), photo())
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == field
    assert not Visit.objects.exists() and not Document.objects.filter(purpose="visit").exists()


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_a_moment_of_another_age_is_refused(bank: Bank, application: Application, year: str) -> None:
    answer = send(bank.field, application, report(visited_at=f"{year}-06-01T10:00"), photo(), page=True)
    page = answer.content.decode()
    assert answer.status_code == 422 and "That day is too far away." in page
    assert f"{year}-06-01T10:00" in page


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (SimpleUploadedFile("a.jpg", b"no picture at all", "image/jpeg"), "a.jpg: This is not a photo"),
        (
            SimpleUploadedFile("large.jpg", b"\xff\xd8\xff" + bytes(10 * 1024 * 1024), "image/jpeg"),
            "larger than 10 MB",
        ),
        (SimpleUploadedFile("paper.pdf", pdf().read(), "application/pdf"), "paper.pdf: This is not a photo"),
    ],
)
def test_what_is_no_photo_is_refused_with_the_whole_visit(
    bank: Bank, application: Application, upload: SimpleUploadedFile, sentence: str
) -> None:
    answer = send(bank.field, application, report(), photo(), upload)
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "photos")
    assert sentence in answer.json()["error"]["message"]
    assert not Visit.objects.exists() and not Document.objects.filter(purpose="visit").exists()


def test_a_photo_does_not_tell_where_and_with_what_it_was_taken(bank: Bank, application: Application) -> None:
    sent = photo(exif=True)
    assert Image.open(sent).getexif()
    send(bank.field, application, report(), sent)
    with Visit.objects.get().photos.get().document.file.open("rb") as kept:
        assert not Image.open(kept).getexif()


def test_who_may(bank: Bank, application: Application) -> None:
    assert send(bank.teller, application, report()).status_code == 403
    assert send(Bank("35.07").field, application, report()).status_code == 404
    assert send(make_person("Stranger"), application, report()).status_code == 404
    anonymous = Client().post(
        f"/kunjungan/{application.number}/", report(), headers={"Accept": "application/json"}
    )
    assert (anonymous.status_code, anonymous.json()["error"]["code"]) == (401, "signed_out")
    assert not Visit.objects.exists()


def test_a_visit_that_comes_after_the_application_was_withdrawn(bank: Bank, application: Application) -> None:
    from mbois.financing import actions

    actions.withdraw_application(application, by=application.borrower.person)
    answer = send(bank.field, application, report())
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "moved_on")


def test_without_javascript_nothing_typed_is_lost(bank: Bank, application: Application) -> None:
    values = report(sales="banyak")
    wrong = send(bank.field, application, values, photo(), page=True)
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert "Enter an amount of money" in page and "Wajan besar baru" in page and "Jualannya laris" in page
    held = page.split('name="held" value="')[1].split('"')[0]
    again = values | {"sales": "6.000.000", "held": [held]}
    assert send(bank.field, application, again, page=True).status_code == 302
    assert send(bank.field, application, again, page=True).status_code == 302  # a second click
    assert Visit.objects.get().photos.count() == 1


def test_the_list_shows_whom_to_visit(
    bank: Bank, application: Application, django_assert_max_num_queries: Any
) -> None:
    for _more in range(3):
        bank.submitted()
    Bank("35.07").submitted()
    client = Client()
    client.force_login(bank.field)
    client.get("/kunjungan/")
    with django_assert_max_num_queries(9):
        page = client.get("/kunjungan/").content.decode()
    assert page.count('class="card stop"') == 4
    assert application.borrower.name in page and 'href="tel:+62' in page
    client.force_login(bank.teller)
    assert client.get("/kunjungan/").status_code == 403


def test_a_phone_asks_who_is_signed_in(bank: Bank) -> None:
    client = Client()
    assert json.loads(client.get("/luring/tanda/").content)["person"] is None
    client.force_login(bank.field)
    answer = client.get("/luring/tanda/")
    assert answer.json()["person"] == str(bank.field.pk) and len(answer.json()["token"]) == 64
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_once_it_is_one() -> None:
    bank = Bank()
    application = bank.submitted()
    values, answers = report(), []
    gate = threading.Barrier(4)

    def one() -> None:
        gate.wait()
        try:
            answers.append(send(bank.field, application, values, photo()).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _time in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 200, 200, 201]
    assert (Visit.objects.count(), VisitPhoto.objects.count()) == (1, 1)


def test_the_officer_at_the_door_writes_down_where_it_is(bank: Bank, application: Application) -> None:
    enterprise = application.enterprise
    page = f"/kunjungan/{application.number}/"
    assert 'name="address"' not in signed_in(bank.field).get(page).content.decode()
    Enterprise.objects.filter(region=enterprise.region_id, pk=enterprise.pk).update(address="", rt="", rw="5")
    seen = signed_in(bank.field).get(page).content.decode()
    assert 'name="address"' in seen and "RW 5, " in seen and ">, " not in seen
    enterprise.refresh_from_db()
    missing = {check.key: check for check in eligibility.application_checks(application)}["address"]
    assert (missing.ok, missing.blocks) == (False, False) and "Missing" in str(missing.sentence)
    values = report(address="Gang Mawar 3", rt="2", rw="9")
    assert send(bank.field, application, values).status_code == 201
    assert send(bank.field, application, values).json()["again"]
    enterprise.refresh_from_db()
    assert (enterprise.address, enterprise.rt, enterprise.rw) == ("Gang Mawar 3", "2", "5")
    assert enterprise.state == "verified"
    application.refresh_from_db()
    assert {check.key: check for check in eligibility.application_checks(application)}["address"].ok


def test_where_it_is_does_not_change_by_a_visit_sent_late(bank: Bank, application: Application) -> None:
    enterprise = application.enterprise
    assert send(bank.field, application, report(address="Elsewhere 9")).status_code == 201
    street = enterprise.address
    enterprise.refresh_from_db()
    assert enterprise.address == street
