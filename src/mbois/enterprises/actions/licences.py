"""Permits and certificates of an enterprise."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from mbois.enterprises import policy
from mbois.enterprises.models import Enterprise, Licence
from mbois.people.models import Document, Person
from mbois.refused import Refused


def _check(enterprise: Enterprise, by: Person, told_at_start: bool = False) -> None:
    if not (policy.can_edit(by, enterprise) or (told_at_start and enterprise.registered_by_id == by.pk)):
        raise Refused(_("You may not change this business."), code="forbidden", status=403)


def _store(licence: Licence) -> Licence:
    number = " ".join(licence.number.split())
    if licence.kind not in Licence.Kind.values:
        raise Refused(_("Choose the kind of licence."), field="kind", code="kind")
    if not number:
        raise Refused(_("Give the number on the licence."), field="number", code="required")
    if len(number) > 60 or len(licence.issuer) > 120:
        raise Refused(
            _("This is too long."), field="number" if len(number) > 60 else "issuer", code="too_long"
        )
    if licence.issued_on and licence.expires_on and licence.expires_on < licence.issued_on:
        raise Refused(_("It cannot expire before it was issued."), field="expires_on", code="date")
    licence.number = number
    try:
        with transaction.atomic():
            licence.save()
    except IntegrityError as error:
        if "licence_once" not in str(error):
            raise
        raise Refused(
            _("This licence is registered already."), field="number", code="twice", status=409
        ) from None
    return licence


@transaction.atomic
def add_licence(
    enterprise: Enterprise,
    *,
    by: Person,
    kind: str,
    number: str,
    issuer: str = "",
    issued_on: date | None = None,
    expires_on: date | None = None,
    document: Document | None = None,
    told_at_start: bool = False,
) -> Licence:
    """Record a licence; without `expires_on` it does not expire. `told_at_start`: whoever registers the
    enterprise tells it with the rest."""
    _check(enterprise, by, told_at_start)
    return _store(
        Licence(
            region_id=enterprise.region_id,
            enterprise=enterprise,
            kind=kind,
            number=number,
            issuer=issuer.strip(),
            issued_on=issued_on,
            expires_on=expires_on,
            document=document,
            recorded_by=by,
        )
    )


@transaction.atomic
def change_licence(
    licence: Licence,
    *,
    by: Person,
    kind: str,
    number: str,
    issuer: str = "",
    issued_on: date | None = None,
    expires_on: date | None = None,
    document: Document | None = None,
) -> Licence:
    """Replace what a licence says; its scan stays where no new one is given."""
    _check(licence.enterprise, by)
    licence.kind, licence.number, licence.issuer = kind, number, issuer.strip()
    licence.issued_on, licence.expires_on = issued_on, expires_on
    if document is not None:
        licence.document = document
    return _store(licence)


@transaction.atomic
def remove_licence(licence: Licence, *, by: Person) -> None:
    """Take a licence off; the audit trail keeps that it was there."""
    _check(licence.enterprise, by)
    licence.delete()
