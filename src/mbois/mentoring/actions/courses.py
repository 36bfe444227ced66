"""Taking a quiz, and what coordinators change in courses."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from mbois import clock
from mbois.mentoring import policy
from mbois.mentoring.models import Attempt, Certificate, Course, Lesson, QuizQuestion
from mbois.people.models import Person
from mbois.places.numbers import next_number
from mbois.refused import Refused, require


@transaction.atomic
def take_quiz(
    course: Course, answers: Mapping[int, int], *, by: Person
) -> tuple[Attempt, Certificate | None]:
    """Count the right answers (question → place of the answer); who passes gets the certificate, once."""
    questions = list(QuizQuestion.objects.filter(region=course.region_id, course=course))
    if not questions:
        raise Refused(_("This course has no quiz yet."))
    if missing := [one for one in questions if one.pk not in answers]:
        raise Refused(_("Please answer every question."), field=f"q-{missing[0].pk}", code="incomplete")
    right = sum(answers[one.pk] == one.right for one in questions)
    passed = 100 * right >= course.pass_mark * len(questions)
    attempt = Attempt.objects.create(
        region_id=course.region_id,
        course=course,
        person=by,
        answers={str(one.pk): answers[one.pk] for one in questions},
        right=right,
        asked=len(questions),
        passed=passed,
    )
    if not passed:
        return attempt, None
    certificate, _made = Certificate.objects.get_or_create(
        region_id=course.region_id,
        course=course,
        person=by,
        defaults={
            "name": by.name,
            "title_id": course.title_id,
            "title_en": course.title_en,
            "passed_on": clock.today(),
        },
    )
    return attempt, certificate


@transaction.atomic
def save_course(course: Course | None, *, region_id: str, by: Person, **values: Any) -> Course:
    """Make or change a course of a region. It cannot be opened before it has a lesson and a question."""
    require(policy.can_coordinate(by, region_id))
    if course is None:
        slug = slugify(values["title_id"])[:40] or "kursus"
        if Course.objects.filter(region=region_id, slug=slug).exists():
            raise Refused(_("There is a course with this title already."), field="title_id")
        course = Course(region_id=region_id, slug=slug, number=next_number("K", region_id))
    if values.get("is_published") and not (
        course.pk
        and course.lessons.filter(region=region_id).exists()
        and course.questions.filter(region=region_id).exists()
    ):
        raise Refused(_("Add a lesson and a question first."), field="is_published")
    for name, value in values.items():
        setattr(course, name, value)
    course.edited, course.changed_at = True, clock.now()
    course.save()
    return course


def _touched(course: Course, by: Person) -> None:
    require(policy.can_coordinate(by, course.region_id))
    Course.objects.filter(region=course.region_id, pk=course.pk).update(edited=True, changed_at=clock.now())


@transaction.atomic
def save_lesson(course: Course, lesson: Lesson | None, *, by: Person, **values: Any) -> Lesson:
    """Make or change a lesson; a new one comes last."""
    _touched(course, by)
    Course.objects.select_for_update().get(region=course.region_id, pk=course.pk)
    if lesson is None:
        last = Lesson.objects.filter(region=course.region_id, course=course).order_by("-position").first()
        lesson = Lesson(
            region_id=course.region_id,
            course=course,
            position=last.position + 1 if last else 1,
            picture="book-open",
        )
    for name, value in values.items():
        setattr(lesson, name, value)
    lesson.save()
    return lesson


@transaction.atomic
def save_question(
    course: Course,
    question: QuizQuestion | None,
    *,
    by: Person,
    text_id: str,
    text_en: str,
    answers: list[dict[str, str]],
    right: int,
) -> QuizQuestion:
    """Make or change a question of the quiz; a new one comes last."""
    _touched(course, by)
    Course.objects.select_for_update().get(region=course.region_id, pk=course.pk)
    if question is None:
        last = (
            QuizQuestion.objects.filter(region=course.region_id, course=course).order_by("-position").first()
        )
        question = QuizQuestion(
            region_id=course.region_id, course=course, position=last.position + 1 if last else 1
        )
    question.text_id, question.text_en, question.answers, question.right = text_id, text_en, answers, right
    question.save()
    return question


@transaction.atomic
def remove(part: Lesson | QuizQuestion, *, by: Person) -> None:
    """Take a lesson or a question out. A course that is open keeps at least one of each."""
    course = part.course
    _touched(course, by)
    others = type(part)._base_manager.filter(region_id=part.region_id, course=course).exclude(pk=part.pk)
    if course.is_published and not others.exists():
        raise Refused(_("An open course keeps at least one lesson and one question."))
    part.delete()
