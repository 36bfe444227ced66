"""What everybody sees of the centre: its spaces, what is free, the calendar of each. Names nobody."""

from datetime import time, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mbois import clock
from mbois.hub import queries
from mbois.hub.calendars import busy_event
from mbois.hub.forms import FindForm
from mbois.hub.models import Booking, Building, Equipment, Space, SpacePhoto
from mbois.hub.rules import rules_of, why_no_hours
from mbois.hub.times import monday_of
from mbois.hub.views.common import chosen_building, day_in, somebody, space_or_404
from mbois.people.views.files import serve
from mbois.web import calendars


def _chosen(request: HttpRequest) -> tuple[list[Space], list[Building], Building | None]:
    """The spaces of the building that is asked for, else of the first; and all buildings."""
    every = queries.all_spaces()
    buildings = queries.buildings_of(every)
    building = chosen_building(request, buildings) if buildings else None
    return [one for one in every if building and one.floor.building_id == building.pk], buildings, building


def _find_initial() -> dict[str, Any]:
    """The next full hour, for two hours; tomorrow morning when the day is over."""
    now = clock.now().astimezone(clock.JAKARTA)
    if now.hour >= 19:
        return {"day": clock.today() + timedelta(days=1), "begins": time(9), "ends": time(11), "people": 4}
    first = max(9, now.hour + 1)
    return {"day": clock.today(), "begins": time(first), "ends": time(first + 2), "people": 4}


@require_safe
def centre(request: HttpRequest) -> HttpResponse:
    """The centre: look for a space, or look through its floors."""
    spaces, buildings, building = _chosen(request)
    board = queries.day_board(spaces, clock.today(), somebody(request))
    pictures: dict[int, SpacePhoto] = {}
    shown = SpacePhoto.objects.filter(
        region__in={one.region_id for one in spaces}, space__in=[one.pk for one in spaces]
    )
    for photo in shown.order_by("-place", "-pk"):
        pictures[photo.space_id] = photo
    floors = [(floor, [(row, pictures.get(row.space.pk)) for row in rows]) for floor, rows in board.floors]
    context = {
        "building": building,
        "buildings": buildings,
        "floors": floors,
        "form": FindForm(initial=_find_initial()),
        "rules": rules_of(building) if building else {},
    }
    return render(request, "hub/centre.html", context)


@require_safe
def day(request: HttpRequest) -> HttpResponse:
    """One day over all spaces."""
    spaces, buildings, building = _chosen(request)
    chosen = day_in(request)
    context = {
        "board": queries.day_board(spaces, chosen, somebody(request)),
        "building": building,
        "buildings": buildings,
        "day": chosen,
        "before": chosen - timedelta(days=1),
        "after": chosen + timedelta(days=1),
        "monday": monday_of(chosen),
        "today": clock.today(),
    }
    return render(request, "hub/day.html", context)


@require_safe
def week(request: HttpRequest) -> HttpResponse:
    """One week over all spaces."""
    spaces, buildings, building = _chosen(request)
    monday = monday_of(day_in(request))
    context = {
        "rows": queries.week_board(spaces, monday),
        "days": [monday + timedelta(days=number) for number in range(7)],
        "building": building,
        "buildings": buildings,
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "today": clock.today(),
    }
    return render(request, "hub/week.html", context)


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Spaces that fit a day, hours, people and what is needed."""
    form = FindForm(request.GET if "day" in request.GET else None, initial=_find_initial())
    context: dict[str, Any] = {"form": form, "asked": form.is_bound}
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        span = form.span
        reason, field = why_no_hours(span, clock.now())
        if reason:
            form.add_error(field, reason)
        else:
            fitting, others = queries.find(
                queries.all_spaces(), span, people=said["people"], facilities=said["facilities"]
            )
            context |= {"fitting": fitting, "others": others, "span": span}
    return render(request, "hub/find.html", context, status=422 if form.errors else 200)


@require_safe
def space(request: HttpRequest, space: str) -> HttpResponse:
    """A space: what it is, by which rules it is given out, and its free hours."""
    found = space_or_404(request, space)
    chosen = max(day_in(request), clock.today())
    own = {row.weekday: row for row in found.own_hours.filter(region=found.region_id)}
    hours = own or {
        row.weekday: row for row in found.floor.building.hours.filter(region=found.region_id, space=None)
    }
    context = {
        "space": found,
        "building": found.floor.building,
        "photos": SpacePhoto.objects.filter(region=found.region_id, space=found).order_by("place", "pk"),
        "days": queries.free_days(found, chosen, 7),
        "day": chosen,
        "before": max(clock.today(), chosen - timedelta(days=7)),
        "after": chosen + timedelta(days=7),
        "today": clock.today(),
        "rules": rules_of(found.floor.building),
        "hours": [hours.get(number) for number in range(7)],
        "week_days": [
            clock.today() - timedelta(days=clock.today().weekday() - number) for number in range(7)
        ],
        "equipment": Equipment.objects.filter(
            region=found.region_id, building=found.floor.building_id, is_offered=True
        ).order_by("name"),
        "calendar": calendars.address_of(f"{found.get_absolute_url()}kalender.ics"),
    }
    return render(request, "hub/space.html", context)


@require_safe
def space_photo(request: HttpRequest, space_photo: int) -> HttpResponse:
    """A picture of a space that is shown."""
    found = (
        SpacePhoto.objects.filter(pk=space_photo).select_related("document", "space__floor__building").first()
    )
    if found is None:
        raise Http404
    space_or_404(request, found.space.code)
    document = found.document
    small = "kecil" in request.GET and bool(document.thumbnail)
    answer = serve(
        request,
        document.thumbnail if small else document.file,
        kind="image/jpeg" if small else document.kind,
        name="ruang.jpg",
        etag=("s" if small else "") + document.sha256[:31],
        inline=True,
    )
    answer["Cache-Control"] = "public, max-age=86400"
    return answer


@require_safe
def space_feed(request: HttpRequest, space: str) -> HttpResponse:
    """When a space is taken, for a calendar to subscribe to: hours, and nothing of who or what for."""
    found = space_or_404(request, space)
    now = clock.now()
    rows = (
        Booking.objects.filter(region=found.region_id, space=found)
        .holding()
        .between(now - timedelta(days=30), now + timedelta(days=400))
        .order_by("during")[:2000]
    )
    events = [busy_event(row, found) for row in rows]
    return calendars.answer(events, room="hub", title=found.name, file=found.code.lower(), public=True)
