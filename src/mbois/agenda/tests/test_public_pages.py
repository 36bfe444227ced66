"""What everybody sees of the agenda."""

import json
import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from tests.factories import BATU

from mbois import clock
from mbois.agenda import sharing
from mbois.agenda.actions import activities, after, keeping, waiting
from mbois.agenda.models import Registration, Seats
from mbois.agenda.tests.factories import (
    begin,
    make_activity,
    make_door,
    make_draft,
    make_organiser,
    make_registration,
    scan,
    signed_in,
    visitor,
)
from mbois.people.tests.factories import make_person, picture

pytestmark = pytest.mark.django_db


def test_the_calendar_shows_what_is_published_and_nothing_else() -> None:
    make_activity(title="Kelas keramik")
    make_draft(title="Masih rahasia")
    body = visitor().get("/agenda/").content.decode()
    assert "Kelas keramik" in body and "Masih rahasia" not in body


def test_an_empty_calendar_says_what_to_do() -> None:
    assert "Propose an activity" in visitor().get("/agenda/").content.decode()
    assert "Nothing fits this search" in visitor().get("/agenda/?q=zebra").content.decode()


@pytest.mark.parametrize("count", [2, 20])
def test_the_list_takes_the_same_few_queries_whatever_it_shows(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    organiser = make_organiser()
    for number in range(count):
        make_activity(by=organiser, title=f"Kelas {number}")
    for address in ("/agenda/", "/agenda/?tampil=bulan", "/agenda/?tampil=peta"):
        with django_assert_num_queries(2):  # the regions, the activities
            assert visitor().get(address).status_code == 200


@pytest.mark.parametrize(
    "query",
    ["q=keramik", "wilayah=35.79", "subsektor=craft", "tampil=bulan", "tampil=peta", "page=zebra", "dari=x"],
)
def test_it_is_narrowed_and_never_breaks(query: str) -> None:
    make_activity(title="Kelas keramik", subsector="craft", region=BATU, latitude=-7.87, longitude=112.53)
    answer = visitor().get(f"/agenda/?{query}")
    assert answer.status_code == 200
    if query.startswith("tampil=bulan"):
        month = clock.local_date(clock.now() + timedelta(days=3))
        answer = visitor().get(f"/agenda/?tampil=bulan&bulan={month:%Y-%m}")
    assert "Kelas keramik" in answer.content.decode()


def test_words_that_do_not_fit_leave_it_out() -> None:
    make_activity(title="Kelas keramik", subsector="craft")
    for query in ("q=tari", "subsektor=music", "wilayah=35.07", "dari=2099-01-01"):
        assert "Kelas keramik" not in visitor().get(f"/agenda/?{query}").content.decode()


def test_an_activity_tells_search_engines_what_it_is() -> None:
    activity = make_activity(title="Kelas </script><b>keramik", quota=5)
    body = visitor().get(activity.get_absolute_url()).content.decode()
    facts = json.loads(re.search(r'ld\+json">(.*?)</script>', body)[1])  # type: ignore[index]
    assert facts["@type"] == "Event" and facts["maximumAttendeeCapacity"] == 5
    assert datetime.fromisoformat(facts["startDate"]) == activity.begins_at
    assert facts["startDate"].endswith("+07:00") and facts["endDate"].endswith("+07:00")
    assert "<b>keramik" not in body


def test_an_old_title_in_the_address_leads_to_the_new_one() -> None:
    activity = make_activity()
    answer = visitor().get(f"/agenda/judul-lama-{activity.code.lower()}/")
    assert answer.status_code == 301 and answer["Location"] == activity.get_absolute_url()
    assert visitor().get("/agenda/g-3573-zzzzzz/").status_code == 404


def test_a_festival_shows_its_programme_by_day_and_stage(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    begins = clock.now() + timedelta(days=5)
    festival = make_activity(
        kind="festival",
        title="Festival Mbois",
        begins_at=begins,
        ends_at=begins + timedelta(days=2),
        takes_parts=True,
    )
    activities.add_stage(festival, by=festival.proposed_by, name="Panggung Utama")
    for number in range(6):
        make_activity(
            parent=festival,
            title=f"Bagian {number}",
            stage="Panggung Utama" if number % 2 else "Lobi",
            begins_at=begins + timedelta(hours=number * 6),
            entry="free",
            by=make_organiser(name=f"Komunitas {number}"),
        )
    with django_assert_num_queries(3):  # the festival, its places, its parts
        body = visitor().get(festival.get_absolute_url()).content.decode()
    assert body.count("Bagian ") >= 6 and "Panggung Utama" in body
    only = visitor().get(festival.get_absolute_url() + "?panggung=Lobi").content.decode()
    assert "Bagian 0" in only and ">Bagian 1<" not in only
    assert "Bagian 3" not in visitor().get("/agenda/").content.decode()


def test_it_goes_into_calendars_and_follows_its_moves() -> None:
    activity = make_activity()
    feed = visitor().get("/agenda/kalender.ics").content.decode()
    assert activity.title in feed and "SEQUENCE:0" in feed
    activities.change(activity, by=activity.proposed_by, values={"place": "Gedung lain"})
    one = visitor().get(f"/agenda/{activity.code}/kalender.ics").content.decode()
    assert "SEQUENCE:1" in one and "Gedung lain" in one


def test_only_the_embedded_page_may_stand_in_anothers_frame() -> None:
    activity = make_activity()
    for address in ("/agenda/sematan/", f"/agenda/sematan/{activity.code}/"):
        answer = visitor().get(address)
        assert "frame-ancestors *" in answer["Content-Security-Policy"]
        assert "X-Frame-Options" not in answer and activity.title in answer.content.decode()
        assert "<form" not in answer.content.decode()
    assert visitor().get("/agenda/")["X-Frame-Options"] == "DENY"
    assert "&lt;iframe" in visitor().get("/agenda/sematan/cara/?subsektor=craft").content.decode()


def test_the_picture_that_is_shared_is_drawn_before_anybody_asks() -> None:
    activity = make_activity(title="Kelas keramik")
    assert "web/share" in visitor().get(activity.get_absolute_url()).content.decode()
    sharing.draw(activity.region_id, activity.pk)
    activity.refresh_from_db()
    body = visitor().get(activity.get_absolute_url()).content.decode()
    address = re.search(r'og:image" content="http://[^/]+(/[^"]+)"', body)[1]  # type: ignore[index]
    answer = visitor().get(address)
    assert answer["Content-Type"] == "image/jpeg" and "immutable" in answer["Cache-Control"]
    activities.change(activity, by=activity.proposed_by, values={"title": "Kelas gerabah"})
    sharing.draw(activity.region_id, activity.pk)
    assert visitor().get(address).status_code == 404
    assert visitor().get("/agenda/gambar/..%2Fx.jpg").status_code == 404


def register_on_the_page(client: Client, address: str, **more: str) -> object:
    page = client.get(f"{address}daftar/").content.decode()
    key = re.search(r'name="client_key" value="([^"]+)"', page)[1]  # type: ignore[index]
    said = {"name": "Bu Ani", "email": "ani@contoh.id", "places": "1", "client_key": key, **more}
    return client.post(f"{address}daftar/", said)


def test_somebody_without_an_account_registers_and_cancels() -> None:
    activity = make_activity(quota=2)
    client = visitor()
    answer = register_on_the_page(client, activity.get_absolute_url(), places="2", names="Budi")
    assert answer.status_code == 302  # type: ignore[attr-defined]
    page = answer["Location"]  # type: ignore[index]
    body = client.get(page).content.decode()
    assert body.count("<svg") >= 2 and "Bu Ani" in body and "Budi" in body
    assert client.get(page)["Cache-Control"] == "private, no-store"
    assert client.get(f"{page}tiket.pdf").content.startswith(b"%PDF")
    assert client.get(f"{page}kalender.ics").status_code == 200
    asked = client.post(f"{page}langkah/", {"verb": "cancel"})
    assert "Give up your registration?" in asked.content.decode()
    client.post(f"{page}langkah/", {"verb": "cancel", "confirmed": "yes"})
    assert Registration.objects.get().state == "cancelled"
    assert client.get(f"{page}tiket.pdf").status_code == 404


def test_a_double_click_is_one_registration() -> None:
    activity = make_activity()
    client = visitor()
    page = client.get(activity.get_absolute_url() + "daftar/").content.decode()
    key = re.search(r'name="client_key" value="([^"]+)"', page)[1]  # type: ignore[index]
    said = {"name": "Bu Ani", "email": "ani@contoh.id", "places": "1", "client_key": key}
    answers = [client.post(activity.get_absolute_url() + "daftar/", said) for _time in range(2)]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Registration.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("email", "bukan surel", "Enter an e-mail address"),
        ("name", "", "Please fill this in"),
        ("places", "9", "At most 5 places"),
        ("places", "0", "At least 1."),
        ("phone", "123", "Enter a phone number"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_all_typed_stays(
    field: str, value: str, sentence: str
) -> None:
    activity = make_activity()
    answer = register_on_the_page(
        visitor(), activity.get_absolute_url(), **({"phone": "0812-3456-7890"} | {field: value})
    )
    body = answer.content.decode()  # type: ignore[attr-defined]
    assert answer.status_code == 422 and sentence in body  # type: ignore[attr-defined]
    if field != "name":
        assert 'value="Bu Ani"' in body


def test_questions_are_answered_with_the_registration() -> None:
    activity = make_activity()
    ask = {"by": activity.proposed_by}
    size = activities.add_question(
        activity, text="Ukuran kaus?", kind="choice", options=["S", "M", "L"], required=True, **ask
    )
    activities.add_question(activity, text="Alergi?", **ask)
    client, address = visitor(), activity.get_absolute_url()
    assert register_on_the_page(client, address).status_code == 422  # type: ignore[attr-defined]
    register_on_the_page(client, address, **{f"question-{size.pk}": "M"})
    assert Registration.objects.get().answers == {str(size.pk): {"q": "Ukuran kaus?", "a": "M"}}


def test_the_waiting_list_shows_its_rule_and_the_position() -> None:
    activity = make_activity(quota=1, group_rule="pass")
    make_registration(activity)
    client = visitor()
    assert (
        "smaller groups and single people pass it" in client.get(activity.get_absolute_url()).content.decode()
    )
    page = register_on_the_page(client, activity.get_absolute_url())["Location"]  # type: ignore[index]
    body = client.get(page).content.decode()
    assert "Your place on the waiting list" in body and '<span class="num">1</span>' in body


def test_an_offer_is_taken_with_one_tap() -> None:
    activity = make_activity(quota=1)
    first = make_registration(activity).registration
    second = make_registration(activity).registration
    keeping.cancel(first)
    client, page = visitor(), second.get_absolute_url()
    assert "Yes, I come" in client.get(page).content.decode()
    client.post(f"{page}langkah/", {"verb": "accept"})
    assert "Show this code at the door" in client.get(page).content.decode()


def test_who_is_inside_is_not_offered_to_give_the_place_up() -> None:
    activity = make_activity()
    placed = make_registration(activity, places=3)
    client, page = visitor(), placed.registration.get_absolute_url()
    body = client.get(page).content.decode()
    assert "I cannot come" in body and body.count('value="cancel_ticket"') == 3
    scan(make_door(activity), placed.tickets[0])
    body = client.get(page).content.decode()
    assert "I cannot come" not in body and "Checked in" in body
    assert body.count('value="cancel_ticket"') == 2
    answer = client.post(f"{page}langkah/", {"verb": "cancel", "confirmed": "yes"}, follow=True)
    assert "is not given up any more" in answer.content.decode()
    placed.registration.refresh_from_db()
    assert placed.registration.state == "confirmed"
    desk = signed_in(activity.proposed_by)
    of_desk = desk.get(f"{activity.desk_url}peserta/{placed.registration.pk}/").content.decode()
    assert "Cancel this registration" not in of_desk


@pytest.mark.parametrize("ended", ["lapsed", "cancelled"])
def test_one_registers_again_while_registration_is_open(ended: str) -> None:
    activity = make_activity(quota=1)
    first, second = (make_registration(activity).registration for _one in range(2))
    keeping.cancel(first)
    if ended == "lapsed":
        Registration.objects.filter(pk=second.pk).update(offer_ends_at=clock.now())
        waiting.lapse_offers(activity.region_id)
    one = second if ended == "lapsed" else first
    one.refresh_from_db()
    assert one.state == ended
    client, page = visitor(), one.get_absolute_url()
    assert "Register again" in client.get(page).content.decode()
    begin(activity)
    assert "Register again" not in client.get(page).content.decode()


def test_feedback_comes_by_the_ticket_once_and_afterwards() -> None:
    activity = make_activity()
    one = make_registration(activity).registration
    client, page = visitor(), one.get_absolute_url()
    assert "How was it?" not in client.get(page).content.decode()
    begin(activity, hours_ago=5)
    assert client.post(f"{page}kesan/", {}).status_code == 422
    client.post(f"{page}kesan/", {"stars": "5", "words": "Seru!"})
    assert "Thank you for your feedback" in client.get(page).content.decode()
    assert client.post(f"{page}kesan/", {"stars": "1"}).status_code == 422


def test_photos_of_how_it_was_are_shown_to_all() -> None:
    activity = begin(make_activity(), hours_ago=5)
    after.add_photos(activity, [picture()], by=activity.proposed_by, caption="Ramai")
    body = visitor().get(activity.get_absolute_url()).content.decode()
    address = re.search(r'src="(/agenda/foto/\d+/)\?kecil', body)[1]  # type: ignore[index]
    assert visitor().get(address)["Content-Type"] == "image/jpeg"


def test_a_picture_of_a_draft_is_its_organisers_alone() -> None:
    draft = make_draft()
    activities.set_picture(draft, picture(), by=draft.proposed_by)
    address = f"/agenda/{draft.code}/gambar/"
    assert visitor().get(address).status_code == 404
    client = Client()
    client.force_login(make_person())
    assert client.get(address).status_code == 404
    client.force_login(draft.proposed_by)
    assert client.get(address).status_code == 200


def test_a_secret_that_is_wrong_opens_nothing() -> None:
    assert visitor().get("/tiket/salah/").status_code == 404
    assert visitor().post("/tiket/salah/langkah/", {"verb": "cancel"}).status_code == 404


def test_a_ticket_given_up_twice_is_said_in_a_sentence() -> None:
    registration = make_registration(make_activity(), places=3).registration
    client, url = visitor(), reverse("agenda_ticket_step", args=[registration.secret])
    said = {"verb": "cancel_ticket", "number": "2", "confirmed": "yes"}
    assert (
        "This ticket is cancelled; the others stay." in client.post(url, said, follow=True).content.decode()
    )
    again = client.post(url, said, follow=True)
    assert again.status_code == 200 and "This ticket is cancelled already." in again.content.decode()
    assert client.post(url, said | {"number": "9"}).status_code == 404


def test_a_quota_cut_below_what_is_sold_is_said_as_it_is() -> None:
    activity = make_activity(quota=5)
    make_registration(activity, places=5)
    make_registration(activity)
    Seats.objects.filter(activity=activity).update(quota=1)
    body = visitor().get(activity.get_absolute_url()).content.decode()
    assert "5 of 1 places are taken · 1 waits" in body and "All 1 places" not in body
    assert "100%" in body and "500%" not in body
