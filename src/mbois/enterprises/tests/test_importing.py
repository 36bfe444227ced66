"""A file of enterprises taken in: every line's fate is shown, then done once."""

import io
import zipfile

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation
from openpyxl import Workbook
from tests.factories import BATU, KABUPATEN, MALANG, load_places, make_nik, make_person, make_village

from mbois.enterprises import imports
from mbois.enterprises.imports import running
from mbois.enterprises.models import Enterprise, ImportRow, ImportRun, Owner
from mbois.enterprises.tests.factories import make_enterprise, make_kbli
from mbois.enterprises.tests.sheets import HEADINGS, applied, csv_file, dry_run, fates, rows, xlsx_file
from mbois.people.models import Notification, Person, Role
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places():
    load_places()


@pytest.fixture
def officer():
    return make_person(role=Role.AGENCY_OFFICER, region=MALANG, language="en")


def line(name="Keripik Tempe Bu Sri", owner="Sri Wahyuni", nik=None, phone="0812 3456 7890", **more):
    """One line in the order of HEADINGS."""
    village, district = more.get("village", "Purwantoro"), more.get("district", "Blimbing")
    return [name, owner, make_nik() if nik is None else nik, phone, village, district, more.get("modal", "")]


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


def test_a_change_shows_what_was_and_what_will_be(officer):
    nik = make_nik()
    applied(csv_file([line(nik=nik, modal="1000000")]), officer)
    run = dry_run(csv_file([line("Keripik Tempe Bu Sri Sanan", nik=nik, modal="2000000", phone="")]), officer)
    [row] = rows(run)
    assert row.fate == "changed"
    assert row.changes == {
        "name": ["Keripik Tempe Bu Sri", "Keripik Tempe Bu Sri Sanan"],
        "capital": [1_000_000, 2_000_000],
    }
    imports.go_on(imports.start_applying(run, by=officer))
    enterprise = Enterprise.objects.get()
    assert (enterprise.name, enterprise.compared_name) == (
        "Keripik Tempe Bu Sri Sanan",
        "keripik tempe sri sanan",
    )
    assert (enterprise.capital, str(enterprise.phone)) == (2_000_000, "+6281234567890")
    assert "sanan" in enterprise.search


def test_it_matches_by_number_then_nib_then_place(officer):
    village = make_village(name="Purwantoro")
    by_number = make_enterprise(name="Satu", village=village)
    by_nib = make_enterprise(name="Dua", nib="1234567890123", village=village)
    by_place = make_enterprise(name="Toko Tiga", phone="081234567890", nik="", village=village)
    headings = ["Nomor Registri", "NIB", "Nama Usaha", "HP", "Kelurahan", "RT"]
    run = dry_run(
        csv_file(
            [
                [by_number.number, "", "", "", "", "1"],
                ["", "1234567890123", "", "", "", "2"],
                ["", "", "UD Tiga", "6281234567890", "Kel. Purwantoro", "3"],
            ],
            headings,
        ),
        officer,
    )
    assert [row.enterprise for row in rows(run)] == [by_number, by_nib, by_place]
    assert [row.changes["rt"] for row in rows(run)] == [["", "001"], ["", "002"], ["", "003"]]


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


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_csv_in_every_dress(officer, separator, encoding):
    run = dry_run(csv_file([line("Café Melati")], separator=separator, encoding=encoding), officer)
    assert rows(run)[0].values["name"] == "Café Melati"


def test_titles_and_empty_lines_keep_their_line_numbers(officer):
    data = (
        b"Data UMKM 2026;;\n;;\nNama Usaha;Pemilik;Kelurahan\n;;\nSate;Budi;Purwantoro\n\nSoto;Ani;Wakanda\n"
    )
    run = dry_run(data, officer)
    assert [(row.line, row.fate) for row in rows(run)] == [(5, "new"), (7, "error")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (b"Nama Usaha;Pemilik\n", "no lines below"),
        (b"PK\x03\x04rubbish", "cannot be read"),
        (bytes(range(256)) * 20, "cannot be read"),
    ],
)
def test_a_file_that_is_none_is_refused(officer, data, reason):
    with pytest.raises(Refused, match=reason):
        imports.upload(data, file_name="x.csv", region_id=MALANG, by=officer)
    assert not ImportRun.objects.exists()


