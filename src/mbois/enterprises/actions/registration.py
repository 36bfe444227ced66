"""Registering an enterprise and changing what is registered."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.enterprises import identities, policy
from mbois.enterprises.actions import owners
from mbois.enterprises.actions.owners import OwnerDetails
from mbois.enterprises.actions.telling import tell_officers
from mbois.enterprises.models import Enterprise, Kbli, Owner, State, Subsector
from mbois.people.middleware import on_behalf_of
from mbois.people.models import Person, Role
from mbois.places import numbers
from mbois.places.models import Area
from mbois.refused import Refused

MOST_RUPIAH = 10**15
# What a verified enterprise is known by: where its owner changes it, an officer looks again.
LOOKED_AT_AGAIN = frozenset({"name", "village", "owner_name", "nik"})


@dataclass(frozen=True)
class Registration:
    """What is told about a business and its owner, as typed; money in whole rupiah.

    `village` is where the business is and decides the region. `owner_village` is where the owner
    lives, where that is known.
    """

    name: str
    village: Area
    owner_name: str = ""
    nik: str = ""
    npwp: str = ""
    owner_phone: str = ""
    owner_village: Area | None = None
    owner_address: str = ""
    description: str = ""
    address: str = ""
    rt: str = ""
    rw: str = ""
    latitude: float | None = None
    longitude: float | None = None
    phone: str = ""
    nib: str = ""
    kbli: Kbli | None = None
    subsector: str = ""
    started_on: date | None = None
    workers: int | None = None
    capital: int | None = None
    annual_sales: int | None = None


BUSINESS = tuple(
    field.name
    for field in fields(Registration)
    if field.name not in {"owner_name", "nik", "npwp", "owner_phone", "owner_village", "owner_address"}
)
OWNER = {
    "owner_name": "name",
    "nik": "nik",
    "npwp": "npwp",
    "owner_phone": "phone",
    "owner_village": "village",
    "owner_address": "address",
}


@transaction.atomic
def register_enterprise(
    registration: Registration,
    *,
    by: Person,
    for_other: bool = False,
    owner: Owner | None = None,
    owner_person: Person | None = None,
) -> Enterprise:
    """Register an enterprise; it waits for verification by the officer of its village.

    By default it is `by`'s own. With `for_other` an officer registers somebody else's: under
    `owner`, a record of the region, where the owner is known already; else under a new record of
    `owner_person`, or of a new person without an account.

    Refuses what is not allowed (403), what cannot be (422), and a NIK or NIB that is registered in
    the region already (409). What other regions hold makes no difference.
    """
    village = registration.village
    region_id = village.region_id
    if region_id is None or village.level != Area.Level.VILLAGE:
        raise Refused(_("Choose the village where the business is."), field="village", code="village")
    if for_other and not policy.can_register_for_others(by, village):
        serves = bool(by.roles & {*map(str, policy.REGISTRARS), str(Role.VILLAGE_OFFICER)})
        raise Refused(
            _("You may register others only in the area you serve.")
            if serves
            else _("Your role does not register businesses for others."),
            field="village" if serves else None,
            code="forbidden",
            status=403,
        )
    values = clean_business({name: getattr(registration, name) for name in BUSINESS})
    if owner is None:
        details = OwnerDetails(
            name=identities.clean_owner_name(registration.owner_name or ("" if for_other else by.name)),
            nik=registration.nik,
            npwp=registration.npwp,
            phone=registration.owner_phone,
            village=registration.owner_village,
            address=registration.owner_address,
        )
        if for_other:
            owner = owners.record_for(region_id, details, by=by, person=owner_person)
        else:
            owner = owners.own_record(by, region_id, details)
    elif owner.region_id != region_id:
        raise Refused(_("The owner is registered in another region."), field="village", code="region")
    elif not (owner.person_id == by.pk or for_other) or not (
        Owner.objects.visible_to(by).filter(region=region_id, pk=owner.pk).exists()
    ):
        raise Refused(_("You may not register for this owner."), field="owner", code="forbidden", status=403)
    elif not owners.is_number_of(owner, registration.nik):
        raise Refused(
            _("This is not the NIK this owner is registered with. Check it, or leave it out."),
            field="nik",
            code="nik_differs",
        )
    check_nib(region_id, values["nib"])
    if owner.person_id != by.pk:
        on_behalf_of(owner.person)
    enterprise = Enterprise(
        region_id=region_id,
        number=numbers.next_number("U", region_id),
        owner=owner,
        registered_by=by,
        **values,
    )
    _save(enterprise)
    tell_officers(enterprise, "enterprises/submitted")
    return enterprise


@transaction.atomic
def update_enterprise(enterprise: Enterprise, changes: dict[str, Any], *, by: Person) -> Enterprise:
    """Change what is registered; keys as in `Registration`. Gives the enterprise as it is then.

    Where its owner changes the name, village or identity of a verified one, or completes a returned
    one's, the first goes back to wait for verification. An officer's change keeps the state.
    """
    unknown = changes.keys() - {field.name for field in fields(Registration)}
    if unknown:
        raise Refused(
            _("There is no field %(name)s.") % {"name": min(unknown)}, field=min(unknown), code="unknown"
        )
    enterprise = locked(enterprise)
    if not policy.can_edit(by, enterprise):
        raise Refused(_("You may not change this business."), code="forbidden", status=403)
    village = changes.get("village", enterprise.village)
    if village is None or village.level != Area.Level.VILLAGE:
        raise Refused(_("Choose the village where the business is."), field="village", code="village")
    if village.region_id != enterprise.region_id:
        raise Refused(
            _("This village is in another region. A business that moves there is registered there anew."),
            field="village",
            code="region",
        )
    if "latitude" in changes or "longitude" in changes:  # one of them is looked at beside the other
        changes = {"latitude": enterprise.latitude, "longitude": enterprise.longitude} | changes
    values = clean_business({name: changes[name] for name in BUSINESS if name in changes}, partly=True)
    changed = {name for name, value in values.items() if getattr(enterprise, name) != value}
    if "nib" in changed:
        check_nib(enterprise.region_id, values["nib"], but=enterprise)
    owner_changes = {OWNER[name]: changes[name] for name in OWNER if name in changes}
    if owner_changes:
        owner = Owner.objects.select_for_update().get(region=enterprise.region_id, pk=enterprise.owner_id)
        names = {own: name for name, own in OWNER.items()}
        changed |= {names[name] for name in owners.change_owner(owner, owner_changes, by=by)}
        enterprise.owner = owner
    for name, value in values.items():
        setattr(enterprise, name, value)
    again = enterprise.state == State.VERIFIED and bool(changed & LOOKED_AT_AGAIN)
    if again and not policy.is_keeper(by, enterprise):
        enterprise.state = State.SUBMITTED
        enterprise.submitted_at = clock.now()
        enterprise.verified_at = None
    if changed:
        _save(enterprise)
    if again and enterprise.state == State.SUBMITTED:
        tell_officers(enterprise, "enterprises/changed")
    return enterprise


@transaction.atomic
def resubmit(enterprise: Enterprise, *, by: Person) -> Enterprise:
    """Send a returned or rejected registration again, after completing it."""
    enterprise = locked(enterprise)
    if not policy.can_edit(by, enterprise):
        raise Refused(_("You may not change this business."), code="forbidden", status=403)
    if enterprise.state not in {State.RETURNED, State.REJECTED}:
        raise Refused(_("This registration is not waiting for you."), code="state", status=409)
    enterprise.state = State.SUBMITTED
    enterprise.submitted_at = clock.now()
    enterprise.save(update_fields=["state", "submitted_at"])
    tell_officers(enterprise, "enterprises/submitted")
    return enterprise


def locked(enterprise: Enterprise) -> Enterprise:
    """The row as it is now, kept from others until the transaction ends."""
    return (
        Enterprise.objects.select_related("owner", "village")
        .select_for_update(of=("self",))
        .get(region=enterprise.region_id, pk=enterprise.pk)
    )


def check_nib(region_id: str, nib: str, but: Enterprise | None = None) -> None:
    """Refuse an NIB another enterprise of the region has."""
    others = Enterprise.objects.living().filter(region=region_id, nib=nib)
    if nib and others.exclude(pk=but.pk if but else None).exists():
        raise nib_taken()


def nib_taken() -> Refused:
    return Refused(
        _(
            "Another business is registered with this NIB. "
            "Check the number; if it is yours, ask the village office."
        ),
        field="nib",
        code="nib_taken",
        status=409,
    )


def clean_business(values: dict[str, Any], *, partly: bool = False) -> dict[str, Any]:
    """Check and tidy the fields of a business. `partly`: only those given."""
    clean = dict(values)
    if "name" in clean or not partly:
        clean["name"] = identities.clean_name(clean.get("name") or "")
    if "nib" in clean:
        clean["nib"] = identities.clean_nib(clean["nib"] or "")
    if "phone" in clean:
        clean["phone"] = identities.clean_phone(str(clean["phone"] or ""))
    for name, longest in (("description", 1000), ("address", 200), ("rt", 3), ("rw", 3)):
        if name in clean:
            clean[name] = _text(clean[name] or "", name, longest)
    for name in ("rt", "rw"):
        if clean.get(name) and not clean[name].isdecimal():
            raise Refused(_("RT and RW are numbers of at most three digits."), field=name, code="number")
    for name in ("capital", "annual_sales"):
        if clean.get(name) is not None:
            _whole(clean[name], name, MOST_RUPIAH)
    if clean.get("workers") is not None:
        _whole(clean["workers"], "workers", 100_000)
    if clean.get("subsector") and clean["subsector"] not in Subsector.values:
        raise Refused(_("Choose one of the subsectors."), field="subsector", code="subsector")
    kbli = clean.get("kbli")
    if kbli is not None and len(kbli.code) != 5:
        raise Refused(_("Choose a KBLI code of five digits."), field="kbli", code="kbli")
    started = clean.get("started_on")
    if started is not None and not date(1900, 1, 1) <= started <= clock.today():
        raise Refused(_("The business cannot have started on that day."), field="started_on", code="date")
    if "latitude" in clean or "longitude" in clean:
        _check_point(clean.get("latitude"), clean.get("longitude"))
    return clean


def _text(value: str, name: str, longest: int) -> str:
    text = value.strip().replace("\x00", "")
    if len(text) > longest:
        raise Refused(
            _("This is too long: at most %(most)d characters.") % {"most": longest},
            field=name,
            code="too_long",
        )
    return text


def _whole(value: int, name: str, most: int) -> None:
    if value < 0:
        raise Refused(_("This cannot be less than zero."), field=name, code="negative")
    if value > most:
        raise Refused(_("This number is too large."), field=name, code="too_large")


def _check_point(latitude: float | None, longitude: float | None) -> None:
    if latitude is None and longitude is None:
        return
    if latitude is None or longitude is None:
        missing = "latitude" if latitude is None else "longitude"
        raise Refused(_("A point on the map needs both numbers."), field=missing, code="point")
    if not (-11.5 <= latitude <= 6.5 and 94.5 <= longitude <= 141.5):
        raise Refused(_("This point is not in Indonesia."), field="latitude", code="point")


def _save(enterprise: Enterprise) -> None:
    """Save; an NIB somebody else registered at this very moment is refused like any other."""
    try:
        with transaction.atomic():
            enterprise.save()
    except IntegrityError as error:
        if "enterprise_nib_once" in str(error):
            raise nib_taken() from None
        raise
