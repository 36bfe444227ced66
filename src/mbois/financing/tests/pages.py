"""Opening pages in tests."""

from django.test import Client
from django.urls import reverse

from mbois.people.models import Person


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def page(name: str, **kwargs: object) -> str:
    return reverse(name, kwargs=kwargs)
