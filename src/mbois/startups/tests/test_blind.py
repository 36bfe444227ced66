"""What a reviewer of a blind call cannot read: names however they are written, and the ways to people."""

import time

import pytest

from mbois.startups.blind import HIDDEN, mask

PEOPLE = ["Budi Santoso", "Ni Luh Ayu"]
TEAMS = ["Ojek Sayur", "PasarPintar.id", "Kopi Tugulawas", "PT Tirta Wening"]


def hidden(text: str) -> str:
    return mask(text, people=PEOPLE, teams=TEAMS)


@pytest.mark.parametrize(
    "name",
    [
        "Budi Santoso", "BudiSantoso", "budisantoso", "SantosoBudi", "budi_santoso", "budi.santoso", "BUDI",
        "Budinya", "Budi's", "Budi’s", "budi88", "pakbudi", "Santoso-lah", "warungsantoso", "NiLuh", "Ayu",
        "Ojek Sayur", "OjekSayur", "ojek-sayur", "ojeksayurnya", "PasarPintar", "pasar pintar", "Tugulawas",
        "tugulawasku", "KopiTugulawas", "Tirta", "wening", "TIRTA WENING",
    ],
)  # fmt: skip
def test_a_name_is_hidden_however_it_is_written(name: str) -> None:
    assert hidden(f"Kami dari {name}, di kota") == f"Kami dari {HIDDEN}, di kota"


@pytest.mark.parametrize(
    "way",
    [
        "budi@contoh.id", "https://contoh.id/x?y=1", "www.contoh.id", "contoh.co.id/toko", "bit.ly/3xY",
        "linktr.ee/ojek", "wa.me/62812", "s.id/ojek", "t.me/ojek", "youtu.be/abc", "@ojek_sayur",
        "instagram: sayur_kota", "0812-3456-7890", "0812.3456.7890", "0812 3456 7890", "081234567890",
        "+62 812 3456 7890", "+62-812-3456-7890", "6281234567890", "(+62)81234567890", "0341-123456",
        "(0341) 123456", "0341 123 456", "0341123456", "+62 341 123456", "+62(341)123456", "021 7654 3210",
    ],
)  # fmt: skip
def test_a_way_to_somebody_is_hidden(way: str) -> None:
    assert hidden(f"Tanya lewat {way} saja") == f"Tanya lewat {HIDDEN} saja"


@pytest.mark.parametrize(
    "text",
    [
        "budidaya lele dengan ojek, sayur dan kopi di pasar yang pintar",
        "Omzet Rp 62.800.000.000, lalu 6250000000 dan 3.000 sayur, 0,85 bagian",
        "10 kg @ 5000, atau @Rp5.000 tiap bungkus",
        "Tanggal 08-12-2024 10.30, pukul 08.00-17.00, tahun 2021-2025",
        "Jl. A. Yani 53, 65125 Malang; NIB 1234567890123; wilayah 35.73.01.1001",
        "Versi v2.0 selesai.Lalu kami uji, dll.",
        "Ayunan anak dan niat baik",
    ],
)
def test_everyday_words_and_numbers_stay(text: str) -> None:
    assert hidden(text) == text


def test_a_person_called_by_an_everyday_word_is_hidden_where_it_is_a_name() -> None:
    shown = mask("Indah memetik bunga yang indah", people=["Indah Bunga"], teams=[])
    assert shown == f"{HIDDEN} memetik bunga yang indah"


def test_no_text_takes_long() -> None:
    start = time.process_time()
    for text in ("a" * 40_000, "a." * 20_000, "0 8 " * 10_000, "@" * 40_000, "a-" * 20_000, "+62 " * 10_000):
        assert hidden(text)
    assert time.process_time() - start < 5
