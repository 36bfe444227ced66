"""What happened to an application and a loan, newest first."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mbois import clock
from mbois.financing.models import Application, Confirmation, Loan, State
from mbois.financing.queries import Payment
from mbois.people.models import Person
from mbois.web import show
from mbois.web.components import Event, Tone

MOST = 15


def _words(state: str) -> tuple[str, Tone, str]:
    """How a change of stage reads, its tone and icon."""
    return {
        State.DRAFT: (_("Application begun"), "plain", "pencil"),
        State.SUBMITTED: (_("Application sent"), "info", "send"),
        State.RETURNED: (_("Returned for completion"), "bad", "undo-2"),
        State.VISITED: (_("Home visited"), "ok", "house"),
        State.ASSESSED: (_("Assessed by Baznas"), "ok", "hand-heart"),
        State.APPROVED: (_("Granted"), "ok", "circle-check"),
        State.SIGNED: (_("Contract signed"), "ok", "signature"),
        State.DISBURSED: (_("Paid out"), "ok", "hand-coins"),
        State.REFUSED: (_("Refused"), "bad", "circle-x"),
        State.WITHDRAWN: (_("Withdrawn"), "plain", "x"),
    }[State(state)]  # type: ignore[return-value]


def _who(contexts: dict[Any, Any]) -> dict[Any, str]:
    """The names of those the audit trail names, by context."""
    wanted = {key: (meta or {}).get("user") for key, meta in contexts.items()}
    names = dict(Person.objects.filter(pk__in={pk for pk in wanted.values() if pk}).values_list("pk", "name"))
    return {key: names.get(pk, "") if pk else "" for key, pk in wanted.items()}


def events_of(story: Any) -> list[Event]:
    """What happened to an application, newest first: from its records, and from the audit trail
    where it was returned, sent again or withdrawn."""
    application: Application = story.application
    found = [_event(State.DRAFT, application.started_at, application.entered_by.name)]
    if application.submitted_at:
        found.append(_event(State.SUBMITTED, application.submitted_at, application.entered_by.name))
    for visit in story.visits:
        if visit.same_as_id is None:
            found.append(
                _event(State.VISITED, visit.visited_at, visit.visited_by.name, visit.get_advice_display())
            )
    for assessment in story.assessments:
        found.append(
            _event(State.ASSESSED, assessment.assessed_at, assessment.assessed_by.name, assessment.reasons)
        )
    if decision := story.decision:
        granted = _("%(amount)s over %(months)s months") % {
            "amount": show.rupiah(decision.amount),
            "months": decision.months,
        }
        found.append(
            _event(
                State.APPROVED if decision.granted else State.REFUSED,
                decision.decided_at,
                decision.decided_by.name,
                granted if decision.granted else decision.reason,
            )
        )
    if story.contract and story.contract.signed_at:
        recorder = story.contract.recorded_by
        found.append(_event(State.SIGNED, story.contract.signed_at, recorder.name if recorder else ""))
    found += _from_trail(application)
    found.sort(key=lambda event: event.when, reverse=True)
    if story.loan is not None:
        what, tone, icon = _words(State.DISBURSED)
        found.insert(
            0, Event(story.loan.disbursed_on, what, "", story.loan.number, tone, icon, loan_url(story.loan))
        )
    return found


def loan_url(loan: Loan) -> str:
    return reverse("loan", kwargs={"loan": loan.number})


def _event(state: str, when: datetime, who: str, detail: str = "") -> Event:
    what, tone, icon = _words(state)
    return Event(when, what, who, detail, tone, icon)


def _from_trail(application: Application) -> list[Event]:
    """Each return, each sending again after it and a withdrawal, with who did it."""
    log = Application.pgh_event_model.objects  # type: ignore[attr-defined]
    rows = list(
        log.filter(region=application.region_id, pgh_obj=application.pk)
        .select_related("pgh_context")
        .order_by("pgh_created_at", "pgh_id")
    )
    who = _who({row.pgh_id: row.pgh_context.metadata if row.pgh_context else None for row in rows})
    found: list[Event] = []
    before = None
    for row in rows:
        again = row.state == State.SUBMITTED and before == State.RETURNED
        if row.state != before and (row.state in {State.RETURNED, State.WITHDRAWN} or again):
            detail = row.returned_reason if row.state == State.RETURNED else ""
            found.append(_event(row.state, row.pgh_created_at, who[row.pgh_id], detail))
        before = row.state
    return found


def loan_events(loan: Loan, payments: Iterable[Payment], confirmation: Confirmation | None) -> list[Event]:
    """Paid out, repaid, undone, confirmed, paid off; newest first."""

    def at(day: Any) -> datetime:
        return datetime.combine(day, time(12), tzinfo=clock.JAKARTA)

    found = [
        (
            datetime.combine(loan.disbursed_on, time.min, tzinfo=clock.JAKARTA),
            Event(
                loan.disbursed_on,
                _("Paid out"),
                loan.disbursed_by.name,
                show.rupiah(loan.principal),
                "ok",
                "hand-coins",
            ),
        )
    ]
    for payment in payments:
        row = payment.transfer
        left = loan.principal - payment.paid_after
        done = payment.counts and left == 0
        found.append(
            (
                row.posted_at,
                Event(
                    row.posted_at,
                    _("Paid off") if done else _("Repayment"),
                    row.made_by.name,
                    _("%(amount)s, dated %(day)s")
                    % {"amount": show.rupiah(row.amount), "day": show.tanggal_pendek(row.effective_date)},
                    "ok" if payment.counts else "plain",
                    "badge-check" if done else "coins",
                    reverse("receipt", kwargs={"reference": row.reference}),
                ),
            )
        )
        if payment.reversal is not None:
            undone = payment.reversal
            found.append(
                (
                    undone.posted_at,
                    Event(
                        undone.posted_at,
                        _("Repayment undone"),
                        undone.made_by.name,
                        undone.memo,
                        "bad",
                        "undo-2",
                    ),
                )
            )
    if confirmation and confirmation.recorded_at:
        good = confirmation.rentenir_paid and confirmation.money_works
        found.append(
            (
                confirmation.recorded_at,
                Event(
                    confirmation.recorded_at,
                    _("%(body)s confirmed") % {"body": confirmation.get_body_display()},
                    confirmation.said_by,
                    confirmation.note,
                    "ok" if good else "bad",
                    "shield-check",
                ),
            )
        )
    # the history of payments stands beside it in full
    return [event for _when, event in sorted(found, key=lambda pair: pair[0], reverse=True)][:MOST]
