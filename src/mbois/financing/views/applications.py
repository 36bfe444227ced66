"""The queue of applications, and the page of one."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.http import HttpRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from mbois import clock
from mbois.financing import eligibility, finding, policy
from mbois.financing.models import Application, Assessment, Scheme, State, Visit
from mbois.financing.models.applications import ENDED
from mbois.financing.models.schemes import LENDING_ROLES
from mbois.financing.queries import WorkingDayClock, working_day_clock
from mbois.financing.shown import (
    clock_words,
    instalment_words,
    next_for,
    on_behalf,
    steps_of,
    took_part,
)
from mbois.financing.timeline import events_of
from mbois.financing.views.common import application_or_404, login_required, person_of, story_of
from mbois.people.models import Document, Person, Role
from mbois.people.timeline import timeline
from mbois.places.workdays import Calendar
from mbois.web import show
from mbois.web.components import Fact
from mbois.web.tables import Choice, Column, Empty, Filter, Table


def my_turn(person: Person) -> Q:
    """What waits for this person: by role and stage, and one's own drafts and returned ones."""
    turn = Q(entered_by=person.pk, state__in=[State.DRAFT, State.RETURNED]) | Q(
        borrower__person=person.pk, state__in=[State.DRAFT, State.RETURNED]
    )
    took = Q(entered_by=person.pk) | Q(borrower__person=person.pk)
    visited = Exists(
        Visit.objects.filter(region=OuterRef("region"), application=OuterRef("pk"), visited_by=person.pk)
    )
    assessed = Exists(
        Assessment.objects.filter(
            region=OuterRef("region"), application=OuterRef("pk"), assessed_by=person.pk
        )
    )
    for stage, unless in (
        (State.SUBMITTED, Q(borrower__person=person.pk)),
        (State.VISITED, Q(visited)),
        (State.ASSESSED, took | Q(visited) | Q(assessed)),
        (State.APPROVED, Q(borrower__person=person.pk)),
        (State.SIGNED, Q(borrower__person=person.pk)),
    ):
        if regions := person.regions_with(*policy.TURNS[stage]):
            turn |= Q(region__in=regions, state=stage) & ~unless
    return turn


def _late(schemes: list[Scheme], calendars: dict[str, Calendar]) -> Q:
    """Under way and past the working days of their scheme."""
    late = Q(pk__in=[])
    for scheme in schemes:
        day = clock.today()
        calendar, passed = calendars[scheme.region_id], 0
        while passed <= scheme.working_days_limit:
            passed += calendar.is_working_day(day)
            day -= timedelta(days=1)
        # sent on this day or before: more working days than allowed have passed
        until = datetime.combine(day + timedelta(days=1), time.min, tzinfo=clock.JAKARTA)
        late |= Q(region=scheme.region_id, scheme=scheme.pk, submitted_at__lt=until)
    return late & ~Q(state__in=ENDED)


@login_required
@require_safe
def queue(request: HttpRequest) -> Any:
    """The applications one sees, with what waits for oneself first."""
    person = person_of(request)
    if not person.roles & {*LENDING_ROLES, Role.VILLAGE_OFFICER}:
        return redirect("my_applications")
    regions = person.regions_with(*LENDING_ROLES, Role.VILLAGE_OFFICER)
    schemes = list(Scheme.objects.visible_to(person).filter(region__in=regions).order_by("region", "code"))
    calendars = {region: Calendar(region) for region in {scheme.region_id for scheme in schemes}}

    def clock_of(row: Any) -> WorkingDayClock | None:
        if not hasattr(row, "clock"):
            row.clock = working_day_clock(row, calendars.get(row.region_id))
        return row.clock

    def deadline(row: Application) -> str:
        found = clock_of(row)
        if found is None or found.stopped:
            return ""
        return _("until %(day)s") % {"day": show.tanggal_pendek(found.deadline)}

    def mark(row: Application) -> str:
        found = clock_of(row)
        if found is None or found.stopped:
            return ""
        return "late" if found.is_over else "soon" if found.is_close else ""

    stages = [State.SUBMITTED, State.RETURNED, State.VISITED, State.ASSESSED, State.APPROVED, State.SIGNED]
    table = Table(
        request,
        rows=Application.objects.visible_to(person)
        .select_related("enterprise__village", "borrower", "scheme")
        .order_by(F("ended_on").desc(nulls_first=True), F("submitted_at").asc(nulls_last=True), "pk"),
        columns=[
            Column(
                "enterprise",
                _("Business"),
                value="enterprise.name",
                sort="enterprise__name",
                link=lambda row: reverse("application", kwargs={"application": row.number}),
                note=lambda row: f"{row.borrower.name} · {row.enterprise.village.name}",
            ),
            Column("number", _("Number"), phone=False, sort="number"),
            Column(
                "amount",
                _("Amount"),
                value="amount_asked",
                show=show.rupiah,
                number=True,
                sort="-amount_asked",
                note=lambda row: (
                    ngettext("%(count)s month", "%(count)s months", row.months_asked)
                    % {"count": row.months_asked}
                ),
            ),
            Column(
                "state",
                _("Stage"),
                value=lambda row: row.get_state_display(),
                template="financing/parts/stage_cell.html",
                sort="state",
            ),
            Column(
                "clock",
                _("Working days"),
                value=lambda row: clock_words(clock_of(row)),
                template="financing/parts/clock_cell.html",
                note=deadline,
                sort="submitted_at",
            ),
        ],
        search=finding.by_text,
        search_label=_("Search business, owner, village, number"),
        filters=[
            Filter(
                "lihat",
                _("Show"),
                [
                    Choice("giliran", _("My turn"), my_turn(person)),
                    Choice("terlambat", _("Late"), _late(schemes, calendars)),
                    Choice("berjalan", _("Under way"), ~Q(state__in=ENDED)),
                ],
            ),
            Filter(
                "tahap",
                _("Stage"),
                [Choice(stage.value, stage.label, Q(state=stage)) for stage in stages],
            ),
        ],
        empty=Empty(
            _("No application yet"),
            _("Applications of your region appear here as soon as they are sent."),
            reverse("application_new"),
            _("Apply for somebody"),
            "inbox",
        ),
        download="pengajuan",
        mark=mark,
    )
    return table.answer("financing/queue.html", {"can_apply": bool(person.roles & set(policy.DOOR_ROLES))})


