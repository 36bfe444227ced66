"""What several pages of this room need."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from mbois import clock
from mbois.hub import policy
from mbois.hub.models import Booking, Building, Space
from mbois.people.models import Person, Role
from mbois.people.regions import remember_region, remembered_region
from mbois.places.numbers import region_of
from mbois.refused import require

FARTHEST = timedelta(days=800)
REMEMBERED = "gedung"


def person_of(request: HttpRequest) -> Person:
    """Who is signed in (the view is behind `login_required`)."""
    assert isinstance(request.user, Person)
    return request.user


def somebody(request: HttpRequest) -> Person | None:
    """Who is signed in, if anybody."""
    return request.user if isinstance(request.user, Person) else None


def space_or_404(request: HttpRequest, code: str) -> Space:
    """A space that is shown to this person."""
    rows = Space.objects.coded(code.replace("\x00", "")).select_related("floor__building", "region")
    person = somebody(request)
    found = (rows.visible_to(person) if person else rows.published()).first()
    if found is None:
        raise Http404
    return found


def booking_or_404(request: HttpRequest, code: str) -> Booking:
    """A booking this person may see."""
    found = (
        Booking.objects.visible_to(person_of(request))
        .coded(code.replace("\x00", ""))
        .select_related(
            "space__floor__building", "region", "booked_by", "series", "decided_by", "checked_in_by"
        )
        .first()
    )
    if found is None:
        raise Http404
    return found


def kept_building(request: HttpRequest, code: str) -> Building:
    """A building of a region this person keeps."""
    found = (
        Building.objects.filter(
            region=region_of(code.replace("\x00", "")) or "", code=code.replace("\x00", "")
        )
        .select_related("region")
        .first()
    )
    if found is None or not policy.keeps(person_of(request), found.region_id):
        raise Http404
    return found


def kept_space(request: HttpRequest, code: str) -> Space:
    """A space of a region this person keeps."""
    found = space_or_404(request, code)
    if not policy.keeps(person_of(request), found.region_id):
        raise Http404
    return found


def chosen_building(request: HttpRequest, buildings: list[Building]) -> Building:
    """Of these (at least one): what the address asks for, else what was chosen last, else one of the
    region that was chosen last, else the first."""
    by_code = {one.code: one for one in buildings}
    if wanted := by_code.get(request.GET.get("gedung", "")):
        if somebody(request) is not None and request.session.get(REMEMBERED) != wanted.code:
            request.session[REMEMBERED] = wanted.code
            remember_region(request, wanted.region_id)
        return wanted
    if last := by_code.get(request.session.get(REMEMBERED, "")):
        return last
    region = remembered_region(request, [one.region_id for one in buildings])
    return next((one for one in buildings if one.region_id == region), buildings[0])


def buildings_kept(request: HttpRequest) -> list[Building]:
    """Those of the regions this person keeps; refuses (403) who keeps none."""
    person = person_of(request)
    regions = person.regions_with(Role.KEEPER)
    require(bool(regions))
    return list(Building.objects.filter(region__in=regions).select_related("region").order_by("region", "pk"))


def day_in(request: HttpRequest, name: str = "day") -> date:
    """The day named in the address; today where there is none, or none that makes sense."""
    try:
        day = date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return clock.today()
    return day if abs(day - clock.today()) <= FARTHEST else clock.today()


def say_and_go(request: HttpRequest, message: Any, to: str, **kwargs: Any) -> HttpResponse:
    """A toast on the next page."""
    messages.success(request, message)
    return redirect(to, **kwargs)
