"""What machines read: the sitemap, and the product list of the whole city. Both hold only what owners
agreed to show, and change with it at once."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from mbois import clock
from mbois.enterprises.spreadsheets import safe
from mbois.market import queries
from mbois.market.messages_out import absolute
from mbois.market.models import CatalogueEntry, Category, Product, Shop
from mbois.places.models import Region

_SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
# A sitemap may hold so many addresses.
MOST_ADDRESSES = 50_000
_FIELDS = (
    "code", "name", "description", "category", "price_from", "price_to", "currency", "url", "picture",
    "shop", "shop_url", "region", "district", "halal", "certified", "published_on",
)  # fmt: skip


@require_safe
@cache_control(public=True, max_age=600)
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read."""
    lines = [
        "User-agent: *",
        "Disallow: /ikuti/",
        "Disallow: /k/",
        "Disallow: /akun/",
        f"Sitemap: {absolute('/sitemap.xml')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=600)
def sitemap(request: HttpRequest) -> HttpResponse:
    """An index: a sitemap of products and shops for each region that has some."""
    codes = Region.objects.order_by("code").values_list("code", flat=True)
    urls = [absolute(reverse("sitemap_region", kwargs={"region": code})) for code in codes]
    text = "".join(f"<sitemap><loc>{url}</loc></sitemap>\n" for url in urls)
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="{_SITEMAPS}">\n{text}</sitemapindex>\n'
    )
    return HttpResponse(body, content_type="application/xml")


@require_safe
@cache_control(public=True, max_age=600)
def sitemap_region(request: HttpRequest, region: str) -> StreamingHttpResponse:
    """The shops and products of one region."""

    def pieces() -> Iterator[str]:
        yield '<?xml version="1.0" encoding="UTF-8"?>\n'
        yield f'<urlset xmlns="{_SITEMAPS}">\n'
        shops = Shop.objects.published().filter(region=region).order_by("pk")[:MOST_ADDRESSES]
        count = 0
        for shop in shops.iterator(chunk_size=1000):
            count += 1
            yield f"<url><loc>{absolute(shop.get_absolute_url())}</loc></url>\n"
        rows = queries.offered().filter(region=region).select_related("product").order_by("-published_at")
        for entry in rows[: MOST_ADDRESSES - count].iterator(chunk_size=1000):
            url = absolute(entry.product.get_absolute_url())
            day = clock.local_date(entry.product.changed_at).isoformat()
            yield f"<url><loc>{url}</loc><lastmod>{day}</lastmod></url>\n"
        yield "</urlset>\n"

    return StreamingHttpResponse(pieces(), content_type="application/xml")


def _rows() -> Iterator[dict[str, Any]]:
    today = clock.today()
    entries = (
        queries.offered()
        .select_related("product", "shop__enterprise", "district", "region", "cover")
        .order_by("region", "product")
    )
    for one in entries.iterator(chunk_size=1000):
        yield _row(one, today)


def _row(one: CatalogueEntry, today: Any) -> dict[str, Any]:
    product: Product = one.product
    return {
        "code": product.code,
        "name": one.name,
        "description": product.description,
        "category": str(Category(one.category).label),
        "price_from": one.price_from,
        "price_to": one.price_to,
        "currency": "IDR",
        "url": absolute(product.get_absolute_url()),
        "picture": absolute(one.cover.url(1280, "jpg")) if one.cover and one.cover.made_at else "",
        "shop": one.shop.enterprise.name,
        "shop_url": absolute(one.shop.get_absolute_url()),
        "region": one.region.name,
        "district": one.district.name,
        "halal": bool(one.halal_until and one.halal_until >= today),
        "certified": bool(one.certified_until and one.certified_until >= today),
        "published_on": clock.local_date(one.published_at).isoformat(),
    }


@require_safe
@cache_control(public=True, max_age=600)
def feed_json(request: HttpRequest) -> StreamingHttpResponse:
    """Every product on offer, as JSON; sent while it is read."""

    def pieces() -> Iterator[str]:
        yield f'{{"made_at": "{clock.now().isoformat()}", "products": ['
        for number, row in enumerate(_rows()):
            yield (",\n" if number else "\n") + json.dumps(row, ensure_ascii=False)
        yield "\n]}\n"

    response = StreamingHttpResponse(pieces(), content_type="application/json; charset=utf-8")
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
@cache_control(public=True, max_age=600)
def feed_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Every product on offer, as CSV; sent while it is read."""

    def pieces() -> Iterator[str]:
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(_FIELDS)
        for row in _rows():
            writer.writerow([safe(v) if isinstance(v, str) else v for v in row.values()])
            if out.tell() > 60_000:
                yield out.getvalue()
                out.seek(0)
                out.truncate()
        yield out.getvalue()

    response = StreamingHttpResponse(pieces(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="produk-kota.csv"'
    response["Access-Control-Allow-Origin"] = "*"
    return response
