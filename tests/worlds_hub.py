"""What the creative centre adds to a region of `tests/world.py`."""

from datetime import timedelta
from typing import TYPE_CHECKING

from mbois import clock
from mbois.hub.actions.booking import Repeat, book_series, preview
from mbois.hub.actions.keeping import close
from mbois.hub.actions.spaces import add_photos
from mbois.hub.actions.waiting import wait_for
from mbois.hub.models import CalendarAddress, EquipmentUse, SpacePhoto
from mbois.hub.tests.factories import (
    hours,
    make_booking,
    make_building,
    make_equipment,
    make_space,
    wish,
)
from mbois.people.models import Role
from mbois.people.tests.factories import make_person, picture

if TYPE_CHECKING:
    from tests.world import Region


def add_hub(home: "Region") -> None:
    """A thing for every noun of the addresses of the creative centre: the bookings are the neighbour's, so
    that nobody but they and who keeps the centre may read what for."""
    keeper, neighbour = home.staff[Role.KEEPER], home.neighbour
    assert neighbour is not None
    building = make_building(keeper, home.code, open_on_holidays=True)
    space = make_space(building, keeper=keeper, name="Ruang Siniar")
    camera = make_equipment(building, keeper=keeper, count=2)
    hidden = {"title": home.mark("Judul"), "group": home.mark("Grup")}
    booking = make_booking(space, hours("10:00", "12:00"), by=neighbour, equipment={camera.pk: 1}, **hidden)
    first = clock.today() + timedelta(days=2)
    span = hours("15:00", "16:00")
    repeat = Repeat(
        first,
        first + timedelta(days=7),
        span.begins.astimezone(clock.JAKARTA).time(),
        span.ends.astimezone(clock.JAKARTA).time(),
    )
    told = wish(**hidden)
    agreed = [clock.local_date(one.span.begins) for one in preview(space, repeat, told, by=neighbour)]
    series, _rows = book_series(space, repeat, told, by=neighbour, agreed=agreed)
    make_booking(space, hours("18:00", "19:00"), by=make_person(home.mark("Peminjam")), **hidden)
    entry = wait_for(space, hours("18:00", "19:00"), by=neighbour, values=told.values())
    closure = close(
        building, hours("20:00", "21:00", clock.today() + timedelta(days=5)), by=keeper, reason="Perbaikan"
    )
    add_photos(space, by=keeper, uploads=[picture()])
    address = CalendarAddress.objects.create(person=neighbour)
    home.objects |= {
        "building": building.code,
        "space": space.code,
        "space_photo": SpacePhoto.objects.get(space=space).pk,
        "space_secret": space.door_secret,
        "booking": booking.code,
        "booking_series": series.code,
        "booking_secret": address.secret,
        "waiting_entry": entry.pk,
        "equipment_use": EquipmentUse.objects.get(booking=booking).pk,
        "closure": closure.pk,
    }
