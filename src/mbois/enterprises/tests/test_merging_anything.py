"""Whatever two records say: a merge loses no value, and undoing puts back every one."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests.factories import MALANG, make_person, make_village

from mbois.enterprises.merge import merge, preview, undo
from mbois.enterprises.merge.differences import FIELDS, raw
from mbois.enterprises.models import Enterprise, Licence
from mbois.enterprises.tests.factories import make_enterprise
from mbois.people.models import Role

values = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Sate", "Soto", "Toko Sate"]),
        "description": st.sampled_from(["", "ayam", "kambing"]),
        "rt": st.sampled_from(["", "001", "002"]),
        "nib": st.sampled_from(["", "1234567890123", "3210987654321"]),
        "capital": st.sampled_from([None, 0, 5_000_000]),
        "workers": st.sampled_from([None, 1, 2]),
        "point": st.sampled_from([None, (-7.95, 112.6), (-7.96, 112.7)]),
    }
)
licences = st.lists(
    st.tuples(st.sampled_from(["A", "B"]), st.sampled_from(["", "Dinkes", "BPOM"])), max_size=2
)


def say(enterprise: Enterprise, said: dict[str, Any]) -> None:
    point = said.pop("point") or (None, None)
    for name, value in {**said, "latitude": point[0], "longitude": point[1]}.items():
        setattr(enterprise, name, value)
    enterprise.save()
    enterprise.refresh_from_db()


@pytest.mark.django_db
class TestAnyTwo(TestCase):
    @settings(
        max_examples=12,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
    )
    @given(values, values, licences, licences, st.randoms(use_true_random=False))
    def test_nothing_is_lost_and_all_comes_back(self, ours, theirs, our_papers, their_papers, random):
        if ours["nib"] and ours["nib"] == theirs["nib"]:
            theirs["nib"] = ""
        by = make_person(role=Role.AGENCY_OFFICER, region=MALANG)
        village = make_village(name="Kauman")
        winner, loser = (make_enterprise(owner=by, nik="", village=village) for _ in range(2))
        say(winner, dict(ours))
        say(loser, dict(theirs))
        for enterprise, papers in ((winner, our_papers), (loser, their_papers)):
            for number, issuer in dict(papers).items():
                Licence.objects.create(
                    region_id=MALANG,
                    enterprise=enterprise,
                    kind="pirt",
                    number=number,
                    issuer=issuer,
                    recorded_by=by,
                )
        before = self.stored()
        plan = preview(winner, loser, by=by)
        choices = {difference.name: random.choice(["winner", "loser"]) for difference in plan.choices}
        said = {name: (raw(winner, fields), raw(loser, fields)) for name, fields in FIELDS.items()}
        done = merge(winner, loser, choices=choices, seen=plan.seen, by=by)
        winner.refresh_from_db()
        for name, fields in FIELDS.items():
            mine, other = said[name]
            expected = other if choices.get(name) == "loser" or mine in ([""], [None], [None, None]) else mine
            assert raw(winner, fields) == expected
            assert done.before["loser"]["values"][name] == other
        assert Licence.objects.filter(enterprise=winner).count() == len(
            {*dict(our_papers), *dict(their_papers)}
        )
        done.refresh_from_db()
        undo(done, by=by)
        assert self.stored() == before

    def stored(self) -> list[Any]:
        return [list(model.objects.order_by("pk").values()) for model in (Enterprise, Licence)]
