"""Activities as iCalendar, and as facts for search engines."""

import json
from datetime import datetime
from typing import Any

from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from icalendar import Event

from mbois import clock
from mbois.agenda.models import Activity, Entry, Seats, State
from mbois.web.calendars import address_of, uid_of


def event_of(activity: Activity, *, url: str = "") -> Event:
    """An activity as an event. Its UID stays, and SEQUENCE counts its moves, so that calendars follow."""
    event = Event()
    event.add("uid", uid_of(activity.code))
    event.add("dtstamp", activity.published_at or activity.made_at)
    event.add("dtstart", activity.begins_at)
    event.add("dtend", activity.ends_at)
    event.add("summary", activity.title)
    event.add("description", activity.summary)
    event.add("sequence", activity.moved)
    event.add("status", "CANCELLED" if activity.state == State.CANCELLED else "CONFIRMED")
    event.add("url", url or address_of(activity.get_absolute_url()))
    event.add("location", ", ".join(part for part in (activity.place, activity.address) if part))
    if activity.latitude is not None and activity.longitude is not None:
        event.add("geo", (activity.latitude, activity.longitude))
    return event


def share_picture_of(activity: Activity) -> str:
    """The full address of the picture shown where it is shared: its own once the worker has drawn it."""
    if activity.share_picture:
        name = activity.share_picture.rsplit("/", 1)[-1]
        return address_of(f"/agenda/gambar/{name}")
    return address_of(static("web/share.png"))


def facts_of(activity: Activity, seats: Seats | None, parts: list[Activity]) -> dict[str, Any]:
    """An activity in the words of schema.org. Hours are those of Malang: search engines show them as they
    are written."""
    status = "EventCancelled" if activity.state == State.CANCELLED else "EventScheduled"
    place: dict[str, Any] = {
        "@type": "Place",
        "name": activity.place,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": activity.address,
            "addressRegion": activity.region.name,
            "addressCountry": "ID",
        },
    }
    if activity.latitude is not None:
        place["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": activity.latitude,
            "longitude": activity.longitude,
        }
    facts: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Festival" if activity.kind == "festival" else "Event",
        "name": activity.title,
        "description": activity.summary,
        "startDate": _local(activity.begins_at),
        "endDate": _local(activity.ends_at),
        "eventStatus": f"https://schema.org/{status}",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "url": address_of(activity.get_absolute_url()),
        "image": [share_picture_of(activity)],
        "location": place,
        "organizer": {"@type": "Organization", "name": activity.host},
        "isAccessibleForFree": True,
        "inLanguage": "id",
    }
    if activity.entry == Entry.REGISTER and seats is not None and activity.state == State.PUBLISHED:
        sold_out = seats.left == 0
        facts["offers"] = {
            "@type": "Offer",
            "price": 0,
            "priceCurrency": "IDR",
            "availability": f"https://schema.org/{'SoldOut' if sold_out else 'InStock'}",
            "url": facts["url"],
        }
        if seats.quota:
            facts["maximumAttendeeCapacity"] = seats.quota
    if parts:
        facts["subEvent"] = [
            {
                "@type": "Event",
                "name": one.title,
                "startDate": _local(one.begins_at),
                "endDate": _local(one.ends_at),
                "url": address_of(one.get_absolute_url()),
                "location": {
                    "@type": "Place",
                    "name": one.stage or one.place,
                    "address": activity.region.name,
                },
            }
            for one in parts
        ]
    return facts


def _local(instant: datetime) -> str:
    return instant.astimezone(clock.JAKARTA).isoformat()


def ld_json(data: dict[str, Any]) -> SafeString:
    """Facts for search engines, safe within a script element: it can neither be closed nor opened."""
    text = json.dumps(data, ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return mark_safe(text)
