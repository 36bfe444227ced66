"""A cohort half-way: milestones, two minutes a week, who is behind, the day it is shown."""

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from mbois import clock
from mbois.people import occasions
from mbois.people.models import Notification, Person
from mbois.people.tests.factories import make_person, pdf, picture
from mbois.refused import Refused
from mbois.startups import halls, queries, tasks
from mbois.startups.actions import cohorts, progress, teams
from mbois.startups.models import (
    ContactRequest,
    DemoDay,
    Evidence,
    Milestone,
    Participation,
    Startup,
    WeeklyUpdate,
    monday_of,
)
from mbois.startups.tests.factories import (
    founder_of,
    make_application,
    make_call,
    make_cohort,
    make_manager,
    make_mentor,
    make_place,
    make_startup,
    page,
    signed_in,
    weeks_back,
)

pytestmark = pytest.mark.django_db


def week(monday: date, **fields: Any) -> progress.Week:
    told = {"client_id": uuid.uuid4(), "week": monday, "done": "Dua pelanggan baru.", "ahead": "Uji harga."}
    return progress.Week(**(told | fields))


def write(place: Participation, *back: int) -> None:
    """Updates of these weeks, counted back from this one."""
    by = founder_of(place.startup)
    for number in back:
        WeeklyUpdate.objects.create(
            region_id=place.region_id, participation=place, client_id=uuid.uuid4(), week=weeks_back(number),
            done="x", ahead="y", made_by=by,
        )  # fmt: skip


def test_a_cohort_begins_with_a_curriculum_over_its_time() -> None:
    cohort = make_cohort()
    days = list(cohort.lessons.values_list("starts_at", flat=True))
    assert len(days) == 12 and days == sorted(days)
    assert cohort.begins_on <= clock.local_date(days[0]) and clock.local_date(days[-1]) <= cohort.ends_on
    assert cohort.milestones.count() == 9
    assert {one.stage for one in cohort.lessons.all()} == {"education", "incubation", "market"}


def test_the_accepted_of_a_call_are_in_its_cohort() -> None:
    call = make_call()
    application = make_application(call)
    type(application).objects.filter(pk=application.pk).update(state="accepted")
    cohort = make_cohort(by=call.made_by, call=call)
    assert [one.startup for one in cohort.participations.all()] == [application.startup]
    assert Notification.objects.filter(key="startups/in_cohort").exists()


def test_evidence_is_handed_in_returned_and_accepted() -> None:
    place, mentor = make_place(), make_mentor()
    cohorts.give_mentor(place, mentor, by=place.cohort.made_by)
    goal = Milestone.objects.filter(cohort=place.cohort)[0]
    founder, theirs = signed_in(founder_of(place.startup)), signed_in(mentor)
    url = page("startup_milestone", participation=place.pk, milestone=goal.pk)
    assert founder.post(url, {"note": ""}).status_code == 422
    founder.post(url, {"note": "Sepuluh wawancara.", "file": pdf()})
    first = Evidence.objects.get()
    assert Notification.objects.filter(person=mentor, key="startups/handed_in").exists()
    check = page("milestone_check", milestone_evidence=first.pk)
    assert theirs.post(check, {"accepted": "no"}).status_code == 422  # says what is missing
    theirs.post(check, {"accepted": "no", "remark": "Baru tujuh."})
    assert "Baru tujuh." in founder.get(url).content.decode()
    founder.post(url, {"note": "Sekarang sepuluh."})
    second = Evidence.objects.get(accepted=None)
    theirs.post(page("milestone_check", milestone_evidence=second.pk), {"accepted": "yes"})
    assert queries.steps_of(place)[0].done
    with pytest.raises(Refused, match="reached already"):
        progress.hand_in(place, goal, by=founder_of(place.startup), note="Lagi")
    file = page("milestone_file", milestone_evidence=first.pk)
    assert theirs.get(file).status_code == 200
    assert signed_in(make_mentor()).get(file).status_code == 404


