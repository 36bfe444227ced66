"""Telling people what became of a registration."""

from collections.abc import Iterable

from django.db.models import Q

from mbois.enterprises.models import Enterprise
from mbois.people.models import Consent, Membership, Person, Role
from mbois.people.notifications import notify


def tell(person: Person, key: str, enterprise: Enterprise, **context: str) -> None:
    """Tell one person about one enterprise."""
    notify(
        person,
        key,
        url=enterprise.get_absolute_url(),
        name=enterprise.name,
        number=enterprise.number,
        **context,
    )


def tell_owners(enterprises: Iterable[Enterprise], key: str, *, by: Person, **context: str) -> None:
    """Tell the owners of these enterprises, each once, about their own; not who did it."""
    told = {by.pk}
    for enterprise in enterprises:
        person = enterprise.owner.person
        if person.pk not in told:
            told.add(person.pk)
            tell(person, key, enterprise, **context)


def tell_of_withdrawal(consent: Consent) -> None:
    """Tell the officers of each business whose owner no longer agrees to being in the registry."""
    if consent.text.key != "registry":
        return
    theirs = Enterprise.objects.living().filter(region=consent.region_id, owner__person=consent.person_id)
    for enterprise in theirs.select_related("owner", "village"):
        tell_officers(enterprise, "enterprises/consent_withdrawn")


def tell_officers(enterprise: Enterprise, key: str) -> None:
    """Tell the officers of the village; where it has none, those of the agency."""
    village = enterprise.village_id
    covering = [".".join(village.split(".")[:length]) for length in (2, 3, 4)]
    in_force = Membership.objects.in_force().filter(region=enterprise.region_id).select_related("person")
    served = Q(area__in=covering) | Q(area=None)
    officers = [m.person for m in in_force.filter(served, role=Role.VILLAGE_OFFICER)] or [
        m.person for m in in_force.filter(role=Role.AGENCY_OFFICER)
    ]
    for officer in {person.pk: person for person in officers if not person.is_service}.values():
        if officer.pk not in {enterprise.owner.person_id, enterprise.registered_by_id}:
            tell(officer, key, enterprise)
