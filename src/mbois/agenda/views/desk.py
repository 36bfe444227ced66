"""The desk of organisers and curators: proposals, decisions, what belongs to an activity."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mbois.agenda import policy, queries
from mbois.agenda.actions import activities as actions
from mbois.agenda.actions import proposing
from mbois.agenda.forms import (
    ActivityForm,
    PictureForm,
    QuestionForm,
    ReasonForm,
    RepeatForm,
    ReviewForm,
    StageForm,
    first_values,
)
from mbois.agenda.models import Activity, Kind, Question, Stage, State
from mbois.agenda.views.common import desk_or_404, login_required, person_of, public_or_404, say_and_go
from mbois.people import venues
from mbois.people.models import Role
from mbois.people.regions import remember_region, remembered_region
from mbois.places.numbers import region_of
from mbois.refused import Refused, require
from mbois.web import show, stale
from mbois.web.components import badge
from mbois.web.given import whole_number
from mbois.web.tables import Choice, Column, Empty, Filter, Table


def _search(rows: Any, text: str) -> Any:
    for word in text.casefold().split()[:6]:
        rows = rows.filter(search__contains=word)
    return rows


def activities_table(request: HttpRequest, rows: Any, *, empty: Empty, size: int = 25) -> Table:
    return Table(
        request,
        rows=rows,
        caption=_("Activities"),
        columns=[
            Column(
                "title", _("Activity"), link=lambda row: row.desk_url, sort="title", note=lambda row: row.host
            ),
            Column("begins_at", _("Begins"), show=show.waktu, sort="begins_at"),
            Column("place", _("Where it takes place"), phone=False),
            Column("state", _("State"), value="state", html=lambda row: badge(row.state_shown)),
            Column("taken", _("Registered"), number=True, sort="-taken"),
        ],
        search=_search,
        search_label=_("Search an activity"),
        filters=[Filter("state", _("State"), [Choice(one.value, one.label, Q(state=one)) for one in State])],
        order="-begins_at",
        size=size,
        empty=empty,
        download="kegiatan",
    )


def _with_taken(rows: Any) -> Any:
    from django.db.models import Max

    return rows.annotate(taken=Max("seats__taken"))


@login_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """One's own activities; all of the region for whoever oversees it."""
    person = person_of(request)
    rows = _with_taken(Activity.objects.visible_to(person))
    table = activities_table(
        request,
        rows,
        empty=Empty(
            _("No activity yet"),
            _("Propose the first one: a curator looks at it within days."),
            reverse("agenda_new"),
            _("Propose an activity"),
            "path",
        ),
    )
    return table.answer(
        "agenda/desk_list.html", {"waiting": _queue(request).count(), "curates": _curates(request)}
    )


def _curates(request: HttpRequest) -> bool:
    return Role.CURATOR in person_of(request).roles


