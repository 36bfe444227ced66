"""What the room of mentoring adds to a region of `tests/world.py`."""

import uuid
from typing import TYPE_CHECKING

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.mentoring.actions.cashbook import Entry, write_entry
from mbois.mentoring.actions.plans import hand_in
from mbois.mentoring.courses import load_shipped
from mbois.mentoring.models import Certificate, Course, Lesson, PlanStep, QuizQuestion, SessionPhoto
from mbois.mentoring.tests.factories import (
    make_diagnosis,
    make_mentor,
    make_mentorship,
    make_report,
    make_session,
)
from mbois.people import documents
from mbois.people.models import Purpose
from mbois.people.tests.factories import make_person, picture

if TYPE_CHECKING:
    from tests.world import Region


def add_mentoring(home: "Region", mine: Enterprise, other: Enterprise) -> None:
    """A thing for every noun of the addresses of mentoring: those of the neighbour, with a mentor who is
    nobody among the viewers."""
    load_shipped(other.region)
    make_diagnosis(mine, value=1)
    diagnosis = make_diagnosis(other, value=0)
    mentor = make_mentor(home.code, person=make_person(home.mark("Mentor"), role="mentor", region=home.code))
    mentor.about = home.mark("Tentang")
    mentor.save()
    mentorship = make_mentorship(other, mentor)
    step = PlanStep.objects.filter(mentorship=mentorship).order_by("pk")[0]
    evidence = hand_in(step, by=other.owner.person, upload=picture(), note=home.mark("Bukti"))
    session = make_session(mentorship, days=-1, topic=home.mark("Sesi"), place=home.mark("Tempat"))
    report = make_report(session, notes=home.mark("Catatan"))
    paper = documents.store(
        picture(),
        region_id=home.code,
        purpose=Purpose.MENTORING,
        by=mentor.person,
        subject=other.owner.person,
    )
    photo = SessionPhoto.objects.create(region_id=home.code, report=report, document=paper)
    write_entry(
        other, Entry(uuid.uuid4(), "sale", 5000, clock.today(), note=home.mark("Kas")), by=other.owner.person
    )
    # nobody opens a draft but those who write it
    course = Course.objects.filter(region=home.code).order_by("pk")[0]
    course.is_published, course.title_id, course.title_en = False, home.mark("Kursus"), home.mark("Kursus")
    course.save()
    certificate = Certificate.objects.create(
        region_id=home.code, course=course, person=other.owner.person, name="Bu Sri", title_id="Foto"
    )
    home.objects |= {
        "diagnosis": diagnosis.uuid,
        "mentorship": mentorship.number,
        "mentor": mentor.pk,
        "plan_step": step.pk,
        "evidence": evidence.pk,
        "session": session.uuid,
        "picture": photo.pk,
        "secret": mentor.calendar_secret,
        "course": course.number,
        "lesson": Lesson.objects.filter(course=course).order_by("pk")[0].pk,
        "question": QuizQuestion.objects.filter(course=course).order_by("pk")[0].pk,
        "certificate": certificate.code,
    }
