"""The spaces of the centre for other rooms: an activity finds one, holds it and shows it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from mbois.hub.actions.booking import Wish, book, change, give_up
from mbois.hub.actions.locks import locked
from mbois.hub.models import HOLDING, Booking, BookingState, Space
from mbois.hub.telling import tell_owner
from mbois.hub.times import Span
from mbois.people.models import Person
from mbois.people.venues import Venue
from mbois.refused import Refused

MOST = 50


def _venue(space: Space) -> Venue:
    floor = space.floor
    return Venue(
        code=space.code,
        name=f"{space.name}, {floor.building.name}",
        address=f"{floor.building.address}, {floor}",
        capacity=space.capacity,
        url=space.get_absolute_url(),
    )


class SpacesOfTheCentre:
    """A `mbois.people.venues.Keeper`."""

    def find(self, region: str, text: str = "") -> Sequence[Venue]:
        rows = Space.objects.published().filter(region=region).select_related("floor__building").in_order()
        text = text.strip().replace("\x00", "")
        if text:
            rows = rows.filter(Q(name__icontains=text) | Q(code__iexact=text))
        return [_venue(space) for space in rows[:MOST]]

    def get(self, code: str) -> Venue | None:
        space = self._space(code)
        return _venue(space) if space else None

    def hold(
        self, code: str, *, begins: datetime, ends: datetime, title: str, people: int, by: Person
    ) -> str:
        space = self._space(code)
        if space is None:
            raise Refused(_("There is no space with this code."), code="not_found", status=404)
        return book(space, Span(begins, ends), Wish(title=title[:120], people=people), by=by).code

    @transaction.atomic
    def move(self, booking: str, *, begins: datetime, ends: datetime, by: Person) -> None:
        found = self._booking(booking)
        if found is None or found.state not in HOLDING:
            return
        # the other room has asked whether they may: it need not be who booked it
        row = change(found, Span(begins, ends), by=found.booked_by)
        if by.pk != row.booked_by_id:
            tell_owner(row, "hub/moved")

    @transaction.atomic
    def release(self, booking: str, *, by: Person) -> None:
        found = self._booking(booking)
        if found is None:
            return
        row = locked(found)
        if row.state in HOLDING and row.state != BookingState.HERE:
            # as above: they may
            give_up(row, by=by, reason=_("It is no longer needed for what it was held."))

    def _booking(self, code: str) -> Booking | None:
        found: Booking | None = (
            Booking.objects.coded(code.replace("\x00", ""))
            .select_related("booked_by", "space__floor__building", "space__region")
            .first()
        )
        return found

    def _space(self, code: str) -> Space | None:
        found: Space | None = (
            Space.objects.coded(code.replace("\x00", ""))
            .published()
            .select_related("floor__building", "region")
            .first()
        )
        return found
