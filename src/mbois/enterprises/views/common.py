"""What several pages of the registry need."""

from typing import Any

from django.http import Http404, HttpRequest

from mbois.enterprises.forms import LicenceForm
from mbois.enterprises.models import Enterprise
from mbois.enterprises.models.duplicates import STEWARDS
from mbois.people import documents
from mbois.people.models import HeldUpload, Person, Role
from mbois.refused import Refused


def signed_in(request: HttpRequest) -> Person:
    """The person of a view behind `login_required`."""
    assert isinstance(request.user, Person)
    return request.user


def seen(request: HttpRequest, number: str) -> Enterprise:
    """The enterprise of this number, if the person may see it; else it does not exist."""
    enterprise: Enterprise | None = (
        Enterprise.objects.visible_to(signed_in(request))
        .numbered(number)
        .select_related(
            "owner", "owner__person", "village", "village__parent", "region", "kbli", "merged_into"
        )
        .first()
    )
    if enterprise is None:
        raise Http404
    return enterprise


def posted(request: HttpRequest) -> tuple[Any, Any]:
    """Data and files for a form: those of a POST, even an empty one; else none."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def held_scan(form: LicenceForm, by: Person) -> HeldUpload | None:
    """The scan that came with a licence, or the one kept from an earlier try; held until the licence is
    saved, so that nobody chooses it again because something else was wrong."""
    if upload := form.files.get("scan"):
        try:
            return documents.hold(upload, by=by)
        except Refused as refused:
            if not form.has_error("scan"):  # the form found it empty or too large itself
                form.refuse(refused, "scan")
    return next(iter(documents.held_by(by, str(form.data.get("held", "")))), None)


def steward(request: HttpRequest) -> Person:
    """The person, if they are a steward of some region; else the page does not exist for them."""
    person = signed_in(request)
    if not person.regions_with(*STEWARDS):
        raise Http404
    return person


def of_two_regions(person: Person) -> bool:
    """Whether they may see what two regions have in common."""
    return len(person.regions_with(Role.REGION_ADMIN)) > 1
