"""QRIS, the merchant QR of Indonesia (EMVCo MPM): read by its parts, made dynamic, never by replacing text.

A payload is a row of data objects: two digits of tag, two of length in characters, the value. Names in
another script (tag 64) are UTF-8. Tag 63 closes it with a CRC-16/CCITT-FALSE over the bytes of everything
before its value. A static code names the merchant only; with tag 01 =
12 and the amount in tag 54 it is for one payment.
"""

from dataclasses import dataclass

_DIGITS = frozenset("0123456789")
FORMAT, METHOD, CURRENCY, AMOUNT, NAME, CITY, CRC = "00", "01", "53", "54", "59", "60", "63"
LANGUAGE = "64"  # the merchant once more, in another script
STATIC, DYNAMIC, RUPIAH = "11", "12", "360"
# Tags of which a payload has one at most: all that the standard gives a meaning, accounts of the merchant
# among them. What lies above is for others to fill.
_SINGLE = frozenset(f"{tag:02d}" for tag in range(65))
# Tag 54 holds 13 characters.
MOST = 10**13 - 1


@dataclass(frozen=True)
class Qris:
    """What a payload says of its merchant. `amount` is as written, where there is one."""

    name: str
    city: str
    dynamic: bool
    amount: str | None


def crc(text: str) -> str:
    """CRC-16/CCITT-FALSE (polynomial 1021, begins with FFFF) as four upper-case hexadecimal digits."""
    value = 0xFFFF
    for byte in text.encode():
        value ^= byte << 8
        for _bit in range(8):
            value = (value << 1) ^ 0x1021 if value & 0x8000 else value << 1
        value &= 0xFFFF
    return f"{value:04X}"


def _objects(payload: str) -> list[tuple[str, str]]:
    """The (tag, value) of a payload in order, its CRC left out. Raises ValueError where it is not whole."""
    if not isinstance(payload, str):
        raise ValueError("a QRIS payload is text")
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(payload):
        head = payload[at : at + 4]
        if len(head) < 4 or not _DIGITS.issuperset(head):
            raise ValueError("the QRIS payload is cut, or a tag or length is not two digits")
        tag, end = head[:2], at + 4 + int(head[2:])
        if end > len(payload):
            raise ValueError("the QRIS payload is cut")
        if tag < LANGUAGE and not payload[at:end].isascii():
            raise ValueError(f"the QRIS payload has other than ASCII characters in {tag}")
        found.append((tag, payload[at + 4 : end]))
        at = end
    if not found or found[0] != (FORMAT, "01"):
        raise ValueError("a QRIS payload begins with 000201")
    tags = [tag for tag, _value in found]
    if twice := {tag for tag in tags if tag in _SINGLE and tags.count(tag) > 1}:
        raise ValueError(f"the QRIS payload has {min(twice)} twice")
    if tags[-1] != CRC or len(found[-1][1]) != 4:
        raise ValueError("a QRIS payload ends with its checksum")
    try:
        right = crc(payload[:-4])
    except UnicodeEncodeError:
        raise ValueError("a QRIS payload has a character that is none") from None
    if found[-1][1] != right:
        raise ValueError("the checksum of the QRIS payload is wrong")
    return found[:-1]


def read(payload: str) -> Qris:
    """What a payload says of its merchant. Raises ValueError where it is not whole."""
    objects = dict(reversed(_objects(payload)))
    return Qris(
        name=objects.get(NAME, ""),
        city=objects.get(CITY, ""),
        dynamic=objects.get(METHOD) == DYNAMIC or AMOUNT in objects,
        amount=objects.get(AMOUNT),
    )


def make_dynamic(payload: str, amount: int) -> str:
    """The static payload of a merchant as one for this amount (whole rupiah).

    Everything else is kept, byte for byte and in its order. Raises ValueError where the payload is not
    whole, is dynamic already or in another currency, or the amount is not a positive whole number of at
    most 13 digits.
    """
    if isinstance(amount, bool) or not isinstance(amount, int):
        raise ValueError("an amount is a whole number of rupiah")
    if not 0 < amount <= MOST:
        raise ValueError("an amount is above zero and has at most 13 digits")
    objects = _objects(payload)
    known = dict(objects)
    if known.get(METHOD) == DYNAMIC or AMOUNT in known:
        raise ValueError("the QRIS payload is dynamic already")
    if known.get(METHOD, STATIC) != STATIC:
        raise ValueError("the QRIS payload is neither static nor dynamic")
    if known.get(CURRENCY) != RUPIAH:
        raise ValueError("the QRIS payload is not in rupiah")
    made: list[tuple[str, str]] = []
    for tag, value in objects:
        made.append((tag, DYNAMIC if tag == METHOD else value))
        if tag == FORMAT and METHOD not in known:
            made.append((METHOD, DYNAMIC))
        if tag == CURRENCY:
            made.append((AMOUNT, str(amount)))
    text = "".join(f"{tag}{len(value):02d}{value}" for tag, value in made) + f"{CRC}04"
    return text + crc(text)
