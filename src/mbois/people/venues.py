"""Where something can take place: the room that keeps spaces says which there are and holds them.

Rooms that do not know each other meet here: the creative centre registers its spaces, and an activity
finds one, holds it and shows its name. Where nobody registered, a venue is only what somebody typed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from mbois.people.models import Person


@dataclass(frozen=True)
class Venue:
    """A space: `code` names it for good, `capacity` is in people, `url` shows it."""

    code: str
    name: str
    address: str
    capacity: int
    url: str


class Keeper(Protocol):
    """What the room that keeps spaces can do."""

    def find(self, region: str, text: str = "") -> Sequence[Venue]:
        """The spaces of a region that are open to bookings, by name or code; at most 50."""

    def get(self, code: str) -> Venue | None:
        """One space."""

    def hold(
        self, code: str, *, begins: datetime, ends: datetime, title: str, people: int, by: Person
    ) -> str:
        """Book the space `[begins, ends)` for something with this title, by the rules for that person;
        answers with the number of the booking. Raises `Refused` when it is closed or taken."""

    def move(self, booking: str, *, begins: datetime, ends: datetime, by: Person) -> None:
        """Other hours for such a booking; nothing where it is given up already. Raises `Refused` when the
        space is closed or taken then."""

    def release(self, booking: str, *, by: Person) -> None:
        """Give up such a booking; nothing where it is given up already."""


_keepers: list[Keeper] = []


def register(keeper: Keeper) -> None:
    """Called from the `apps.py` of the room that keeps spaces; a later one replaces it."""
    _keepers[:] = [keeper]


def keeper() -> Keeper | None:
    """Who keeps spaces here, if anybody."""
    return _keepers[0] if _keepers else None
