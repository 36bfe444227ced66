"""A product as Google Merchant Center wants it in a feed."""

from collections.abc import Callable

from mbois.market.models import Category, Shop, Variant

MOST_PICTURES = 10
TITLE, DESCRIPTION = 150, 5000


def pictures(variant: Variant, absolute: Callable[[str], str]) -> list[str]:
    """Addresses of the product's pictures that are ready to be shown."""
    photos = [photo.picture for photo in variant.product.photos.all()]
    return [absolute(picture.largest_url) for picture in photos if picture.made_at or picture.master]


def entry(variant: Variant, *, shop: Shop, absolute: Callable[[str], str]) -> list[tuple[str, str]]:
    """The elements of one item, in order."""
    product = variant.product
    shots = pictures(variant, absolute)
    parts = [
        ("g:id", variant.sku),
        ("title", f"{product.name} {variant.name}".strip()[:TITLE]),
        ("description", (product.description or product.name)[:DESCRIPTION]),
        ("link", absolute(product.get_absolute_url())),
        ("g:availability", "in_stock" if variant.available else "out_of_stock"),
        ("g:price", f"{variant.price} IDR"),
        ("g:condition", "new"),
        ("g:brand", product.brand or shop.enterprise.name),
        ("g:identifier_exists", "no"),
        ("g:product_type", str(Category(product.category).label)),
    ]
    if len(shots) > 0:
        parts.append(("g:image_link", shots[0]))
    parts += [("g:additional_image_link", url) for url in shots[1:MOST_PICTURES]]
    if variant.name:
        parts.append(("g:item_group_id", product.code))
    if variant.weight_grams:
        parts.append(("g:shipping_weight", f"{variant.weight_grams} g"))
    return parts
