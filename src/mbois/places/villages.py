"""Finding a village by typing its name: kept in memory, forgiving about spelling."""

import difflib
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from mbois.places.models import Area
from mbois.web.choices import Option

FRESH = 300  # seconds
_kept: tuple[float, list["Village"]] | None = None


@dataclass(frozen=True)
class Village:
    """A village, what it is looked up by, and the line that tells it from its like."""

    code: str
    name: str
    district: str
    region: str
    region_id: str

    @property
    def note(self) -> str:
        return f"{self.district}, {self.region}"

    @property
    def label(self) -> str:
        """As an address ends: "Kauman, Klojen, Kota Malang"."""
        return f"{self.name}, {self.note}"


def plain(text: str) -> str:
    """Lower case, without accents, spaces or signs: "Karang Besuki" and "Karangbesuki" are one."""
    flat = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in flat if char.isalnum())


def villages() -> list[Village]:
    """Every village, read again after five minutes."""
    global _kept
    if _kept is None or time.monotonic() - _kept[0] > FRESH:
        rows = Area.objects.filter(level=Area.Level.VILLAGE).order_by("name", "code")
        found = [
            Village(code, name, district, region, region_id)
            for code, name, district, region, region_id in rows.values_list(
                "code", "name", "parent__name", "region__name", "region_id"
            )
        ]
        if not found:
            return []
        _kept = (time.monotonic(), found)
    return _kept[1]


def forget() -> None:
    """Read the villages anew the next time (after loading areas)."""
    global _kept
    _kept = None


def within(code: str, areas: Sequence[str]) -> bool:
    """Whether a code is one of these areas or lies below one."""
    return any((code + ".").startswith(area + ".") for area in areas)


def search(text: str, *, areas: Sequence[str] = (), most: int = 12) -> list[Village]:
    """The villages whose name (or code) fits what was typed, best first; words after it narrow by
    district or region ("kauman klojen"). `areas` are the codes to look in, all without any."""
    pool = [village for village in villages() if not areas or within(village.code, areas)]
    wanted = text.strip()
    if wanted.replace(".", "").isdigit():
        digits = wanted.replace(".", "")
        return [village for village in pool if village.code.replace(".", "").startswith(digits)][:most]
    words = [plain(word) for word in wanted.replace(",", " ").split()]
    words = [word for word in words if word]
    if not words:
        return []
    joined = "".join(words)

    def rank(village: Village) -> tuple[int, str] | None:
        name = plain(village.name)
        whole = name + plain(village.district) + plain(village.region)
        if name == joined:
            return 0, name
        if name.startswith(joined):
            return 1, name
        if all(word in whole for word in words) and words[0] in name:
            return 2, name
        if joined in whole or all(word in whole for word in words):
            return 3, name
        return None

    ranked = sorted((found, village.code, village) for village in pool if (found := rank(village)))
    best = [village for _rank, _code, village in ranked[:most]]
    if not best and len(joined) >= 4:
        close = difflib.get_close_matches(joined, [plain(v.name) for v in pool], n=most, cutoff=0.7)
        best = [village for name in dict.fromkeys(close) for village in pool if plain(village.name) == name]
    return best[:most]


def find(code: str) -> Village | None:
    """A village by its code."""
    return next((village for village in villages() if village.code == code), None)


def options(text: str, areas: Sequence[str] = ()) -> list[Option]:
    """Suggestions for a `SearchChoiceField(source="villages")`."""
    return [Option(village.code, village.name, village.note) for village in search(text, areas=areas)]


def option(code: str) -> Option | None:
    """The option of a village's code."""
    village = find(code)
    return Option(village.code, village.name, village.note) if village else None
