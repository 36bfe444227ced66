"""What the database refuses to forget."""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q


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


def whole_point(name: str) -> models.CheckConstraint:
    """A place on the map has both its numbers or none."""
    return models.CheckConstraint(
        name=name,
        condition=Q(latitude=None, longitude=None) | Q(latitude__isnull=False, longitude__isnull=False),
    )


def forgetting(*fields: str, computed: tuple[str, ...] = ()) -> dict[str, Any]:
    """For `pghistory.track`: a trail that is only added to, but for these fields, in which people are
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
