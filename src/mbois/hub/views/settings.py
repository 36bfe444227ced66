"""What the keeper sets up: the building, its spaces, rules, equipment, days closed; the code at the door;
the usage report."""

from typing import Any

import segno
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mbois import clock
from mbois.hub import policy, usage
from mbois.hub.actions import equipment as equipment_actions
from mbois.hub.actions import keeping
from mbois.hub.actions import spaces as actions
from mbois.hub.forms import (
    BuildingForm,
    CloseForm,
    EquipmentForm,
    PeriodForm,
    PicturesForm,
    RulesForm,
    SpaceForm,
    week_of,
)
from mbois.hub.models import Building, Closure, Equipment, Space, SpacePhoto
from mbois.hub.rules import rules_of
from mbois.hub.views.common import (
    buildings_kept,
    chosen_building,
    kept_building,
    kept_space,
    person_of,
    say_and_go,
)
from mbois.people.models import Role
from mbois.people.regions import choose_region
from mbois.refused import Refused, require
from mbois.web import calendars, show
from mbois.web.confirm import ask_first
from mbois.web.tables import Column, Empty, Table


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Buildings with their spaces, for who sets them up."""
    buildings = buildings_kept(request)
    rows = (
        Space.objects.filter(region__in={one.region_id for one in buildings}, floor__building__in=buildings)
        .select_related("floor__building")
        .order_by("region", "floor__building", "floor__level", "name")
    )
    grouped: dict[int, list[Space]] = {}
    for row in rows:
        grouped.setdefault(row.floor.building_id, []).append(row)
    return render(
        request, "hub/settings.html", {"buildings": [(one, grouped.get(one.pk, [])) for one in buildings]}
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def building_new(request: HttpRequest) -> HttpResponse:
    """A new centre."""
    person = person_of(request)
    regions = person.regions_with(Role.KEEPER)
    require(bool(regions))
    choice = choose_region(request, regions)
    form = BuildingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_building(choice.chosen, by=person, week=form.week, **form.facts)
            return say_and_go(request, _("Now add its spaces."), "hub_space_new", building=made.code)
        except Refused as refused:
            form.refuse(refused)
    return render(
        request,
        "hub/building_form.html",
        {"form": form, "building": None, "choice": choice},
        status=422 if form.is_bound else 200,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def building_edit(request: HttpRequest, building: str) -> HttpResponse:
    """Facts and opening hours of a centre."""
    found = kept_building(request, building)
    form = BuildingForm(
        request.POST or None,
        week=week_of(found),
        initial={name: getattr(found, name) for name in BuildingForm.FACTS},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_building(found, by=person_of(request), week=form.week, **form.facts)
            return say_and_go(request, _("Saved."), "hub_settings")
        except Refused as refused:
            form.refuse(refused)
    return render(
        request,
        "hub/building_form.html",
        {"form": form, "building": found},
        status=422 if form.is_bound else 200,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest, building: str) -> HttpResponse:
    """What each kind of use may."""
    found = kept_building(request, building)
    form = RulesForm(request.POST or None, rules=rules_of(found))
    if request.method == "POST" and form.is_valid():
        actions.save_rules(found, by=person_of(request), rules=form.changed_rules())
        return say_and_go(request, _("Saved."), "hub_settings")
    return render(
        request,
        "hub/rules_form.html",
        {"form": form, "building": found},
        status=422 if form.is_bound else 200,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def space_new(request: HttpRequest, building: str) -> HttpResponse:
    """A new space."""
    found = kept_building(request, building)
    form = SpaceForm(request.POST or None, initial={"audience": "anyone", "is_instant": True})
    return _space_form(request, found, None, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def space_edit(request: HttpRequest, space: str) -> HttpResponse:
    """Facts of a space."""
    found = kept_space(request, space)
    initial = {
        name: getattr(found, name) for name in SpaceForm.FACTS if name not in {"level", "floor_name"}
    } | {"level": found.floor.level, "floor_name": found.floor.name}
    form = SpaceForm(request.POST or None, week=week_of(found.floor.building, found), initial=initial)
    return _space_form(request, found.floor.building, found, form)


def _space_form(
    request: HttpRequest, building: Building, space: Space | None, form: SpaceForm
) -> HttpResponse:
    person = person_of(request)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.save_space(building, by=person, space=space, **form.facts)
            actions.set_week(building, form.week, by=person, space=made)
            return say_and_go(request, _("Saved."), "hub_settings")
        except Refused as refused:
            form.refuse(refused)
    context = {
        "form": form,
        "building": building,
        "space": space,
        "photos": SpacePhoto.objects.filter(region=building.region_id, space=space).order_by("place", "pk")
        if space
        else [],
    }
    return render(request, "hub/space_form.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def photos(request: HttpRequest, space: str) -> HttpResponse:
    """Pictures of a space."""
    found = kept_space(request, space)
    form = PicturesForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_photos(found, by=person_of(request), uploads=form.cleaned_data["photos"])
            return say_and_go(request, _("Saved."), "hub_space_photos", space=found.code)
        except Refused as refused:
            form.refuse(refused)
    context = {
        "form": form,
        "space": found,
        "photos": SpacePhoto.objects.filter(region=found.region_id, space=found).order_by("place", "pk"),
    }
    return render(request, "hub/photos.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def photo_remove(request: HttpRequest, space_photo: int) -> HttpResponse:
    """Take a picture off."""
    found = SpacePhoto.objects.filter(pk=space_photo).select_related("space").first()
    if found is None or not policy.keeps(person_of(request), found.region_id):
        raise Http404
    if asked := ask_first(request, question=_("Take this photo off?"), verb=_("Take it off"), danger=True):
        return asked
    actions.remove_photo(found, by=person_of(request))
    return say_and_go(request, _("Taken off."), "hub_space_photos", space=found.space.code)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def poster(request: HttpRequest, space: str) -> HttpResponse:
    """The sheet that hangs at the door, to be printed; and a new code for it."""
    found = kept_space(request, space)
    if request.method == "POST":
        asked = ask_first(
            request,
            question=_("The sheet at the door stops working. Make a new code?"),
            verb=_("Make a new code"),
        )
        if asked:
            return asked
        actions.new_door(found, by=person_of(request))
        return say_and_go(
            request, _("Print the new sheet and hang it up."), "hub_door_sheet", space=found.code
        )
    address = calendars.address_of(reverse("hub_door", kwargs={"space_secret": found.door_secret}))
    drawing = segno.make(address, error="m").svg_inline(scale=8, border=2, svgclass="qr", lineclass=None)
    return render(
        request,
        "hub/poster.html",
        {"space": found, "building": found.floor.building, "code": mark_safe(drawing), "address": address},
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def equipment(request: HttpRequest, building: str) -> HttpResponse:
    """The store: what there is, and how many."""
    found = kept_building(request, building)
    rows = list(
        Equipment.objects.filter(region=found.region_id, building=found)
        .annotate(
            in_service=Count("units", filter=Q(units__is_in_service=True)),
        )
        .order_by("name")
    )
    chosen = next((one for one in rows if str(one.pk) == request.GET.get("alat", "")), None)
    form = EquipmentForm(
        request.POST or None,
        initial={"name": chosen.name, "about": chosen.about, "count": chosen.in_service} if chosen else {},
    )
    if request.method == "POST" and form.is_valid():
        try:
            equipment_actions.set_equipment(
                found, by=person_of(request), equipment=chosen, **form.cleaned_data
            )
            return say_and_go(request, _("Saved."), "hub_equipment", building=found.code)
        except Refused as refused:
            form.refuse(refused)
    context = {"building": found, "rows": rows, "form": form, "chosen": chosen}
    return render(request, "hub/equipment.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def closures(request: HttpRequest, building: str) -> HttpResponse:
    """Days and hours when it is closed. Bookings in them are marked and told; none is deleted."""
    found = kept_building(request, building)
    spaces = list(Space.objects.filter(region=found.region_id, floor__building=found).in_order())
    form = CloseForm(request.POST or None, spaces=spaces)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        space = next((one for one in spaces if one.code == said["space"]), None)
        try:
            keeping.close(found, form.span, by=person_of(request), reason=said["reason"], space=space)
            return say_and_go(
                request,
                _("Declared. Those with bookings then are told."),
                "hub_closures",
                building=found.code,
            )
        except Refused as refused:
            form.refuse(refused)
    rows = Closure.objects.filter(
        region=found.region_id, building=found, during__endswith__gt=clock.now()
    ).select_related("space", "made_by")
    context = {"building": found, "form": form, "rows": rows.order_by("during")}
    return render(request, "hub/closures.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def closure_end(request: HttpRequest, closure: int) -> HttpResponse:
    """Open again."""
    found = Closure.objects.filter(pk=closure).select_related("building").first()
    if found is None or not policy.keeps(person_of(request), found.region_id):
        raise Http404
    keeping.reopen(found, by=person_of(request))
    return say_and_go(request, _("Open again."), "hub_closures", building=found.building.code)


@login_required
@require_safe
def report(request: HttpRequest) -> HttpResponseBase:
    """Hours, people and the share of empowerment, by space or by subsector; as a file too."""
    person = person_of(request)
    regions = person.regions_with(*policy.REPORTING)
    require(bool(regions))
    buildings = list(
        Building.objects.filter(region__in=regions).select_related("region").order_by("region", "pk")
    )
    if not buildings:
        return render(request, "hub/report.html", {"building": None})
    building = chosen_building(request, buildings)
    period = PeriodForm(request.GET)
    first, last = period.days()
    if (last - first).days > 800:
        return redirect("hub_report")
    sectors = request.GET.get("menurut") == "subsektor"
    lines = (usage.by_subsector if sectors else usage.by_space)(building, first, last)
    columns = [
        Column(
            "name",
            gettext_lazy("Subsector") if sectors else gettext_lazy("Space"),
            sort="name",
            link=None if sectors else lambda line: reverse("space", kwargs={"space": line.key}),
        ),
        Column("hours", gettext_lazy("Hours used"), number=True, sort="-hours", show=show.angka),
        Column("times", gettext_lazy("Bookings"), number=True, sort="-times"),
        Column("people", gettext_lazy("People who came"), number=True, sort="-people"),
        Column("empowerment", gettext_lazy("For empowerment"), number=True, show=show.percent),
        Column("no_shows", gettext_lazy("Nobody came"), number=True, sort="-no_shows"),
        Column("fees", gettext_lazy("Fees agreed"), number=True, show=show.rupiah, phone=False),
    ]
    if not sectors:
        columns.insert(2, Column("used", gettext_lazy("Of its open hours"), number=True, show=show.percent))
    table = Table(
        request,
        rows=lines,
        columns=columns,
        order="name" if not sectors else None,
        size=100,
        empty=Empty(gettext_lazy("Nothing was used in these days"), ""),
        download="pemakaian-ruang",
    )
    context: dict[str, Any] = {
        "building": building,
        "buildings": buildings,
        "sum": usage.total(lines),
        "first": first,
        "last": last,
        "sectors": sectors,
    }
    return table.answer("hub/report.html", context)
