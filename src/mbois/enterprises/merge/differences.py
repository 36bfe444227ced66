"""What two records of one enterprise say: where they agree, and where a person must choose."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from mbois.enterprises.merge.relations import Line
from mbois.enterprises.models import Enterprise
from mbois.people.models import Person
from mbois.web import show

Side = Literal["winner", "loser"]

LABELS = {
    "name": gettext_lazy("Name"),
    "owner": gettext_lazy("Owner"),
    "description": gettext_lazy("What it makes or sells"),
    "village": gettext_lazy("Village"),
    "address": gettext_lazy("Address"),
    "rt": "RT",
    "rw": "RW",
    "point": gettext_lazy("Point on the map"),
    "phone": gettext_lazy("Phone"),
    "nib": "NIB",
    "kbli": "KBLI",
    "subsector": gettext_lazy("Subsector"),
    "started_on": gettext_lazy("Started on"),
    "workers": gettext_lazy("Workers"),
    "capital": gettext_lazy("Capital"),
    "annual_sales": gettext_lazy("Annual sales"),
}
# Values that only make sense together are chosen together.
FIELDS = {name: (name,) for name in LABELS} | {"point": ("latitude", "longitude")}
# What belongs to the record itself, not to the business, and stays with each.
OF_THE_RECORD = frozenset(
    {
        *("id", "region", "number", "state", "merged_into", "registered_by", "registered_at"),
        *("submitted_at", "verified_at", "size", "compared_name", "search"),
    }
)


def raw(row: models.Model, names: tuple[str, ...]) -> list[Any]:
    """The stored values, as JSON keeps them."""
    values = []
    for name in names:
        value = getattr(row, row._meta.get_field(name).attname)  # type: ignore[union-attr]
        values.append(value if isinstance(value, (int, float, bool, type(None))) else str(value))
    return values


def empty(values: list[Any]) -> bool:
    """Whether nothing is said."""
    return all(value in (None, "") for value in values)


def put(row: models.Model, names: tuple[str, ...], values: list[Any]) -> list[str]:
    """Give the row stored values; returns the names of the fields to save."""
    for name, value in zip(names, values, strict=True):
        column = row._meta.get_field(name)
        assert isinstance(column, models.Field)
        target = column.target_field if isinstance(column, models.ForeignKey) else column
        setattr(row, column.attname, target.to_python(value))
    return list(names)


def said(enterprise: Enterprise, name: str) -> str:
    """A value of an enterprise as people read it."""
    if name == "owner":
        return " · ".join(filter(None, [enterprise.owner.name, enterprise.owner.nik_masked]))
    if name == "village":
        return enterprise.village.full_name
    if name == "point":
        return "" if enterprise.latitude is None else f"{enterprise.latitude:.5f}, {enterprise.longitude:.5f}"
    if name == "subsector":
        return str(enterprise.get_subsector_display())
    value = getattr(enterprise, name)
    if value in (None, ""):
        return ""
    if name in SHOWN_BY:
        return SHOWN_BY[name](value)
    return str(value)


SHOWN_BY = {
    "capital": show.rupiah,
    "annual_sales": show.rupiah,
    "started_on": show.tanggal,
    "phone": show.telepon,
}


@dataclass(frozen=True)
class Difference:
    """One field of the two: what each says, whether a person must choose, and what is proposed."""

    name: str
    label: str
    winner: str
    loser: str
    choose: bool
    taken: Side

    @property
    def same(self) -> bool:
        return not self.choose and self.winner == self.loser


def _compared(ours: list[Any], theirs: list[Any]) -> tuple[bool, Side]:
    """Whether a person must choose, and which side is taken or proposed."""
    return (
        ours != theirs and not empty(ours) and not empty(theirs),
        "loser" if empty(ours) and not empty(theirs) else "winner",
    )


def differences(winner: Enterprise, loser: Enterprise) -> list[Difference]:
    """Every field: where both say something else a person chooses, else what is there is taken."""
    found = []
    for name, names in FIELDS.items():
        choose, taken = _compared(raw(winner, names), raw(loser, names))
        if name == "owner" and choose and loser.owner.nik_hash and not winner.owner.nik_hash:
            taken = "loser"
        found.append(
            Difference(name, str(LABELS[name]), said(winner, name), said(loser, name), choose, taken)
        )
    return found


@dataclass(frozen=True)
class Twin:
    """A row that both have (the same licence): the field of it that differs."""

    ours: models.Model
    theirs: models.Model
    field: str
    difference: Difference


def twins(lines: list[Line]) -> Iterator[Twin]:
    """The fields in which rows that both enterprises have say something else."""
    for line in lines:
        rows = line.relation.model._base_manager.in_bulk([*line.twins, *line.twins.values()])
        for theirs_key, ours_key in line.twins.items():
            ours, theirs = rows[ours_key], rows[theirs_key]
            for column in ours._meta.concrete_fields:
                of_the_record = column.related_model is Person or isinstance(column, models.DateTimeField)
                if of_the_record or column.name in ("id", "region", line.relation.field.name):
                    continue
                choose, taken = _compared(raw(ours, (column.name,)), raw(theirs, (column.name,)))
                if choose or taken == "loser":
                    yield Twin(
                        ours,
                        theirs,
                        column.name,
                        Difference(
                            f"{line.label}:{ours_key}:{column.name}",
                            f"{ours} – {capfirst(column.verbose_name)}",
                            str(getattr(ours, column.name) or ""),
                            str(getattr(theirs, column.name) or ""),
                            choose,
                            taken,
                        ),
                    )


def shown_fields(left: Enterprise, right: Enterprise) -> list[dict[str, Any]]:
    """The two side by side, for a person to compare."""
    return [
        {"label": d.label, "left": d.winner, "right": d.loser, "differs": d.choose, "equal": d.same}
        for d in differences(left, right)
        if d.winner or d.loser
    ]
