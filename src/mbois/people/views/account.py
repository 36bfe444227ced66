"""One's own account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mbois.people import mine, tokens
from mbois.people.actions import account as actions
from mbois.people.forms import AskForm, ProfileForm, TokenForm
from mbois.people.models import ApiToken, Person
from mbois.people.requests import SignedInRequest
from mbois.refused import Refused
from mbois.web.components import Fact
from mbois.web.confirm import ask_first
from mbois.web.show import telepon
from mbois.web.views import remember_language


@login_required
def profile(request: SignedInRequest) -> HttpResponse:
    """Name and language, and the way to everything else about oneself."""
    person = request.user
    form = ProfileForm(
        request.POST if request.method == "POST" else None,
        initial={"name": person.name, "language": person.language},
    )
    if request.method == "POST" and form.is_valid():
        actions.change_profile(person, **form.cleaned_data)
        messages.success(request, _("Saved."))
        response = redirect("profile")
        remember_language(request, response, form.cleaned_data["language"])
        return response
    facts = [
        Fact(_("Phone"), telepon(str(person.phone)) if person.phone else "", _phone_note(person)),
        Fact(_("E-mail"), person.email or ""),
    ]
    work = [
        Fact(membership.get_role_display(), membership.organisation, str(membership.area or ""))
        for membership in mine.memberships(person)
    ]
    return render(
        request,
        "people/profile.html",
        {"form": form, "facts": facts, "work": work},
        status=422 if form.errors else 200,
    )


def _phone_note(person: Person) -> str:
    return _("not confirmed yet") if person.phone and not person.phone_verified else ""


@login_required
@require_safe
def my_data(request: SignedInRequest) -> HttpResponse:
    """Everything we hold about the person, as a file."""
    response = JsonResponse(
        mine.everything(request.user), json_dumps_params={"indent": 2, "ensure_ascii": False}
    )
    day = timezone.localdate().isoformat()
    response["Content-Disposition"] = f'attachment; filename="mbois-data-{day}.json"'
    response["Cache-Control"] = "no-store"
    return response


@login_required
def ask_about_data(request: SignedInRequest) -> HttpResponse:
    """Ask for correction or erasure of one's data."""
    form = AskForm(request.POST if request.method == "POST" else None, person=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_about_data(request.user, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Your request has been sent. You get an answer within 3 × 24 hours."))
            return redirect("profile")
    return render(request, "people/ask.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def tokens_page(request: SignedInRequest) -> HttpResponse:
    """One's API tokens; a new one is shown once."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    made = ""
    if request.method == "POST" and form.is_valid():
        made = tokens.make(request.user, name=form.cleaned_data["name"], expires_at=form.expires_at())
        form = TokenForm()
    own = ApiToken.objects.filter(person=request.user)
    response = render(
        request,
        "people/tokens.html",
        {"form": form, "tokens": own, "made": made},
        status=422 if form.errors else 200,
    )
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def revoke_token(request: SignedInRequest, token: int) -> HttpResponse:
    """End a token of one's own."""
    own = get_object_or_404(ApiToken, pk=token, person=request.user)
    if asked := ask_first(request, question=_("End this token?"), verb=_("End it"), danger=True):
        return asked
    tokens.revoke(own, by=request.user)
    messages.success(request, _("The token no longer opens anything."))
    return redirect("tokens")
