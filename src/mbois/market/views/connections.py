"""A seller's shops at marketplaces: what is connected, what is listed there, what to do next."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mbois.enterprises.queries import owned_by
from mbois.market.actions import connections as actions
from mbois.market.channels.base import ChannelError
from mbois.market.channels.files import FILE_CHANNELS
from mbois.market.channels.listing import judge
from mbois.market.channels.registry import PLATFORMS, app_of, simulated
from mbois.market.channels.words import explain
from mbois.market.looking import needs_seller, standings
from mbois.market.mending import level, to_mend
from mbois.market.models import (
    Category,
    Connection,
    ConnectionState,
    Drift,
    Listing,
    ListingState,
    Product,
    Shop,
)
from mbois.market.quality import facts_of, rules_of
from mbois.market.round_tasks import defer_round
from mbois.market.views.common import connection_of, selling, signed_in
from mbois.refused import Refused
from mbois.web import show
from mbois.web.components import badge
from mbois.web.confirm import ask_first
from mbois.web.given import whole_number
from mbois.web.tables import Choice, Column, Empty, Filter, Table

MOST_AT_ONCE = 2000
MOST_TOLD = 3


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """One's own marketplaces; where one has several businesses, a choice of them."""
    rows = list(owned_by(signed_in(request)))
    if len(rows) == 1:
        return redirect("channels", enterprise=rows[0].number)
    return render(request, "market/channels/choose.html", {"rows": rows})


@login_required
@require_safe
def overview(request: HttpRequest, enterprise: str) -> HttpResponse:
    """Every marketplace, connected or not, and what to do next at each."""
    row = selling(request, enterprise)
    connected = list(
        Connection.objects.filter(region=row.region_id, enterprise=row)
        .exclude(state=ConnectionState.CLOSED)
        .order_by("channel", "pk")
    )
    for one in connected:
        one.enterprise = row
    platforms = [
        {"key": key, "name": platform.name, "there": app_of(key) is not None, "simulated": simulated(key)}
        for key, platform in PLATFORMS.items()
    ]
    return render(
        request,
        "market/channels/overview.html",
        {
            "enterprise": row,
            "standings": standings(connected),
            "platforms": platforms,
            "files": FILE_CHANNELS.values(),
            "shop": Shop.objects.published().filter(region=row.region_id, enterprise=row).first(),
            "reports": row.sales_files.filter(region=row.region_id).exists(),
        },
    )


@login_required
@never_cache
@require_safe
def connect(request: HttpRequest, enterprise: str, channel: str) -> HttpResponse:
    """What connecting means; `?lanjut=1` goes on to the marketplace's own page, where the seller agrees.

    It is a link, since browsers do not let a form lead to another site (`form-action`)."""
    row = selling(request, enterprise)
    if channel not in PLATFORMS or app_of(channel) is None:
        raise Http404
    if request.GET.get("lanjut"):
        try:
            return redirect(actions.login_url(row, channel, by=signed_in(request)))
        except Refused as refused:
            messages.error(request, refused.message)
    context = {"enterprise": row, "platform": PLATFORMS[channel], "simulated": simulated(channel)}
    return render(request, "market/channels/connect.html", context)


def _why(row: Listing, platform: str) -> object:
    """What is wrong with a listing and what helps, under its state."""
    if not row.error_code:
        return badge(ListingState(row.state))
    told = explain(row.error_code, field=row.error_field, said=row.error, platform=platform)
    said = (
        format_html("<small>{} “{}”</small>", _("The marketplace says:"), told.said)
        if told.said and needs_seller(row)
        else ""
    )
    return format_html(
        '{}<p class="why">{} <b>{}</b></p>{}', badge(ListingState(row.state)), told.what, told.do, said
    )


