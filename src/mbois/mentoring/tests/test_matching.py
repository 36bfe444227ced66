"""A mentor and an enterprise find each other: ranked with reasons, accepted by both."""

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from mbois.enterprises.tests.factories import make_enterprise
from mbois.mentoring.actions.matching import accept_as_mentor, accept_as_owner, decline, end
from mbois.mentoring.matching import candidates
from mbois.mentoring.models import Mentorship, State
from mbois.mentoring.reasons import told
from mbois.mentoring.tests.factories import (
    make_diagnosis,
    make_mentor,
    make_mentorship,
    make_proposal,
    make_session,
    page,
    signed_in,
)
from mbois.people.models import Notification, Role
from mbois.people.tests.factories import make_person
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


def test_who_knows_the_weakest_part_and_is_near_comes_first() -> None:
    enterprise = make_enterprise()
    diagnosis = make_diagnosis(enterprise, value=2, photos=0, marketplace=0, online_sales=0, chat=0)
    far = make_mentor(skills=("bookkeeping",))
    near = make_mentor(skills=("photo", "marketplace"), areas=[enterprise.village.parent_id])
    ranked = candidates(enterprise, diagnosis)
    assert [one.mentor.pk for one in ranked] == [near.pk, far.pk]
    reasons = " / ".join(str(one) for one in ranked[0].reasons)
    assert "Product photos" in reasons and "Digital presence stands at" in reasons
    assert enterprise.village.parent and enterprise.village.parent.name in reasons
    assert "Mentors 0 of at most 4 businesses" in reasons


def test_ranking_costs_the_same_however_many(django_assert_num_queries: object) -> None:
    enterprise = make_enterprise()
    diagnosis = make_diagnosis(enterprise)
    for _one in range(12):
        make_mentor()
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert len(candidates(enterprise, diagnosis)) == 12


def test_the_owner_asks_and_the_mentor_accepts() -> None:
    enterprise = make_enterprise()
    make_diagnosis(enterprise)
    mentor = make_mentor()
    owner, helper = signed_in(enterprise.owner.person), signed_in(mentor.person)
    asked = owner.post(page("mentor_match", enterprise=enterprise.number), {"mentor": mentor.pk}, follow=True)
    assert "Waiting for the mentor" in asked.content.decode()
    mentorship = Mentorship.objects.get()
    assert mentorship.state == State.PROPOSED and mentorship.owner_accepted_at
    assert Notification.objects.filter(person=mentor.person, key="mentoring/asked").exists()
    begun = helper.post(
        page("mentorship_answer", mentorship=mentorship.number), {"answer": "yes"}, follow=True
    )
    assert "Under way" in begun.content.decode()
    mentorship.refresh_from_db()
    assert mentorship.state == State.ACTIVE and mentorship.steps.count() >= 5


def test_a_coordinator_proposes_and_both_have_to_agree() -> None:
    proposed = make_proposal()
    assert accept_as_mentor(proposed, by=proposed.mentor.person).state == State.PROPOSED
    assert accept_as_owner(proposed, by=proposed.enterprise.owner.person).state == State.ACTIVE


def test_an_officer_writes_down_the_owners_yes_and_how() -> None:
    proposed = make_proposal()
    officer = make_person(role=Role.AGENCY_OFFICER)
    with pytest.raises(Refused, match="how the owner said yes"):
        accept_as_owner(proposed, by=officer)
    accept_as_owner(proposed, by=officer, note="Di kantor kelurahan")
    proposed.refresh_from_db()
    assert proposed.owner_answer_by == officer and proposed.owner_answer_note


def test_the_mentor_cannot_answer_for_the_owner() -> None:
    proposed = make_proposal()
    with pytest.raises(Refused):
        accept_as_owner(proposed, by=proposed.mentor.person, note="katanya boleh")


def test_a_business_has_one_mentor_at_a_time() -> None:
    first = make_mentorship()
    with pytest.raises(Refused, match="has a mentor already"):
        make_proposal(first.enterprise)


def test_other_proposals_end_when_one_begins() -> None:
    first = make_proposal()
    second = make_proposal(first.enterprise)
    accept_as_mentor(first, by=first.mentor.person)
    accept_as_owner(first, by=first.enterprise.owner.person)
    second.refresh_from_db()
    assert second.state == State.WITHDRAWN


def test_nobody_mentors_themselves_or_without_a_diagnosis() -> None:
    enterprise = make_enterprise()
    with pytest.raises(Refused, match="30 questions"):
        from mbois.mentoring.actions.matching import propose

        propose(enterprise, make_mentor(), by=enterprise.owner.person)
    mentor = make_mentor()
    own = make_enterprise(owner=mentor.person)
    with pytest.raises(Refused, match="their own business"):
        make_proposal(own, mentor)


def test_a_full_mentor_takes_no_other() -> None:
    mentor = make_mentor(most_cases=1)
    make_mentorship(mentor=mentor)
    with pytest.raises(Refused, match="no other business"):
        make_proposal(mentor=mentor)


