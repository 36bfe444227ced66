"""What stands in a cell of an import, and what is asked for instead of guessed."""

import pytest
from tests.factories import MALANG, make_village

from mbois.enterprises import imports
from mbois.enterprises.models import Owner
from mbois.enterprises.tests.factories import make_kbli
from mbois.enterprises.tests.sheets import HEADINGS, applied, csv_file, dry_run, line, rows, xlsx_file

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("cells", "field", "reason"),
    [
        ({"nik": "3573"}, "nik", "16 digits"),
        ({"nik": "3,57E+15"}, "nik", "rounded the NIK"),
        ({"nik": "3573059905850001"}, "nik", "day of birth"),
        ({"phone": "12"}, "phone", "phone number"),
        ({"village": "Wakanda"}, "village", "no village called Wakanda"),
        ({"village": "35.79.01.1001"}, "village", "not the code of a village of this region"),
        ({"district": "Klojen"}, "village", "no Purwantoro in Klojen. It is in Blimbing"),
        ({"modal": "banyak"}, "capital", "not an amount of money"),
        ({"modal": "-5"}, "capital", "not an amount of money"),
        ({"owner": "3573"}, "owner_name", "name has letters"),
        ({"owner": ""}, "owner_name", "needs this: Name of the owner"),
        ({"name": ""}, "name", "needs this: Name of the business"),
    ],
)
def test_a_line_that_cannot_be_says_why(officer, cells, field, reason):
    run = dry_run(csv_file([line(**cells)]), officer)
    [row] = rows(run)
    assert (row.fate, row.field, row.line) == ("error", field, 2)
    assert reason in row.reason


def test_numbers_as_a_spreadsheet_keeps_them(officer):
    headings = [*HEADINGS, "NIB", "Mulai Usaha", "Tenaga Kerja", "KBLI"]
    make_kbli("01111", "Jagung")
    run = dry_run(
        xlsx_file(
            [
                [
                    *line(nik=3573054505850001, phone=81234567890, modal=1500000.0),
                    220001234567,
                    42064,
                    2,
                    1111,
                ],
                [*line("Sate", nik=3573054505850010), "", "", "", ""],
                [*line("Soto", nik=9573054505850013), "", "", "", ""],
            ],
            headings,
        ),
        officer,
    )
    first, second, third = rows(run)
    assert first.fate == "new", first.reason
    assert first.values["phone"] == "+6281234567890" and first.values["nib"] == "0220001234567"
    assert first.values["started_on"] == "2015-03-01" and first.values["kbli"] == "01111"
    assert second.fate == "error" and "rounded" in second.reason
    assert third.fate == "error" and "rounded" in third.reason


def test_everything_that_is_wrong_with_a_line_is_said_at_once(officer):
    bad = line(nik="12", phone="08", village="Atlantis", modal="banyak")
    run = dry_run(csv_file([bad, line(name="", owner="", village="")]), officer)
    first, second = rows(run)
    assert (first.fate, first.field) == ("error", "")
    said = first.reason.splitlines()
    assert [reason.partition(":")[0] for reason in said] == [
        "NIK",
        "Village",
        "Phone",
        "Capital",
    ]
    assert "16 digits" in said[0] and "banyak" in said[-1]
    assert "needs this" in second.reason and second.reason.count(",") == 2


def test_a_village_read_otherwise_is_said(officer):
    run = dry_run(csv_file([line(village="Purwantaro")]), officer)
    [row] = rows(run)
    assert (row.fate, row.reason) == ("new", "“Purwantaro” was read as Purwantoro.")


