"""What one takes away from a campaign: its results as a file, its links as codes to print."""

import csv
import io

import segno
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from mbois.enterprises.spreadsheets import safe
from mbois.market import campaigns as reads
from mbois.market import messages_out
from mbois.market.models import TrackedLink
from mbois.market.views.campaigns import run_or_404


@login_required
@require_safe
def campaign_csv(request: HttpRequest, campaign: str) -> HttpResponse:
    """The results as CSV."""
    row = run_or_404(request, campaign)
    out = io.StringIO()
    writer = csv.writer(out)
    for line in reads.rows_of(reads.results_of(row)):
        writer.writerow([safe(one) if isinstance(one, str) else one for one in line])
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="kampanye-{row.code.lower()}.csv"'
    return response


@login_required
@require_safe
def link_qr(request: HttpRequest, campaign: str, link: str, kind: str) -> HttpResponse:
    """The QR code of a link, to be printed: as SVG or PNG."""
    row = run_or_404(request, campaign)
    found = get_object_or_404(TrackedLink, region=row.region_id, campaign=row, code=link.replace("\x00", ""))
    made = segno.make(messages_out.absolute(found.path), error="m", micro=False)
    out = io.BytesIO()
    made.save(out, kind=kind, scale=12 if kind == "png" else 6, border=4, light="white")
    mime = "image/png" if kind == "png" else "image/svg+xml"
    response = HttpResponse(out.getvalue(), content_type=mime)
    response["Cache-Control"] = "private, max-age=3600"
    if "unduh" in request.GET:
        response["Content-Disposition"] = f'attachment; filename="qr-{found.code.lower()}.{kind}"'
    return response
