"""Sessions as iCalendar."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from icalendar import Calendar, Event

from mbois.mentoring.models import Session


def event_of(session: Session) -> Event:
    """A session as an event. Its UID stays, and SEQUENCE counts its moves, so that calendars follow."""
    event = Event()
    event.add("uid", f"{session.uuid}@{settings.SITE_URL.split('://')[-1].split('/')[0]}")
    event.add("dtstamp", session.planned_at)
    event.add("dtstart", session.starts_at)
    event.add("dtend", session.starts_at + timedelta(minutes=session.minutes))
    event.add("summary", f"{session.mentorship.enterprise.name}: {session.topic}")
    event.add("sequence", session.moved + (1 if session.cancelled_at else 0))
    event.add("status", "CANCELLED" if session.cancelled_at else "CONFIRMED")
    event.add("url", f"{settings.SITE_URL.rstrip('/')}/sesi/{session.uuid}/")
    if session.kind == Session.Kind.VIDEO:
        event.add("location", session.video_url)
    else:
        enterprise = session.mentorship.enterprise
        event.add("location", session.place or enterprise.short_address)
    return event


def calendar_of(events: Iterable[Event], *, name: str) -> bytes:
    """A calendar with these events."""
    calendar = Calendar()
    calendar.add("prodid", "-//mbois//mentoring//ID")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", "Asia/Jakarta")
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())
