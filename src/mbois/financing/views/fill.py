"""Filling an application step by step; every step saves, and typing saves by itself."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mbois import clock
from mbois.financing import actions, eligibility, policy
from mbois.financing.forms import (
    DEBT_ROWS,
    AssistedConsentForm,
    DebtRow,
    HouseholdForm,
    OwnConsentForm,
    PurposeForm,
    paper_form,
    read_debts,
)
from mbois.financing.models import Application, Paper, State
from mbois.financing.models.schemes import PaperKind
from mbois.financing.queries import working_day_clock
from mbois.financing.shown import instalment_words, on_behalf
from mbois.financing.views.common import (
    application_or_404,
    login_required,
    person_of,
    say_and_go,
)
from mbois.people import consents, documents
from mbois.people.actions import record_consent
from mbois.people.middleware import on_behalf_of
from mbois.people.models import Consent, Person, Purpose
from mbois.refused import Refused
from mbois.web import show
from mbois.web.components import Step
from mbois.web.forms import Form
from mbois.web.given import whole_number

STEPS: list[tuple[str, Any]] = [
    ("pinjaman", gettext_lazy("Loan")),
    ("utang", gettext_lazy("Debts")),
    ("keluarga", gettext_lazy("Household")),
    ("berkas", gettext_lazy("Papers")),
    ("persetujuan", gettext_lazy("Consent")),
    ("kirim", gettext_lazy("Send")),
]
KEYS = [key for key, _label in STEPS]
# The step on which each condition can be met.
_STEP_OF = {
    "amount_asked": "pinjaman",
    "months_asked": "pinjaman",
    "purpose": "pinjaman",
    "debts": "utang",
    "spouse_name": "keluarga",
    "papers": "berkas",
    "consent": "persetujuan",
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: HttpRequest, application: str) -> HttpResponse:
    """One step of the application; every step saves, and typing saves by itself."""
    person = person_of(request)
    found = application_or_404(request, application)
    if not policy.can_edit(person, found):
        if request.method == "POST":
            raise Refused(_("It has been sent and can no longer be changed."), code="moved_on", status=409)
        return redirect("application", application=found.number)
    step = request.GET.get("langkah", "")
    if step not in KEYS:
        step = "kirim" if found.state == State.RETURNED and not request.GET else KEYS[0]
    if request.method == "POST" and found.borrower.person_id != person.pk:
        on_behalf_of(found.borrower.person)
    return _HANDLERS[step](request, found, person)


def _page(request: HttpRequest, application: Application, step: str, **context: Any) -> HttpResponse:
    """A step as a page, or only the conditions where typing saved it."""
    checks = eligibility.application_checks(application)
    address = reverse("application_fill", kwargs={"application": application.number})
    undone = {_STEP_OF.get(check.field, "kirim") for check in checks if check.blocks and not check.ok}
    place = KEYS.index(step)
    later = {
        check.key
        for check in checks
        if not check.ok and KEYS.index(_STEP_OF.get(check.field, KEYS[0])) > place
    }
    if request.headers.get("HX-Target") == "syarat":
        return render(
            request,
            "financing/parts/checks.html",
            {
                "checks": checks,
                "later": later,
                "instalments": _words(application),
                "saved": not context.get("unsaved"),
                "unsaved": context.get("unsaved"),
                "address": address,
            },
        )
    bar = [
        Step(
            label,
            "now" if key == step else "todo" if key in undone or key == "kirim" else "done",
            "",
            f"{address}?langkah={key}",
        )
        for key, label in STEPS
    ]
    return render(
        request,
        f"financing/fill_{step}.html",
        {
            "application": application,
            "scheme": application.scheme,
            "step": step,
            "bar": bar,
            "place": place + 1,
            "places": len(STEPS),
            "checks": checks,
            "later": later,
            "address": address,
            "instalments": _words(application),
            "assisted": on_behalf(application),
            "for_other": application.borrower.person_id != request.user.pk,
            "back_url": f"{address}?langkah={KEYS[place - 1]}" if place else "",
            "clock": working_day_clock(application),
            "fixes": [
                (check, _STEP_OF.get(check.field)) for check in checks if check.blocks and not check.ok
            ],
            **context,
        },
    )


def _words(application: Application) -> str:
    scheme = application.scheme
    if application.months_asked > scheme.months_max or application.amount_asked > scheme.maximum:
        return ""
    return instalment_words(application.amount_asked, application.months_asked, scheme.unit, clock.today())


def _typing(request: HttpRequest) -> bool:
    """Whether this is a save while typing: only what is right is kept, nothing is complained about."""
    return request.headers.get("HX-Target") == "syarat"


def _onward(application: Application, step: str) -> HttpResponse:
    following = KEYS[min(KEYS.index(step) + 1, len(KEYS) - 1)]
    return redirect(
        f"{reverse('application_fill', kwargs={'application': application.number})}?langkah={following}"
    )


def _loan_step(request: HttpRequest, application: Application, person: Person) -> HttpResponse:
    names = ("amount_asked", "months_asked", "purpose")
    form = PurposeForm(
        request.POST or None,
        scheme=application.scheme,
        initial={name: getattr(application, name) for name in names},
    )
    if request.method == "POST":
        valid = form.is_valid()
        if valid or _typing(request):
            try:
                application = actions.save_application(application, by=person, values=form.cleaned_data)
                if valid and not _typing(request):
                    return _onward(application, "pinjaman")
            except Refused as refused:
                form.refuse(refused)
    return _page(request, application, "pinjaman", form=form)


def _debt_step(request: HttpRequest, application: Application, person: Person) -> HttpResponse:
    error, wrong = "", False
    if request.method == "POST":
        rows, lines = read_debts(request.POST, without=whole_number(request.POST.get("remove")))
        wrong = any(row.errors for row in rows)
        stays = "more" in request.POST or "remove" in request.POST or _typing(request)
        if stays:
            for row in rows:
                row.errors.clear()
        # all rows or none: a half-typed one must not drop out of what is kept
        if not wrong:
            try:
                application = actions.save_application(application, by=person, values={}, debts=lines)
            except Refused as refused:
                error = refused.message
                wrong = True
        _lay_by(request, application, rows if wrong else [])
        if not wrong and not stays:
            return _onward(application, "utang")
        if "more" in request.POST and len(rows) < DEBT_ROWS:
            rows.append(DebtRow())
    else:
        rows = _laid_by(request, application) or [
            DebtRow(
                debt.lender,
                _digits(debt.outstanding),
                _digits(debt.borrowed),
                _digits(debt.monthly_payment),
            )
            for debt in application.debts.filter(region_id=application.region_id).order_by("pk")
        ]
    if not rows:
        rows = [DebtRow()]
    full = len(rows) >= DEBT_ROWS
    return _page(request, application, "utang", rows=rows, error=error, full=full, unsaved=wrong)


# In the session: the rows of debts that are not right yet, so that a link in the middle of them loses none.
HALF_TYPED = "half_typed_debts"


def _kept_debts(application: Application) -> list[int]:
    return sorted(application.debts.filter(region_id=application.region_id).values_list("pk", flat=True))


def _lay_by(request: HttpRequest, application: Application, rows: list[DebtRow]) -> None:
    """Lay the rows by as they were typed, beside the debts that are kept; none, and nothing is laid by."""
    if rows:
        request.session[HALF_TYPED] = {
            "application": application.number,
            "kept": _kept_debts(application),
            "rows": [[row.lender, row.outstanding, row.borrowed, row.monthly_payment] for row in rows],
        }
    elif request.session.get(HALF_TYPED, {}).get("application") == application.number:
        del request.session[HALF_TYPED]


def _laid_by(request: HttpRequest, application: Application) -> list[DebtRow]:
    """The rows laid by, unless the debts were changed elsewhere since."""
    laid = request.session.get(HALF_TYPED, {})
    if laid.get("application") != application.number or laid["kept"] != _kept_debts(application):
        return []
    return [DebtRow(*cells) for cells in laid["rows"]]


def _digits(amount: int | None) -> str:
    return show.angka(amount) if amount is not None else ""


def _household_step(request: HttpRequest, application: Application, person: Person) -> HttpResponse:
    form = HouseholdForm(
        request.POST or None,
        initial={
            "married": "yes" if application.married else "no",
            "spouse_name": application.spouse_name,
            "household_members": application.household_members,
        },
    )
    if request.method == "POST":
        valid = form.is_valid()
        if valid or _typing(request):
            try:
                application = actions.save_application(application, by=person, values=form.cleaned_data)
                if valid and not _typing(request):
                    return _onward(application, "keluarga")
            except Refused as refused:
                form.refuse(refused)
    return _page(request, application, "keluarga", form=form)


def _papers(application: Application) -> list[Paper]:
    return list(
        Paper.objects.filter(region_id=application.region_id, application=application)
        .select_related("document", "added_by")
        .order_by("pk")
    )


def _paper_step(request: HttpRequest, application: Application, person: Person) -> HttpResponse:
    needed = eligibility.papers_needed(application.scheme, married=application.married)
    form = (
        paper_form(needed, request.POST or None, request.FILES or None)
        if request.method == "POST"
        else paper_form(needed)
    )
    if request.method == "POST":
        if request.POST.get("remove"):
            paper = (
                Paper.objects.filter(
                    region_id=application.region_id,
                    application=application,
                    pk=whole_number(request.POST.get("remove")) or 0,
                )
                .select_related("application")
                .first()
            )
            if paper is not None:
                actions.remove_paper(paper, by=person)
            return redirect(f"{request.path}?langkah=berkas")
        form.is_valid()
        stored = 0
        for kind in needed:
            name = f"paper_{kind.value}"
            if (file := form.cleaned_data.get(name)) is None:
                continue
            try:
                with documents.together():
                    document = documents.store(
                        file,
                        region_id=application.region_id,
                        purpose=Purpose.PAPER,
                        by=person,
                        subject=application.borrower.person,
                    )
                    actions.add_paper(application, kind=kind, document=document, by=person)
                stored += 1
            except Refused as refused:
                form.add_error(name, refused.message)
        if form.is_valid() and not form.errors:
            if "stay" in request.POST:
                return redirect(f"{request.path}?langkah=berkas")
            return _onward(application, "berkas")
        if stored:
            messages.success(request, _("The other papers are kept."))
    there: dict[str, list[Paper]] = {}
    for paper in _papers(application):
        there.setdefault(paper.kind, []).append(paper)
    rows = [(kind, form[f"paper_{kind.value}"], there.pop(kind.value, [])) for kind in needed]
    # papers of a kind that is no longer needed are still shown
    more = [(PaperKind(kind), papers) for kind, papers in there.items()]
    return _page(request, application, "berkas", form=form, papers=rows, more=more)


def _consent_step(request: HttpRequest, application: Application, person: Person) -> HttpResponse:
    text = consents.current("ojir")
    other = application.borrower.person_id != person.pk
    given = (
        Consent.objects.filter(
            region_id=application.region_id,
            person=application.borrower.person_id,
            text=text,
            withdrawn_at=None,
        )
        .select_related("recorded_by", "evidence")
        .first()
    )
    form: Form = (AssistedConsentForm if other else OwnConsentForm)(
        request.POST or None, request.FILES or None
    )
    if request.method == "POST":
        if given is not None:
            return _onward(application, "persetujuan")
        if form.is_valid():
            evidence = form.cleaned_data.get("evidence")
            method = consents.method_of(evidence) if other else Consent.Method.SELF
            try:
                record_consent(
                    application.borrower.person,
                    "ojir",
                    region_id=application.region_id,
                    by=person,
                    method=method,
                    evidence=evidence,
                )
                return _onward(application, "persetujuan")
            except Refused as refused:
                form.refuse(refused)
    language = get_language() or "id"
    return _page(
        request,
        application,
        "persetujuan",
        form=form,
        given=given,
        title=text.title(language),
        paragraphs=[part.strip() for part in text.body(language).split("\n\n") if part.strip()],
    )


def _send_step(request: HttpRequest, application: Application, person: Person) -> HttpResponse:
    refusal = ""
    if request.method == "POST":
        try:
            sent = actions.submit_application(application, by=person)
            return say_and_go(
                request,
                _("Sent. The bank comes to visit; there is nothing to pay."),
                "application",
                application=sent.number,
            )
        except Refused as refused:
            refusal = refused.message
    papers = _papers(application)
    return _page(
        request,
        application,
        "kirim",
        refusal=refusal,
        debts=list(application.debts.filter(region_id=application.region_id).order_by("pk")),
        papers=papers,
        first_time=application.submitted_at is None,
    )


_HANDLERS = {
    "pinjaman": _loan_step,
    "utang": _debt_step,
    "keluarga": _household_step,
    "berkas": _paper_step,
    "persetujuan": _consent_step,
    "kirim": _send_step,
}
