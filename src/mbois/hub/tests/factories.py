"""A creative centre that tests need."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

import time_machine
from django.test import Client
from tests.factories import MALANG

from mbois import clock
from mbois.hub.actions.booking import Wish, book
from mbois.hub.actions.equipment import set_equipment
from mbois.hub.actions.spaces import open_building, save_space
from mbois.hub.models import Booking, Building, Equipment, Space
from mbois.hub.times import Span, span_on
from mbois.people.models import Person, Role
from mbois.people.tests.factories import make_person, make_region

_serial = count(1)
WEEK = {day: (time(8), time(21)) for day in range(7)}
# A Monday without a holiday in its week, and at nine in the morning of it.
MONDAY = date(2027, 1, 11)


@contextmanager
def at(hour: str = "09:00", day: date = MONDAY) -> Iterator[None]:
    """Be there: an hour of a day in Malang."""
    with time_machine.travel(
        datetime.combine(day, time.fromisoformat(hour), tzinfo=clock.JAKARTA), tick=False
    ):
        yield


def hours(begins: str, ends: str, day: date | None = None) -> Span:
    """Two hours of a day, tomorrow if none is named."""
    return span_on(
        day or clock.today() + timedelta(days=1), time.fromisoformat(begins), time.fromisoformat(ends)
    )


def make_keeper(region: str = MALANG) -> Person:
    return make_person("Bu Endang", role=Role.KEEPER, region=region)


def make_building(keeper: Person | None = None, region: str = MALANG, **fields: Any) -> Building:
    make_region(region)
    told = {"name": f"Malang Creative Center {next(_serial)}", "address": "Jl. A. Yani 53"} | fields
    week = told.pop("week", WEEK)
    return open_building(region, by=keeper or make_keeper(region), week=week, **told)


def make_space(building: Building | None = None, *, keeper: Person | None = None, **fields: Any) -> Space:
    """A space for twelve people: confirmed at once, for everybody, without buffer or kept hours."""
    region = building.region_id if building else fields.pop("region", MALANG)
    keeper = keeper or make_keeper(region)
    building = building or make_building(keeper, region, open_on_holidays=True)
    told = {"name": f"Podcast {next(_serial)}", "capacity": 12, "kept_percent": 0, "level": 2} | fields
    return save_space(building, by=keeper, **told)


def wish(title: str = "Siniar warga", **fields: Any) -> Wish:
    return Wish(**({"title": title, "people": 4} | fields))


def make_booking(
    space: Space, span: Span | None = None, *, by: Person | None = None, **fields: Any
) -> Booking:
    return book(space, span or hours("10:00", "12:00"), wish(**fields), by=by or make_person())


def make_equipment(
    building: Building, *, keeper: Person | None = None, count: int = 1, name: str = "Kamera"
) -> Equipment:
    return set_equipment(
        building, by=keeper or make_keeper(building.region_id), name=name, about="", count=count
    )


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client
