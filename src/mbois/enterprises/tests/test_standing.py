"""What speaks for an enterprise: points with their reasons, from whichever room knows something."""

import pytest

from mbois.enterprises import standing
from mbois.enterprises.models import Enterprise
from mbois.enterprises.standing import Factor, Points
from mbois.enterprises.tests.factories import make_enterprise

pytestmark = pytest.mark.django_db


def test_factors_without_an_answer_count_neither_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "_factors", {})
    assert standing.of(make_enterprise()).most == 0
    standing.register(Factor("b", "Late", lambda enterprise: Points(3, 10, "Three of ten."), order=60))
    standing.register(Factor("a", "Silent", lambda enterprise: None))
    standing.register(
        Factor("c", "First", lambda enterprise: Points(5, 5, f"For {enterprise.name}."), order=10)
    )
    enterprise: Enterprise = make_enterprise()
    score = standing.of(enterprise)
    assert (score.points, score.most) == (8, 15)
    assert [one.factor.key for one in score.factors] == ["c", "b"]
