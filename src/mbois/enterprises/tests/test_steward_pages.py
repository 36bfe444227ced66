"""The pages of those who keep the registry in order."""

import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook
from tests.counting import questions
from tests.factories import BATU, KABUPATEN, MALANG, make_nik, make_person, make_village

from mbois import clock
from mbois.enterprises import duplicates, imports
from mbois.enterprises.models import DuplicatePair, Enterprise, Export, ImportRun, Merge, Owner, OwnerMatch
from mbois.enterprises.tests.factories import make_enterprise
from mbois.enterprises.tests.sheets import applied, csv_file, dry_run, fates, rows
from mbois.people.models import Role
from mbois.people.tests.factories import join

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    person = make_person(role=Role.AGENCY_OFFICER, region=MALANG, language="en")
    client.force_login(person)
    client.cookies["django_language"] = "en"
    return person


@pytest.fixture
def pair():
    village = make_village(name="Kauman")
    make_enterprise(name="Keripik Tempe Bu Sri", village=village, nik="", phone="081234567890")
    make_enterprise(name="Kripik Tempe Sri", village=village, nik="", phone="081234567890", capital=5_000_000)
    duplicates.find_all(MALANG)
    return DuplicatePair.objects.get()


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_work_list_shows_pairs_with_reasons(client, officer, pair):
    said = text_of(client.get("/usaha/kembar/"))
    assert "Keripik Tempe Bu Sri · Kripik Tempe Sri" in said and "similar name, same phone" in said


def test_the_work_list_asks_little_of_the_database(client, officer, pair, django_assert_max_num_queries):
    client.get("/usaha/kembar/")
    with django_assert_max_num_queries(14):
        client.get("/usaha/kembar/")


def test_side_by_side_and_two_different_ones(client, officer, pair):
    page = text_of(client.get(f"/usaha/kembar/{pair.pk}/"))
    assert "Rp 5,000,000" in page and "differs" in page and "Same: merge them" in page
    client.post(f"/usaha/kembar/{pair.pk}/beda/")
    assert "Two different ones, said" in text_of(client.get(f"/usaha/kembar/{pair.pk}/"))
    client.post(f"/usaha/kembar/{pair.pk}/buka/")
    pair.refresh_from_db()
    assert pair.state == "open"


def merge_url(pair):
    return f"/usaha/{pair.left.number}/gabung/{pair.right.number}/"


def seen_in(response):
    return re.search(r'name="seen" value="(\w+)"', response.content.decode())[1]


def test_merging_by_page_and_undoing(client, officer, pair):
    page = client.get(merge_url(pair))
    assert "They differ: which is right?" in text_of(page) and "Capital" in text_of(page)
    names = re.findall(r'name="(take:[^"]+)"', page.content.decode())
    assert set(names) == {"take:name", "take:owner"}
    chosen = {"seen": seen_in(page), "take:name": "loser", "take:owner": "winner"}
    response = client.post(merge_url(pair), chosen, follow=True)
    assert "can be undone until" in text_of(response)
    winner = Enterprise.objects.get(pk=pair.left_id)
    assert (winner.name, winner.capital) == ("Kripik Tempe Sri", 5_000_000)
    pointer = client.get(f"/usaha/{pair.right.number}/")
    assert winner.number in text_of(pointer)
    merge = Merge.objects.get()
    assert "Undo the merge of" in text_of(client.post(f"/usaha/gabungan/{merge.pk}/batal/"))
    client.post(f"/usaha/gabungan/{merge.pk}/batal/", {"confirmed": "yes"})
    winner.refresh_from_db()
    assert winner.name == "Keripik Tempe Bu Sri" and winner.capital is None
    assert "Undone" in text_of(client.get("/usaha/gabungan/"))


def test_a_missing_choice_keeps_the_others(client, officer, pair):
    seen = seen_in(client.get(merge_url(pair)))
    response = client.post(merge_url(pair), {"seen": seen, "take:owner": "loser"})
    assert response.status_code == 422
    assert "Choose which value to keep: Name." in text_of(response)
    assert re.search(r'name="take:owner" value="loser" checked', response.content.decode())