@pytest.mark.parametrize(
    ("village", "district", "field", "reason"),
    [
        ("Purwantaro", "Blimbing", "village", "“Purwantaro” was read as Purwantoro."),
        ("Purwantoro", "Belimbing", "district", "“Belimbing” was read as Blimbing."),
        (
            "Kel. Purwantaro, Belimbing",
            "",
            "",
            "Village: “Kel. Purwantaro” was read as Purwantoro.\nDistrict: “Belimbing” was read as Blimbing.",
        ),
        ("KEL. PURWANTORO", "Kec. blimbing", "", ""),
        ("35.73.01.1003", "Blimbin", "", ""),
        ("35.73.01.1003", "35.73.01", "", ""),
        ("35.73.01.1003", "Klojen", "district", "The code is of a village in Blimbing, not in Klojen."),
        ("35.73.01.1003", "35.73.02", "district", "The code is of a village in Blimbing, not in 35.73.02."),
    ],
)
def test_a_place_that_was_read_otherwise_is_said(officer, village, district, field, reason):
    code = make_village(name="Purwantoro").code
    cells = line(village=code if village[0] == "3" else village, district=district)
    [row] = rows(dry_run(csv_file([cells]), officer))
    assert (row.fate, row.field, row.reason) == ("new", field, reason)


HIDDEN = ["0925••••••••7000", "092542943340****", "09.254.xxx.x-xxx.000", "XXXXX", "0925429433407#00"]


@pytest.mark.parametrize("npwp", HIDDEN)
def test_a_tax_number_shown_in_part_is_asked_for(officer, npwp):
    headings = [*HEADINGS, "NPWP"]
    run = applied(csv_file([[*line(), npwp]], headings), officer)
    [row] = rows(run)
    assert (row.fate, row.field) == ("error", "npwp") and "only a part" in row.reason
    assert not Owner.objects.exists()


@pytest.mark.parametrize(
    "heading",
    [
        "Omzet per bulan",
        "Omzet bulanan (Rp)",
        "Omzet (juta rupiah)",
        "Omzet per tahun (ribu)",
        "Modal (juta)",
    ],
)
def test_money_in_another_measure_is_no_guess(officer, heading):
    data = csv_file([["Sate", "Budi", "Purwantoro", "15"]], ["Nama Usaha", "Pemilik", "Kelurahan", heading])
    run = imports.upload(data, file_name="x.csv", region_id=MALANG, by=officer)
    assert set(run.mapping) == {"name", "owner_name", "village"}


@pytest.mark.parametrize(
    ("cell", "rt", "rw"), [("003/015", "003", "015"), ("RT 3 / RW 15", "003", "015"), ("3", "003", None)]
)
def test_rt_and_rw_in_one_cell(officer, cell, rt, rw):
    data = csv_file([["Sate", "Budi", "Purwantoro", cell]], ["Nama Usaha", "Pemilik", "Kelurahan", "RT/RW"])
    [row] = rows(dry_run(data, officer))
    assert (row.values.get("rt"), row.values.get("rw")) == (rt, rw), row.reason


@pytest.mark.parametrize(
    ("cell", "day"), [("2015/03/01", "2015-03-01"), ("03/2015", "2015-03-01"), ("13/2015", None)]
)
def test_days_as_registers_write_them(officer, cell, day):
    data = csv_file(
        [["Sate", "Budi", "Purwantoro", cell]], ["Nama Usaha", "Pemilik", "Kelurahan", "Mulai Usaha"]
    )
    [row] = rows(dry_run(data, officer))
    assert (row.values.get("started_on"), row.fate) == (day, "new" if day else "error")


def test_a_class_of_four_digits_is_not_taken_for_a_code_without_its_zero(officer):
    for code, title in (("1411", "Industri pakaian jadi"), ("01411", "Pembibitan sapi potong")):
        make_kbli(code, title)
    headings = ["Nama Usaha", "Pemilik", "Kelurahan", "KBLI"]
    [row] = rows(dry_run(csv_file([["Modiste", "Budi", "Purwantoro", "1411"]], headings), officer))
    assert row.fate == "error" and "class of four digits" in row.reason


def test_a_tax_number_that_lost_its_zero(officer):
    headings = ["Nama Usaha", "Pemilik", "Kelurahan", "NPWP"]
    [row] = rows(dry_run(xlsx_file([["Sate", "Budi", "Purwantoro", 92542943407000]], headings), officer))
    assert row.fate == "new", row.reason
