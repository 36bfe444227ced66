"""A step of signing in that differs from django-allauth's."""

from typing import Any

from allauth.account.app_settings import EmailVerificationMethod
from allauth.account.stages import EmailVerificationStage


class OwnAddress(EmailVerificationStage):
    """Who has only an e-mail address shows once that it is theirs; whose phone is confirmed need not."""

    def handle(self) -> Any:
        person = self.login.user
        if person and (person.phone or not person.email):
            self.login.email_verification = EmailVerificationMethod.NONE
        return super().handle()
