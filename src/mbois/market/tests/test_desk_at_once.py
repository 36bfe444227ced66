"""Two at the desk at the same moment, each on a connection of their own."""

import pytest
from tests.races import at_once

from mbois.market.actions import desk as actions
from mbois.market.models import CreativeJob
from mbois.market.tests.test_creative_desk import make_creator, make_job
from mbois.refused import Refused

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_exactly_one_takes_a_job() -> None:
    job = make_job()
    creators = [make_creator() for _one in range(4)]
    results = at_once(*(lambda one=one: actions.take(job, by=one) for one in creators))  # type: ignore[misc]
    assert [one.code for one in results if isinstance(one, Refused)] == ["taken"] * 3
    job.refresh_from_db()
    assert job.state == "taken" and job.creator in creators


def test_nobody_takes_more_than_they_may() -> None:
    jobs, creator = [make_job() for _one in range(actions.MOST_AT_ONCE + 2)], make_creator()
    at_once(*(lambda one=one: actions.take(one, by=creator) for one in jobs))  # type: ignore[misc]
    assert CreativeJob.objects.filter(creator=creator).count() == actions.MOST_AT_ONCE
