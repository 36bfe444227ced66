"""Bookings as iCalendar: of a space for everybody, of a person at a secret address."""

from datetime import UTC

from django.utils.translation import gettext as _
from icalendar import Event

from mbois.hub.models import Booking, BookingState, Space
from mbois.web.calendars import address_of, uid_of


def _event(booking: Booking, space: Space) -> Event:
    event = Event()
    event.add("uid", uid_of(booking.code))
    event.add("dtstamp", booking.made_at)
    event.add("dtstart", booking.begins.astimezone(UTC))
    event.add("dtend", booking.ends.astimezone(UTC))
    event.add("sequence", booking.changes)
    return event


def busy_event(booking: Booking, space: Space) -> Event:
    """That a space is taken, and nothing more. Its UID tells nothing of the booking's code."""
    event = _event(booking, space)
    event["uid"] = uid_of(f"{space.code}-{booking.pk}")
    event.add("summary", _("Taken"))
    event.add("status", "CONFIRMED")
    event.add("transp", "OPAQUE")
    return event


def own_event(booking: Booking) -> Event:
    """One's own booking; its UID stays and SEQUENCE counts its changes, so that calendars follow."""
    space = booking.space
    event = _event(booking, space)
    event.add("summary", f"{booking.title} · {space.name}")
    event.add("location", f"{space.name}, {space.floor.building.name}, {space.floor.building.address}")
    event.add("url", address_of(booking.get_absolute_url()))
    gone = {BookingState.CANCELLED, BookingState.DECLINED, BookingState.NO_SHOW}
    waits = {BookingState.REQUESTED, BookingState.OFFERED}
    status = "CANCELLED" if booking.state in gone else "TENTATIVE" if booking.state in waits else "CONFIRMED"
    event.add("status", status)
    return event
