"""Thirty questions, answered by the owner or with somebody, and what comes of them."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from mbois.enterprises.tests.factories import make_enterprise
from mbois.mentoring import questionnaires
from mbois.mentoring.actions.diagnoses import keep_answers, send_diagnosis
from mbois.mentoring.models import Diagnosis, Level, Questionnaire
from mbois.mentoring.queries import diagnoses_of, result_of
from mbois.mentoring.tests.factories import (
    all_answers,
    form,
    make_diagnosis,
    make_questionnaire,
    page,
    signed_in,
)
from mbois.people.models import Notification, Role
from mbois.people.tests.factories import make_person
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _questionnaire(db: None) -> None:
    make_questionnaire()


def test_the_questionnaire_has_five_parts_and_thirty_questions() -> None:
    content = questionnaires.content_of(questionnaires.current())
    assert [part.key for part in content.parts] == ["basics", "product", "people", "digital", "finance"]
    assert len(content.questions) == 30


@pytest.mark.parametrize(
    ("scores", "level"),
    [
        ({"basics": 0, "product": 0, "people": 0, "digital": 0, "finance": 0}, Level.OFFLINE),
        ({"basics": 90, "product": 90, "people": 90, "digital": 29, "finance": 90}, Level.OFFLINE),
        ({"basics": 30, "product": 20, "people": 20, "digital": 35, "finance": 20}, Level.ONLINE),
        ({"basics": 50, "product": 40, "people": 40, "digital": 60, "finance": 40}, Level.SELLING),
        ({"basics": 34, "product": 80, "people": 80, "digital": 80, "finance": 80}, Level.ONLINE),
        ({"basics": 70, "product": 70, "people": 70, "digital": 75, "finance": 70}, Level.GROWING),
        ({"basics": 90, "product": 59, "people": 90, "digital": 90, "finance": 90}, Level.SELLING),
    ],
)
def test_a_level_asks_for_all_its_conditions(scores: dict[str, int], level: str) -> None:
    content = questionnaires.content_of(questionnaires.current())
    assert questionnaires.level_of(content, scores) == level


def test_scores_weigh_the_questions() -> None:
    content = questionnaires.content_of(questionnaires.current())
    # NIB weighs 3 of the 11 points of the basics
    assert questionnaires.scores_of(content, {"nib": 2})["basics"] == round(100 * 3 / 11)
    assert set(questionnaires.scores_of(content, dict.fromkeys(content.questions, 2)).values()) == {100}


def test_the_owner_answers_on_the_phone_and_goes_on_later() -> None:
    enterprise = make_enterprise()
    owner = signed_in(enterprise.owner.person)
    url = page("diagnosis_take", enterprise=enterprise.number)
    assert owner.get(url).status_code == 200
    assert not Diagnosis.objects.exists()  # looking keeps nothing
    owner.post(url, form(nib=2, photos=1) | {"do": "keep"})
    again = owner.get(url).content.decode()
    assert again.count("checked") == 2
    missing = owner.post(url, {"do": "send"})
    assert missing.status_code == 422 and "28 questions are not answered yet" in missing.content.decode()
    done = owner.post(url, form(**all_answers(1)) | {"do": "send"}, follow=True)
    assert "Level: Online" in done.content.decode()


def test_a_second_tap_does_not_make_a_second_diagnosis() -> None:
    enterprise = make_enterprise()
    owner = signed_in(enterprise.owner.person)
    url = page("diagnosis_take", enterprise=enterprise.number)
    sent: Any = form(**all_answers(1)) | {"do": "send", "draft": "0b2f1f6e-54b1-4c0e-9a53-6d3ac2f6a001"}
    first, second = owner.post(url, sent), owner.post(url, sent)
    assert first["Location"] == second["Location"]
    assert Diagnosis.objects.count() == 1


def test_what_was_sent_never_changes() -> None:
    diagnosis = make_diagnosis(make_enterprise(), value=1)
    for write in (
        lambda: Diagnosis.objects.filter(pk=diagnosis.pk).update(total=99),
        lambda: Diagnosis.objects.filter(pk=diagnosis.pk).update(answers={}),
        lambda: diagnosis.delete(),
    ):
        with pytest.raises(IntegrityError, match="diagnosis_stays"), transaction.atomic():
            write()


def test_a_merge_may_move_it_to_the_other_record() -> None:
    diagnosis, other = make_diagnosis(make_enterprise()), make_enterprise()
    assert Diagnosis.objects.filter(pk=diagnosis.pk).update(enterprise=other) == 1


def test_the_result_says_what_changed_since_last_time() -> None:
    enterprise = make_enterprise()
    make_diagnosis(enterprise, value=0)
    second = make_diagnosis(enterprise, value=0, photos=2, marketplace=2)
    result = result_of(second, diagnoses_of(enterprise))
    assert result.change and result.change > 0
    changes = {axis.name: axis.change for axis in result.radar.axes}
    assert changes["Digital presence"] == second.scores["digital"] and changes["Finance"] == 0


def test_advice_comes_from_rules_and_says_why() -> None:
    enterprise = make_enterprise()
    good = make_diagnosis(enterprise, value=2, photos=0)
    advice = result_of(good, []).advice
    assert [one.step for one in advice] == ["photos"]
    assert "None yet" in advice[0].reason and "photos" in advice[0].reason


def test_who_has_done_everything_gets_no_advice() -> None:
    assert result_of(make_diagnosis(make_enterprise(), value=2), []).advice == []


def test_an_officer_takes_it_with_the_owner_who_is_told() -> None:
    enterprise = make_enterprise()
    coordinator = make_person(role=Role.COORDINATOR)
    make_diagnosis(enterprise, value=1, by=coordinator)
    told = Notification.objects.get(person=enterprise.owner.person, key="mentoring/diagnosed")
    assert told.context["by"] == coordinator.name


def test_a_neighbour_sees_and_answers_nothing() -> None:
    enterprise = make_enterprise()
    diagnosis = make_diagnosis(enterprise)
    neighbour = signed_in(make_enterprise().owner.person)
    for url in (
        page("enterprise_mentoring", enterprise=enterprise.number),
        page("diagnosis_take", enterprise=enterprise.number),
        page("diagnosis", diagnosis=diagnosis.uuid),
    ):
        assert neighbour.get(url).status_code == 404
    with pytest.raises(Refused):
        send_diagnosis(enterprise, all_answers(2), by=make_person())


def test_a_teller_sees_the_business_but_not_its_mentoring() -> None:
    enterprise = make_enterprise()
    teller = signed_in(make_person(role=Role.TELLER))
    assert teller.get(enterprise.get_absolute_url()).status_code == 200
    assert teller.get(page("enterprise_mentoring", enterprise=enterprise.number)).status_code == 404


def test_a_changed_file_needs_a_new_version(tmp_path: Path) -> None:
    shipped = (questionnaires.DATA / "readiness-1.toml").read_text()
    changed = tmp_path / "readiness-1.toml"
    changed.write_text(shipped.replace("weight = 3", "weight = 2", 1))
    with pytest.raises(Refused, match="new version"):
        questionnaires.load(changed)
    changed.write_text(
        shipped.replace("version = 1", "version = 2", 1).replace("weight = 3", "weight = 2", 1)
    )
    assert questionnaires.load(changed).version == 2
    assert questionnaires.current().version == 2 and Questionnaire.objects.count() == 2


def test_a_draft_moves_on_to_the_newest_version(tmp_path: Path) -> None:
    enterprise = make_enterprise()
    keep_answers(enterprise, {"nib": 2, "photos": 1}, by=enterprise.owner.person)
    newer = tmp_path / "readiness-2.toml"
    newer.write_text(
        (questionnaires.DATA / "readiness-1.toml")
        .read_text()
        .replace("version = 1", "version = 2", 1)
        .replace('key = "photos"', 'key = "pictures"', 1)
        .replace('question = "photos"', 'question = "pictures"', 1)
    )
    questionnaires.load(newer)
    draft = keep_answers(enterprise, {}, by=enterprise.owner.person)
    assert draft.questionnaire.version == 2 and draft.answers == {"nib": 2}


def test_pages_show_the_level_in_both_languages() -> None:
    enterprise = make_enterprise()
    diagnosis = make_diagnosis(enterprise, value=1)
    owner = signed_in(enterprise.owner.person)
    assert "Digital presence" in owner.get(page("diagnosis", diagnosis=diagnosis.uuid)).content.decode()
    indonesian = owner.get(
        page("diagnosis", diagnosis=diagnosis.uuid), headers={"accept-language": "id"}
    ).content.decode()
    assert "Kehadiran digital" in indonesian
    assert 'class="radar"' in indonesian


def test_a_drawing_has_points_and_no_commas_in_numbers() -> None:
    enterprise = make_enterprise()
    diagnosis = make_diagnosis(enterprise, value=1, photos=2)
    body = signed_in(enterprise.owner.person).get(
        page("diagnosis", diagnosis=diagnosis.uuid), headers={"accept-language": "id"}
    )
    assert not re.search(r' (?:x|y|x2|y2|cx|cy)="\d+,\d', body.content.decode())
