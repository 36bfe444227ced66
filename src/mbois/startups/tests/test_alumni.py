"""What became of them: totals and medians, never of a few; who ended stays counted."""

from datetime import date
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbois import clock
from mbois.people.models import Notification, Role
from mbois.people.tests.factories import make_person
from mbois.refused import Refused
from mbois.startups import alumni, frame, tasks
from mbois.startups.actions import progress
from mbois.startups.alumni import FEW, Told, summed
from mbois.startups.models import QuarterFigures
from mbois.startups.tests.factories import founder_of, make_cohort, make_place, make_startup, page, signed_in

Q1, Q2, Q3 = date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)


def told(quarter: date, count: int, **fields: int) -> list[Told]:
    return [
        Told(key, quarter, True, **(fields or {"team": 3, "users": key, "revenue": key * 10}))
        for key in range(count)
    ]


def test_four_say_nothing_and_five_do() -> None:
    few, enough = summed(told(Q1, 4), Q1, 1)[0], summed(told(Q1, 5), Q1, 1)[0]
    assert few.measures["revenue"].total is None and few.survival is None and not few.enough
    assert enough.measures["revenue"].total == 100 and enough.measures["users"].middle == 2


def test_who_ended_is_counted_as_ended_for_good() -> None:
    rows = [*told(Q1, 6), Told(0, Q2, False), *told(Q3, 6)[1:]]
    first, second, third = summed(rows, Q3, 3)
    assert (first.known, first.alive) == (6, 6)
    assert (second.known, second.alive, second.told) == (6, 5, 0)
    assert third.survival == 5 / 6 and third.told == 5


@given(
    st.lists(
        st.builds(
            Told,
            startup=st.integers(min_value=1, max_value=9),
            quarter=st.sampled_from([Q1, Q2, Q3]),
            alive=st.just(True),
            team=st.integers(min_value=1, max_value=50),
            revenue=st.integers(min_value=0, max_value=10**12),
        ),
        unique_by=lambda one: (one.startup, one.quarter),
        max_size=27,
    )
)
def test_totals_and_medians_are_those_of_the_rows_or_not_shown(rows: list[Told]) -> None:
    for one in summed(rows, Q3, 3):
        here = [row.revenue for row in rows if row.quarter == one.quarter]
        shown = one.measures["revenue"]
        if len(here) < FEW:
            assert shown.total is None and shown.middle is None
        else:
            assert shown.total == sum(here) and shown.middle == round(median(here))
        assert one.survival is None or 0 <= one.survival <= 1


@pytest.mark.django_db
def test_founders_and_the_manager_write_a_quarter() -> None:
    place = make_place()
    startup, manager = place.startup, place.cohort.made_by
    client, url = signed_in(founder_of(startup)), page("startup_quarters", startup=startup.number)
    quarter = alumni.last_quarter()
    fields = {
        "quarter": quarter.isoformat(),
        "alive": "yes",
        "team": 3,
        "users": 40,
        "revenue": "12 juta",
        "funding": "",
    }
    client.post(url, fields)
    row = QuarterFigures.objects.get()
    assert (row.team, row.users, row.revenue, row.funding) == (3, 40, 12_000_000, 0)
    assert client.post(url, fields | {"team": 0}).status_code == 422
    signed_in(manager).post(url, fields | {"alive": "no"})
    row.refresh_from_db()
    assert not row.alive and row.users == 0 and row.recorded_by == manager
    with pytest.raises(Refused):
        progress.record_quarter(startup, by=make_person(), quarter=quarter, team=1)
    with pytest.raises(Refused, match="still to come"):
        progress.record_quarter(startup, by=manager, quarter=date(clock.today().year + 1, 1, 1), team=1)


@pytest.mark.django_db
def test_the_page_of_alumni_hides_a_few_and_lists_who_is_missing() -> None:
    cohort = make_cohort(weeks_ago=40)
    places = [make_place(cohort, make_startup(f"Tim {number}", founder=make_person())) for number in range(7)]
    client = signed_in(cohort.made_by)
    quarter = alumni.last_quarter()
    for place in places[:4]:
        progress.record_quarter(place.startup, by=cohort.made_by, quarter=quarter, team=2, revenue=7_000_000)
    body = client.get(page("startup_alumni")).content.decode()
    assert "With fewer than 5 startups" in body and "Tim 6" in body
    assert '<div class="charts">' not in body  # nothing may be drawn: no empty axes
    assert frame.still_going() is None
    progress.record_quarter(places[4].startup, by=cohort.made_by, quarter=quarter, team=2, revenue=7_000_000)
    body = client.get(page("startup_alumni"), {"angkatan": cohort.number}).content.decode()
    assert "With fewer than 5 startups" not in body and "35" in body and '<div class="charts">' in body
    assert frame.still_going() == 5
    assert signed_in(make_person(role=Role.REVIEWER)).get(page("startup_alumni")).status_code == 403
    assert tasks.remind_quarters(cohort.region_id) == 2
    assert Notification.objects.filter(key="startups/tell_quarter").count() == 2
