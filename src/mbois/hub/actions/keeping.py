"""What keepers do with bookings, and what happens by itself: approvals, the door, no-shows, holidays."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mbois import clock
from mbois.hub import policy
from mbois.hub.actions import waiting
from mbois.hub.actions.booking import not_free
from mbois.hub.actions.locks import locked
from mbois.hub.models import Booking, BookingState, Building, Closure, Space
from mbois.hub.rules import fee_for, rules_of
from mbois.hub.telling import tell_owner
from mbois.hub.times import Span, Times
from mbois.people.models import Person
from mbois.refused import Refused, require

EARLY = timedelta(minutes=20)  # so long before its beginning one may check in


@transaction.atomic
def decide(booking: Booking, *, by: Person, approve: bool, note: str = "", use: str = "") -> Booking:
    """Approve or decline a request; a keeper may put the kind of use right while approving. Whoever
    asked for it does not decide on it."""
    row = locked(booking)
    require(policy.keeps(by, row.region_id))
    require(row.booked_by_id != by.pk, _("Somebody else decides on your own request."))
    if row.state != BookingState.REQUESTED:
        raise Refused(_("This has been decided already."), code="moved_on", status=409)
    if not approve and not note.strip():
        raise Refused(_("Say why it is declined."), field="note")
    if approve and use and use != row.use:
        row.use = use
        rule = rules_of(row.space.floor.building)[use]
        row.fee = fee_for(row.space, rule, row.minutes)
    row.state = BookingState.CONFIRMED if approve else BookingState.DECLINED
    row.decided_by, row.decided_at, row.note = by, clock.now(), note.strip()
    row.changes += 1
    row.save()
    if approve:
        tell_owner(row, "hub/approved", reason=row.note)
    else:
        tell_owner(row, "hub/declined", reason=row.note)
        waiting.offer_freed(row.space, Span(row.begins, row.ends))
    return row


def why_not_check_in(booking: Booking) -> str:
    """A sentence why one cannot check in to it now, or nothing."""
    now = clock.now()
    if booking.state == BookingState.HERE:
        return _("You are checked in.")
    if booking.state == BookingState.REQUESTED:
        return _("It still waits for the keeper's approval.")
    if booking.state not in {BookingState.CONFIRMED, BookingState.NO_SHOW}:
        return _("This booking is over.")
    if now < booking.begins - EARLY:
        return _("Check-in opens %(minutes)s minutes before the beginning.") % {
            "minutes": int(EARLY.total_seconds() // 60)
        }
    if now >= booking.ends:
        return _("This booking is over.")
    return ""


@transaction.atomic
def check_in(booking: Booking, *, by: Person) -> Booking:
    """Somebody is there: whose it is (at the door), or the keeper. Who comes after the place was given up
    still gets it where nobody else has it."""
    row = locked(booking)
    require(policy.can_change(by, row))
    if row.state == BookingState.HERE:
        return row
    if reason := why_not_check_in(row):
        raise Refused(reason, code="moved_on", status=409)
    row.state, row.checked_in_at, row.checked_in_by = BookingState.HERE, clock.now(), by
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise not_free(error) from None
    return row


@transaction.atomic
def undo_check_in(booking: Booking, *, by: Person) -> Booking:
    """A check-in that was a mistake, taken back by the keeper while the booking lasts."""
    row = locked(booking)
    require(policy.keeps(by, row.region_id))
    if row.state != BookingState.HERE or clock.now() >= row.ends:
        raise Refused(_("There is nothing to take back in."), code="moved_on", status=409)
    row.state, row.checked_in_at, row.checked_in_by = BookingState.CONFIRMED, None, None
    row.save()
    return row


@transaction.atomic
def finish(booking: Booking, *, by: Person, beneficiaries: int) -> Booking:
    """How many people came; while it still lasts, the rest of its time becomes free at the next quarter
    of an hour."""
    row = locked(booking)
    require(policy.can_change(by, row))
    if row.state != BookingState.HERE:
        raise Refused(_("Nobody has checked in to it."), code="moved_on", status=409)
    now, old = clock.now(), Span(row.begins, row.ends)
    row.beneficiaries = beneficiaries
    row.ended_at = min(now, old.ends) if row.ended_at is None else row.ended_at
    cut = _next_quarter(now)
    if old.begins < cut < old.ends:
        row.during = type(row.during)(old.begins, cut)
    row.save()
    if row.ends < old.ends:
        waiting.offer_freed(row.space, Span(row.ends, old.ends))
    return row


def _next_quarter(now: datetime) -> datetime:
    whole = now.replace(second=0, microsecond=0)
    return whole + timedelta(minutes=(15 - whole.minute % 15) % 15 or (15 if now > whole else 0))


# --- by itself ---------------------------------------------------------------------------------------


def release_no_shows(region: str) -> int:
    """Give up bookings nobody checked in to in time, and requests nobody answered before they began.
    Returns how many."""
    done = 0
    now = clock.now()
    for building in Building.objects.filter(region=region):
        limit = now - timedelta(minutes=building.grace_minutes)
        due = Booking.objects.filter(
            region=region,
            space__floor__building=building,
            state__in=[BookingState.CONFIRMED, BookingState.REQUESTED],
            during__startswith__lte=limit,
            during__startswith__gt=limit - timedelta(days=3),
        )
        for one in due.order_by("during", "pk"):
            with transaction.atomic(), suppress(Refused):
                row = locked(one)
                if not due.filter(pk=row.pk).exists():
                    continue  # somebody checked in, moved it or gave it up meanwhile
                if row.state == BookingState.CONFIRMED:
                    row.state = BookingState.NO_SHOW
                    row.save()
                    tell_owner(row, "hub/no_show")
                else:
                    row.state, row.decided_at = BookingState.DECLINED, now
                    row.note = _("Nobody answered in time.")
                    row.save()
                    tell_owner(row, "hub/declined", reason=row.note)
                waiting.offer_freed(row.space, Span(row.begins, row.ends))
                done += 1
    return done


def flag_closed(region: str) -> int:
    """Mark bookings to come on days (or hours) that have been declared closed since, and tell their
    people once; nothing is deleted. A mark goes when the reason goes. Returns how many were marked."""
    rows = list(
        Booking.objects.filter(
            region=region,
            state__in=[BookingState.REQUESTED, BookingState.CONFIRMED, BookingState.OFFERED],
            during__startswith__gt=clock.now(),
        ).select_related("space__floor__building", "booked_by")
    )
    if not rows:
        return 0
    days = [clock.local_date(row.begins) for row in rows]
    times = Times.of({row.space_id: row.space for row in rows}.values(), min(days), max(days))
    marked = 0
    for row in rows:
        reason = times.why_closed(row.space, Span(row.begins, row.ends))[:200]
        if reason == row.flag or (reason and row.flag):
            continue
        with transaction.atomic():
            changed = Booking.objects.filter(region=region, pk=row.pk, flag=row.flag).update(flag=reason)
            if changed and reason:
                tell_owner(row, "hub/flagged", reason=reason)
                marked += 1
    return marked


@transaction.atomic
def close(building: Building, span: Span, *, by: Person, reason: str, space: Space | None = None) -> Closure:
    """Declare a time closed. Bookings in it are marked and their people told; they stay."""
    require(policy.keeps(by, building.region_id))
    if span.ends <= span.begins:
        raise Refused(_("The end comes before the beginning."), field="ends")
    if not reason.strip():
        raise Refused(_("Say why it is closed."), field="reason")
    made = Closure.objects.create(
        region_id=building.region_id,
        building=building,
        space=space,
        during=(span.begins, span.ends),
        reason=reason.strip(),
        made_by=by,
    )
    flag_closed(building.region_id)
    return made


@transaction.atomic
def reopen(closure: Closure, *, by: Person) -> None:
    """Take a closure back; the marks it made go."""
    require(policy.keeps(by, closure.region_id))
    region = closure.region_id
    closure.delete()
    flag_closed(region)
