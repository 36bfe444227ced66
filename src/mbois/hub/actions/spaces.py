"""Setting up a centre: buildings, floors, spaces, opening hours, rules, pictures."""

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from mbois.hub import policy
from mbois.hub.models import Building, Floor, OpeningHours, Space, SpacePhoto, Use, UseRule
from mbois.hub.models.spaces import new_secret
from mbois.hub.rules import DEFAULTS
from mbois.people import documents
from mbois.people.models import Person, Purpose
from mbois.places.numbers import next_number
from mbois.refused import Refused, require

Week = Mapping[int, tuple[time, time] | None]
MOST_PHOTOS = 8


@transaction.atomic
def open_building(region: str, *, by: Person, week: Week, **values: Any) -> Building:
    """A new centre with its opening hours and the usual rules."""
    require(policy.keeps(by, region))
    building = Building.objects.create(region_id=region, code=next_number("GK", region), **values)
    UseRule.objects.bulk_create(
        UseRule(region_id=region, building=building, use=use, **DEFAULTS[use]) for use in Use.values
    )
    set_week(building, week, by=by)
    return building


@transaction.atomic
def save_building(building: Building, *, by: Person, week: Week, **values: Any) -> Building:
    """Other facts of a centre."""
    require(policy.keeps(by, building.region_id))
    for name, value in values.items():
        setattr(building, name, value)
    building.save()
    set_week(building, week, by=by)
    return building


@transaction.atomic
def set_week(building: Building, week: Week, *, by: Person, space: Space | None = None) -> None:
    """The opening hours of a building, or of a space that has its own (none: those of its building)."""
    require(policy.keeps(by, building.region_id))
    # two pages that save at once: one after the other
    Building.objects.select_for_update(no_key=True).get(region=building.region_id, pk=building.pk)
    rows = []
    for weekday, hours in week.items():
        if hours is None:
            continue
        opens, closes = hours
        if closes <= opens:
            raise Refused(_("It closes before it opens."), field=f"closes_{weekday}")
        rows.append(
            OpeningHours(
                region_id=building.region_id,
                building=building,
                space=space,
                weekday=weekday,
                opens=opens,
                closes=closes,
            )
        )
    OpeningHours.objects.filter(region=building.region_id, building=building, space=space).delete()
    OpeningHours.objects.bulk_create(rows)


@transaction.atomic
def save_space(
    building: Building,
    *,
    by: Person,
    level: int,
    floor_name: str = "",
    space: Space | None = None,
    **values: Any,
) -> Space:
    """A new space on a floor, or other facts of one. Bookings that exist keep the buffer and the fee they
    were made with."""
    require(policy.keeps(by, building.region_id))
    floor, _made = Floor.objects.get_or_create(
        region_id=building.region_id, building=building, level=level, defaults={"name": floor_name}
    )
    if floor_name and floor.name != floor_name:
        floor.name = floor_name
        floor.save()
    if space is None:
        return Space.objects.create(
            region_id=building.region_id,
            floor=floor,
            code=next_number("RK", building.region_id),
            **values,
        )
    space.floor = floor
    for name, value in values.items():
        setattr(space, name, value)
    space.save()
    return space


@transaction.atomic
def save_rules(building: Building, *, by: Person, rules: Iterable[UseRule]) -> None:
    """What each kind of use may, from now on."""
    require(policy.keeps(by, building.region_id))
    for rule in rules:
        rule.save()


@documents.together()
def add_photos(space: Space, *, by: Person, uploads: Iterable[File]) -> int:
    """Pictures of a space, for everybody to see."""
    require(policy.keeps(by, space.region_id))
    have = SpacePhoto.objects.filter(region=space.region_id, space=space).count()
    kept = 0
    for upload in uploads:
        if have + kept >= MOST_PHOTOS:
            raise Refused(_("At most %(most)s photos.") % {"most": MOST_PHOTOS}, field="photos")
        try:
            document = documents.store(
                upload, region_id=space.region_id, purpose=Purpose.HUB, by=by, pictures=True
            )
        except Refused as refused:
            refused.field = "photos"
            raise
        SpacePhoto.objects.create(
            region_id=space.region_id, space=space, document=document, place=have + kept
        )
        kept += 1
    return kept


@transaction.atomic
def remove_photo(photo: SpacePhoto, *, by: Person) -> None:
    """Take a picture off the page; its file goes."""
    require(policy.keeps(by, photo.region_id))
    document = photo.document
    photo.delete()
    documents.discard([document])


@transaction.atomic
def new_door(space: Space, *, by: Person) -> Space:
    """Another code at the door; the one that hangs there stops working."""
    require(policy.keeps(by, space.region_id))
    space.door_secret = new_secret()
    space.save()
    return space
