"""What several actions need."""

from datetime import date, datetime

from django.db import IntegrityError
from django.utils.translation import gettext as _

from mbois import clock
from mbois.people.models import Person
from mbois.refused import Refused
from mbois.startups.models import Member, Startup


def broke(error: IntegrityError, rule: str) -> bool:
    """Whether a rule of the database of this name refused."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return rule in (getattr(diagnosis, "constraint_name", None) or "") or rule in str(error)


def not_too_far(**moments: datetime | date | None) -> None:
    """Refuse what lies years ahead, by the name of its field."""
    for field, moment in moments.items():
        if moment is not None and clock.is_too_far(moment):
            raise Refused(_("At most three years ahead. Look at the year once more."), field=field)


def team_of(startup: Startup) -> list[Person]:
    """Everybody in the team now."""
    return [
        one.person
        for one in Member.objects.filter(region=startup.region_id, startup=startup, left_at=None)
        .select_related("person")
        .order_by("pk")
    ]
