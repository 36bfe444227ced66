"""The public page of OJIR: terms, steps, papers, a calculator with the whole schedule."""

from datetime import date
from typing import Any

from django import forms
from django.core.cache import cache
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from mbois import clock
from mbois.enterprises.models import Owner
from mbois.financing.models import Loan, Scheme
from mbois.financing.models.schemes import SPOUSE_PAPERS, PaperKind
from mbois.financing.schedule import Line, check_start, check_terms, plan
from mbois.financing.views.common import open_schemes
from mbois.people.models import Person
from mbois.refused import Refused
from mbois.web.forms import DayField, Form, MoneyField

DEFAULT = {"principal": 4_000_000, "months": 12}


class CalculatorForm(Form):
    """A loan to work out; by GET, so that its address can be shared."""

    principal = MoneyField(label=gettext_lazy("Loan"), min_value=1)
    months = forms.IntegerField(
        label=gettext_lazy("Months"),
        min_value=1,
        max_value=600,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )
    start = DayField(label=gettext_lazy("Paid out on"), required=False)


def _busiest() -> str:
    """The region that lends most: whose terms a stranger sees first. Looked up once an hour."""
    known: str | None = cache.get("ojir:busiest")
    if known is None:
        counted = Loan.objects.values("region").annotate(count=Count("pk")).order_by("-count", "region")
        known = next((row["region"] for row in counted[:1]), "")
        cache.set("ojir:busiest", known, 3600)
    return known


def _chosen(request: HttpRequest, schemes: list[Scheme]) -> Scheme | None:
    """The scheme of the region in the address, of one's own region, or of the busiest."""
    wanted = request.GET.get("wilayah", "")
    regions = [wanted]
    if not wanted and isinstance(request.user, Person):
        person = request.user
        regions = person.regions_with(*person.roles) or list(
            Owner.objects.visible_to(person).filter(person=person.pk).values_list("region", flat=True)
        )
    ojir = [scheme for scheme in schemes if scheme.code == "OJIR"] or schemes
    for codes in (regions, [_busiest()]):
        for scheme in ojir:
            if scheme.region_id in codes:
                return scheme
    return next(iter(ojir), None)


def _lines(scheme: Scheme, principal: int, months: int, start: date | None) -> list[Line]:
    """The schedule by the rule of the API. Refused outside the limits."""
    day = start or clock.today()
    check_start(day)
    check_terms(scheme.terms, principal=principal, months=months)
    return plan(principal=principal, months=months, start=day, unit=scheme.unit)


@require_safe
def ojir(request: HttpRequest) -> HttpResponse:
    """What OJIR is and what it costs each month."""
    schemes = open_schemes()
    scheme = _chosen(request, schemes)
    lines: list[Line] = []
    form = CalculatorForm(request.GET if "principal" in request.GET else None, initial=DEFAULT)
    if scheme is not None:
        values: dict[str, Any] | None = dict(DEFAULT)
        if form.is_bound:
            values = form.cleaned_data if form.is_valid() else None
        if values is not None:
            try:
                lines = _lines(scheme, values["principal"], values["months"], values.get("start"))
            except Refused as refused:
                if form.is_bound:
                    form.refuse(refused)
    needed = [(kind.label, kind in SPOUSE_PAPERS) for kind in map(PaperKind, scheme.papers)] if scheme else []
    return render(
        request,
        "financing/ojir.html",
        {
            "scheme": scheme,
            "schemes": schemes,
            "form": form,
            "lines": lines,
            "papers": needed,
        },
    )
