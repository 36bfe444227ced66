"""The home visit on a phone: the list of whom to visit, and the form."""

import hashlib
from dataclasses import dataclass
from urllib.parse import quote

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mbois import clock
from mbois.financing import policy
from mbois.financing.actions.applications import url_of
from mbois.financing.actions.visits import VisitReport, take_visit
from mbois.financing.forms.fieldwork import MOST_PHOTOS, VisitForm, first_client_id, uploads_of
from mbois.financing.models import Application, State, Visit
from mbois.financing.queries import WorkingDayClock, working_day_clock
from mbois.financing.schedule import plan
from mbois.financing.views.common import person_of
from mbois.financing.views.fieldwork import from_a_phone, phone_of, refused_to, signed_in, wrong_fields
from mbois.people import documents
from mbois.people.models import HeldUpload, Person, Role
from mbois.places.numbers import region_of
from mbois.places.workdays import Calendar
from mbois.refused import Refused, require
from mbois.web.middleware import refusal_json

MOST_LISTED = 60
STILL_OPEN = (State.SUBMITTED, State.VISITED, State.ASSESSED)


@dataclass(frozen=True)
class Stop:
    """One household of the officer's round."""

    application: Application
    clock: WorkingDayClock | None
    phone: str
    map_url: str


def _map_of(application: Application) -> str:
    """Where a map shows the place: the point if it is known, else a search for the address."""
    enterprise = application.enterprise
    if enterprise.latitude is not None and enterprise.longitude is not None:
        place = f"{enterprise.latitude:.6f}/{enterprise.longitude:.6f}"
        return (
            f"https://www.openstreetmap.org/?mlat={enterprise.latitude:.6f}&mlon={enterprise.longitude:.6f}"
            f"#map=18/{place}"
        )
    words = ", ".join(
        part for part in (enterprise.address, enterprise.village.name, application.region.name) if part
    )
    return f"https://www.openstreetmap.org/search?query={quote(words)}"


def _with_people(request: HttpRequest) -> QuerySet[Application]:
    return Application.objects.visible_to(person_of(request)).select_related(
        "region", "scheme", "enterprise__village__parent", "borrower__person", "entered_by"
    )


@signed_in
@require_safe
def visits(request: HttpRequest) -> HttpResponse:
    """Whom a field officer visits next, the one that waits longest first, and what they did lately."""
    person = person_of(request)
    regions = person.regions_with(Role.FIELD_OFFICER)
    require(bool(regions), _("Home visits are made by field officers of the bank."))
    waiting = (
        _with_people(request)
        .filter(region__in=regions, state=State.SUBMITTED)
        .exclude(borrower__person=person)
        .order_by("submitted_at", "pk")
    )
    calendars = {code: Calendar(code) for code in regions}
    stops = [
        Stop(
            one,
            working_day_clock(one, calendars[one.region_id]),
            phone_of(one.borrower, one.enterprise),
            _map_of(one),
        )
        for one in waiting[:MOST_LISTED]
    ]
    done = (
        Visit.objects.filter(region__in=regions, visited_by=person)
        .select_related("application__enterprise", "application__borrower")
        .order_by("-received_at")[:5]
    )
    pages = [reverse("visits"), reverse("records")]
    pages += [reverse("visit", kwargs={"application": stop.application.number}) for stop in stops]
    return render(
        request,
        "financing/visits.html",
        {"stops": stops, "done": done, "pages": " ".join(pages), "most": MOST_LISTED},
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: HttpRequest, application: str) -> HttpResponse:
    """Record a home visit. Answers a phone that sends with JSON: 201 taken, 200 had come before, 422 or
    409 with what is wrong; anybody else with a page."""
    person = person_of(request)
    region = region_of(application)
    found = _with_people(request).filter(region_id=region, number=application).first() if region else None
    if found is None:
        return refused_to(request, Refused(_("There is no such application."), code="not_found", status=404))
    if not policy.can_visit(person, found):
        said = _("Home visits are made by field officers of the bank.")
        return refused_to(request, Refused(said, code="forbidden", status=403))
    if request.method == "POST":
        return _take(request, found, person)
    form = VisitForm(
        neighbours_asked=found.scheme.neighbours_asked,
        initial={"client_id": first_client_id(), "visited_at": timezone.localtime(clock.now())},
    )
    return _page(request, found, form)


