"""Who reviews applications, what they say, and what was decided."""

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.people.models import Person, Role
from mbois.places.guards import tracked
from mbois.places.owned import Owned, OwnedQuerySet, RegionForeignKey
from mbois.startups.models.applications import OUTCOMES, Application, Conflict, State, conflicting, in_team
from mbois.startups.models.teams import PROGRAMME_READERS

LEAST_POINTS, MOST_POINTS = 1, 5


class Assignment(Owned):
    """Who was asked to review what. Nobody reviews their own team: the database refuses it."""

    application = RegionForeignKey(Application, on_delete=models.PROTECT, related_name="assignments")
    reviewer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="startup_assignments")
    assigned_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(default=clock.now)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "application", "reviewer"], name="startup_assignment_once"
            ),
        ]
        indexes = [models.Index(fields=["reviewer", "region"], name="startup_assignment_queue")]
        triggers = [
            pgtrigger.Trigger(
                name="startup_nobody_reviews_their_own",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF EXISTS (SELECT FROM startups_member m JOIN startups_application a
                         ON a.region_id = m.region_id AND a.startup_id = m.startup_id
                         WHERE a.region_id = NEW.region_id AND a.id = NEW.application_id
                           AND m.person_id = NEW.reviewer_id) THEN
                        RAISE EXCEPTION 'startup_nobody_reviews_their_own: %', NEW.reviewer_id
                            USING ERRCODE = 'check_violation',
                                  CONSTRAINT = 'startup_nobody_reviews_their_own';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.reviewer_id} reviews {self.application_id}"


class ReviewQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "ReviewQuerySet":
        """One's own, and for the programme's people those of applications they may see."""
        conflict = Exists(
            Conflict.objects.filter(
                region=OuterRef("region"), application=OuterRef("application"), person=person.pk
            )
        )
        return self.filter(
            Q(reviewer=person.pk) | Q(region__in=person.regions_with(*PROGRAMME_READERS))
        ).exclude(conflict)

    def counting(self) -> "ReviewQuerySet":
        """Those that were sent and not taken out by a conflict."""
        return self.filter(sent_at__isnull=False, taken_out_at=None)


@tracked()
class Review(Owned):
    """What one reviewer says of one application: points (1–5) and a remark by the criterion's key.

    `total` is the weighted mean of the points times 100 (435 is 4.35), computed by the database when
    it is sent. `version` grows with every save, so that an old page does not overwrite a newer one.
    """

    class Advice(models.TextChoices):
        YES = "yes", _("Take them")
        MAYBE = "maybe", _("Talk about it")
        NO = "no", _("Not this time")

    application = RegionForeignKey(Application, on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="startup_reviews")
    points = models.JSONField(default=dict)
    remarks = models.JSONField(default=dict)
    note = models.TextField(_("in a few sentences, for the team"), max_length=2000, blank=True)
    inside = models.TextField(_("only for the committee"), max_length=2000, blank=True)
    advice = models.CharField(max_length=5, choices=Advice, blank=True)
    total = models.PositiveSmallIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    taken_out_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "application", "reviewer"], name="startup_review_one_a_person"
            ),
            models.CheckConstraint(
                name="startup_review_sent_is_whole",
                condition=Q(sent_at=None, total=None)
                | Q(sent_at__isnull=False, total__isnull=False, total__gte=100, total__lte=500)
                & ~Q(advice=""),
            ),
        ]
        indexes = [models.Index(fields=["reviewer", "region"], name="startup_review_by_reviewer")]
        triggers = [
            pgtrigger.Protect(name="startup_reviews_stay", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="startup_review_is_of_one_person", fields=["application", "reviewer"]),
            pgtrigger.Protect(
                name="startup_review_taken_out_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__taken_out_at__isnull=False, new__taken_out_at__isnull=True),
            ),
            pgtrigger.Trigger(
                name="startup_review_is_allowed",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("points", "remarks", "note", "inside", "advice", "sent_at", "total"),
                declare=[
                    ("stands", "text"),
                    ("of_call", "bigint"),
                    ("wrong", "integer"),
                    ("weighed", "integer"),
                ],
                func="""
                    SELECT state, call_id INTO stands, of_call FROM startups_application
                     WHERE region_id = NEW.region_id AND id = NEW.application_id FOR SHARE;
                    IF EXISTS (SELECT FROM startups_conflict WHERE region_id = NEW.region_id
                         AND application_id = NEW.application_id AND person_id = NEW.reviewer_id) THEN
                        RAISE EXCEPTION 'startup_review_without_conflict: %', NEW.reviewer_id
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'startup_review_without_conflict';
                    END IF;
                    IF NOT EXISTS (SELECT FROM startups_assignment WHERE region_id = NEW.region_id
                         AND application_id = NEW.application_id AND reviewer_id = NEW.reviewer_id) THEN
                        RAISE EXCEPTION 'startup_review_is_assigned: %', NEW.reviewer_id
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'startup_review_is_assigned';
                    END IF;
                    IF NEW.sent_at IS NULL THEN
                        NEW.total := NULL;
                        RETURN NEW;
                    END IF;
                    SELECT count(*) FILTER (WHERE NOT coalesce(NEW.points ->> c.id::text, '') ~ '^[1-5]$'),
                           sum(c.weight * CASE WHEN coalesce(NEW.points ->> c.id::text, '') ~ '^[1-5]$'
                                               THEN (NEW.points ->> c.id::text)::integer END)
                      INTO wrong, weighed FROM startups_criterion c
                     WHERE c.region_id = NEW.region_id AND c.call_id = of_call;
                    IF wrong > 0 OR weighed IS NULL THEN
                        RAISE EXCEPTION 'startup_review_judges_everything: % missing', wrong
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'startup_review_judges_everything';
                    END IF;
                    NEW.total := weighed;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"review of {self.application_id}"


class Decision(Owned):
    """What was decided about an application, with what was known then. Never changed."""

    application = RegionForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=9, choices=[(one.value, one.label) for one in OUTCOMES])
    reason = models.TextField(max_length=2000)
    letter = models.TextField(max_length=2000, blank=True)
    # As they were that day: rank among those judged, median and spread times 100, how many reviews.
    rank = models.PositiveSmallIntegerField(null=True, blank=True)
    median = models.PositiveSmallIntegerField(null=True, blank=True)
    spread = models.PositiveSmallIntegerField(null=True, blank=True)
    reviews = models.PositiveSmallIntegerField(default=0)
    # Medians by the criterion's key, times 100.
    criteria = models.JSONField(default=dict)
    batch = models.UUIDField()
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="startup_decision_outcome",
                condition=Q(outcome__in=["interview", "accepted", "waiting", "refused"]),
            ),
            models.CheckConstraint(name="startup_decision_says_why", condition=~Q(reason="")),
            models.UniqueConstraint(
                fields=["region", "application", "outcome"], name="startup_decision_once"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="startup_decisions_stay", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="startup_nobody_decides_with_a_conflict",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF EXISTS (SELECT FROM startups_conflict WHERE region_id = NEW.region_id
                         AND application_id = NEW.application_id AND person_id = NEW.decided_by_id) THEN
                        RAISE EXCEPTION 'startup_nobody_decides_with_a_conflict: %', NEW.decided_by_id
                            USING ERRCODE = 'check_violation',
                                  CONSTRAINT = 'startup_nobody_decides_with_a_conflict';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome}: {self.application_id}"

    @property
    def outcome_shown(self) -> State:
        return State(self.outcome)


def to_review(person: Person) -> "models.QuerySet[Application]":
    """Applications this person was asked to review and may: no conflict, not their own team, and in
    regions where they are a reviewer."""
    asked = Exists(
        Assignment.objects.filter(region=OuterRef("region"), application=OuterRef("pk"), reviewer=person.pk)
    )
    return (
        Application.objects.filter(region__in=person.regions_with(Role.REVIEWER), submitted_at__isnull=False)
        .exclude(state=State.WITHDRAWN)
        .filter(asked & ~conflicting(person) & ~in_team(person))
    )
