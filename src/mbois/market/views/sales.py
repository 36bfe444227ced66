"""Sales reports of marketplaces that are not connected: bring one, look, take it in."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from mbois.market.actions.sales import (
    Outcome,
    bring_report,
    choose_columns,
    discard_report,
    dry_run,
    take_report,
)
from mbois.market.messages_out import channel_name
from mbois.market.models import SalesFile
from mbois.market.salesfiles import BY_KEY, FIELDS, SOURCES
from mbois.market.views.common import handling, signed_in
from mbois.refused import Refused
from mbois.web.forms import Form
from mbois.web.given import whole_number


class ReportForm(Form):
    channel = forms.ChoiceField(
        label=gettext_lazy("Marketplace"),
        choices=[(key, name or gettext_lazy("Another one")) for key, name in SOURCES.items()],
    )
    file = forms.FileField(
        label=gettext_lazy("The report, as downloaded (XLSX or CSV)"),
        widget=forms.ClearableFileInput({"accept": ".xlsx,.xls,.csv"}),
    )


@login_required
@require_http_methods(["GET", "POST"])
def files(request: HttpRequest, enterprise: str) -> HttpResponse:
    """Bring a report; those brought before."""
    row = handling(request, enterprise)
    form = ReportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = bring_report(
                row,
                channel=told["channel"],
                name=told["file"].name,
                data=told["file"].read(),
                by=signed_in(request),
            )
            return redirect("sales_file", enterprise=enterprise, sales_file=made.pk)
        except Refused as refused:
            form.refuse(refused)
    before = SalesFile.objects.filter(region=row.region_id, enterprise=row).order_by("-made_at")[:30]
    for one in before:
        one.source = channel_name(one.channel)
    context = {"enterprise": row, "form": form, "before": before}
    return render(request, "market/channels/reports.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def file(request: HttpRequest, enterprise: str, sales_file: int) -> HttpResponse:
    """What a report says, which column is which, and taking it in."""
    row = handling(request, enterprise)
    one: Any = SalesFile.objects.filter(region=row.region_id, enterprise=row, pk=sales_file).first()
    if one is None:
        raise Http404
    one.enterprise = row
    status = 200
    if request.method == "POST":
        try:
            return _do(request, one)
        except Refused as refused:
            messages.error(request, refused.message)
            if request.POST.get("verb") != "columns":
                return redirect("sales_file", enterprise=enterprise, sales_file=one.pk)
            one.mapping, status = _chosen(request, one), 422  # not saved: shown as it was chosen
    waiting = one.state == SalesFile.State.READ
    complete = {one_field.key for one_field in FIELDS if one_field.required} <= set(one.mapping) and (
        "price" in one.mapping or "total" in one.mapping
    )
    outcome = None
    if one.outcome:
        outcome = Outcome(**one.outcome)
    elif waiting and complete:
        outcome = dry_run(one)
    wrong = outcome.wrong if outcome else {}
    days = (outcome.first, outcome.last) if outcome else ("", "")
    context = {
        "enterprise": row,
        "file": one,
        "source": channel_name(one.channel),
        "waiting": waiting,
        "outcome": outcome,
        "days": [date.fromisoformat(day) for day in days if day],
        "wrong": [(BY_KEY[key].label, count) for key, count in wrong.items()],
        "columns": list(enumerate(one.columns)),
        "fields": [
            {
                "key": one_field.key,
                "label": one_field.label,
                "required": one_field.required,
                "place": one.mapping.get(one_field.key),
                "sample": _sample(one, one.mapping.get(one_field.key)),
            }
            for one_field in FIELDS
        ],
        "complete": complete,
    }
    return render(request, "market/channels/report.html", context, status=status)


def _sample(file: SalesFile, place: int | None) -> str:
    if place is None:
        return ""
    return next((str(row[place])[:40] for row in file.rows[:20] if place < len(row) and row[place] != ""), "")


def _chosen(request: HttpRequest, file: SalesFile) -> dict[str, int]:
    """Which column is which, by the page."""
    places = (
        (key, whole_number(request.POST.get(f"column-{key}", ""), most=len(file.columns) - 1))
        for key in BY_KEY
    )
    return {key: place for key, place in places if place is not None}


def _do(request: HttpRequest, file: SalesFile) -> HttpResponse:
    person = signed_in(request)
    verb = request.POST.get("verb", "")
    if verb == "columns":
        choose_columns(file, _chosen(request, file), by=person)
    elif verb == "take":
        outcome = take_report(file, by=person)
        messages.success(
            request,
            ngettext("%(count)s order was taken in.", "%(count)s orders were taken in.", outcome.new)
            % {"count": outcome.new},
        )
    elif verb == "discard":
        discard_report(file, by=person)
        return redirect("sales_files", enterprise=file.enterprise.number)
    return redirect("sales_file", enterprise=file.enterprise.number, sales_file=file.pk)
