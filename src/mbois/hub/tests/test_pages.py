"""The pages: what a booker, a keeper and anybody at a locked door see and do."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mbois import clock
from mbois.hub.actions.booking import cancel
from mbois.hub.actions.keeping import check_in, close
from mbois.hub.models import Booking, BookingState, Space, SpacePhoto, Waiting
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
    signed_in,
)
from mbois.people.models import Document
from mbois.people.tests.factories import make_person, picture

pytestmark = pytest.mark.django_db
QueriesAllowed = Callable[..., Any]


def form_of(space: Space, **fields: Any) -> dict[str, Any]:
    told = {
        "day": (clock.today() + timedelta(days=1)).isoformat(),
        "begins": "10:00",
        "ends": "12:00",
        "title": "Siniar warga",
        "people": "4",
        "use": "empowerment",
    }
    return told | fields


def test_anybody_sees_the_centre_and_no_name(client: Client) -> None:
    keeper = make_keeper()
    space = make_space(keeper=keeper, name="Ruang Siniar")
    make_booking(space, by=make_person("Rahasia Nama"), title="Rahasia Judul", group="Rahasia Grup")
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    for path in (
        reverse("centre"),
        reverse("hub_day") + f"?day={tomorrow}",
        reverse("hub_week"),
        reverse("hub_find") + f"?day={tomorrow}&begins=10:00&ends=11:00&people=2",
        space.get_absolute_url() + f"?day={tomorrow}",
        space.get_absolute_url() + "kalender.ics",
        reverse("hub_door", kwargs={"space_secret": space.door_secret}),
        f"/api/hub/spaces/{space.code}/free?date={tomorrow}",
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "Rahasia" not in answer.content.decode(), path


@pytest.mark.parametrize("name", ["centre", "hub_day", "hub_week", "hub_find"])
def test_an_empty_city_has_no_centre_and_says_so(client: Client, name: str) -> None:
    assert client.get(reverse(name)).status_code == 200


def test_the_day_takes_six_queries_whatever_is_booked(
    client: Client, django_assert_max_num_queries: QueriesAllowed
) -> None:
    keeper = make_keeper()
    building = make_building(keeper, open_on_holidays=True)
    for _number in range(6):
        space = make_space(building, keeper=keeper)
        for hour in (9, 11, 13):
            make_booking(space, hours(f"{hour}:00".zfill(5), f"{hour + 1}:00"))
    day = (clock.today() + timedelta(days=1)).isoformat()
    client.get(reverse("hub_day"))
    with django_assert_max_num_queries(6):
        answer = client.get(reverse("hub_day") + f"?day={day}")
    assert (
        answer.content.decode().count('class="busy"') + answer.content.decode().count('rect class="busy')
        >= 18
    )
    with django_assert_max_num_queries(6):
        client.get(reverse("hub_week"))


def test_the_keepers_day_takes_as_many_queries_for_one_as_for_many(
    django_assert_max_num_queries: QueriesAllowed,
) -> None:
    keeper = make_keeper()
    building = make_building(keeper, open_on_holidays=True)
    for _number in range(5):
        space = make_space(building, keeper=keeper)
        for hour in (10, 12, 14):
            make_booking(space, hours(f"{hour}:00", f"{hour + 1}:00"))
    client = signed_in(keeper)
    client.get(reverse("hub_keeper"))
    day = (clock.today() + timedelta(days=1)).isoformat()
    with django_assert_max_num_queries(22):
        assert client.get(reverse("hub_keeper") + f"?day={day}").status_code == 200


def test_thursday_afternoon_from_a_phone() -> None:
    space, person = make_space(name="Ruang Siniar"), make_person()
    client = signed_in(person)
    page = reverse("book", kwargs={"space": space.code})
    assert client.get(page + "?begins=13:00&ends=15:00").context["form"]["begins"].value() == "13:00"
    answer = client.post(page, form_of(space))
    booking = Booking.objects.get()
    assert answer.url == booking.get_absolute_url()
    assert "Siniar warga" in client.get(answer.url).content.decode()
    assert "Siniar warga" in client.get(reverse("my_bookings")).content.decode()


def test_bad_input_keeps_what_was_typed_and_says_why() -> None:
    space = make_space()
    client = signed_in(make_person())
    page = reverse("book", kwargs={"space": space.code})
    answer = client.post(page, form_of(space, ends="09:00", title="Latihan tari"))
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "The end comes before the beginning." in body and "Latihan tari" in body
    answer = client.post(page, form_of(space, people="99"))
    assert "takes at most 12 people" in answer.content.decode()
    for wrong in ({"day": "x"}, {"begins": "25:00"}, {"people": "0"}, {"use": "other"}, {"repeat": "1"}):
        assert client.post(page, form_of(space, **wrong)).status_code == 422


def test_a_taken_hour_offers_to_wait() -> None:
    space, person = make_space(), make_person()
    booking = make_booking(space)
    client = signed_in(person)
    page = reverse("book", kwargs={"space": space.code})
    answer = client.post(page, form_of(space))
    assert answer.status_code == 409 and "Wait for it" in answer.content.decode()
    client.post(page, form_of(space, wait="1"))
    assert Waiting.objects.get().booked_by == person
    cancel(booking, by=booking.booked_by)
    body = client.get(reverse("my_bookings")).content.decode()
    assert "Yes, I take it" in body
    offer = Booking.objects.get(state=BookingState.OFFERED)
    client.post(reverse("booking_offer", kwargs={"booking": offer.code}), {"answer": "yes"})
    offer.refresh_from_db()
    assert offer.state == BookingState.CONFIRMED


def test_each_time_of_a_series_is_shown_with_its_reason_before_it_is_booked() -> None:
    keeper = make_keeper()
    space = make_space(make_building(keeper, week=WEEK), keeper=keeper)
    page = reverse("book", kwargs={"space": space.code})
    with at(day=MONDAY):
        client = signed_in(make_person())
        first = MONDAY + timedelta(days=5)  # Saturday; 6 February 2027 is Lunar New Year
        make_booking(space, hours("09:00", "11:00", first + timedelta(days=7)))
        told = form_of(
            space, day=first.isoformat(), repeat="1", until=(first + timedelta(days=35)).isoformat()
        )
        answer = client.post(page, told)
        body = answer.content.decode()
        assert not Booking.objects.filter(series__isnull=False).exists()
        assert "4 of 6 times can be booked" in body
        assert "Lunar New Year" in body and "It is taken from 09:00 to 11:00." in body
        agreed = [one.day for one in answer.context["verdicts"] if one.ok]
        answer = client.post(page, told | {"agreed": agreed})
    rows = Booking.objects.filter(series__isnull=False).order_by("during")
    assert len(rows) == 4
    assert {row.begins.astimezone(clock.JAKARTA).hour for row in rows} == {10}
    with at(day=MONDAY):
        assert "Cancel the 4 times to come" in client.get(answer.url).content.decode()
        client.post(answer.url, {"confirmed": "yes"})
    assert not Booking.objects.filter(series__isnull=False).holding().exists()


def test_what_changed_since_the_look_is_shown_again() -> None:
    space = make_space()
    client = signed_in(make_person())
    day = clock.today() + timedelta(days=1)
    told = form_of(space, repeat="1", until=(day + timedelta(days=14)).isoformat())
    page = reverse("book", kwargs={"space": space.code})
    agreed = [one.day for one in client.post(page, told).context["verdicts"]]
    make_booking(space, hours("10:00", "11:00", day + timedelta(days=7)))
    answer = client.post(page, told | {"agreed": agreed})
    assert answer.status_code == 409 and "Something has changed" in answer.content.decode()
    assert Booking.objects.count() == 1


def test_at_the_door_one_checks_in_to_ones_own_booking() -> None:
    space, person = make_space(), make_person()
    with at("09:00"):
        make_booking(space, hours("10:00", "12:00", MONDAY), by=person)
    door = reverse("hub_door", kwargs={"space_secret": space.door_secret})
    with at("09:50"):
        client = signed_in(person)
        assert "I am here" in client.get(door).content.decode()
        assert signed_in(make_person()).post(door).status_code == 409
        client.post(door)
        assert "You are checked in" in client.get(door).content.decode()
    assert Booking.objects.get().state == BookingState.HERE


def test_at_a_locked_door_without_a_booking(client: Client) -> None:
    space = make_space()
    door = reverse("hub_door", kwargs={"space_secret": space.door_secret})
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    with at("10:05"):
        body = client.get(door).content.decode()
        assert "Free now" in body and "begins=10:00" in body and "Sign in" in body
        make_booking(space, hours("10:00", "12:00", MONDAY), by=make_person("Rahasia"))
        body = client.get(door).content.decode()
        assert "Taken until 12:00" in body and "Rahasia" not in body
    with at("23:00"):
        assert "Closed now" in client.get(door).content.decode()
    assert client.get(reverse("hub_door", kwargs={"space_secret": "wrong"})).status_code == 404


def test_a_keeper_answers_checks_in_and_hands_out() -> None:
    keeper, person = make_keeper(), make_person()
    building = make_building(keeper, open_on_holidays=True)
    space = make_space(building, keeper=keeper, is_instant=False)
    camera = make_equipment(building, keeper=keeper, count=1)
    with at("09:00"):
        booking = make_booking(space, hours("10:00", "12:00", MONDAY), by=person, equipment={camera.pk: 1})
        client = signed_in(keeper)
        assert "Wait for your answer" in client.get(reverse("hub_keeper")).content.decode()
        decide = reverse("booking_decide", kwargs={"booking": booking.code})
        assert client.get(decide).status_code == 200
        assert client.post(decide, {"answer": "no", "use": "empowerment"}).status_code == 422
        client.post(decide, {"answer": "yes", "use": "empowerment"})
    with at("09:55"):
        client.force_login(keeper)
        body = client.get(reverse("hub_keeper")).content.decode()
        assert "Kamera no. 1" in body
        use = booking.pieces.get()
        client.post(reverse("equipment_hand", kwargs={"equipment_use": use.pk}))
        client.post(reverse("booking_check_in", kwargs={"booking": booking.code}))
        booking.refresh_from_db()
        use.refresh_from_db()
        assert (booking.state, use.state) == (BookingState.HERE, "out")
        client.post(reverse("booking_check_in", kwargs={"booking": booking.code}), {"undo": "1"})
        booking.refresh_from_db()
        assert booking.state == BookingState.CONFIRMED


def test_a_keeper_sets_the_centre_up_from_nothing() -> None:
    keeper = make_keeper()
    client = signed_in(keeper)
    assert client.get(reverse("hub_keeper")).url == reverse("hub_building_new")
    week = {
        f"{kind}_{day}": hour for day in range(6) for kind, hour in (("opens", "08:00"), ("closes", "20:00"))
    }
    told = {
        "name": "MCC", "address": "Jl. A. Yani 53", "grace_minutes": "15", "release_hours": "48", "offer_minutes": "60",
    }  # fmt: skip
    answer = client.post(reverse("hub_building_new"), told | week)
    space = {
        "name": "Dapur", "level": "3", "capacity": "10", "facilities": ["kitchen"], "audience": "anyone",
        "is_instant": "on", "buffer_minutes": "30", "kept_percent": "58", "fee_an_hour": "50.000", "is_open": "on",
    }  # fmt: skip
    client.post(answer.url, space)
    made = Space.objects.get()
    assert (made.name, made.fee_an_hour, made.floor.level) == ("Dapur", 50_000, 3)
    for name in ("hub_space", "hub_space_photos", "hub_door_sheet"):
        assert client.get(reverse(name, kwargs={"space": made.code})).status_code == 200
    for name in ("hub_building", "hub_rules", "hub_equipment", "hub_closures", "hub_space_new"):
        page = reverse(name, kwargs={"building": made.floor.building.code})
        assert client.get(page).status_code == 200
    closed = client.post(
        reverse("hub_building", kwargs={"building": made.floor.building.code}),
        told | week | {"closes_0": "07:00"},
    )
    assert "It closes before it opens." in closed.content.decode()


def test_photos_are_public_and_can_be_taken_off(client: Client) -> None:
    keeper = make_keeper()
    space = make_space(keeper=keeper)
    keeping = signed_in(keeper)
    keeping.post(
        reverse("hub_space_photos", kwargs={"space": space.code}), {"photos": [picture(size=(900, 600))]}
    )
    photo = SpacePhoto.objects.get()
    assert (
        client.get(reverse("space_photo", kwargs={"space_photo": photo.pk})).headers["Content-Type"]
        == "image/jpeg"
    )
    keeping.post(reverse("hub_photo_remove", kwargs={"space_photo": photo.pk}), {"confirmed": "yes"})
    assert not Document.objects.exists()
    assert client.get(reverse("space_photo", kwargs={"space_photo": photo.pk})).status_code == 404


def test_a_calendar_of_ones_own_at_a_secret_address(client: Client) -> None:
    booking = make_booking(make_space(), title="Rekaman")
    mine = signed_in(booking.booked_by)
    address = mine.get(reverse("my_bookings")).context["address"]
    path = "/" + address.split("/", 3)[3]
    body = client.get(path).content.decode()
    assert "Rekaman" in body and "STATUS:CONFIRMED" in body and "SEQUENCE:0" in body
    cancel(booking, by=booking.booked_by)
    assert "STATUS:CANCELLED" in client.get(path).content.decode()
    mine.post(reverse("booking_feed_new"))
    assert client.get(path).status_code == 404


def test_the_report_counts_hours_people_and_the_share_of_empowerment() -> None:
    keeper = make_keeper()
    space = make_space(keeper=keeper)
    with at("08:00"):
        one = make_booking(space, hours("09:00", "12:00", MONDAY), subsector="music")
        two = make_booking(space, hours("13:00", "14:00", MONDAY), use="government")
        make_booking(space, hours("15:00", "16:00", MONDAY))
    from mbois.hub.actions.keeping import decide, finish, release_no_shows

    with at("09:00"):
        decide(two, by=keeper, approve=True)
        check_in(one, by=one.booked_by)
    with at("12:00"):
        finish(one, by=one.booked_by, beneficiaries=17)
    with at("13:00"):
        check_in(two, by=keeper)
    with at("16:30"):
        release_no_shows(space.region_id)
        client = signed_in(keeper)
        page = reverse("hub_report")
        total = client.get(page).context["sum"]
        assert (total.hours, total.people, total.no_shows) == (4.0, 17, 1)
        assert total.empowerment == 0.75
        assert "Music" in client.get(page + "?menurut=subsektor").content.decode()
        sheet = b"".join(client.get(page + "?unduh=csv").streaming_content).decode()
        assert "4.0" in sheet and space.name in sheet


def test_the_api_tells_free_hours_with_their_offset(client: Client) -> None:
    space = make_space(buffer_minutes=30)
    with at("08:00"):
        make_booking(space, hours("10:00", "12:00", MONDAY))
        answer = client.get(f"/api/hub/spaces/{space.code}/free?date={MONDAY}").json()
    assert answer["free"] == [
        {"begins": "2027-01-11T08:00:00+07:00", "ends": "2027-01-11T09:30:00+07:00"},
        {"begins": "2027-01-11T12:30:00+07:00", "ends": "2027-01-11T21:00:00+07:00"},
    ]
    assert client.get("/api/hub/spaces/RK-3573-999999/free").status_code == 404
    assert client.get(f"/api/hub/spaces/{space.code}/free?date=x").status_code == 422


@pytest.mark.parametrize("field", ["day", "until"])
def test_a_day_beyond_all_calendars_is_said_beside_it(field: str) -> None:
    space, person = make_space(), make_person()
    said = form_of(space, repeat="1") | {"until": form_of(space)["day"], field: "9999-12-31"}
    answer = signed_in(person).post(reverse("book", kwargs={"space": space.code}), said)
    assert answer.status_code == 422
    assert answer.context["form"].errors[field] == ["That day is too far away."]
    booking = make_booking(space, by=person)
    page = reverse("booking_change", kwargs={"booking": booking.code})
    moved = {"day": "9999-12-31", "begins": "10:00", "ends": "12:00"}
    assert signed_in(person).post(page, moved).status_code == 422


def test_the_api_names_no_hours_that_have_passed(client: Client) -> None:
    space = make_space()
    page = f"/api/hub/spaces/{space.code}/free?date="
    with at("14:20"):
        today = client.get(f"{page}{MONDAY}").json()
        assert today["free"] == [{"begins": "2027-01-11T14:15:00+07:00", "ends": "2027-01-11T21:00:00+07:00"}]
        before = client.get(f"{page}{MONDAY - timedelta(days=1)}").json()
        assert before["free"] == [] and before["open"] and before["closed"] is None


def test_the_api_says_why_a_day_is_closed(client: Client) -> None:
    keeper = make_keeper()
    space = make_space(keeper=keeper)
    day = MONDAY + timedelta(days=1)
    with at("08:00"):
        for begins, ends in (("07:00", "12:00"), ("12:00", "22:00")):
            close(space.floor.building, hours(begins, ends, day), by=keeper, reason="Lantai dicat")
        told = client.get(f"/api/hub/spaces/{space.code}/free?date={day}").json()
    assert (told["closed"], told["free"]) == ("Lantai dicat", [])


def test_a_strangers_booking_does_not_exist_for_one() -> None:
    booking = make_booking(make_space())
    client = signed_in(make_person())
    for name in ("booking", "booking_change", "booking_cancel", "booking_decide", "booking_event"):
        assert client.get(reverse(name, kwargs={"booking": booking.code})).status_code == 404


def test_home_says_what_is_next() -> None:
    keeper = make_keeper()
    booking = make_booking(make_space(keeper=keeper))
    assert booking.space.name in signed_in(booking.booked_by).get(reverse("home")).content.decode()
    assert reverse("hub_keeper") in signed_in(keeper).get(reverse("home")).content.decode()


@pytest.mark.parametrize(
    ("name", "says"),
    [("hub_day", "on one day"), ("hub_week", "at a glance"), ("hub_find", "Find a space at")],
)
def test_a_page_says_what_it_is_to_who_searches(name: str, says: str) -> None:
    page = Client(headers={"accept-language": "en"}).get(reverse(name)).content.decode()
    description = page.partition('<meta name="description" content="')[2].partition('"')[0]
    assert says in description
