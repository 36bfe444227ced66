"""By which rules a space is given out: one place, asked by booking, previewing and finding alike."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.enterprises.models import State as Registered
from mbois.hub import policy
from mbois.hub.models import HOLDING, Audience, Booking, BookingState, Building, Space, Use, UseRule
from mbois.hub.models.spaces import MINUTES
from mbois.hub.times import Span, Times, local, monday_of, taken
from mbois.people.models import Person
from mbois.refused import Refused
from mbois.web import show

LEEWAY = timedelta(minutes=15)  # so long after its beginning an hour may still be booked
# What a building asks where its keeper has set nothing else: hours a week, hours at a time, days ahead.
DEFAULTS: dict[str, dict[str, int | bool]] = {
    Use.EMPOWERMENT: {
        "days_ahead": 90, "hours_a_week": 20, "most_hours": 8, "fee_percent": 0, "needs_approval": False,
    },
    Use.GOVERNMENT: {
        "days_ahead": 60, "hours_a_week": 20, "most_hours": 10, "fee_percent": 0, "needs_approval": True,
    },
    Use.COMMERCIAL: {
        "days_ahead": 30, "hours_a_week": 12, "most_hours": 6, "fee_percent": 100, "needs_approval": True,
    },
}  # fmt: skip


def rules_of(building: Building) -> dict[str, UseRule]:
    """The rule of a building for each kind of use; one query."""
    found = {rule.use: rule for rule in UseRule.objects.filter(region=building.region_id, building=building)}
    for use, values in DEFAULTS.items():
        found.setdefault(
            str(use), UseRule(region_id=building.region_id, building=building, use=use, **values)
        )
    return {use: found[use] for use in Use.values}


def why_not_bookable_by(person: Person, space: Space) -> str:
    """A sentence why this person may not book this space at all, or nothing."""
    if not space.is_open:
        return _("%(space)s takes no bookings now.") % {"space": space}
    if space.audience == Audience.ANYONE or policy.is_staff(person, space.region_id):
        return ""
    if space.audience == Audience.BUSINESS:
        owned = Enterprise.objects.filter(owner__person=person.pk, state=Registered.VERIFIED)
        if owned.exists():
            return ""
        return _("%(space)s is for owners of a verified business. Register yours first.") % {"space": space}
    return _("%(space)s is for staff.") % {"space": space}


def may_book(space: Space, by: Person) -> None:
    """Refuses whoever may not book this space at all."""
    if reason := why_not_bookable_by(by, space):
        raise Refused(reason, code="forbidden", status=403)


def why_no_hours(span: Span, now: datetime) -> tuple[str, str]:
    """What stands against hours whatever the space, and the field it lies in; or nothing. Who looks for a
    space is asked the same as who books one."""
    if span.ends <= span.begins:
        return _("The end comes before the beginning."), "ends"
    for moment, name in ((span.begins, "begins"), (span.ends, "ends")):
        if moment.minute % MINUTES or moment.second or moment.microsecond:
            return _("Begin and end at a quarter of an hour: 09.00, 09.15, 09.30 …"), name
    if span.begins < now - LEEWAY:
        return _("This time has passed."), "begins"
    if clock.is_too_far(span.ends):
        return _("At most three years ahead. Look at the year once more."), "day"
    return "", ""


@dataclass(frozen=True)
class Verdict:
    """What the rules say of one time: nothing, or a sentence why not; `taken` where another has it, so
    that one can wait."""

    span: Span
    reason: str = ""
    field: str = "day"
    taken: bool = False

    @property
    def ok(self) -> bool:
        return not self.reason

    @property
    def day(self) -> str:
        """Its date, as a form sends it."""
        return clock.local_date(self.span.begins).isoformat()


class Judge:
    """Judges times of one space for one person and use; reads what it needs once, for all of them.

    Those it finds good count for the ones after, as all are wanted together.
    """

    def __init__(
        self,
        space: Space,
        spans: Sequence[Span],
        *,
        by: Person,
        use: str,
        people: int = 1,
        besides: Booking | None = None,
        now: datetime | None = None,
    ) -> None:
        self.space, self.by, self.use, self.people = space, by, use, people
        self.now = now or clock.now()
        self.building = space.floor.building
        self.rule = rules_of(self.building)[use]
        self.keeper = policy.keeps(by, space.region_id)
        first = monday_of(min(clock.local_date(span.begins) for span in spans))
        last = monday_of(max(clock.local_date(span.begins) for span in spans)) + timedelta(days=6)
        self.times = Times.of([space], first, last)
        begin, end = local(first, _midnight), local(last + timedelta(days=1), _midnight)
        near = Booking.objects.filter(
            Q(space=space, state__in=HOLDING) | Q(booked_by=by.pk, state__in=HOLDING),
            region=space.region_id,
        ).between(begin, end)
        rows = [row for row in near if besides is None or row.pk != besides.pk]
        here = [row for row in rows if row.space_id == space.pk]
        self.taken = [(span, row) for row in here for span in taken([row], space)]
        self.mine: dict[date, int] = defaultdict(int)
        self.other_use: dict[date, int] = defaultdict(int)
        for row in rows:
            week = monday_of(clock.local_date(row.begins))
            if row.booked_by_id == by.pk:
                self.mine[week] += row.minutes
        for row in here:
            if row.use != Use.EMPOWERMENT:
                self.other_use[monday_of(clock.local_date(row.begins))] += row.minutes

    def judge(self, span: Span) -> Verdict:
        """The first thing that stands against this time; a good one is remembered."""
        reason, name, is_taken = self._against(span)
        if reason:
            return Verdict(span, reason, name, is_taken)
        week = monday_of(clock.local_date(span.begins))
        self.mine[week] += span.minutes
        if self.use != Use.EMPOWERMENT:
            self.other_use[week] += span.minutes
        self.taken.append((Span(span.begins - self._buffer, span.ends + self._buffer), None))
        return Verdict(span)

    @property
    def _buffer(self) -> timedelta:
        return timedelta(minutes=self.space.buffer_minutes)

    def _against(self, span: Span) -> tuple[str, str, bool]:
        reason, name = why_no_hours(span, self.now)
        if reason:
            return reason, name, False
        if self.people > self.space.capacity:
            return (
                _("%(space)s takes at most %(people)s people.")
                % {"space": self.space, "people": show.angka(self.space.capacity)},
                "people",
                False,
            )
        if closed := self.times.why_closed(self.space, span):
            return f"{closed}.", "day", False
        if limit := self._limits(span):
            return limit
        for busy, row in self.taken:
            if busy.overlaps(span):
                return self._who(row, span), "begins", True
        return self._kept(span)

    def _limits(self, span: Span) -> tuple[str, str, bool] | None:
        """What the kind of use may; keepers may more."""
        if self.keeper:
            return None
        rule, day = self.rule, clock.local_date(span.begins)
        latest = clock.local_date(self.now) + timedelta(days=rule.days_ahead)
        if day > latest:
            return (
                _("This kind of use can be booked up to %(day)s.") % {"day": show.tanggal(latest)},
                "day",
                False,
            )
        if span.minutes > rule.most_hours * 60:
            return (
                ngettext("At most %(hours)s hour at a time.", "At most %(hours)s hours at a time.", rule.most_hours)
                % {"hours": rule.most_hours},
                "ends",
                False,
            )  # fmt: skip
        have = self.mine[monday_of(day)]
        if have + span.minutes > rule.hours_a_week * 60:
            return (
                _("At most %(hours)s hours a week for one person; you have %(have)s that week.")
                % {"hours": rule.hours_a_week, "have": show.angka(round(have / 60, 1))},
                "day",
                False,
            )
        return None

    def _who(self, row: Booking | None, span: Span) -> str:
        if row is None:
            return _("This overlaps another of these times.")
        times = {"from": show.jam(row.begins), "to": show.jam(row.ends)}
        if Span(row.begins, row.ends).overlaps(span):
            if row.booked_by_id == self.by.pk:
                return _("You have it then yourself, from %(from)s to %(to)s.") % times
            if row.state == BookingState.REQUESTED:
                return _("Somebody asked for it from %(from)s to %(to)s.") % times
            return _("It is taken from %(from)s to %(to)s.") % times
        return _("%(minutes)s minutes between two bookings are for tidying up (%(from)s to %(to)s).") % {
            "minutes": self.space.buffer_minutes,
            **times,
        }

    def _kept(self, span: Span) -> tuple[str, str, bool]:
        """The share of a week's opening hours that is kept for empowerment until shortly before."""
        if self.use == Use.EMPOWERMENT or not self.space.kept_percent:
            return "", "", False
        if span.begins - self.now <= timedelta(hours=self.building.release_hours):
            return "", "", False
        week = monday_of(clock.local_date(span.begins))
        days = [week + timedelta(days=number) for number in range(7)]
        most = self.times.open_minutes(self.space, days) * (100 - self.space.kept_percent) // 100
        if self.other_use[week] + span.minutes <= most:
            return "", "", False
        left = max(0, most - self.other_use[week])
        return (
            _(
                "%(kept)s%% of each week are kept for empowerment; other uses have %(left)s hours left that "
                "week. What is still free %(hours)s hours before opens to everybody."
            )
            % {
                "kept": self.space.kept_percent,
                "left": show.angka(round(left / 60, 1)),
                "hours": self.building.release_hours,
            },
            "use",
            False,
        )


_midnight = datetime.min.time()


def fee_for(space: Space, rule: UseRule, minutes: int) -> int:
    """What is agreed to be paid, in rupiah, rounded down to a hundred."""
    return space.fee_an_hour * minutes * rule.fee_percent // 6_000 // 100 * 100


def first_state(space: Space, rule: UseRule, by: Person) -> str:
    """Confirmed at once, or waiting for a keeper."""
    if policy.keeps(by, space.region_id) or (space.is_instant and not rule.needs_approval):
        return BookingState.CONFIRMED
    return BookingState.REQUESTED


def repeated(first: date, last: date, every_weeks: int) -> list[date]:
    """The days of a series."""
    found, day = [], first
    while day <= last:
        found.append(day)
        day += timedelta(weeks=every_weeks)
    return found
