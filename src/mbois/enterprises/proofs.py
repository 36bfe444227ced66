"""What an enterprise has reached, as other rooms can prove it: a licence, a listing, a first sale.

Nothing is stored: each proof is a read of the rows that show it. Rooms that do not know each other
meet here: the market proves that a listing went live, and mentoring ticks the step that asked for it.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from mbois.enterprises.models import Enterprise


@dataclass(frozen=True)
class Proof:
    """`find` takes a region's code and keys of its enterprises, and answers with the day (Asia/Jakarta)
    on which each first had it, for those that have it; one query whatever the number."""

    key: str
    label: object
    find: Callable[[str, Collection[int]], dict[int, date]]


_registered: dict[str, Proof] = {}


def register(proof: Proof) -> None:
    """Called from the `apps.py` of the room that knows; the same key again replaces it."""
    _registered[proof.key] = proof


def registered() -> dict[str, Proof]:
    return dict(_registered)


def first(key: str, region_id: str, enterprises: Collection[int]) -> dict[int, date]:
    """The day on which each of these enterprises first had it. Empty where nobody registered the key."""
    proof = _registered.get(key)
    return proof.find(region_id, enterprises) if proof and enterprises else {}


def has(key: str, enterprise: Enterprise) -> bool:
    """Whether it has it now."""
    return bool(first(key, enterprise.region_id, [enterprise.pk]))
