"""Who may do what with activities."""

from mbois.agenda.models import OVERSEEING, Activity, State
from mbois.people.models import Person, Role


def manages(person: Person, activity: Activity) -> bool:
    """Whoever proposed it, the organisers of its organisation, and those who hold the festival it is
    part of."""
    if activity.proposed_by_id == person.pk:
        return True
    if activity.organisation_id is not None and any(
        one.role == Role.ORGANISER and one.organisation_id == activity.organisation_id
        for one in person.memberships_now
    ):
        return True
    return activity.parent is not None and manages(person, activity.parent)


def is_curator(person: Person, region: str) -> bool:
    return person.has_role(region, Role.CURATOR)


def sees(person: Person, activity: Activity) -> bool:
    """Whose desk pages they may open; the same rule as `Activity.objects.visible_to`."""
    return manages(person, activity) or person.has_role(activity.region_id, *OVERSEEING)


def works_on(person: Person, activity: Activity) -> bool:
    """Participants, door, certificates: whoever holds it, and the region's curators."""
    return manages(person, activity) or is_curator(person, activity.region_id)


def can_edit(person: Person, activity: Activity) -> bool:
    return works_on(person, activity) and activity.state not in {State.REJECTED, State.CANCELLED}


def can_review(person: Person, activity: Activity) -> bool:
    """A curator of the region, or for a part the holders of its festival; nobody their own proposal."""
    if activity.proposed_by_id == person.pk:
        return False
    if is_curator(person, activity.region_id):
        return True
    return activity.parent is not None and manages(person, activity.parent)


def can_add_part(person: Person, activity: Activity) -> bool:
    """Those who hold it; anybody where it asks for parts."""
    if activity.parent_id is not None or activity.state in {State.REJECTED, State.CANCELLED}:
        return False
    return works_on(person, activity) or (activity.takes_parts and activity.state == State.PUBLISHED)


def can_announce(person: Person, region: str) -> bool:
    """Publish without a second look: those who run a programme of the city themselves."""
    return person.has_role(region, Role.INCUBATOR, Role.CURATOR, Role.KEEPER)
