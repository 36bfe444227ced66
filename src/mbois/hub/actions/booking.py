"""Booking a space, once or every so many weeks; changing, cancelling, and taking that back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mbois import clock
from mbois.hub import policy
from mbois.hub.actions import equipment as pieces
from mbois.hub.actions import waiting
from mbois.hub.actions.locks import locked, locked_space, locked_to_move
from mbois.hub.models import HOLDING, Booking, BookingState, Series, Space, Use
from mbois.hub.models.bookings import new_code
from mbois.hub.rules import Judge, Verdict, fee_for, first_state, may_book, repeated, rules_of
from mbois.hub.telling import tell_keepers, tell_owner
from mbois.hub.times import Span, range_of, span_on
from mbois.people.models import Person
from mbois.refused import Refused, require

UNDO = timedelta(minutes=15)
MOST_TIMES = 60


@dataclass(frozen=True)
class Wish:
    """What somebody wants a space for; `equipment` counts pieces by the key of their kind."""

    title: str
    people: int
    use: str = Use.EMPOWERMENT
    subsector: str = ""
    group: str = ""
    equipment: Mapping[int, int] = field(default_factory=dict)

    def values(self) -> dict[str, object]:
        """As the fields of a booking."""
        return {
            "title": self.title.strip(),
            "people": self.people,
            "use": self.use,
            "subsector": self.subsector,
            "group": self.group.strip(),
        }


def _refuse(verdict: Verdict) -> None:
    if not verdict.ok:
        raise Refused(
            verdict.reason,
            field=verdict.field,
            code="taken" if verdict.taken else "refused",
            status=409 if verdict.taken else 422,
        )


@transaction.atomic
def book(space: Space, span: Span, wish: Wish, *, by: Person) -> Booking:
    """Book a space `[begins, ends)`. Refuses with the reason when it is closed, taken (code `taken`: one
    can wait for it) or against the rules of this kind of use."""
    space = locked_space(space, by)
    may_book(space, by)
    if not wish.title.strip():
        raise Refused(_("Say what it is for."), field="title")
    _refuse(Judge(space, [span], by=by, use=wish.use, people=wish.people).judge(span))
    booking = make(space, span, wish, by=by)
    pieces.hold(booking, wish.equipment)
    _tell_made(booking, by)
    return booking


def make(space: Space, span: Span, wish: Wish, *, by: Person, series: Series | None = None) -> Booking:
    """The row of a booking that the rules allow. Refuses what another took in the meantime."""
    rule = rules_of(space.floor.building)[wish.use]
    try:
        with transaction.atomic():
            return Booking.objects.create(
                region_id=space.region_id,
                code=new_code(space.region_id),
                space=space,
                series=series,
                booked_by=by,
                during=range_of(span),
                state=first_state(space, rule, by),
                fee=fee_for(space, rule, span.minutes),
                **wish.values(),
            )
    except IntegrityError as error:
        raise not_free(error) from None


def not_free(error: IntegrityError) -> Exception:
    """What the database's own guard says, for people; anything else stays what it is."""
    if "one_booking_at_a_time" in str(error):
        return Refused(
            _("It was taken just now. Choose another time."), field="begins", code="taken", status=409
        )
    if "one_use_of_a_piece_at_a_time" in str(error):
        return Refused(
            _("A piece that is handed out already is promised to somebody else then. Bring it back first."),
            field="begins",
            code="equipment_taken",
            status=409,
        )
    return error


def _tell_made(booking: Booking, by: Person, times: int = 1) -> None:
    if booking.state == BookingState.REQUESTED:
        tell_keepers(booking, "hub/to_approve", but=by, name=by.name, times=times)
    tell_owner(booking, "hub/requested" if booking.state == BookingState.REQUESTED else "hub/confirmed")


# --- every so many weeks ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Repeat:
    """The same local hours every so many weeks, up to a day."""

    first: date
    last: date
    begins: time
    ends: time
    every_weeks: int = 1

    def spans(self) -> list[Span]:
        days = repeated(self.first, self.last, self.every_weeks)
        return [span_on(day, self.begins, self.ends) for day in days]


def _checked(repeat: Repeat) -> list[Span]:
    if repeat.last < repeat.first:
        raise Refused(_("The last day comes before the first."), field="until")
    spans = repeat.spans()
    if len(spans) > MOST_TIMES:
        raise Refused(_("At most %(times)s times at once.") % {"times": MOST_TIMES}, field="until")
    return spans


def preview(space: Space, repeat: Repeat, wish: Wish, *, by: Person) -> list[Verdict]:
    """Each time of a series with what stands against it. Writes nothing."""
    may_book(space, by)
    spans = _checked(repeat)
    judge = Judge(space, spans, by=by, use=wish.use, people=wish.people)
    return [judge.judge(span) for span in spans]


@transaction.atomic
def book_series(
    space: Space, repeat: Repeat, wish: Wish, *, by: Person, agreed: Sequence[date]
) -> tuple[Series, list[Booking]]:
    """Book the times of a series that were agreed to, each a row of its own. Refuses all of them (code
    `changed`) when one of those is no longer free: its person looks at the list again."""
    space = locked_space(space, by)
    verdicts = preview(space, repeat, wish, by=by)
    wanted = set(agreed)
    chosen = [one for one in verdicts if clock.local_date(one.span.begins) in wanted]
    if not chosen:
        raise Refused(_("None of these times can be booked."), field="until")
    if not all(one.ok for one in chosen):
        raise Refused(
            _("Something has changed since you looked. Please look at the times again."),
            code="changed",
            status=409,
        )
    series = Series.objects.create(
        region_id=space.region_id,
        code=new_code(space.region_id).replace("BK-", "BR-", 1),
        space=space,
        booked_by=by,
        title=wish.title.strip(),
        every_weeks=repeat.every_weeks,
        first_on=repeat.first,
        last_on=repeat.last,
        begins=repeat.begins,
        ends=repeat.ends,
    )
    made = [make(space, one.span, wish, by=by, series=series) for one in chosen]
    for booking in made:
        pieces.hold(booking, wish.equipment)
    _tell_made(made[0], by, len(made))
    return series, made


