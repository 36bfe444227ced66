"""Named reads of activities."""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Avg, Count, Max, Q, QuerySet, Sum

from mbois import clock
from mbois.agenda.models import (
    Activity,
    Attendance,
    Feedback,
    Outcome,
    Registration,
    Scan,
    Seats,
    Standing,
    Ticket,
)
from mbois.enterprises.models import Subsector
from mbois.people.models import Person
from mbois.places.models import Region
from mbois.web.given import whole_number

PAGE = 24
OPEN = (Standing.CONFIRMED, Standing.WAITING, Standing.OFFERED)
# Days a calendar is asked for; what lies further away is nonsense, and beyond what an instant can say.
FIRST, LAST = date(1900, 1, 1), date(2200, 12, 31)
MOST_ON_A_MAP = 500


def midnight(day: date) -> datetime:
    """The instant a day begins in Malang."""
    return datetime.combine(day, time.min, tzinfo=clock.JAKARTA)


def day_in(text: str) -> date | None:
    """A date as an address says it, or None for nonsense."""
    try:
        found = date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None
    return found if found and FIRST <= found <= LAST else None


def open_registration_of(person: Person, activity: Activity) -> Registration | None:
    """What somebody with an account has for an activity already."""
    return (
        Registration.objects.filter(
            region=activity.region_id, activity=activity, person=person.pk, state__in=OPEN
        )
        .order_by("number")
        .first()
    )


@dataclass(frozen=True)
class Wish:
    """What somebody looks for in the calendar, as the address says it."""

    text: str = ""
    region: str = ""
    subsector: str = ""
    since: date | None = None
    until: date | None = None
    view: str = "daftar"
    month: date | None = None
    page: int = 1

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Wish":
        def said(name: str) -> str:
            return str(given.get(name, "")).replace("\x00", "").strip()[:100]

        view, page = said("tampil"), said("page")
        return cls(
            text=said("q"),
            region=said("wilayah")[:5],
            subsector=said("subsektor") if said("subsektor") in Subsector.values else "",
            since=day_in(said("dari")),
            until=day_in(said("sampai")),
            view=view if view in {"bulan", "peta"} else "daftar",
            month=day_in(f"{said('bulan')}-01"),
            page=whole_number(page, most=9_999) or 1,
        )

    @property
    def narrowed(self) -> bool:
        return bool(self.text or self.region or self.subsector or self.since or self.until)

    def query(self, **changes: object) -> str:
        """The address of this wish with some of it changed."""
        said: dict[str, object] = {
            "q": self.text,
            "wilayah": self.region,
            "subsektor": self.subsector,
            "dari": self.since or "",
            "sampai": self.until or "",
            "tampil": "" if self.view == "daftar" else self.view,
            "bulan": f"{self.month:%Y-%m}" if self.month and self.view == "bulan" else "",
            "page": "" if self.page == 1 else self.page,
        }
        said |= {"page": ""} | changes
        return urlencode({name: value for name, value in said.items() if value not in ("", None)})

    @property
    def feed(self) -> str:
        """What a calendar that follows this wish asks for."""
        return self.query(tampil="", bulan="", dari="", sampai="")


def wished(wish: Wish, *, past: bool = False) -> QuerySet[Activity]:
    """The activities of the public calendar that fit, without regard to the month shown; from today on
    unless `past` or a first day is asked for."""
    # parts stand in the programme of their whole, and are found by who looks for them
    looked_for = bool(wish.text or wish.subsector)
    rows = Activity.objects.published() if looked_for else Activity.objects.listed()
    if wish.region:
        rows = rows.filter(region=wish.region)
    if wish.subsector:
        rows = rows.filter(subsector=wish.subsector)
    for word in wish.text.casefold().split()[:6]:
        rows = rows.filter(search__contains=word)
    if wish.since:
        rows = rows.filter(ends_at__gte=midnight(wish.since))
    elif not past:
        rows = rows.filter(ends_at__gte=clock.now())
    if wish.until:
        rows = rows.filter(begins_at__lt=midnight(wish.until + timedelta(days=1)))
    found: QuerySet[Activity] = rows.select_related("region")
    return found


@dataclass(frozen=True)
class Page:
    rows: list[Activity]
    more: bool


def page_of(wish: Wish) -> Page:
    """The list: what comes first, a page at a time."""
    start = (wish.page - 1) * PAGE
    rows = list(wished(wish).order_by("begins_at", "pk")[start : start + PAGE + 1])
    return Page(rows[:PAGE], len(rows) > PAGE)


@dataclass(frozen=True)
class Day:
    """A day of the month view, with what takes place on it."""

    day: date
    inside: bool
    today: bool
    rows: list[Activity] = field(default_factory=list)


@dataclass(frozen=True)
class Month:
    first: date
    weeks: list[list[Day]]
    before: date
    after: date
    count: int


def month_of(wish: Wish) -> Month:
    """A month as weeks of days, Monday first."""
    today = clock.today()
    first = (wish.month or today).replace(day=1)
    days = calendar.Calendar().monthdatescalendar(first.year, first.month)
    begin, end = days[0][0], days[-1][-1]
    rows = list(
        wished(wish, past=True)
        .filter(ends_at__gt=midnight(begin), begins_at__lt=midnight(end + timedelta(days=1)))
        .order_by("begins_at", "pk")[:600]
    )
    by_day: dict[date, list[Activity]] = {}
    for row in rows:
        day = max(clock.local_date(row.begins_at), begin)
        last = min(clock.local_date(row.ends_at - timedelta(seconds=1)), end)
        while day <= last:
            by_day.setdefault(day, []).append(row)
            day += timedelta(days=1)
    return Month(
        first,
        [
            [Day(day, day.month == first.month, day == today, by_day.get(day, [])) for day in week]
            for week in days
        ],
        (first - timedelta(days=1)).replace(day=1),
        (first + timedelta(days=32)).replace(day=1),
        sum(clock.local_date(row.begins_at).month == first.month for row in rows),
    )


