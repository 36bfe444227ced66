"""Activities, registrations and doors that tests need."""

import uuid
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.test import Client
from tests.factories import MALANG, load_places

from mbois import clock
from mbois.agenda import tickets
from mbois.agenda.actions import proposing
from mbois.agenda.actions.doors import Seen, open_door, take_scans
from mbois.agenda.actions.registering import Guest, Placed, register
from mbois.agenda.models import Activity, Door, Scan, Seats, Ticket
from mbois.people.models import Membership, Organisation, Person, Role
from mbois.people.tests.factories import make_person, make_region

_number = count(1)


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def visitor() -> Client:
    return Client(headers={"accept-language": "en"})


def make_organiser(region: str = MALANG, name: str = "") -> Person:
    """An organiser of a community of their own."""
    person = make_person(name)
    community = Organisation.objects.create(
        region=make_region(region), name=f"Komunitas {next(_number)}", kind=Organisation.Kind.COMMUNITY
    )
    Membership.objects.create(person=person, role=Role.ORGANISER, region_id=region, organisation=community)
    return person


def make_curator(region: str = MALANG) -> Person:
    return make_person(role=Role.CURATOR, region=region)


def values(**some: Any) -> dict[str, Any]:
    """What is said of an activity: three days from now, two hours long."""
    begins = some.pop("begins_at", clock.now() + timedelta(days=3))
    return {
        "title": "Lokakarya batik",
        "summary": "Membatik selendang dalam satu pagi.",
        "host": "Komunitas Batik Celaket",
        "place": "Balai RW 04 Celaket",
        "begins_at": begins,
        "ends_at": begins + timedelta(hours=2),
    } | some


def make_draft(
    *, by: Person | None = None, region: str = MALANG, quota: int | None = 10, **some: Any
) -> Activity:
    load_places()
    seats = {name: some.pop(name) for name in ("waits", "group_rule") if name in some}
    kind = some.pop("kind", "activity")
    parent = some.pop("parent", None)
    return proposing.draft(
        region,
        by=by or make_organiser(region),
        values=values(**some),
        quota=quota,
        kind=kind,
        parent=parent,
        **seats,
    )


def make_activity(*, curator: Person | None = None, **some: Any) -> Activity:
    """A published activity."""
    made = make_draft(**some)
    proposing.propose(made, by=made.proposed_by)
    return proposing.publish(made, by=curator or make_curator(made.region_id))


def make_registration(
    activity: Activity, *, places: int = 1, name: str = "", email: str = "", **some: Any
) -> Placed:
    number = next(_number)
    key = some.pop("key", "")
    guest = Guest(name=name or f"Peserta {number}", email=email or f"peserta{number}@contoh.id", **some)
    return register(activity, guest, places=places, key=key)


def seats_of(activity: Activity) -> Seats:
    return Seats.objects.get(activity=activity)


def begin(activity: Activity, *, hours_ago: int = 1, long: int = 2) -> Activity:
    """Let an activity have begun some hours ago (and be over, where it was shorter)."""
    begins = clock.now() - timedelta(hours=hours_ago)
    Activity.objects.filter(pk=activity.pk).update(begins_at=begins, ends_at=begins + timedelta(hours=long))
    activity.refresh_from_db()
    return activity


def make_door(activity: Activity, name: str = "Pintu utama") -> Door:
    return open_door(activity, by=activity.proposed_by, name=name)


def seen(
    ticket: Ticket | str,
    *,
    at: datetime | None = None,
    part: Activity | None = None,
    phone: uuid.UUID | None = None,
) -> Seen:
    """What a phone saw: a ticket's QR code, or a text."""
    text = ticket if isinstance(ticket, str) else tickets.payload(ticket.activity.code, ticket.code)
    return Seen(
        client_id=uuid.uuid4(),
        phone=phone or uuid.uuid4(),
        at=at or clock.now(),
        text=text,
        part=part.code if part else "",
    )


def scan(door: Door, ticket: Ticket | str, **some: Any) -> Scan:
    return take_scans(door, [seen(ticket, **some)])[0]
