"""Campaigns for those who run them and those who take part."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.market import campaigns as reads
from mbois.market import messages_out, policy
from mbois.market.actions import campaigns as actions
from mbois.market.forms_campaigns import CampaignForm, LinkForm, PartForm
from mbois.market.forms_desk import CallOffForm
from mbois.market.models import (
    Campaign,
    CampaignProduct,
    CampaignSeller,
    CreativeJob,
    Phase,
    Product,
    SellerState,
    Shop,
    TrackedLink,
)
from mbois.market.models.campaigns import ORGANISERS
from mbois.market.views.common import posted, selling, signed_in
from mbois.places.numbers import by_typed
from mbois.refused import Refused, require
from mbois.web import show
from mbois.web.components import badge
from mbois.web.confirm import ask_first
from mbois.web.tables import Choice, Column, Empty, Filter, Table

FOUND = 20


def _visible(request: HttpRequest, code: str) -> Campaign:
    found: Campaign | None = (
        Campaign.objects.visible_to(signed_in(request))
        .coded(code.replace("\x00", ""))
        .select_related("enterprise__owner__person", "region", "material", "made_by")
        .first()
    )
    if found is None:
        raise Http404
    return found


def run_or_404(request: HttpRequest, code: str) -> Campaign:
    """The campaign of this code, for who runs it."""
    found = _visible(request, code)
    if not policy.can_run(signed_in(request), found):
        raise Http404
    return found


def _columns(link: Any) -> list[Column]:
    return [
        Column("title", gettext_lazy("Campaign"), link=link, sort="title", note=lambda one: one.offer),
        Column("phase", gettext_lazy("State"), html=lambda one: badge(one.phase)),
        Column(
            "begins",
            gettext_lazy("When"),
            value=lambda one: f"{show.tanggal(one.begins_on)} – {show.tanggal(one.ends_on)}",
            sort="begins_on",
        ),
        Column("items", gettext_lazy("Products"), value="item_count", number=True),
    ]


def _filters() -> list[Filter]:
    choices = [Choice(one.value, one.label, reads.phase_where(one)) for one in Phase]
    return [Filter("keadaan", gettext_lazy("State"), choices)]


# --- of one seller --------------------------------------------------------------------------------


@login_required
@require_safe
def campaigns(request: HttpRequest, enterprise: str) -> HttpResponseBase:
    """The campaigns of a seller: their own, and those they are invited to."""
    row = selling(request, enterprise)
    parts = CampaignSeller.objects.filter(region=row.region_id, enterprise=row)
    theirs = Exists(parts.filter(campaign=OuterRef("pk"), state=SellerState.AGREED))
    table = Table(
        request,
        rows=Campaign.objects.filter(theirs, region=row.region_id).annotate(
            item_count=Count("items", filter=Q(items__product__enterprise=row))
        ),
        columns=_columns(
            lambda one: (
                reverse("campaign_run", kwargs={"campaign": one.code})
                if one.enterprise_id == row.pk
                else reverse("campaign_part", kwargs={"enterprise": row.number, "campaign": one.code})
            )
        ),
        filters=_filters(),
        order="-begins",
        empty=Empty(
            gettext_lazy("No campaign yet"),
            gettext_lazy("Some days, some products, one offer: tell people, and see who came."),
            reverse("campaign_new", kwargs={"enterprise": row.number}),
            gettext_lazy("Make a campaign"),
        ),
    )
    invited = parts.filter(state=SellerState.INVITED, campaign__ends_on__gte=clock.today()).exclude(
        campaign__state="cancelled"
    )
    context = {"enterprise": row, "invited": invited.select_related("campaign", "invited_by")}
    return table.answer("market/campaigns/list.html", context)


def _materials(region_id: str, enterprise: Enterprise | None) -> list[CreativeJob]:
    rows = CreativeJob.objects.filter(region=region_id, state="accepted", kind="design")
    if enterprise is not None:
        rows = rows.filter(enterprise=enterprise)
    return list(rows.order_by("-ended_at")[:40])


@login_required
@require_http_methods(["GET", "POST"])
def campaign_new(request: HttpRequest, enterprise: str) -> HttpResponse:
    """A new campaign of one seller."""
    row = selling(request, enterprise)
    return _new(request, row.region_id, row)


@login_required
@require_http_methods(["GET", "POST"])
def campaign_new_shared(request: HttpRequest) -> HttpResponse:
    """A new campaign of many sellers."""
    regions = signed_in(request).regions_with(*ORGANISERS)
    if not regions:
        raise PermissionDenied
    chosen = request.GET.get("wilayah", regions[0])
    return _new(request, chosen if chosen in regions else regions[0], None)


def _new(request: HttpRequest, region_id: str, enterprise: Enterprise | None) -> HttpResponse:
    form = CampaignForm(posted(request)[0], jobs=_materials(region_id, enterprise))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_campaign(region_id, enterprise, by=signed_in(request), **form.told())
        except Refused as refused:
            form.refuse(refused)
        else:
            if enterprise is not None:
                return redirect("campaign_part", enterprise=enterprise.number, campaign=made.code)
            return redirect("campaign_run", campaign=made.code)
    context = {"enterprise": enterprise, "form": form}
    return render(request, "market/campaigns/form.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def campaign_edit(request: HttpRequest, campaign: str) -> HttpResponse:
    """Change words, days and material."""
    row = run_or_404(request, campaign)
    jobs = _materials(row.region_id, row.enterprise)
    if row.material and row.material not in jobs:
        jobs.append(row.material)
    form = CampaignForm(posted(request)[0], initial=CampaignForm.values_of(row), jobs=jobs)
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_campaign(row, by=signed_in(request), **form.told())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("campaign_run", campaign=row.code)
    context = {"campaign": row, "enterprise": row.enterprise, "form": form}
    return render(request, "market/campaigns/form.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def campaign_part(request: HttpRequest, enterprise: str, campaign: str) -> HttpResponse:
    """A seller's part in a campaign: which products, yes or no, and what came of it for them."""
    seller = selling(request, enterprise)
    by = signed_in(request)
    row = _visible(request, campaign)
    part = get_object_or_404(
        CampaignSeller.objects.select_related("invited_by"),
        region=row.region_id, campaign=row, enterprise=seller,
    )  # fmt: skip
    products = list(
        Product.objects.filter(region=seller.region_id, enterprise=seller)
        .exclude(state="withdrawn")
        .order_by("name", "pk")[:300]
    )
    chosen = set(
        CampaignProduct.objects.filter(
            region=row.region_id, campaign=row, product__enterprise=seller
        ).values_list("product_id", flat=True)
    )
    form = PartForm(
        request.POST if request.POST.get("verb") == "agree" else None,
        products=products,
        initial={"products": [str(key) for key in chosen]},
    )
    if request.method == "POST":
        try:
            if request.POST.get("verb") == "stay_out":
                actions.stay_out(row, seller, by=by)
                messages.success(request, _("You do not take part."))
                return redirect("campaigns", enterprise=seller.number)
            if form.is_valid():
                keys = set(form.cleaned_data["products"])
                actions.take_part(row, seller, [one for one in products if str(one.pk) in keys], by=by)
                messages.success(request, _("Saved: these products take part."))
                if row.enterprise_id == seller.pk:
                    return redirect("campaign_run", campaign=row.code)
                return redirect("campaign_part", enterprise=seller.number, campaign=row.code)
        except Refused as refused:
            if form.is_bound:
                form.refuse(refused)
            else:
                messages.error(request, refused.message)
    context = {
        "campaign": row,
        "enterprise": seller,
        "part": part,
        "form": form,
        "products": products,
        "own": row.enterprise_id == seller.pk,
        "over": row.phase in (Phase.ENDED, Phase.CANCELLED),
        "results": reads.results_of(row, only=seller)
        if part.state == SellerState.AGREED and row.phase in (Phase.RUNNING, Phase.ENDED)
        else None,
    }
    return render(
        request, "market/campaigns/part.html", context, status=422 if form.is_bound and form.errors else 200
    )