def test_a_team_does_not_check_itself() -> None:
    place = make_place()
    goal = Milestone.objects.filter(cohort=place.cohort)[0]
    evidence = progress.hand_in(place, goal, by=founder_of(place.startup), note="Beres.")
    with pytest.raises(Refused):
        progress.check(evidence, by=founder_of(place.startup), accepted=True)
    with (
        pytest.raises(IntegrityError, match="milestone_evidence_not_checked_by_the_team"),
        transaction.atomic(),
    ):
        Evidence.objects.filter(pk=evidence.pk).update(
            accepted=True, checked_by=founder_of(place.startup), checked_at=clock.now()
        )
    other = Milestone.objects.filter(cohort=make_cohort(name="Lain", by=place.cohort.made_by))[0]
    with pytest.raises(IntegrityError, match="milestone_evidence_of_one_cohort"), transaction.atomic():
        Evidence.objects.create(
            region_id=place.region_id,
            participation=place,
            milestone=other,
            note="x",
            sent_by=founder_of(place.startup),
        )


def test_a_mentor_sees_their_startups_as_long_as_they_mentor_them() -> None:
    place, mentor = make_place(), make_mentor()
    url = page("startup_place", participation=place.pk)
    client = signed_in(mentor)
    assert client.get(url).status_code == 404
    given = cohorts.give_mentor(place, mentor, by=place.cohort.made_by)
    assert client.get(url).status_code == 200
    assert "Kopi Lereng" in client.get(page("my_startups")).content.decode()
    cohorts.end_mentor(given, by=place.cohort.made_by)
    assert client.get(url).status_code == 404


def test_two_minutes_a_week_sent_twice_is_one() -> None:
    place = make_place()
    client, url = signed_in(founder_of(place.startup)), page("startup_week", participation=place.pk)
    assert client.get(url).status_code == 200
    fields = {
        "client_id": str(uuid.uuid4()), "week": monday_of(clock.today()).isoformat(), "done": "Dua kafe.",
        "ahead": "Uji harga.", "talked_to": 4, "users": 30, "revenue": "150.000",
    }  # fmt: skip
    script = {"accept": "application/json"}
    assert client.post(url, fields, headers=script).status_code == 201
    again = client.post(url, fields, headers=script)
    assert again.status_code == 200 and again.json()["again"] is True
    changed = client.post(url, fields | {"done": "Tiga kafe."}, headers=script)
    assert changed.status_code == 409
    row = WeeklyUpdate.objects.get()
    assert (row.users, row.revenue, row.talked_to) == (30, 150_000, 4)
    edit = page("startup_week_edit", participation=place.pk, weekly=row.pk)
    client.post(edit, fields | {"done": "Tiga kafe."})
    row.refresh_from_db()
    assert row.done == "Tiga kafe."


def test_what_is_missing_in_a_week_is_said_beside_the_field() -> None:
    place = make_place()
    client, url = signed_in(founder_of(place.startup)), page("startup_week", participation=place.pk)
    answer = client.post(
        url, {"client_id": str(uuid.uuid4()), "week": monday_of(clock.today()).isoformat(), "ahead": "Uji"}
    )
    assert answer.status_code == 422 and "Please fill this in." in answer.content.decode()
    assert ">Uji</textarea>" in answer.content.decode().replace("\n", "")


def test_one_update_a_week_and_a_startup() -> None:
    place = make_place()
    by, monday = founder_of(place.startup), monday_of(clock.today())
    progress.write_week(place, week(monday), by=by)
    with pytest.raises(Refused, match="has written this week already"):
        progress.write_week(place, week(monday), by=by)
    for wrong, match in (
        (monday + timedelta(days=7), "still to come"),
        (monday - timedelta(days=28), "closed"),
    ):
        with pytest.raises(Refused, match=match):
            progress.write_week(place, week(wrong), by=by)


