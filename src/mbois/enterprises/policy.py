"""Who may do what in the registry. One small predicate per verb."""

from collections.abc import Callable

from mbois.enterprises.models import Enterprise, Owner, State
from mbois.people.models import Person, Role
from mbois.places.models import Area

# Roles that register others anywhere in their region; a village officer does so in their villages.
REGISTRARS = (Role.AGENCY_OFFICER, Role.FIELD_OFFICER, Role.REGION_ADMIN)
KEEPERS = (Role.AGENCY_OFFICER, Role.REGION_ADMIN)
UNMASKERS = (Role.AGENCY_OFFICER, Role.REGION_ADMIN)

# Whether a person's work on something of this owner needs the whole identity number.
Need = Callable[[Person, Owner], bool]
_needs: list[Need] = []


def register_need(need: Need) -> None:
    """Called from the `apps.py` of a room whose work may need it, such as that on a loan."""
    _needs.append(need)


def serves_village(person: Person, village: Area | str) -> bool:
    """Whether they are an officer of this village (or of its district)."""
    code = village if isinstance(village, str) else village.pk
    return person.serves(code, Role.VILLAGE_OFFICER)


def can_register_others(person: Person) -> bool:
    """Whether they may register others anywhere at all."""
    return bool(person.roles & {*REGISTRARS, Role.VILLAGE_OFFICER})


def areas_to_register_in(person: Person) -> list[str]:
    """The codes of the regions, districts and villages where they may register others."""
    return [*person.regions_with(*REGISTRARS), *person.areas_with(Role.VILLAGE_OFFICER)]


def can_register_for_others(person: Person, village: Area) -> bool:
    """Whether they may register the enterprise of somebody else in this village."""
    region = village.region_id
    return region is not None and (person.has_role(region, *REGISTRARS) or serves_village(person, village))


def owns(person: Person, enterprise: Enterprise) -> bool:
    return enterprise.owner.person_id == person.pk


def is_keeper(person: Person, enterprise: Enterprise) -> bool:
    """Whether their office keeps this record: the village's officer, the agency, the region admin."""
    return person.has_role(enterprise.region_id, *KEEPERS) or serves_village(person, enterprise.village_id)


def can_edit(person: Person, enterprise: Enterprise) -> bool:
    """The owner and the offices that keep the record; nobody where it was merged into another."""
    return enterprise.state != State.MERGED and (owns(person, enterprise) or is_keeper(person, enterprise))


def can_review(person: Person, enterprise: Enterprise) -> bool:
    """The village's officer and the agency. Nobody reviews their own enterprise."""
    office = person.has_role(enterprise.region_id, Role.AGENCY_OFFICER) or serves_village(
        person, enterprise.village_id
    )
    return office and not owns(person, enterprise)


def can_review_any(person: Person) -> bool:
    return bool(person.roles & {Role.AGENCY_OFFICER, Role.VILLAGE_OFFICER})


def can_unmask(person: Person, owner: Owner) -> bool:
    """Whose work needs the whole identity number; every look is recorded with its reason."""
    if person.has_role(owner.region_id, *UNMASKERS) or any(need(person, owner) for need in _needs):
        return True
    villages = set(owner.enterprises.filter(region=owner.region_id).values_list("village_id", flat=True))
    return any(serves_village(person, village) for village in villages)
