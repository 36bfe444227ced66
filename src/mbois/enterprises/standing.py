"""What speaks for an enterprise when somebody asks for credit: points with their reasons.

Rooms that know something register a factor from their `apps.py`; whoever decides about a loan sees the
points, how many there could have been, and the sentence that says why. Nothing is stored.
"""

from collections.abc import Callable
from dataclasses import dataclass

from mbois.enterprises.models import Enterprise


@dataclass(frozen=True)
class Points:
    """How many of `most` points an enterprise has, and why, in a sentence for people."""

    points: int
    most: int
    sentence: str


@dataclass(frozen=True)
class Factor:
    """Something that counts. `find` answers None where there is nothing to say (yet)."""

    key: str
    title: object
    find: Callable[[Enterprise], Points | None]
    order: int = 50


@dataclass(frozen=True)
class Counted:
    """A factor as it counts for one enterprise."""

    factor: Factor
    points: Points


@dataclass(frozen=True)
class Score:
    """All that counts for one enterprise. Factors without an answer count neither way."""

    factors: list[Counted]

    @property
    def points(self) -> int:
        return sum(one.points.points for one in self.factors)

    @property
    def most(self) -> int:
        return sum(one.points.most for one in self.factors)


_factors: dict[str, Factor] = {}


def register(factor: Factor) -> None:
    """Add a factor; the same key again replaces it."""
    _factors[factor.key] = factor


def of(enterprise: Enterprise) -> Score:
    """What counts for this enterprise now."""
    ordered = sorted(_factors.values(), key=lambda factor: (factor.order, factor.key))
    found = ((factor, factor.find(enterprise)) for factor in ordered)
    return Score([Counted(factor, points) for factor, points in found if points is not None])
