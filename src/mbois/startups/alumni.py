"""What became of the startups of a programme: totals and medians by quarter, never of fewer than five."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from django.db.models import Exists, OuterRef

from mbois import clock
from mbois.startups.models import Participation, QuarterFigures, Startup, quarter_of
from mbois.startups.show import quarter_name

FEW = 5
SHOWN = 8
MEASURES = ("team", "users", "revenue", "funding")


@dataclass(frozen=True)
class Measure:
    """The total and the median of one figure; None where fewer than five told it."""

    total: int | None
    middle: int | None


@dataclass(frozen=True)
class Quarter:
    """One quarter of a group of startups. `told` wrote their figures for it; `known` told something by
    then, and `alive` of them were still going."""

    quarter: date
    told: int
    known: int
    alive: int | None
    measures: dict[str, Measure]

    @property
    def name(self) -> str:
        return quarter_name(self.quarter)

    @property
    def short(self) -> str:
        return f"Q{(self.quarter.month + 2) // 3} {self.quarter.year % 100:02d}"

    @property
    def survival(self) -> float | None:
        return None if self.alive is None else self.alive / self.known

    @property
    def enough(self) -> bool:
        return self.told >= FEW


@dataclass(frozen=True)
class Told:
    """The figures of one startup and quarter, as read."""

    startup: int
    quarter: date
    alive: bool
    team: int = 0
    users: int = 0
    revenue: int = 0
    funding: int = 0


def summed(rows: Sequence[Told], last: date, count: int = SHOWN) -> list[Quarter]:
    """The last `count` quarters up to `last`, oldest first. Who ended is in `known` for good, with no
    figures; a total is of those who told it and are alive."""
    wanted = []
    place = last
    for _number in range(count):
        wanted.append(place)
        place = date(place.year - 1, 10, 1) if place.month == 1 else date(place.year, place.month - 3, 1)
    wanted.reverse()
    ordered = sorted(rows, key=lambda one: one.quarter)
    found = []
    for quarter in wanted:
        newest = {one.startup: one for one in ordered if one.quarter <= quarter}
        told = [one for one in ordered if one.quarter == quarter and one.alive]
        enough = len(told) >= FEW
        measures = {}
        for name in MEASURES:
            values = [getattr(one, name) for one in told]
            measures[name] = Measure(
                sum(values) if enough else None, round(median(values)) if enough else None
            )
        alive = sum(1 for one in newest.values() if one.alive)
        found.append(
            Quarter(quarter, len(told), len(newest), alive if len(newest) >= FEW else None, measures)
        )
    return found


def told_by(startups: Sequence[int], regions: Sequence[str]) -> list[Told]:
    """All figures of these startups. One query."""
    rows = QuarterFigures.objects.filter(region__in=regions, startup__in=startups)
    return [
        Told(*row)
        for row in rows.values_list("startup_id", "quarter", "alive", "team", "users", "revenue", "funding")
    ]


def alumni_of(regions: Sequence[str], cohort: int | None = None) -> list[int]:
    """The startups of a cohort; without one, those of every cohort of these regions that is over."""
    if cohort is not None:
        return list(
            Participation.objects.filter(region__in=regions, cohort=cohort).values_list(
                "startup_id", flat=True
            )
        )
    return list(
        Participation.objects.filter(region__in=regions, cohort__ends_on__lt=clock.today())
        .values_list("startup_id", flat=True)
        .distinct()
    )


def last_quarter() -> date:
    """The newest quarter that is over."""
    now = quarter_of(clock.today())
    return date(now.year - 1, 10, 1) if now.month == 1 else date(now.year, now.month - 3, 1)


def missing(regions: Sequence[str], quarter: date, cohort: int | None = None) -> list[Startup]:
    """Alumni that told nothing of a quarter and were alive when they last did."""
    said = QuarterFigures.objects.filter(region=OuterRef("region"), startup=OuterRef("pk"), quarter=quarter)
    ended = QuarterFigures.objects.filter(
        region=OuterRef("region"), startup=OuterRef("pk"), quarter__lt=quarter, alive=False
    )
    return list(
        Startup.objects.filter(region__in=regions, pk__in=alumni_of(regions, cohort))
        .exclude(Exists(said))
        .exclude(Exists(ended))
        .order_by("name")
    )


# --- the chart ------------------------------------------------------------------------------------

WIDTH, HEIGHT = 360, 150


@dataclass(frozen=True)
class Bar:
    """A quarter of a picture, in the coordinates of the SVG (as text: templates would write numbers with a
    comma). `value` is None where too few told it: then there is no bar."""

    x: str
    y: str
    height: str
    label: str
    value: int | None


def bars(quarters: Sequence[Quarter], measure: str) -> list[Bar]:
    """The totals of one measure, scaled to the largest."""
    values = [one.measures[measure].total for one in quarters]
    most = max([1, *(value for value in values if value is not None)])
    room, step = HEIGHT - 30, WIDTH / max(len(quarters), 1)
    found = []
    for place, (one, value) in enumerate(zip(quarters, values, strict=True)):
        height = round(room * (value or 0) / most, 1)
        found.append(
            Bar(f"{place * step + step / 2:g}", f"{room - height + 5:g}", f"{height:g}", one.short, value)
        )
    return found
