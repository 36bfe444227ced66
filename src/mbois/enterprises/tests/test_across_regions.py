"""A NIK that another region holds is answered as one that nobody holds: on the page, by the API, in a file."""

import re
import statistics
import time
from http import HTTPStatus

import pytest
from django.db import transaction
from tests.factories import BATU, KABUPATEN, MALANG, make_nik, make_person, make_village

from mbois.enterprises import duplicates
from mbois.enterprises.models import OwnerMatch
from mbois.enterprises.tests.factories import make_enterprise
from mbois.enterprises.tests.sheets import csv_file, dry_run, rows
from mbois.people import identity, tokens
from mbois.people.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def held():
    """A NIK held in Kabupaten Malang and in Batu, not in Kota Malang."""
    nik = make_nik(KABUPATEN)
    make_enterprise(region=KABUPATEN, nik=nik, name="Sate Madura", phone="081234567890")
    make_enterprise(region=BATU, nik=nik, name="Sate Madura")
    return nik


def body_for(nik):
    village = make_village(MALANG)
    return {"name": "Sate Madura", "owner_name": "Budi", "nik": nik, "village": village.pk}


def alike(text, nik):
    """An answer without what differs from call to call: the number given, and the NIK that was sent."""
    text = text.replace(nik, "NIK").replace(f"{nik[:4]}••••••••{nik[-4:]}", "NIK")
    return re.sub(r"U-3573-\d+|\d{4}-\d\d-\d\dT[\d:.+Z]+|csrf\w+=\"?\w+", "…", text)


def test_the_api_registers_both_with_the_same_answer(client, held):
    officer = make_person(role=Role.AGENCY_OFFICER, region=MALANG)
    headers = {"Authorization": f"Bearer {tokens.make(officer, name='test')}"}
    answers = []
    for nik in (make_nik(KABUPATEN), held):
        with transaction.atomic():
            response = client.post(
                "/api/enterprises", body_for(nik), content_type="application/json", headers=headers
            )
            transaction.set_rollback(True)
        answers.append((response.status_code, alike(str(response.json()), nik)))
    assert answers[0] == answers[1]
    assert answers[0][0] == HTTPStatus.CREATED


def test_looking_for_the_number_finds_nothing_either_way(client, held):
    officer = make_person(role=Role.REGION_ADMIN, region=MALANG)
    client.force_login(officer)
    headers = {"Authorization": f"Bearer {tokens.make(officer, name='test')}"}
    for url in ("/usaha/?q={}", "/api/enterprises?q={}"):
        said = []
        for nik in (make_nik(KABUPATEN), held):
            response = client.get(url.format(nik), headers=headers if "api" in url else None)
            said.append((response.status_code, len(alike(response.content.decode(), nik))))
        assert said[0] == said[1]
    village = make_village(MALANG).pk
    digest = identity.digest("nik", held)
    assert duplicates.candidates(MALANG, "Sate Madura", village, "+6281234567890", digest) == []


def test_a_file_says_the_same_of_both(held):
    officer = make_person(role=Role.AGENCY_OFFICER, region=MALANG)
    village = make_village(MALANG).name
    lines = []
    for nik in (make_nik(KABUPATEN), held):
        [row] = rows(
            dry_run(csv_file([["Sate Madura", "Budi", nik, "081234567890", village, "", ""]]), officer)
        )
        lines.append((row.fate, row.reason, row.field, row.changes, row.enterprise_id))
    assert lines[0] == lines[1]


def test_both_answers_take_the_same_time(held):
    """Within the noise of the machine: the medians of many calls lie close together."""
    village = make_village(MALANG).pk
    hashes = [identity.digest("nik", make_nik(KABUPATEN)), identity.digest("nik", held)]
    took: list[list[float]] = [[], []]
    for turn in range(120):
        which = turn % 2
        start = time.perf_counter()
        duplicates.candidates(MALANG, "Sate Madura", village, nik_hash=hashes[which])
        took[which].append(time.perf_counter() - start)
    unknown, known = (statistics.median(times) for times in took)
    assert 0.5 < known / unknown < 2


def test_the_pair_is_found_for_those_who_steward_both_and_nobody_else(client, held):
    duplicates.find_owner_matches()
    assert OwnerMatch.objects.count() == 1
    for role in Role:
        person = make_person(role=role, region=KABUPATEN)
        client.force_login(person)
        assert client.get("/usaha/lintas-wilayah/").status_code == HTTPStatus.NOT_FOUND