def test_the_board_says_who_is_behind_and_who_is_silent() -> None:
    cohort = make_cohort()
    good, silent = (
        make_place(cohort, make_startup(name, founder=make_person())) for name in ("Rajin", "Diam")
    )
    for goal in Milestone.objects.filter(cohort=cohort, due_on__lt=clock.today()):
        progress.check(
            progress.hand_in(good, goal, by=founder_of(good.startup), note="x"),
            by=cohort.made_by,
            accepted=True,
        )
    write(good, 0, 1, 2, 3)
    write(silent, 5)
    rows = {row.startup.name: row for row in queries.board(cohort)}
    assert rows["Rajin"].streak == 4 and not rows["Rajin"].behind and rows["Rajin"].wrote
    assert rows["Diam"].behind and rows["Diam"].silent == 4 and rows["Diam"].late > 0
    body = signed_in(cohort.made_by).get(page("cohort", cohort=cohort.number)).content.decode()
    assert body.index("Diam") < body.index("Rajin")  # who is behind stands first


@given(st.sets(st.integers(min_value=0, max_value=30)))
def test_a_streak_ends_where_a_week_is_missing(back: set[int]) -> None:
    today = date(2026, 11, 26)
    weeks = [monday_of(today) - timedelta(weeks=number) for number in back]
    found = queries.streak(weeks, today=today)
    start = 0 if 0 in back else 1
    assert all(start + number in back for number in range(found))
    assert start + found not in back


def test_teams_that_did_not_write_are_reminded() -> None:
    cohort = make_cohort()
    wrote, missing = (
        make_place(cohort, make_startup(name, founder=make_person())) for name in ("Ya", "Tidak")
    )
    write(wrote, 0)
    assert tasks.remind_weeks(cohort.region_id) == 1
    assert Notification.objects.get(key="startups/week_missing").person == founder_of(missing.startup)


def test_a_draft_is_reminded_of_the_deadline_once() -> None:
    from mbois.startups.tests.factories import make_draft

    make_draft(make_call(hours=30))
    make_draft(make_call(hours=300), "Lain", founder=make_person())
    assert [tasks.remind_drafts("35.73"), tasks.remind_drafts("35.73")] == [1, 0]


class Announcing:
    """Activities are announced here."""

    def __init__(self) -> None:
        self.made: list[occasions.Occasion] = []

    def announce(self, region: str, **told: Any) -> occasions.Occasion:
        made = occasions.Occasion(
            f"KG-{len(self.made)}", told["title"], "/kegiatan/x/", told["begins"], 12, 0
        )
        self.made.append(made)
        return made

    def get(self, codes: Sequence[str]) -> dict[str, occasions.Occasion]:
        return {one.code: one for one in self.made if one.code in codes}


def show(startup: Startup, by: Person | None = None) -> Startup:
    """The team wants to be seen."""
    return teams.change(
        startup, by=by or founder_of(startup), name=startup.name, pitch="Petani dibayar dua hari.", about="",
        subsector="", link="https://kopi.example", public=True, picture=picture(),
    )  # fmt: skip


def planned(place: Participation) -> DemoDay:
    begins = clock.now() + timedelta(days=40)
    return cohorts.save_demo_day(
        place.cohort, by=place.cohort.made_by, title="Hari Demo", about="Datang dan coba.", begins=begins,
        ends=begins + timedelta(hours=4), place="MCC", capacity=200,
    )  # fmt: skip


@pytest.fixture
def announcer(monkeypatch: pytest.MonkeyPatch) -> Announcing:
    found = Announcing()
    monkeypatch.setattr(occasions, "_announcers", [found])
    return found


def test_the_demo_day_is_announced_as_an_activity_and_open_to_all(announcer: Announcing) -> None:
    place = make_place()
    hidden = make_place(place.cohort, make_startup("Malu", founder=make_person()))
    show(place.startup)
    day = planned(place)
    url = page("demo_day", demo_day=day.number)
    assert Client().get(url).status_code == 404
    cohorts.publish_demo_day(day, by=place.cohort.made_by)
    cohorts.publish_demo_day(day, by=place.cohort.made_by)
    assert len(announcer.made) == 1
    body = Client(headers={"accept-language": "en"}).get(url).content.decode()
    assert "Petani dibayar dua hari." in body and "12 people are coming" in body and "/kegiatan/x/" in body
    assert hidden.startup.name not in body
    assert Client().get(page("startup_picture", startup=place.startup.number)).status_code == 200


