"""The board of a day as HTML. A page has hundreds of bars and hours: written here, it takes a tenth of the
time of a template."""

from collections.abc import Sequence
from typing import Protocol

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

HEIGHT = 24


class Stretch(Protocol):
    """A stretch of the day: a kind for its colour, minutes, a label, and perhaps where it leads."""

    @property
    def kind(self) -> str: ...
    @property
    def x(self) -> int: ...
    @property
    def width(self) -> int: ...
    @property
    def label(self) -> str: ...
    @property
    def url(self) -> str: ...


class Choice(Protocol):
    """Free hours, written by `str`, and the way to book them."""

    @property
    def url(self) -> str: ...


def bar(stretches: Sequence[Stretch], width: int, lines: Sequence[int], now: int | None) -> SafeString:
    """A day of one space, as wide as its minutes."""
    parts = [
        f'<svg class="bar" viewBox="0 0 {width} {HEIGHT}" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
    ]
    for one in stretches:
        title = f"<title>{escape(one.label)}</title>" if one.label else ""
        drawn = f'<rect class="{one.kind}" x="{one.x}" width="{one.width}" height="{HEIGHT}">{title}</rect>'
        parts.append(f'<a href="{escape(one.url)}" tabindex="-1">{drawn}</a>' if one.url else drawn)
    parts += [f'<rect class="tick" x="{x}" width="1" height="{HEIGHT}"/>' for x in lines]
    if now is not None:
        parts.append(f'<rect class="now" x="{now}" width="3" height="{HEIGHT}"/>')
    parts.append("</svg>")
    return mark_safe("".join(parts))  # every text and address in it is escaped


def choices(name: str, windows: Sequence[Choice], closed: str) -> SafeString:
    """The free hours of one space; where there are none, why."""
    if not windows:
        said = f"{_('Closed:')} {closed}" if closed else _("Nothing free any more")
        return mark_safe(f'<ul class="windows" role="list"><li class="none">{escape(said)}</li></ul>')
    label = _("Book %(name)s, free %(hours)s")
    lines = []
    for one in windows:
        hours = str(one)
        spoken = escape(label % {"name": name, "hours": hours})
        lines.append(f'<li><a href="{escape(one.url)}" aria-label="{spoken}">{escape(hours)}</a></li>')
    return mark_safe(f'<ul class="windows" role="list">{"".join(lines)}</ul>')  # escaped above


def links(stretches: Sequence[Stretch]) -> SafeString:
    """What of a day may be opened, in words."""
    return mark_safe(
        "".join(
            f'<p class="mine-line"><a href="{escape(one.url)}">{escape(one.label)}</a></p>'
            for one in stretches
            if one.url
        )
    )
