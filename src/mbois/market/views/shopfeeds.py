"""Feeds of one shop, which Google Merchant Center and Meta's catalogue fetch by themselves. They hold
only what the owner agreed to show, and change with it at once."""

import csv
import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from mbois import clock
from mbois.enterprises.spreadsheets import safe
from mbois.market.channels.google_merchant import feed as google_feed
from mbois.market.channels.meta import feed as meta_feed
from mbois.market.models import CatalogueEntry, Shop, Variant

MOST = 5000
# Beside the control signs: halves of characters do not occur, as the database keeps none.
FORBIDDEN = "\ufffe\uffff"


def _shop(slug: str) -> Shop:
    shop: Shop | None = Shop.objects.published().filter(slug=slug).select_related("enterprise").first()
    if shop is None:
        raise Http404
    return shop


def variants_of(shop: Shop) -> list[Variant]:
    """What a shop offers now, with product and pictures."""
    offered = CatalogueEntry.objects.filter(
        region=shop.region_id, shop=shop, sellable_until__gte=clock.today()
    ).values("product")
    return list(
        Variant.objects.filter(region=shop.region_id, product__in=offered, active=True)
        .select_related("product")
        .prefetch_related("product__photos__picture")
        .order_by("product", "position", "pk")[:MOST]
    )


def in_xml(text: str) -> str:
    """A text within XML: signs that XML forbids, as some programs paste them, are left out."""
    return escape("".join(sign for sign in text if sign in "\n\t" or (sign >= " " and sign not in FORBIDDEN)))


def absolute(path: str) -> str:
    return urljoin(settings.SITE_URL, path)


@require_safe
@cache_control(public=True, max_age=300)
def google(request: HttpRequest, shop: str) -> StreamingHttpResponse:
    """RSS 2.0 with Google's own elements."""
    row = _shop(shop)
    variants = variants_of(row)

    def pieces() -> Iterator[str]:
        yield '<?xml version="1.0" encoding="UTF-8"?>\n<rss xmlns:g="http://base.google.com/ns/1.0" version="2.0">'
        yield f"<channel><title>{in_xml(row.enterprise.name)}</title>"
        yield f"<link>{in_xml(absolute(row.get_absolute_url()))}</link>"
        yield f"<description>{in_xml(row.tagline or row.enterprise.name)}</description>\n"
        for variant in variants:
            parts = google_feed.entry(variant, shop=row, absolute=absolute)
            yield "<item>" + "".join(f"<{name}>{in_xml(text)}</{name}>" for name, text in parts) + "</item>\n"
        yield "</channel></rss>\n"

    return StreamingHttpResponse(pieces(), content_type="application/xml; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=300)
def meta(request: HttpRequest, shop: str) -> StreamingHttpResponse:
    """CSV with the columns of Meta's catalogue."""
    row = _shop(shop)
    lines = [meta_feed.line(variant, shop=row, absolute=absolute) for variant in variants_of(row)]
    return StreamingHttpResponse(_csv(meta_feed.COLUMNS, lines), content_type="text/csv; charset=utf-8")


def _csv(columns: tuple[str, ...], lines: list[dict[str, Any]]) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for line in lines:
        writer.writerow([safe(str(line.get(name, ""))) for name in columns])
    yield out.getvalue()
