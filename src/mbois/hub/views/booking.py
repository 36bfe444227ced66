"""What one does with one's own bookings, and at the door."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mbois import clock
from mbois.hub import policy, queries
from mbois.hub.actions import booking as actions
from mbois.hub.actions import keeping, waiting
from mbois.hub.calendars import own_event
from mbois.hub.forms import FinishForm, MoveForm, ReasonForm
from mbois.hub.models import (
    HOLDING,
    Booking,
    BookingState,
    CalendarAddress,
    EquipmentUse,
    Series,
    Space,
    UseState,
    Waiting,
    WaitingState,
)
from mbois.hub.models.spaces import new_secret
from mbois.hub.views.common import (
    booking_or_404,
    person_of,
    say_and_go,
    somebody,
)
from mbois.refused import Refused, require
from mbois.web import calendars
from mbois.web.confirm import ask_first


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """One's own bookings: what is next, what waits, what was."""
    person, now = person_of(request), clock.now()
    rows = Booking.objects.filter(booked_by=person).select_related("space__floor__building")
    coming = list(
        rows.filter(state__in=HOLDING, during__endswith__gt=now)
        .exclude(state=BookingState.OFFERED)
        .order_by("during")[:100]
    )
    address, _made = CalendarAddress.objects.get_or_create(person=person)
    context = {
        "coming": coming,
        "offers": list(rows.filter(state=BookingState.OFFERED, offer_until__gt=now).order_by("offer_until")),
        "past": list(
            rows.exclude(pk__in=[row.pk for row in coming])
            .exclude(state=BookingState.OFFERED)
            .order_by("-during")[:20]
        ),
        "waiting": list(
            Waiting.objects.filter(booked_by=person, state=WaitingState.WAITING)
            .select_related("space__floor__building")
            .order_by("during")
        ),
        "address": calendars.address_of(f"/peminjaman/kalender/{address.secret}.ics"),
    }
    return render(request, "hub/mine.html", context)


