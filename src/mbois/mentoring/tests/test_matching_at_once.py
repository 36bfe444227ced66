"""Two at the same moment, each on a connection of its own."""

import uuid

import pytest

from mbois.enterprises.tests.factories import make_enterprise
from mbois.mentoring.actions.diagnoses import send_diagnosis
from mbois.mentoring.actions.matching import accept_as_mentor, accept_as_owner
from mbois.mentoring.models import Diagnosis, Mentorship
from mbois.mentoring.tests.factories import all_answers, make_mentor, make_proposal, make_questionnaire
from mbois.people.tests.test_races import at_once
from mbois.refused import Refused

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_a_mentor_with_one_place_gets_one_business() -> None:
    mentor = make_mentor(most_cases=1)
    proposals = [make_proposal(mentor=mentor) for _one in range(3)]
    for one in proposals:
        accept_as_mentor(one, by=mentor.person)
    results = at_once(
        *(lambda one=one: accept_as_owner(one, by=one.enterprise.owner.person) for one in proposals)
    )  # type: ignore[misc]
    assert len([one for one in results if isinstance(one, Refused)]) == 2
    assert Mentorship.objects.active().count() == 1


def test_a_business_gets_one_mentor() -> None:
    first = make_proposal()
    second = make_proposal(first.enterprise)
    for one in (first, second):
        accept_as_owner(one, by=one.enterprise.owner.person)
    at_once(*(lambda one=one: accept_as_mentor(one, by=one.mentor.person) for one in (first, second)))  # type: ignore[misc]
    assert Mentorship.objects.active().count() == 1


def test_answers_sent_twice_are_one_diagnosis() -> None:
    make_questionnaire()
    enterprise = make_enterprise()
    answers, key = all_answers(1), uuid.uuid4()
    results = at_once(
        *(
            lambda: send_diagnosis(enterprise, answers, by=enterprise.owner.person, key=key)
            for _time in range(3)
        )
    )
    assert Diagnosis.objects.count() == 1
    assert [one.code for one in results if isinstance(one, Refused)] == ["sent", "sent"]
