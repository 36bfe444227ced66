"""The registry for programs: `/api/enterprises`. The same actions as the pages, the same rules."""

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field, StrictInt

from mbois.api_schemas import REFUSALS, Day, Rupiah, Text, Whole
from mbois.enterprises import actions, policy, queries
from mbois.enterprises.actions import Registration
from mbois.enterprises.duplicates import Candidate, alike
from mbois.enterprises.models import Enterprise, Kbli, State, Subsector
from mbois.people.models import Person
from mbois.people.tokens import BearerAuth
from mbois.places.models import Area
from mbois.refused import Refused

router = Router(auth=BearerAuth(), tags=["enterprises"])
MOST = 500


class KbliOut(Schema):
    """A code of the business classification, with its edition."""

    edition: str
    code: str
    title: str


class EnterpriseOut(Schema):
    """An enterprise as the caller may see it. Identity numbers are masked."""

    number: str
    name: str
    state: str
    size: str
    owner_name: str
    nik: str = Field(description="Masked")
    phone: str
    owner_phone: str
    region: str
    village: str = Field(description="Area code")
    village_name: str
    address: str
    rt: str
    rw: str
    latitude: float | None
    longitude: float | None
    description: str
    nib: str
    kbli: KbliOut | None
    subsector: str
    started_on: date | None
    workers: int | None
    capital: int | None
    annual_sales: int | None
    registered_at: datetime
    verified_at: datetime | None
    merged_into: str | None = Field(description="Number of the enterprise it was merged into")

    @staticmethod
    def resolve_owner_name(row: Enterprise) -> str:
        return row.owner.name

    @staticmethod
    def resolve_nik(row: Enterprise) -> str:
        return row.owner.nik_masked

    @staticmethod
    def resolve_phone(row: Enterprise) -> str:
        return str(row.phone or "")

    @staticmethod
    def resolve_owner_phone(row: Enterprise) -> str:
        return str(row.owner.phone or "")

    @staticmethod
    def resolve_region(row: Enterprise) -> str:
        return row.region_id

    @staticmethod
    def resolve_village(row: Enterprise) -> str:
        return row.village_id

    @staticmethod
    def resolve_village_name(row: Enterprise) -> str:
        return row.village.name

    @staticmethod
    def resolve_merged_into(row: Enterprise) -> str | None:
        return row.merged_into.number if row.merged_into else None


class LikelyDuplicate(Schema):
    """Another enterprise that may be the same one."""

    number: str
    name: str
    why: str = Field(description="What speaks for it, in the language of the caller")

    @staticmethod
    def resolve_number(found: Candidate) -> str:
        return found.enterprise.number

    @staticmethod
    def resolve_name(found: Candidate) -> str:
        return found.enterprise.name

    @staticmethod
    def resolve_why(found: Candidate) -> str:
        return found.in_words


class EnterpriseMade(EnterpriseOut):
    """An enterprise just registered, and what it may be registered as already."""

    likely_duplicates: list[LikelyDuplicate] = Field(
        description="Enterprises the caller may see that may be the same one, likeliest first: look at them, "
        "and have the two merged where they are"
    )


class _Told(Schema):
    """What is told about an enterprise. `village` is an area code, `kbli` five digits of the present
    edition or "2025:10307"."""

    model_config = ConfigDict(extra="forbid")

    owner_phone: Text | None = None
    npwp: Text | None = None
    owner_village: Text | None = None
    owner_address: Text | None = None
    description: Text | None = None
    address: Text | None = None
    rt: Text | None = None
    rw: Text | None = None
    phone: Text | None = None
    nib: Text | None = None
    kbli: Text | None = None
    subsector: Text | None = Field(None, description=", ".join(Subsector.values))
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)
    started_on: Day | None = None
    workers: Annotated[StrictInt, Field(ge=0, le=100_000)] | None = None
    capital: Rupiah | None = None
    annual_sales: Rupiah | None = None


class EnterpriseIn(_Told):
    """A new enterprise. Its region follows from its village."""

    name: Text
    owner_name: Text
    nik: Text = ""
    village: Text
    owner_of: Text | None = Field(
        None, description="Number of another enterprise of the same owner, where the owner is known already"
    )


class EnterpriseChange(_Told):
    """What shall change; what is left out stays, null empties it."""

    name: Text | None = None
    owner_name: Text | None = None
    nik: Text | None = None
    village: Text | None = None


def _caller(request: HttpRequest) -> Person:
    person: Person = request.auth  # type: ignore[attr-defined]
    return person


