"""Ordering without an account, and following an order by its link."""

import io
import uuid

import segno
from allauth.core.internal import ratelimit
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mbois import clock
from mbois.market import forms, messages_out, qris
from mbois.market.actions import orders as actions
from mbois.market.actions.orders import Buyer, Wanted
from mbois.market.models import Order, OrderState, Payment, Shop, Variant
from mbois.market.models.products import MOST_PRICE
from mbois.market.views.showing import link_of, public_shop, with_link
from mbois.people.models import Person
from mbois.refused import Refused
from mbois.web.given import whole_number


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


def _shown(request: HttpRequest) -> dict[int, int]:
    """The prices that the page showed, in rupiah by variant."""
    prices: dict[int, int] = {}
    for name, told in request.POST.items():
        key = whole_number(name.removeprefix("p-")) if name.startswith("p-") else None
        price = whole_number(str(told), most=MOST_PRICE)
        if key is not None and price is not None:
            prices[key] = price
    return prices


@require_http_methods(["GET", "POST"])
def order_new(request: HttpRequest, shop: str) -> HttpResponse:
    """Order from a shop, without an account."""
    row = public_shop(shop)
    chosen, unread = _chosen(request)
    shown = _shown(request)
    ordered: Order | None = None
    prices_told = False
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
                    shown=shown,
                )
            except actions.OrderedAlready as refused:
                form.refuse(refused)
                ordered = refused.order
                form.data = {**request.POST.dict(), "client_id": str(uuid.uuid4())}
            except Refused as refused:
                form.refuse(refused)
                prices_told = refused.code == "price_changed"
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
    changed = [one for one in variants if chosen.get(one.pk) and shown.get(one.pk) != one.price]
    if form.errors and changed and not prices_told:  # refused for another reason, shown anew all the same
        form.refuse(actions.price_changed(changed))
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
