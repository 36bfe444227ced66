"""Finding a mentor, answering a proposal, ending a mentorship; the mentors themselves."""

from typing import Any

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mbois import clock
from mbois.mentoring import policy
from mbois.mentoring.actions import matching as actions
from mbois.mentoring.forms import EndForm, NoteForm, ProfileForm
from mbois.mentoring.matching import candidates, reasons_now
from mbois.mentoring.models import Diagnosis, MentorProfile, Mentorship, State
from mbois.mentoring.plan import progress, standing_of
from mbois.mentoring.queries import Result, diagnoses_of, result_of, sessions_of
from mbois.mentoring.views.common import (
    enterprise_or_404,
    login_required,
    mentorship_or_404,
    person_of,
    say_and_go,
)
from mbois.people.models import Membership, Person, Role
from mbois.refused import Refused, require
from mbois.web.components import badge
from mbois.web.given import whole_number
from mbois.web.tables import Choice, Column, Empty, Filter, Table
from mbois.written import seen

SHOWN = 8


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def match(request: HttpRequest, enterprise: str) -> HttpResponse:
    """The mentors that fit, each with the reasons; one tap asks."""
    person, found = person_of(request), enterprise_or_404(request, enterprise)
    require(policy.can_ask_for_mentor(person, found))
    refused: Refused | None = None
    if request.method == "POST":
        key = whole_number(request.POST.get("mentor")) or 0
        mentor = MentorProfile.objects.filter(region=found.region_id, pk=key).first()
        if mentor is None:
            raise Http404
        try:
            mentorship = actions.propose(found, mentor, by=person)
        except Refused as error:
            refused = error
        else:
            return say_and_go(
                request,
                _("%(name)s is asked. You will be told.") % {"name": mentor.person.name},
                "mentorship",
                mentorship=mentorship.number,
            )
    diagnosis = (
        Diagnosis.objects.filter(region=found.region_id, enterprise=found).sent().order_by("-sent_at").first()
    )
    asked = Mentorship.objects.filter(region=found.region_id, enterprise=found).proposed()
    return render(
        request,
        "mentoring/match.html",
        {
            "enterprise": found,
            "own": policy.owns(person, found),
            "diagnosis": diagnosis,
            "candidates": candidates(found, diagnosis)[:SHOWN] if diagnosis else [],
            "asked": {one.mentor_id for one in asked},
            "refused": refused,
        },
        status=refused.status if refused else 200,
    )


def _result(mentorship: Mentorship) -> Result | None:
    """The diagnosis a mentorship goes by: the newest since it began, else the one it began with."""
    every = diagnoses_of(mentorship.enterprise)
    return result_of(every[0], every) if every else None


@login_required
@require_safe
def page(request: HttpRequest, mentorship: str) -> HttpResponse:
    """A mentorship: who with whom, the plan, the sessions, what changed."""
    person, found = person_of(request), mentorship_or_404(request, mentorship)
    rows = standing_of(found)
    done, every = progress(rows)
    owner, mentor = policy.owns(person, found.enterprise), policy.is_mentor(person, found)
    proposed, full = found.state == State.PROPOSED, actions.is_full(found)
    open_now = proposed and not full
    return render(
        request,
        "mentoring/mentorship.html",
        {
            "reasons": reasons_now(found) if proposed else [],
            "full": full,
            "can_ask_another": full
            and policy.can_answer_for_owner(person, found)
            and policy.can_ask_for_mentor(person, found.enterprise),
            "mentorship": found,
            "enterprise": found.enterprise,
            "result": _result(found),
            "rows": rows,
            "done": done,
            "every": every,
            "sessions": sessions_of(found),
            "moment": clock.now(),
            "own": owner,
            "is_mentor": mentor,
            "can_work": policy.can_work_on(person, found),
            "can_hand_in": policy.can_hand_in(person, found),
            "asks_mentor": open_now and mentor and found.mentor_accepted_at is None,
            "asks_owner": open_now
            and found.owner_accepted_at is None
            and policy.can_answer_for_owner(person, found),
            "can_take_back": proposed and (owner or found.proposed_by_id == person.pk),
            "can_end": found.state == State.ACTIVE and (policy.can_work_on(person, found) or owner),
            "phone": _phone_of(found) if mentor or owner or policy.can_work_on(person, found) else "",
            "form": NoteForm(),
        },
    )


