"""A seller's products: the list, one product, its photos and stock."""

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Exists, F, IntegerField, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mbois.enterprises.models import Enterprise
from mbois.enterprises.queries import owned_by
from mbois.market import forms, quality
from mbois.market.actions import products as actions
from mbois.market.actions import stock
from mbois.market.actions.meanwhile import ChangedMeanwhile, shown_of
from mbois.market.food import doubt
from mbois.market.mending import FAIR, GOOD, card_of, level
from mbois.market.models import (
    Category,
    Product,
    ProductPhoto,
    ProductState,
    StockMove,
    Variant,
)
from mbois.market.tasks import judge_again
from mbois.market.views.common import (
    posted,
    selling,
    selling_product,
    shop_of,
    signed_in,
    tell_mended,
)
from mbois.refused import Refused
from mbois.web import show
from mbois.web.components import badge
from mbois.web.confirm import ask_first
from mbois.web.tables import Choice, Column, Empty, Filter, Table

LOW = 3


@login_required
@require_safe
def my_products(request: HttpRequest) -> HttpResponse:
    """One's own products; where one has several businesses, a choice of them."""
    rows = list(owned_by(signed_in(request)))
    if len(rows) == 1:
        return redirect("products", enterprise=rows[0].number)
    return render(request, "market/choose.html", {"rows": rows})


def _variants() -> Any:
    return Variant.objects.filter(region=OuterRef("region"), product=OuterRef("pk"), active=True)


def _rows(enterprise: Enterprise, channels: list[str]) -> Any:
    variants = _variants().order_by().values("product")
    cover = ProductPhoto.objects.filter(region=OuterRef("region"), product=OuterRef("pk")).order_by(
        "position", "pk"
    )
    return Product.objects.filter(region=enterprise.region_id, enterprise=enterprise).annotate(
        price_from=Subquery(variants.annotate(n=Min("price")).values("n")),
        kinds=Coalesce(Subquery(variants.annotate(n=Count("pk")).values("n")), 0),
        left=Coalesce(
            Subquery(
                variants.annotate(n=Sum(F("on_hand") - F("reserved"))).values("n"),
                output_field=IntegerField(),
            ),
            0,
        ),
        cover_id=Subquery(cover.values("picture_id")[:1]),
        low=Exists(_variants().filter(on_hand__lte=F("reserved") + LOW)),
        score=quality.lowest(channels),
        blocked=quality.is_blocked(channels),
    )


def _left(row: Any) -> object:
    if row.left <= 0:
        return badge(_("Sold out"), "bad")
    return badge(show.angka(row.left), "wait") if row.left <= LOW else show.angka(row.left)


def _score(row: Any) -> object:
    """The lowest score of those places where the product is seen, as a bar and a word."""
    if row.score is None:
        return show.NOTHING
    word, tone = level(row.score, blocked=row.blocked)
    return render_to_string("market/parts/score.html", {"score": row.score, "word": word, "tone": tone})


@login_required
@require_safe
def products(request: HttpRequest, enterprise: str) -> HttpResponseBase:
    """What this enterprise sells."""
    row = selling(request, enterprise)
    channels = quality.channels_of(row)
    table = Table(
        request,
        rows=_rows(row, channels),
        columns=[
            Column(
                "name",
                gettext_lazy("Product"),
                link=lambda one: reverse(
                    "product_edit", kwargs={"enterprise": row.number, "product": one.code}
                ),
                note=lambda one: f"{Category(one.category).label} · {one.code}",
                sort="name",
            ),
            Column(
                "price",
                gettext_lazy("Price from"),
                value="price_from",
                show=show.rupiah,
                number=True,
                sort="price_from",
            ),
            Column("left", gettext_lazy("Available"), html=_left, value="left", number=True, sort="left"),
            Column("score", gettext_lazy("Listing quality"), html=_score, value="score", sort="score"),
            Column("kinds", gettext_lazy("Variants"), value="kinds", number=True, phone=False, sort="kinds"),
            Column(
                "state",
                gettext_lazy("State"),
                html=lambda one: badge(one.state_shown),
                value="state",
                sort="state",
            ),
            Column("changed", gettext_lazy("Changed"), value="changed_at", sort="-changed_at", phone=False),
        ],
        search=lambda rows, text: rows.filter(
            Q(name__icontains=text) | Q(code__iexact=text) | Q(Exists(_variants().filter(sku__iexact=text)))
        ),
        search_label=gettext_lazy("Search name, code or SKU"),
        filters=[
            Filter(
                "keadaan",
                gettext_lazy("State"),
                [
                    *(Choice(state.value, state.label, Q(state=state)) for state in ProductState),
                    Choice("menipis", gettext_lazy("Running out"), Q(low=True, state="published")),
                ],
            ),
            Filter(
                "mutu",
                gettext_lazy("Listing quality"),
                [
                    Choice("terhalang", gettext_lazy("Not accepted yet"), Q(blocked=True)),
                    Choice("lemah", gettext_lazy("Weak"), Q(blocked=False, score__lt=FAIR)),
                    Choice("cukup", gettext_lazy("Fair"), Q(blocked=False, score__gte=FAIR, score__lt=GOOD)),
                    Choice("baik", gettext_lazy("Good"), Q(blocked=False, score__gte=GOOD)),
                ],
            ),
        ],
        order="-changed",
        empty=Empty(
            gettext_lazy("No product yet"),
            gettext_lazy("Add the first one: a name, a price and a photo are enough to begin."),
            reverse("product_new", kwargs={"enterprise": row.number}),
            gettext_lazy("Add a product"),
        ),
    )
    return table.answer("market/products.html", {"enterprise": row, "shop": shop_of(row)})


