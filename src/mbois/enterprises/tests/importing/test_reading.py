"""Files of enterprises as programs and people make them: read whole, or refused with the reason."""

import io
import zipfile

import pytest
from openpyxl import Workbook
from tests.factories import MALANG, make_nik, make_village

from mbois.enterprises import imports
from mbois.enterprises.models import ImportRun
from mbois.enterprises.tests.sheets import HEADINGS, csv_file, dry_run, fates, line, rows, xlsx_file
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


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
