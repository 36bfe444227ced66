"""Whole numbers of addresses and forms: nothing that looks like one but is none gets through."""

import pytest

from mbois.web.whole import whole


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("12", 12), (" 7 ", 7), ("99999999999999999", 99_999_999_999_999_999)],
)
def test_what_is_a_number(text: str, number: int) -> None:
    assert whole(text) == number


@pytest.mark.parametrize("text", [None, "", "-1", "1.5", "²", "٣", "1e3", "9" * 18, "9" * 5_000, "0x1"])
def test_what_is_none(text: str | None) -> None:
    assert whole(text) == -1
    assert whole(text, 4) == 4
