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
    assert len(words) >= 300
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
