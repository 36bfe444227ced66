"""A file of enterprises taken in: every line's fate is shown, then done once."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation
from tests.factories import BATU, MALANG, make_nik, make_person, make_village

from mbois.enterprises import imports
from mbois.enterprises.imports import running
from mbois.enterprises.models import Enterprise, ImportRow, ImportRun, Owner
from mbois.enterprises.tests.factories import make_enterprise
from mbois.enterprises.tests.sheets import HEADINGS, applied, csv_file, dry_run, fates, line, rows
from mbois.people.models import Notification, Person, Role
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


def test_new_lines_become_enterprises_with_sealed_numbers(officer):
    nik = make_nik()
    run = applied(csv_file([line(nik=nik, modal="Rp 5.000.000"), line("Bakso Cak Ri", "Slamet")]), officer)
    assert fates(run) == ["new", "new"]
    enterprise = Enterprise.objects.get(compared_name="keripik tempe sri")
    assert enterprise.owner.nik_masked == nik[:4] + "••••••••" + nik[-4:]
    assert (str(enterprise.phone), enterprise.capital, enterprise.state) == (
        "+6281234567890",
        5_000_000,
        "submitted",
    )
    assert enterprise.village == make_village(name="Purwantoro")
    assert enterprise.number.startswith("U-3573-") and "sri wahyuni" in enterprise.search
    assert not enterprise.owner.person.has_account and enterprise.registered_by == officer
    run.refresh_from_db()
    assert run.state == "done"
    assert [(row.cells_sealed, row.values_sealed) for row in rows(run)] == [("", "")] * 2
    assert Notification.objects.filter(person=officer, key="enterprises/imported").exists()


def test_nothing_is_written_by_a_dry_run_and_no_number_is_readable(officer):
    nik = make_nik()
    run = dry_run(csv_file([line(nik=nik)]), officer)
    assert not Enterprise.objects.exists() and not Owner.objects.exists()
    [row] = ImportRow.objects.values()
    assert nik not in str(row)
    assert run.columns == HEADINGS


def test_the_same_file_again_changes_nothing(officer):
    data = csv_file(
        [line(), line("Bakso Cak Ri", "Slamet", nik="", modal="2.500.000"), line("Sate", nik="", phone="")]
    )
    applied(data, officer)
    before = list(Enterprise.objects.order_by("pk").values())
    again = applied(data, officer)
    assert fates(again) == ["same"] * 3
    assert list(Enterprise.objects.order_by("pk").values()) == before
    assert Person.objects.filter(registered_by=officer).count() == 3


def test_a_killed_import_goes_on_where_it_stopped(officer, monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 2)
    data = csv_file([line(f"Usaha {number}", phone=f"08123456{number:04d}") for number in range(7)])
    run = imports.upload(data, file_name="x.csv", region_id=MALANG, by=officer)
    run = imports.start_reading(run, mapping=run.mapping, by=officer)
    for step in ("_read_chunk", "_apply_chunk"):
        real, calls = getattr(running, step), []

        def dies(*args, real=real, calls=calls):
            calls.append(1)
            if len(calls) == 3:
                raise KeyboardInterrupt
            return real(*args)

        monkeypatch.setattr(running, step, dies)
        with pytest.raises(KeyboardInterrupt):
            imports.go_on(run)
        run = imports.go_on(run)
        if step == "_read_chunk":
            assert fates(run) == ["new"] * 7
            run = imports.start_applying(run, by=officer)
    assert Enterprise.objects.count() == 7
    assert ImportRun.objects.get().state == "done"


def test_a_line_repeated_across_a_restart_is_still_found(officer, monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 1)
    nik = make_nik()
    run = imports.upload(
        csv_file([line(nik=nik), line(nik=nik)]), file_name="x.csv", region_id=MALANG, by=officer
    )
    run = imports.start_reading(run, mapping=run.mapping, by=officer)
    reader, seen = running.Reader(MALANG, run.mapping), running.Seen()
    assert running._read_chunk(run, reader, seen)
    imports.go_on(run)
    assert fates(run) == ["new", "same"]


def test_what_changed_since_the_dry_run_is_left_for_a_person(officer):
    nik = make_nik()
    run = dry_run(csv_file([line(nik=nik), line("Sate", nik="", phone="08111111111")]), officer)
    make_enterprise(
        name=f"{line()[0]} Lama", owner_name="Sri Wahyuni", nik=nik, village=make_village(name="Purwantoro")
    )
    run = imports.go_on(imports.start_applying(run, by=officer))
    assert fates(run) == ["conflict", "new"]
    assert "changed since" in rows(run)[0].reason


def test_steps_come_in_order(officer):
    run = dry_run(csv_file([line()]), officer)
    imports.start_applying(run, by=officer)
    for step in (
        lambda: imports.start_applying(run, by=officer),
        lambda: imports.start_reading(run, mapping=run.mapping, by=officer),
        lambda: imports.discard(run, by=officer),
    ):
        with pytest.raises(Refused) as refusal:
            step()
        assert refusal.value.status == 409


def test_discarding_removes_what_the_file_said(officer):
    run = imports.discard(dry_run(csv_file([line()]), officer), by=officer)
    assert run.state == "discarded" and not ImportRow.objects.exists()


@pytest.mark.parametrize(
    ("role", "region"), [(Role.VILLAGE_OFFICER, MALANG), (Role.TELLER, MALANG), (Role.REGION_ADMIN, BATU)]
)
def test_only_stewards_of_the_region_import(role, region):
    with pytest.raises(Refused) as refusal:
        imports.upload(
            csv_file([line()]), file_name="x.csv", region_id=MALANG, by=make_person(role=role, region=region)
        )
    assert refusal.value.status == 403


def test_queries_do_not_grow_with_the_lines(officer, django_assert_max_num_queries):
    run = imports.upload(
        csv_file([line(f"Usaha {number}", phone=f"08123456{number:04d}") for number in range(200)]),
        file_name="x.csv",
        region_id=MALANG,
        by=officer,
    )
    with django_assert_max_num_queries(90):
        run = imports.go_on(imports.start_reading(run, mapping=run.mapping, by=officer))
        imports.go_on(imports.start_applying(run, by=officer))
    assert Enterprise.objects.count() == 200


def test_a_line_is_told_in_the_language_of_who_reads(officer):
    make_enterprise(name="Soto", owner_name="Ani", nik="", village=make_village(name="Purwantoro"))
    nik = make_nik()
    run = dry_run(
        csv_file(
            [
                line(nik="12", phone="08", village="Atlantis", modal="banyak"),
                line(name="=" * 130, nik="3573999905850001"),
                line(village="Purwantaro", nik=nik),
                line(village="Purwantaro", nik=nik),
                line("Soto", "Ani", nik="3573••••••••0001", modal="-1"),
                line("Sate", "", nik=""),
            ]
        ),
        officer,
    )
    told = {}
    for language in ("en", "id"):
        with translation.override(language):
            told[language] = [row.reason for row in rows(run)]
    assert "16 digits" in told["en"][0] and "16 angka" in told["id"][0]
    assert [one.count("\n") for one in told["en"]] == [one.count("\n") for one in told["id"]]
    for english, indonesian in zip(told["en"], told["id"], strict=True):
        for one, other in zip(english.split("\n"), indonesian.split("\n"), strict=True):
            assert one and one != other


def test_what_changed_since_the_dry_run_is_told_in_both_languages(officer):
    run = dry_run(csv_file([line()]), officer)
    make_enterprise(
        name=f"{line()[0]} Lama", owner_name="Sri Wahyuni", nik="", village=make_village(name="Purwantoro")
    )
    ImportRow.objects.update(fate="changed")
    imports.go_on(imports.start_applying(run, by=officer))
    [row] = rows(run)
    assert row.fate == "conflict" and set(row.reasons) == {"id", "en"}
    assert row.reasons["id"] != row.reasons["en"]


def test_a_line_left_out_always_says_why(officer):
    dry_run(csv_file([line(phone="12")]), officer)
    with pytest.raises(IntegrityError, match="import_row_says_why"), transaction.atomic():
        ImportRow.objects.update(reasons={})
