"""What teams bring: evidence for milestones, the weekly update, figures by quarter."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mbois import clock
from mbois.people import documents
from mbois.people.models import Membership, Person, Purpose, Role
from mbois.people.notifications import notify
from mbois.refused import Refused, require
from mbois.startups import policy
from mbois.startups.actions.common import broke, team_of
from mbois.startups.models import (
    Evidence,
    Milestone,
    Participation,
    QuarterFigures,
    Startup,
    WeeklyUpdate,
    monday_of,
    quarter_of,
)

LATE_DAYS = 2  # until Tuesday the week before can still be written
YEARS_BACK = 6


@documents.together()
def hand_in(
    participation: Participation,
    milestone: Milestone,
    *,
    by: Person,
    note: str = "",
    link: str = "",
    upload: File | None = None,
) -> Evidence:
    """Hand in what proves a milestone: a text, a link, a file. One waits at a time."""
    require(policy.in_team(by, participation.startup))
    if participation.left_on is not None:
        raise Refused(_("Your startup has left this cohort."), status=409)
    if not note.strip() and not link and upload is None:
        raise Refused(_("Write what you did, give a link or add a file."), field="note")
    document = None
    if upload is not None:
        try:
            document = documents.store(
                upload, region_id=participation.region_id, purpose=Purpose.STARTUP, by=by
            )
        except Refused as refused:
            refused.field = "file"
            raise
    try:
        with transaction.atomic():
            evidence = Evidence.objects.create(
                region_id=participation.region_id,
                participation=participation,
                milestone=milestone,
                note=note.strip(),
                link=link,
                document=document,
                sent_by=by,
            )
    except IntegrityError as error:
        if broke(error, "milestone_evidence_one_waiting"):
            raise Refused(
                _("Somebody of your team handed it in already; it waits for an answer."), status=409
            ) from None
        raise
    if Evidence.objects.filter(
        region=participation.region_id, participation=participation, milestone=milestone, accepted=True
    ).exists():
        raise Refused(_("This milestone is reached already."), status=409)
    notify(
        _checkers(participation),
        "startups/handed_in",
        url=f"/startup/inkubasi/{participation.pk}/tonggak/{milestone.pk}/",
        startup=participation.startup.name,
        milestone=milestone.title_id,
    )
    return evidence


def _checkers(participation: Participation) -> list[Person]:
    """The startup's mentors, or the managers where it has none."""
    mentors = [
        one.person
        for one in participation.mentors.filter(region=participation.region_id, until=None).select_related(
            "person"
        )
    ]
    if mentors:
        return mentors
    managers = Membership.objects.in_force().filter(region=participation.region_id, role=Role.INCUBATOR)
    return list(Person.objects.filter(pk__in=managers.values("person")))


@transaction.atomic
def check(evidence: Evidence, *, by: Person, accepted: bool, remark: str = "") -> Evidence:
    """Say whether a milestone is reached. Returned evidence says what is missing."""
    locked = (
        Evidence.objects.select_for_update(of=("self",))
        .select_related("participation__startup", "participation__cohort", "milestone")
        .get(region=evidence.region_id, pk=evidence.pk)
    )
    require(policy.can_check(by, locked.participation))
    if locked.accepted is not None:
        raise Refused(_("This was checked already."), code="checked", status=409)
    if not accepted and not remark.strip():
        raise Refused(_("Say what is missing."), field="remark")
    locked.accepted, locked.remark = accepted, remark.strip()
    locked.checked_by, locked.checked_at = by, clock.now()
    locked.save()
    notify(
        team_of(locked.participation.startup),
        "startups/checked",
        url=f"/startup/inkubasi/{locked.participation_id}/tonggak/{locked.milestone_id}/",
        milestone=locked.milestone.title_id,
        accepted=accepted,
        remark=locked.remark,
    )
    return locked


@dataclass(frozen=True)
class Week:
    """What a weekly update says. `client_id` was made on the phone; money in whole rupiah."""

    client_id: uuid.UUID
    week: date
    done: str
    ahead: str
    stuck: str = ""
    talked_to: int = 0
    users: int = 0
    revenue: int = 0

    def values(self) -> dict[str, object]:
        return {
            "week": self.week,
            "done": self.done.strip(),
            "ahead": self.ahead.strip(),
            "stuck": self.stuck.strip(),
            "talked_to": self.talked_to,
            "users": self.users,
            "revenue": self.revenue,
        }


