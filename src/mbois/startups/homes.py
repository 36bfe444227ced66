"""The founder's next thing to do, and where each of their startups stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mbois import clock
from mbois.startups.actions.progress import weeks_open
from mbois.startups.alumni import last_quarter
from mbois.startups.models import (
    Application,
    ContactRequest,
    Evidence,
    Milestone,
    Participation,
    Phase,
    QuarterFigures,
    Startup,
    State,
    WeeklyUpdate,
    monday_of,
)
from mbois.startups.queries import Next, streak
from mbois.web import show

SOON = timedelta(days=10)


@dataclass(frozen=True)
class Card:
    """One startup on the founder's home."""

    startup: Startup
    applications: list[Application]
    participation: Participation | None
    done: int
    wanted: int
    streak: int
    wrote: bool


@dataclass
class _Read:
    """What several startups have, read at once. Seven queries whatever their number."""

    startups: Sequence[Startup]

    def __post_init__(self) -> None:
        keys = [one.pk for one in self.startups]
        self.regions = sorted({one.region_id for one in self.startups})
        here = {"region__in": self.regions, "startup__in": keys}
        self.applications: dict[int, list[Application]] = {}
        for one in Application.objects.filter(**here).select_related("call").order_by("-pk"):
            self.applications.setdefault(one.startup_id, []).append(one)
        calls = {one.call_id for rows in self.applications.values() for one in rows}
        self.windows = {
            one.call_id: one
            for one in Phase.objects.filter(region__in=self.regions, call__in=calls, kind=Phase.Kind.CALL)
        }
        self.places: dict[int, Participation] = {}
        rows = Participation.objects.filter(**here, left_on=None).select_related("cohort", "startup")
        for place in rows.order_by("cohort__begins_on"):
            self.places[place.startup_id] = place
        mine = [one.pk for one in self.places.values()]
        cohorts = [one.cohort_id for one in self.places.values()]
        self.milestones: dict[int, list[Milestone]] = {}
        for milestone in Milestone.objects.filter(region__in=self.regions, cohort__in=cohorts):
            self.milestones.setdefault(milestone.cohort_id, []).append(milestone)
        self.evidence: dict[int, list[Evidence]] = {}
        for evidence in Evidence.objects.filter(region__in=self.regions, participation__in=mine):
            self.evidence.setdefault(evidence.participation_id, []).append(evidence)
        self.weeks: dict[int, list[WeeklyUpdate]] = {}
        for update in WeeklyUpdate.objects.filter(region__in=self.regions, participation__in=mine):
            self.weeks.setdefault(update.participation_id, []).append(update)
        self.quarters = set(
            QuarterFigures.objects.filter(**here, quarter=last_quarter()).values_list("startup", flat=True)
        )
        self.requests: dict[int, int] = {}
        for startup in ContactRequest.objects.filter(**here, answered_at=None).values_list(
            "startup_id", flat=True
        ):
            self.requests[startup] = self.requests.get(startup, 0) + 1


def cards_of(startups: Sequence[Startup]) -> list[Card]:
    """Each startup with where it stands."""
    read = _Read(startups)
    found = []
    for one in startups:
        place = read.places.get(one.pk)
        weeks = [update.week for update in read.weeks.get(place.pk, [])] if place else []
        handed = read.evidence.get(place.pk, []) if place else []
        found.append(
            Card(
                startup=one,
                applications=read.applications.get(one.pk, []),
                participation=place,
                done=len({row.milestone_id for row in handed if row.accepted}),
                wanted=len(read.milestones.get(place.cohort_id, [])) if place else 0,
                streak=streak(weeks, today=clock.today()),
                wrote=monday_of(clock.today()) in weeks,
            )
        )
    return found


def next_of(startups: Sequence[Startup]) -> list[Next]:
    """What is to do, the most urgent first: drafts before the deadline, returned and due milestones, the
    week, who wrote, the figures of the last quarter."""
    if not startups:
        return []
    read = _Read(startups)
    found: list[tuple[int, Next]] = []
    today = clock.today()
    for startup in startups:
        for one in read.applications.get(startup.pk, []):
            window = read.windows.get(one.call_id)
            url = reverse("startup_application", kwargs={"startup_application": one.number})
            if one.state == State.DRAFT and window and window.is_now:
                found.append(
                    (
                        1,
                        Next(
                            "pencil",
                            _("Finish the application of %(name)s") % {"name": startup.name},
                            url,
                            _("Go on writing"),
                            window.ends,
                            window.ends - clock.now() < timedelta(days=3),
                        ),
                    )
                )
        place = read.places.get(startup.pk)
        if place and not place.cohort.is_over:
            found += _in_cohort(read, startup, place)
        if waiting := read.requests.get(startup.pk):
            found.append(
                (
                    5,
                    Next(
                        "mail",
                        ngettext(
                            "%(count)s message from people who saw %(name)s",
                            "%(count)s messages from people who saw %(name)s",
                            waiting,
                        )
                        % {"count": show.angka(waiting), "name": startup.name},
                        reverse("startup_team", kwargs={"startup": startup.number}) + "#pesan",
                        _("Read and answer"),
                    ),
                )
            )
        ended = place and place.cohort.ends_on < today
        if startup.since_cohort and (ended or place is None) and startup.pk not in read.quarters:
            found.append(
                (
                    6,
                    Next(
                        "trending-up",
                        _("How did %(name)s do last quarter?") % {"name": startup.name},
                        reverse("startup_quarters", kwargs={"startup": startup.number}),
                        _("Write five numbers"),
                    ),
                )
            )
    return [one for _order, one in sorted(found, key=lambda pair: pair[0])]


def _in_cohort(read: _Read, startup: Startup, place: Participation) -> list[tuple[int, Next]]:
    found: list[tuple[int, Next]] = []
    today = clock.today()
    handed = read.evidence.get(place.pk, [])
    done = {one.milestone_id for one in handed if one.accepted or one.accepted is None}
    returned = {one.milestone_id for one in handed if one.accepted is False} - done
    milestones = sorted(read.milestones.get(place.cohort_id, []), key=lambda one: (one.due_on, one.pk))
    nearest = next(
        (one for one in milestones if one.pk in returned),
        next((one for one in milestones if one.pk not in done), None),
    )
    if nearest is not None and (nearest.pk in returned or nearest.due_on <= today + SOON):
        again = nearest.pk in returned
        found.append(
            (
                2 if again or nearest.due_on < today else 4,
                Next(
                    "undo-2" if again else "target",
                    nearest.title,
                    reverse("startup_milestone", kwargs={"participation": place.pk, "milestone": nearest.pk}),
                    _("See what is missing") if again else _("Hand it in"),
                    nearest.due_on,
                    again or nearest.due_on < today,
                ),
            )
        )
    weeks = {update.week for update in read.weeks.get(place.pk, [])}
    open_weeks = [
        one
        for one in weeks_open(today)
        if one not in weeks and one >= monday_of(place.cohort.begins_on) and place.cohort.begins_on <= today
    ]
    if open_weeks:
        late = open_weeks[0] < monday_of(today)
        found.append(
            (
                3,
                Next(
                    "clock",
                    _("Two minutes: how was last week?") if late else _("Two minutes: how was this week?"),
                    reverse("startup_week", kwargs={"participation": place.pk}),
                    _("Write the week"),
                    None,
                    late,
                ),
            )
        )
    return found
