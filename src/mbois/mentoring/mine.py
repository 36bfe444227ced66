"""What mentoring holds of a person, for them to take home."""

from typing import Any

from mbois.mentoring.models import (
    Attempt,
    CashEntry,
    Certificate,
    Diagnosis,
    Evidence,
    MentorProfile,
    Mentorship,
    Session,
    SessionReport,
)
from mbois.mentoring.reasons import told
from mbois.people.mine import plain
from mbois.people.models import Person


def held(person: Person) -> dict[str, Any]:
    """Diagnoses, mentorships, sessions, evidence and cash book of one's own businesses; one's profile as a
    mentor, quizzes and certificates."""
    diagnoses = Diagnosis.objects.filter(enterprise__owner__person=person).select_related("enterprise")
    mentorships = Mentorship.objects.filter(enterprise__owner__person=person).select_related(
        "enterprise", "mentor__person"
    )
    sessions = Session.objects.filter(mentorship__enterprise__owner__person=person)
    reports = {
        one.session_id: plain(one)
        for one in SessionReport.objects.filter(
            session__mentorship__enterprise__owner__person=person, same_as=None
        )
    }
    entries = CashEntry.objects.filter(enterprise__owner__person=person).select_related("enterprise")
    return {
        "diagnoses": [
            plain(one, but={"answers", "scores"})
            | {"enterprise": one.enterprise.number, "answers": one.answers, "scores": one.scores}
            for one in diagnoses.order_by("pk")
        ],
        "mentorships": [
            plain(one, but={"reasons"})
            | {
                "enterprise": one.enterprise.number,
                "mentor": one.mentor.person.name,
                "reasons": [told(reason) for reason in one.reasons],
            }
            for one in mentorships.order_by("pk")
        ],
        "sessions": [plain(one) | {"report": reports.get(one.pk)} for one in sessions.order_by("starts_at")],
        "evidence": [
            plain(one)
            for one in Evidence.objects.filter(step__mentorship__enterprise__owner__person=person).order_by(
                "pk"
            )
        ],
        "cash_book": [
            plain(one) | {"enterprise": one.enterprise.number} for one in entries.order_by("day", "pk")
        ],
        "mentor_profiles": [
            plain(one, but={"skills", "areas", "languages"})
            | {"skills": one.skills, "areas": one.areas, "languages": one.languages}
            for one in MentorProfile.objects.filter(person=person).order_by("pk")
        ],
        "quizzes": [
            plain(one, but={"answers"}) | {"course": one.course.title_id}
            for one in Attempt.objects.filter(person=person).select_related("course").order_by("pk")
        ],
        "certificates": [plain(one) for one in Certificate.objects.filter(person=person).order_by("pk")],
    }
