"""Mentoring: where an enterprise stands, who helps it, what it does next, what came of it."""

from mbois.mentoring.models.cashbook import CashEntry
from mbois.mentoring.models.courses import Attempt, Certificate, Course, Lesson, QuizQuestion
from mbois.mentoring.models.diagnosis import MENTORING_READERS, Diagnosis, Level, Questionnaire, mentoring_of
from mbois.mentoring.models.matching import (
    PART_SKILLS,
    TRANSITIONS,
    Language,
    MentorProfile,
    Mentorship,
    Skill,
    State,
)
from mbois.mentoring.models.plans import Evidence, PlanStep
from mbois.mentoring.models.sessions import FollowUp, OwnerCalendar, Session, SessionPhoto, SessionReport

__all__ = [
    "MENTORING_READERS",
    "PART_SKILLS",
    "TRANSITIONS",
    "Attempt",
    "CashEntry",
    "Certificate",
    "Course",
    "Diagnosis",
    "Evidence",
    "FollowUp",
    "Language",
    "Lesson",
    "Level",
    "MentorProfile",
    "Mentorship",
    "OwnerCalendar",
    "PlanStep",
    "Questionnaire",
    "QuizQuestion",
    "Session",
    "SessionPhoto",
    "SessionReport",
    "Skill",
    "State",
    "mentoring_of",
]
