"""What every row of a programme has in common: a region that owns it.

These habits let the database be spread over many machines by region later, and keep one
government's rows from pointing into another's today. `tests/test_region_habits.py` walks all
models and fails where one is broken.
"""

from typing import Any, Self

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.expressions import Col
from django.db.models.lookups import Exact


class RegionReference(models.BaseConstraint):
    """`FOREIGN KEY (region_id, column) REFERENCES other (region_id, id)`, made by RegionForeignKey."""

    def __init__(self, *, field: str, name: str) -> None:
        super().__init__(name=name)
        self.field = field

    def _parts(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> tuple[str, str, str]:
        field = model._meta.get_field(self.field)
        other = field.related_model
        assert isinstance(field, models.ForeignKey) and isinstance(other, type)
        quote = editor.quote_name
        return quote(self.name), quote(field.column), quote(other._meta.db_table)

    def constraint_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        return self.create_sql(model, schema_editor)

    def create_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        assert model is not None and schema_editor is not None
        name, column, other = self._parts(model, schema_editor)
        table = schema_editor.quote_name(model._meta.db_table)
        # the target's own constraint may come later in the same migration
        schema_editor.deferred_sql.append(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (region_id, {column}) "
            f"REFERENCES {other} (region_id, id) DEFERRABLE INITIALLY DEFERRED"
        )
        return ""

    def remove_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        assert model is not None and schema_editor is not None
        table = schema_editor.quote_name(model._meta.db_table)
        return f"ALTER TABLE {table} DROP CONSTRAINT {schema_editor.quote_name(self.name)}"

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """The database alone checks it."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RegionReference) and self.name == other.name and self.field == other.field

    __hash__ = None  # type: ignore[assignment]

    def deconstruct(self) -> tuple[str, tuple[()], dict[str, Any]]:
        path, _, kwargs = super().deconstruct()
        return path, (), {**kwargs, "field": self.field}


def _add_constraint(model: type[models.Model], constraint: models.BaseConstraint) -> None:
    """Give a model a constraint that follows from one of its fields (not twice, and not to the
    historical models of a migration, which carry theirs already)."""
    if model.__module__ == "__fake__":
        return
    meta = model._meta
    # what the references of a table to itself need comes before them
    first = isinstance(constraint, models.UniqueConstraint)
    meta.constraints = [constraint, *meta.constraints] if first else [*meta.constraints, constraint]
    meta.original_attrs["constraints"] = meta.constraints


class RegionForeignKey(models.ForeignKey):
    """A reference from one programme row to another of the same region.

    The database holds `(region_id, x_id) → (region_id, id)`, and every join over it also equates
    the regions, so that a distributed engine can join on one node.
    """

    def __init__(self, to: Any, on_delete: Any, *, db_constraint: bool = True, **kwargs: Any) -> None:
        self.same_region = db_constraint
        super().__init__(to, on_delete, db_constraint=False, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_constraint", None)
        if not self.same_region:
            kwargs["db_constraint"] = False
        return name, path, args, kwargs

    def get_extra_restriction(self, alias: str | None, related_alias: str) -> Any:
        related = self.related_model
        assert isinstance(related, type) and issubclass(related, models.Model)
        if alias is None:
            return None
        own, other = self.model._meta.get_field("region"), related._meta.get_field("region")
        assert isinstance(own, models.Field) and isinstance(other, models.Field)
        return Exact(Col(alias, own), Col(related_alias, other))

    def contribute_to_class(
        self, cls: type[models.Model], name: str, private_only: bool = False, **kwargs: Any
    ) -> None:
        super().contribute_to_class(cls, name, private_only=private_only, **kwargs)
        if not cls._meta.abstract and self.same_region:
            _add_constraint(cls, RegionReference(field=name, name=f"{cls._meta.db_table}_{name}_region"[:63]))


class OwnedQuerySet(models.QuerySet[Any]):
    """Reads of programme rows. Rooms override `visible_to` with their own rule."""

    def visible_to(self, person: Any) -> Self:
        """Rows this person may see: none, unless the room says otherwise."""
        return self.none()


class OwningRegion(models.ForeignKey):
    """The region that owns a row; adds `UNIQUE (region, id)`, what a RegionForeignKey refers to (and an
    index that begins with the region, so it needs none of its own)."""

    def __init__(
        self,
        to: Any = "places.Region",
        on_delete: Any = models.PROTECT,
        *,
        db_constraint: bool = True,
        **kwargs: Any,
    ) -> None:
        kwargs["db_index"] = False
        super().__init__(to, on_delete, db_constraint=db_constraint, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["db_index"]
        return name, path, args, kwargs

    def contribute_to_class(
        self, cls: type[models.Model], name: str, private_only: bool = False, **kwargs: Any
    ) -> None:
        super().contribute_to_class(cls, name, private_only=private_only, **kwargs)
        if not cls._meta.abstract and self.db_constraint:  # type: ignore[attr-defined]
            _add_constraint(
                cls, models.UniqueConstraint(fields=[name, "id"], name=f"{cls._meta.db_table}_region_id")
            )


class Owned(models.Model):
    """A row of a programme: it belongs to the government of one region."""

    region = OwningRegion(related_name="+")

    class Meta:
        abstract = True
