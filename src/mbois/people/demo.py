"""Signing in to a demo city with one click: only where MBOIS_DEMO is set, and only as invented people.

Both locks count. A real installation has no invented people, so the setting alone opens nothing; and
invented people cannot be entered where the setting is off.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from mbois.people.models import Membership, Person, Role


@dataclass(frozen=True)
class Persona:
    """Somebody one can be in the demo: the person, what they do, where; `group` is the heading they
    stand under (a region, or "Owners"); `folded` ones are shown when asked for."""

    person: Person
    role: str
    place: str
    group: str
    hint: str = ""
    folded: bool = False


_makers: list[Callable[[], list[Persona]]] = []


def register_personas(maker: Callable[[], list[Persona]]) -> None:
    """Offer more people to be (owners, for example), from a room's apps.py."""
    if maker not in _makers:
        _makers.append(maker)


def personas() -> list[Persona]:
    """Whom one can be: nobody outside the demo. One of each role and region, then what rooms offer."""
    if not settings.DEMO:
        return []
    members = (
        Membership.objects.in_force()
        .filter(person__is_invented=True, person__is_active=True, person__is_service=False)
        .select_related("person", "region", "organisation", "area")
        .order_by("region", "role", "pk")
    )
    first: dict[tuple[str, str], Membership] = {}
    for membership in members:
        first.setdefault((membership.region_id, membership.role), membership)
    order = {role: place for place, role in enumerate(Role.values)}
    found = [
        Persona(
            person=membership.person,
            role=str(Role(membership.role).label),
            place=str(membership.area or membership.region),
            group=membership.region.name,
            folded=membership.region_id != "35.73",
        )
        for membership in sorted(
            first.values(), key=lambda one: (one.region_id != "35.73", one.region_id, order[one.role])
        )
    ]
    offered = [one for maker in _makers for one in maker()]
    return [one for one in offered if one.person.is_invented] + found


def may_enter(person: Person | None) -> bool:
    """Whether one may become this person with one click, here and now."""
    return bool(
        settings.DEMO and person and person.is_invented and person.is_active and not person.is_service
    )
