"""Taking over an account, and the slip an officer hands out for it."""

import segno
from allauth.account.utils import perform_login
from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from mbois.people import actions, claims, policy
from mbois.people.forms import ClaimForm, TakeOverForm
from mbois.people.models import Claim, Person
from mbois.people.requests import SignedInRequest
from mbois.refused import Refused
from mbois.web.confirm import ask_first

SESSION = "open_claim"


@never_cache
@sensitive_post_parameters("code", "answer")
def enter(request: HttpRequest) -> HttpResponse:
    """Type the code of the slip (the QR code fills it in)."""
    form = ClaimForm(
        request.POST if request.method == "POST" else None, initial={"code": request.GET.get("kode", "")[:20]}
    )
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, app="allauth.account", action="claim"):
            form.add_error(None, _("Too many tries. Please wait some minutes."))
        else:
            try:
                claim = actions.open_claim(form.cleaned_data["code"], form.cleaned_data["answer"])
            except Refused as refused:
                form.refuse(refused)
            else:
                request.session[SESSION] = str(claim.pk)
                return redirect("take_over")
    return render(request, "people/claim.html", {"form": form}, status=422 if form.errors else 200)


def _opened(request: HttpRequest) -> Claim | None:
    return (
        Claim.objects.select_related("person", "made_by")
        .filter(pk__in=[key] if (key := request.session.get(SESSION)) else [], used_at=None)
        .first()
    )


@never_cache
@sensitive_post_parameters("password")
def take_over(request: HttpRequest) -> HttpResponse:
    """With the right code: give phone or e-mail and password, or take over into the account one has."""
    claim = _opened(request)
    if claim is None:
        return redirect("claim")
    into = request.method == "POST" and "into" in request.POST
    typed = request.POST if request.method == "POST" and not into else None
    form = TakeOverForm(typed, person=claim.person)
    if into and request.user.is_authenticated:
        actions.claim_into(claim, account=request.user)
        del request.session[SESSION]
        messages.success(request, _("What was made for you is now in your account."))
        return redirect("home")
    if typed is not None and form.is_valid():
        try:
            person = actions.claim_new_account(
                claim,
                phone=str(form.cleaned_data["phone"] or ""),
                email=form.cleaned_data["email"],
                password=form.cleaned_data["password"],
                language=(get_language() or "id")[:2],
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            del request.session[SESSION]
            messages.success(request, _("This account is yours now."))
            return perform_login(request, person)
    return render(
        request, "people/take_over.html", {"form": form, "claim": claim}, status=422 if form.errors else 200
    )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def slip(request: SignedInRequest, person: int) -> HttpResponse:
    """A new slip to print: name, code and QR code. The code is shown this once."""
    subject = get_object_or_404(Person, pk=person)
    if not policy.can_issue_claim(request.user, subject):
        raise Http404
    if request.method == "GET" and (
        asked := ask_first(
            request,
            question=_("Make another slip?"),
            detail=_("The code of a slip is shown once. A new slip ends the one before."),
            verb=_("Make a slip"),
        )
    ):
        return asked
    code = actions.issue_claim(subject, by=request.user)
    drawn = segno.make(claims.link(code), error="m").svg_inline(scale=5, border=2, light="white")
    return render(
        request,
        "people/slip.html",
        {"person": subject, "code": code, "qr": mark_safe(drawn), "link": claims.link("").split("?")[0]},
    )
