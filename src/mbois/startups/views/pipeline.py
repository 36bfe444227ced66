"""The pipeline of a call: applications, reviewers' progress, the ranking, decisions."""

from collections.abc import Callable
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mbois.people.models import Person
from mbois.refused import Refused
from mbois.startups import policy, queries
from mbois.startups.actions import deciding, reviewing
from mbois.startups.forms import ConflictForm, DecisionForm, ReviewersForm
from mbois.startups.judging import Standing
from mbois.startups.models import (
    OPEN_STATES,
    Application,
    Assignment,
    Call,
    Conflict,
    Criterion,
    Decision,
    Review,
    State,
)
from mbois.startups.show import points
from mbois.startups.views.common import (
    act,
    application_or_404,
    form_page,
    login_required,
    person_of,
    read_call,
    refuse_and_go,
    run_call,
    say_and_go,
)
from mbois.web.components import badge
from mbois.web.given import whole_number
from mbois.web.tables import Choice, Column, Empty, Filter, Table


def _seen(call: Call, person: Person) -> "QuerySet[Application]":
    found: QuerySet[Application] = (
        Application.objects.visible_to(person)
        .filter(region=call.region_id, call=call, submitted_at__isnull=False)
        .select_related("startup")
    )
    return found


@login_required
@require_safe
def applications(request: HttpRequest, call: str) -> Any:
    """Every application that was sent, with how far its judging is. As a file, too."""
    person, found = person_of(request), read_call(request, call)
    rows = _seen(found, person).annotate(
        asked=Count("assignments", distinct=True),
        judged=Count(
            "reviews",
            filter=Q(reviews__sent_at__isnull=False, reviews__taken_out_at=None),
            distinct=True,
        ),
    )
    standings = queries.standings_of(found, by=person)

    def standing(row: Application) -> Standing:
        return standings.get(row.pk) or Standing(row.pk, (), None, None)

    enough = Q(judged__gte=found.reviews_wanted)
    table = Table(
        request,
        rows=rows,
        columns=[
            Column(
                "startup",
                _("Startup"),
                value="startup.name",
                sort="startup__name",
                link=lambda row: reverse("startup_application", kwargs={"startup_application": row.number}),
                note=lambda row: row.number,
            ),
            Column("number", _("Number"), html=lambda row: row.number, phone=False),
            Column("state", _("State"), value="get_state_display", html=lambda row: badge(row.state_shown)),
            Column("judged", _("Judgements"), value=lambda row: f"{row.judged}/{row.asked}", sort="-judged"),
            Column("median", _("Median"), value=lambda row: points(standing(row).median), number=True),
            Column("spread", _("Spread"), value=lambda row: points(standing(row).spread), number=True),
            Column("submitted_at", _("Sent"), sort="-submitted_at", phone=False),
        ],
        search=lambda found_rows, text: found_rows.filter(
            Q(startup__name__icontains=text) | Q(number__icontains=text)
        ),
        search_label=_("Search a startup"),
        filters=[
            Filter(
                "keadaan",
                _("State"),
                [Choice(str(one), one.label, Q(state=one)) for one in State if one != State.DRAFT],
            ),
            Filter(
                "ulasan",
                _("Judgements"),
                [
                    Choice("cukup", _("Enough reviews"), Q(pk__in=rows.filter(enough).values("pk"))),
                    Choice("kurang", _("Reviews are missing"), ~Q(pk__in=rows.filter(enough).values("pk"))),
                ],
            ),
        ],
        order="-submitted_at",
        download="lamaran",
        empty=Empty(_("Nobody has applied yet"), _("They stand here once they are sent."), art="inbox"),
    )
    drafts = Application.objects.filter(region=found.region_id, call=found, state=State.DRAFT).count()
    hidden = Conflict.objects.filter(region=found.region_id, application__call=found, person=person).exists()
    return table.answer(
        "startups/pipeline.html",
        {
            "call": found,
            "drafts": drafts,
            "hidden": hidden,
            "tab": "pipeline",
            "manages": policy.manages(person, found.region_id),
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reviewers(request: HttpRequest, call: str) -> HttpResponse:
    """Who reviews, how far each is, and sharing out what nobody has yet."""
    person, found = person_of(request), read_call(request, call)
    manages = policy.manages(person, found.region_id)
    people = reviewing.reviewers_of(found.region_id, blind=found.blind)
    form = ReviewersForm(request.POST or None, people=people)
    if request.method == "POST":
        run_call(request, call)
        if request.POST.get("do") == "remind":
            count = reviewing.remind(found, by=person)
            return say_and_go(
                request,
                ngettext("%(count)s reviewer reminded.", "%(count)s reviewers reminded.", count)
                % {"count": count},
                "call_reviewers",
                call=found.number,
            )
        if form.is_valid():
            chosen = [one for one in people if str(one.pk) in form.cleaned_data["reviewers"]]
            made: list[int] = []
            if act(form, lambda: made.append(reviewing.share_out(found, chosen, by=person))):
                return say_and_go(
                    request,
                    ngettext("%(count)s review shared out.", "%(count)s reviews shared out.", made[0])
                    % {"count": made[0]},
                    "call_reviewers",
                    call=found.number,
                )
    loads = queries.loads_of(found, people)
    rows = _seen(found, person).filter(state__in=OPEN_STATES)
    short = [
        one
        for one in rows.annotate(asked=Count("assignments", distinct=True)).order_by("pk")
        if one.asked < found.reviews_wanted
    ]
    open_now, when = reviewing.reviewing_now(found)
    conflicts = list(
        Conflict.objects.filter(
            region=found.region_id, application__call=found, application__in=_seen(found, person)
        )
        .select_related("person", "application__startup")
        .order_by("-declared_at")[:60]
    )
    return render(
        request,
        "startups/reviewers.html",
        {
            "call": found,
            "form": form,
            "loads": loads,
            "short": short,
            "open": open_now,
            "when": when,
            "conflicts": conflicts,
            "manages": manages,
            "tab": "reviewers",
            "owed": sum(one.open for one in loads),
        },
        status=422 if form.is_bound else 200,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def assignments(request: HttpRequest, startup_application: str) -> HttpResponse:
    """Who judges one application: ask somebody, ask somebody no more."""
    person, found = person_of(request), application_or_404(request, startup_application)
    if not policy.manages(person, found.region_id):
        raise Http404
    here = {"region": found.region_id, "application": found}
    asked = list(Assignment.objects.filter(**here).select_related("reviewer").order_by("pk"))
    conflicts = {one.person_id: one for one in Conflict.objects.filter(**here).select_related("person")}
    taken = {one.reviewer_id for one in asked} | set(conflicts)
    people = [
        one for one in reviewing.reviewers_of(found.region_id, blind=found.call.blind) if one.pk not in taken
    ]
    form = ReviewersForm(request.POST if request.POST.get("do") == "ask" else None, people=people)
    form.fields["reviewers"].initial = []
    if request.method == "POST":
        if release := request.POST.get("release", ""):
            row = next((one for one in asked if str(one.pk) == release), None)
            if row is None:
                raise Http404
            try:
                reviewing.release(row, by=person)
            except Refused as refused:
                return refuse_and_go(
                    request, refused, "application_reviewers", startup_application=found.number
                )
            return say_and_go(
                request, _("Asked no more."), "application_reviewers", startup_application=found.number
            )
        if form.is_bound and form.is_valid():
            chosen = [one for one in people if str(one.pk) in form.cleaned_data["reviewers"]]
            if act(form, lambda: reviewing.assign([found], chosen, by=person)):
                return say_and_go(
                    request, _("Asked."), "application_reviewers", startup_application=found.number
                )
    sent = set(Review.objects.counting().filter(**here).values_list("reviewer_id", flat=True))
    return render(
        request,
        "startups/assignments.html",
        {
            "application": found,
            "asked": [(one, one.reviewer_id in sent, conflicts.get(one.reviewer_id)) for one in asked],
            "form": form,
            "people": people,
        },
        status=422 if form.is_bound else 200,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_conflict(request: HttpRequest, startup_application: str) -> HttpResponse:
    """A manager who is too close: then the application is closed to them, too."""
    person, found = person_of(request), application_or_404(request, startup_application)
    if not policy.manages(person, found.region_id) or policy.in_team(person, found.startup):
        raise Http404
    form = ConflictForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and act(
            form, lambda: reviewing.declare_conflict(found, by=person, reason=form.cleaned_data["reason"])
        )
    ):
        return say_and_go(
            request,
            _("Thank you. A colleague decides about it."),
            "call_pipeline",
            call=found.call.number,
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
        back=reverse("startup_application", kwargs={"startup_application": found.number}),
        back_label=found.startup.name,
        icon="shield-check",
        danger=True,
    )


def _ranked(call: Call, person: Person) -> list[tuple[Application, Standing]]:
    standings = queries.standings_of(call, by=person)
    rows = [
        (one, standings.get(one.pk) or Standing(one.pk, (), None, None))
        for one in _seen(call, person).exclude(state=State.WITHDRAWN)
    ]
    return sorted(rows, key=lambda pair: (pair[1].rank or 10**6, pair[0].number))


@login_required
@require_safe
def ranking(request: HttpRequest, call: str) -> Any:
    """All applications by median, ties sharing a rank, and many decided at once."""
    person, found = person_of(request), read_call(request, call)
    criteria = list(Criterion.objects.filter(region=found.region_id, call=found))
    ranked = _ranked(found, person)
    if request.GET.get("unduh") in {"csv", "xlsx"}:
        return _as_file(request, found, ranked, criteria)
    accepted = sum(1 for row, _standing in ranked if row.state == State.ACCEPTED)
    return render(
        request,
        "startups/ranking.html",
        {
            "call": found,
            "rows": [
                (
                    row,
                    standing,
                    [
                        (one, standing.criteria.get(one.key), standing.spreads.get(one.key))
                        for one in criteria
                    ],
                )
                for row, standing in ranked
            ],
            "criteria": criteria,
            "form": DecisionForm(),
            "manages": policy.manages(person, found.region_id),
            "accepted": accepted,
            "free": max(found.places - accepted, 0),
            "tab": "ranking",
            "hidden": Conflict.objects.filter(
                region=found.region_id, application__call=found, person=person
            ).exists(),
        },
    )


def _as_file(
    request: HttpRequest, call: Call, ranked: list[tuple[Application, Standing]], criteria: list[Criterion]
) -> Any:
    """The ranking with medians by criterion and what was decided, to defend it with."""
    told = {
        one.application_id: one
        for one in Decision.objects.filter(region=call.region_id, application__call=call).order_by("pk")
    }
    rows = [{"row": row, "standing": standing, "decision": told.get(row.pk)} for row, standing in ranked]
    table = Table(
        request,
        rows=rows,
        columns=[
            Column("rank", _("Rank"), value="standing.rank"),
            Column("number", _("Number"), value="row.number"),
            Column("startup", _("Startup"), value="row.startup.name"),
            Column("state", _("State"), value="row.get_state_display"),
            Column("reviews", _("Judgements"), value="standing.count"),
            Column("median", _("Median"), value=lambda one: _whole(one["standing"].median)),
            Column("spread", _("Spread"), value=lambda one: _whole(one["standing"].spread)),
            *(
                Column(
                    f"c{one.key}",
                    one.name,
                    value=_middle_of(one.key),
                )
                for one in criteria
            ),
            Column(
                "reason", _("Reason"), value=lambda one: one["decision"].reason if one["decision"] else ""
            ),
        ],
        download="peringkat",
    )
    return table.answer("startups/ranking.html")


def _middle_of(key: str) -> Callable[[Any], float | None]:
    """The median of one criterion, of a line of the file."""
    return lambda line: _whole(line["standing"].criteria.get(key))


def _whole(hundredths: int | None) -> float | None:
    return None if hundredths is None else hundredths / 100


@login_required
@require_POST
def decide(request: HttpRequest, call: str) -> HttpResponse:
    """First the preview with a reason each, then the decision."""
    person, found = person_of(request), run_call(request, call)
    keys = [
        key for value in request.POST.getlist("application")[:500] if (key := whole_number(value)) is not None
    ]
    form = DecisionForm(request.POST)
    if not form.is_valid() or not keys:
        return refuse_and_go(
            request,
            Refused(_("Choose at least one application, and what is decided.")),
            "call_ranking",
            call=found.number,
        )
    outcome, letter = form.cleaned_data["outcome"], form.cleaned_data["letter"]
    reasons = {
        key: request.POST[f"reason-{key}"].replace("\x00", "")[:2000]
        for key in keys
        if f"reason-{key}" in request.POST
    }
    refused: Refused | None = None
    try:
        if request.POST.get("do") == "decide":
            made = deciding.decide(
                found,
                keys,
                outcome,
                by=person,
                reasons=reasons,
                letter=letter,
                seen=request.POST.get("seen", "")[:40],
            )
            return say_and_go(
                request,
                ngettext(
                    "Decided: %(count)s application. Its team has its letter.",
                    "Decided: %(count)s applications. Every team has its letter.",
                    len(made),
                )
                % {"count": len(made)},
                "call_ranking",
                call=found.number,
            )
    except Refused as error:
        if error.status == 403:
            raise
        refused = error
    shown = deciding.preview(found, keys, outcome, by=person, reasons=reasons or None)
    return render(
        request,
        "startups/decide.html",
        {
            "call": found,
            "preview": shown,
            "outcome": State(outcome),
            "letter": letter,
            "form": form,
            "refused": refused,
            "blocked": [one for one in shown.lines if one.impossible],
            "people": sum(one.people for one in shown.possible),
        },
        status=refused.status if refused else 200,
    )
