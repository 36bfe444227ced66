"""Who may do what in mentoring."""

from mbois.enterprises import helpers
from mbois.enterprises import policy as registry
from mbois.enterprises.models import Enterprise
from mbois.enterprises.models import State as Registered
from mbois.mentoring.models import MENTORING_READERS, Mentorship, State
from mbois.people.models import Person, Role

COORDINATORS = (Role.COORDINATOR, Role.AGENCY_OFFICER)


def owns(person: Person, enterprise: Enterprise) -> bool:
    return registry.owns(person, enterprise)


def is_officer(person: Person, enterprise: Enterprise) -> bool:
    """An officer who works with this enterprise's owner: coordinator, agency, village."""
    return person.has_role(enterprise.region_id, *COORDINATORS) or registry.serves_village(
        person, enterprise.village_id
    )


def can_diagnose(person: Person, enterprise: Enterprise) -> bool:
    """The owner, who mentors it, and officers who sit down with the owner."""
    if enterprise.state == Registered.MERGED:
        return False
    return owns(person, enterprise) or is_officer(person, enterprise) or helpers.helps(person, enterprise)


def can_see(person: Person, enterprise: Enterprise) -> bool:
    """Whose mentoring they may see at all."""
    return (
        owns(person, enterprise)
        or is_officer(person, enterprise)
        or person.has_role(enterprise.region_id, *MENTORING_READERS)
        or helpers.helps(person, enterprise)
    )


def can_coordinate(person: Person, region: str) -> bool:
    return person.has_role(region, *COORDINATORS)


def is_mentor(person: Person, mentorship: Mentorship) -> bool:
    """Theirs, as long as they are a mentor of the region."""
    return mentorship.mentor.person_id == person.pk and person.has_role(mentorship.region_id, Role.MENTOR)


def can_ask_for_mentor(person: Person, enterprise: Enterprise) -> bool:
    """The owner, or an officer for them."""
    return enterprise.state == Registered.VERIFIED and (
        owns(person, enterprise) or is_officer(person, enterprise)
    )


def can_answer_for_owner(person: Person, mentorship: Mentorship) -> bool:
    """The owner; or an officer to whom the owner said it (assisted), never the mentor."""
    if is_mentor(person, mentorship):
        return False
    return owns(person, mentorship.enterprise) or is_officer(person, mentorship.enterprise)


def can_work_on(person: Person, mentorship: Mentorship) -> bool:
    """Plan steps and sessions of a mentorship under way: its mentor and the coordinators."""
    return mentorship.state == State.ACTIVE and (
        is_mentor(person, mentorship) or can_coordinate(person, mentorship.region_id)
    )


def can_hand_in(person: Person, mentorship: Mentorship) -> bool:
    """Evidence comes from the owner, or from whoever helps them with it."""
    return mentorship.state == State.ACTIVE and (
        owns(person, mentorship.enterprise)
        or is_officer(person, mentorship.enterprise)
        or is_mentor(person, mentorship)
    )


def can_check(person: Person, mentorship: Mentorship) -> bool:
    """The mentor, or a coordinator in their place; nobody for their own business."""
    return can_work_on(person, mentorship) and not owns(person, mentorship.enterprise)


def can_keep_book(person: Person, enterprise: Enterprise) -> bool:
    """Only the owner, and an officer or mentor who types for somebody without a phone."""
    if enterprise.state == Registered.MERGED:
        return False
    return owns(person, enterprise) or is_officer(person, enterprise) or helpers.helps(person, enterprise)


def can_record(person: Person, mentorship: Mentorship) -> bool:
    """What happened in a session is written down by its mentor, or by a coordinator for them; also after
    the mentorship has ended, when the phone had no line until then."""
    if mentorship.state not in {State.ACTIVE, State.FINISHED, State.STOPPED}:
        return False
    return is_mentor(person, mentorship) or can_coordinate(person, mentorship.region_id)
