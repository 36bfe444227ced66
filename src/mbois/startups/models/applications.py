"""Applications, and who must not judge them."""

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.people.models import Document, Person
from mbois.places.guards import tracked
from mbois.places.owned import Owned, OwnedQuerySet, RegionForeignKey
from mbois.startups.models.calls import Call, Question
from mbois.startups.models.teams import PROGRAMME_READERS, Member, Startup


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
        return self.filter(of_team | (reads & ~conflicting(person)))


def conflicting(person: Person) -> Exists:
    """Applications this person declared a conflict with."""
    return Exists(
        Conflict.objects.filter(region=OuterRef("region"), application=OuterRef("pk"), person=person.pk)
    )


def in_team(person: Person) -> Exists:
    """Applications of a team this person is in or was."""
    return Exists(
        Member.objects.filter(region=OuterRef("region"), startup=OuterRef("startup"), person=person.pk)
    )


@tracked()
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
