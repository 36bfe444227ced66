"""The teller's counter and the field collector's phone: take a payment, show it, pay in, undo."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mbois import clock
from mbois.financing import actions, finding, policy
from mbois.financing.contracts import receipt_pdf
from mbois.financing.forms import OnDayForm, RepaymentForm, ReverseForm
from mbois.financing.models import Loan, Scheme
from mbois.financing.queries import LoanState, Payment, payments, state_of
from mbois.financing.shown import masked_name
from mbois.financing.views.common import loan_or_404, login_required, person_of
from mbois.ledger import queries as books
from mbois.ledger.models import Transfer
from mbois.people.models import Person, Role
from mbois.places.numbers import typed
from mbois.refused import Refused, require
from mbois.web import show
from mbois.web.confirm import ask_first
from mbois.web.given import whole_number


def _require_collector(person: Person) -> list[str]:
    regions = person.regions_with(*policy.COLLECTORS)
    require(bool(regions), _("This page is for tellers and field officers."))
    return regions


@login_required
@require_safe
def counter(request: HttpRequest) -> HttpResponse:
    """Find the loan to pay."""
    person = person_of(request)
    regions = _require_collector(person)
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    rows = (
        Loan.objects.visible_to(person)
        .filter(region__in=regions)
        .select_related("enterprise__village", "borrower")
        .prefetch_related("instalments")
    )
    found: list[tuple[Loan, LoanState]] = []
    if text:
        loans = list(finding.loans(rows, text).order_by("number")[:20])
        if len(loans) == 1 and loans[0].number in (typed(text) or ()):
            return redirect("teller_take", loan=loans[0].number)
        states = [(loan, state_of(loan)) for loan in loans]
        found = sorted(states, key=lambda pair: (pair[1].outstanding == 0, -pair[1].days_past_due))
    taken = _taken(person, regions, clock.today())
    template = (
        "financing/parts/found_loans.html"
        if request.headers.get("HX-Target") == "ketemu"
        else "financing/teller.html"
    )
    return render(
        request,
        template,
        {
            "text": text,
            "found": found,
            "today_sum": sum(row.amount for row in taken if not row.undone),
            "today_count": sum(1 for row in taken if not row.undone),
        },
    )


def _key(loan: Loan) -> str:
    """The same for every form that was opened while the loan stood as it stands: two tabs, a double
    click and a reload send one payment. A payment or a reversal makes the next one another."""
    marks = Transfer.objects.filter(
        Q(credit=loan.account_id) | Q(debit=loan.account_id), region_id=loan.region_id
    ).aggregate(count=Count("pk"))
    return f"page:{loan.number}:{loan.paid_total}:{marks['count']}"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, loan: str) -> HttpResponse:
    """Take a payment towards one loan."""
    person = person_of(request)
    found = loan_or_404(request, loan)
    require(policy.can_receive(person, found))
    state = state_of(found)
    following = state.next_amount or 0
    due = state.arrears or following
    due = whole_number(request.GET.get("jumlah"), most=10**12) or due
    fresh = {"amount": due, "effective_date": clock.today(), "key": _key(found)}
    form = RepaymentForm(request.POST or None, loan=found, initial=fresh)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        day = given["effective_date"]
        try:
            answer = actions.record_repayment(
                found,
                amount=given["amount"],
                by=person,
                key=given["key"],
                effective_date=day if day != clock.today() else None,
                channel="teller" if person.has_role(found.region_id, Role.TELLER) else "collector",
                note=given["why"] if day != clock.today() else "",
            )
            return redirect("receipt", reference=answer["reference"])
        except Refused as refused:
            if refused.code == "key_reused":
                data = request.POST.copy()
                data["key"] = _key(Loan.objects.get(region_id=found.region_id, pk=found.pk))
                form = RepaymentForm(data, loan=found)
                form.is_valid()
                form.add_error(
                    None,
                    _(
                        "Another payment was taken from this page meanwhile. Look at the loan, then send again."
                    ),
                )
                state = state_of(loan_or_404(request, loan))
            else:
                form.refuse(refused)
    choices = []
    if state.outstanding:
        if state.arrears and state.arrears != state.outstanding:
            choices.append((_("What is overdue"), state.arrears))
        if following and following not in {state.arrears, state.outstanding}:
            choices.append((_("This instalment"), following))
        choices.append((_("All that is left"), state.outstanding))
    return render(
        request,
        "financing/take.html",
        {
            "loan": found,
            "state": state,
            "form": form,
            "choices": [(label, amount, show.angka(amount)) for label, amount in choices],
            "earlier": payments(found, list(found.instalments.all()))[::-1][:5],
        },
        status=422 if request.method == "POST" else 200,
    )


def _taken(person: Person, regions: list[str], day: Any) -> list[Any]:
    """What somebody took on a day (when it was posted), newest first; `undone` on each."""
    from datetime import datetime, time, timedelta

    start = datetime.combine(day, time.min, tzinfo=clock.JAKARTA)
    rows = list(
        Transfer.objects.filter(
            region__in=regions,
            kind=Transfer.Kind.REPAYMENT,
            made_by=person,
            posted_at__gte=start,
            posted_at__lt=start + timedelta(days=1),
        )
        .select_related("credit")
        .prefetch_related(
            "reversed_by",
            Prefetch("credit__loans", Loan.objects.filter(region__in=regions).select_related("borrower")),
        )
        .order_by("-pk")
    )
    for row in rows:
        row.undone = bool(row.reversed_by.all())
        row.loan = next(iter(row.credit.loans.all()), None)
    return rows


@login_required
@require_safe
def day(request: HttpRequest) -> HttpResponse:
    """What I took on a day, with its total, and what waits to be paid in."""
    person = person_of(request)
    regions = _require_collector(person)
    form = OnDayForm(request.GET if "on" in request.GET else None)
    chosen = (form.cleaned_data.get("on") if form.is_bound and form.is_valid() else None) or clock.today()
    rows = _taken(person, regions, chosen)
    schemes = [
        scheme
        for scheme in Scheme.objects.visible_to(person)
        .filter(region__in=regions)
        .select_related("region", "collections", "fund")
        .order_by("region", "code")
        if policy.can_sweep(person, scheme.region_id)
    ]
    return render(
        request,
        "financing/day.html",
        {
            "rows": rows,
            "chosen": chosen,
            "form": form,
            "total": sum(row.amount for row in rows if not row.undone),
            "count": sum(1 for row in rows if not row.undone),
            "boxes": [(scheme, books.balance(scheme.collections)) for scheme in schemes],
        },
    )


@login_required
@require_POST
def sweep(request: HttpRequest) -> HttpResponse:
    """Pay what was collected into the fund."""
    person = person_of(request)
    scheme = (
        Scheme.objects.visible_to(person)
        .filter(region=request.POST.get("region", "")[:5], code=request.POST.get("scheme", "")[:20])
        .select_related("collections", "fund", "region")
        .first()
        if "\x00" not in request.POST.get("region", "") + request.POST.get("scheme", "")
        else None
    )
    if scheme is None or not policy.can_sweep(person, scheme.region_id):
        raise Http404
    amount = books.balance(scheme.collections)
    if amount > 0 and (
        asked := ask_first(
            request,
            question=_("Pay %(amount)s into the fund?") % {"amount": show.rupiah(amount)},
            detail=_("Everything that was collected in %(region)s until now.")
            % {"region": scheme.region.name},
            verb=_("Pay it in"),
        )
    ):
        return asked
    moved = actions.sweep_collections(scheme, by=person)
    if moved is None:
        messages.info(request, _("There is nothing to pay in."))
    else:
        messages.success(request, _("%(amount)s paid into the fund.") % {"amount": show.rupiah(moved.amount)})
    return redirect("teller_day")


def _receipt(reference: str) -> tuple[Loan, Payment]:
    """A repayment by its reference, whoever asks: references cannot be guessed."""
    if "\x00" in reference or len(reference) > 60:
        raise Http404
    row = Transfer.objects.filter(reference=reference, kind=Transfer.Kind.REPAYMENT).first()
    if row is None:
        raise Http404
    loan = (
        Loan.objects.filter(region_id=row.region_id, account=row.credit_id)
        .select_related("borrower__person", "scheme", "region", "enterprise")
        .prefetch_related("instalments")
        .get()
    )
    payment = next(one for one in payments(loan, list(loan.instalments.all())) if one.transfer.pk == row.pk)
    return loan, payment


def _may_see(request: HttpRequest, loan: Loan) -> bool:
    person = request.user
    return (
        isinstance(person, Person)
        and Loan.objects.visible_to(person).filter(region_id=loan.region_id, pk=loan.pk).exists()
    )


@require_safe
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """A receipt: whole for its people, with a masked name for whoever holds it."""
    loan, payment = _receipt(reference)
    known = _may_see(request, loan)
    person = request.user
    can_take = known and isinstance(person, Person) and policy.can_receive(person, loan)
    reversible = (
        known
        and isinstance(person, Person)
        and payment.counts
        and policy.can_reverse(person, loan)
        and payment.transfer.made_by_id != person.pk
    )
    left = loan.principal - payment.paid_after
    address = f"{settings.SITE_URL}{reverse('receipt', kwargs={'reference': reference})}"
    response = render(
        request,
        "financing/receipt.html",
        {
            "loan": loan,
            "payment": payment,
            "row": payment.transfer,
            "name": loan.borrower.name if known else masked_name(loan.borrower.name),
            "known": known,
            "mine": isinstance(person, Person) and policy.is_borrower(person, loan.borrower),
            "can_take": can_take,
            "reversible": reversible,
            "left": left,
            "address": address,
            "share_text": _("Proof of payment %(reference)s: %(amount)s for loan %(loan)s, %(left)s left.")
            % {
                "reference": reference,
                "amount": show.rupiah(payment.transfer.amount),
                "loan": loan.number,
                "left": show.rupiah(left),
            },
        },
    )
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@login_required
@require_safe
def receipt_as_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The receipt for a till printer; for the borrower and those who see the loan."""
    loan, payment = _receipt(reference)
    if not _may_see(request, loan):
        raise Http404
    response = HttpResponse(receipt_pdf(loan, payment), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="bukti-{reference}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, reference: str) -> HttpResponse:
    """Undo a wrong payment, by another person than the one who took it, with a reason."""
    person = person_of(request)
    loan, payment = _receipt(reference)
    if not _may_see(request, loan):
        raise Http404
    require(policy.can_reverse(person, loan))
    form = ReverseForm(request.POST or None)
    same = payment.transfer.made_by_id == person.pk
    if request.method == "POST" and form.is_valid():
        if not same and payment.counts:
            asked = ask_first(
                request,
                question=_("Undo the payment of %(amount)s?")
                % {"amount": show.rupiah(payment.transfer.amount)},
                detail=_("The loan of %(name)s stands afterwards as if it had not been paid.")
                % {"name": loan.borrower.name},
                verb=_("Undo it"),
                danger=True,
            )
            if asked:
                return asked
        try:
            actions.reverse_repayment(
                loan, reference=reference, by=person, reason=form.cleaned_data["reason"]
            )
            messages.success(request, _("The payment is undone."))
            return redirect("loan", loan=loan.number)
        except Refused as refused:
            form.refuse(refused)
    return render(
        request,
        "financing/undo.html",
        {"loan": loan, "payment": payment, "row": payment.transfer, "form": form, "same": same},
        status=422 if request.method == "POST" else 200,
    )
