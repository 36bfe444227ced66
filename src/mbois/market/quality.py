"""How good the listings of products are: facts from the tables, judged by the rules of each channel.

The same rules say what is sent (`offers`), what may be put on a marketplace's list (`want_listed`) and what
the seller is shown, so the three never differ.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, IntegerField, OuterRef, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Least

from mbois import clock
from mbois.enterprises.models import Enterprise, Licence
from mbois.market.channels.base import Limits
from mbois.market.channels.listing import Facts, Judged, Piece, Rules, Shot, judge
from mbois.market.channels.rules import RULES
from mbois.market.models import (
    Connection,
    ConnectionState,
    Product,
    ProductPhoto,
    Quality,
    Variant,
)
from mbois.market.models.products import FOOD_LICENCES

# What is mended within so long is one mending: the score before it is that of its beginning.
ONE_SITTING = timedelta(minutes=15)
SHOP = "shop"


def facts_of(
    products: Collection[Product], variants: Mapping[int, Sequence[Variant]] | None = None
) -> dict[int, Facts]:
    """What rules look at, by product; three queries however many they are (two where the variants are
    given). All are of one region, each with its enterprise."""
    if not products:
        return {}
    region_id = next(iter(products)).region_id
    keys = [product.pk for product in products]
    if variants is None:
        found: dict[int, list[Variant]] = {}
        for row in Variant.objects.filter(region=region_id, product__in=keys, active=True):
            found.setdefault(row.product_id, []).append(row)
        variants = found
    shots: dict[int, list[Shot]] = {}
    photos = ProductPhoto.objects.filter(region=region_id, product__in=keys).order_by("position", "pk")
    for photo in photos.select_related("picture"):
        picture = photo.picture
        shots.setdefault(photo.product_id, []).append(
            Shot(
                picture.width,
                picture.height,
                picture.looks,
                picture.sharpness,
                picture.border,
                picture.plain,
            )
        )
    licensed = _licensed(region_id, {product.enterprise_id for product in products if product.is_food})
    return {
        product.pk: Facts(
            name=product.name,
            description=product.description,
            category=product.category,
            brand=product.brand,
            maker=product.enterprise.name,
            attributes=product.attributes,
            shots=shots.get(product.pk, []),
            pieces=[
                Piece(row.name, row.sku, row.price, row.weight_grams or 0, row.size_cm is not None)
                for row in variants.get(product.pk, [])
            ],
            may_be_eaten=not product.is_food or product.enterprise_id in licensed,
        )
        for product in products
    }


def _licensed(region_id: str, enterprises: Collection[int]) -> set[int]:
    """Those that have a valid licence for food."""
    if not enterprises:
        return set()
    today = clock.today()
    rows = Licence.objects.filter(region=region_id, enterprise__in=enterprises, kind__in=FOOD_LICENCES)
    return {
        key for key, ends in rows.values_list("enterprise_id", "expires_on") if ends is None or ends >= today
    }


def connected(region_id: str, enterprises: Collection[int]) -> dict[int, dict[str, Connection]]:
    """The shops at marketplaces that are in use, by enterprise and channel."""
    found: dict[int, dict[str, Connection]] = {}
    rows = Connection.objects.filter(region=region_id, enterprise__in=enterprises).exclude(
        state=ConnectionState.CLOSED
    )
    for row in rows.order_by("pk"):
        if row.channel in RULES:
            found.setdefault(row.enterprise_id, {})[row.channel] = row
    return found


def rules_of(channel: str, category: str, connection: Connection | None = None) -> Rules:
    """The rules of a channel for one of our categories; with the limits that the platform itself told,
    where a shop of the seller is connected and was asked."""
    rules = RULES[channel]
    if connection is None:
        return rules
    chosen = (connection.settings.get("categories") or {}).get(category) or {}
    told = (connection.settings.get("limits") or {}).get(chosen.get("key", "")) or {}
    limits = {name: tuple(value) for name, value in told.items() if name != "at"}
    return rules.within(Limits(**limits)) if limits else rules


def judged(
    products: Collection[Product], channels: Iterable[str] = tuple(RULES)
) -> dict[int, dict[str, Judged]]:
    """What each channel's rules say of each product; five queries at most however many they are."""
    chosen = tuple(channels)
    facts = facts_of(products)
    region_id = next(iter(products)).region_id if products else ""
    shops = connected(region_id, {product.enterprise_id for product in products}) if products else {}
    return {
        product.pk: {
            channel: judge(
                facts[product.pk],
                rules_of(channel, product.category, shops.get(product.enterprise_id, {}).get(channel)),
            )
            for channel in chosen
        }
        for product in products
    }


