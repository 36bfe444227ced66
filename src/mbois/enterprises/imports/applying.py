"""Doing what the dry run showed, for many lines at once."""

import json
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from mbois import clock
from mbois.enterprises.imports.deciding import PLAIN, Decision, Known, decide, new_owner_key, phone_of
from mbois.enterprises.imports.sentences import in_every_language
from mbois.enterprises.imports.values import Told
from mbois.enterprises.imports.writing import insert_many, update_many
from mbois.enterprises.models import Enterprise, ImportRow, Owner
from mbois.enterprises.names import compared
from mbois.people import identity, validators
from mbois.people.models import Person
from mbois.places import numbers

Fate = ImportRow.Fate


def told_by(row: ImportRow) -> Told:
    """What a line says, as the dry run understood it."""
    secret = json.loads(identity.unseal(row.values_sealed)) if row.values_sealed else {}
    return Told(dict(row.values), secret.get("nik", ""), secret.get("npwp", ""))


def apply(region_id: str, rows: list[ImportRow], *, by: Person, codes: dict[str, int]) -> None:
    """Register and change what these lines say. Each is decided anew; one whose fate is no longer what
    was shown is left as a conflict. The caller's transaction makes it all or nothing."""
    told = {row.pk: told_by(row) for row in rows}
    known = Known(region_id, list(told.values()), applying=rows[0].run_id)
    new: list[tuple[ImportRow, Told, Decision]] = []
    changed: list[tuple[ImportRow, Told, Decision]] = []
    for row in rows:
        decision = decide(told[row.pk], known)
        if decision.fate == row.fate == Fate.NEW:
            new.append((row, told[row.pk], decision))
        elif decision.fate == row.fate == Fate.CHANGED and decision.changes == row.changes:
            changed.append((row, told[row.pk], decision))
        else:
            _leave(row, told[row.pk], known, decision)
    owners: dict[int, Owner] = {}
    _register(region_id, new, owners, by=by, codes=codes)
    _change(region_id, changed, owners, codes)
    now = clock.now()
    # of a line that was taken, what was kept to apply it goes; the others are given back to be mended
    taken: dict[bool, list[dict[str, object]]] = {True: [], False: []}
    for row in rows:
        done = row.fate not in (Fate.CONFLICT, Fate.ERROR)
        taken[done].append(
            {
                "id": row.pk,
                "fate": row.fate,
                "reasons": row.reasons,
                "field": row.field,
                "enterprise_id": row.enterprise_id,
                "applied_at": now if row.fate in (Fate.NEW, Fate.CHANGED) else None,
                **({"cells_sealed": "", "values_sealed": "", "keys": []} if done else {}),
            }
        )
    for some in filter(None, taken.values()):
        update_many(ImportRow, region_id, some)


def _leave(row: ImportRow, told: Told, known: Known, decision: Decision) -> None:
    """The registry has changed since the dry run."""
    if decision.fate == Fate.SAME:
        row.fate = Fate.SAME
        row.enterprise = decision.enterprise
        return
    row.field = decision.field
    row.fate = decision.fate if decision.fate == Fate.ERROR else Fate.CONFLICT
    row.reasons = in_every_language(
        {
            row.pk: lambda: (
                decide(told, known).reason
                or _("The registry has changed since the dry run. Run the file again.")
            )
        }
    )[row.pk]


