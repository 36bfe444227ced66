"""What becomes of each line: new, changed, same, or a conflict that a person must look at.

A line is matched by its registry number, else its NIB, else its NIK, else by name, village and phone.
Only the region of the import is ever looked at.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from dataclasses import field as made
from difflib import SequenceMatcher
from typing import Any

from django.db.models import Exists, OuterRef, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from mbois.enterprises.imports import among  # noqa: F401 (a look-up)
from mbois.enterprises.imports.columns import BY_KEY
from mbois.enterprises.imports.values import Told
from mbois.enterprises.merge import final
from mbois.enterprises.models import Enterprise, ImportRow, Owner, State
from mbois.enterprises.names import compared
from mbois.people import identity
from mbois.refused import Refused

Fate = ImportRow.Fate
NEEDED = ("name", "owner_name", "village")
# Fields of the file that are fields of the enterprise of the same name.
PLAIN = (
    *("name", "phone", "nib", "address", "rt", "rw", "subsector", "description", "started_on", "workers"),
    *("capital", "annual_sales", "latitude", "longitude"),
)


@dataclass
class Decision:
    """The fate of a line. `changes` maps a field to what was and what will be."""

    fate: str
    reason: str = ""
    field: str = ""
    changes: dict[str, list[Any]] = made(default_factory=dict)
    enterprise: Enterprise | None = None
    owner: Owner | None = None


@dataclass(frozen=True)
class Clash:
    """What a line says otherwise than an earlier one of its file: `name` is the owner's there."""

    field: str
    line: int
    name: str = ""


@dataclass
class Seen:
    """What the lines read so far are known by, to find one that names the same business again, and what
    they say of each owner, to find one that says something else."""

    # By key: the line, its fingerprint and the registry number it gives.
    lines: dict[str, tuple[int, str, str]] = made(default_factory=dict)
    # By key of the owner and fact: the line, what it says, and how that is shown.
    owners: dict[str, dict[str, tuple[int, str, str]]] = made(default_factory=dict)

    def repeats(self, keys: Iterable[str], number: str = "") -> tuple[int, str] | None:
        """The line about the same business, and its fingerprint. Two lines with different registry
        numbers are never about the same one."""
        for key in keys:
            if key in self.lines:
                line, fingerprint, other = self.lines[key]
                if not (number and other and number != other):
                    return line, fingerprint
        return None

    def clash(self, keys: Sequence[str], told: Told) -> Clash | None:
        """Where an earlier line gives the NIB to another business, or says something else of the owner."""
        if (nib := told.values.get("nib")) and (taken := self.lines.get(f"nib:{nib}")):
            return Clash("nib", taken[0])
        facts = _owner_facts(keys, told)
        for owner in _owner_keys(keys, told):
            for fact, (line, said, shown) in self.owners.get(owner, {}).items():
                if facts.get(fact, ("", ""))[0] not in ("", said):
                    return Clash(fact, line, shown)
        return None

    def add(self, keys: Sequence[str], line: int, fingerprint: str, told: Told) -> None:
        number = told.values.get("number", "")
        for key in keys:
            self.lines.setdefault(key, (line, fingerprint, number))
        facts = {"owner": (NEW_OWNER, "")} | _owner_facts(keys, told)
        for owner in _owner_keys(keys, told):
            said = self.owners.setdefault(owner, {})
            for fact, (value, shown) in facts.items():
                said.setdefault(fact, (line, value, shown))


NEW_OWNER = "new"


def new_owner_key(told: Told) -> str:
    """Lines that share it have the same new owner."""
    if told.nik:
        return f"nik:{told.nik_hash}"
    if phone := told.values.get("phone"):
        return f"name:{compared(told.values.get('owner_name', ''))}|{phone}"
    return ""


def _known_owner(keys: Iterable[str]) -> str:
    """The key of the registered owner among those of a line."""
    return next((key for key in keys if key.startswith("owner:")), "")


def _owner_keys(keys: Iterable[str], told: Told) -> set[str]:
    """What the owner of a line is known by within its file."""
    known = _known_owner(keys)
    return {key for key in (known, new_owner_key(told) if told.nik or not known else "") if key}


def _owner_facts(keys: Iterable[str], told: Told) -> dict[str, tuple[str, str]]:
    """What a line says of its owner: each fact as it is compared, and as it is shown."""
    name = told.values.get("owner_name", "")
    facts = {
        "owner": (_known_owner(keys), ""),
        "owner_name": (compared(name) if name else "", name),
        "nik": (told.nik_hash[:24], ""),
        "npwp": (told.npwp_hash[:24], ""),
    }
    return {fact: said for fact, said in facts.items() if said[0]}


