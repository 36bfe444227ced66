"""The alms agency's assessment, the decision, the contract and its signature."""

import uuid
from dataclasses import replace

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from mbois import clock
from mbois.financing import policy
from mbois.financing.actions.applications import locked_application, must_be, staff_of, url_of
from mbois.financing.contracts import contract_pdf
from mbois.financing.models import Application, Assessment, Contract, Decision, State
from mbois.financing.schedule import Terms, check_terms
from mbois.people import documents
from mbois.people.models import Document, Person, Role
from mbois.people.models.documents import Purpose
from mbois.people.notifications import notify
from mbois.refused import Refused, require
from mbois.web.show import rupiah


@transaction.atomic
def assess(
    application: Application,
    *,
    by: Person,
    needy: bool,
    monthly_income: int,
    members: int,
    covers_cost: bool,
    reasons: str = "",
) -> Assessment:
    """Baznas records whether the household is needy and whether it covers the cost (rupiah a month)."""
    locked = locked_application(application)
    require(policy.can_assess(by, locked))
    must_be(locked, State.VISITED)
    if members < 1:
        raise Refused(_("A household has at least one member."), field="members")
    if monthly_income < 0:
        raise Refused(_("An amount cannot be less than zero."), field="monthly_income")
    if not (needy and covers_cost) and not reasons.strip():
        raise Refused(_("Give the reasons for a no."), field="reasons", code="reason_missing")
    _refuse_who_visited(locked, by)
    assessment = Assessment.objects.create(
        region_id=locked.region_id,
        application=locked,
        assessed_by=by,
        needy=needy,
        monthly_income=monthly_income,
        members=members,
        covers_cost=covers_cost,
        reasons=reasons.strip(),
    )
    locked.state = State.ASSESSED
    locked.save()
    notify(
        staff_of(locked.region_id, Role.APPROVER),
        "financing/to_decide",
        url=url_of(locked),
        number=locked.number,
        enterprise=locked.enterprise.name,
    )
    return assessment


def _terms_of(application: Application) -> Terms:
    """What may be granted: what the scheme allows today, and what it allowed when it was asked for."""
    terms, asked, long = application.scheme.terms, application.amount_asked, application.months_asked
    return replace(
        terms,
        minimum=min(terms.minimum, asked),
        maximum=max(terms.maximum, asked),
        months_min=min(terms.months_min, long),
        months_max=max(terms.months_max, long),
    )


def _refuse_who_visited(application: Application, person: Person) -> None:
    if application.visits.filter(region_id=application.region_id, visited_by=person).exists():
        raise _took_part()


def _refuse_who_took_part(application: Application, person: Person) -> None:
    _refuse_who_visited(application, person)
    if (
        person.pk in {application.entered_by_id, application.borrower.person_id}
        or application.assessments.filter(region_id=application.region_id, assessed_by=person).exists()
    ):
        raise _took_part()


def _took_part() -> Refused:
    return Refused(
        _("You took part in this application; somebody else must do this step."), code="four_eyes", status=403
    )


@transaction.atomic
def decide(
    application: Application,
    *,
    by: Person,
    granted: bool,
    amount: int | None = None,
    months: int | None = None,
    reason: str = "",
) -> Decision:
    """Grant (amount and months at most as asked) or refuse with a reason; by somebody who took no part."""
    locked = locked_application(application)
    require(policy.can_decide(by, locked))
    must_be(locked, State.ASSESSED)
    _refuse_who_took_part(locked, by)
    if granted:
        amount, months = amount or 0, months or 0
        if amount > locked.amount_asked:
            raise Refused(
                _("No more than the %(asked)s that was asked for.") % {"asked": rupiah(locked.amount_asked)},
                field="amount",
                code="more_than_asked",
            )
        if months > locked.months_asked:
            raise Refused(
                _("No longer than the %(asked)s months that were asked for.")
                % {"asked": locked.months_asked},
                field="months",
                code="longer_than_asked",
            )
        check_terms(_terms_of(locked), principal=amount, months=months, field="amount")
        debts = locked.debts.filter(region_id=locked.region_id).aggregate(sum=Sum("outstanding"))["sum"] or 0
        if locked.scheme.settles_rentenir and amount < debts:
            raise Refused(
                _(
                    "The loan sharks are owed %(debts)s and come first: less would not free the borrower of them."
                )
                % {"debts": rupiah(debts)},
                field="amount",
                code="less_than_debts",
            )
    elif not reason.strip():
        raise Refused(_("Say why it is refused."), field="reason", code="reason_missing")
    try:
        with transaction.atomic():
            decision = Decision.objects.create(
                region_id=locked.region_id,
                application=locked,
                granted=granted,
                amount=amount if granted else None,
                months=months if granted else None,
                reason=reason.strip(),
                decided_by=by,
            )
    except IntegrityError as error:
        if "decision_once" in str(error):
            raise Refused(_("It was decided already."), code="moved_on", status=409) from None
        raise
    locked.state = State.APPROVED if granted else State.REFUSED
    locked.ended_on = None if granted else clock.today()
    locked.save()
    notify(
        locked.borrower.person,
        "financing/granted" if granted else "financing/refused",
        url=url_of(locked),
        number=locked.number,
        amount=amount or 0,
        months=months or 0,
        reason=reason.strip(),
    )
    return decision


@documents.together()
def make_contract(application: Application, *, by: Person) -> Contract:
    """The agreement as a PDF, made once; its QR code leads to the page that checks it."""
    locked = locked_application(application)
    require(policy.can_record_signature(by, locked))
    must_be(locked, State.APPROVED)
    existing = Contract.objects.filter(region_id=locked.region_id, application=locked).first()
    if existing is not None:
        return existing
    code = uuid.uuid4()
    decision = Decision.objects.get(region_id=locked.region_id, application=locked)
    document = documents.store(
        SimpleUploadedFile(f"{locked.number}.pdf", contract_pdf(locked, decision, code), "application/pdf"),
        region_id=locked.region_id,
        purpose=Purpose.CONTRACT,
        by=by,
        subject=locked.borrower.person,
    )
    return Contract.objects.create(
        region_id=locked.region_id, application=locked, code=code, document=document
    )


@transaction.atomic
def record_signature(application: Application, *, by: Person, signature: Document) -> Contract:
    """The borrower has signed (on the screen, or a photo of the signed page or thumb print)."""
    locked = locked_application(application)
    require(policy.can_record_signature(by, locked))
    must_be(locked, State.APPROVED)
    contract = (
        Contract.objects.select_for_update().filter(region_id=locked.region_id, application=locked).first()
    )
    if contract is None:
        raise Refused(_("Make the contract first and read it to the borrower."), code="no_contract")
    contract.signature = signature
    contract.signed_at = clock.now()
    contract.recorded_by = by
    contract.save()
    locked.state = State.SIGNED
    locked.save()
    notify(
        staff_of(locked.region_id, Role.TELLER),
        "financing/to_disburse",
        url=url_of(locked),
        number=locked.number,
        enterprise=locked.enterprise.name,
    )
    return contract
