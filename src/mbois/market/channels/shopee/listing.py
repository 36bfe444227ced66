"""What Shopee wants of a listing. Its limits of text, price and photos are asked for where a shop is
connected; the sides of photos and the length of an option are of its rules for sellers."""

from mbois.market.channels.listing import Rules

RULES = Rules(
    key="shopee",
    name="Shopee",
    title=(5, 255),
    title_words=5,
    title_shown=60,
    description=(20, 5000),
    description_good=300,
    photos_most=9,
    photos_good=5,
    side_least=300,
    side_good=1000,
    price=(99, 150_000_000),
    variant_name=20,
    points={"photos": 22, "weight": 10},
)
