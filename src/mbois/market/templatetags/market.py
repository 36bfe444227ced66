"""Tags of the market's pages."""

from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString, mark_safe

from mbois.enterprises.models import Enterprise
from mbois.market import policy
from mbois.market.models import Category, Picture
from mbois.market.models.products import FOOD

register = template.Library()


@register.simple_tag(takes_context=True)
def handles_orders(context: Context, enterprise: Enterprise) -> bool:
    """`{% handles_orders enterprise as handles %}`: whether the reader sees its orders and their buyers."""
    return policy.can_handle_orders(context["request"].user, enterprise)


@register.inclusion_tag("market/parts/picture.html")
def product_picture(
    picture: Picture | None,
    alt: str,
    category: str = "other",
    sizes: str = "(max-width: 40rem) 46vw, 18rem",
    eager: bool = False,
    largest: int = 640,
) -> dict[str, Any]:
    """`{% product_picture entry.cover entry.name entry.category %}`: the smallest file the browser can
    show; a drawing of its kind where there is no photo yet."""
    made = picture is not None and picture.made_at is not None
    context: dict[str, Any] = {
        "picture": picture,
        "alt": alt,
        "category": category,
        "sizes": sizes,
        "eager": eager,
        "sources": [],
        "src": "",
    }
    if picture is None:
        return context
    if made:
        widths = [width for width in Picture.WIDTHS if width <= largest]
        for kind, mime in (("avif", "image/avif"), ("webp", "image/webp")):
            written = ", ".join(f"{picture.url(width, kind)} {width}w" for width in widths)
            context["sources"].append((mime, written))
        context["src"] = picture.url(widths[-1], "jpg")
    elif picture.master:
        context["src"] = picture.url(0, "jpg")
    return context


@register.simple_tag
def category_art(category: str) -> SafeString:
    """The name of the icon that stands for a kind of thing where there is no photo."""
    if category in FOOD:
        return mark_safe("utensils")
    return mark_safe(
        {
            Category.BATIK: "palette",
            Category.ART: "palette",
            Category.BOOK: "book-open",
            Category.PLANT: "sprout",
            Category.PRODUCE: "leaf",
            Category.SERVICE: "monitor",
            Category.FURNITURE: "house",
        }.get(Category(category) if category in Category.values else Category.OTHER, "shopping-bag")
    )
