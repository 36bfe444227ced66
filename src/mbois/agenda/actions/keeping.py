"""What becomes of a registration: an offer taken, places given up, names on tickets."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from mbois import clock
from mbois.agenda import policy, telling
from mbois.agenda.actions.waiting import promote, seats_locked
from mbois.agenda.models import (
    Registration,
    Seats,
    Standing,
    State,
    Ticket,
)
from mbois.agenda.queries import checked_in
from mbois.people.models import Person
from mbois.refused import Refused, require


def _locked(registration: Registration) -> tuple[Seats, Registration]:
    """The row of the places first, then the registration: everybody in this order."""
    seats = seats_locked(registration.region_id, registration.activity_id)
    row = (
        Registration.objects.select_for_update(of=("self",))
        .select_related("activity__parent")
        .get(region=registration.region_id, pk=registration.pk)
    )
    return seats, row


def _must_be(row: Registration, *states: str) -> None:
    if row.state not in states:
        raise Refused(
            _("This registration stands at “%(state)s”.") % {"state": row.get_state_display()},
            code="moved_on",
            status=409,
        )


def _tickets_held(row: Registration) -> list[Ticket]:
    """The tickets of a registration, held: no scan of them comes between."""
    rows = Ticket.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    return list(rows.filter(region=row.region_id, registration=row))


@transaction.atomic
def accept_offer(registration: Registration) -> Registration:
    """Take the places that are offered. Refuses after the hour the offer ends, whether or not anybody has
    ended it yet."""
    _seats, row = _locked(registration)
    _must_be(row, Standing.OFFERED)
    now = clock.now()
    if row.offer_ends_at is None or now >= row.offer_ends_at:
        raise Refused(_("This offer has ended."), code="offer_ended", status=409)
    if row.activity.state != State.PUBLISHED:
        raise Refused(_("This activity was called off."), code="cancelled", status=409)
    row.state, row.confirmed_at = Standing.CONFIRMED, now
    row.save(update_fields=["state", "confirmed_at"])
    Ticket.objects.bulk_create(
        Ticket(
            region_id=row.region_id,
            registration=row,
            activity_id=row.activity_id,
            number=number,
            name=row.name if number == 1 else "",
        )
        for number in range(1, row.places + 1)
    )
    telling.write([row], "confirmed")
    return row


@transaction.atomic
def cancel(registration: Registration, *, by: Person | None = None, reason: str = "") -> Registration:
    """Give the places up, or leave the waiting list; by whoever holds the link, or by an organiser with a
    reason. What becomes free is offered at once. Refuses once somebody was checked in: a place that was
    used is not sold again."""
    seats, row = _locked(registration)
    if by is not None and by.pk != row.person_id:
        require(policy.works_on(by, row.activity))
        if not reason.strip():
            raise Refused(_("Say why: the person is told."), field="reason")
    _must_be(row, Standing.CONFIRMED, Standing.WAITING, Standing.OFFERED)
    if row.activity.is_over:
        raise Refused(_("The activity is over."), code="over", status=409)
    if checked_in(one for one in _tickets_held(row) if one.cancelled_at is None):
        raise Refused(
            _(
                "Somebody was checked in with this registration, so it is not given up any more. If that is "
                "wrong, the organiser corrects the attendance first."
            ),
            code="checked_in",
            status=409,
        )
    end(row, Standing.CANCELLED, by=by, reason=reason)
    telling.write([row], "cancelled", reason=reason.strip())
    promote(seats, row.activity)
    return row


def end(row: Registration, state: Standing, *, by: Person | None = None, reason: str = "") -> None:
    """Write that a registration is over; the caller holds it, and the row of the places before it."""
    row.state, row.places, row.ended_at = state, 0, clock.now()
    row.cancelled_by, row.end_reason = by, reason.strip()[:200]
    row.save(update_fields=["state", "places", "ended_at", "cancelled_by", "end_reason"])
    Ticket.objects.filter(region=row.region_id, registration=row, cancelled_at=None).update(
        cancelled_at=row.ended_at
    )


@transaction.atomic
def cancel_ticket(ticket: Ticket, *, by: Person | None = None) -> Registration:
    """One of a group does not come: their place becomes free, the others keep theirs. Refuses a ticket
    that was checked in."""
    seats, row = _locked(ticket.registration)
    _must_be(row, Standing.CONFIRMED)
    fresh = next(one for one in _tickets_held(row) if one.pk == ticket.pk)
    if fresh.cancelled_at:
        raise Refused(_("This ticket is cancelled already."), code="moved_on", status=409)
    if row.places == 1:
        return cancel(row, by=by)
    if row.activity.is_over:
        raise Refused(_("The activity is over."), code="over", status=409)
    if checked_in([fresh]):
        raise Refused(
            _(
                "This ticket was checked in, so it is not given up any more. If that is wrong, the organiser "
                "corrects the attendance first."
            ),
            code="checked_in",
            status=409,
        )
    fresh.cancelled_at = clock.now()
    fresh.save(update_fields=["cancelled_at"])
    row.places -= 1
    row.save(update_fields=["places"])
    promote(seats, row.activity)
    return row


@transaction.atomic
def name_tickets(registration: Registration, names: Mapping[int, str]) -> None:
    """Write who comes with which ticket (by its number). A name on a certificate stays as it is: ask the
    organiser for a new one."""
    row = Registration.objects.select_for_update().get(region=registration.region_id, pk=registration.pk)
    _must_be(row, Standing.CONFIRMED)
    for one in Ticket.objects.filter(region=row.region_id, registration=row, cancelled_at=None):
        name = " ".join(names.get(one.number, one.name).split())[:120]
        if name != one.name:
            one.name = name
            one.save(update_fields=["name"])
