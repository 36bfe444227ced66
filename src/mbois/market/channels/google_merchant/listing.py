"""What Google wants of product data: its specification for titles, descriptions and images. A frame around
an image is refused there; weight and size of the parcel are the seller's own affair."""

from mbois.market.channels.listing import Rules

RULES = Rules(
    key="google_merchant",
    name="Google",
    title=(1, 150),
    title_words=4,
    title_shown=70,
    description=(1, 5000),
    description_good=500,
    photos_most=10,
    photos_good=3,
    side_least=250,
    side_good=1200,
    border_blocks=True,
    wants_weight=False,
    sku=50,
    points={"title": 20, "description": 20, "border": 8, "ground": 8, "brand": 6, "weight": 0, "size": 0},
)
