"""Codes of activities, tickets and links: short enough to read out, and never a word."""

import re
import secrets

# Without the signs that are taken for one another, and without vowels.
SIGNS = "23456789BCDFGHJKMNPQRSTVWXZ"
_CODE = re.compile(rf"(?:^|-)(G-\d{{4}}-[{SIGNS}]{{6}})$")
_TICKET = re.compile(rf"^[{SIGNS}]{{10}}$")


def signs(count: int) -> str:
    """So many signs by chance."""
    return "".join(secrets.choice(SIGNS) for _n in range(count))


def new_code(region_id: str) -> str:
    """`G-3573-K7M2X9`: one of 387 million of its region. A unique constraint refuses the one that is
    taken."""
    return f"G-{region_id.replace('.', '')}-{signs(6)}"


def code_in(text: str) -> str:
    """The code at the end of an address such as `membatik-g-3573-k7m2x9`, or nothing."""
    match = _CODE.search(text.upper().replace("\x00", ""))
    return match[1] if match else ""


def new_ticket() -> str:
    """Ten signs: two hundred million million of them, so that nobody comes upon one."""
    return signs(10)


def ticket_in(text: str) -> str:
    """A ticket's code as somebody typed it (`k7m2x-9bcdf`), or nothing."""
    plain = re.sub(r"[\s.\-]", "", text.upper())
    return plain if _TICKET.match(plain) else ""


def new_secret() -> str:
    """What a secret link ends with: 132 bits nobody guesses."""
    return secrets.token_urlsafe(17)[:22]
