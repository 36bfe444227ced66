"""Whose rows are whose in the market."""

from django.db.models import Q

from mbois.enterprises import helpers
from mbois.enterprises.models import Enterprise, Owner
from mbois.people.models import Person, Role


def of_own_enterprises(person: Person, prefix: str = "enterprise") -> Q:
    """A condition: the enterprise at `prefix` is one's own, or one that one helps. Two queries."""
    owned = Q(pk__in=[])
    for region, owner in Owner.objects.filter(person=person.pk).values_list("region_id", "pk"):
        owned |= Q(region=region, owner=owner)
    keys = set(Enterprise.objects.filter(owned).values_list("region_id", "pk"))
    keys |= helpers.helped_by(person)
    allowed = Q(pk__in=[])
    for region in sorted({region for region, _key in keys}):
        mine = sorted(key for of, key in keys if of == region)
        allowed |= Q(**{"region": region, f"{prefix}__in": mine})
    return allowed


def worked_on_by(person: Person, prefix: str = "enterprise") -> Q:
    """A condition: one's own, those one helps, and for an agency's officer those of the region."""
    return of_own_enterprises(person, prefix) | Q(region__in=person.regions_with(Role.AGENCY_OFFICER))
