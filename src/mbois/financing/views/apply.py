"""Applying: choosing the enterprise, beginning a draft, one's own applications, taking one back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.enterprises.queries import searched
from mbois.financing import actions, eligibility, policy
from mbois.financing.forms import (
    BeginForm,
    PurposeForm,
)
from mbois.financing.models import Application, Scheme, State
from mbois.financing.shown import instalment_words
from mbois.financing.views.common import (
    application_or_404,
    login_required,
    open_schemes,
    person_of,
    say_and_go,
)
from mbois.people.middleware import on_behalf_of
from mbois.people.models import Person
from mbois.places.numbers import region_of
from mbois.refused import Refused, require
from mbois.web.confirm import ask_first


def _enterprises(person: Person, text: str) -> list[Enterprise]:
    """One's own, or for officers what fits a search."""
    rows = (
        Enterprise.objects.visible_to(person)
        .living()
        .select_related("owner", "village__parent")
        .order_by("name")
    )
    own = rows.filter(owner__person=person.pk)
    if not text:
        return list(own[:20])
    found = searched(rows.order_by(), text[:100])[:60]
    return [enterprise for enterprise in found if policy.can_apply(person, enterprise)][:20]


def _scheme_for(enterprise: Enterprise) -> Scheme:
    schemes = open_schemes(enterprise.region_id)
    if not schemes:
        raise Refused(
            _("No credit is open for businesses of %(region)s now.") % {"region": enterprise.region.name}
        )
    return next((scheme for scheme in schemes if scheme.code == "OJIR"), schemes[0])


def _enterprise_or_404(person: Person, number: str) -> Enterprise:
    region = region_of(number)
    found = (
        Enterprise.objects.visible_to(person)
        .living()
        .select_related("owner__person", "region", "village__parent")
        .filter(region_id=region, number=number)
        .first()
        if region
        else None
    )
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Choose the enterprise, say how much, how long and what for: that makes the draft."""
    person = person_of(request)
    number = request.POST.get("usaha") or request.GET.get("usaha") or ""
    text = request.GET.get("q", "").strip()
    if not number:
        found = _enterprises(person, text)
        if len(found) == 1 and not text and not person.is_staff:
            return redirect(f"{reverse('application_new')}?usaha={found[0].number}")
        return render(
            request,
            "financing/choose_enterprise.html",
            {
                "enterprises": found,
                "text": text,
                "door": person.roles & set(policy.DOOR_ROLES),
                "drafts": _drafts(person),
            },
        )
    enterprise = _enterprise_or_404(person, number)
    require(policy.can_apply(person, enterprise))
    scheme = _scheme_for(enterprise)
    under_way = (
        Application.objects.visible_to(person)
        .under_way()
        .filter(region_id=scheme.region_id, scheme=scheme, borrower=enterprise.owner_id)
        .first()
    )
    if under_way is not None:
        name = "application_fill" if policy.can_edit(person, under_way) else "application"
        messages.info(request, _("There is an application already: here it is."))
        return redirect(name, application=under_way.number)
    form = PurposeForm(
        request.POST or None, scheme=scheme, initial={"amount_asked": 4_000_000, "months_asked": 12}
    )
    if request.method == "POST" and form.is_valid():
        try:
            if enterprise.owner.person_id != person.pk:
                on_behalf_of(enterprise.owner.person)
            made = actions.start_application(scheme, enterprise, by=person, **form.cleaned_data)
            return redirect(
                f"{reverse('application_fill', kwargs={'application': made.number})}?langkah=utang"
            )
        except Refused as refused:
            form.refuse(refused)
    checks = [
        *eligibility.enterprise_checks(scheme, enterprise),
        *_terms_checks(scheme, form),
    ]
    return render(
        request,
        "financing/begin.html",
        {
            "enterprise": enterprise,
            "scheme": scheme,
            "form": form,
            "checks": checks,
            "instalments": _instalments(scheme, form),
            "assisted": enterprise.owner.person_id != person.pk,
            "blocked": any(
                check.blocks and check.ok is False and check.field == "enterprise" for check in checks
            ),
        },
    )


def _typed(form: BeginForm) -> tuple[int | None, int | None]:
    if form.is_bound:
        form.is_valid()
        return form.cleaned_data.get("amount_asked"), form.cleaned_data.get("months_asked")
    return form.initial.get("amount_asked"), form.initial.get("months_asked")


def _terms_checks(scheme: Scheme, form: BeginForm) -> list[eligibility.Check]:
    return eligibility.terms_checks(scheme, *_typed(form))


def _instalments(scheme: Scheme, form: BeginForm) -> str:
    amount, months = _typed(form)
    if not amount or not months or months > scheme.months_max or amount > scheme.maximum:
        return ""
    return instalment_words(amount, months, scheme.unit, clock.today())


@login_required
@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """The conditions of a new application as they stand with what is typed: a part of its page."""
    person = person_of(request)
    enterprise = _enterprise_or_404(person, request.GET.get("usaha", ""))
    require(policy.can_apply(person, enterprise))
    scheme = _scheme_for(enterprise)
    form = BeginForm(request.GET, scheme=scheme)
    checks = [*eligibility.enterprise_checks(scheme, enterprise), *_terms_checks(scheme, form)]
    return render(
        request, "financing/parts/checks.html", {"checks": checks, "instalments": _instalments(scheme, form)}
    )


def _drafts(person: Person) -> list[Application]:
    """What somebody began or has to complete, newest first."""
    return list(
        Application.objects.visible_to(person)
        .filter(state__in=[State.DRAFT, State.RETURNED])
        .select_related("enterprise", "borrower", "entered_by")
        .order_by("-pk")[:20]
    )


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """One's own applications and those one entered for others."""
    person = person_of(request)
    rows = (
        Application.objects.visible_to(person)
        .filter(pk__in=_mine(person))
        .select_related("enterprise", "borrower", "entered_by", "scheme")
        .order_by("-pk")[:100]
    )
    return render(request, "financing/my_applications.html", {"applications": list(rows)})


def _mine(person: Person) -> list[int]:
    own = (
        Application.objects.visible_to(person).filter(borrower__person=person.pk).values_list("pk", flat=True)
    )
    entered = Application.objects.visible_to(person).filter(entered_by=person.pk).values_list("pk", flat=True)
    return [*own, *entered[:200]]


@login_required
@require_POST
def withdraw(request: HttpRequest, application: str) -> HttpResponse:
    """Take an application back, after asking."""
    found = application_or_404(request, application)
    if asked := ask_first(
        request,
        question=_("Withdraw application %(number)s?") % {"number": found.number},
        detail=_("What was typed stays in the record, but nobody works on it any more."),
        verb=_("Withdraw it"),
        danger=True,
    ):
        return asked
    actions.withdraw_application(found, by=person_of(request))
    return say_and_go(request, _("The application was withdrawn."), "application", application=found.number)
