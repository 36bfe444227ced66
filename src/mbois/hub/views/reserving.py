"""Booking a space: once, every so many weeks, or waiting for a time that is taken."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from mbois import clock
from mbois.hub import queries
from mbois.hub.actions import booking as actions
from mbois.hub.actions import waiting
from mbois.hub.forms import BookForm
from mbois.hub.models import (
    BookingState,
    Equipment,
    Space,
)
from mbois.hub.rules import rules_of, why_not_bookable_by
from mbois.hub.views.common import (
    day_in,
    person_of,
    say_and_go,
    space_or_404,
)
from mbois.refused import Refused


def _equipment(space: Space) -> list[Equipment]:
    """What can be taken along, with how many there are."""
    return list(
        Equipment.objects.filter(region=space.region_id, building=space.floor.building_id, is_offered=True)
        .annotate(in_service=Count("units", filter=Q(units__is_in_service=True)))
        .filter(in_service__gt=0)
        .order_by("name")
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, space: str) -> HttpResponse:
    """Book a space: once, or every so many weeks after looking at each time; or wait for one that is taken."""
    person, found = person_of(request), space_or_404(request, space)
    kinds = _equipment(found)
    if request.method == "POST":
        form = BookForm(request.POST, space=found, equipment=kinds)
        if form.is_valid():
            try:
                return _booked(request, found, form)
            except Refused as refused:
                if "__all__" not in form.errors and refused.field not in form.fields:
                    refused.field = None
                form.refuse(refused)
                can_wait = refused.code == "taken" and form.repetition is None
                return _book_page(request, found, form, can_wait=can_wait, status=refused.status)
        return _book_page(request, found, form, status=422)
    initial: dict[str, Any] = {"day": day_in(request)}
    for name in ("begins", "ends", "title", "people"):
        if value := request.GET.get(name, "")[:120].replace("\x00", ""):
            initial[name] = value
    return _book_page(request, found, BookForm(initial=initial, space=found, equipment=kinds), person=person)


def _booked(request: HttpRequest, space: Space, form: BookForm) -> HttpResponse:
    person, wish, repeat = person_of(request), form.wish, form.repetition
    if request.POST.get("wait"):
        waiting.wait_for(space, form.span, by=person, values=wish.values())
        return say_and_go(request, _("You are on the list. When it comes free, you are told."), "my_bookings")
    if repeat is None:
        made = actions.book(space, form.span, wish, by=person)
        said = _("Booked.") if made.state == BookingState.CONFIRMED else _("Asked for. A keeper looks at it.")
        return say_and_go(request, said, "booking", booking=made.code)
    agreed = _days(request.POST.getlist("agreed"))
    if agreed and not request.POST.get("look"):
        try:
            series, rows = actions.book_series(space, repeat, wish, by=person, agreed=agreed)
        except Refused as refused:
            if refused.code != "changed":
                raise
            return _preview_page(request, space, form, changed=refused.message)
        said = ngettext("Booked: %(number)s time.", "Booked: %(number)s times.", len(rows)) % {
            "number": len(rows)
        }
        return say_and_go(request, said, "series", booking_series=series.code)
    return _preview_page(request, space, form)


def _days(given: list[str]) -> list[date]:
    found = []
    for one in given[: actions.MOST_TIMES]:
        try:
            found.append(date.fromisoformat(one))
        except ValueError:
            continue
    return found


def _preview_page(request: HttpRequest, space: Space, form: BookForm, changed: str = "") -> HttpResponse:
    repeat = form.repetition
    assert repeat is not None
    verdicts = actions.preview(space, repeat, form.wish, by=person_of(request))
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in {"csrfmiddlewaretoken", "agreed", "look", "wait"}
        for value in values
    ]
    context = {
        "space": space,
        "verdicts": verdicts,
        "good": sum(one.ok for one in verdicts),
        "kept": kept,
        "title": form.cleaned_data["title"],
        "changed": changed,
    }
    return render(request, "hub/preview.html", context, status=409 if changed else 200)


def _book_page(
    request: HttpRequest,
    space: Space,
    form: BookForm,
    *,
    can_wait: bool = False,
    status: int = 200,
    person: object = None,
) -> HttpResponse:
    try:
        day = date.fromisoformat(str(form["day"].value() or ""))
    except ValueError:
        day = clock.today()
    if clock.is_too_far(day):
        day = clock.today()
    context = {
        "space": space,
        "building": space.floor.building,
        "form": form,
        "can_wait": can_wait,
        "why_not": why_not_bookable_by(person_of(request), space),
        "free": queries.free_days(space, max(day, clock.today()), 1)[0],
        "rules": rules_of(space.floor.building),
    }
    return render(request, "hub/book.html", context, status=status)
