"""Whole numbers that come in an address or a form."""

MOST_DIGITS = 17  # what every bigint column holds


def whole(text: str | None, otherwise: int = -1) -> int:
    """The whole number written, zero and up, or `otherwise`.

    `str.isdigit()` takes signs that `int()` refuses ("²"), and `int()` refuses thousands of digits:
    neither may come as far as that.
    """
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else otherwise
