"""How an application and a loan are shown: tones, step bars, the clock in words, what is next for whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mbois.financing import policy
from mbois.financing.models import Application, Assessment, Contract, Decision, Loan, State, Visit
from mbois.financing.queries import LoanState, Payment, WorkingDayClock
from mbois.financing.schedule import plan
from mbois.people.models import Person
from mbois.web import show
from mbois.web.components import Step, badge, steps_to

TONES: dict[str, str] = {
    State.DRAFT: "plain",
    State.SUBMITTED: "wait",
    State.RETURNED: "bad",
    State.VISITED: "info",
    State.ASSESSED: "info",
    State.APPROVED: "wait",
    State.SIGNED: "ok",
    State.DISBURSED: "ok",
    State.REFUSED: "bad",
    State.WITHDRAWN: "plain",
}
STEP_LABELS = [
    gettext_lazy("Applied"),
    gettext_lazy("Visited"),
    gettext_lazy("Assessed"),
    gettext_lazy("Decided"),
    gettext_lazy("Signature"),
    gettext_lazy("Paid out"),
]
_PLACE: dict[str, int] = {
    State.DRAFT: 0,
    State.RETURNED: 0,
    State.SUBMITTED: 1,
    State.VISITED: 2,
    State.ASSESSED: 3,
    State.APPROVED: 4,
    State.SIGNED: 5,
    State.DISBURSED: 6,
    State.REFUSED: 3,
}


def state_badge(application: Application) -> SafeString:
    """The stage as a coloured word."""
    return badge(application.get_state_display(), TONES[application.state])


def steps_of(
    application: Application, visits: Iterable[Visit] = (), decision: Decision | None = None
) -> list[Step]:
    """The step bar of an application; one that ended early stops where it was."""
    labels: list[object] = list(STEP_LABELS)
    if application.state == State.WITHDRAWN:
        place = 4 if decision else 2 if list(visits) else 1 if application.submitted_at else 0
        return steps_to(labels, place, stopped=True)
    return steps_to(
        labels, _PLACE[application.state], stopped=application.state in {State.REFUSED, State.RETURNED}
    )


def loan_steps(state: LoanState) -> list[Step]:
    """The step bar of the borrower's loan page."""
    labels: list[object] = [_("Applied"), _("Visited"), _("Paid out"), _("Paying back"), _("Paid off")]
    return steps_to(labels, 5 if state.outstanding == 0 else 3)


def clock_tone(clock: WorkingDayClock) -> str:
    """Green while there is time, turmeric in the last two days, rose after them."""
    return "bad" if clock.is_over else "wait" if clock.is_close and not clock.stopped else "ok"


def clock_words(clock: WorkingDayClock | None) -> str:
    """Day 3 of 12; or how long it took."""
    if clock is None:
        return ""
    numbers = {"used": clock.used, "limit": clock.limit}
    if clock.stopped:
        return _("Took %(used)s of %(limit)s working days") % numbers
    if clock.used == 0:
        return _("Sent today, %(limit)s working days to go") % numbers
    if clock.is_over:
        return _("Day %(used)s, the limit was %(limit)s") % numbers
    return _("Day %(used)s of %(limit)s") % numbers


def loan_badge(state: LoanState) -> SafeString:
    """Paid off, late by how much, or on time."""
    if state.outstanding == 0:
        return badge(_("Paid off"), "ok")
    if state.is_late:
        return badge(_days_late(state.days_past_due), "bad")
    return badge(_("On time"), "info")


def payment_badge(payment: Payment) -> SafeString:
    """Whether a payment came in time."""
    if payment.reversal is not None:
        return badge(_("Undone"), "plain")
    if payment.days_late:
        return badge(_days_late(payment.days_late), "wait")
    return badge(_("On time"), "ok")


def _days_late(days: int) -> str:
    return ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days}


def masked_name(name: str) -> str:
    """A name that its owner recognises and a stranger does not: S•• W•••••."""
    return " ".join(word[:1] + "•" * max(2, len(word) - 1) for word in name.split())


def monthly_freed(loan: Loan) -> int:
    """Rupiah a month that went to loan sharks by the borrower's word and does no more."""
    return sum(settlement.debt.monthly_payment or 0 for settlement in loan.settlements.all())


def instalment_words(principal: int, months: int, unit: int, start: date) -> str:
    """24 instalments of Rp 417.000, the last one Rp 409.000."""
    lines = plan(principal=principal, months=months, start=start, unit=unit)
    first, last = lines[0].amount, lines[-1].amount
    values = {"count": len(lines), "amount": show.rupiah(first), "last": show.rupiah(last)}
    if len(lines) == 1:
        return _("One payment of %(amount)s") % values
    if first == last:
        return _("%(count)s instalments of %(amount)s") % values
    return _("%(count)s instalments of %(amount)s, the last one %(last)s") % values


@dataclass(frozen=True)
class Next:
    """What is next for the one who reads a page: the blue card."""

    title: str
    text: str = ""
    action: str = ""
    url: str = ""
    small: str = ""
    number: str = ""


