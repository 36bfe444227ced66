"""Who may do what with the books. Money is moved by the rooms that know what it is for; they ask their own."""

from mbois.people.models import Person, Role


def can_close_books(person: Person, region_id: str) -> bool:
    """May close a region's books up to a day."""
    return person.has_role(region_id, Role.REGION_ADMIN)
