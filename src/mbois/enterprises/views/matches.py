"""The same NIK in two regions, for somebody who is region admin of both."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from mbois.enterprises import duplicates as finding
from mbois.enterprises.forms.stewards import SettleForm
from mbois.enterprises.models import Enterprise, OwnerMatch
from mbois.enterprises.views.common import of_two_regions, posted, signed_in
from mbois.refused import Refused
from mbois.web.components import badge
from mbois.web.tables import Choice, Column, Empty, Filter, Table


def _matches(request: HttpRequest) -> QuerySet[OwnerMatch]:
    person = signed_in(request)
    if not of_two_regions(person):
        raise Http404
    return finding.owner_matches(person).select_related(
        "left", "right", "left_region", "right_region", "settled_by"
    )


@login_required
@require_safe
def matches(request: HttpRequest) -> HttpResponseBase:
    """The same NIK in two regions, for somebody who is region admin of both."""
    table = Table(
        request,
        rows=_matches(request),
        columns=[
            Column(
                "left",
                gettext_lazy("Owners"),
                value=lambda row: f"{row.left.name} · {row.right.name}",
                link=lambda row: reverse("owner_match", kwargs={"match": row.pk}),
                note=lambda row: row.left.nik_masked,
            ),
            Column(
                "regions",
                gettext_lazy("Regions"),
                value=lambda row: f"{row.left_region} · {row.right_region}",
            ),
            Column("found", gettext_lazy("Found"), value="found_at", sort="-found_at", phone=False),
            Column(
                "state",
                gettext_lazy("State"),
                html=lambda row: (
                    badge(_("Settled"), "ok") if row.settled_at else badge(_("To be settled"), "wait")
                ),
            ),
        ],
        filters=[
            Filter(
                "state",
                _("State"),
                [
                    Choice("open", _("To be settled"), Q(settled_at=None)),
                    Choice("settled", _("Settled"), Q(settled_at__isnull=False)),
                ],
            )
        ],
        order="-found",
        caption=_("Same NIK in two regions"),
        empty=Empty(
            _("No NIK is registered in both"), _("The regions are compared every night."), art="search"
        ),
    )
    return table.answer("enterprises/owner_matches.html", {})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def match(request: HttpRequest, match: int) -> HttpResponse:
    """One person in two regions: their businesses in both, and what was found out."""
    row = _matches(request).filter(pk=match).first()
    if row is None:
        raise Http404
    form = SettleForm(posted(request)[0])
    if form.is_valid():
        try:
            finding.settle_owner_match(row, note=form.cleaned_data["note"], by=signed_in(request))
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Noted."))
            return redirect("owner_matches")
    sides: list[dict[str, Any]] = [
        {
            "owner": owner,
            "region": region,
            "enterprises": list(
                Enterprise.objects.living()
                .filter(region=owner.region_id, owner=owner)
                .select_related("village__parent")
            ),
        }
        for owner, region in ((row.left, row.left_region), (row.right, row.right_region))
    ]
    return render(request, "enterprises/owner_match.html", {"match": row, "sides": sides, "form": form})
