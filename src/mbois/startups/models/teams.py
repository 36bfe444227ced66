"""Startups: a team with an idea, from the first draft to the figures of alumni."""

import secrets
import uuid

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.enterprises.models import Enterprise, Subsector
from mbois.people.models import Document, Person, Role
from mbois.places.guards import tracked
from mbois.places.owned import Owned, OwnedQuerySet, RegionForeignKey

# Who reads the whole programme of a region; only the programme manager acts in it.
PROGRAMME_READERS = (Role.INCUBATOR, Role.REGION_ADMIN, Role.AUDITOR, Role.EXECUTIVE)


def new_secret() -> str:
    """What nobody guesses, for the address of an invitation."""
    return secrets.token_urlsafe(24)


class Subject(models.TextChoices):
    """Why somebody writes to a startup they found on a public page."""

    CUSTOMER = "customer", _("I want to use it")
    PARTNER = "partner", _("I want to work together")
    INVESTOR = "investor", _("I want to invest")
    PRESS = "press", _("I want to write about it")
    OTHER = "other", _("Something else")


class StartupQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "StartupQuerySet":
        """One's own, those one mentors, and for the programme's people those of their region without
        the ones they declared a conflict with."""
        from mbois.startups.models.applications import Application, Conflict
        from mbois.startups.models.cohorts import MentorPlace

        of_team = Exists(
            Member.objects.filter(
                region=OuterRef("region"), startup=OuterRef("pk"), person=person.pk, left_at=None
            )
        )
        mentored = Exists(
            MentorPlace.objects.filter(
                region=OuterRef("region"),
                participation__startup=OuterRef("pk"),
                person=person.pk,
                until=None,
            )
        )
        conflict = Exists(
            Conflict.objects.filter(
                region=OuterRef("region"), application__startup=OuterRef("pk"), person=person.pk
            )
        )
        # a startup that only thinks of applying is nobody's business but the team's
        told = Exists(
            Application.objects.filter(
                region=OuterRef("region"), startup=OuterRef("pk"), submitted_at__isnull=False
            )
        )
        of_programme = Q(told) | Q(since_cohort=True)
        reads = Q(region__in=person.regions_with(*PROGRAMME_READERS)) & of_programme & ~conflict
        mentor = Q(region__in=person.regions_with(Role.MENTOR)) & mentored
        return self.filter(of_team | mentor | reads)

    def of(self, person: Person) -> "StartupQuerySet":
        """Those whose team one is in."""
        return self.filter(
            Exists(
                Member.objects.filter(
                    region=OuterRef("region"), startup=OuterRef("pk"), person=person.pk, left_at=None
                )
            )
        )

    def published(self) -> "StartupQuerySet":
        """Those whose team wants to be seen."""
        return self.exclude(public_since=None)


@tracked()
class Startup(Owned):
    """A team and what it builds. Shown to the public only where the team said so."""

    number = models.CharField(max_length=24)
    name = models.CharField(_("name of the startup"), max_length=80)
    pitch = models.CharField(_("in one sentence"), max_length=200, blank=True)
    about = models.TextField(_("what it does, and for whom"), max_length=2000, blank=True)
    subsector = models.CharField(_("subsector"), max_length=14, choices=Subsector, blank=True)
    link = models.URLField(_("website or app"), max_length=300, blank=True)
    picture = RegionForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    enterprise = RegionForeignKey(
        Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="startups"
    )
    public_since = models.DateTimeField(null=True, blank=True)
    # In a cohort now or before: then it is the programme's business too.
    since_cohort = models.BooleanField(default=False)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    objects = StartupQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "number"], name="startup_number"),
            models.CheckConstraint(name="startup_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="startup_shown_says_what_it_is", condition=Q(public_since=None) | ~Q(pitch="")
            ),
        ]
        indexes = [
            models.Index(fields=["region", "enterprise"], name="startup_by_enterprise"),
            models.Index(
                fields=["region", "name"],
                condition=Q(public_since__isnull=False),
                name="startup_shown",
            ),
        ]
        triggers = [pgtrigger.Protect(name="startups_stay", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.name


@tracked()
class Member(Owned):
    """Somebody of the team. Who left stays as history."""

    startup = RegionForeignKey(Startup, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="startup_members")
    duty = models.CharField(_("does what in the team"), max_length=60, blank=True)
    joined_at = models.DateTimeField(default=clock.now)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["region", "startup", "person"], name="startup_member_once"),
        ]
        indexes = [models.Index(fields=["person"], name="startup_member_by_person")]
        triggers = [
            pgtrigger.Protect(name="startup_members_stay", operation=pgtrigger.Delete),
            # a team without anybody could never be reached again
            pgtrigger.Trigger(
                name="startup_keeps_somebody",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("left_at"),
                condition=pgtrigger.Q(new__left_at__isnull=False, old__left_at__isnull=True),
                func="""
                    PERFORM 1 FROM startups_startup
                      WHERE region_id = NEW.region_id AND id = NEW.startup_id FOR NO KEY UPDATE;
                    IF NOT EXISTS (SELECT FROM startups_member WHERE region_id = NEW.region_id
                         AND startup_id = NEW.startup_id AND id <> NEW.id AND left_at IS NULL) THEN
                        RAISE EXCEPTION 'startup_keeps_somebody: % is the last', NEW.person_id
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'startup_keeps_somebody';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.startup_id}"


@tracked(exclude=["secret"])
class Invitation(Owned):
    """A link that lets one person into a team, for two weeks."""

    startup = RegionForeignKey(Startup, on_delete=models.CASCADE, related_name="invitations")
    secret = models.CharField(max_length=40, default=new_secret, editable=False)
    # For whom it is meant, as the team wrote it ("Dimas, our designer").
    name = models.CharField(_("for whom"), max_length=80)
    email = models.EmailField(_("e-mail"), blank=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "secret"], name="startup_invitation_secret"),
            models.CheckConstraint(
                name="startup_invitation_used_by_somebody",
                condition=Q(used_by=None, used_at=None) | Q(used_by__isnull=False, used_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["secret"], name="startup_invitation_by_secret")]

    def __str__(self) -> str:
        return f"invitation of {self.name}"

    @property
    def is_open(self) -> bool:
        return self.used_at is None and self.withdrawn_at is None and self.expires_at > clock.now()


class ContactRequest(Owned):
    """Somebody who saw a startup wants to talk. Forgotten a year later."""

    startup = RegionForeignKey(Startup, on_delete=models.CASCADE, related_name="contact_requests")
    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    subject = models.CharField(_("what it is about"), max_length=10, choices=Subject)
    name = models.CharField(_("your name"), max_length=120)
    organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    reach = models.CharField(_("phone or e-mail"), max_length=120)
    message = models.TextField(_("message"), max_length=1000)
    sent_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "uuid"], name="contact_request_uuid"),
            models.CheckConstraint(name="contact_request_subject", condition=Q(subject__in=Subject.values)),
        ]
        indexes = [
            models.Index(fields=["region", "startup", "-sent_at"], name="contact_request_newest"),
            models.Index(fields=["sent_at"], name="contact_request_age"),
        ]

    def __str__(self) -> str:
        return self.name
