"""A product as it is to be at a marketplace, and what we find wrong with it before the marketplace does."""

import hashlib
from collections.abc import Sequence

from mbois import clock
from mbois.enterprises.models import Licence
from mbois.market.channels import findings
from mbois.market.channels.base import Channel, ChannelError, Kind, Limits, Offer, OfferedVariant, Photo
from mbois.market.channels.choosing import choose
from mbois.market.channels.listing import judge, title_of
from mbois.market.channels.rules import RULES
from mbois.market.models import Connection, Listing, Picture, Product, ProductState
from mbois.market.models.products import FOOD_LICENCES
from mbois.market.pictures import lighter
from mbois.market.quality import facts_of
from mbois.market.speaking import Speaker

LIMITS_LAST = 86400  # seconds
DEFAULT_SIZE = (10, 10, 10)


def offer_of(
    product: Product, listings: Sequence[Listing], *, channel: str, category: str, limits: Limits
) -> Offer:
    """What is to be sent. Raises ChannelError(REFUSED) with the code of the first blocker where the
    channel's rules do not let it through."""
    rules = RULES[channel].within(limits)
    rows = [listing.variant for listing in listings]
    facts = facts_of([product], {product.pk: rows})[product.pk]
    for blocker in judge(facts, rules).blockers:
        raise _wrong(blocker.code, blocker.field, blocker.told)
    variants = [
        OfferedVariant(
            row.variant.sku,
            row.variant.name or row.variant.sku,
            row.variant.price,
            _within(row.variant.available, limits.stock),
        )
        for row in listings
    ]
    if len(variants) == 1:
        only = variants[0]
        variants = [OfferedVariant(only.sku, "", only.price, only.stock)]
    shown = list(product.photos.select_related("picture"))
    weights = [row.variant.weight_grams or 0 for row in listings]
    sizes = [row.variant.size_cm for row in listings if row.variant.size_cm]
    return Offer(
        request=listings[0].request_key or product.code,
        title=title_of(facts, rules),
        description=facts.text,
        category=category,
        photos=[_photo(photo.picture, rules.picture_bytes) for photo in shown[: rules.photos_most]],
        variants=variants,
        weight_grams=max(weights, default=0),
        size_cm=sizes[0] or DEFAULT_SIZE if sizes else DEFAULT_SIZE,
        brand=product.brand,
    )


def content_of(offer: Offer) -> str:
    """Fingerprints of what an offer says: `words:photos`. Price and stock are no part of it."""
    said = [
        offer.title,
        offer.description,
        offer.brand,
        offer.weight_grams,
        offer.size_cm,
        sorted((variant.sku, variant.name) for variant in offer.variants),
    ]
    shown = [photo.name for photo in offer.photos]
    return ":".join(hashlib.sha256(repr(part).encode()).hexdigest()[:16] for part in (said, shown))


def _within(stock: int, limits: tuple[int, int] | None) -> int:
    return min(stock, limits[1]) if limits else stock


def _photo(picture: Picture, most_bytes: int) -> Photo:
    def read() -> bytes:
        try:
            with picture.master.open() as file:
                content: bytes = file.read()
        except OSError:
            raise _wrong(findings.NO_PHOTO, "photos") from None
        return content if len(content) <= most_bytes else lighter(content, most_bytes)

    return Photo(f"{picture.key[:16]}.jpg", read)


def _wrong(code: str, field: str, number: object = "") -> ChannelError:
    return ChannelError(Kind.REFUSED, code=code, field=field, said=str(number))


def may_be_offered(product: Product) -> bool:
    """Whether it may be sold now: published here, and food with a valid licence."""
    if product.state != ProductState.PUBLISHED:
        return False
    if not product.is_food:
        return True
    today = clock.today()
    return any(
        expires is None or expires >= today
        for expires in Licence.objects.filter(
            region=product.region_id, enterprise=product.enterprise_id, kind__in=FOOD_LICENCES
        ).values_list("expires_on", flat=True)
    )


def category_for(speaker: Speaker, ours: str) -> tuple[str, Limits]:
    """The platform's category for one of ours and its limits, asked for once a day and kept with the
    connection. Raises ChannelError(REFUSED) where it has none."""
    row = speaker.connection
    chosen = row.settings.get("categories") or {}
    kept = row.settings.get("limits") or {}
    key = (chosen.get(ours) or {}).get("key", "")
    now = clock.now().timestamp()
    if not key:
        found = choose(ours, speaker.do(lambda channel: channel.categories()))
        if found is None:
            raise _wrong(findings.NO_CATEGORY, "category")
        key = found.key
        chosen = {**chosen, ours: {"key": key, "name": found.name}}
    if now - float((kept.get(key) or {}).get("at", 0)) > LIMITS_LAST:
        asked = speaker.do(lambda channel: _limits(channel, key))
        kept = {
            **kept,
            key: {"at": now} | {name: list(value) for name, value in vars(asked).items() if value},
        }
    if chosen != row.settings.get("categories") or kept != row.settings.get("limits"):
        _keep_settings(row, categories=chosen, limits=kept)
    told = {name: tuple(value) for name, value in kept[key].items() if name != "at"}
    return key, Limits(**told)


def _limits(channel: Channel, key: str) -> Limits:
    return channel.limits(key)


def _keep_settings(row: Connection, **settings: object) -> None:
    row.settings = {**row.settings, **settings}
    Connection.objects.filter(region=row.region_id, pk=row.pk).update(settings=row.settings)
