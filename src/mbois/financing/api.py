"""Financing for programs: the plan of a loan, loans, repayments and applications."""

from datetime import date
from typing import Annotated, Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Header, Query, Router, Schema, Status
from pydantic import ConfigDict, Field, StrictInt

from mbois.api_schemas import REFUSALS, Day, MaybeDay, Rupiah, Text, Whole
from mbois.enterprises.models import Enterprise
from mbois.financing import actions, schedule
from mbois.financing.actions.applications import DebtLine
from mbois.financing.models import Loan, Scheme
from mbois.financing.queries import state_of
from mbois.ledger.models import Transfer
from mbois.people.tokens import BearerAuth
from mbois.places.numbers import region_of
from mbois.refused import Refused

router = Router()
applications = Router(auth=BearerAuth())

Number = Annotated[str, Field(max_length=60)]
DEFAULT_SCHEME = "OJIR"


class PlannedInstalment(Schema):
    number: int
    due_date: date
    amount: int


class Plan(Schema):
    instalments: list[PlannedInstalment]
    total: int


class InstalmentOut(Schema):
    number: int
    due_date: date
    pay_by: date
    amount: int
    due_total: int
    paid: int


class LoanOut(Schema):
    """A loan on a day; amounts in whole rupiah. `state` is `active` or `paid_off`; an active loan is
    late where `days_past_due` is more than 0."""

    number: str
    state: str
    principal: int
    paid_total: int
    outstanding: int
    arrears: int
    days_past_due: int
    next_due_date: date | None
    next_amount: int | None
    instalments: list[InstalmentOut]


class Strict(Schema):
    """A body in which a field that is not known is refused: a misspelt date must not become today."""

    model_config = ConfigDict(extra="forbid")


class RepaymentIn(Strict):
    amount: Rupiah
    effective_date: Day | None = None


class RepaymentOut(Schema):
    reference: str
    loan: LoanOut


class ReversalIn(Strict):
    reason: Text


class DebtIn(Strict):
    lender: Text
    outstanding: Rupiah
    borrowed: Rupiah | None = None
    monthly_payment: Rupiah | None = None


class ApplicationIn(Strict):
    """An application as a draft; papers and the consent follow on the pages before it is sent."""

    enterprise: Number
    amount: Rupiah
    months: Annotated[StrictInt, Field(ge=0, le=600)]
    scheme: Number = DEFAULT_SCHEME
    purpose: Text = ""
    married: bool = False
    spouse_name: Annotated[Text, Field(max_length=120)] = ""
    debts: list[DebtIn] = []


class ApplicationOut(Schema):
    number: str
    state: str
    enterprise: str
    amount: int
    months: int


def not_found() -> Refused:
    return Refused(_("This does not exist, or you may not see it."), code="not_found", status=404)


def public_scheme(region: str | None, code: str) -> Scheme:
    """The open scheme with this code: of the region, or the first region that has it."""
    schemes = Scheme.objects.published().filter(code=code)
    if region:
        schemes = schemes.filter(region=region)
    scheme = schemes.order_by("region").first() if "\x00" not in code + (region or "") else None
    if scheme is None:
        raise Refused(_("There is no such credit scheme."), field="scheme", code="not_found", status=404)
    return scheme


@router.get("/schedule", response={200: Plan, **REFUSALS}, summary="The plan of a loan")
def get_schedule(
    request: HttpRequest,
    principal: Whole = Query(..., le=10**15, ge=-(10**15)),  # noqa: B008
    months: Whole = Query(..., le=10**6, ge=-(10**6)),  # noqa: B008
    start: Day = Query(..., description="the day of disbursement"),  # noqa: B008
    scheme: Annotated[str, Query(max_length=20)] = DEFAULT_SCHEME,
    region: Annotated[str | None, Query(max_length=5)] = None,
) -> dict[str, Any]:
    """What an OJIR borrower pays and when. 422 outside the scheme's limits."""
    found = public_scheme(region, scheme)
    schedule.check_terms(found.terms, principal=principal, months=months)
    schedule.check_start(start)
    lines = schedule.plan(principal=principal, months=months, start=start, unit=found.unit)
    return {"instalments": lines, "total": lines[-1].due_total}


def loan_or_404(request: HttpRequest, number: str) -> Loan:
    """A loan the caller may see; one of another region does not exist for them."""
    region = region_of(number)
    if region is None:
        raise not_found()
    loan = (
        Loan.objects.visible_to(request.auth)  # type: ignore[attr-defined]
        .filter(region_id=region, number=number)
        .select_related("scheme", "borrower", "enterprise")
        .prefetch_related("instalments")
        .first()
    )
    if loan is None:
        raise not_found()
    return loan


