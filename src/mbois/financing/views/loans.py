"""Loans: the list for staff, the page of one for its borrower and for staff, one's own."""

from typing import Any

from django.conf import settings
from django.db.models import F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from mbois import clock
from mbois.financing import finding, policy
from mbois.financing.contracts import paid_off_pdf
from mbois.financing.forms import OnDayForm
from mbois.financing.models import Confirmation, Loan
from mbois.financing.models.loans import is_late
from mbois.financing.models.schemes import LENDING_ROLES
from mbois.financing.queries import LoanState, Payment, payments, state_of
from mbois.financing.shown import loan_steps, monthly_freed
from mbois.financing.timeline import loan_events
from mbois.financing.views.common import loan_or_404, login_required, person_of
from mbois.ledger.models import Transfer
from mbois.people.models import Role
from mbois.people.timeline import timeline
from mbois.refused import Refused
from mbois.web import show
from mbois.web.components import Fact
from mbois.web.tables import Choice, Column, Empty, Filter, Table


@login_required
@require_safe
def listing(request: HttpRequest) -> Any:
    """The loans one sees by role."""
    person = person_of(request)
    if not person.roles & {*LENDING_ROLES, Role.VILLAGE_OFFICER}:
        return redirect("my_loans")

    def state(row: Any) -> LoanState:
        if not hasattr(row, "standing"):
            row.standing = state_of(row)
        return row.standing

    table = Table(
        request,
        rows=Loan.objects.visible_to(person)
        .select_related("enterprise__village", "borrower")
        .prefetch_related("instalments"),
        columns=[
            Column(
                "borrower",
                _("Borrower"),
                value="borrower.name",
                sort="borrower__name",
                link=lambda row: reverse("loan", kwargs={"loan": row.number}),
                note=lambda row: f"{row.enterprise.name} · {row.enterprise.village.name}",
            ),
            Column("number", _("Number"), sort="number", phone=False),
            Column("principal", _("Loan"), show=show.rupiah, number=True, sort="-principal", phone=False),
            Column(
                "outstanding",
                _("Left"),
                value=lambda row: row.outstanding,
                show=show.rupiah,
                number=True,
                note=lambda row: _("of %(amount)s") % {"amount": show.rupiah(row.principal)},
            ),
            Column(
                "arrears",
                _("Arrears"),
                value=lambda row: state(row).arrears or None,
                show=show.rupiah,
                number=True,
            ),
            Column(
                "next",
                _("Next due"),
                value=lambda row: state(row).next_due_date,
                show=show.tanggal_pendek,
            ),
            Column(
                "state",
                _("State"),
                value=lambda row: _standing_word(state(row)),
                template="financing/parts/loan_cell.html",
            ),
            Column(
                "disbursed",
                _("Paid out"),
                value="disbursed_on",
                show=show.tanggal_pendek,
                sort="-disbursed_on",
                phone=False,
            ),
        ],
        search=finding.loans,
        search_label=_("Search name, business, phone, number"),
        filters=[
            Filter(
                "keadaan",
                _("State"),
                [
                    Choice("berjalan", _("Running"), Q(paid_total__lt=F("principal"))),
                    Choice("terlambat", _("Late"), is_late()),
                    Choice("lunas", _("Paid off"), Q(paid_total=F("principal"))),
                ],
            )
        ],
        order="-disbursed",
        empty=Empty(_("No loan yet"), _("A loan appears here when it is paid out."), art="coins"),
        download="pinjaman",
        mark=lambda row: "late" if state(row).is_late else "ok" if row.outstanding == 0 else "",
    )
    return table.answer("financing/loans.html", {"is_teller": bool(person.roles & {*policy.COLLECTORS})})


def _standing_word(state: LoanState) -> str:
    if state.outstanding == 0:
        return _("Paid off")
    return _("Late") if state.is_late else _("On time")


def receipt_url(reference: str) -> str:
    """The public address of a receipt."""
    return f"{settings.SITE_URL}{reverse('receipt', kwargs={'reference': reference})}"


