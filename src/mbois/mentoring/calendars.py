"""Sessions as iCalendar."""

from datetime import timedelta

from icalendar import Event

from mbois.mentoring.models import Session
from mbois.web.calendars import address_of, uid_of


def event_of(session: Session) -> Event:
    """A session as an event. Its UID stays, and SEQUENCE counts its moves, so that calendars follow."""
    event = Event()
    event.add("uid", uid_of(session.uuid))
    event.add("dtstamp", session.planned_at)
    event.add("dtstart", session.starts_at)
    event.add("dtend", session.starts_at + timedelta(minutes=session.minutes))
    event.add("summary", f"{session.mentorship.enterprise.name}: {session.topic}")
    event.add("sequence", session.moved + (1 if session.cancelled_at else 0))
    event.add("status", "CANCELLED" if session.cancelled_at else "CONFIRMED")
    event.add("url", address_of(f"/sesi/{session.uuid}/"))
    if session.kind == Session.Kind.VIDEO:
        event.add("location", session.video_url)
    else:
        enterprise = session.mentorship.enterprise
        event.add("location", session.place or enterprise.short_address)
    return event
