"""Spreadsheets that tests take in."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from tests.factories import make_nik

from mbois.enterprises import imports
from mbois.enterprises.models import ImportRow, ImportRun
from mbois.people.models import Person

HEADINGS = ["Nama Usaha", "Nama Pemilik", "NIK", "No HP", "Kelurahan", "Kecamatan", "Modal"]


def line(
    name: str = "Keripik Tempe Bu Sri",
    owner: str = "Sri Wahyuni",
    nik: str | None = None,
    phone: str = "0812 3456 7890",
    **more: str,
) -> list[str]:
    """One line in the order of HEADINGS."""
    village, district = more.get("village", "Purwantoro"), more.get("district", "Blimbing")
    return [name, owner, make_nik() if nik is None else nik, phone, village, district, more.get("modal", "")]


def csv_file(
    rows: Iterable[Sequence[Any]],
    headings: Sequence[str] = HEADINGS,
    *,
    separator: str = ";",
    encoding: str = "utf-8-sig",
) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    writer.writerows([headings, *rows])
    return out.getvalue().encode(encoding)


def xlsx_file(rows: Iterable[Sequence[Any]], headings: Sequence[str] = HEADINGS) -> bytes:
    book = Workbook()
    for row in [headings, *rows]:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def dry_run(data: bytes, by: Person, *, region: str = "35.73", name: str = "umkm.csv") -> ImportRun:
    """A file taken in and read, with the columns as guessed."""
    run = imports.upload(data, file_name=name, region_id=region, by=by)
    return imports.go_on(imports.start_reading(run, mapping=run.mapping, by=by))


def applied(data: bytes, by: Person, *, region: str = "35.73") -> ImportRun:
    """A file taken in, read and applied."""
    run = dry_run(data, by, region=region)
    return imports.go_on(imports.start_applying(run, by=by))


def fates(run: ImportRun) -> list[str]:
    return list(ImportRow.objects.filter(run=run).order_by("line").values_list("fate", flat=True))


def rows(run: ImportRun) -> list[ImportRow]:
    return list(ImportRow.objects.filter(run=run).order_by("line"))