def test_naming_the_other_record_by_number(client, officer, pair):
    url = f"/usaha/{pair.left.number}/gabung/"
    assert pair.right.number in text_of(client.get(url))
    assert client.post(url, {"number": pair.right.number.lower()})["Location"] == merge_url(pair)
    there = make_enterprise(region=BATU)
    unknown, elsewhere = (
        text_of(client.post(url, {"number": number})) for number in ("U-3579-999999", there.number)
    )
    assert "no business with this number here" in unknown
    assert elsewhere.replace(there.number, "U-3579-999999") == unknown


@pytest.mark.parametrize("role", [Role.VILLAGE_OFFICER, Role.TELLER, Role.AUDITOR, Role.EXECUTIVE, None])
def test_the_pages_do_not_exist_for_others(client, pair, role):
    client.force_login(make_person(role=role, region=MALANG) if role else pair.left.owner.person)
    addresses = [
        "/usaha/kembar/",
        f"/usaha/kembar/{pair.pk}/",
        merge_url(pair),
        "/usaha/gabungan/",
        "/usaha/impor/",
    ]
    for url in [*addresses, "/usaha/impor/contoh/csv/", "/usaha/lintas-wilayah/"]:
        assert client.get(url).status_code == 404, url


def test_merges_and_imports_ask_as_often_whatever_their_length(client, officer):
    lists = ("/usaha/gabungan/", "/usaha/impor/")

    def more(count):
        for _number in range(count):
            winner, loser = make_enterprise(), make_enterprise()
            Merge.objects.create(region_id=MALANG, winner=winner, loser=loser, made_by=make_person())
            ImportRun.objects.create(
                region_id=MALANG, file_name="a.csv", columns=["Nama"], rows_total=1, made_by=make_person()
            )
        return {url: questions(client, url) for url in lists}

    assert more(1) == more(5)


def test_lines_of_an_import_ask_as_often_whatever_their_number(client, officer):
    make_village(name="Purwantoro")

    def lines(count):
        known = [make_enterprise() for _number in range(count)]
        run = dry_run(
            csv_file([[one.number, "", "", "1"] for one in known], ["Nomor registri", "Nama", "Desa", "RT"]),
            officer,
        )
        return questions(client, f"/usaha/impor/{run.pk}/")

    assert lines(1) == lines(6)


def test_matches_of_two_regions_ask_as_often_whatever_their_number(client):
    admin = make_person(role=Role.REGION_ADMIN, region=MALANG)
    join(admin, Role.REGION_ADMIN, region=KABUPATEN)
    client.force_login(admin)

    def matched(count):
        for _number in range(count):
            nik = make_nik()
            make_enterprise(region=MALANG, nik=nik)
            make_enterprise(region=KABUPATEN, nik=nik)
        duplicates.find_owner_matches()
        return questions(client, "/usaha/lintas-wilayah/")

    assert matched(1) == matched(5)


def test_another_region_s_pair_does_not_exist(client, pair):
    client.force_login(make_person(role=Role.AGENCY_OFFICER, region=BATU))
    for url in (f"/usaha/kembar/{pair.pk}/", merge_url(pair)):
        assert client.get(url).status_code == 404
    assert client.post(f"/usaha/kembar/{pair.pk}/beda/").status_code == 404


def test_a_number_in_two_regions_is_seen_and_settled_by_an_admin_of_both(client):
    nik = make_nik()
    make_enterprise(region=MALANG, nik=nik, name="Sate")
    make_enterprise(region=KABUPATEN, nik=nik, name="Soto")
    duplicates.find_owner_matches()
    match = OwnerMatch.objects.get()
    admin = make_person(role=Role.REGION_ADMIN, region=MALANG)
    client.force_login(admin)
    assert client.get(f"/usaha/lintas-wilayah/{match.pk}/").status_code == 404
    join(admin, Role.REGION_ADMIN, region=KABUPATEN)
    client.cookies["django_language"] = "en"
    page = text_of(client.get(f"/usaha/lintas-wilayah/{match.pk}/"))
    assert "Sate" in page and "Soto" in page and nik not in page
    assert "Write what was found out" in text_of(
        client.post(f"/usaha/lintas-wilayah/{match.pk}/", {"note": ""})
    )
    client.post(f"/usaha/lintas-wilayah/{match.pk}/", {"note": "Moved in 2024"})
    assert "Settled" in text_of(client.get("/usaha/lintas-wilayah/"))


