"""The reviewer's queue and the review."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mbois import clock
from mbois.people.models import Role
from mbois.refused import Refused, require
from mbois.startups import answers
from mbois.startups.actions import reviewing as actions
from mbois.startups.forms import ConflictForm, ReviewForm
from mbois.startups.models import (
    OPEN_STATES,
    Application,
    ApplicationFile,
    Criterion,
    Question,
    Review,
    to_review,
)
from mbois.startups.show import points
from mbois.startups.views.common import (
    act,
    as_json,
    file_answer,
    form_page,
    from_a_script,
    login_required,
    person_of,
    refuse_and_go,
    review_or_404,
    say_and_go,
)
from mbois.web import show
from mbois.web.components import badge
from mbois.web.tables import Choice, Column, Empty, Filter, Table


@dataclass(frozen=True)
class Row:
    """An application in the queue, as this reviewer may know it."""

    number: str
    title: str
    call: str
    excerpt: str
    searched: str
    state: str
    total: int | None
    order: int
    url: str

    @property
    def shown(self) -> tuple[str, str]:
        return {
            "sent": (_("Judged"), "ok"),
            "begun": (_("Being written"), "wait"),
            "open": (_("To judge"), "info"),
            "closed": (_("Closed"), "plain"),
        }[self.state]


def title_of(application: Application) -> str:
    """What a reviewer calls it: the startup's name, or only its number in a blind call."""
    return application.number if application.call.blind else application.startup.name


def rows_of(request: HttpRequest) -> list[Row]:
    """Everything this reviewer was asked for; in blind calls without anything that names somebody."""
    person = person_of(request)
    applications = list(
        to_review(person)
        .select_related("call", "startup__enterprise")
        .prefetch_related("call__phases")
        .order_by("call", "pk")
    )
    names = answers.names_of([one for one in applications if one.call.blind])
    reviews = {
        one.application_id: one
        for one in Review.objects.filter(
            region__in={row.region_id for row in applications},
            reviewer=person,
            application__in=[row.pk for row in applications],
        )
    }
    questions: dict[int, list[Question]] = {}
    for question in Question.objects.filter(
        region__in={row.region_id for row in applications},
        call__in={row.call_id for row in applications},
    ).order_by("position"):
        questions.setdefault(question.call_id, []).append(question)
    found = []
    open_calls = {
        call.pk: actions.reviewing_now(call)[0]
        for call in {one.call_id: one.call for one in applications}.values()
    }
    for place, one in enumerate(applications):
        read = answers.shown(one, questions.get(one.call_id, []), (), hiding=names.get(one.pk))
        texts = [answer.text for answer in read if answer.text]
        review = reviews.get(one.pk)
        state = "sent" if review and review.sent_at else "begun" if review else "open"
        if state != "sent" and (one.state not in OPEN_STATES or not open_calls[one.call_id]):
            state = "closed"
        longest = max(texts, key=len, default="")
        title = title_of(one)
        found.append(
            Row(
                number=one.number,
                title=title,
                call=one.call.title,
                excerpt=longest[:140] + ("…" if len(longest) > 140 else ""),
                searched=" ".join([title, one.number, *texts]).casefold(),
                state=state,
                total=review.total if review else None,
                order={"begun": 0, "open": 1, "sent": 2, "closed": 3}[state] * 10_000 + place,
                url=reverse("startup_review", kwargs={"startup_application": one.number}),
            )
        )
    return found


@login_required
@require_safe
def queue(request: HttpRequest) -> Any:
    """What this reviewer still has to judge, and what they have."""
    person = person_of(request)
    require(Role.REVIEWER in person.roles, _("This page is for reviewers."))
    rows = sorted(rows_of(request), key=lambda row: row.order)
    todo = [one for one in rows if one.state in ("open", "begun")]
    sent = sum(1 for one in rows if one.state == "sent")
    table = Table(
        request,
        rows=rows,
        columns=[
            Column(
                "title",
                _("Application of a startup"),
                sort="title",
                link=lambda row: row.url,
                note=lambda row: row.excerpt,
            ),
            Column("call", _("Call"), phone=False),
            Column("state", _("State"), html=lambda row: badge(*row.shown), value=lambda row: row.shown[0]),
            Column("total", _("My points"), show=points, number=True, sort="-total"),
        ],
        search=lambda found, text: [row for row in found if text.casefold() in row.searched],
        search_label=_("Search in the applications"),
        filters=[
            Filter(
                "keadaan",
                _("State"),
                [
                    Choice("nilai", _("To judge"), lambda row: row.state in ("open", "begun")),
                    Choice("sudah", _("Judged"), lambda row: row.state == "sent"),
                ],
            )
        ],
        empty=Empty(
            _("Nothing to judge"),
            _("When you are asked for applications, they stand here and you are told."),
            art="inbox",
        ),
    )
    return table.answer(
        "startups/queue.html",
        {"todo": len(todo), "first": min(todo, key=lambda row: row.order) if todo else None,
         "sent": sent, "all": len([one for one in rows if one.state != "closed"])},
    )  # fmt: skip


