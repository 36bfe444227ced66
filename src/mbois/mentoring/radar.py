"""Where the points of a radar chart lie; the template draws it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, CENTRE_X, CENTRE_Y, RADIUS = 460, 290, 230, 150, 100
RINGS = (25, 50, 75, 100)


@dataclass(frozen=True)
class Axis:
    """One spoke: its end, where its name stands, and the score. Coordinates are text, as templates would
    write numbers with a comma."""

    x: str
    y: str
    label_x: str
    label_y: str
    anchor: str
    name: str
    score: int
    before: int | None

    @property
    def change(self) -> int | None:
        return None if self.before is None else self.score - self.before


@dataclass(frozen=True)
class Radar:
    """Polygons as SVG wants them ("x,y x,y …"): the rings, the scores now and those before ("" for none)."""

    axes: list[Axis]
    rings: list[str]
    now: str
    before: str
    dots: list[tuple[str, str]]
    width: int = WIDTH
    height: int = HEIGHT


def _point(place: int, count: int, share: float) -> tuple[float, float]:
    angle = math.radians(-90 + 360 * place / count)
    return (
        round(CENTRE_X + RADIUS * share * math.cos(angle), 1),
        round(CENTRE_Y + RADIUS * share * math.sin(angle), 1),
    )


def _text(point: tuple[float, float]) -> tuple[str, str]:
    return f"{point[0]:g}", f"{point[1]:g}"


def _polygon(shares: Sequence[float]) -> str:
    points = (_point(place, len(shares), share) for place, share in enumerate(shares))
    return " ".join(f"{x},{y}" for x, y in points)


def radar(names: Mapping[str, object], scores: Mapping[str, int], before: Mapping[str, int] | None) -> Radar:
    """A radar of the scores (0 to 100) by part, in the order of `names`, with those before it if any."""
    axes = []
    for place, (key, name) in enumerate(names.items()):
        x, y = _point(place, len(names), 1)
        label_x, label_y = _point(place, len(names), 1.16)
        side = label_x - CENTRE_X
        anchor = "middle" if abs(side) < 12 else "start" if side > 0 else "end"
        earlier = before.get(key) if before else None
        axes.append(
            Axis(
                f"{x:g}",
                f"{y:g}",
                f"{label_x:g}",
                f"{label_y:g}",
                anchor,
                str(name),
                scores.get(key, 0),
                earlier,
            )
        )
    now = [axis.score / 100 for axis in axes]
    return Radar(
        axes=axes,
        rings=[_polygon([ring / 100] * len(axes)) for ring in RINGS],
        now=_polygon(now),
        before=_polygon([(axis.before or 0) / 100 for axis in axes]) if before else "",
        dots=[_text(_point(place, len(axes), share)) for place, share in enumerate(now)],
    )
