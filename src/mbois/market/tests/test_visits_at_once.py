"""Visitors of a link at the same moment, each on a connection of their own."""

import pytest
from tests.races import at_once

from mbois.market.actions.visits import count_visit
from mbois.market.models import DaySalt, LinkDay
from mbois.market.tests.test_campaigns import make_campaign, make_link

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_none_is_lost_and_none_counted_twice() -> None:
    link = make_link(make_campaign())
    visitors = [f"10.0.0.{number}" for number in (1, 2, 3, 1, 2)]
    at_once(
        *(lambda one=one: count_visit(link, address=one, agent="Mozilla") for one in visitors)  # type: ignore[misc]
    )
    assert LinkDay.objects.get().visits == 3
    assert DaySalt.objects.count() == 1
