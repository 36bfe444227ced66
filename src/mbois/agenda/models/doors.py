"""The door: phones that check tickets, what they saw, and the attendance that follows from it."""

from datetime import timedelta

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.agenda.codes import new_secret
from mbois.agenda.models.activities import Activity
from mbois.agenda.models.registrations import Ticket
from mbois.people.models import Person
from mbois.places.guards import never_emptied, tracked
from mbois.places.owned import Owned, RegionForeignKey


@tracked(exclude=["secret"])
class Door(Owned):
    """A link with which a volunteer's phone checks tickets of one activity and its parts. The phone gets
    public keys and marks of ticket codes: it can recognise a ticket and make none."""

    activity = RegionForeignKey(Activity, on_delete=models.PROTECT, related_name="doors")
    name = models.CharField(_("name of the door"), max_length=60)
    secret = models.CharField(max_length=32, default=new_secret, editable=False)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("door")
        constraints = [
            models.UniqueConstraint(fields=["region", "secret"], name="door_secret"),
            models.UniqueConstraint(fields=["region", "activity", "name"], name="door_name"),
        ]
        indexes = [models.Index(fields=["secret"], name="door_by_secret")]
        triggers = [pgtrigger.Protect(name="doors_stay", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("agenda_door", kwargs={"door_secret": self.secret})


class Problem(models.TextChoices):
    """Why a scan does not count by itself."""

    NONE = "", _("Counts")
    CANCELLED = "cancelled", _("The ticket is cancelled")
    FORGED = "forged", _("The signature is not ours")
    UNKNOWN = "unknown", _("No such ticket")
    ELSEWHERE = "elsewhere", _("A ticket of another activity")

    @property
    def tone(self) -> str:
        return "ok" if not self.value else "bad"


class Scan(Owned):
    """What a phone saw, appended and never changed: two phones may have seen one ticket.

    `client_id` was made on the phone before anything was sent; `phone` names the phone, `scanned_at` is
    the hour it told, `counted_at` the one that is believed (`doors.believed_hour`). A visitor without a
    ticket is a scan without code.
    """

    door = RegionForeignKey(Door, on_delete=models.PROTECT, related_name="scans")
    # The part that was checked: the door's activity or one of its parts.
    activity = RegionForeignKey(Activity, on_delete=models.PROTECT, related_name="scans")
    client_id = models.UUIDField()
    phone = models.UUIDField()
    scanned_at = models.DateTimeField()
    received_at = models.DateTimeField(default=clock.now)
    counted_at = models.DateTimeField()
    text = models.CharField(max_length=240, blank=True)
    ticket = RegionForeignKey(Ticket, null=True, blank=True, on_delete=models.PROTECT, related_name="scans")
    problem = models.CharField(max_length=9, choices=Problem, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "client_id"], name="scan_sent_once"),
            models.CheckConstraint(name="scan_problem", condition=Q(problem__in=Problem.values)),
            models.CheckConstraint(
                name="scan_counts_by_the_hour_it_was_received", condition=Q(counted_at__lte=F("received_at"))
            ),
            models.CheckConstraint(
                name="scan_that_counts_has_a_ticket_or_no_code",
                condition=~Q(problem="") | Q(ticket__isnull=False) | Q(text=""),
            ),
        ]
        indexes = [
            models.Index(fields=["region", "activity", "counted_at"], name="scan_by_activity"),
            models.Index(fields=["region", "ticket"], name="scan_by_ticket"),
        ]
        triggers = [
            pgtrigger.Protect(name="scans_stay", operation=pgtrigger.Update | pgtrigger.Delete),
            never_emptied("scans"),
            # A ticket cancelled while its scan was on the way: whichever of the two came first stands.
            pgtrigger.Trigger(
                name="scan_of_a_cancelled_ticket",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__ticket_id__isnull=False) & pgtrigger.Q(new__problem=""),
                declare=[("gone", "timestamptz")],
                func="""
                    SELECT cancelled_at INTO gone FROM agenda_ticket
                     WHERE region_id = NEW.region_id AND id = NEW.ticket_id FOR SHARE;
                    IF gone IS NOT NULL THEN
                        NEW.problem := 'cancelled';
                    END IF;
                    RETURN NEW;
                """,
            ),
            # One ticket is one attendance, the earliest, whichever scan arrives first.
            pgtrigger.Trigger(
                name="scan_makes_attendance",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__ticket_id__isnull=False) & pgtrigger.Q(new__problem=""),
                func="""
                    INSERT INTO agenda_attendance AS a
                           (region_id, ticket_id, activity_id, scan_id, at, reason)
                    VALUES (NEW.region_id, NEW.ticket_id, NEW.activity_id, NEW.id, NEW.counted_at, '')
                    ON CONFLICT (region_id, ticket_id, activity_id) DO UPDATE
                       SET scan_id = EXCLUDED.scan_id, at = EXCLUDED.at
                     WHERE a.by_id IS NULL AND (EXCLUDED.at, EXCLUDED.scan_id) < (a.at, a.scan_id);
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text[:20]} at {self.scanned_at}"

    @property
    def hour_is_corrected(self) -> bool:
        """Whether the hour that counts is visibly another than the phone told."""
        return abs(self.counted_at - self.scanned_at) >= timedelta(minutes=1)


@tracked()
class Attendance(Owned):
    """A ticket was at a part of an activity: by its earliest scan, or by the word of the organiser (`by`,
    with a reason). A correction takes it back (`withdrawn_at`), the row stays."""

    ticket = RegionForeignKey(Ticket, on_delete=models.PROTECT, related_name="attendances")
    activity = RegionForeignKey(Activity, on_delete=models.PROTECT, related_name="attendances")
    scan = RegionForeignKey(Scan, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "ticket", "activity"], name="attendance_once"),
            models.CheckConstraint(
                name="attendance_is_seen_or_said",
                condition=Q(scan__isnull=False) | (Q(by__isnull=False) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="attendance_withdrawn_by_somebody",
                condition=Q(withdrawn_at=None) | (Q(by__isnull=False) & ~Q(reason="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["region", "activity"], condition=Q(withdrawn_at=None), name="attendance_by_activity"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="attendances_stay", operation=pgtrigger.Delete),
            never_emptied("attendances"),
            pgtrigger.ReadOnly(name="attendance_is_of_a_ticket", fields=["ticket", "activity"]),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} at {self.activity_id}"


@tracked()
class ScanVerdict(Owned):
    """What an organiser decided about a scan that did not count by itself."""

    scan = RegionForeignKey(Scan, on_delete=models.PROTECT, related_name="verdicts")
    accepted = models.BooleanField()
    note = models.CharField(_("note"), max_length=200, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "scan"], name="scan_verdict_once")]
        triggers = [
            pgtrigger.Protect(name="scan_verdicts_stay", operation=pgtrigger.Update | pgtrigger.Delete),
            never_emptied("scan_verdicts"),
        ]

    def __str__(self) -> str:
        return f"{self.scan_id}: {self.accepted}"


@tracked()
class Certificate(Owned):
    """That somebody was there, with a number that is given once. It is never changed: what turns out
    wrong is revoked, and another number given."""

    number = models.CharField(max_length=24)
    code = models.UUIDField()
    activity = RegionForeignKey(Activity, on_delete=models.PROTECT, related_name="certificates")
    ticket = RegionForeignKey(Ticket, on_delete=models.PROTECT, related_name="certificates")
    name = models.CharField(max_length=120)
    title = models.CharField(max_length=120)
    sessions = models.PositiveSmallIntegerField()
    attended = models.PositiveSmallIntegerField()
    issued_at = models.DateTimeField(default=clock.now)
    issued_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    revoke_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("certificate")
        constraints = [
            models.UniqueConstraint(fields=["region", "number"], name="agenda_certificate_number"),
            models.UniqueConstraint(fields=["region", "code"], name="agenda_certificate_code"),
            models.UniqueConstraint(
                fields=["region", "ticket"],
                condition=Q(revoked_at=None),
                name="agenda_certificate_one_good_a_ticket",
            ),
            models.CheckConstraint(
                name="agenda_certificate_share",
                condition=Q(attended__gte=1, attended__lte=F("sessions")),
            ),
            models.CheckConstraint(
                name="agenda_certificate_revoked_says_why",
                condition=Q(revoked_at=None) | (Q(revoked_by__isnull=False) & ~Q(revoke_reason="")),
            ),
        ]
        indexes = [
            models.Index(fields=["code"], name="agenda_certificate_by_code"),
            models.Index(fields=["region", "activity"], name="agenda_certificate_by_act"),
        ]
        triggers = [
            pgtrigger.Protect(name="agenda_certificates_stay", operation=pgtrigger.Delete),
            never_emptied("certificates"),
            # On a cancelled ticket only where somebody decided that its holder came.
            pgtrigger.Trigger(
                name="agenda_certificate_of_a_good_ticket",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF EXISTS (SELECT FROM agenda_ticket WHERE region_id = NEW.region_id AND id = NEW.ticket_id
                                  AND cancelled_at IS NOT NULL)
                       AND NOT EXISTS (SELECT FROM agenda_attendance WHERE region_id = NEW.region_id
                                  AND ticket_id = NEW.ticket_id AND withdrawn_at IS NULL AND by_id IS NOT NULL)
                    THEN
                        RAISE EXCEPTION 'agenda_certificate_of_a_good_ticket: %', NEW.number
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'agenda_certificate_of_a_good_ticket';
                    END IF;
                    RETURN NEW;
                """,
            ),
            # A guest's is in the guest's own name, never in that of who registered for them.
            pgtrigger.Trigger(
                name="agenda_certificate_in_its_own_name",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NEW.name = '' OR EXISTS (
                        SELECT FROM agenda_ticket WHERE region_id = NEW.region_id AND id = NEW.ticket_id
                           AND number > 1 AND name <> NEW.name) THEN
                        RAISE EXCEPTION 'agenda_certificate_in_its_own_name: %', NEW.number
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'agenda_certificate_in_its_own_name';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.ReadOnly(
                name="agenda_certificate_is_fixed",
                exclude=["revoked_at", "revoked_by", "revoke_reason"],
            ),
            pgtrigger.Protect(
                name="agenda_certificate_revoked_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__revoked_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CertificateFile(Owned):
    """All certificates of an activity in one PDF, made by the worker."""

    activity = RegionForeignKey(Activity, on_delete=models.PROTECT, related_name="certificate_files")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    count = models.PositiveIntegerField(default=0)
    path = models.CharField(max_length=160, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["region", "activity"], name="certificate_file_by_activity")]

    def __str__(self) -> str:
        return f"certificates of {self.activity_id}"
