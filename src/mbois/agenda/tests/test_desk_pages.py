"""The desk: from a community's proposal to what came of it."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.factories import KABUPATEN, load_places

from mbois import clock
from mbois.agenda.actions import activities, certificates, proposing
from mbois.agenda.models import (
    Activity,
    ActivityPhoto,
    Certificate,
    Door,
    Outcome,
    Question,
    Registration,
    Seats,
    Stage,
    State,
)
from mbois.agenda.tests.factories import (
    begin,
    make_activity,
    make_curator,
    make_door,
    make_draft,
    make_organiser,
    make_registration,
    scan,
    signed_in,
)
from mbois.people.models import Notification, Role
from mbois.people.tests.factories import make_person, picture
from mbois.web import show

pytestmark = pytest.mark.django_db


def said(**some: str) -> dict[str, str]:
    begins = timezone.localtime(clock.now() + timedelta(days=9)).replace(hour=9, minute=0)
    return {
        "title": "Membatik Sabtu",
        "summary": "Belajar membatik selendang.",
        "host": "Komunitas Batik Celaket",
        "kind": "activity",
        "region": "35.73",
        "begins_at": f"{begins:%Y-%m-%dT%H:%M}",
        "ends_at": f"{begins + timedelta(hours=3):%Y-%m-%dT%H:%M}",
        "place": "Balai RW 04",
        "entry": "register",
        "quota": "20",
        "waits": "on",
        "group_rule": "wait",
        "most_places": "5",
        "offer_hours": "24",
    } | some


def test_a_community_proposes_and_a_curator_publishes() -> None:
    load_places()
    community, curator = make_person("Bu Lastri"), make_curator()
    client = signed_in(community)
    assert client.get("/kegiatan/baru/").status_code == 200
    answer = client.post("/kegiatan/baru/", said())
    activity = Activity.objects.get()
    assert answer["Location"] == activity.desk_url
    assert Seats.objects.get(activity=activity).quota == 20
    assert "Hand in the proposal" in client.get(activity.desk_url).content.decode()
    client.post(f"{activity.desk_url}langkah/", {"verb": "propose"})
    assert Notification.objects.get(person=curator).key == "agenda/proposed"
    desk = signed_in(curator)
    assert "Membatik Sabtu" in desk.get("/kegiatan/kurasi/").content.decode()
    assert "Decide" in desk.get(activity.desk_url).content.decode()
    desk.post(f"{activity.desk_url}langkah/", {"verb": "publish"})
    assert Notification.objects.get(person=community).key == "agenda/published"
    assert "Membatik Sabtu" in Client().get("/agenda/").content.decode()


def test_sent_back_with_reasons_it_is_mended_and_handed_in_again() -> None:
    activity = make_draft()
    organiser, curator = signed_in(activity.proposed_by), signed_in(make_curator())
    organiser.post(f"{activity.desk_url}langkah/", {"verb": "propose"})
    curator.post(f"{activity.desk_url}langkah/", {"verb": "return", "note": ""})
    activity.refresh_from_db()
    assert activity.state == State.PROPOSED
    curator.post(f"{activity.desk_url}langkah/", {"verb": "return", "note": "Tulis alamat lengkapnya."})
    body = organiser.get(activity.desk_url).content.decode()
    assert "Tulis alamat lengkapnya." in body
    activity.refresh_from_db()
    changed = said(title=activity.title, address="Jl. Celaket 1", seen=activity.changed_at.isoformat())
    assert organiser.post(f"{activity.desk_url}ubah/", changed).status_code == 302
    organiser.post(f"{activity.desk_url}langkah/", {"verb": "propose"})
    curator.post(f"{activity.desk_url}langkah/", {"verb": "reject", "note": "Sudah ada yang sama."})
    activity.refresh_from_db()
    assert activity.state == State.REJECTED
    assert organiser.post(f"{activity.desk_url}langkah/", {"verb": "propose"}).status_code == 302
    activity.refresh_from_db()
    assert activity.state == State.REJECTED


def a_whole_hour() -> datetime:
    """As a page tells hours: three days from now, without seconds."""
    return (clock.now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)


def shown_in(answer: Any) -> dict[str, str]:
    """What a browser sends back of a page whose form nobody touched."""
    form = answer.context["form"]
    found = {one.name: one.value() for one in form}
    for name, value in found.items():
        if isinstance(value, datetime):
            found[name] = f"{value:%Y-%m-%dT%H:%M}"
    return {name: "on" if value is True else str(value) for name, value in found.items() if value}


def test_a_form_from_an_older_page_undoes_nothing_and_can_be_sent_again() -> None:
    activity = make_activity(quota=4, begins_at=a_whole_hour())
    waiting_one = [make_registration(activity) for _one in range(5)][4].registration
    client, address = signed_in(activity.proposed_by), f"{activity.desk_url}ubah/"
    old, other = (shown_in(client.get(address)) for _tab in range(2))
    assert client.post(address, other | {"quota": "10"}).status_code == 302
    waiting_one.refresh_from_db()
    assert waiting_one.state == "offered"
    answer = client.post(address, old | {"about": "Bawa kain sendiri."})
    assert answer.status_code == 422
    activity.refresh_from_db()
    assert (activity.about, Seats.objects.get(activity=activity).quota) == ("", 10)
    form = answer.context["form"]
    assert show.waktu(activity.changed_at) in form.non_field_errors()[0]
    assert form.errors["quota"] == ["Now: 10"] and form.errors["about"] == ["Now: empty"]
    assert "place" not in form.errors
    again = shown_in(answer)
    assert (again["quota"], again["about"]) == ("4", "Bawa kain sendiri.")
    assert client.post(address, again | {"quota": "10"}).status_code == 302
    activity.refresh_from_db()
    assert (activity.about, Seats.objects.get(activity=activity).quota) == ("Bawa kain sendiri.", 10)


def test_what_stands_already_is_taken_from_an_older_page() -> None:
    activity = make_activity(quota=4, begins_at=a_whole_hour())
    client, address = signed_in(activity.proposed_by), f"{activity.desk_url}ubah/"
    sent = shown_in(client.get(address)) | {"quota": "10"}
    assert [client.post(address, sent).status_code for _press in range(2)] == [302, 302]
    assert client.post(address, sent | {"quota": "11", "seen": "kapan-kapan"}).status_code == 422


def test_what_was_changed_another_way_is_not_undone_by_an_older_page() -> None:
    activity = make_activity()
    client, address = signed_in(activity.proposed_by), f"{activity.desk_url}ubah/"
    old = shown_in(client.get(address))
    activities.change(activity, by=activity.proposed_by, values={"place": "Auditorium"})
    assert client.post(address, old | {"about": "Bawa kain."}).status_code == 422
    activity.refresh_from_db()
    assert activity.place == "Auditorium"


def test_nobody_decides_about_their_own() -> None:
    curator = make_curator()
    activity = make_draft(by=curator)
    proposing.propose(activity, by=curator)
    assert signed_in(curator).post(f"{activity.desk_url}langkah/", {"verb": "publish"}).status_code == 403
    activity.refresh_from_db()
    assert activity.state == State.PROPOSED


def test_a_saturday_workshop_is_a_series_published_at_once() -> None:
    activity = make_draft()
    client = signed_in(activity.proposed_by)
    client.post(f"{activity.desk_url}langkah/", {"verb": "repeat", "every_weeks": "1", "times": "8"})
    rows = list(Activity.objects.order_by("begins_at"))
    assert len(rows) == 8
    assert {timezone.localtime(one.begins_at).time() for one in rows} == {
        timezone.localtime(activity.begins_at).time()
    }
    assert rows[7].begins_at - rows[0].begins_at == timedelta(weeks=7)
    client.post(f"{activity.desk_url}langkah/", {"verb": "propose"})
    curator = signed_in(make_curator())
    curator.post(f"{activity.desk_url}langkah/", {"verb": "publish", "whole_series": "on"})
    assert Activity.objects.filter(state=State.PUBLISHED).count() == 8
    activities.call_off(rows[3], by=activity.proposed_by, reason="Hari raya")
    assert Activity.objects.filter(state=State.PUBLISHED).count() == 7


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("ends_at", "2020-01-01T10:00", "It must end after it begins"),
        ("begins_at", "kemarin", "Enter a day and an hour"),
        ("begins_at", "0001-01-01T00:00", "That day is too far away."),
        ("ends_at", "9999-12-31T23:59", "That day is too far away."),
        ("opens_at", "0001-01-01T00:00", "That day is too far away."),
        ("title", "", "Please fill this in"),
        ("quota", "0", "At least 1."),
        ("entry", "whole", "Select a valid choice"),
    ],
)
def test_a_wrong_proposal_says_where_and_keeps_what_was_typed(field: str, value: str, sentence: str) -> None:
    load_places()
    answer = signed_in(make_person()).post("/kegiatan/baru/", said(**{field: value}))
    body = answer.content.decode()
    assert answer.status_code == 422 and sentence in body
    assert "Belajar membatik selendang." in body
    assert not Activity.objects.exists()


def test_another_community_proposes_a_part_and_the_festival_takes_it() -> None:
    begins = clock.now() + timedelta(days=8)
    festival = make_activity(
        kind="festival", begins_at=begins, ends_at=begins + timedelta(days=3), takes_parts=True
    )
    guest = make_person("Sanggar Tari")
    client = signed_in(guest)
    local = timezone.localtime(begins) + timedelta(days=1)
    part = said(
        title="Tari Topeng",
        begins_at=f"{local:%Y-%m-%dT%H:%M}",
        ends_at=f"{local + timedelta(hours=1):%Y-%m-%dT%H:%M}",
        entry="free",
    )
    assert client.post(f"{festival.desk_url}bagian/", part).status_code == 302
    made = Activity.objects.get(parent=festival)
    client.post(f"{made.desk_url}langkah/", {"verb": "propose"})
    holder = signed_in(festival.proposed_by)
    holder.post(f"{made.desk_url}langkah/", {"verb": "publish"})
    made.refresh_from_db()
    assert made.state == State.PUBLISHED and made.reviewed_by == festival.proposed_by
    assert client.get(festival.desk_url).status_code == 404  # the whole is not theirs
    late = part | {"begins_at": "2099-01-01T09:00", "ends_at": "2099-01-01T10:00"}
    assert "lies within the days" in client.post(f"{festival.desk_url}bagian/", late).content.decode()


def test_a_festival_that_asks_for_no_parts_gets_none_from_strangers() -> None:
    begins = clock.now() + timedelta(days=8)
    festival = make_activity(kind="festival", begins_at=begins, ends_at=begins + timedelta(days=3))
    assert signed_in(make_person()).get(f"{festival.desk_url}bagian/").status_code == 403


def test_questions_stages_and_a_picture_are_added_at_the_desk() -> None:
    begins = clock.now() + timedelta(days=8)
    festival = make_draft(kind="festival", begins_at=begins, ends_at=begins + timedelta(days=3))
    client, address = signed_in(festival.proposed_by), f"{festival.desk_url}isi/"
    client.post(address, {"verb": "stage", "name": "Panggung Utama"})
    client.post(address, {"verb": "question", "text": "Ukuran?", "kind": "choice", "options": "S\nM"})
    client.post(address, {"verb": "question", "text": "Tanpa pilihan?", "kind": "choice", "options": "S"})
    client.post(address, {"verb": "picture", "picture": picture()})
    assert Stage.objects.get().name == "Panggung Utama"
    assert Question.objects.get().options == ["S", "M"]
    festival.refresh_from_db()
    assert festival.picture is not None
    client.post(address, {"verb": "drop_question", "question": str(Question.objects.get().pk)})
    assert not Question.objects.exists()


def test_changed_hours_are_told_to_who_is_registered() -> None:
    activity = make_activity()
    person = make_person()
    make_registration(activity, person=person)
    later = timezone.localtime(activity.begins_at) + timedelta(days=1)
    client = signed_in(activity.proposed_by)
    changed = said(
        begins_at=f"{later:%Y-%m-%dT%H:%M}",
        ends_at=f"{later + timedelta(hours=2):%Y-%m-%dT%H:%M}",
        seen=activity.changed_at.isoformat(),
    )
    client.post(f"{activity.desk_url}ubah/", changed)
    keys = list(Registration.objects.get().letters.order_by("pk").values_list("key", flat=True))
    assert keys == ["confirmed", "moved"]


@pytest.mark.parametrize("count", [3, 40])
def test_participants_are_listed_in_few_queries(
    count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    activity = make_activity(quota=30)
    for number in range(count):
        make_registration(activity, name=f"Peserta {number}")
    client = signed_in(activity.proposed_by)
    client.get(f"{activity.desk_url}peserta/")
    with django_assert_max_num_queries(20):
        body = client.get(f"{activity.desk_url}peserta/").content.decode()
    assert "Peserta 2" in body
    assert client.get(f"{activity.desk_url}peserta/?unduh=csv").status_code == 200


@pytest.mark.parametrize("count", [3, 30])
def test_the_desks_list_takes_the_same_queries_whatever_it_shows(
    count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    organiser = make_organiser()
    for _one in range(count):
        make_draft(by=organiser)
    client = signed_in(organiser)
    client.get("/kegiatan/")
    with django_assert_max_num_queries(9):
        client.get("/kegiatan/")


def test_strangers_and_other_regions_see_no_participants() -> None:
    activity = make_activity()
    placed = make_registration(activity, name="Bu Rahasia")
    page = f"{activity.desk_url}peserta/{placed.registration.pk}/"
    for person in (
        make_person(),
        make_organiser(),
        make_curator(KABUPATEN),
        make_person(role=Role.TELLER),
    ):
        client = signed_in(person)
        for address in (activity.desk_url, f"{activity.desk_url}peserta/", page):
            assert client.get(address).status_code in {403, 404}
    overseer = signed_in(make_person(role=Role.EXECUTIVE))
    assert overseer.get(activity.desk_url).status_code == 200
    assert overseer.get(f"{activity.desk_url}peserta/").status_code == 403
    assert "Bu Rahasia" in signed_in(activity.proposed_by).get(page).content.decode()


def test_an_organiser_cancels_for_somebody_and_says_why() -> None:
    activity = make_activity()
    one = make_registration(activity).registration
    client, page = signed_in(activity.proposed_by), f"{activity.desk_url}peserta/{one.pk}/"
    assert client.post(page, {"reason": ""}).status_code == 422
    client.post(page, {"reason": "Minta lewat telepon"})
    one.refresh_from_db()
    assert (one.state, one.end_reason) == ("cancelled", "Minta lewat telepon")


def test_called_off_with_a_reason_on_its_page() -> None:
    activity = make_activity()
    make_registration(activity)
    client = signed_in(activity.proposed_by)
    assert "1 person has a place" in client.get(f"{activity.desk_url}batal/").content.decode()
    client.post(f"{activity.desk_url}batal/", {"reason": "Hujan badai"})
    body = Client().get(activity.get_absolute_url()).content.decode()
    assert "Hujan badai" in body
    assert "EventCancelled" in body


def test_doors_are_opened_closed_and_their_exceptions_decided() -> None:
    activity = make_activity()
    client, address = signed_in(activity.proposed_by), f"{activity.desk_url}pintu/"
    client.post(address, {"verb": "open", "name": "Pintu timur"})
    door = Door.objects.get()
    assert door.secret in client.get(address).content.decode()
    assert client.post(address, {"verb": "open", "name": "Pintu timur"}).status_code == 422
    odd = scan(door, "ZZZZZZZZZZ")
    assert "No such ticket" in client.get(address).content.decode()
    client.post(address, {"verb": "dismiss", "scan": str(odd.pk), "note": "Tiket lama"})
    assert "Not counted" in client.get(address).content.decode()
    client.post(address, {"verb": "close", "door": str(door.pk)})
    door.refresh_from_db()
    assert door.closed_at is not None


def test_certificates_are_given_printed_and_revoked_at_the_desk() -> None:
    activity = make_activity(certificate_from=100)
    ticket = make_registration(activity, name="Bu Ani").tickets[0]
    door = make_door(activity)
    scan(door, ticket)
    begin(activity, hours_ago=5)
    client, address = signed_in(activity.proposed_by), f"{activity.desk_url}sertifikat/"
    client.post(address, {"verb": "issue"})
    given = Certificate.objects.get()
    assert given.name in client.get(address).content.decode()
    client.post(address, {"verb": "print"})
    certificates.print_file(activity.region_id, activity.certificate_files.get().pk)
    assert b"".join(client.get(f"{address}semua.pdf").streaming_content).startswith(b"%PDF")
    public = reverse("agenda_certificate", kwargs={"attendance_certificate": given.code})
    assert "genuine" in Client(headers={"accept-language": "en"}).get(public).content.decode()
    assert "Then correct their attendance" in client.get(f"{address}{given.pk}/").content.decode()
    client.post(f"{address}{given.pk}/", {"reason": "Salah orang"})
    body = Client(headers={"accept-language": "en"}).get(public).content.decode()
    assert "no longer holds" in body and "Salah orang" in body
    assert Client().get(f"{public}sertifikat.pdf").status_code == 404


def test_what_came_of_it_is_written_down() -> None:
    activity = make_activity()
    begin(activity, hours_ago=5)
    client, address = signed_in(activity.proposed_by), f"{activity.desk_url}sesudah/"
    client.post(address, {"verb": "outcome", "visitors": "40", "businesses": "6", "women": "25"})
    assert Outcome.objects.get().visitors == 40
    client.post(address, {"verb": "photos", "photos": [picture()], "caption": "Ramai"})
    assert not ActivityPhoto.objects.exists()  # without the consent of who is on it
    client.post(address, {"verb": "photos", "photos": [picture()], "consent": "on"})
    shown = ActivityPhoto.objects.get()
    body = client.get(address).content.decode()
    assert re.search(r">40<", body)
    client.post(address, {"verb": "remove_photo", "photo": str(shown.pk)})
    assert not ActivityPhoto.objects.exists()


def test_home_says_first_what_is_next() -> None:
    activity = make_activity()
    waiting = make_draft()
    proposing.propose(waiting, by=waiting.proposed_by)
    curator = make_curator()
    assert "community waits for your answer" in signed_in(curator).get("/beranda/").content.decode()
    assert activity.title in signed_in(activity.proposed_by).get("/beranda/").content.decode()
    person = make_person()
    make_registration(activity, person=person)
    assert "Your tickets" in signed_in(person).get("/beranda/").content.decode()
