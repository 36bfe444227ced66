"""Lists ask the database as often for many rows as for few."""

import pytest
from django.test import Client
from tests.counting import grows

from mbois import clock
from mbois.people.tests.factories import make_person
from mbois.startups.actions import cohorts
from mbois.startups.models import Startup
from mbois.startups.tests.factories import (
    ask,
    close,
    make_application,
    make_call,
    make_cohort,
    make_mentor,
    make_place,
    make_reviewer,
    make_startup,
    page,
    signed_in,
)

pytestmark = pytest.mark.django_db


def test_lists_ask_as_often_whatever_their_length() -> None:
    founder, mentor, reviewer = make_person(), make_mentor(), make_reviewer()
    cohort = make_cohort()
    call = make_call()
    turn = iter(range(100))

    def more() -> None:
        number = next(turn)
        other = make_call(title_id=f"Panggilan {number}", by=cohort.made_by)
        sent = make_application(other, f"Lamaran {number}", founder=founder)
        ask(sent, reviewer)
        place = make_place(cohort, make_startup(f"Tim {number}", founder=founder))
        cohorts.give_mentor(place, mentor, by=cohort.made_by)
        cohorts.save_lesson(
            cohort, None, by=cohort.made_by, title_id=f"Sesi {number}", about_id="", stage="education",
            starts_at=clock.now(),
        )  # fmt: skip
        make_cohort(name=f"Kelompok {number}", by=cohort.made_by)
        Startup.objects.update(public_since=clock.now(), pitch="x")

    for _time in range(3):  # the first page shows three cohorts that run
        more()
    close(call)
    public, own, desk = Client(), signed_in(founder), signed_in(cohort.made_by)
    pages = [
        (public, page("startups")),
        (public, page("startup_calls")),
        (public, page("startup", startup=Startup.objects.earliest("pk").number)),
        (own, page("my_startups")),
        (own, page("cohort_curriculum", cohort=cohort.number)),
        (own, "/beranda/"),
        (signed_in(mentor), "/beranda/"),
        (signed_in(reviewer), page("review_queue")),
        (desk, page("startup_programme")),
        (desk, page("startup_alumni")),
        (desk, page("cohort", cohort=cohort.number)),
        (desk, page("cohort_demo_day", cohort=cohort.number)),
        (desk, page("cohort_add", cohort=cohort.number)),
        (desk, "/beranda/"),
    ]
    assert grows(pages, more, times=2) == {}  # one founder is in ten teams at most
