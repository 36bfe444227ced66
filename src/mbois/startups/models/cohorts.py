"""Cohorts: who takes part, what they learn, who helps them, the day they show it."""

from datetime import timedelta

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.people.models import Document, Person, Role
from mbois.places.guards import tracked
from mbois.places.owned import Owned, OwnedQuerySet, RegionForeignKey
from mbois.startups.models.calls import Call
from mbois.startups.models.teams import PROGRAMME_READERS, Member, Startup
from mbois.startups.words import in_words


class Stage(models.TextChoices):
    """The three parts of the way."""

    EDUCATION = "education", _("Education")
    INCUBATION = "incubation", _("Product incubation")
    MARKET = "market", _("Market")


class CohortQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "CohortQuerySet":
        """For the programme's people those of their region; for founders and mentors those they are in."""
        taking_part = Exists(
            Member.objects.filter(
                region=OuterRef("region"),
                person=person.pk,
                left_at=None,
                startup__participations__cohort=OuterRef("pk"),
            )
        )
        mentoring = Exists(
            MentorPlace.objects.filter(
                region=OuterRef("region"),
                participation__cohort=OuterRef("pk"),
                person=person.pk,
                until=None,
            )
        )
        return self.filter(
            Q(region__in=person.regions_with(*PROGRAMME_READERS))
            | taking_part
            | (Q(region__in=person.regions_with(Role.MENTOR)) & mentoring)
        )