def _take(request: HttpRequest, application: Application, person: Person) -> HttpResponse:
    form = VisitForm(request.POST, request.FILES, neighbours_asked=application.scheme.neighbours_asked)
    held = documents.held_by(person, *request.POST.getlist("held")[:MOST_PHOTOS])
    removed = set(request.POST.getlist("remove_held"))
    held = [one for one in held if str(one.pk) not in removed]
    refused: Refused | None = None
    if form.is_valid():
        photos = form.cleaned_data["photos"]
        try:
            done, again = take_visit(
                application,
                _report(form, photos, request.POST.getlist("held"), removed),
                by=person,
                uploads=photos,
                held=held,
            )
        except Refused as error:
            refused = error
        else:
            return _taken(request, done, again=again)
    if from_a_phone(request):
        return refusal_json(refused) if refused else wrong_fields(form)
    if refused:
        form.refuse(refused)
    held += _hold(form, uploads_of(request.FILES), person, most=MOST_PHOTOS - len(held))
    return _page(request, application, form, held=held, status=refused.status if refused else 422)


def _report(form: VisitForm, photos: list[UploadedFile], held: list[str], removed: set[str]) -> VisitReport:
    """What was seen. A photo counts by its bytes as they were sent, one kept from an earlier try by its
    id, so that the same form sent again is the same visit."""
    said = form.cleaned_data
    point = said["position"]
    hashes = [one for one in held if one not in removed]
    for photo in photos:
        photo.seek(0)
        hashes.append(hashlib.sha256(photo.read()).hexdigest())
    return VisitReport(
        client_id=said["client_id"],
        visited_at=said["visited_at"],
        checklist=form.checklist,
        neighbours=said["neighbours"],
        sales=said["sales"],
        costs=said["costs"],
        household=said["household"],
        other_debts=said["other_debts"],
        advice=said["advice"],
        notes=said["notes"],
        latitude=point.latitude if point else None,
        longitude=point.longitude if point else None,
        accuracy=said["accuracy"] if point else None,
        address=said["address"],
        rt=said["rt"],
        rw=said["rw"],
        photo_hashes=hashes,
    )


def _taken(request: HttpRequest, done: Visit, *, again: bool) -> HttpResponse:
    application = done.application
    if from_a_phone(request):
        answer = {"number": application.number, "url": url_of(application), "again": again}
        if done.same_as_id:
            answer["twin"] = True
        return JsonResponse(answer, status=200 if again else 201)
    messages.success(request, _("The visit is recorded. Thank you for going there."))
    return redirect("visits")


def _hold(form: VisitForm, uploads: list[UploadedFile], person: Person, *, most: int) -> list[HeldUpload]:
    """Keep photos that came with a form that is not complete; what is no photo is named."""
    kept = []
    for upload in uploads[: max(0, most)]:
        try:
            kept.append(documents.hold(upload, by=person, pictures=True))
        except Refused as refused:
            form.add_error("photos", refused.message)
    return kept


def _page(
    request: HttpRequest,
    application: Application,
    form: VisitForm,
    *,
    held: list[HeldUpload] | None = None,
    status: int = 200,
) -> HttpResponse:
    scheme = application.scheme
    lines = plan(
        principal=application.amount_asked,
        months=application.months_asked,
        start=clock.today(),
        unit=scheme.unit,
    )
    earlier = (
        application.visits.filter(region_id=application.region_id).select_related("visited_by").order_by("pk")
    )
    return render(
        request,
        "financing/visit.html",
        {
            "application": application,
            "form": form,
            "held": held or [],
            "open": application.state in STILL_OPEN,
            "instalment": lines[0].amount,
            "capacity_percent": scheme.capacity_percent,
            "debts": application.debts.filter(region_id=application.region_id),
            "earlier": earlier,
            "clock": working_day_clock(application),
            "phone": phone_of(application.borrower, application.enterprise),
            "map_url": _map_of(application),
            "most_photos": MOST_PHOTOS,
        },
        status=status,
    )
