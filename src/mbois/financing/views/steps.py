"""The steps of the officers: return, assess, decide, contract, pay out."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mbois import clock
from mbois.enterprises import standing
from mbois.financing import actions, eligibility, policy
from mbois.financing.forms import AssessForm, DecideForm, ReturnForm, SignatureForm
from mbois.financing.models import Application, State, Visit
from mbois.financing.schedule import Line, plan
from mbois.financing.shown import instalment_words, on_behalf, steps_of, took_part
from mbois.financing.views.common import (
    Story,
    application_or_404,
    login_required,
    person_of,
    say_and_go,
    story_of,
)
from mbois.ledger import queries as books
from mbois.people import documents
from mbois.people.models import Purpose
from mbois.refused import Refused, require
from mbois.web import show
from mbois.web.components import Fact
from mbois.web.confirm import ask_first
from mbois.web.forms.fields import read_money


def _context(story: Story, **more: Any) -> dict[str, Any]:
    application = story.application
    return {
        "application": application,
        "story": story,
        "steps": steps_of(application, story.visits, story.decision),
        "assisted": on_behalf(application),
        **more,
    }


def _moved_on(request: HttpRequest, application: Application, *states: str) -> HttpResponse | None:
    """Back to the page of an application that is not at this step (yet or any more), saying so."""
    if application.state in states:
        return None
    if State.SIGNED in states and application.state == State.APPROVED:
        said = _("The contract is not signed.")
    else:
        said = _("This step is not open: the application stands at “%(state)s”.") % {
            "state": application.get_state_display()
        }
    messages.warning(request, said)
    return redirect("application", application=application.number)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request: HttpRequest, application: str) -> HttpResponse:
    """Return it for completion, saying what is missing."""
    person, found = person_of(request), application_or_404(request, application)
    require(policy.can_return(person, found))
    form = ReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.return_application(found, by=person, **form.cleaned_data)
            return say_and_go(
                request, _("Returned. The applicant was told."), "application", application=found.number
            )
        except Refused as refused:
            form.refuse(refused)
    elif moved := _moved_on(request, found, State.SUBMITTED, State.VISITED, State.ASSESSED):
        return moved
    story = story_of(found)
    missing = eligibility.papers_missing(found)
    return render(
        request,
        "financing/return.html",
        _context(story, form=form, missing=missing),
        status=422 if form.errors else 200,
    )


def visit_facts(visit: Visit) -> list[Fact]:
    """The money of a household as the visit found it, rupiah a month."""
    return [
        Fact(_("Sales"), show.rupiah(visit.sales)),
        Fact(_("Costs of the business"), show.rupiah(-visit.costs)),
        Fact(_("Household"), show.rupiah(-visit.household)),
        Fact(_("Other debts"), show.rupiah(-visit.other_debts)),
        Fact(_("Left each month"), show.rupiah(visit.capacity)),
    ]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def assess(request: HttpRequest, application: str) -> HttpResponse:
    """What Baznas says."""
    person, found = person_of(request), application_or_404(request, application)
    require(policy.can_assess(person, found))
    form = AssessForm(request.POST or None, initial={"members": found.household_members})
    if request.method == "POST" and form.is_valid():
        try:
            actions.assess(found, by=person, **form.cleaned_data)
            return say_and_go(
                request, _("Assessed. The approver was told."), "application", application=found.number
            )
        except Refused as refused:
            form.refuse(refused)
    elif moved := _moved_on(request, found, State.VISITED):
        return moved
    story = story_of(found)
    return render(
        request,
        "financing/assess.html",
        _context(
            story,
            form=form,
            cost=eligibility.cost_of(found.scheme, found.amount_asked),
            standing=standing.of(found.enterprise),
            visit_facts=visit_facts(story.visit) if story.visit else [],
        ),
        status=422 if form.errors else 200,
    )


def _preview(application: Application, form: DecideForm) -> tuple[list[Line], int, int]:
    """The schedule of the amount and months in the form, or of what was asked for."""
    amount, months = application.amount_asked, application.months_asked
    if form.is_bound:
        form.is_valid()
        amount = form.cleaned_data.get("amount") or amount
        months = form.cleaned_data.get("months") or months
    if not 0 < amount <= application.amount_asked or not 0 < months <= application.months_asked:
        return [], amount, months
    return (
        plan(principal=amount, months=months, start=clock.today(), unit=application.scheme.unit),
        amount,
        months,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, application: str) -> HttpResponse:
    """Grant at most what was asked, or refuse with a reason."""
    person, found = person_of(request), application_or_404(request, application)
    require(policy.can_decide(person, found))
    story = story_of(found)
    only_preview = request.headers.get("HX-Target") == "rencana"
    form = DecideForm(
        request.POST or None, initial={"amount": found.amount_asked, "months": found.months_asked}
    )
    if request.method == "POST" and not only_preview and form.is_valid():
        try:
            decision = actions.decide(found, by=person, **form.cleaned_data)
            said = (
                _("Granted. The borrower was told.")
                if decision.granted
                else _("Refused. The borrower was told.")
            )
            return say_and_go(request, said, "application", application=found.number)
        except Refused as refused:
            form.refuse(refused)
    elif moved := _moved_on(request, found, State.ASSESSED):
        return moved
    lines, amount, months = _preview(found, form)
    capacity = story.visit.capacity if story.visit else None
    share = None if capacity is None else capacity * found.scheme.capacity_percent // 100
    return render(
        request,
        "financing/parts/plan.html" if only_preview else "financing/decide.html",
        _context(
            story,
            standing=standing.of(found.enterprise),
            form=form,
            lines=lines,
            amount=amount,
            months=months,
            capacity=capacity,
            share=share,
            too_much=bool(lines) and share is not None and lines[0].amount > share,
            part=took_part(person, found, story.visits, story.assessments),
            visit_facts=visit_facts(story.visit) if story.visit else [],
        ),
        status=422 if form.errors and not only_preview else 200,
    )


def _key_points(story: Story) -> list[str]:
    """What must be understood before signing, to be read aloud."""
    decision, scheme = story.decision, story.application.scheme
    amount, months = int(decision.amount or 0), int(decision.months or 0)  # type: ignore[union-attr]
    points = [
        _("You borrow %(amount)s. There is no interest, no fee and no collateral.")
        % {"amount": show.rupiah(amount)},
        _("You pay back: %(plan)s.") % {"plan": instalment_words(amount, months, scheme.unit, clock.today())},
        _(
            "The first instalment is due one month after the money is paid out, then each month on the same day."
        ),
    ]
    if story.debts:
        points.append(
            _("The loan shark is paid first: %(debts)s.")
            % {"debts": ", ".join(f"{debt.lender} {show.rupiah(debt.outstanding)}" for debt in story.debts)}
        )
    points.append(
        _("You promise not to borrow from a loan shark again, and to use the money in your business.")
    )
    points.append(
        _("After about %(days)s days RT/RW or PKK look whether it is so.")
        % {"days": scheme.confirmation_days}
    )
    return points


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contract(request: HttpRequest, application: str) -> HttpResponse:
    """Make the contract, read it aloud, record the signature."""
    person, found = person_of(request), application_or_404(request, application)
    story = story_of(found)
    may = policy.can_record_signature(person, found)
    form = (
        SignatureForm(request.POST or None, request.FILES or None)
        if "sign" in request.POST
        else SignatureForm()
    )
    if request.method == "POST":
        require(may)
        if "make" in request.POST:
            actions.make_contract(found, by=person)
            return say_and_go(
                request,
                _("The contract is made. Read it to the borrower."),
                "application_contract",
                application=found.number,
            )
        if form.is_valid():
            try:
                with documents.together():
                    kept = documents.store(
                        form.cleaned_data["signature"],
                        region_id=found.region_id,
                        purpose=Purpose.CONTRACT,
                        by=person,
                        subject=found.borrower.person,
                        pictures=True,
                    )
                    actions.record_signature(found, by=person, signature=kept)
                return say_and_go(
                    request, _("Signed. The teller was told."), "application", application=found.number
                )
            except Refused as refused:
                form.refuse(refused)
    if story.decision is None or not story.decision.granted:
        return redirect("application", application=found.number)
    if story.contract is None and not may:
        return redirect("application", application=found.number)
    return render(
        request,
        "financing/contract.html",
        _context(
            story,
            form=form,
            may=may,
            points=_key_points(story),
            language=get_language(),
            waits=found.state == State.APPROVED,
        ),
        status=422 if form.errors else 200,
    )


@login_required
@require_safe
def contract_pdf(request: HttpRequest, application: str) -> HttpResponse:
    """The contract as it was made."""
    found = application_or_404(request, application)
    story = story_of(found)
    if story.contract is None:
        raise Http404
    with story.contract.document.file.open("rb") as kept:
        body = kept.read()
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="perjanjian-{found.number}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def _settlements(request: HttpRequest, story: Story) -> tuple[dict[int, int], dict[int, str], dict[int, str]]:
    """Rupiah for each debt, what was typed, and what is wrong, by the debt."""
    amounts: dict[int, int] = {}
    typed: dict[int, str] = {}
    errors: dict[int, str] = {}
    for debt in story.debts:
        text = request.POST.get(f"debt_{debt.pk}", "").replace("\x00", "").strip()[:60]
        typed[debt.pk] = text
        amount = read_money(text) if text else None
        if amount is None:
            errors[debt.pk] = _("Enter an amount of money, for example 1.500.000.")
        elif amount <= 0:
            errors[debt.pk] = _("Each settlement must be more than zero.")
        else:
            amounts[debt.pk] = amount
    return amounts, typed, errors


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def disburse(request: HttpRequest, application: str) -> HttpResponse:
    """Pay out of the fund: each debt to its lender, the rest to the borrower."""
    person, found = person_of(request), application_or_404(request, application)
    require(policy.can_disburse(person, found))
    story = story_of(found)
    if story.loan is not None and request.method != "POST":
        return redirect("loan", loan=story.loan.number)
    if request.method != "POST" and (moved := _moved_on(request, found, State.SIGNED)):
        return moved
    principal = int(story.decision.amount or 0) if story.decision else 0
    typed = {debt.pk: show.angka(debt.outstanding) for debt in story.debts}
    agreed = {
        debt.pk: request.POST.get(f"agreed_{debt.pk}", "").replace("\x00", "").strip()[:300]
        for debt in story.debts
    }
    errors: dict[int, str] = {}
    refusal = ""
    if request.method == "POST":
        amounts, typed, errors = _settlements(request, story)
        rest = principal - sum(amounts.values())
        if not errors and rest < 0:
            refusal = _("The settlements come to %(sum)s, more than the loan of %(principal)s.") % {
                "sum": show.rupiah(sum(amounts.values())),
                "principal": show.rupiah(principal),
            }
        for debt in story.debts:
            if amounts.get(debt.pk, debt.outstanding) < debt.outstanding and not agreed[debt.pk]:
                errors[debt.pk] = _("Less than was told: write what the lender signed to.")
        if not errors and not refusal:
            if asked := ask_first(
                request,
                question=_("Pay out %(amount)s?") % {"amount": show.rupiah(principal)},
                detail=_("%(lenders)s to the loan sharks, %(rest)s to %(name)s.")
                % {
                    "lenders": show.rupiah(sum(amounts.values())),
                    "rest": show.rupiah(rest),
                    "name": found.borrower.name,
                },
                verb=_("Pay out"),
            ):
                return asked
            key = request.POST.get("key", "")[:200] or f"disburse:{found.number}"
            try:
                loan = actions.disburse(found, by=person, settlements=amounts, agreed=agreed, key=key)
                messages.success(request, _("Paid out. Print the slip and have it signed."))
                return redirect("disbursement_slip", loan=loan.number)
            except Refused as refused:
                refusal = refused.message
    fund = books.balance(found.scheme.fund)
    total = sum(read_money(text) or 0 for text in typed.values())
    return render(
        request,
        "financing/disburse.html",
        _context(
            story,
            principal=principal,
            rows=[
                (debt, typed.get(debt.pk, ""), errors.get(debt.pk, ""), agreed[debt.pk])
                for debt in story.debts
            ],
            refusal=refusal or (_("Please look at the amounts again.") if errors else ""),
            rest=principal - total,
            fund=fund,
            short=fund < principal,
            key=f"disburse:{found.number}",
        ),
        status=422 if request.method == "POST" else 200,
    )
