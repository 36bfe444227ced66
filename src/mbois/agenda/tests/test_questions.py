"""The organiser's questions, asked on the page and of programs alike."""

from typing import Any

import pytest

from mbois.agenda.actions.activities import add_question
from mbois.agenda.models import Activity, Question, Registration
from mbois.agenda.models.registrations import plain_answers
from mbois.agenda.tests.factories import make_activity, visitor
from mbois.agenda.tests.test_api import ANI, get, post

pytestmark = pytest.mark.django_db


def asked(activity: Activity, text: str = "Ukuran kaus?", **some: Any) -> Question:
    return add_question(activity, by=activity.proposed_by, text=text, **({"required": True} | some))


def test_a_program_cannot_leave_a_required_question_open() -> None:
    activity = make_activity()
    size = asked(activity)
    for body in (ANI, ANI | {"answers": {}}, ANI | {"answers": {str(size.pk): "  "}}):
        answer = post(activity, body)
        assert answer.status_code == 422, body
        assert answer.json()["error"]["field"] == f"answers.{size.pk}"
    assert not Registration.objects.exists()


def test_its_answers_are_kept_with_the_question_as_it_was_asked() -> None:
    activity = make_activity()
    size = asked(activity, kind="choice", options=["S", "M"])
    food, tick = asked(activity, "Alergi?", required=False), asked(activity, "Setuju difoto?", kind="tick")
    answer = post(activity, ANI | {"answers": {str(size.pk): "M", str(tick.pk): True}})
    assert answer.status_code == 201
    assert plain_answers(Registration.objects.get().answers) == [
        ("Ukuran kaus?", "M"),
        ("Setuju difoto?", "Yes"),
    ]
    assert str(food.pk) not in Registration.objects.get().answers


@pytest.mark.parametrize("wrong", ["XL", 5, None, ["M"], {"a": 1}, "M" * 301, True])
def test_a_wrong_answer_is_refused_by_its_question(wrong: object) -> None:
    activity = make_activity()
    size = asked(activity, kind="choice", options=["S", "M"])
    answer = post(activity, ANI | {"answers": {str(size.pk): wrong}})
    assert answer.status_code == 422 and answer.json()["error"]["field"] == f"answers.{size.pk}"


@pytest.mark.parametrize("key", ["999999", "ukuran", "-1", ""])
def test_what_was_not_asked_is_refused(key: str) -> None:
    answer = post(make_activity(), ANI | {"answers": {key: "M"}})
    assert answer.status_code == 422 and answer.json()["error"]["field"] == f"answers.{key}"


def test_a_question_added_later_does_not_change_the_answer_to_the_same_key() -> None:
    activity = make_activity()
    first = post(activity, ANI)
    asked(activity)
    again = post(activity, ANI)
    assert again.status_code == 201 and again.json() == first.json()


def test_the_calendar_says_what_is_asked() -> None:
    activity = make_activity()
    size = asked(activity, kind="choice", options=["S", "M"])
    assert get().json()[0]["questions"] == [
        {"id": size.pk, "text": "Ukuran kaus?", "kind": "choice", "options": ["S", "M"], "required": True}
    ]


def test_the_openapi_document_names_the_answers() -> None:
    schemas = visitor().get("/api/openapi.json").json()["components"]["schemas"]
    told = schemas["RegistrationIn"]
    assert "answers" in told["properties"] and "answers" not in told["required"]
    assert told["properties"]["answers"]["additionalProperties"]["anyOf"][0]["maxLength"] == 300
