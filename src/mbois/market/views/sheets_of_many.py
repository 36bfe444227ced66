"""One sheet for many sellers at once, for officers who enter them at a marketplace or carry the files."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.enterprises.spreadsheets import xlsx
from mbois.market.channels.files import FileChannel
from mbois.market.channels.sheets import Line, lines_of_many
from mbois.market.channels.shopee_template.filling import fill
from mbois.market.views.sheetchannels import TemplateForm, as_download, channel_or_404, sellers_for
from mbois.refused import Refused
from mbois.web.forms import Form
from mbois.web.given import whole_number

MOST_SHOWN = 300
# Filling a template takes a moment for each seller.
MOST_TEMPLATES = 25
ZIP = "application/zip"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sheet_of_many(request: HttpRequest, sheet: str) -> HttpResponse:
    """Choose sellers; the answer is one sheet with all they sell, or, where the marketplace has a template
    of its own, an archive with one filled template for each."""
    channel = channel_or_404(sheet)
    rows = sellers_for(request).order_by("name", "pk")
    if text := request.GET.get("q", "").replace("\x00", "").strip()[:100]:
        rows = rows.filter(name__icontains=text)
    kind = TemplateForm if channel.takes_template else Form  # beside a template nothing is typed
    form = kind(request.POST, request.FILES) if request.method == "POST" else kind()
    ticked = {whole_number(key) for key in request.POST.getlist("seller")} - {None}
    if request.method == "POST" and form.is_valid():
        chosen = rows if request.POST.get("all") else rows.filter(pk__in=ticked)
        try:
            return _answer(channel, list(chosen[: MOST_SHOWN + 1]), form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
    shown = list(rows[: MOST_SHOWN + 1])
    context = {
        "channel": channel,
        "form": form,
        "sellers": shown[:MOST_SHOWN],
        "more": len(shown) > MOST_SHOWN,
        "most_shown": MOST_SHOWN,
        "ticked": ticked,
        "text": text,
        "most_templates": MOST_TEMPLATES if channel.takes_template else 0,
    }
    return render(request, "market/channels/sheet_of_many.html", context, status=422 if form.errors else 200)


def _answer(channel: FileChannel, sellers: Sequence[Enterprise], told: dict[str, Any]) -> HttpResponse:
    most = MOST_TEMPLATES if channel.takes_template else MOST_SHOWN
    if not sellers:
        raise Refused(_("Choose at least one business."), code="required")
    if len(sellers) > most:
        raise Refused(_("At most %(most)s businesses at once.") % {"most": most}, code="too_many")
    prefetch_related_objects(sellers, "licences", "kbli")
    lines = lines_of_many(sellers)
    name = f"{channel.key}-{len(sellers)}-usaha-{clock.today():%Y-%m-%d}"
    if channel.takes_template:
        return as_download(_archive(channel, lines, told["template"].read()), f"{name}.zip", ZIP)
    headings = ["Usaha", "Nomor usaha", *(heading for heading, _value in channel.columns)]
    rows = (
        [line.enterprise.name, line.enterprise.number, *(value(line) for _heading, value in channel.columns)]
        for line in lines
    )
    return as_download(b"".join(xlsx(channel.name, headings, rows)), f"{name}.xlsx")


def _archive(channel: FileChannel, lines: list[Line], template: bytes) -> bytes:
    """The template filled for each seller, in a file of its own: each uploads theirs."""
    by_seller: dict[str, list[Line]] = {}
    for line in lines:
        by_seller.setdefault(line.enterprise.number, []).append(line)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, of_one in by_seller.items():
            name = slugify(of_one[0].enterprise.name)[:40]
            archive.writestr(
                f"{number}-{name}.xlsx".replace("-.", "."), fill(template, channel.headings, of_one).content
            )
    return out.getvalue()
