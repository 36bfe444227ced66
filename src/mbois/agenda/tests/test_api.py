"""Activities for programs."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from mbois import clock
from mbois.agenda import tickets
from mbois.agenda.models import Activity, Question, Registration
from mbois.agenda.tests.factories import make_activity, make_draft, make_registration
from mbois.people import tokens
from mbois.people.tests.factories import make_person

pytestmark = pytest.mark.django_db
ANI = {"name": "Ani", "email": "ani@contoh.id", "places": 1}


def post(activity: Any, body: Any, key: str | None = "kunci-1", **headers: str) -> Any:
    told = {"Idempotency-Key": key} if key is not None else {}
    return Client(headers={"accept-language": "en"}).post(
        f"/api/agenda/activities/{getattr(activity, 'code', activity)}/registrations",
        json.dumps(body),
        content_type="application/json",
        headers=told | headers,
    )


def get(query: str = "") -> Any:
    return Client(headers={"accept-language": "en"}).get(f"/api/agenda/activities{query}")


def test_the_calendar_by_span_region_and_words() -> None:
    soon = make_activity(title="Kelas keramik", quota=5)
    make_activity(title="Pameran foto", region="35.79", begins_at=clock.now() + timedelta(days=40))
    make_draft(title="Masih rahasia")
    rows = get().json()
    assert [one["title"] for one in rows] == ["Kelas keramik", "Pameran foto"]
    assert rows[0]["code"] == soon.code and rows[0]["places_left"] == 5
    assert rows[0]["most_places"] == soon.most_places
    day = clock.local_date(soon.begins_at)
    for query, titles in {
        f"?from={day}&to={day}": ["Kelas keramik"],
        "?region=35.79": ["Pameran foto"],
        "?q=keramik": ["Kelas keramik"],
        "?q=zebra": [],
        f"?from={day + timedelta(days=2)}": ["Pameran foto"],
        "?from=&to=&region=&q=": ["Kelas keramik", "Pameran foto"],
        f"?to={day}": ["Kelas keramik"],
        "?to=2020-01-01": [],
    }.items():
        assert [one["title"] for one in get(query).json()] == titles, query


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?from=kemarin", "from"),
        ("?from=2026-02-02&to=2026-01-01", "to"),
        ("?to=9999-12-31", "to"),
        ("?from=0001-01-01", "from"),
        ("?from=1769817600", "from"),
    ],
)
def test_a_wrong_span_is_refused_by_name(query: str, field: str) -> None:
    answer = get(query)
    assert answer.status_code == 422 and answer.json()["error"]["field"] == field


def test_201_with_tickets_then_202_with_the_position() -> None:
    activity = make_activity(quota=2)
    answer = post(activity, ANI | {"places": 2})
    assert answer.status_code == 201 and answer.json()["state"] == "confirmed"
    sold = answer.json()["tickets"]
    assert len(sold) == 2
    assert tickets.read(sold[0]["qr"]) == (activity.code, sold[0]["code"], True)
    waits = post(activity, {"name": "Budi", "email": "budi@contoh.id", "places": 1}, key="kunci-2")
    assert waits.status_code == 202
    assert (waits.json()["state"], waits.json()["position"]) == ("waiting", 1)


def test_the_same_key_gets_the_same_answer_and_another_body_409() -> None:
    activity = make_activity(quota=1)
    first, again = post(activity, ANI), post(activity, ANI)
    assert first.json() == again.json() and first.status_code == again.status_code == 201
    other = post(activity, ANI | {"places": 2})
    assert other.status_code == 409 and other.json()["error"]["code"] == "key_reused"
    assert Registration.objects.count() == 1


def test_the_answer_to_who_waited_stays_the_same_when_they_have_moved_up() -> None:
    from mbois.agenda.actions import keeping

    activity = make_activity(quota=1)
    first = make_registration(activity).registration
    make_registration(activity)
    waits = post(activity, ANI)
    keeping.cancel(first)
    assert post(activity, ANI).json() == waits.json()


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"email": "a@contoh.id", "places": 1}, 422, "name"),
        (ANI | {"name": "  "}, 422, "name"),
        (ANI | {"email": "bukan"}, 422, "email"),
        (ANI | {"places": 0}, 422, "places"),
        (ANI | {"places": 6}, 422, "places"),
        (ANI | {"places": "dua"}, 422, "places"),
        (ANI | {"vip": True}, 422, "vip"),
        ([], 422, None),
    ],
)
def test_refusals_name_the_field(body: Any, status: int, field: str | None) -> None:
    answer = post(make_activity(), body)
    assert answer.status_code == status and answer.json()["error"]["message"]
    assert field is None or answer.json()["error"]["field"] == field
    assert not Registration.objects.exists()


@pytest.mark.parametrize(
    "email", ["a@" + ".".join(["\u0130" * 30] * 5) + ".id", "a" * 200 + "@" + "\u0130" * 50 + ".id"]
)
def test_an_address_that_grows_in_small_letters_is_refused(email: str) -> None:
    answer = post(make_activity(), ANI | {"email": email})
    assert answer.status_code == 422 and answer.json()["error"]["field"] == "email"


@pytest.mark.parametrize("said", ["\ud800", "a\udfffb", "a\x00"])
def test_an_answer_no_database_keeps_is_refused(said: str) -> None:
    activity = make_activity()
    question = Question.objects.create(region_id=activity.region_id, activity=activity, text="Dari mana?")
    answer = post(activity, ANI | {"answers": {str(question.pk): said}})
    assert answer.status_code == 422 and answer.json()["error"]["field"] == f"answers.{question.pk}"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"name": ""}, "Please fill this in."),
        ({"name": "\u200b\u2060"}, "Please fill this in."),
        ({"name": "x" * 121}, "This is too long: at most 120 characters."),
        ({"email": "x" * 255}, "This is too long: at most 254 characters."),
        ({"email": "x"}, "This is too short: at least 3 characters."),
    ],
)
def test_a_wrong_length_is_said_with_its_limit(body: dict[str, str], says: str) -> None:
    assert post(make_activity(), ANI | body).json()["error"]["message"] == says


def test_what_follows_is_a_link_away_and_nothing_is_left_out() -> None:
    hour = clock.now() + timedelta(days=3)
    made = [make_activity(title=f"Kelas {n}", begins_at=hour + timedelta(days=n // 3)).code for n in range(5)]
    page, found = "?limit=2&q=kelas", []
    while page:
        answer = get(page)
        found += [one["code"] for one in answer.json()]
        link = answer.headers.get("Link", "")
        page = link[link.index("?") : link.index(">")] if link else ""
    assert found == made
    assert get("?after=G-3573-ZZZZZZ").json()["error"]["field"] == "after"


def test_without_a_key_nothing_is_sold() -> None:
    activity = make_activity()
    assert post(activity, ANI, key=None).status_code == 422
    for key in (" ", "clé-1"):
        refused = post(activity, ANI, key=key).json()["error"]
        assert refused["field"] == "Idempotency-Key" and "plain characters" in refused["message"]


def test_what_is_not_public_does_not_exist() -> None:
    assert post(make_draft(), ANI).status_code == 404
    assert post("G-3573-ZZZZZZ", ANI).status_code == 404


def test_full_without_a_waiting_list_is_said_so() -> None:
    activity = make_activity(quota=1, waits=False)
    post(activity, ANI)
    answer = post(activity, {"name": "Budi", "email": "budi@contoh.id"}, key="kunci-2")
    assert answer.status_code == 409 and answer.json()["error"]["code"] == "full"


def test_with_a_token_it_is_the_tokens_person_who_registers() -> None:
    activity, person = make_activity(), make_person()
    answer = post(activity, ANI, Authorization=f"Bearer {tokens.make(person)}")
    assert answer.status_code == 201 and Registration.objects.get().person == person
    assert post(activity, ANI, key="lain", Authorization="Bearer salah").status_code == 401


@pytest.mark.parametrize("places", ["2", True, 1.0, 0, -1, None, 51])
def test_places_are_a_whole_number(places: object) -> None:
    answer = post(make_activity(quota=5), ANI | {"places": places})
    assert answer.status_code == 422 and answer.json()["error"]["field"] == "places"


@pytest.mark.parametrize(
    "path",
    [
        "/agenda/?sampai=9999-12-31",
        "/agenda/?dari=0001-01-01",
        "/agenda/?tampil=bulan&bulan=0001-01",
        "/agenda/?tampil=bulan&bulan=9999-12",
    ],
)
def test_a_day_beyond_all_calendars_is_none(path: str) -> None:
    make_activity()
    assert Client().get(path).status_code == 200


def test_a_part_of_a_festival_is_found_by_its_name() -> None:
    whole = make_activity(title="Festival Mbois", kind="festival")
    make_activity(title="Cicip kopi tiga gunung", parent=whole, by=whole.proposed_by)
    for query, found in {
        "?q=cicip+kopi": [("Cicip kopi tiga gunung", whole.code)],
        "": [("Festival Mbois", None)],
    }.items():
        assert [(one["title"], one["parent"]) for one in get(query).json()] == found


def test_a_longer_calendar_takes_no_more_queries(django_assert_num_queries: Any) -> None:
    whole = make_activity(title="Festival Mbois", kind="festival", host="Mbois")
    make_activity(parent=whole, by=whole.proposed_by, host="Mbois")
    for count in (1, 3):
        for _one in range(count):
            make_activity(parent=whole, by=whole.proposed_by, host="Mbois")
        with django_assert_num_queries(3):
            rows = get("?q=mbois").json()
        assert len(rows) == Activity.objects.count()


def test_the_calendar_says_where_one_can_register_now() -> None:
    now = clock.now()
    make_activity(title="Terbuka", quota=1)
    make_activity(title="Nanti dibuka", opens_at=now + timedelta(days=1))
    make_activity(title="Sudah ditutup", closes_at=now + timedelta(seconds=1))
    make_activity(title="Datang saja", entry="free")
    full = make_activity(title="Penuh", quota=1, waits=False)
    make_registration(full)
    with time_machine.travel(now + timedelta(seconds=2), tick=False):
        rows = {one["title"]: one["open"] for one in get().json()}
    assert rows == {
        "Terbuka": True, "Nanti dibuka": False, "Sudah ditutup": False, "Datang saja": False, "Penuh": False,
    }  # fmt: skip
