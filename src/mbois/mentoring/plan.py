"""Where the steps of plans stand. Nothing of it is stored: it follows from proofs and evidence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mbois import clock
from mbois.enterprises import proofs
from mbois.mentoring.library import Step, steps
from mbois.mentoring.models import Evidence, Mentorship, PlanStep
from mbois.web import show

LABELS = {
    "done": gettext_lazy("Done"),
    "waiting": gettext_lazy("Waiting for the mentor's check"),
    "returned": gettext_lazy("To be done better"),
    "late": gettext_lazy("Late"),
    "open": gettext_lazy("To do"),
}
TONES = {"done": "ok", "waiting": "wait", "returned": "bad", "late": "bad", "open": "plain"}


def title_of(step: PlanStep) -> str:
    """What a step is called: as the library says, or in the words of whoever added it."""
    kind = steps().get(step.key)
    return str(kind.name) if kind else step.title


@dataclass(frozen=True)
class Standing:
    """A step of a plan and where it stands: done (since `day`), waiting, returned, late or open."""

    step: PlanStep
    kind: Step | None
    state: str
    day: date | None
    reason: str
    evidence: list[Evidence]

    @property
    def title(self) -> str:
        return title_of(self.step)

    @property
    def label(self) -> object:
        return LABELS[self.state]

    @property
    def tone(self) -> str:
        return TONES[self.state]

    @property
    def done(self) -> bool:
        return self.state == "done"


def _judge(step: PlanStep, proved: date | None, evidence: list[Evidence]) -> tuple[str, date | None, str]:
    accepted = [one for one in evidence if one.accepted]
    if proved is not None:
        return "done", proved, _("Proved itself on %(day)s") % {"day": show.tanggal_pendek(proved)}
    if accepted and accepted[0].checked_at:
        day = clock.local_date(accepted[0].checked_at)
        who = accepted[0].checked_by
        return (
            "done",
            day,
            _("Checked by %(name)s on %(day)s")
            % {"name": who.name if who else "", "day": show.tanggal_pendek(day)},
        )
    newest = evidence[-1] if evidence else None
    if newest is not None and newest.accepted is None:
        return "waiting", None, _("Handed in on %(day)s") % {"day": show.tanggal_pendek(newest.sent_at)}
    if newest is not None:
        return "returned", None, newest.remark
    if step.due_on and step.due_on < clock.today():
        return "late", None, _("Was due on %(day)s") % {"day": show.tanggal_pendek(step.due_on)}
    return "open", None, ""


def standings(mentorships: Iterable[Mentorship]) -> dict[int, list[Standing]]:
    """The steps of many mentorships of one region: by mentorship, in order. Queries: two, and one for
    each kind of proof that occurs, whatever the number."""
    by_key = {mentorship.pk: mentorship for mentorship in mentorships}
    found: dict[int, list[Standing]] = {key: [] for key in by_key}
    if not by_key:
        return found
    region = next(iter(by_key.values())).region_id
    rows = list(
        PlanStep.objects.filter(region=region, mentorship__in=list(by_key), dropped_at=None).order_by(
            "due_on", "pk"
        )
    )
    evidence: dict[int, list[Evidence]] = {}
    for one in (
        Evidence.objects.filter(region=region, step__in=[row.pk for row in rows])
        .select_related("document", "sent_by", "checked_by")
        .order_by("pk")
    ):
        evidence.setdefault(one.step_id, []).append(one)
    library = steps()
    wanted: dict[str, set[int]] = {}
    for row in rows:
        kind = library.get(row.key)
        if kind and kind.proof:
            wanted.setdefault(kind.proof, set()).add(by_key[row.mentorship_id].enterprise_id)
    proved = {key: proofs.first(key, region, ids) for key, ids in wanted.items()}
    for row in rows:
        kind = library.get(row.key)
        day = None
        if kind and kind.proof:
            day = proved[kind.proof].get(by_key[row.mentorship_id].enterprise_id)
        state, since, reason = _judge(row, day, evidence.get(row.pk, []))
        found[row.mentorship_id].append(Standing(row, kind, state, since, reason, evidence.get(row.pk, [])))
    return found


def standing_of(mentorship: Mentorship) -> list[Standing]:
    """The steps of one mentorship."""
    return standings([mentorship])[mentorship.pk]


def progress(rows: Sequence[Standing]) -> tuple[int, int]:
    """How many steps are done, of how many."""
    return sum(row.done for row in rows), len(rows)
