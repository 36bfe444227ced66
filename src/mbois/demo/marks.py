"""Drawn pictures of the demo's startups: a mark on a ground, the same every time for the same name."""

import io
import math
import random

from PIL import Image, ImageDraw, ImageFont

from mbois.demo.painting import BOLD, CREAM, INK, WHITE, Colour, dark, light, mix

WIDE, HIGH = 1200, 675


def _waves(pen: ImageDraw.ImageDraw, rng: random.Random, colour: Colour) -> None:
    for row in range(7):
        base, swing, phase = 260 + row * 160, rng.randint(30, 80), rng.uniform(0, math.tau)
        points = [(x, base + swing * math.sin(x / 260 + phase)) for x in range(-40, WIDE * 2 + 41, 20)]
        pen.line(points, fill=light(colour, 0.45), width=26, joint="curve")


def _rings(pen: ImageDraw.ImageDraw, rng: random.Random, colour: Colour) -> None:
    x, y = rng.choice([(300, 220), (2050, 240), (2100, 1150), (280, 1160)])
    for size in range(120, 1500, 130):
        pen.ellipse((x - size, y - size, x + size, y + size), outline=(*colour, 90), width=24)


def _dots(pen: ImageDraw.ImageDraw, rng: random.Random, colour: Colour) -> None:
    for x in range(60, WIDE * 2, 120):
        for y in range(60, HIGH * 2, 120):
            size = 8 + 26 * rng.random()
            pen.ellipse((x - size, y - size, x + size, y + size), fill=(*colour, 90))


def _tiles(pen: ImageDraw.ImageDraw, rng: random.Random, colour: Colour) -> None:
    for x in range(0, WIDE * 2, 240):
        for y in range(0, HIGH * 2, 240):
            start = rng.choice([0, 90, 180, 270])
            corner = {0: (0, 0), 90: (240, 0), 180: (240, 240), 270: (0, 240)}[start]
            cx, cy = x + corner[0], y + corner[1]
            pen.pieslice((cx - 240, cy - 240, cx + 240, cy + 240), start, start + 90, fill=(*colour, 70))


def _leaves(pen: ImageDraw.ImageDraw, rng: random.Random, colour: Colour) -> None:
    for _n in range(26):
        x, y, size = rng.randint(0, WIDE * 2), rng.randint(0, HIGH * 2), rng.randint(80, 190)
        turn = rng.uniform(0, math.tau)
        points = []
        for step in range(41):
            way = step / 40 * math.tau
            a, b = size * math.cos(way), size * 0.34 * math.sin(way) * abs(math.sin(way / 2 + 0.4))
            points.append(
                (x + a * math.cos(turn) - b * math.sin(turn), y + a * math.sin(turn) + b * math.cos(turn))
            )
        pen.polygon(points, fill=(*colour, 80))


GROUNDS = (_waves, _rings, _dots, _tiles, _leaves)


def initials(name: str) -> str:
    """Two letters of a name."""
    words = name.split()
    return "".join(word[0] for word in words[:2]).upper() if len(words) > 1 else name[:2].title()


def draw_mark(name: str) -> bytes:
    """A startup's picture, as JPEG."""
    rng = random.Random(f"startup {name}")
    colour, other = rng.sample(BOLD, 2)
    image = Image.new("RGB", (WIDE * 2, HIGH * 2), light(colour, 0.78))
    pen = ImageDraw.Draw(image, "RGBA")
    rng.choice(GROUNDS)(pen, rng, light(colour, 0.3))
    x, y, half = WIDE, HIGH - 130, 270
    pen.rounded_rectangle((x - half, y - half + 22, x + half, y + half + 22), 130, fill=(*INK, 40))
    pen.rounded_rectangle((x - half, y - half, x + half, y + half), 130, fill=colour)
    pen.ellipse((x + half - 150, y - half - 30, x + half + 30, y - half + 150), fill=other)
    pen.text((x, y), initials(name), fill=WHITE, font=ImageFont.load_default(290), anchor="mm")
    size = 130  # the name stays within the middle, which is all that a phone shows
    while pen.textlength(name, font=ImageFont.load_default(size)) > 940 and size > 60:
        size -= 8
    pen.text(
        (x, y + half + 190),
        name,
        fill=mix(dark(colour, 0.4), INK, 0.3),
        font=ImageFont.load_default(size),
        anchor="mm",
    )
    pen.rounded_rectangle(
        (x - 90, y + half + 285, x + 90, y + half + 299), 7, fill=(*mix(other, CREAM, 0.1), 255)
    )
    small = image.resize((WIDE, HIGH), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=84, optimize=True)
    return out.getvalue()
