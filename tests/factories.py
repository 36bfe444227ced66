"""Places and people that tests of every room need."""

from functools import cache
from itertools import count

from mbois.people.tests.factories import make_person as make_person
from mbois.places.actions import DATA, load_areas
from mbois.places.models import Area

_serial = count(1)

MALANG = "35.73"
KABUPATEN = "35.07"
BATU = "35.79"


@cache
def _lines() -> list[str]:
    return (DATA / "malang-raya-areas.csv").read_text().splitlines()


def load_places() -> None:
    """The areas of Malang Raya, once a test."""
    if not Area.objects.filter(level=Area.Level.VILLAGE).exists():
        load_areas(_lines())


def make_village(region: str = MALANG, name: str = "") -> Area:
    """A village of a region: the one of this name, or the first."""
    load_places()
    villages = Area.objects.filter(region=region, level=Area.Level.VILLAGE)
    return villages.filter(name=name)[0] if name else villages.order_by("code")[0]


def make_nik(region: str = MALANG) -> str:
    """A NIK that nobody else has: a woman's, born on 5 May 1985."""
    return f"{region.replace('.', '')}05450585{next(_serial) % 9999 + 1:04d}"
