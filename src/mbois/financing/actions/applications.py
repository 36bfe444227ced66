"""An application until it is with the bank: started, filled, sent, returned, withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.financing import policy
from mbois.financing.eligibility import application_checks
from mbois.financing.models import Application, Paper, RentenirDebt, Scheme, State
from mbois.people.consents import is_withdrawn
from mbois.people.models import Consent, Document, Membership, Person, Role
from mbois.people.names import clean_person_name
from mbois.people.notifications import notify
from mbois.places.numbers import next_number
from mbois.refused import Refused, require

FIELDS = ("amount_asked", "months_asked", "purpose", "married", "spouse_name", "household_members")

LONGEST_LENDER = 120


@dataclass(frozen=True)
class DebtLine:
    """A loan shark's debt as told: rupiah, `monthly_payment` with interest."""

    lender: str
    outstanding: int
    borrowed: int | None = None
    monthly_payment: int | None = None


def locked_application(application: Application) -> Application:
    """The application as it stands now, held until the transaction ends."""
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("scheme", "enterprise", "borrower", "borrower__person", "region")
        .get(region_id=application.region_id, pk=application.pk)
    )


def must_be(application: Application, *states: str) -> None:
    """Refuse when it has moved on meanwhile, naming where it stands."""
    if application.state not in states:
        raise Refused(
            _("The application has moved on: %(state)s.") % {"state": application.get_state_display()},
            code="moved_on",
            status=409,
        )


@transaction.atomic
def start_application(
    scheme: Scheme, enterprise: Enterprise, *, by: Person, amount_asked: int, months_asked: int, **values: Any
) -> Application:
    """Begin a draft, for oneself or at somebody's door. One per borrower and scheme at a time."""
    require(policy.can_apply(by, enterprise))
    if scheme.region_id != enterprise.region_id:
        raise Refused(_("This credit is for businesses of %(region)s.") % {"region": scheme.region.name})
    if not scheme.is_open:
        raise Refused(_("%(scheme)s takes no applications now.") % {"scheme": scheme.name})
    _check_asked(amount_asked, months_asked)
    try:
        with transaction.atomic():
            return Application.objects.create(
                region_id=scheme.region_id,
                number=next_number("A", scheme.region_id, year=clock.today().year),
                scheme=scheme,
                enterprise=enterprise,
                borrower=enterprise.owner,
                entered_by=by,
                amount_asked=amount_asked,
                months_asked=months_asked,
                **_told(values),
            )
    except IntegrityError as error:
        if "application_one_under_way" not in str(error):
            raise
        raise Refused(
            _("An application of %(name)s is under way already.") % {"name": enterprise.owner.name},
            code="one_under_way",
            status=409,
        ) from None


def _told(values: dict[str, Any]) -> dict[str, Any]:
    """The fields of an application among what was typed, checked."""
    told = {name: values[name] for name in FIELDS if name in values}
    if "spouse_name" in told:
        told["spouse_name"] = clean_person_name(told["spouse_name"], field="spouse_name")
    return told


def _check_asked(amount: int, months: int) -> None:
    if amount <= 0:
        raise Refused(_("The amount must be more than zero."), field="amount_asked")
    if months <= 0:
        raise Refused(_("The number of months must be more than zero."), field="months_asked")


@transaction.atomic
def save_application(
    application: Application, *, by: Person, values: dict[str, Any], debts: Sequence[DebtLine] | None = None
) -> Application:
    """Keep what was typed so far; `debts`, where given, replaces the list."""
    locked = locked_application(application)
    must_be(locked, State.DRAFT, State.RETURNED)
    require(policy.can_edit(by, locked))
    for name, value in _told(values).items():
        setattr(locked, name, value)
    _check_asked(locked.amount_asked, locked.months_asked)
    locked.save()
    if debts is not None:
        _check_debts(debts)
        RentenirDebt.objects.filter(region_id=locked.region_id, application=locked).delete()
        RentenirDebt.objects.bulk_create(
            RentenirDebt(region_id=locked.region_id, application=locked, **vars(debt)) for debt in debts
        )
    return locked


def _check_debts(debts: Sequence[DebtLine]) -> None:
    if any(debt.outstanding <= 0 or not debt.lender.strip() for debt in debts):
        raise Refused(_("Each debt needs a lender and an amount of more than zero."), field="debts")
    for place, debt in enumerate(debts):
        if len(debt.lender) > LONGEST_LENDER:
            raise Refused(_("This name is too long."), field=f"debts.{place}.lender", code="too_long")
        for name in ("borrowed", "monthly_payment"):
            if (getattr(debt, name) or 0) < 0:
                raise Refused(
                    _("This cannot be less than zero."), field=f"debts.{place}.{name}", code="negative"
                )


