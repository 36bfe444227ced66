"""What other rooms show on an enterprise's passport page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mbois.enterprises.models import Enterprise
from mbois.people.models import Person


@dataclass(frozen=True)
class Panel:
    """A part of the passport. `context` makes what the template needs; `visible` says who sees it
    (everybody who sees the enterprise, unless told otherwise)."""

    key: str
    title: object
    template: str
    context: Callable[[Enterprise, Person], dict[str, Any]]
    order: int = 50
    visible: Callable[[Enterprise, Person], bool] = lambda enterprise, person: True


@dataclass(frozen=True)
class Shown:
    """A panel on one page, with its context."""

    panel: Panel
    context: dict[str, Any]


_panels: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    """Add a panel (from a room's `apps.py`); the same key again replaces it."""
    _panels[panel.key] = panel


def shown(enterprise: Enterprise, person: Person) -> list[Shown]:
    """The panels of this enterprise that this person may see, in order."""
    ordered = sorted(_panels.values(), key=lambda panel: (panel.order, panel.key))
    return [
        Shown(panel, panel.context(enterprise, person))
        for panel in ordered
        if panel.visible(enterprise, person)
    ]
