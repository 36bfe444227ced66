"""Named reads of startups."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q

from mbois import clock
from mbois.people.models import Person
from mbois.startups.judging import Standing, standings
from mbois.startups.models import (
    OPEN_STATES,
    Application,
    Assignment,
    Call,
    Cohort,
    Conflict,
    Evidence,
    Member,
    MentorPlace,
    Milestone,
    Participation,
    Phase,
    Review,
    Startup,
    State,
    WeeklyUpdate,
    monday_of,
    to_review,
)

# Seen as behind: this many weeks without an update, or a milestone so many days late.
SILENT_WEEKS = 2
LATE_DAYS = 7


def open_calls() -> list[Call]:
    """Calls that take applications now, the nearest deadline first. Their `window` is there."""
    rows = list(Call.objects.open_at(clock.now()).with_window().select_related("region"))
    return sorted(rows, key=lambda one: one.window.upper)


def phases_of(call: Call) -> list[Phase]:
    """In the order of time."""
    return sorted(Phase.objects.filter(region=call.region_id, call=call), key=lambda one: one.begins)


def standings_of(call: Call, *, by: Person) -> dict[int, Standing]:
    """How every application of a call stands that this person may see; reviews taken out by a conflict
    do not count. Two queries."""
    keys = list(
        Application.objects.visible_to(by)
        .filter(region=call.region_id, call=call, submitted_at__isnull=False)
        .exclude(state=State.WITHDRAWN)
        .values_list("pk", flat=True)
    )
    reviews: dict[int, list[tuple[int, dict[str, int]]]] = {}
    rows = Review.objects.counting().filter(region=call.region_id, application__call=call)
    for key, total, points in rows.values_list("application_id", "total", "points"):
        reviews.setdefault(key, []).append((total, points))
    return standings(keys, reviews)


@dataclass(frozen=True)
class Load:
    """How far a reviewer of a call is."""

    person: Person
    asked: int
    sent: int
    begun: int
    conflicts: int
    last: Any

    @property
    def open(self) -> int:
        return max(self.asked - self.sent - self.conflicts, 0)

    @property
    def share(self) -> float:
        wanted = self.asked - self.conflicts
        return self.sent / wanted if wanted > 0 else 1.0


def loads_of(call: Call, reviewers: Iterable[Person]) -> list[Load]:
    """How far each reviewer of a call is, those who owe most first. Three queries."""
    here = {"region": call.region_id, "application__call": call}
    live = {**here, "application__submitted_at__isnull": False}
    asked = dict(
        Assignment.objects.filter(**live)
        .exclude(application__state=State.WITHDRAWN)
        .values_list("reviewer")
        .annotate(n=Count("pk"))
    )
    written = {
        row["reviewer"]: row
        for row in Review.objects.filter(**live)
        .exclude(application__state=State.WITHDRAWN)
        .values("reviewer")
        .annotate(
            sent=Count("pk", filter=Q(sent_at__isnull=False, taken_out_at=None)),
            begun=Count("pk", filter=Q(sent_at=None)),
            last=Max("changed_at"),
        )
    }
    conflict = Exists(
        Conflict.objects.filter(
            region=OuterRef("region"), application=OuterRef("application"), person=OuterRef("reviewer")
        )
    )
    out = dict(
        Assignment.objects.filter(conflict, **live)
        .exclude(application__state=State.WITHDRAWN)
        .values_list("reviewer")
        .annotate(n=Count("pk"))
    )
    people = {one.pk: one for one in reviewers}
    missing = (set(asked) | set(written)) - set(people)
    people |= {one.pk: one for one in Person.objects.filter(pk__in=missing)}
    found = [
        Load(
            person=one,
            asked=asked.get(key, 0),
            sent=written.get(key, {}).get("sent", 0),
            begun=written.get(key, {}).get("begun", 0),
            conflicts=out.get(key, 0),
            last=written.get(key, {}).get("last"),
        )
        for key, one in people.items()
    ]
    return sorted(found, key=lambda one: (-one.open, one.person.name))


def waiting_reviews(person: Person) -> int:
    """How many reviews this person still owes, in calls where they are written now."""
    sent = Exists(
        Review.objects.filter(
            region=OuterRef("region"),
            application=OuterRef("pk"),
            reviewer=person.pk,
            sent_at__isnull=False,
        )
    )
    now = Exists(
        Phase.objects.filter(
            region=OuterRef("region"),
            call=OuterRef("call"),
            kind__in=["screening", "interview"],
            during__contains=clock.now(),
        )
    )
    return to_review(person).filter(now, state__in=OPEN_STATES).exclude(sent).count()


# --- cohorts --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """A milestone as it stands for one startup."""

    milestone: Milestone
    evidence: list[Evidence]

    @property
    def done(self) -> bool:
        return any(one.accepted for one in self.evidence)

    @property
    def waiting(self) -> Evidence | None:
        return next((one for one in self.evidence if one.accepted is None), None)

    @property
    def state(self) -> str:
        if self.done:
            return "done"
        if self.waiting:
            return "waiting"
        if self.evidence:
            return "returned"
        return "late" if self.milestone.due_on < clock.today() else "open"


def steps_of(participation: Participation) -> list[Step]:
    """The milestones of a startup, in order. Two queries."""
    handed: dict[int, list[Evidence]] = {}
    rows = Evidence.objects.filter(region=participation.region_id, participation=participation)
    for one in rows.select_related("document", "sent_by", "checked_by").order_by("-pk"):
        handed.setdefault(one.milestone_id, []).append(one)
    milestones = Milestone.objects.filter(
        region=participation.region_id, cohort=participation.cohort_id
    ).order_by("due_on", "pk")
    return [Step(one, handed.get(one.pk, [])) for one in milestones]


def streak(weeks: Iterable[date], *, today: date) -> int:
    """How many weeks in a row were written up to now; this week counts once it is written, and does not
    break the row before."""
    known = set(weeks)
    place = monday_of(today)
    if place not in known:
        place -= timedelta(days=7)
    count = 0
    while place in known:
        count += 1
        place -= timedelta(days=7)
    return count


def silence(weeks: Iterable[date], *, since: date, today: date) -> int:
    """How many complete weeks passed without an update, counted back from the last one."""
    known = set(weeks)
    place, first = monday_of(today) - timedelta(days=7), monday_of(since)
    count = 0
    while place >= first and place not in known:
        count += 1
        place -= timedelta(days=7)
    return count


@dataclass(frozen=True)
class Row:
    """A startup on the board of its cohort."""

    participation: Participation
    done: int
    wanted: int
    late: int
    waiting: int
    streak: int
    silent: int
    wrote: bool
    last: WeeklyUpdate | None
    mentors: tuple[str, ...]

    @property
    def startup(self) -> Startup:
        found: Startup = self.participation.startup
        return found

    @property
    def behind(self) -> bool:
        return self.late > 0 or self.silent >= SILENT_WEEKS

    @property
    def trouble(self) -> int:
        return self.late * 10 + self.silent


def board(cohort: Cohort, participations: Sequence[Participation] | None = None) -> list[Row]:
    """Every startup of a cohort: who is behind first. Five queries whatever the number."""
    region, today = cohort.region_id, min(clock.today(), cohort.ends_on)
    if participations is None:
        participations = list(
            Participation.objects.filter(region=region, cohort=cohort)
            .active()
            .select_related("startup", "cohort")
        )
    keys = [one.pk for one in participations]
    due = dict(Milestone.objects.filter(region=region, cohort=cohort).values_list("pk", "due_on"))
    reached: dict[int, set[int]] = {}
    waits: dict[int, set[int]] = {}
    rows = Evidence.objects.filter(region=region, participation__in=keys)
    for place, milestone, accepted in rows.values_list("participation_id", "milestone_id", "accepted"):
        if accepted:
            reached.setdefault(place, set()).add(milestone)
        elif accepted is None:
            waits.setdefault(place, set()).add(milestone)
    updates: dict[int, list[WeeklyUpdate]] = {}
    for update in WeeklyUpdate.objects.filter(region=region, participation__in=keys).order_by("-week"):
        updates.setdefault(update.participation_id, []).append(update)
    mentors: dict[int, list[str]] = {}
    for place, name in MentorPlace.objects.filter(
        region=region, participation__in=keys, until=None
    ).values_list("participation_id", "person__name"):
        mentors.setdefault(place, []).append(name)
    late_before = today - timedelta(days=LATE_DAYS)
    found = []
    for one in participations:
        done, waiting = reached.get(one.pk, set()), waits.get(one.pk, set())
        written = updates.get(one.pk, [])
        weeks = [update.week for update in written]
        found.append(
            Row(
                participation=one,
                done=len(done),
                wanted=sum(1 for day in due.values() if day <= today),
                late=sum(1 for key, day in due.items() if day < late_before and key not in done | waiting),
                waiting=len(waiting),
                streak=streak(weeks, today=today),
                silent=silence(
                    weeks, since=max(cohort.begins_on, clock.local_date(one.added_at)), today=today
                )
                if not cohort.is_over
                else 0,
                wrote=monday_of(today) in weeks,
                last=written[0] if written else None,
                mentors=tuple(mentors.get(one.pk, ())),
            )
        )
    return sorted(found, key=lambda row: (-row.trouble, row.startup.name))


@dataclass(frozen=True)
class Next:
    """What a founder does next: the sentence, where, and until when."""

    icon: str
    title: str
    url: str
    action: str
    until: Any = None
    urgent: bool = False


def teams_of(person: Person) -> list[Startup]:
    """One's own startups, newest first."""
    return list(Startup.objects.of(person).select_related("region").order_by("-pk"))


def members_of(startup: Startup) -> list[Member]:
    return list(
        Member.objects.filter(region=startup.region_id, startup=startup, left_at=None).select_related(
            "person"
        )
    )
