"""Finding or making the owner's record in a region."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from mbois.enterprises import identities
from mbois.enterprises.models import Enterprise, Owner
from mbois.people import identity, validators
from mbois.people.actions import register_person
from mbois.people.models import Person
from mbois.places.models import Area
from mbois.refused import Refused


@dataclass(frozen=True)
class OwnerDetails:
    """What is told about an owner; `nik`, `npwp` and `phone` as typed."""

    name: str
    nik: str = ""
    npwp: str = ""
    phone: str = ""
    village: Area | None = None
    address: str = ""


class NikKnown(Refused):
    """The number belongs to an owner this officer may see: `owner` is their record."""

    def __init__(self, owner: Owner) -> None:
        first = Enterprise.objects.filter(region=owner.region_id, owner=owner).order_by("pk").first()
        super().__init__(
            _("This NIK is registered already, for %(name)s (%(number)s). Register the business under them.")
            % {"name": owner.name, "number": first.number if first else owner.pk},
            field="nik",
            code="nik_known",
            status=409,
        )
        self.owner = owner


def nik_taken() -> Refused:
    """What a stranger is told: nothing about whose number it is, but what to do."""
    return Refused(
        _(
            "This NIK cannot be registered from here. "
            "Please bring your KTP to the village office; they will help."
        ),
        field="nik",
        code="nik_taken",
        status=409,
    )


def holder(region_id: str, nik: str) -> Owner | None:
    """Who holds this number in this region. Other regions are never asked."""
    return (
        Owner.objects.filter(region=region_id, nik_hash=identity.digest("nik", nik)).first() if nik else None
    )


def is_number_of(owner: Owner, nik: str) -> bool:
    """Whether a NIK, as typed, is the one this owner is registered with; one left out always is."""
    number = identities.clean_nik(nik)
    return not number or identity.digest("nik", number) == owner.nik_told_hash


def _claim(owner: Owner, nik: str) -> None:
    """Note what they gave as their NIK, which another record here holds: an officer settles it."""
    _seal(owner, nik="")
    owner.nik_claim_sealed, owner.nik_claim_hash = identity.seal(nik), identity.digest("nik", nik)


def _seal(owner: Owner, *, nik: str | None = None, npwp: str | None = None) -> None:
    if nik is not None:
        owner.nik_claim_sealed = owner.nik_claim_hash = ""
        owner.nik_sealed = identity.seal(nik) if nik else ""
        owner.nik_hash = identity.digest("nik", nik) if nik else ""
        owner.born_on = validators.birth_date(nik) if nik else None
        owner.woman = validators.is_woman(nik) if nik else None
    if npwp is not None:
        owner.npwp_sealed = identity.seal(npwp) if npwp else ""
        owner.npwp_hash = identity.digest("npwp", npwp) if npwp else ""


def own_record(person: Person, region_id: str, details: OwnerDetails) -> Owner:
    """The record of somebody who registers their own enterprise: theirs, or a new one.

    Where another record of the region holds their NIK they get the very answer of one that nobody
    holds, or anybody could ask this way who is in the registry. The number is noted as a claim.
    """
    nik, npwp, phone = _checked(details)
    known = holder(region_id, nik)
    if known is not None and known.person_id != person.pk:
        known = None
    mine = known or Owner.objects.filter(region=region_id, person=person).order_by("pk").first()
    if mine is None:
        return _make(person, region_id, details, by=person, own=True)
    if nik and mine.nik_told_hash and mine.nik_told_hash != identity.digest("nik", nik):
        raise Refused(
            _(
                "This is not the NIK your other business is registered with. "
                "Check it, or ask the village office."
            ),
            field="nik",
            code="nik_differs",
        )
    if nik and not mine.nik_told_hash:
        _seal(mine, nik=nik)
    if npwp and not mine.npwp_hash:
        _seal(mine, npwp=npwp)
    mine.phone = mine.phone or phone
    mine.village = mine.village or details.village
    mine.address = mine.address or details.address
    _save_or_claim(mine, nik)
    return mine


def record_for(region_id: str, details: OwnerDetails, *, by: Person, person: Person | None = None) -> Owner:
    """The record of somebody whom an officer registers. Refuses a number that is known in the region,
    pointing to its holder where the officer may see them."""
    nik, _npwp, phone = _checked(details)
    if known := holder(region_id, nik):
        if Owner.objects.visible_to(by).filter(region=region_id, pk=known.pk).exists():
            raise NikKnown(known)
        raise nik_taken()
    if person is None:
        person = register_person(details.name, by=by, phone=phone)
    return _make(person, region_id, details, by=by)


def _checked(details: OwnerDetails) -> tuple[str, str, str]:
    return (
        identities.clean_nik(details.nik),
        identities.clean_npwp(details.npwp),
        identities.clean_phone(details.phone, field="owner_phone"),
    )


def _make(person: Person, region_id: str, details: OwnerDetails, *, by: Person, own: bool = False) -> Owner:
    nik, npwp, phone = _checked(details)
    owner = Owner(
        region_id=region_id,
        person=person,
        name=details.name,
        phone=phone,
        village=details.village,
        address=details.address,
        registered_by=by,
    )
    _seal(owner, nik=nik, npwp=npwp)
    if own:
        _save_or_claim(owner, nik)
    else:
        _save(owner)
    return owner


def _save_or_claim(owner: Owner, nik: str) -> None:
    """Save somebody's own record; a number that another one here holds becomes a claim."""
    try:
        _save(owner)
    except Refused:
        _claim(owner, nik)
        _save(owner)


def _save(owner: Owner) -> None:
    """Save; a number somebody else registered at this very moment is refused like any other."""
    try:
        with transaction.atomic():
            owner.save()
    except IntegrityError as error:
        if "owner_nik_once_a_region" in str(error):
            raise nik_taken() from None
        raise


def change_owner(owner: Owner, changes: dict[str, object], *, by: Person) -> set[str]:
    """Change an owner's own data; gives the names of what really changed.

    Known keys: name, phone, nik, npwp, address, village (as in `OwnerDetails`).
    """
    changed: set[str] = set()
    if "nik" in changes:
        nik = identities.clean_nik(str(changes["nik"] or ""))
        hashed = identity.digest("nik", nik) if nik else ""
        if hashed != owner.nik_told_hash or (hashed and not owner.settled and owner.person_id != by.pk):
            known = holder(owner.region_id, nik)
            own = owner.person_id == by.pk
            if known is not None and not own:
                visible = Owner.objects.visible_to(by).filter(region=owner.region_id, pk=known.pk).exists()
                raise NikKnown(known) if visible else nik_taken()
            _seal(owner, nik=nik)
            if known is not None:
                _claim(owner, nik)
            changed.add("nik")
    if "npwp" in changes:
        npwp = identities.clean_npwp(str(changes["npwp"] or ""))
        if (identity.digest("npwp", npwp) if npwp else "") != owner.npwp_hash:
            _seal(owner, npwp=npwp)
            changed.add("npwp")
    plain = {key: changes[key] for key in ("name", "phone", "address", "village") if key in changes}
    if "name" in plain:
        plain["name"] = identities.clean_owner_name(str(plain["name"] or ""))
    if "phone" in plain:
        plain["phone"] = identities.clean_phone(str(plain["phone"] or ""), field="owner_phone")
    for field, value in plain.items():
        if getattr(owner, field) != value:
            setattr(owner, field, value)
            changed.add(field)
    if changed:
        _save(owner)
    return changed