def _village(code: str | None, field: str) -> Area | None:
    if not code:
        return None
    village = Area.objects.filter(pk=code.replace("\x00", ""), level=Area.Level.VILLAGE).first()
    if village is None:
        raise Refused(_("There is no village with this code."), field=field, code="village")
    return village


def _kbli(code: str | None) -> Kbli | None:
    if not code:
        return None
    kbli = queries.kbli_named(code)
    if kbli is None:
        raise Refused(_("There is no KBLI code like this."), field="kbli", code="kbli")
    return kbli


def _values(told: _Told) -> dict[str, Any]:
    """What was told, with villages and codes looked up; text that was emptied is ""."""
    values = told.dict(exclude_unset=True)
    for name in ("village", "owner_village"):
        if name in values:
            values[name] = _village(values[name], name)
    if "kbli" in values:
        values["kbli"] = _kbli(values["kbli"])
    kept = {"village", "owner_village", "kbli", "latitude", "longitude", "started_on", "workers"}
    kept |= {"capital", "annual_sales"}
    return {name: "" if value is None and name not in kept else value for name, value in values.items()}


def _rows(person: Person) -> Any:
    return Enterprise.objects.visible_to(person).select_related("owner", "village", "kbli", "merged_into")


def _one(person: Person, number: str) -> Enterprise:
    enterprise: Enterprise | None = _rows(person).numbered(number).first()
    if enterprise is None:
        raise Http404
    return enterprise


@router.get("", response={200: list[EnterpriseOut], **REFUSALS}, summary="Search the enterprises one may see")
def search(
    request: HttpRequest,
    q: Annotated[
        str,
        Query(
            max_length=200,
            description="Name, owner, number, village, product; or a whole NIK, for whoever may see it",
        ),
    ] = "",
    limit: Whole = Query(25, ge=1, le=MOST),  # noqa: B008
) -> list[Enterprise]:
    """Forgives typing errors; best first, without `q` the newest first."""
    caller = _caller(request)
    rows = _rows(caller).exclude(state=State.MERGED)
    found = queries.searched(rows, q, by=caller) if q.strip() else rows.order_by("-registered_at", "-pk")
    return list(found[:limit])


@router.get("/{number}", response={200: EnterpriseOut, **REFUSALS}, summary="One enterprise")
def one(request: HttpRequest, number: str) -> Enterprise:
    """404 where there is none, or none the caller may see."""
    return _one(_caller(request), number)


@router.post("", response={201: EnterpriseMade, **REFUSALS}, summary="Register an enterprise")
def register(request: HttpRequest, told: EnterpriseIn) -> Status[Enterprise]:
    """An officer registers somebody else's enterprise in the area they serve; anybody else their own.
    It waits for verification. `likely_duplicates` names what may be the same enterprise."""
    by = _caller(request)
    values = _values(told)
    owner_of = values.pop("owner_of", "")
    owner = None
    if owner_of:
        other = Enterprise.objects.visible_to(by).numbered(owner_of).select_related("owner").first()
        if other is None:
            raise Refused(_("There is no enterprise with this number."), field="owner_of", code="owner_of")
        owner = other.owner
    if values["village"] is None:
        raise Refused(_("Choose the village where the business is."), field="village", code="village")
    registration = Registration(**values)
    enterprise = _one_made(
        actions.register_enterprise(registration, by=by, for_other=bool(by.roles), owner=owner)
    )
    enterprise.likely_duplicates = alike(  # type: ignore[attr-defined]
        replace(registration, owner_name=enterprise.owner.name), by=by, exclude=enterprise.pk
    )
    return Status(201, enterprise)


@router.patch("/{number}", response={200: EnterpriseOut, **REFUSALS}, summary="Change an enterprise")
def change(request: HttpRequest, number: str, told: EnterpriseChange) -> Enterprise:
    """Where its owner changes the name, village or identity of a verified one, it waits for
    verification again."""
    by = _caller(request)
    enterprise = _one(by, number)
    if not policy.can_edit(by, enterprise):
        raise Refused(_("You may not change this business."), code="forbidden", status=403)
    return _one_made(actions.update_enterprise(enterprise, _values(told), by=by))


def _one_made(enterprise: Enterprise) -> Enterprise:
    """As it is in the database, with what the database computes."""
    return Enterprise.objects.select_related("owner", "village", "kbli", "merged_into").get(
        region=enterprise.region_id, pk=enterprise.pk
    )