def test_a_line_twice_in_the_file(officer):
    nik = make_nik()
    run = applied(csv_file([line(nik=nik), line(nik=nik), line(nik=nik, modal="9000000")]), officer)
    assert fates(run) == ["new", "same", "conflict"]
    assert "Line 2" in rows(run)[2].reason
    assert Enterprise.objects.count() == 1


def test_two_businesses_of_one_owner_share_the_owner(officer):
    nik = make_nik()
    run = applied(csv_file([line(nik=nik), line("Salon Ayu", nik=nik)]), officer)
    assert fates(run) == ["new", "new"]
    assert Owner.objects.count() == 1 and Enterprise.objects.count() == 2


def test_conflicts_are_left_for_a_person(officer):
    village = make_village(name="Purwantoro")
    nik = make_nik()
    known = make_enterprise(name="Sate", owner_name="Budi", nik=nik, nib="1234567890123", village=village)
    other = make_enterprise(name="Soto", owner_name="Ani", nik=make_nik(), village=village)
    headings = ["Nomor Registri", "Nama Usaha", "Nama Pemilik", "NIK", "NIB", "Kelurahan"]
    run = applied(
        csv_file(
            [
                ["", "Mie", "Someone Else", nik, "", "Purwantoro"],
                [other.number, "", "", nik, "", ""],
                [other.number, "", "", "", "1234567890123", ""],
                [other.number, "", "", make_nik(), "", ""],
                [known.number, "", "Joko", "", "", ""],
                ["U-3573-999999", "", "", "", "", ""],
            ],
            headings,
        ),
        officer,
    )
    assert fates(run) == ["conflict"] * 5 + ["error"]
    assert [row.field for row in rows(run)] == ["owner_name", "nik", "nib", "nik", "owner_name", "number"]
    assert Enterprise.objects.count() == 2


def test_another_region_s_number_is_as_one_nobody_holds(officer):
    nik = make_nik(KABUPATEN)
    there = make_enterprise(region=KABUPATEN, nik=nik, name="Sate")
    unknown = dry_run(csv_file([line(nik=make_nik(KABUPATEN))]), officer)
    held = dry_run(csv_file([line(nik=nik)]), officer)
    said = [
        [(row.fate, row.reason, row.field, row.changes, row.enterprise) for row in rows(run)]
        for run in (unknown, held)
    ]
    assert said[0] == said[1]
    by_number = dry_run(csv_file([[there.number, "1"]], ["Nomor Registri", "RT"]), officer)
    assert rows(by_number)[0].fate == "error" and "no business with the number" in rows(by_number)[0].reason


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


def test_a_second_business_of_an_owner_does_not_overwrite_the_first(officer):
    village, nik = make_village(name="Purwantoro"), make_nik()
    first = make_enterprise(name="Keripik Satu", owner_name="Sri Wahyuni", nik=nik, village=village)
    run = applied(csv_file([line("Warung Kopi", nik=nik), line("Kripik Satu", nik=nik)]), officer)
    assert fates(run) == ["conflict", "changed"]
    assert first.number in rows(run)[0].reason
    first.refresh_from_db()
    assert first.name == "Kripik Satu"


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


def test_the_columns_can_be_said_by_hand(officer):
    data = csv_file([["Sate", "Budi", "Purwantoro"]], ["A", "B", "C"])
    run = imports.upload(data, file_name="x.csv", region_id=MALANG, by=officer)
    assert run.mapping == {}
    with pytest.raises(Refused, match="name of the business"):
        imports.start_reading(run, mapping={"village": 2}, by=officer)
    with pytest.raises(Refused, match="two fields"):
        imports.start_reading(run, mapping={"name": 0, "owner_name": 0}, by=officer)
    run = imports.start_reading(run, mapping={"name": 0, "owner_name": 1, "village": 2}, by=officer)
    assert fates(imports.go_on(run)) == ["new"]


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
    ("npwp", "fate"),
    [
        ("0925••••••••7000", "same"),
        ("0925********7000", "same"),
        ("0925••••••••7001", "error"),
        ("092542xxxxxxx", "error"),
    ],
)
def test_a_tax_number_shown_in_part_must_be_the_one_that_is_known(officer, npwp, fate):
    headings, nik = [*HEADINGS, "NPWP"], make_nik()
    applied(csv_file([[*line(nik=nik), "0925429433407000"]], headings), officer)
    before = Owner.objects.values("npwp_sealed", "npwp_hash").get()
    assert before["npwp_hash"]
    run = applied(csv_file([[*line(nik=nik), npwp]], headings), officer)
    assert fates(run) == [fate]
    assert Owner.objects.values("npwp_sealed", "npwp_hash").get() == before