def clashing(clash: Clash, told: Told) -> Decision:
    """The fate of a line that says something else than an earlier one of its file."""
    sentences = {
        "nib": _("Line %(line)s gives this NIB for another business."),
        "owner": _("Line %(line)s gives this NIK for the owner of another business."),
        "owner_name": _("Line %(line)s gives this NIK for %(name)s.")
        if told.nik
        else _("Line %(line)s says that the owner is %(name)s."),
        "nik": _("Line %(line)s gives another NIK for this owner."),
        "npwp": _("Line %(line)s gives another NPWP for this owner."),
    }
    field = "nik" if clash.field == "owner" or (clash.field == "owner_name" and told.nik) else clash.field
    return _conflict(field, sentences[clash.field] % {"line": clash.line, "name": clash.name})


def fingerprint(told: Told) -> str:
    """Equal for two lines that say the same."""
    said = json.dumps([told.values, told.nik_hash, told.npwp_hash], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:24]


def keys_of(told: Told) -> list[str]:
    """What a line is known by within its file."""
    values, keys = told.values, []
    name, owner = compared(values.get("name", "")), compared(values.get("owner_name", ""))
    if number := values.get("number"):
        keys.append(f"number:{number}")
    if nib := values.get("nib"):
        keys.append(f"nib:{nib}")
    if told.nik:
        keys.append(f"nik:{told.nik_hash[:24]}:{name}")
    elif name and values.get("village"):
        keys.append(f"place:{name}|{values['village']}|{values.get('phone') or owner}")
    return keys


class Known:
    """What the registry knows about the businesses of some lines; four queries for all of them.

    While a run is applied, what it registered itself is no reason to take a second business of the same
    owner for the first: the dry run had told them apart.
    """

    def __init__(self, region_id: str, lines: list[Told], *, applying: int | None = None) -> None:
        self.region_id = region_id
        numbers = {told.values["number"] for told in lines if "number" in told.values}
        nibs = {told.values["nib"] for told in lines if "nib" in told.values}
        niks = {told.nik_hash for told in lines if told.nik}
        names = {compared(told.values["name"]) for told in lines if "name" in told.values}
        owner_names = {compared(told.values["owner_name"]) for told in lines if "owner_name" in told.values}
        # phones as text: reading a number into its parts takes longer than all the rest
        enterprises = (
            Enterprise.objects.filter(region=region_id)
            .select_related("owner", "kbli")
            .annotate(
                phone_text=Cast("phone", TextField()), owner_phone_text=Cast("owner__phone", TextField())
            )
            .defer("phone", "owner__phone", "search", "owner__address")
        )
        self.by_number = (
            {one.number: one for one in enterprises.filter(number__among=numbers)} if numbers else {}
        )
        living = enterprises.exclude(state=State.MERGED)
        self.by_nib = {one.nib: one for one in living.filter(nib__among=nibs)} if nibs else {}
        self.owners = (
            {
                one.nik_hash: one
                for one in Owner.objects.filter(region=region_id, nik_hash__among=niks).defer("phone")
            }
            if niks
            else {}
        )
        self.by_owner: dict[int, list[Enterprise]] = defaultdict(list)
        if self.owners:
            theirs = living.filter(owner__nik_hash__among=self.owners.keys())
            if applying is not None:
                own = ImportRow.objects.filter(region=region_id, run=applying, fate=Fate.NEW)
                theirs = theirs.exclude(Exists(own.filter(enterprise=OuterRef("pk"))))
            for one in theirs:
                self.by_owner[one.owner_id].append(one)
        self.by_name: dict[tuple[str, str], list[Enterprise]] = defaultdict(list)
        if names:
            for one in living.filter(compared_name__among=names):
                self.by_name[one.compared_name, one.village_id].append(one)
        self.by_owner_name: dict[tuple[str, str], list[Owner]] = defaultdict(list)
        phones = {told.values["phone"] for told in lines if "phone" in told.values}
        if owner_names and phones:
            found = Owner.objects.annotate(phone_text=Cast("phone", TextField())).filter(
                region=region_id, compared_name__among=owner_names, phone_text__among=phones
            )
            for owner in found.defer("phone"):
                self.by_owner_name[owner.compared_name, owner.phone_text].append(owner)

    def match(self, told: Told) -> Enterprise | Decision | None:
        """The enterprise a line is about, None for a new one, or why that cannot be said."""
        values = told.values
        if number := values.get("number"):
            found = self.by_number.get(number)
            if found is None:
                return _error(
                    "number", _("There is no business with the number %(number)s here.") % {"number": number}
                )
            if found.state == State.MERGED:
                return _conflict(
                    "number",
                    _("%(number)s has been merged into %(other)s.")
                    % {"number": number, "other": final(found).number},
                    found,
                )
            return found
        if found := self.by_nib.get(values.get("nib", "")):
            return found
        name, village = compared(values.get("name", "")), values.get("village", "")
        if told.nik and (owner := self.owners.get(told.nik_hash)):
            return self._of_owner(owner, name, village)
        alike = [
            one for one in self.by_name.get((name, village), []) if not (told.nik and one.owner.nik_hash)
        ]
        phone, owner_name = values.get("phone", ""), compared(values.get("owner_name", ""))
        for one in alike:
            if phone and phone in (phone_of(one), getattr(one, "owner_phone_text", "")):
                return one
        same_owner = [one for one in alike if owner_name and one.owner.compared_name == owner_name]
        if len(same_owner) > 1:
            return _conflict(
                "name",
                _("There are %(count)s such businesses: %(numbers)s. Give the registry number.")
                % {"count": len(same_owner), "numbers": ", ".join(one.number for one in same_owner)},
            )
        return same_owner[0] if same_owner else None

    def _of_owner(self, owner: Owner, name: str, village: str) -> Enterprise | Decision | None:
        """Which of the businesses of a known owner a line is about."""
        theirs = self.by_owner.get(owner.pk, [])
        named = [one for one in theirs if not name or one.compared_name == name]
        if len(named) > 1 and village:
            named = [one for one in named if one.village_id == village] or named
        if len(named) == 1:
            return named[0]
        if named:
            return _conflict(
                "nik",
                _("This owner has %(count)s such businesses: %(numbers)s. Give the registry number.")
                % {"count": len(named), "numbers": ", ".join(one.number for one in named)},
            )
        if len(theirs) == 1 and theirs[0].village_id == village:
            return theirs[0]
        return None


