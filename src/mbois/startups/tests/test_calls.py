"""Writing a call: phases that do not overlap, weights of a hundred, a promise that is kept."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client

from mbois import clock
from mbois.people.models import Notification, Role
from mbois.people.tests.factories import make_person
from mbois.refused import Refused
from mbois.startups.actions import calls
from mbois.startups.models import Call, Criterion, Phase, Question
from mbois.startups.tests.factories import (
    close,
    founder_of,
    judge,
    make_application,
    make_call,
    make_draft,
    make_manager,
    make_reviewer,
    page,
    signed_in,
    the_question,
)

pytestmark = pytest.mark.django_db


def hour(days: float) -> Any:
    return clock.now() + timedelta(days=days)


def test_a_manager_writes_a_call_and_publishes_it() -> None:
    manager = make_manager()
    client = signed_in(manager)
    answer = client.post(
        page("call_new"),
        {"title_id": "Angkatan 4", "summary_id": "Enam bulan.", "about_id": "Untuk semua.", "places": 12,
         "reviews_wanted": 3, "blind": "on"},
    )  # fmt: skip
    call = Call.objects.get()
    assert answer.url == page("call_setup", call=call.number)
    assert Client().get(page("startup_call", call=call.number)).status_code == 404
    assert "Say first" in client.post(page("call_publish", call=call.number), follow=True).content.decode()
    client.post(
        page("call_phases", call=call.number),
        {"call_from": "2026-01-05T08:00", "call_to": f"{clock.today().year + 1}-02-05T17:00"},
    )
    client.post(
        page("call_question_new", call=call.number),
        {"label_id": "Masalah siapa?", "kind": "long", "required": "on"},
    )
    client.post(
        page("call_question_new", call=call.number),
        {"label_id": "Sampai di mana?", "kind": "choice", "options": "Ide | Idea\nPurwarupa"},
    )
    assert Question.objects.get(kind="choice").options == [
        {"id": "Ide", "en": "Idea"},
        {"id": "Purwarupa", "en": ""},
    ]
    wrong = client.post(
        page("call_criteria", call=call.number),
        {"name_id-0": "Masalah", "weight-0": 60, "name_id-1": "Pasar", "weight-1": 30},
    )
    assert wrong.status_code == 422 and "The weights are 90 together" in wrong.content.decode()
    assert 'value="Pasar"' in wrong.content.decode()
    client.post(
        page("call_criteria", call=call.number),
        {"name_id-0": "Masalah", "weight-0": 60, "name_id-1": "Pasar", "weight-1": 40},
    )
    client.post(page("call_publish", call=call.number))
    assert Client().get(page("startup_call", call=call.number)).status_code == 200
    body = Client(headers={"accept-language": "en"}).get(page("startups")).content.decode()
    assert "Angkatan 4" in body and "17" in body


def test_weights_are_a_hundred_in_the_database() -> None:
    call = make_call()
    with pytest.raises(IntegrityError, match="startup_weights_are_a_hundred"), transaction.atomic():
        Criterion.objects.filter(call=call, position=1).update(weight=61)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_criteria_stay_once_somebody_has_judged() -> None:
    call = make_call()
    application = make_application(call)
    close(call)
    judge(application, make_reviewer(), 3, 3)
    with pytest.raises(Refused, match="they stay"):
        calls.save_criteria(call, [{"name_id": "Semua", "weight": 100}], by=call.made_by)
    with pytest.raises(IntegrityError, match="startup_criteria_stay"), transaction.atomic():
        Criterion.objects.filter(call=call).delete()


def test_phases_do_not_overlap_and_one_may_end_when_the_next_begins() -> None:
    call, by = make_call(published=False), None
    by = call.made_by
    with pytest.raises(Refused, match="do not overlap"):
        calls.save_phases(call, {"call": (hour(0), hour(5)), "screening": (hour(4.9), hour(9))}, by=by)
    edge = hour(5)
    calls.save_phases(call, {"call": (hour(0), edge), "screening": (edge, hour(9))}, by=by)
    assert Phase.objects.filter(call=call).count() == 2
    with pytest.raises(IntegrityError, match="startup_phases_do_not_overlap"), transaction.atomic():
        Phase.objects.create(
            region_id=call.region_id,
            call=call,
            kind="interview",
            during=DateTimeTZRange(hour(8), hour(12), "[)"),
        )


def test_a_deadline_only_moves_later_and_writers_are_told() -> None:
    call = make_call()
    draft = make_draft(call)
    begins = Phase.objects.get(call=call, kind="call").begins
    with pytest.raises(Refused, match="only move later"):
        calls.save_phases(call, {"call": (begins, hour(1))}, by=call.made_by)
    with pytest.raises(IntegrityError, match="startup_deadline_moves_later"), transaction.atomic():
        Phase.objects.filter(call=call, kind="call").update(during=DateTimeTZRange(begins, hour(1), "[)"))
    calls.save_phases(call, {"call": (begins, hour(9))}, by=call.made_by)
    assert Notification.objects.get(key="startups/deadline_moved").person == founder_of(draft.startup)


def test_a_promise_of_blindness_is_kept() -> None:
    call = make_call(blind=True)
    with pytest.raises(Refused, match="blind cannot change"):
        calls.save_call(call, region_id=call.region_id, by=call.made_by, blind=False)
    with pytest.raises(IntegrityError, match="startup_call_stays_blind"), transaction.atomic():
        Call.objects.filter(pk=call.pk).update(blind=False)


def test_questions_keep_what_they_ask_once_somebody_writes() -> None:
    call = make_call()
    make_draft(call)
    question = the_question(call)
    keep = {"kind": "long", "options": [], "required": True, "most_words": 50, "identifying": False}
    calls.save_question(call, question, by=call.made_by, label_id="Masalah siapa?", **keep)
    with pytest.raises(Refused, match="only the words"):
        calls.save_question(
            call, question, by=call.made_by, label_id="Masalah?", **(keep | {"most_words": 10})
        )
    with pytest.raises(Refused, match="cannot be added"):
        calls.save_question(call, None, by=call.made_by, label_id="Baru?", **keep)
    with pytest.raises(Refused, match="stay as they are"):
        calls.remove_question(question, by=call.made_by)


def test_only_the_programme_of_the_region_writes_calls() -> None:
    call = make_call()
    for person in (
        make_person(),
        make_person(role=Role.REVIEWER),
        make_manager("35.07"),
        make_person(role=Role.AGENCY_OFFICER),
    ):
        client = signed_in(person)
        for name in (
            "call_setup",
            "call_edit",
            "call_phases",
            "call_criteria",
            "call_question_new",
            "call_pipeline",
        ):
            assert client.get(page(name, call=call.number)).status_code in (403, 404), (person.roles, name)
        with pytest.raises(Refused):
            calls.save_call(call, region_id=call.region_id, by=person, title_id="x")


def test_the_database_keeps_a_published_call_whole() -> None:
    call = make_call(published=False)
    Question.objects.filter(call=call).delete()
    with pytest.raises(IntegrityError, match="startup_published_call_is_whole"), transaction.atomic():
        Call.objects.filter(pk=call.pk).update(published_at=clock.now())
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_list_of_calls_says_what_it_is_to_who_searches() -> None:
    body = Client(headers={"accept-language": "en"}).get(page("startup_calls")).content.decode()
    assert '<meta name="description" content="Calls for startups of Malang Raya' in body
