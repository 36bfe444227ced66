"""Colours, and the table that products are drawn on."""

import random

from PIL import Image, ImageDraw, ImageFilter, ImageFont

SIDE = 1600
Colour = tuple[int, int, int]

CREAM, WHITE, INK = (255, 249, 238), (255, 255, 255), (45, 38, 34)
GROUNDS: list[tuple[Colour, Colour]] = [
    ((253, 240, 221), (244, 214, 176)),
    ((232, 241, 250), (190, 213, 236)),
    ((236, 246, 236), (193, 222, 198)),
    ((252, 234, 236), (240, 197, 204)),
    ((245, 240, 232), (216, 203, 186)),
    ((240, 236, 250), (207, 198, 233)),
    ((255, 246, 214), (248, 222, 140)),
    ((230, 246, 245), (176, 221, 217)),
]
BOLD: list[Colour] = [
    (201, 58, 47), (22, 87, 168), (38, 128, 84), (232, 140, 31), (125, 63, 140), (196, 45, 95), (27, 120, 130), (140, 84, 44),
]  # fmt: skip
BROWNS: list[Colour] = [(139, 90, 53), (171, 118, 72), (107, 66, 38), (190, 145, 96)]


def mix(one: Colour, two: Colour, share: float) -> Colour:
    return tuple(round(a + (b - a) * share) for a, b in zip(one, two, strict=True))  # type: ignore[return-value]


def light(colour: Colour, share: float = 0.35) -> Colour:
    return mix(colour, WHITE, share)


def dark(colour: Colour, share: float = 0.3) -> Colour:
    return mix(colour, INK, share)


class Scene:
    """A table with light on it, and what stands there: `turn` counts the pictures of one kind."""

    def __init__(self, number: int, turn: int) -> None:
        self.rng = random.Random(f"gambar {number}")
        self.number = number
        self.colour = BOLD[(turn + number) % len(BOLD)]
        self.second = BOLD[(turn + number + 3) % len(BOLD)]
        top, low = GROUNDS[(number * 5 + turn) % len(GROUNDS)]
        column = Image.new("RGB", (1, 64))
        column.putdata([mix(top, low, (row / 63) ** 1.4) for row in range(64)])
        self.image = column.resize((SIDE, SIDE), Image.Resampling.BICUBIC)
        self.pen = ImageDraw.Draw(self.image, "RGBA")
        self.pen.ellipse((150, 60, 1450, 1360), fill=(255, 255, 255, 46))
        self.pen.rectangle((0, 1180, SIDE, SIDE), fill=(*mix(low, INK, 0.06), 120))

    def shadow(self, left: float, top: float, right: float, bottom: float) -> None:
        """A soft shadow under something."""
        small = Image.new("L", (400, 400), 0)
        ImageDraw.Draw(small).ellipse((left / 4, top / 4, right / 4, bottom / 4), fill=120)
        mask = small.filter(ImageFilter.GaussianBlur(9)).resize((SIDE, SIDE))
        self.image.paste(Image.new("RGB", (SIDE, SIDE), (60, 45, 35)), mask=mask)
        self.pen = ImageDraw.Draw(self.image, "RGBA")

    def words(self, text: str, x: float, y: float, size: int, fill: Colour) -> None:
        self.pen.text((x, y), text, fill=fill, font=ImageFont.load_default(size), anchor="mm")

    def shine(self, left: float, top: float, right: float, bottom: float, strength: int = 60) -> None:
        self.pen.rounded_rectangle((left, top, right, bottom), 40, fill=(255, 255, 255, strength))
