"""Lists given out: what one may see, masked, harmless to a spreadsheet, and recorded."""

import csv
import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook
from tests.factories import BATU, MALANG, make_nik, make_person, make_village

from mbois.enterprises import exports, imports
from mbois.enterprises.models import Enterprise, Export
from mbois.enterprises.spreadsheets import csv_lines, xlsx
from mbois.enterprises.tests.factories import make_enterprise
from mbois.enterprises.tests.sheets import csv_file, fates
from mbois.people.models import Role
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make_person(role=Role.REGION_ADMIN, region=MALANG, language="en")


def given(person, kind="csv", **filters):
    rows = Enterprise.objects.visible_to(person).order_by("pk")
    return b"".join(exports.export(rows, kind=kind, by=person, filters=filters))


def read_csv(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


def test_it_gives_what_one_may_see_with_numbers_masked(officer):
    nik = make_nik()
    make_enterprise(name="Sate", nik=nik, phone="081234567890", capital=5_000_000)
    make_enterprise(region=BATU, name="Soto")
    headings, line = read_csv(given(officer))
    said = dict(zip(headings, line, strict=True))
    assert said["Name of the business"] == "Sate" and said["Phone"] == "081234567890"
    assert said["Owner's identity, masked (NIK)"] == nik[:4] + "••••••••" + nik[-4:]
    assert nik not in given(officer).decode()


def test_it_is_recorded_and_the_record_stays(officer):
    make_enterprise()
    given(officer, kind="xlsx", q="sate")
    record = Export.objects.get()
    assert (record.made_by, record.region_id, record.rows, record.format) == (officer, MALANG, 1, "xlsx")
    assert record.filters == {"q": "sate"}
    assert Export.objects.visible_to(make_person(role=Role.AUDITOR, region=MALANG)).count() == 1
    assert not Export.objects.visible_to(make_person(role=Role.TELLER, region=MALANG))


def test_who_took_lists_out_is_a_page(client, officer, django_assert_max_num_queries):
    make_enterprise()
    for _time in range(3):
        given(officer, q="sate")
    client.force_login(make_person(role=Role.AUDITOR, region=MALANG, language="en"))
    with django_assert_max_num_queries(12):
        page = client.get(reverse("exports")).content.decode()
    assert page.count("q: sate") == 3 and officer.name in page
    client.force_login(make_person(role=Role.REGION_ADMIN, region=BATU, language="en"))
    assert "No list was taken out yet" in client.get(reverse("exports")).content.decode()


@pytest.mark.parametrize("name", ["=1+1", "+cmd|calc", "-2", "@SUM(A1)", "\t=1"])
def test_nothing_runs_as_a_formula(name):
    [[cell]] = read_csv(b"".join(csv_lines([name], [])))
    assert cell.startswith("'")
    book = load_workbook(io.BytesIO(b"".join(xlsx("x", ["h"], [[name]]))))
    assert book.active["A2"].data_type == "s" and book.active["A2"].value.startswith("'")


def test_a_dash_alone_is_no_formula():
    assert read_csv(b"".join(csv_lines(["-"], []))) == [["-"]]


def test_any_sign_can_be_written():
    texts = ["<&>\"'", "a\x00b\x0bc", "Café ☕", "نص"]
    data = b"".join(xlsx("Usaha & <kawan>", ["A"], [[text] for text in texts]))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == ["<&>\"'", "abc", "Café ☕", "نص"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_given_out_can_be_taken_in_again_without_effect(officer, kind):
    village = make_village(name="Purwantoro")
    make_enterprise(
        name="=Sate",
        village=village,
        phone="081234567890",
        capital=5_000_000,
        rt="1",
        latitude=-7.95,
        longitude=112.6,
    )
    make_enterprise(
        name="Soto", village=make_village(name="Kauman"), nib="0220001234567", description="Soto & nasi"
    )
    run = imports.upload(given(officer, kind=kind), file_name=f"x.{kind}", region_id=MALANG, by=officer)
    assert "nik" not in run.mapping
    run = imports.go_on(imports.start_reading(run, mapping=run.mapping, by=officer))
    assert fates(run) == ["same", "same"]


def test_only_two_formats(officer):
    with pytest.raises(Refused):
        given(officer, kind="exe")


def test_three_queries_whatever_the_number(officer, django_assert_num_queries):
    for _number in range(3):
        make_enterprise()
    assert officer.roles
    rows = Enterprise.objects.visible_to(officer)
    with django_assert_num_queries(3):
        b"".join(exports.export(rows, kind="xlsx", by=officer, filters={}))


def test_the_command_shows_and_then_does(officer, tmp_path, capsys):
    make_village()
    file = tmp_path / "umkm.csv"
    file.write_bytes(
        csv_file(
            [["Sate", "Budi", "Purwantoro", "1"], ["Soto", "Ani", "Wakanda", "2"]],
            ["Usaha", "Siapa", "Kelurahan", "Omzet bulanan"],
        )
    )
    call_command("import", str(file), "--region", MALANG, "--column", "owner_name=Siapa")
    said = capsys.readouterr().out
    assert "not read: Omzet bulanan\n" in said
    assert "new 1" in said and "line 3: village" in said and "nothing was written" in said
    assert not Enterprise.objects.exists()
    call_command("import", str(file), "--region", MALANG, "--column", "owner_name=Siapa", "--apply")
    assert Enterprise.objects.get().registered_by == officer
    with pytest.raises(CommandError, match="no region"):
        call_command("import", str(file), "--region", "99.99")
    with pytest.raises(CommandError, match="no field 'penjualan'"):
        call_command("import", str(file), "--region", MALANG, "--column", "penjualan=Siapa")


def test_a_sign_that_no_text_can_hold_is_recorded_as_the_list_read_it(client, officer):
    make_enterprise(name="Warung Abadi")
    client.force_login(officer)
    for query in ("q=%00", "q=aba%00di", "%00=x"):
        assert b"".join(client.get(f"/usaha/unduh/csv/?{query}").streaming_content)
    assert [row.filters for row in Export.objects.order_by("pk")] == [{}, {"q": "abadi"}, {}]
