"""The keeper's day: who comes today, what waits for an answer, the door, the store."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mbois import clock
from mbois.hub import policy
from mbois.hub.actions import equipment as pieces
from mbois.hub.actions import keeping
from mbois.hub.forms import DecideForm
from mbois.hub.models import Booking, BookingState, Building, EquipmentUse, UseState, Waiting
from mbois.hub.models.bookings import BookingQuerySet
from mbois.hub.times import Times, whole
from mbois.hub.views.common import (
    booking_or_404,
    buildings_kept,
    chosen_building,
    day_in,
    person_of,
    say_and_go,
)
from mbois.people.models import Person
from mbois.refused import Refused, require

MOST, ASKED = 300, 50


@login_required
@require_safe
def day(request: HttpRequest) -> HttpResponse:
    """Who comes on a day, and what waits for the keeper."""
    buildings = buildings_kept(request)
    if not buildings:
        return redirect("hub_building_new")
    building, chosen, now = chosen_building(request, buildings), day_in(request), clock.now()
    edge = whole(chosen)
    rows = list(
        Booking.objects.filter(region=building.region_id, space__floor__building=building)
        .between(edge.begins, edge.ends)
        .exclude(state__in=[BookingState.CANCELLED, BookingState.DECLINED])
        .select_related("space__floor", "booked_by")
        .order_by("during", "space__floor__level", "space__name")[:MOST]
    )
    kinds: dict[int, list[str]] = {}
    for use in (
        EquipmentUse.objects.filter(region=building.region_id, booking__in=[row.pk for row in rows])
        .exclude(state=UseState.RELEASED)
        .select_related("unit__equipment")
        .order_by("unit__equipment__name", "unit__number")
    ):
        kinds.setdefault(use.booking_id, []).append(f"{use.unit.equipment.name} {use.unit.number}")
    for row in rows:
        row.taken_along = ", ".join(kinds.get(row.pk, ()))
        row.may_check_in = row.state in {
            BookingState.CONFIRMED,
            BookingState.NO_SHOW,
        } and not keeping.why_not_check_in(row)
    asked = _asked(building, now)
    context = {
        "building": building,
        "buildings": buildings,
        "day": chosen,
        "today": clock.today(),
        "before": chosen - timedelta(days=1),
        "after": chosen + timedelta(days=1),
        "now_here": [row for row in rows if row.state == "here" and row.begins <= now < row.ends],
        "soon": [row for row in rows if row.state == "confirmed" and row.ends > now],
        "rest": [
            row
            for row in rows
            if not (row.state == "here" and row.begins <= now < row.ends)
            and not (row.state == "confirmed" and row.ends > now)
            and row.state != "requested"
        ],
        "asked": list(asked[:ASKED]),
        "asked_count": asked.count(),
        "flagged": _flagged(building, now),
        "out": _out(building),
        "people": sum(row.people for row in rows if row.holds),
        "count": sum(row.holds for row in rows),
        "closed": _closed(building, chosen),
        "waiting": Waiting.objects.filter(
            region=building.region_id, space__floor__building=building, state="waiting"
        ).count(),
    }
    return render(request, "hub/keeper_day.html", context)


def _asked(building: Building, now: Any) -> BookingQuerySet:
    found: BookingQuerySet = (
        Booking.objects.filter(
            region=building.region_id,
            space__floor__building=building,
            state=BookingState.REQUESTED,
            during__endswith__gt=now,
        )
        .select_related("space", "booked_by")
        .order_by("during")
    )
    return found


def _flagged(building: Building, now: Any) -> list[Booking]:
    return list(
        Booking.objects.filter(region=building.region_id, space__floor__building=building)
        .exclude(flag="")
        .holding()
        .filter(during__endswith__gt=now)
        .select_related("space", "booked_by")
        .order_by("during")[:50]
    )


def _out(building: Building) -> list[EquipmentUse]:
    """What is out, and what is to be handed out today."""
    today = whole(clock.today())
    return list(
        EquipmentUse.objects.filter(region=building.region_id, unit__equipment__building=building)
        .filter(state__in=[UseState.HELD, UseState.OUT], during__startswith__lt=today.ends)
        .exclude(state=UseState.HELD, during__endswith__lte=clock.now())
        .select_related("unit__equipment", "booking__space", "booking__booked_by")
        .order_by("during", "pk")[:80]
    )


def _closed(building: Building, chosen: Any) -> str:
    from mbois.hub.models import Space

    space = (
        Space.objects.filter(region=building.region_id, floor__building=building)
        .select_related("floor__building")
        .first()
    )
    return Times.of([space], chosen, chosen).holiday(space, chosen) if space else ""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, booking: str) -> HttpResponse:
    """Approve or decline a request."""
    found, person = booking_or_404(request, booking), person_of(request)
    require(policy.keeps(person, found.region_id))
    form = DecideForm(request.POST or None, initial={"use": found.use, "answer": "yes"})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            row = keeping.decide(
                found, by=person, approve=said["answer"] == "yes", note=said["note"], use=said["use"]
            )
            done = (
                _("Approved. They are told.") if row.state == "confirmed" else _("Declined. They are told.")
            )
            return say_and_go(request, done, "hub_keeper")
        except Refused as refused:
            form.refuse(refused)
    context = {
        "booking": found,
        "form": form,
        "record": _record(found.booked_by, found),
    }
    return render(request, "hub/decide.html", context, status=422 if form.is_bound else 200)


def _record(person: Person, booking: Booking) -> dict[str, int]:
    """How this person's earlier bookings went."""
    states = Booking.objects.filter(region=booking.region_id, booked_by=person).values_list(
        "state", flat=True
    )
    rows = list(states)
    return {"came": rows.count("here"), "missed": rows.count("no_show"), "all": len(rows)}


@login_required
@require_POST
def check_in(request: HttpRequest, booking: str) -> HttpResponse:
    """Somebody is there: the keeper says so, or takes it back."""
    found, person = booking_or_404(request, booking), person_of(request)
    require(policy.keeps(person, found.region_id))
    if request.POST.get("undo"):
        keeping.undo_check_in(found, by=person)
        said = _("Taken back.")
    else:
        keeping.check_in(found, by=person)
        said = _("Checked in.")
    if request.POST.get("next") == "booking":
        return say_and_go(request, said, "booking", booking=found.code)
    return say_and_go(request, said, "hub_keeper")


@login_required
@require_POST
def hand(request: HttpRequest, equipment_use: int) -> HttpResponse:
    """A piece goes out, or comes back."""
    person = person_of(request)
    use = EquipmentUse.objects.filter(pk=equipment_use, region__in=person.regions_with("keeper")).first()
    if use is None:
        raise Http404
    out = use.state == UseState.HELD
    pieces.hand(use, by=person, out=out)
    return say_and_go(request, _("Handed out.") if out else _("Taken back."), "hub_keeper")
