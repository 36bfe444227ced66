"""What everybody sees: the catalogue, shops, products, ordering, and following an order."""

import io
import json
import uuid
from typing import Any

import segno
from allauth.core.internal import ratelimit
from django.contrib import messages
from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mbois import clock
from mbois.enterprises.models import Subsector
from mbois.market import desk, forms, messages_out, qris, queries
from mbois.market.actions import orders as actions
from mbois.market.actions.orders import Buyer, Wanted
from mbois.market.codes import code_in
from mbois.market.models import (
    CatalogueEntry,
    Category,
    Certificate,
    Order,
    OrderState,
    Payment,
    Picture,
    Product,
    ProductPhoto,
    Shop,
    Variant,
)
from mbois.people.models import Person
from mbois.refused import Refused
from mbois.web.given import whole_number

MIME = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
MOST_SHOWN_VARIANTS = 40


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


def _cards(
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


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Everything the city's businesses offer: searched, filtered, near."""
    wish = queries.Wish.of(request.GET)
    found = queries.find(wish)
    context = {
        "wish": wish,
        "found": found,
        "cards": _cards(found.entries, wish),
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


def _public_shop(slug: str) -> Shop:
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


@require_safe
def shop(request: HttpRequest, shop: str) -> HttpResponse:
    """The shop page of an enterprise."""
    row = _public_shop(shop)
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
        "cards": _cards(found.entries, link=link),
        "known": ld_json(place),
        "address": address,
        "picture": _share_picture(found.entries[0].cover if found.entries else None),
        "previous": f"page={wish.page - 1}{carried}" if wish.page > 1 else "",
        "next": f"page={wish.page + 1}{carried}" if found.more else "",
        "whatsapp": messages_out.wa_link(
            row.whatsapp, _("Hello %(shop)s, I saw your shop: %(url)s") % {"shop": enterprise, "url": address}
        ),
    }
    return render(request, "market/shop.html", context)


def _share_picture(picture: Picture | None) -> str:
    """The full address of the picture that is shown where a page is shared."""
    if picture is not None and (picture.made_at is not None or picture.master):
        return messages_out.absolute(picture.largest_url)
    return messages_out.absolute(static("web/share.png"))


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
        "picture": _share_picture(photos[0].picture if photos else None),
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


# --- ordering -------------------------------------------------------------------------------------


def _chosen(request: HttpRequest) -> tuple[dict[int, int], dict[int, str]]:
    """The variants and quantities a page asks for, and what was typed instead of a quantity."""
    chosen: dict[int, int] = {}
    unread: dict[int, str] = {}
    given = (request.POST if request.method == "POST" else request.GET).dict()
    if first := whole_number(str(given.get("v", ""))):
        quantity = whole_number(str(given.get("n", "1")))
        chosen[first] = 1 if quantity is None else quantity
    for name, told in given.items():
        key = whole_number(name.removeprefix("n-")) if name.startswith("n-") else None
        typed = str(told).strip()
        if key is None or not typed:
            continue
        quantity = whole_number(typed, most=10**9)
        if quantity is None:
            unread[key] = typed[:20]
        else:
            chosen[key] = quantity
    return chosen, unread


@require_http_methods(["GET", "POST"])
def order_new(request: HttpRequest, shop: str) -> HttpResponse:
    """Order from a shop, without an account."""
    row = _public_shop(shop)
    chosen, unread = _chosen(request)
    ordered: Order | None = None
    form = forms.OrderForm(
        request.POST if request.method == "POST" else None,
        shop=row,
        initial={"client_id": uuid.uuid4(), **_myself(request)},
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        if unread:
            form.refuse(actions.no_quantity())
        elif not ratelimit.consume(request, app="allauth.account", action="order"):
            form.add_error(None, _("Too many orders from here. Please wait a while."))
        else:
            try:
                order = actions.place_order(
                    row,
                    [Wanted(key, count) for key, count in chosen.items() if count],
                    buyer=Buyer(told["name"], str(told["phone"]), told["address"], told["note"]),
                    payment=told["payment"],
                    client_id=told["client_id"],
                    link=link_of(request),
                )
            except actions.OrderedAlready as refused:
                form.refuse(refused)
                ordered = refused.order
                form.data = {**request.POST.dict(), "client_id": str(uuid.uuid4())}
            except Refused as refused:
                form.refuse(refused)
            else:
                return redirect(order.follow_url)
    variants = list(
        Variant.objects.filter(
            region=row.region_id,
            active=True,
            product__entries__shop=row,
            product__entries__sellable_until__gte=clock.today(),
        )
        .select_related("product")
        .order_by("product__name", "product", "position", "pk")[:500]
    )
    wanted_products = {one.product_id for one in variants if chosen.get(one.pk) or one.pk in unread}
    variants.sort(key=lambda one: (one.product_id not in wanted_products,))
    first = [one for one in variants if one.product_id in wanted_products]
    others = [one for one in variants if one.product_id not in wanted_products][:20]
    lines, more = (
        [{"variant": one, "count": unread.get(one.pk) or str(chosen.get(one.pk, 0))} for one in some]
        for some in (first, others)
    )
    total = sum(one.price * chosen.get(one.pk, 0) for one in variants)
    context = {
        "shop": row,
        "enterprise": row.enterprise,
        "form": form,
        "ordered": ordered,
        "lines": lines or more,
        "more": more if lines else [],
        "total": total,
        "link": link_of(request),
        "shop_url": with_link(row.get_absolute_url(), link_of(request)),
    }
    return render(request, "market/order_new.html", context, status=422 if form.errors else 200)


def _myself(request: HttpRequest) -> dict[str, str]:
    person = request.user
    if not isinstance(person, Person):
        return {}
    return {"name": person.name, "phone": str(person.phone or "")}


def _followed(token: str) -> Order:
    row: Order | None = (
        Order.objects.filter(token=token.replace("\x00", ""))
        .select_related("enterprise__village__parent", "region")
        .prefetch_related("lines")
        .first()
    )
    if row is None:
        raise Http404
    return row


def _shop_of(order: Order) -> Shop | None:
    return Shop.objects.filter(region=order.region_id, enterprise=order.enterprise_id).first()


def _may_pay(order: Order, shop: Shop | None) -> bool:
    return bool(
        shop
        and shop.takes_qris
        and order.payment == Payment.QRIS
        and order.paid_at is None
        and order.state in (OrderState.PLACED, OrderState.CONFIRMED)
        and order.goods + order.shipping <= actions.qris_most()
    )


@require_safe
def follow_order(request: HttpRequest, follow: str) -> HttpResponse:
    """The buyer's page of an order; who has the link needs no account."""
    row = _followed(follow)
    shop = _shop_of(row)
    context = {
        "order": row,
        "enterprise": row.enterprise,
        "shop": shop,
        "lines": row.lines.all(),
        "steps": messages_out.steps_of(row),
        "whatsapp": messages_out.to_seller(row, shop, row.enterprise.name) if shop else "",
        "may_pay": _may_pay(row, shop),
        "address": messages_out.absolute(row.follow_url),
    }
    response = render(request, "market/follow.html", context)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "same-origin"
    return response


@require_safe
def follow_qris(request: HttpRequest, follow: str) -> HttpResponse:
    """The seller's own QRIS, made for the amount of this order."""
    row = _followed(follow)
    shop = _shop_of(row)
    if shop is None or not _may_pay(row, shop):
        raise Http404
    made = segno.make(qris.make_dynamic(shop.qris, row.goods + row.shipping), error="m", micro=False)
    out = io.BytesIO()
    made.save(out, kind="svg", scale=6, border=4, light="white")
    response = HttpResponse(out.getvalue(), content_type="image/svg+xml")
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def follow_step(request: HttpRequest, follow: str) -> HttpResponse:
    """The buyer says that it has arrived, or calls it off while nobody has confirmed it."""
    row = _followed(follow)
    verb = request.POST.get("verb")
    try:
        if verb == "received" and row.channel == "shop":
            actions.receive_order(row, by=None)
        elif verb == "cancel" and row.channel == "shop":
            actions.cancel_by_buyer(row)
        else:
            raise Http404
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect(row.follow_url)
