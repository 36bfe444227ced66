"""Cohorts for the programme manager: the board, mentors, the demo day."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from mbois.people.regions import choose_region
from mbois.refused import Refused, require
from mbois.startups import policy, queries
from mbois.startups.actions import cohorts as actions
from mbois.startups.forms import (
    AddStartupForm,
    CohortForm,
    DemoDayForm,
    MentorForm,
    WhyForm,
)
from mbois.startups.models import (
    Call,
    Cohort,
    DemoDay,
    MentorPlace,
    Milestone,
    Participation,
    Startup,
)
from mbois.startups.views import curriculum
from mbois.startups.views.common import (
    act,
    cohort_or_404,
    form_page,
    login_required,
    managing,
    participation_or_404,
    person_of,
    refuse_and_go,
    say_and_go,
)
from mbois.web import show
from mbois.web.components import badge
from mbois.web.tables import Choice, Column, Empty, Filter, Table


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open a cohort: its time, and the call whose accepted startups are in it."""
    person, choice = person_of(request), choose_region(request, managing(request))
    calls = list(Call.objects.filter(region=choice.chosen, published_at__isnull=False).order_by("-pk")[:30])
    form = CohortForm(request.POST or None, calls=calls)
    made: list[Cohort] = []
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        told["call"] = next((one for one in calls if str(one.pk) == told["call"]), None)
        if act(form, lambda: made.append(actions.open_cohort(choice.chosen, by=person, **told))):
            return say_and_go(
                request,
                _("Opened, with our curriculum spread over its time. Change every line as you like."),
                "cohort",
                cohort=made[0].number,
            )
    return form_page(
        request,
        form,
        title=_("A new cohort"),
        button=_("Open it"),
        back=reverse("startup_programme"),
        back_label=_("Startup programme"),
        icon="rocket",
        extra={"choice": choice},
    )


def _label(row: queries.Row) -> tuple[str, str]:
    if row.late:
        return ngettext("%(count)s milestone late", "%(count)s milestones late", row.late) % {
            "count": row.late
        }, "bad"
    if row.silent >= queries.SILENT_WEEKS:
        return ngettext("Silent for %(count)s week", "Silent for %(count)s weeks", row.silent) % {
            "count": row.silent
        }, "bad"
    if row.waiting:
        return _("Waits for a check"), "wait"
    return _("On the way"), "ok"


