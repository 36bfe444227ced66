"""Two people at the same moment, on real connections."""

import pytest
from tests.factories import make_person, make_village
from tests.races import at_once, refused

from mbois.enterprises.actions import register_enterprise, review_enterprise
from mbois.enterprises.models import Enterprise, Owner, Review, State
from mbois.enterprises.tests.factories import make_enterprise, make_registration
from mbois.people.models import Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def test_one_nik_has_one_owner() -> None:
    village = make_village()
    told = make_registration(village=village, nik="3573014505850001")
    one, two = make_person(), make_person()
    answers = at_once(lambda: register_enterprise(told, by=one), lambda: register_enterprise(told, by=two))
    assert all(isinstance(answer, Enterprise) for answer in answers)
    assert Owner.objects.exclude(nik_hash="").count() == 1
    assert Owner.objects.exclude(nik_claim_hash="").count() == 1  # who came second is told the same


def test_numbers_are_never_given_twice() -> None:
    village = make_village()
    people = [make_person() for _ in range(4)]
    told = [make_registration(village=village) for _ in people]
    works = [
        lambda p=person, t=one: register_enterprise(t, by=p) for person, one in zip(people, told, strict=True)
    ]
    answers = at_once(*works)
    assert len({answer.number for answer in answers}) == 4  # type: ignore[attr-defined]


def test_two_officers_decide_once() -> None:
    row = make_enterprise(state=State.SUBMITTED)
    one, two = make_person(role=Role.AGENCY_OFFICER), make_person(role=Role.AGENCY_OFFICER)
    answers = at_once(
        lambda: review_enterprise(row, outcome="rejected", reasons="No", by=one),
        lambda: review_enterprise(row, outcome="rejected", reasons="No", by=two),
    )
    assert [refusal.code for refusal in refused(answers)] == ["state"]
    assert Review.objects.count() == 1
