"""What machines read: the sitemap, and the product list of the whole city. Both hold only what owners
agreed to show, and change with it at once."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from mbois import clock
from mbois.enterprises.spreadsheets import safe
from mbois.market import queries
from mbois.market.messages_out import absolute
from mbois.market.models import Category, Shop
from mbois.market.models.products import slug_of
from mbois.places.models import Region

_SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
# A sitemap may hold so many addresses.
MOST_ADDRESSES = 50_000
# Characters that are sent at once.
PIECE = 64_000
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
    """The shops and products of one region; there is none of what is no region."""
    get_object_or_404(Region, code=region)

    def parts() -> Iterator[str]:
        shop_at, product_at = _addresses("shop", "shop"), _addresses("product", "product")
        yield '<?xml version="1.0" encoding="UTF-8"?>\n'
        yield f'<urlset xmlns="{_SITEMAPS}">\n'
        shops = Shop.objects.published().filter(region=region).order_by("pk").values_list("slug", flat=True)
        count = 0
        for slug in shops[:MOST_ADDRESSES].iterator(chunk_size=2000):
            count += 1
            yield f"<url><loc>{shop_at(slug)}</loc></url>\n"
        rows = queries.offered().filter(region=region).order_by("-published_at")
        facts = rows.values_list("name", "product__code", "product__changed_at")
        for name, code, changed_at in facts[: MOST_ADDRESSES - count].iterator(chunk_size=2000):
            url = product_at(slug_of(name, code))
            yield f"<url><loc>{url}</loc><lastmod>{clock.local_date(changed_at).isoformat()}</lastmod></url>\n"
        yield "</urlset>\n"

    return StreamingHttpResponse(_in_pieces(parts()), content_type="application/xml")


# What is read for a line, in the order in which `_row` takes it: columns, no objects, since there is a line
# for every product of the city.
_COLUMNS = (
    "product__code", "name", "product__description", "category", "price_from", "price_to", "cover__key",
    "cover__master", "cover__made_at", "shop__enterprise__name", "shop__slug", "region__name",
    "district__name", "halal_until", "certified_until", "published_at",
)  # fmt: skip


def _addresses(name: str, argument: str) -> Callable[[str], str]:
    """Full addresses of one page with one argument: looked up once, then put together."""
    begin, end = absolute(reverse(name, kwargs={argument: "~"})).split("~")
    return lambda value: f"{begin}{value}{end}"


def _rows() -> Iterator[dict[str, Any]]:
    """Every product on offer, as `_FIELDS` say. One query, read while it is sent."""
    today = clock.today()
    labels = {one.value: str(one.label) for one in Category}
    product_at, shop_at = _addresses("product", "product"), _addresses("shop", "shop")
    picture_at = _addresses("picture", "picture")
    entries = queries.offered().order_by("region", "product").values_list(*_COLUMNS)
    for (
        code, name, description, category, low, high, key, master, made, shop, slug, region, district,
        halal, certified, published,
    ) in entries.iterator(chunk_size=2000):  # fmt: skip
        picture = picture_at(f"{key}-1280.jpg" if made else f"{key}-first.jpg") if made or master else ""
        yield {
            "code": code,
            "name": name,
            "description": description,
            "category": labels[category],
            "price_from": low,
            "price_to": high,
            "currency": "IDR",
            "url": product_at(slug_of(name, code)),
            "picture": picture,
            "shop": shop,
            "shop_url": shop_at(slug),
            "region": region,
            "district": district,
            "halal": bool(halal and halal >= today),
            "certified": bool(certified and certified >= today),
            "published_on": clock.local_date(published).isoformat(),
        }


def _in_pieces(parts: Iterable[str]) -> Iterator[str]:
    """The same text in pieces of some 64,000 characters: each is a trip through the server."""
    held: list[str] = []
    length = 0
    for part in parts:
        held.append(part)
        length += len(part)
        if length >= PIECE:
            yield "".join(held)
            held, length = [], 0
    yield "".join(held)


@require_safe
@cache_control(public=True, max_age=600)
def feed_json(request: HttpRequest) -> StreamingHttpResponse:
    """Every product on offer, as JSON; sent while it is read."""

    def parts() -> Iterator[str]:
        yield f'{{"made_at": "{clock.now().isoformat()}", "products": ['
        for number, row in enumerate(_rows()):
            yield (",\n" if number else "\n") + json.dumps(row, ensure_ascii=False)
        yield "\n]}\n"

    response = StreamingHttpResponse(_in_pieces(parts()), content_type="application/json; charset=utf-8")
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
            if out.tell() >= PIECE:
                yield out.getvalue()
                out.seek(0)
                out.truncate()
        yield out.getvalue()

    response = StreamingHttpResponse(pieces(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="produk-kota.csv"'
    response["Access-Control-Allow-Origin"] = "*"
    return response
