"""A step of signing in that differs from django-allauth's."""

from typing import Any

from allauth.account.app_settings import EmailVerificationMethod
from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.account.stages import EmailVerificationStage
from django.http import HttpRequest

from mbois.people.models import Person


def _code_came_to(request: HttpRequest, person: Person) -> bool:
    """Whether this session proved the address of a person by a code that was sent there."""
    return any(
        record.get("method") == "code" and str(record.get("email") or "").lower() == person.email
        for record in get_authentication_records(request, person)
    )


class OwnAddress(EmailVerificationStage):
    """Who has only an e-mail address shows once that it is theirs. Whose phone is confirmed need not, nor
    who has just typed the sign-in code that came to this address, as an invited person does."""

    def handle(self) -> Any:
        person = self.login.user
        if person and (person.phone or not person.email):
            self.login.email_verification = EmailVerificationMethod.NONE
        elif person and _code_came_to(self.request, person):
            address, _new = EmailAddress.objects.get_or_create(
                user=person, email=person.email, defaults={"primary": True}
            )
            address.set_verified()
        return super().handle()
