"""Applications, who reviews them, who must not, and what was decided."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.people.models import Document, Person, Role
from mbois.places.owned import Owned, OwnedQuerySet, RegionForeignKey
from mbois.startups.models.calls import Call, Question
from mbois.startups.models.teams import PROGRAMME_READERS, Member, Startup

LEAST_POINTS, MOST_POINTS = 1, 5


class State(models.TextChoices):
    """Where an application stands; `TRANSITIONS` says what may follow what."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    INTERVIEW = "interview", _("Invited to an interview")
    ACCEPTED = "accepted", _("Accepted")
    WAITING = "waiting", _("On the waiting list")
    REFUSED = "refused", _("Not this time")
    WITHDRAWN = "withdrawn", _("Taken back")

    @property
    def tone(self) -> str:
        return {
            "submitted": "info",
            "interview": "wait",
            "accepted": "ok",
            "waiting": "wait",
            "refused": "bad",
        }.get(self.value, "plain")


TRANSITIONS: dict[str, frozenset[str]] = {
    State.DRAFT: frozenset({State.SUBMITTED}),
    State.SUBMITTED: frozenset(
        {State.INTERVIEW, State.ACCEPTED, State.WAITING, State.REFUSED, State.WITHDRAWN}
    ),
    State.INTERVIEW: frozenset({State.ACCEPTED, State.WAITING, State.REFUSED, State.WITHDRAWN}),
    State.WAITING: frozenset({State.ACCEPTED, State.REFUSED, State.WITHDRAWN}),
    State.ACCEPTED: frozenset({State.WITHDRAWN}),
    State.WITHDRAWN: frozenset({State.DRAFT}),
}
# What is still to be judged: nobody was told yes or no.
OPEN_STATES = (State.SUBMITTED, State.INTERVIEW, State.WAITING)
OUTCOMES = (State.INTERVIEW, State.ACCEPTED, State.WAITING, State.REFUSED)

_IN_TIME = """
    SELECT during INTO taken FROM startups_phase
     WHERE region_id = NEW.region_id AND call_id = {call} AND kind = 'call' FOR SHARE;
    IF taken IS NULL OR NOT taken @> {moment} THEN
        RAISE EXCEPTION 'startup_application_in_time: applications are taken %', taken
            USING ERRCODE = 'check_violation', CONSTRAINT = 'startup_application_in_time';
    END IF;
"""


class ApplicationQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "ApplicationQuerySet":
        """The team's own, and for the programme's people what was submitted in their region. Whoever
        declared a conflict sees nothing of it. Reviewers read theirs by `to_review`."""
        of_team = Exists(
            Member.objects.filter(
                region=OuterRef("region"), startup=OuterRef("startup"), person=person.pk, left_at=None
            )
        )
        reads = Q(region__in=person.regions_with(*PROGRAMME_READERS), submitted_at__isnull=False)
        return self.filter(of_team | (reads & ~_conflicting(person)))


def _conflicting(person: Person) -> Exists:
    return Exists(
        Conflict.objects.filter(region=OuterRef("region"), application=OuterRef("pk"), person=person.pk)
    )


def _in_team(person: Person) -> Exists:
    return Exists(
        Member.objects.filter(region=OuterRef("region"), startup=OuterRef("startup"), person=person.pk)
    )


