"""Who waits, who stands still, what works: counted, and never a league of few cases."""

import re
from datetime import timedelta

import pytest

from mbois import clock
from mbois.enterprises.tests.factories import make_enterprise
from mbois.mentoring import coordination
from mbois.mentoring.actions.matching import end
from mbois.mentoring.actions.plans import check, hand_in
from mbois.mentoring.models import Mentorship
from mbois.mentoring.tests.factories import (
    make_diagnosis,
    make_mentor,
    make_mentorship,
    make_proposal,
    make_report,
    make_session,
    page,
    signed_in,
)
from mbois.people.models import Role
from mbois.people.tests.factories import make_person

pytestmark = pytest.mark.django_db
REGIONS = ["35.73"]


def test_who_was_diagnosed_and_has_no_mentor_waits() -> None:
    waits = make_diagnosis(make_enterprise())
    make_diagnosis(make_enterprise(), value=2)  # growing already
    make_mentorship()
    make_diagnosis(make_enterprise(region="35.07"))
    assert list(coordination.waiting(REGIONS)) == [waits]


def test_without_a_session_for_a_month_it_stands_still() -> None:
    still, alive, planned = make_mentorship(), make_mentorship(), make_mentorship()
    Mentorship.objects.update(began_on=clock.today() - timedelta(days=90))
    make_report(make_session(alive, days=-10))
    make_session(planned, days=5)
    assert list(coordination.stalled(REGIONS)) == [still]


def test_a_proposal_is_unanswered_after_a_week() -> None:
    old, _fresh = make_proposal(), make_proposal()
    Mentorship.objects.filter(pk=old.pk).update(proposed_at=clock.now() - timedelta(days=8))
    assert list(coordination.unanswered(REGIONS)) == [old]


def test_few_cases_say_nothing_and_ten_do() -> None:
    mentor = make_mentor(most_cases=20)
    for number in range(10):
        mentorship = make_mentorship(mentor=mentor)
        photos = mentorship.steps.get(key="photos")
        evidence = hand_in(photos, by=mentorship.enterprise.owner.person, note="Sudah")
        check(evidence, by=mentor.person, accepted=True)
        make_diagnosis(mentorship.enterprise, value=2)
        by_mentor, by_step, whole = coordination.changes(REGIONS)
        assert by_mentor[0].cases == number + 1 and by_mentor[0].enough == (number == 9)
        if number < 9:
            assert by_mentor[0].share is None and by_mentor[0].mean_points is None
    assert by_mentor[0].share == 1.0 and by_mentor[0].mean_points == 100
    assert [(one.key, one.cases) for one in by_step] == [("photos", 10)]  # what nobody did is not counted
    assert whole.cases == 10
    coordinator = signed_in(make_person(role=Role.COORDINATOR))
    assert "10 (100%)" in coordinator.get(page("mentoring_coordinator")).content.decode()


def test_a_change_is_of_the_mentor_who_was_there() -> None:
    first = make_mentorship()
    enterprise = first.enterprise
    between = make_diagnosis(enterprise)  # as it was: the first mentor changed nothing
    end(first, by=first.mentor.person, finished=False, note="Pindah kota")
    second = make_mentorship(enterprise)
    assert second.diagnosis == between
    make_diagnosis(enterprise, value=2)
    by_mentor, _by_step, whole = coordination.changes(REGIONS)
    assert {one.key: one.up for one in by_mentor} == {first.mentor_id: 0, second.mentor_id: 1}
    assert (whole.cases, whole.up) == (2, 1)


def test_the_page_says_too_few() -> None:
    mentorship = make_mentorship()
    make_diagnosis(mentorship.enterprise, value=2)
    body = signed_in(make_person(role=Role.COORDINATOR)).get(page("mentoring_coordinator")).content.decode()
    assert "too few cases" in body


def test_the_page_costs_the_same_for_many(django_assert_max_num_queries: object) -> None:
    for _one in range(5):
        make_mentorship()
        make_diagnosis(make_enterprise())
    client = signed_in(make_person(role=Role.COORDINATOR))
    client.get(page("mentoring_coordinator"))
    with django_assert_max_num_queries(40):  # type: ignore[operator]
        assert client.get(page("mentoring_coordinator")).status_code == 200


def test_it_is_not_for_tellers_or_owners() -> None:
    for person in (make_person(), make_person(role=Role.TELLER), make_person(role=Role.MENTOR)):
        assert signed_in(person).get(page("mentoring_coordinator")).status_code == 403


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.AUDITOR, Role.REGION_ADMIN, Role.COORDINATOR])
def test_no_link_leads_where_one_may_not_go(role: Role) -> None:
    waits = make_diagnosis(make_enterprise()).enterprise
    make_proposal()
    make_report(make_session(make_mentorship(), days=-3), attended=False)
    Mentorship.objects.update(proposed_at=clock.now() - timedelta(days=8))
    client = signed_in(make_person(role=role))
    for start in (
        page("mentoring_coordinator"),
        page("mentorships"),
        page("enterprise_mentoring", enterprise=waits.number),
    ):
        body = client.get(start).content.decode()
        links = set(re.findall(r'<a [^>]*href="(/[^"#]*)', body[body.index("<main") :]))
        answers = {link: client.get(link, follow=True).status_code for link in links}
        assert links and answers == dict.fromkeys(links, 200)


def test_who_answers_again_after_a_mentorship_has_ended_waits_again() -> None:
    mentorship = make_mentorship()
    end(mentorship, by=mentorship.mentor.person, finished=False, note="Pindah kota")
    assert not coordination.waiting(REGIONS).exists()
    before = clock.today() - timedelta(days=1)
    Mentorship.objects.filter(pk=mentorship.pk).update(began_on=before, ended_on=before)
    again = make_diagnosis(mentorship.enterprise)
    assert [one.pk for one in coordination.waiting(REGIONS)] == [again.pk]
