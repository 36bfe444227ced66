"""What is common to pages that are filled in the field and answer a phone that sends later."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.forms import Form as AnyForm
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from mbois.enterprises.models import Enterprise, Owner
from mbois.refused import Refused
from mbois.web.middleware import refusal_json

View = Callable[..., HttpResponse]


def from_a_phone(request: HttpRequest) -> bool:
    """Whether a script sent it and wants JSON back."""
    return request.headers.get("Accept", "").startswith("application/json")


def signed_in(view: View) -> View:
    """A page for people who are signed in; a phone that sends is told so (401) instead of being led
    to the sign-in page."""

    @wraps(view)
    def wrapped(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, **kwargs)
        if from_a_phone(request):
            return refusal_json(Refused(_("Sign in first."), code="signed_out", status=401))
        return redirect_to_login(request.get_full_path())

    return wrapped


def refused_to(request: HttpRequest, refused: Refused) -> HttpResponse:
    """A refusal as whoever asked reads it: a phone that sends, or a person who opens the page."""
    if from_a_phone(request):
        return refusal_json(refused)
    if refused.status == 404:
        raise Http404
    raise refused


def phone_of(owner: Owner, enterprise: Enterprise) -> str:
    """Where somebody is called before one goes there; empty where nothing is known."""
    person = owner.person
    return str(owner.phone or enterprise.phone or person.contact_phone or person.phone or "")


def wrong_fields(form: AnyForm) -> JsonResponse:
    """What is wrong with a form, as a phone reads it: the first sentence, and all by field."""
    fields = {name: [str(sentence) for sentence in errors] for name, errors in form.errors.items()}
    first, sentences = next(iter(fields.items()))
    error: dict[str, Any] = {"code": "invalid", "message": sentences[0], "fields": fields}
    if first != "__all__":
        error["field"] = first
    return JsonResponse({"error": error}, status=422)
