"""Sessions as iCalendar."""

from datetime import timedelta

from icalendar import Event

from mbois.mentoring.models import Session
from mbois.web.calendars import address_of, uid_of


def event_of(session: Session, *, for_owner: bool = False) -> Event:
    """A session as an event, named after the business or, for its owner, after the mentor. Its UID stays,
    and SEQUENCE counts its moves, so that calendars follow."""
    mentorship = session.mentorship
    whom = mentorship.mentor.person.name if for_owner else mentorship.enterprise.name
    event = Event()
    event.add("uid", uid_of(session.uuid))
    event.add("dtstamp", session.planned_at)
    event.add("dtstart", session.starts_at)
    event.add("dtend", session.starts_at + timedelta(minutes=session.minutes))
    event.add("summary", f"{whom}: {session.topic}")
    event.add("sequence", session.moved + (1 if session.cancelled_at else 0))
    event.add("status", "CANCELLED" if session.cancelled_at else "CONFIRMED")
    event.add("url", address_of(f"/sesi/{session.uuid}/"))
    if session.kind == Session.Kind.VIDEO:
        event.add("location", session.video_url)
    else:
        enterprise = session.mentorship.enterprise
        event.add("location", session.place or enterprise.short_address)
    return event
