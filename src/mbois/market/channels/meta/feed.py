"""A product as Meta's catalogue wants it in a CSV."""

from collections.abc import Callable

from mbois.market.channels.google_merchant.feed import pictures
from mbois.market.models import Shop, Variant

COLUMNS = (
    "id",
    "title",
    "description",
    "availability",
    "condition",
    "price",
    "link",
    "image_link",
    "additional_image_link",
    "brand",
    "item_group_id",
    "quantity_to_sell_on_facebook",
)
MOST_PICTURES = 20


def line(variant: Variant, *, shop: Shop, absolute: Callable[[str], str]) -> dict[str, object]:
    """One line, by the names of its columns."""
    product = variant.product
    shots = pictures(variant, absolute)
    return {
        "id": variant.sku[:100],
        "title": f"{product.name} {variant.name}".strip()[:200],
        "description": (product.description or product.name)[:9999],
        "availability": "in stock" if variant.available else "out of stock",
        "condition": "new",
        "price": f"{variant.price} IDR",
        "link": absolute(product.get_absolute_url()),
        "image_link": shots[0] if shots else "",
        "additional_image_link": ",".join(shots[1:MOST_PICTURES]),
        "brand": (product.brand or shop.enterprise.name)[:100],
        "item_group_id": product.code if variant.name else "",
        "quantity_to_sell_on_facebook": variant.available,
    }
