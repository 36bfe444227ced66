"""What happened to a record, read from what the database's triggers wrote down."""

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pghistory.models
from django.db import connection, models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from phonenumber_field.modelfields import PhoneNumberField

from mbois.people.models import Person
from mbois.places.models import Area
from mbois.web import show
from mbois.web.components import Event

MOST = 100
# Values that nobody reads on a page: secrets, and what the program works out for itself.
_SECRET = re.compile(r"sealed|password|digest|hash|secret|token")
_SILENT = re.compile(r"^(id|region|uuid|search|.*_search|compared.*|sha256|last_login|fingerprint|.*_plain)$")


@dataclass(frozen=True)
class Change:
    """One field that changed. `old` is empty where the record was new; both are empty for a secret."""

    field: str
    old: str
    new: str
    secret: bool = False


@dataclass(frozen=True)
class Entry:
    """One thing that happened."""

    at: datetime
    what: str
    who: str
    for_whom: str
    address: str
    changes: list[Change] = field(default_factory=list)


def _tracked(model: type[models.Model]) -> type[models.Model]:
    """The table of a model's history."""
    for related in model._meta.related_objects:
        if related.name.startswith("pgh") or "pgh_obj" in getattr(related.field, "name", ""):
            return related.related_model
    raise LookupError(f"{model._meta.label} has no history (guards.tracked)")


def _rows(objects: Iterable[models.Model], most: int) -> list[tuple[Any, ...]]:
    """The newest events of these objects in one query: (model, object, at, label, data, context)."""
    by_model: dict[type[models.Model], list[models.Model]] = {}
    for one in objects:
        by_model.setdefault(one._meta.concrete_model or type(one), []).append(one)
    quote = connection.ops.quote_name
    context = quote(pghistory.models.Context._meta.db_table)
    parts: list[str] = []
    values: list[Any] = []
    for number, (model, mine) in enumerate(by_model.items()):
        table = quote(_tracked(model)._meta.db_table)
        where = "e.pgh_obj_id = ANY(%s)"
        values += [number, [one.pk for one in mine]]
        regions = sorted({one.region_id for one in mine if hasattr(one, "region_id")})
        if regions:
            where += " AND e.region_id = ANY(%s)"
            values.append(regions)
        parts.append(
            "(SELECT %s::int AS model, e.pgh_obj_id AS object, e.pgh_created_at AS at, e.pgh_label AS label, "
            f"to_jsonb(e) AS data, c.metadata AS context, e.pgh_id AS number FROM {table} e "
            f"LEFT JOIN {context} c ON c.id = e.pgh_context_id WHERE {where} ORDER BY e.pgh_id DESC LIMIT %s)"
        )
        values.append(most + 1)
    if not parts:
        return []
    with connection.cursor() as cursor:
        union = " UNION ALL ".join(parts)
        cursor.execute(f"SELECT * FROM ({union}) AS events ORDER BY at DESC, number DESC", values)
        found = cursor.fetchall()
    models_in_order = list(by_model)
    return [(models_in_order[row[0]], *row[1:]) for row in found]


def _decoded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def events_for(
    *objects: models.Model | None, most: int = MOST, addresses: bool = False, told: Collection[str] = ()
) -> list[Entry]:
    """What happened to a record and those that belong to it, newest first, at most `most` entries.

    Says who, for whom, when, (with `addresses`) from where, and each field that changed with its old and
    new value; secrets say only that they changed. An event that changes a field of `told` is left out: the
    caller tells of it in words. Two queries, one more for each kind of thing a field came to point at.
    """
    rows = _rows([one for one in objects if one is not None], most)
    steps = []
    later: dict[tuple[Any, Any], int] = {}
    prepared: list[dict[str, Any]] = []
    for model, key, at, label, data, context, _number in rows:
        prepared.append(
            {
                "model": model,
                "at": at,
                "label": label,
                "data": _decoded(data),
                "context": _decoded(context) or {},
            }
        )
        if (model, key) in later:
            prepared[later[model, key]]["before"] = prepared[-1]["data"]
        later[model, key] = len(prepared) - 1
    people: set[int] = set()
    others: dict[type[models.Model], set[Any]] = {}
    for event in prepared[:most]:
        event["changed"] = _changed(event)
        event["told"] = any(one.name in told for one, _old, _new in event["changed"])
        for name in ("user", "on_behalf_of"):
            if event["context"].get(name):
                people.add(int(event["context"][name]))
        for one, old, new in event["changed"]:
            if isinstance(one, models.ForeignKey):
                if issubclass(one.related_model, Person):
                    people.update(int(value) for value in (old, new) if value)
                else:
                    keys = others.setdefault(one.related_model, set())
                    keys.update(value for value in (old, new) if value)
    names: dict[Any, dict[Any, str]] = {
        Person: dict(Person.objects.filter(pk__in=people).values_list("pk", "name")) if people else {},
    }
    for kind, keys in others.items():
        rows_of = kind._base_manager.filter(pk__in=keys)
        names[kind] = {row.pk: row.name if isinstance(row, Area) else str(row) for row in rows_of}
    for event in prepared[:most]:
        if event["told"]:
            continue
        context = event["context"]
        steps.append(
            Entry(
                at=event["at"],
                what=_what(event),
                who=_person(names, context.get("user")) or _("the program"),
                for_whom=_person(names, context.get("on_behalf_of")),
                address=str(context.get("ip") or "") if addresses else "",
                changes=[_change(names, one, old, new) for one, old, new in event["changed"]],
            )
        )
    return [entry for entry in steps if entry.changes or entry.what]


