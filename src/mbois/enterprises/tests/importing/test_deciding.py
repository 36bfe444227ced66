"""Whether a line of an import is new, a change or left for a person."""

import pytest
from tests.factories import KABUPATEN, MALANG, make_nik, make_village

from mbois.enterprises import imports
from mbois.enterprises.imports import running
from mbois.enterprises.models import Enterprise, Owner
from mbois.enterprises.tests.factories import make_enterprise
from mbois.enterprises.tests.sheets import HEADINGS, applied, csv_file, dry_run, fates, line, rows

pytestmark = pytest.mark.django_db


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


def test_a_second_business_of_an_owner_does_not_overwrite_the_first(officer):
    village, nik = make_village(name="Purwantoro"), make_nik()
    first = make_enterprise(name="Keripik Satu", owner_name="Sri Wahyuni", nik=nik, village=village)
    run = applied(csv_file([line("Warung Kopi", nik=nik), line("Kripik Satu", nik=nik)]), officer)
    assert fates(run) == ["conflict", "changed"]
    assert first.number in rows(run)[0].reason
    first.refresh_from_db()
    assert first.name == "Kripik Satu"


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
