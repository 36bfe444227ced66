"""Small things a page is made of, for Python code that builds them."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.html import format_html
from django.utils.safestring import SafeString

Tone = Literal["ok", "wait", "bad", "info", "plain"]


def badge(state: object, tone: str = "") -> SafeString:
    """A state as a coloured word: green is done, turmeric waits, rose warns, blue informs.

    `state` is text, or a member of a TextChoices with a `tone` property (its label is shown).
    """
    label = getattr(state, "label", None)
    tone = tone or str(getattr(state, "tone", "") or "plain")
    return format_html('<span class="badge {}">{}</span>', tone, label if label is not None else state)


@dataclass(frozen=True)
class Step:
    """A step of a step bar."""

    label: object
    state: Literal["done", "now", "todo", "bad"] = "todo"
    note: object = ""
    url: str = ""


def steps_to(labels: list[object], current: int, *, stopped: bool = False) -> list[Step]:
    """Steps of which those before `current` (from 0) are done; all are where it is past the end."""
    return [
        Step(
            label, "done" if number < current else "todo" if number > current else "bad" if stopped else "now"
        )
        for number, label in enumerate(labels)
    ]


@dataclass(frozen=True)
class Event:
    """A line of a timeline: what happened when, by whom."""

    when: date
    what: object
    who: object = ""
    detail: object = ""
    tone: Tone = "plain"
    icon: str = ""
    url: str = ""


@dataclass(frozen=True)
class Fact:
    """A line of a list of facts."""

    label: object
    value: object
    note: object = ""
