"""The numbers people read out, typed as people type them."""

import pytest

from mbois.places.numbers import typed


@pytest.mark.parametrize(
    ("text", "begins", "whole"),
    [
        ("U-3573-000641", "U-3573-000641", "U-3573-000641"),
        ("U3573000641", "U-3573-000641", "U-3573-000641"),
        (" u 3573 000641 ", "U-3573-000641", "U-3573-000641"),
        ("u\u20133573\u2013641", "U-3573-641", "U-3573-000641"),
        ("a3573202600042", "A-3573-2026-00042", "A-3573-2026-00042"),
        ("a357320260042", "A-3573-2026-0042", "A-3573-2026-00042"),
        ("L-3573-2026-42", "L-3573-2026-42", "L-3573-2026-00042"),
        ("st3573000012", "ST-3573-000012", "ST-3573-000012"),
    ],
)
def test_a_number_is_known_however_it_is_typed(text: str, begins: str, whole: str) -> None:
    assert typed(text) == (begins, whole)


@pytest.mark.parametrize(
    "text", ["", "U", "3573000641", "U3573", "081234567890", "tempe 3573", "U-3573-0006x", "\x00"]
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert typed(text) is None
