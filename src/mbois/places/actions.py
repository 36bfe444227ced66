"""Loading areas."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from django.db import transaction

from mbois.places import villages
from mbois.places.models import Area, Region
from mbois.refused import Refused

DATA = Path(__file__).parent / "data"
LEVELS = {1: Area.Level.PROVINCE, 2: Area.Level.REGENCY, 3: Area.Level.DISTRICT, 4: Area.Level.VILLAGE}
COLUMNS = {"code", "parent", "level", "name"}


def _title(name: str) -> str:
    """ "KABUPATEN MALANG" as people write it: "Kabupaten Malang"."""
    return name.title() if name.isupper() else name


def _points() -> dict[str, tuple[float, float]]:
    with (DATA / "district-points.csv").open(newline="") as file:
        return {
            row["code"]: (float(row["latitude"]), float(row["longitude"])) for row in csv.DictReader(file)
        }


@transaction.atomic
def load_areas(lines: TextIO | Iterable[str]) -> int:
    """Load an area file (columns code, parent, level, name); areas already there are brought up to date.

    Refuses a file with a wrong column, level or parent, an area without a name or one that is there twice,
    naming its line. Returns the number of rows.
    """
    reader = csv.DictReader(lines)
    if not set(reader.fieldnames or ()) >= COLUMNS:
        raise Refused(f"The file needs the columns {', '.join(sorted(COLUMNS))}.")
    points = _points()
    regions: dict[str, Region] = {}
    areas: dict[str, Area] = {}
    known = set(Area.objects.values_list("code", flat=True))
    for row in reader:
        code, parent, level, name = (
            (row[column] or "").strip() for column in ("code", "parent", "level", "name")
        )
        parts = code.split(".")
        if LEVELS.get(len(parts)) != level:
            raise Refused(f"Line {reader.line_num}: {code} is not the code of a {level}.")
        if parent and (parent != ".".join(parts[:-1]) or (parent not in areas and parent not in known)):
            raise Refused(f"Line {reader.line_num}: {code} has no parent {parent}.")
        if code in areas:
            raise Refused(f"Line {reader.line_num}: {code} is there twice.")
        if not name:
            raise Refused(f"Line {reader.line_num}: {code} has no name.")
        if level == Area.Level.REGENCY:
            regions[code] = Region(code=code, name=_title(name))
        latitude, longitude = points.get(".".join(parts[:3]), (None, None))
        areas[code] = Area(
            code=code,
            parent_id=parent or None,
            level=level,
            name=_title(name),
            region_id=".".join(parts[:2]) if len(parts) > 1 else None,
            latitude=latitude,
            longitude=longitude,
        )
    Region.objects.bulk_create(
        regions.values(), update_conflicts=True, unique_fields=["code"], update_fields=["name"]
    )
    Area.objects.bulk_create(
        areas.values(),
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["parent", "level", "name", "region", "latitude", "longitude"],
    )
    villages.forget()
    return len(areas)