def upload(client, data, name="umkm.csv", region=MALANG):
    return client.post(
        "/usaha/impor/", {"region": region, "file": SimpleUploadedFile(name, data)}, follow=True
    )


def test_an_import_from_upload_to_done(client, officer):
    make_village()
    nik = make_nik()
    page = text_of(
        upload(client, csv_file([["Sate", "Budi", nik, "0812 3456 7890", "Purwantoro", "", "5jt"]]))
    )
    assert "Which column is what?" in page and "for example Sate" in page and nik not in page
    run = ImportRun.objects.get()
    url = f"/usaha/impor/{run.pk}/"
    fields = {f"column-{place}": key for key, place in run.mapping.items()}
    page = text_of(client.post(url, fields, follow=True))
    assert "The lines are being looked at" in page
    assert "0 of 1 lines" in text_of(client.get(url + "kemajuan/"))
    imports.go_on(run)
    assert client.get(url + "kemajuan/")["HX-Refresh"] == "true"
    page = text_of(client.get(url))
    assert "1 new, 0 changed" in page and "This was a dry run" in page
    assert "Write 1 new businesses and change 0?" in text_of(client.post(url + "terapkan/"))
    client.post(url + "terapkan/", {"confirmed": "yes"})
    imports.go_on(run)
    assert "Applied by" in text_of(client.get(url))
    assert Enterprise.objects.get().name == "Sate"


def test_two_columns_cannot_be_one_field(client, officer):
    upload(client, csv_file([["Sate", "Budi"]], ["A", "B"]))
    run = ImportRun.objects.get()
    page = text_of(client.post(f"/usaha/impor/{run.pk}/", {"column-0": "name", "column-1": "name"}))
    assert "Another column is this already" in page
    page = text_of(client.post(f"/usaha/impor/{run.pk}/", {"column-0": "address"}))
    assert "Say which column is the name" in page


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02" * 50, b"a;b\n"])
def test_a_bad_file_gets_a_sentence(client, officer, data):
    page = upload(client, data)
    assert "empty" in text_of(page) or "cannot be read" in text_of(page) or "no lines below" in text_of(page)
    assert not ImportRun.objects.exists()


def test_another_region_cannot_be_chosen(client, officer):
    make_village()
    upload(client, csv_file([["Sate", "Budi"]], ["Nama Usaha", "Pemilik"]), region=BATU)
    assert not ImportRun.objects.exists()


def left_over(client, run):
    """The file of the lines to look at, and its two rows."""
    data = b"".join(client.get(f"/usaha/impor/{run.pk}/sisa/").streaming_content)
    return data, CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def test_lines_left_over_come_as_a_spreadsheet_with_numbers_for_who_sent_them_alone(client, officer):
    make_village()
    nik = make_nik()
    run = dry_run(csv_file([["=Sate", "Budi", nik, "12", "Purwantoro", "", ""]]), officer)
    _data, (heading, line) = left_over(client, run)
    assert heading[:5] == ["Line", "Fate", "Field", "Reason", "Nama Usaha"]
    assert line[0] == 2 and "phone" in line[3] and line[4] == "'=Sate" and nik in str(line)
    client.force_login(make_person(role=Role.AGENCY_OFFICER, region=MALANG, language="en"))
    _data, (_heading, line) = left_over(client, run)
    assert nik not in str(line) and nik[-4:] in str(line)


def test_lines_are_told_in_the_language_of_who_reads(client, officer):
    make_village()
    bad = ["Sate", "Budi", "12", "", "Purwantoro", "", ""]
    run = dry_run(csv_file([bad, ["Soto", "Ani", "", "", "Purwantaro", "", ""]]), officer)
    url = f"/usaha/impor/{run.pk}/"
    assert "A NIK has 16 digits" in text_of(client.get(url))
    assert "was read as Purwantoro" in text_of(client.get(url))
    client.cookies["django_language"] = "id"
    page = text_of(client.get(url))
    assert "NIK terdiri dari 16 angka" in page and "dibaca sebagai Purwantoro" in page
    assert "A NIK has" not in page and "was read as" not in page
    assert "Sate" in text_of(client.get(url + "?q=16 angka"))
    assert "Sate" not in text_of(client.get(url + "?q=16 digits"))
    _data, (_heading, line) = left_over(client, run)
    assert line[1] == "Salah" and "16 angka" in line[3]