@tracked()
class Cohort(Owned):
    """Startups that go through the programme together."""

    number = models.CharField(max_length=24)
    name = models.CharField(_("name"), max_length=80)
    call = RegionForeignKey(Call, null=True, blank=True, on_delete=models.PROTECT, related_name="cohorts")
    begins_on = models.DateField(_("begins"))
    ends_on = models.DateField(_("ends"))
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    objects = CohortQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "number"], name="cohort_number"),
            models.UniqueConstraint(fields=["region", "name"], name="cohort_name"),
            models.CheckConstraint(
                name="cohort_ends_after_it_begins", condition=Q(ends_on__gt=models.F("begins_on"))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_over(self) -> bool:
        return self.ends_on < clock.today()

    @property
    def is_running(self) -> bool:
        return self.begins_on <= clock.today() <= self.ends_on

    @property
    def week(self) -> int:
        """Which week of the programme it is, from 1; never more than there are."""
        last = min(clock.today(), self.ends_on)
        return max((last - self.begins_on).days // 7 + 1, 0)

    @property
    def weeks(self) -> int:
        return (self.ends_on - self.begins_on).days // 7 + 1


class ParticipationQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "ParticipationQuerySet":
        """The team's own, those one mentors now, and for the programme's people those of their region."""
        of_team = Exists(
            Member.objects.filter(
                region=OuterRef("region"), startup=OuterRef("startup"), person=person.pk, left_at=None
            )
        )
        return self.filter(
            of_team | Q(region__in=person.regions_with(*PROGRAMME_READERS)) | _mentored(person)
        )

    def mentored_by(self, person: Person) -> "ParticipationQuerySet":
        return self.filter(_mentored(person))

    def active(self) -> "ParticipationQuerySet":
        return self.filter(left_on=None)


def _mentored(person: Person) -> Q:
    mentoring = Exists(
        MentorPlace.objects.filter(
            region=OuterRef("region"), participation=OuterRef("pk"), person=person.pk, until=None
        )
    )
    return Q(region__in=person.regions_with(Role.MENTOR)) & Q(mentoring)


@tracked()
class Participation(Owned):
    """A startup in a cohort."""

    cohort = RegionForeignKey(Cohort, on_delete=models.PROTECT, related_name="participations")
    startup = RegionForeignKey(Startup, on_delete=models.PROTECT, related_name="participations")
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now)
    left_on = models.DateField(null=True, blank=True)
    left_why = models.CharField(max_length=300, blank=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "cohort", "startup"], name="participation_once"),
            models.CheckConstraint(
                name="participation_left_says_why", condition=Q(left_on=None) | ~Q(left_why="")
            ),
        ]
        indexes = [models.Index(fields=["region", "startup"], name="participation_of")]
        triggers = [pgtrigger.Protect(name="participations_stay", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.startup_id} in {self.cohort_id}"


@tracked()
class MentorPlace(Owned):
    """A mentor accompanies a startup of a cohort. Nobody mentors their own team."""

    participation = RegionForeignKey(Participation, on_delete=models.PROTECT, related_name="mentors")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="startup_mentorships")
    since = models.DateField(default=clock.today)
    until = models.DateField(null=True, blank=True)
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "participation", "person"],
                condition=Q(until=None),
                name="startup_mentor_once",
            ),
        ]
        indexes = [models.Index(fields=["person", "region"], name="startup_mentor_by_person")]
        triggers = [
            pgtrigger.Trigger(
                name="startup_nobody_mentors_their_own",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF EXISTS (SELECT FROM startups_member m JOIN startups_participation p
                         ON p.region_id = m.region_id AND p.startup_id = m.startup_id
                         WHERE p.region_id = NEW.region_id AND p.id = NEW.participation_id
                           AND m.person_id = NEW.person_id AND m.left_at IS NULL) THEN
                        RAISE EXCEPTION 'startup_nobody_mentors_their_own: %', NEW.person_id
                            USING ERRCODE = 'check_violation',
                                  CONSTRAINT = 'startup_nobody_mentors_their_own';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} mentors {self.participation_id}"


class Lesson(Owned):
    """A session of the curriculum: what is learned when, with what one reads before and after."""

    cohort = RegionForeignKey(Cohort, on_delete=models.CASCADE, related_name="lessons")
    stage = models.CharField(_("part"), max_length=10, choices=Stage)
    title_id = models.CharField(_("title"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True)
    about_id = models.TextField(_("what it is about"), max_length=1000, blank=True)
    about_en = models.TextField(_("the same in English"), max_length=1000, blank=True)
    starts_at = models.DateTimeField(_("when"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=120)
    place = models.CharField(_("where"), max_length=200, blank=True)

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="startup_lesson_stage", condition=Q(stage__in=["education", "incubation", "market"])
            ),
            models.CheckConstraint(
                name="startup_lesson_minutes", condition=Q(minutes__gte=10, minutes__lte=960)
            ),
        ]
        indexes = [models.Index(fields=["region", "cohort", "starts_at"], name="startup_lesson_when")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_words(self.title_id, self.title_en)

    @property
    def about(self) -> str:
        return in_words(self.about_id, self.about_en)

    @property
    def is_over(self) -> bool:
        return self.starts_at is not None and self.starts_at + timedelta(minutes=self.minutes) < clock.now()


class Material(Owned):
    """Something to read, watch or fill in for a session: a link or a file."""

    lesson = RegionForeignKey(Lesson, on_delete=models.CASCADE, related_name="materials")
    title = models.CharField(_("title"), max_length=120)
    link = models.URLField(_("link"), max_length=300, blank=True)
    document = RegionForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="startup_material_is_something", condition=~Q(link="") | Q(document__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return self.title


class DemoDayQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "DemoDayQuerySet":
        return self.filter(
            Q(published_at__isnull=False) | Q(region__in=person.regions_with(*PROGRAMME_READERS))
        )

    def published(self) -> "DemoDayQuerySet":
        return self.filter(published_at__isnull=False)


@tracked()
class DemoDay(Owned):
    """The day a cohort shows what it built. `occasion` is the code of the announced activity, if any."""

    number = models.CharField(max_length=24)
    cohort = RegionForeignKey(Cohort, on_delete=models.PROTECT, related_name="demo_days")
    title = models.CharField(_("title"), max_length=120)
    about = models.TextField(_("what visitors will see"), max_length=2000)
    begins = models.DateTimeField(_("begins"))
    ends = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=200)
    capacity = models.PositiveIntegerField(_("places"), default=150)
    occasion = models.CharField(max_length=80, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = DemoDayQuerySet.as_manager()

    class Meta:
        ordering = ["begins"]
        constraints = [
            models.UniqueConstraint(fields=["region", "number"], name="demo_day_number"),
            models.UniqueConstraint(fields=["region", "cohort"], name="demo_day_once_a_cohort"),
            models.CheckConstraint(
                name="demo_day_ends_after_it_begins", condition=Q(ends__gt=models.F("begins"))
            ),
            models.CheckConstraint(name="demo_day_capacity", condition=Q(capacity__gte=1)),
        ]

    def __str__(self) -> str:
        return self.title
