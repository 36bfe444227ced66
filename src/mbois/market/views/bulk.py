"""Prices and stock of many variants on one page."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from mbois.market.actions import products as actions
from mbois.market.models import ProductState, Variant
from mbois.market.views.common import selling, signed_in
from mbois.web import show
from mbois.web.forms.fields import read_money
from mbois.web.given import whole_number

MOST_PAGES = 10_000


@dataclass
class _Typed:
    """What was typed on the page of many. `lines` and `seen` hold those that were touched: price and stock
    as typed, and as the page showed them before."""

    changes: list[actions.Change] = field(default_factory=list)
    wrong: dict[int, str] = field(default_factory=dict)
    lines: dict[int, tuple[str, str]] = field(default_factory=dict)
    seen: dict[int, tuple[str, str]] = field(default_factory=dict)


def _typed(request: HttpRequest) -> _Typed:
    found = _Typed()
    for given in request.POST.getlist("key")[:200]:
        key = whole_number(given)
        before = [whole_number(request.POST.get(f"{name}-{key}")) for name in ("seen-price", "seen-stock")]
        if key is None or before[0] is None or before[1] is None:
            continue
        price_text = request.POST.get(f"price-{key}", "").strip()[:30]
        stock_text = request.POST.get(f"stock-{key}", "").strip()[:12]
        price, count = read_money(price_text), whole_number(stock_text.replace(".", "").replace(",", ""))
        if price is None:
            found.wrong[key] = _("Enter an amount of money, for example 1.500.000.")
        elif count is None:
            found.wrong[key] = _("Stock is a number from 0 to 1,000,000.")
        elif (price, count) == (before[0], before[1]):
            continue  # not touched: shown as it is now
        else:
            found.changes.append(actions.Change(key, price, count, before[0], before[1]))
        found.lines[key] = (price_text, stock_text)
        found.seen[key] = (str(before[0]), str(before[1]))
    return found


@login_required
@require_http_methods(["GET", "POST"])
def products_bulk(request: HttpRequest, enterprise: str) -> HttpResponse:
    """Prices and stock of many variants on one page."""
    row = selling(request, enterprise)
    by = signed_in(request)
    typed = _Typed()
    if request.method == "POST":
        typed = _typed(request)
        if not typed.wrong:
            done, typed.wrong = actions.change_many(row, typed.changes, by=by)
            typed.seen = {}  # what stands there now is said beside each, or was just saved
            if done:
                messages.success(
                    request,
                    ngettext("%(count)s variant changed.", "%(count)s variants changed.", done)
                    % {"count": show.angka(done)},
                )
            if not typed.wrong:
                return redirect(request.get_full_path())
    variants = (
        Variant.objects.filter(region=row.region_id, product__enterprise=row, active=True)
        .exclude(product__state=ProductState.WITHDRAWN)
        .select_related("product")
        .order_by("product__name", "product", "position", "pk")
    )
    if text := request.GET.get("q", "").replace("\x00", "").strip()[:100]:
        variants = variants.filter(Q(product__name__icontains=text) | Q(sku__icontains=text))
    page = whole_number(request.GET.get("page"), most=MOST_PAGES) or 1
    size = 50
    found = list(variants[(page - 1) * size : page * size + 1])
    lines = [
        {
            "variant": one,
            "typed": typed.lines.get(
                one.pk, (show.rupiah(one.price).removeprefix(show.RP), str(one.on_hand))
            ),
            "seen": typed.seen.get(one.pk, (str(one.price), str(one.on_hand))),
            "wrong": typed.wrong.get(one.pk, ""),
        }
        for one in found[:size]
    ]
    context = {
        "enterprise": row,
        "lines": lines,
        "text": text,
        "page": page,
        "more": len(found) > size,
        "wrong": typed.wrong,
    }
    return render(request, "market/bulk.html", context, status=422 if typed.wrong else 200)
