"""Mentors, diagnoses and mentorships that tests need."""

from typing import Any

from django.test import Client
from django.urls import reverse

from mbois.enterprises.models import Enterprise
from mbois.mentoring import questionnaires
from mbois.mentoring.actions.diagnoses import send_diagnosis
from mbois.mentoring.models import Diagnosis
from mbois.people.models import Person


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def page(name: str, **kwargs: object) -> str:
    return reverse(name, kwargs=kwargs)


def all_answers(value: int = 0, **some: int) -> dict[str, object]:
    """Every question answered with `value`, but for `some`."""
    content = questionnaires.content_of(questionnaires.current())
    return {key: some.get(key, value) for key in content.questions}


def make_questionnaire() -> None:
    questionnaires.load_shipped()


def make_diagnosis(
    enterprise: Enterprise, *, value: int = 0, by: Person | None = None, **some: int
) -> Diagnosis:
    """A diagnosis that was sent."""
    make_questionnaire()
    return send_diagnosis(enterprise, all_answers(value, **some), by=by or enterprise.owner.person)


def form(**fields: Any) -> dict[str, Any]:
    """The fields of the page of questions."""
    return {f"q-{key}": value for key, value in fields.items()}
