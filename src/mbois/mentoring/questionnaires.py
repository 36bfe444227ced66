"""The questionnaire as data: its parts, questions, levels and advice, and how answers become scores.

A version is a TOML file in `data/`; the loader keeps it in the database, where a diagnosis names the
version it answered. Scores are per cent of the weighted points of a part.
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mbois.mentoring.models import Level, Questionnaire
from mbois.mentoring.models.courses import in_words
from mbois.refused import Refused

DATA = Path(__file__).parent / "data"
READINESS = "readiness"


@dataclass(frozen=True)
class Text:
    """A text in both languages."""

    id: str
    en: str

    def __str__(self) -> str:
        return in_words(self.id, self.en)


@dataclass(frozen=True)
class Question:
    key: str
    text: Text
    answers: tuple[Text, ...]
    weight: int


@dataclass(frozen=True)
class Part:
    key: str
    name: Text
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Threshold:
    """What a level asks for: a total, and scores of parts."""

    level: str
    total: int
    parts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Rule:
    """An advice and when it is given: a question answered `limit` at most, or a part scored below it."""

    text: Text
    question: str
    part: str
    limit: int
    step: str
    course: str


@dataclass(frozen=True)
class Content:
    """A whole version."""

    parts: tuple[Part, ...]
    levels: tuple[Threshold, ...]
    advice: tuple[Rule, ...]

    @property
    def questions(self) -> dict[str, Question]:
        return {question.key: question for part in self.parts for question in part.questions}

    def part_of(self, question: str) -> Part:
        return next(part for part in self.parts if any(one.key == question for one in part.questions))


def _text(raw: Mapping[str, Any]) -> Text:
    return Text(raw["id"], raw["en"])


def parse(raw: Mapping[str, Any]) -> Content:
    """The content of a version, checked. Raises ValueError where the data contradicts itself."""
    scales = raw.get("scales", {})
    parts = []
    seen: set[str] = set()
    for part in raw["parts"]:
        questions = []
        for one in part["questions"]:
            if one["key"] in seen:
                raise ValueError(f"question {one['key']} stands twice")
            seen.add(one["key"])
            answers = tuple(Text(*pair) for pair in one.get("answers") or scales[one["scale"]])
            if len(answers) < 2 or one["weight"] < 1:
                raise ValueError(f"question {one['key']} needs two answers and a weight")
            questions.append(Question(one["key"], _text(one), answers, one["weight"]))
        parts.append(Part(part["key"], _text(part), tuple(questions)))
    names = {part.key for part in parts}
    levels = []
    for one in raw["levels"]:
        wanted = tuple(sorted(one.get("parts", {}).items()))
        if one["key"] not in Level.values or {name for name, _least in wanted} - names:
            raise ValueError(f"level {one['key']} is not known, or asks for an unknown part")
        levels.append(Threshold(one["key"], one.get("total", 0), wanted))
    if [one.level for one in levels] != list(Level.values):
        raise ValueError("the levels are offline, online, selling and growing, in this order")
    rules = []
    for one in raw.get("advice", []):
        question, part = one.get("question", ""), one.get("part", "")
        if (
            (question and question not in seen)
            or (part and part not in names)
            or bool(question) == bool(part)
        ):
            raise ValueError(f"an advice names one question or one part: {one['id']}")
        limit = one["at_most"] if question else one["below"]
        rules.append(Rule(_text(one), question, part, limit, one.get("step", ""), one.get("course", "")))
    return Content(tuple(parts), tuple(levels), tuple(rules))


@lru_cache(32)
def _content(pk: int) -> Content:
    """A version never changes, so it is read once a process."""
    return parse(Questionnaire.objects.get(pk=pk).content)


def content_of(questionnaire: Questionnaire | int) -> Content:
    return _content(questionnaire if isinstance(questionnaire, int) else questionnaire.pk)


def current(key: str = READINESS) -> Questionnaire:
    """The newest version. Refuses where none was loaded."""
    found = Questionnaire.objects.filter(key=key).order_by("-version").first()
    if found is None:
        raise Refused(_("The questionnaire is not loaded yet."), code="not_loaded", status=503)
    return found


@transaction.atomic
def load(path: Path) -> Questionnaire:
    """Load a version from its file; again without effect. Refuses a version whose content has changed."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        parse(raw)
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(f"{path.name}: {error}") from None
    digest = hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()
    found, made = Questionnaire.objects.get_or_create(
        key=raw["key"], version=raw["version"], defaults={"content": raw, "sha256": digest}
    )
    if not made and found.sha256 != digest:
        raise Refused(
            f"{path.name}: version {raw['version']} of {raw['key']} is loaded with other content. "
            "Give the changed file a new version.",
            code="version_changed",
        )
    return found


