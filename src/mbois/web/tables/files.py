"""A table as a file: a spreadsheet or CSV."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from openpyxl import Workbook

from mbois import clock
from mbois.web.tables.parts import Column

MOST_ROWS = 100_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _lines(rows: Any, columns: Iterable[Column]) -> Iterator[list[Any]]:
    columns = [column for column in columns if column.download]
    yield [str(column.label) for column in columns]
    rows = rows[:MOST_ROWS]
    each = rows.iterator(chunk_size=2000) if isinstance(rows, QuerySet) else iter(rows)
    for row in each:
        yield [_plain(column.written(row)) for column in columns]


def answer(
    rows: Any, columns: Iterable[Column], *, name: str, kind: str
) -> HttpResponse | StreamingHttpResponse:
    """All rows as `xlsx` or as `csv` (UTF-8 with a mark, so that Excel reads it), named with today's date."""
    response: HttpResponse | StreamingHttpResponse
    if kind == "csv":
        response = StreamingHttpResponse(_csv(_lines(rows, columns)), content_type="text/csv; charset=utf-8")
    else:
        book = Workbook(write_only=True)
        sheet = book.create_sheet()
        for line in _lines(rows, columns):
            sheet.append(line)
        body = io.BytesIO()
        book.save(body)
        response = HttpResponse(body.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}-{clock.today():%Y-%m-%d}.{kind}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _plain(value: Any) -> Any:
    """A value for a file: numbers and dates stay, no text is an empty cell, text that a spreadsheet
    would run as a formula gets an apostrophe. A sign alone is no formula."""
    if value is None or isinstance(value, (int, float, bool)):
        return value
    if isinstance(value, datetime):
        return value.astimezone(clock.JAKARTA).replace(tzinfo=None)
    if isinstance(value, date):
        return value
    text = "".join(sign for sign in str(value) if sign >= " " or sign in "\n\t")
    if not text:
        return None
    return "'" + text if text[0] in "=+-@\t" and len(text) > 1 else text


class _Echo:
    def write(self, text: str) -> str:
        return text


def _csv(rows: Iterator[list[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"
    for row in rows:
        yield writer.writerow(row)