# --- of an office ---------------------------------------------------------------------------------


@login_required
@require_safe
def campaigns_run(request: HttpRequest) -> HttpResponseBase:
    """Campaigns of many sellers in one's regions."""
    regions = signed_in(request).regions_with(*ORGANISERS)
    if not regions:
        raise PermissionDenied
    table = Table(
        request,
        rows=Campaign.objects.filter(region__in=regions, enterprise=None).annotate(item_count=Count("items")),
        columns=_columns(lambda one: reverse("campaign_run", kwargs={"campaign": one.code})),
        filters=_filters(),
        order="-begins",
        empty=Empty(
            gettext_lazy("No campaign yet"),
            gettext_lazy("Bring sellers together: choose days and a theme, invite them, and each says yes."),
            reverse("campaign_new_shared"),
            gettext_lazy("Make a campaign"),
        ),
    )
    return table.answer("market/campaigns/run_list.html", {})


@login_required
@require_safe
def campaign_run(request: HttpRequest, campaign: str) -> HttpResponse:
    """Everything of a campaign for who runs it: sellers, products, links, results."""
    return _run_page(request, run_or_404(request, campaign))


def _run_page(
    request: HttpRequest,
    row: Campaign,
    *,
    link: LinkForm | None = None,
    cancel: CallOffForm | None = None,
    status: int = 200,
) -> HttpResponse:
    results = reads.results_of(row)
    sellers = CampaignSeller.objects.filter(region=row.region_id, campaign=row).select_related("enterprise")
    q = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:60]
    found: list[Enterprise] = []
    if q and row.enterprise is None:
        found = list(
            Enterprise.objects.filter(
                Q(name__icontains=q) | (by_typed(q, letter="U") or Q()),
                region=row.region_id,
                state="verified",
            )
            .exclude(pk__in=sellers.values("enterprise"))
            .filter(Exists(Shop.objects.filter(region=row.region_id, enterprise=OuterRef("pk"))))
            .select_related("village__parent")
            .order_by("name", "pk")[:FOUND]
        )
    over = row.phase in (Phase.ENDED, Phase.CANCELLED)
    context = {
        "campaign": row,
        "enterprise": row.enterprise,
        "results": results,
        "compares": results.days > 0 and row.state == "published",
        "sellers": sellers.order_by("state", "enterprise__name"),
        "q": q,
        "found": found,
        "over": over,
        "link_form": None if over else (link or LinkForm(targets=reads.targets_of(row))),
        "cancel": cancel or CallOffForm(),
        "links": [(one, messages_out.absolute(one.link.path)) for one in results.links],
        "address": messages_out.absolute(row.get_absolute_url()),
    }
    return render(request, "market/campaigns/run.html", context, status=status)


