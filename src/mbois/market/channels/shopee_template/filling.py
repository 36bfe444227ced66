"""Filling a template that somebody brings: headings are looked for, lines are written below them, and
nothing else in the file is touched."""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from mbois.enterprises.spreadsheets import safe
from mbois.market.channels.sheets import Line
from mbois.refused import Refused

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 60 * 1024 * 1024
HEADINGS_WITHIN = 12
MOST_COLUMNS = 200
# What reading a workbook raises that is none, is damaged, or is locked with a password.
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, SyntaxError, LookupError, ValueError, TypeError,
    AttributeError, RuntimeError, OSError, EOFError,
)  # fmt: skip


@dataclass(frozen=True)
class Filled:
    """The workbook, how many lines were written, and which headings were not known."""

    content: bytes
    lines: int
    fields: tuple[str, ...]
    left_empty: tuple[str, ...]


def fill(data: bytes, headings: dict[str, tuple[str, ...]], lines: list[Line]) -> Filled:
    """Write the lines into a template. Refuses what is no workbook, and one without headings we know."""
    book = _open(data)
    for sheet in book.worksheets:
        found = _headings(sheet, headings)
        if found is None:
            continue
        headings_row, columns, unknown = found
        for row, line in enumerate(lines, _first_free(sheet, headings_row)):
            for field, column in columns.items():
                value = _value(field, line)
                if value not in ("", None):
                    sheet.cell(row=row, column=column, value=safe(value) if isinstance(value, str) else value)
        out = io.BytesIO()
        book.save(out)
        return Filled(out.getvalue(), len(lines), tuple(columns), unknown)
    raise Refused(
        _("This file has no columns for name, price and stock. Is it the template of the mass upload?"),
        field="template",
        code="no_headings",
    )


def _open(data: bytes) -> Any:
    wrong = Refused(
        _("This file cannot be read. Bring the template as it was downloaded, as XLSX."),
        field="template",
        code="file_unreadable",
    )
    if len(data) > MOST_BYTES:
        raise Refused(_("The file is larger than 5 MB."), field="template", code="file_too_large")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
                raise wrong
        return load_workbook(io.BytesIO(data))
    except UNREADABLE:
        raise wrong from None


def _plain(value: object) -> str:
    """A heading without its case, marks and additions (`ps_price|1|0` → `ps_price`, `*Harga` → `harga`)."""
    text = str(value or "").split("|", 1)[0].split("\n", 1)[0]
    return " ".join(re.sub(r"[^a-z0-9_ ]+", " ", text.casefold()).split())


def _headings(
    sheet: Any, headings: dict[str, tuple[str, ...]]
) -> tuple[int, dict[str, int], tuple[str, ...]] | None:
    """The row of the headings, the column of each field, and headings for people that are none of ours."""
    by_text = {text: field for field, texts in headings.items() for text in texts}
    best: tuple[int, dict[str, int]] | None = None
    for row in range(1, min(sheet.max_row, HEADINGS_WITHIN) + 1):
        columns: dict[str, int] = {}
        for column in range(1, min(sheet.max_column, MOST_COLUMNS) + 1):
            field = by_text.get(_plain(sheet.cell(row=row, column=column).value))
            if field and field not in columns:
                columns[field] = column
        # of two rows that say the same, the lower one is the one for people
        if {"name", "price"} <= set(columns) and (best is None or len(columns) >= len(best[1])):
            best = row, columns
    if best is None:
        return None
    row, columns = best
    unknown = tuple(
        str(value).split("\n", 1)[0].strip("* ")[:60]
        for column in range(1, min(sheet.max_column, MOST_COLUMNS) + 1)
        if column not in columns.values() and (value := sheet.cell(row=row, column=column).value)
    )
    return row, columns, unknown


def _first_free(sheet: Any, headings: int) -> int:
    """The first row below all that stands under the headings: what explains them, lines that are there
    already, cells that are merged."""
    # not by going through the rows: that would make the cells of all that are empty
    filled = (
        row
        for (row, column), cell in sheet._cells.items()
        if column <= MOST_COLUMNS and cell.value not in (None, "")
    )
    merged = (one.max_row for one in sheet.merged_cells.ranges)
    return max(headings, *filled, *merged) + 1


def _value(field: str, line: Line) -> object:
    variant, product = line.variant, line.variant.product
    several = bool(variant.name)
    if field.startswith("picture_"):
        return line.picture(int(field.removeprefix("picture_")) - 1)
    values: dict[str, object] = {
        "name": line.name,
        "description": line.description,
        "parent_sku": product.code,
        "variation_group": product.code if several else "",
        "variation_title": "Pilihan" if several else "",
        "option": variant.name,
        "price": variant.price,
        "stock": variant.available,
        "sku": variant.sku,
        # grams, as the templates of Shopee Indonesia ask
        "weight": variant.weight_grams or "",
        "length": variant.length_cm or "",
        "width": variant.width_cm or "",
        "height": variant.height_cm or "",
        "brand": product.brand,
    }
    return values[field]
