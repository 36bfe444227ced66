"""Mentors, and their mentorships of enterprises."""

import secrets
from datetime import timedelta

import pgtrigger
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.mentoring.models.diagnosis import Diagnosis, mentoring_of
from mbois.people.models import Organisation, Person, Role
from mbois.places.guards import tracked
from mbois.places.owned import Owned, OwnedQuerySet, RegionForeignKey


def new_secret() -> str:
    """What nobody guesses, for the address of a calendar."""
    return secrets.token_urlsafe(24)


class Skill(models.TextChoices):
    """What a mentor can help with; `PART_SKILLS` says which part of the diagnosis it serves."""

    LICENCES = "licences", _("Licences (NIB, P-IRT, halal)")
    PLANNING = "planning", _("Planning and prices")
    PRODUCT = "product", _("Product quality")
    PACKAGING = "packaging", _("Packaging and shipping")
    TEAM = "team", _("Working together")
    PHOTO = "photo", _("Product photos")
    MARKETPLACE = "marketplace", _("Selling on marketplaces")
    SOCIAL = "social", _("Social media and advertising")
    BOOKKEEPING = "bookkeeping", _("Bookkeeping")
    CREDIT = "credit", _("Credit and savings")


PART_SKILLS: dict[str, tuple[str, ...]] = {
    "basics": (Skill.LICENCES, Skill.PLANNING),
    "product": (Skill.PRODUCT, Skill.PACKAGING, Skill.LICENCES),
    "people": (Skill.TEAM, Skill.PLANNING),
    "digital": (Skill.PHOTO, Skill.MARKETPLACE, Skill.SOCIAL),
    "finance": (Skill.BOOKKEEPING, Skill.CREDIT),
}


class Language(models.TextChoices):
    INDONESIAN = "id", _("Indonesian")
    JAVANESE = "jv", _("Javanese")
    MADURESE = "mad", _("Madurese")
    ENGLISH = "en", _("English")


class MentorQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "MentorQuerySet":
        """Oneself, and for those who bring people together: every mentor of their region."""
        return self.filter(
            Q(person=person.pk)
            | Q(
                region__in=person.regions_with(
                    Role.COORDINATOR, Role.AGENCY_OFFICER, Role.REGION_ADMIN, Role.AUDITOR, Role.EXECUTIVE
                )
            )
        )

    def with_load(self) -> "MentorQuerySet":
        """With `load`: how many enterprises they mentor now; and `given`: the minutes of this month's
        sessions, planned and held."""
        from mbois.mentoring.models.sessions import Session

        first = clock.today().replace(day=1)
        given = (
            Session.objects.filter(
                region=OuterRef("region"),
                mentorship__mentor=OuterRef("pk"),
                cancelled_at=None,
                starts_at__date__gte=first,
                starts_at__date__lt=(first + timedelta(days=32)).replace(day=1),
            )
            .order_by()
            .values("mentorship__mentor")
            .annotate(sum=Sum("minutes"))
            .values("sum")
        )
        return self.annotate(
            load=Count("mentorships", filter=Q(mentorships__state="active")),
            given=Coalesce(Subquery(given), 0),
        )


@tracked(exclude=["calendar_secret"])
class MentorProfile(Owned):
    """What a mentor brings to one region. `areas` are codes of districts, none: anywhere."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mentor_profiles")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    about = models.TextField(_("about me"), blank=True, max_length=600)
    skills = models.JSONField(_("skills"), default=list)
    areas = models.JSONField(_("districts"), default=list)
    languages = models.JSONField(_("languages"), default=list)
    hours_a_month = models.PositiveSmallIntegerField(_("hours a month"), default=8)
    most_cases = models.PositiveSmallIntegerField(_("most businesses at the same time"), default=4)
    is_open = models.BooleanField(_("takes new businesses"), default=True)
    calendar_secret = models.CharField(max_length=40, default=new_secret, editable=False)
    made_at = models.DateTimeField(default=clock.now)

    objects = MentorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "person"], name="mentor_once_a_region"),
            models.UniqueConstraint(fields=["region", "calendar_secret"], name="mentor_calendar"),
            models.CheckConstraint(
                name="mentor_hours", condition=Q(hours_a_month__gte=1, hours_a_month__lte=200)
            ),
            models.CheckConstraint(name="mentor_cases", condition=Q(most_cases__gte=1, most_cases__lte=40)),
        ]
        indexes = [
            models.Index(fields=["person"], name="mentor_by_person"),
            models.Index(fields=["calendar_secret"], name="mentor_by_calendar"),
        ]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def skills_shown(self) -> list[str]:
        return [str(Skill(one).label) for one in self.skills if one in Skill.values]

    @property
    def languages_shown(self) -> list[str]:
        return [str(Language(one).label) for one in self.languages if one in Language.values]


class State(models.TextChoices):
    """Where a mentorship stands; `TRANSITIONS` says what may follow what."""

    PROPOSED = "proposed", _("Waiting for both to accept")
    ACTIVE = "active", _("Under way")
    FINISHED = "finished", _("Finished")
    STOPPED = "stopped", _("Stopped")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")

    @property
    def tone(self) -> str:
        return {"proposed": "wait", "active": "info", "finished": "ok", "stopped": "bad"}.get(
            self.value, "plain"
        )


TRANSITIONS: dict[str, frozenset[str]] = {
    State.PROPOSED: frozenset({State.ACTIVE, State.DECLINED, State.WITHDRAWN}),
    State.ACTIVE: frozenset({State.FINISHED, State.STOPPED}),
}


class MentorshipQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "MentorshipQuerySet":
        """One's own as owner or as mentor (from the proposal on), and by role of region or villages."""
        mentor = Q(mentor__person=person.pk, region__in=person.regions_with(Role.MENTOR))
        return self.filter(mentoring_of(person) | mentor)

    def active(self) -> "MentorshipQuerySet":
        return self.filter(state=State.ACTIVE)

    def proposed(self) -> "MentorshipQuerySet":
        return self.filter(state=State.PROPOSED)

    def with_room(self) -> "MentorshipQuerySet":
        """Whose mentor can take one more business now."""
        busy = (
            Mentorship.objects.filter(
                region=OuterRef("region"), mentor=OuterRef("mentor"), state=State.ACTIVE
            )
            .order_by()
            .values("mentor")
            .annotate(number=Count("pk"))
            .values("number")
        )
        return self.alias(busy=Coalesce(Subquery(busy), 0)).filter(busy__lt=F("mentor__most_cases"))


