"""Long lists that one finds by typing (villages, business codes): rooms register a source, forms use
`SearchChoiceField(source=…)`, and `/pilih/<source>/?q=` answers the suggestions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

MOST = 12


@dataclass(frozen=True)
class Option:
    """Something to choose: its value, how it reads, and a small line that tells it from its like."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True)
class Source:
    """A list that can be searched. `search` answers at most a dozen, best first; `find` answers the
    option of a value or None; `among`, where a list knows parts, searches only those that are named
    (districts, for villages). What it shows must be fit for everybody to see."""

    search: Callable[[str], Sequence[Option]]
    find: Callable[[str], Option | None]
    among: Callable[[str, Sequence[str]], Sequence[Option]] | None = None


_sources: dict[str, Source] = {}


def register(key: str, source: Source) -> None:
    """Offer a list under a name; the same name again replaces it."""
    _sources[key] = source


def source(key: str) -> Source:
    """A registered list. Raises KeyError."""
    return _sources[key]


def suggestions(key: str, text: str, among: Sequence[str] = ()) -> list[Option]:
    """What fits a text, at most a dozen; nothing for an empty text. `among` names the parts of the list
    to look in, all of it without any."""
    text = text.replace("\x00", "").strip()[:100]
    found = source(key)
    if not text:
        return []
    narrow = found.among if among else None
    return list(narrow(text, among) if narrow else found.search(text))[:MOST]
