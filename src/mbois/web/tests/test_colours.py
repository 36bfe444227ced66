"""The colours of `tokens.css` and what the style sheets write on what (WCAG 2.2, 1.4.3)."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCES = Path(__file__).resolve().parents[2]
TOKENS = (SOURCES / "web/static/web/tokens.css").read_text()
SHEETS = sorted(path for path in SOURCES.glob("*/static/**/*.css") if "vendor" not in path.parts)
PAPERS = ("paper", "card", "biru-soft", "kunyit-soft", "jambu-soft", "daun-soft", "ungu-soft")
INKS = ("ink", "soft", "biru", "biru-deep", "kunyit-ink", "jambu", "daun", "ungu")
READABLE = 4.5


def block(opening: str) -> str:
    return TOKENS.split(f"{opening} {{")[1].split("}")[0]


def colours(opening: str) -> dict[str, str]:
    return {
        name: "".join(digit * 2 for digit in value) if len(value) == 3 else value
        for name, value in re.findall(r"--([\w-]+): #([0-9a-f]{6}|[0-9a-f]{3})\b", block(opening))
    }


LIGHT, DARK = colours("\n:root"), colours('[data-theme="dark"]')


def luminance(colour: str) -> float:
    """Relative luminance of RRGGBB, 0 (black) to 1 (white), as WCAG 2.2 defines it."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def rules() -> Iterator[tuple[str, str, str]]:
    """Where a rule sets both: (selector, paper, ink)."""
    for sheet in SHEETS:
        for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet.read_text()):
            paper = re.search(r"background(?:-color)?: var\(--([\w-]+)\)", body)
            ink = re.search(r"(?<![\w-])color: var\(--([\w-]+)\)", body)
            if paper and ink:
                yield f"{sheet.name}: {selector.strip()}", paper[1], ink[1]


def test_both_sets_of_dark_colours_are_the_same() -> None:
    assert block('[data-theme="dark"]') == block(":root:not([data-theme])")
    assert DARK.keys() == LIGHT.keys()


def test_contrast_is_measured_as_the_standard_does() -> None:
    assert contrast("000000", "ffffff") == pytest.approx(21)
    assert contrast("777777", "ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("named", [LIGHT, DARK], ids=["light", "dark"])
def test_every_ink_can_be_read_on_every_paper(named: dict[str, str]) -> None:
    faint = {
        (ink, paper): round(ratio, 2)
        for ink in INKS
        for paper in PAPERS
        if (ratio := contrast(named[ink], named[paper])) < READABLE
    }
    assert not faint


@pytest.mark.parametrize("named", [LIGHT, DARK], ids=["light", "dark"])
def test_what_a_rule_writes_can_be_read_on_what_it_paints(named: dict[str, str]) -> None:
    found = list(rules())
    assert len(found) > 20
    faint = {
        where: (paper, ink)
        for where, paper, ink in found
        if {paper, ink} <= named.keys() and contrast(named[paper], named[ink]) < READABLE
    }
    assert not faint
