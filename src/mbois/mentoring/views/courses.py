"""Courses: reading, the quiz, the certificate and its check; and what coordinators change."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mbois.mentoring import policy
from mbois.mentoring.actions import courses as actions
from mbois.mentoring.courses import blocks, certificate_pdf
from mbois.mentoring.forms import CourseForm, LessonForm, QuestionForm
from mbois.mentoring.models import Certificate, Course, Lesson, QuizQuestion
from mbois.mentoring.views.common import login_required, person_of, region_in, say_and_go
from mbois.people.models import Person
from mbois.places.models import Region
from mbois.refused import Refused, require
from mbois.web.forms import Form
from mbois.web.given import whole_number


def _open_to(request: HttpRequest) -> Any:
    """Published courses are for everybody; drafts for those who write them."""
    person = request.user
    return Course.objects.visible_to(person) if isinstance(person, Person) else Course.objects.published()


def _course_or_404(request: HttpRequest, number: str) -> Course:
    found = _open_to(request).filter(region=region_in(number), number=number).select_related("region").first()
    if found is None:
        raise Http404
    assert isinstance(found, Course)
    return found


def _region_of(request: HttpRequest, known: dict[str, str]) -> str:
    """Whose courses are shown: what was chosen, else where the person works or owns, else the first."""
    chosen = request.GET.get("wilayah", "")
    if chosen in known:
        return chosen
    person = request.user
    if isinstance(person, Person):
        own = [one.region_id for one in person.memberships_now]
        own += list(person.owners.order_by("pk").values_list("region", flat=True)[:1])
        for code in own:
            if code in known:
                return code
    return next(iter(known), "")


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The courses of a region."""
    known = dict(
        Region.objects.filter(pk__in=Course.objects.published().values("region"))
        .order_by("-code")
        .values_list("pk", "name")
    )
    region = _region_of(request, known)
    person = request.user if isinstance(request.user, Person) else None
    rows = (
        _open_to(request)
        .filter(region=region)
        .annotate(lesson_count=Count("lessons"))
        .order_by("-is_published", "pk")
    )
    passed = (
        dict(Certificate.objects.filter(region=region, person=person).values_list("course", "code"))
        if person
        else {}
    )
    return render(
        request,
        "mentoring/courses.html",
        {
            "rows": [(row, passed.get(row.pk)) for row in rows],
            "regions": known,
            "chosen": region,
            "can_edit": person is not None and bool(person.regions_with(*policy.COORDINATORS)),
        },
    )