def _phone_of(mentorship: Mentorship) -> str:
    """How the two reach each other, once both have said yes."""
    if mentorship.state != State.ACTIVE:
        return ""
    owner = mentorship.enterprise.owner
    return str(
        owner.phone or mentorship.enterprise.phone or owner.person.contact_phone or owner.person.phone or ""
    )


@login_required
@require_POST
def answer(request: HttpRequest, mentorship: str) -> HttpResponse:
    """Yes or no to a proposal."""
    person, found = person_of(request), mentorship_or_404(request, mentorship)
    note = seen(request.POST.get("note", ""))[:300]
    said = request.POST.get("answer", "")
    try:
        if said == "yes" and policy.is_mentor(person, found):
            found = actions.accept_as_mentor(found, by=person)
        elif said == "yes":
            found = actions.accept_as_owner(found, by=person, note=note)
        else:
            found = actions.decline(found, by=person, note=note)
    except Refused as refused:
        if refused.status == 403:
            raise
        from django.contrib import messages

        messages.error(request, refused.message)
        return redirect("mentorship", mentorship=mentorship)
    if said == "another" and policy.can_ask_for_mentor(person, found.enterprise):
        return say_and_go(
            request,
            _("The answer is written down. Choose another mentor here."),
            "mentor_match",
            enterprise=found.enterprise.number,
        )
    words = {
        State.ACTIVE: _("Agreed. The mentorship begins today, with a first plan."),
        State.PROPOSED: _("Thank you. Now the other side has to agree."),
    }.get(State(found.state), _("The answer is written down."))
    return say_and_go(request, words, "mentorship", mentorship=found.number)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, mentorship: str) -> HttpResponse:
    """Finish or stop a mentorship."""
    person, found = person_of(request), mentorship_or_404(request, mentorship)
    require(policy.can_work_on(person, found) or policy.owns(person, found.enterprise))
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.end(
                found,
                by=person,
                finished=form.cleaned_data["finished"] == "yes",
                note=form.cleaned_data["note"],
            )
            return say_and_go(
                request, _("The mentorship has ended. Thank you."), "mentorship", mentorship=found.number
            )
        except Refused as refused:
            form.refuse(refused)
    return render(
        request,
        "mentoring/end.html",
        {"mentorship": found, "form": form},
        status=422 if form.is_bound else 200,
    )


@login_required
@require_safe
def listing(request: HttpRequest) -> Any:
    """The mentorships one sees."""
    person = person_of(request)
    rows = (
        Mentorship.objects.visible_to(person)
        .select_related("enterprise__village", "mentor__person", "diagnosis")
        .order_by(F("ended_on").desc(nulls_first=True), "-pk")
    )
    table = Table(
        request,
        rows=rows,
        columns=[
            Column(
                "enterprise",
                _("Business"),
                value="enterprise.name",
                sort="enterprise__name",
                link=lambda row: reverse("mentorship", kwargs={"mentorship": row.number}),
                note=lambda row: f"{row.number} · {row.enterprise.village.name}",
            ),
            Column("mentor", _("Mentor"), value="mentor.person.name", sort="mentor__person__name"),
            Column("state", _("State"), html=lambda row: badge(row.state_shown), sort="state"),
            Column("began", _("Since"), value="began_on", sort="-began_on"),
            Column("ended", _("Until"), value="ended_on", sort="-ended_on", phone=False),
        ],
        search=lambda found, text: (
            found.filter(enterprise__search__icontains=text.lower())
            | found.filter(mentor__person__name__icontains=text)
        ),
        search_label=_("Search business or mentor"),
        filters=[
            Filter(
                "keadaan",
                _("State"),
                [Choice(str(state.value), state.label, _where(state)) for state in State],
            )
        ],
        empty=Empty(_("No mentorship yet"), _("When a mentor is proposed for a business, it appears here.")),
        download="pendampingan",
    )
    return table.answer("mentoring/mentorships.html")


def _where(state: str) -> Any:
    from django.db.models import Q

    return Q(state=state)


