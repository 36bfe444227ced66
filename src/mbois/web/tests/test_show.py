"""Money, days and phones as people write them, in both languages."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from mbois import clock
from mbois.web import show, translations


@pytest.fixture(autouse=True, scope="module")
def compiled() -> None:
    translations.compile_all()


@pytest.mark.parametrize(
    ("write", "value", "indonesian", "english"),
    [
        (show.rupiah, 1_250_000, "Rp\u00a01.250.000", "Rp\u00a01,250,000"),
        (show.rupiah, -1_250_000, "−Rp\u00a01.250.000", "−Rp\u00a01,250,000"),
        (show.rupiah, 0, "Rp\u00a00", "Rp\u00a00"),
        (show.rupiah, None, "–", "–"),
        (show.rupiah_short, 1_570_000_000, "Rp\u00a01,6 M", "Rp\u00a01.6 bn"),
        (show.rupiah_short, 3_300_000, "Rp\u00a03,3 juta", "Rp\u00a03.3 million"),
        (show.rupiah_short, 999_960_000, "Rp\u00a01 M", "Rp\u00a01 bn"),
        (show.rupiah_short, 2_000_000_000_000, "Rp\u00a02 T", "Rp\u00a02 trillion"),
        (show.rupiah_short, 750_000, "Rp\u00a0750.000", "Rp\u00a0750,000"),
        (show.angka, 2143, "2.143", "2,143"),
        (show.angka, -5, "−5", "−5"),
        (show.percent, 0.334, "33%", "33%"),
        (show.percent, 0.034, "3,4%", "3.4%"),
        (show.tanggal, date(2026, 11, 13), "13 November 2026", "13 November 2026"),
        (show.tanggal, date(2026, 8, 17), "17 Agustus 2026", "17 August 2026"),
        (show.tanggal_pendek, date(2026, 8, 7), "7 Agu 2026", "7 Aug 2026"),
        (show.hari_tanggal, date(2026, 12, 14), "Senin, 14 Desember 2026", "Monday, 14 December 2026"),
        (show.waktu, datetime(2026, 11, 13, 7, 5, tzinfo=UTC), "13 Nov 2026, 14.05", "13 Nov 2026, 14:05"),
        (show.telepon, "+6281234567890", "0812-3456-7890", "0812-3456-7890"),
        (show.telepon, "081234567890", "0812-3456-7890", "0812-3456-7890"),
        (show.telepon, "abc", "abc", "abc"),
        (show.telepon, "", "–", "–"),
    ],
)
def test_it_is_written_as_people_do(
    write: Callable[[object], str], value: object, indonesian: str, english: str
) -> None:
    with translation.override("id"):
        assert write(value) == indonesian
    with translation.override("en"):
        assert write(value) == english


def test_an_instant_is_shown_as_its_day_in_malang() -> None:
    late = datetime(2026, 11, 13, 18, 0, tzinfo=UTC)  # already the 14th in Malang
    with translation.override("id"):
        assert show.tanggal(late) == "14 November 2026"


@pytest.mark.parametrize(
    ("days", "indonesian", "english"),
    [
        (0, "hari ini", "today"),
        (1, "besok", "tomorrow"),
        (-1, "kemarin", "yesterday"),
        (21, "21 hari lagi", "in 21 days"),
        (-2, "2 hari lalu", "2 days ago"),
        (90, "3 bulan lagi", "in 3 months"),
        (-800, "2 tahun lalu", "2 years ago"),
    ],
)
def test_a_span_of_time_is_told_in_words(days: int, indonesian: str, english: str) -> None:
    today = date(2026, 11, 23)
    with clock.on(today):
        with translation.override("id"):
            assert show.lama(today + timedelta(days=days)) == indonesian
        with translation.override("en"):
            assert show.lama(today + timedelta(days=days)) == english
