"""Drawn pictures of clothes, crafts and what else is made."""

import math
import random

from PIL import Image, ImageDraw

from mbois.demo.painting import (
    BROWNS,
    CREAM,
    INK,
    Colour,
    Scene,
    dark,
    light,
    mix,
)


def motif(
    pen: ImageDraw.ImageDraw, rng: random.Random, size: int, kind: str, base: Colour, line: Colour
) -> None:
    step = 160
    for row in range(-1, size // step + 2):
        for column in range(-1, size // step + 2):
            x, y = column * step + (row % 2) * step // 2, row * step
            if kind == "kawung":
                for dx, dy in ((-38, 0), (38, 0), (0, -38), (0, 38)):
                    wide, high = (46, 28) if dx else (28, 46)
                    pen.ellipse(
                        (x + dx - wide, y + dy - high, x + dx + wide, y + dy + high), outline=line, width=9
                    )
                    pen.ellipse((x + dx - 7, y + dy - 7, x + dx + 7, y + dy + 7), fill=line)
            elif kind == "parang":
                for shift in (0, 60):
                    pen.arc((x - 70 + shift, y - 70, x + 70 + shift, y + 70), 200, 380, fill=line, width=16)
                pen.line((x - 80, y + 80, x + 80, y - 80), fill=mix(base, line, 0.5), width=7)
            elif kind == "flower":
                for petal in range(6):
                    a = petal * math.tau / 6
                    px, py = x + math.cos(a) * 44, y + math.sin(a) * 44
                    pen.ellipse((px - 27, py - 27, px + 27, py + 27), fill=mix(base, line, 0.75))
                pen.ellipse((x - 22, y - 22, x + 22, y + 22), fill=CREAM)
            else:
                for ring in range(3):
                    r = 64 - ring * 20
                    pen.arc(
                        (x - r, y - r, x + r, y + r), 180, 360, fill=mix(line, base, ring * 0.25), width=11
                    )


def batik(scene: Scene, kind: str) -> None:
    base, line = scene.colour, (250, 232, 200)
    cloth = Image.new("RGB", (1000, 1150), base)
    motif(ImageDraw.Draw(cloth), scene.rng, 1160, kind, base, line)
    edge = ImageDraw.Draw(cloth)
    for x in range(0, 1000, 40):
        edge.polygon([(x, 1150), (x + 20, 1085), (x + 40, 1150)], fill=line)
    edge.rectangle((0, 1062, 1000, 1078), fill=line)
    scene.shadow(280, 1250, 1340, 1440)
    back = cloth.rotate(7, expand=True, fillcolor=None)
    mask = Image.new("L", cloth.size, 255).rotate(7, expand=True)
    dim = Image.blend(back, Image.new("RGB", back.size, INK), 0.22)
    scene.image.paste(dim, (190, 140), mask)
    front = cloth.resize((860, 1000)).rotate(-5, expand=True)
    scene.image.paste(front, (420, 330), Image.new("L", (860, 1000), 255).rotate(-5, expand=True))
    scene.pen = ImageDraw.Draw(scene.image, "RGBA")
    for fold in (620, 850, 1080):
        scene.pen.line((fold, 400, fold + 80, 1330), fill=(0, 0, 0, 28), width=46)


def shirt(scene: Scene, kind: str) -> None:
    scene.shadow(380, 1350, 1220, 1450)
    pen, colour = scene.pen, scene.colour
    if kind == "dress":
        body = [(640, 330), (960, 330), (1010, 700), (1230, 1390), (370, 1390), (590, 700)]
        pen.polygon([(640, 330), (430, 820), (540, 860), (640, 560)], fill=dark(colour, 0.12))
        pen.polygon([(960, 330), (1170, 820), (1060, 860), (960, 560)], fill=dark(colour, 0.12))
        pen.polygon(body, fill=colour)
        for x in (560, 720, 880, 1040):
            pen.line((x * 0.5 + 400, 760, x, 1380), fill=dark(colour, 0.18), width=9)
        pen.rectangle((596, 690, 1004, 740), fill=scene.second)
        pen.pieslice((700, 260, 900, 430), 0, 180, fill=light(colour, 0.75))
    else:
        body = [
            (560, 360),
            (1040, 360),
            (1330, 620),
            (1200, 780),
            (1080, 690),
            (1080, 1380),
            (520, 1380),
            (520, 690),
            (400, 780),
            (270, 620),
        ]
        pen.polygon(body, fill=colour)
        pen.pieslice((680, 270, 920, 470), 0, 180, fill=dark(colour, 0.35))
        pen.ellipse((620, 660, 980, 1020), fill=CREAM)
        scene.words("NGALAM", 800, 800, 84, colour)
        scene.words("kera", 800, 890, 70, scene.second)
    for x in (610, 990):
        pen.line((x, 760, x, 1350), fill=(0, 0, 0, 24), width=26)


def bag(scene: Scene, kind: str) -> None:
    scene.shadow(340, 1300, 1280, 1450)
    pen, colour = scene.pen, scene.colour
    pen.arc((560, 180, 1040, 900), 180, 360, fill=dark(colour, 0.35), width=44)
    pen.polygon([(400, 600), (1200, 600), (1270, 1400), (330, 1400)], fill=colour)
    if kind == "woven":
        for row in range(600, 1390, 66):
            for column in range(350, 1240, 66):
                if (row // 66 + column // 66) % 2:
                    pen.rounded_rectangle(
                        (column, row + 6, column + 60, row + 60), 12, fill=light(colour, 0.28)
                    )
        pen.polygon([(400, 600), (1200, 600), (1206, 680), (394, 680)], fill=dark(colour, 0.3))
    else:
        pen.ellipse((590, 780, 1010, 1200), fill=CREAM)
        for petal in range(8):
            a = petal * math.tau / 8
            x, y = 800 + math.cos(a) * 110, 990 + math.sin(a) * 110
            pen.ellipse((x - 52, y - 52, x + 52, y + 52), fill=scene.second)
        pen.ellipse((738, 928, 862, 1052), fill=(248, 200, 80))


def sandals(scene: Scene) -> None:
    for x in (380, 840):
        scene.shadow(x - 20, 1180, x + 420, 1420)
        pen, colour = scene.pen, scene.colour
        pen.rounded_rectangle((x + 16, 420, x + 376, 1400), 180, fill=dark(BROWNS[2], 0.2))
        pen.rounded_rectangle((x, 400, x + 360, 1370), 180, fill=BROWNS[3])
        pen.rounded_rectangle((x + 34, 440, x + 326, 1330), 146, fill=light(BROWNS[3], 0.35))
        pen.polygon(
            [(x - 10, 760), (x + 180, 600), (x + 370, 760), (x + 370, 900), (x + 180, 720), (x - 10, 900)],
            fill=colour,
        )
        pen.ellipse((x + 145, 600, x + 215, 670), fill=scene.second)


def beads(scene: Scene) -> None:
    scene.shadow(330, 1060, 1270, 1400)
    pen = scene.pen
    tints = [scene.colour, scene.second, CREAM, (248, 200, 80), scene.colour]
    for ring, (radius, size) in enumerate(((470, 62), (300, 50))):
        count = int(math.tau * radius / (size * 1.9))
        for bead in range(count):
            a = bead * math.tau / count
            x, y = 800 + math.cos(a) * radius, 830 + math.sin(a) * radius * 0.92
            tint = tints[(bead + ring) % len(tints)]
            pen.ellipse((x - size, y - size, x + size, y + size), fill=tint, outline=dark(tint, 0.3), width=5)
            pen.ellipse(
                (x - size * 0.5, y - size * 0.6, x - size * 0.05, y - size * 0.2), fill=(255, 255, 255, 150)
            )


def mask(scene: Scene) -> None:
    scene.shadow(470, 1340, 1130, 1460)
    pen, colour = scene.pen, scene.colour
    pen.polygon(
        [(430, 520), (520, 250), (660, 330), (800, 170), (940, 330), (1080, 250), (1170, 520)],
        fill=(232, 176, 52),
    )
    for x, y in ((560, 400), (800, 330), (1040, 400)):
        pen.ellipse((x - 46, y - 46, x + 46, y + 46), fill=scene.second)
    pen.polygon(
        [(430, 520), (1170, 520), (1150, 930), (1010, 1260), (800, 1400), (590, 1260), (450, 930)],
        fill=colour,
    )
    pen.rectangle((430, 500, 1170, 560), fill=dark((232, 176, 52), 0.2))
    for x in (620, 980):
        pen.arc((x - 130, 610, x + 130, 800), 200, 340, fill=INK, width=26)
        pen.chord((x - 110, 700, x + 110, 860), 0, 180, fill=CREAM)
        pen.ellipse((x - 36, 745, x + 36, 830), fill=INK)
    pen.polygon([(800, 780), (870, 1030), (730, 1030)], fill=dark(colour, 0.2))
    pen.chord((640, 1040, 960, 1240), 0, 180, fill=CREAM)
    pen.arc((640, 1000, 960, 1240), 0, 180, fill=dark(colour, 0.5), width=18)
    pen.arc((650, 1000, 950, 1110), 190, 350, fill=INK, width=22)


def vase(scene: Scene, kind: str) -> None:
    scene.shadow(430, 1300, 1170, 1440)
    pen, colour = scene.pen, scene.colour
    if kind == "vase":
        points: list[tuple[float, float]] = []
        for step in range(41):
            y = 480 + step * 22.5
            wide = 110 + 210 * math.sin(math.pi * min(1, step / 40) ** 0.8) ** 1.2 + step * 1.4
            points.append((800 - wide, y))
        pen.polygon([*points, *((1600 - x, y) for x, y in reversed(points))], fill=colour)
        for row in range(4):
            y = 720 + row * 130
            for dot in range(7):
                x = 800 + (dot - 3) * 82
                pen.ellipse((x - 22, y - 22, x + 22, y + 22), fill=light(colour, 0.7))
        pen.ellipse((690, 450, 910, 520), fill=dark(colour, 0.4))
        for angle in (-0.5, -0.2, 0.1, 0.4):
            px, py = 800 + math.sin(angle) * 420, 480 - math.cos(angle) * 330
            pen.line((800, 490, px, py), fill=(76, 130, 72), width=14)
            pen.ellipse((px - 60, py - 60, px + 60, py + 60), fill=scene.second)
            pen.ellipse((px - 22, py - 22, px + 22, py + 22), fill=(248, 210, 90))
    else:
        for x, y, high in ((430, 1380, 520), (860, 1380, 620)):
            pen.rounded_rectangle((x, y - high, x + 380, y), 60, fill=colour)
            pen.arc((x + 300, y - high + 110, x + 500, y - 120), 270, 90, fill=dark(colour, 0.15), width=46)
            pen.ellipse((x, y - high - 50, x + 380, y - high + 60), fill=light(colour, 0.3))
            pen.ellipse((x + 26, y - high - 32, x + 354, y - high + 42), fill=BROWNS[2])
            for stripe in range(3):
                top = y - high + 190 + stripe * 90
                pen.line((x + 4, top, x + 376, top), fill=light(colour, 0.65), width=18)


def wood(scene: Scene, kind: str) -> None:
    pen, rng = scene.pen, scene.rng
    brown = BROWNS[scene.number % len(BROWNS)]
    if kind == "board":
        scene.shadow(330, 1230, 1270, 1440)
        pen = scene.pen
        pen.rounded_rectangle((400, 560, 1200, 1390), 90, fill=brown)
        pen.rounded_rectangle((700, 240, 900, 640), 90, fill=brown)
        pen.ellipse((750, 290, 850, 390), fill=dark(brown, 0.55))
        for row in range(620, 1370, 58):
            pen.line((420, row, 1180, row + rng.randint(-24, 24)), fill=dark(brown, 0.16), width=7)
        pen.ellipse((1010, 800, 1360, 1040), fill=light(brown, 0.3))
        pen.rounded_rectangle((1155, 1000, 1215, 1420), 28, fill=light(brown, 0.3))
    elif kind == "chair":
        scene.shadow(420, 1340, 1220, 1460)
        pen = scene.pen
        for x in (480, 1080):
            pen.rounded_rectangle((x, 260, x + 60, 1400), 24, fill=dark(brown, 0.12))
        for y in (330, 470, 610):
            pen.rounded_rectangle((470, y, 1150, y + 90), 30, fill=brown)
        pen.polygon([(430, 880), (1190, 880), (1270, 1010), (350, 1010)], fill=scene.colour)
        pen.rectangle((350, 1010, 1270, 1060), fill=brown)
        for x in (370, 1190):
            pen.rounded_rectangle((x, 1040, x + 60, 1420), 20, fill=brown)
    else:
        scene.shadow(330, 1240, 1290, 1430)
        pen = scene.pen
        pen.rounded_rectangle((330, 820, 1270, 1200), 90, fill=scene.colour)
        pen.polygon([(520, 830), (650, 540), (1010, 540), (1130, 830)], fill=light(scene.colour, 0.25))
        pen.polygon([(590, 800), (680, 600), (810, 600), (810, 800)], fill=(205, 229, 245))
        pen.polygon([(850, 800), (850, 600), (980, 600), (1060, 800)], fill=(205, 229, 245))
        for x in (540, 1070):
            pen.ellipse((x - 150, 1060, x + 150, 1360), fill=brown)
            pen.ellipse((x - 60, 1150, x + 60, 1270), fill=light(brown, 0.4))
        pen.ellipse((1200, 940, 1270, 1010), fill=(250, 220, 110))


def soap(scene: Scene) -> None:
    tints = [scene.colour, scene.second, (240, 220, 190)]
    for place, (x, y) in enumerate(((330, 1040), (820, 1040), (570, 720))):
        tint = light(tints[place], 0.3)
        scene.shadow(x, y + 230, x + 480, y + 400)
        pen = scene.pen
        pen.rounded_rectangle((x, y + 70, x + 460, y + 340), 70, fill=dark(tint, 0.12))
        pen.rounded_rectangle((x, y, x + 460, y + 270), 70, fill=tint)
        pen.rounded_rectangle((x + 50, y + 46, x + 410, y + 224), 44, outline=light(tint, 0.5), width=9)
        scene.words("SABUN", x + 230, y + 136, 76, dark(tint, 0.45))


def plant(scene: Scene) -> None:
    scene.shadow(470, 1310, 1130, 1440)
    pen, rng = scene.pen, scene.rng
    for leaf in range(15):
        a = -math.pi / 2 + (leaf - 7) * 0.19
        length = rng.randint(420, 640)
        x, y = 800 + math.cos(a) * length, 960 + math.sin(a) * length
        side = a + math.pi / 2
        green = mix((60, 140, 80), (150, 200, 110), rng.random())
        wide = 74
        middle = (800 + math.cos(a) * length * 0.55, 960 + math.sin(a) * length * 0.55)
        pen.polygon(
            [(800, 980), (middle[0] + math.cos(side) * wide, middle[1] + math.sin(side) * wide), (x, y),
             (middle[0] - math.cos(side) * wide, middle[1] - math.sin(side) * wide)],
            fill=green,
        )  # fmt: skip
        pen.line((800, 980, x, y), fill=light(green, 0.35), width=8)
    pen.polygon([(520, 980), (1080, 980), (1000, 1390), (600, 1390)], fill=scene.colour)
    pen.rounded_rectangle((490, 930, 1110, 1030), 30, fill=dark(scene.colour, 0.15))


def frame(scene: Scene) -> None:
    scene.shadow(330, 1290, 1290, 1430)
    pen, rng = scene.pen, scene.rng
    pen.rectangle((330, 240, 1270, 1370), fill=BROWNS[scene.number % 4])
    pen.rectangle((380, 290, 1220, 1320), fill=CREAM)
    pen.rectangle((450, 360, 1150, 1250), fill=(190, 220, 240))
    pen.ellipse((900, 430, 1060, 590), fill=(250, 205, 90))
    for far, tint in enumerate(((120, 150, 190), (90, 140, 120), scene.colour)):
        base = 820 + far * 120
        points: list[tuple[float, float]] = [(450, 1250)]
        for x in range(450, 1151, 70):
            points.append((x, base - rng.randint(0, 190 - far * 40)))
        pen.polygon([*points, (1150, 1250)], fill=tint)


def book(scene: Scene) -> None:
    scene.shadow(360, 1300, 1290, 1440)
    pen, colour = scene.pen, scene.colour
    pen.rounded_rectangle((470, 330, 1230, 1400), 26, fill=dark(colour, 0.35))
    pen.rectangle((450, 320, 1200, 1370), fill=CREAM)
    pen.rounded_rectangle((400, 280, 1170, 1360), 26, fill=colour)
    _motif_box = Image.new("RGB", (640, 420), light(colour, 0.2))
    motif(ImageDraw.Draw(_motif_box), scene.rng, 640, "kawung", colour, CREAM)
    scene.image.paste(_motif_box, (490, 760))
    scene.pen = ImageDraw.Draw(scene.image, "RGBA")
    scene.pen.rectangle((400, 280, 460, 1360), fill=dark(colour, 0.25))
    scene.words("CATATAN", 810, 500, 104, CREAM)
    scene.words("dari Malang", 810, 620, 70, light(colour, 0.7))


def screen(scene: Scene) -> None:
    scene.shadow(420, 1320, 1180, 1430)
    pen = scene.pen
    pen.rounded_rectangle((260, 330, 1340, 1090), 40, fill=INK)
    pen.rectangle((300, 370, 1300, 1050), fill=CREAM)
    pen.ellipse((380, 450, 760, 830), fill=scene.colour)
    pen.polygon([(820, 860), (1010, 500), (1200, 860)], fill=scene.second)
    pen.rounded_rectangle((380, 900, 1200, 960), 26, fill=light(scene.colour, 0.6))
    pen.polygon([(700, 1090), (900, 1090), (960, 1360), (640, 1360)], fill=(120, 124, 130))
    pen.rounded_rectangle((560, 1340, 1040, 1390), 20, fill=(90, 94, 100))
