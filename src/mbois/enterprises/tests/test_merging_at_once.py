"""Two people merging the same records at the same moment."""

import pytest
from tests.factories import MALANG, make_person, make_village
from tests.races import at_once

from mbois.enterprises.merge import merge, preview
from mbois.enterprises.models import Enterprise, Merge
from mbois.enterprises.tests.factories import make_enterprise
from mbois.people.models import Role
from mbois.refused import Refused

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def test_two_people_merge_the_same_two_in_both_directions():
    officers = [make_person(role=Role.AGENCY_OFFICER, region=MALANG) for _ in range(2)]
    village = make_village(name="Kauman")
    one, other = (make_enterprise(name="Sate", owner=officers[0], nik="", village=village) for _ in range(2))

    def take(winner, loser, by):
        seen = preview(winner, loser, by=by).seen
        return lambda: merge(winner, loser, choices={}, seen=seen, by=by)

    said = at_once(take(one, other, officers[0]), take(other, one, officers[1]))
    assert sum(isinstance(answer, Merge) for answer in said) == 1
    [refusal] = [answer for answer in said if isinstance(answer, Refused)]
    assert refusal.status == 409
    assert Merge.objects.count() == 1
    assert Enterprise.objects.filter(state="merged").count() == 1
