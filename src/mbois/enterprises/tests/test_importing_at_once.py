"""Imports on real connections: two workers at one run, somebody else at the same number, a killed worker."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from django.conf import settings
from django.db import connection
from tests.factories import MALANG, load_places, make_nik, make_person, make_village

from mbois.enterprises import imports
from mbois.enterprises.imports import applying, running
from mbois.enterprises.models import Enterprise, ImportRow, ImportRun, Owner
from mbois.enterprises.tests.factories import make_enterprise
from mbois.enterprises.tests.sheets import csv_file, dry_run, fates, rows
from mbois.people.models import Person, Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


@pytest.fixture
def officer():
    load_places()
    return make_person(role=Role.AGENCY_OFFICER, region=MALANG, language="en")


def lines(count):
    return csv_file(
        [[f"Usaha {n}", f"Ani {n}", "", f"08123456{n:04d}", "Purwantoro", "", ""] for n in range(count)]
    )


def ready_to_apply(officer, count):
    return imports.start_applying(dry_run(lines(count), officer), by=officer)


def test_two_workers_at_one_import_do_it_once(officer, monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 5)
    run = ready_to_apply(officer, 40)

    def work():
        try:
            imports.go_on(run)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    imports.go_on(run)
    assert Enterprise.objects.count() == 40
    assert ImportRun.objects.get().state == "done"


def test_a_number_registered_at_this_moment_leaves_the_line_to_a_person(officer, monkeypatch):
    nik = make_nik()
    data = csv_file(
        [
            ["Sate", "Budi", nik, "081234567890", "Purwantoro", "", ""],
            ["Soto", "Ani", "", "081234567891", "Purwantoro", "", ""],
        ]
    )
    run = imports.start_applying(dry_run(data, officer), by=officer)
    known = applying.Known
    village = make_village(name="Purwantoro")

    def somebody_else():
        make_enterprise(name="Mie", owner_name="Joko", nik=nik, village=village)
        connection.close()

    def after_looking(*args, **named):
        found = known(*args, **named)
        if not Owner.objects.filter(nik_hash__gt="").exists():
            other = threading.Thread(target=somebody_else)
            other.start()
            other.join()
        return found

    monkeypatch.setattr(applying, "Known", after_looking)
    run = imports.go_on(run)
    assert fates(run) == ["conflict", "new"]
    assert "Joko" in rows(run)[0].reason
    assert set(Enterprise.objects.values_list("name", flat=True)) == {"Mie", "Soto"}


def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(officer):
    run = ready_to_apply(officer, 120)
    script = f"""
import django; django.setup()
from django.db import connection
from mbois.enterprises import imports
from mbois.enterprises.imports import running
from mbois.enterprises.models import ImportRun
running.CHUNK = 3
imports.go_on(ImportRun.objects.select_related("made_by").get(pk={run.pk}))
"""
    database = settings.DATABASES["default"]
    url = f"postgresql://{database['USER']}@/{connection.settings_dict['NAME']}?host={database['HOST']}"
    if database.get("PORT"):
        url += f"&port={database['PORT']}"
    environment = os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "mbois.settings",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    worker = subprocess.Popen([sys.executable, "-c", script], env=environment)
    until = time.monotonic() + 60
    while Enterprise.objects.count() < 6 and worker.poll() is None and time.monotonic() < until:
        time.sleep(0.005)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    done = Enterprise.objects.count()
    assert done >= 6
    assert ImportRow.objects.exclude(applied_at=None).count() == done
    while ImportRun.objects.get().state != "done" and time.monotonic() < until:
        imports.go_on(run)
    assert Enterprise.objects.count() == Owner.objects.count() == 120
    assert Person.objects.filter(registered_by=officer).count() == 120
    numbers = sorted(Enterprise.objects.values_list("number", flat=True))
    assert len(set(numbers)) == 120
