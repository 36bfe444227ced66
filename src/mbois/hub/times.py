"""When spaces are open, taken and free: read once for many spaces and days, then asked without a query."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mbois import clock
from mbois.hub.models import Booking, Building, Closure, OpeningHours, Space
from mbois.hub.models.spaces import MINUTES
from mbois.places.models import Holiday
from mbois.places.workdays import national_holidays

DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Span:
    """`[begins, ends)`."""

    begins: datetime
    ends: datetime

    @property
    def minutes(self) -> int:
        return int((self.ends - self.begins).total_seconds() // 60)

    def overlaps(self, other: "Span") -> bool:
        return self.begins < other.ends and other.begins < self.ends

    def within(self, other: "Span") -> bool:
        return other.begins <= self.begins and self.ends <= other.ends


def local(day: date, hour: time) -> datetime:
    """An hour of a day in Malang."""
    return datetime.combine(day, hour, tzinfo=clock.JAKARTA)


def span_on(day: date, begins: time, ends: time) -> Span:
    """Two local hours of a day; midnight as an end is that of the next day."""
    until = local(day, ends) if ends > time.min else local(day + DAY, time.min)
    return Span(local(day, begins), until)


def range_of(span: Span) -> DateTimeTZRange:
    """As the database keeps it."""
    return DateTimeTZRange(span.begins, span.ends)


def whole(day: date) -> Span:
    return Span(local(day, time.min), local(day + DAY, time.min))


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


@dataclass
class Times:
    """The opening hours, holidays and closures of the spaces of some buildings."""

    buildings: dict[int, Building]
    _hours: dict[int, dict[int, OpeningHours]] = field(default_factory=lambda: defaultdict(dict))
    _own_hours: dict[int, dict[int, OpeningHours]] = field(default_factory=lambda: defaultdict(dict))
    _closures: list[Closure] = field(default_factory=list)
    _holidays: dict[date, str] = field(default_factory=dict)

    @classmethod
    def of(cls, spaces: Iterable[Space], first: date, last: date) -> "Times":
        """For these spaces (with floor and building selected) and days; three queries."""
        buildings = {space.floor.building_id: space.floor.building for space in spaces}
        found = cls(buildings)
        regions = {building.region_id for building in buildings.values()}
        for hours in OpeningHours.objects.filter(region__in=regions, building__in=buildings):
            if hours.space_id is None:
                found._hours[hours.building_id][hours.weekday] = hours
            else:
                found._own_hours[hours.space_id][hours.weekday] = hours
        found._closures = list(
            Closure.objects.filter(
                region__in=regions,
                building__in=buildings,
                during__overlap=(local(first, time.min), local(last + DAY, time.min)),
            )
        )
        declared = Holiday.objects.filter(
            Q(region__in=regions) | Q(region=None), date__gte=first, date__lte=last
        )
        found._holidays = {one.date: one.name for one in declared}
        return found

    def holiday(self, space: Space, day: date) -> str:
        """What is celebrated on a day when the building is closed for it, or nothing."""
        if self.buildings[space.floor.building_id].open_on_holidays:
            return ""
        if day in self._holidays:
            return self._holidays[day]
        return _national_name(day) if day in national_holidays(day.year) else ""

    def opening(self, space: Space, day: date) -> Span | None:
        """The opening hours of a day by the day of the week, whatever holiday it is."""
        own = self._own_hours.get(space.pk)
        week = own if own else self._hours.get(space.floor.building_id, {})
        hours = week.get(day.weekday())
        return span_on(day, hours.opens, hours.closes) if hours else None

    def open_on(self, space: Space, day: date) -> Span | None:
        """When the space is open on a day; None where it is closed all day."""
        return None if self.holiday(space, day) else self.opening(space, day)

    def closures(self, space: Space, day: Span) -> list[tuple[Span, str]]:
        """What its keeper declared closed in this time."""
        return [
            (Span(one.during.lower, one.during.upper), one.reason)
            for one in self._closures
            if one.building_id == space.floor.building_id
            and one.space_id in {None, space.pk}
            and day.overlaps(Span(one.during.lower, one.during.upper))
        ]

    def closed_all_day(self, space: Space, day: date) -> str:
        """Why nobody can book on a day, whatever is booked: the holiday, the day of the week or what its
        keeper declared; or nothing."""
        if name := self.holiday(space, day):
            return name
        opening = self.opening(space, day)
        if opening is None:
            return _("Closed on this day of the week")
        closures = self.closures(space, opening)
        if without(opening, [span for span, _reason in closures]):
            return ""
        return closures[0][1]

    def why_closed(self, space: Space, span: Span) -> str:
        """A sentence why the space is not open for all of this time, or nothing."""
        day = clock.local_date(span.begins)
        if name := self.holiday(space, day):
            return _("Closed: %(holiday)s") % {"holiday": name}
        opening = self.opening(space, day)
        if opening is None:
            return _("Closed on this day of the week")
        if not span.within(opening):
            return _("Open from %(opens)s to %(closes)s") % {
                "opens": f"{opening.begins.astimezone(clock.JAKARTA):%H.%M}",
                "closes": f"{opening.ends.astimezone(clock.JAKARTA):%H.%M}",
            }
        for _closed, reason in self.closures(space, span):
            return _("Closed: %(reason)s") % {"reason": reason}
        return ""

    def open_minutes(self, space: Space, days: Iterable[date]) -> int:
        """Minutes open on these days, without holidays; closures do not count."""
        spans = (self.open_on(space, day) for day in days)
        return sum(span.minutes for span in spans if span)


def _national_name(day: date) -> str:
    import holidays as national

    language = "id" if (get_language() or "id").startswith("id") else "en_US"
    return str(national.country_holidays("ID", years=day.year, language=language).get(day, ""))


def taken(bookings: Iterable[Booking], space: Space) -> list[Span]:
    """What bookings leave no room for: their time, the buffer after it, and before it room for the
    buffer of whoever comes first."""
    before = timedelta(minutes=space.buffer_minutes)
    return sorted(Span(one.during.lower - before, one.occupied.upper) for one in bookings)


def in_quarters(span: Span) -> Span:
    """What of a span can be booked: from the next quarter of an hour to the last."""
    step = timedelta(minutes=MINUTES)
    over = timedelta(minutes=span.begins.minute % MINUTES, seconds=span.begins.second)
    late = timedelta(minutes=span.ends.minute % MINUTES, seconds=span.ends.second)
    return Span(span.begins + (step - over if over else timedelta()), span.ends - late)


def without(open_span: Span, taken_spans: Sequence[Span]) -> list[Span]:
    """What is left of a span."""
    left: list[Span] = []
    at = open_span.begins
    for one in sorted(taken_spans):
        if one.ends <= at or one.begins >= open_span.ends:
            continue
        if one.begins > at:
            left.append(Span(at, one.begins))
        at = max(at, one.ends)
    if at < open_span.ends:
        left.append(Span(at, open_span.ends))
    return left


def free(space: Space, day: date, times: Times, bookings: Iterable[Booking]) -> list[Span]:
    """The free hours of a space on a day, as they can be booked; past ones included."""
    opening = times.open_on(space, day)
    if opening is None:
        return []
    closed = [span for span, _reason in times.closures(space, opening)]
    left = without(opening, [*taken(bookings, space), *closed])
    return [span for span in map(in_quarters, left) if span.ends > span.begins]
