"""What happened to an application and a loan, newest first."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from mbois.financing.models import Application, Confirmation, Loan, State
from mbois.financing.queries import Payment
from mbois.people.models import Person
from mbois.web import show
from mbois.web.components import Event, Tone


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
    """The changes of stage from the audit trail, with who made them; newest first."""
    application: Application = story.application
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
        if row.state == before:
            continue
        before = row.state
        what, tone, icon = _words(row.state)
        detail = ""
        if row.state == State.RETURNED:
            detail = row.returned_reason
        elif row.state in {State.APPROVED, State.REFUSED} and story.decision:
            decision = story.decision
            granted = _("%(amount)s over %(months)s months") % {
                "amount": show.rupiah(decision.amount),
                "months": decision.months,
            }
            detail = granted if decision.granted else decision.reason
        found.append(
            Event(row.pgh_created_at, what, who[row.pgh_id] or _actor(story, row.state), detail, tone, icon)
        )
    return found[::-1]


def _actor(story: Any, state: str) -> str:
    """Who did it by the records themselves, where the trail does not say."""
    if state == State.VISITED and story.visits:
        return str(story.visits[0].visited_by.name)
    if state == State.ASSESSED and story.assessment:
        return str(story.assessment.assessed_by.name)
    if state in {State.APPROVED, State.REFUSED} and story.decision:
        return str(story.decision.decided_by.name)
    if state == State.SIGNED and story.contract and story.contract.recorded_by:
        return str(story.contract.recorded_by.name)
    if state == State.DRAFT:
        return str(story.application.entered_by.name)
    return ""


def loan_events(loan: Loan, payments: Iterable[Payment], confirmation: Confirmation | None) -> list[Event]:
    """Paid out, repaid, undone, confirmed, paid off; newest first."""
    from datetime import time

    from mbois import clock

    def at(day: Any) -> datetime:
        return datetime.combine(day, time(12), tzinfo=clock.JAKARTA)

    found = [
        (
            at(loan.disbursed_on),
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
                    f"/bukti/{row.reference}/",
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
    return [event for _when, event in sorted(found, key=lambda pair: pair[0], reverse=True)]