def _person(names: dict[Any, dict[Any, str]], key: Any) -> str:
    return names[Person].get(int(key), _("somebody")) if key else ""


def _what(event: dict[str, Any]) -> str:
    name = str(event["model"]._meta.verbose_name)
    name = name[:1].upper() + name[1:]
    if event["label"] == "insert":
        return _("%(thing)s recorded") % {"thing": name}
    if event["label"] == "delete":
        return _("%(thing)s removed") % {"thing": name}
    return (_("%(thing)s changed") % {"thing": name}) if event["changed"] else ""


def _changed(event: dict[str, Any]) -> list[tuple[models.Field, Any, Any]]:
    """The fields in which an event differs from the one before. A first event and one whose predecessor
    was not read name none: the record itself shows what it began with."""
    before, data = event.get("before"), event["data"]
    if event["label"] != "update" or before is None:
        return []
    found = []
    for one in event["model"]._meta.concrete_fields:
        if one.column not in data or _SILENT.match(one.name):
            continue
        old, new = before.get(one.column), data.get(one.column)
        if old != new:
            found.append((one, old, new))
    return found


def _change(names: dict[Any, dict[Any, str]], one: models.Field, old: Any, new: Any) -> Change:
    label = str(one.verbose_name)
    label = label[:1].upper() + label[1:]
    if _SECRET.search(one.name):
        return Change(label.removesuffix(" sealed"), "", "", secret=True)
    return Change(label, _said(names, one, old), _said(names, one, new))


def _said(names: dict[Any, dict[Any, str]], one: models.Field, value: Any) -> str:
    """A value as people read it."""
    if value is None or value == "":
        return "–"
    if isinstance(one, models.ForeignKey):
        known = names.get(one.related_model, {})
        return str(known.get(value, value))
    if one.choices:
        return str(dict(one.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(one, models.DateTimeField) and (instant := parse_datetime(str(value))):
        return show.waktu(instant)
    if isinstance(one, models.DateField) and (day := parse_date(str(value)[:10])):
        return show.tanggal(day)
    if isinstance(one, PhoneNumberField):
        return show.telepon(str(value))
    if isinstance(one, (models.BigIntegerField, models.IntegerField)) and isinstance(value, int):
        return show.angka(value)
    if isinstance(value, (dict, list)):
        return _("(several values)")
    text = str(value)
    return text if len(text) <= 120 else text[:119] + "…"


def timeline(
    *objects: models.Model | None, most: int = MOST, addresses: bool = False, told: Collection[str] = ()
) -> list[Event]:
    """`events_for` as lines of the component `web/timeline.html`."""
    lines = []
    for entry in events_for(*objects, most=most, addresses=addresses, told=told):
        changes = "; ".join(
            _("%(field)s changed") % {"field": change.field}
            if change.secret
            else f"{change.field}: {change.old} → {change.new}"
            for change in entry.changes
        )
        who = (
            _("%(who)s for %(whom)s") % {"who": entry.who, "whom": entry.for_whom}
            if entry.for_whom
            else entry.who
        )
        lines.append(
            Event(
                when=entry.at,
                what=entry.what,
                who=f"{who} · {entry.address}" if entry.address else who,
                detail=changes,
            )
        )
    return lines