def _queue(request: HttpRequest) -> Any:
    """What waits for this person's decision."""
    person = person_of(request)
    mine = Q(region__in=person.regions_with(Role.CURATOR)) | Q(parent__proposed_by=person.pk)
    return (
        Activity.objects.visible_to(person)
        .filter(mine, state=State.PROPOSED)
        .exclude(proposed_by=person)
        .select_related("region", "parent")
    )


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Proposals that wait for a decision, the oldest first."""
    rows = list(_queue(request).order_by("proposed_at", "pk")[:200])
    return render(request, "agenda/queue.html", {"rows": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, activity: str = "") -> HttpResponse:
    """Propose an activity, or a part of a festival."""
    person = person_of(request)
    parent = None
    if activity:
        parent = public_or_404(activity) if not _mine(request, activity) else desk_or_404(request, activity)
        require(policy.can_add_part(person, parent), _("This festival does not ask for parts."))
    house = next((one.organisation.name for one in person.memberships_now if one.role == Role.ORGANISER), "")
    region = _region_of(request)
    start: dict[str, Any] = {"host": house or person.name, "region": region}
    if parent is not None:
        start |= {"place": parent.place, "address": parent.address, "begins_at": parent.begins_at}
    form = ActivityForm(request.POST if request.method == "POST" else None, parent=parent, initial=start)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = proposing.draft(
                parent.region_id if parent else said["region"],
                by=person,
                values=form.values,
                kind=said.get("kind", Kind.ACTIVITY),
                parent=parent,
                quota=said["quota"],
                waits=said["waits"],
                group_rule=said["group_rule"],
            )
            remember_region(request, made.region_id)
            return say_and_go(
                request,
                _("Written down as a draft. Look it over, then hand it in."),
                "agenda_desk_activity",
                activity=made.code,
            )
        except Refused as refused:
            form.refuse(refused)
    return render(
        request,
        "agenda/activity_form.html",
        {
            "form": form,
            "parent": parent,
            "heading": _("Propose a part") if parent else _("Propose an activity"),
            "verb": _("Keep as a draft"),
        },
        status=422 if form.errors else 200,
    )


def _region_of(request: HttpRequest) -> str:
    """Where a proposal begins: the region somebody proposed in last, else one they have a role in."""
    codes = sorted({one.region_id for one in person_of(request).memberships_now})
    return remembered_region(request, [code for code, _name in queries.regions()]) or next(
        iter(codes), "35.73"
    )


def _mine(request: HttpRequest, code: str) -> bool:
    return Activity.objects.visible_to(person_of(request)).filter(region=region_of(code), code=code).exists()


@login_required
@require_safe
def page(request: HttpRequest, activity: str) -> HttpResponse:
    """The desk of an activity: what is next, how it stands, what can be done."""
    row = desk_or_404(request, activity, work=False)
    person = person_of(request)
    works = policy.works_on(person, row)
    parts = list(
        Activity.objects.filter(region=row.region_id, parent=row).order_by("begins_at", "stage", "pk")[:400]
    )
    series = (
        Activity.objects.filter(region=row.region_id, series=row.series_id).order_by("begins_at")
        if row.series_id
        else []
    )
    keeper = venues.keeper()
    context = {
        "activity": row,
        "seats": queries.seats_of(row),
        "figures": queries.figures_of(row) if row.published_at else None,
        "questions": Question.objects.filter(region=row.region_id, activity=row),
        "stages": Stage.objects.filter(region=row.region_id, festival=row),
        "parts": parts,
        "part_counts": {
            one["state"]: one["all"]
            for one in Activity.objects.filter(region=row.region_id, parent=row)
            .order_by()
            .values("state")
            .annotate(all=Count("pk"))
        },
        "series": series,
        "works": works,
        "can_edit": policy.can_edit(person, row),
        "can_review": row.state == State.PROPOSED and policy.can_review(person, row),
        "can_propose": row.state in (State.DRAFT, State.RETURNED) and policy.manages(person, row),
        "can_repeat": row.state in (State.DRAFT, State.RETURNED)
        and row.series_id is None
        and row.parent_id is None
        and policy.manages(person, row),
        "can_call_off": works
        and row.state in (State.DRAFT, State.PROPOSED, State.RETURNED, State.PUBLISHED)
        and not (row.state == State.PUBLISHED and row.is_over),
        "review": ReviewForm(),
        "repeat": RepeatForm(),
        "picture_form": PictureForm(),
        "question_form": QuestionForm(),
        "stage_form": StageForm(),
        "keeper": keeper is not None,
        "venue": keeper.get(row.venue) if keeper and row.venue else None,
    }
    return render(request, "agenda/desk.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, activity: str) -> HttpResponse:
    """Change what is said of it."""
    row = desk_or_404(request, activity)
    require(policy.can_edit(person_of(request), row))
    form = ActivityForm(
        request.POST if request.method == "POST" else None, activity=row, initial=first_values(row)
    )
    if request.method == "POST" and form.is_valid():
        said, person = form.cleaned_data, person_of(request)
        try:
            actions.rewrite(
                row,
                by=person,
                values=form.values,
                quota=said["quota"],
                waits=said["waits"],
                group_rule=said["group_rule"],
                seen=said["seen"],
            )
            return say_and_go(request, _("Saved."), "agenda_desk_activity", activity=row.code)
        except Refused as refused:
            form.refuse(refused)
            if refused.code == stale.CODE:
                row = desk_or_404(request, activity)
                stale.look_again(form, first_values(row), seen="seen", at=row.changed_at)
    return render(
        request,
        "agenda/activity_form.html",
        {"form": form, "activity": row, "heading": row.title, "verb": _("Save")},
        status=422 if form.errors else 200,
    )


@login_required
@require_POST
def step(request: HttpRequest, activity: str) -> HttpResponse:
    """Hand in, decide, repeat: the buttons of the desk."""
    row = desk_or_404(request, activity, work=False)
    person, verb = person_of(request), request.POST.get("verb", "")
    whole = request.POST.get("whole_series") == "on"
    note = request.POST.get("note", "").replace("\x00", "")[:600]
    try:
        if verb == "propose":
            proposing.propose(row, by=person, whole_series=True)
            messages.success(request, _("Handed in. The curators are told, and you will be told."))
        elif verb == "publish":
            proposing.publish(row, by=person, whole_series=whole, note=note)
            messages.success(request, _("Published. The community is told."))
        elif verb in {"return", "reject"}:
            proposing.turn_down(row, by=person, note=note, for_good=verb == "reject", whole_series=whole)
            messages.success(request, _("The community is told, with your reasons."))
        elif verb == "repeat":
            form = RepeatForm(request.POST)
            if not form.is_valid():
                raise Refused(next(iter(form.errors.values()))[0])
            made = proposing.repeat(row, by=person, **form.cleaned_data)
            messages.success(
                request,
                ngettext("%(count)s date is written down.", "%(count)s dates are written down.", len(made))
                % {"count": len(made)},
            )
        else:
            raise Http404
    except Refused as refused:
        if refused.status == 403:
            raise
        messages.error(request, refused.message)
    return redirect(row.desk_url)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def call_off(request: HttpRequest, activity: str) -> HttpResponse:
    """Call it off, with a reason that everybody registered is told."""
    row = desk_or_404(request, activity)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.call_off(row, by=person_of(request), reason=form.cleaned_data["reason"])
            return say_and_go(
                request,
                _("Called off. Everybody registered is told."),
                "agenda_desk_activity",
                activity=row.code,
            )
        except Refused as refused:
            form.refuse(refused)
    seats = queries.seats_of(row)
    return render(
        request,
        "agenda/call_off.html",
        {"activity": row, "form": form, "seats": seats},
        status=422 if form.errors else 200,
    )


@login_required
@require_POST
def belongings(request: HttpRequest, activity: str) -> HttpResponse:
    """Add a picture, a question or a stage; drop a question."""
    row = desk_or_404(request, activity)
    person, verb = person_of(request), request.POST.get("verb", "")
    forms = {"picture": PictureForm, "question": QuestionForm, "stage": StageForm}
    anchor = {"picture": "#gambar", "question": "#pertanyaan", "stage": "#panggung"}.get(verb, "#pertanyaan")
    try:
        if verb in forms:
            form = forms[verb](request.POST, request.FILES)
            if not form.is_valid():
                raise Refused(next(iter(form.errors.values()))[0])
            _add(row, person, verb, form.cleaned_data)
            messages.success(request, _("Saved."))
        elif verb == "drop_question":
            key = whole_number(request.POST.get("question")) or 0
            question = (
                Question.objects.filter(region=row.region_id, activity=row, pk=key)
                .select_related("activity__parent")
                .first()
            )
            if question is None:
                raise Http404
            actions.drop_question(question, by=person)
            messages.success(request, _("Taken out."))
        else:
            raise Http404
    except Refused as refused:
        if refused.status == 403:
            raise
        messages.error(request, refused.message)
    return redirect(row.desk_url + anchor)


def _add(row: Activity, person: Any, verb: str, said: dict[str, Any]) -> None:
    if verb == "picture":
        actions.set_picture(row, said["picture"], by=person)
    elif verb == "stage":
        actions.add_stage(row, by=person, name=said["name"], note=said["note"])
    else:
        actions.add_question(
            row,
            by=person,
            text=said["text"],
            kind=said["kind"],
            options=said["options"].splitlines(),
            required=said["required"],
        )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def venue(request: HttpRequest, activity: str) -> HttpResponse:
    """Find a space of the creative centre and hold it for the hours of the activity; or give it up."""
    row = desk_or_404(request, activity)
    keeper = venues.keeper()
    if keeper is None:
        raise Http404
    if request.method == "POST" and "leave" in request.POST:
        actions.leave_venue(row, by=person_of(request))
        return say_and_go(
            request,
            _("The space is given up. Say now where it takes place."),
            "agenda_desk_activity",
            activity=row.code,
        )
    if request.method == "POST":
        try:
            actions.hold_venue(row, request.POST.get("venue", "").replace("\x00", ""), by=person_of(request))
            return say_and_go(
                request, _("The space is held for you."), "agenda_desk_activity", activity=row.code
            )
        except Refused as refused:
            messages.error(request, refused.message)
    text = request.GET.get("q", "").replace("\x00", "")[:100]
    found = keeper.find(row.region_id, text)
    seats = queries.seats_of(row)
    return render(
        request,
        "agenda/venue.html",
        {
            "activity": row,
            "held": keeper.get(row.venue) if row.venue_booking else None,
            "found": found,
            "text": text,
            "seats": seats,
        },
        status=422 if request.method == "POST" else 200,
    )
