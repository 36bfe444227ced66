"""Brings an installation up to date: tables, reference data, texts, static files, a demo city."""

import hashlib
import io
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

# What every installation needs in its tables; each command may run again without effect.
REFERENCE = [
    ("regions, districts and villages", "load_places"),
    ("consent texts", "load_consent_texts"),
    ("kinds of business", "load_kbli"),
    ("schemes", "load_schemes"),
    ("questionnaire and courses", "load_mentoring"),
]


def prepare(*, demo: bool, scale: float, seed: int) -> None:
    """Do what is not done yet, with one line for each part. May run again at any time, on any machine:
    an advisory lock lets one at a time work."""
    from mbois.web.translations import compile_all

    with _step("texts"):
        compile_all()
    with _alone():
        with _step("tables"):
            _migrate()
        for name, command in REFERENCE:
            with _step(name):
                call_command(command, verbosity=0, stdout=io.StringIO())
        if demo:
            _make_demo(scale=scale, seed=seed)
    with _step("static files"):
        _collect_static()


def _migrate() -> None:
    """Apply what is not applied yet; where nothing is, ask and leave (migrate would build every model)."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


def _make_demo(*, scale: float, seed: int) -> None:
    from mbois.enterprises.models import Enterprise

    if Enterprise.objects.exists():
        return
    with _step(f"demo city, scale {scale:g}, seed {seed}"):
        call_command("load_demo", scale=scale, seed=seed, verbosity=0, stdout=io.StringIO())


@contextmanager
def _step(name: str) -> Iterator[None]:
    begun = time.monotonic()
    print(f"          {name} …", end="", flush=True)
    try:
        yield
    except BaseException:
        print(" failed", flush=True)
        raise
    print(f" {time.monotonic() - begun:.1f} s", flush=True)


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('mbois prepare'))")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('mbois prepare'))")


def _collect_static() -> None:
    """Collect and compress the static files, unless they are those of the last time."""
    root = Path(settings.STATIC_ROOT)
    mark = root / ".collected"
    now = _static_state()
    if mark.exists() and mark.read_text() == now:
        return
    draft = root.with_name(f"{root.name}.{os.getpid()}")
    shutil.rmtree(draft, ignore_errors=True)
    before, settings.STATIC_ROOT = settings.STATIC_ROOT, draft
    try:
        call_command("collectstatic", verbosity=0, interactive=False)
    finally:
        settings.STATIC_ROOT = before
    (draft / ".collected").write_text(now)
    shutil.rmtree(root, ignore_errors=True)
    draft.rename(root)


def _static_state() -> str:
    """A fingerprint of every static file: its path, size and time."""
    found = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in finders.get_finders():
        for path, storage in finder.list([]):
            state = os.stat(storage.path(path))
            found.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return found.hexdigest()