@require_safe
def page(request: HttpRequest, course: str) -> HttpResponse:
    """A course on one light page: every lesson, then the way to the quiz."""
    found = _course_or_404(request, course)
    person = request.user if isinstance(request.user, Person) else None
    lessons = found.lessons.filter(region=found.region_id).order_by("position")
    certificate = (
        Certificate.objects.filter(region=found.region_id, course=found, person=person).first()
        if person
        else None
    )
    return render(
        request,
        "mentoring/course.html",
        {
            "course": found,
            "lessons": [(one, blocks(one.body)) for one in lessons],
            "certificate": certificate,
            "can_edit": person is not None and policy.can_coordinate(person, found.region_id),
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def quiz(request: HttpRequest, course: str) -> HttpResponse:
    """The quiz; who passes gets a certificate, others are shown what to read again."""
    person, found = person_of(request), _course_or_404(request, course)
    questions = list(found.questions.filter(region=found.region_id).order_by("position"))
    given: dict[int, int] = {}
    for one in questions:
        answer = whole_number(request.POST.get(f"q-{one.pk}"), most=len(one.answers) - 1)
        if answer is not None:
            given[one.pk] = answer
    refused: Refused | None = None
    attempt = certificate = None
    if request.method == "POST":
        try:
            attempt, certificate = actions.take_quiz(found, given, by=person)
        except Refused as error:
            refused = error
        else:
            if certificate is not None:
                messages.success(
                    request,
                    _("Passed: %(right)s of %(asked)s.") % {"right": attempt.right, "asked": attempt.asked},
                )
                return redirect("certificate", certificate=certificate.code)
    shown = [
        (
            one,
            [(place, text, given.get(one.pk) == place) for place, text in enumerate(one.answers_shown)],
            attempt is not None and given.get(one.pk) != one.right,
        )
        for one in questions
    ]
    return render(
        request,
        "mentoring/quiz.html",
        {"course": found, "shown": shown, "refused": refused, "attempt": attempt},
        status=refused.status if refused else 200,
    )


@require_safe
def certificate(request: HttpRequest, certificate: uuid.UUID) -> HttpResponse:
    """For whoever holds a certificate: is it genuine? Who passed it gets the PDF here."""
    found = Certificate.objects.filter(code=certificate).select_related("region", "course").first()
    if found is None:
        raise Http404
    response = render(
        request,
        "mentoring/certificate.html",
        {
            "certificate": found,
            "own": isinstance(request.user, Person) and request.user.pk == found.person_id,
        },
    )
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@require_safe
def certificate_file(request: HttpRequest, certificate: uuid.UUID) -> HttpResponse:
    """The certificate as a PDF, for whoever has its code."""
    found = Certificate.objects.filter(code=certificate).select_related("region").first()
    if found is None:
        raise Http404
    response = HttpResponse(certificate_pdf(found), content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="sertifikat.pdf"'
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


# What coordinators change


def _editable(request: HttpRequest, number: str) -> Course:
    found = _course_or_404(request, number)
    require(policy.can_coordinate(person_of(request), found.region_id))
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new course of one's region."""
    regions = person_of(request).regions_with(*policy.COORDINATORS)
    require(bool(regions), _("Coordinators write courses."))
    form = CourseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.save_course(None, region_id=regions[0], by=person_of(request), **form.cleaned_data)
            return say_and_go(
                request, _("Made. Now add lessons and questions."), "course_edit", course=made.number
            )
        except Refused as refused:
            form.refuse(refused)
    return _form(request, form, _("A new course"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, course: str) -> HttpResponse:
    """A course with its lessons and questions, to be changed."""
    found = _editable(request, course)
    names = ("title_id", "title_en", "summary_id", "summary_en", "minutes", "pass_mark", "is_published")
    form = CourseForm(request.POST or None, initial={name: getattr(found, name) for name in names})
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_course(found, region_id=found.region_id, by=person_of(request), **form.cleaned_data)
            return say_and_go(request, _("Saved."), "course_edit", course=found.number)
        except Refused as refused:
            form.refuse(refused)
    return render(
        request,
        "mentoring/course_edit.html",
        {
            "course": found,
            "form": form,
            "lessons": found.lessons.filter(region=found.region_id).order_by("position"),
            "questions": found.questions.filter(region=found.region_id).order_by("position"),
        },
        status=422 if form.is_bound else 200,
    )


def _form(request: HttpRequest, form: Form, heading: str, course: Course | None = None) -> HttpResponse:
    return render(
        request,
        "mentoring/course_form.html",
        {"form": form, "heading": heading, "course": course},
        status=422 if form.is_bound else 200,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def lesson(request: HttpRequest, course: str, lesson: int = 0) -> HttpResponse:
    """A lesson, new (0) or to be changed."""
    found = _editable(request, course)
    known = Lesson.objects.filter(region=found.region_id, course=found, pk=lesson).first() if lesson else None
    if lesson and known is None:
        raise Http404
    names = ("title_id", "title_en", "body_id", "body_en", "video_url")
    form = LessonForm(
        request.POST or None, initial={name: getattr(known, name) for name in names} if known else None
    )
    if request.method == "POST" and form.is_valid():
        actions.save_lesson(found, known, by=person_of(request), **form.cleaned_data)
        return say_and_go(request, _("Saved."), "course_edit", course=found.number)
    return _form(request, form, known.title if known else _("A new lesson"), found)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, course: str, question: int = 0) -> HttpResponse:
    """A question of the quiz, new (0) or to be changed."""
    found = _editable(request, course)
    known = (
        QuizQuestion.objects.filter(region=found.region_id, course=found, pk=question).first()
        if question
        else None
    )
    if question and known is None:
        raise Http404
    initial = None
    if known:
        lines = [
            ("* " if place == known.right else "") + one["id"] for place, one in enumerate(known.answers)
        ]
        initial = {
            "text_id": known.text_id,
            "text_en": known.text_en,
            "answers_id": "\n".join(lines),
            "answers_en": "\n".join(one.get("en", "") for one in known.answers),
        }
    form = QuestionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actions.save_question(
            found,
            known,
            by=person_of(request),
            text_id=said["text_id"],
            text_en=said["text_en"],
            answers=said["answers"],
            right=said["right"],
        )
        return say_and_go(request, _("Saved."), "course_edit", course=found.number)
    return _form(request, form, known.text if known else _("A new question"), found)


@login_required
@require_POST
def remove(request: HttpRequest, course: str) -> HttpResponse:
    """Take out the lesson or the question named in the form."""
    found = _editable(request, course)
    key = whole_number(request.POST.get("lesson") or request.POST.get("question")) or 0
    model: type[Lesson] | type[QuizQuestion] = Lesson if request.POST.get("lesson") else QuizQuestion
    part = (
        model._base_manager.filter(region_id=found.region_id, course=found, pk=key)
        .select_related("course")
        .first()
    )
    if part is None:
        raise Http404
    try:
        actions.remove(part, by=person_of(request))
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("course_edit", course=found.number)
    return say_and_go(request, _("Taken out."), "course_edit", course=found.number)
