"""Many at the same moment, each on a connection of their own."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from tests.races import at_once, refused, somebody_waits

from mbois import clock
from mbois.agenda.actions import activities, doors, keeping, proposing, registering, waiting
from mbois.agenda.actions.doors import take_scans
from mbois.agenda.invariants import INVARIANTS
from mbois.agenda.models import Attendance, Registration, Scan, Standing, State, Ticket
from mbois.agenda.tests.factories import (
    make_activity,
    make_curator,
    make_door,
    make_draft,
    make_registration,
    seats_of,
    seen,
)

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def nothing_is_broken() -> None:
    with connection.cursor() as cursor:
        for one in INVARIANTS:
            cursor.execute(one.sql)
            assert cursor.fetchall() == [], one.sentence


def test_the_last_place_is_sold_once() -> None:
    activity = make_activity(quota=3)
    make_registration(activity, places=2)
    results = at_once(*(lambda: make_registration(activity) for _one in range(8)))
    assert sorted(one.position for one in results) == [0, 1, 2, 3, 4, 5, 6, 7]
    assert seats_of(activity).taken == 3
    nothing_is_broken()


def test_without_a_waiting_list_one_gets_the_last_place_and_the_others_are_told() -> None:
    activity = make_activity(quota=1, waits=False)
    results = at_once(*(lambda: make_registration(activity) for _one in range(6)))
    assert [one.code for one in refused(results)] == ["full"] * 5
    assert Ticket.objects.count() == 1


def test_the_same_key_of_two_people_at_once_is_refused_to_one_of_them() -> None:
    activity = make_activity()
    results = at_once(*(lambda: make_registration(activity, key="1") for _one in range(5)))
    assert [one.code for one in refused(results)] == ["key_reused"] * 4
    assert Registration.objects.count() == 1
    nothing_is_broken()


def test_one_address_on_two_pages_at_once_gets_one_registration() -> None:
    activity = make_activity()
    guest = registering.Guest(name="Ani", email="ani@contoh.id")
    results = at_once(*(lambda: registering.register(activity, guest, once_more=False) for _one in range(4)))
    assert [one.code for one in refused(results)] == ["registered_already"] * 3
    assert Registration.objects.count() == 1


def test_a_freed_place_makes_one_offer_however_many_ask_for_it() -> None:
    activity = make_activity(quota=1)
    first = make_registration(activity).registration
    for _one in range(4):
        make_registration(activity)
    results = at_once(
        *(lambda: keeping.cancel(first) for _one in range(3)),
        *(lambda: waiting.lapse_offers(activity.region_id) for _one in range(2)),
        lambda: waiting.set_seats(activity, by=activity.proposed_by, quota=1),
    )
    assert len(refused(results)) == 2
    assert Registration.objects.filter(state=Standing.OFFERED).count() == 1
    nothing_is_broken()


def test_a_part_that_is_rejected_while_its_festival_is_called_off_stays_rejected() -> None:
    festival = make_activity(kind="festival")
    part = make_draft(parent=festival, by=festival.proposed_by)
    proposing.propose(part, by=part.proposed_by)

    def call_off() -> None:
        try:
            activities.call_off(festival, by=festival.proposed_by, reason="Hujan lebat.")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            proposing.turn_down(part, by=make_curator(), note="Bukan di sini.", for_good=True)
            calling = other.submit(call_off)
            somebody_waits()
        calling.result(timeout=30)
    festival.refresh_from_db()
    part.refresh_from_db()
    assert (festival.state, part.state) == (State.CANCELLED, State.REJECTED)


def test_an_offer_is_taken_or_ends_but_not_both() -> None:
    activity = make_activity(quota=1)
    first, second = (make_registration(activity).registration for _one in range(2))
    keeping.cancel(first)
    at_once(
        lambda: keeping.accept_offer(second),
        lambda: keeping.cancel(second),
        lambda: keeping.accept_offer(second),
    )
    second.refresh_from_db()
    assert second.state == Standing.CANCELLED and seats_of(activity).taken == 0  # cancelling is the last word
    nothing_is_broken()


def test_sent_twice_at_once_it_is_one_registration() -> None:
    activity = make_activity(quota=5)
    results = at_once(
        *(lambda: make_registration(activity, key="k", email="a@contoh.id", name="Ani") for _one in range(4))
    )
    assert len({one.registration.pk for one in results}) == 1
    assert seats_of(activity).taken == 1


def test_a_rush_sells_exactly_what_is_there_and_to_who_came_first() -> None:
    activity = make_activity(quota=40)
    come, lock = [], threading.Lock()

    def one(number: int) -> None:
        try:
            placed = make_registration(activity)
            with lock:
                come.append(placed)
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as crowd:
        list(crowd.map(one, range(300)))
    assert len(come) == 300
    sold = Registration.objects.filter(state=Standing.CONFIRMED)
    assert sorted(sold.values_list("number", flat=True)) == list(range(1, 41))
    assert Ticket.objects.count() == 40
    assert sorted(one.position for one in come if not one.confirmed) == list(range(1, 261))
    nothing_is_broken()


def test_two_doors_see_one_ticket_at_once() -> None:
    activity = make_activity()
    ticket = make_registration(activity).tickets[0]
    doors = [make_door(activity, f"Pintu {number}") for number in range(4)]
    at_once(*(lambda door=door: take_scans(door, [seen(ticket)]) for door in doors))
    assert (Scan.objects.count(), Attendance.objects.count()) == (4, 1)
    nothing_is_broken()


def test_a_place_is_used_or_given_up_but_not_both() -> None:
    activity = make_activity(quota=5, begins_at=clock.now() + timedelta(hours=1))
    door = make_door(activity)
    for _one in range(5):
        placed = make_registration(activity)
        at_once(
            lambda placed=placed: keeping.cancel(placed.registration),
            lambda placed=placed: take_scans(door, [seen(placed.tickets[0])]),
        )
        ticket = Ticket.objects.get(pk=placed.tickets[0].pk)
        assert (ticket.cancelled_at is None) == Attendance.objects.filter(ticket=ticket).exists()
        assert Scan.objects.get(ticket=ticket).problem == ("cancelled" if ticket.cancelled_at else "")
    nothing_is_broken()


def test_a_scan_that_meets_a_place_being_given_up_is_an_exception() -> None:
    activity = make_activity(begins_at=clock.now() + timedelta(hours=1))
    door, placed = make_door(activity), make_registration(activity)

    def let_in() -> None:
        try:
            take_scans(door, [seen(placed.tickets[0])])
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            keeping.cancel(placed.registration)
            letting = other.submit(let_in)
            somebody_waits()
        letting.result(timeout=30)
    assert Scan.objects.get().problem == "cancelled" and not Attendance.objects.exists()


def test_what_is_pressed_twice_is_made_once_and_said() -> None:
    festival = make_activity(kind="festival")
    by, door = festival.proposed_by, make_door(festival)
    scan = take_scans(door, [seen("bukan tiket kami")])[0]
    for press in (
        lambda: doors.open_door(festival, by=by, name="Gerbang utara"),
        lambda: doors.decide(scan, accepted=False, by=by),
        lambda: activities.add_stage(festival, by=by, name="Panggung utama"),
    ):
        assert len(refused(at_once(*[press] * 4))) == 3