@transaction.atomic
def add_paper(application: Application, *, kind: str, document: Document, by: Person) -> Paper:
    """Hand in one paper; also after sending, until the decision."""
    locked = locked_application(application)
    must_be(locked, State.DRAFT, State.RETURNED, State.SUBMITTED, State.VISITED)
    require(
        policy.can_edit(by, locked) or policy.can_visit(by, locked) or policy.is_borrower(by, locked.borrower)
    )
    return Paper.objects.create(
        region_id=locked.region_id, application=locked, kind=kind, document=document, added_by=by
    )


@transaction.atomic
def remove_paper(paper: Paper, *, by: Person) -> None:
    """Take back a paper while the application is still one's own to change."""
    locked = locked_application(paper.application)
    must_be(locked, State.DRAFT, State.RETURNED)
    require(policy.can_edit(by, locked))
    paper.delete()


@transaction.atomic
def submit_application(application: Application, *, by: Person) -> Application:
    """Send it to the bank. Refused with the first condition that does not hold."""
    locked = locked_application(application)
    must_be(locked, State.DRAFT, State.RETURNED)
    require(policy.can_edit(by, locked))
    for check in application_checks(locked):
        if check.blocks and not check.ok:
            raise Refused(
                _("It cannot be sent yet. Needed: %(what)s") % {"what": check.sentence},
                field=check.field,
                code=f"not_eligible_{check.key}",
            )
    locked.state = State.SUBMITTED
    # the clock of the limit runs from the first sending
    locked.submitted_at = locked.submitted_at or clock.now()
    locked.returned_reason = ""
    locked.save()
    notify(locked.borrower.person, "financing/submitted", url=url_of(locked), number=locked.number)
    notify(
        staff_of(locked.region_id, Role.FIELD_OFFICER),
        "financing/to_visit",
        url=url_of(locked),
        number=locked.number,
        enterprise=locked.enterprise.name,
    )
    return locked


@transaction.atomic
def return_application(application: Application, *, by: Person, reason: str) -> Application:
    """Give it back for completion, saying what is missing."""
    locked = locked_application(application)
    must_be(locked, State.SUBMITTED, State.VISITED, State.ASSESSED)
    require(policy.can_return(by, locked))
    if not reason.strip():
        raise Refused(_("Say what is missing."), field="reason", code="reason_missing")
    locked.state = State.RETURNED
    locked.returned_reason = reason.strip()
    locked.save()
    for person in {locked.borrower.person, locked.entered_by}:
        notify(person, "financing/returned", url=url_of(locked), number=locked.number, reason=reason.strip())
    return locked


@transaction.atomic
def withdraw_application(application: Application, *, by: Person) -> Application:
    """The borrower, or who entered it for them, takes it back."""
    locked = locked_application(application)
    require(policy.can_withdraw(by, locked), _("It cannot be withdrawn any more."))
    locked.state = State.WITHDRAWN
    locked.ended_on = clock.today()
    locked.save()
    return locked


def stop_without_consent(consent: Consent) -> None:
    """Who takes back the consent to the credit ends what is not paid out yet, as its text says. Whoever has
    the next step is told; a draft stays, and needs a new consent to be sent."""
    if consent.text.key != "ojir" or not is_withdrawn(consent.person_id, "ojir", consent.region_id):
        return
    under_way = Application.objects.filter(
        region=consent.region_id, borrower__person=consent.person_id, state__in=State.under_way()
    )
    for application in under_way.order_by("pk"):
        locked = locked_application(application)
        if locked.state not in State.under_way():
            continue
        turn = policy.TURNS.get(locked.state, ())
        locked.state = State.WITHDRAWN
        locked.ended_on = clock.today()
        locked.save()
        told = {locked.borrower.person, locked.entered_by}
        told.update(staff_of(locked.region_id, *turn))
        notify(
            told,
            "financing/stopped",
            url=url_of(locked),
            number=locked.number,
            enterprise=locked.enterprise.name,
        )


def url_of(application: Application) -> str:
    """Where an application is read."""
    return f"/pengajuan/{application.number}/"


def staff_of(region_id: str, *roles: str) -> list[Person]:
    """The people who have one of the roles in a region today."""
    people = Membership.objects.in_force().filter(region=region_id, role__in=roles).values("person")
    return list(Person.objects.filter(pk__in=people, is_active=True, is_service=False))
