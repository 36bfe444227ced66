"""Marketplaces that take sheets: a checklist, and the sheet filled with what is sold."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from mbois import clock
from mbois.enterprises.models import Enterprise, State
from mbois.enterprises.spreadsheets import xlsx
from mbois.market.channels.files import FILE_CHANNELS, FileChannel
from mbois.market.channels.sheets import lines_of
from mbois.market.channels.shopee_template.filling import fill
from mbois.market.models import Product
from mbois.market.views.common import selling, signed_in
from mbois.people.models import Role
from mbois.refused import Refused
from mbois.web.forms import Form
from mbois.web.tables import Column, Empty, Table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class TemplateForm(Form):
    template = forms.FileField(
        label=_("The template, as downloaded (XLSX)"), widget=forms.ClearableFileInput({"accept": ".xlsx"})
    )


def channel_or_404(key: str) -> FileChannel:
    if key not in FILE_CHANNELS:
        raise Http404
    return FILE_CHANNELS[key]


def _name(row: Enterprise, channel: FileChannel) -> str:
    return f"{channel.key}-{row.number}-{clock.today():%Y-%m-%d}.xlsx"


def as_download(content: bytes, name: str, kind: str = XLSX) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def sellers_for(request: HttpRequest) -> QuerySet[Any]:
    """Whom an agency's officer may help to sell: verified ones with published products, and how many."""
    person = signed_in(request)
    regions = person.regions_with(Role.AGENCY_OFFICER)
    if not regions:
        raise Http404
    published = Product.objects.filter(
        region=OuterRef("region"), enterprise=OuterRef("pk"), state="published"
    ).order_by()
    rows: QuerySet[Any] = (
        Enterprise.objects.visible_to(person)
        .filter(region__in=regions, state=State.VERIFIED)
        .annotate(
            products_count=Coalesce(
                Subquery(published.values("enterprise").annotate(n=Count("pk")).values("n")), 0
            )
        )
        .filter(products_count__gt=0)
        .select_related("village", "owner")
    )
    return rows


@login_required
@require_safe
def sellers(request: HttpRequest) -> HttpResponseBase:
    """For an agency's officers: who sells, with the sheets of each."""
    table = Table(
        request,
        rows=sellers_for(request),
        columns=[
            Column(
                "name",
                _("Business"),
                link=lambda row: reverse("channels", kwargs={"enterprise": row.number}),
                note=lambda row: f"{row.number} · {row.village.name}",
                sort="name",
            ),
            Column("products", _("Products"), value="products_count", number=True, sort="-products_count"),
            Column(
                "sheets",
                _("Sheets"),
                value="number",
                template="market/channels/sheets_cell.html",
                download=False,
            ),
        ],
        search=lambda rows, text: rows.filter(name__icontains=text),
        search_label=_("Search name"),
        order="name",
        empty=Empty(_("Nobody sells yet"), _("Businesses appear here once they have published a product.")),
    )
    return table.answer("market/channels/sellers.html", {"channels": FILE_CHANNELS.values()})


@login_required
@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, enterprise: str, sheet: str) -> HttpResponseBase:
    """The checklist of a marketplace; with a template posted, the template filled."""
    row = selling(request, enterprise)
    channel = channel_or_404(sheet)
    form = TemplateForm(request.POST or None, request.FILES or None) if channel.takes_template else None
    status = 200
    if request.method == "POST" and form is not None:
        if form.is_valid():
            try:
                filled = fill(form.cleaned_data["template"].read(), channel.headings, lines_of(row))
                return as_download(filled.content, _name(row, channel))
            except Refused as refused:
                form.refuse(refused)
        status = 422
    context = {
        "enterprise": row,
        "channel": channel,
        "needs": channel.needs(row),
        "form": form,
        "count": len(lines_of(row)),
    }
    return render(request, "market/channels/sheet.html", context, status=status)


@login_required
@require_safe
def filled(request: HttpRequest, enterprise: str, sheet: str) -> HttpResponseBase:
    """The sheet of a marketplace that gives no template."""
    row = selling(request, enterprise)
    channel = channel_or_404(sheet)
    if channel.takes_template:
        raise Http404
    lines = lines_of(row)
    content = b"".join(
        xlsx(
            channel.name,
            [heading for heading, _value in channel.columns],
            ([value(line) for _heading, value in channel.columns] for line in lines),
        )
    )
    return as_download(content, _name(row, channel))
