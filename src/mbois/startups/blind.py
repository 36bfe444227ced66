"""What a blind call hides from its reviewers: the names of team and people, and what leads to them."""

import re
from collections.abc import Iterable

HIDDEN = "▇▇▇"
_REACH = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # mail
    r"|\bhttps?://\S+|\bwww\.\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|id|net|org|io|app|dev|me|co)\b(?:/\S*)?"  # addresses
    r"|(?<!\w)@[\w.]{2,}"  # handles
    r"|(?<!\d)(?:\+62|62|0)[\s-]?8\d(?:[\s-]?\d){6,11}",  # phones
    re.IGNORECASE,
)


def _pattern(names: Iterable[str], teams: Iterable[str]) -> re.Pattern[str] | None:
    phrases: set[str] = set()
    for name in names:
        parts = re.findall(r"\w+", name)
        phrases.add(r"[\W_]*".join(map(re.escape, parts)))
        phrases |= {re.escape(part) for part in parts if len(part) >= 3}
    for team in teams:
        phrases.add(r"[\W_]*".join(map(re.escape, re.findall(r"\w+", team))))
    wanted = sorted((one for one in phrases if one), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(wanted)})(?!\w)", re.IGNORECASE) if wanted else None


def mask(text: str, *, people: Iterable[str], teams: Iterable[str]) -> str:
    """The text without the names of these people (each part of three letters or more) and teams, without
    mail addresses, phone numbers, links and handles."""
    shown = _REACH.sub(HIDDEN, text)
    pattern = _pattern(people, teams)
    return pattern.sub(HIDDEN, shown) if pattern else shown
