"""QRIS made dynamic by its parts, and refused where it is not what it says."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbois.market.qris import crc, make_dynamic, read


def tlv(*objects: tuple[str, str]) -> str:
    return "".join(f"{tag}{len(value):02d}{value}" for tag, value in objects)


def closed(text: str) -> str:
    return text + "6304" + crc(text + "6304")


MERCHANT = tlv(("00", "ID.CO.QRIS.WWW"), ("02", "ID1020021234567"), ("03", "UMI"))
HEAD = (("00", "01"), ("01", "11"), ("51", MERCHANT), ("52", "5499"))
TAIL = (("58", "ID"), ("59", "KERIPIK BU SRI"), ("60", "MALANG"), ("61", "65111"))
STATIC = closed(tlv(*HEAD, ("53", "360"), *TAIL))


def test_the_checksum_is_the_one_of_the_standard() -> None:
    assert crc("123456789") == "29B1"


def test_a_static_code_becomes_one_for_an_amount() -> None:
    made = make_dynamic(STATIC, 25_000)
    head = tuple((tag, "12" if tag == "01" else value) for tag, value in HEAD)
    assert made == closed(tlv(*head, ("53", "360"), ("54", "25000"), *TAIL))
    assert read(made).amount == "25000"
    assert read(made).dynamic


def test_the_method_is_added_where_it_is_missing() -> None:
    plain = closed(tlv(("00", "01"), ("51", MERCHANT), ("53", "360"), *TAIL))
    assert make_dynamic(plain, 1).startswith("00020101021251")


def test_it_says_whose_it_is() -> None:
    said = read(STATIC)
    assert (said.name, said.city, said.dynamic, said.amount) == ("KERIPIK BU SRI", "MALANG", False, None)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (STATIC[:-1] + ("0" if STATIC[-1] != "0" else "1"), "bad checksum"),
        (STATIC[:-6], "cut"),
        (STATIC[:-20], "cut in a value"),
        (STATIC + "0", "trailing"),
        (STATIC + tlv(("99", "x")), "an object after the checksum"),
        (STATIC + "\n", "a line end"),
        (" " + STATIC, "leading space"),
        ("", "nothing"),
        (closed(tlv(*HEAD, ("53", "360"), ("54", "1000"), *TAIL)), "has an amount"),
        (closed(tlv(("00", "01"), ("01", "12"), ("53", "360"), *TAIL)), "dynamic"),
        (closed(tlv(("00", "01"), ("01", "13"), ("53", "360"), *TAIL)), "unknown method"),
        (closed(tlv(*HEAD, ("53", "840"), *TAIL)), "dollars"),
        (closed(tlv(*HEAD, *TAIL)), "no currency"),
        (closed(tlv(*HEAD, ("53", "360"), ("53", "360"), *TAIL)), "currency twice"),
        (closed(tlv(*HEAD, ("53", "360"), *TAIL, ("59", "LAIN"))), "name twice"),
        (closed(tlv(("00", "02"), *HEAD[1:], ("53", "360"), *TAIL)), "another format"),
        (closed(tlv(*HEAD[1:], ("00", "01"), ("53", "360"), *TAIL)), "format not first"),
        (closed("٠٠" + tlv(*HEAD, ("53", "360"))[2:]), "digits of another script"),
        (closed(tlv(*HEAD, ("53", "360")) + "58²2ID"), "a length that is no digit"),
        (closed(tlv(*HEAD, ("53", "360")) + "A102ID"), "a tag that is no number"),
        (tlv(*HEAD, ("53", "360"), *TAIL), "no checksum"),
        (closed(tlv(*HEAD, ("53", "360"), ("26", "0003ABC"), ("26", "0003ABD"), *TAIL)), "two accounts"),
        (
            closed(tlv(*HEAD, ("53", "360"), ("58", "ID"), ("59", "KERIPIK ÉNAK"), ("60", "MALANG"))),
            "accents",
        ),
        (STATIC[:-4] + STATIC[-4:].lower(), "a checksum in small letters"),
    ],
)
def test_it_refuses(wrong: str, why: str) -> None:
    with pytest.raises(ValueError):
        make_dynamic(wrong, 1000)


def test_a_name_in_another_script_is_kept() -> None:
    language = tlv(("00", "zh"), ("01", "北京豆饼"))
    made = make_dynamic(closed(tlv(*HEAD, ("53", "360"), *TAIL, ("64", language), ("80", "é"))), 1000)
    assert made == closed(
        tlv(
            ("00", "01"),
            ("01", "12"),
            *HEAD[2:],
            ("53", "360"),
            ("54", "1000"),
            *TAIL,
            ("64", language),
            ("80", "é"),
        )
    )


@pytest.mark.parametrize(
    "amount", [0, -1, True, 1.0, 1000.5, "1000", None, 10**13, float("nan"), float("inf"), 10**40]
)
def test_it_refuses_an_amount(amount: Any) -> None:
    with pytest.raises(ValueError):
        make_dynamic(STATIC, amount)


def test_the_largest_amount_fills_its_tag() -> None:
    assert "5413" + "9" * 13 in make_dynamic(STATIC, 10**13 - 1)


_TEXT = st.text(st.characters(codec="ascii"), max_size=40)
_KNOWN = st.tuples(st.sampled_from([f"{n:02d}" for n in range(2, 52)]), _TEXT)
_UNKNOWN = st.tuples(st.sampled_from([f"{n:02d}" for n in range(65, 100)]), _TEXT)


@given(
    before=st.lists(_KNOWN, max_size=6, unique_by=lambda one: one[0]),
    after=st.lists(_UNKNOWN, max_size=6),
    method=st.booleans(),
    amount=st.integers(1, 10**13 - 1),
)
def test_everything_else_stays_as_it_was(
    before: list[tuple[str, str]], after: list[tuple[str, str]], method: bool, amount: int
) -> None:
    first = (("00", "01"), *((("01", "11"),) if method else ()))
    made = make_dynamic(closed(tlv(*first, *before, ("53", "360"), *after)), amount)
    assert made == closed(
        tlv(("00", "01"), ("01", "12"), *before, ("53", "360"), ("54", str(amount)), *after)
    )


@given(st.text(max_size=200), st.integers())
def test_nonsense_is_a_value_error_and_nothing_else(text: str, amount: int) -> None:
    with pytest.raises(ValueError):
        make_dynamic(text, amount)


@given(at=st.integers(0, len(STATIC) - 1), sign=st.characters(min_codepoint=32, max_codepoint=126))
def test_one_wrong_sign_is_noticed(at: int, sign: str) -> None:
    if sign == STATIC[at]:
        return
    with pytest.raises(ValueError):
        make_dynamic(STATIC[:at] + sign + STATIC[at + 1 :], 1000)