def test_lines_with_a_remark_can_be_looked_at_alone(client, officer):
    make_village()
    lines = [["Sate", "Budi", "", "", "Purwantaro"], ["Soto", "Ani", "", "", "Purwantoro"]]
    run = dry_run(csv_file([*lines, ["Rawon", "Tini", "", "", "Atlantis"]]), officer)
    page = text_of(client.get(f"/usaha/impor/{run.pk}/"))
    assert "1 line can be taken, with a remark to look at" in page and "Soto" in page
    page = text_of(client.get(f"/usaha/impor/{run.pk}/?remark=yes"))
    assert "Sate" in page and "Soto" not in page and "Rawon" not in page


def test_taking_out_what_was_left_over_is_recorded(client, officer):
    make_village()
    bad = ["Sate", "Budi", "12", "", "Purwantoro", "", ""]
    run = dry_run(csv_file([bad, ["Soto", "Ani", "", "", "Purwantoro", "", ""]]), officer)
    assert not Export.objects.exists()
    left_over(client, run)
    record = Export.objects.get()
    assert (record.made_by, record.region_id, record.rows, record.format) == (officer, MALANG, 1, "xlsx")
    assert "lines left over from: umkm.csv" in text_of(client.get(reverse("exports")))


def test_mending_what_was_left_over_loses_no_number(client, officer):
    make_village()
    nik = make_nik()
    run = applied(csv_file([["Sate", "Budi", nik, "12", "Purwantoro", "", ""]]), officer)
    _data, (heading, line) = left_over(client, run)  # though the run is over
    line[heading.index("No HP")] = "081234567890"
    in_part = [*line]
    in_part[heading.index("NIK")] = f"{nik[:4]}••••••••{nik[-4:]}"
    [row] = rows(dry_run(csv_file([in_part[4:]], heading[4:]), officer))
    assert (row.fate, row.field) == ("error", "nik") and "only a part of this number" in row.reason
    assert fates(applied(csv_file([line[4:]], heading[4:]), officer)) == ["new"]
    assert Owner.objects.get().nik_hash
    imports.purge(before=clock.now() + timedelta(minutes=1))
    _data, (heading, line) = left_over(client, run)
    assert line[heading.index("NIK")] == "•••"  # forgotten, and not as if there had been none


def test_an_import_is_discarded_after_asking(client, officer):
    upload(client, csv_file([["Sate", "Budi"]], ["Nama Usaha", "Pemilik"]))
    run = ImportRun.objects.get()
    assert "Discard umkm.csv?" in text_of(client.post(f"/usaha/impor/{run.pk}/buang/"))
    client.post(f"/usaha/impor/{run.pk}/buang/", {"confirmed": "yes"})
    run.refresh_from_db()
    assert run.state == "discarded"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_can_be_taken_in(client, officer, kind):
    make_village()
    data = b"".join(client.get(f"/usaha/impor/contoh/{kind}/").streaming_content)
    run = dry_run(data, officer, name=f"x.{kind}")
    assert len(run.mapping) == len(imports.COLUMNS)
    assert run.rows.get().field in ("", "kbli")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_list_is_given_out_as_it_is_narrowed(client, officer, kind):
    make_enterprise(name="Sate Madura", state="submitted")
    make_enterprise(name="Sate Ponorogo")
    make_enterprise(name="Soto Lamongan")
    response = client.get(f"/usaha/unduh/{kind}/?q=sate&state=verified")
    data = b"".join(response.streaming_content)
    assert response["Content-Disposition"].endswith(f'.{kind}"')
    if kind == "csv":
        assert data.decode().count("\r\n") == 2 and "Sate Ponorogo" in data.decode()
    assert Export.objects.get().filters == {"q": "sate", "state": "verified"}
    assert client.get("/usaha/unduh/exe/").status_code == 404
