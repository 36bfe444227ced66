"""The door: signed tickets, phones without a line, one attendance however often a ticket is seen."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mbois import clock
from mbois.agenda import queries, tickets
from mbois.agenda.actions import doors, keeping
from mbois.agenda.actions.doors import take_scans
from mbois.agenda.models import Activity, Attendance, Problem, Scan
from mbois.agenda.tests.factories import (
    make_activity,
    make_curator,
    make_door,
    make_registration,
    scan,
    seen,
    signed_in,
)
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


def send(door: Any, *ones: Any, client: Client | None = None) -> Any:
    """As a phone sends what it saw."""
    body = {
        "phone": str(uuid.uuid4()),
        "scans": [
            {"id": str(one.client_id), "at": one.at.isoformat(), "text": one.text, "part": one.part}
            for one in ones
        ],
    }
    return (client or Client(enforce_csrf_checks=True)).post(
        f"{door.get_absolute_url()}pindaian/", json.dumps(body), content_type="application/json"
    )


def soon() -> Activity:
    """An activity whose doors are open: it begins in an hour."""
    return make_activity(begins_at=clock.now() + timedelta(hours=1))


def test_a_ticket_carries_our_signature_and_no_other_passes() -> None:
    text = tickets.payload("G-3573-K7M2X9", "K7M2X9BCDF")
    assert tickets.read(text) == ("G-3573-K7M2X9", "K7M2X9BCDF", True)
    assert tickets.read(text.replace("K7M2X9BCDF", "K7M2X9BCDG"))[2] is False
    assert tickets.read(text.replace("G-3573-K7M2X9", "G-3573-K7M2X8"))[2] is False
    assert tickets.read("k7m2x 9bcdf") == ("", "K7M2X9BCDF", False)
    assert tickets.read("MBOIS1.a.b.c") == ("a", "b", False)


@given(st.text(max_size=80))
def test_nonsense_is_no_ticket(text: str) -> None:
    assert tickets.read(text)[2] is False


def test_one_ticket_two_phones_one_attendance_the_earliest_and_both_scans() -> None:
    activity = soon()
    ticket = make_registration(activity).tickets[0]
    late, early = clock.now(), clock.now() - timedelta(minutes=20)
    scan(make_door(activity, "Timur"), ticket, at=late)
    scan(make_door(activity, "Barat"), ticket, at=early)  # arrives later: its phone had no line
    assert Attendance.objects.get().at == early
    body = signed_in(activity.proposed_by).get(f"{activity.desk_url}pintu/").content.decode()
    assert "Seen more than once" in body and "Timur" in body and "Barat" in body


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(-290, 0), min_size=1, max_size=6), st.randoms())
def test_whatever_order_scans_arrive_in_the_earliest_counts(minutes: list[int], rng: Any) -> None:
    activity = soon()
    ticket = make_registration(activity).tickets[0]
    door, now = make_door(activity), clock.now()
    hours = [now + timedelta(minutes=one) for one in minutes]
    shuffled = list(hours)
    rng.shuffle(shuffled)
    for at in shuffled:
        take_scans(door, [seen(ticket, at=at)])
    assert Attendance.objects.get(ticket=ticket).at == min(hours)
    assert Scan.objects.filter(ticket=ticket).count() == len(minutes)


def test_sent_twice_it_is_one_scan() -> None:
    activity = make_activity()
    ticket = make_registration(activity).tickets[0]
    door, one = make_door(activity), seen(ticket)
    answers = [send(door, one).json() for _time in range(2)]
    assert (
        answers[0]
        == answers[1]
        == {
            "taken": [{"id": str(one.client_id), "problem": ""}],
            "refused": [],
        }
    )
    assert (Scan.objects.count(), Attendance.objects.count()) == (1, 1)


def test_a_ticket_cancelled_meanwhile_is_kept_as_an_exception() -> None:
    activity = soon()
    placed = make_registration(activity)
    at = clock.now() - timedelta(minutes=5)
    keeping.cancel(placed.registration)
    kept = scan(make_door(activity), placed.tickets[0], at=at)
    assert kept.problem == Problem.CANCELLED and kept.ticket == placed.tickets[0]
    assert not Attendance.objects.exists()
    doors.decide(kept, accepted=True, by=activity.proposed_by, note="Datang juga")
    assert Attendance.objects.get().at == at
    with pytest.raises(Refused, match="decided already"):
        doors.decide(kept, accepted=False, by=activity.proposed_by)


def test_what_does_not_count_is_kept_with_its_reason() -> None:
    activity, other = make_activity(), make_activity()
    foreign = make_registration(other).tickets[0]
    door = make_door(activity)
    good = tickets.payload(activity.code, foreign.code)
    found = [
        scan(door, "ZZZZZZZZZZ").problem,
        scan(door, "bukan tiket").problem,
        scan(door, foreign).problem,
        scan(door, good[:-4] + "AAAA").problem,
        scan(door, good).problem,  # our signature, under a ticket of another activity
    ]
    assert found == ["unknown", "unknown", "elsewhere", "forged", "unknown"]
    assert not Attendance.objects.exists()


def test_a_ticket_of_the_whole_opens_each_session_and_counts_once_in_each() -> None:
    begins = clock.now() + timedelta(days=3)
    course = make_activity(begins_at=begins, ends_at=begins + timedelta(days=2))
    sessions = [
        make_activity(
            parent=course, entry="whole", begins_at=begins + timedelta(days=day), by=course.proposed_by
        )
        for day in (0, 1)
    ]
    ticket = make_registration(course).tickets[0]
    door = make_door(course)
    for part in (*sessions, sessions[0]):
        assert scan(door, ticket, part=part).problem == ""
    assert Attendance.objects.count() == 2


def test_visitors_without_a_ticket_are_counted() -> None:
    door = make_door(make_activity())
    for _one in range(3):
        assert scan(door, "").problem == ""
    assert Scan.objects.filter(text="").count() == 3 and not Attendance.objects.exists()


def test_a_typed_code_counts() -> None:
    activity = make_activity()
    ticket = make_registration(activity).tickets[0]
    assert scan(make_door(activity), ticket.shown_code.lower()).problem == ""


def test_a_closed_door_takes_nothing_until_it_is_opened_again() -> None:
    activity = make_activity()
    door, one = make_door(activity), seen(make_registration(activity).tickets[0])
    doors.close_door(door, by=activity.proposed_by)
    assert send(door, one).status_code == 403
    assert Client().get(f"{door.get_absolute_url()}tiket.json").status_code == 403
    doors.close_door(door, by=activity.proposed_by, closed=False)
    assert send(door, one).status_code == 200


def test_a_phone_gets_no_name_and_nothing_to_make_a_ticket_of() -> None:
    activity = make_activity()
    placed = make_registration(activity, name="Bu Rahasia", email="rahasia@contoh.id")
    answer = Client().get(f"{make_door(activity).get_absolute_url()}tiket.json")
    body = answer.content.decode()
    for secret in ("Rahasia", "rahasia", placed.tickets[0].code, placed.registration.secret, '"d"'):
        assert secret not in body
    assert set(answer.json()["keys"][activity.code]) == {"kty", "crv", "x", "y"}
    page = Client().get(f"{make_door(activity, 'Dua').get_absolute_url()}").content.decode()
    assert "Bu Rahasia" not in page


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        '{"phone": "x", "scans": []}',
        '{"phone": "7a0ff9c2-6a52-4d26-9d0a-2f5b1c1f3f10", "scans": [{"id": "x"}]}',
        "[" * 100_000,
    ],
)
def test_nonsense_from_a_phone_is_said_to_be_so(body: str) -> None:
    door = make_door(make_activity())
    answer = Client().post(f"{door.get_absolute_url()}pindaian/", body, content_type="application/json")
    assert answer.status_code == 400 and answer.json()["error"]["code"] == "invalid"


def test_an_odd_hour_or_code_holds_up_nothing_else() -> None:
    activity = make_activity()
    door, ticket = make_door(activity), make_registration(activity).tickets[0]
    first = datetime.fromisoformat("0001-01-01T00:00:00+14:00")
    answer = send(door, seen("\ud800", at=first), seen(ticket))
    assert [one["problem"] for one in answer.json()["taken"]] == ["unknown", ""]
    assert (
        signed_in(activity.proposed_by)
        .get(reverse("agenda_doors", kwargs={"activity": activity.code}))
        .status_code
        == 200
    )


@pytest.mark.parametrize("hour", ["2026-11-28T10:00:00", "kemarin", "", None])
def test_an_hour_that_cannot_be_read_is_refused_and_holds_up_no_other_scan(hour: str | None) -> None:
    activity = soon()
    door, bad, good = make_door(activity), seen("ZZZZZZZZZZ"), seen(make_registration(activity).tickets[0])
    body = {
        "phone": str(uuid.uuid4()),
        "scans": [
            {"id": str(bad.client_id), "at": hour, "text": bad.text},
            {"id": str(good.client_id), "at": good.at.isoformat(), "text": good.text},
        ],
    }
    answer = Client(headers={"accept-language": "en"}).post(
        f"{door.get_absolute_url()}pindaian/", json.dumps(body), content_type="application/json"
    )
    assert answer.status_code == 200
    assert answer.json()["taken"] == [{"id": str(good.client_id), "problem": ""}]
    (refused,) = answer.json()["refused"]
    assert (refused["id"], refused["code"]) == (str(bad.client_id), "invalid")
    assert "time zone" in refused["message"]
    assert Scan.objects.count() == 1 and Attendance.objects.count() == 1


BEGINS = datetime(2026, 11, 28, 9, tzinfo=UTC)
ENDS = BEGINS + timedelta(hours=2)


@pytest.mark.parametrize(
    ("told", "received", "believed"),
    [
        (0, 3, 0),  # the phone had no line until after the end
        (-6, 0, -6),
        (-6.01, 0, 0),  # no door was open yet
        (8, 9, 8),
        (8.01, 9, 2),  # long after the end: it was by the end
        (0.01, 0, 0),  # not after it was received
        (10, 1, 1),
        (-20_000, 1, 1),
        (-20_000, 30, 2),
        (-20, -20, -20),  # a trial the day before
        (-30, -20, -20),
    ],
)
def test_the_hour_that_is_believed(told: float, received: float, believed: float) -> None:
    def at(hours: float) -> datetime:
        return BEGINS + timedelta(hours=hours)

    found = doors.believed_hour(at(told), received=at(received), begins=BEGINS, ends=ENDS)
    assert found == at(believed)


def test_a_wrong_clock_is_kept_as_told_and_does_not_become_the_attendance() -> None:
    activity = soon()
    ticket, door = make_registration(activity).tickets[0], make_door(activity)
    ahead = clock.now() + timedelta(hours=10)
    lost = datetime(1, 1, 5, tzinfo=UTC)
    for at in (lost, ahead):
        send(door, seen(ticket, at=at))
    early = clock.now() - timedelta(minutes=30)
    scan(door, ticket, at=early)  # a clock that is right wins, though it comes last
    assert list(Scan.objects.order_by("scanned_at").values_list("scanned_at", flat=True)) == [
        lost,
        early,
        ahead,
    ]
    assert Attendance.objects.get().at == early
    body = signed_in(activity.proposed_by).get(f"{activity.desk_url}pintu/").content.decode()
    assert body.count("hour corrected, the phone said") == 2


def test_no_scan_counts_after_it_was_received() -> None:
    activity = soon()
    kept = scan(make_door(activity), "")
    kept.pk, kept.client_id, kept.counted_at = None, uuid.uuid4(), clock.now() + timedelta(hours=1)
    with pytest.raises(IntegrityError, match="scan_counts_by_the_hour"), transaction.atomic():
        kept.save(force_insert=True)


def test_a_door_nobody_opened_is_none() -> None:
    assert Client().get("/pintu/tidak-ada/").status_code == 404
    assert (
        Client().post("/pintu/tidak-ada/pindaian/", "{}", content_type="application/json").status_code == 404
    )
    assert Client().get("/pintu/pekerja.js").status_code == 200


def test_scans_are_for_ever() -> None:
    door = make_door(make_activity())
    kept = scan(door, "ZZZZZZZZZZ")
    for change in (lambda: Scan.objects.filter(pk=kept.pk).update(problem=""), kept.delete):
        with pytest.raises(Exception, match="scans_stay"), transaction.atomic():
            change()


def test_only_who_works_on_it_decides() -> None:
    activity = make_activity()
    kept = scan(make_door(activity), "ZZZZZZZZZZ")
    with pytest.raises(Refused) as refused:
        doors.decide(kept, accepted=False, by=make_curator("35.07"))
    assert refused.value.status == 403
    with pytest.raises(Refused, match="no ticket that could count"):
        doors.decide(kept, accepted=True, by=activity.proposed_by)


def test_the_database_keeps_one_attendance_a_ticket_and_part() -> None:
    activity = make_activity()
    ticket = make_registration(activity).tickets[0]
    scan(make_door(activity), ticket)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(
            region_id=activity.region_id,
            ticket=ticket,
            activity=activity,
            at=clock.now(),
            by=activity.proposed_by,
            reason="lagi",
        )


def test_each_part_says_who_is_expected_and_who_is_in() -> None:
    whole = make_activity(kind="festival", quota=None)
    own = make_activity(parent=whole, by=whole.proposed_by, begins_at=whole.begins_at)
    free = make_activity(parent=whole, by=whole.proposed_by, begins_at=whole.begins_at, entry="free")
    door = make_door(whole)
    of_whole, of_own = make_registration(whole).tickets[0], make_registration(own, places=2).tickets[0]
    scan(door, of_whole, part=free)
    scan(door, of_own, part=own)
    scan(door, "", part=free)
    states = queries.door_states(whole, doors.parts_of(whole))
    told = {part.pk: (one.expected, one.inside, one.visitors) for part, one in states}
    assert told == {whole.pk: (1, 0, 0), own.pk: (3, 1, 0), free.pk: (1, 1, 1)}
    assert queries.door_states(own, doors.parts_of(own))[0][1].expected == 3
