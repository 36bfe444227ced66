"""Booking a space: hours that fit, hours that do not, and the reason in words."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from mbois import clock
from mbois.hub.actions.booking import book, cancel, change, restore
from mbois.hub.actions.keeping import decide
from mbois.hub.models import Booking, BookingState
from mbois.hub.tests.factories import (
    MONDAY,
    at,
    hours,
    make_booking,
    make_building,
    make_keeper,
    make_space,
    wish,
)
from mbois.hub.times import range_of
from mbois.people.models import Notification
from mbois.people.tests.factories import make_person
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


def test_nine_to_ten_and_ten_to_eleven_both_fit() -> None:
    space = make_space()
    assert make_booking(space, hours("09:00", "10:00")).state == BookingState.CONFIRMED
    assert make_booking(space, hours("10:00", "11:00")).state == BookingState.CONFIRMED


def test_unless_the_space_asks_for_a_buffer() -> None:
    space = make_space(buffer_minutes=15)
    make_booking(space, hours("09:00", "10:00"))
    with pytest.raises(Refused, match="15 minutes between two bookings"):
        make_booking(space, hours("10:00", "11:00"))
    make_booking(space, hours("10:15", "11:00"))
    with pytest.raises(Refused, match="15 minutes between"):
        make_booking(space, hours("08:00", "09:00"))
    make_booking(space, hours("08:00", "08:45"))


@pytest.mark.parametrize(
    ("begins", "ends"), [("09:00", "11:00"), ("10:00", "12:00"), ("10:15", "10:45"), ("08:00", "13:00")]
)
def test_a_taken_hour_is_refused_with_who_has_it_left_out(begins: str, ends: str) -> None:
    space = make_space()
    make_booking(space, hours("10:00", "11:00"), by=make_person("Rahasia"))
    with pytest.raises(Refused, match=r"taken from 10:00 to 11:00") as refused:
        make_booking(space, hours(begins, ends))
    assert refused.value.code == "taken"
    assert "Rahasia" not in refused.value.message


def test_the_database_refuses_an_overlap_whoever_writes_it() -> None:
    space = make_space(buffer_minutes=30)
    first = make_booking(space, hours("09:00", "10:00"))
    first.refresh_from_db()
    assert first.occupied.upper - first.during.upper == timedelta(minutes=30)
    with pytest.raises(IntegrityError, match="one_booking_at_a_time"), transaction.atomic():
        Booking.objects.create(
            region_id=space.region_id, code="BK-3573-X", space=space, booked_by=first.booked_by,
            during=range_of(hours("10:15", "11:00")), title="x", people=1,
        )  # fmt: skip


def test_a_state_takes_no_other_way() -> None:
    booking = make_booking(make_space())
    cancel(booking, by=booking.booked_by)
    with pytest.raises(Exception, match="transition"), transaction.atomic():
        Booking.objects.filter(pk=booking.pk).update(state="here", checked_in_at=clock.now())


@pytest.mark.parametrize(
    ("begins", "ends", "sentence"),
    [
        ("06:00", "09:00", "Open from 08.00 to 21.00"),
        ("20:00", "22:00", "Open from 08.00 to 21.00"),
        ("09:05", "10:00", "quarter of an hour"),
        ("10:00", "10:00", "end comes before"),
        ("08:00", "17:00", "At most 8 hours at a time"),
    ],
)
def test_hours_that_do_not_fit_are_refused_in_words(begins: str, ends: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        make_booking(make_space(), hours(begins, ends))


def test_a_holiday_and_too_many_people_and_too_far_ahead() -> None:
    keeper = make_keeper()
    space = make_space(make_building(keeper), keeper=keeper)
    with at(day=MONDAY):
        with pytest.raises(Refused, match=r"Closed: .*Lunar New Year"):
            make_booking(space, hours("10:00", "11:00", MONDAY + timedelta(days=26)))
        with pytest.raises(Refused, match="at most 12 people"):
            make_booking(space, people=13)
        with pytest.raises(Refused, match="can be booked up to 11 April 2027"):
            make_booking(space, hours("10:00", "11:00", MONDAY + timedelta(days=91)))


def test_what_is_kept_for_empowerment_opens_to_all_two_days_before() -> None:
    """Seven days of 13 hours are 91 hours; 90 % kept leave 9.1 for other uses."""
    space = make_space(kept_percent=90)
    day = MONDAY + timedelta(days=8)  # a Tuesday
    with at(day=MONDAY):
        make_booking(space, hours("08:00", "14:00", day), use="commercial")
        with pytest.raises(
            Refused, match=r"90% of each week are kept for empowerment; other uses have 3\.1 hours"
        ):
            make_booking(space, hours("14:00", "18:00", day), use="commercial")
        make_booking(space, hours("14:00", "18:00", day + timedelta(days=1)), use="empowerment")
    with at(day=day - timedelta(days=1)):
        make_booking(space, hours("14:00", "18:00", day), use="commercial")


def test_hours_a_week_are_counted_over_all_spaces() -> None:
    person, keeper = make_person(), make_keeper()
    building = make_building(keeper, open_on_holidays=True)
    one, two = make_space(building, keeper=keeper), make_space(building, keeper=keeper)
    with at(day=MONDAY):
        make_booking(one, hours("08:00", "16:00"), by=person)
        make_booking(two, hours("08:00", "16:00", MONDAY + timedelta(days=2)), by=person)
        with pytest.raises(Refused, match="At most 20 hours a week for one person; you have 16"):
            make_booking(one, hours("08:00", "13:00", MONDAY + timedelta(days=3)), by=person)


def test_commercial_use_waits_for_the_keeper_and_knows_its_fee() -> None:
    keeper = make_keeper()
    space = make_space(keeper=keeper, fee_an_hour=75_000)
    booking = make_booking(space, use="commercial")
    assert (booking.state, booking.fee) == (BookingState.REQUESTED, 150_000)
    assert Notification.objects.filter(person=keeper, key="hub/to_approve").exists()
    with pytest.raises(Refused, match="Say why"):
        decide(booking, by=keeper, approve=False)
    decided = decide(booking, by=keeper, approve=True, use="empowerment")
    assert (decided.state, decided.fee) == (BookingState.CONFIRMED, 0)


def test_nobody_approves_their_own_request() -> None:
    keeper = make_keeper()
    booking = make_booking(make_space(keeper=keeper, is_instant=False))
    Booking.objects.filter(pk=booking.pk).update(booked_by=keeper)
    with pytest.raises(Refused, match="Somebody else decides"):
        decide(booking, by=keeper, approve=True)


def test_a_space_for_businesses_or_staff() -> None:
    person = make_person()
    with pytest.raises(Refused, match="verified business"):
        make_booking(make_space(audience="business"), by=person)
    with pytest.raises(Refused, match="for staff"):
        make_booking(make_space(audience="staff"), by=person)
    make_booking(make_space(audience="staff"), by=make_keeper())


def test_moved_cancelled_and_taken_back() -> None:
    space, person = make_space(), make_person()
    booking = make_booking(space, hours("10:00", "12:00"), by=person)
    change(booking, hours("11:00", "13:00"), by=person)
    booking.refresh_from_db()
    assert booking.changes == 1
    cancel(booking, by=person)
    booking.refresh_from_db()
    assert booking.state == BookingState.CANCELLED
    restore(booking, by=person)
    booking.refresh_from_db()
    assert booking.state == BookingState.CONFIRMED


def test_what_another_took_meanwhile_cannot_be_taken_back() -> None:
    space, person = make_space(), make_person()
    booking = make_booking(space, hours("10:00", "12:00"), by=person)
    cancel(booking, by=person)
    make_booking(space, hours("11:00", "12:00"))
    booking.refresh_from_db()
    with pytest.raises(Refused, match="taken from"):
        restore(booking, by=person)


def test_a_keeper_says_why_they_cancel_and_it_is_told() -> None:
    keeper = make_keeper()
    booking = make_booking(make_space(keeper=keeper))
    with pytest.raises(Refused, match="Say why"):
        cancel(booking, by=keeper)
    cancel(booking, by=keeper, reason="Atap bocor")
    assert (
        Notification.objects.get(person=booking.booked_by, key="hub/cancelled").context["reason"]
        == "Atap bocor"
    )


def test_a_stranger_changes_nothing() -> None:
    booking = make_booking(make_space())
    for refused in (
        lambda: cancel(booking, by=make_person()),
        lambda: change(booking, hours("13:00", "14:00"), by=make_person()),
    ):
        with pytest.raises(Refused) as answer:
            refused()
        assert answer.value.status == 403


def test_without_a_title_it_is_refused() -> None:
    with pytest.raises(Refused, match="Say what it is for"):
        book(make_space(), hours("10:00", "11:00"), wish(title="  "), by=make_person())