def _next(request: HttpRequest, after: str) -> str | None:
    """The next one to judge after this one."""
    todo = sorted(
        (one for one in rows_of(request) if one.state in ("open", "begun") and one.number != after),
        key=lambda row: (row.number < after, row.number),
    )
    return todo[0].number if todo else None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, startup_application: str) -> HttpResponse:
    """Read an application and judge it. What is typed is kept by itself."""
    person, found = person_of(request), review_or_404(request, startup_application)
    criteria = list(Criterion.objects.filter(region=found.region_id, call=found.call_id))
    written = Review.objects.filter(region=found.region_id, application=found, reviewer=person).first()
    form = ReviewForm(request.POST or None, criteria=criteria, review=written)
    if request.method == "POST":
        sending = request.POST.get("do") == "send"
        script = from_a_script(request)
        if form.is_valid():
            try:
                saved = actions.save_review(found, by=person, send=sending, **form.values())
            except Refused as refused:
                if script:
                    return as_json(refused)
                if refused.status == 403:
                    raise
                form.refuse(refused)
                if sending:
                    for one in criteria:
                        if f"p-{one.key}" not in form.errors and not form.cleaned_data.get(f"p-{one.key}"):
                            form.add_error(f"p-{one.key}", _("Give points from 1 to 5."))
            else:
                if script:
                    return JsonResponse({"kept": show.jam(clock.now()), "version": saved.version})
                if sending:
                    following = _next(request, found.number)
                    if following:
                        return say_and_go(
                            request,
                            _("Sent. Here is the next one."),
                            "startup_review",
                            startup_application=following,
                        )
                    return say_and_go(request, _("Sent. That was the last one, thank you."), "review_queue")
                return say_and_go(request, _("Kept."), "startup_review", startup_application=found.number)
        elif script:
            return JsonResponse({"error": {"code": "invalid", "message": _("Not kept.")}}, status=422)
    questions = list(Question.objects.filter(region=found.region_id, call=found.call_id).order_by("position"))
    files = list(
        ApplicationFile.objects.filter(region=found.region_id, application=found).select_related("document")
    )
    names = answers.names_of([found]).get(found.pk) if found.call.blind else None
    open_now, when = actions.reviewing_now(found.call)
    return render(
        request,
        "startups/review.html",
        {
            "application": found,
            "title": title_of(found),
            "call": found.call,
            "answers": answers.shown(found, questions, files, hiding=names),
            "form": form,
            "review": written,
            "open": open_now and found.state in OPEN_STATES,
            "when": when,
        },
        status=422 if form.is_bound else 200,
    )


@login_required
@require_safe
def review_file(request: HttpRequest, startup_application: str, asked: int) -> HttpResponse:
    """A file of an application as its reviewer may see it: in a blind call none that shows who they are,
    and never under its own name."""
    found = review_or_404(request, startup_application)
    rows = list(
        ApplicationFile.objects.filter(region=found.region_id, application=found)
        .select_related("document", "question")
        .order_by("question__position")
    )
    row = next((one for one in rows if one.question_id == asked), None)
    if row is None or (found.call.blind and row.question.identifying):
        raise Http404
    name = f"{found.number}-{asked}{row.document.extension}" if found.call.blind else ""
    return file_answer(request, row.document, name=name)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def conflict(request: HttpRequest, startup_application: str) -> HttpResponse:
    """Say that one is too close; then the application is gone for this person."""
    person, found = person_of(request), review_or_404(request, startup_application)
    form = ConflictForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and act(form, lambda: actions.declare_conflict(found, by=person, reason=form.cleaned_data["reason"]))
    ):
        return say_and_go(
            request,
            _("Thank you. You see nothing of this application any more; somebody else judges it."),
            "review_queue",
        )
    return form_page(
        request,
        form,
        title=_("I am too close to judge this"),
        about=_(
            "From now on this application is closed to you: its answers, files and results. "
            "This cannot be taken back."
        ),
        button=_("Declare the conflict"),
        back=reverse("startup_review", kwargs={"startup_application": found.number}),
        back_label=title_of(found),
        icon="shield-check",
        danger=True,
    )


@login_required
@require_safe
def following(request: HttpRequest) -> HttpResponse:
    """Straight to the next one to judge."""
    person = person_of(request)
    require(Role.REVIEWER in person.roles, _("This page is for reviewers."))
    number = _next(request, request.GET.get("sesudah", "")[:24])
    if number is None:
        return refuse_and_go(request, Refused(_("Nothing left to judge.")), "review_queue")
    return redirect("startup_review", startup_application=number)
