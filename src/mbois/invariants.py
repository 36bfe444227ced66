"""What must be true of the whole database, each as one query for the rows that break it."""

from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True)
class Invariant:
    """A sentence that must hold and the SQL that returns the rows where it does not."""

    key: str
    sentence: str
    sql: str


@dataclass(frozen=True)
class Breach:
    """An invariant and the rows that break it, as column → value."""

    invariant: Invariant
    rows: list[dict[str, Any]]


_registry: dict[str, Invariant] = {}


def register(*invariants: Invariant) -> None:
    """Add the invariants of a room; called in its `apps.py`."""
    for invariant in invariants:
        _registry[invariant.key] = invariant


def registered() -> list[Invariant]:
    """All of them, in the order of the rooms."""
    return list(_registry.values())


def breaches() -> list[Breach]:
    """Run every query; those that return rows."""
    found = []
    with connection.cursor() as cursor:
        for invariant in registered():
            cursor.execute(invariant.sql)
            names = [column.name for column in cursor.description or ()]
            if rows := [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]:
                found.append(Breach(invariant, rows))
    return found
