"""RT/RW and PKK confirm, some weeks after: is the loan shark paid off, does the money work?"""

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mbois import clock
from mbois.financing import actions, finding, policy
from mbois.financing.forms import ConfirmForm
from mbois.financing.models import Confirmation
from mbois.financing.views.common import loan_or_404, login_required, person_of, say_and_go
from mbois.refused import Refused, require
from mbois.web import show
from mbois.web.tables import Choice, Column, Empty, Filter, Table


@login_required
@require_safe
def listing(request: HttpRequest) -> Any:
    """What is to be confirmed, the oldest first."""
    person = person_of(request)
    today = clock.today()
    table = Table(
        request,
        rows=Confirmation.objects.visible_to(person).select_related(
            "loan__borrower", "loan__enterprise__village", "recorded_by"
        ),
        columns=[
            Column(
                "borrower",
                _("Borrower"),
                value="loan.borrower.name",
                sort="loan__borrower__name",
                link=lambda row: reverse("confirmation", kwargs={"loan": row.loan.number}),
                note=lambda row: f"{row.loan.enterprise.name} · {row.loan.enterprise.village.name}",
            ),
            Column("loan", _("Loan"), value="loan.number", phone=False),
            Column(
                "principal", _("Amount"), value="loan.principal", show=show.rupiah, number=True, phone=False
            ),
            Column("due", _("Due"), value="due_on", show=show.tanggal_pendek, sort="due_on"),
            Column(
                "state",
                _("State"),
                value=lambda row: _state_word(row, today),
                template="financing/parts/confirmation_cell.html",
            ),
        ],
        search=lambda rows, text: finding.by_text(rows, text, to="loan__"),
        search_label=_("Search borrower, business, village"),
        filters=[
            Filter(
                "keadaan",
                _("State"),
                [
                    Choice("terlambat", _("Overdue"), Q(recorded_at=None, due_on__lt=today)),
                    Choice("terbuka", _("To come"), Q(recorded_at=None, due_on__gte=today)),
                    Choice("selesai", _("Done"), Q(recorded_at__isnull=False)),
                    Choice(
                        "masalah",
                        _("With a problem"),
                        Q(recorded_at__isnull=False) & (Q(rentenir_paid=False) | Q(money_works=False)),
                    ),
                ],
            )
        ],
        order="due",
        empty=Empty(
            _("Nothing to confirm yet"),
            _("Some weeks after a loan is paid out, it appears here for RT/RW or PKK."),
            art="inbox",
        ),
        download="konfirmasi",
        mark=lambda row: "late" if row.recorded_at is None and row.due_on < today else "",
    )
    return table.answer("financing/confirmations.html")


def _state_word(row: Confirmation, today: Any) -> str:
    if row.recorded_at is None:
        return _("Overdue") if row.due_on < today else _("To come")
    return _("Confirmed") if row.rentenir_paid and row.money_works else _("With a problem")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, loan: str) -> HttpResponse:
    """One confirmation: what they said, or the form for it."""
    person = person_of(request)
    found = loan_or_404(request, loan)
    confirmation = (
        Confirmation.objects.visible_to(person)
        .filter(region_id=found.region_id, loan=found)
        .select_related("recorded_by")
        .first()
    )
    if confirmation is None:
        raise Http404
    may = policy.can_confirm(person, found)
    form = ConfirmForm(request.POST or None)
    if request.method == "POST":
        require(may)
        if form.is_valid():
            try:
                actions.confirm_use(confirmation, by=person, **form.cleaned_data)
                return say_and_go(request, _("Written down. Thank you."), "confirmations")
            except Refused as refused:
                form.refuse(refused)
    return render(
        request,
        "financing/confirmation.html",
        {
            "loan": found,
            "confirmation": confirmation,
            "form": form,
            "may": may and confirmation.recorded_at is None,
        },
        status=422 if request.method == "POST" else 200,
    )
