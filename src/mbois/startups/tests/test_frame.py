"""What startups add elsewhere: home cards, the passport, merging, taking home, invariants."""

import pytest
from django.test import Client

from mbois import invariants
from mbois.enterprises.merge import merge, preview
from mbois.enterprises.tests.factories import make_enterprise
from mbois.people.models import Role
from mbois.people.tests.factories import make_person
from mbois.refused import Refused
from mbois.startups.actions import teams
from mbois.startups.mine import held
from mbois.startups.models import Startup
from mbois.startups.tests.factories import (
    ask,
    close,
    founder_of,
    judge,
    make_application,
    make_call,
    make_place,
    make_reviewer,
    make_startup,
    signed_in,
)

pytestmark = pytest.mark.django_db


def test_the_home_page_of_each_says_what_waits() -> None:
    place = make_place()
    application = make_application(make_call(), "Lain", founder=make_person())
    reviewer = make_reviewer()
    ask(application, reviewer)
    close(application.call)
    for person, text in (
        (founder_of(place.startup), "Ten customer interviews"),
        (reviewer, "One application waits for you"),
        (place.cohort.made_by, "startups in a cohort"),
    ):
        assert text in signed_in(person).get("/beranda/").content.decode(), text


def test_a_linked_business_shows_its_startup_on_the_passport() -> None:
    enterprise = make_enterprise()
    owner = enterprise.owner.person
    startup = make_startup(founder=owner)
    teams.change(startup, by=owner, name="Kopi Lereng", enterprise=enterprise)
    client = signed_in(owner)
    assert "Open the startup" in client.get(enterprise.get_absolute_url()).content.decode()
    other = make_person()
    teams.join(teams.invite(startup, by=owner, name="Rina"), by=other)
    theirs = make_enterprise(name="Bukan punya Rina")
    with pytest.raises(Refused, match="Only its owner"):
        teams.change(startup, by=other, name="Kopi Lereng", enterprise=theirs)


def test_startups_follow_a_merged_business() -> None:
    winner, loser = make_enterprise(name="Kopi Dampit"), make_enterprise(name="Kopi Dampit 2")
    owner = loser.owner.person
    startup = make_startup(founder=owner)
    teams.change(startup, by=owner, name=startup.name, enterprise=loser)
    officer = make_person(role=Role.AGENCY_OFFICER)
    plan = preview(winner, loser, by=officer)
    merge(winner, loser, choices={one.name: "winner" for one in plan.choices}, seen=plan.seen, by=officer)
    assert Startup.objects.get(pk=startup.pk).enterprise_id == winner.pk


def test_what_is_held_of_a_founder_and_a_reviewer_can_be_taken_home() -> None:
    application, reviewer = make_application(make_call(), answer="Petani kopi."), make_reviewer()
    close(application.call)
    judge(application, reviewer, 4, 4)
    mine = held(founder_of(application.startup))
    assert mine["startups"][0]["name"] == "Kopi Lereng" and "Petani kopi." in str(mine["applications"])
    assert "reviewer" not in str(mine).lower().replace("asked_to_review", "").replace("reviews", "")
    theirs = held(reviewer)
    assert theirs["reviews"][0]["application"] == application.number and not theirs["startups"]


def test_every_invariant_holds_over_a_lived_programme() -> None:
    place = make_place()
    application = make_application(make_call(), "Lain", founder=make_person())
    close(application.call)
    judge(application, make_reviewer(), 2, 5)
    assert place.startup and [one.invariant.key for one in invariants.breaches()] == []


def test_public_pages_are_light() -> None:
    call = make_call()
    for path in ("/startup/", "/startup/panggilan/", f"/startup/panggilan/{call.number}/"):
        answer = Client().get(path)
        assert answer.status_code == 200 and len(answer.content) < 30_000
