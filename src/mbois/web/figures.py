"""Live figures of the landing page: rooms register how one is computed and what it means."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import caches

from mbois import clock
from mbois.web import show

MINUTES = 10
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Figure:
    """A number the public sees.

    `compute` answers the number or None when there is nothing to say yet; `show` writes it
    (`show.angka`, `show.rupiah_short`, a function of the room); `explanation` says in a sentence
    where it comes from.
    """

    key: str
    label: object
    explanation: object
    compute: Callable[[], int | float | None]
    show: Callable[[object], str] = show.angka
    order: int = 50


@dataclass(frozen=True)
class Reading:
    """A figure with its value and the instant it was computed."""

    figure: Figure
    value: int | float
    at: datetime

    @property
    def text(self) -> str:
        return self.figure.show(self.value)


_figures: dict[str, Figure] = {}


def register(figure: Figure) -> None:
    """Add a figure; the same key again replaces it."""
    _figures[figure.key] = figure


def registered() -> list[Figure]:
    """All figures, in order."""
    return sorted(_figures.values(), key=lambda figure: (figure.order, figure.key))


def readings() -> list[Reading]:
    """The figures that have a value, computed at most every ten minutes. One that fails is left out."""
    wanted = registered()
    known = caches["local"].get_many([f"figure:{figure.key}" for figure in wanted])
    found = []
    for figure in wanted:
        kept: tuple[int | float | None, datetime] | None = known.get(f"figure:{figure.key}")
        if kept is None:
            try:
                kept = (figure.compute(), clock.now())
            except Exception:
                log.exception("figure %s", figure.key)
                continue
            caches["local"].set(f"figure:{figure.key}", kept, MINUTES * 60)
        if kept[0] is not None:
            found.append(Reading(figure, kept[0], kept[1]))
    return found
