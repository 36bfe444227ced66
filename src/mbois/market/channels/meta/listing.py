"""What Meta's catalogue (Facebook, Instagram) wants of a product: square pictures of 500 pixels at least."""

from mbois.market.channels.listing import Rules

RULES = Rules(
    key="meta",
    name="Meta",
    title=(1, 200),
    title_words=3,
    title_shown=65,
    description=(1, 9999),
    description_good=200,
    photos_most=20,
    photos_good=3,
    side_least=500,
    side_good=1024,
    plain_first=False,
    wants_weight=False,
    sku=100,
    points={"photos": 26, "pixels": 10, "sharp": 12, "ground": 0, "weight": 0, "size": 0},
)
