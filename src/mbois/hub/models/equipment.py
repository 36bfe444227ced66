"""Equipment: numbered pieces, each with at most one use at a time, so that a count is never exceeded."""

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.hub.models.bookings import Booking
from mbois.hub.models.spaces import Building
from mbois.people.models import Person
from mbois.places.guards import tracked
from mbois.places.owned import Owned, RegionForeignKey


class Equipment(Owned):
    """A kind of thing that can be taken along with a booking."""

    building = RegionForeignKey(Building, on_delete=models.PROTECT, related_name="equipment")
    name = models.CharField(_("name"), max_length=100)
    about = models.CharField(_("about it"), max_length=300, blank=True)
    is_offered = models.BooleanField(_("can be booked"), default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "building", "name"], name="equipment_named_once")
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class Unit(Owned):
    """One piece of equipment, with the number that is written on it."""

    equipment = RegionForeignKey(Equipment, on_delete=models.PROTECT, related_name="units")
    number = models.PositiveSmallIntegerField(_("number"))
    is_in_service = models.BooleanField(_("in service"), default=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "equipment", "number"], name="unit_numbered_once")
        ]

    def __str__(self) -> str:
        return f"{self.equipment_id} #{self.number}"


class UseState(models.TextChoices):
    HELD = "held", _("Reserved")
    OUT = "out", _("Handed out")
    BACK = "back", _("Returned")
    RELEASED = "released", _("Given up")

    @property
    def tone(self) -> str:
        return {"held": "info", "out": "wait", "back": "ok"}.get(self.value, "plain")


@tracked()
class EquipmentUse(Owned):
    """One piece with one booking, for as long as the booking lasts."""

    booking = RegionForeignKey(Booking, on_delete=models.PROTECT, related_name="pieces")
    unit = RegionForeignKey(Unit, on_delete=models.PROTECT, related_name="uses")
    during = DateTimeRangeField()
    state = models.CharField(max_length=8, choices=UseState, default=UseState.HELD)
    handed_out_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(name="equipment_use_state", condition=Q(state__in=UseState.values)),
            ExclusionConstraint(
                name="one_use_of_a_piece_at_a_time",
                expressions=[
                    ("region", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=["held", "out"]),
            ),
        ]
        indexes = [models.Index(fields=["region", "booking"], name="equipment_use_by_booking")]
        triggers = [
            pgtrigger.Protect(name="equipment_uses_stay", operation=pgtrigger.Delete),
            # whatever is written: a piece is held as long as its booking lasts
            pgtrigger.Trigger(
                name="equipment_use_lasts_as_its_booking",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("during", "booking_id"),
                func="""
                    SELECT b.during INTO NEW.during FROM hub_booking b
                     WHERE b.region_id = NEW.region_id AND b.id = NEW.booking_id;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} for {self.booking_id}"

    @property
    def status(self) -> UseState:
        return UseState(self.state)