def _fill_page(request: HttpRequest, enterprise: Enterprise, product: Product | None) -> HttpResponse:
    licences = actions.valid_licences(enterprise)
    if product is not None:
        variants = list(product.variants.filter(active=True))
        initial: dict[str, Any] = forms.ProductForm.values_of(product)
        of_variants = [forms.VariantForm.values_of(one) for one in variants]
    else:
        food = [str(one.pk) for one in licences if one.kind in ("pirt", "halal", "bpom")]
        initial, of_variants = {"certificates": food if len(food) == 1 else []}, []
    form = forms.ProductForm(posted(request)[0], initial=initial, licences=licences)
    lines: Any = forms.VariantForms(posted(request)[0], initial=of_variants, prefix="v")
    shown = form.shown()
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        by = signed_in(request)
        before = quality.scores_of(product) if product is not None else {}
        try:
            if product is None:
                product = actions.create_product(enterprise, by=by, variants=lines.told(), **form.told())
                where = "product_photos"
            else:
                product = actions.update_product(
                    product, by=by, variants=lines.told(), shown=shown, **form.told()
                )
                where = "product_edit"
        except ChangedMeanwhile as changed:
            form.clash(changed)
            lines.clash(changed)
            shown = {**(shown or {}), **changed.now}  # seen now: sent again, it is what is meant
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Saved."))
            tell_mended(request, product, before)
            return redirect(where, enterprise=enterprise.number, product=product.code)
    context: dict[str, Any] = {"enterprise": enterprise, "product": product, "form": form, "lines": lines}
    if product is not None:
        context |= {
            "asks_food": bool(form["not_food"].value() or form["not_food"].errors or doubt(product)),
            "gates": actions.gates(product) if product.state != ProductState.PUBLISHED else [],
            "photos": product.photos.select_related("picture"),
            "shop": shop_of(enterprise),
            "shown": json.dumps(shown or shown_of(product)),
            "card": _card(request, product),
            "public": Product.objects.published().filter(region=product.region_id, pk=product.pk).exists(),
        }
    wrong = bool(form.errors or (lines.is_bound and not lines.is_valid()))
    return render(request, "market/product_edit.html", context, status=422 if wrong else 200)


def _card(request: HttpRequest, product: Product) -> object:
    """How good its listings are, judged now; what is kept for lists follows where it is older."""
    card, stale = card_of(product, request.GET.get("mutu", ""))
    if stale:
        judge_again.defer(region_id=product.region_id, products=[product.pk])
    return card


@login_required
@require_http_methods(["GET", "POST"])
def product_new(request: HttpRequest, enterprise: str) -> HttpResponse:
    """Add a product; its photos come next."""
    return _fill_page(request, selling(request, enterprise), None)


@login_required
@require_http_methods(["GET", "POST"])
def product_edit(request: HttpRequest, enterprise: str, product: str) -> HttpResponse:
    """Change a product, and see what stands between it and the public."""
    row = selling_product(request, enterprise, product)
    return _fill_page(request, row.enterprise, row)


@login_required
@require_POST
def product_publish(request: HttpRequest, enterprise: str, product: str) -> HttpResponse:
    """Offer it to the public."""
    row = selling_product(request, enterprise, product)
    try:
        actions.publish(row, by=signed_in(request))
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        shop = shop_of(row.enterprise)
        if shop is None or not shop.is_open:
            messages.warning(request, _("Published. It is seen once you open your shop."))
        else:
            messages.success(request, _("Published. Everybody can see it now."))
    return redirect("product_edit", enterprise=enterprise, product=row.code)


@login_required
@require_POST
def product_withdraw(request: HttpRequest, enterprise: str, product: str) -> HttpResponse:
    """Offer it no longer, after asking."""
    row = selling_product(request, enterprise, product)
    if asked := ask_first(
        request,
        question=_("Withdraw %(product)s?") % {"product": row},
        verb=_("Withdraw"),
        detail=_("Buyers no longer see it. Orders that are open stay."),
    ):
        return asked
    actions.withdraw(row, by=signed_in(request))
    messages.success(request, _("Withdrawn. You can publish it again whenever you like."))
    return redirect("product_edit", enterprise=enterprise, product=row.code)


# --- stock ----------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def product_stock(request: HttpRequest, enterprise: str, product: str) -> HttpResponse:
    """Say what came, went or was counted; see what happened before."""
    row = selling_product(request, enterprise, product)
    variants = list(Variant.objects.filter(region=row.region_id, product=row, active=True))
    form = forms.StockForm(posted(request)[0], variants=variants)
    if request.method == "POST" and form.is_valid():
        variant = next(one for one in variants if str(one.pk) == form.cleaned_data["variant"])
        told = form.cleaned_data
        by = signed_in(request)
        try:
            if told["why"] == StockMove.Why.COUNTED:
                stock.count(variant, on_hand=told["quantity"], by=by, source=told["note"])
            else:
                stock.move(variant, why=told["why"], quantity=told["quantity"], by=by, source=told["note"])
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The stock is recorded."))
            return redirect("product_stock", enterprise=enterprise, product=row.code)
    moves = (
        StockMove.objects.filter(region=row.region_id, variant__product=row)
        .select_related("variant", "by")
        .order_by("-moved_at", "-pk")[:100]
    )
    context = {
        "enterprise": row.enterprise,
        "product": row,
        "variants": variants,
        "form": form,
        "moves": moves,
    }
    return render(request, "market/stock.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def pirt_step(request: HttpRequest, enterprise: str) -> HttpResponse:
    """How to get a P-IRT, and where to record it."""
    return render(request, "market/pirt.html", {"enterprise": selling(request, enterprise)})
