"""What several pages of this room need."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from mbois.people.models import Document, Person, Role
from mbois.people.views.files import serve
from mbois.places.numbers import region_of
from mbois.refused import Refused
from mbois.startups import policy
from mbois.startups.models import (
    PROGRAMME_READERS,
    Application,
    Call,
    Cohort,
    Participation,
    Startup,
    to_review,
)
from mbois.web.forms import Form

__all__ = ["login_required"]


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


def call_or_404(request: HttpRequest, number: str) -> Call:
    """A call: published ones are everybody's."""
    person = request.user
    rows = Call.objects.visible_to(person) if isinstance(person, Person) else Call.objects.published()
    found = (
        rows.filter(region=region_in(number), number=number).with_window().select_related("region").first()
    )
    if found is None:
        raise Http404
    assert isinstance(found, Call)
    return found


def read_call(request: HttpRequest, number: str) -> Call:
    """A call, for those who read the programme of its region."""
    found = call_or_404(request, number)
    if not policy.reads(person_of(request), found.region_id):
        raise Http404
    return found


def run_call(request: HttpRequest, number: str) -> Call:
    """A call, for whoever runs the programme of its region."""
    found = read_call(request, number)
    if not policy.manages(person_of(request), found.region_id):
        raise PermissionDenied
    return found


def startup_or_404(request: HttpRequest, number: str) -> Startup:
    """A startup this person may see; another does not exist for them."""
    found = (
        Startup.objects.visible_to(person_of(request))
        .filter(region=region_in(number), number=number)
        .select_related("region", "enterprise__owner", "picture")
        .first()
    )
    if found is None:
        raise Http404
    assert isinstance(found, Startup)
    return found


def application_or_404(request: HttpRequest, number: str) -> Application:
    """An application this person may see (reviewers: see `review_or_404`)."""
    found = (
        Application.objects.visible_to(person_of(request))
        .filter(region=region_in(number), number=number)
        .select_related("region", "call", "startup__enterprise", "submitted_by")
        .first()
    )
    if found is None:
        raise Http404
    assert isinstance(found, Application)
    return found


def review_or_404(request: HttpRequest, number: str) -> Application:
    """An application this person was asked to review and may."""
    found = (
        to_review(person_of(request))
        .filter(region=region_in(number), number=number)
        .select_related("region", "call", "startup__enterprise")
        .first()
    )
    if found is None:
        raise Http404
    assert isinstance(found, Application)
    return found


def cohort_or_404(request: HttpRequest, number: str, *, manage: bool = False) -> Cohort:
    """A cohort this person may see; with `manage`, only for whoever runs the programme."""
    person = person_of(request)
    found = (
        Cohort.objects.visible_to(person)
        .filter(region=region_in(number), number=number)
        .select_related("region", "call")
        .first()
    )
    if found is None:
        raise Http404
    if manage and not policy.manages(person, found.region_id):
        raise PermissionDenied
    assert isinstance(found, Cohort)
    return found


def participation_or_404(request: HttpRequest, key: int) -> Participation:
    """A startup in a cohort, where this person may see it."""
    found = (
        Participation.objects.visible_to(person_of(request))
        .filter(pk=key)
        .select_related("region", "cohort", "startup")
        .first()
    )
    if found is None:
        raise Http404
    assert isinstance(found, Participation)
    return found


def managing(request: HttpRequest) -> list[str]:
    """The regions whose programme this person runs, or refused."""
    regions = person_of(request).regions_with(Role.INCUBATOR)
    if not regions:
        raise PermissionDenied
    return regions


def reading(request: HttpRequest) -> list[str]:
    """The regions whose programme this person reads, or refused."""
    regions = person_of(request).regions_with(*PROGRAMME_READERS)
    if not regions:
        raise PermissionDenied
    return regions


def say_and_go(request: HttpRequest, message: Any, to: str, **kwargs: Any) -> HttpResponse:
    """A toast on the next page."""
    messages.success(request, message)
    return redirect(to, **kwargs)


def refuse_and_go(request: HttpRequest, refused: Refused, to: str, **kwargs: Any) -> HttpResponse:
    """The sentence of a refusal on the next page; what is forbidden stays so."""
    if refused.status == 403:
        raise refused
    messages.error(request, refused.message)
    return redirect(to, **kwargs)


def from_a_script(request: HttpRequest) -> bool:
    """Whether a script sent it and wants JSON back."""
    return request.headers.get("Accept", "").startswith("application/json")


def as_json(refused: Refused) -> JsonResponse:
    error = {"code": refused.code, "message": refused.message}
    if refused.field:
        error["field"] = refused.field
    return JsonResponse({"error": error}, status=refused.status)


def form_page(
    request: HttpRequest,
    form: Form,
    *,
    title: Any,
    button: Any,
    back: str,
    back_label: Any,
    about: Any = "",
    icon: str = "check",
    danger: bool = False,
    extra: dict[str, Any] | None = None,
    template: str = "startups/form_page.html",
) -> HttpResponse:
    """A page with one form."""
    context = {
        "form": form,
        "title": title,
        "button": button,
        "back": back,
        "back_label": back_label,
        "about": about,
        "icon": icon,
        "danger": danger,
        "with_files": form.is_multipart(),
    }
    return render(request, template, context | (extra or {}), status=422 if form.is_bound else 200)


def act(form: Form, command: Callable[[], object]) -> bool:
    """Run a command; put its refusal into the form. What is forbidden stays so."""
    try:
        command()
    except Refused as refused:
        if refused.status == 403:
            raise
        form.refuse(refused)
        return False
    return True


def file_answer(request: HttpRequest, document: Document | None, *, name: str = "") -> HttpResponse:
    """A file of this room, under another name where that is asked for."""
    if document is None:
        raise Http404
    small = "kecil" in request.GET and document.thumbnail
    return serve(
        request,
        document.thumbnail if small else document.file,
        kind="image/jpeg" if small else document.kind,
        name=name or document.name,
        etag=("s" if small else "") + document.sha256[:31],
        inline=document.is_image,
    )
