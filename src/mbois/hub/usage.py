"""How the centre is used: hours, people and the share of empowerment, by space or by subsector."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from mbois.enterprises.models import Subsector
from mbois.hub.models import Building, Space
from mbois.hub.times import Times, whole

# Hours that were used: checked in. Hours of no-shows are counted apart.
_USED = """
SELECT {group}, count(*) FILTER (WHERE state = 'here'),
       coalesce(sum(extract(epoch FROM upper(during) - lower(during))) FILTER (WHERE state = 'here'), 0) / 60,
       coalesce(sum(extract(epoch FROM upper(during) - lower(during)))
                FILTER (WHERE state = 'here' AND use = 'empowerment'), 0) / 60,
       coalesce(sum(beneficiaries) FILTER (WHERE state = 'here'), 0),
       count(*) FILTER (WHERE state = 'no_show'),
       coalesce(sum(fee) FILTER (WHERE state = 'here'), 0)
  FROM hub_booking b
  JOIN hub_space s ON s.region_id = b.region_id AND s.id = b.space_id
  JOIN hub_floor f ON f.region_id = s.region_id AND f.id = s.floor_id
 WHERE b.region_id = %s AND f.building_id = %s AND lower(during) >= %s AND lower(during) < %s
   AND state IN ('here', 'no_show')
 GROUP BY 1
"""


# Bookings, minutes, minutes for empowerment, people, no-shows, fees.
Sums = tuple[int, int, int, int, int, int]


@dataclass(frozen=True)
class Line:
    """A space, a subsector, or everything, over some days."""

    key: str
    name: str
    times: int
    minutes: int
    empowerment_minutes: int
    people: int
    no_shows: int
    fees: int
    open_minutes: int = 0

    @property
    def hours(self) -> float:
        return round(self.minutes / 60, 1)

    @property
    def empowerment(self) -> float | None:
        """Share of its used hours."""
        return self.empowerment_minutes / self.minutes if self.minutes else None

    @property
    def used(self) -> float | None:
        """Share of its open hours."""
        return self.minutes / self.open_minutes if self.open_minutes else None


def _read(building: Building, first: date, last: date, group: str) -> dict[object, Sums]:
    with connection.cursor() as cursor:
        cursor.execute(
            _USED.format(group=group),
            [building.region_id, building.pk, whole(first).begins, whole(last).ends],
        )
        rows = cursor.fetchall()
    return {key: (int(a), int(b), int(c), int(d), int(e), int(f)) for key, a, b, c, d, e, f in rows}


def by_space(building: Building, first: date, last: date) -> list[Line]:
    """Every space of the building, also the unused."""
    read = _read(building, first, last, "b.space_id")
    spaces = list(
        Space.objects.filter(region=building.region_id, floor__building=building)
        .select_related("floor__building")
        .in_order()
    )
    times = Times.of(spaces, first, last)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [
        Line(
            space.code,
            space.name,
            *read.get(space.pk, (0, 0, 0, 0, 0, 0)),
            times.open_minutes(space, days),
        )
        for space in spaces
    ]


def by_subsector(building: Building, first: date, last: date) -> list[Line]:
    """Every subsector that used it, those first that used it most."""
    read = _read(building, first, last, "b.subsector")
    labels = dict(Subsector.choices)
    lines = [
        Line(str(key), str(labels.get(str(key), _("No subsector"))), *values) for key, values in read.items()
    ]
    return sorted(lines, key=lambda line: -line.minutes)


def total(lines: list[Line]) -> Line:
    """All of them together."""
    return Line(
        "",
        str(_("Together")),
        sum(one.times for one in lines),
        sum(one.minutes for one in lines),
        sum(one.empowerment_minutes for one in lines),
        sum(one.people for one in lines),
        sum(one.no_shows for one in lines),
        sum(one.fees for one in lines),
        sum(one.open_minutes for one in lines),
    )
