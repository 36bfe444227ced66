"""Taking repayments at the door: the round of a collector, and the form that works without a line."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import F, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mbois import clock
from mbois.financing import policy
from mbois.financing.actions import record_repayment
from mbois.financing.forms.fieldwork import CollectForm, first_client_id
from mbois.financing.models import Instalment, Loan
from mbois.financing.models.loans import LoanQuerySet
from mbois.financing.queries import LoanState, state_of
from mbois.financing.views.common import person_of
from mbois.financing.views.fieldwork import from_a_phone, phone_of, refused_to, signed_in, wrong_fields
from mbois.people.models import Person
from mbois.places.numbers import region_of
from mbois.refused import Refused, require
from mbois.web.middleware import refusal_json

MOST_LISTED = 60
DAYS_AHEAD = 3  # an instalment is on the round some days before its pay-by day


@dataclass(frozen=True)
class Call:
    """One household of the collector's round."""

    loan: Loan
    state: LoanState
    phone: str


def _loans(person: Person) -> LoanQuerySet:
    return Loan.objects.visible_to(person).select_related(
        "region", "scheme", "enterprise__village__parent", "borrower__person"
    )


@signed_in
@require_safe
def collections(request: HttpRequest) -> HttpResponse:
    """The round: who is late or has an instalment to pay in these days; by name or number, any loan."""
    person = person_of(request)
    regions = person.regions_with(*policy.COLLECTORS)
    require(bool(regions), _("Repayments are taken by tellers and field officers of the bank."))
    text = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:80]
    rows = _loans(person).filter(region__in=regions).active().exclude(borrower__person=person)
    if text:
        rows = rows.filter(
            Q(number__iendswith=text)
            | Q(borrower__name__icontains=text)
            | Q(enterprise__name__icontains=text)
        ).order_by("borrower__name")
    else:
        unpaid = Instalment.objects.filter(
            region=OuterRef("region"), loan=OuterRef("pk"), due_total__gt=OuterRef("paid_total")
        ).order_by("number")
        rows = (
            rows.annotate(pay_by=Subquery(unpaid.values("pay_by")[:1]))
            .filter(pay_by__lte=clock.today() + timedelta(days=DAYS_AHEAD))
            .order_by(F("pay_by").asc(), "pk")
        )
    calls = [
        Call(loan, state_of(loan), phone_of(loan.borrower, loan.enterprise))
        for loan in rows.prefetch_related("instalments")[:MOST_LISTED]
    ]
    pages = [reverse("collections"), reverse("records")]
    pages += [reverse("collect", kwargs={"loan": call.loan.number}) for call in calls]
    return render(
        request,
        "financing/collections.html",
        {"calls": calls, "text": text, "pages": " ".join(pages), "most": MOST_LISTED, "ahead": DAYS_AHEAD},
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def collect(request: HttpRequest, loan: str) -> HttpResponse:
    """Take money towards a loan; the id the phone made is the idempotency key. Answers a phone that
    sends with JSON: 201 booked (the same answer again), 422 or 409 with what is wrong."""
    person = person_of(request)
    region = region_of(loan)
    found = _loans(person).filter(region_id=region, number=loan).first() if region else None
    if found is None:
        return refused_to(request, Refused(_("There is no such loan."), code="not_found", status=404))
    if not policy.can_receive(person, found):
        said = _("Repayments are taken by tellers and field officers of the bank.")
        return refused_to(request, Refused(said, code="forbidden", status=403))
    if request.method == "POST":
        return _take(request, found, person)
    state = state_of(found)
    form = CollectForm(
        initial={
            "client_id": first_client_id(),
            "amount": (state.arrears or state.next_amount) or None,
            "effective_date": clock.today(),
        }
    )
    return _page(request, found, form)


def _take(request: HttpRequest, loan: Loan, person: Person) -> HttpResponse:
    form = CollectForm(request.POST)
    refused: Refused | None = None
    if form.is_valid():
        said = form.cleaned_data
        try:
            answer = record_repayment(
                loan,
                amount=said["amount"],
                by=person,
                key=str(said["client_id"]),
                effective_date=said["effective_date"],
                channel="field",
            )
        except Refused as error:
            refused = error
        else:
            return _taken(request, answer)
    if from_a_phone(request):
        return refusal_json(refused) if refused else wrong_fields(form)
    if refused:
        form.refuse(refused)
    return _page(request, loan, form, status=refused.status if refused else 422)


def _taken(request: HttpRequest, answer: dict[str, Any]) -> HttpResponse:
    url = f"/bukti/{answer['reference']}/"
    if from_a_phone(request):
        return JsonResponse(
            {"reference": answer["reference"], "url": url, "left": answer["loan"]["outstanding"]}, status=201
        )
    messages.success(request, _("Booked: %(reference)s.") % {"reference": answer["reference"]})
    return redirect(url)


def _page(request: HttpRequest, loan: Loan, form: CollectForm, *, status: int = 200) -> HttpResponse:
    state = state_of(loan)
    quick = []
    if state.arrears and state.arrears != state.next_amount:
        quick.append((_("All that is late"), state.arrears))
    if state.next_amount:
        quick.append((_("This instalment"), state.next_amount))
    if state.outstanding != state.next_amount:
        quick.append((_("All that is left"), state.outstanding))
    return render(
        request,
        "financing/collect.html",
        {
            "loan": loan,
            "state": state,
            "form": form,
            "quick": quick,
            "phone": phone_of(loan.borrower, loan.enterprise),
        },
        status=status,
    )
