"""Why a mentor fits, kept as facts: each reader has the sentence in their own language."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mbois.mentoring.models import Language, Skill
from mbois.mentoring.questionnaires import Text


@dataclass(frozen=True)
class Reason:
    """One reason: its kind (a key of `_SENTENCES`) and what it speaks of, as JSON can hold it."""

    kind: str
    facts: dict[str, Any]

    def __str__(self) -> str:
        return _SENTENCES[self.kind](self.facts)

    def kept(self) -> dict[str, Any]:
        """As it is stored with a mentorship."""
        return {"kind": self.kind, **self.facts}


def told(kept: object) -> str:
    """The sentence of a stored reason; one that was stored as a sentence stays as it was written."""
    if isinstance(kept, dict) and kept.get("kind") in _SENTENCES:
        return str(Reason(kept["kind"], kept))
    return str(kept)


def _labels(keys: list[str], choices: Any) -> str:
    return ", ".join(str(choices(key).label) for key in keys if key in choices.values)


_SENTENCES = {
    "knows": lambda facts: (
        _("Knows %(skills)s; %(part)s stands at %(score)s of 100")
        % {
            "skills": _labels(facts["skills"], Skill),
            "part": Text(*facts["part"]),
            "score": facts["score"],
        }
    ),
    "near": lambda facts: _("Works in %(district)s") % {"district": facts["district"]},
    "anywhere": lambda facts: _("Comes anywhere in the region"),
    "not_far": lambda facts: _("Works about %(km)s km away") % {"km": facts["km"]},
    "speaks": lambda facts: _("Speaks %(languages)s") % {"languages": _labels(facts["languages"], Language)},
    "room": lambda facts: (
        _("Mentors %(load)s of at most %(most)s businesses") % {"load": facts["load"], "most": facts["most"]}
    ),
    "hours": lambda facts: (
        _("Has %(free)s of %(hours)s hours free this month")
        % {"free": facts["free"], "hours": facts["hours"]}
    ),
}
