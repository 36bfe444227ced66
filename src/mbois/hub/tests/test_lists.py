"""Lists ask the database as often for many rows as for few."""

from datetime import time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.counting import grows

from mbois import clock
from mbois.hub.actions.booking import Repeat, book_series
from mbois.hub.actions.keeping import close
from mbois.hub.actions.waiting import wait_for
from mbois.hub.tests.factories import (
    hours,
    make_booking,
    make_building,
    make_equipment,
    make_keeper,
    make_space,
    signed_in,
    wish,
)
from mbois.people.tests.factories import make_person

pytestmark = pytest.mark.django_db


def test_lists_ask_as_often_whatever_their_length() -> None:
    keeper, person, other = make_keeper(), make_person(), make_person()
    building = make_building(keeper, open_on_holidays=True)
    first = make_space(building, keeper=keeper)
    tomorrow = clock.today() + timedelta(days=1)
    turn = iter(range(100))

    def more() -> None:
        number = next(turn)
        space = make_space(building, keeper=keeper, level=number)
        camera = make_equipment(building, keeper=keeper, count=1, name=f"Kamera {number}")
        make_booking(space, hours("08:00", "09:00"), by=person, equipment={camera.pk: 1})
        make_booking(space, hours("10:00", "11:00"), by=other)
        values = {"title": "x", "group": "", "use": "empowerment", "subsector": "", "people": 2}
        wait_for(space, hours("10:00", "11:00"), by=person, values=values)
        close(building, hours("20:00", "21:00"), by=keeper, reason="Listrik padam", space=space)

    more()
    days = [tomorrow + timedelta(weeks=number) for number in range(2)]
    repeat = Repeat(days[0], days[-1], time(13), time(14))
    series, _rows = book_series(first, repeat, wish(), by=person, agreed=days)
    guest, booker, desk = Client(), signed_in(person), signed_in(keeper)
    asked = f"day={tomorrow}&begins=15:00&ends=16:00&people=2"
    of_building = {"building": building.code}
    pages = [
        (guest, reverse("centre")),
        (guest, reverse("hub_day") + f"?day={tomorrow}"),
        (guest, reverse("hub_week") + f"?day={tomorrow}"),
        (guest, reverse("hub_find") + f"?{asked}"),
        (guest, reverse("space", kwargs={"space": first.code})),
        (booker, reverse("my_bookings")),
        (booker, reverse("series", kwargs={"booking_series": series.code})),
        (desk, reverse("hub_keeper") + f"?day={tomorrow}"),
        (desk, reverse("hub_settings")),
        (desk, reverse("hub_report")),
        (desk, reverse("hub_equipment", kwargs=of_building)),
        (desk, reverse("hub_closures", kwargs=of_building)),
    ]
    assert grows(pages, more) == {}
