"""The waiting list: one offer at a time, that ends, and never after the start."""

from datetime import timedelta

import pytest

from mbois.hub.actions.booking import cancel
from mbois.hub.actions.keeping import release_no_shows
from mbois.hub.actions.waiting import end_offers, take_up, wait_for, withdraw
from mbois.hub.models import Booking, BookingState, Space, Waiting, WaitingState
from mbois.hub.tests.factories import MONDAY, at, hours, make_booking, make_space
from mbois.hub.times import Span
from mbois.people.models import Notification, Person
from mbois.people.tests.factories import make_person
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


def wait(space: Space, span: Span, by: Person) -> Waiting:
    values = {"title": "Rekaman", "group": "", "use": "empowerment", "subsector": "", "people": 3}
    return wait_for(space, span, by=by, values=values)


def offers() -> list[Booking]:
    return list(Booking.objects.filter(state=BookingState.OFFERED))


def test_first_come_first_offered_and_then_the_next() -> None:
    space, first, second = make_space(), make_person(), make_person()
    span = hours("10:00", "12:00", MONDAY + timedelta(days=1))
    with at("09:00"):
        booking = make_booking(space, span)
        one, two = wait(space, span, first), wait(space, span, second)
        cancel(booking, by=booking.booked_by)
        assert [offer.booked_by for offer in offers()] == [first]
        assert Notification.objects.filter(person=first, key="hub/offer").count() == 1
        assert not Notification.objects.filter(person=second, key="hub/offer").exists()
    with at("11:01"):  # two hours to take it up
        with pytest.raises(Refused, match="offer has ended"):
            take_up(offers()[0], by=first)
        assert end_offers(space.region_id) == 1
        assert [offer.booked_by for offer in offers()] == [second]
        assert take_up(offers()[0], by=second).state == BookingState.CONFIRMED
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.state, two.state) == (WaitingState.PASSED, WaitingState.TAKEN)


def test_an_offer_that_is_given_up_moves_on_at_once() -> None:
    space, first, second = make_space(), make_person(), make_person()
    booking = make_booking(space)
    span = Span(booking.begins, booking.ends)
    wait(space, span, first)
    wait(space, span, second)
    cancel(booking, by=booking.booked_by)
    cancel(offers()[0], by=first)
    assert [offer.booked_by for offer in offers()] == [second]


def test_an_offer_taken_up_and_cancelled_later_frees_its_place() -> None:
    space, first, second = make_space(), make_person(), make_person()
    booking = make_booking(space)
    span = Span(booking.begins, booking.ends)
    wait(space, span, first)
    wait(space, span, second)
    cancel(booking, by=booking.booked_by)
    taken = take_up(offers()[0], by=first)
    assert offers() == []
    cancel(taken, by=first)
    assert [offer.booked_by for offer in offers()] == [second]


def test_no_offer_reaches_beyond_the_start_and_none_comes_after_it() -> None:
    space, first, second = make_space(), make_person(), make_person()
    span = hours("10:00", "12:00", MONDAY)
    with at("08:00"):
        booking = make_booking(space, span)
        wait(space, span, first)
        wait(space, span, second)
    with at("09:30"):
        cancel(booking, by=booking.booked_by)
        assert offers()[0].offer_until == span.begins
    with at("10:00"):
        end_offers(space.region_id)
        assert offers() == []
    assert set(Waiting.objects.values_list("state", flat=True)) == {WaitingState.PASSED, WaitingState.OVER}


def test_half_of_what_came_free_is_not_enough() -> None:
    space, person = make_space(), make_person()
    make_booking(space, hours("12:00", "13:00"))
    booking = make_booking(space, hours("10:00", "12:00"))
    wait(space, hours("11:00", "13:00"), person)
    cancel(booking, by=booking.booked_by)
    assert offers() == []


def test_two_who_fit_beside_each_other_both_get_an_offer() -> None:
    space, first, second = make_space(), make_person(), make_person()
    booking = make_booking(space, hours("10:00", "12:00"))
    wait(space, hours("10:00", "11:00"), first)
    wait(space, hours("11:00", "12:00"), second)
    cancel(booking, by=booking.booked_by)
    assert {offer.booked_by for offer in offers()} == {first, second}


def test_what_is_free_is_booked_not_waited_for_and_nobody_waits_twice() -> None:
    space, person = make_space(), make_person()
    with pytest.raises(Refused, match="free now"):
        wait(space, hours("10:00", "11:00"), person)
    make_booking(space, hours("10:00", "11:00"))
    entry = wait(space, hours("10:00", "11:00"), person)
    with pytest.raises(Refused, match="on the list already"):
        wait(space, hours("10:00", "11:00"), person)
    withdraw(entry, by=person)
    wait(space, hours("10:00", "11:00"), person)


def test_a_no_show_frees_the_hours_after_it() -> None:
    space, person = make_space(), make_person()
    with at("08:00"):
        booking = make_booking(space, hours("09:00", "13:00", MONDAY))
        wait(space, hours("11:00", "13:00", MONDAY), person)
    with at("09:21"):
        assert release_no_shows(space.region_id) == 1
    booking.refresh_from_db()
    assert booking.state == BookingState.NO_SHOW
    assert [offer.booked_by for offer in offers()] == [person]
