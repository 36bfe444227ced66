"""The forms of calls, startups and cohorts."""

from mbois.startups.forms.applying import AnswersForm, BeginForm
from mbois.startups.forms.calls import CallForm, CriteriaForm, PhasesForm, QuestionForm
from mbois.startups.forms.cohorts import (
    AddStartupForm,
    CohortForm,
    DemoDayForm,
    LessonForm,
    MaterialForm,
    MentorForm,
    MilestoneForm,
    WhyForm,
)
from mbois.startups.forms.progress import (
    CheckForm,
    EvidenceForm,
    QuarterForm,
    WeekForm,
    first_client_id,
    quarters_back,
)
from mbois.startups.forms.reviewing import ConflictForm, DecisionForm, ReviewersForm, ReviewForm
from mbois.startups.forms.teams import ContactForm, DutyForm, InviteForm, StartupForm

__all__ = [
    "AddStartupForm",
    "AnswersForm",
    "BeginForm",
    "CallForm",
    "CheckForm",
    "CohortForm",
    "ConflictForm",
    "ContactForm",
    "CriteriaForm",
    "DecisionForm",
    "DemoDayForm",
    "DutyForm",
    "EvidenceForm",
    "InviteForm",
    "LessonForm",
    "MaterialForm",
    "MentorForm",
    "MilestoneForm",
    "PhasesForm",
    "QuarterForm",
    "QuestionForm",
    "ReviewForm",
    "ReviewersForm",
    "StartupForm",
    "WeekForm",
    "WhyForm",
    "first_client_id",
    "quarters_back",
]
