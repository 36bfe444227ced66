"""Sessions of a mentorship: planned, then recorded, perhaps without a line."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.mentoring.models.diagnosis import mentoring_of
from mbois.mentoring.models.matching import Mentorship, State, new_secret
from mbois.people.models import Document, Person, Role
from mbois.places.guards import tracked, whole_point
from mbois.places.owned import Owned, OwnedQuerySet, RegionForeignKey


class SessionQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "SessionQuerySet":
        return self.filter(
            mentoring_of(person, enterprise="mentorship__enterprise")
            | Q(mentorship__mentor__person=person.pk, region__in=person.regions_with(Role.MENTOR))
        )

    def to_come(self) -> "SessionQuerySet":
        """Neither recorded nor called off (also those whose hour has passed)."""
        return self.filter(attended=None, cancelled_at=None)

    def missed(self) -> "SessionQuerySet":
        return self.filter(attended=False)


@tracked()
class Session(Owned):
    """An hour together. `attended` says whether the owner was there, once it is recorded; it is the
    newest report's word and is kept by the database."""

    class Kind(models.TextChoices):
        VISIT = "visit", _("Visit to the business")
        PLACE = "place", _("Meeting at another place")
        VIDEO = "video", _("Video call")

    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    mentorship = RegionForeignKey(Mentorship, on_delete=models.PROTECT, related_name="sessions")
    kind = models.CharField(_("how"), max_length=6, choices=Kind, default=Kind.VISIT)
    starts_at = models.DateTimeField(_("when"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=60)
    place = models.CharField(_("place"), max_length=200, blank=True)
    video_url = models.URLField(_("link of the video call"), blank=True)
    topic = models.CharField(_("what it is about"), max_length=200)
    planned_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(default=clock.now)
    moved = models.PositiveSmallIntegerField(default=0)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    # In somebody's words, or the state in which the mentorship ended.
    cancel_reason = models.CharField(max_length=300, blank=True)
    attended = models.BooleanField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "uuid"], name="session_uuid"),
            models.CheckConstraint(name="session_kind", condition=Q(kind__in=["visit", "place", "video"])),
            models.CheckConstraint(name="session_minutes", condition=Q(minutes__gte=10, minutes__lte=480)),
            models.CheckConstraint(
                name="session_cancelled_or_recorded", condition=Q(cancelled_at=None) | Q(attended=None)
            ),
        ]
        indexes = [
            models.Index(fields=["uuid"], name="session_by_uuid"),
            models.Index(fields=["region", "mentorship", "starts_at"], name="session_by_mentorship"),
            models.Index(fields=["region", "starts_at"], name="session_by_time"),
        ]

    def __str__(self) -> str:
        return f"session of {self.mentorship_id}"

    @property
    def cancel_why(self) -> str:
        """Why it was called off, in the reader's language where nobody wrote it down."""
        ended = self.cancel_reason in (State.FINISHED, State.STOPPED)
        return str(State(self.cancel_reason).label) if ended else self.cancel_reason


class OwnerCalendar(models.Model):
    """The secret address under which an owner subscribes to the sessions of their own businesses."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    secret = models.CharField(max_length=40, unique=True, default=new_secret)

    def __str__(self) -> str:
        return f"calendar of {self.person_id}"


@tracked()
class SessionReport(Owned):
    """What the mentor wrote down about a session, possibly without a line and sent later.

    `client_id` was made on the phone before anything was sent; `fingerprint` is a hash of the content.
    """

    session = RegionForeignKey(Session, on_delete=models.PROTECT, related_name="reports")
    client_id = models.UUIDField()
    fingerprint = models.CharField(max_length=64)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    held_at = models.DateTimeField()
    received_at = models.DateTimeField(default=clock.now)
    attended = models.BooleanField()
    notes = models.TextField(blank=True, max_length=4000)
    next_steps = models.TextField(blank=True, max_length=1000)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    accuracy = models.FloatField(null=True, blank=True)
    # Set where another record with the same content had come before; a person looks at both.
    same_as = RegionForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="copies")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "client_id"], name="session_report_sent_once"),
            models.UniqueConstraint(
                fields=["region", "session"], condition=Q(same_as=None), name="session_report_once"
            ),
            whole_point("session_report_point_is_whole"),
            models.CheckConstraint(
                name="session_report_says_something", condition=Q(attended=False) | ~Q(notes="")
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="session_reports_stay", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="session_report_tells_the_session",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__same_as__isnull=True),
                func="""
                    UPDATE mentoring_session SET attended = NEW.attended
                     WHERE region_id = NEW.region_id AND id = NEW.session_id;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"report of {self.session_id}"


class SessionPhoto(Owned):
    """A picture taken in a session."""

    report = RegionForeignKey(SessionReport, on_delete=models.CASCADE, related_name="photos")
    document = RegionForeignKey(Document, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "report", "document"], name="session_photo_once")
        ]

    def __str__(self) -> str:
        return f"photo of {self.report_id}"


@tracked()
class FollowUp(Owned):
    """What was done about a missed session."""

    class Outcome(models.TextChoices):
        NEW_DATE = "new_date", _("A new date was agreed")
        NOT_REACHED = "not_reached", _("Could not be reached")
        WANTS_TO_STOP = "stop", _("Wants to stop")

    session = RegionForeignKey(Session, on_delete=models.PROTECT, related_name="follow_ups")
    outcome = models.CharField(_("what came of it"), max_length=12, choices=Outcome)
    note = models.CharField(_("note"), max_length=500, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="follow_up_outcome", condition=Q(outcome__in=["new_date", "not_reached", "stop"])
            )
        ]
        indexes = [models.Index(fields=["region", "session"], name="follow_up_by_session")]
        triggers = [pgtrigger.Protect(name="follow_ups_stay", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"follow-up of {self.session_id}"