def test_numbers_shown_in_part_of_an_owner_without_any_are_asked_for(officer):
    headings = [*HEADINGS, "NPWP"]
    applied(csv_file([line(nik="")]), officer)
    run = dry_run(csv_file([[*line(nik="3573xxxxxxxx0001"), "09**"]], headings), officer)
    [row] = rows(run)
    assert row.fate == "error" and row.reason.startswith("NIK: ") and "\nNPWP: " in row.reason


@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.7\n1 0 obj", b"MZ\x90\x00\x03", b"\x89PNG\r\n\x1a\n", b"\xef\xbb\xbf\n<html><table>\n<tr>"],
)
def test_what_is_no_table_is_said_to_be_none(officer, data):
    with pytest.raises(Refused, match="cannot be read"):
        dry_run(data, officer)


def test_a_heading_may_begin_as_programs_do(officer):
    run = imports.upload(
        b"MZ Nama;Kelurahan\nSate;Purwantoro\n", file_name="x.csv", region_id=MALANG, by=officer
    )
    assert run.columns == ["MZ Nama", "Kelurahan"]


@pytest.mark.parametrize("after", [1, 8_000])
def test_a_quotation_mark_left_open_is_named_however_much_follows(officer, after):
    broken = [line(), line('"Bakso', "Slamet"), *(line(f"Usaha {number}") for number in range(after))]
    text = csv_file(broken).decode("utf-8-sig").replace('"""Bakso"', '"Bakso')
    with pytest.raises(Refused, match="In line 3 a quotation mark"):
        dry_run(text.encode(), officer)


def test_a_quotation_mark_left_open_is_named(officer):
    text = csv_file([line(), line("Bakso", "Slamet")]).decode("utf-8-sig")
    broken = text.replace("Keripik Tempe", '"Keripik Tempe', 1)
    with pytest.raises(Refused, match="In line 2 a quotation mark"):
        dry_run(broken.encode(), officer)


def test_a_formula_without_its_result_is_said(officer):
    """Written by a program that does not compute: the file holds "=A2&B2" and nothing else."""
    make_village(name="Purwantoro")
    book = Workbook()
    sheet = book.active
    sheet.title = "Usaha & toko"
    sheet["B3"], sheet["C3"], sheet["D3"], sheet["E3"] = "Nama Usaha", "Nama Pemilik", "Kelurahan", "Modal"
    sheet["B4"], sheet["C4"], sheet["D4"], sheet["E4"] = "Soto Ani", "Ani", "Purwantoro", "=5*1000"
    sheet["B5"], sheet["C5"], sheet["D5"], sheet["E5"] = "=B4", "Budi", "Purwantoro", 7_000
    out = io.BytesIO()
    book.save(out)
    first, second = rows(dry_run(out.getvalue(), officer))
    assert (first.line, first.fate, first.field) == (4, "new", "capital")
    assert "formula without its result" in first.reason and "capital" not in first.values
    assert (second.line, second.fate) == (5, "error")
    assert "needs this: Name of the business" in second.reason and "formula without" in second.reason


def test_a_formula_with_its_result_is_what_it_says(officer):
    """Also where that is an empty text."""
    make_village(name="Purwantoro")
    whole = xlsx_file([["Soto Ani", "Ani", "", "", "Purwantoro", "=0", "=0"]])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as given, zipfile.ZipFile(out, "w") as book:
        for name in given.namelist():
            part = given.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = part.replace(b'<c r="G2"><f>0</f><v />', b'<c r="G2"><f>5*1000</f><v>5000</v>')
                part = part.replace(b'<c r="F2"><f>0</f><v />', b'<c r="F2" t="str"><f>""</f><v></v>')
            book.writestr(name, part)
    [row] = rows(dry_run(out.getvalue(), officer))
    assert (row.fate, row.reason, row.values["capital"]) == ("new", "", 5000)


def book_of(**sheets):
    """A workbook of these sheets, each a list of rows."""
    book = Workbook()
    book.remove(book.active)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for cells in lines:
            sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_instructions_may_stand_on_the_first_sheet(officer):
    help_ = [["Cara mengisi"], ["Isi lembar Data"], ["Jangan mengubah judul"]]
    run = dry_run(book_of(Petunjuk=help_, Data=[HEADINGS, line()], Kosong=[HEADINGS]), officer)
    assert fates(run) == ["new"]


