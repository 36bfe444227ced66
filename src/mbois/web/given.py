"""What an address or a form gives, read with care: it may be anything."""

# A key of a row, and more than any page counts.
MOST = 2**63 - 1


def whole_number(text: str | None, *, most: int = MOST) -> int | None:
    """The number of up to 19 digits that `text` is, from 0 to `most`; None where it is none."""
    if not text or len(text) > 19 or not (text.isascii() and text.isdecimal()):
        return None
    number = int(text)
    return number if number <= most else None
