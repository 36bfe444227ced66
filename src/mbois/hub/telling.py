"""Telling those a booking concerns."""

from typing import Any

from mbois.hub.models import Booking
from mbois.people.models import Person, Role
from mbois.people.notifications import notify


def keepers_of(region: str) -> list[Person]:
    """Who keeps the centre of a region."""
    return list(
        Person.objects.filter(
            pk__in=Person.objects.filter(
                memberships__region=region, memberships__role=Role.KEEPER, memberships__until=None
            ).values("pk")
        )
    )


def _facts(booking: Booking) -> dict[str, Any]:
    return {
        "url": booking.get_absolute_url(),
        "space": booking.space.name,
        "title": booking.title,
        "when": booking.begins,
        "until": booking.ends,
    }


def tell_owner(booking: Booking, key: str, **more: Any) -> None:
    """Tell whose booking it is."""
    notify(booking.booked_by, key, **(_facts(booking) | more))


def tell_keepers(booking: Booking, key: str, *, but: Person | None = None, **more: Any) -> None:
    """Tell the keepers of its region, without who did it."""
    people = [one for one in keepers_of(booking.region_id) if but is None or one.pk != but.pk]
    notify(people, key, **(_facts(booking) | more))
