"""What is announced to the public: the room of activities says how, others ask it to.

A demo day of startups is an activity like others, with places and tickets; the two rooms meet here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from mbois.people.models import Person


@dataclass(frozen=True)
class Occasion:
    """An announced activity: `code` names it for good, `url` shows it; people who registered and came."""

    code: str
    title: str
    url: str
    begins: datetime
    registered: int
    attended: int


class Announcer(Protocol):
    """What the room of activities can do for others."""

    def announce(
        self,
        region: str,
        *,
        title: str,
        about: str,
        begins: datetime,
        ends: datetime,
        place: str,
        capacity: int,
        by: Person,
    ) -> Occasion:
        """Make an activity of this and publish it. Raises `Refused` with a sentence when it cannot be."""

    def get(self, codes: Sequence[str]) -> dict[str, Occasion]:
        """Those that exist, by code; one query whatever the number."""


_announcers: list[Announcer] = []


def register(announcer: Announcer) -> None:
    """Called from the `apps.py` of the room of activities; a later one replaces it."""
    _announcers[:] = [announcer]


def announcer() -> Announcer | None:
    """Who announces here, if anybody."""
    return _announcers[0] if _announcers else None