def blocked_at(connection: Connection, products: Collection[Product]) -> dict[int, Judged]:
    """Which of these a marketplace would not take as they are."""
    facts = facts_of(products)
    found = {
        product.pk: judge(facts[product.pk], rules_of(connection.channel, product.category, connection))
        for product in products
        if connection.channel in RULES
    }
    return {key: one for key, one in found.items() if one.blocked}


# --- what lists read ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mended:
    """What a change brought at one channel: the score before and after."""

    channel: str
    before: int
    after: int


def refresh(region_id: str, products: Collection[int]) -> None:
    """Judge these products anew and keep what came out; within the transaction that changed them. The row
    is held before anything is read, so that what is kept is never older than what is there."""
    keys = sorted(products)
    if not keys:
        return
    with transaction.atomic():
        Quality.objects.bulk_create(
            [Quality(region_id=region_id, product_id=key) for key in keys], ignore_conflicts=True
        )
        rows = {
            row.product_id: row
            for row in Quality.objects.select_for_update(of=("self",), no_key=True)
            .filter(region=region_id, product__in=keys)
            .order_by("pk")
        }
        found = judged(
            list(Product.objects.filter(region=region_id, pk__in=keys).select_related("enterprise"))
        )
        now = clock.now()
        for key, row in rows.items():
            _note(row, found[key])
            row.judged_at = now
        Quality.objects.bulk_update(
            rows.values(), ["scores", "blocked", "found", "before", "mended_at", "judged_at"], batch_size=1000
        )


def _note(row: Quality, told: Mapping[str, Judged]) -> None:
    """Write what was judged, and keep what it was before where it changed."""
    scores = {channel: one.score for channel, one in told.items()}
    blocked = sorted(channel for channel, one in told.items() if one.blocked)
    found = sorted({finding.code for one in told.values() for finding in one.findings})
    if row.scores and (row.scores, row.blocked) != (scores, blocked):
        now = clock.now()
        if row.mended_at is None or now - row.mended_at > ONE_SITTING:
            row.before = {"scores": row.scores, "blocked": row.blocked, "found": row.found}
        row.mended_at = now
    row.scores, row.blocked, row.found = scores, blocked, found


def refresh_all(region_id: str, *, at_once: int = 500) -> int:
    """Judge every product of a region anew, some at a time; says how many. For the night: licences end,
    rules change, pictures were measured."""
    keys = list(Product.objects.filter(region=region_id).order_by("pk").values_list("pk", flat=True))
    for begin in range(0, len(keys), at_once):
        refresh(region_id, keys[begin : begin + at_once])
    return len(keys)


def channels_of(enterprise: Enterprise) -> list[str]:
    """Where the listings of this enterprise are seen: its shop page, and the marketplaces it is connected
    to."""
    shops = connected(enterprise.region_id, [enterprise.pk]).get(enterprise.pk, {})
    return [SHOP, *(channel for channel in RULES if channel in shops)]


def _kept() -> Any:
    return Quality.objects.filter(region=OuterRef("region"), product=OuterRef("pk"))


def lowest(channels: Sequence[str]) -> Subquery:
    """For a query of products: the lowest of the scores kept for these channels."""
    scores = [Cast(KeyTextTransform(channel, "scores"), IntegerField()) for channel in channels]
    least = Least(*scores) if len(scores) > 1 else scores[0]
    return Subquery(_kept().annotate(least=least).values("least")[:1], output_field=IntegerField())


def is_blocked(channels: Sequence[str]) -> Exists:
    """For a query of products: whether one of these channels does not take it as it is."""
    return Exists(_kept().filter(blocked__has_any_keys=list(channels)))


def scores_of(product: Product) -> dict[str, int]:
    """The scores that are kept of a product."""
    row = Quality.objects.filter(region=product.region_id, product=product).first()
    return dict(row.scores) if row is not None else {}


def mended(product: Product, before: Mapping[str, int], channels: Iterable[str]) -> list[Mended]:
    """Which scores of these channels are others than they were."""
    after = scores_of(product)
    return [
        Mended(channel, before[channel], after[channel])
        for channel in channels
        if channel in before and channel in after and before[channel] != after[channel]
    ]
