"""What the database refuses to forget."""

from collections.abc import Callable
from typing import Any, TypeVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

T = TypeVar("T", bound=models.Model)


def never_emptied(what: str) -> pgtrigger.Trigger:
    """Refuse TRUNCATE, which passes the triggers on rows by."""
    return pgtrigger.Trigger(
        name=f"{what}_never_emptied",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func=f"""
            RAISE EXCEPTION '{what}_never_emptied: %', TG_TABLE_NAME
                USING ERRCODE = 'check_violation', CONSTRAINT = '{what}_never_emptied';
        """,
    )


def tracked(*trackers: pghistory.Tracker, **options: Any) -> Callable[[type[T]], type[T]]:
    """`pghistory.track`, with a trail that is never emptied either."""
    meta = options.pop("meta", {})
    triggers = [*meta.get("triggers", []), never_emptied("trail")]
    return pghistory.track(*trackers, meta={**meta, "triggers": triggers}, **options)


def whole_point(name: str) -> models.CheckConstraint:
    """A place on the map has both its numbers or none."""
    return models.CheckConstraint(
        name=name,
        condition=Q(latitude=None, longitude=None) | Q(latitude__isnull=False, longitude__isnull=False),
    )


def forgetting(*fields: str, computed: tuple[str, ...] = ()) -> dict[str, Any]:
    """For `tracked`: a trail that is only added to, but for these fields, in which people are
    forgotten when the time has come. `computed` names columns the database works out itself."""
    return {
        "append_only": False,
        "meta": {
            "triggers": [
                pgtrigger.Protect(name="trail_stays", operation=pgtrigger.Delete),
                pgtrigger.ReadOnly(name="trail_is_fixed", exclude=[*fields, *computed]),
            ]
        },
    }
