"""What the room of mentoring adds to a region of `tests/world.py`."""

from typing import TYPE_CHECKING

from mbois.enterprises.models import Enterprise
from mbois.mentoring.tests.factories import make_diagnosis

if TYPE_CHECKING:
    from tests.world import Region


def add_mentoring(home: "Region", mine: Enterprise, other: Enterprise) -> None:
    """A thing for every noun of the addresses of mentoring: those of the neighbour."""
    make_diagnosis(mine, value=1)
    diagnosis = make_diagnosis(other, value=1)
    home.objects |= {"diagnosis": diagnosis.uuid}