@login_required
@require_safe
def page(request: HttpRequest, loan: str) -> HttpResponse:
    """One loan; `on` shows it as it stood on a day."""
    person = person_of(request)
    found = loan_or_404(request, loan)
    form = OnDayForm(request.GET if "on" in request.GET else None)
    day = form.cleaned_data.get("on") if form.is_bound and form.is_valid() else None
    instalments = list(found.instalments.all())
    history = payments(found, instalments)
    try:
        state = state_of(found, on=day)
    except Refused as refused:
        form.refuse(refused)
        day, state = None, state_of(found)
    if day is not None:
        history = [payment for payment in history if payment.transfer.effective_date <= day]
    settled = sum(settlement.amount for settlement in found.settlements.all())
    mine = policy.is_borrower(person, found.borrower)
    confirmation = (
        Confirmation.objects.filter(region_id=found.region_id, loan=found)
        .select_related("recorded_by")
        .first()
    )
    following = state.next
    last = next((payment for payment in history[::-1] if payment.counts), None)
    facts = [
        Fact(_("Number"), found.number, found.scheme.name),
        Fact(_("Business"), found.enterprise.name, found.enterprise.village.full_name),
        Fact(
            _("Paid out"),
            show.tanggal(found.disbursed_on),
            _("by %(name)s") % {"name": found.disbursed_by.name},
        ),
        Fact(
            _("Term"),
            ngettext("%(count)s month", "%(count)s months", found.months) % {"count": found.months},
            _("no interest, no fee"),
        ),
    ]
    if not mine:
        facts[1:1] = [
            Fact(_("Borrower"), found.borrower.name, found.borrower.nik_masked),
            Fact(_("Phone"), show.telepon(found.borrower.phone or found.enterprise.phone)),
        ]
    return render(
        request,
        "financing/loan.html",
        {
            "loan": found,
            "state": state,
            "next": following,
            "day": day,
            "today": clock.today(),
            "on_form": form,
            "steps": loan_steps(state),
            "mine": mine,
            "staff": bool(person.roles),
            "settled": settled,
            "monthly_freed": monthly_freed(found),
            "own_part": found.principal - settled,
            "history": history[::-1],
            "last": last,
            "last_url": receipt_url(last.transfer.reference) if last else "",
            "facts": facts,
            "confirmation": confirmation,
            "events": loan_events(found, history, confirmation),
            "trail": timeline(
                found, confirmation, most=60, addresses=person.has_role(found.region_id, Role.AUDITOR)
            )
            if person.roles and not mine
            else [],
            "can_receive": policy.can_receive(person, found) and state.outstanding > 0,
            "can_reverse": policy.can_reverse(person, found),
            "paid_off_on": paid_off_on(history) if state.outstanding == 0 else None,
            "verify_url": f"{settings.SITE_URL}{reverse('verify', kwargs={'code': found.code})}",
        },
    )


def paid_off_on(history: list[Payment]) -> Any:
    """The day of the last payment that counts."""
    return max((payment.transfer.effective_date for payment in history if payment.counts), default=None)


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """One's own loans, the running one first."""
    person = person_of(request)
    rows = list(
        Loan.objects.visible_to(person)
        .filter(borrower__person=person.pk)
        .select_related("enterprise", "scheme")
        .prefetch_related("instalments")
        .order_by("-disbursed_on", "-pk")[:50]
    )
    if len(rows) == 1:
        return redirect("loan", loan=rows[0].number)
    states = sorted(((row, state_of(row)) for row in rows), key=lambda pair: pair[1].outstanding == 0)
    return render(request, "financing/my_loans.html", {"loans": states})


@login_required
@require_safe
def certificate(request: HttpRequest, loan: str) -> HttpResponse:
    """The certificate of a loan that is paid off."""
    found = loan_or_404(request, loan)
    if found.outstanding:
        raise Refused(
            _("%(left)s is left; the certificate comes with the last payment.")
            % {"left": show.rupiah(found.outstanding)},
            code="not_paid_off",
            status=409,
        )
    day = paid_off_on(payments(found, list(found.instalments.all())))
    response = HttpResponse(paid_off_pdf(found, day or clock.today()), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="lunas-{found.number}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_safe
def slip(request: HttpRequest, loan: str) -> HttpResponse:
    """What was paid to whom on the day of disbursement: printed and signed."""
    found = loan_or_404(request, loan)
    if not person_of(request).roles and not policy.is_borrower(person_of(request), found.borrower):
        raise Http404
    moves = list(
        Transfer.objects.filter(
            region_id=found.region_id, debit=found.account_id, kind=Transfer.Kind.DISBURSEMENT
        ).order_by("pk")
    )
    settled = {settlement.transfer_id: settlement.debt.lender for settlement in found.settlements.all()}
    return render(
        request,
        "financing/slip.html",
        {
            "loan": found,
            "moves": [(move, settled.get(move.pk)) for move in moves],
            "first": min(found.instalments.all(), key=lambda row: row.number),
        },
    )
