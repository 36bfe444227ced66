"""Every list of mentoring asks as often for many rows as for few."""

import uuid

import pytest
from django.test import Client
from tests.counting import questions
from tests.factories import MALANG

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.enterprises.tests.factories import make_enterprise
from mbois.mentoring.actions.matching import propose
from mbois.mentoring.actions.plans import add_step
from mbois.mentoring.courses import load_shipped
from mbois.mentoring.models import CashEntry, Course, MentorProfile
from mbois.mentoring.tests.factories import (
    make_diagnosis,
    make_mentor,
    make_mentorship,
    make_report,
    make_session,
    page,
    signed_in,
)
from mbois.people.models import Person, Role
from mbois.people.tests.factories import make_person, make_region

pytestmark = pytest.mark.django_db
MANY = 6


def more(mentor: MentorProfile, enterprise: Enterprise, coordinator: Person) -> None:
    """One more of what the lists show."""
    case = make_mentorship(mentor=mentor)
    make_report(make_session(case, days=-2), attended=False)
    make_session(case, days=1)
    step = add_step(case, by=mentor.person, title=f"Langkah {case.pk}")
    assert step.pk
    waiting = make_enterprise()
    make_diagnosis(waiting)
    propose(waiting, mentor, by=coordinator)
    make_mentor()
    make_diagnosis(make_enterprise(owner=enterprise.owner.person, nik=""))
    CashEntry.objects.create(
        region_id=enterprise.region_id,
        enterprise=enterprise,
        client_id=uuid.uuid4(),
        kind="sale",
        amount=1_000,
        day=clock.today(),
        made_by=enterprise.owner.person,
    )


def test_lists_of_mentoring_cost_the_same_for_many() -> None:
    owners = make_person()
    load_shipped(make_region(MALANG))
    Course.objects.exclude(slug="harga").update(is_published=False)
    mentor, coordinator = make_mentor(most_cases=30), make_person(role=Role.COORDINATOR)
    own = make_mentorship(make_enterprise(owner=owners, nik=""), mentor)
    for _one in range(2):
        more(mentor, own.enterprise, coordinator)
    owner, busy, office = (signed_in(one) for one in (owners, mentor.person, coordinator))
    number = {"enterprise": own.enterprise.number}
    pages = [
        (office, page("mentoring_coordinator")),
        (office, page("mentorships")),
        (office, page("mentors")),
        (office, page("mentor", mentor=mentor.pk)),
        (office, page("mentor_match", **number)),
        (office, page("enterprise_mentoring", **number)),
        (busy, page("mentor_day")),
        (busy, page("mentorships")),
        (busy, page("calendar_feed", secret=mentor.calendar_secret)),
        (owner, page("my_mentoring")),
        (owner, page("my_cash_book")),
        (owner, page("mentorship", mentorship=own.number)),
        (owner, page("cash_book", **number)),
        (owner, page("cash_entries", **number)),
        (Client(), page("courses")),
    ]
    few = {(client, url): questions(client, url) for client, url in pages}
    for _one in range(MANY):
        more(mentor, own.enterprise, coordinator)
    Course.objects.update(is_published=True)
    grown = {
        url: (before, now)
        for (client, url), before in few.items()
        if (now := questions(client, url)) > before
    }
    assert not grown