@login_required
@require_safe
def connection(request: HttpRequest, enterprise: str, connection: int) -> HttpResponseBase:
    """One shop at a marketplace: its health, what is listed there, what failed and why."""
    row = connection_of(request, enterprise, connection)
    [standing] = standings([row])
    table = Table(
        request,
        rows=Listing.objects.filter(region=row.region_id, connection=row).select_related(
            "variant__product", "connection__enterprise"
        ),
        columns=[
            Column(
                "name",
                gettext_lazy("Product"),
                value="variant.product.name",
                link=lambda one: reverse(
                    "product_edit", kwargs={"enterprise": enterprise, "product": one.variant.product.code}
                ),
                note=lambda one: " · ".join(part for part in (one.variant.name, one.variant.sku) if part),
                sort="variant__product__name",
            ),
            Column(
                "price",
                gettext_lazy("Price there"),
                value="pushed_price",
                show=lambda price: show.rupiah(price) if price is not None else "–",
                number=True,
                sort="pushed_price",
            ),
            Column(
                "stock",
                gettext_lazy("Stock there"),
                value="pushed_stock",
                show=lambda stock: show.angka(stock) if stock is not None else "–",
                number=True,
                sort="pushed_stock",
            ),
            Column(
                "state",
                gettext_lazy("State"),
                html=lambda one: _why(one, standing.platform),
                value="state",
                sort="state",
            ),
            Column(
                "do",
                gettext_lazy("Do"),
                value="pk",
                template="market/channels/listing_cell.html",
                download=False,
            ),
        ],
        search=lambda rows, text: rows.filter(
            Q(variant__product__name__icontains=text) | Q(variant__sku__iexact=text)
        ),
        search_label=gettext_lazy("Search name or SKU"),
        filters=[
            Filter(
                "keadaan",
                gettext_lazy("State"),
                [Choice(state.value, state.label, Q(state=state)) for state in ListingState],
            )
        ],
        order="name",
        empty=Empty(
            gettext_lazy("Nothing is listed yet"),
            gettext_lazy("Choose products; they go to the marketplace one after the other."),
            reverse("connection_publish", kwargs={"enterprise": enterprise, "connection": row.pk}),
            gettext_lazy("Choose products"),
        ),
    )
    drifts = list(
        Drift.objects.filter(region=row.region_id, connection=row, gone_at=None)
        .select_related("listing__variant__product")
        .order_by("-seen_at", "pk")[:50]
    )
    return table.answer(
        "market/channels/connection.html",
        {
            "enterprise": row.enterprise,
            "connection": row,
            "standing": standing,
            "simulated": simulated(row.channel),
            "drifts": drifts,
        },
    )


@login_required
@require_POST
def step(request: HttpRequest, enterprise: str, connection: int) -> HttpResponse:
    """Check, compare again, send ours again, disconnect."""
    row = connection_of(request, enterprise, connection)
    verb = request.POST.get("verb", "")
    person = signed_in(request)
    try:
        if verb == "check":
            skew = actions.check_health(row)
            messages.success(
                request, _("It answers.") if abs(skew) < 120 else _("It answers, but our clocks differ.")
            )
            defer_round(row.region_id, row.pk)
        elif verb == "send":
            count = actions.send_again(row, by=person)
            defer_round(row.region_id, row.pk)
            messages.success(
                request,
                _("%(count)s are sent again. The next comparison says whether they agree.")
                % {"count": count},
            )
        elif verb == "disconnect":
            asked = ask_first(
                request,
                question=_("Disconnect this shop?"),
                verb=_("Disconnect"),
                detail=_(
                    "What is listed there stays, but its orders no longer arrive and its stock is not kept right."
                ),
                danger=True,
            )
            if asked:
                return asked
            actions.disconnect(row, by=person)
            messages.success(request, _("The shop is disconnected."))
            return redirect("channels", enterprise=enterprise)
    except ChannelError as failure:
        told = explain(str(failure.kind), said=failure.said, platform=PLATFORMS[row.channel].name)
        messages.error(request, f"{told.what} {told.do}")
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("connection", enterprise=enterprise, connection=connection)


