"""Doing things for people who have no account: registering them, recording their consent."""

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from phonenumber_field.phonenumber import to_python

from mbois import clock
from mbois.people import consents, documents, policy
from mbois.people.models import AccountConsent, Consent, Document, Person, Purpose
from mbois.people.names import clean_person_name
from mbois.refused import Refused


@transaction.atomic
def register_person(name: str, *, by: Person, phone: str = "", language: str = "id") -> Person:
    """Make a person without an account, registered by an officer. `phone` is a number they can be
    reached at (it may be a neighbour's): nobody can sign in with it."""
    if not policy.can_assist(by):
        raise Refused(_("You may not register other people."), code="forbidden", status=403)
    name = clean_person_name(name)
    if len(name) < 2:
        raise Refused(_("Please write the person's name."), field="name")
    number = to_python(phone, region="ID") if phone else None
    if number is not None and not number.is_valid():
        raise Refused(_("This is not a phone number."), field="phone")
    person = Person(name=name[:120], contact_phone=number or None, language=language, registered_by=by)
    person.set_unusable_password()
    person.save()
    return person


def add_evidence(upload: File, *, region_id: str, by: Person, subject: Person) -> Document:
    """Keep a signature or thumb photo as evidence of a consent."""
    return documents.store(
        upload, region_id=region_id, purpose=Purpose.CONSENT, by=by, subject=subject, pictures=True
    )


@documents.together()
def record_consent(
    person: Person,
    text_key: str,
    *,
    region_id: str,
    by: Person,
    method: str,
    evidence: File | Document | None = None,
    language: str | None = None,
) -> Consent:
    """Record that somebody agreed to the present version of a text, in one region.

    `method` is "self" (they ticked it; only for oneself), "signature" (on the screen, evidence is the
    picture) or "thumb" (evidence is the photo). One consent of a version is enough: a second call
    answers the first one.
    """
    text = consents.current(text_key)
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)  # one at a time
    before = Consent.objects.filter(region=region_id, person=person, text=text, withdrawn_at=None).first()
    if before is not None:
        return before
    if method == Consent.Method.SELF:
        if by.pk != person.pk:
            raise Refused(
                _("Somebody else's consent needs their signature or thumb photo."), field="evidence"
            )
    elif method in Consent.Method.values:
        if by.pk != person.pk and not policy.can_assist(by, region_id):
            raise Refused(
                _("You may not record consent for other people here."), code="forbidden", status=403
            )
        if evidence is None:
            raise Refused(_("The signature or thumb photo is missing."), field="evidence")
    else:
        raise Refused(_("Unknown way of agreeing."), field="method")
    if evidence is not None and not isinstance(evidence, Document):
        evidence = add_evidence(evidence, region_id=region_id, by=by, subject=person)
    return Consent.objects.create(
        region_id=region_id,
        text=text,
        person=person,
        recorded_by=by,
        method=method,
        evidence=evidence,
        language=(language or get_language() or "id")[:2],
    )


def agree_to_account(person: Person, *, language: str | None = None) -> AccountConsent:
    """Record that somebody agreed to the terms of an account (present version) when they made theirs."""
    text = consents.current("account")
    agreed, _new = AccountConsent.objects.get_or_create(
        person=person,
        text=text,
        withdrawn_at=None,
        defaults={"language": (language or get_language() or "id")[:2]},
    )
    return agreed


@transaction.atomic
def withdraw_consent(consent: Consent, *, by: Person) -> None:
    """Take one's own consent back. What was done with it before stays lawful and recorded."""
    if consent.person_id != by.pk:
        raise Refused(_("Only the person who agreed can take it back."), code="forbidden", status=403)
    mine = Consent.objects.filter(region=consent.region_id, pk=consent.pk, withdrawn_at=None)
    if mine.update(withdrawn_at=clock.now()):
        consents.tell_withdrawn(consent)


@transaction.atomic
def withdraw_account_consent(consent: AccountConsent, *, by: Person) -> None:
    """Take back the consent to one's account."""
    if consent.person_id != by.pk:
        raise Refused(_("Only the person who agreed can take it back."), code="forbidden", status=403)
    AccountConsent.objects.filter(pk=consent.pk, withdrawn_at=None).update(withdrawn_at=clock.now())
