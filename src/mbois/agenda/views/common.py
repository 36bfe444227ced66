"""What several pages of this room need."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from mbois.agenda import policy
from mbois.agenda.codes import code_in
from mbois.agenda.models import Activity, Registration
from mbois.people.models import Person
from mbois.places.numbers import region_of
from mbois.refused import require

__all__ = ["login_required"]

WITH = ("region", "parent__proposed_by", "organisation", "proposed_by", "series", "picture", "district")


def person_of(request: HttpRequest) -> Person:
    """Who is signed in (the view is behind `login_required`)."""
    assert isinstance(request.user, Person)
    return request.user


def me(request: HttpRequest) -> Person | None:
    return request.user if isinstance(request.user, Person) else None


def public_or_404(address: str) -> Activity:
    """A published activity by the end of its address, or by its code."""
    code = code_in(address)
    found = (
        Activity.objects.published()
        .filter(region=region_of(code), code=code)
        .select_related("region", "parent", "picture", "series")
        .first()
        if code
        else None
    )
    if found is None:
        raise Http404
    assert isinstance(found, Activity)
    return found


def desk_or_404(request: HttpRequest, code: str, *, work: bool = True) -> Activity:
    """An activity whose desk this person may open; `work` asks for the right to work on it."""
    code = code_in(code)
    person = person_of(request)
    found = (
        Activity.objects.visible_to(person)
        .filter(region=region_of(code), code=code)
        .select_related(*WITH)
        .first()
        if code
        else None
    )
    if found is None:
        raise Http404
    assert isinstance(found, Activity)
    if work:
        require(policy.works_on(person, found))
    return found


def registration_or_404(secret: str) -> Registration:
    """A registration by its secret link."""
    found = (
        Registration.objects.filter(secret=secret.replace("\x00", ""))
        .select_related("activity__region", "activity__parent", "person")
        .first()
    )
    if found is None or found.forgotten_at is not None:
        raise Http404
    return found


def private(response: HttpResponse) -> HttpResponse:
    """A page whose address is a secret: kept by nobody on the way, found by no search engine."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    return response


def say_and_go(request: HttpRequest, message: Any, to: str, anchor: str = "", **kwargs: Any) -> HttpResponse:
    """A toast on the next page."""
    messages.success(request, message)
    return redirect(reverse(to, kwargs=kwargs) + anchor)
