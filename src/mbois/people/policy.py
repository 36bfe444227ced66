"""Who may do what with people."""

from mbois.people.models import Membership, Person, Role

# Those who may register somebody and apply for them, at their door or their counter.
ASSISTING = (Role.VILLAGE_OFFICER, Role.AGENCY_OFFICER, Role.FIELD_OFFICER, Role.REGION_ADMIN)


def can_assist(person: Person, region_id: str | None = None) -> bool:
    """May act for somebody else, in this region (or in any)."""
    if region_id is None:
        return not person.roles.isdisjoint(ASSISTING)
    return person.has_role(region_id, *ASSISTING)


def can_issue_claim(person: Person, subject: Person) -> bool:
    """May hand out a claim slip: who registered them, or a colleague who assists in a region of theirs."""
    if person.pk == subject.pk:
        return False
    if subject.registered_by_id == person.pk:
        return can_assist(person)
    regions = set(person.regions_with(*ASSISTING))
    return bool(regions & set(subject.consents.values_list("region_id", flat=True)))


def can_manage_members(person: Person, region_id: str) -> bool:
    """May add and end memberships in a region."""
    return person.has_role(region_id, Role.REGION_ADMIN)


def can_end(person: Person, membership: Membership) -> bool:
    """May end a membership (its own person may not end it: a colleague does)."""
    return can_manage_members(person, membership.region_id)


def can_unmask(person: Person, region_id: str) -> bool:
    """May look at a whole identity number in a region; each look is recorded."""
    return person.has_role(
        region_id,
        Role.VILLAGE_OFFICER,
        Role.AGENCY_OFFICER,
        Role.FIELD_OFFICER,
        Role.ASSESSOR,
        Role.REGION_ADMIN,
    )
