"""The numbers people read out: `U-3573-000123`, `L-3573-2026-00042`. The region can be read from them."""

import re

from django.db import transaction
from django.db.models import F, Q

from mbois.places.models import Counter

# No control characters: a zero byte in a number asked for is no number, and no database takes it.
_NUMBER = re.compile(r"^[A-Z]{1,3}-(\d{2})(\d{2})-[^\x00-\x1f]*$")
_TYPED = re.compile(r"([A-Z]{1,2})([0-9]{4})([0-9]{1,12})")
# Counted anew each year: applications, loans, mentorships, certificates of agenda.
_YEARLY = frozenset("ALMS")


def region_of(number: str) -> str | None:
    """The code of the region in a number ("35.73"), or None where there is none."""
    match = _NUMBER.match(number)
    return f"{match[1]}.{match[2]}" if match else None


def typed(text: str) -> tuple[str, str] | None:
    """What a text is the beginning of, and the whole number it may be with its zeros left out, however it
    was typed: "u3573000641", "U 3573-641". None where it is no number."""
    found = _TYPED.fullmatch(re.sub(r"[\s.\u2010-\u2015-]", "", text).upper())
    if found is None:
        return None
    letter, region, rest = found.groups()
    head, digits = f"{letter}-{region}", 6
    if letter in _YEARLY and len(rest) > 4:
        head, rest, digits = f"{head}-{rest[:4]}", rest[4:], 5
    return f"{head}-{rest}", f"{head}-{rest.zfill(digits)}"


def by_typed(text: str, *, to: str = "", letter: str = "") -> Q | None:
    """The rows with a number as it was typed, or one that begins so. `to` is the way to what is numbered;
    with `letter` only a number of that series counts as one."""
    found = typed(text)
    if found is None or (letter and not found[0].startswith(f"{letter}-")):
        return None
    fits = Q(**{f"{to}number__startswith": found[0]}) | Q(**{f"{to}number": found[1]})
    return Q(**{f"{to}region": region_of(found[0])}) & fits


@transaction.atomic
def take(region_id: str, series: str, count: int = 1) -> range:
    """Take the next `count` numbers of a series. Waits for others who take from it, until they commit."""
    Counter.objects.get_or_create(region_id=region_id, series=series)
    counter = Counter.objects.select_for_update().get(region_id=region_id, series=series)
    Counter.objects.filter(region_id=region_id, pk=counter.pk).update(last=F("last") + count)
    return range(counter.last + 1, counter.last + count + 1)


def format_number(letter: str, region_id: str, value: int, *, year: int | None = None) -> str:
    """`U-3573-000123`, or with a year `L-3573-2026-00042`."""
    digits = region_id.replace(".", "")
    return f"{letter}-{digits}-{year}-{value:05d}" if year else f"{letter}-{digits}-{value:06d}"


def next_number(letter: str, region_id: str, *, year: int | None = None) -> str:
    """The next number of a letter in a region (and year)."""
    series = f"{letter}-{year}" if year else letter
    return format_number(letter, region_id, take(region_id, series)[0], year=year)