# How alike two names must be to be one business under a new name, where only the owner says so.
SAME_NAME = 0.5


def _error(name: str, reason: str) -> Decision:
    return Decision(Fate.ERROR, reason, name)


def refused(wrong: Sequence[Refused]) -> Decision:
    """The fate of a line that cannot be read: all that is wrong with it."""
    return _error(*_listed([(one.field or "", one.message) for one in wrong]))


def _listed(said: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Sentences about fields as one field and one text: a line of text each where they are several, under
    the name of its column."""
    if len(said) == 1:
        return said[0]
    return "", "\n".join(f"{BY_KEY[name].label}: {text}" if name in BY_KEY else text for name, text in said)


def _in_part(names: Iterable[str]) -> Decision:
    """Numbers that the file shows a part of are never taken for whole ones."""
    asked = _(
        "The file shows only a part of this number. Write it whole, or leave the cell empty where it "
        "is not known."
    )
    return _error(*_listed([(name, asked) for name in names]))


def _conflict(name: str, reason: str, enterprise: Enterprise | None = None) -> Decision:
    return Decision(Fate.CONFLICT, reason, name, enterprise=enterprise)


def _is_another(found: Enterprise, told: Told) -> bool:
    """Whether a line that names only the owner is rather about a second business of theirs."""
    name, nib = compared(told.values.get("name", "")), told.values.get("nib", "")
    if not name or told.values.get("number") or (nib and nib == found.nib):
        return False
    return SequenceMatcher(None, found.compared_name, name).ratio() < SAME_NAME


def _asked(found: Enterprise) -> Decision:
    return _conflict(
        "name",
        _(
            "This owner has %(name)s (%(number)s) in this village. Give its registry number if that is meant; "
            "register a second business on its page."
        )
        % {"name": found.name, "number": found.number},
        found,
    )


def decide(told: Told, known: Known) -> Decision:
    """The fate of one line by what the registry knows now."""
    found = known.match(told)
    if isinstance(found, Decision):
        return found
    if isinstance(found, Enterprise):
        decision = _changes(found, told, known)
        return _asked(found) if decision.fate == Fate.CHANGED and _is_another(found, told) else decision
    if lacking := [name for name in NEEDED if name not in told.values]:
        fields = ", ".join(str(BY_KEY[name].label) for name in lacking)
        needs = _("A new business needs this: %(field)s.") % {"field": fields}
        unread = [(name, text) for name, text in told.remarks if name in lacking]
        return _error(*_listed([(lacking[0], needs), *unread]))
    if told.partly:
        return _in_part(told.partly)
    owner = known.owners.get(told.nik_hash) if told.nik else None
    told_name = compared(told.values["owner_name"])
    if owner is not None and owner.compared_name != told_name:
        return _conflict("nik", _("This NIK is registered here for %(name)s.") % {"name": owner.name})
    if owner is None and not told.nik and told.values.get("phone"):
        same = known.by_owner_name.get((told_name, told.values["phone"]), [])
        owner = same[0] if len(same) == 1 else None
    if owner is not None and told.npwp and owner.npwp_hash not in ("", told.npwp_hash):
        return _conflict(
            "npwp",
            _("%(name)s is registered here with another NPWP (%(npwp)s).")
            % {"name": owner.name, "npwp": _npwp_masked(owner)},
        )
    name, remarks = _listed(told.remarks)
    return Decision(Fate.NEW, remarks, name, owner=owner)


def _correction(name: str, other: str) -> bool:
    """Whether a name may be the other one, better written ("Sri W." and "Sri Wahyuni")."""
    shorter, longer = sorted((name, other), key=len)
    return longer.startswith(shorter) or SequenceMatcher(None, name, other).ratio() >= 0.6


def _changes(enterprise: Enterprise, told: Told, known: Known) -> Decision:
    """Same or changed, or why the line contradicts what is registered."""
    values, owner = told.values, enterprise.owner
    other = known.by_nib.get(values.get("nib", ""))
    if other is not None and other.pk != enterprise.pk:
        return _conflict(
            "nib",
            _("This NIB belongs to %(number)s, %(name)s.") % {"number": other.number, "name": other.name},
        )
    holder = known.owners.get(told.nik_hash) if told.nik else None
    if holder is not None and holder.pk != owner.pk:
        return _conflict("nik", _("This NIK is registered here for %(name)s.") % {"name": holder.name})
    if told.nik and owner.nik_hash and owner.nik_hash != told.nik_hash:
        return _conflict(
            "nik",
            _("%(number)s is registered with another NIK (%(nik)s).")
            % {"number": enterprise.number, "nik": owner.nik_masked},
        )
    partly = [
        name
        for name, part in told.partly.items()
        if part != (owner.nik_masked if name == "nik" else _npwp_masked(owner))
    ]
    if "nik" in partly and owner.nik_masked:
        return _conflict(
            "nik",
            _("%(number)s is registered with another NIK (%(nik)s).")
            % {"number": enterprise.number, "nik": owner.nik_masked},
        )
    if partly:
        return _in_part(partly)
    told_name = values.get("owner_name", "")
    proven = bool(told.nik and owner.nik_hash) and _correction(compared(told_name), owner.compared_name)
    if told_name and compared(told_name) != owner.compared_name and not proven:
        return _conflict(
            "owner_name",
            _("%(number)s is registered for %(name)s.") % {"number": enterprise.number, "name": owner.name},
        )
    changes: dict[str, list[Any]] = {}
    for name in PLAIN:
        if name in values:
            now = stored(enterprise, name)
            if now != values[name]:
                changes[name] = [now, values[name]]
    if "village" in values and values["village"] != enterprise.village_id:
        changes["village"] = [enterprise.village_id, values["village"]]
    if "kbli" in values and (enterprise.kbli is None or enterprise.kbli.code != values["kbli"]):
        changes["kbli"] = [enterprise.kbli.code if enterprise.kbli else "", values["kbli"]]
    if told_name and compared(told_name) != owner.compared_name:
        changes["owner_name"] = [owner.name, told_name]
    if told.nik and not owner.nik_hash:
        changes["nik"] = ["", identity.masked(told.nik)]
    if told.npwp and owner.npwp_hash != told.npwp_hash:
        changes["npwp"] = [_npwp_masked(owner), identity.masked(told.npwp)]
    name, remarks = _listed(told.remarks)
    return Decision(
        Fate.CHANGED if changes else Fate.SAME,
        remarks,
        name,
        changes=changes,
        enterprise=enterprise,
        owner=owner,
    )


def _npwp_masked(owner: Owner) -> str:
    return identity.masked(identity.unseal(owner.npwp_sealed)) if owner.npwp_sealed else ""


def phone_of(enterprise: Enterprise) -> str:
    """The phone of an enterprise that `Known` has read, as E.164."""
    return str(getattr(enterprise, "phone_text", ""))


def stored(enterprise: Enterprise, name: str) -> Any:
    """A value of the registry as a line of a file says it."""
    if name == "phone":
        return phone_of(enterprise)
    value = getattr(enterprise, name)
    if name == "started_on":
        return value.isoformat() if value else None
    if name in ("latitude", "longitude"):
        return None if value is None else round(value, 6)
    if name in ("rt", "rw"):
        return value.zfill(3) if value.isdigit() else value
    if name in ("workers", "capital", "annual_sales"):
        return value
    return str(value or "")
