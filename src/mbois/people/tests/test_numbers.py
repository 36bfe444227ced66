"""Identity numbers: what is refused, what only warned about."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from mbois import clock
from mbois.people import validators


@pytest.fixture(autouse=True)
def _today():
    with clock.on(date(2026, 11, 24)):
        yield


@pytest.mark.parametrize(
    ("nik", "born"),
    [
        ("3573010101900001", date(1990, 1, 1)),
        ("3573014101900001", date(1990, 1, 1)),
        ("3573017112850009", date(1985, 12, 31)),
        ("3573 0131 0100 0123", date(2000, 1, 31)),
        ("\t3573013101000123\r\n", date(2000, 1, 31)),
        ("35.73.01.290200.0001", date(2000, 2, 29)),
        ("3573012411260001", date(2026, 11, 24)),
        ("3573012511260001", date(1926, 11, 25)),
        ("9601010101700001", date(1970, 1, 1)),
        ("9701010101700001", date(1970, 1, 1)),
    ],
)
def test_it_takes(nik, born):
    number = validators.clean_nik(nik)
    assert len(number) == 16 and validators.birth_date(number) == born


@pytest.mark.parametrize(
    ("nik", "code"),
    [
        ("", "nik_digits"),
        ("35730101019000OI", "nik_digits"),
        ("٣573010101900001", "nik_digits"),
        ("357301010190001", "nik_length"),
        ("35730101019000011", "nik_length"),
        ("0073010101900001", "nik_province"),
        ("9901010101900001", "nik_province"),
        ("2201010101900001", "nik_province"),
        ("2001010101900001", "nik_province"),
        ("3573010001900001", "nik_day"),
        ("3573013201900001", "nik_day"),
        ("3573014001900001", "nik_day"),
        ("3573017201900001", "nik_day"),
        ("3573013002900001", "nik_date"),
        ("3573016902900001", "nik_date"),
        ("3573010113900001", "nik_date"),
        ("3573010100900001", "nik_date"),
        ("3573010101900000", "nik_serial"),
    ],
)
def test_it_refuses(nik, code):
    with pytest.raises(ValidationError) as refused:
        validators.clean_nik(nik)
    assert refused.value.code == code


def test_another_district_or_date_only_warns():
    nik = "3507010101900001"
    assert validators.nik_warnings("3573051101900001", area_code="35.73.05.1002") == []
    (moved,) = validators.nik_warnings(nik, area_code="35.73.05.1002")
    assert "another district" in moved
    (date_differs,) = validators.nik_warnings(nik, born_on=date(1990, 1, 2))
    assert "differs from the papers" in date_differs


def test_a_tax_number_is_checked():
    assert validators.clean_npwp("01.300.066.6-091.000") == "013000666091000"
    assert validators.clean_npwp("3573010101900001") == "3573010101900001"
    assert validators.clean_npwp("0013000666091000") == "0013000666091000"
    for wrong in ("123", "01.300.067.6-091.000", "3573013201900001", "abc"):
        with pytest.raises(ValidationError):
            validators.clean_npwp(wrong)


def test_a_business_number_has_13_digits():
    assert validators.clean_nib("9120 0011 2233 4") == "9120001122334"
    for wrong in ("912000112233", "0000000000000", "91200011223AB"):
        with pytest.raises(ValidationError):
            validators.clean_nib(wrong)
