"""Lists of enterprises given out: what one may see, as XLSX or CSV, and a record that it was done."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Count, F, QuerySet, TextField
from django.db.models.functions import Cast, Coalesce
from django.utils.text import slugify
from django.utils.translation import gettext as _

from mbois import clock
from mbois.enterprises import spreadsheets
from mbois.enterprises.imports.columns import BY_KEY
from mbois.enterprises.models import Enterprise, Export, Size, State, Subsector
from mbois.people import identity
from mbois.people.models import Person
from mbois.refused import Refused

TYPES = {
    Export.Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Export.Format.CSV: "text/csv; charset=utf-8",
}
# What is read of each enterprise, in the order of the columns.
_READ = (
    *(
        "number",
        "name",
        "owner_name",
        "owner__nik_sealed",
        "nib",
        "phone_text",
        "village_name",
        "district_name",
    ),
    *("address", "rt", "rw", "kbli__code", "subsector", "description", "started_on", "workers", "capital"),
    *("annual_sales", "size", "state", "registered_at", "latitude", "longitude"),
)


def headings() -> list[str]:
    """The headings, in the language of the reader; an import knows them again."""
    labels = {
        "owner__nik_sealed": _("Owner's identity, masked (NIK)"),
        "phone_text": BY_KEY["phone"].label,
        "village_name": BY_KEY["village"].label,
        "district_name": BY_KEY["district"].label,
        "kbli__code": "KBLI",
        "size": _("Size"),
        "state": _("State"),
        "registered_at": _("Registered on"),
    }
    return [str(labels[name] if name in labels else BY_KEY[name].label) for name in _READ]


def rows_of(enterprises: "QuerySet[Enterprise]") -> Iterator[list[Any]]:
    """A line for each enterprise, read in portions. Identity numbers are masked."""
    sizes = {size.value: str(size.label) for size in Size}
    states = {state.value: str(state.label) for state in State}
    subsectors = {value.value: str(value.label) for value in Subsector}
    found = enterprises.annotate(
        owner_name=F("owner__name"),
        phone_text=Cast("phone", TextField()),
        village_name=F("village__name"),
        district_name=Coalesce("village__parent__name", "village__name"),
    ).values_list(*_READ)
    for values in found.iterator(chunk_size=2000):
        line = list(values)
        line[3] = identity.masked(identity.unseal(line[3])) if line[3] else ""
        line[5] = local_phone(line[5])
        line[12] = subsectors.get(line[12], "")
        line[18], line[19] = sizes[line[18]], states[line[19]]
        line[20] = clock.local_date(line[20])
        yield line


def local_phone(number: str) -> str:
    """+6281234567890 as people write it: 081234567890."""
    return "0" + number[3:] if number.startswith("+62") else number


def export(
    enterprises: "QuerySet[Enterprise]", *, kind: str, by: Person, filters: Mapping[str, str]
) -> Iterator[bytes]:
    """The file in pieces, of rows that `visible_to(by)` has let through; what leaves is recorded first,
    a record for each region."""
    if kind not in Export.Format.values:
        raise Refused(_("A list can be had as XLSX or CSV."), code="format", status=404)
    found = enterprises.order_by().values_list("region").annotate(Count("pk"))
    record(dict(found), kind=kind, by=by, filters=filters)
    rows = rows_of(enterprises)
    if kind == Export.Format.CSV:
        return spreadsheets.csv_lines(headings(), rows)
    return spreadsheets.xlsx(_("Businesses"), headings(), rows)


def record(rows: Mapping[str, int], *, kind: str, by: Person, filters: Mapping[str, str]) -> None:
    """Keep who took out how many rows of which region, and how they were narrowed: a NIK masked."""
    kept = {name: in_part(value) for name, value in filters.items()}
    Export.objects.bulk_create(
        Export(region_id=region, made_by=by, format=kind, filters=kept, rows=count)
        for region, count in rows.items()
    )


def in_part(text: str) -> str:
    """A text as it may be shown to others: masked where it may be an identity number."""
    return identity.masked(text) if sum(sign.isdigit() for sign in text) > 13 else text


def file_name(kind: str) -> str:
    """`usaha-2026-11-23.xlsx`."""
    return f"{slugify(_('Businesses'))}-{clock.today():%Y-%m-%d}.{kind}"
