"""An area file is taken whole or refused with the line that is wrong."""

import pytest

from mbois.places.actions import load_areas
from mbois.places.models import Area
from mbois.refused import Refused

pytestmark = pytest.mark.django_db

GOOD = ["code,parent,level,name", "36,,province,BANTEN", "36.71,36,regency,KOTA TANGERANG"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("36.71,36,regency,KOTA SERANG", "Line 4: 36.71 is there twice"),
        ("36.72,36,regency,", "Line 4: 36.72 has no name"),
        ("36.72,36,regency", "Line 4: 36.72 has no name"),
        ("36.72", "Line 4: 36.72 is not the code of a"),
        ("36.71.01.1001,36.71.01,village,SUKARASA", "Line 4: 36.71.01.1001 has no parent"),
    ],
)
def test_a_file_with_a_wrong_line_is_refused_whole(line: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        load_areas([*GOOD, line])
    assert not Area.objects.filter(code__startswith="36").exists()


def test_a_good_file_again_changes_nothing() -> None:
    assert load_areas(GOOD) == load_areas(GOOD) == 2
    assert list(
        Area.objects.filter(code__startswith="36").values_list("name", flat=True).order_by("code")
    ) == [
        "Banten",
        "Kota Tangerang",
    ]
