"""A product as it is to be at a marketplace, and what we find wrong with it before the marketplace does."""

from collections.abc import Sequence

from mbois import clock
from mbois.enterprises.models import Licence
from mbois.market.channels import words
from mbois.market.channels.base import Channel, ChannelError, Kind, Limits, Offer, OfferedVariant, Photo
from mbois.market.channels.choosing import choose
from mbois.market.models import Connection, Listing, Picture, Product, ProductState
from mbois.market.models.products import FOOD_LICENCES
from mbois.market.speaking import Speaker

LIMITS_LAST = 86400  # seconds
DEFAULT_SIZE = (10, 10, 10)


def offer_of(product: Product, listings: Sequence[Listing], *, category: str, limits: Limits) -> Offer:
    """What is to be sent. Raises ChannelError(REFUSED) with one of our own codes where it cannot be."""
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
    weights = [row.variant.weight_grams or 0 for row in listings]
    sizes = [row.variant.size_cm for row in listings if row.variant.size_cm]
    offer = Offer(
        request=listings[0].request_key or product.code,
        title=_title(product, limits),
        description=_description(product),
        category=category,
        photos=[_photo(photo.picture) for photo in product.photos.all()][: (limits.photos or (1, 9))[1]],
        variants=variants,
        weight_grams=max(weights, default=0),
        size_cm=sizes[0] or DEFAULT_SIZE if sizes else DEFAULT_SIZE,
        brand=product.brand,
    )
    _check(offer, limits)
    return offer


def _within(stock: int, limits: tuple[int, int] | None) -> int:
    return min(stock, limits[1]) if limits else stock


def _title(product: Product, limits: Limits) -> str:
    """Its name; where that is too short for the marketplace, with the maker's name behind."""
    title = " ".join(product.name.split())
    if limits.title and len(title) < limits.title[0]:
        title = f"{title} - {product.brand or product.enterprise.name}"
    return title


def _description(product: Product) -> str:
    particulars = "\n".join(f"{name}: {value}" for name, value in product.attributes.items())
    return "\n\n".join(part for part in (product.description.strip(), particulars) if part)


def _photo(picture: Picture) -> Photo:
    def read() -> bytes:
        try:
            with picture.master.open() as file:
                content: bytes = file.read()
        except OSError:
            raise _wrong(words.NO_PHOTO, "photos") from None
        return content

    return Photo(f"{picture.key[:16]}.jpg", read)


def _wrong(code: str, field: str, number: object = "") -> ChannelError:
    return ChannelError(Kind.REFUSED, code=code, field=field, said=str(number))


def _check(offer: Offer, limits: Limits) -> None:
    if not offer.photos:
        raise _wrong(words.NO_PHOTO, "photos")
    if not offer.weight_grams:
        raise _wrong(words.NO_WEIGHT, "weight")
    for text, low_code, high_code, limit, field in (
        (offer.title, words.TITLE_SHORT, words.TITLE_LONG, limits.title, "title"),
        (
            offer.description,
            words.DESCRIPTION_SHORT,
            words.DESCRIPTION_LONG,
            limits.description,
            "description",
        ),
    ):
        if limit and len(text) < limit[0]:
            raise _wrong(low_code, field, limit[0])
        if limit and len(text) > limit[1]:
            raise _wrong(high_code, field, limit[1])
    for variant in offer.variants:
        if limits.price and variant.price < limits.price[0]:
            raise _wrong(words.PRICE_LOW, "price", limits.price[0])
        if limits.price and variant.price > limits.price[1]:
            raise _wrong(words.PRICE_HIGH, "price", limits.price[1])


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
            raise _wrong(words.NO_CATEGORY, "category")
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