# --- changing -----------------------------------------------------------------------------------------


def _must_hold(booking: Booking) -> None:
    if booking.state not in HOLDING:
        raise Refused(_("This booking is over."), code="moved_on", status=409)


@transaction.atomic
def change(booking: Booking, span: Span, *, by: Person, space: Space | None = None) -> Booking:
    """Another time (or space) for a booking that has not begun. What needs approval asks for it again;
    the time given up goes to who waits."""
    row, target = locked_to_move(booking, space or booking.space, by)
    require(policy.can_change(by, row))
    _must_hold(row)
    if row.state == BookingState.HERE or row.begins <= clock.now():
        raise Refused(_("It has begun already; book the time you still need."), code="moved_on", status=409)
    if row.state == BookingState.OFFERED:
        raise Refused(_("Take up the offer first."), code="moved_on", status=409)
    if row.booked_by_id == by.pk:
        may_book(target, by)
    owner = by if policy.keeps(by, row.region_id) else row.booked_by
    verdict = Judge(target, [span], by=owner, use=row.use, people=row.people, besides=row).judge(span)
    _refuse(verdict)
    old_space, old = row.space, Span(row.begins, row.ends)
    wanted = pieces.reserved(row)
    pieces.release(row)
    rule = rules_of(target.floor.building)[row.use]
    row.space, row.during = target, range_of(span)
    row.fee = fee_for(target, rule, span.minutes)
    row.changes += 1
    row.flag, row.reminded_at = "", None
    if row.state == BookingState.CONFIRMED:
        row.state = first_state(target, rule, by)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise not_free(error) from None
    pieces.hold(row, wanted)
    if row.state == BookingState.REQUESTED:
        tell_keepers(row, "hub/to_approve", but=by, name=row.booked_by.name, times=1)
    if by.pk != row.booked_by_id:
        tell_owner(row, "hub/moved")
    waiting.offer_freed(old_space, old)
    return row


@transaction.atomic
def cancel(booking: Booking, *, by: Person, reason: str = "") -> Booking:
    """Give a booking up, before or while it lasts; a keeper says why. What it held goes to who waits."""
    row = locked(booking)
    require(policy.can_change(by, row))
    _must_hold(row)
    if row.state == BookingState.HERE:
        raise Refused(_("Somebody is there already; end it instead."), code="moved_on", status=409)
    if row.booked_by_id != by.pk and not reason.strip():
        raise Refused(_("Say why it is cancelled."), field="reason")
    return give_up(row, by=by, reason=reason)


def give_up(row: Booking, *, by: Person, reason: str) -> Booking:
    """Write that a booking is cancelled, for who was asked whether they may; the caller holds it. Somebody
    else's hears of it."""
    row.state, row.offer_until = BookingState.CANCELLED, None
    row.note, row.decided_by, row.decided_at = reason.strip(), by, clock.now()
    row.changes += 1
    row.save()
    waiting.close_offer(row)
    if row.booked_by_id != by.pk:
        tell_owner(row, "hub/cancelled", reason=row.note)
    waiting.offer_freed(row.space, Span(row.begins, row.ends))
    return row


@transaction.atomic
def cancel_rest(series: Series, *, by: Person) -> int:
    """Give up every time of a series that is still to come; how many."""
    require(series.booked_by_id == by.pk or policy.keeps(by, series.region_id))
    rows = Booking.objects.filter(
        region=series.region_id,
        series=series,
        state__in=[BookingState.REQUESTED, BookingState.CONFIRMED],
        during__startswith__gt=clock.now(),
    ).order_by("pk")
    for row in rows:
        cancel(row, by=by, reason=_("The whole series was cancelled."))
    return len(rows)


@transaction.atomic
def restore(booking: Booking, *, by: Person) -> Booking:
    """Take a cancelling or declining back within a quarter of an hour, where the time is still free."""
    row, target = locked_to_move(booking, booking.space, by)
    require(policy.can_change(by, row) and (row.decided_by_id == by.pk or policy.keeps(by, row.region_id)))
    if not can_restore(row):
        raise Refused(_("This can no longer be taken back. Book it anew."), code="moved_on", status=409)
    _refuse(_against_restoring(row, target))
    rule = rules_of(target.floor.building)[row.use]
    if row.state == BookingState.DECLINED:
        row.state = BookingState.REQUESTED
    else:
        row.state = first_state(target, rule, by)
    row.note, row.decided_by, row.decided_at = "", None, None
    row.changes += 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise not_free(error) from None
    pieces.hold_again(row)
    return row


def _against_restoring(booking: Booking, space: Space) -> Verdict:
    span = Span(booking.begins, booking.ends)
    judge = Judge(
        space, [span], by=booking.booked_by, use=booking.use, people=booking.people, besides=booking
    )
    return judge.judge(span)


def still_restorable(booking: Booking) -> bool:
    """Whether it can be taken back now: in time, and nobody else has it meanwhile."""
    return can_restore(booking) and _against_restoring(booking, booking.space).ok


def can_restore(booking: Booking) -> bool:
    """Whether it was given up a moment ago and has not begun."""
    return (
        booking.state in {BookingState.CANCELLED, BookingState.DECLINED}
        and booking.decided_at is not None
        and clock.now() - booking.decided_at <= UNDO
        and booking.begins > clock.now()
    )
