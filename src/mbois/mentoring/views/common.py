"""What several pages of this room need."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.forms import Form as AnyForm
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from mbois.enterprises.models import Enterprise
from mbois.mentoring.models import Mentorship, Session
from mbois.people.models import Person
from mbois.places.numbers import region_of
from mbois.refused import Refused
from mbois.web.middleware import refusal_json

__all__ = ["Person", "Refused", "login_required"]

View = Callable[..., HttpResponse]


def person_of(request: HttpRequest) -> Person:
    """Who is signed in (the view is behind `login_required`)."""
    assert isinstance(request.user, Person)
    return request.user


def region_in(number: str) -> str:
    """The region named in a number, or 404."""
    region = region_of(number)
    if region is None:
        raise Http404
    return region


def enterprise_or_404(request: HttpRequest, number: str) -> Enterprise:
    """An enterprise this person may see; another does not exist for them."""
    found = (
        Enterprise.objects.visible_to(person_of(request))
        .filter(region=region_in(number), number=number)
        .select_related("region", "owner__person", "village__parent")
        .first()
    )
    if found is None:
        raise Http404
    return found


def mentorship_or_404(request: HttpRequest, number: str) -> Mentorship:
    """A mentorship this person may see."""
    found = (
        Mentorship.objects.visible_to(person_of(request))
        .filter(region=region_in(number), number=number)
        .select_related(
            "region",
            "enterprise__village__parent",
            "enterprise__owner__person",
            "mentor__person",
            "mentor__organisation",
            "diagnosis",
            "owner_answer_by",
        )
        .first()
    )
    if found is None:
        raise Http404
    return found


def session_or_404(request: HttpRequest, key: uuid.UUID) -> Session:
    """A session this person may see."""
    found = (
        Session.objects.visible_to(person_of(request))
        .filter(uuid=key)
        .select_related(
            "region",
            "mentorship__enterprise__village__parent",
            "mentorship__enterprise__owner__person",
            "mentorship__mentor__person",
            "mentorship__mentor__organisation",
        )
        .first()
    )
    if found is None:
        raise Http404
    return found


def say_and_go(request: HttpRequest, message: Any, to: str, **kwargs: Any) -> HttpResponse:
    """A toast on the next page."""
    messages.success(request, message)
    return redirect(to, **kwargs)


def from_a_phone(request: HttpRequest) -> bool:
    """Whether a script sent it and wants JSON back."""
    return request.headers.get("Accept", "").startswith("application/json")


def signed_in(view: View) -> View:
    """A page for people who are signed in; a phone that sends is told so (401)."""

    @wraps(view)
    def wrapped(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, **kwargs)
        if from_a_phone(request):
            return refusal_json(Refused(_("Sign in first."), code="signed_out", status=401))
        return redirect_to_login(request.get_full_path())

    return wrapped


def wrong_fields(form: AnyForm) -> JsonResponse:
    """What is wrong with a form, as a phone reads it: the first sentence, and all by field."""
    fields = {name: [str(sentence) for sentence in errors] for name, errors in form.errors.items()}
    first, sentences = next(iter(fields.items()))
    error: dict[str, Any] = {"code": "invalid", "message": sentences[0], "fields": fields}
    if first != "__all__":
        error["field"] = first
    return JsonResponse({"error": error}, status=422)
