"""The steps of a plan, what was handed in for them, and its check."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mbois.mentoring import policy
from mbois.mentoring.actions import plans as actions
from mbois.mentoring.forms import CheckForm, EvidenceForm, StepForm
from mbois.mentoring.models import Course, Evidence, PlanStep
from mbois.mentoring.plan import Standing, standing_of
from mbois.mentoring.views.common import login_required, mentorship_or_404, person_of, say_and_go
from mbois.people.views.files import serve
from mbois.refused import Refused, require


def _step_or_404(request: HttpRequest, key: int) -> PlanStep:
    found = (
        PlanStep.objects.visible_to(person_of(request))
        .filter(pk=key)
        .select_related(
            "region",
            "mentorship__enterprise__owner__person",
            "mentorship__enterprise__village",
            "mentorship__mentor__person",
        )
        .first()
    )
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, mentorship: str) -> HttpResponse:
    """Add a step to the plan."""
    person, found = person_of(request), mentorship_or_404(request, mentorship)
    require(policy.can_work_on(person, found))
    taken = {row.step.key for row in standing_of(found)}
    form = StepForm(request.POST or None, taken=taken)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_step(found, by=person, **form.cleaned_data)
            return say_and_go(request, _("Added to the plan."), "mentorship", mentorship=found.number)
        except Refused as refused:
            form.refuse(refused)
    return render(
        request,
        "mentoring/step_add.html",
        {"mentorship": found, "form": form},
        status=422 if form.is_bound else 200,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, plan_step: int) -> HttpResponse:
    """A step: how it is done, what proves it, and what was handed in."""
    person, found = person_of(request), _step_or_404(request, plan_step)
    mentorship = found.mentorship
    form = EvidenceForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        require(policy.can_hand_in(person, mentorship))
        if form.is_valid():
            try:
                actions.hand_in(
                    found, by=person, upload=form.cleaned_data["file"], note=form.cleaned_data["note"]
                )
                return say_and_go(
                    request, _("Handed in. The mentor looks at it."), "plan_step", plan_step=found.pk
                )
            except Refused as refused:
                form.refuse(refused)
    return _page(request, found, form, CheckForm(), status=422 if form.is_bound else 200)


def _page(
    request: HttpRequest, found: PlanStep, form: EvidenceForm, check_form: CheckForm, *, status: int
) -> HttpResponse:
    person, mentorship = person_of(request), found.mentorship
    row: Standing | None = next((one for one in standing_of(mentorship) if one.step.pk == found.pk), None)
    course = None
    if row and row.kind and row.kind.course:
        course = Course.objects.published().filter(region=found.region_id, slug=row.kind.course).first()
    waiting = next((one for one in row.evidence if one.accepted is None), None) if row else None
    return render(
        request,
        "mentoring/step.html",
        {
            "mentorship": mentorship,
            "enterprise": mentorship.enterprise,
            "step": found,
            "row": row,
            "course": course,
            "form": form,
            "check_form": check_form,
            "waiting": waiting,
            "own": policy.owns(person, mentorship.enterprise),
            "can_hand_in": bool(row and not row.done and policy.can_hand_in(person, mentorship)),
            "can_check": waiting is not None and policy.can_check(person, mentorship),
            "can_drop": bool(row and not row.done and policy.can_work_on(person, mentorship)),
        },
        status=status,
    )


@login_required
@require_POST
def check(request: HttpRequest, evidence: int) -> HttpResponse:
    """Say whether evidence proves its step."""
    person = person_of(request)
    found = Evidence.objects.filter(pk=evidence).first()
    if found is None:
        raise Http404
    step = _step_or_404(request, found.step_id)
    require(policy.can_check(person, step.mentorship))
    form = CheckForm(request.POST)
    if form.is_valid():
        try:
            actions.check(
                found,
                by=person,
                accepted=form.cleaned_data["accepted"] == "yes",
                remark=form.cleaned_data["remark"],
            )
            return say_and_go(
                request, _("Thank you. The owner is told."), "mentorship", mentorship=step.mentorship.number
            )
        except Refused as refused:
            form.refuse(refused)
    return _page(request, step, EvidenceForm(), form, status=422)


@login_required
@require_POST
def drop(request: HttpRequest, plan_step: int) -> HttpResponse:
    """Take a step out of the plan."""
    found = _step_or_404(request, plan_step)
    actions.drop_step(found, by=person_of(request))
    return say_and_go(request, _("Taken out of the plan."), "mentorship", mentorship=found.mentorship.number)


@login_required
@require_safe
def evidence_file(request: HttpRequest, evidence: int) -> HttpResponse:
    """What was handed in, for those who see the plan."""
    found = Evidence.objects.filter(pk=evidence).select_related("document").first()
    if found is None or found.document is None:
        raise Http404
    _step_or_404(request, found.step_id)
    document = found.document
    small = "kecil" in request.GET and document.thumbnail
    return serve(
        request,
        document.thumbnail if small else document.file,
        kind="image/jpeg" if small else document.kind,
        name=document.name,
        etag=("s" if small else "") + document.sha256[:31],
        inline=document.is_image,
    )
