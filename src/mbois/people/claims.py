"""Taking over what an officer made for one: a code on paper, used once.

The room that knows something only the person can know (the last digits of their NIK) registers a proof;
rooms that hold rows of a person register how these move when somebody with an account takes over.
"""

import secrets
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.people import identity, policy
from mbois.people.models import Claim, Consent, Document, Notification, Person
from mbois.refused import Refused

# without letters and digits that look or sound like others
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"
LENGTH = 8
GOOD_FOR = timedelta(days=30)
MOST_ATTEMPTS = 5

# Whether an answer (four digits) fits a person; None where the room knows nothing of them.
Proof = Callable[[Person, str], bool | None]
# Re-points a room's rows from the person an officer made to the account that takes over.
Mover = Callable[[Person, Person], None]
_proofs: list[Proof] = []
_movers: list[Mover] = []


def register_proof(proof: Proof) -> None:
    """Let a room check what only the person can know (from its apps.py)."""
    if proof not in _proofs:
        _proofs.append(proof)


def register_mover(mover: Mover) -> None:
    """Let a room move its rows when an account takes over an assisted person (from its apps.py)."""
    if mover not in _movers:
        _movers.append(mover)


def read(code: str) -> str:
    """A code as it was meant, however it was typed."""
    return "".join(char for char in code.upper() if char in ALPHABET)


def _digest(code: str) -> str:
    return identity.digest("claim", read(code))


def link(code: str) -> str:
    """The address in the QR code of the slip."""
    return f"{settings.SITE_URL.rstrip('/')}{reverse('claim')}?kode={code}"


@transaction.atomic
def issue_claim(person: Person, *, by: Person) -> str:
    """A code ("K7F3-9QXD") with which this person can take over their account: told once, good for 30
    days and one use. A new one ends the one before."""
    if not policy.can_issue_claim(by, person):
        raise Refused(_("You may not hand out a slip for this person."), code="forbidden", status=403)
    subject = Person.objects.select_for_update().get(pk=person.pk)
    if not subject.awaits_owner:
        raise Refused(_("%(name)s has an account already.") % {"name": subject}, code="has_account")
    Claim.objects.filter(person=subject, used_at=None).delete()
    code = "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))
    Claim.objects.create(person=subject, digest=_digest(code), made_by=by, expires_at=clock.now() + GOOD_FOR)
    return f"{code[:4]}-{code[4:]}"


def _wrong() -> Refused:
    return Refused(
        _(
            "This code is not known, was used already, or is older than 30 days. "
            "Ask the officer for a new slip."
        ),
        field="code",
        code="claim_unknown",
    )


def open_claim(code: str, answer: str) -> Claim:
    """The claim of a code, once the answer (last four digits of the NIK) fits.

    Refuses a code that is unknown, used, too old or tried too often. Every wrong answer is counted and
    stays counted, so call it outside a transaction that a refusal would roll back.
    """
    with transaction.atomic():
        claim = (
            Claim.objects.select_for_update(of=("self",))
            .select_related("person", "made_by")
            .filter(digest=_digest(code), used_at=None, expires_at__gt=clock.now())
            .first()
        )
        if claim is None or not claim.person.is_active:
            raise _wrong()
        if claim.attempts >= MOST_ATTEMPTS:
            raise Refused(
                _("This code was tried too often with wrong digits. Ask the officer for a new slip."),
                field="code",
                code="claim_locked",
            )
        opinions = {proof(claim.person, answer.strip()) for proof in _proofs}
        fits = False not in opinions
        if not fits and not answer.strip():
            raise Refused(
                _("Please give the last four digits of the NIK."), field="answer", code="claim_answer_missing"
            )
        if not fits:
            claim.attempts += 1
            claim.save(update_fields=["attempts"])
    if not fits:
        raise Refused(
            _("These digits do not fit the code. After five wrong tries the slip is no longer good."),
            field="answer",
            code="claim_answer",
        )
    return claim


def _take(claim: Claim) -> Claim:
    """The claim under lock, still unused; now used."""
    mine = (
        Claim.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(pk=claim.pk, used_at=None, expires_at__gt=clock.now())
        .first()
    )
    if mine is None:
        raise _wrong()
    mine.used_at = clock.now()
    mine.save(update_fields=["used_at"])
    return mine


@transaction.atomic
def claim_new_account(
    claim: Claim, *, phone: str = "", email: str = "", password: str, language: str = "id"
) -> Person:
    """The person agrees to the terms of an account and gets one of their own with this phone or e-mail
    (not yet verified) and password."""
    from mbois.people.actions.assisted import agree_to_account

    if not phone and not email:
        raise Refused(_("Please give a phone number or an e-mail address."), field="phone")
    taken = _("There is an account with this already. Sign in to it first and open the slip again.")
    others = Person.objects.exclude(pk=claim.person_id)
    if phone and others.filter(phone=phone).exists():
        raise Refused(taken, field="phone", code="taken")
    if email and others.filter(email__iexact=email).exists():
        raise Refused(taken, field="email", code="taken")
    person = _take(claim).person
    person.phone, person.phone_verified = phone or None, False
    person.email = email.lower() or None
    person.language = language
    person.claimed_at = clock.now()
    person.set_password(password)
    person.save()
    agree_to_account(person, language=language)
    _tell_officer(claim, person)
    return person


@transaction.atomic
def claim_into(claim: Claim, *, account: Person) -> None:
    """An account that exists takes over what was made for the person of the claim."""
    taken = _take(claim)
    old = Person.objects.select_for_update().get(pk=taken.person_id)
    if old.pk == account.pk:
        raise Refused(_("This is your own account."), code="own")
    for mover in _movers:
        mover(old, account)
    old.claimed_at, old.claimed_by, old.is_active = clock.now(), account, False
    old.save(update_fields=["claimed_at", "claimed_by", "is_active"])
    _tell_officer(claim, account)


def _tell_officer(claim: Claim, person: Person) -> None:
    from mbois.people.notifications import notify

    notify(claim.made_by, "people/claimed", name=claim.person.name)


def _move_ours(old: Person, new: Person) -> None:
    """What this room holds of a person."""
    for consent in Consent.objects.filter(person=old):
        consent.person = new
        consent.save(update_fields=["person"])
    for document in Document.objects.filter(subject=old):
        document.subject = new
        document.save(update_fields=["subject"])
    Notification.objects.filter(person=old).update(person=new)


register_mover(_move_ours)
