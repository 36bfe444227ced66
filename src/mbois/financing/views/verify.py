"""For whoever holds a paper: is the contract or the certificate genuine, and how does it stand now?"""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mbois.financing.models import Contract, Loan
from mbois.financing.queries import payments, state_of
from mbois.financing.shown import masked_name
from mbois.financing.views.loans import paid_off_on


@require_safe
def verify(request: HttpRequest, code: uuid.UUID) -> HttpResponse:
    """The live state behind the QR code of a contract or of a paid-off certificate; names are masked."""
    contract = (
        Contract.objects.filter(code=code)
        .select_related("application__borrower", "application__scheme", "application__region")
        .first()
    )
    if contract is not None:
        loan = Loan.objects.filter(region_id=contract.region_id, application=contract.application_id).first()
    else:
        loan = Loan.objects.filter(code=code).select_related("borrower", "scheme", "region").first()
        if loan is None:
            raise Http404
    if loan is not None:
        loan = (
            Loan.objects.filter(region_id=loan.region_id, pk=loan.pk)
            .select_related("borrower", "scheme", "region")
            .prefetch_related("instalments")
            .get()
        )
    state = state_of(loan) if loan else None
    day = None
    if loan is not None and state is not None and state.outstanding == 0:
        day = paid_off_on(payments(loan, list(loan.instalments.all())))
    owner = contract.application.borrower if contract else loan.borrower  # type: ignore[union-attr]
    region = contract.application.region if contract else loan.region  # type: ignore[union-attr]
    scheme = contract.application.scheme if contract else loan.scheme  # type: ignore[union-attr]
    response = render(
        request,
        "financing/verify.html",
        {
            "contract": contract,
            "loan": loan,
            "state": state,
            "paid_off_on": day,
            "name": masked_name(owner.name),
            "area": region,
            "scheme": scheme,
        },
    )
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