@login_required
@require_safe
def board(request: HttpRequest, cohort: str) -> Any:
    """Who is where: milestones, weekly updates, streaks; who is behind stands first."""
    person, found = person_of(request), cohort_or_404(request, cohort)
    reads = policy.reads(person, found.region_id)
    if not reads:
        return curriculum.curriculum(request, cohort=cohort)
    rows = queries.board(found)
    milestones = Milestone.objects.filter(region=found.region_id, cohort=found).count()
    table = Table(
        request,
        rows=rows,
        columns=[
            Column(
                "startup",
                _("Startup"),
                value="startup.name",
                sort="startup__name",
                link=lambda row: reverse("startup_place", kwargs={"participation": row.participation.pk}),
                note=lambda row: ", ".join(row.mentors) or _("no mentor yet"),
            ),
            Column(
                "state", _("State"), value=lambda row: _label(row)[0], html=lambda row: badge(*_label(row))
            ),
            Column(
                "done",
                _("Milestones"),
                value=lambda row: f"{row.done}/{milestones}",
                sort="-done",
                number=True,
            ),
            Column("streak", _("Weeks in a row"), number=True, sort="-streak"),
            Column(
                "last",
                _("Last update"),
                value=lambda row: row.last.week if row.last else None,
                show=show.tanggal_pendek,
            ),
            Column(
                "users",
                _("Users"),
                value=lambda row: row.last.users if row.last else None,
                number=True,
                phone=False,
            ),
            Column("stuck", _("Stuck"), value=lambda row: row.last.stuck if row.last else "", phone=False),
        ],
        search=lambda some, text: [row for row in some if text.casefold() in row.startup.name.casefold()],
        search_label=_("Search a startup"),
        filters=[
            Filter(
                "keadaan",
                _("State"),
                [
                    Choice("tertinggal", _("Behind"), lambda row: row.behind),
                    Choice("belum", _("Did not write this week"), lambda row: not row.wrote),
                    Choice("bukti", _("Waits for a check"), lambda row: row.waiting > 0),
                ],
            )
        ],
        size=60,
        download=f"angkatan-{found.number}",
        empty=Empty(_("Nobody in it yet"), _("Add the startups that take part."), art="shop"),
        mark=lambda row: "late" if row.behind else "",
    )
    return table.answer(
        "startups/board.html",
        {
            "cohort": found,
            "rows": rows,
            "behind": sum(1 for row in rows if row.behind),
            "wrote": sum(1 for row in rows if row.wrote),
            "waiting": sum(row.waiting for row in rows),
            "manages": policy.manages(person, found.region_id),
            "day": DemoDay.objects.filter(region=found.region_id, cohort=found).first(),
            "tab": "board",
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, cohort: str) -> HttpResponse:
    """Another name, other days."""
    found = cohort_or_404(request, cohort, manage=True)
    form = CohortForm(
        request.POST or None,
        initial={"name": found.name, "begins_on": found.begins_on, "ends_on": found.ends_on},
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and act(form, lambda: actions.change_cohort(found, by=person_of(request), **form.cleaned_data))
    ):
        return say_and_go(request, _("Saved."), "cohort", cohort=found.number)
    return form_page(
        request,
        form,
        title=_("Change the cohort"),
        button=_("Save"),
        back=_back(found),
        back_label=found.name,
    )


def _back(cohort: Cohort) -> str:
    return reverse("cohort", kwargs={"cohort": cohort.number})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, cohort: str) -> HttpResponse:
    """Take a startup into the cohort."""
    person, found = person_of(request), cohort_or_404(request, cohort, manage=True)
    there = Participation.objects.filter(region=found.region_id, cohort=found).active().values("startup")
    rows = list(
        Startup.objects.visible_to(person)
        .filter(region=found.region_id)
        .exclude(pk__in=there)
        .order_by("name")[:300]
    )
    form = AddStartupForm(request.POST or None, startups=rows)
    if request.method == "POST" and form.is_valid():
        chosen = [one for one in rows if str(one.pk) == form.cleaned_data["startup"]]
        if act(form, lambda: actions.add_startups(found, chosen, by=person)):
            return say_and_go(request, _("Added; the team is told."), "cohort", cohort=found.number)
    return form_page(
        request,
        form,
        title=_("Add a startup"),
        button=_("Add"),
        back=_back(found),
        back_label=found.name,
        icon="plus",
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def let_go(request: HttpRequest, participation: int) -> HttpResponse:
    """A startup leaves its cohort."""
    person, found = person_of(request), participation_or_404(request, participation)
    require(policy.manages(person, found.region_id))
    form = WhyForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and act(form, lambda: actions.let_go(found, by=person, why=form.cleaned_data["why"]))
    ):
        return say_and_go(request, _("It has left the cohort."), "cohort", cohort=found.cohort.number)
    return form_page(
        request,
        form,
        title=_("%(name)s leaves the cohort") % {"name": found.startup.name},
        button=_("Leave"),
        back=reverse("startup_place", kwargs={"participation": found.pk}),
        back_label=found.startup.name,
        danger=True,
        icon="log-out",
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mentors(request: HttpRequest, participation: int) -> HttpResponse:
    """Who accompanies a startup."""
    person, found = person_of(request), participation_or_404(request, participation)
    require(policy.manages(person, found.region_id))
    here = {"region": found.region_id, "participation": found}
    now = list(MentorPlace.objects.filter(**here, until=None).select_related("person"))
    if end := request.POST.get("end", ""):
        row = next((one for one in now if str(one.pk) == end), None)
        if row is None:
            raise Http404
        actions.end_mentor(row, by=person)
        return say_and_go(request, _("Ended."), "startup_mentors", participation=found.pk)
    taken = {one.person_id for one in now}
    people = [one for one in actions.mentors_of(found.region_id) if one.pk not in taken]
    form = MentorForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        mentor = next(one for one in people if str(one.pk) == form.cleaned_data["mentor"])
        if act(form, lambda: actions.give_mentor(found, mentor, by=person)):
            return say_and_go(request, _("Both are told."), "startup_mentors", participation=found.pk)
    return render(
        request,
        "startups/mentors.html",
        {"participation": found, "now": now, "form": form, "people": people},
        status=422 if form.is_bound else 200,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def demo_day(request: HttpRequest, cohort: str) -> HttpResponse:
    """Plan the demo day, then publish it."""
    person, found = person_of(request), cohort_or_404(request, cohort, manage=True)
    row = DemoDay.objects.filter(region=found.region_id, cohort=found).first()
    if row is not None and request.POST.get("do") == "publish":
        try:
            actions.publish_demo_day(row, by=person)
        except Refused as refused:
            return refuse_and_go(request, refused, "cohort_demo_day", cohort=found.number)
        return say_and_go(request, _("Published."), "demo_day", demo_day=row.number)
    names = list(DemoDayForm.base_fields)
    initial = (
        {name: getattr(row, name) for name in names}
        if row
        else {"title": _("Demo day of %(name)s") % {"name": found.name}}
    )
    form = DemoDayForm(request.POST or None, initial=initial)
    if (
        request.method == "POST"
        and form.is_valid()
        and act(form, lambda: actions.save_demo_day(found, by=person, **form.cleaned_data))
    ):
        return say_and_go(request, _("Saved."), "cohort_demo_day", cohort=found.number)
    rows = (
        Participation.objects.filter(region=found.region_id, cohort=found).active().select_related("startup")
    )
    startups = sorted((one.startup for one in rows), key=lambda one: one.name)
    return render(
        request,
        "startups/demo_day_edit.html",
        {
            "cohort": found,
            "day": row,
            "form": form,
            "shown": [one for one in startups if one.public_since],
            "hidden": [one for one in startups if not one.public_since],
            "tab": "demo_day",
            "manages": True,
        },
        status=422 if form.is_bound else 200,
    )
