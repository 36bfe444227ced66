"""What is shown as free, what is found and what may be taken back is what booking allows."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from mbois import clock
from mbois.hub import queries
from mbois.hub.actions.booking import cancel
from mbois.hub.models import Booking, BookingState, Space
from mbois.hub.tests.factories import at, hours, make_booking, make_space, signed_in
from mbois.people.tests.factories import make_person
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


def bars(space: Space, kind: str) -> list[tuple[int, int]]:
    day = clock.today() + timedelta(days=1)
    board = queries.day_board([queries.all_spaces()[0]], day)
    return [(one.x, one.width) for one in board.rows[0].bars if one.kind == kind]


def test_the_day_paints_the_time_between_two_bookings_as_not_free() -> None:
    space = make_space(buffer_minutes=30)
    make_booking(space, hours("10:00", "11:00"))
    # from eight: the half hour for whoever was before, and the half hour after
    assert bars(space, "buffer") == [(90, 120)]
    assert bars(space, "busy") == [(120, 60)]


def test_without_a_buffer_nothing_is_painted_between() -> None:
    space = make_space()
    make_booking(space, hours("10:00", "11:00"))
    assert bars(space, "buffer") == []


def test_the_buffer_stays_within_the_opening_hours() -> None:
    space = make_space(buffer_minutes=60)
    make_booking(space, hours("08:00", "09:00"))
    assert bars(space, "buffer") == [(0, 120)]


def test_the_legend_names_it_where_it_is_drawn(client: Client) -> None:
    day = (clock.today() + timedelta(days=1)).isoformat()
    client.cookies["django_language"] = "en"
    page = reverse("hub_day") + f"?day={day}"
    space = make_space(buffer_minutes=30)
    assert 'class="buffer"' not in client.get(page).content.decode()
    make_booking(space)
    assert 'class="buffer"' in client.get(page).content.decode()


@pytest.mark.parametrize(
    ("begins", "ends", "says"),
    [
        ("10:07", "12:00", "quarter of an hour"),
        ("10:00", "11:59", "quarter of an hour"),
        ("12:00", "10:00", "end comes before"),
        ("10:00", "10:00", "end comes before"),
    ],
)
def test_looking_refuses_the_hours_that_booking_refuses(begins: str, ends: str, says: str) -> None:
    space, client = make_space(), signed_in(make_person())
    day = (clock.today() + timedelta(days=1)).isoformat()
    wish = {"day": day, "begins": begins, "ends": ends, "people": "2"}
    found = client.get(reverse("hub_find"), wish)
    booked = client.post(
        reverse("book", kwargs={"space": space.code}), wish | {"title": "Siniar", "use": "empowerment"}
    )
    for answer in (found, booked):
        assert answer.status_code == 422 and says in str(answer.context["form"].errors)


@pytest.mark.parametrize("buffer", [0, 10, 25, 30])
def test_every_free_time_that_is_shown_can_be_booked(buffer: int) -> None:
    space = make_space(buffer_minutes=buffer)
    make_booking(space, hours("10:00", "11:15"))
    make_booking(space, hours("13:00", "14:00"))
    day = clock.today() + timedelta(days=1)
    windows = queries.day_board([queries.all_spaces()[0]], day).rows[0].windows
    assert windows
    for window in windows:
        ends = min(window.span.ends, window.span.begins + timedelta(hours=1))
        booking = make_booking(space, type(window.span)(window.span.begins, ends))
        assert booking.state == BookingState.CONFIRMED
        cancel(booking, by=booking.booked_by)


def given_up() -> Booking:
    booking = make_booking(make_space(), hours("13:00", "14:00"))
    return cancel(booking, by=booking.booked_by)


def offers_it(booking: Booking) -> bool:
    page = signed_in(booking.booked_by).get(booking.get_absolute_url())
    return reverse("booking_restore", kwargs={"booking": booking.code}) in page.content.decode()


def test_taking_it_back_is_offered_for_a_quarter_of_an_hour() -> None:
    with at("09:00"):
        booking = given_up()
        assert offers_it(booking)
    with at("09:16"):
        assert not offers_it(booking)


def test_taking_it_back_is_not_offered_once_somebody_else_has_it() -> None:
    with at("09:00"):
        booking = given_up()
        make_booking(booking.space, hours("13:30", "15:00"))
        assert not offers_it(booking)


def test_who_takes_it_back_too_late_reads_why_on_the_booking() -> None:
    with at("09:00"):
        booking = given_up()
    with at("09:20"):
        answer = signed_in(booking.booked_by).post(
            reverse("booking_restore", kwargs={"booking": booking.code}), follow=True
        )
        page = answer.content.decode()
        assert answer.redirect_chain and "can no longer be taken back" in page
        booking.refresh_from_db()
        assert booking.state == BookingState.CANCELLED


def test_nobody_takes_back_what_another_gave_up() -> None:
    from mbois.hub.actions.booking import restore

    booking = given_up()
    with pytest.raises(Refused):
        restore(booking, by=make_person())
