"""Calendars to subscribe to or to keep, as iCalendar (RFC 5545)."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from icalendar import Calendar, Event


def uid_of(thing: UUID | str) -> str:
    """The UID of an event: it stays the same for the life of what it tells of."""
    return f"{thing}@{settings.SITE_URL.split('://')[-1].split('/')[0]}"


def address_of(path: str) -> str:
    """A path of this site as a whole address."""
    return f"{settings.SITE_URL.rstrip('/')}{path}"


def calendar_of(events: Iterable[Event], *, room: str, title: str) -> bytes:
    """A calendar with these events, told by this room."""
    calendar = Calendar()
    calendar.add("prodid", f"-//mbois//{room}//ID")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    calendar.add("x-wr-timezone", "Asia/Jakarta")
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def answer(
    events: Iterable[Event], *, room: str, title: str, file: str, public: bool = False
) -> HttpResponse:
    """Such a calendar as an answer: `file` names it, without its ending. One that is not `public` is
    kept by nobody on the way and found by no search engine."""
    content = calendar_of(events, room=room, title=str(title))
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{file}.ics"'
    response["Cache-Control"] = f"{'public' if public else 'private'}, max-age=300"
    if not public:
        response["X-Robots-Tag"] = "noindex, nofollow"
    return response
