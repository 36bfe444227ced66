"""Working days: every day but Sundays, national holidays and declared ones."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

import holidays as national
from django.db.models import Q

from mbois.places.models import Holiday

DAY = timedelta(days=1)


@cache
def national_holidays(year: int) -> frozenset[date]:
    """The public holidays of Indonesia in one year (source: the package `holidays`)."""
    return frozenset(national.country_holidays("ID", years=year))


class Calendar:
    """The working days of one region. Reads the declared holidays once; make one per piece of work."""

    def __init__(self, region_id: str) -> None:
        self.declared = frozenset(
            Holiday.objects.filter(Q(region_id=region_id) | Q(region=None)).values_list("date", flat=True)
        )

    def is_working_day(self, day: date) -> bool:
        """Saturdays are working days; Sundays and holidays are not."""
        return day.weekday() != 6 and day not in self.declared and day not in national_holidays(day.year)

    def first_from(self, day: date) -> date:
        """The first working day on or after `day`."""
        while not self.is_working_day(day):
            day += DAY
        return day

    def between(self, start: date, end: date) -> int:
        """How many working days have passed: those after `start` up to and with `end`."""
        return sum(self.is_working_day(day) for day in days(start + DAY, end))

    def after(self, start: date, count: int) -> date:
        """The working day that is `count` working days after `start`."""
        day = start
        while count > 0:
            day += DAY
            count -= self.is_working_day(day)
        return day


def days(first: date, last: date) -> Iterable[date]:
    """Every date from `first` to `last`, both included."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
