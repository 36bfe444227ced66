"""Bearer tokens of the API: made once, kept as a hash, revoked when their owner wishes."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from ninja.security import HttpBearer

from mbois import clock
from mbois.people.models import ApiToken, Person
from mbois.refused import Refused


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def make(person: Person, *, name: str = "", expires_at: datetime | None = None) -> str:
    """A new token of a person, told once; only its hash is kept."""
    token = f"mbois_{secrets.token_urlsafe(32)}"
    ApiToken.objects.create(
        person=person, name=name[:80], digest=_digest(token), hint=token[-4:], expires_at=expires_at
    )
    return token


@transaction.atomic
def revoke(token: ApiToken, *, by: Person) -> None:
    """End a token of one's own."""
    if token.person_id != by.pk:
        raise Refused(_("This is not your token."), code="forbidden", status=403)
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=clock.now())


def person_of(token: str) -> Person | None:
    """Whose good token this is, or None. Notes (once an hour at most) that it was used."""
    found = ApiToken.objects.select_related("person").filter(digest=_digest(token), revoked_at=None).first()
    if found is None or not found.is_good or not found.person.is_active:
        return None
    now = clock.now()
    if found.used_at is None or now - found.used_at > timedelta(hours=1):
        ApiToken.objects.filter(pk=found.pk).update(used_at=now)
    return found.person


class BearerAuth(HttpBearer):
    """`Authorization: Bearer …` of an API call. `request.auth` and `request.user` become the Person,
    the audit trail knows them, and texts come in the language of Accept-Language."""

    def authenticate(self, request: HttpRequest, token: str) -> Person | None:
        person = person_of(token)
        if person is None:
            return None
        request.user = person  # the audit trail follows this
        language = translation.get_language_from_request(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        return person
