"""What everybody sees: the catalogue, shops, products and their pictures."""

from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mbois import clock
from mbois.enterprises.models import Subsector
from mbois.market import desk, messages_out, queries
from mbois.market.codes import code_in
from mbois.market.models import (
    CatalogueEntry,
    Category,
    Certificate,
    Picture,
    Product,
    ProductPhoto,
    Variant,
)
from mbois.market.views.showing import cards, ld_json, link_of, public_shop, share_picture, with_link
from mbois.people.models import Person

MIME = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
MOST_SHOWN_VARIANTS = 40


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Everything the city's businesses offer: searched, filtered, near."""
    wish = queries.Wish.of(request.GET)
    found = queries.find(wish)
    context = {
        "wish": wish,
        "found": found,
        "cards": cards(found.entries, wish),
        "categories": Category.choices,
        "subsectors": Subsector.choices,
        "districts": queries.districts(),
        "previous": wish.query(page=wish.page - 1) if wish.page > 1 else "",
        "next": wish.query(page=wish.page + 1) if found.more else "",
        "orders": [
            ("", _("Newest first")),
            ("murah", _("Cheapest first")),
            ("mahal", _("Dearest first")),
            *([("dekat", _("Nearest first"))] if wish.near else []),
        ],
        "without_near": wish.query(dekat="", urut=""),
    }
    return render(request, "market/catalogue.html", context)


@require_safe
def shop(request: HttpRequest, shop: str) -> HttpResponse:
    """The shop page of an enterprise."""
    row = public_shop(shop)
    link = link_of(request)
    carried = f"&k={link}" if link else ""
    wish = queries.Wish.of(request.GET)
    rows = (
        queries.offered()
        .filter(region=row.region_id, shop=row)
        .select_related("cover", "product", "shop__enterprise", "district")
    )
    found = queries.page_of(queries.ordered(rows, wish), wish)
    address = messages_out.absolute(row.get_absolute_url())
    enterprise = row.enterprise
    place = {
        "@context": "https://schema.org",
        "@type": "LocalBusiness",
        "name": enterprise.name,
        "url": address,
        "description": row.tagline or row.about[:300],
        "address": {
            "@type": "PostalAddress",
            "addressLocality": enterprise.village.parent.name if enterprise.village.parent else "",
            "addressRegion": row.region.name,
            "addressCountry": "ID",
        },
    }
    if enterprise.latitude is not None:
        place["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": enterprise.latitude,
            "longitude": enterprise.longitude,
        }
    context = {
        "shop": row,
        "enterprise": enterprise,
        "cards": cards(found.entries, link=link),
        "known": ld_json(place),
        "address": address,
        "picture": share_picture(found.entries[0].cover if found.entries else None),
        "previous": f"page={wish.page - 1}{carried}" if wish.page > 1 else "",
        "next": f"page={wish.page + 1}{carried}" if found.more else "",
        "whatsapp": messages_out.wa_link(
            row.whatsapp, _("Hello %(shop)s, I saw your shop: %(url)s") % {"shop": enterprise, "url": address}
        ),
    }
    return render(request, "market/shop.html", context)


