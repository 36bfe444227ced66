"""Reads that more than one place uses."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import Case, F, FloatField, IntegerField, Q, Value, When
from django.db.models.functions import Greatest, Length

from mbois import clock
from mbois.enterprises import identities, policy
from mbois.enterprises.models import Enterprise, Kbli, KbliWord, Licence, Owner, State
from mbois.enterprises.models.enterprises import EnterpriseQuerySet, in_areas
from mbois.people import identity
from mbois.people.models import Person, Role
from mbois.places.numbers import by_typed, region_of
from mbois.refused import Refused

# How alike words must be (0 to 1, pg_trgm) to be looked at: for codes, and for words of the registry,
# among which the number of slips then decides.
ALIKE = 0.36
WORDS_ALIKE = 0.2
MOST_WORDS = 6
MOST_VARIANTS = 6
# With fewer exact finds than this, words that are merely alike are searched as well.
FEW = 3
# With more finds than this the newest come first: to rank them all would cost more than it says.
MANY = 200
SOON = timedelta(days=60)
# Words that say that somebody makes or sells a thing, not what it is.
OF_ANY_TRADE = frozenset(
    [
        "tukang",
        "pembuat",
        "pengrajin",
        "perajin",
        "produsen",
        "produksi",
        "pabrik",
        "industri",
        "usaha",
        "bisnis",
        "umkm",
        "jasa",
        "bikin",
        "buat",
        "membuat",
        "pembuatan",
        "penjual",
        "pedagang",
        "jual",
        "jualan",
        "menjual",
        "juragan",
        "ahli",
        "rumahan",
        "sendiri",
        "khas",
        "aneka",
        "macam",
        "dan",
        "di",
        "untuk",
        "maker",
        "makers",
        "making",
        "make",
        "producer",
        "seller",
        "selling",
        "sell",
        "service",
        "services",
        "business",
        "home",
        "homemade",
        "handmade",
        "traditional",
        "local",
        "small",
        "and",
        "of",
        "the",
        "a",
    ]
)


def searched(rows: EnterpriseQuerySet, text: str, *, by: Person | None = None) -> EnterpriseQuerySet:
    """The rows that fit a text, best first: name, owner, number, village, product, whatever the order
    of the words. Where (almost) nothing fits as typed, typing errors are forgiven. A whole NIK finds
    what its holder owns, where `by` may see that number.

    Costs one query to learn which of the two it is, and then three to find the words meant.
    """
    text = " ".join(text.replace("\x00", "").lower().split())
    words = text.split()[:MOST_WORDS]
    if not words:
        return rows
    number = text.upper()
    if (by_number := by_typed(text, letter="U")) is not None:
        return rows.filter(by_number).order_by("number")
    if region_of(number):
        return rows.filter(region=region_of(number), number__startswith=number).order_by("number")
    if len(text) < 3:
        return rows.filter(name__istartswith=text)
    if phone := _phone(text):
        return rows.filter(Q(phone=phone) | Q(owner__phone=phone)).order_by("name", "pk")
    if by and (held := _held(text, by)):
        return rows.filter(held).order_by("name", "pk")
    exact = rows
    for word in words:
        exact = exact.filter(search__contains=word)
    finds = _finds(exact)
    if len(finds) > MANY:
        return exact.order_by("-registered_at", "-pk")
    if len(finds) >= FEW:
        whole = Case(When(name__icontains=text, then=Value(0)), default=Value(1), output_field=IntegerField())
        return rows.filter(pk__in=finds).annotate(other=whole).order_by("other", "name", "pk")
    meant = words_meant([word for word in words if len(word) > 2])
    alike = rows
    as_typed: Any = Value(0)
    for word in words:
        fits = Q()
        for variant in _shortest([word, *meant.get(word, ())]):
            fits |= Q(search__contains=variant)
        alike = alike.filter(fits)
        as_typed = as_typed + Case(
            When(search__contains=word, then=Value(1)), default=Value(0), output_field=IntegerField()
        )
    found = _finds(alike)
    if len(found) <= MANY:
        alike = rows.filter(pk__in=found)
    elif not finds:
        return alike.order_by("-registered_at", "-pk")
    return alike.annotate(as_typed=as_typed).order_by("-as_typed", "name", "pk")


def _phone(text: str) -> str:
    """A text that is a phone number as it is kept, `+6281234567890`; else nothing."""
    digits = re.sub(r"[\s().-]", "", text)
    if not re.fullmatch(r"(?:\+?62|0|8)\d{8,12}", digits, re.ASCII):
        return ""
    try:
        return identities.clean_phone(digits)
    except Refused:
        return ""


def _held(text: str, by: Person) -> Q | None:
    """Which rows a whole NIK finds: of those who hold or claim it here. Nothing where nobody does, or where
    `by` may not see their number: both go on as any other text."""
    if not re.fullmatch(r"\d(?:[ .-]?\d){15}", text, re.ASCII):
        return None
    try:
        digest = identity.digest("nik", identities.clean_nik(text))
    except Refused:
        return None
    holders = Owner.objects.visible_to(by).filter(Q(nik_hash=digest) | Q(nik_claim_hash=digest))
    keys = [(owner.region_id, owner.pk) for owner in holders if policy.can_unmask(by, owner)]
    held = Q(pk__in=[])
    for region, owner in keys:
        held |= Q(region=region, owner=owner)
    return held if keys else None


def _finds(rows: EnterpriseQuerySet) -> list[int]:
    """The keys of the rows there are, as far as one more than `MANY`."""
    return list(rows.order_by().values_list("pk", flat=True)[: MANY + 1])


def _shortest(words: list[str]) -> list[str]:
    """Without those that contain another of them, whose finds are among the other's."""
    words = list(dict.fromkeys(words))
    return [word for word in words if not any(other != word and other in word for other in words)]


