"""What a startup does in a cohort and after it: milestones, the weekly update, figures by quarter."""

from datetime import date

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.people.models import Document, Person
from mbois.places.guards import tracked
from mbois.places.owned import Owned, RegionForeignKey
from mbois.startups.models.cohorts import Cohort, Participation, Stage
from mbois.startups.models.teams import Startup
from mbois.startups.words import in_words


@tracked()
class Milestone(Owned):
    """What every startup of a cohort reaches, with what proves it, by a day."""

    cohort = RegionForeignKey(Cohort, on_delete=models.CASCADE, related_name="milestones")
    stage = models.CharField(_("part"), max_length=10, choices=Stage)
    title_id = models.CharField(_("milestone"), max_length=120)
    title_en = models.CharField(_("milestone in English"), max_length=120, blank=True)
    proves_id = models.CharField(_("what proves it"), max_length=300)
    proves_en = models.CharField(_("the same in English"), max_length=300, blank=True)
    due_on = models.DateField(_("by"))

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="milestone_stage", condition=Q(stage__in=["education", "incubation", "market"])
            )
        ]
        indexes = [models.Index(fields=["region", "cohort", "due_on"], name="milestone_due")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_words(self.title_id, self.title_en)

    @property
    def proves(self) -> str:
        return in_words(self.proves_id, self.proves_en)


@tracked()
class Evidence(Owned):
    """What a team handed in for a milestone; the manager or its mentor says once whether it is reached."""

    milestone = RegionForeignKey(Milestone, on_delete=models.PROTECT, related_name="evidence")
    participation = RegionForeignKey(Participation, on_delete=models.PROTECT, related_name="evidence")
    note = models.TextField(_("what was done"), max_length=1000, blank=True)
    link = models.URLField(_("link"), max_length=300, blank=True)
    document = RegionForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=clock.now)
    accepted = models.BooleanField(null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=500, blank=True)
    checked_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="milestone_evidence_shows_something",
                condition=Q(document__isnull=False) | ~Q(note="") | ~Q(link=""),
            ),
            models.CheckConstraint(
                name="milestone_evidence_checked_by_somebody",
                condition=Q(accepted=None, checked_by=None, checked_at=None)
                | Q(accepted__isnull=False, checked_by__isnull=False, checked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="milestone_evidence_returned_says_why", condition=~Q(accepted=False) | ~Q(remark="")
            ),
            models.UniqueConstraint(
                fields=["region", "milestone", "participation"],
                condition=Q(accepted=None),
                name="milestone_evidence_one_waiting",
            ),
            models.UniqueConstraint(
                fields=["region", "milestone", "participation"],
                condition=Q(accepted=True),
                name="milestone_reached_once",
            ),
        ]
        indexes = [
            models.Index(fields=["region", "participation"], name="milestone_evidence_of"),
            models.Index(
                fields=["region", "sent_at"], condition=Q(accepted=None), name="milestone_evidence_waits"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="milestone_evidence_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="milestone_evidence_is_not_rewritten",
                exclude=["accepted", "remark", "checked_by", "checked_at"],
            ),
            pgtrigger.Protect(
                name="milestone_evidence_is_checked_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__accepted__isnull=False),
            ),
            pgtrigger.Trigger(
                name="milestone_evidence_fits",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("checked_by_id"),
                func="""
                    IF NOT EXISTS (SELECT FROM startups_milestone m JOIN startups_participation p
                         ON p.region_id = m.region_id AND p.cohort_id = m.cohort_id
                         WHERE m.region_id = NEW.region_id AND m.id = NEW.milestone_id
                           AND p.id = NEW.participation_id) THEN
                        RAISE EXCEPTION 'milestone_evidence_of_one_cohort: %', NEW.milestone_id
                            USING ERRCODE = 'check_violation',
                                  CONSTRAINT = 'milestone_evidence_of_one_cohort';
                    END IF;
                    IF EXISTS (SELECT FROM startups_member m JOIN startups_participation p
                         ON p.region_id = m.region_id AND p.startup_id = m.startup_id
                         WHERE p.region_id = NEW.region_id AND p.id = NEW.participation_id
                           AND m.person_id = NEW.checked_by_id) THEN
                        RAISE EXCEPTION 'milestone_evidence_not_checked_by_the_team: %', NEW.checked_by_id
                            USING ERRCODE = 'check_violation',
                                  CONSTRAINT = 'milestone_evidence_not_checked_by_the_team';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"evidence for {self.milestone_id}"


@tracked()
class WeeklyUpdate(Owned):
    """Two minutes a week: three numbers and three short texts. `week` is its Monday.

    `client_id` was made on the phone before it was sent: sent twice, it is one.
    """

    participation = RegionForeignKey(Participation, on_delete=models.PROTECT, related_name="updates")
    client_id = models.UUIDField()
    week = models.DateField()
    talked_to = models.PositiveIntegerField(_("customers you talked to"), default=0)
    users = models.PositiveIntegerField(_("users or customers so far"), default=0)
    revenue = models.BigIntegerField(_("income of this week"), default=0)
    done = models.CharField(_("what went well"), max_length=400)
    ahead = models.CharField(_("what comes next week"), max_length=400)
    stuck = models.CharField(_("where you are stuck"), max_length=400, blank=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-week"]
        constraints = [
            models.UniqueConstraint(fields=["region", "participation", "week"], name="weekly_update_once"),
            models.UniqueConstraint(fields=["region", "client_id"], name="weekly_update_sent_once"),
            models.CheckConstraint(name="weekly_update_is_of_a_monday", condition=Q(week__week_day=2)),
            models.CheckConstraint(
                name="weekly_update_revenue", condition=Q(revenue__gte=0, revenue__lte=1_000_000_000_000)
            ),
        ]
        triggers = [pgtrigger.Protect(name="weekly_updates_stay", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.participation_id} {self.week}"


@tracked()
class QuarterFigures(Owned):
    """How a startup stands at the end of a quarter. `quarter` is its first day; money in whole rupiah.

    `alive`: it still works on it. One that ended has no figures but that.
    """

    startup = RegionForeignKey(Startup, on_delete=models.PROTECT, related_name="quarters")
    quarter = models.DateField()
    alive = models.BooleanField(_("still going"), default=True)
    team = models.PositiveIntegerField(_("people in the team"), default=0)
    users = models.PositiveIntegerField(_("users or customers"), default=0)
    revenue = models.BigIntegerField(_("income of the quarter"), default=0)
    funding = models.BigIntegerField(_("money raised in the quarter"), default=0)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-quarter"]
        constraints = [
            models.UniqueConstraint(fields=["region", "startup", "quarter"], name="quarter_figures_once"),
            models.CheckConstraint(
                name="quarter_begins_it", condition=Q(quarter__day=1, quarter__month__in=[1, 4, 7, 10])
            ),
            models.CheckConstraint(name="quarter_money", condition=Q(revenue__gte=0, funding__gte=0)),
            models.CheckConstraint(
                name="quarter_ended_has_nothing",
                condition=Q(alive=True) | Q(team=0, users=0, revenue=0, funding=0),
            ),
        ]
        triggers = [pgtrigger.Protect(name="quarter_figures_stay", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.startup_id} {self.quarter}"


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return date.fromordinal(day.toordinal() - day.weekday())


def quarter_of(day: date) -> date:
    """The first day of a day's quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