def _register(
    region_id: str,
    lines: list[tuple[ImportRow, Told, Decision]],
    known: dict[int, Owner],
    *,
    by: Person,
    codes: dict[str, int],
) -> None:
    """Make the people, owners and enterprises of new lines: three statements for all of them. An owner who
    is registered already and gets an NPWP is put among the `known`, for `_change` to save."""
    if not lines:
        return
    places: dict[str, int] = {}
    owners: list[dict[str, Any]] = []
    of_line: list[int | None] = []
    for _row, told, decision in lines:
        if decision.owner is not None:
            of_line.append(None)
            if told.npwp and decision.owner.npwp_hash != told.npwp_hash:
                _seal(known.setdefault(decision.owner.pk, decision.owner), told)
            continue
        key = new_owner_key(told)
        if not key or key not in places:
            places[key] = len(owners)
            owners.append(_owner(region_id, told, by))
        elif told.npwp:
            owners[places[key]] |= _npwp(told)
        of_line.append(places[key])
    no_password, now = make_password(None), clock.now()
    people = insert_many(
        Person,
        [
            {
                "name": owner["name"],
                "contact_phone": owner["phone"] or None,
                "registered_by_id": by.pk,
                "password": no_password,
                "joined_at": now,
            }
            for owner in owners
        ],
    )
    for owner, person in zip(owners, people, strict=True):
        owner |= {"person_id": person, "registered_at": now}
    owner_ids = insert_many(Owner, owners)
    taken = numbers.take(region_id, "U", len(lines))
    enterprises = [
        {
            "region_id": region_id,
            "number": numbers.format_number("U", region_id, number),
            "owner_id": decision.owner.pk if decision.owner else owner_ids[place or 0],
            "village_id": told.values["village"],
            "kbli_id": codes.get(told.values.get("kbli", "")),
            "compared_name": compared(told.values["name"]),
            "registered_by_id": by.pk,
            "registered_at": now,
            "submitted_at": now,
            **{name: told.values[name] for name in PLAIN if name in told.values},
        }
        for number, place, (_row, told, decision) in zip(taken, of_line, lines, strict=True)
    ]
    made = insert_many(Enterprise, enterprises)
    for (row, _told, _decision), enterprise_id in zip(lines, made, strict=True):
        row.enterprise_id = enterprise_id


def _owner(region_id: str, told: Told, by: Person) -> dict[str, Any]:
    """The columns of a new owner."""
    name = told.values["owner_name"]
    columns = {
        "region_id": region_id,
        "registered_by_id": by.pk,
        "name": name,
        "compared_name": compared(name),
        "phone": told.values.get("phone", ""),
    }
    if told.nik:
        columns |= {
            "nik_sealed": identity.seal(told.nik),
            "nik_hash": told.nik_hash,
            "born_on": validators.birth_date(told.nik),
            "woman": validators.is_woman(told.nik),
        }
    if told.npwp:
        columns |= _npwp(told)
    return columns


def _npwp(told: Told) -> dict[str, str]:
    return {"npwp_sealed": identity.seal(told.npwp), "npwp_hash": told.npwp_hash}


def _seal(owner: Owner, told: Told) -> None:
    """Give an owner the identity numbers of a line, sealed, and what the NIK says."""
    if told.nik and not owner.nik_hash:
        owner.nik_sealed, owner.nik_hash = identity.seal(told.nik), told.nik_hash
        owner.born_on, owner.woman = validators.birth_date(told.nik), validators.is_woman(told.nik)
    if told.npwp and owner.npwp_hash != told.npwp_hash:
        owner.npwp_sealed, owner.npwp_hash = identity.seal(told.npwp), told.npwp_hash


_OWNER_COLUMNS = (
    *("name", "compared_name", "nik_sealed", "nik_hash", "born_on", "woman", "npwp_sealed", "npwp_hash"),
)


def _change(
    region_id: str,
    lines: list[tuple[ImportRow, Told, Decision]],
    owners: dict[int, Owner],
    codes: dict[str, int],
) -> None:
    """Change what lines say of registered enterprises and owners, and save the `owners` already changed."""
    enterprises: list[dict[str, Any]] = []
    for row, told, decision in lines:
        enterprise = decision.enterprise
        assert enterprise is not None
        row.enterprise = enterprise
        changes = decision.changes
        if changes.keys() & {"owner_name", "nik", "npwp"}:
            owner = owners.setdefault(enterprise.owner_id, enterprise.owner)
            if "owner_name" in changes:
                owner.name = changes["owner_name"][1]
            _seal(owner, told)
        if changes.keys() - {"owner_name", "nik", "npwp"}:
            after = {name: told.values[name] for name in changes if name in PLAIN}
            name = after.get("name", enterprise.name)
            enterprises.append(
                {
                    "id": enterprise.pk,
                    **{field: _kept(enterprise, field) for field in PLAIN},
                    **after,
                    "compared_name": compared(name),
                    "village_id": changes["village"][1] if "village" in changes else enterprise.village_id,
                    "kbli_id": codes[told.values["kbli"]] if "kbli" in changes else enterprise.kbli_id,
                }
            )
    update_many(
        Owner,
        region_id,
        [
            {"id": owner.pk, **{name: getattr(owner, name) for name in _OWNER_COLUMNS}}
            | {"compared_name": compared(owner.name)}
            for owner in owners.values()
        ],
    )
    update_many(Enterprise, region_id, enterprises)


def _kept(enterprise: Enterprise, name: str) -> Any:
    return phone_of(enterprise) if name == "phone" else getattr(enterprise, name)
