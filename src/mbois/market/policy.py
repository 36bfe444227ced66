"""Who may do what in the market. One small predicate per verb."""

from mbois.enterprises import helpers
from mbois.enterprises.models import Enterprise, State
from mbois.enterprises.policy import owns
from mbois.people.models import Person, Role


def can_sell(person: Person, enterprise: Enterprise) -> bool:
    """Products, stock and the shop: the owner, who helps them, and the agency's officers (for those
    who have no phone of their own). Nobody where the record was merged into another."""
    return enterprise.state != State.MERGED and (
        owns(person, enterprise)
        or person.has_role(enterprise.region_id, Role.AGENCY_OFFICER)
        or helpers.helps(person, enterprise)
    )


def can_handle_orders(person: Person, enterprise: Enterprise) -> bool:
    """Orders hold names and phones of buyers: the owner and who helps them, nobody else."""
    return enterprise.state != State.MERGED and (
        owns(person, enterprise) or helpers.helps(person, enterprise)
    )
