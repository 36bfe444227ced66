"""Campaigns as everybody sees them, and the short addresses that lead to them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from mbois import clock
from mbois.market import campaigns as reads
from mbois.market import messages_out, queries
from mbois.market.actions.visits import count_visit, is_visit, visitor_of
from mbois.market.codes import code_in
from mbois.market.models import Campaign, Phase, Shop, TrackedLink, VersionFile
from mbois.market.views.showing import cards, link_of, share_picture, with_link
from mbois.people.views.files import serve
from mbois.web import show

SHOWN = 60


@require_safe
def campaigns_public(request: HttpRequest) -> HttpResponse:
    """Campaigns that run or come. Two queries."""
    rows = list(reads.public_now().select_related("enterprise", "region")[:SHOWN])
    return render(request, "market/campaigns/public_list.html", {"rows": rows})


def _public(slug: str) -> Campaign:
    code = code_in(slug)
    found: Campaign | None = (
        Campaign.objects.coded(code)
        .filter(published_at__isnull=False)
        .select_related("enterprise", "region", "material")
        .first()
    )
    if found is None:
        raise Http404
    return found


@require_safe
def campaign(request: HttpRequest, promotion: str) -> HttpResponse:
    """The page of a campaign: its offer and, while it runs, its products. Four queries at most."""
    row = _public(promotion)
    if promotion != row.slug:
        return redirect(with_link(row.get_absolute_url(), link_of(request)), permanent=True)
    phase = row.phase
    entries = []
    if phase in (Phase.RUNNING, Phase.COMING):
        entries = list(
            queries.offered()
            .filter(region=row.region_id, product__campaign_items__campaign=row)
            .select_related("cover", "product", "shop__enterprise", "district")
            .order_by("shop", "name")[:SHOWN]
        )
    link = link_of(request)
    context = {
        "campaign": row,
        "phase": phase,
        "cards": cards(entries, link=link),
        "address": messages_out.absolute(row.get_absolute_url()),
        "picture": share_picture(entries[0].cover if entries else None),
        "banner": bool(row.material) and phase in (Phase.RUNNING, Phase.COMING),
        "days": f"{show.tanggal(row.begins_on)} – {show.tanggal(row.ends_on)}",
        "left": (row.ends_on - clock.today()).days,
    }
    return render(request, "market/campaigns/public.html", context)


@require_safe
def campaign_banner(request: HttpRequest, promotion: str) -> HttpResponse:
    """The design that was made for a campaign, where it is a picture: public while the campaign is."""
    row = _public(promotion)
    if row.phase not in (Phase.RUNNING, Phase.COMING) or row.material is None:
        raise Http404
    files = VersionFile.objects.filter(
        region=row.region_id, version__job=row.material, version__answer="accepted"
    ).select_related("document")
    found = next((one.document for one in files if one.document.is_image), None)
    if found is None:
        raise Http404
    return serve(request, found.file, kind=found.kind, name=found.name, etag=found.sha256[:32], inline=True)


def _target(link: TrackedLink) -> str:
    if link.product is not None:
        return link.product.get_absolute_url()
    if link.enterprise is not None:
        shop = Shop.objects.filter(region=link.region_id, enterprise=link.enterprise_id).first()
        if shop is not None:
            return shop.get_absolute_url()
    return link.campaign.get_absolute_url() if link.campaign.published_at else reverse("catalogue")


@require_safe
def tracked(request: HttpRequest, link: str) -> HttpResponse:
    """A short address: counts who comes while its campaign runs, without a cookie, and leads on."""
    row: Any = (
        TrackedLink.objects.filter(code=link.upper().replace("\x00", ""))
        .select_related("campaign", "product", "enterprise")
        .order_by("pk")
        .first()
    )
    if row is None:
        raise Http404
    counts = row.stopped_at is None and row.campaign.phase == Phase.RUNNING
    if counts and is_visit(request):
        count_visit(row, **visitor_of(request))
    response = redirect(with_link(_target(row), row.code if counts else ""))
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
