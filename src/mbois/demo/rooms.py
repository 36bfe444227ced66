"""A room seen from its door, and the furniture that is drawn into it."""

import io
import math
import random

from PIL import Image, ImageDraw

from mbois.demo.painting import BOLD, BROWNS, INK, WHITE, Colour, dark, light, mix

WIDE, HIGH = 1200, 750
FLOOR = 540  # where the wall ends
WALLS: list[Colour] = [
    (247, 236, 214), (222, 234, 244), (228, 240, 228), (250, 226, 216), (234, 228, 244), (252, 240, 200),
]  # fmt: skip
LEAF: Colour = (62, 138, 92)
STEEL: Colour = (176, 186, 196)
NIGHT: Colour = (24, 42, 74)


class Room:
    """A room seen from its door; measures are those of the finished picture, drawn twice as large."""

    def __init__(self, name: str) -> None:
        self.rng = random.Random(f"ruang {name}")
        self.colour, self.second = self.rng.sample(BOLD, 2)
        self.wall = self.rng.choice(WALLS)
        self.image = Image.new("RGB", (WIDE * 2, HIGH * 2), self.wall)
        self.pen = ImageDraw.Draw(self.image, "RGBA")
        self.box(0, FLOOR, WIDE, HIGH, mix(self.wall, BROWNS[3], 0.55))
        self.box(0, FLOOR - 10, WIDE, FLOOR, mix(self.wall, WHITE, 0.6))
        for place in range(-6, 18):
            self.line((600 + place * 70, FLOOR, 600 + place * 190, HIGH), (*dark(self.wall, 0.35), 40), 3)

    def box(self, a: float, b: float, c: float, d: float, fill: object, *, round_by: float = 0) -> None:
        box = (a * 2, b * 2, c * 2, d * 2)
        if round_by:
            self.pen.rounded_rectangle(box, round_by * 2, fill=fill)  # type: ignore[arg-type]
        else:
            self.pen.rectangle(box, fill=fill)  # type: ignore[arg-type]

    def disc(self, x: float, y: float, r: float, fill: object, *, flat: float = 1) -> None:
        self.pen.ellipse(((x - r) * 2, (y - r * flat) * 2, (x + r) * 2, (y + r * flat) * 2), fill=fill)  # type: ignore[arg-type]

    def line(self, points: tuple[float, ...], fill: object, width: float) -> None:
        self.pen.line([2 * one for one in points], fill=fill, width=round(width * 2))  # type: ignore[arg-type]

    def shape(self, points: list[tuple[float, float]], fill: object) -> None:
        self.pen.polygon([(x * 2, y * 2) for x, y in points], fill=fill)  # type: ignore[arg-type]

    def shade(self, x: float, y: float, r: float) -> None:
        self.disc(x, y, r, (60, 45, 35, 50), flat=0.14)

    def window(self, x: float, y: float, w: float = 230, h: float = 250) -> None:
        self.box(x - 10, y - 10, x + w + 10, y + h + 10, WHITE, round_by=6)
        self.box(x, y, x + w, y + h, (188, 220, 240))
        self.shape(
            [(x, y + h), (x, y + h * 0.72), (x + w * 0.34, y + h * 0.48), (x + w * 0.62, y + h * 0.7),
             (x + w * 0.8, y + h * 0.55), (x + w, y + h * 0.75), (x + w, y + h)],
            (118, 158, 150),
        )  # fmt: skip
        self.box(x + w / 2 - 4, y, x + w / 2 + 4, y + h, WHITE)
        self.box(x, y + h / 2 - 4, x + w, y + h / 2 + 4, WHITE)

    def lamp(self, x: float, long: float = 130) -> None:
        self.line((x, 0, x, long), INK, 3)
        self.shape([(x - 46, long + 42), (x - 18, long), (x + 18, long), (x + 46, long + 42)], self.colour)
        self.disc(x, long + 46, 18, (255, 232, 160), flat=0.6)

    def plant(self, x: float, y: float) -> None:
        self.shade(x, y + 2, 52)
        for angle in range(-70, 71, 20):
            tip = math.radians(angle - 90)
            far = 120 - abs(angle) * 0.5
            end = (x + math.cos(tip) * far, y - 60 + math.sin(tip) * far)
            side = (x + math.cos(tip + 0.35) * far * 0.55, y - 60 + math.sin(tip + 0.35) * far * 0.55)
            other = (x + math.cos(tip - 0.35) * far * 0.55, y - 60 + math.sin(tip - 0.35) * far * 0.55)
            self.shape([(x, y - 56), side, end, other], mix(LEAF, WHITE, 0.25 if angle % 40 else 0.05))
        self.shape([(x - 40, y - 66), (x + 40, y - 66), (x + 28, y), (x - 28, y)], (196, 112, 72))

    def table(self, x: float, y: float, w: float, deep: float = 34) -> None:
        self.shade(x + w / 2, y + 150, w * 0.55)
        for leg in (x + 26, x + w - 38):
            self.box(leg, y + deep - 4, leg + 12, y + 146, dark(BROWNS[0]))
        self.box(x, y, x + w, y + deep, BROWNS[1], round_by=8)
        self.box(x, y, x + w, y + 8, light(BROWNS[1]), round_by=4)

    def chair(self, x: float, y: float, colour: Colour) -> None:
        self.shade(x + 40, y + 152, 58)
        self.box(x, y, x + 80, y + 82, colour, round_by=16)
        self.box(x - 4, y + 76, x + 84, y + 96, dark(colour, 0.15), round_by=8)
        for leg in (x + 6, x + 66):
            self.line((leg + 4, y + 94, leg + 4, y + 150), INK, 6)

    def frame(self, x: float, y: float, w: float, h: float) -> None:
        """A picture on the wall."""
        self.box(x - 8, y - 8, x + w + 8, y + h + 8, dark(BROWNS[0]))
        ground = self.rng.choice(WALLS)
        self.box(x, y, x + w, y + h, ground)
        for _n in range(4):
            tint = self.rng.choice(BOLD)
            a, b = x + self.rng.uniform(0.2, 0.8) * w, y + self.rng.uniform(0.2, 0.8) * h
            size = min(w, h) * self.rng.uniform(0.1, 0.24)
            if self.rng.random() < 0.5:
                self.disc(a, b, min(size, a - x, x + w - a, b - y, y + h - b), (*tint, 210))
            else:
                low = min(b + size, y + h)
                self.shape(
                    [(max(x, a - size), low), (a, max(y, b - size)), (min(x + w, a + size), low)],
                    (*tint, 210),
                )

    def shelf(self, x: float, y: float, w: float, rows: int = 3) -> None:
        """Books."""
        self.box(x, y, x + w, y + rows * 104 + 10, BROWNS[0], round_by=6)
        for row in range(rows):
            top, at = y + 12 + row * 104, x + 12
            self.box(x + 10, top, x + w - 10, top + 90, dark(BROWNS[0], 0.35))
            while at < x + w - 36:
                thick, tall = self.rng.randint(12, 24), self.rng.randint(58, 84)
                self.box(at, top + 90 - tall, at + thick, top + 90, light(self.rng.choice(BOLD), 0.15))
                at += thick + (2 if self.rng.random() < 0.85 else 26)

    def screen(self, x: float, y: float, w: float, h: float) -> None:
        self.box(x, y, x + w, y + h, INK, round_by=8)
        self.box(x + 8, y + 8, x + w - 8, y + h - 8, light(self.second, 0.75))
        for row in range(3):
            self.box(
                x + 24,
                y + 26 + row * h * 0.2,
                x + w * (0.75 - row * 0.14),
                y + 34 + row * h * 0.2,
                self.second,
            )
        self.box(x + w * 0.62, y + h * 0.5, x + w - 24, y + h - 22, light(self.colour, 0.2), round_by=4)

    def softbox(self, x: float, y: float, lean: int) -> None:
        self.shade(x, 668, 70)
        self.line((x, y + 60, x, 668), INK, 6)
        self.line((x - 44, 670, x, 610, x + 44, 670), INK, 5)
        self.shape(
            [
                (x - 66, y - 50 + lean),
                (x + 66, y - 50 - lean),
                (x + 66, y + 66 - lean),
                (x - 66, y + 66 + lean),
            ],
            INK,
        )
        self.shape(
            [
                (x - 56, y - 40 + lean),
                (x + 56, y - 40 - lean),
                (x + 56, y + 56 - lean),
                (x - 56, y + 56 + lean),
            ],
            (255, 250, 226),
        )

    def camera(self, x: float, y: float) -> None:
        self.shade(x, 680, 90)
        self.line((x - 70, 682, x, y + 60, x + 70, 682), INK, 7)
        self.line((x, y + 50, x, 660), INK, 7)
        self.box(x - 80, y - 46, x + 60, y + 50, (52, 58, 66), round_by=14)
        self.box(x - 40, y - 68, x + 16, y - 44, (52, 58, 66), round_by=6)
        self.disc(x - 84, y + 2, 42, (30, 34, 40))
        self.disc(x - 84, y + 2, 28, (70, 110, 150))
        self.disc(x - 92, y - 8, 9, (220, 235, 250))
        self.disc(x + 40, y - 28, 7, (220, 60, 50))

    def microphone(self, x: float, y: float) -> None:
        self.line((x, y + 46, x, y + 120), INK, 6)
        self.box(x - 34, y + 116, x + 34, y + 126, INK, round_by=5)
        self.box(x - 22, y - 40, x + 22, y + 52, (64, 70, 80), round_by=22)
        for row in range(4):
            self.line((x - 20, y - 24 + row * 14, x + 20, y - 24 + row * 14), STEEL, 2)
        self.box(x - 24, y + 20, x + 24, y + 30, self.colour)

    def jpeg(self) -> bytes:
        small = self.image.resize((WIDE, HIGH), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        small.save(out, "JPEG", quality=84, optimize=True)
        return out.getvalue()