@login_required
@require_safe
def page(request: HttpRequest, application: str) -> Any:
    """One application: what is next, where it stands, everything in it."""
    person = person_of(request)
    found = application_or_404(request, application)
    story = story_of(found)
    scheme = found.scheme
    decision = story.decision
    following = next_for(
        person,
        found,
        visits=story.visits,
        assessments=story.assessments,
        decision=decision,
        contract=story.contract,
        loan=story.loan,
        clock=story.clock,
    )
    missing = eligibility.papers_needed(scheme, married=found.married)
    there = {paper.kind for paper in story.papers}
    mark_readable(person, story)
    enterprise = found.enterprise
    facts = [
        Fact(_("Business"), enterprise.name, enterprise.number),
        Fact(_("Owner"), found.borrower.name, found.borrower.nik_masked),
        Fact(_("Address"), enterprise.village.full_name, enterprise.street_line),
        Fact(
            _("Asked for"),
            show.rupiah(found.amount_asked),
            instalment_words(found.amount_asked, found.months_asked, scheme.unit, clock.today()),
        ),
        Fact(_("For"), found.purpose),
        Fact(
            _("Household"),
            _("Married to %(name)s") % {"name": found.spouse_name} if found.married else _("Not married"),
            ngettext("%(count)s person", "%(count)s people", found.household_members)
            % {"count": found.household_members}
            if found.household_members
            else "",
        ),
        Fact(_("Cost covered by Baznas"), show.rupiah(eligibility.cost_of(scheme, found.amount_asked))),
    ]
    return render(
        request,
        "financing/application.html",
        {
            "application": found,
            "story": story,
            "next": following,
            "steps": steps_of(found, story.visits, decision),
            "facts": facts,
            "missing": [kind for kind in missing if kind not in there],
            "assisted": on_behalf(found),
            "events": events_of(story),
            "trail": timeline(
                found,
                story.decision,
                story.contract,
                most=60,
                addresses=person.has_role(found.region_id, Role.AUDITOR),
            )
            if person.roles
            else [],
            "people": _people(story),
            "can_return": found.state in {State.SUBMITTED, State.VISITED, State.ASSESSED}
            and policy.can_return(person, found),
            "can_withdraw": policy.can_withdraw(person, found),
            "can_edit": policy.can_edit(person, found),
            "mine": policy.is_borrower(person, found.borrower),
            "part": took_part(person, found, story.visits, story.assessments),
            "granted_words": instalment_words(
                int(decision.amount or 0), int(decision.months or 0), scheme.unit, clock.today()
            )
            if decision is not None and decision.granted
            else "",
        },
    )


def mark_readable(person: Person, story: Any) -> None:
    """Note on each file of an application whether this person may open it."""
    files = [paper.document for paper in story.papers]
    files += [photo.document for visit in story.visits for photo in visit.photos.all()]
    if story.contract and story.contract.signature:
        files.append(story.contract.signature)
    may = set(
        Document.objects.visible_to(person)
        .filter(region=story.application.region_id, pk__in=[file.pk for file in files])
        .values_list("pk", flat=True)
    )
    for file in files:
        file.readable = file.pk in may


def _people(story: Any) -> list[Fact]:
    """Who had a hand in it."""
    application = story.application
    found = [Fact(_("Borrower"), application.borrower.name)]
    if application.assisted:
        found.append(Fact(_("Entered by"), application.entered_by.name))
    for visit in story.visits:
        found.append(Fact(_("Home visit"), visit.visited_by.name, show.waktu(visit.visited_at)))
    for assessment in story.assessments:
        found.append(Fact(_("Assessment"), assessment.assessed_by.name, show.waktu(assessment.assessed_at)))
    if story.decision:
        found.append(
            Fact(_("Decision"), story.decision.decided_by.name, show.waktu(story.decision.decided_at))
        )
    if story.contract and story.contract.recorded_by:
        found.append(
            Fact(_("Signature"), story.contract.recorded_by.name, show.waktu(story.contract.signed_at))
        )
    return found
