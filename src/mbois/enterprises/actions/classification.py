"""Loading the classification of businesses."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from django.db import transaction

from mbois.enterprises.models import Kbli, KbliCrosswalk, KbliWord
from mbois.refused import Refused

DATA = Path(__file__).parent.parent / "data"
SHIPPED = {"2020": DATA / "kbli-2020.csv"}
WORDS = DATA / "kbli-words.csv"


def _reader(lines: TextIO | Iterable[str], columns: set[str]) -> "csv.DictReader[str]":
    reader = csv.DictReader(lines)
    if not columns <= set(reader.fieldnames or ()):
        raise Refused(f"The file needs the columns {', '.join(sorted(columns))}.")
    return reader


@transaction.atomic
def load_kbli(lines: TextIO | Iterable[str], *, edition: str) -> int:
    """Load one edition (columns code, section, title), all levels; codes already there get the new
    title. Gives the number of five-digit codes. Refuses a file with a bad line, naming it."""
    if not (edition.isdecimal() and len(edition) == 4):
        raise Refused("An edition is a year, such as 2020.")
    rows: dict[str, Kbli] = {}
    reader = _reader(lines, {"code", "section", "title"})
    for row in reader:
        code, section, title = (row[key].strip() for key in ("code", "section", "title"))
        is_section = len(code) == 1 and code.isalpha()
        if not (is_section or (code.isdecimal() and 2 <= len(code) <= 5)) or len(section) != 1 or not title:
            raise Refused(f"Line {reader.line_num}: {code!r} is not a row of the classification.")
        if code in rows:
            raise Refused(f"Line {reader.line_num}: {code} is there twice.")
        rows[code] = Kbli(edition=edition, code=code, section=section, title=title)
    Kbli.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["edition", "code"],
        update_fields=["section", "title"],
    )
    return sum(len(code) == 5 for code in rows)


@transaction.atomic
def load_crosswalk(lines: TextIO | Iterable[str]) -> int:
    """Load what codes became (columns old_edition, old_code, new_edition, new_code). Both editions
    must be loaded."""
    reader = _reader(lines, {"old_edition", "old_code", "new_edition", "new_code"})
    known = {(kbli.edition, kbli.code): kbli for kbli in Kbli.objects.all()}
    pairs = []
    for row in reader:
        ends = []
        for end in ("old", "new"):
            key = (row[f"{end}_edition"].strip(), row[f"{end}_code"].strip())
            if key not in known:
                raise Refused(f"Line {reader.line_num}: there is no code {key[1]} in edition {key[0]}.")
            ends.append(known[key])
        pairs.append(KbliCrosswalk(old=ends[0], new=ends[1]))
    KbliCrosswalk.objects.bulk_create(pairs, ignore_conflicts=True)
    return len(pairs)


@transaction.atomic
def load_words(lines: TextIO | Iterable[str]) -> int:
    """Load everyday words (columns word, code; edition 2020 unless a column says otherwise), in place
    of those there were."""
    reader = _reader(lines, {"word", "code"})
    known = {(kbli.edition, kbli.code): kbli for kbli in Kbli.objects.all()}
    words: dict[tuple[str, int], KbliWord] = {}
    for row in reader:
        word, key = " ".join(row["word"].lower().split()), (row.get("edition") or "2020", row["code"].strip())
        if not word or key not in known or len(key[1]) != 5:
            raise Refused(
                f"Line {reader.line_num}: {word!r} has no five-digit code {key[1]} in edition {key[0]}."
            )
        words[word, known[key].pk] = KbliWord(word=word, kbli=known[key])
    KbliWord.objects.all().delete()
    KbliWord.objects.bulk_create(words.values())
    return len(words)
