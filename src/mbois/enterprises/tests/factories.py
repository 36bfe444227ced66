"""Enterprises that tests need."""

from itertools import count
from typing import Any

from tests.factories import MALANG, make_nik, make_person, make_village

from mbois import clock
from mbois.enterprises.actions import Registration, register_enterprise
from mbois.enterprises.models import Enterprise, Kbli, Review, State
from mbois.people.models import Person, Role
from mbois.places.models import Area

_serial = count(1)


def make_kbli(code: str = "10391", title: str = "Industri tempe kedelai") -> Kbli:
    return Kbli.objects.get_or_create(edition="2020", code=code, defaults={"section": "C", "title": title})[0]


def make_registration(*, village: Area | None = None, region: str = MALANG, **fields: Any) -> Registration:
    """What somebody tells at a registration; `fields` as in `Registration`."""
    number = next(_serial)
    told: dict[str, Any] = {
        "name": f"Usaha Nomor {number}",
        "owner_name": f"Siti {number}",
        "nik": make_nik(region),
    }
    return Registration(village=village or make_village(region), **(told | fields))


def make_enterprise(
    *,
    region: str = MALANG,
    state: str = State.VERIFIED,
    owner: Person | None = None,
    village: Area | None = None,
    **fields: Any,
) -> Enterprise:
    """A registered enterprise of `owner` (or of somebody new), in the state wanted."""
    owner = owner or make_person()
    enterprise = register_enterprise(
        make_registration(region=region, village=village, **({"owner_name": owner.name} | fields)), by=owner
    )
    if state == State.SUBMITTED:
        return enterprise
    officer = make_person(role=Role.AGENCY_OFFICER, region=region)
    Review.objects.create(
        region_id=region,
        enterprise=enterprise,
        outcome=state,
        reasons="" if state == State.VERIFIED else "Not readable",
        reviewed_by=officer,
    )
    enterprise.state = state
    enterprise.verified_at = clock.now() if state == State.VERIFIED else None
    enterprise.save(update_fields=["state", "verified_at"])
    return enterprise
