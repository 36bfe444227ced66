"""Short courses: read by everybody, a quiz, a certificate that can be checked."""

import re
from typing import Any

import pytest
from django.test import Client
from tests.factories import MALANG

from mbois.mentoring.courses import blocks, load_shipped
from mbois.mentoring.models import Attempt, Certificate, Course, QuizQuestion
from mbois.mentoring.tests.factories import page, signed_in
from mbois.people.models import Person, Role
from mbois.people.tests.factories import make_person, make_region

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> Course:
    load_shipped(make_region(MALANG))
    return Course.objects.get(slug="harga")


def answers(course: Course, *, right: bool = True) -> dict[str, Any]:
    return {
        f"q-{one.pk}": one.right if right else (one.right + 1) % len(one.answers)
        for one in QuizQuestion.objects.filter(course=course)
    }


def test_six_courses_come_with_the_program_in_both_languages(course: Course) -> None:
    assert Course.objects.count() == 6
    for one in Course.objects.all():
        assert one.title_en and one.lessons.count() >= 3 and one.questions.count() >= 3
        assert all(lesson.body_en and lesson.body_id for lesson in one.lessons.all())
        assert all(len(question.answers) >= 3 for question in one.questions.all())


def test_loading_again_changes_nothing_and_leaves_edited_ones(course: Course) -> None:
    assert load_shipped(course.region) == 0
    Course.objects.filter(pk=course.pk).update(title_id="Punya kami", edited=True)
    assert load_shipped(course.region) == 0
    Course.objects.filter(slug="p-irt").update(title_id="Lama")
    assert load_shipped(course.region) == 1
    course.refresh_from_db()
    assert course.title_id == "Punya kami"


def test_anybody_reads_it_in_their_language(course: Course) -> None:
    url = page("course", course=course.number)
    assert "The cost of one batch" in Client(headers={"accept-language": "en"}).get(url).content.decode()
    indonesian = Client(headers={"accept-language": "id"}).get(url)
    assert "Biaya sekali produksi" in indonesian.content.decode()
    assert len(indonesian.content) < 20_000


@pytest.mark.parametrize(
    ("language", "every", "one"),
    [
        ("en", "Free short courses", "Every cost counts"),
        ("id", "Kursus singkat gratis", "Semua biaya masuk"),
    ],
)
def test_pages_say_what_they_are(course: Course, language: str, every: str, one: str) -> None:
    anybody = Client(headers={"accept-language": language})
    for url, words in ((page("courses"), every), (page("course", course=course.number), one)):
        [told] = re.findall(r'<meta name="description" content="([^"]+)">', anybody.get(url).content.decode())
        assert told.startswith(words)


def test_who_passes_gets_one_certificate(course: Course) -> None:
    person = make_person("Bu Sri")
    client, url = signed_in(person), page("course_quiz", course=course.number)
    wrong = client.post(url, answers(course, right=False))
    assert "0 of 3 are right" in wrong.content.decode() and not Certificate.objects.exists()
    for _time in range(2):
        assert client.post(url, answers(course)).status_code == 302
    certificate = Certificate.objects.get()
    assert certificate.name == "Bu Sri" and Attempt.objects.count() == 3
    check = Client().get(page("certificate", certificate=certificate.code))
    assert "Bu Sri" in check.content.decode() and check["X-Robots-Tag"] == "noindex, nofollow"
    pdf = Client().get(page("certificate_pdf", certificate=certificate.code))
    assert pdf.content.startswith(b"%PDF")


def test_every_question_wants_an_answer(course: Course) -> None:
    client = signed_in(make_person())
    half = dict(list(answers(course).items())[:1])
    answer = client.post(page("course_quiz", course=course.number), half)
    assert answer.status_code == 422 and not Attempt.objects.exists()


def coordinator() -> Person:
    return make_person(role=Role.COORDINATOR)


def test_a_coordinator_writes_a_course(course: Course) -> None:
    client = signed_in(coordinator())
    fields = {"title_id": "Bungkus rapi", "summary_id": "Singkat", "minutes": "5", "pass_mark": "60"}
    client.post(page("course_new"), fields)
    made = Course.objects.get(title_id="Bungkus rapi")
    early = client.post(page("course_edit", course=made.number), fields | {"is_published": "on"})
    assert early.status_code == 422 and "Add a lesson and a question first" in early.content.decode()
    client.post(page("lesson_new", course=made.number), {"title_id": "Satu", "body_id": "Isi\n\n- a\n- b"})
    bad = client.post(page("question_new", course=made.number), {"text_id": "Apa?", "answers_id": "a\nb"})
    assert "exactly one right answer" in bad.content.decode()
    client.post(page("question_new", course=made.number), {"text_id": "Apa?", "answers_id": "a\n* b"})
    assert made.questions.get().right == 1
    client.post(page("course_edit", course=made.number), fields | {"is_published": "on"})
    assert "Bungkus rapi" in client.get(page("courses")).content.decode()


def test_nobody_else_does(course: Course) -> None:
    for person in (
        make_person(),
        make_person(role=Role.MENTOR),
        make_person(role=Role.COORDINATOR, region="35.07"),
    ):
        client = signed_in(person)
        assert client.get(page("course_edit", course=course.number)).status_code == 403
        assert client.post(page("course_remove", course=course.number), {"lesson": "1"}).status_code == 403


def test_a_draft_is_nobodys_business(course: Course) -> None:
    Course.objects.filter(pk=course.pk).update(is_published=False)
    assert Client().get(page("course", course=course.number)).status_code == 404
    assert signed_in(coordinator()).get(page("course", course=course.number)).status_code == 200


def test_text_is_shown_as_text(course: Course) -> None:
    course.lessons.update(body_id="<script>alert(1)</script>", body_en="")
    assert "<script>alert" not in Client().get(page("course", course=course.number)).content.decode()


def test_paragraphs_and_lists() -> None:
    found = blocks("Satu\ndua\n\n- a\n- b\n\nTiga")
    assert [(one.text, one.items) for one in found] == [("Satu dua", ()), ("", ("a", "b")), ("Tiga", ())]


@pytest.mark.parametrize("typed", ["9" * 5000, "²", "-1", "99"])
def test_what_is_no_answer_is_none(course: Course, typed: str) -> None:
    url = page("course_quiz", course=course.number)
    answer = signed_in(make_person("Bu Sri")).post(url, dict.fromkeys(answers(course), typed))
    assert answer.status_code == 422
    assert not Attempt.objects.exists()