@tracked()
class Mentorship(Owned):
    """A mentor accompanies an enterprise. Begins when both have said yes; the database holds the
    transitions, one active mentorship an enterprise, and no more than a mentor can take."""

    number = models.CharField(max_length=24)
    enterprise = RegionForeignKey(Enterprise, on_delete=models.PROTECT, related_name="mentorships")
    mentor = RegionForeignKey(MentorProfile, on_delete=models.PROTECT, related_name="mentorships")
    # The diagnosis it starts from: what came of it is compared with this one.
    diagnosis = RegionForeignKey(
        Diagnosis, null=True, blank=True, on_delete=models.PROTECT, related_name="mentorships"
    )
    state = models.CharField(max_length=9, choices=State, default=State.PROPOSED)
    reasons = models.JSONField(default=list)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    mentor_accepted_at = models.DateTimeField(null=True, blank=True)
    owner_accepted_at = models.DateTimeField(null=True, blank=True)
    # Who said the owner's yes: the owner, or an officer who was there and wrote down how.
    owner_answer_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    owner_answer_note = models.CharField(max_length=300, blank=True)
    began_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    end_note = models.TextField(blank=True, max_length=1000)

    objects = MentorshipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "number"], name="mentorship_number"),
            models.UniqueConstraint(
                fields=["region", "enterprise"], condition=Q(state="active"), name="mentorship_one_active"
            ),
            models.UniqueConstraint(
                fields=["region", "enterprise", "mentor"],
                condition=Q(state="proposed"),
                name="mentorship_proposed_once",
            ),
            models.CheckConstraint(name="mentorship_state", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="mentorship_accepted_by_both",
                condition=~Q(state__in=["active", "finished", "stopped"])
                | Q(
                    mentor_accepted_at__isnull=False,
                    owner_accepted_at__isnull=False,
                    owner_answer_by__isnull=False,
                    began_on__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="mentorship_ended_has_its_day",
                condition=Q(state__in=["proposed", "active"], ended_on=None)
                | Q(state__in=["finished", "stopped", "declined", "withdrawn"], ended_on__isnull=False),
            ),
            models.CheckConstraint(
                name="mentorship_stop_says_why", condition=~Q(state="stopped") | ~Q(end_note="")
            ),
        ]
        indexes = [
            models.Index(fields=["region", "state", "proposed_at"], name="mentorship_queue"),
            models.Index(fields=["region", "mentor", "state"], name="mentorship_by_mentor"),
            models.Index(fields=["region", "enterprise"], name="mentorship_by_enterprise"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="mentorship_transitions",
                field="state",
                transitions=[
                    (before, after) for before, afters in TRANSITIONS.items() for after in sorted(afters)
                ],
            ),
            # The mentor's row is locked first, so that two acceptances at the same moment wait for each other.
            pgtrigger.Trigger(
                name="mentorship_within_the_load",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("state", "mentor_id"),
                condition=pgtrigger.Q(new__state="active"),
                declare=[("most", "integer"), ("busy", "integer")],
                func="""
                    SELECT most_cases INTO most FROM mentoring_mentorprofile
                     WHERE region_id = NEW.region_id AND id = NEW.mentor_id FOR UPDATE;
                    SELECT count(*) INTO busy FROM mentoring_mentorship
                     WHERE region_id = NEW.region_id AND mentor_id = NEW.mentor_id
                       AND state = 'active' AND id <> NEW.id;
                    IF busy >= most THEN
                        RAISE EXCEPTION 'mentorship_within_the_load: mentor % has % of %', NEW.mentor_id, busy, most
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'mentorship_within_the_load';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def state_shown(self) -> State:
        return State(self.state)
