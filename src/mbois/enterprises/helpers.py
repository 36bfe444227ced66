"""Who works with an enterprise beside its owner and the offices: a room such as mentoring says so."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from mbois.people.models import Person

if TYPE_CHECKING:
    from mbois.enterprises.models import Enterprise

# The (region code, key) of the enterprises this person helps now.
Helped = Callable[[Person], Iterable[tuple[str, int]]]

_registered: list[Helped] = []


def register(helped: Helped) -> None:
    """Called from the `apps.py` of the room that knows. It should cost nothing for everybody else."""
    _registered.append(helped)


def helped_by(person: Person) -> set[tuple[str, int]]:
    """The (region code, key) of the enterprises a person helps now; they see these as their own."""
    return {key for helped in _registered for key in helped(person)}


def helps(person: Person, enterprise: "Enterprise") -> bool:
    """Whether they help this one."""
    return (enterprise.region_id, enterprise.pk) in helped_by(person)
