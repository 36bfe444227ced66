"""The classification: loading editions, and finding a code by what one makes."""

import csv
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from mbois.enterprises import queries
from mbois.enterprises.actions import classification
from mbois.enterprises.models import Kbli, KbliWord

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded(django_db_setup: Any, django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock():
        call_command("load_kbli", verbosity=0)
        yield
        KbliWord.objects.all().delete()
        Kbli.objects.all().delete()


def test_every_word_has_a_code_that_exists() -> None:
    with classification.SHIPPED["2020"].open() as file:
        codes = {row["code"] for row in csv.DictReader(file)}
    with classification.WORDS.open() as file:
        words = list(csv.DictReader(file))
    assert len(words) >= 1800
    assert len({row["word"] for row in words}) == len(words)
    assert [row for row in words if row["code"] not in codes or len(row["code"]) != 5] == []


def test_the_shipped_edition_is_whole(loaded: None) -> None:
    assert Kbli.objects.filter(edition="2020").extra(where=["length(code) = 5"]).count() == 1790


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("bakso", "56104"),
        ("jual bakso keliling", "56104"),
        ("bakzo", "56104"),
        ("keripik tempe", "10794"),
        ("kripik tmpe", "10794"),
        ("tempe", "10391"),
        ("penjahit", "14120"),
        ("salon", "96112"),
        ("cuci motor", "45407"),
        ("tambal ban", "45407"),
        ("batik", "13134"),
        ("warung kopi", "56304"),
        ("laundri", "96200"),
        ("sablon kaos", "13133"),
        ("homestay", "55130"),
        ("10391", "10391"),
        ("mlijo", "47112"),
    ],
)
def test_it_finds_by_what_one_makes(loaded: None, text: str, code: str) -> None:
    found = [one.kbli.code for one in queries.kbli_like(text)]
    assert code in found[:3], found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("tukang las", "25111"),
        ("las listrik", "25111"),
        ("bengkel motor", "45407"),
        ("servis motor", "45407"),
        ("bengkel mobil", "45201"),
        ("cuci mobil", "45202"),
        ("laundry", "96200"),
        ("cuci setrika", "96200"),
        ("katering", "56210"),
        ("nasi kotak", "56210"),
        ("jilbab", "14111"),
        ("jual jilbab", "47713"),
        ("konveksi", "14111"),
        ("tukang jahit", "14120"),
        ("bordir", "14302"),
        ("batik tulis", "13134"),
        ("pengrajin batik", "13134"),
        ("sablon baju", "13133"),
        ("pembuat tahu", "10392"),
        ("kue basah", "10792"),
        ("kue ulang tahun", "10710"),
        ("frozen food", "10750"),
        ("nugget", "10130"),
        ("es krim", "10531"),
        ("pembuat jamu", "21022"),
        ("kopi bubuk", "10761"),
        ("toko kelontong", "47112"),
        ("warung nasi", "56102"),
        ("mie ayam", "56102"),
        ("jualan gorengan", "56104"),
        ("pangkas rambut", "96111"),
        ("tukang cukur", "96111"),
        ("rias pengantin", "96112"),
        ("mebel", "31001"),
        ("tukang kayu", "16221"),
        ("pembuat batu bata", "23921"),
        ("genteng", "23922"),
        ("gerabah", "23932"),
        ("kerajinan bambu", "16299"),
        ("ternak lele", "03221"),
        ("toko bangunan", "47528"),
        ("tukang bangunan", "41011"),
        ("tukang ledeng", "43221"),
        ("tukang listrik", "43211"),
        ("fotokopi", "82190"),
        ("servis hp", "95120"),
        ("toko obat", "47722"),
        ("sol sepatu", "95230"),
        ("sewa tenda", "77291"),
        ("tempe chips", "10794"),
        ("welder", "25111"),
        ("motorcycle repair", "45407"),
        ("car wash", "45202"),
        ("catering", "56210"),
        ("hijab", "14111"),
        ("coffee shop", "56303"),
        ("barber", "96111"),
        ("hairdresser", "96112"),
        ("tailor", "14120"),
        ("brick maker", "23921"),
        ("bakery", "10710"),
        ("carpenter", "16221"),
        ("furniture", "31001"),
        ("photographer", "74201"),
        ("phone repair", "95120"),
        ("chicken farm", "01461"),
        ("plumber", "43221"),
        ("embroidery", "14302"),
        ("t-shirt printing", "13133"),
        ("i sell meatballs", "56104"),
    ],
)
def test_the_word_of_a_trade_finds_it_first(loaded: None, text: str, code: str) -> None:
    found = [one.kbli.code for one in queries.kbli_like(text)]
    assert found[0] == code, found


def test_it_asks_at_most_twice(loaded: None, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(2):
        queries.kbli_like("kue kering lebaran")


def test_nonsense_finds_nothing(loaded: None) -> None:
    assert queries.kbli_like("zzzzqqqq xx") == []
    assert queries.kbli_like("\x00") == []
    assert queries.kbli_named("10391; drop") is None
    assert queries.kbli_named("1039") is None


def test_another_edition_and_its_crosswalk(loaded: None, tmp_path: Path) -> None:
    newer = tmp_path / "kbli-2025.csv"
    newer.write_text("code,section,title\nC,C,Industri\n10307,C,Industri tempe kedelai\n")
    crosswalk = tmp_path / "crosswalk.csv"
    crosswalk.write_text("old_edition,old_code,new_edition,new_code\n2020,10391,2025,10307\n")
    call_command("load_kbli", newer, edition="2025", crosswalk=crosswalk, verbosity=0)
    old = Kbli.objects.get(edition="2020", code="10391")
    assert [pair.new.code for pair in old.became.all()] == ["10307"]
    assert queries.kbli_named("2025:10307").title == "Industri tempe kedelai"
    assert [one.kbli.edition for one in queries.kbli_like("tempe")] == ["2020"] * len(
        queries.kbli_like("tempe")
    )


@pytest.mark.parametrize("line", ["1,C,x", "10391,C,", "10391,CC,x", "abc,C,x"])
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "kbli.csv"
    file.write_text(f"code,section,title\nA,A,Pertanian\n{line}\n")
    with pytest.raises(CommandError, match="Line 3"):
        call_command("load_kbli", file, edition="2025")
    assert not Kbli.objects.filter(edition="2025").exists()


def test_loading_twice_changes_nothing(loaded: None) -> None:
    before = (Kbli.objects.count(), KbliWord.objects.count())
    call_command("load_kbli", verbosity=0)
    assert (Kbli.objects.count(), KbliWord.objects.count()) == before
