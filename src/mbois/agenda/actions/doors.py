"""The door: what phones send is appended, and attendance follows."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from mbois import clock
from mbois.agenda import policy, tickets
from mbois.agenda.actions.proposing import locked
from mbois.agenda.models import (
    Activity,
    Attendance,
    Door,
    Problem,
    Scan,
    ScanVerdict,
    Ticket,
)
from mbois.people.models import Person
from mbois.refused import Refused, require

MOST_AT_ONCE = 500
# A door may be open so long before the beginning, and after the end.
DOOR_AROUND = timedelta(hours=6)


@dataclass(frozen=True)
class Seen:
    """What a phone saw: `text` as scanned or typed, empty for a visitor without a ticket; `at` by the
    phone's clock; `part` the code of what was checked."""

    client_id: uuid.UUID
    phone: uuid.UUID
    at: datetime
    text: str
    part: str


def believed_hour(told: datetime, *, received: datetime, begins: datetime, ends: datetime) -> datetime:
    """The hour a scan counts at. What the phone told, where the door could have been open then: from
    DOOR_AROUND before the beginning to DOOR_AROUND after the end, and not after it was received. A clock
    that tells another is wrong; what is known then is that it was by the hour it was received, and by the
    end."""
    if begins - DOOR_AROUND <= told <= min(received, ends + DOOR_AROUND):
        return told
    return min(received, ends)


@transaction.atomic
def open_door(activity: Activity, *, by: Person, name: str) -> Door:
    """A link for the phones at one door."""
    require(policy.works_on(by, activity))
    locked(activity)
    if Door.objects.filter(region=activity.region_id, activity=activity, name=name.strip()).exists():
        raise Refused(_("There is a door of this name already."), field="name")
    return Door.objects.create(region_id=activity.region_id, activity=activity, name=name.strip(), made_by=by)


@transaction.atomic
def close_door(door: Door, *, by: Person, closed: bool = True) -> Door:
    """End a link (a phone was lost), or open it again. What a phone has not sent yet waits on it."""
    require(policy.works_on(by, door.activity))
    door.closed_at = clock.now() if closed else None
    door.save(update_fields=["closed_at"])
    return door


def parts_of(activity: Activity) -> list[Activity]:
    """What a door of this activity may check: it, and its parts."""
    parts = Activity.objects.filter(region=activity.region_id, parent=activity).exclude(published_at=None)
    return [activity, *parts.order_by("begins_at", "pk")]


@transaction.atomic
def take_scans(door: Door, seen: Sequence[Seen]) -> list[Scan]:
    """Append what a phone saw, each once by its id; says what became of each, in their order.

    Nothing is refused that a phone saw: what does not count is kept with the reason. A door that was
    closed takes nothing until it is opened again.
    """
    if door.closed_at is not None:
        raise Refused(_("This door is closed. Ask the organiser."), code="door_closed", status=403)
    if len(seen) > MOST_AT_ONCE:
        raise Refused(_("Too many at once."), code="too_many", status=413)
    region, now = door.region_id, clock.now()
    parts = {one.code: one for one in parts_of(door.activity)}
    read = {one.client_id: tickets.read(one.text) if one.text else ("", "", False) for one in seen}
    wanted = [code for _activity, code, _good in read.values() if code]
    known = {
        one.code: one
        for one in Ticket.objects.filter(region=region, code__in=wanted).select_related(
            "activity", "registration"
        )
    }
    scans = []
    for one in seen:
        part = parts.get(one.part, door.activity)
        signed, code, good = read[one.client_id]
        ticket = known.get(code)
        problem = _problem(one.text, signed, good, ticket, part)
        scans.append(
            Scan(
                region_id=region,
                door=door,
                activity=part,
                client_id=one.client_id,
                phone=one.phone,
                scanned_at=one.at,
                received_at=now,
                counted_at=believed_hour(one.at, received=now, begins=part.begins_at, ends=part.ends_at),
                text=one.text[:240],
                ticket=ticket if problem not in (Problem.UNKNOWN, Problem.FORGED) else None,
                problem=problem,
            )
        )
    # in one order, so that two phones with the same tickets never wait for each other in a circle
    scans.sort(key=lambda one: (one.ticket_id or 0, one.activity_id, str(one.client_id)))
    Scan.objects.bulk_create(scans, ignore_conflicts=True)
    kept = {
        one.client_id: one
        for one in Scan.objects.filter(
            region=region, client_id__in=[one.client_id for one in seen]
        ).select_related("ticket__registration")
    }
    return [kept[one.client_id] for one in seen]


def _problem(text: str, signed: str, good: bool, ticket: Ticket | None, part: Activity) -> Problem:
    if not text:
        return Problem.NONE
    if signed and not good:
        return Problem.FORGED
    if ticket is None or (signed and ticket.activity.code != signed):
        return Problem.UNKNOWN
    if ticket.activity_id not in {part.pk, part.parent_id}:
        return Problem.ELSEWHERE
    if ticket.cancelled_at is not None:
        return Problem.CANCELLED
    return Problem.NONE


@transaction.atomic
def decide(scan: Scan, *, accepted: bool, by: Person, note: str = "") -> ScanVerdict:
    """Say once whether an exception counts: a cancelled ticket whose holder did come, for example."""
    require(policy.works_on(by, scan.activity))
    if not scan.problem:
        raise Refused(_("This scan counts already."), code="moved_on", status=409)
    Scan.objects.select_for_update(of=("self",)).get(region=scan.region_id, pk=scan.pk)
    if ScanVerdict.objects.filter(region=scan.region_id, scan=scan).exists():
        raise Refused(_("This is decided already."), code="moved_on", status=409)
    if accepted and scan.ticket is None:
        raise Refused(_("There is no ticket that could count."), field="accepted")
    verdict = ScanVerdict.objects.create(
        region_id=scan.region_id, scan=scan, accepted=accepted, by=by, note=note.strip()[:200]
    )
    if accepted and scan.ticket is not None:
        mark(
            scan.ticket,
            scan.activity,
            present=True,
            by=by,
            reason=note.strip() or str(_("Exception accepted")),
            at=scan.counted_at,
        )
    return verdict


@transaction.atomic
def mark(
    ticket: Ticket,
    part: Activity,
    *,
    present: bool,
    by: Person,
    reason: str,
    at: datetime | None = None,
) -> None:
    """Correct an attendance by hand, with a reason. Certificates that no longer hold are revoked."""
    from mbois.agenda.actions.certificates import check_certificates

    require(policy.works_on(by, part))
    if len(reason.strip()) < 3:
        raise Refused(_("Say why."), field="reason")
    if ticket.activity_id not in {part.pk, part.parent_id}:
        raise Refused(_("A ticket of another activity"))
    row = (
        Attendance.objects.select_for_update()
        .filter(region=ticket.region_id, ticket=ticket, activity=part)
        .first()
    )
    if row is None:
        if not present:
            return
        row = Attendance(region_id=ticket.region_id, ticket=ticket, activity=part, at=at or part.begins_at)
    row.by, row.reason = by, reason.strip()[:200]
    row.withdrawn_at = None if present else clock.now()
    row.save()
    check_certificates(ticket, by=by)
