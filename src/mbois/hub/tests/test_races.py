"""Several people at the same moment, on connections of their own."""

import pytest
from tests.races import at_once, refused

from mbois.hub.actions.booking import book, cancel, change
from mbois.hub.actions.keeping import release_no_shows
from mbois.hub.actions.spaces import set_week
from mbois.hub.actions.waiting import wait_for
from mbois.hub.models import Booking, BookingState, EquipmentUse, Space
from mbois.hub.tests.factories import (
    MONDAY,
    WEEK,
    at,
    hours,
    make_booking,
    make_building,
    make_equipment,
    make_keeper,
    make_space,
    wish,
)
from mbois.people.tests.factories import make_person

pytestmark = pytest.mark.django_db(transaction=True)


def test_eight_people_want_the_same_hour_and_one_gets_it() -> None:
    space = make_space(buffer_minutes=15)
    people = [make_person() for _number in range(8)]
    spans = [hours(f"{9 + number % 2:02d}:00", f"{10 + number % 2:02d}:30") for number in range(8)]
    results = at_once(
        *(
            lambda person=person, span=span: book(Space.objects.get(pk=space.pk), span, wish(), by=person)
            for person, span in zip(people, spans, strict=True)
        )
    )
    assert len(refused(results)) == 7
    assert {one.code for one in refused(results)} == {"taken"}
    assert Booking.objects.holding().count() == 1


def test_the_last_camera_goes_to_one() -> None:
    keeper = make_keeper()
    building = make_building(keeper, open_on_holidays=True)
    camera = make_equipment(building, keeper=keeper, count=2)
    spaces = [make_space(building, keeper=keeper) for _number in range(6)]
    people = [make_person() for _number in range(6)]
    results = at_once(
        *(
            lambda space=space, person=person: book(
                Space.objects.get(pk=space.pk),
                hours("10:00", "12:00"),
                wish(equipment={camera.pk: 1}),
                by=person,
            )
            for space, person in zip(spaces, people, strict=True)
        )
    )
    assert {one.code for one in refused(results)} == {"equipment_taken"}
    assert len(refused(results)) == 4
    assert EquipmentUse.objects.count() == 2
    assert Booking.objects.count() == 2  # without the camera, no booking either


def test_a_freed_hour_is_offered_to_one_while_others_book_it() -> None:
    space = make_space()
    booking = make_booking(space, hours("10:00", "12:00"))
    waiting = make_person()
    wait_for(
        space, hours("10:00", "12:00"), by=waiting,
        values={"title": "x", "group": "", "use": "empowerment", "subsector": "", "people": 2},
    )  # fmt: skip
    others = [make_person() for _number in range(3)]
    results = at_once(
        lambda: cancel(booking, by=booking.booked_by),
        *(
            lambda person=person: book(
                Space.objects.get(pk=space.pk), hours("10:00", "12:00"), wish(), by=person
            )
            for person in others
        ),
    )
    holding = Booking.objects.holding().get()
    assert holding.state == BookingState.OFFERED and holding.booked_by == waiting
    assert len(refused(results)) == 3


def test_two_tabs_move_and_cancel_one_booking() -> None:
    for _round in range(6):
        booking = make_booking(make_space(), hours("10:00", "12:00"))
        by = booking.booked_by
        at_once(
            lambda booking=booking, by=by: change(booking, hours("13:00", "15:00"), by=by),
            lambda booking=booking, by=by: cancel(booking, by=by),
        )
        booking.refresh_from_db()
        assert booking.state == BookingState.CANCELLED


def test_two_bookings_change_places() -> None:
    building = make_building(open_on_holidays=True)
    one, two = make_space(building), make_space(building)
    for number in range(6):
        early, late = hours(f"{8 + number:02d}:00", f"{9 + number:02d}:00"), hours("19:00", "20:00")
        first, second = make_booking(one, early), make_booking(two, late)
        at_once(
            lambda first=first, early=early: change(first, early, by=first.booked_by, space=two),
            lambda second=second, late=late: change(second, late, by=second.booked_by, space=one),
        )
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.space_id, second.space_id) == (two.pk, one.pk)
        cancel(second, by=second.booked_by)


def test_a_late_guest_and_the_clock_come_at_once() -> None:
    space = make_space()
    with at("08:00"):
        bookings = [
            make_booking(space, hours(f"{hour:02d}:00", f"{hour + 1:02d}:00", MONDAY))
            for hour in range(9, 13)
        ]
    with at("13:30"):
        results = at_once(
            *(lambda: release_no_shows(space.region_id) for _number in range(2)),
            *(lambda row=row: cancel(row, by=row.booked_by) for row in bookings),
        )
    gone = [result for result in results[:2] if isinstance(result, int)]
    states = Booking.objects.values_list("state", flat=True)
    assert set(states) <= {BookingState.NO_SHOW, BookingState.CANCELLED}
    assert sum(gone) == list(states).count(BookingState.NO_SHOW)


def test_two_pages_save_the_opening_hours_at_once() -> None:
    keeper = make_keeper()
    building = make_building(keeper)
    at_once(*[lambda: set_week(building, WEEK, by=keeper)] * 4)
    assert building.hours.count() == 7
