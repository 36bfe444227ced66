"""What does not match by its SKU: items in a marketplace's shop, and lines of its orders."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mbois.market import policy
from mbois.market.actions.comparing import ignore_item, match_item
from mbois.market.actions.orders import link_line
from mbois.market.channels.registry import PLATFORMS
from mbois.market.models import OrderLine, UnmatchedItem, Variant
from mbois.market.round_tasks import defer_round
from mbois.market.views.common import connection_of, signed_in
from mbois.refused import Refused
from mbois.web.given import whole_number

MOST_SHOWN = 100


@login_required
@require_http_methods(["GET", "POST"])
def match(request: HttpRequest, enterprise: str, connection: int) -> HttpResponse:
    """Say which of one's own each of them is."""
    row = connection_of(request, enterprise, connection)
    person = signed_in(request)
    items = UnmatchedItem.objects.filter(region=row.region_id, connection=row)
    handles = policy.can_handle_orders(person, row.enterprise)
    lines = OrderLine.objects.filter(region=row.region_id, order__connection=row, variant=None)
    if not handles:
        lines = lines.none()
    wrong: Refused | None = None
    if request.method == "POST":
        try:
            _do(request, row.enterprise_id, items, lines)
        except Refused as refused:
            wrong = refused
        else:
            defer_round(row.region_id, row.pk)
            return redirect("connection_match", enterprise=enterprise, connection=row.pk)
    variants = list(
        Variant.objects.filter(region=row.region_id, seller=row.enterprise_id, active=True)
        .select_related("product")
        .order_by("product__name", "position", "pk")[:2000]
    )
    context = {
        "enterprise": row.enterprise,
        "connection": row,
        "platform": PLATFORMS[row.channel],
        "items": items.filter(ignored_at=None).order_by("title", "pk")[:MOST_SHOWN],
        "lines": lines.select_related("order").order_by("-pk")[:MOST_SHOWN],
        "variants": variants,
        "wrong": wrong,
        # what was typed stays at its line
        "typed": request.POST.get("sku", ""),
        "at_item": whole_number(request.POST.get("item")),
        "at_line": whole_number(request.POST.get("line")),
    }
    return render(request, "market/channels/match.html", context, status=wrong.status if wrong else 200)


def _do(request: HttpRequest, seller: int, items: Any, lines: Any) -> None:
    person = signed_in(request)
    sku = request.POST.get("sku", "").replace("\x00", "").strip()
    if item_key := request.POST.get("item"):
        item: UnmatchedItem = get_object_or_404(items, pk=whole_number(item_key) or 0)
        if request.POST.get("verb") == "ignore":
            ignore_item(item, by=person)
            messages.success(request, _("It is left out from now on."))
            return
        match_item(item, _variant(item.region_id, seller, sku), by=person)
    else:
        line_key = request.POST.get("line", "")
        line: OrderLine = get_object_or_404(lines, pk=whole_number(line_key) or 0)
        link_line(line, _variant(line.region_id, seller, sku), by=person)
    messages.success(request, _("Matched."))


def _variant(region_id: str, seller: int, sku: str) -> Variant:
    found = Variant.objects.filter(region=region_id, seller=seller, sku=sku).first()
    if found is None:
        raise Refused(_("Choose one of your products."), field="sku", code="required")
    return found
