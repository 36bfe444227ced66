"""What the creative centre holds of a person, for them to take home."""

from typing import Any

from mbois.hub.models import Booking, Waiting
from mbois.people.mine import plain
from mbois.people.models import Person


def held(person: Person) -> dict[str, Any]:
    """Their bookings, and what they waited for."""
    bookings = Booking.objects.filter(booked_by=person).select_related("space").order_by("during")
    waiting = Waiting.objects.filter(booked_by=person).select_related("space").order_by("during")
    return {
        "bookings": [
            plain(one, but={"during", "occupied"})
            | {"space": one.space.name, "from": one.begins.isoformat(), "to": one.ends.isoformat()}
            for one in bookings
        ],
        "waiting": [
            plain(one, but={"during"})
            | {
                "space": one.space.name,
                "from": one.during.lower.isoformat(),
                "to": one.during.upper.isoformat(),
            }
            for one in waiting
        ],
    }
