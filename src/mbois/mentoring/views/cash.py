"""The cash book: an entry in ten seconds, the month as a picture, what to take along."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.enterprises.queries import owned_by
from mbois.mentoring import policy
from mbois.mentoring.actions import cashbook as actions
from mbois.mentoring.cashbook import Month, totals
from mbois.mentoring.forms import EntryForm, first_client_id
from mbois.mentoring.models import CashEntry
from mbois.mentoring.views.common import (
    enterprise_or_404,
    from_a_phone,
    login_required,
    person_of,
    say_and_go,
    signed_in,
    wrong_fields,
)
from mbois.refused import Refused, require
from mbois.web import show
from mbois.web.given import whole_number
from mbois.web.middleware import refusal_json
from mbois.web.tables import Choice, Column, Empty, Filter, Table

BARS = 6
CHART_WIDTH, CHART_HEIGHT = 360, 150


@dataclass(frozen=True)
class Bar:
    """A month of the picture: two bars, sales and costs, in the coordinates of the SVG (as text: templates would
    write numbers with a comma)."""

    month: Month | None
    label: str
    x: str
    sales_y: str
    sales_height: str
    costs_y: str
    costs_height: str


def bars_of(months: list[Month], last: date) -> list[Bar]:
    """The last six months up to `last`, scaled to the largest."""
    wanted = []
    year, number = last.year, last.month
    for _place in range(BARS):
        wanted.append(date(year, number, 1))
        year, number = (year - 1, 12) if number == 1 else (year, number - 1)
    wanted.reverse()
    by_month = {one.month: one for one in months}
    most = max([1, *(max(by_month[day].sales, by_month[day].costs) for day in wanted if day in by_month)])
    room, step = CHART_HEIGHT - 30, CHART_WIDTH / BARS
    found = []
    for place, day in enumerate(wanted):
        month = by_month.get(day)
        sales = round(room * (month.sales if month else 0) / most, 1)
        costs = round(room * (month.costs if month else 0) / most, 1)
        found.append(
            Bar(
                month,
                show.bulan_pendek(day),
                f"{place * step + step / 2:g}",
                f"{room - sales + 5:g}",
                f"{sales:g}",
                f"{room - costs + 5:g}",
                f"{costs:g}",
            )
        )
    return found


@signed_in
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """To the book of one's own business, or a choice where there are several."""
    rows = owned_by(person_of(request))[:50]
    if len(rows) == 1:
        return redirect("cash_book", enterprise=rows[0].number)
    return render(request, "mentoring/cash_mine.html", {"rows": rows})


def _found(request: HttpRequest, number: str) -> Enterprise:
    found = enterprise_or_404(request, number)
    if not policy.can_see(person_of(request), found):
        raise Http404
    return found


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, enterprise: str) -> HttpResponse:
    """Write an entry. Answers a phone that sends with JSON: 201 taken, 200 had come before."""
    person = person_of(request)
    try:
        found = _found(request, enterprise)
    except Http404:
        if from_a_phone(request):
            return refusal_json(Refused(_("There is no such business."), code="not_found", status=404))
        raise
    if request.method != "POST":
        initial = {"client_id": first_client_id(), "day": clock.today(), "kind": CashEntry.Kind.SALE}
        return _page(request, found, EntryForm(initial=initial))
    form = EntryForm(request.POST)
    refused: Refused | None = None
    if form.is_valid():
        try:
            made, again = actions.write_entry(found, actions.Entry(**form.cleaned_data), by=person)
        except Refused as error:
            refused = error
        else:
            if from_a_phone(request):
                answer = {"number": found.number, "url": request.path, "again": again}
                return JsonResponse(answer, status=200 if again else 201)
            messages.success(request, _("Written down: %(amount)s.") % {"amount": show.rupiah(made.amount)})
            return redirect("cash_book", enterprise=found.number)
    if from_a_phone(request):
        return refusal_json(refused) if refused else wrong_fields(form)
    if refused:
        if refused.status == 403:
            raise refused
        form.refuse(refused)
    return _page(request, found, form, status=refused.status if refused else 422)


def _page(
    request: HttpRequest, enterprise: Enterprise, form: EntryForm, *, status: int = 200
) -> HttpResponse:
    person, today = person_of(request), clock.today()
    months = totals(enterprise.region_id, [enterprise.pk])
    here = next((one for one in months if one.month == today.replace(day=1)), None)
    newest = list(
        CashEntry.objects.filter(region=enterprise.region_id, enterprise=enterprise)
        .select_related("made_by")
        .order_by("-pk")[:8]
    )
    return render(
        request,
        "mentoring/cash.html",
        {
            "enterprise": enterprise,
            "form": form,
            "own": policy.owns(person, enterprise),
            "can_write": policy.can_keep_book(person, enterprise),
            "here": here or Month(enterprise.pk, today.replace(day=1), 0, 0, 0),
            "bars": bars_of(months, today) if months else [],
            "months": list(reversed(months))[:24],
            "newest": newest,
            "last": next((one for one in newest if one.voided_at is None), None),
        },
        status=status,
    )


@login_required
@require_POST
def take_back(request: HttpRequest, enterprise: str) -> HttpResponse:
    """Take back the entry named in the form, else the last one."""
    person, found = person_of(request), _found(request, enterprise)
    require(policy.can_keep_book(person, found))
    key = whole_number(request.POST.get("entry"))
    entries = CashEntry.objects.filter(region=found.region_id, enterprise=found).counting()
    if key is not None:
        entries = entries.filter(pk=key)
    last = entries.select_related("enterprise__owner", "enterprise__village").order_by("-pk").first()
    if last is None:
        messages.info(request, _("There is nothing to take back."))
        return redirect("cash_book", enterprise=found.number)
    try:
        actions.take_back(last, by=person)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("cash_book", enterprise=found.number)
    return say_and_go(
        request,
        _("Taken back: %(amount)s.") % {"amount": show.rupiah(last.amount)},
        "cash_book",
        enterprise=found.number,
    )


@login_required
@require_safe
def entries(request: HttpRequest, enterprise: str) -> Any:
    """All entries, to look through and to take along as a file."""
    from django.db.models import Q

    found = _found(request, enterprise)
    rows = (
        CashEntry.objects.filter(region=found.region_id, enterprise=found).counting().order_by("-day", "-pk")
    )
    table = Table(
        request,
        rows=rows,
        columns=[
            Column("day", _("Day"), sort="-day"),
            Column("kind", _("Kind"), value="get_kind_display"),
            Column("amount", _("Amount"), show=show.rupiah, number=True, sort="-amount"),
            Column("category", _("What for"), value="get_category_display", phone=False),
            Column("note", _("Note")),
        ],
        filters=[
            Filter(
                "jenis",
                _("Kind"),
                [Choice(str(kind.value), kind.label, Q(kind=kind)) for kind in CashEntry.Kind],
            )
        ],
        empty=Empty(
            _("Nothing written yet"),
            _("One entry takes ten seconds."),
            reverse("cash_book", kwargs={"enterprise": found.number}),
            _("Write the first one"),
        ),
        download="buku-kas",
    )
    return table.answer("mentoring/cash_entries.html", {"enterprise": found})
