"""What sells on one's own shop page and in the city's catalogue: ours to say. Contacts are welcome there."""

from mbois.market.channels.listing import Rules

RULES = Rules(
    key="shop",
    name="",
    title=(1, 120),
    title_words=3,
    title_shown=60,
    description=(0, 8000),
    description_good=250,
    contacts=False,
    photos_most=9,
    photos_good=3,
    side_least=300,
    side_good=900,
    weight_blocks=False,
    wants_brand=False,
    points={"photos": 24, "brand": 0},
)
