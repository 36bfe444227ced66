"""Named reads: the day and the week over all spaces, what is free, what fits a wish."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mbois import clock
from mbois.hub import drawing, policy
from mbois.hub.models import Booking, BookingState, Building, Space
from mbois.hub.rules import LEEWAY
from mbois.hub.times import DAY, Span, Times, free, taken, whole
from mbois.people.models import Person
from mbois.web import show

LEAST = timedelta(minutes=15)


def all_spaces() -> list[Space]:
    """Every space the public sees, with floor and building; one query. A few dozen in a city."""
    return list(
        Space.objects.published()
        .select_related("floor__building", "region")
        .order_by("region", "floor__building", "floor__level", "name", "pk")
    )


def buildings_of(spaces: Iterable[Space]) -> list[Building]:
    """Their buildings, once each."""
    return list({space.floor.building_id: space.floor.building for space in spaces}.values())


def bookings_on(spaces: Sequence[Space], begins: datetime, ends: datetime) -> dict[int, list[Booking]]:
    """What holds these spaces in that time, by space; one query."""
    found: dict[int, list[Booking]] = defaultdict(list)
    rows = (
        Booking.objects.filter(
            region__in={space.region_id for space in spaces}, space__in=[space.pk for space in spaces]
        )
        .holding()
        .between(begins, ends)
        .only(
            "region", "space", "code", "during", "occupied", "state", "title", "group", "booked_by", "use", "people"
        )
        .order_by("during")
    )  # fmt: skip
    for row in rows:
        found[row.space_id].append(row)
    return found


@dataclass(frozen=True)
class Bar:
    """A stretch of the day in the drawing: minutes from its left edge."""

    kind: str
    x: int
    width: int
    label: str
    url: str = ""


@dataclass(frozen=True)
class Window:
    """Free hours of a space that can still be booked."""

    span: Span
    url: str

    def __str__(self) -> str:
        return f"{show.jam(self.span.begins)}–{show.jam(self.span.ends)}"


@dataclass
class Row:
    """A space on one day."""

    space: Space
    opening: Span | None
    closed: str
    bars: list[Bar] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    free_now: bool = False
    drawing: str = ""

    @property
    def choices(self) -> SafeString:
        """The free hours, each the way to book it."""
        return drawing.choices(self.space.name, self.windows, self.closed)

    @property
    def own_lines(self) -> SafeString:
        """What may be opened, in words."""
        return drawing.links(self.bars)


@dataclass
class Board:
    """All spaces of a building on one day, by floor."""

    day: date
    left: datetime
    right: datetime
    rows: list[Row]

    @property
    def width(self) -> int:
        return int((self.right - self.left).total_seconds() // 60)

    @property
    def ticks(self) -> list[str]:
        """Each full hour of the drawing."""
        first = self.left.astimezone(clock.JAKARTA)
        return [f"{(first + timedelta(hours=number)):%H}" for number in range(self.width // 60)]

    @property
    def lines(self) -> list[int]:
        """Where each full hour but the first begins."""
        return [number * 60 for number in range(1, self.width // 60)]

    @property
    def now(self) -> int | None:
        """Where this moment is."""
        moment = clock.now()
        return int((moment - self.left).total_seconds() // 60) if self.left <= moment <= self.right else None

    @property
    def has_buffers(self) -> bool:
        """Whether any time between bookings is drawn."""
        return any(bar.kind == "buffer" for row in self.rows for bar in row.bars)

    @cached_property
    def floors(self) -> list[tuple[object, list[Row]]]:
        grouped: dict[int, tuple[object, list[Row]]] = {}
        for row in self.rows:
            grouped.setdefault(row.space.floor_id, (row.space.floor, []))[1].append(row)
        return list(grouped.values())


def book_url(space: Space, span: Span) -> str:
    """The form with these hours in it."""
    begins = span.begins.astimezone(clock.JAKARTA)
    ends = span.ends.astimezone(clock.JAKARTA)
    return f"{reverse('book', kwargs={'space': space.code})}?day={begins:%Y-%m-%d}&begins={begins:%H:%M}&ends={ends:%H:%M}"


def still_free(space: Space, day: date, times: Times, rows: Sequence[Booking], now: datetime) -> list[Span]:
    """The free hours of a day that can still be booked: what has passed is left out."""
    found = []
    for span in free(space, day, times, rows):
        begins = max(span.begins, _quarter_before(now))
        if span.ends > now + LEAST and span.ends - begins >= LEAST:
            found.append(Span(begins, span.ends))
    return found


def _windows(space: Space, day: date, times: Times, rows: Sequence[Booking], now: datetime) -> list[Window]:
    """What of the free hours is still to come, each with the way to book its first hour or two."""
    return [
        Window(rest, book_url(space, Span(rest.begins, min(rest.ends, rest.begins + timedelta(hours=2)))))
        for rest in still_free(space, day, times, rows, now)
    ]


def _quarter_before(moment: datetime) -> datetime:
    return moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)


def day_board(spaces: Sequence[Space], day: date, person: Person | None = None) -> Board:
    """A day over these spaces. Names and titles are for keepers; one's own bookings are marked. Four
    queries whatever the number of bookings."""
    times = Times.of(spaces, day, day)
    edge = whole(day)
    booked = bookings_on(spaces, edge.begins, edge.ends) if spaces else {}
    openings = {space.pk: times.open_on(space, day) for space in spaces}
    ordinary = [times.opening(space, day) for space in spaces]
    spans = [span for span in [*openings.values(), *ordinary] if span]
    left = min((span.begins for span in spans), default=edge.begins + timedelta(hours=8))
    right = max((span.ends for span in spans), default=edge.begins + timedelta(hours=20))
    left, right = _full_hour(left), _full_hour(right + timedelta(minutes=59))
    board = Board(day, left, right, [])
    now = clock.now()
    for space in spaces:
        opening = openings[space.pk]
        rows = booked.get(space.pk, [])
        row = Row(space, opening, "" if opening else _why_closed(times, space, day))
        row.bars = _bars(board, row, rows, times, person)
        if opening:
            row.windows = _windows(space, day, times, rows, now)
            row.free_now = any(window.span.begins <= now < window.span.ends for window in row.windows)
        board.rows.append(row)
    lines, now_at_x = board.lines, board.now
    for row in board.rows:
        row.drawing = drawing.bar(row.bars, board.width, lines, now_at_x)
    return board


def _full_hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _why_closed(times: Times, space: Space, day: date) -> str:
    return times.holiday(space, day) or _("closed on this day")


def _bars(board: Board, row: Row, rows: Sequence[Booking], times: Times, person: Person | None) -> list[Bar]:
    def bar(kind: str, span: Span, label: str, url: str = "") -> Bar | None:
        begins, ends = max(span.begins, board.left), min(span.ends, board.right)
        if ends <= begins:
            return None
        x = int((begins - board.left).total_seconds() // 60)
        return Bar(kind, x, int((ends - begins).total_seconds() // 60), label, url)

    keeper = person is not None and policy.keeps(person, row.space.region_id)
    found: list[Bar | None] = []
    if row.opening:
        found.append(bar("open", row.opening, ""))
        found += [bar("closed", span, reason) for span, reason in times.closures(row.space, row.opening)]
        found += [bar("buffer", span, _("kept for tidying up")) for span in _around(row, rows)]
    for one in rows:
        hours = f"{show.jam(one.begins)}–{show.jam(one.ends)}"
        mine = person is not None and one.booked_by_id == person.pk
        kind = "mine" if mine else "asked" if one.state in {"requested", "offered"} else "busy"
        label = f"{hours} {one.title}" if keeper or mine else hours
        url = one.get_absolute_url() if keeper or mine else ""
        found.append(bar(kind, Span(one.begins, one.ends), label, url))
    return [one for one in found if one]


def _around(row: Row, rows: Sequence[Booking]) -> list[Span]:
    """What lies before and after bookings and nobody can have: their buffers, within the opening hours."""
    opening = row.opening
    if opening is None:
        return []
    spans = [
        Span(max(span.begins, opening.begins), min(span.ends, opening.ends))
        for span, one in zip(taken(rows, row.space), sorted(rows, key=lambda one: one.begins), strict=True)
        if span != Span(one.begins, one.ends)
    ]
    return [span for span in spans if span.begins < span.ends]


@dataclass(frozen=True)
class Cell:
    """A space on one day of a week."""

    day: date
    open_minutes: int
    free_minutes: int
    closed: str
    url: str

    @property
    def hours(self) -> str:
        return show.angka(
            round(self.free_minutes / 60, 1) if self.free_minutes % 60 else self.free_minutes // 60
        )

    @property
    def level(self) -> str:
        """How full, for its colour: closed, full, little, half, free."""
        if not self.open_minutes:
            return "closed"
        share = self.free_minutes / self.open_minutes
        return "full" if share < 0.05 else "little" if share < 0.34 else "half" if share < 0.67 else "free"


def week_board(spaces: Sequence[Space], monday: date) -> list[tuple[Space, list[Cell]]]:
    """A week over these spaces: how much is free on each day from now on."""
    days = [monday + timedelta(days=number) for number in range(7)]
    times = Times.of(spaces, days[0], days[-1])
    booked = bookings_on(spaces, whole(days[0]).begins, whole(days[-1]).ends) if spaces else {}
    now = clock.now()
    found = []
    for space in spaces:
        cells = []
        for day in days:
            opening = times.open_on(space, day)
            rows = [
                row
                for row in booked.get(space.pk, ())
                if row.begins < whole(day).ends and row.ends > whole(day).begins
            ]
            spans = free(space, day, times, rows)
            left = sum(
                int((span.ends - max(span.begins, now)).total_seconds() // 60)
                for span in spans
                if span.ends > now
            )
            url = f"{reverse('space', kwargs={'space': space.code})}?day={day.isoformat()}"
            cells.append(
                Cell(
                    day,
                    opening.minutes if opening else 0,
                    left,
                    "" if opening else _why_closed(times, space, day),
                    url,
                )
            )
        found.append((space, cells))
    return found


@dataclass(frozen=True)
class Match:
    """A space that was looked for: it fits, or what stands against it."""

    space: Space
    span: Span
    reason: str
    windows: list[Window]
    url: str


def find(
    spaces: Sequence[Space], span: Span, *, people: int = 1, facilities: Iterable[str] = ()
) -> tuple[list[Match], list[Match]]:
    """Spaces that are free in that time, large enough and have what is asked for: the smallest first; then
    those that would do at another hour of that day."""
    wanted = set(facilities)
    fitting = [space for space in spaces if space.capacity >= people and wanted <= set(space.facilities)]
    if not fitting:
        return [], []
    day = clock.local_date(span.begins)
    times = Times.of(fitting, day, day)
    booked = bookings_on(fitting, whole(day).begins, whole(day).ends)
    now = clock.now()
    yes: list[Match] = []
    no: list[Match] = []
    for space in sorted(fitting, key=lambda one: (one.capacity, one.fee_an_hour, one.name)):
        rows = booked.get(space.pk, [])
        windows = _windows(space, day, times, rows, now)
        reason = times.why_closed(space, span)
        if not reason and not any(span.within(one) for one in free(space, day, times, rows)):
            reason = _("Taken then")
        match = Match(space, span, reason, windows, book_url(space, span))
        (no if reason else yes).append(match)
    return yes, [one for one in no if one.windows]


def free_days(space: Space, first: date, count: int) -> list[tuple[date, list[Window], str]]:
    """The free hours of a space on some days to come; where there are none, why."""
    last = first + (count - 1) * DAY
    times = Times.of([space], first, last)
    booked = bookings_on([space], whole(first).begins, whole(last).ends).get(space.pk, [])
    now = clock.now()
    found = []
    for number in range(count):
        day = first + number * DAY
        rows = [row for row in booked if row.begins < whole(day).ends and row.ends > whole(day).begins]
        windows = _windows(space, day, times, rows, now)
        closed = "" if times.open_on(space, day) else _why_closed(times, space, day)
        found.append((day, windows, closed))
    return found


def now_at(space: Space, person: Person | None) -> tuple[Booking | None, Booking | None, datetime | None]:
    """At the door: this person's booking now (or soon), whatever else holds the space now, and until when
    it is free if nothing does."""
    now = clock.now()
    rows = bookings_on([space], now - LEEWAY, whole(clock.today()).ends).get(space.pk, [])
    own = None
    if person is not None:
        mine = Booking.objects.filter(
            region=space.region_id,
            space=space,
            booked_by=person,
            state__in=["confirmed", "here", "requested", "no_show"],
            during__startswith__lte=now + timedelta(minutes=20),
            during__endswith__gt=now,
        )
        own = mine.select_related("space__floor__building", "booked_by").order_by("during").first()
    current = next((row for row in rows if row.begins <= now < row.ends), None)
    following = next((row for row in rows if row.begins > now), None)
    return own, current, following.begins if following else None


def waiting_for_approval(regions: Iterable[str]) -> int:
    """How many requests wait for keepers of these regions."""
    return (
        Booking.objects.filter(region__in=list(regions), state=BookingState.REQUESTED)
        .filter(during__endswith__gt=clock.now())
        .count()
    )
