"""Who works in one's region."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mbois import clock
from mbois.people import actions, policy
from mbois.people.forms import MemberForm, OrganisationForm
from mbois.people.models import Membership, Organisation, Person, Role
from mbois.people.requests import SignedInRequest
from mbois.people.timeline import timeline
from mbois.refused import Refused
from mbois.web.components import Fact, badge
from mbois.web.confirm import ask_first
from mbois.web.show import tanggal, telepon
from mbois.web.tables import Choice, Column, Empty, Filter, Table

_SEES = (Role.REGION_ADMIN, Role.AUDITOR)


def _regions(person: Person) -> list[str]:
    """The regions whose members this person may read; nobody else knows that the page exists."""
    regions = person.regions_with(*_SEES)
    if not regions:
        raise Http404
    return regions


def _managed(person: Person) -> list[str]:
    regions = person.regions_with(Role.REGION_ADMIN)
    if not regions:
        raise Http404
    return regions


def _search(rows: QuerySet[Membership], text: str) -> QuerySet[Membership]:
    digits = text.replace(" ", "").replace("-", "").removeprefix("0")
    wanted = Q(person__name__icontains=text) | Q(person__email__icontains=text)
    wanted |= Q(organisation__name__icontains=text)
    if digits.isdigit() and len(digits) >= 4:
        wanted |= Q(person__phone__contains=digits)
    return rows.filter(wanted)


def _state(membership: Membership) -> object:
    if membership.until and membership.until <= clock.today():
        return badge(_("ended"), "plain")
    return badge(_("in force"), "ok")


@login_required
def members(request: SignedInRequest) -> HttpResponseBase:
    """The members of one's region, those of before too."""
    regions, today = _regions(request.user), clock.today()
    table = Table(
        request,
        rows=Membership.objects.filter(region__in=regions, person__is_service=False).select_related(
            "person", "organisation", "area", "region"
        ),
        columns=[
            Column(
                "name",
                _("Name"),
                value="person.name",
                sort="person__name",
                link=lambda row: reverse("membership", args=[row.pk]),
                note=lambda row: telepon(str(row.person.phone)) if row.person.phone else row.person.email,
            ),
            Column("role", _("Role"), value="get_role_display", sort="role"),
            Column("organisation", _("Organisation"), value="organisation.name", sort="organisation__name"),
            Column("area", _("Where"), value=lambda row: row.area or row.region, sort="area", phone=False),
            Column("since", _("Since"), show=tanggal, sort="-since", phone=False),
            Column("state", _("State"), value=_state, download=False),
        ],
        search=_search,
        search_label=_("Search name, phone, e-mail or organisation"),
        filters=[
            Filter(
                "state",
                _("State"),
                [
                    Choice("now", _("In force"), Q(until=None) | Q(until__gt=today)),
                    Choice("ended", _("Ended"), Q(until__lte=today)),
                ],
            ),
            Filter("role", _("Role"), [Choice(role.value, role.label, Q(role=role)) for role in Role]),
        ],
        order="name",
        empty=Empty(_("No member yet"), _("Give somebody a role in your region."), art="path"),
    )
    manages = bool(request.user.regions_with(Role.REGION_ADMIN))
    return table.answer("people/members.html", {"manages": manages})


@login_required
def add(request: SignedInRequest) -> HttpResponse:
    """Give somebody a role."""
    form = MemberForm(request.POST if request.method == "POST" else None, regions=_managed(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_member(by=request.user, **form.values())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("%(name)s has been given the role.") % {"name": made.person})
            return redirect("membership", made.pk)
    return render(request, "people/add_member.html", {"form": form}, status=422 if form.errors else 200)


def _membership(person: Person, key: int) -> Membership:
    return get_object_or_404(
        Membership.objects.select_related("person", "organisation", "area", "region"),
        pk=key,
        region__in=_regions(person),
    )


@login_required
def membership(request: SignedInRequest, membership: int) -> HttpResponse:
    """One membership with its history."""
    found = _membership(request.user, membership)
    ended = bool(found.until and found.until <= clock.today())
    phone = telepon(str(found.person.phone)) if found.person.phone else ""
    facts = [
        Fact(_("Role"), found.get_role_display()),
        Fact(_("Organisation"), found.organisation),
        Fact(_("Where"), found.area or found.region),
        Fact(_("Phone"), phone),
        Fact(_("E-mail"), found.person.email or ""),
        Fact(_("Since"), tanggal(found.since)),
    ]
    if found.until:
        facts.append(Fact(_("Ended"), tanggal(found.until)))
    return render(
        request,
        "people/membership.html",
        {
            "membership": found,
            "facts": facts,
            "may_end": not ended
            and policy.can_end(request.user, found)
            and found.person_id != request.user.pk,
            "events": timeline(found, addresses=True),
        },
    )


@login_required
@require_POST
def end(request: SignedInRequest, membership: int) -> HttpResponse:
    """End a membership."""
    found = _membership(request.user, membership)
    if asked := ask_first(
        request,
        question=_("End the role of %(name)s?") % {"name": found.person},
        detail=_("From now on they can no longer work with it. What they did stays recorded."),
        verb=_("End the role"),
        danger=True,
    ):
        return asked
    try:
        actions.end_membership(found, by=request.user)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("The role has ended."))
    return redirect("membership", found.pk)


@login_required
def organisations(request: SignedInRequest) -> HttpResponseBase:
    """The organisations of one's region, and a form for another one."""
    regions = _managed(request.user)
    form = OrganisationForm(request.POST if request.method == "POST" else None, regions=regions)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_organisation(by=request.user, **form.values())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("organisations")
    table = Table(
        request,
        rows=Organisation.objects.filter(region__in=regions).select_related("region"),
        columns=[
            Column("name", _("Name"), sort="name", link=lambda row: reverse("organisation", args=[row.pk])),
            Column("kind", _("Kind"), value="get_kind_display", sort="kind"),
            Column("region", _("Region"), value="region.name", phone=False),
        ],
        order="name",
    )
    return table.answer("people/organisations.html", {"form": form})


@login_required
def organisation(request: SignedInRequest, organisation: int) -> HttpResponse:
    """An organisation: its members now, and its history."""
    found = get_object_or_404(
        Organisation.objects.select_related("region"), pk=organisation, region__in=_managed(request.user)
    )
    people: Any = (
        Membership.objects.in_force()
        .filter(organisation=found, region=found.region_id, person__is_service=False)
        .select_related("person", "area")
        .order_by("role", "person__name")
    )
    return render(
        request,
        "people/organisation.html",
        {"organisation": found, "memberships": people, "events": timeline(found, addresses=True)},
    )
