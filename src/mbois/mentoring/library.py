"""The library of steps a plan is made of (data/steps.toml)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mbois.mentoring.questionnaires import Text

FILE = Path(__file__).parent / "data" / "steps.toml"


@dataclass(frozen=True)
class Step:
    """A step: what to do, how, what proves it, and within how many days of the plan.

    `proof` is a key of `enterprises/proofs.py`, or "" where only a document proves it.
    """

    key: str
    name: Text
    how: Text
    proves: Text
    icon: str
    part: str
    days: int
    proof: str = ""
    course: str = ""


@cache
def steps() -> dict[str, Step]:
    """The steps by key, in the order in which one usually takes them."""
    raw = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {
        one["key"]: Step(
            key=one["key"],
            name=Text(one["id"], one["en"]),
            how=Text(one["how_id"], one["how_en"]),
            proves=Text(one["proves_id"], one["proves_en"]),
            icon=one["icon"],
            part=one["part"],
            days=one["days"],
            proof=one.get("proof", ""),
            course=one.get("course", ""),
        )
        for one in raw["steps"]
    }
