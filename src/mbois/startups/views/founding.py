"""The founder's home, and the team: its page, its people, who wrote to it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mbois.enterprises.models import Enterprise
from mbois.refused import Refused, require
from mbois.startups import homes, policy, queries
from mbois.startups.actions import teams as actions
from mbois.startups.forms import DutyForm, InviteForm, StartupForm
from mbois.startups.models import Application, ContactRequest, Invitation, Member, Participation, Startup
from mbois.startups.views.common import (
    act,
    form_page,
    login_required,
    person_of,
    refuse_and_go,
    say_and_go,
    startup_or_404,
)
from mbois.web.confirm import ask_first


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The founder's home: the next thing to do, then each startup."""
    person = person_of(request)
    startups = queries.teams_of(person)
    return render(
        request,
        "startups/mine.html",
        {
            "rows": homes.cards_of(startups),
            "next": homes.next_of(startups),
            "calls": queries.open_calls(),
            "mentored": list(
                Participation.objects.mentored_by(person)
                .active()
                .select_related("startup", "cohort")
                .order_by("-cohort__begins_on", "startup__name")
            ),
        },
    )


def _own_enterprises(request: HttpRequest, startup: Startup) -> list[Enterprise]:
    return list(
        Enterprise.objects.living()
        .filter(region=startup.region_id, owner__person=person_of(request))
        .select_related("owner")
        .order_by("name")[:20]
    )


@login_required
@require_safe
def team(request: HttpRequest, startup: str) -> HttpResponse:
    """A startup from inside: what it says, who is in it, what it applied for, who wrote."""
    person, found = person_of(request), startup_or_404(request, startup)
    own = policy.in_team(person, found)
    here = {"region": found.region_id, "startup": found}
    applications = list(
        Application.objects.visible_to(person).filter(**here).select_related("call").order_by("-pk")
    )
    return render(
        request,
        "startups/team.html",
        {
            "startup": found,
            "own": own,
            "members": queries.members_of(found),
            "me": person.pk,
            "invitations": list(
                Invitation.objects.filter(**here, used_at=None, withdrawn_at=None).order_by("-pk")
            )
            if own
            else [],
            "invite": InviteForm(),
            "applications": applications,
            "places": list(
                Participation.objects.visible_to(person)
                .filter(**here)
                .select_related("cohort")
                .order_by("-pk")
            ),
            "requests": list(ContactRequest.objects.filter(**here).order_by("-sent_at")[:30]) if own else [],
            "can_record": policy.can_record_figures(person, found),
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, startup: str) -> HttpResponse:
    """Change what a startup says of itself."""
    person, found = person_of(request), startup_or_404(request, startup)
    require(policy.in_team(person, found))
    enterprises = _own_enterprises(request, found)
    if found.enterprise and all(one.pk != found.enterprise_id for one in enterprises):
        enterprises.append(found.enterprise)
    form = StartupForm(request.POST or None, request.FILES or None, startup=found, enterprises=enterprises)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        chosen = told.pop("enterprise", "")
        told["enterprise"] = next((one for one in enterprises if str(one.pk) == chosen), None)
        if act(form, lambda: actions.change(found, by=person, **told)):
            return say_and_go(request, _("Saved."), "startup_team", startup=found.number)
    return form_page(
        request,
        form,
        title=_("What we say of ourselves"),
        button=_("Save"),
        back=f"/startup/tim/{found.number}/",
        back_label=found.name,
    )


@login_required
@require_POST
def invite(request: HttpRequest, startup: str) -> HttpResponse:
    """Invite somebody into the team."""
    person, found = person_of(request), startup_or_404(request, startup)
    require(policy.in_team(person, found))
    form = InviteForm(request.POST)
    if form.is_valid() and act(form, lambda: actions.invite(found, by=person, **form.cleaned_data)):
        return say_and_go(
            request,
            _("Invited. The link below works for 14 days, for one person."),
            "startup_team",
            startup=found.number,
        )
    return form_page(
        request,
        form,
        title=_("Invite somebody"),
        button=_("Make the link"),
        back=f"/startup/tim/{found.number}/",
        back_label=found.name,
        icon="user-plus",
    )


@login_required
@require_POST
def withdraw_invitation(request: HttpRequest, startup: str, invited: int) -> HttpResponse:
    """The link no longer works."""
    person, found = person_of(request), startup_or_404(request, startup)
    row = (
        Invitation.objects.filter(region=found.region_id, startup=found, pk=invited)
        .select_related("startup")
        .first()
    )
    if row is None:
        raise Http404
    actions.withdraw_invitation(row, by=person)
    return say_and_go(request, _("The link no longer works."), "startup_team", startup=found.number)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, invitation: str) -> HttpResponse:
    """Whoever holds the link comes into the team."""
    found = (
        Invitation.objects.filter(secret=invitation.replace("\x00", ""))
        .select_related("startup", "made_by")
        .first()
    )
    if found is None:
        raise Http404
    if request.method == "POST":
        try:
            startup = actions.join(found, by=person_of(request))
        except Refused as refused:
            return refuse_and_go(request, refused, "startup_invitation", invitation=invitation)
        return say_and_go(
            request,
            _("Welcome to %(name)s.") % {"name": startup.name},
            "startup_team",
            startup=startup.number,
        )
    response = render(
        request,
        "startups/invitation.html",
        {"invitation": found, "inside": policy.in_team(person_of(request), found.startup)},
    )
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def duty(request: HttpRequest, startup: str) -> HttpResponse:
    """Say what one does in the team."""
    person, found = person_of(request), startup_or_404(request, startup)
    row = Member.objects.filter(region=found.region_id, startup=found, person=person, left_at=None).first()
    if row is None:
        raise Http404
    form = DutyForm(request.POST or None, initial={"duty": row.duty})
    if request.method == "POST" and form.is_valid():
        row.duty = form.cleaned_data["duty"].strip()
        row.save()
        return say_and_go(request, _("Saved."), "startup_team", startup=found.number)
    return form_page(
        request,
        form,
        title=_("My part in the team"),
        button=_("Save"),
        back=f"/startup/tim/{found.number}/",
        back_label=found.name,
    )


@login_required
@require_POST
def leave(request: HttpRequest, startup: str) -> HttpResponse:
    """Go out of the team."""
    person, found = person_of(request), startup_or_404(request, startup)
    require(policy.in_team(person, found))
    if asked := ask_first(
        request,
        question=_("Leave %(name)s?") % {"name": found.name},
        verb=_("Leave the team"),
        detail=_(
            "You no longer see its applications and updates. Somebody of the team can invite you again."
        ),
        danger=True,
    ):
        return asked
    try:
        actions.leave(found, by=person)
    except Refused as refused:
        return refuse_and_go(request, refused, "startup_team", startup=found.number)
    return say_and_go(request, _("You are no longer in the team."), "my_startups")


@login_required
@require_POST
def answered(request: HttpRequest, startup: str, contact_request: int) -> HttpResponse:
    """Tick off somebody who wrote."""
    person, found = person_of(request), startup_or_404(request, startup)
    row = (
        ContactRequest.objects.filter(region=found.region_id, startup=found, pk=contact_request)
        .select_related("startup")
        .first()
    )
    if row is None:
        raise Http404
    actions.answered(row, by=person)
    return say_and_go(request, _("Ticked off."), "startup_team", startup=found.number)
