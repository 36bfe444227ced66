"""Areas: loading them, listing them, finding a village by typing."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from mbois.places import villages
from mbois.places.models import Area

pytestmark = pytest.mark.django_db


@pytest.fixture
def _malang():
    call_command("load_places", stdout=StringIO())
    yield
    villages.forget()


@pytest.mark.usefixtures("_malang")
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("kauman", "Kauman"),
        ("KAUMAN klojen", "Kauman"),
        ("Karang Besuki", "Karangbesuki"),
        ("karangbsuki", "Karangbesuki"),
        ("35.73.02.1001", Area),
    ],
)
def test_a_village_is_found_by_typing(typed, found):
    best = villages.search(typed)[0]
    assert best.code == typed if found is Area else best.name == found


@pytest.mark.usefixtures("_malang")
def test_words_after_the_name_narrow():
    assert {v.region_id for v in villages.search("kauman kota malang")} == {"35.73"}
    assert {v.region_id for v in villages.search("sido", areas=["35.07"])} == {"35.07"}


@pytest.mark.usefixtures("_malang")
@pytest.mark.parametrize("typed", ["", "   ", "??", "zzzzzzzz", "\x00", "x" * 500])
def test_what_fits_nothing_finds_nothing(typed):
    assert villages.search(typed) == []


@pytest.mark.usefixtures("_malang")
def test_the_api_lists_what_lies_below(client):
    top = client.get("/api/places/areas").json()
    assert [area["code"] for area in top] == ["35"]
    below = client.get("/api/places/areas?parent=35.73").json()
    assert len(below) == 5 and below[0] == {
        "code": "35.73.01",
        "name": "Blimbing",
        "level": "district",
        "parent": "35.73",
        "region": "35.73",
    }
    missing = client.get("/api/places/areas?parent=99")
    assert missing.status_code == 404 and missing.json()["error"]["field"] == "parent"


@pytest.mark.usefixtures("_malang")
def test_loading_again_changes_nothing(tmp_path):
    count = Area.objects.count()
    call_command("load_places", stdout=StringIO())
    assert Area.objects.count() == count == 516
    assert Area.objects.filter(level="village").count() == 471


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("code,name\n1,x\n", "columns"),
        ("code,parent,level,name\n35.73,35,village,x\n", "Line 2"),
        ("code,parent,level,name\n35.73,35,regency,x\n", "no parent"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path, text, said):
    file = tmp_path / "areas.csv"
    file.write_text(text)
    with pytest.raises(CommandError, match=said):
        call_command("load_places", str(file))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_places", str(tmp_path / "none.csv"))


@pytest.mark.usefixtures("_malang")
@pytest.mark.parametrize("half", [{"latitude": None}, {"longitude": None}])
def test_a_point_is_never_half(half):
    district = Area.objects.filter(latitude__isnull=False)[:1].values("pk")
    with pytest.raises(IntegrityError, match="area_point_is_whole"), transaction.atomic():
        Area.objects.filter(pk__in=district).update(**half)
