"""Who may do what with startups."""

from mbois.people.models import Person, Role
from mbois.startups.models import (
    PROGRAMME_READERS,
    Member,
    MentorPlace,
    Participation,
    Startup,
)


def manages(person: Person, region: str) -> bool:
    """Runs the programme of a region."""
    return person.has_role(region, Role.INCUBATOR)


def reads(person: Person, region: str) -> bool:
    """Sees the programme of a region, without acting in it."""
    return person.has_role(region, *PROGRAMME_READERS)


def in_team(person: Person, startup: Startup) -> bool:
    return Member.objects.filter(
        region=startup.region_id, startup=startup, person=person, left_at=None
    ).exists()


def is_mentor(person: Person, participation: Participation) -> bool:
    """Theirs, as long as they are a mentor of the region."""
    return (
        person.has_role(participation.region_id, Role.MENTOR)
        and MentorPlace.objects.filter(
            region=participation.region_id, participation=participation, person=person, until=None
        ).exists()
    )


def can_check(person: Person, participation: Participation) -> bool:
    """Says whether a milestone is reached: the manager or the startup's mentor, never the team."""
    return (manages(person, participation.region_id) or is_mentor(person, participation)) and not in_team(
        person, participation.startup
    )


def can_record_figures(person: Person, startup: Startup) -> bool:
    """The team, or the manager who called them."""
    return in_team(person, startup) or manages(person, startup.region_id)
