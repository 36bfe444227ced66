"""The request of a page that only the signed-in open, for type checks."""

from django.http import HttpRequest

from mbois.people.models import Person


class SignedInRequest(HttpRequest):
    """`request` behind `@login_required`: its user is a Person."""

    user: Person
