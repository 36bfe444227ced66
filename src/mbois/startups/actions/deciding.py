"""Decisions, one or many at once: looked at first, then made, each told with its reason."""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mbois.people.models import Person
from mbois.people.notifications import notify
from mbois.refused import Refused, require
from mbois.startups import policy
from mbois.startups.judging import Standing
from mbois.startups.models import (
    OUTCOMES,
    TRANSITIONS,
    Application,
    Call,
    Criterion,
    Decision,
    Member,
    Phase,
    State,
)
from mbois.startups.queries import standings_of
from mbois.startups.show import points


@dataclass(frozen=True)
class Line:
    """One application in the preview: what would become of it, why, and what speaks against it."""

    application: Application
    standing: Standing
    outcome: State
    reason: str
    people: int
    warning: str = ""
    impossible: str = ""


@dataclass(frozen=True)
class Preview:
    """What a decision would do. `seen` names the state it was made of: what changed meanwhile is refused."""

    lines: list[Line]
    seen: str

    @property
    def possible(self) -> list[Line]:
        return [one for one in self.lines if not one.impossible]


def reason_for(standing: Standing, criteria: Sequence[Criterion], outcome: str) -> str:
    """A first reason from how it was judged: where it was strongest and weakest, in both languages of
    the reader who writes it. Empty where nobody judged."""
    if standing.median is None or not standing.criteria:
        return ""
    ordered = sorted(
        (one for one in criteria if one.key in standing.criteria),
        key=lambda one: (-standing.criteria[one.key], one.position),
    )
    if not ordered:
        return ""
    best, least = ordered[0], ordered[-1]
    parts = [
        _("Strongest: %(name)s (%(points)s of 5).")
        % {"name": best.name, "points": points(standing.criteria[best.key])}
    ]
    if least is not best:
        parts.append(
            _("To work on: %(name)s (%(points)s of 5).")
            % {"name": least.name, "points": points(standing.criteria[least.key])}
        )
    return " ".join(parts)


def preview(
    call: Call,
    keys: Sequence[int],
    outcome: str,
    *,
    by: Person,
    reasons: Mapping[int, str] | None = None,
) -> Preview:
    """What deciding so would do, without doing it. Only applications this person may see."""
    require(policy.manages(by, call.region_id))
    if outcome not in OUTCOMES:
        raise Refused(_("Choose what is decided."), field="outcome")
    rows = list(
        Application.objects.visible_to(by)
        .filter(region=call.region_id, call=call, pk__in=list(keys))
        .select_related("startup")
    )
    standings = standings_of(call, by=by)
    criteria = list(Criterion.objects.filter(region=call.region_id, call=call).order_by("position"))
    people: dict[int, int] = {}
    for startup in Member.objects.filter(
        region=call.region_id, startup__in=[one.startup_id for one in rows], left_at=None
    ).values_list("startup_id", flat=True):
        people[startup] = people.get(startup, 0) + 1
    window = Phase.objects.filter(region=call.region_id, call=call, kind=Phase.Kind.CALL).first()
    lines = []
    for row in rows:
        standing = standings.get(row.pk) or Standing(row.pk, (), None, None)
        impossible = ""
        if outcome not in TRANSITIONS.get(row.state, ()):
            impossible = _("It is %(state)s already.") % {"state": row.get_state_display()}
        elif window is None or not window.is_over:
            impossible = _("Applications are still taken; decisions come after the deadline.")
        elif outcome == State.ACCEPTED and standing.count == 0:
            impossible = _("Nobody has judged it yet.")
        warning = ""
        if standing.count < call.reviews_wanted:
            warning = _("Only %(count)s of %(wanted)s reviews.") % {
                "count": standing.count,
                "wanted": call.reviews_wanted,
            }
        elif standing.disputed:
            warning = _("The reviewers disagree (spread %(spread)s).") % {"spread": points(standing.spread)}
        said = (reasons or {}).get(row.pk)
        lines.append(
            Line(
                application=row,
                standing=standing,
                outcome=State(outcome),
                reason=reason_for(standing, criteria, outcome) if said is None else said,
                people=people.get(row.startup_id, 0),
                warning=warning,
                impossible=impossible,
            )
        )
    lines.sort(key=lambda one: (one.standing.rank or 10**6, one.application.pk))
    return Preview(lines, _seen(outcome, lines))


def _seen(outcome: str, lines: Sequence[Line]) -> str:
    state = [
        (one.application.pk, one.application.state, one.standing.median, one.standing.totals) for one in lines
    ]
    return hashlib.sha256(json.dumps([outcome, state], default=str).encode()).hexdigest()[:24]


@transaction.atomic
def decide(
    call: Call,
    keys: Sequence[int],
    outcome: str,
    *,
    by: Person,
    reasons: Mapping[int, str],
    letter: str = "",
    seen: str,
) -> list[Decision]:
    """Make the decision that was looked at and tell every team, by inbox and mail. All of them or none:
    refused where something changed since the preview, or one has no reason."""
    require(policy.manages(by, call.region_id))
    list(
        Application.objects.select_for_update(of=("self",))
        .filter(region=call.region_id, call=call, pk__in=list(keys))
        .order_by("pk")
    )
    now = preview(call, keys, outcome, by=by, reasons=reasons)
    if not now.lines:
        raise Refused(_("Choose at least one application."), field="outcome")
    if now.seen != seen:
        raise Refused(
            _("Something changed since you looked: a review came in, or a state is another. Look again."),
            code="changed",
            status=409,
        )
    if blocked := next((one for one in now.lines if one.impossible), None):
        raise Refused(f"{blocked.application.startup.name}: {blocked.impossible}", status=409)
    for one in now.lines:
        if not one.reason.strip():
            raise Refused(
                _("Give a reason for %(name)s: they will read it.") % {"name": one.application.startup.name},
                field=f"reason-{one.application.pk}",
            )
    batch = uuid.uuid4()
    try:
        with transaction.atomic():
            made = Decision.objects.bulk_create(
                Decision(
                    region_id=call.region_id,
                    application=one.application,
                    outcome=outcome,
                    reason=one.reason.strip(),
                    letter=letter.strip(),
                    rank=one.standing.rank,
                    median=one.standing.median,
                    spread=one.standing.spread,
                    reviews=one.standing.count,
                    criteria=one.standing.criteria,
                    batch=batch,
                    decided_by=by,
                )
                for one in now.lines
            )
            for one in now.lines:
                one.application.state = outcome
                one.application.save(update_fields=["state"])
    except IntegrityError:
        raise Refused(_("One of these was decided meanwhile. Look again."), status=409) from None
    _tell(call, now.lines, outcome, letter)
    return made


def _tell(call: Call, lines: Sequence[Line], outcome: str, letter: str) -> None:
    teams: dict[int, list[Person]] = {}
    members = Member.objects.filter(
        region=call.region_id, startup__in=[one.application.startup_id for one in lines], left_at=None
    ).select_related("person")
    for member in members:
        teams.setdefault(member.startup_id, []).append(member.person)
    for one in lines:
        notify(
            teams.get(one.application.startup_id, []),
            "startups/decided",
            url=f"/startup/lamaran/{one.application.number}/",
            outcome=outcome,
            call=call.title_id,
            startup=one.application.startup.name,
            reason=one.reason.strip(),
            letter=letter.strip(),
        )
