"""Writing many rows with one statement each."""

import json
from contextlib import nullcontext
from functools import cache
from typing import Any

import pghistory.models
import pgtrigger
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction

# From so many rows on, what the planner knows of a small table is not true any more.
MANY = 1_000


def update_many(model: type[models.Model], region_id: str, rows: list[dict[str, Any]]) -> None:
    """Set columns of many rows in one statement. Each row has `id` and the same columns, by their
    names in the database, with values as JSON keeps them."""
    if not rows:
        return
    columns = {field.column: field for field in model._meta.concrete_fields}
    names = [name for name in rows[0] if name != "id"]
    quote = connection.ops.quote_name
    types = ", ".join(f"{quote(name)} {_type(columns[name])}" for name in ("id", *names))
    sets = ", ".join(f"{quote(name)} = told.{quote(name)}" for name in names)
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} AS stored SET {sets} FROM jsonb_to_recordset(%s::jsonb) AS told ({types}) "
            "WHERE stored.region_id = %s AND stored.id = told.id",
            [json.dumps(rows, cls=DjangoJSONEncoder), region_id],
        )


def _type(field: models.Field) -> str:
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(target, models.AutoField):
        return "bigint"
    return str(target.db_type(connection))


def copy(model: type[models.Model], columns: list[str], rows: Any) -> None:
    """Insert rows by COPY: tuples in the order of `columns`, by their names in the database."""
    quote = connection.ops.quote_name
    names = ", ".join(quote(name) for name in columns)
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.cursor.copy(f"COPY {quote(model._meta.db_table)} ({names}) FROM STDIN") as out,
    ):
        for row in rows:
            out.write_row(row)


def insert_many(model: type[models.Model], rows: list[dict[str, Any]]) -> list[int]:
    """Insert rows by COPY and give their ids in the same order. Each is a dict by the names of columns
    in the database; what it leaves out has the field's default. Constraints hold as ever; what the
    audit trail keeps of each row is written by one statement instead of a trigger a row.
    """
    if not rows:
        return []
    fields = [field for field in model._meta.concrete_fields if not field.generated and not field.primary_key]
    defaults = {str(field.column): field.get_default() for field in fields}
    event = _event_of(model)
    ignored = [f"{model._meta.label}:insert_insert"] if event else []
    # the savepoint lets `ignore` take back its setting also where a constraint refuses a row
    with pgtrigger.ignore(*ignored) if ignored else nullcontext(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [model._meta.db_table, len(rows)],
            )
            ids = [key for (key,) in cursor.fetchall()]
        whole = ((key, *(defaults | row).values()) for key, row in zip(ids, rows, strict=True))
        copy(model, ["id", *defaults], whole)
    if event:
        _write_events(event, model, ids)
    learn(model, len(rows))
    return ids


def learn(model: type[models.Model], written: int) -> None:
    """Have the planner look at a table that was small when it last did, and has many new rows. Until then
    it takes any index that begins with the region, and reads all of the region for each new row."""
    if written < MANY:
        return
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(model._meta.db_table)
        cursor.execute("SELECT reltuples < %s FROM pg_class WHERE oid = %s::regclass", [10 * MANY, table])
        if cursor.fetchone()[0]:
            cursor.execute(f"ANALYZE {table}")


@cache
def _event_of(model: type[models.Model]) -> type[models.Model] | None:
    """Where the audit trail keeps what was inserted into this model."""
    for other in apps.get_models():
        if issubclass(other, pghistory.models.Event) and other.pgh_tracked_model is model:
            return other
    return None


def _write_events(event: type[models.Model], model: type[models.Model], ids: list[int]) -> None:
    quote = connection.ops.quote_name
    fields = [field for field in event._meta.concrete_fields if not field.generated]
    columns = [str(field.column) for field in fields if not field.name.startswith("pgh_")]
    names = ", ".join(quote(name) for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(event._meta.db_table)} "
            f"({names}, pgh_obj_id, pgh_label, pgh_created_at, pgh_context_id) "
            f"SELECT {names}, id, 'insert', now(), (SELECT _pgh_attach_context()) "
            f"FROM {quote(model._meta.db_table)} WHERE id = ANY(%s) ORDER BY id",
            [ids],
        )