@login_required
@require_POST
def campaign_step(request: HttpRequest, campaign: str) -> HttpResponse:
    """Publish it, call it off, invite sellers, make or stop a link."""
    row, by = run_or_404(request, campaign), signed_in(request)
    verb = request.POST.get("verb")
    try:
        if verb == "publish":
            actions.publish_campaign(row, by=by)
            messages.success(request, _("Published."))
        elif verb == "cancel":
            form = CallOffForm(request.POST)
            if not form.is_valid():
                return _run_page(request, row, cancel=form, status=422)
            actions.cancel_campaign(row, reason=form.cleaned_data["reason"], by=by)
            messages.success(request, _("Called off."))
        elif verb == "invite":
            numbers = request.POST.getlist("seller")[:FOUND]
            require(row.enterprise is None)
            chosen = Enterprise.objects.filter(region=row.region_id, number__in=numbers)
            count = actions.invite(row, list(chosen.select_related("owner__person")), by=by)
            messages.success(request, _("%(count)s invited. Each is told and answers.") % {"count": count})
        elif verb == "link":
            return _link(request, row)
        elif verb == "stop":
            link = get_object_or_404(
                TrackedLink.objects.select_related("campaign"),
                region=row.region_id,
                campaign=row,
                code=request.POST.get("link", ""),
            )
            link.campaign = row
            if asked := ask_first(
                request,
                question=_("Stop counting “%(label)s”?") % {"label": link.label},
                verb=_("Stop"),
                detail=_("Printed codes still lead to the same place."),
            ):
                return asked
            actions.stop_link(link, by=by)
            messages.success(request, _("Stopped."))
        else:
            raise Http404
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("campaign_run", campaign=row.code)


def _link(request: HttpRequest, row: Campaign) -> HttpResponse:
    form = LinkForm(request.POST, targets=reads.targets_of(row))
    if form.is_valid():
        kind, _dash, key = form.cleaned_data["target"].partition("-")
        where: dict[str, Any] = {"region": row.region_id, "pk": int(key or 0)}
        try:
            actions.make_link(
                row,
                label=form.cleaned_data["label"],
                by=signed_in(request),
                product=Product.objects.get(**where) if kind == "produk" else None,
                enterprise=Enterprise.objects.get(**where) if kind == "toko" else None,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The link is there. Copy it, or print its code."))
            return redirect(reverse("campaign_run", kwargs={"campaign": row.code}) + "#tautan")
    return _run_page(request, row, link=form, status=422)
