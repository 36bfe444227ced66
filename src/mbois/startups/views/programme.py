"""The programme manager's first page, and writing calls."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mbois import clock
from mbois.people.regions import choose_region
from mbois.refused import Refused
from mbois.startups import queries
from mbois.startups.actions import calls as actions
from mbois.startups.forms import CallForm, CriteriaForm, PhasesForm, QuestionForm
from mbois.startups.models import (
    Application,
    Call,
    Cohort,
    Criterion,
    Evidence,
    Phase,
    Question,
    Review,
    State,
)
from mbois.startups.views.common import (
    act,
    form_page,
    login_required,
    managing,
    person_of,
    reading,
    refuse_and_go,
    run_call,
    say_and_go,
)
from mbois.web import show


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What runs, who waits, who is behind."""
    person, regions = person_of(request), reading(request)
    calls = list(
        Call.objects.filter(region__in=regions).with_window().select_related("region").order_by("-pk")[:12]
    )
    counts: dict[int, dict[str, int]] = {}
    seen = Application.objects.visible_to(person).filter(call__in=[one.pk for one in calls])
    for call, state in seen.values_list("call_id", "state"):
        counts.setdefault(call, {})[state] = counts.setdefault(call, {}).get(state, 0) + 1
    cohorts = list(
        Cohort.objects.filter(region__in=regions).select_related("region").order_by("-begins_on")[:12]
    )
    running = [one for one in cohorts if one.is_running]
    behind = []
    for cohort in running[:3]:
        behind += [(cohort, row) for row in queries.board(cohort) if row.behind][:6]
    waiting = list(
        Evidence.objects.filter(region__in=regions, accepted=None)
        .select_related("participation__startup", "milestone")
        .order_by("sent_at")[:8]
    )
    return render(
        request,
        "startups/programme.html",
        {
            "calls": [
                (
                    one,
                    sum(
                        number for state, number in counts.get(one.pk, {}).items() if state != State.WITHDRAWN
                    ),
                    counts.get(one.pk, {}).get(State.ACCEPTED, 0),
                    _state_of(one),
                )
                for one in calls
            ],
            "cohorts": cohorts,
            "behind": behind,
            "waiting": waiting,
            "manages": bool(set(regions) & set(person.regions_with("incubator"))),
        },
    )


def _state_of(call: Call) -> tuple[str, str]:
    """The state of a call in a word, with its tone."""
    window, now = getattr(call, "window", None), clock.now()
    if call.published_at is None:
        return _("Draft"), "plain"
    if window is None or now < window.lower:
        return _("To come"), "info"
    if now < window.upper:
        return _("Open until %(moment)s") % {"moment": show.waktu(window.upper)}, "ok"
    return _("Closed"), "wait"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_call(request: HttpRequest) -> HttpResponse:
    """Write a new call."""
    person, choice = person_of(request), choose_region(request, managing(request))
    form = CallForm(request.POST or None)
    made: list[Call] = []
    if request.method == "POST" and form.is_valid():
        command = lambda: made.append(  # noqa: E731
            actions.save_call(None, region_id=choice.chosen, by=person, **form.cleaned_data)
        )
        if act(form, command):
            return say_and_go(
                request,
                _("Written. Now its time, questions and criteria."),
                "call_setup",
                call=made[0].number,
            )
    return form_page(
        request,
        form,
        title=_("A new call"),
        button=_("Go on"),
        back=reverse("startup_programme"),
        back_label=_("Startup programme"),
        icon="arrow-right",
        extra={"choice": choice},
    )