@router.get("/loans", auth=BearerAuth(), response={200: list[LoanOut], **REFUSALS}, summary="Loans")
def list_loans(
    request: HttpRequest,
    state: Annotated[str | None, Query(description="active, late or paid_off")] = None,
    limit: Whole = Query(50, ge=1, le=500),  # noqa: B008
    after: Annotated[str | None, Query(description="the number after which to go on", max_length=60)] = None,
) -> list[dict[str, Any]]:
    """The loans the caller may see, by number. A late loan is an active one with an unpaid instalment
    past its pay-by day."""
    loans = Loan.objects.visible_to(request.auth)  # type: ignore[attr-defined]
    kinds = {"active": loans.active, "late": loans.late, "paid_off": loans.paid_off}
    if state:
        if state not in kinds:
            raise Refused(
                _("This must be one of: %(choices)s.") % {"choices": ", ".join(kinds)},
                field="state",
                code="invalid",
            )
        loans = kinds[state]()
    if after:
        loans = loans.filter(number__gt=after.replace("\x00", ""))
    return [
        state_of(loan).as_json() for loan in loans.prefetch_related("instalments").order_by("number")[:limit]
    ]


@router.get(
    "/loans/{number}", auth=BearerAuth(), response={200: LoanOut, **REFUSALS}, summary="One loan on a day"
)
def get_loan(
    request: HttpRequest,
    number: str,
    on: MaybeDay = Query(None),  # noqa: B008
) -> dict[str, Any]:
    return state_of(loan_or_404(request, number), on=on).as_json()


@router.post(
    "/loans/{number}/repayments",
    auth=BearerAuth(),
    response={201: RepaymentOut, **REFUSALS},
    summary="Take a repayment",
)
def post_repayment(
    request: HttpRequest,
    number: str,
    body: RepaymentIn,
    idempotency_key: Annotated[
        str, Header(alias="Idempotency-Key", description="the same key gets the same answer", max_length=200)
    ],
) -> Status[dict[str, Any]]:
    """201 with the reference and the loan as it stands then; the same key and body get the same answer."""
    loan = loan_or_404(request, number)
    answer = actions.record_repayment(
        loan,
        amount=body.amount,
        effective_date=body.effective_date,
        by=request.auth,  # type: ignore[attr-defined]
        key=idempotency_key,
        channel="api",
    )
    return Status(201, answer)


@router.post(
    "/repayments/{reference}/reversal",
    auth=BearerAuth(),
    response={201: RepaymentOut, **REFUSALS},
    summary="Undo a wrong repayment",
)
def post_reversal(
    request: HttpRequest,
    reference: str,
    body: ReversalIn,
    idempotency_key: Annotated[
        str | None,
        Header(alias="Idempotency-Key", description="the same key gets the same answer", max_length=200),
    ] = None,
) -> Status[dict[str, Any]]:
    """Once, with a reason, by another person than the one who took it. A second time is refused (409),
    unless it is the same call repeated under its key."""
    if "\x00" in reference:
        raise not_found()
    loan = (
        Loan.objects.visible_to(request.auth)  # type: ignore[attr-defined]
        .filter(
            account__in=Transfer.objects.filter(reference=reference, kind=Transfer.Kind.REPAYMENT).values(
                "credit_id"
            )
        )
        .select_related("scheme", "borrower", "enterprise")
        .first()
    )
    if loan is None:
        raise not_found()
    answer = actions.reverse_repayment(
        loan,
        reference=reference,
        by=request.auth,  # type: ignore[attr-defined]
        reason=body.reason,
        key=idempotency_key or None,
    )
    return Status(201, answer)


@applications.post("", response={201: ApplicationOut, **REFUSALS}, summary="Begin an application")
@transaction.atomic
def post_application(request: HttpRequest, body: ApplicationIn) -> Status[dict[str, Any]]:
    """A draft for an enterprise the caller may apply for."""
    region = region_of(body.enterprise)
    enterprise = (
        Enterprise.objects.visible_to(request.auth)  # type: ignore[attr-defined]
        .living()
        .filter(region_id=region, number=body.enterprise)
        .select_related("owner")
        .first()
        if region and "\x00" not in body.enterprise
        else None
    )
    if enterprise is None:
        raise Refused(_("There is no such enterprise."), field="enterprise", code="not_found", status=404)
    scheme = public_scheme(region, body.scheme)
    schedule.check_terms(scheme.terms, principal=body.amount, months=body.months, field="amount")
    application = actions.start_application(
        scheme,
        enterprise,
        by=request.auth,  # type: ignore[attr-defined]
        amount_asked=body.amount,
        months_asked=body.months,
        purpose=body.purpose,
        married=body.married,
        spouse_name=body.spouse_name,
    )
    if body.debts:
        actions.save_application(
            application,
            by=request.auth,  # type: ignore[attr-defined]
            values={},
            debts=[DebtLine(**debt.dict()) for debt in body.debts],
        )
    return Status(
        201,
        {
            "number": application.number,
            "state": application.state,
            "enterprise": enterprise.number,
            "amount": application.amount_asked,
            "months": application.months_asked,
        },
    )
