"""Write the first migration of a room anew from its models: `python scripts/first_migration.py market`.

Only while nothing of the room is released. Each table is made with its constraints, indexes and
triggers, all in one operation (see `mbois.new_tables`): a first `migrate` would otherwise take several
times as long.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LISTS = ("indexes", "constraints", "triggers")


def main(rooms: list[str]) -> int:
    sys.path.insert(0, str(ROOT / "src"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mbois.settings")
    import django
    from django.utils import translation

    django.setup()
    translation.deactivate_all()  # labels as they are in the code
    for room in rooms:
        path = ROOT / "src" / "mbois" / room / "migrations" / "0001_initial.py"
        path.parent.mkdir(exist_ok=True)
        (path.parent / "__init__.py").touch()
        about = path.read_text().partition('"""\n')[0] + '"""\n' if path.exists() else ""
        if not about.startswith('"""'):
            about = '"""The tables of this room, each with its constraints, indexes and triggers."""\n'
        path.write_text(f"{about}\n{_text(room)}")
        print(path.relative_to(ROOT))
    return 0


def _text(room: str) -> str:
    """The source of the migration."""
    from django.apps import apps
    from django.contrib.postgres.operations import BtreeGinExtension, BtreeGistExtension, TrigramExtension
    from django.db import migrations
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState
    from django.db.migrations.writer import MigrationWriter

    from mbois.new_tables import NewTables

    state = ProjectState.from_apps(apps)
    models = _in_order(list(apps.get_app_config(room).get_models()))
    operations: list[object] = (
        [TrigramExtension(), BtreeGinExtension(), BtreeGistExtension()] if room == "places" else []
    )
    tables: list[migrations.CreateModel] = []
    others: set[str] = set()
    for model in models:
        made = state.models[room, model._meta.model_name]
        options = {name: value for name, value in made.options.items() if name not in LISTS}
        options |= {name: made.options[name] for name in LISTS if made.options.get(name)}
        if "triggers" in options:
            options["triggers"] = [trigger.compile(model) for trigger in options["triggers"]]
        tables.append(
            migrations.CreateModel(made.name, list(made.fields.items()), options, made.bases, made.managers)
        )
        related = {field.related_model for field in model._meta.concrete_fields if field.related_model}
        others |= {other._meta.app_label for other in related} - {room}
    operations.append(NewTables(tables))
    graph = MigrationLoader(None, ignore_no_migrations=True).graph
    needs = []
    for other in sorted(others):
        ours = apps.get_app_config(other).name.startswith("mbois.")
        needs.append((other, "0001_initial") if ours else graph.leaf_nodes(other)[0])
    parts = {"operations": operations, "dependencies": needs, "initial": True}
    migration = type("Migration", (migrations.Migration,), parts)("0001_initial", room)
    return MigrationWriter(migration, include_header=False).as_string()


def _in_order(models: list[type]) -> list[type]:
    """Each after those it refers to."""
    ordered: list[type] = []
    while models:
        for model in models:
            needs = {field.related_model for field in model._meta.concrete_fields} & set(models) - {model}
            if not needs:
                break
        else:
            raise SystemExit(f"These refer to each other in a circle: {models}")
        ordered.append(model)
        models.remove(model)
    return ordered


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
