"""Undoing a merge: everything goes back to where it was, what was changed since is kept and named."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mbois import clock
from mbois.enterprises.actions.telling import tell_owners
from mbois.enterprises.duplicates import is_steward
from mbois.enterprises.merge.differences import FIELDS, LABELS, put, raw
from mbois.enterprises.merge.merging import PAIR_DECISION, lock, saving
from mbois.enterprises.merge.relations import relation
from mbois.enterprises.models import DuplicatePair, Merge, State
from mbois.people.models import Person
from mbois.refused import Refused

UNDO_WITHIN = timedelta(days=30)


def undo_until(merge: Merge) -> datetime:
    """The last moment at which a merge can be undone."""
    return merge.made_at + UNDO_WITHIN


@dataclass(frozen=True)
class Undoing:
    """What undoing a merge puts back, and what it leaves because it was changed since: rows by the
    title of their kind and their number, values by the label of their field."""

    returning: list[tuple[str, int]]
    gone: list[tuple[str, int]]
    values: list[str]
    kept: list[str]


def why_not_undo(merge: Merge, by: Person) -> Refused | None:
    """Why this merge cannot be undone (any more), or None."""
    if not is_steward(by, merge.region_id):
        return Refused(_("You may not merge enterprises here."), code="forbidden", status=403)
    if merge.undone_at:
        return Refused(_("This merge has been undone already."), code="undone", status=409)
    if clock.now() > undo_until(merge):
        return Refused(_("A merge can be undone within 30 days. That time is over."), code="too_late")
    if merge.winner.state == State.MERGED:
        return Refused(
            _("%(winner)s has itself been merged since. Undo that merge first.")
            % {"winner": merge.winner.name},
            code="merged_on",
            status=409,
        )
    return None


def preview_undo(merge: Merge, *, by: Person) -> Undoing:
    """What `undo` would put back, and what stays because it was changed since."""
    if refusal := why_not_undo(merge, by):
        raise refusal
    returning, gone = [], []
    for label, keys in merge.moved.items():
        known = relation(label)
        there = known.rows(merge.winner).filter(pk__in=keys).count()
        if there:
            returning.append((known.title, there))
        if there < len(keys):
            gone.append((known.title, len(keys) - there))
    values: list[str] = []
    kept: list[str] = []
    for name, (_ours, theirs) in merge.before["winner"].items():
        (values if raw(merge.winner, FIELDS[name]) == theirs else kept).append(str(LABELS[name]))
    return Undoing(returning, gone, values, kept)


@transaction.atomic
def undo(merge: Merge, *, by: Person) -> Undoing:
    """Put back what a merge did: rows, values, states. What was changed on the winner since is kept,
    and named in the result. Refuses after 30 days, twice, or when the winner was merged itself."""
    locked = lock(merge.region_id, merge.winner_id, merge.loser_id)
    merge = Merge.objects.select_for_update(of=("self",)).get(region=merge.region_id, pk=merge.pk)
    merge.winner, merge.loser = locked[merge.winner_id], locked[merge.loser_id]
    result = preview_undo(merge, by=by)
    winner, loser = merge.winner, merge.loser
    try:
        with transaction.atomic():
            saved: list[str] = []
            for name, (ours, theirs) in merge.before["winner"].items():
                if raw(winner, FIELDS[name]) == theirs:
                    saved += put(winner, FIELDS[name], ours)
            if saved:
                winner.save(update_fields=saving(saved))
            _put_back_rows(merge.region_id, merge.before["rows"])
            loser.state, loser.merged_into = merge.before["loser"]["state"], None
            loser.save(update_fields=["state", "merged_into"])
            for label, keys in merge.moved.items():
                relation(label).point(keys, winner, loser)
    except IntegrityError:
        raise Refused(
            _(
                "This merge can no longer be undone: a number that %(loser)s had (for example its NIB) "
                "is now used by another enterprise."
            )
            % {"loser": loser.name},
            code="taken",
            status=409,
        ) from None
    if known := merge.before.get("pair"):
        pair_id, decision = known
        pair = DuplicatePair.objects.filter(region=merge.region_id, pk=pair_id).first()
        if pair is not None:
            pair.save(update_fields=put(pair, PAIR_DECISION, decision))
    tell_owners((winner, loser), "enterprises/merge_undone", by=by, kept=winner.number, gone=loser.number)
    merge.undone_by, merge.undone_at = by, clock.now()
    merge.save(update_fields=["undone_by", "undone_at"])
    return result


def _put_back_rows(region_id: str, rows: dict[str, Any]) -> None:
    """Give rows beside the enterprise (a twin licence, the owner) their values back, unless changed."""
    for key, values in rows.items():
        label, _colon, number = key.partition(":")
        row = apps.get_model(label)._base_manager.filter(region=region_id, pk=int(number)).first()
        if row is None:
            continue
        saved: list[str] = []
        for name, (ours, theirs) in values.items():
            if raw(row, (name,)) == theirs:
                saved += put(row, (name,), ours)
        if saved:
            row.save(update_fields=saved)