@pghistory.track()
class Application(Owned):
    """A startup answers a call. `answers` are kept by the question's key: text, a whole number, or the
    place of the chosen option; files are rows of their own.

    The database takes a change only while the call is open, by its own clock.
    """

    number = models.CharField(max_length=24)
    call = RegionForeignKey(Call, on_delete=models.PROTECT, related_name="applications")
    startup = RegionForeignKey(Startup, on_delete=models.PROTECT, related_name="applications")
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    answers = models.JSONField(default=dict)
    begun_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)
    submitted_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "number"], name="startup_application_number"),
            models.UniqueConstraint(fields=["region", "call", "startup"], name="startup_application_once"),
            models.CheckConstraint(name="startup_application_state", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="startup_application_submitted_by_somebody",
                condition=Q(state="draft", submitted_at=None, submitted_by=None)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False) & ~Q(state="draft"),
            ),
        ]
        indexes = [
            models.Index(fields=["region", "call", "state"], name="startup_application_pipeline"),
            models.Index(fields=["region", "startup"], name="startup_application_of"),
        ]
        triggers = [
            pgtrigger.Protect(name="startup_applications_stay", operation=pgtrigger.Delete),
            pgtrigger.FSM(
                name="startup_application_transitions",
                field="state",
                transitions=[
                    (before, after) for before, afters in TRANSITIONS.items() for after in sorted(afters)
                ],
            ),
            pgtrigger.Trigger(
                name="startup_application_begins_in_time",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("taken", "tstzrange")],
                func=_IN_TIME.format(call="NEW.call_id", moment="coalesce(NEW.submitted_at, NEW.begun_at)")
                + " RETURN NEW;",
            ),
            # the database's own clock: whatever the program thinks, nothing changes after the deadline
            pgtrigger.Trigger(
                name="startup_application_changes_in_time",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("answers", "submitted_at", "startup_id", "call_id"),
                condition=pgtrigger.Condition(
                    "OLD.answers IS DISTINCT FROM NEW.answers"
                    " OR OLD.submitted_at IS DISTINCT FROM NEW.submitted_at"
                    " OR OLD.startup_id <> NEW.startup_id OR OLD.call_id <> NEW.call_id"
                ),
                declare=[("taken", "tstzrange")],
                func=_IN_TIME.format(call="OLD.call_id", moment="clock_timestamp()") + " RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def state_shown(self) -> State:
        return State(self.state)


class ApplicationFile(Owned):
    """A file that answers a question; taken and thrown away only while the call is open."""

    application = RegionForeignKey(Application, on_delete=models.PROTECT, related_name="files")
    question = RegionForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    document = RegionForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "application", "question"], name="startup_application_file_once"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="startup_file_comes_in_time",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=[("taken", "tstzrange"), ("of_call", "bigint")],
                func="""
                    SELECT call_id INTO of_call FROM startups_application
                     WHERE region_id = NEW.region_id AND id = NEW.application_id;
                """
                + _IN_TIME.format(call="of_call", moment="NEW.added_at")
                + " RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return f"file of {self.application_id}"


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


class Conflict(Owned):
    """Somebody said they are too close to an application to judge it. It cannot be taken back."""

    application = RegionForeignKey(Application, on_delete=models.PROTECT, related_name="conflicts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="startup_conflicts")
    reason = models.CharField(_("why"), max_length=300)
    declared_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "application", "person"], name="startup_conflict_once"),
            models.CheckConstraint(name="startup_conflict_says_why", condition=~Q(reason="")),
        ]
        indexes = [models.Index(fields=["person", "region"], name="startup_conflict_by_person")]
        triggers = [
            pgtrigger.Protect(name="startup_conflicts_stay", operation=pgtrigger.Delete | pgtrigger.Update),
            # waits for a review that is being written, whose trigger locks the same row
            pgtrigger.Trigger(
                name="startup_conflict_takes_the_review_out",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    PERFORM 1 FROM startups_application
                      WHERE region_id = NEW.region_id AND id = NEW.application_id FOR NO KEY UPDATE;
                    UPDATE startups_review SET taken_out_at = NEW.declared_at
                     WHERE region_id = NEW.region_id AND application_id = NEW.application_id
                       AND reviewer_id = NEW.person_id AND taken_out_at IS NULL;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} does not judge {self.application_id}"


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


@pghistory.track()
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
                | Q(sent_at__isnull=False, total__gte=100, total__lte=500) & ~Q(advice=""),
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
        .filter(asked & ~_conflicting(person) & ~_in_team(person))
    )
