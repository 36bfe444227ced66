"""A startup in its cohort: milestones with evidence, the weekly update."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mbois import clock
from mbois.refused import Refused, require
from mbois.startups import policy, queries
from mbois.startups.actions import progress as actions
from mbois.startups.forms import CheckForm, EvidenceForm, WeekForm, first_client_id
from mbois.startups.models import (
    DemoDay,
    Evidence,
    Lesson,
    MentorPlace,
    Milestone,
    Participation,
    WeeklyUpdate,
    monday_of,
)
from mbois.startups.views.common import (
    act,
    as_json,
    file_answer,
    form_page,
    from_a_script,
    login_required,
    participation_or_404,
    person_of,
    say_and_go,
)
from mbois.web.forms import Form

WEEKS_SHOWN = 12


@login_required
@require_safe
def place(request: HttpRequest, participation: int) -> HttpResponse:
    """Where a startup stands in its cohort."""
    person, found = person_of(request), participation_or_404(request, participation)
    steps = queries.steps_of(found)
    here = {"region": found.region_id}
    updates = list(
        WeeklyUpdate.objects.filter(**here, participation=found).select_related("made_by").order_by("-week")
    )
    own = policy.in_team(person, found.startup)
    weeks = [one.week for one in updates]
    return render(
        request,
        "startups/place.html",
        {
            "participation": found,
            "startup": found.startup,
            "cohort": found.cohort,
            "own": own,
            "steps": steps,
            "done": sum(1 for one in steps if one.done),
            "updates": updates[:WEEKS_SHOWN],
            "weeks": _weeks(found, weeks),
            "streak": queries.streak(weeks, today=clock.today()),
            "wrote": monday_of(clock.today()) in weeks,
            "mentors": list(
                MentorPlace.objects.filter(**here, participation=found, until=None).select_related("person")
            ),
            "members": queries.members_of(found.startup),
            "lessons": list(
                Lesson.objects.filter(**here, cohort=found.cohort_id, starts_at__gte=clock.now()).order_by(
                    "starts_at"
                )[:3]
            ),
            "manages": policy.manages(person, found.region_id),
            "day": DemoDay.objects.published().filter(**here, cohort=found.cohort_id).first(),
            "open_weeks": actions.weeks_open(clock.today()),
        },
    )


def _weeks(participation: Participation, written: list[date]) -> list[tuple[date, bool]]:
    """The last weeks of the cohort, oldest first, and whether each was written."""
    known = set(written)
    newest = monday_of(min(clock.today(), participation.cohort.ends_on))
    first = monday_of(participation.cohort.begins_on)
    found = []
    for number in range(WEEKS_SHOWN):
        monday = date.fromordinal(newest.toordinal() - 7 * number)
        if monday < first:
            break
        found.append((monday, monday in known))
    return list(reversed(found))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def milestone(request: HttpRequest, participation: int, milestone: int) -> HttpResponse:
    """A milestone of a startup: what proves it, what was handed in."""
    person, found = person_of(request), participation_or_404(request, participation)
    goal = Milestone.objects.filter(region=found.region_id, cohort=found.cohort_id, pk=milestone).first()
    if goal is None:
        raise Http404
    form = EvidenceForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        require(policy.in_team(person, found.startup))
        if form.is_valid():
            told = form.cleaned_data
            command = lambda: actions.hand_in(  # noqa: E731
                found, goal, by=person, note=told["note"], link=told["link"], upload=told["file"]
            )
            if act(form, command):
                return say_and_go(
                    request,
                    _("Handed in. You are told once it is checked."),
                    "startup_place",
                    participation=found.pk,
                )
    return _milestone_page(request, found, goal, form, CheckForm(), status=422 if form.is_bound else 200)


def _milestone_page(
    request: HttpRequest,
    found: Participation,
    goal: Milestone,
    form: Form,
    check_form: Form,
    *,
    status: int,
) -> HttpResponse:
    person = person_of(request)
    step = next((one for one in queries.steps_of(found) if one.milestone.pk == goal.pk), None)
    own = policy.in_team(person, found.startup)
    waiting = step.waiting if step else None
    return render(
        request,
        "startups/milestone.html",
        {
            "participation": found,
            "milestone": goal,
            "step": step,
            "form": form,
            "check_form": check_form,
            "waiting": waiting,
            "own": own,
            "can_hand_in": own and step is not None and not step.done and waiting is None
            and found.left_on is None,
            "can_check": waiting is not None and policy.can_check(person, found),
        },
        status=status,
    )  # fmt: skip


def _evidence_or_404(request: HttpRequest, key: int) -> Evidence:
    found = (
        Evidence.objects.filter(
            pk=key, participation__in=Participation.objects.visible_to(person_of(request))
        )
        .select_related("participation__startup", "participation__cohort", "milestone", "document")
        .first()
    )
    if found is None:
        raise Http404
    return found


@login_required
@require_POST
def check(request: HttpRequest, milestone_evidence: int) -> HttpResponse:
    """Say whether a milestone is reached."""
    person, found = person_of(request), _evidence_or_404(request, milestone_evidence)
    require(policy.can_check(person, found.participation))
    form = CheckForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        command = lambda: actions.check(  # noqa: E731
            found, by=person, accepted=told["accepted"] == "yes", remark=told["remark"]
        )
        if act(form, command):
            return say_and_go(
                request,
                _("Thank you. The team is told."),
                "startup_place",
                participation=found.participation_id,
            )
    return _milestone_page(request, found.participation, found.milestone, EvidenceForm(), form, status=422)


@login_required
@require_safe
def evidence_file(request: HttpRequest, milestone_evidence: int) -> HttpResponse:
    """What was handed in, for those who see the startup in its cohort."""
    return file_answer(request, _evidence_or_404(request, milestone_evidence).document)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def week(request: HttpRequest, participation: int) -> HttpResponse:
    """The weekly update. Answers a phone that sends with JSON: 201 taken, 200 had come before."""
    person = person_of(request)
    found = participation_or_404(request, participation)
    own = policy.in_team(person, found.startup)
    require(own)
    last = WeeklyUpdate.objects.filter(region=found.region_id, participation=found).order_by("-week").first()
    if request.method != "POST":
        weeks = actions.weeks_open(clock.today())
        known = {
            one.week: one
            for one in WeeklyUpdate.objects.filter(
                region=found.region_id, participation=found, week__in=weeks
            )
        }
        left = [one for one in weeks if one not in known]
        if not left:
            return redirect("startup_week_edit", participation=found.pk, weekly=known[weeks[-1]].pk)
        initial = {
            "client_id": first_client_id(),
            "week": left[0].isoformat(),
            "users": last.users if last else 0,
        }
        return _week_page(request, found, WeekForm(initial=initial, weeks=left), last)
    # a phone that had no line sends the week it was written in
    recent = [date.fromordinal(monday_of(clock.today()).toordinal() - 7 * back) for back in (2, 1, 0)]
    form = WeekForm(request.POST, weeks=recent)
    if form.is_valid():
        try:
            made, again = actions.write_week(found, actions.Week(**form.values()), by=person)
        except Refused as refused:
            if from_a_script(request):
                return as_json(refused)
            if refused.status == 403:
                raise
            form.refuse(refused)
        else:
            url = reverse("startup_place", kwargs={"participation": found.pk})
            if from_a_script(request):
                return JsonResponse(
                    {"number": str(made.pk), "url": url, "again": again}, status=200 if again else 201
                )
            return say_and_go(request, _("Written. Thank you."), "startup_place", participation=found.pk)
    if from_a_script(request):
        return _wrong_fields(form)
    return _week_page(request, found, form, last, status=422)


def _wrong_fields(form: Form) -> JsonResponse:
    fields = {name: [str(sentence) for sentence in errors] for name, errors in form.errors.items()}
    first, sentences = next(iter(fields.items()))
    error: dict[str, object] = {"code": "invalid", "message": sentences[0], "fields": fields}
    if first != "__all__":
        error["field"] = first
    return JsonResponse({"error": error}, status=422)


def _week_page(
    request: HttpRequest,
    found: Participation,
    form: WeekForm,
    last: WeeklyUpdate | None,
    *,
    status: int = 200,
) -> HttpResponse:
    weeks = list(
        WeeklyUpdate.objects.filter(region=found.region_id, participation=found).values_list(
            "week", flat=True
        )
    )
    return render(
        request,
        "startups/week.html",
        {
            "participation": found,
            "form": form,
            "last": last,
            "streak": queries.streak(weeks, today=clock.today()),
        },
        status=status,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def week_edit(request: HttpRequest, participation: int, weekly: int) -> HttpResponse:
    """Change this week's update."""
    person, found = person_of(request), participation_or_404(request, participation)
    require(policy.in_team(person, found.startup))
    row = (
        WeeklyUpdate.objects.filter(region=found.region_id, participation=found, pk=weekly)
        .select_related("made_by")
        .first()
    )
    if row is None:
        raise Http404
    names = ("client_id", "done", "ahead", "stuck", "talked_to", "users", "revenue")
    initial = {name: getattr(row, name) for name in names} | {"week": row.week.isoformat()}
    form = WeekForm(request.POST or None, initial=initial, weeks=[row.week])
    if (
        request.method == "POST"
        and form.is_valid()
        and act(form, lambda: actions.change_week(row, actions.Week(**form.values()), by=person))
    ):
        return say_and_go(request, _("Saved."), "startup_place", participation=found.pk)
    return form_page(
        request,
        form,
        title=_("This week's update"),
        about=_("Written by %(name)s.") % {"name": row.made_by.name},
        button=_("Save"),
        back=reverse("startup_place", kwargs={"participation": found.pk}),
        back_label=found.startup.name,
    )
