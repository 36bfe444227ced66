"""Pieces of equipment: held with a booking, handed out, taken back."""

from collections import Counter
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mbois import clock
from mbois.hub import policy
from mbois.hub.models import Booking, Building, Equipment, EquipmentUse, Unit, UseState
from mbois.people.models import Person
from mbois.refused import Refused, require

HELD = (UseState.HELD, UseState.OUT)


def free_units(equipment: Equipment, during: object) -> list[Unit]:
    """The pieces of a kind that nobody has at that time."""
    busy = EquipmentUse.objects.filter(
        region=equipment.region_id, unit__equipment=equipment, state__in=HELD, during__overlap=during
    ).values_list("unit", flat=True)
    return list(
        Unit.objects.filter(region=equipment.region_id, equipment=equipment, is_in_service=True)
        .exclude(pk__in=list(busy))
        .order_by("number")
    )


@transaction.atomic
def hold(booking: Booking, wanted: Mapping[int, int]) -> list[EquipmentUse]:
    """Hold pieces for as long as a booking lasts, by the key of their kind. Refuses when there are too
    few; who asks for the last one at the same time waits here and is told."""
    made: list[EquipmentUse] = []
    for key in sorted(wanted):
        count = wanted[key]
        if count <= 0:
            continue
        kind = (
            Equipment.objects.select_for_update(no_key=True)
            .filter(
                region=booking.region_id,
                building=booking.space.floor.building_id,
                is_offered=True,
                pk=key,
            )
            .first()
        )
        if kind is None:
            raise Refused(_("This equipment cannot be booked."), field=f"equipment-{key}")
        units = free_units(kind, booking.during)
        if len(units) < count:
            raise Refused(
                _("Of %(name)s only %(free)s are free then.") % {"name": kind.name, "free": len(units)},
                field=f"equipment-{key}",
                code="equipment_taken",
                status=409,
            )
        try:
            with transaction.atomic():
                made += EquipmentUse.objects.bulk_create(
                    EquipmentUse(
                        region_id=booking.region_id, booking=booking, unit=unit, during=booking.during
                    )
                    for unit in units[:count]
                )
        except IntegrityError as error:
            if "one_use_of_a_piece_at_a_time" not in str(error):
                raise
            raise Refused(
                _("Somebody took the last %(name)s just now.") % {"name": kind.name},
                field=f"equipment-{key}",
                code="equipment_taken",
                status=409,
            ) from None
    return made


def reserved(booking: Booking) -> dict[int, int]:
    """How many pieces of each kind are kept for a booking and not handed out yet."""
    held = EquipmentUse.objects.filter(region=booking.region_id, booking=booking, state=UseState.HELD)
    return dict(Counter(held.values_list("unit__equipment", flat=True)))


def release(booking: Booking) -> int:
    """Give up what a booking holds and was not handed out."""
    return EquipmentUse.objects.filter(region=booking.region_id, booking=booking, state=UseState.HELD).update(
        state=UseState.RELEASED, changed_at=clock.now()
    )


def hold_again(booking: Booking) -> None:
    """For a booking that was given up and is taken back: what it had then."""
    had = EquipmentUse.objects.filter(
        region=booking.region_id, booking=booking, state=UseState.RELEASED, during=booking.during
    )
    hold(booking, dict(Counter(had.values_list("unit__equipment", flat=True))))


@transaction.atomic
def hand(use: EquipmentUse, *, by: Person, out: bool) -> EquipmentUse:
    """Hand a piece out, or take it back."""
    row = EquipmentUse.objects.select_for_update(of=("self",)).get(region=use.region_id, pk=use.pk)
    require(policy.keeps(by, row.region_id))
    needed = UseState.HELD if out else UseState.OUT
    if row.state != needed:
        raise Refused(_("That has been done already."), code="moved_on", status=409)
    row.state = UseState.OUT if out else UseState.BACK
    row.changed_at = clock.now()
    if out:
        row.handed_out_by = by
    row.save()
    return row


@transaction.atomic
def set_equipment(
    building: Building, *, by: Person, name: str, about: str, count: int, equipment: Equipment | None = None
) -> Equipment:
    """A kind of equipment with so many pieces in service. Fewer pieces take the highest numbers out of
    service; what is already promised stays."""
    require(policy.keeps(by, building.region_id))
    if equipment is None:
        equipment = Equipment(region_id=building.region_id, building=building)
    else:
        equipment = Equipment.objects.select_for_update().get(region=building.region_id, pk=equipment.pk)
    equipment.name, equipment.about = name, about
    try:
        with transaction.atomic():
            equipment.save()
    except IntegrityError as error:
        if "equipment_named_once" not in str(error):
            raise
        raise Refused(_("There is equipment of this name already."), field="name") from None
    units = list(Unit.objects.filter(region=building.region_id, equipment=equipment).order_by("number"))
    for place, unit in enumerate(units):
        if unit.is_in_service != (place < count):
            unit.is_in_service = place < count
            unit.save()
    last = units[-1].number if units else 0
    Unit.objects.bulk_create(
        Unit(region_id=building.region_id, equipment=equipment, number=last + number)
        for number in range(1, max(0, count - len(units)) + 1)
    )
    return equipment
