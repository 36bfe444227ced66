"""Cells of an XLSX that hold a formula of which the file does not keep the result.

Programs that write a workbook without computing it leave such cells: to a reader they look empty.
"""

import io
import re
import zipfile
from collections import defaultdict
from xml.etree import ElementTree

# A formula begins like this; most files have none, and are not looked through any further.
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def without_result(data: bytes, sheet: str) -> dict[int, list[int]]:
    """The columns (from 0) of such cells by the number of their line (from 1), in the sheet of this name."""
    found: dict[int, list[int]] = defaultdict(list)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            xml = book.read(_path(book, sheet))
        if not _FORMULA.search(xml) or b"<!DOCTYPE" in xml:
            return {}
        for _event, element in ElementTree.iterparse(io.BytesIO(xml)):
            kind = _kind(element)
            if kind == "c" and (place := _of_unknown(element)):
                line, column = place
                found[line].append(column)
            elif kind == "row":
                element.clear()
    except (KeyError, zipfile.BadZipFile, ElementTree.ParseError):
        return {}  # no XLSX, or one that keeps its sheets elsewhere
    return found


def _of_unknown(cell: ElementTree.Element) -> tuple[int, int] | None:
    """Line and column of a cell whose formula has no result. A result may be an empty text."""
    parts = {_kind(part): part.text for part in cell}
    place = _REFERENCE.fullmatch(cell.get("r", ""))
    if "f" not in parts or parts.get("v") or cell.get("t") == "str" or not place:
        return None
    column = 0
    for letter in place[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(place[2]), column - 1


def _path(book: zipfile.ZipFile, sheet: str) -> str:
    """Where the workbook keeps a sheet; KeyError where it does not say."""
    links = {
        link.get("Id"): link.get("Target", "")
        for link in ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels"))
    }
    for one in ElementTree.fromstring(book.read("xl/workbook.xml")).iter():
        if _kind(one) == "sheet" and one.get("name") == sheet:
            link = next(value for name, value in one.items() if name.endswith("}id"))
            target = links[link]
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise KeyError(sheet)


def _kind(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]
