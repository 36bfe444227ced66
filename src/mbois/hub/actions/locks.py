"""Rows held until a transaction ends. They are taken in one order, so that no two people wait for each
other: the person, the spaces by their key, the booking, the waiting list."""

from django.utils.translation import gettext as _

from mbois.hub.models import Booking, Space
from mbois.people.models import Person
from mbois.refused import Refused


def locked_space(space: Space, by: Person) -> Space:
    """The space; before it the person, whose hours a week count too."""
    _lock_person(by)
    return _locked_spaces(space.region_id, space.pk)[space.pk]


def locked(booking: Booking) -> Booking:
    """The booking; before it its space."""
    _locked_spaces(booking.region_id, booking.space_id)
    return _locked_in(booking, booking.space_id)


def locked_to_move(booking: Booking, target: Space, by: Person) -> tuple[Booking, Space]:
    """The booking and the space it goes to; before them the person and both spaces."""
    _lock_person(by)
    spaces = _locked_spaces(booking.region_id, booking.space_id, target.pk)
    return _locked_in(booking, booking.space_id), spaces[target.pk]


def _lock_person(person: Person) -> None:
    Person.objects.select_for_update(no_key=True).filter(pk=person.pk).first()


def _locked_spaces(region: str, *keys: int) -> dict[int, Space]:
    rows = (
        Space.objects.select_for_update(of=("self",), no_key=True)
        .select_related("floor__building", "region")
        .filter(region=region, pk__in=set(keys))
        .order_by("pk")
    )
    return {space.pk: space for space in rows}


def _locked_in(booking: Booking, space: int) -> Booking:
    """The booking, where it is still in the space that was locked for it."""
    row: Booking = (
        Booking.objects.select_for_update(of=("self",))
        .select_related("space__floor__building", "space__region", "booked_by", "series")
        .get(region=booking.region_id, pk=booking.pk)
    )
    if row.space_id != space:
        raise Refused(_("It was moved just now. Look at it once more."), code="moved_on", status=409)
    return row