def on_the_map(wish: Wish) -> list[Activity]:
    """Those with a position, what comes first first."""
    rows = wished(wish).filter(latitude__isnull=False).order_by("begins_at")
    return list(rows[:MOST_ON_A_MAP])


def regions() -> list[tuple[str, str]]:
    return list(Region.objects.order_by("-code").values_list("pk", "name"))


def checked_in(tickets: Iterable[Ticket]) -> set[int]:
    """Which of these tickets of one region were checked in somewhere, by their key."""
    rows = list(tickets)
    if not rows:
        return set()
    found = Attendance.objects.filter(
        region=rows[0].region_id, ticket__in=[one.pk for one in rows], withdrawn_at=None
    )
    return set(found.values_list("ticket", flat=True))


# --- an activity -----------------------------------------------------------------------------------


def seats_of(activity: Activity) -> Seats:
    found: Seats = Seats.objects.get(region=activity.region_id, activity=activity)
    return found


@dataclass(frozen=True)
class Slot:
    """An hour of a festival's programme."""

    at: datetime
    parts: list[Activity]


@dataclass(frozen=True)
class ProgrammeDay:
    day: date
    slots: list[Slot]
    count: int


def programme(
    activity: Activity, *, stage: str = "", subsector: str = ""
) -> tuple[list[ProgrammeDay], list[str]]:
    """The published parts by day and hour, and the stages they use."""
    every = list(
        Activity.objects.filter(region=activity.region_id, parent=activity)
        .exclude(published_at=None)
        .order_by("begins_at", "stage", "pk")
    )
    stages = sorted({one.stage for one in every if one.stage})
    days: dict[date, dict[datetime, list[Activity]]] = {}
    for one in every:
        if (stage and one.stage != stage) or (subsector and one.subsector != subsector):
            continue
        days.setdefault(clock.local_date(one.begins_at), {}).setdefault(one.begins_at, []).append(one)
    return (
        [
            ProgrammeDay(day, [Slot(at, parts) for at, parts in slots.items()], sum(map(len, slots.values())))
            for day, slots in days.items()
        ],
        stages,
    )


@dataclass(frozen=True)
class Figures:
    """An activity in numbers, each counted from rows. `reached` are the beneficiaries: tickets that
    attended at least one part, visitors counted at the door, and those the organiser reports."""

    registered: int
    waiting: int
    attended: int
    counted: int
    reported: int
    stars: float | None
    voices: int

    @property
    def reached(self) -> int:
        return self.attended + self.counted + self.reported

    @property
    def share(self) -> float | None:
        """How many of those registered came."""
        return self.attended / self.registered if self.registered else None


def figures_of(activity: Activity) -> Figures:
    """What the desk shows of one activity and its parts that come with its ticket."""
    region = activity.region_id
    registered = (
        Registration.objects.filter(region=region, activity=activity)
        .order_by()
        .aggregate(
            places=Sum("places", filter=Q(state=Standing.CONFIRMED)),
            waiting=Count("pk", filter=Q(state=Standing.WAITING)),
        )
    )
    mine = Q(activity=activity) | Q(activity__parent=activity)
    attended = (
        Attendance.objects.filter(mine, region=region, withdrawn_at=None).aggregate(
            all=Count("ticket", distinct=True)
        )["all"]
        or 0
    )
    counted = Scan.objects.filter(mine, region=region, text="").count()
    outcome = Outcome.objects.filter(mine, region=region).aggregate(all=Sum("visitors"))["all"] or 0
    felt = Feedback.objects.filter(mine, region=region).aggregate(stars=Avg("stars"), voices=Count("pk"))
    return Figures(
        registered["places"] or 0,
        registered["waiting"],
        attended,
        counted,
        outcome,
        felt["stars"],
        felt["voices"],
    )


@dataclass(frozen=True)
class DoorState:
    """How it looks at the door of one part."""

    expected: int
    inside: int
    visitors: int
    newest: datetime | None


def door_states(activity: Activity, parts: Sequence[Activity]) -> list[tuple[Activity, DoorState]]:
    """How it looks at the door of each of these parts; three queries. Who holds a ticket of the whole is
    expected at each."""
    region, keys = activity.region_id, [part.pk for part in parts]
    wholes = {part.parent_id or part.pk for part in parts}
    tickets = _by_activity(
        Ticket.objects.filter(region=region, activity__in={*keys, *wholes}, cancelled_at=None)
    )
    inside = _by_activity(Attendance.objects.filter(region=region, activity__in=keys, withdrawn_at=None))
    scans = (
        Scan.objects.filter(region=region, activity__in=keys)
        .order_by()
        .values("activity")
        .annotate(visitors=Count("pk", filter=Q(text="")), newest=Max("received_at"))
        .values_list("activity", "visitors", "newest")
    )
    seen = {key: (visitors, newest) for key, visitors, newest in scans}
    found = []
    for part in parts:
        expected = sum(tickets.get(key, 0) for key in {part.pk, part.parent_id or part.pk})
        visitors, newest = seen.get(part.pk, (0, None))
        found.append((part, DoorState(expected, inside.get(part.pk, 0), visitors, newest)))
    return found


def _by_activity(rows: QuerySet[Any]) -> dict[int, int]:
    """How many of these rows each activity has."""
    return dict(rows.order_by().values_list("activity").annotate(count=Count("pk")))
