"""Whether a product that is not marked as food seems to be some.

Its name is read with the everyday words of the classification of businesses (KBLI), as Indonesian names
a thing: first what it is. "Keripik Tempe Pedas" is food, "Batik Motif Keripik" is batik. Where its name
says nothing, it counts what its maker makes. The database reads the same (`market_food_sign`) and lets
nothing be published that seems to be food, unless it is marked as food or somebody said that it is none.
"""

from django.db import connection
from django.utils.translation import gettext as _

from mbois.market.models import Product


def doubt(product: Product) -> str:
    """Why one has to ask whether this is food, as a sentence; "" where nobody has to."""
    if product.is_food or product.not_food_at is not None:
        return ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT market_food_sign(%s, %s, %s, %s)",
            (product.region_id, product.enterprise_id, product.name, product.category),
        )
        (word,) = cursor.fetchone()
    if word is None:
        return ""
    return said(word)


def said(word: str) -> str:
    """The question about a word of the name; without a word about its maker, who makes food."""
    if word:
        return _(
            "“%(word)s” sounds like food. Mark it as something one eats or drinks, or say that it is not "
            "for eating."
        ) % {"word": word.capitalize()}
    return _(
        "Your business makes food. Mark this as something one eats or drinks, or say that it is not for "
        "eating."
    )
