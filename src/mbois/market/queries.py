"""Reads of the catalogue that more than one place uses."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import asin, cos, radians, sin, sqrt
from typing import Any
from urllib.parse import urlencode

from django.core.cache import caches
from django.db import connection
from django.db.models import Case, F, FloatField, Func, IntegerField, Q, QuerySet, Sum, Value, When

from mbois import clock
from mbois.enterprises.models import Subsector
from mbois.enterprises.queries import slips
from mbois.market.models import CatalogueEntry, Category, Variant
from mbois.market.models.catalogue import Point
from mbois.places.models import Area
from mbois.web.given import whole_number

SIZE = 24
MOST_WORDS = 6
MOST_VARIANTS = 6
# With fewer finds than this, words that are merely alike are searched as well; with more than MANY the
# newest come first: to rank them all would cost more than it says.
FEW, MANY = 3, 400
# How alike words must be (0 to 1, pg_trgm) to be looked at; the number of slips then decides.
WORDS_ALIKE = 0.2
ORDERS = ("baru", "murah", "mahal", "dekat")


@dataclass(frozen=True)
class Wish:
    """What a buyer looks for, as the address of the page says it."""

    text: str = ""
    category: str = ""
    district: str = ""
    subsector: str = ""
    halal: bool = False
    certified: bool = False
    low: int | None = None
    high: int | None = None
    order: str = ""
    near: tuple[float, float] | None = None
    page: int = 1

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Wish":
        """Read an address; what makes no sense is left out."""

        def plain(name: str, most: int = 100) -> str:
            return " ".join(given.get(name, "").replace("\x00", "").split())[:most]

        def number(name: str) -> int | None:
            text = plain(name, 14).replace(".", "").replace(",", "")
            return whole_number(text, most=10**12 - 1)

        near = None
        latitude, _comma, longitude = plain("dekat", 40).partition(",")
        try:
            point = (float(latitude), float(longitude))
            if -11.5 <= point[0] <= 6.5 and 94.5 <= point[1] <= 141.5:
                near = point
        except ValueError:
            pass
        order = plain("urut")
        category, subsector, district = plain("kategori"), plain("subsektor"), plain("kecamatan", 13)
        return cls(
            text=plain("q"),
            category=category if category in Category.values else "",
            district=district if district.replace(".", "").isdecimal() else "",
            subsector=subsector if subsector in Subsector.values else "",
            halal=plain("halal") == "1",
            certified=plain("bersertifikat") == "1",
            low=number("min"),
            high=number("maks"),
            order=order if order in ORDERS and (order != "dekat" or near) else "dekat" if near else "",
            near=near,
            page=min(max(number("page") or 1, 1), 400),
        )

    @property
    def narrowed(self) -> bool:
        return bool(
            self.text or self.category or self.district or self.subsector or self.halal or self.certified
            or self.low is not None or self.high is not None
        )  # fmt: skip

    def query(self, **changes: object) -> str:
        """The query of the address with some of it changed; the page begins anew."""
        told: dict[str, object] = {
            "q": self.text,
            "kategori": self.category,
            "kecamatan": self.district,
            "subsektor": self.subsector,
            "halal": "1" if self.halal else "",
            "bersertifikat": "1" if self.certified else "",
            "min": self.low,
            "maks": self.high,
            "urut": self.order,
            "dekat": f"{self.near[0]:.4f},{self.near[1]:.4f}" if self.near else "",
        }
        told |= changes
        return urlencode({key: value for key, value in told.items() if value not in (None, "", False)})


@dataclass
class Found:
    """A page of the catalogue."""

    entries: list[CatalogueEntry]
    more: bool
    # The words that were searched instead of those typed, where there were slips.
    meant: list[str] = field(default_factory=list)


def offered() -> QuerySet[CatalogueEntry]:
    """What may be shown to everybody today."""
    return CatalogueEntry.objects.filter(sellable_until__gte=clock.today())


def filtered(wish: Wish) -> QuerySet[CatalogueEntry]:
    """The catalogue narrowed by everything but the text."""
    rows, today = offered(), clock.today()
    if wish.category:
        rows = rows.filter(category=wish.category)
    if wish.district:
        rows = rows.filter(district=wish.district)
    if wish.subsector:
        rows = rows.filter(subsector=wish.subsector)
    if wish.halal:
        rows = rows.filter(halal_until__gte=today)
    if wish.certified:
        rows = rows.filter(certified_until__gte=today)
    if wish.low is not None:
        rows = rows.filter(price_to__gte=wish.low)
    if wish.high is not None:
        rows = rows.filter(price_from__lte=wish.high)
    return rows


def ordered(rows: QuerySet[CatalogueEntry], wish: Wish) -> QuerySet[CatalogueEntry]:
    if wish.order == "murah":
        return rows.order_by("price_from", "product")
    if wish.order == "mahal":
        return rows.order_by("-price_from", "-product")
    if wish.order == "dekat" and wish.near:
        return rows.order_by(_distance(*wish.near))
    return rows.order_by("-published_at", "-product")


def _distance(latitude: float, longitude: float) -> Func:
    """How far an entry lies from a point, in degrees: an index gives the nearest first."""
    return Func(
        Point(F("longitude"), F("latitude")),
        Point(Value(longitude), Value(latitude)),
        template="(%(expressions)s)",
        arg_joiner=" <-> ",
        output_field=FloatField(),
    )


def find(wish: Wish) -> Found:
    """A page of what a buyer looks for, best first; typing errors are forgiven where little fits.

    At most three queries: how many fit as typed, the words that may be meant, and the page.
    """
    rows = filtered(wish).select_related("cover", "product", "shop__enterprise", "district")
    typed = wish.text.lower()
    words = (re.findall(r"[^\W_]+", typed) or typed.split())[:MOST_WORDS]
    if not words:
        return page_of(ordered(rows, wish), wish)
    exact = rows
    for word in words:
        exact = exact.filter(search__contains=word)
    finds = len(exact.order_by().values_list("pk")[: MANY + 1])
    if finds >= FEW:
        if wish.order or finds > MANY:
            return page_of(ordered(exact, wish), wish)
        named = Case(
            *(
                When(name__icontains=text, then=Value(place))
                for place, text in enumerate([wish.text, words[0]])
            ),
            default=Value(9),
            output_field=IntegerField(),
        )
        return page_of(exact.annotate(named=named).order_by("named", "-published_at", "-product"), wish)
    meant = words_meant([word for word in words if len(word) > 2])
    alike = rows
    as_typed: Any = Value(0)
    called: Any = Value(0)
    for word in words:
        fits, in_name = Q(search__contains=word), Q(name__icontains=word)
        for other in meant.get(word, ()):
            fits |= Q(search__contains=other)
            in_name |= Q(name__icontains=other)
        alike = alike.filter(fits)
        called = called + Case(When(in_name, then=Value(1)), default=Value(0), output_field=IntegerField())
        as_typed = as_typed + Case(
            When(search__contains=word, then=Value(1)), default=Value(0), output_field=IntegerField()
        )
    best = [meant[word][0] for word in words if meant.get(word) and meant[word][0] != word]
    if wish.order:
        found = page_of(ordered(alike, wish), wish)
    else:
        found = page_of(
            alike.annotate(called=called, as_typed=as_typed).order_by(
                "-called", "-as_typed", "-published_at", "-product"
            ),
            wish,
        )
    found.meant = best
    return found


def page_of(rows: QuerySet[Any], wish: Wish) -> Found:
    first = (wish.page - 1) * SIZE
    entries = list(rows[first : first + SIZE + 1])
    return Found(entries[:SIZE], more=len(entries) > SIZE)


def words_meant(words: Sequence[str]) -> dict[str, list[str]]:
    """For each typed word the words of the catalogue it may stand for, the likeliest first. One query."""
    if not words:
        return {}
    near: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        # two statements in one go: the threshold holds for this question only
        cursor.execute(
            """
            SELECT set_config('pg_trgm.similarity_threshold', %s, true);
            SELECT typed.word, near.word FROM unnest(%s::text[]) typed(word) CROSS JOIN LATERAL (
                SELECT DISTINCT known.word, similarity(known.word, typed.word) AS alike
                FROM market_catalogueword known WHERE known.word %% typed.word
                ORDER BY alike DESC, known.word LIMIT 40
            ) near
            """,
            [str(WORDS_ALIKE), list(words)],
        )
        cursor.nextset()
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
    return {typed: found for typed, found in meant.items() if found}


def sold_out(entries: Sequence[CatalogueEntry]) -> set[int]:
    """Which of these products have nothing left now. One query."""
    left = (
        Variant.objects.filter(
            region__in={one.region_id for one in entries},
            product__in=[one.product_id for one in entries],
            active=True,
        )
        .values("product")
        .annotate(left=Sum(F("on_hand") - F("reserved")))
        .filter(left__gt=0)
        .values_list("product", flat=True)
    )
    return {one.product_id for one in entries} - set(left)


def districts() -> list[tuple[str, list[tuple[str, str]]]]:
    """The districts that have something in the catalogue, by region; looked up every ten minutes."""
    known: list[tuple[str, list[tuple[str, str]]]] | None = caches["local"].get("market:districts")
    if known is None:
        rows = (
            Area.objects.filter(pk__in=CatalogueEntry.objects.values("district").distinct())
            .order_by("region__name", "name")
            .values_list("region__name", "code", "name")
        )
        groups: dict[str, list[tuple[str, str]]] = {}
        for region, code, name in rows:
            groups.setdefault(region or "", []).append((code, name))
        known = list(groups.items())
        caches["local"].set("market:districts", known, 600)
    return known


def kilometres(near: tuple[float, float], latitude: float | None, longitude: float | None) -> float | None:
    """The distance between two points on the globe."""
    if latitude is None or longitude is None:
        return None
    a, b, c, d = map(radians, (near[0], near[1], latitude, longitude))
    half = sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2
    return 12_742 * asin(sqrt(half))
