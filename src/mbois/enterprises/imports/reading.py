"""Reading an uploaded spreadsheet: XLSX, XLS or ODS, or CSV however it was written."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice, zip_longest

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from mbois.enterprises.imports import columns as known
from mbois.enterprises.imports.formulas import without_result
from mbois.refused import Refused

MOST_BYTES = 25 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 60
MOST_UNPACKED = 400 * 1024 * 1024
# Titles and empty lines may stand above the headings.
HEADINGS_WITHIN = 15
LONGEST_CELL = 2000
# Where texts are kept with their lines.
LONGEST_TEXT = 8000

# In the place of a formula whose result the file does not keep.
NO_RESULT = "=?"

# A text, or a number as a spreadsheet keeps it (which may have been rounded).
Cell = str | int | float


@dataclass(frozen=True)
class Sheet:
    """The headings of a file and its lines: the number of the line in the file, and its cells.

    `rivals` are the names of the sheets of a workbook that hold a table of this kind, where several do."""

    columns: list[str]
    rows: list[tuple[int, list[Cell]]]
    rivals: tuple[str, ...] = ()


Guess = Callable[[list[str]], Mapping[str, int]]
Clean = Callable[[str], str]


def read(
    data: bytes,
    *,
    guess: Guess = known.guess,
    most_columns: int = MOST_COLUMNS,
    keep_lines: bool = False,
    mark_formulas: bool = False,
    keep_beyond: bool = False,
    keep_hours: bool = False,
) -> Sheet:
    """Read a file by its content, whatever its name. Refuses what is none, and what is too large.

    The headings are the row of which `guess` knows most, or two rows together where that is more: cells
    merged over both leave the lower one empty. A cell is one line of 2,000 characters at most;
    with `keep_lines` its own lines stay, up to 8,000. A formula without a result is an empty cell; with
    `mark_formulas` it is `NO_RESULT`. Cells under no heading are left out; with `keep_beyond` they stand
    behind the others of their line, up to the last that is not empty. A date of a workbook is its day; with
    `keep_hours` its time stands behind it, to the second."""
    text = _with_lines if keep_lines else _text
    if len(data) > MOST_BYTES:
        raise Refused(
            _("The file is larger than %(most)s MB. Please divide it.")
            % {"most": MOST_BYTES // 1024 // 1024},
            field="file",
            code="file_too_large",
        )
    if not data.strip():
        raise Refused(_("The file is empty."), field="file", code="file_empty")
    program = data.startswith(b"MZ") and b"\x00" in data[:64]  # a heading may begin with these letters too
    page = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")  # a web page under the name of a table
    if program or page or data.startswith((b"%PDF", b"\x7fELF", b"\xff\xd8\xff", b"\x89PNG")):
        raise _unreadable()
    if data[:4] == b"PK\x03\x04" or data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        lines, rivals = _of_workbook(data, guess, most_columns, text, mark_formulas, keep_hours)
        return replace(_sheet(lines, guess, most_columns, keep_beyond), rivals=rivals)
    return _sheet(_of_text(data, guess, most_columns, text), guess, most_columns, keep_beyond)


def _sheet(
    lines: Iterable[tuple[int, list[Cell]]], guess: Guess, most_columns: int, keep_beyond: bool
) -> Sheet:
    """Find the headings and keep the lines below them that are not empty."""
    kept = ((number, row) for number, row in lines if any(cell != "" for cell in row))
    first = list(islice(kept, HEADINGS_WITHIN))
    if not first:
        raise Refused(_("The file is empty."), field="file", code="file_empty")
    texts = [[_text(str(cell)) for cell in row] for _number, row in first]
    known = [len(guess(row)) for row in texts]
    place = known.index(max(known)) if max(known) > 1 else 0
    headings = texts[place]
    for lower in range(1, len(first)):
        if first[lower][0] == first[lower - 1][0] + 1:
            both = [low or high for low, high in zip_longest(texts[lower], texts[lower - 1], fillvalue="")]
            if (count := len(guess(both))) > max(known):
                place, headings, known = lower, both, [count]
    headings = [heading[:120] for heading in headings]
    while headings and not headings[-1]:
        headings.pop()
    columns = headings[:most_columns]
    while columns and not columns[-1]:
        columns.pop()
    rows = []
    for number, row in (*first[place + 1 :], *kept):
        cells = (row + [""] * len(columns))[: len(columns)]
        if any(cell != "" for cell in cells):
            beyond = row[len(headings) :] if keep_beyond else []
            if any(cell != "" for cell in beyond):
                cells += [""] * (len(headings) - len(columns)) + beyond
                while cells[-1] == "":
                    cells.pop()
            rows.append((number, cells))
        if len(rows) > MOST_ROWS:
            raise Refused(
                _("The file has more than %(most)s lines. Please divide it.") % {"most": MOST_ROWS},
                field="file",
                code="file_too_long",
            )
    if not rows:
        raise Refused(_("The file has headings but no lines below them."), field="file", code="file_empty")
    return Sheet(columns, rows)


def _unreadable() -> Refused:
    return Refused(
        _("This file cannot be read. Save it as XLSX or CSV and try again."),
        field="file",
        code="file_unreadable",
    )


def _of_workbook(
    data: bytes, guess: Guess, most_columns: int, text: Clean, mark_formulas: bool, keep_hours: bool
) -> tuple[Iterator[tuple[int, list[Cell]]], tuple[str, ...]]:
    """The lines of the sheet of which `guess` knows most headings (instructions may stand before it), and
    the names of all sheets it knows well where there are several."""
    if data[:2] == b"PK":
        try:
            unpacked = sum(info.file_size for info in zipfile.ZipFile(io.BytesIO(data)).infolist())
        except zipfile.BadZipFile:
            raise _unreadable() from None
        if unpacked > MOST_UNPACKED:
            raise _unreadable()
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
        filled = [sheet for sheet in sheets if sheet.height]
        tops = [list(islice(_lines(sheet, most_columns, text), HEADINGS_WITHIN)) for sheet in filled]
    except CalamineError:
        raise _unreadable() from None
    known = [
        max((len(guess([str(cell) for cell in row])) for _number, row in top), default=0) for top in tops
    ]
    if not filled:
        return iter(()), ()
    # headings alone hold nothing that could be lost
    rivals = [
        sheet.name
        for sheet, top, count in zip(filled, tops, known, strict=True)
        if count > 2 and sum(any(cell != "" for cell in row) for _number, row in top) > 1
    ]
    chosen = filled[known.index(max(known)) if max(known) > 1 else 0]
    lines = _lines(chosen, most_columns, text, keep_hours)
    if mark_formulas and data[:2] == b"PK" and (marked := without_result(data, chosen.name)):
        lines = _marked(lines, marked, chosen.start[1] if chosen.start else 0)
    return lines, tuple(rivals) if len(rivals) > 1 else ()


def _marked(
    lines: Iterator[tuple[int, list[Cell]]], marked: Mapping[int, list[int]], first_column: int
) -> Iterator[tuple[int, list[Cell]]]:
    for number, row in lines:
        for column in marked.get(number, ()):
            place = column - first_column
            if 0 <= place < len(row):
                row[place] = NO_RESULT
        yield number, row


def _lines(
    sheet: CalamineSheet, most_columns: int, text: Clean, keep_hours: bool = False
) -> Iterator[tuple[int, list[Cell]]]:
    for number, row in enumerate(sheet.iter_rows(), start=1):
        yield number, [_cell(value, text, keep_hours) for value in row[: most_columns * 2]]


def _cell(value: object, text: Clean, keep_hours: bool) -> Cell:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, datetime) and keep_hours:
        return value.isoformat(" ", "seconds")
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return text(str(value))


def _text(value: str) -> str:
    return _as_meant(" ".join(value.replace("\x00", "").replace("\u00a0", " ").split())[:LONGEST_CELL])


def _with_lines(value: str) -> str:
    lines = value.replace("\x00", "").replace("\u00a0", " ").splitlines()
    return _as_meant("\n".join(" ".join(line.split()) for line in lines).strip()[:LONGEST_TEXT])


def _as_meant(text: str) -> str:
    # the apostrophe that keeps a text from being taken for a formula
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text


def _of_text(data: bytes, guess: Guess, most_columns: int, clean: Clean) -> Iterator[tuple[int, list[Cell]]]:
    text = _decoded(data)
    first, _newline, rest = text.partition("\n")
    separator = ""
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        separator, text = first.strip()[4], rest
    if not separator:
        separator = _separator(text.splitlines()[:HEADINGS_WITHIN], guess)
    skipped = 1 if text is rest else 0
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    number = begun = skipped
    try:
        for row in reader:
            yield number + 1, [clean(value) for value in row[: most_columns * 2]]
            begun, number = number, skipped + reader.line_num
    except csv.Error:
        # a cell longer than any is: the rest of the file behind a quotation mark
        if skipped + reader.line_num - number > 1:
            raise _quote_open(number + 1) from None
        raise _unreadable() from None
    if text.count('"') % 2 and number - begun > 1:
        raise _quote_open(begun + 1)


def _separator(lines: list[str], guess: Guess) -> str:
    """What parts the cells: the sign under which most headings are known, for texts may hold more commas
    than a line has cells; else the most frequent."""

    def speaks_for(sign: str) -> tuple[int, int]:
        rows = (next(csv.reader([line[:LONGEST_TEXT]], delimiter=sign), []) for line in lines)
        known = max((len(guess([_text(cell) for cell in row])) for row in rows), default=0)
        return known, sum(line.count(sign) for line in lines)

    return max(";,\t|", key=speaks_for)


def _quote_open(line: int) -> Refused:
    return Refused(
        _("In line %(line)s a quotation mark is opened and never closed.") % {"line": line},
        field="file",
        code="quote_open",
    )


def _encodings(data: bytes) -> list[str]:
    """What the bytes may be written in, the likeliest first."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ["utf-16"]
    # two bytes a letter without the mark that says so: every second one of plain text is nothing
    for encoding, empty, letters in (
        ("utf-16-le", data[1:200:2], data[:200:2]),
        ("utf-16-be", data[:200:2], data[1:200:2]),
    ):
        if len(empty) > 8 and not any(empty) and all(letters):
            return [encoding]
    return ["utf-8-sig", "cp1252"]


def _decoded(data: bytes) -> str:
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        strange = sum(1 for sign in text[:4000] if ord(sign) < 32 and sign not in "\r\n\t")
        if strange > 8:
            break
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise _unreadable()
