"""The seller's shop page and orders."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mbois.enterprises.models import State
from mbois.enterprises.policy import owns
from mbois.market import forms, messages_out
from mbois.market.actions import orders as actions
from mbois.market.actions import shops
from mbois.market.codes import code_in
from mbois.market.models import Order, OrderState
from mbois.market.views.common import handling, posted, selling, shop_of, signed_in
from mbois.people import consents
from mbois.people.models import Consent
from mbois.refused import Refused
from mbois.web import show
from mbois.web.components import badge
from mbois.web.confirm import ask_first
from mbois.web.tables import Choice, Column, Empty, Filter, Table


@login_required
@require_http_methods(["GET", "POST"])
def shop_settings(request: HttpRequest, enterprise: str) -> HttpResponse:
    """What the shop page says, how it is paid, whether it is open."""
    row = selling(request, enterprise)
    shop = shop_of(row)
    if shop:
        initial = forms.ShopForm.values_of(shop)
    else:
        phone = row.phone or row.owner.phone
        initial = {"whatsapp": str(phone) if phone else "", "tagline": row.description[:140]}
    form = forms.ShopForm(posted(request)[0], initial=initial)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data, whatsapp=str(form.cleaned_data["whatsapp"] or ""))
        try:
            shop = shops.save_shop(row, by=signed_in(request), **told)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("shop_settings", enterprise=row.number)
    person = signed_in(request)
    context = {
        "enterprise": row,
        "shop": shop,
        "form": form,
        "owns": owns(person, row),
        "verified": row.state == State.VERIFIED,
        "published": shop.entries.count() if shop else 0,
    }
    return render(request, "market/shop_settings.html", context, status=422 if form.errors else 200)


def _shop(request: HttpRequest, enterprise: str) -> Any:
    row = selling(request, enterprise)
    shop = shop_of(row)
    if shop is None:
        raise Http404
    return row, shop


@login_required
@require_http_methods(["GET", "POST"])
def shop_open(request: HttpRequest, enterprise: str) -> HttpResponse:
    """Open the shop: what becomes public, and the owner's yes to it."""
    row, shop = _shop(request, enterprise)
    person = signed_in(request)
    own = owns(person, row)
    form = forms.OpenForm(*posted(request), for_other=not own)
    if request.method == "POST" and form.is_valid():
        try:
            shops.open_shop(
                shop,
                by=person,
                method=Consent.Method.SELF if own else Consent.Method.SIGNATURE,
                evidence=form.cleaned_data.get("signature"),
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The shop is open."))
            return redirect("shop_settings", enterprise=row.number)
    text = consents.current(shops.CONSENT)
    language = get_language() or "id"
    context = {
        "enterprise": row,
        "form": form,
        "title": text.title(language),
        "body": text.body(language),
    }
    return render(request, "market/shop_open.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def shop_close(request: HttpRequest, enterprise: str) -> HttpResponse:
    """Close the shop, after asking."""
    row, shop = _shop(request, enterprise)
    if asked := ask_first(
        request,
        question=_("Close the shop?"),
        verb=_("Close"),
        detail=_("The shop and its products disappear from the public pages. Open orders stay."),
    ):
        return asked
    shops.close_shop(shop, by=signed_in(request))
    messages.success(request, _("The shop is closed."))
    return redirect("shop_settings", enterprise=row.number)


@login_required
@require_POST
def shop_qris(request: HttpRequest, enterprise: str) -> HttpResponse:
    """The owner confirms the name and city of their QRIS."""
    row, shop = _shop(request, enterprise)
    try:
        shops.confirm_qris(
            shop,
            name=request.POST.get("name", ""),
            city=request.POST.get("city", ""),
            by=signed_in(request),
        )
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Confirmed. Buyers can pay with your QRIS now."))
    return redirect("shop_settings", enterprise=row.number)


# --- orders ---------------------------------------------------------------------------------------


@login_required
@require_safe
def orders(request: HttpRequest, enterprise: str) -> HttpResponseBase:
    """What was ordered of this enterprise, from its own page and from marketplaces."""
    row = handling(request, enterprise)
    table = Table(
        request,
        rows=Order.objects.filter(region=row.region_id, enterprise=row),
        columns=[
            Column(
                "code",
                gettext_lazy("Order"),
                link=lambda one: reverse("order", kwargs={"enterprise": row.number, "order": one.code}),
                note=lambda one: one.buyer_shown,
                sort="code",
            ),
            Column("placed", gettext_lazy("When"), value="placed_at", sort="-placed_at"),
            Column("channel", gettext_lazy("From"), value=lambda one: messages_out.channel_name(one.channel)),
            Column(
                "total", gettext_lazy("Total"), value="total", show=show.rupiah, number=True, sort="-total"
            ),
            Column("paid", gettext_lazy("Money"), html=_money, value="paid_at", phone=False),
            Column(
                "state",
                gettext_lazy("State"),
                html=lambda one: badge(one.state_shown),
                value="state",
                sort="state",
            ),
        ],
        search=lambda rows, text: rows.filter(
            Q(code__icontains=text) | Q(buyer_name__icontains=text) | Q(external__iexact=text)
        ),
        search_label=gettext_lazy("Search code or buyer"),
        filters=[
            Filter(
                "keadaan",
                gettext_lazy("State"),
                [Choice(state.value, state.label, Q(state=state)) for state in OrderState],
            )
        ],
        order="-placed",
        empty=Empty(
            gettext_lazy("No order yet"),
            gettext_lazy("Share the link of your shop: the first orders come from people who know you."),
            reverse("shop_settings", kwargs={"enterprise": row.number}),
            gettext_lazy("To my shop page"),
            "inbox",
        ),
        download="pesanan",
    )
    return table.answer("market/orders.html", {"enterprise": row})


def _money(row: Order) -> object:
    if row.payment == "channel":
        return "–"
    return badge(_("Seen"), "ok") if row.paid_at else badge(_("Not yet"), "wait")


def _order(request: HttpRequest, enterprise: str, code: str) -> Order:
    row = handling(request, enterprise)
    order = (
        Order.objects.filter(region=row.region_id, enterprise=row, code=code_in(code))
        .select_related("connection")
        .first()
    )
    if order is None:
        raise Http404
    order.enterprise = row
    return order


@login_required
@require_safe
def order(request: HttpRequest, enterprise: str, order: str) -> HttpResponse:
    """One order, and what comes next."""
    return _order_page(request, _order(request, enterprise, order))


def _cancelled(row: Order, *, back: bool) -> str:
    """What becomes of the goods and the money of an order the seller cancelled."""
    if row.sent_at is None:
        said = _("Cancelled. Its goods are free to be sold again.")
    elif back:
        said = _("Cancelled. Its goods are in your stock again.")
    else:
        said = _("Cancelled. Its goods stay out of your stock: count them in when they are back.")
    if row.owes_money_back:
        said += " " + _("You said that the money is there: please pay %(sum)s back to the buyer.") % {
            "sum": show.rupiah(row.goods + row.shipping)
        }
    return said


def _order_page(request: HttpRequest, row: Order, **bound: Any) -> HttpResponse:
    send, cancel = bound.get("send"), bound.get("cancel")
    context = {
        "enterprise": row.enterprise,
        "order": row,
        "lines": row.lines.select_related("variant__product"),
        "steps": messages_out.steps_of(row),
        "send": send or forms.SendForm(),
        "cancel": cancel or forms.CancelForm(),
        "channel": messages_out.channel_name(row.channel),
        "whatsapp": messages_out.to_buyer(row, request),
    }
    wrong = any(form is not None and form.errors for form in (send, cancel))
    return render(request, "market/order.html", context, status=422 if wrong else 200)


@login_required
@require_POST
def order_step(request: HttpRequest, enterprise: str, order: str) -> HttpResponse:
    """The next step of an order: confirm, money, send, received, cancel."""
    row = _order(request, enterprise, order)
    by, verb = signed_in(request), request.POST.get("verb")
    bound: dict[str, Any] = {}
    try:
        if verb == "confirm":
            actions.confirm_order(row, by=by)
            said = _("Confirmed. Tell the buyer, and send it soon.")
        elif verb == "money":
            actions.see_payment(row, by=by)
            said = _("Recorded: the money is there.")
        elif verb == "send":
            bound["send"] = forms.SendForm(request.POST)
            if not bound["send"].is_valid():
                return _order_page(request, row, **bound)
            actions.send_order(row, by=by, **bound["send"].cleaned_data)
            said = _("Recorded: it is on its way.")
        elif verb == "receive":
            actions.receive_order(row, by=by)
            said = _("Recorded: it has arrived.")
        elif verb == "cancel":
            bound["cancel"] = forms.CancelForm(request.POST)
            if not bound["cancel"].is_valid():
                return _order_page(request, row, **bound)
            if row.state == OrderState.CANCELLED:
                raise Refused(_("This order was cancelled."))
            told = bound["cancel"].cleaned_data
            said = _cancelled(actions.cancel_order(row, by=by, **told), back=told["back_in_stock"])
        else:
            raise Http404
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, said)
    return redirect("order", enterprise=enterprise, order=row.code)
