"""Changing one's own account, and asking about one's data."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mbois.people.models import Consent, Membership, Person, Role
from mbois.people.names import clean_person_name
from mbois.people.notifications import notify
from mbois.refused import Refused


@transaction.atomic
def change_profile(person: Person, *, name: str, language: str) -> None:
    """Change one's name and the language of messages."""
    person.name, person.language = clean_person_name(name)[:120], language
    person.save(update_fields=["name", "language"])


def change_language(person: Person, language: str) -> None:
    """Write to this person in this language from now on."""
    if language in {"id", "en"} and person.language != language:
        person.language = language
        person.save(update_fields=["language"])


@transaction.atomic
def ask_about_data(person: Person, *, kind: str, region: str, text: str) -> int:
    """Ask the admins of a region to correct or erase one's data; returns how many were told."""
    admins = [
        membership.person
        for membership in Membership.objects.in_force()
        .filter(region=region, role=Role.REGION_ADMIN, person__is_service=False)
        .select_related("person")
    ]
    told = notify(admins, "people/data_request", kind=kind, name=person.name, text=text, person=person.pk)
    if not told:
        raise Refused(
            _("This region has no admin yet who could answer. Please go to its office."), field="region"
        )
    notify(person, "people/data_request_sent", kind=kind, text=text)
    return told


def regions_that_know(person: Person) -> list[str]:
    """The codes of the regions that hold something of a person, by the consents they gave."""
    return sorted(set(Consent.objects.filter(person=person).values_list("region_id", flat=True)))