@login_required
@require_safe
def setup(request: HttpRequest, call: str) -> HttpResponse:
    """Everything a call needs on one page, and what is missing until it can be published."""
    found = run_call(request, call)
    here = {"region": found.region_id, "call": found}
    phases = queries.phases_of(found)
    questions = list(Question.objects.filter(**here))
    criteria = list(Criterion.objects.filter(**here))
    has_window = any(one.kind == Phase.Kind.CALL for one in phases)
    return render(
        request,
        "startups/call_setup.html",
        {
            "call": found,
            "phases": phases,
            "questions": questions,
            "criteria": criteria,
            "applied": Application.objects.filter(**here).exists(),
            "judged": Review.objects.filter(
                region=found.region_id, application__call=found, sent_at__isnull=False
            ).exists(),
            "ready": bool(has_window and questions and criteria),
            "tab": "setup",
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_call(request: HttpRequest, call: str) -> HttpResponse:
    """Change what a call says."""
    found = run_call(request, call)
    names = list(CallForm.base_fields)
    form = CallForm(request.POST or None, initial={name: getattr(found, name) for name in names})
    if (
        request.method == "POST"
        and form.is_valid()
        and act(
            form,
            lambda: actions.save_call(
                found, region_id=found.region_id, by=person_of(request), **form.cleaned_data
            ),
        )
    ):
        return say_and_go(request, _("Saved."), "call_setup", call=found.number)
    return form_page(
        request,
        form,
        title=_("What the call says"),
        button=_("Save"),
        back=reverse("call_setup", kwargs={"call": found.number}),
        back_label=found.title,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def phases(request: HttpRequest, call: str) -> HttpResponse:
    """From when to when each phase lasts."""
    found = run_call(request, call)
    known = {one.kind: one for one in queries.phases_of(found)}
    form = PhasesForm(request.POST or None, phases=known)
    if (
        request.method == "POST"
        and form.is_valid()
        and act(form, lambda: actions.save_phases(found, form.phases(), by=person_of(request)))
    ):
        return say_and_go(request, _("Saved."), "call_setup", call=found.number)
    return form_page(
        request,
        form,
        title=_("Phases"),
        about=_(
            "Hours are those of Malang (WIB). A phase ends before its last hour begins: one until 17.00 and one from 17.00 fit."
        ),
        button=_("Save"),
        back=reverse("call_setup", kwargs={"call": found.number}),
        back_label=found.title,
        template="startups/phases.html",
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, call: str, asked: int | None = None) -> HttpResponse:
    """Add a question or change one."""
    found = run_call(request, call)
    row = None
    if asked is not None:
        row = Question.objects.filter(region=found.region_id, call=found, pk=asked).first()
        if row is None:
            raise Http404
    form = QuestionForm(request.POST or None, question=row)
    if (
        request.method == "POST"
        and form.is_valid()
        and act(form, lambda: actions.save_question(found, row, by=person_of(request), **form.values()))
    ):
        return say_and_go(request, _("Saved."), "call_setup", call=found.number)
    return form_page(
        request,
        form,
        title=_("Change the question") if row else _("Another question"),
        button=_("Save"),
        back=reverse("call_setup", kwargs={"call": found.number}),
        back_label=found.title,
    )


@login_required
@require_POST
def question_do(request: HttpRequest, call: str, asked: int) -> HttpResponse:
    """Move a question up or down, or take it out."""
    found, person = run_call(request, call), person_of(request)
    row = Question.objects.filter(region=found.region_id, call=found, pk=asked).select_related("call").first()
    if row is None:
        raise Http404
    what = request.POST.get("do")
    try:
        if what == "remove":
            actions.remove_question(row, by=person)
        elif what in ("up", "down"):
            actions.move_question(row, up=what == "up", by=person)
    except Refused as refused:
        return refuse_and_go(request, refused, "call_setup", call=found.number)
    return say_and_go(request, _("Saved."), "call_setup", call=found.number)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def criteria(request: HttpRequest, call: str) -> HttpResponse:
    """By what applications are judged; the weights are 100 together."""
    found = run_call(request, call)
    rows = list(Criterion.objects.filter(region=found.region_id, call=found))
    form = CriteriaForm(request.POST or None, criteria=rows)
    if (
        request.method == "POST"
        and form.is_valid()
        and act(form, lambda: actions.save_criteria(found, form.criteria_rows(), by=person_of(request)))
    ):
        return say_and_go(request, _("Saved."), "call_setup", call=found.number)
    return form_page(
        request,
        form,
        title=_("Criteria"),
        about=_("The weights are 100 together. Once somebody has judged, they stay."),
        button=_("Save"),
        back=reverse("call_setup", kwargs={"call": found.number}),
        back_label=found.title,
        template="startups/criteria.html",
    )


@login_required
@require_POST
def publish(request: HttpRequest, call: str) -> HttpResponse:
    """Open the call to the public."""
    found = run_call(request, call)
    try:
        actions.publish(found, by=person_of(request))
    except Refused as refused:
        return refuse_and_go(request, refused, "call_setup", call=found.number)
    return say_and_go(
        request, _("Published. It stands on the public page now."), "startup_call", call=found.number
    )
