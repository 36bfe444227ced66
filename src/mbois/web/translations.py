"""The texts of the program: found in code and templates, kept per room, compiled when needed.

English is what stands in the code; `locale/id/LC_MESSAGES/django.po` of each room holds the
Indonesian. `scripts/messages.py` brings those files up to date, `tests/test_translations.py` keeps
them complete, `compile_all` makes what Django reads.
"""

import ast
import gettext
import inspect
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation import trans_real
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parent.parent
LANGUAGE = "id"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_HEADER = """msgid ""
msgstr ""
"Language: id\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
# Files in which the API says what it does: to programs, and to people on its page.
_API_FILES = ("api.py", "api_schemas.py")
_API_VERBS = ("get", "post", "patch", "put", "delete")
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


@dataclass(frozen=True)
class Text:
    """One text of the program: its English (a pair when it has a plural), its context, a file it is in."""

    english: str | tuple[str, str]
    context: str | None
    file: str


def rooms() -> list[str]:
    """The rooms that have texts; what lies outside a room is kept with `web`."""
    return sorted(path.parent.name for path in SOURCE.glob("*/__init__.py"))


def po_file(room: str) -> Path:
    """Where a room keeps its Indonesian."""
    return SOURCE / room / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def _sources(room: str) -> Iterator[Path]:
    folder = SOURCE / room
    yield from sorted(folder.rglob("*.py"))
    yield from sorted(path for path in folder.rglob("templates/**/*") if path.is_file())
    if room == "web":
        yield from sorted(SOURCE.glob("*.py"))


def _code(path: Path) -> str:
    text = path.read_text()
    if path.suffix == ".py":
        return text
    # templatize blanks everything but the texts; what is left of the indentation means nothing
    return "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())


def texts(room: str) -> list[Text]:
    """Every translatable text of a room, once each, in the order of the English."""
    found: dict[tuple[str, str | None], Text] = {}
    for path in _sources(room):
        if "tests" in path.parts or "migrations" in path.parts:
            continue
        code = io.BytesIO(_code(path).encode())
        file = str(path.relative_to(SOURCE))
        for _line, english, _comments, context in extract("python", code, keywords=KEYWORDS):
            first = english if isinstance(english, str) else english[0]
            if not first:
                continue
            known = found.get((first, context))
            if known is None or (isinstance(english, tuple) and isinstance(known.english, str)):
                found[first, context] = Text(
                    english if isinstance(english, str) else (english[0], english[1]), context, file
                )
        if path.name in _API_FILES:
            for said in _said_by_api(ast.parse(path.read_text())):
                found.setdefault((said, None), Text(said, None, file))
    return sorted(found.values(), key=lambda text: (_first(text.english), text.context or ""))


def _said_by_api(code: ast.Module) -> Iterator[str]:
    """What a description of the API says in words: summaries and descriptions, and the docstrings of calls
    and of what they take and give."""
    schemas = {"Schema"}
    for node in ast.walk(code):
        if isinstance(node, ast.Call):
            for given in node.keywords:
                if given.arg in ("summary", "description") and isinstance(given.value, ast.Constant):
                    yield str(given.value.value)
        elif isinstance(node, ast.FunctionDef):
            calls = [one.func for one in node.decorator_list if isinstance(one, ast.Call)]
            if any(isinstance(call, ast.Attribute) and call.attr in _API_VERBS for call in calls):
                yield from _docstring(node)
        elif isinstance(node, ast.ClassDef) and schemas & {
            base.id for base in node.bases if isinstance(base, ast.Name)
        }:
            schemas.add(node.name)
            yield from _docstring(node)


def _docstring(node: ast.FunctionDef | ast.ClassDef) -> Iterator[str]:
    if said := ast.get_docstring(node):
        yield inspect.cleandoc(said)


def _first(english: object) -> str:
    return str(english[0] if isinstance(english, (tuple, list)) else english)


def read(path: Path) -> Catalog:
    """A catalogue from its file; an empty one where there is none yet."""
    if not path.exists():
        return Catalog(locale=LANGUAGE)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def update(room: str) -> list[str]:
    """Bring a room's file up to date: new texts in, unused ones out, translations kept.

    Returns the English that still lacks its Indonesian.
    """
    wanted = texts(room)
    path = po_file(room)
    if not wanted and not path.exists():
        return []
    before = read(path)
    after = Catalog(locale=LANGUAGE, project="mbois", fuzzy=False, charset="utf-8")
    after.mime_headers = [("Plural-Forms", "nplurals=1; plural=0;")]
    missing = []
    for text in wanted:
        old = before.get(_first(text.english), text.context)
        translation = old.string if old is not None and "fuzzy" not in old.flags else ""
        if isinstance(text.english, tuple):
            translation = (_strings(translation)[0],)
        else:
            translation = _strings(translation)[0]
        after.add(text.english, translation, locations=[(text.file, 0)], context=text.context)
        if not all(translation) or not translation:
            missing.append(_first(text.english))
    _write(path, after)
    return missing


def _write(path: Path, catalog: Catalog) -> None:
    body = io.BytesIO()
    write_po(body, catalog, width=100, omit_header=True, include_lineno=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_HEADER + body.getvalue().decode().lstrip("\n"))


def _strings(value: object) -> list[str]:
    return [str(part) for part in value] if isinstance(value, (tuple, list)) else [str(value)]


def _placeholders(strings: list[str]) -> set[str]:
    return {found for string in strings for found in _PLACEHOLDER.findall(string)}


def problems(room: str) -> list[str]:
    """What is wrong with a room's Indonesian, one sentence each; empty when it is complete."""
    wanted = {(_first(text.english), text.context): text for text in texts(room)}
    catalog = read(po_file(room))
    entries: dict[tuple[str, str | None], Message] = {
        (_first(message.id), message.context): message for message in catalog if message.id
    }
    found = []
    for key, text in wanted.items():
        entry = entries.get(key)
        if entry is None:
            found.append(f"{room}: not in the file: {key[0]!r} ({text.file})")
        elif "fuzzy" in entry.flags:
            found.append(f"{room}: marked as a guess: {key[0]!r}")
        elif not all(string.strip() for string in _strings(entry.string)):
            found.append(f"{room}: no Indonesian: {key[0]!r} ({text.file})")
        elif _placeholders(_strings(entry.string)) != _placeholders(_strings(text.english)):
            # a plural form may leave out the number
            singular_ok = isinstance(text.english, tuple) and _placeholders(
                _strings(entry.string)
            ) == _placeholders([text.english[1]])
            if not singular_ok:
                found.append(f"{room}: placeholders differ: {key[0]!r}")
    found += [f"{room}: no longer used: {key[0]!r}" for key in entries if key not in wanted]
    found += [f"{room}: left over: {_first(key)!r}" for key in catalog.obsolete]
    return found


def compile_all() -> int:
    """Compile every catalogue that is newer than what was made of it; says how many.

    Safe to run in several processes at once.
    """
    made = 0
    for room in rooms():
        po = po_file(room)
        mo = po.with_suffix(".mo")
        if not po.exists() or (mo.exists() and mo.stat().st_mtime_ns >= po.stat().st_mtime_ns):
            continue
        draft = mo.with_suffix(f".{os.getpid()}")
        with draft.open("wb") as file:
            write_mo(file, read(po))
        os.replace(draft, mo)
        made += 1
    if made:
        # as Django's own reloader does: forget what was read before
        gettext._translations = {}  # type: ignore[attr-defined]
        trans_real._translations = {}  # type: ignore[attr-defined]
        trans_real._default = None  # type: ignore[attr-defined]
    return made