def took_part(
    person: Person, application: Application, visits: Iterable[Visit], assessments: Iterable[Assessment]
) -> list[str]:
    """In which ways somebody took part already, so that another must decide."""
    found = []
    if application.borrower.person_id == person.pk:
        found.append(_("it is your own application"))
    if application.entered_by_id == person.pk and application.assisted:
        found.append(_("you entered it"))
    if any(visit.visited_by_id == person.pk for visit in visits):
        found.append(_("you made the home visit"))
    if any(assessment.assessed_by_id == person.pk for assessment in assessments):
        found.append(_("you assessed it"))
    return found


def next_for(
    person: Person,
    application: Application,
    *,
    visits: list[Visit],
    assessments: list[Assessment],
    decision: Decision | None,
    contract: Contract | None,
    loan: Loan | None,
    clock: WorkingDayClock | None,
) -> Next | None:
    """The one thing to do now, or what is waited for."""
    number = {"application": application.number}
    small = clock_words(clock) if clock and not clock.stopped else ""
    mine = policy.is_borrower(person, application.borrower)
    name = application.borrower.name
    match State(application.state):
        case State.DRAFT | State.RETURNED if policy.can_edit(person, application):
            back = application.state == State.RETURNED
            return Next(
                _("Complete it and send it again") if back else _("Go on with the application"),
                application.returned_reason if back else _("What you typed so far is kept."),
                _("Go on"),
                reverse("application_fill", kwargs=number),
                small,
            )
        case State.DRAFT | State.RETURNED:
            return Next(_("Waiting for the applicant"), application.returned_reason, small=small)
        case State.SUBMITTED if policy.can_visit(person, application):
            return Next(
                _("Visit the home of %(name)s") % {"name": name},
                _("See the business, ask the neighbours, work out what they can pay."),
                _("Open the visit form"),
                reverse("visit", kwargs=number),
                small,
            )
        case State.SUBMITTED if mine:
            return Next(
                _("The bank comes to visit you"),
                _(
                    "Keep the loan shark's instalment card and your family card at hand. There is nothing to pay."
                ),
                small=small,
            )
        case State.SUBMITTED:
            return Next(
                _("Waiting for the home visit"), _("The bank's field officer visits the home."), small=small
            )
        case State.VISITED if policy.can_assess(person, application):
            if any(visit.visited_by_id == person.pk for visit in visits):
                return Next(
                    _("A colleague assesses this one"), _("You made the home visit yourself."), small=small
                )
            return Next(
                _("Is the household needy?"),
                _("Read the visit and record what Baznas says."),
                _("Assess"),
                reverse("application_assess", kwargs=number),
                small,
            )
        case State.VISITED:
            return Next(
                _("Waiting for Baznas"),
                _("Baznas looks whether the household is entitled and carries the cost."),
                small=small,
            )
        case State.ASSESSED if policy.can_decide(person, application):
            if reasons := took_part(person, application, visits, assessments):
                return Next(
                    _("Somebody else decides this one"),
                    _("Four eyes: %(reasons)s, so a colleague must decide.")
                    % {"reasons": ", ".join(reasons)},
                    small=small,
                )
            return Next(
                _("Grant it or refuse it"),
                _("Visit and assessment are in. Whoever reads the decision should understand it."),
                _("Decide"),
                reverse("application_decide", kwargs=number),
                small,
            )
        case State.ASSESSED:
            return Next(
                _("Waiting for the decision"),
                _("Somebody who neither visited nor assessed decides."),
                small=small,
            )
        case State.APPROVED:
            amount = show.rupiah(decision.amount if decision else None)
            if policy.can_record_signature(person, application):
                return Next(
                    _("Have the contract signed") if contract else _("Make the contract"),
                    _("Read it to %(name)s before it is signed.") % {"name": name},
                    _("Open the contract"),
                    reverse("application_contract", kwargs=number),
                    small,
                )
            if mine:
                return Next(
                    _("Granted! Come and sign"),
                    _("Bring your identity card to the bank. The officer reads the contract to you first."),
                    _("Read the contract") if contract else "",
                    reverse("application_contract", kwargs=number) if contract else "",
                    small,
                    amount,
                )
            return Next(_("Waiting for the signature"), "", small=small, number=amount)
        case State.SIGNED if policy.can_disburse(person, application):
            return Next(
                _("Pay it out"),
                _("First the loan shark, the rest to %(name)s.") % {"name": name},
                _("Pay out"),
                reverse("application_disburse", kwargs=number),
                small,
                show.rupiah(decision.amount if decision else None),
            )
        case State.SIGNED:
            return Next(
                _("The money is being prepared") if mine else _("Ready to be paid out"),
                _("The teller pays the loan shark first and hands over the rest.") if mine else "",
                small=small,
                number=show.rupiah(decision.amount if decision else None),
            )
        case State.DISBURSED if loan is not None:
            return Next(
                _("The loan is running") if loan.outstanding else _("Paid off"),
                action=_("Open the loan"),
                url=reverse("loan", kwargs={"loan": loan.number}),
                small=loan.number,
            )
        case State.REFUSED:
            return Next(_("It was refused"), decision.reason if decision else "")
        case State.WITHDRAWN:
            return Next(_("It was withdrawn"), _("You can apply again at any time.") if mine else "")
    return None


def on_behalf(application: Application) -> str:
    """Entered by X for Y, wherever somebody else typed it."""
    if not application.assisted:
        return ""
    return _("Entered by %(officer)s for %(borrower)s") % {
        "officer": application.entered_by.name,
        "borrower": application.borrower.name,
    }