def test_without_a_room_of_activities_it_is_a_page_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(occasions, "_announcers", [])
    place = make_place()
    show(place.startup)
    day = cohorts.publish_demo_day(planned(place), by=place.cohort.made_by)
    assert day.occasion == "" and Client().get(page("demo_day", demo_day=day.number)).status_code == 200


def test_a_hall_holds_what_an_exhibition_needs(announcer: Announcing, django_assert_num_queries: Any) -> None:
    place = make_place()
    show(place.startup)
    day = cohorts.publish_demo_day(planned(place), by=place.cohort.made_by)
    with django_assert_num_queries(1):
        assert [one.code for one in halls.halls("35.73")] == [day.number]
    with django_assert_num_queries(2):
        found = halls.hall(day.number)
    assert found is not None and found.occasion == "KG-0"
    booth = found.booths[0]
    assert booth.pitch and booth.link == "https://kopi.example"
    for url in (booth.picture_url, booth.url, booth.contact_url, found.url):
        assert Client().get(url).status_code == 200, url


def test_a_visitor_writes_and_the_team_answers() -> None:
    startup = show(make_startup())
    fields = {"subject": "investor", "name": "Bu Ratna", "reach": "ratna@x.id", "message": "Mari bicara."}
    url = page("startup_contact", startup=startup.number)
    assert Client().post(url, fields | {"message": ""}).status_code == 422
    Client().post(url, fields)
    row = ContactRequest.objects.get()
    client = signed_in(founder_of(startup))
    assert "Mari bicara." in client.get(page("startup_team", startup=startup.number)).content.decode()
    client.post(page("startup_contact_answered", startup=startup.number, contact_request=row.pk))
    row.refresh_from_db()
    assert row.answered_at
    manager = signed_in(make_manager())
    assert "Mari bicara." not in manager.get(page("startup_team", startup=startup.number)).content.decode()
    ContactRequest.objects.update(sent_at=clock.now() - timedelta(days=400))
    assert teams.forget_old_requests() == 1


def test_a_startup_is_shown_only_when_its_team_says_so() -> None:
    startup = make_startup()
    assert Client().get(page("startup", startup=startup.number)).status_code == 404
    with pytest.raises(Refused, match="Say in one sentence"):
        teams.change(startup, by=founder_of(startup), name="Kopi", pitch="", public=True)
    show(startup)
    body = Client().get(page("startup", startup=startup.number)).content.decode()
    assert "Petani dibayar" in body and "Dimas Prakoso" not in body
    assert "Kopi Lereng" in Client().get(page("startups")).content.decode()


def test_the_founders_home_says_what_is_next() -> None:
    place = make_place()
    client = signed_in(founder_of(place.startup))
    body = client.get(page("my_startups")).content.decode()
    assert "Ten customer interviews" in body and "Two minutes" in body
    assert body.index("Ten customer interviews") < body.index("Two minutes")
    assert "Ten customer interviews" in client.get("/beranda/").content.decode()
    assert client.get(page("cohort_curriculum", cohort=place.cohort.number)).status_code == 200


def test_the_board_asks_as_often_whatever_its_length(django_assert_max_num_queries: Any) -> None:
    cohort = make_cohort()
    for place in range(15):
        write(make_place(cohort, make_startup(f"Tim {place}", founder=make_person())), 0, 1)
    client = signed_in(cohort.made_by)
    client.get(page("cohort", cohort=cohort.number))
    with django_assert_max_num_queries(16):
        client.get(page("cohort", cohort=cohort.number))
    Startup.objects.update(public_since=clock.now(), pitch="x")
    with django_assert_max_num_queries(4):
        Client().get(page("startups"))


def test_one_that_left_comes_back_to_where_it_was() -> None:
    place = make_place()
    manager, add = signed_in(place.cohort.made_by), page("cohort_add", cohort=place.cohort.number)
    assert place.startup.name not in manager.get(add).content.decode()
    cohorts.let_go(place, by=place.cohort.made_by, why="Salah tekan")
    assert place.startup.name in manager.get(add).content.decode()
    manager.post(add, {"startup": str(place.startup_id)})
    place.refresh_from_db()
    assert (place.left_on, place.left_why) == (None, "")
