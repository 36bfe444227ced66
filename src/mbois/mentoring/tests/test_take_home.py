"""What mentoring holds of somebody is in what they take home, and nothing of anybody else."""

import json
import uuid

import pytest

from mbois import clock
from mbois.mentoring.actions.cashbook import Entry, write_entry
from mbois.mentoring.tests.factories import make_mentorship, make_report, make_session
from mbois.people.mine import everything

pytestmark = pytest.mark.django_db


def test_an_owner_takes_home_what_is_theirs() -> None:
    mentorship, other = make_mentorship(), make_mentorship()
    owner = mentorship.enterprise.owner.person
    make_report(make_session(mentorship, days=-1), notes="Memotret tiga produk.")
    make_report(make_session(other, days=-1), notes="Rahasia tetangga.")
    write_entry(mentorship.enterprise, Entry(uuid.uuid4(), "sale", 12_345, clock.today()), by=owner)
    written = json.dumps(everything(owner))
    for part in (mentorship.number, "Memotret tiga produk.", "12345", mentorship.mentor.person.name):
        assert part in written
    assert other.number not in written and "Rahasia" not in written


def test_a_mentor_takes_home_their_profile_without_its_secret() -> None:
    mentor = make_mentorship().mentor
    written = json.dumps(everything(mentor.person))
    assert "marketplace" in written and mentor.calendar_secret not in written
