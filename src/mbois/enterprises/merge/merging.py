"""Taking one record of an enterprise into another: shown first, done in one transaction."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from mbois import clock
from mbois.enterprises.actions.telling import tell_owners
from mbois.enterprises.duplicates import is_steward
from mbois.enterprises.merge.differences import (
    FIELDS,
    Difference,
    Side,
    Twin,
    differences,
    empty,
    put,
    raw,
    twins,
)
from mbois.enterprises.merge.relations import Line, lines
from mbois.enterprises.models import DuplicatePair, Enterprise, Merge, Owner, State
from mbois.enterprises.names import compared
from mbois.people.models import Person
from mbois.refused import Refused

# What a merge writes over on the pair of the two, and undoing it puts back.
PAIR_DECISION = ("state", "decided_by", "decided_at")
# What a kept owner is given from the other record of the same person. A NIK never moves.
_OWNER_FILLED = ("phone", "npwp_sealed", "npwp_hash", "born_on", "woman", "village", "address")


@dataclass(frozen=True)
class Preview:
    """Exactly what a merge would do. `seen` is handed back with the decision: if anything has changed
    in between, the merge is refused and a person looks again."""

    winner: Enterprise
    loser: Enterprise
    differences: list[Difference]
    twins: list[Twin]
    lines: list[Line]
    seen: str
    warnings: list[str]

    @property
    def choices(self) -> list[Difference]:
        """What a person must choose."""
        every = [*self.differences, *(twin.difference for twin in self.twins)]
        return [difference for difference in every if difference.choose]

    @property
    def taken(self) -> list[Difference]:
        """What only the loser says: the winner is given it."""
        every = [*self.differences, *(twin.difference for twin in self.twins)]
        return [difference for difference in every if not difference.choose and difference.taken == "loser"]

    @property
    def moving(self) -> list[Line]:
        return [line for line in self.lines if line.moving]

    @property
    def staying(self) -> list[Line]:
        """What stays with the loser and is worth a word."""
        return [line for line in self.lines if line.staying and line.relation.model is not DuplicatePair]


def _check(winner: Enterprise, loser: Enterprise, by: Person) -> None:
    if winner.pk == loser.pk:
        raise Refused(_("An enterprise cannot be merged into itself."), code="itself")
    if winner.region_id != loser.region_id:
        raise Refused(_("Enterprises of two regions cannot be merged."), code="two_regions")
    if not is_steward(by, winner.region_id):
        raise Refused(_("You may not merge enterprises here."), code="forbidden", status=403)
    for one in (loser, winner):
        if one.state == State.MERGED:
            raise Refused(
                _("%(name)s has been merged into %(number)s already.")
                % {"name": one.name, "number": final(one).number},
                code="merged_already",
                status=409,
            )


def preview(winner: Enterprise, loser: Enterprise, *, by: Person) -> Preview:
    """What merging `loser` into `winner` would move, keep and ask. Refuses what `merge` would."""
    _check(winner, loser, by)
    found, hanging = differences(winner, loser), lines(winner, loser)
    twin_fields = list(twins(hanging))
    facts = [
        [(name, raw(winner, names), raw(loser, names)) for name, names in FIELDS.items()],
        [(line.label, line.moving, line.staying) for line in hanging if line.relation.how == "move"],
        [(twin.difference.name, twin.difference.winner, twin.difference.loser) for twin in twin_fields],
    ]
    seen = hashlib.sha256(json.dumps(facts, cls=DjangoJSONEncoder).encode()).hexdigest()[:32]
    warnings = []
    if winner.owner.nik_hash and loser.owner.nik_hash and winner.owner_id != loser.owner_id:
        warnings.append(_("The owners have different NIKs: are these really one enterprise?"))
    if winner.owner_id != loser.owner_id and bool(winner.owner.nik_hash) != bool(loser.owner.nik_hash):
        known = winner if winner.owner.nik_hash else loser
        warnings.append(
            _("Only the owner in %(number)s has a NIK. Choosing the other one leaves the business without.")
            % {"number": known.number}
        )
    if loser.state == State.VERIFIED and winner.state != State.VERIFIED:
        warnings.append(
            _("%(loser)s is verified and %(winner)s is not: consider keeping the verified one.")
            % {"loser": loser.number, "winner": winner.number}
        )
    return Preview(winner, loser, found, twin_fields, hanging, seen, warnings)


def final(enterprise: Enterprise) -> Enterprise:
    """The enterprise a number leads to: itself, or the end of the chain of merges."""
    while enterprise.merged_into is not None:
        enterprise = enterprise.merged_into
    return enterprise


def better_winner(left: Enterprise, right: Enterprise) -> Enterprise:
    """Which of two is proposed to stay: the verified one, the one with a NIK, with a NIB, the older."""
    return max(
        (left, right),
        key=lambda one: (one.state == State.VERIFIED, bool(one.owner.nik_hash), bool(one.nib), -one.pk),
    )


def lock(region_id: str, *keys: int) -> dict[int, Enterprise]:
    """The enterprises with these keys, locked in the order of their keys."""
    rows = (
        Enterprise.objects.filter(region=region_id, pk__in=keys)
        .order_by("pk")
        .select_for_update(of=("self",))
        .select_related("owner", "village__parent__parent", "kbli", "merged_into")
    )
    return {row.pk: row for row in rows}


def saving(names: list[str]) -> list[str]:
    """The fields to save: the compared name goes with the name."""
    return [*names, "compared_name"] if "name" in names else names


def _chosen(difference: Difference, choices: Mapping[str, str]) -> Side:
    if not difference.choose:
        return difference.taken
    chosen = choices.get(difference.name)
    if chosen == "winner":
        return "winner"
    if chosen == "loser":
        return "loser"
    raise Refused(
        _("Choose which value to keep: %(field)s.") % {"field": difference.label},
        field=difference.name,
        code="choose",
    )


@transaction.atomic
def merge(
    winner: Enterprise, loser: Enterprise, *, choices: Mapping[str, str], seen: str, by: Person
) -> Merge:
    """Take `loser` into `winner`. `choices` says "winner" or "loser" for each field that differs,
    `seen` is the preview's. Refuses when anything has changed since, or when a choice is missing."""
    _check(winner, loser, by)
    locked = lock(winner.region_id, winner.pk, loser.pk)
    winner, loser = locked[winner.pk], locked[loser.pk]
    plan = preview(winner, loser, by=by)
    if seen != plan.seen:
        raise Refused(
            _("Something has changed since you looked. Please look again, then decide."),
            code="changed",
            status=409,
        )
    sides = {one.name: _chosen(one, choices) for one in plan.differences}
    twin_sides = {twin.difference.name: _chosen(twin.difference, choices) for twin in plan.twins}
    before: dict[str, Any] = {
        "winner": {},
        "rows": {},
        "loser": {
            "state": loser.state,
            "values": {name: raw(loser, names) for name, names in FIELDS.items()},
        },
    }
    kept_owner, other_owner = winner.owner, loser.owner
    if sides["owner"] == "loser":
        kept_owner, other_owner = other_owner, kept_owner
    saved: list[str] = []
    for name, side in sides.items():
        ours, theirs = raw(winner, FIELDS[name]), raw(loser, FIELDS[name])
        if side == "loser" and ours != theirs:
            before["winner"][name] = [ours, theirs]
            saved += put(winner, FIELDS[name], theirs)
    moved = {}
    try:
        with transaction.atomic():
            # the loser first: its business number is free only when it no longer lives
            loser.state, loser.merged_into = State.MERGED, winner
            loser.save(update_fields=["state", "merged_into"])
            if saved:
                winner.save(update_fields=saving(saved))
            for twin in plan.twins:
                if twin_sides[twin.difference.name] == "loser":
                    _give(twin.ours, twin.field, raw(twin.theirs, (twin.field,)), before["rows"])
            _fill_owner(kept_owner, other_owner, before["rows"])
            for line in plan.lines:
                if line.moving:
                    moved[line.label] = line.relation.point(line.moving, loser, winner)
    except IntegrityError:
        raise Refused(
            _("The values you chose do not fit together. Please look at them again."), code="unfitting"
        ) from None
    left, right = sorted([winner.pk, loser.pk])
    pairs = DuplicatePair.objects.select_for_update().filter(region=winner.region_id, left=left, right=right)
    if pair := pairs.first():
        before["pair"] = [pair.pk, raw(pair, PAIR_DECISION)]
        pair.state, pair.decided_by, pair.decided_at = DuplicatePair.State.MERGED, by, clock.now()
        pair.save(update_fields=["state", "decided_by", "decided_at"])
    tell_owners(
        (winner, loser),
        "enterprises/merged",
        by=by,
        kept=winner.number,
        gone=loser.number,
        kept_name=winner.name,
    )
    return Merge.objects.create(
        region=winner.region, loser=loser, winner=winner, moved=moved, before=before, made_by=by
    )


def _give(row: models.Model, name: str, value: list[Any], record: dict[str, Any]) -> None:
    """Set one field of a row and write down what it was: {"room.Model:id": {field: [before, after]}}."""
    record.setdefault(f"{row._meta.label}:{row.pk}", {})[name] = [raw(row, (name,)), value]
    put(row, (name,), value)
    row.save(update_fields=[name])


def _fill_owner(kept: Owner, other: Owner, record: dict[str, Any]) -> None:
    """Give the kept owner what only the other record of the same person knows."""
    if kept.pk == other.pk or compared(kept.name) != compared(other.name):
        return
    kept = Owner.objects.select_for_update().get(region=kept.region_id, pk=kept.pk)
    missing = [name for name in _OWNER_FILLED if empty(raw(kept, (name,))) and not empty(raw(other, (name,)))]
    for name in missing:
        _give(kept, name, raw(other, (name,)), record)
