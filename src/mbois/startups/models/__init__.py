"""Startups: calls, applications and their reviews, cohorts, milestones, figures."""

from mbois.startups.models.applications import (
    OPEN_STATES,
    OUTCOMES,
    TRANSITIONS,
    Application,
    ApplicationFile,
    Conflict,
    State,
)
from mbois.startups.models.calls import Call, Criterion, Phase, Question
from mbois.startups.models.cohorts import Cohort, DemoDay, Lesson, Material, MentorPlace, Participation, Stage
from mbois.startups.models.progress import (
    Evidence,
    Milestone,
    QuarterFigures,
    WeeklyUpdate,
    monday_of,
    quarter_of,
)
from mbois.startups.models.reviews import LEAST_POINTS, MOST_POINTS, Assignment, Decision, Review, to_review
from mbois.startups.models.teams import (
    PROGRAMME_READERS,
    ContactRequest,
    Invitation,
    Member,
    Startup,
    Subject,
)

__all__ = [
    "LEAST_POINTS",
    "MOST_POINTS",
    "OPEN_STATES",
    "OUTCOMES",
    "PROGRAMME_READERS",
    "TRANSITIONS",
    "Application",
    "ApplicationFile",
    "Assignment",
    "Call",
    "Cohort",
    "Conflict",
    "ContactRequest",
    "Criterion",
    "Decision",
    "DemoDay",
    "Evidence",
    "Invitation",
    "Lesson",
    "Material",
    "Member",
    "MentorPlace",
    "Milestone",
    "Participation",
    "Phase",
    "QuarterFigures",
    "Question",
    "Review",
    "Stage",
    "Startup",
    "State",
    "Subject",
    "WeeklyUpdate",
    "monday_of",
    "quarter_of",
    "to_review",
]