def words_meant(words: list[str]) -> dict[str, list[str]]:
    """For each typed word the words of the registry it may stand for, the likeliest first. Two queries."""
    if not words:
        return {}
    near: dict[str, list[str]] = {}
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(WORDS_ALIKE)])
        cursor.execute(
            """
            SELECT typed.word, near.word FROM unnest(%s::text[]) typed(word) CROSS JOIN LATERAL (
                SELECT DISTINCT known.word, similarity(known.word, typed.word) AS alike
                FROM enterprises_searchword known WHERE known.word %% typed.word
                ORDER BY alike DESC, known.word LIMIT 40
            ) near
            """,
            [words],
        )
        for typed, word in cursor.fetchall():
            near.setdefault(typed, []).append(word)
    meant = {}
    for typed, found in near.items():
        most = 1 if len(typed) < 5 else 2 if len(typed) < 9 else 3
        counted = sorted((slips(typed, word), place, word) for place, word in enumerate(found))
        least = counted[0][0]
        meant[typed] = [word for count, _place, word in counted if count <= min(most, least + 1)][
            :MOST_VARIANTS
        ]
    return meant


def slips(typed: str, word: str) -> int:
    """How many slips of the finger lie between two words: a letter too many, missing, wrong, or two
    neighbours swapped (optimal string alignment). The end of a longer word may still be untyped."""
    before: list[int] = []
    row = list(range(len(word) + 1))
    for i, letter in enumerate(typed, 1):
        earlier, before, row = before, row, [i]
        for j, other in enumerate(word, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == word[j - 2] and typed[i - 2] == other:
                best = min(best, earlier[j - 2] + 1)
            row.append(best)
    return min(row[len(typed) :] or row[-1:]) if len(word) > len(typed) and len(typed) > 4 else row[-1]


# --- the classification ---------------------------------------------------------------------------


@dataclass(frozen=True)
class KbliFound:
    """A code and the everyday words by which it was found."""

    kbli: Kbli
    words: tuple[str, ...]


def edition() -> str:
    """The edition whose codes are chosen now (setting `KBLI_EDITION`)."""
    return str(getattr(settings, "KBLI_EDITION", "2020"))


def kbli_named(code: str) -> Kbli | None:
    """A five-digit code, of the present edition, or of another as "2025:10307"."""
    of, _, digits = code.strip().rpartition(":")
    if not digits.isdecimal() or len(digits) != 5 or len(of) > 4 or (of and not of.isdecimal()):
        return None
    return Kbli.objects.filter(edition=of or edition(), code=digits).first()


def kbli_like(text: str, *, most: int = 12) -> list[KbliFound]:
    """Five-digit codes that fit what somebody makes or does ("jual bakso keliling"), best first.

    Everyday words count more than titles; typing errors are forgiven. Two queries.
    """
    text = " ".join(text.replace("\x00", "").lower().split())[:100]
    if not text:
        return []
    current = edition()
    if text.isdecimal():
        codes = Kbli.objects.filter(edition=current, code__startswith=text).order_by("code")
        return [KbliFound(kbli, ()) for kbli in codes if len(kbli.code) == 5][:most]
    scores: dict[int, float] = {}
    found: dict[int, Kbli] = {}
    by_word: dict[int, list[str]] = {}
    # "tukang las" is nearer to "las" than to "tukang ledeng"
    what = " ".join(word for word in text.split() if word not in OF_ANY_TRADE) or text
    # the word within the text ("bakso" in "jual bakso keliling") or the text within the word
    alike = Greatest(
        TrigramWordSimilarity(F("word"), Value(what)),  # type: ignore[arg-type]
        TrigramWordSimilarity(Value(what), F("word")),  # type: ignore[arg-type]
        output_field=FloatField(),
    )
    # what is typed to the letter comes first: who sells hijabs does not make them
    same = Greatest(1.1 * TrigramSimilarity("word", text), TrigramSimilarity("word", what))
    words = (
        KbliWord.objects.filter(kbli__edition=current)
        .annotate(alike=alike, same=same)
        .filter(alike__gte=ALIKE)
        .select_related("kbli")
        .order_by(-(F("alike") + 2 * F("same")), "word")[:60]
    )
    for word in words:
        score = 1 + word.alike + 2 * word.same
        found[word.kbli_id] = word.kbli
        scores[word.kbli_id] = max(scores.get(word.kbli_id, 0), score)
        by_word.setdefault(word.kbli_id, []).append(word.word)
    titles = (
        Kbli.objects.filter(edition=current)
        .annotate(alike=TrigramWordSimilarity(what, "title"), digits=Length("code"))
        .filter(alike__gte=ALIKE, digits=5)
        .order_by("-alike", "code")[:40]
    )
    for kbli in titles:
        found[kbli.pk] = kbli
        scores[kbli.pk] = scores.get(kbli.pk, 0) + kbli.alike / 2
    best = sorted(found, key=lambda pk: (-scores[pk], found[pk].code))[:most]
    return [KbliFound(found[pk], tuple(by_word.get(pk, ())[:3])) for pk in best]


# --- work lists -----------------------------------------------------------------------------------


def waiting_for(person: Person) -> EnterpriseQuerySet:
    """Registrations this officer may check, longest waiting first; never their own."""
    served = Q(region__in=person.regions_with(Role.AGENCY_OFFICER))
    served |= in_areas("village", person.areas_with(Role.VILLAGE_OFFICER))
    return (
        Enterprise.objects.filter(served, state=State.SUBMITTED)
        .exclude(owner__in=list(Owner.objects.filter(person=person).values_list("pk", flat=True)))
        .select_related("owner", "village", "village__parent", "kbli")
        .order_by("submitted_at", "pk")
    )


def waited_since(today: date, *, days: int) -> datetime:
    """The beginning of the day in Malang so many days before today."""
    return datetime.combine(today - timedelta(days=days), time.min, tzinfo=clock.JAKARTA)


def owned_by(person: Person) -> EnterpriseQuerySet:
    """A person's own enterprises, newest first, without those merged into another."""
    mine = Q(pk__in=[])
    for region, owner in Owner.objects.filter(person=person).values_list("region_id", "pk"):
        mine |= Q(region=region, owner=owner)
    return (
        Enterprise.objects.living().filter(mine).select_related("village", "owner").order_by("-registered_at")
    )


def expiring(enterprises: Sequence[Enterprise], *, within: timedelta = SOON) -> list[Licence]:
    """Licences of these enterprises that have expired or will soon, the most urgent first."""
    until: date = clock.today() + within
    return list(
        Licence.objects.filter(
            region__in={one.region_id for one in enterprises},
            enterprise__in=[one.pk for one in enterprises],
            expires_on__lte=until,
        )
        .select_related("enterprise")
        .order_by("expires_on")
    )
