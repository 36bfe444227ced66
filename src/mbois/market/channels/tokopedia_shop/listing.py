"""What Tokopedia & Shop wants of a listing. Its limits are asked for where a shop is connected."""

from mbois.market.channels.listing import Rules

RULES = Rules(
    key="tokopedia_shop",
    name="Tokopedia & Shop",
    title=(25, 255),
    title_words=5,
    title_shown=70,
    description=(10, 10_000),
    description_good=300,
    photos_most=9,
    photos_good=5,
    side_least=300,
    side_good=1000,
    price=(100, 100_000_000),
    variant_name=50,
    sku=50,
    points={"photos": 22, "ground": 8, "weight": 10},
)
