"""The waiting list: what comes free is offered to one after the other."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mbois import clock
from mbois.hub.actions.locks import locked, locked_space
from mbois.hub.models import (
    HOLDING,
    Booking,
    BookingState,
    Space,
    Waiting,
    WaitingState,
)
from mbois.hub.models.bookings import new_code
from mbois.hub.rules import Judge, fee_for, first_state, may_book, rules_of, why_not_bookable_by
from mbois.hub.telling import tell_keepers, tell_owner
from mbois.hub.times import Span, range_of
from mbois.people.models import Person
from mbois.refused import Refused, require

SHORTEST = timedelta(minutes=10)  # an offer that leaves less is made to nobody


@transaction.atomic
def wait_for(space: Space, span: Span, *, by: Person, values: dict[str, object]) -> Waiting:
    """Wait for a time that another has. Refuses one that is free: it can be booked."""
    space = locked_space(space, by)
    may_book(space, by)
    verdict = Judge(space, [span], by=by, use=str(values["use"]), people=int(str(values["people"]))).judge(
        span
    )
    if verdict.ok:
        raise Refused(_("It is free now: book it."), code="free", status=409)
    if not verdict.taken:
        raise Refused(verdict.reason, field=verdict.field)
    if Booking.objects.filter(
        region=space.region_id,
        space=space,
        booked_by=by,
        state__in=HOLDING,
        during__overlap=range_of(span),
    ).exists():
        raise Refused(_("You have it yourself then."), code="taken", status=409)
    try:
        with transaction.atomic():
            return Waiting.objects.create(
                region_id=space.region_id, space=space, booked_by=by, during=range_of(span), **values
            )
    except IntegrityError:
        raise Refused(_("You are on the list already."), code="waiting", status=409) from None


@transaction.atomic
def withdraw(entry: Waiting, *, by: Person) -> None:
    """Leave the list."""
    row = Waiting.objects.select_for_update(of=("self",)).get(region=entry.region_id, pk=entry.pk)
    require(row.booked_by_id == by.pk)
    if row.state == WaitingState.WAITING:
        row.state = WaitingState.WITHDRAWN
        row.save()


def offer_freed(space: Space, freed: Span) -> list[Booking]:
    """Offer what has come free to those who wait, in the order they came; each time to one only. Nobody
    is offered what has begun, or what they may not have."""
    now = clock.now()
    if freed.ends <= now:
        return []
    space = (
        Space.objects.select_for_update(of=("self",), no_key=True)
        .select_related("floor__building", "region")
        .get(region=space.region_id, pk=space.pk)
    )
    buffer = timedelta(minutes=space.buffer_minutes)
    entries = (
        Waiting.objects.select_for_update(of=("self",))
        .filter(
            region=space.region_id,
            space=space,
            state=WaitingState.WAITING,
            during__overlap=(freed.begins - buffer, freed.ends + buffer),
            during__startswith__gt=now + SHORTEST,
        )
        .select_related("booked_by")
        .order_by("made_at", "pk")
    )
    return [offer for entry in entries if (offer := _offer(space, entry, now))]


def _offer(space: Space, entry: Waiting, now: datetime) -> Booking | None:
    """An offer to this one, where the time is free and the rules allow it. It ends before the start."""
    person, span = entry.booked_by, Span(entry.during.lower, entry.during.upper)
    if not person.is_active or why_not_bookable_by(person, space):
        return None
    if not Judge(space, [span], by=person, use=entry.use, people=entry.people).judge(span).ok:
        return None
    until = min(now + timedelta(minutes=space.floor.building.offer_minutes), span.begins)
    rule = rules_of(space.floor.building)[entry.use]
    try:
        with transaction.atomic():
            booking = Booking.objects.create(
                region_id=space.region_id,
                code=new_code(space.region_id),
                space=space,
                booked_by=person,
                during=entry.during,
                title=entry.title,
                group=entry.group,
                use=entry.use,
                subsector=entry.subsector,
                people=entry.people,
                fee=fee_for(space, rule, span.minutes),
                state=BookingState.OFFERED,
                offer_until=until,
            )
    except IntegrityError:
        return None
    entry.state, entry.booking = WaitingState.OFFERED, booking
    entry.save()
    tell_owner(booking, "hub/offer", ends=until)
    return booking


@transaction.atomic
def take_up(booking: Booking, *, by: Person) -> Booking:
    """Take up an offer before it ends."""
    row = locked(booking)
    require(row.booked_by_id == by.pk)
    if row.state != BookingState.OFFERED or row.offer_until is None or row.offer_until <= clock.now():
        raise Refused(_("This offer has ended."), code="moved_on", status=409)
    rule = rules_of(row.space.floor.building)[row.use]
    row.state, row.offer_until = first_state(row.space, rule, by), None
    row.save()
    Waiting.objects.filter(region=row.region_id, booking=row).update(state=WaitingState.TAKEN)
    if row.state == BookingState.REQUESTED:
        tell_keepers(row, "hub/to_approve", name=by.name, times=1)
    return row


def close_offer(booking: Booking) -> None:
    """An offer (or what became of it) was given up: its place in the list is used."""
    Waiting.objects.filter(region=booking.region_id, booking=booking, state=WaitingState.OFFERED).update(
        state=WaitingState.PASSED
    )


def end_offers(region: str) -> int:
    """Offers nobody took up in time go to the next; those who wait for what has begun are told nothing
    came free. Returns how many offers ended."""
    now = clock.now()
    ended = 0
    due = Booking.objects.filter(region=region, state=BookingState.OFFERED, offer_until__lte=now)
    for one in due.order_by("offer_until", "pk"):
        with transaction.atomic():
            row = locked(one)
            if not due.filter(pk=row.pk).exists():
                continue  # it was taken up or given on meanwhile
            row.state, row.offer_until, row.decided_at = BookingState.CANCELLED, None, now
            row.save()
            close_offer(row)
            tell_owner(row, "hub/offer_gone")
            offer_freed(row.space, Span(row.begins, row.ends))
            ended += 1
    Waiting.objects.filter(region=region, state=WaitingState.WAITING, during__startswith__lte=now).update(
        state=WaitingState.OVER
    )
    return ended
