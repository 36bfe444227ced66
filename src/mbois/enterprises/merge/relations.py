"""What hangs on an enterprise, by name: what becomes of it when two records are merged."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pghistory.models
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mbois.enterprises.models import Enterprise
from mbois.refused import Refused

SHOWN_TITLES = 20

How = Literal["move", "keep"]
_registered: dict[str, tuple[How, object]] = {}


def register_relation(label: str, *, how: How, title: object = "") -> None:
    """Say what becomes of the rows of a reference, named "room.Model.field", when two are merged.

    "move": they go to the winner and come back on undo. "keep": they stay with the loser, as history.
    `title` is what people call them ("Applications"). Rooms call this in their AppConfig.ready(); a
    reference that nobody registered makes every merge refuse.
    """
    _registered[label] = (how, title)


register_relation("enterprises.Licence.enterprise", how="move", title=gettext_lazy("Licences"))
register_relation("enterprises.Photo.enterprise", how="move", title=gettext_lazy("Photos"))
register_relation("enterprises.Review.enterprise", how="keep", title=gettext_lazy("Reviews"))
register_relation("enterprises.ImportRow.enterprise", how="keep", title=gettext_lazy("Lines of imports"))
register_relation("enterprises.DuplicatePair.left", how="keep", title=gettext_lazy("Possible duplicates"))
register_relation("enterprises.DuplicatePair.right", how="keep", title=gettext_lazy("Possible duplicates"))
register_relation("enterprises.Merge.loser", how="keep", title=gettext_lazy("Earlier merges"))
register_relation("enterprises.Merge.winner", how="keep", title=gettext_lazy("Earlier merges"))
register_relation("enterprises.Enterprise.merged_into", how="keep", title=gettext_lazy("Earlier merges"))


@dataclass(frozen=True)
class Relation:
    """One reference to an enterprise: a model and its field. `how` is None where nobody said."""

    model: type[models.Model]
    field: models.ForeignKey
    how: How | None
    title: str

    @property
    def label(self) -> str:
        return f"{self.model._meta.label}.{self.field.name}"

    def rows(self, enterprise: Enterprise) -> "models.QuerySet[models.Model]":
        """The rows that point to this enterprise."""
        manager = self.model._base_manager
        return manager.filter(region=enterprise.region_id, **{self.field.name: enterprise.pk})

    def point(self, keys: list[int], old: Enterprise, new: Enterprise) -> list[int]:
        """Let those of these rows that point to `old` point to `new`; returns which did."""
        there = list(self.rows(old).filter(pk__in=keys).values_list("pk", flat=True))
        self.model._base_manager.filter(region=old.region_id, pk__in=there).update(
            **{self.field.attname: new.pk}
        )
        return there


def relations() -> Iterator[Relation]:
    """Every reference to an enterprise in the program, the copies of the audit trail aside."""
    for relation in Enterprise._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel) or not isinstance(
            relation.field, models.ForeignKey
        ):
            continue
        model = relation.field.model
        if issubclass(model, pghistory.models.Event):
            continue
        how, title = _registered.get(f"{model._meta.label}.{relation.field.name}", (None, ""))
        yield Relation(model, relation.field, how, str(title or model._meta.verbose_name_plural))


def relation(label: str) -> Relation:
    """The reference of this name."""
    return next(one for one in relations() if one.label == label)


@dataclass(frozen=True)
class Line:
    """The rows of one reference: those that move, and those that stay with the loser.

    `twins` are rows the winner has as well (the same licence on both): {the loser's: the winner's}.
    """

    relation: Relation
    moving: list[int]
    staying: list[int]
    titles: list[str]
    twins: dict[int, int]

    @property
    def title(self) -> str:
        return self.relation.title

    @property
    def label(self) -> str:
        return self.relation.label

    @property
    def more(self) -> int:
        """How many rows are not named in `titles`."""
        return max(len(self.moving) + len(self.staying) - len(self.titles), 0)


def _twins(relation: Relation, winner: Enterprise, loser: Enterprise) -> dict[int, int]:
    twins: dict[int, int] = {}
    name = relation.field.name
    for constraint in relation.model._meta.constraints:
        if not isinstance(constraint, models.UniqueConstraint) or name not in constraint.fields:
            continue
        others = [key for key in constraint.fields if key not in (name, "region")]
        ours, theirs = relation.rows(winner), relation.rows(loser)
        if constraint.condition is not None:
            ours, theirs = ours.filter(constraint.condition), theirs.filter(constraint.condition)
        there = {tuple(key): pk for pk, *key in ours.values_list("pk", *others)}
        for pk, *key in theirs.values_list("pk", *others):
            if tuple(key) in there:
                twins[pk] = there[tuple(key)]
    return twins


def lines(winner: Enterprise, loser: Enterprise) -> list[Line]:
    """What hangs on the loser, reference by reference. Refuses when a reference is not known."""
    every = list(relations())
    if unknown := [one.label for one in every if one.how is None]:
        raise Refused(
            _("These records cannot be merged: it is not known what becomes of %(labels)s.")
            % {"labels": ", ".join(unknown)},
            code="unknown_relation",
            status=409,
        )
    found = []
    for one in every:
        rows = list(one.rows(loser).order_by("pk"))
        if not rows:
            continue
        moves = one.how == "move"
        twins = _twins(one, winner, loser) if moves else {}
        moving = [row.pk for row in rows if moves and row.pk not in twins]
        staying = [row.pk for row in rows if not moves or row.pk in twins]
        titles = [str(row) for row in rows[:SHOWN_TITLES]]
        found.append(Line(one, moving, staying, titles, twins))
    return found
