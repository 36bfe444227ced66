"""Whole numbers of addresses and forms: nothing that looks like one but is none gets through."""

import pytest

from mbois.web.given import MOST, whole_number


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("12", 12), ("007", 7), (str(MOST), MOST)])
def test_what_is_a_number(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize(
    "text", [None, "", " ", "-1", "1.5", "²", "٣", "1e3", str(MOST + 1), "9" * 5_000, "0x1", "1\x00"]
)
def test_what_is_none(text: str | None) -> None:
    assert whole_number(text) is None


def test_more_than_is_wanted_is_none() -> None:
    assert whole_number("99", most=99) == 99
    assert whole_number("100", most=99) is None