@login_required
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, enterprise: str, connection: int) -> HttpResponse:
    """Choose what goes to the marketplace."""
    row = connection_of(request, enterprise, connection)
    there = Listing.objects.filter(
        region=OuterRef("region"), connection=row, variant__product=OuterRef("pk")
    ).exclude(state=ListingState.PAUSED)
    products = (
        Product.objects.filter(region=row.region_id, enterprise=row.enterprise_id, state="published")
        .exclude(Exists(there))
        .order_by("name", "pk")
    )
    if request.method == "POST":
        if request.POST.get("all"):
            chosen = list(products.values_list("pk", flat=True)[:MOST_AT_ONCE])
        else:
            keys = (whole_number(key) for key in request.POST.getlist("product"))
            chosen = [key for key in keys if key is not None]
        try:
            wish = actions.want_listed(row, chosen, by=signed_in(request))
        except Refused as refused:
            messages.error(request, refused.message)
        else:
            defer_round(row.region_id, row.pk)
            for name, reasons in list(wish.refused.items())[:MOST_TOLD]:
                messages.warning(request, f"{name}: {' '.join(reasons)}")
            if len(wish.refused) > MOST_TOLD:
                messages.warning(
                    request,
                    _("%(count)s more have something in the way; the list below says what.")
                    % {"count": show.angka(len(wish.refused) - MOST_TOLD)},
                )
            if wish.count:
                messages.success(
                    request,
                    _("%(count)s are on their way. This page shows how they fare.")
                    % {"count": show.angka(wish.count)},
                )
            else:
                messages.info(request, _("Choose at least one product."))
                return redirect("connection_publish", enterprise=enterprise, connection=row.pk)
            if wish.refused:
                return redirect("connection_publish", enterprise=enterprise, connection=row.pk)
            return redirect("connection", enterprise=enterprise, connection=row.pk)
    shown = list(products.prefetch_related("variants")[:200])
    for one in shown:
        one.enterprise = row.enterprise
    facts = facts_of(shown)
    lines = []
    for one in shown:
        told = judge(facts[one.pk], rules_of(row.channel, one.category, row))
        things = to_mend(one, {row.channel: told})
        word, tone = level(told.score, blocked=told.blocked)
        lines.append(
            {
                "product": one,
                "score": told.score,
                "word": word,
                "tone": tone,
                "blockers": [thing for thing in things if thing.blocks],
            }
        )
    context = {
        "enterprise": row.enterprise,
        "connection": row,
        "platform": PLATFORMS[row.channel],
        "lines": lines,
        "total": products.count(),
        "sendable": any(not line["blockers"] for line in lines),
    }
    return render(request, "market/channels/publish.html", context)


@login_required
@require_POST
def listing_step(request: HttpRequest, enterprise: str, connection: int, listing: int) -> HttpResponse:
    """Try one listing again, or take its product off."""
    row = connection_of(request, enterprise, connection)
    one = (
        Listing.objects.filter(region=row.region_id, connection=row, pk=listing)
        .select_related("variant")
        .first()
    )
    if one is None:
        raise Http404
    one.connection = row
    try:
        if request.POST.get("verb") == "off":
            actions.take_off(one, by=signed_in(request))
            messages.success(request, _("It is taken off."))
        else:
            actions.want_listed(row, [one.variant.product_id], by=signed_in(request))
            defer_round(row.region_id, row.pk)
            messages.success(request, _("It is tried again."))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("connection", enterprise=enterprise, connection=connection)


@login_required
@require_http_methods(["GET", "POST"])
def categories(request: HttpRequest, enterprise: str, connection: int) -> HttpResponse:
    """Which category of the marketplace each of ours is."""
    row = connection_of(request, enterprise, connection)
    used = set(
        Product.objects.filter(region=row.region_id, enterprise=row.enterprise_id).values_list(
            "category", flat=True
        )
    )
    trouble = ""
    tree: list[Any] = []
    try:
        tree = actions.choices_of_categories(row)
    except ChannelError as failure:
        told = explain(str(failure.kind), said=failure.said, platform=PLATFORMS[row.channel].name)
        trouble = f"{told.what} {told.do}"
    if request.method == "POST" and tree:
        by_key = {entry.key: entry for entry in tree}
        chosen = row.settings.get("categories") or {}
        for ours in used:
            entry = by_key.get(request.POST.get(f"category-{ours}", ""))
            if entry is not None and (chosen.get(ours) or {}).get("key") != entry.key:
                actions.choose_category(row, ours, entry, by=signed_in(request))
        defer_round(row.region_id, row.pk)
        messages.success(request, _("Saved."))
        return redirect("connection", enterprise=enterprise, connection=row.pk)
    kept = row.settings.get("categories") or {}
    lines = [
        {"key": ours, "label": Category(ours).label, "chosen": (kept.get(ours) or {}).get("key", "")}
        for ours in sorted(used)
    ]
    context = {
        "enterprise": row.enterprise,
        "connection": row,
        "platform": PLATFORMS[row.channel],
        "lines": lines,
        "tree": tree,
        "trouble": trouble,
    }
    return render(request, "market/channels/categories.html", context)
