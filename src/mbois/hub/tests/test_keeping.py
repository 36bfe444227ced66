"""Check-in, no-shows, holidays declared later, equipment, leaving early."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mbois.hub.actions.booking import cancel, change, restore
from mbois.hub.actions.equipment import hand, set_equipment
from mbois.hub.actions.keeping import (
    check_in,
    close,
    finish,
    flag_closed,
    release_no_shows,
    reopen,
    undo_check_in,
)
from mbois.hub.invariants import INVARIANTS
from mbois.hub.models import Booking, BookingState, EquipmentUse
from mbois.hub.tasks import remind
from mbois.hub.tests.factories import (
    MONDAY,
    at,
    hours,
    make_booking,
    make_building,
    make_equipment,
    make_keeper,
    make_space,
)
from mbois.hub.times import Span, range_of, without
from mbois.hub.venue import SpacesOfTheCentre
from mbois.invariants import breaches
from mbois.people.models import Notification
from mbois.people.tests.factories import make_person
from mbois.places.models import Holiday
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


def test_one_checks_in_from_twenty_minutes_before_until_the_end() -> None:
    with at("08:00"):
        booking = make_booking(make_space(), hours("10:00", "12:00", MONDAY))
    with at("09:30"), pytest.raises(Refused, match="opens 20 minutes before"):
        check_in(booking, by=booking.booked_by)
    with at("12:00"), pytest.raises(Refused, match="is over"):
        check_in(booking, by=booking.booked_by)
    with at("09:40"):
        check_in(booking, by=booking.booked_by)
        assert check_in(booking, by=booking.booked_by).state == BookingState.HERE  # scanned twice


def test_who_comes_late_still_gets_it_unless_somebody_has_it() -> None:
    space, keeper = make_space(), make_keeper()
    with at("08:00"):
        booking = make_booking(space, hours("10:00", "12:00", MONDAY))
    with at("10:20"):
        assert release_no_shows(space.region_id) == 1
        assert release_no_shows(space.region_id) == 0
        assert Notification.objects.filter(person=booking.booked_by, key="hub/no_show").count() == 1
    with at("10:30"):
        check_in(booking, by=booking.booked_by)
        undo_check_in(booking, by=keeper)
        release_no_shows(space.region_id)
        other = make_booking(space, hours("10:30", "11:30", MONDAY))
        with pytest.raises(Refused, match="taken just now"):
            check_in(booking, by=booking.booked_by)
        assert other.state == BookingState.CONFIRMED


def test_a_request_nobody_answered_is_no_no_show() -> None:
    space = make_space(is_instant=False)
    with at("08:00"):
        booking = make_booking(space, hours("10:00", "12:00", MONDAY))
    with at("10:30"):
        release_no_shows(space.region_id)
    booking.refresh_from_db()
    assert booking.state == BookingState.DECLINED


def test_who_leaves_early_frees_the_rest() -> None:
    space = make_space()
    with at("08:00"):
        booking = make_booking(space, hours("09:00", "13:00", MONDAY))
    with at("09:00"):
        check_in(booking, by=booking.booked_by)
    with at("10:50"):
        finish(booking, by=booking.booked_by, beneficiaries=9)
        make_booking(space, hours("11:00", "13:00", MONDAY))
    booking.refresh_from_db()
    assert (booking.minutes, booking.beneficiaries) == (120, 9)


def test_a_holiday_declared_later_marks_and_tells_and_deletes_nothing() -> None:
    keeper = make_keeper()
    space = make_space(make_building(keeper), keeper=keeper)
    day = MONDAY + timedelta(days=2)
    with at(day=MONDAY):
        booking = make_booking(space, hours("10:00", "12:00", day))
        other = make_booking(space, hours("10:00", "12:00", day + timedelta(days=1)))
        holiday = Holiday.objects.create(region_id=space.region_id, date=day, name="Hari Jadi Kota")
        assert flag_closed(space.region_id) == 1
        assert flag_closed(space.region_id) == 0
        booking.refresh_from_db()
        other.refresh_from_db()
        assert (booking.state, booking.flag) == (BookingState.CONFIRMED, "Closed: Hari Jadi Kota")
        assert other.flag == ""
        assert Notification.objects.filter(person=booking.booked_by, key="hub/flagged").count() == 1
        holiday.delete()
        flag_closed(space.region_id)
        booking.refresh_from_db()
        assert booking.flag == ""


def test_hours_closed_by_the_keeper_mark_one_space_only() -> None:
    keeper = make_keeper()
    building = make_building(keeper, open_on_holidays=True)
    one, two = make_space(building, keeper=keeper), make_space(building, keeper=keeper)
    bookings = [make_booking(space, hours("10:00", "12:00")) for space in (one, two)]
    closure = close(building, hours("11:00", "13:00"), by=keeper, reason="Listrik padam", space=one)
    flags = dict(Booking.objects.values_list("space", "flag"))
    assert flags == {one.pk: "Closed: Listrik padam", two.pk: ""}
    with pytest.raises(Refused, match="Listrik padam"):
        make_booking(one, hours("12:00", "13:00"))
    reopen(closure, by=keeper)
    assert not Booking.objects.exclude(flag="").exists()
    assert {one.state for one in bookings} == {BookingState.CONFIRMED}


def test_equipment_is_counted_and_follows_its_booking() -> None:
    keeper = make_keeper()
    building = make_building(keeper, open_on_holidays=True)
    camera = make_equipment(building, keeper=keeper, count=2)
    one, two = make_space(building, keeper=keeper), make_space(building, keeper=keeper)
    first = make_booking(one, hours("10:00", "12:00"), equipment={camera.pk: 2})
    with pytest.raises(Refused, match="only 0 are free"):
        make_booking(two, hours("11:00", "13:00"), equipment={camera.pk: 1})
    make_booking(two, hours("12:00", "13:00"), equipment={camera.pk: 2})
    change(first, hours("13:00", "15:00"), by=first.booked_by)
    assert set(first.pieces.filter(state="held").values_list("during", flat=True)) == {first_range(first)}
    cancel(first, by=first.booked_by)
    assert not first.pieces.filter(state="held").exists()
    first.refresh_from_db()
    restore(first, by=first.booked_by)
    assert first.pieces.filter(state="held").count() == 2


def test_two_kinds_of_equipment_never_have_one_name() -> None:
    keeper = make_keeper()
    building = make_building(keeper)
    make_equipment(building, keeper=keeper, name="Kamera")
    light = make_equipment(building, keeper=keeper, name="Lampu")
    with pytest.raises(Refused, match="of this name already"):
        make_equipment(building, keeper=keeper, name="Kamera")
    with pytest.raises(Refused, match="of this name already"):
        set_equipment(building, by=keeper, name="Kamera", about="", count=1, equipment=light)


def test_what_is_handed_out_moves_with_its_booking() -> None:
    keeper = make_keeper()
    building = make_building(keeper, open_on_holidays=True)
    camera = make_equipment(building, keeper=keeper, count=2)
    one, two = make_space(building, keeper=keeper), make_space(building, keeper=keeper)
    with at("08:00"):
        booking = make_booking(one, hours("10:00", "12:00", MONDAY), equipment={camera.pk: 2})
        hand(booking.pieces.order_by("unit__number")[0], by=keeper, out=True)
        change(booking, hours("14:00", "16:00", MONDAY), by=booking.booked_by)
        kept = EquipmentUse.objects.filter(booking=booking, state__in=["held", "out"])
        assert sorted(kept.values_list("state", flat=True)) == ["held", "out"]
        assert set(kept.values_list("during", flat=True)) == {first_range(booking)}
        make_booking(two, hours("10:00", "12:00", MONDAY), equipment={camera.pk: 2})
        with pytest.raises(Refused, match="promised to somebody else") as refused:
            change(booking, hours("11:00", "13:00", MONDAY), by=booking.booked_by)
        assert (refused.value.code, refused.value.status) == ("equipment_taken", 409)
    with at("14:00"):
        check_in(booking, by=keeper)
    with at("14:50"):  # who leaves early leaves the pieces too
        finish(booking, by=keeper, beneficiaries=3)
        make_booking(two, hours("15:00", "16:00", MONDAY), equipment={camera.pk: 2})


def first_range(booking: Booking) -> object:
    booking.refresh_from_db()
    return booking.during


def test_the_database_guards_the_count() -> None:
    keeper = make_keeper()
    building = make_building(keeper, open_on_holidays=True)
    camera = make_equipment(building, keeper=keeper, count=1)
    booking = make_booking(make_space(building, keeper=keeper), equipment={camera.pk: 1})
    use = booking.pieces.get()
    with pytest.raises(IntegrityError, match="one_use_of_a_piece"), transaction.atomic():
        EquipmentUse.objects.create(
            region_id=use.region_id, booking=booking, unit=use.unit, during=use.during
        )
    for never in (hours("18:00", "19:00"), None):  # another time, no time at all
        elsewhere = range_of(never) if never else DateTimeTZRange(empty=True)
        EquipmentUse.objects.filter(pk=use.pk).update(during=elsewhere)
        use.refresh_from_db()
        assert use.during == booking.during
    set_equipment(building, by=keeper, name="Kamera", about="", count=0, equipment=camera)
    use.refresh_from_db()
    assert use.state == "held"  # what was promised stays
    hand(use, by=keeper, out=True)
    with pytest.raises(Refused, match="done already"):
        hand(use, by=keeper, out=True)
    hand(use, by=keeper, out=False)


def test_tomorrows_bookings_are_reminded_of_once() -> None:
    booking = make_booking(make_space())
    assert (remind(booking.region_id), remind(booking.region_id)) == (1, 0)


def test_other_rooms_find_hold_and_release_a_space() -> None:
    space, person = make_space(name="Auditorium", capacity=300), make_person()
    keeper = SpacesOfTheCentre()
    assert [one.code for one in keeper.find(space.region_id, "audi")] == [space.code]
    span = hours("10:00", "12:00")
    number = keeper.hold(
        space.code, begins=span.begins, ends=span.ends, title="Festival", people=200, by=person
    )
    with pytest.raises(Refused, match="have it then yourself"):
        keeper.hold(space.code, begins=span.begins, ends=span.ends, title="x", people=2, by=person)
    curator = make_person()  # who may move the activity and call it off, and did not book
    later = hours("11:00", "13:00")
    keeper.move(number, begins=later.begins, ends=later.ends, by=curator)
    booking = Booking.objects.get()
    assert (booking.begins, booking.ends) == (later.begins, later.ends)
    assert Notification.objects.filter(person=person, key="hub/moved").count() == 1
    keeper.release(number, by=curator)
    keeper.release(number, by=curator)
    keeper.move(number, begins=span.begins, ends=span.ends, by=curator)  # nothing is held any more
    booking.refresh_from_db()
    assert (booking.state, booking.begins) == (BookingState.CANCELLED, later.begins)
    assert Notification.objects.get(person=person, key="hub/cancelled").context["reason"]
    with pytest.raises(Refused, match="no space with this code"):
        keeper.hold("RK-3573-000999", begins=span.begins, ends=span.ends, title="x", people=2, by=person)


quarters = st.integers(min_value=0, max_value=48)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.tuples(quarters, quarters), max_size=8))
def test_free_and_taken_make_the_whole_day(pairs: list[tuple[int, int]]) -> None:
    day = hours("08:00", "20:00", MONDAY)
    quarter = timedelta(minutes=15)
    busy = [Span(day.begins + a * quarter, day.begins + b * quarter) for a, b in pairs if a < b]
    left = without(day, busy)
    for number in range(48):
        piece = Span(day.begins + number * quarter, day.begins + (number + 1) * quarter)
        is_free = any(piece.within(one) for one in left)
        assert is_free != any(piece.overlaps(one) for one in busy)
    assert left == sorted(left)


def test_nothing_of_the_centre_is_broken() -> None:
    booking = make_booking(make_space())
    cancel(booking, by=booking.booked_by)
    keys = {one.key for one in INVARIANTS}
    assert not [breach for breach in breaches() if breach.invariant.key in keys]
