"""What Lazada wants of a listing, by its rules for products; its API tells none."""

from mbois.market.channels.listing import Rules

RULES = Rules(
    key="lazada",
    name="Lazada",
    title=(2, 255),
    title_words=5,
    title_shown=80,
    description=(0, 25_000),
    description_good=400,
    photos_most=8,
    photos_good=5,
    side_least=330,
    side_good=1000,
    price=(100, 500_000_000),
    variant_name=60,
    sku=200,
    picture_bytes=3 * 1024 * 1024,
    points={"ground": 10, "brand": 4, "size": 5},
)