def test_no_sheet_of_businesses_is_dropped_without_a_word(officer):
    data = book_of(Lowokwaru=[HEADINGS, line()], Klojen=[HEADINGS, line("Bakso Cak Ri")])
    with pytest.raises(Refused) as refused:
        imports.upload(data, file_name="umkm.xlsx", region_id=MALANG, by=officer)
    assert refused.value.code == "several_sheets"
    assert "Lowokwaru, Klojen" in refused.value.message


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_two_bytes_a_letter_without_a_mark(officer, encoding):
    run = dry_run(csv_file([line("Kopi Café Sri")], encoding=encoding), officer)
    assert fates(run) == ["new"]


NIK = "3507014107900021"
OWNERS = {
    "name": (["Karto Alfa", NIK, ""], ["Wati Beta", NIK, ""], "nik", "Line 2 gives this NIK for Karto Alfa."),
    "better written": (
        ["Sri W", NIK, ""],
        ["Sri Wahyuni", NIK, ""],
        "nik",
        "Line 2 gives this NIK for Sri W.",
    ),
    "npwp": (
        ["Karto", NIK, "0925429433407000"],
        ["Karto", NIK, "0925429433407001"],
        "npwp",
        "Line 2 gives another NPWP for this owner.",
    ),
}


@pytest.mark.parametrize(("first", "second", "field", "reason"), OWNERS.values(), ids=OWNERS.keys())
def test_two_lines_that_differ_on_an_owner_meet_the_same_fate_each_time(
    officer, first, second, field, reason, monkeypatch
):
    """As if the first were in the registry already; also where the dry run was begun again between them."""
    make_village(name="Purwantoro")
    data = csv_file(
        [["Keripik Tempe", *first, "Purwantoro"], ["Salon Ayu", *second, "Purwantoro"]],
        ["Nama Usaha", "Nama Pemilik", "NIK", "NPWP", "Kelurahan"],
    )
    run = dry_run(data, officer)
    assert (fates(run), rows(run)[1].field, rows(run)[1].reason) == (["new", "conflict"], field, reason)
    assert set(rows(run)[1].reasons) == {"id", "en"}
    run = imports.upload(data, file_name="x.csv", region_id=MALANG, by=officer)
    run = imports.start_reading(run, mapping=run.mapping, by=officer)
    with monkeypatch.context() as small:
        small.setattr(running, "CHUNK", 1)
        assert running._read_chunk(run, running.Reader(MALANG, run.mapping), running.Seen())
        imports.go_on(run)
    assert fates(run) == ["new", "conflict"]
    assert fates(applied(data, officer)) == ["new", "conflict"]
    for _again in range(2):
        assert fates(applied(data, officer)) == ["same", "conflict"]
    owner = Owner.objects.get()
    assert (owner.name, Enterprise.objects.count()) == (first[0], 1)


@pytest.mark.parametrize("chunk", [1, 2000])
def test_what_only_a_later_line_says_of_an_owner_is_kept(officer, chunk, monkeypatch):
    monkeypatch.setattr(running, "CHUNK", chunk)
    nik, headings = make_nik(), [*HEADINGS, "NPWP"]
    data = csv_file(
        [[*line(nik=nik), ""], [*line("Salon Ayu", nik=nik, phone=""), "0925429433407000"]], headings
    )
    assert fates(applied(data, officer)) == ["new", "new"]
    assert Owner.objects.get().npwp_hash
    assert fates(applied(data, officer)) == ["same", "same"]


def test_registered_businesses_of_one_owner_are_not_given_two_names_by_turns(officer):
    nik = make_nik()
    applied(csv_file([line(nik=nik), line("Salon Ayu", nik=nik)]), officer)
    data = csv_file([line(nik=nik), line("Salon Ayu", "Sri Wahyuni Ningsih", nik=nik)])
    for _again in range(2):
        run = applied(data, officer)
        assert fates(run) == ["same", "conflict"]
    assert Owner.objects.get().name == "Sri Wahyuni"


def test_one_number_is_not_given_to_two_owners(officer):
    village, nik = make_village(name="Purwantoro"), make_nik()
    numbers = [make_enterprise(name=name, nik="", village=village).number for name in ("Sate", "Soto")]
    run = applied(csv_file([[number, nik] for number in numbers], ["Nomor Registri", "NIK"]), officer)
    assert fates(run) == ["changed", "conflict"]
    assert rows(run)[1].reason == "Line 2 gives this NIK for the owner of another business."