def weeks_open(today: date) -> list[date]:
    """The Mondays of the weeks that can be written about: this one, and until Tuesday the one before."""
    this = monday_of(today)
    return [this - timedelta(days=7), this] if today.weekday() < LATE_DAYS else [this]


@transaction.atomic
def write_week(participation: Participation, week: Week, *, by: Person) -> tuple[WeeklyUpdate, bool]:
    """Write the week, once a startup; says whether the same had come before. What was written on a phone
    in its time is taken also when the line came back a few days later."""
    require(policy.in_team(by, participation.startup))
    if participation.left_on is not None:
        raise Refused(_("Your startup has left this cohort."), status=409)
    if week.week != monday_of(week.week):
        raise Refused(_("Choose a week."), field="week")
    newest = monday_of(clock.today())
    if week.week > newest:
        raise Refused(_("That week is still to come."), field="week")
    if week.week < newest - timedelta(days=14) or week.week < monday_of(participation.cohort.begins_on):
        raise Refused(_("That week is closed."), field="week")
    if not week.done.strip():
        raise Refused(_("Write one sentence on what went well."), field="done")
    if not week.ahead.strip():
        raise Refused(_("Write one sentence on what comes next."), field="ahead")
    values = week.values()
    try:
        with transaction.atomic():
            made = WeeklyUpdate.objects.create(
                region_id=participation.region_id,
                participation=participation,
                client_id=week.client_id,
                made_by=by,
                **values,
            )
    except IntegrityError:
        known = WeeklyUpdate.objects.filter(region=participation.region_id, client_id=week.client_id).first()
        if known is not None and known.participation_id == participation.pk:
            if all(getattr(known, name) == value for name, value in values.items()):
                return known, True
            raise Refused(
                _("This update was sent already with other content. Open it to change it."),
                code="changed",
                status=409,
            ) from None
        other = (
            WeeklyUpdate.objects.filter(
                region=participation.region_id, participation=participation, week=week.week
            )
            .select_related("made_by")
            .first()
        )
        if other is None:
            raise
        raise Refused(
            _("%(name)s has written this week already. Open it to change it.") % {"name": other.made_by.name},
            code="written",
            field="week",
            status=409,
        ) from None
    return made, False


@transaction.atomic
def change_week(update: WeeklyUpdate, week: Week, *, by: Person) -> WeeklyUpdate:
    """Change an update as long as its week can be written about."""
    locked = (
        WeeklyUpdate.objects.select_for_update(of=("self",))
        .select_related("participation__startup")
        .get(region=update.region_id, pk=update.pk)
    )
    require(policy.in_team(by, locked.participation.startup))
    if locked.week not in weeks_open(clock.today()):
        raise Refused(_("That week is closed; write it into this week's update."), status=409)
    if not week.done.strip():
        raise Refused(_("Write one sentence on what went well."), field="done")
    if not week.ahead.strip():
        raise Refused(_("Write one sentence on what comes next."), field="ahead")
    for name, value in week.values().items():
        if name != "week":
            setattr(locked, name, value)
    locked.changed_at = clock.now()
    locked.save()
    return locked


@transaction.atomic
def record_quarter(
    startup: Startup,
    *,
    by: Person,
    quarter: date,
    alive: bool = True,
    team: int = 0,
    users: int = 0,
    revenue: int = 0,
    funding: int = 0,
) -> QuarterFigures:
    """Write how a startup stood at the end of a quarter, or correct it; each version is kept."""
    require(policy.can_record_figures(by, startup))
    if quarter != quarter_of(quarter):
        raise Refused(_("Choose a quarter."), field="quarter")
    if quarter > quarter_of(clock.today()):
        raise Refused(_("That quarter is still to come."), field="quarter")
    if quarter.year < clock.today().year - YEARS_BACK:
        raise Refused(_("That is too long ago."), field="quarter")
    if alive and team < 1:
        raise Refused(_("Somebody works on it, or it has ended."), field="team")
    if not alive:
        team = users = revenue = funding = 0
    Startup.objects.select_for_update(of=("self",)).get(region=startup.region_id, pk=startup.pk)
    row, _made = QuarterFigures.objects.update_or_create(
        region_id=startup.region_id,
        startup=startup,
        quarter=quarter,
        defaults={
            "alive": alive,
            "team": team,
            "users": users,
            "revenue": revenue,
            "funding": funding,
            "recorded_by": by,
            "recorded_at": clock.now(),
        },
    )
    return row
