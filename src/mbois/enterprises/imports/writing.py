"""Writing many rows with one statement each."""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models


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
        connection.cursor() as cursor,
        cursor.cursor.copy(f"COPY {quote(model._meta.db_table)} ({names}) FROM STDIN") as out,
    ):
        for row in rows:
            out.write_row(row)
