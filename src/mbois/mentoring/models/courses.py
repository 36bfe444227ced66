"""Short courses: lessons, a quiz, a certificate."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.people.models import Person, Role
from mbois.places.guards import tracked
from mbois.places.owned import Owned, OwnedQuerySet, RegionForeignKey


def in_words(indonesian: str, english: str) -> str:
    """The text in the reader's language; Indonesian where there is no English."""
    return english if english and (get_language() or "id").startswith("en") else indonesian


class CourseQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "CourseQuerySet":
        """Everything published, and drafts of the regions one coordinates."""
        return self.filter(
            Q(is_published=True) | Q(region__in=person.regions_with(Role.COORDINATOR, Role.AGENCY_OFFICER))
        )

    def published(self) -> "CourseQuerySet":
        return self.filter(is_published=True)


@tracked()
class Course(Owned):
    """A short course of one region. `slug` is what the shipped ones are known by."""

    number = models.CharField(max_length=24)
    slug = models.SlugField(max_length=40)
    title_id = models.CharField(_("title"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True)
    summary_id = models.CharField(_("in one sentence"), max_length=300)
    summary_en = models.CharField(_("in one sentence, in English"), max_length=300, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=10)
    pass_mark = models.PositiveSmallIntegerField(_("pass mark in per cent"), default=70)
    is_published = models.BooleanField(_("open to everybody"), default=False)
    # False as long as it is as it was shipped: only then may a newer shipped text replace it.
    edited = models.BooleanField(default=False)
    changed_at = models.DateTimeField(default=clock.now)

    objects = CourseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "number"], name="course_number"),
            models.UniqueConstraint(fields=["region", "slug"], name="course_slug"),
            models.CheckConstraint(
                name="course_pass_mark", condition=Q(pass_mark__gte=1, pass_mark__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_words(self.title_id, self.title_en)

    @property
    def summary(self) -> str:
        return in_words(self.summary_id, self.summary_en)


class Lesson(Owned):
    """A part of a course. `picture` names one of our icons, drawn large."""

    course = RegionForeignKey(Course, on_delete=models.CASCADE, related_name="lessons")
    position = models.PositiveSmallIntegerField()
    title_id = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120, blank=True)
    body_id = models.TextField(max_length=4000)
    body_en = models.TextField(max_length=4000, blank=True)
    picture = models.CharField(max_length=40, blank=True)
    video_url = models.URLField(blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["region", "course", "position"], name="lesson_position")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_words(self.title_id, self.title_en)

    @property
    def body(self) -> str:
        return in_words(self.body_id, self.body_en)


class QuizQuestion(Owned):
    """A question with its answers: [{"id": …, "en": …}], of which `right` (from 0) is the right one."""

    course = RegionForeignKey(Course, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    text_id = models.CharField(max_length=300)
    text_en = models.CharField(max_length=300, blank=True)
    answers = models.JSONField(default=list)
    right = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["region", "course", "position"], name="quiz_question_position")
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        return in_words(self.text_id, self.text_en)

    @property
    def answers_shown(self) -> list[str]:
        return [in_words(one.get("id", ""), one.get("en", "")) for one in self.answers]


class Attempt(Owned):
    """One try at a quiz: how many were right, and whether that was enough."""

    course = RegionForeignKey(Course, on_delete=models.PROTECT, related_name="attempts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="course_attempts")
    answers = models.JSONField(default=dict)
    right = models.PositiveSmallIntegerField()
    asked = models.PositiveSmallIntegerField()
    passed = models.BooleanField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(name="attempt_right", condition=Q(right__lte=models.F("asked")))
        ]
        indexes = [models.Index(fields=["region", "course", "person"], name="attempt_by_person")]
        triggers = [pgtrigger.Protect(name="attempts_stay", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.right} of {self.asked}"


class CertificateQuerySet(OwnedQuerySet):
    def visible_to(self, person: Person) -> "CertificateQuerySet":
        return self.filter(
            Q(person=person.pk) | Q(region__in=person.regions_with(Role.COORDINATOR, Role.AGENCY_OFFICER))
        )


class Certificate(Owned):
    """That somebody passed a course. The name and title stay as they were that day."""

    course = RegionForeignKey(Course, on_delete=models.PROTECT, related_name="certificates")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="course_certificates")
    # In the QR code: whoever holds the paper can check it.
    code = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    title_id = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120, blank=True)
    passed_on = models.DateField(default=clock.today)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "course", "person"], name="course_certificate_once"),
            models.UniqueConstraint(fields=["region", "code"], name="course_certificate_code"),
        ]
        indexes = [models.Index(fields=["code"], name="course_certificate_by_code")]
        triggers = [pgtrigger.Protect(name="course_certificates_stay", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.name}: {self.title}"

    @property
    def title(self) -> str:
        return in_words(self.title_id, self.title_en)
