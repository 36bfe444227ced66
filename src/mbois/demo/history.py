"""What is invented has no history: the trail of it begins with the first change somebody makes."""

from collections.abc import Iterator
from contextlib import contextmanager

import pgtrigger
from django.apps import apps
from django.db import connection

_SETTING = "pgtrigger.ignore"  # what the triggers of pgtrigger look at


@contextmanager
def without(*uris: str) -> Iterator[None]:
    """These triggers (`agenda.Scan:scan_makes_attendance`) do nothing meanwhile in this transaction.

    As `pgtrigger.ignore`, which changes the text of every statement and so cannot be used where a job is
    enqueued.
    """
    ignored = {trigger.get_pgid(model) for model, trigger in pgtrigger.registered(*uris)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true)", [_SETTING])
        before = cursor.fetchone()[0] or "{}"
        names = ignored | set(filter(None, before.strip("{}").split(",")))
        cursor.execute("SELECT set_config(%s, %s, true)", [_SETTING, "{" + ",".join(sorted(names)) + "}"])
    yield
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [_SETTING, before])


@contextmanager
def untold(room: str) -> Iterator[None]:
    """No trail of what is made in this room meanwhile. In the one transaction that makes the city each
    event costs more than the one before, as all of them write the row of their context anew."""
    trails = [
        f"{model._meta.label}:{trigger.name}"
        for model in apps.get_app_config(room).get_models()
        for trigger in getattr(model._meta, "triggers", [])
        if trigger.name in {"insert_insert", "update_update"}
    ]
    with without(*trails):
        yield
