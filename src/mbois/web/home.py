"""The page after signing in says first what is next: rooms register sections for it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class Section:
    """A part of the home page: a template with its own context. The lowest `order` stands first;
    a `wide` one takes the whole row."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    order: int = 50
    wide: bool = False


Maker = Callable[[HttpRequest], Section | list[Section] | None]
_makers: list[Maker] = []


def register(maker: Maker) -> None:
    """Add a maker of sections; it answers None where it has nothing to say to this person."""
    if maker not in _makers:
        _makers.append(maker)


def sections(request: HttpRequest) -> list[Section]:
    """What the person of this request should see, most urgent first."""
    found: list[Section] = []
    for maker in _makers:
        made = maker(request)
        found += made if isinstance(made, list) else [made] if made else []
    return sorted(found, key=lambda section: section.order)
