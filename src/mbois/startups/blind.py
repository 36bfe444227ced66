"""What a blind call hides from its reviewers: the names of team and people, and what leads to them."""

import re
from collections.abc import Iterable
from pathlib import Path

HIDDEN = "▇▇▇"
_DOMAINS = "com|id|net|org|io|app|dev|me|co|ly|ee|gl|gg|link|page|bio|shop|store|site|web|xyz|info|biz"
_GAP = r"[\s.()-]{0,2}"
# No sum with its thousands, no date.
_NO_SUM = r"(?<!\d)(?<!\d[.,])(?!\d{1,3}(?:\.\d{3})+(?![\d.-]))(?!\d\d?[-./]\d\d?[-./]\d{2,4}\b)"
_REACH = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"  # mail
    r"|\bhttps?://\S+|\bwww\.\S+|\byoutu\.be\S*"  # addresses
    rf"|(?<![\w.-])(?:[a-z0-9-]{{1,63}}\.){{1,5}}(?:{_DOMAINS})\b(?!\.\w)(?:[/?:]\S+|/)?"
    r"|(?<!\w)@(?!rp[\s.]?\d)(?=[\w.]*[^\W\d])[\w.]{2,}"  # handles
    r"|\b(?:ig|instagram|tiktok|facebook|fb|twitter|telegram|youtube|linkedin)\s*[:=]\s*@?[\w.]{3,}"
    rf"|{_NO_SUM}(?:\(?\+\s?62\)?|62|0){_GAP}8(?:{_GAP}\d){{7,11}}(?!\d)"  # mobile phones
    # landlines: the number of the town apart, with the country before it, or written in one
    rf"|{_NO_SUM}\(?(?:\+\s?62\)?[\s.-]?\(?|0)[2-7]\d{{1,2}}(?:\)[\s.-]{{0,3}}|[\s.-]{{1,3}})\d(?:[\s.-]?\d){{5,8}}(?!\d)"
    rf"|{_NO_SUM}\+62[2-7]\d{{7,10}}(?!\d)"
    rf"|{_NO_SUM}0(?:21|22|24|27\d|31|33\d|34\d|35\d|36\d)\d{{6,8}}(?!\d)",
    re.IGNORECASE,
)
# What hangs on a name: `Budinya`, `Budi's`, `Budi-lah`, `budi88`; and what stands before one: `pakbudi`.
_SUFFIX = r"(?:[-’']?(?:nya|ku|mu|lah|kah|pun|an|s)|’|')?\d{0,4}"
_TITLE = r"(?:pak|bapak|bu|ibu|mas|mbak|kak|cak|ning)?"
_HOUSES = frozenset("pt cv ud tbk id com co indonesia".split())  # noqa: SIM905
# Words of names that anybody writes: they stay where they stand alone.
COMMON = frozenset((Path(__file__).parent / "data" / "everyday_words.txt").read_text().split())
# Shorter words are no sign of anybody; from so many letters on, a word is one inside of others too.
LEAST, TELLING = 3, 6


def _parts(name: str) -> list[str]:
    """The words of a name; where they are run together in capitals (`OjekSayur`), those."""
    found = []
    for word in re.findall(r"[^\W_]+", name):
        found += [word] if word == word.upper() else re.findall(r"[A-Z]?[^\WA-Z_]+|[A-Z]+(?![a-z])", word)
    return found


def _together(parts: list[str]) -> str:
    return r"[\s._/&+–-]{0,3}".join(map(re.escape, parts))


def _word(part: str) -> str:
    """A word of a name by itself: an everyday one only with its capital, a long one inside others too."""
    if part.casefold() in COMMON:
        return rf"(?-i:{re.escape(part[0].upper())}{re.escape(part[1:].lower())}|{re.escape(part.upper())})"
    return rf"\w{{0,30}}{re.escape(part)}\w{{0,30}}" if len(part) >= TELLING else re.escape(part)


def _of_person(name: str) -> set[str]:
    parts = _parts(name)
    found = {_TITLE + _word(part) for part in parts if len(part) >= LEAST}
    if len(parts) > 1:
        any_of = "|".join(
            map(re.escape, sorted({one for one in parts if len(one) > 1}, key=len, reverse=True))
        )
        found |= {
            _TITLE + _together(parts),
            rf"{_TITLE}(?:{any_of})(?:[\W_]?(?:{any_of}))+" if any_of else "",
        }
    return found


def _of_team(name: str) -> set[str]:
    parts = _parts(name)
    own = [one for one in parts if one.casefold() not in _HOUSES] or parts
    if len(own) == 1:
        return {_word(own[0]), _together(parts)}
    telling = {one for one in own if len(one) > LEAST and not one.isdigit() and one.casefold() not in COMMON}
    return {_together(parts), _together(own)} | {_word(one) for one in telling}


def _pattern(names: Iterable[str], teams: Iterable[str]) -> re.Pattern[str] | None:
    phrases = {one for name in names for one in _of_person(name)}
    phrases |= {one for team in teams for one in _of_team(team)}
    wanted = sorted((one for one in phrases if one), key=len, reverse=True)
    if not wanted:
        return None
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(wanted)}){_SUFFIX}(?![^\W_])", re.IGNORECASE)


def mask(text: str, *, people: Iterable[str], teams: Iterable[str]) -> str:
    """The text without the names of these people (each part of three letters or more) and teams (the whole
    name, and each part that is no everyday word), however they are joined and whatever hangs on them;
    without mail addresses, phone numbers, links and handles."""
    shown = _REACH.sub(HIDDEN, text)
    pattern = _pattern(people, teams)
    return pattern.sub(HIDDEN, shown) if pattern else shown
