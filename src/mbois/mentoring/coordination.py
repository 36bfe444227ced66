"""What a coordinator looks at: who waits, who stalls, what works."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.enterprises.models import State as Registered
from mbois.mentoring.library import steps
from mbois.mentoring.models import Diagnosis, FollowUp, Level, MentorProfile, Mentorship, Session, State
from mbois.mentoring.plan import Standing, standings

STALL_DAYS = 30
FEW = 10  # fewer cases than this say nothing about a mentor or a step


def waiting(regions: list[str]) -> QuerySet[Diagnosis]:
    """The newest diagnoses of verified enterprises that are not growing yet and have no mentor and none
    asked, nor one until after that diagnosis: who answers the questions again after a mentorship has
    ended waits again. The one that waits longest first."""
    had = Mentorship.objects.filter(region=OuterRef("region"), enterprise=OuterRef("enterprise")).filter(
        Q(state__in=[State.PROPOSED, State.ACTIVE])
        | Q(state__in=[State.FINISHED, State.STOPPED], ended_on__gte=OuterRef("sent_on"))
    )
    return (
        Diagnosis.objects.filter(region__in=regions, enterprise__state=Registered.VERIFIED)
        .newest()
        .exclude(level=Level.GROWING)
        .annotate(sent_on=TruncDate("sent_at"))
        .exclude(Exists(had))
        .select_related("enterprise__village", "enterprise__owner")
        .order_by("sent_at", "pk")
    )


def unanswered(regions: list[str]) -> QuerySet[Mentorship]:
    """Proposals somebody has not answered for a week."""
    return (
        Mentorship.objects.filter(region__in=regions, proposed_at__lt=clock.now() - timedelta(days=7))
        .proposed()
        .select_related("enterprise__village", "mentor__person")
        .order_by("proposed_at")
    )


def stalled(regions: list[str]) -> QuerySet[Any]:
    """Mentorships under way of which nothing was held for 30 days and nothing is planned; `last` is the
    newest session held."""
    since = clock.now() - timedelta(days=STALL_DAYS)
    recent = Session.objects.filter(
        region=OuterRef("region"), mentorship=OuterRef("pk"), attended=True, starts_at__gte=since
    )
    planned = Session.objects.filter(
        region=OuterRef("region"), mentorship=OuterRef("pk"), starts_at__gte=clock.now()
    ).to_come()
    return (
        Mentorship.objects.filter(region__in=regions, began_on__lt=clock.local_date(since))
        .active()
        .exclude(Exists(recent))
        .exclude(Exists(planned))
        .annotate(last=Max("sessions__starts_at", filter=Q(sessions__attended=True)))
        .select_related("enterprise__village", "mentor__person")
        .order_by(F("last").asc(nulls_first=True), "pk")
    )


def missed(regions: list[str]) -> QuerySet[Session]:
    """Missed sessions of the last 60 days about which nobody has asked."""
    asked = FollowUp.objects.filter(region=OuterRef("region"), session=OuterRef("pk"))
    return (
        Session.objects.filter(
            region__in=regions,
            mentorship__state=State.ACTIVE,
            starts_at__gte=clock.now() - timedelta(days=60),
        )
        .missed()
        .exclude(Exists(asked))
        .select_related("mentorship__enterprise", "mentorship__mentor__person")
        .order_by("starts_at")
    )


@dataclass
class Works:
    """Cases of a mentor or with a step: how many there were, how many went up, by how many levels.

    Under ten cases it says only that there are too few.
    """

    name: str
    cases: int = 0
    up: int = 0
    levels: int = 0
    points: int = 0
    note: str = ""
    key: int | str = field(default=0, repr=False)

    @property
    def enough(self) -> bool:
        return self.cases >= FEW

    @property
    def share(self) -> float | None:
        return self.up / self.cases if self.enough else None

    @property
    def mean_points(self) -> int | None:
        """The change of the total out of 100, on average."""
        return round(self.points / self.cases) if self.enough else None

    def count(self, before: Diagnosis, after: Diagnosis) -> None:
        self.cases += 1
        change = Level(after.level).rank - Level(before.level).rank
        self.up += change > 0
        self.levels += change
        self.points += after.total - before.total


def _when(sent: Diagnosis) -> tuple[datetime, int]:
    assert sent.sent_at is not None
    return sent.sent_at, sent.pk


def changes(regions: list[str]) -> tuple[list[Works], list[Works], Works]:
    """Level changes by mentor, by step of the plan, and altogether: mentorships that began with a
    diagnosis and have a later one, sent before the business went on with the next mentor. A step counts where it was done by the day of that later one: what
    nobody did changed nothing. Queries: as many for one case as for many."""
    cases = list(
        Mentorship.objects.filter(
            region__in=regions,
            state__in=[State.ACTIVE, State.FINISHED, State.STOPPED],
            diagnosis__isnull=False,
        ).select_related("diagnosis")
    )
    of_one: dict[tuple[str, int], list[Diagnosis]] = defaultdict(list)
    for one in (
        Diagnosis.objects.filter(region__in=regions, enterprise__in={case.enterprise_id for case in cases})
        .sent()
        .order_by("sent_at", "pk")
    ):
        of_one[one.region_id, one.enterprise_id].append(one)
    newest: dict[int, Diagnosis] = {}
    for case in sorted(cases, key=lambda case: (case.began_on or date.min, case.pk), reverse=True):
        sent = of_one[case.region_id, case.enterprise_id]
        if sent:
            newest[case.pk] = sent[-1]
        # what comes after the diagnosis it began with is this mentor's, not that of the one before
        while sent and case.diagnosis and _when(sent[-1]) > _when(case.diagnosis):
            sent.pop()
    names = dict(MentorProfile.objects.filter(region__in=regions).values_list("pk", "person__name"))
    library = steps()
    by_mentor: dict[int, Works] = {}
    by_step: dict[str, Works] = {}
    whole = Works("")
    again = [
        (case, case.diagnosis, after)
        for case in cases
        if case.diagnosis and (after := newest.get(case.pk)) != case.diagnosis
        if after is not None
    ]
    plans: dict[int, list[Standing]] = {}
    for region in {case.region_id for case, _before, _after in again}:
        plans |= standings(case for case, _before, _after in again if case.region_id == region)
    for case, before, after in again:
        whole.count(before, after)
        mentor = by_mentor.setdefault(
            case.mentor_id, Works(names.get(case.mentor_id, ""), key=case.mentor_id)
        )
        mentor.count(before, after)
        for one in plans[case.pk]:
            if one.kind and one.day and after.sent_at and one.day <= clock.local_date(after.sent_at):
                key = one.kind.key
                by_step.setdefault(key, Works(str(one.kind.name), key=key)).count(before, after)
    # by name: a list, not a league
    return (
        sorted(by_mentor.values(), key=lambda one: one.name),
        [by_step[key] for key in library if key in by_step],
        whole,
    )


def verified_without_diagnosis(regions: list[str]) -> int:
    """How many verified enterprises nobody has asked the questions yet."""
    asked = Diagnosis.objects.filter(region=OuterRef("region"), enterprise=OuterRef("pk")).sent()
    return Enterprise.objects.filter(region__in=regions).published().exclude(Exists(asked)).count()


def levels(regions: list[str]) -> list[tuple[Level, int]]:
    """How many enterprises stand at each level by their newest diagnosis."""
    found = dict.fromkeys(Level.values, 0)
    for level in Diagnosis.objects.filter(region__in=regions).newest().values_list("level", flat=True):
        found[level] += 1
    return [(Level(key), count) for key, count in found.items()]
