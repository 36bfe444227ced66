"""Products as a spreadsheet: out, in as a dry run, in for good."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mbois import clock
from mbois.enterprises.spreadsheets import xlsx
from mbois.market import forms, sheets
from mbois.market.views.common import posted, selling, signed_in
from mbois.refused import Refused
from mbois.web import show

_SALT = "market.sheet"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_safe
def products_out(request: HttpRequest, enterprise: str) -> HttpResponseBase:
    """All products as a spreadsheet that can be changed and put in again."""
    row = selling(request, enterprise)
    headings = sheets.headings(get_language() or "id")
    response = StreamingHttpResponse(xlsx(_("Products"), headings, sheets.lines_of(row)), content_type=XLSX)
    name = f"produk-{row.number}-{clock.today():%Y-%m-%d}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_http_methods(["GET", "POST"])
def products_sheet(request: HttpRequest, enterprise: str) -> HttpResponse:
    """Put a file in: first what would happen, then, once confirmed, it happens."""
    row = selling(request, enterprise)
    if request.method == "POST" and "told" in request.POST:
        try:
            told = signing.loads(request.POST["told"], salt=f"{_SALT}.{row.number}", max_age=86_400)
        except signing.BadSignature:
            messages.error(request, _("This page is too old. Please choose the file again."))
            return redirect("products_sheet", enterprise=row.number)
        plan = sheets.apply(row, [(number, values) for number, values in told], by=signed_in(request))
        done = sum(plan.count(fate) for fate in ("new", "variant", "change"))
        messages.success(
            request,
            ngettext("%(count)s line was put in.", "%(count)s lines were put in.", done)
            % {"count": show.angka(done)},
        )
        if not plan.count("refused"):
            return redirect("products", enterprise=row.number)
        return render(request, "market/sheet.html", {"enterprise": row, "plan": plan, "done": True})
    form = forms.SheetForm(*posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            told = sheets.read_lines(form.cleaned_data["file"].read())
        except Refused as refused:
            form.refuse(refused)
        else:
            context = {
                "enterprise": row,
                "plan": sheets.decide(row, told, by=signed_in(request)),
                "told": signing.dumps(told, salt=f"{_SALT}.{row.number}", compress=True),
            }
            return render(request, "market/sheet.html", context)
    context = {"enterprise": row, "form": form}
    return render(request, "market/sheet.html", context, status=422 if form.errors else 200)
