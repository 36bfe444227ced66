"""What one agreed to."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mbois.people import actions, consents
from mbois.people.models import AccountConsent, Consent
from mbois.people.requests import SignedInRequest
from mbois.refused import Refused
from mbois.web.confirm import ask_first


@require_safe
def text(request: HttpRequest, key: str) -> HttpResponse:
    """A text as it stands today, for everybody to read."""
    try:
        current = consents.current(key)
    except Refused:
        raise Http404 from None
    language = get_language() or "id"
    return render(
        request,
        "people/consent_text.html",
        {
            "text": current,
            "title": current.title(language),
            "paragraphs": [consents.parts(one) for one in current.body(language).split("\n\n")],
        },
    )


@login_required
@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    """Everything one agreed to, with the way to take it back."""
    language = get_language() or "id"
    given = (
        Consent.objects.filter(person=request.user)
        .select_related("text", "region", "recorded_by", "evidence")
        .order_by("-given_at")
    )
    account = AccountConsent.objects.filter(person=request.user).select_related("text").order_by("-given_at")
    return render(
        request,
        "people/consents.html",
        {
            "given": [{"consent": one, "title": one.text.title(language)} for one in given],
            "account": [{"consent": one, "title": one.text.title(language)} for one in account],
        },
    )


@login_required
@require_POST
def withdraw(request: SignedInRequest, consent: int) -> HttpResponse:
    """Take a consent back."""
    own = get_object_or_404(Consent.objects.select_related("text"), pk=consent, person=request.user)
    if asked := ask_first(
        request,
        question=_("Take this consent back?"),
        detail=_("What was done before stays lawful. What needs this consent stops from now on."),
        verb=_("Take it back"),
        danger=True,
    ):
        return asked
    actions.withdraw_consent(own, by=request.user)
    messages.success(request, _("You took the consent back."))
    return redirect("consents")
