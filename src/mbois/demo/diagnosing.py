"""Diagnoses of the demo city: answers of somebody who does so much well, and better ones later."""

import random
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from mbois.enterprises.models import Enterprise
from mbois.mentoring import questionnaires
from mbois.mentoring.models import Diagnosis, Questionnaire
from mbois.mentoring.questionnaires import Content
from mbois.people.models import Person
from mbois.places.models import Region


@dataclass
class Diagnosing:
    """Makes diagnoses of one region."""

    rng: random.Random
    region: Region
    questionnaire: Questionnaire
    content: Content

    def answers(self, strength: float) -> dict[str, int]:
        """Answers of somebody who does about this share of things well."""
        found = {}
        for key, question in self.content.questions.items():
            most = len(question.answers) - 1
            found[key] = min(most, max(0, round(self.rng.gauss(strength * most, 0.55))))
        return found

    def better(self, answers: dict[str, int], steps_up: int) -> dict[str, int]:
        found = dict(answers)
        for key in self.rng.sample(sorted(found), steps_up):
            found[key] = min(len(self.content.questions[key].answers) - 1, found[key] + 1)
        return found

    def diagnosis(
        self, enterprise: Enterprise, answers: dict[str, int], sent: datetime, by: Person
    ) -> Diagnosis:
        scores = questionnaires.scores_of(self.content, answers)
        return Diagnosis(
            region=self.region,
            uuid=uuid.UUID(int=self.rng.getrandbits(128), version=4),
            enterprise=enterprise,
            questionnaire=self.questionnaire,
            answers=answers,
            taken_by=by,
            started_at=sent - timedelta(minutes=12),
            sent_at=sent,
            scores=scores,
            total=questionnaires.total_of(scores),
            level=questionnaires.level_of(self.content, scores),
        )
