"""What several actions need."""

from django.db import IntegrityError

from mbois.people.models import Person
from mbois.startups.models import Member, Startup


def broke(error: IntegrityError, rule: str) -> bool:
    """Whether a rule of the database of this name refused."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return rule in (getattr(diagnosis, "constraint_name", None) or "") or rule in str(error)


def team_of(startup: Startup) -> list[Person]:
    """Everybody in the team now."""
    return [
        one.person
        for one in Member.objects.filter(region=startup.region_id, startup=startup, left_at=None)
        .select_related("person")
        .order_by("pk")
    ]