def load_shipped() -> list[Questionnaire]:
    """The versions in `data/`, oldest first."""
    return [load(path) for path in sorted(DATA.glob(f"{READINESS}-*.toml"))]


def missing(content: Content, answers: Mapping[str, int]) -> list[str]:
    """The questions without a valid answer."""
    return [
        key
        for key, question in content.questions.items()
        if not isinstance(answers.get(key), int) or not 0 <= answers[key] < len(question.answers)
    ]


def scores_of(content: Content, answers: Mapping[str, int]) -> dict[str, int]:
    """0 to 100 by part, rounded; a question without an answer counts as its lowest."""
    found = {}
    for part in content.parts:
        reached = sum(
            question.weight * answers.get(question.key, 0) / (len(question.answers) - 1)
            for question in part.questions
        )
        most = sum(question.weight for question in part.questions)
        found[part.key] = round(100 * reached / most)
    return found


def total_of(scores: Mapping[str, int]) -> int:
    """The mean of the parts, rounded."""
    return round(sum(scores.values()) / len(scores)) if scores else 0


def level_of(content: Content, scores: Mapping[str, int]) -> str:
    """The highest level of which this and every lower one's conditions hold."""
    reached = content.levels[0].level
    total = total_of(scores)
    for one in content.levels[1:]:
        if total < one.total or any(scores[part] < least for part, least in one.parts):
            break
        reached = one.level
    return reached


@dataclass(frozen=True)
class Advice:
    """What to do next in a part, and why it is said."""

    part: Part
    score: int
    text: Text
    reason: str
    step: str
    course: str


def advice_for(content: Content, answers: Mapping[str, int], scores: Mapping[str, int]) -> list[Advice]:
    """What the rules advise, the weakest part first; each says the answer or the score it comes from."""
    found = []
    for rule in content.advice:
        if rule.question:
            question = content.questions[rule.question]
            said = answers.get(rule.question, 0)
            if said > rule.limit:
                continue
            part = content.part_of(rule.question)
            reason = _("Because you answered “%(answer)s” to “%(question)s”") % {
                "answer": question.answers[said],
                "question": question.text,
            }
        else:
            part = next(one for one in content.parts if one.key == rule.part)
            if scores[rule.part] >= rule.limit:
                continue
            reason = _("Because this part stands at %(score)s of 100, below %(limit)s") % {
                "score": scores[rule.part],
                "limit": rule.limit,
            }
        found.append(Advice(part, scores[part.key], rule.text, reason, rule.step, rule.course))
    return sorted(found, key=lambda one: one.score)


def next_level(content: Content, scores: Mapping[str, int]) -> tuple[Level, list[str]] | None:
    """The next level and what is still missing for it, in sentences; None at the top."""
    here = Level(level_of(content, scores))
    if here.rank == len(content.levels) - 1:
        return None
    threshold = content.levels[here.rank + 1]
    names = {part.key: part.name for part in content.parts}
    wanted = [
        _("%(part)s from %(score)s to %(least)s")
        % {"part": names[part], "score": scores[part], "least": least}
        for part, least in threshold.parts
        if scores[part] < least
    ]
    if (total := total_of(scores)) < threshold.total:
        wanted.append(_("the whole from %(score)s to %(least)s") % {"score": total, "least": threshold.total})
    return Level(threshold.level), wanted