def test_who_waits_for_a_mentor_who_became_full_is_told_and_finds_another() -> None:
    mentor = make_mentor(most_cases=1)
    proposed = make_proposal(mentor=mentor)
    owner = signed_in(proposed.enterprise.owner.person)
    here = page("mentorship", mentorship=proposed.number)
    assert "Say yes or no" in owner.get("/beranda/").content.decode()
    assert "Mentors 0 of at most 1" in owner.get(here).content.decode()
    make_mentorship(mentor=mentor)
    body = owner.get(here).content.decode()
    assert "Mentors 1 of at most 1" in body and "has no room now" in body and "Yes, gladly" not in body
    assert "Say yes or no" not in owner.get("/beranda/").content.decode()
    body = signed_in(mentor.person).get(here).content.decode()
    assert "You have no room" in body and "Yes, I will" not in body and "No, thank you" in body
    with pytest.raises(Refused, match="as many businesses"):
        accept_as_mentor(proposed, by=mentor.person)
    with pytest.raises(Refused, match="as many businesses"):
        accept_as_owner(proposed, by=proposed.enterprise.owner.person)
    answer = owner.post(page("mentorship_answer", mentorship=proposed.number), {"answer": "another"})
    assert answer.url == page("mentor_match", enterprise=proposed.enterprise.number)
    proposed.refresh_from_db()
    assert proposed.state == State.DECLINED


def test_the_database_holds_the_load_and_the_transitions() -> None:
    mentor = make_mentor(most_cases=1)
    proposed = make_proposal(mentor=mentor)
    accept_as_mentor(proposed, by=mentor.person)
    make_mentorship(mentor=mentor)
    with pytest.raises(Refused, match="as many businesses"):
        accept_as_owner(proposed, by=proposed.enterprise.owner.person)
    row = Mentorship.objects.filter(pk=proposed.pk)
    with pytest.raises(Exception, match="Invalid transition"), transaction.atomic():
        row.update(state=State.FINISHED, ended_on="2026-11-24")
    with pytest.raises(IntegrityError), transaction.atomic():
        row.update(state=State.ACTIVE)  # not accepted by the owner


def test_declining_tells_the_coordinator() -> None:
    coordinator = make_person(role=Role.COORDINATOR)
    proposed = make_proposal(by=coordinator)
    assert decline(proposed, by=proposed.mentor.person).state == State.DECLINED
    assert Notification.objects.filter(person=coordinator, key="mentoring/declined").exists()


def test_it_ends_with_a_word_and_the_mentor_sees_the_business_no_longer() -> None:
    mentorship = make_mentorship()
    mentor = signed_in(mentorship.mentor.person)
    passport = mentorship.enterprise.get_absolute_url()
    assert mentor.get(passport).status_code == 200
    with pytest.raises(Refused, match="why it stops"):
        end(mentorship, by=mentorship.mentor.person, finished=False, note="")
    end(mentorship, by=mentorship.mentor.person, finished=True, note="Sudah jualan sendiri.")
    assert mentor.get(passport).status_code == 404
    assert mentor.get(page("mentorship", mentorship=mentorship.number)).status_code == 200


def test_who_is_a_mentor_no_longer_sees_nothing_any_more() -> None:
    mentorship = make_mentorship()
    mentorship.mentor.person.memberships.update(until="2020-01-01", since="2019-01-01")
    client = signed_in(mentorship.mentor.person)
    assert client.get(page("mentorship", mentorship=mentorship.number)).status_code == 404
    assert client.get(mentorship.enterprise.get_absolute_url()).status_code == 404


def test_the_list_costs_the_same_for_many(django_assert_max_num_queries: object) -> None:
    coordinator = signed_in(make_person(role=Role.COORDINATOR))
    for _one in range(6):
        make_mentorship()
    coordinator.get(page("mentorships"))
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        answer = coordinator.get(page("mentorships"))
    assert answer.content.decode().count('<tr role="row"') == 7


def test_a_mentor_fills_in_what_they_bring() -> None:
    person = make_person(role=Role.MENTOR)
    client = signed_in(person)
    assert client.get(page("mentor_day"), follow=True).redirect_chain[-1][0] == page("mentor_profile")
    sent = {
        "skills": ["photo"],
        "languages": ["id"],
        "hours_a_month": "8",
        "most_cases": "3",
        "is_open": "on",
    }
    done = client.post(page("mentor_profile"), sent, follow=True)
    assert "Product photos" in done.content.decode()
    assert client.post(page("mentor_profile"), sent | {"skills": []}).status_code == 422


def test_the_reasons_of_a_proposal_are_read_in_ones_own_language() -> None:
    with override("en"):
        mentorship = make_proposal(mentor=make_mentor(skills=("photo", "bookkeeping", "licences")))
    client = signed_in(mentorship.mentor.person)
    url = page("mentorship", mentorship=mentorship.number)
    for language, words in (("en", "Mentors 0 of at most 4"), ("id", "Mendampingi 0 dari paling banyak 4")):
        assert words in client.get(url, headers={"accept-language": language}).content.decode()


def test_a_reason_that_was_kept_as_a_sentence_stays() -> None:
    assert told("Bekerja di Klojen") == "Bekerja di Klojen"


def test_who_has_hours_left_this_month_comes_first() -> None:
    enterprise = make_enterprise()
    diagnosis = make_diagnosis(enterprise)
    busy, free = make_mentor(hours_a_month=2), make_mentor(hours_a_month=2)
    for mentor in (busy, free):
        make_mentorship(mentor=mentor)
    make_session(busy.mentorships.get(), days=0, minutes=120)
    ranked = candidates(enterprise, diagnosis)
    assert [one.mentor.pk for one in ranked] == [free.pk, busy.pk]
    assert [one.free_hours for one in ranked] == [2, 0]
    assert "Has 0 of 2 hours free this month" in [str(one) for one in ranked[1].reasons]
