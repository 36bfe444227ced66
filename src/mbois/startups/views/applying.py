"""An application: begun, written, sent, changed until the deadline."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mbois import clock
from mbois.refused import Refused, require
from mbois.startups import answers, policy, queries
from mbois.startups.actions import applying as actions
from mbois.startups.actions import teams
from mbois.startups.forms import AnswersForm, BeginForm, InviteForm
from mbois.startups.models import (
    Application,
    ApplicationFile,
    Conflict,
    Criterion,
    Decision,
    Question,
    Review,
    Startup,
    State,
)
from mbois.startups.views.common import (
    application_or_404,
    as_json,
    call_or_404,
    file_answer,
    from_a_script,
    login_required,
    person_of,
    refuse_and_go,
    say_and_go,
)
from mbois.web import show
from mbois.web.confirm import ask_first


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, call: str) -> HttpResponse:
    """With which startup? Then straight to the questions."""
    person, found = person_of(request), call_or_404(request, call)
    mine = list(Startup.objects.of(person).filter(region=found.region_id).order_by("-pk"))
    window = actions.window_of(found)
    form = BeginForm(request.POST or None, startups=mine)
    if request.method == "POST" and form.is_valid():
        chosen = next((one for one in mine if str(one.pk) == form.cleaned_data.get("startup", "")), None)
        try:
            if window is None or not window.is_now:
                raise actions.too_late(window)
            startup = chosen or teams.found(form.cleaned_data["name"], region_id=found.region_id, by=person)
            made = actions.begin(found, startup, by=person)
            return redirect("startup_application", startup_application=made.number)
        except Refused as refused:
            if refused.status == 403:
                raise
            form.refuse(refused)
    return render(
        request,
        "startups/begin.html",
        {"call": found, "form": form, "window": window},
        status=422 if form.is_bound else 200,
    )


def _parts(found: Application) -> tuple[list[Question], list[ApplicationFile]]:
    questions = list(Question.objects.filter(region=found.region_id, call=found.call_id).order_by("position"))
    files = list(
        ApplicationFile.objects.filter(region=found.region_id, application=found).select_related("document")
    )
    return questions, files


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def application(request: HttpRequest, startup_application: str) -> HttpResponse:
    """The application: a form for its team as long as it may change, else what was sent and what became
    of it."""
    person, found = person_of(request), application_or_404(request, startup_application)
    own = policy.in_team(person, found.startup)
    questions, files = _parts(found)
    window = actions.window_of(found.call)
    writing = own and found.state in actions.EDITABLE and window is not None and window.is_now
    if request.method == "POST":
        return _written(request, found, questions, files)
    if writing and (found.state == State.DRAFT or "ubah" in request.GET):
        form = AnswersForm(questions=questions, application=found, files=files)
        return _form(request, found, form)
    decisions = list(Decision.objects.filter(region=found.region_id, application=found).order_by("-pk"))
    criteria = list(Criterion.objects.filter(region=found.region_id, call=found.call_id))
    told = decisions[0] if decisions and decisions[0].outcome != State.INTERVIEW else None
    notes: list[str] = []
    if told is not None:
        notes = list(
            Review.objects.counting()
            .filter(region=found.region_id, application=found)
            .exclude(note="")
            .order_by("pk")
            .values_list("note", flat=True)
        )
    manages = policy.reads(person, found.region_id) and not own
    return render(
        request,
        "startups/application.html",
        {
            "application": found,
            "own": own,
            "window": window,
            "writing": writing,
            "answers": answers.shown(found, questions, files),
            "decisions": decisions,
            "judged": [
                (one, told.criteria.get(one.key)) for one in criteria if told and one.key in told.criteria
            ],
            "notes": notes,
            "manages": manages,
            "can_manage": manages and policy.manages(person, found.region_id),
            "reviews": _reviews(found, criteria) if manages else [],
            "standing": queries.standings_of(found.call, by=person).get(found.pk) if manages else None,
            "criteria": criteria,
            "members": queries.members_of(found.startup),
            "conflicts": list(
                Conflict.objects.filter(region=found.region_id, application=found).select_related("person")
            )
            if manages
            else [],
            "can_take_up": own and found.state == State.WITHDRAWN and window is not None and window.is_now,
        },
    )


def _reviews(
    found: Application, criteria: list[Criterion]
) -> list[tuple[Review, list[tuple[str, int | None, str]]]]:
    rows = (
        Review.objects.counting()
        .filter(region=found.region_id, application=found)
        .select_related("reviewer")
        .order_by("pk")
    )
    return [
        (
            row,
            [(one.name, row.points.get(one.key), row.remarks.get(one.key, "")) for one in criteria],
        )
        for row in rows
    ]


def _form(request: HttpRequest, found: Application, form: AnswersForm, *, status: int = 200) -> HttpResponse:
    window = actions.window_of(found.call)
    return render(
        request,
        "startups/apply.html",
        {
            "application": found,
            "form": form,
            "window": window,
            "soon": bool(window and (window.ends - clock.now()).days < 3),
            "members": queries.members_of(found.startup),
            "invite": InviteForm(),
            "sent": found.state == State.SUBMITTED,
        },
        status=status,
    )


def _written(
    request: HttpRequest, found: Application, questions: list[Question], files: list[ApplicationFile]
) -> HttpResponse:
    person = person_of(request)
    require(policy.in_team(person, found.startup))
    script = from_a_script(request)
    form = AnswersForm(request.POST, request.FILES, questions=questions, application=found, files=files)
    given = form.answers(only_given=script)
    sending = request.POST.get("do") == "send"
    try:
        for question, upload in form.uploads():
            actions.attach(found, question, upload, by=person)
        if sending:
            actions.submit(found, given, by=person)
        else:
            actions.keep(found, given, by=person)
    except Refused as refused:
        if script:
            return as_json(refused)
        if refused.status == 403:
            raise
        if refused.code == "closed":
            return refuse_and_go(request, refused, "startup_application", startup_application=found.number)
        if found.state == State.DRAFT and refused.field:
            # what is typed is kept, whatever is missing
            found = actions.keep(found, given, by=person)
        form.held = {
            one.question_id: one
            for one in ApplicationFile.objects.filter(
                region=found.region_id, application=found
            ).select_related("document")
        }
        form.errors.clear()
        form.refuse(refused)
        if sending:
            _say_everything(form, found.answers | given)
        return _form(request, found, form, status=refused.status)
    if script:
        return JsonResponse({"kept": show.jam(clock.now())})
    if sending:
        return say_and_go(
            request,
            _("Sent. Until the deadline you can still change it."),
            "startup_application",
            startup_application=found.number,
        )
    return say_and_go(request, _("Kept as a draft."), "startup_application", startup_application=found.number)


def _say_everything(form: AnswersForm, held: dict[str, object]) -> None:
    """Beside each field what is wrong with it, not only with the first one: with what was kept before and
    not touched now as well."""
    for question in form.questions:
        name = f"q-{question.key}"
        text = answers.problem(question, held.get(question.key), question.pk in form.held)
        if text and name not in form.errors:
            form.add_error(name, text)


@login_required
@require_safe
def application_file(request: HttpRequest, startup_application: str, asked: int) -> HttpResponse:
    """A file of an application, for those who may see the application."""
    found = application_or_404(request, startup_application)
    row = (
        ApplicationFile.objects.filter(region=found.region_id, application=found, question=asked)
        .select_related("document")
        .first()
    )
    if row is None:
        raise Http404
    return file_answer(request, row.document)


@login_required
@require_POST
def remove_file(request: HttpRequest, startup_application: str, asked: int) -> HttpResponse:
    """Throw a file away."""
    person, found = person_of(request), application_or_404(request, startup_application)
    question = Question.objects.filter(region=found.region_id, call=found.call_id, pk=asked).first()
    if question is None:
        raise Http404
    try:
        actions.remove_file(found, question, by=person)
    except Refused as refused:
        return refuse_and_go(request, refused, "startup_application", startup_application=found.number)
    return say_and_go(request, _("Thrown away."), "startup_application", startup_application=found.number)


@login_required
@require_POST
def withdraw(request: HttpRequest, startup_application: str) -> HttpResponse:
    """Take the application back."""
    person, found = person_of(request), application_or_404(request, startup_application)
    require(policy.in_team(person, found.startup))
    if asked := ask_first(
        request,
        question=_("Withdraw this application?"),
        verb=_("Withdraw"),
        detail=_("Nobody judges it any more. Until the deadline you can take it up again."),
        danger=True,
    ):
        return asked
    try:
        actions.withdraw(found, by=person)
    except Refused as refused:
        return refuse_and_go(request, refused, "startup_application", startup_application=found.number)
    return say_and_go(request, _("Withdrawn."), "startup_application", startup_application=found.number)


@login_required
@require_POST
def take_up_again(request: HttpRequest, startup_application: str) -> HttpResponse:
    """A withdrawn application becomes a draft again."""
    person, found = person_of(request), application_or_404(request, startup_application)
    try:
        actions.take_up_again(found, by=person)
    except Refused as refused:
        return refuse_and_go(request, refused, "startup_application", startup_application=found.number)
    return redirect("startup_application", startup_application=found.number)
