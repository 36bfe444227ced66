"""The creative centre: where one can be, when, with what, and who asked for it."""

from mbois.hub.models.bookings import (
    HOLDING,
    OVERSEERS,
    Booking,
    BookingState,
    CalendarAddress,
    Series,
)
from mbois.hub.models.equipment import Equipment, EquipmentUse, Unit, UseState
from mbois.hub.models.spaces import (
    Audience,
    Building,
    Closure,
    Facility,
    Floor,
    OpeningHours,
    Space,
    SpacePhoto,
    Use,
    UseRule,
)
from mbois.hub.models.waiting import Waiting, WaitingState

__all__ = [
    "HOLDING",
    "OVERSEERS",
    "Audience",
    "Booking",
    "BookingState",
    "Building",
    "CalendarAddress",
    "Closure",
    "Equipment",
    "EquipmentUse",
    "Facility",
    "Floor",
    "OpeningHours",
    "Series",
    "Space",
    "SpacePhoto",
    "Unit",
    "Use",
    "UseRule",
    "UseState",
    "Waiting",
    "WaitingState",
]