@login_required
@require_safe
def page(request: HttpRequest, booking: str) -> HttpResponse:
    """A booking: when, where, what next."""
    found, person, now = booking_or_404(request, booking), person_of(request), clock.now()
    keeper = policy.keeps(person, found.region_id)
    changing = policy.can_change(person, found)
    before = found.begins > now
    pieces = (
        EquipmentUse.objects.filter(region=found.region_id, booking=found)
        .exclude(state=UseState.RELEASED)
        .select_related("unit__equipment")
        .order_by("unit__equipment__name", "unit__number")
    )
    context = {
        "booking": found,
        "space": found.space,
        "building": found.space.floor.building,
        "keeper": keeper,
        "own": policy.owns(person, found),
        "pieces": pieces,
        "can_change": changing and found.state in {"requested", "confirmed"} and before,
        "can_cancel": changing and found.state in {"requested", "confirmed"} and found.ends > now,
        "can_restore": changing
        and (found.decided_by_id == person.pk or keeper)
        and actions.still_restorable(found),
        "can_check_in": changing
        and found.state in {"confirmed", "no_show"}
        and not keeping.why_not_check_in(found)
        and keeper,
        "can_undo_check_in": keeper and found.state == "here" and found.ends > now,
        "can_decide": keeper and found.state == "requested" and not policy.owns(person, found),
        "can_finish": changing and found.state == "here",
        "is_offer": found.state == "offered" and policy.owns(person, found),
        "finish_form": FinishForm(initial={"beneficiaries": found.beneficiaries or found.people}),
        "at_the_door": policy.owns(person, found)
        and found.state == "confirmed"
        and found.begins - keeping.EARLY <= now < found.ends,
    }
    return render(request, "hub/booking.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, booking: str) -> HttpResponse:
    """Another time or space."""
    found, person = booking_or_404(request, booking), person_of(request)
    require(policy.can_change(person, found))
    building = found.space.floor.building
    spaces = list(
        Space.objects.filter(region=found.region_id, floor__building=building)
        .filter(Q(is_open=True) | Q(pk=found.space_id))
        .select_related("floor__building")
        .in_order()
    )
    local = found.begins.astimezone(clock.JAKARTA), found.ends.astimezone(clock.JAKARTA)
    form = MoveForm(
        request.POST or None,
        spaces=spaces,
        initial={
            "space": found.space.code,
            "day": local[0].date(),
            "begins": local[0].time(),
            "ends": local[1].time(),
        },
    )
    if request.method == "POST" and form.is_valid():
        target = next(one for one in spaces if one.code == form.cleaned_data["space"])
        try:
            row = actions.change(found, form.span, by=person, space=target)
            return say_and_go(request, _("Changed."), "booking", booking=row.code)
        except Refused as refused:
            form.refuse(refused)
    context = {"booking": found, "form": form, "heading": _("Another time"), "verb": _("Change it")}
    return render(request, "hub/form.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, booking: str) -> HttpResponse:
    """Give a booking up."""
    found, person = booking_or_404(request, booking), person_of(request)
    require(policy.can_change(person, found))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.cancel(found, by=person, reason=form.cleaned_data["reason"])
            return say_and_go(request, _("Cancelled. Others can have it now."), "booking", booking=row.code)
        except Refused as refused:
            form.refuse(refused)
    context = {
        "booking": found,
        "form": form,
        "heading": _("Cancel the booking"),
        "verb": _("Cancel it"),
        "about": _("You can take this back for a quarter of an hour, as long as nobody else takes it."),
    }
    return render(request, "hub/form.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def restore(request: HttpRequest, booking: str) -> HttpResponse:
    """Take a cancelling back; where it is too late, the booking's page says so."""
    found = booking_or_404(request, booking)
    try:
        actions.restore(found, by=person_of(request))
    except Refused as refused:
        if refused.code == "forbidden":
            raise
        messages.error(request, refused.message)
        return redirect(found.get_absolute_url())
    return say_and_go(request, _("It is yours again."), "booking", booking=found.code)


@login_required
@require_POST
def offer(request: HttpRequest, booking: str) -> HttpResponse:
    """Take up an offer, or give it on."""
    found, person = booking_or_404(request, booking), person_of(request)
    require(policy.owns(person, found))
    if request.POST.get("answer") == "no":
        actions.cancel(found, by=person)
        return say_and_go(request, _("Given on to the next."), "my_bookings")
    row = waiting.take_up(found, by=person)
    said = _("It is yours.") if row.state == BookingState.CONFIRMED else _("Asked for. A keeper looks at it.")
    return say_and_go(request, said, "booking", booking=row.code)


@login_required
@require_POST
def finish(request: HttpRequest, booking: str) -> HttpResponse:
    """How many came."""
    found, form = booking_or_404(request, booking), FinishForm(request.POST)
    if not form.is_valid():
        raise Refused(next(iter(form.errors.values()))[0])
    row = keeping.finish(found, by=person_of(request), **form.cleaned_data)
    return say_and_go(request, _("Written down. Thank you."), "booking", booking=row.code)


@login_required
@require_safe
def as_event(request: HttpRequest, booking: str) -> HttpResponse:
    """One booking as a file for the phone's calendar."""
    found = booking_or_404(request, booking)
    return calendars.answer([own_event(found)], room="hub", title=found.title, file=found.code.lower())


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def series(request: HttpRequest, booking_series: str) -> HttpResponse:
    """All times of a series; those to come can be cancelled together."""
    person = person_of(request)
    found = (
        Series.objects.visible_to(person)
        .filter(code=booking_series.replace("\x00", ""))
        .select_related("space__floor__building", "booked_by")
        .first()
    )
    if found is None:
        raise Http404
    if request.method == "POST":
        asked = ask_first(
            request,
            question=_("Cancel every time that is still to come?"),
            verb=_("Cancel all"),
            danger=True,
        )
        if asked:
            return asked
        count = actions.cancel_rest(found, by=person)
        said = ngettext("Cancelled: %(number)s time.", "Cancelled: %(number)s times.", count) % {
            "number": count
        }
        return say_and_go(request, said, "series", booking_series=found.code)
    rows = list(Booking.objects.filter(region=found.region_id, series=found).order_by("during"))
    now = clock.now()
    context = {
        "series": found,
        "rows": rows,
        "to_come": sum(row.holds and row.begins > now for row in rows),
        "can_change": found.booked_by_id == person.pk or policy.keeps(person, found.region_id),
    }
    return render(request, "hub/series.html", context)


@login_required
@require_POST
def leave_list(request: HttpRequest, waiting_entry: int) -> HttpResponse:
    """Wait no longer."""
    entry = Waiting.objects.filter(pk=waiting_entry, booked_by=person_of(request)).first()
    if entry is None:
        raise Http404
    waiting.withdraw(entry, by=person_of(request))
    return say_and_go(request, _("You no longer wait for it."), "my_bookings")


@require_safe
def feed(request: HttpRequest, booking_secret: str) -> HttpResponse:
    """One's own bookings for a calendar that asks again and again; whoever has the address reads it."""
    address = (
        CalendarAddress.objects.filter(secret=booking_secret).select_related("person").first()
        if "\x00" not in booking_secret
        else None
    )
    if address is None or not address.person.is_active:
        raise Http404
    since = clock.now() - timedelta(days=90)
    rows = (
        Booking.objects.filter(booked_by=address.person, during__startswith__gte=since)
        .select_related("space__floor__building")
        .order_by("during")[:500]
    )
    return calendars.answer(
        [own_event(row) for row in rows], room="hub", title=_("My spaces"), file="peminjaman"
    )


@login_required
@require_POST
def new_feed(request: HttpRequest) -> HttpResponse:
    """A new secret address; the old one no longer works."""
    CalendarAddress.objects.update_or_create(person=person_of(request), defaults={"secret": new_secret()})
    return say_and_go(request, _("The calendar has a new address."), "my_bookings")


# --- at the door --------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest, space_secret: str) -> HttpResponse:
    """What the code at the door opens: check in to one's booking now; else what is free, and the way in."""
    space = (
        Space.objects.published()
        .filter(door_secret=space_secret)
        .select_related("floor__building", "region")
        .first()
        if "\x00" not in space_secret
        else None
    )
    if space is None:
        raise Http404
    person = somebody(request)
    own, current, following = queries.now_at(space, person)
    if request.method == "POST":
        if person is None or own is None:
            raise Refused(_("You have no booking here now."), code="no_booking", status=409)
        keeping.check_in(own, by=person)
        return say_and_go(request, _("Welcome! You are checked in."), "hub_door", space_secret=space_secret)
    now = clock.now()
    windows = queries.free_days(space, clock.today(), 1)[0][1]
    free_now = next((one for one in windows if one.span.begins <= now + timedelta(minutes=15)), None)
    context = {
        "space": space,
        "building": space.floor.building,
        "own": own,
        "why_not": keeping.why_not_check_in(own) if own else "",
        "current": current,
        "following": following,
        "free_now": free_now if current is None else None,
        "windows": windows,
        "back": request.path,
    }
    return render(request, "hub/door.html", context)
