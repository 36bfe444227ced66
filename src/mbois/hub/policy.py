"""Who may do what in the creative centre."""

from mbois.hub.models import OVERSEERS, Booking
from mbois.people.models import Person, Role

# Who reads the usage report.
REPORTING = (*OVERSEERS, Role.EXECUTIVE, Role.AUDITOR)


def keeps(person: Person, region: str) -> bool:
    """Runs the centre: spaces, approvals, the door."""
    return person.has_role(region, Role.KEEPER)


def is_staff(person: Person, region: str) -> bool:
    """Works for the region in any role."""
    return person.has_role(region, *Role.values)


def owns(person: Person, booking: Booking) -> bool:
    return booking.booked_by_id == person.pk


def can_change(person: Person, booking: Booking) -> bool:
    """Whose it is, and the keepers."""
    return owns(person, booking) or keeps(person, booking.region_id)
