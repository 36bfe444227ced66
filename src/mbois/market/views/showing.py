"""What the pages that everybody sees share: cards of products, a shop, links of campaigns."""

import json
from typing import Any

from django.http import Http404, HttpRequest
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

from mbois import clock
from mbois.market import messages_out, queries
from mbois.market.models import CatalogueEntry, Picture, Product, Shop


def ld_json(data: dict[str, Any]) -> SafeString:
    """Facts for search engines, safe within a script element: it can neither be closed nor opened."""
    text = json.dumps(data, ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return mark_safe(text)


def link_of(request: HttpRequest) -> str:
    """The code of a campaign's link in the address (`?k=`), as it came; checked where it counts."""
    code = request.GET.get("k", "") or request.POST.get("k", "")
    return code if code.isascii() and code.isalnum() and len(code) <= 8 else ""


def with_link(address: str, code: str) -> str:
    """An address of ours that carries a campaign's link along."""
    return f"{address}?k={code}" if code else address


def cards(
    entries: list[CatalogueEntry], wish: queries.Wish | None = None, *, link: str = ""
) -> list[dict[str, Any]]:
    today = clock.today()
    gone = queries.sold_out(entries) if entries else set()
    return [
        {
            "entry": one,
            "url": with_link(
                Product(region_id=one.region_id, name=one.name, code=one.product.code).get_absolute_url(),
                link,
            ),
            "sold_out": one.product_id in gone,
            "halal": one.halal_until is not None and one.halal_until >= today,
            "km": queries.kilometres(wish.near, one.latitude, one.longitude) if wish and wish.near else None,
        }
        for one in entries
    ]


def public_shop(slug: str) -> Shop:
    shop = (
        Shop.objects.published()
        .filter(slug=slug.replace("\x00", ""))
        .select_related("enterprise__village__parent__region", "region")
        .order_by("pk")
        .first()
    )
    if shop is None:
        raise Http404
    found: Shop = shop
    return found


def share_picture(picture: Picture | None) -> str:
    """The full address of the picture that is shown where a page is shared."""
    if picture is not None and (picture.made_at is not None or picture.master):
        return messages_out.absolute(picture.largest_url)
    return messages_out.absolute(static("web/share.png"))