@login_required
@require_safe
def mentors(request: HttpRequest) -> Any:
    """Who mentors in one's regions, with their load."""
    person = person_of(request)
    require(
        bool(
            person.regions_with(
                Role.COORDINATOR, Role.AGENCY_OFFICER, Role.REGION_ADMIN, Role.AUDITOR, Role.EXECUTIVE
            )
        )
    )
    rows = (
        MentorProfile.objects.visible_to(person)
        .select_related("person", "organisation", "region")
        .with_load()
        .order_by("person__name", "pk")
    )
    table = Table(
        request,
        rows=rows,
        columns=[
            Column(
                "name",
                _("Mentor"),
                value="person.name",
                sort="person__name",
                link=lambda row: reverse("mentor", kwargs={"mentor": row.pk}),
                note=lambda row: f"{row.organisation.name} · {row.region.name}",
            ),
            Column("skills", _("Skills"), value=lambda row: ", ".join(row.skills_shown), phone=False),
            Column("load", _("Businesses now"), value="load", number=True, sort="-load"),
            Column("most", _("Most"), value="most_cases", number=True, sort="most_cases"),
            Column(
                "open",
                _("Takes new ones"),
                value=lambda row: _("yes") if row.is_open and row.load < row.most_cases else _("no"),
            ),
        ],
        search=lambda found, text: (
            found.filter(person__name__icontains=text) | found.filter(organisation__name__icontains=text)
        ),
        search_label=_("Search mentor or organisation"),
        empty=Empty(
            _("No mentor yet"),
            _("A region admin gives people the role of mentor; then they fill in what they can help with."),
        ),
        download="pendamping",
    )
    return table.answer("mentoring/mentors.html", {"lacking": _lacking(person)})


def _lacking(person: Person) -> list[Membership]:
    """Mentors by role who have not filled in a profile."""
    regions = person.regions_with(*policy.COORDINATORS)
    with_profile = set(MentorProfile.objects.filter(region__in=regions).values_list("region", "person"))
    members = (
        Membership.objects.in_force()
        .filter(region__in=regions, role=Role.MENTOR)
        .select_related("person", "organisation")
        .order_by("person__name")[:200]
    )
    return [one for one in members if (one.region_id, one.person_id) not in with_profile]


@login_required
@require_safe
def mentor(request: HttpRequest, mentor: int) -> HttpResponse:
    """A mentor: what they bring, and whom they mentor (as far as one sees)."""
    person = person_of(request)
    found = (
        MentorProfile.objects.visible_to(person)
        .filter(pk=mentor)
        .select_related("person", "organisation", "region")
        .first()
    )
    if found is None:
        raise Http404
    cases = (
        Mentorship.objects.visible_to(person)
        .filter(region=found.region_id, mentor=found)
        .select_related("enterprise__village")
        .order_by("state", "-pk")[:60]
    )
    return render(
        request,
        "mentoring/mentor.html",
        {
            "mentor": found,
            "cases": cases,
            "load": sum(one.state == State.ACTIVE for one in cases),
            "districts": _names(found),
            "own": found.person_id == person.pk,
            "can_edit": found.person_id == person.pk or policy.can_coordinate(person, found.region_id),
        },
    )


def _names(profile: MentorProfile) -> list[str]:
    from mbois.places.models import Area

    return list(Area.objects.filter(pk__in=profile.areas).order_by("name").values_list("name", flat=True))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """One's own profile as a mentor; the first one when there is none yet."""
    person = person_of(request)
    regions = person.regions_with(Role.MENTOR)
    require(bool(regions), _("This page is for mentors."))
    own = {one.region_id: one for one in MentorProfile.objects.filter(person=person, region__in=regions)}
    region = next((code for code in regions if code not in own), regions[0])
    return _edit(request, own.get(region), person, region)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mentor_edit(request: HttpRequest, mentor: int) -> HttpResponse:
    """Change a profile: the mentor or a coordinator."""
    person = person_of(request)
    found = MentorProfile.objects.visible_to(person).filter(pk=mentor).select_related("person").first()
    if found is None:
        raise Http404
    require(found.person_id == person.pk or policy.can_coordinate(person, found.region_id))
    return _edit(request, found, found.person, found.region_id)


def _edit(request: HttpRequest, found: MentorProfile | None, who: Person, region: str) -> HttpResponse:
    names = ("about", "skills", "areas", "languages", "hours_a_month", "most_cases", "is_open")
    initial = {name: getattr(found, name) for name in names} if found else {}
    form = ProfileForm(request.POST or None, region=region, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.save_profile(
                found, by=person_of(request), person=who, region_id=region, **form.cleaned_data
            )
            return say_and_go(request, _("Saved."), "mentor", mentor=saved.pk)
        except Refused as refused:
            form.refuse(refused)
    return render(
        request,
        "mentoring/profile.html",
        {"form": form, "profile": found, "who": who, "own": who.pk == person_of(request).pk},
        status=422 if form.is_bound else 200,
    )
