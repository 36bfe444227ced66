"""The curriculum of a cohort: sessions with their materials, and milestones."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mbois.refused import Refused
from mbois.startups import policy
from mbois.startups.actions import cohorts as actions
from mbois.startups.forms import (
    LessonForm,
    MaterialForm,
    MilestoneForm,
)
from mbois.startups.models import (
    Cohort,
    DemoDay,
    Lesson,
    Material,
    Milestone,
    Stage,
)
from mbois.startups.views.common import (
    act,
    cohort_or_404,
    file_answer,
    form_page,
    login_required,
    person_of,
    refuse_and_go,
    say_and_go,
)
from mbois.web.given import whole_number


@login_required
@require_safe
def curriculum(request: HttpRequest, cohort: str) -> HttpResponse:
    """Sessions with their materials, and the milestones, part by part."""
    person, found = person_of(request), cohort_or_404(request, cohort)
    here = {"region": found.region_id}
    lessons = list(Lesson.objects.filter(**here, cohort=found).order_by("starts_at", "pk"))
    materials: dict[int, list[Material]] = {}
    for one in Material.objects.filter(**here, lesson__cohort=found).select_related("document"):
        materials.setdefault(one.lesson_id, []).append(one)
    milestones = list(Milestone.objects.filter(**here, cohort=found))
    return render(
        request,
        "startups/curriculum.html",
        {
            "cohort": found,
            "parts": [
                (
                    stage,
                    [(one, materials.get(one.pk, [])) for one in lessons if one.stage == stage],
                    [one for one in milestones if one.stage == stage],
                )
                for stage in Stage
            ],
            "manages": policy.manages(person, found.region_id),
            "reads": policy.reads(person, found.region_id),
            "day": DemoDay.objects.filter(region=found.region_id, cohort=found).first(),
            "tab": "curriculum",
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def lesson(request: HttpRequest, cohort: str, startup_lesson: int | None = None) -> HttpResponse:
    """Add a session or change one."""
    found = cohort_or_404(request, cohort, manage=True)
    row = None
    if startup_lesson is not None:
        row = Lesson.objects.filter(region=found.region_id, cohort=found, pk=startup_lesson).first()
        if row is None:
            raise Http404
    initial = {name: getattr(row, name) for name in LessonForm.base_fields} if row else {"stage": "education"}
    form = LessonForm(request.POST or None, initial=initial)
    if (
        request.method == "POST"
        and form.is_valid()
        and act(form, lambda: actions.save_lesson(found, row, by=person_of(request), **form.cleaned_data))
    ):
        return say_and_go(request, _("Saved."), "cohort_curriculum", cohort=found.number)
    return form_page(
        request,
        form,
        title=_("Change the session") if row else _("A new session"),
        button=_("Save"),
        back=reverse("cohort_curriculum", kwargs={"cohort": found.number}),
        back_label=_("Curriculum"),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def material(request: HttpRequest, cohort: str, startup_lesson: int) -> HttpResponse:
    """A link or a file for a session; or throw one away."""
    person, found = person_of(request), cohort_or_404(request, cohort, manage=True)
    row = Lesson.objects.filter(region=found.region_id, cohort=found, pk=startup_lesson).first()
    if row is None:
        raise Http404
    form = MaterialForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        command = lambda: actions.add_material(  # noqa: E731
            row, by=person, title=told["title"], link=told["link"], upload=told["file"]
        )
        if act(form, command):
            return say_and_go(request, _("Added."), "cohort_curriculum", cohort=found.number)
    return form_page(
        request,
        form,
        title=_("Material for “%(title)s”") % {"title": row.title},
        button=_("Add"),
        back=reverse("cohort_curriculum", kwargs={"cohort": found.number}),
        back_label=_("Curriculum"),
        icon="plus",
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def milestone(request: HttpRequest, cohort: str, goal: int | None = None) -> HttpResponse:
    """Add a milestone or change one."""
    found = cohort_or_404(request, cohort, manage=True)
    row = None
    if goal is not None:
        row = Milestone.objects.filter(region=found.region_id, cohort=found, pk=goal).first()
        if row is None:
            raise Http404
    initial = (
        {name: getattr(row, name) for name in MilestoneForm.base_fields} if row else {"stage": "education"}
    )
    form = MilestoneForm(request.POST or None, initial=initial)
    if (
        request.method == "POST"
        and form.is_valid()
        and act(form, lambda: actions.save_milestone(found, row, by=person_of(request), **form.cleaned_data))
    ):
        return say_and_go(request, _("Saved."), "cohort_curriculum", cohort=found.number)
    return form_page(
        request,
        form,
        title=_("Change the milestone") if row else _("A new milestone"),
        button=_("Save"),
        back=reverse("cohort_curriculum", kwargs={"cohort": found.number}),
        back_label=_("Curriculum"),
    )


@login_required
@require_POST
def remove(request: HttpRequest, cohort: str) -> HttpResponse:
    """Take a session, a material or a milestone out."""
    person, found = person_of(request), cohort_or_404(request, cohort, manage=True)
    here = {"region": found.region_id}
    kinds: dict[str, Any] = {
        "lesson": (Lesson.objects.filter(**here, cohort=found), actions.remove_lesson),
        "material": (
            Material.objects.filter(**here, lesson__cohort=found).select_related("document"),
            actions.remove_material,
        ),
        "milestone": (Milestone.objects.filter(**here, cohort=found), actions.remove_milestone),
    }
    for kind, (rows, command) in kinds.items():
        key = whole_number(request.POST.get(kind))
        if key is not None:
            row = rows.filter(pk=key).first()
            if row is None:
                raise Http404
            try:
                command(row, by=person)
            except Refused as refused:
                return refuse_and_go(request, refused, "cohort_curriculum", cohort=found.number)
            return say_and_go(request, _("Taken out."), "cohort_curriculum", cohort=found.number)
    raise Http404


@login_required
@require_safe
def material_file(request: HttpRequest, material: int) -> HttpResponse:
    """A file of the curriculum, for everybody in the cohort."""
    row = (
        Material.objects.filter(pk=material, lesson__cohort__in=Cohort.objects.visible_to(person_of(request)))
        .select_related("document")
        .first()
    )
    if row is None:
        raise Http404
    return file_answer(request, row.document)
