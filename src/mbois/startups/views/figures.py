"""Figures by quarter: a startup writes its own; the programme sees what became of all."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mbois.refused import require
from mbois.startups import alumni, policy
from mbois.startups.actions import progress as actions
from mbois.startups.forms import QuarterForm
from mbois.startups.models import Cohort, QuarterFigures
from mbois.startups.show import quarter_name
from mbois.startups.views.common import (
    act,
    login_required,
    person_of,
    reading,
    say_and_go,
    startup_or_404,
)
from mbois.web import show
from mbois.web.tables import Column, Empty, Table


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def quarters(request: HttpRequest, startup: str) -> HttpResponse:
    """Five numbers a quarter, with those written before."""
    person, found = person_of(request), startup_or_404(request, startup)
    may = policy.can_record_figures(person, found)
    rows = list(
        QuarterFigures.objects.filter(region=found.region_id, startup=found)
        .select_related("recorded_by")
        .order_by("-quarter")
    )
    wanted = request.GET.get("kuartal", "") or alumni.last_quarter().isoformat()
    known = next((one for one in rows if one.quarter.isoformat() == wanted), None)
    initial: dict[str, Any] = {"quarter": wanted, "alive": "yes"}
    if known:
        initial |= {name: getattr(known, name) for name in ("team", "users", "revenue", "funding")}
        initial["alive"] = "yes" if known.alive else "no"
    form = QuarterForm(request.POST or None, initial=initial)
    if request.method == "POST":
        require(may)
        if form.is_valid() and act(form, lambda: actions.record_quarter(found, by=person, **form.values())):
            return say_and_go(request, _("Written. Thank you."), "startup_quarters", startup=found.number)
    return render(
        request,
        "startups/quarters.html",
        {
            "startup": found,
            "rows": [(one, quarter_name(one.quarter)) for one in rows],
            "form": form,
            "can_record": may,
        },
        status=422 if form.is_bound else 200,
    )


@login_required
@require_safe
def alumni_page(request: HttpRequest) -> Any:
    """What became of the startups: totals, medians and survival over the quarters; who has not told."""
    regions = reading(request)
    cohorts = list(Cohort.objects.filter(region__in=regions).order_by("-begins_on"))
    chosen = next((one for one in cohorts if one.number == request.GET.get("angkatan", "")), None)
    keys = alumni.alumni_of(regions, chosen.pk if chosen else None)
    last = alumni.last_quarter()
    summary = alumni.summed(alumni.told_by(keys, regions), last)
    rows = (
        QuarterFigures.objects.filter(region__in=regions, startup__in=keys, quarter=last)
        .select_related("startup")
        .order_by("startup__name")
    )
    table = Table(
        request,
        rows=rows,
        columns=[
            Column(
                "startup",
                _("Startup"),
                value="startup.name",
                sort="startup__name",
                link=lambda row: reverse("startup_quarters", kwargs={"startup": row.startup.number}),
            ),
            Column("alive", _("Still going"), value=lambda row: _("yes") if row.alive else _("no")),
            Column("team", _("Team"), number=True, sort="-team"),
            Column("users", _("Users"), number=True, sort="-users"),
            Column("revenue", _("Income"), number=True, sort="-revenue", show=show.rupiah),
            Column("funding", _("Raised"), number=True, sort="-funding", show=show.rupiah, phone=False),
        ],
        search=lambda some, text: some.filter(startup__name__icontains=text),
        search_label=_("Search a startup"),
        download="alumni-startup",
        empty=Empty(_("Nobody told this quarter yet"), _("Founders and you write it.")),
    )
    return table.answer(
        "startups/alumni.html",
        {
            "cohorts": cohorts,
            "chosen": chosen,
            "quarters": summary,
            "now": summary[-1],
            "few": alumni.FEW,
            "drawn": any(one.enough for one in summary),
            "charts": [
                (_("Income, all together"), alumni.bars(summary, "revenue"), "rupiah"),
                (_("Users, all together"), alumni.bars(summary, "users"), "number"),
                (_("People in the teams"), alumni.bars(summary, "team"), "number"),
                (_("Money raised"), alumni.bars(summary, "funding"), "rupiah"),
            ],
            "missing": alumni.missing(regions, last, chosen.pk if chosen else None)[:60],
            "quarter": quarter_name(last),
            "all": len(keys),
        },
    )