@require_safe
def product(request: HttpRequest, product: str) -> HttpResponse:
    """A product: pictures, variants, certificates, the way to order. Four queries."""
    code = code_in(product)
    entry = (
        queries.offered()
        .filter(product__in=Product.objects.coded(code))
        .select_related(
            "product", "shop__enterprise__village__parent", "shop__enterprise__village__region", "district"
        )
        .first()
    )
    if entry is None:
        return _gone(request, code)
    row: Product = entry.product
    if product != row.slug:
        return redirect(with_link(row.get_absolute_url(), link_of(request)), permanent=True)
    region_id, today = entry.region_id, clock.today()
    variants = list(Variant.objects.filter(region=region_id, product=row, active=True)[:MOST_SHOWN_VARIANTS])
    photos = list(ProductPhoto.objects.filter(region=region_id, product=row).select_related("picture"))
    licences = [
        one.licence
        for one in Certificate.objects.filter(region=region_id, product=row)
        .select_related("licence")
        .order_by("licence__kind")
        if one.licence.enterprise_id == row.enterprise_id
        and (one.licence.expires_on is None or one.licence.expires_on >= today)
        and one.licence.kind in ("pirt", "halal", "bpom", "sni", "brand")
    ]
    enterprise = entry.shop.enterprise
    address = messages_out.absolute(row.get_absolute_url())
    left = sum(one.available for one in variants)
    context = {
        "entry": entry,
        "product": row,
        "shop": entry.shop,
        "enterprise": enterprise,
        "variants": variants,
        "photos": photos,
        "licences": licences,
        "left": left,
        "address": address,
        "link": link_of(request),
        "shop_url": with_link(entry.shop.get_absolute_url(), link_of(request)),
        "picture": share_picture(photos[0].picture if photos else None),
        "known": ld_json(_facts(entry, variants, photos, address, left)),
        "category": Category(row.category).label,
        "ask": messages_out.wa_link(
            entry.shop.whatsapp,
            _("Hello %(shop)s, I have a question about %(product)s: %(url)s")
            % {"shop": enterprise, "product": row, "url": address},
        ),
    }
    return render(request, "market/product.html", context)


def _gone(request: HttpRequest, code: str) -> HttpResponse:
    """What was offered once: the page says so and leads on; what never was does not exist."""
    known = Product.objects.coded(code).filter(state="withdrawn").exists() if code else False
    if not known:
        raise Http404
    return render(request, "market/gone.html", status=410)


def _facts(
    entry: CatalogueEntry, variants: list[Variant], photos: list[ProductPhoto], address: str, left: int
) -> dict[str, Any]:
    product = entry.product
    offer: dict[str, Any] = {
        "priceCurrency": "IDR",
        "availability": f"https://schema.org/{'InStock' if left else 'OutOfStock'}",
        "url": address,
        "seller": {"@type": "Organization", "name": entry.shop.enterprise.name},
    }
    if entry.price_from == entry.price_to:
        offer |= {"@type": "Offer", "price": entry.price_from}
    else:
        offer |= {
            "@type": "AggregateOffer",
            "lowPrice": entry.price_from,
            "highPrice": entry.price_to,
            "offerCount": len(variants),
        }
    return {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": product.name,
        "description": product.description[:1000],
        "category": str(Category(product.category).label),
        "sku": variants[0].sku if variants else product.code,
        "image": [messages_out.absolute(one.picture.largest_url) for one in photos if one.picture.master],
        "brand": {"@type": "Brand", "name": product.brand or entry.shop.enterprise.name},
        "offers": offer,
    }


@require_safe
def picture(request: HttpRequest, picture: str) -> HttpResponseBase:
    """A picture of a product in one of its sizes: everybody's while a product that shows it is public."""
    key, _dash, name = picture.partition("-")
    width, _dot, kind = name.partition(".")
    known = (width.isdecimal() and int(width) in Picture.WIDTHS and kind in MIME) or name == "first.jpg"
    if not known or len(key) != 64:
        raise Http404
    shown = ProductPhoto.objects.filter(region=OuterRef("region"), picture=OuterRef("pk"))
    rows = Picture.objects.filter(key=key).annotate(
        public=Exists(shown.filter(product__entries__isnull=False))
    )
    found = sorted(rows, key=lambda one: not one.public)
    if not found:
        raise Http404
    row: Any = found[0]
    if not row.public:
        person = request.user
        mine = isinstance(person, Person) and any(
            ProductPhoto.objects.filter(
                region=one.region_id,
                picture=one,
                product__in=Product.objects.visible_to(person).filter(region=one.region_id),
            ).exists()
            for one in found
        )
        if not mine and not (
            isinstance(person, Person) and any(desk.may_see_picture(person, one) for one in found)
        ):
            raise Http404
    path = row.path(name)
    try:
        file = default_storage.open(path, "rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, content_type=MIME[kind])
    response["Cache-Control"] = (
        "public, max-age=31536000, immutable" if row.public else "private, max-age=3600"
    )
    return response