def test_a_new_business_of_a_known_owner_does_not_bring_another_npwp(officer):
    nik, headings = make_nik(), [*HEADINGS, "NPWP"]
    applied(csv_file([[*line(nik=nik), "0925429433407000"]], headings), officer)
    data = csv_file(
        [[*line("Salon Ayu", nik=nik, village="Kauman", district=""), "0925429433407001"]], headings
    )
    make_village(name="Kauman")
    run = applied(data, officer)
    [row] = rows(run)
    assert (row.fate, row.field) == ("conflict", "npwp") and "0925••••••••7000" in row.reason


def test_the_registry_number_tells_two_businesses_apart(officer):
    village = make_village(name="Purwantoro")
    numbers = [
        make_enterprise(
            name="Sate Madura", owner_name="Budi", phone="081234567890", nik="", village=village
        ).number
        for _twice in range(2)
    ]
    cells = ["Sate Madura", "Budi", "081234567890", "Purwantoro"]
    headings = ["Nomor Registri", "Nama Usaha", "Nama Pemilik", "HP", "Kelurahan"]
    lines = [[number, *cells] for number in numbers]
    run = dry_run(csv_file([*lines, lines[1], ["", *cells]], headings), officer)
    assert fates(run) == ["same", "same", "same", "conflict"]
    assert [row.reason for row in rows(run)[2:]] == [
        "Says the same as line 3.",
        "Line 2 is about the same business and says something else.",
    ]


def test_one_nib_is_not_given_to_two_businesses(officer):
    village = make_village(name="Purwantoro")
    numbers = [make_enterprise(name=name, nik="", village=village).number for name in ("Sate", "Soto")]
    headings = ["Nomor Registri", "NIB"]
    run = applied(csv_file([[number, "0220001234567"] for number in numbers], headings), officer)
    assert fates(run) == ["changed", "conflict"]
    assert (rows(run)[1].field, rows(run)[1].reason) == ("nib", "Line 2 gives this NIB for another business.")


@pytest.mark.parametrize("make", [csv_file, xlsx_file])
def test_a_cell_under_no_heading_is_named(officer, make):
    data = make(
        [[*line(), "", "lantai 2"], [*line("Bakso Cak Ri", "Slamet"), "", ""], [*[""] * 8, "catatan"]]
    )
    run = dry_run(data, officer)
    assert fates(run) == ["error", "new"]
    assert rows(run)[0].reason.startswith("Cell 9 of this line stands under no heading.")


def test_headings_beyond_the_most_are_left_out_with_their_cells(officer):
    headings = [*HEADINGS, *(f"Kolom {number}" for number in range(60))]
    run = dry_run(csv_file([[*line(), *["x"] * 60]], headings), officer)
    assert fates(run) == ["new"]


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_commas_in_addresses_do_not_part_the_cells(officer, separator):
    lines = [
        f"Sate {name};Budi {name};Purwantoro;Jl. Sanan 5, RT 3, RW 15, gang 2, Blimbing" for name in "ABCDEF"
    ]
    data = "\n".join(["Nama Usaha;Pemilik;Kelurahan;Alamat", *lines]).replace(";", separator).encode()
    run = dry_run(data, officer)
    assert fates(run) == ["new"] * 6
    assert rows(run)[0].values["address"] == "Jl. Sanan 5, RT 3, RW 15, gang 2, Blimbing"


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


def headings_in_two_rows(upper, lower):
    book = Workbook()
    book.active.append(["DATA UMKM 2026"])
    book.active.append(upper)
    book.active.append(lower)
    book.active.append([1, "Sate", "Budi", make_nik(), "Jl. Sanan 5", "Purwantoro", "Blimbing", 60_000_000])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        (
            ["No", "Nama Usaha", "Pemilik", None, "Alamat", None, None, "Omzet"],
            [None, None, "Nama", "NIK", "Jalan", "Kelurahan", "Kecamatan"],
        ),
        (
            ["No", "Nama Usaha", "Nama Pemilik", "NIK", "Lokasi", None, None, "Omzet"],
            [None, None, None, None, "Jalan", "Kelurahan", "Kecamatan"],
        ),
    ],
)
def test_headings_merged_over_two_rows(officer, upper, lower):
    run = dry_run(headings_in_two_rows(upper, lower), officer)
    [row] = rows(run)
    assert (row.line, row.fate) == (4, "new"), row.reason
    assert row.values["annual_sales"] == 60_000_000 and row.values["address"] == "Jl. Sanan 5"


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
