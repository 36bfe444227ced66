"""Several at the same moment, each on a connection of their own; and a deadline that passes meanwhile."""

import threading
import time
import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from tests.races import at_once, refused

from mbois import clock
from mbois.people.tests.factories import make_person
from mbois.refused import Refused
from mbois.startups.actions import applying, deciding, progress, reviewing, teams
from mbois.startups.models import (
    Application,
    Conflict,
    Criterion,
    Decision,
    Evidence,
    Milestone,
    Phase,
    Review,
    WeeklyUpdate,
    monday_of,
)
from mbois.startups.tests.factories import (
    NOTE,
    ask,
    close,
    founder_of,
    judge,
    make_application,
    make_call,
    make_draft,
    make_manager,
    make_place,
    make_reviewer,
    make_startup,
    the_question,
)

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def send(application: Application, reviewer: object, *points: int) -> Review:
    keys = [one.key for one in Criterion.objects.filter(call=application.call).order_by("position")]
    return reviewing.save_review(
        application,
        by=reviewer,
        points=dict(zip(keys, points, strict=True)),
        remarks={},
        note=NOTE,
        advice="yes",
        send=True,
    )  # type: ignore[arg-type]


def test_one_review_sent_three_times_is_one() -> None:
    application, reviewer = make_application(make_call()), make_reviewer()
    close(application.call)
    ask(application, reviewer)
    results = at_once(*(lambda: send(application, reviewer, 4, 4) for _time in range(3)))
    assert not refused(results) and Review.objects.count() == 1 and Review.objects.get().total == 400


def test_two_different_reviews_of_one_person_are_one_and_a_sentence() -> None:
    application, reviewer = make_application(make_call()), make_reviewer()
    close(application.call)
    ask(application, reviewer)
    results = at_once(lambda: send(application, reviewer, 5, 5), lambda: send(application, reviewer, 1, 1))
    assert [one.code for one in refused(results)] == ["changed"]
    assert Review.objects.get().total in (500, 100)


def test_a_conflict_and_a_review_at_the_same_moment_leave_no_review_that_counts() -> None:
    application, reviewer = make_application(make_call()), make_reviewer()
    close(application.call)
    ask(application, reviewer)
    at_once(
        lambda: send(application, reviewer, 5, 5),
        lambda: reviewing.declare_conflict(application, by=reviewer, reason="Kakak saya."),
    )
    assert Conflict.objects.count() == 1 and not Review.objects.counting().exists()


def test_who_waits_while_the_deadline_passes_is_too_late() -> None:
    draft = make_draft(make_call())
    by, key = founder_of(draft.startup), the_question(draft.call).key
    window = Phase.objects.get(call=draft.call, kind="call")
    ends = clock.now() + timedelta(seconds=1.2)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        during = type(window.during)(window.begins, ends, "[)")
        Phase.objects.filter(call=draft.call).exclude(kind="call").delete()
        Phase.objects.filter(pk=window.pk).update(during=during)
        cursor.execute("SET session_replication_role = origin")
    held, free = threading.Event(), threading.Event()
    results: list[object] = []

    def hold() -> None:
        """Somebody of the team has the application in hand until after the deadline."""
        with transaction.atomic():
            Application.objects.select_for_update().get(pk=draft.pk)
            held.set()
            free.wait(20)
        connection.close()

    def submit() -> None:
        try:
            results.append(applying.submit(draft, {key: "Tepat waktu?"}, by=by))
        except Refused as error:
            results.append(error)
        finally:
            connection.close()

    holder, sender = threading.Thread(target=hold), threading.Thread(target=submit)
    holder.start()
    assert held.wait(20)
    sender.start()
    while clock.now() < ends + timedelta(seconds=0.3):
        time.sleep(0.05)
    free.set()
    holder.join(20)
    sender.join(20)
    assert [getattr(one, "code", "") for one in results] == ["closed"]
    draft.refresh_from_db()
    assert draft.state == "draft" and draft.submitted_at is None


def test_the_same_decision_twice_sends_one_letter() -> None:
    application = make_application(make_call())
    close(application.call)
    judge(application, make_reviewer(), 4, 4)
    call, managers = application.call, (application.call.made_by, make_manager())
    seen = deciding.preview(call, [application.pk], "accepted", by=managers[0]).seen
    results = at_once(
        *(
            lambda by=by: deciding.decide(
                call, [application.pk], "accepted", by=by, reasons={application.pk: "Kuat."}, seen=seen
            )  # type: ignore[misc]
            for by in managers
        )
    )
    assert len(refused(results)) == 1 and Decision.objects.count() == 1


def test_an_invitation_lets_one_person_in() -> None:
    startup = make_startup()
    invitation = teams.invite(startup, by=founder_of(startup), name="Siapa saja")
    people = [make_person() for _number in range(3)]
    results = at_once(*(lambda one=one: teams.join(invitation, by=one) for one in people))  # type: ignore[misc]
    assert len(refused(results)) == 2 and startup.members.count() == 2


def test_the_last_two_do_not_both_leave() -> None:
    startup = make_startup()
    other = make_person()
    teams.join(teams.invite(startup, by=founder_of(startup), name="Rina"), by=other)
    results = at_once(
        lambda: teams.leave(startup, by=other), lambda: teams.leave(startup, by=startup.made_by)
    )
    assert len(refused(results)) == 1 and startup.members.filter(left_at=None).count() == 1


def test_a_team_writes_its_week_once_and_hands_in_once() -> None:
    place = make_place()
    by = founder_of(place.startup)
    goal = Milestone.objects.filter(cohort=place.cohort)[0]

    def write() -> object:
        week = progress.Week(uuid.uuid4(), monday_of(clock.today()), "Baik.", "Lanjut.")
        return progress.write_week(place, week, by=by)

    assert len(refused(at_once(write, write, write))) == 2 and WeeklyUpdate.objects.count() == 1
    results = at_once(*(lambda: progress.hand_in(place, goal, by=by, note="Beres.") for _time in range(3)))
    assert len(refused(results)) == 2 and Evidence.objects.count() == 1
