"""Drawn pictures of what one eats and drinks."""

import math

from mbois.demo.painting import (
    BROWNS,
    CREAM,
    INK,
    WHITE,
    Colour,
    Scene,
    dark,
    light,
    mix,
)


def pouch(scene: Scene, word: str, inside: Colour, shape: str) -> None:
    pen, rng, colour = scene.pen, scene.rng, scene.colour
    scene.shadow(380, 1290, 1240, 1440)
    pen = scene.pen
    left, right, top, bottom = 430, 1170, 250, 1370
    teeth = [(left + (right - left) * n / 24, top + (18 if n % 2 else 0)) for n in range(25)]
    body = [*teeth, (right + 26, 520), (right + 14, bottom), (left - 14, bottom), (left - 26, 520)]
    pen.polygon(body, fill=colour)
    pen.rectangle((left - 4, top + 60, right + 4, top + 74), fill=dark(colour))
    pen.rectangle((left - 14, bottom - 70, right + 14, bottom - 56), fill=dark(colour))
    pen.ellipse((520, 760, 1080, 1250), fill=light(colour, 0.85))
    for _n in range(34):
        angle, far = rng.uniform(0, math.tau), math.sqrt(rng.random())
        x, y, size = (
            800 + math.cos(angle) * far * 215,
            1005 + math.sin(angle) * far * 180,
            rng.randint(46, 74),
        )
        tint = mix(inside, rng.choice([WHITE, INK]), rng.uniform(0, 0.22))
        if shape == "round":
            pen.ellipse(
                (x - size, y - size * 0.8, x + size, y + size * 0.8),
                fill=tint,
                outline=dark(tint, 0.25),
                width=5,
            )
        else:
            pen.rounded_rectangle(
                (x - size, y - 17, x + size, y + 17), 15, fill=tint, outline=dark(tint, 0.25), width=4
            )
    pen.rounded_rectangle((470, 420, 1130, 690), 36, fill=CREAM)
    first, _space, rest = word.partition(" ")
    scene.words(first, 800, 500, 92, dark(colour, 0.15))
    scene.words(rest, 800, 610, 92, colour)
    scene.shine(left + 22, 360, left + 62, 1270)


def jar(scene: Scene, word: str, inside: Colour) -> None:
    scene.shadow(440, 1280, 1180, 1430)
    pen = scene.pen
    pen.rounded_rectangle((480, 480, 1120, 1370), 110, fill=(*light(inside, 0.5), 255))
    pen.rounded_rectangle((505, 590, 1095, 1345), 92, fill=inside)
    for _n in range(90):
        x, y = scene.rng.randint(530, 1070), scene.rng.randint(620, 1320)
        pen.ellipse((x - 9, y - 9, x + 9, y + 9), fill=mix(inside, scene.rng.choice([WHITE, INK]), 0.25))
    pen.rounded_rectangle((520, 330, 1080, 520), 44, fill=scene.colour)
    for x in range(550, 1070, 34):
        pen.line((x, 350, x, 505), fill=dark(scene.colour, 0.25), width=6)
    pen.rounded_rectangle((505, 780, 1095, 1160), 20, fill=CREAM)
    pen.line((540, 820, 1060, 820), fill=scene.colour, width=10)
    pen.line((540, 1120, 1060, 1120), fill=scene.colour, width=10)
    first, _space, rest = word.partition(" ")
    scene.words(first, 800, 910, 96, INK)
    scene.words(rest, 800, 1030, 96, scene.colour)
    scene.shine(530, 610, 566, 1300)


def bottle(scene: Scene, word: str, inside: Colour) -> None:
    for middle, scale in ((620, 0.9), (960, 1.0)):
        scene.shadow(middle - 240 * scale, 1300, middle + 240 * scale, 1430)
        pen = scene.pen
        top, bottom, half = 1380 - 1100 * scale, 1380, 180 * scale
        pen.rounded_rectangle((middle - half, top + 330 * scale, middle + half, bottom), 70, fill=inside)
        pen.polygon(
            [
                (middle - 62, top + 90),
                (middle + 62, top + 90),
                (middle + half, top + 420 * scale),
                (middle - half, top + 420 * scale),
            ],
            fill=light(inside, 0.12),
        )
        pen.rounded_rectangle((middle - 70, top, middle + 70, top + 120), 22, fill=scene.colour)
        pen.rectangle((middle - half, top + 560 * scale, middle + half, top + 880 * scale), fill=CREAM)
        first, _space, rest = word.partition(" ")
        scene.words(first, middle, top + 660 * scale, round(66 * scale), INK)
        scene.words(rest, middle, top + 770 * scale, round(66 * scale), scene.colour)
        scene.shine(middle - half + 18, top + 440 * scale, middle - half + 44, bottom - 60)


def cup(scene: Scene, inside: Colour) -> None:
    scene.shadow(420, 1290, 1180, 1430)
    pen = scene.pen
    pen.polygon([(500, 520), (1100, 520), (1020, 1390), (580, 1390)], fill=(255, 255, 255, 120))
    pen.polygon([(522, 640), (1078, 640), (1008, 1370), (592, 1370)], fill=inside)
    pen.polygon([(540, 700), (1060, 700), (1045, 900), (557, 900)], fill=light(inside, 0.4))
    for _n in range(7):
        x, y = scene.rng.randint(600, 960), scene.rng.randint(680, 860)
        pen.rounded_rectangle(
            (x, y, x + 96, y + 96), 18, fill=(255, 255, 255, 110), outline=(255, 255, 255, 160), width=5
        )
    pen.polygon([(930, 190), (985, 200), (880, 1250), (835, 1240)], fill=scene.colour)
    pen.rounded_rectangle((470, 470, 1130, 560), 40, fill=(255, 255, 255, 235))
    pen.ellipse((660, 940, 940, 1220), fill=CREAM)
    scene.words("kopi", 800, 1050, 76, BROWNS[2])
    scene.words("Malang", 800, 1130, 58, scene.colour)


def bowl(scene: Scene, inside: Colour, balls: Colour) -> None:
    scene.shadow(280, 1200, 1320, 1420)
    pen, rng = scene.pen, scene.rng
    pen.pieslice((260, 240, 1340, 1400), 0, 180, fill=scene.colour)
    pen.rectangle((620, 1360, 980, 1410), fill=dark(scene.colour))
    for x in range(320, 1300, 130):
        pen.ellipse((x, 960, x + 60, 1020), fill=light(scene.colour, 0.7))
    pen.ellipse((260, 640, 1340, 1000), fill=light(scene.colour, 0.75))
    pen.ellipse((310, 670, 1290, 975), fill=inside)
    for _n in range(16):
        x, y = rng.randint(420, 960), rng.randint(760, 880)
        pen.arc(
            (x, y - 50, x + 260, y + 70),
            rng.randint(0, 90),
            rng.randint(170, 300),
            fill=(250, 226, 150),
            width=15,
        )
    for x, y, r in ((520, 800, 98), (730, 760, 108), (960, 800, 104), (800, 870, 92), (1100, 820, 80)):
        pen.ellipse((x - r, y - r * 0.86, x + r, y + r * 0.86), fill=balls)
        pen.ellipse((x - r * 0.55, y - r * 0.6, x - r * 0.1, y - r * 0.2), fill=light(balls, 0.4))
    for _n in range(26):
        x, y = rng.randint(420, 1180), rng.randint(720, 920)
        pen.ellipse((x, y, x + 30, y + 15), fill=(70, 150, 70))
    for x in (600, 800, 1000):
        for step in range(34):
            y = 560 - step * 9
            shift = math.sin(step / 4) * 24
            pen.ellipse((x + shift - 13, y - 13, x + shift + 13, y + 13), fill=(255, 255, 255, 90 - step * 2))


def cakes(scene: Scene, kind: str) -> None:
    pen, rng = scene.pen, scene.rng
    scene.shadow(230, 1120, 1370, 1420)
    pen = scene.pen
    pen.ellipse((210, 900, 1390, 1400), fill=WHITE)
    pen.ellipse((280, 930, 1320, 1340), fill=(244, 240, 233))
    tints: list[Colour] = [(120, 180, 90), (240, 150, 170), (250, 215, 120), (170, 110, 70), (200, 170, 220)]
    if kind == "layers":
        for row, x in enumerate((330, 640, 950)):
            for layer in range(8):
                y = 1180 - layer * 62 - (row % 2) * 30
                tint = tints[(layer + scene.number) % len(tints)] if layer % 2 else CREAM
                pen.polygon(
                    [(x, y), (x + 250, y), (x + 310, y - 46), (x + 60, y - 46)], fill=light(tint, 0.2)
                )
                pen.rectangle((x, y, x + 250, y + 62), fill=tint)
                pen.polygon(
                    [(x + 250, y), (x + 310, y - 46), (x + 310, y + 16), (x + 250, y + 62)],
                    fill=dark(tint, 0.12),
                )
        return
    places = [
        (420, 1060),
        (660, 1010),
        (900, 1010),
        (1140, 1060),
        (540, 1170),
        (800, 1180),
        (1060, 1170),
        (680, 1280),
        (930, 1280),
    ]
    for place, (x, y) in enumerate(places):
        tint = tints[(place + scene.number) % len(tints)]
        if kind == "onde":
            pen.ellipse((x - 115, y - 190, x + 115, y + 20), fill=tint)
            for _n in range(38):
                a, far = rng.uniform(0, math.tau), math.sqrt(rng.random()) * 104
                px, py = x + math.cos(a) * far, y - 85 + math.sin(a) * far * 0.9
                pen.ellipse((px - 8, py - 5, px + 8, py + 5), fill=CREAM)
        else:
            pen.ellipse((x - 110, y - 40, x + 110, y + 30), fill=dark(tint, 0.15))
            pen.rectangle((x - 110, y - 90, x + 110, y - 5), fill=dark(tint, 0.15))
            pen.ellipse((x - 110, y - 130, x + 110, y - 50), fill=light(tint, 0.15))
            pen.ellipse((x - 32, y - 124, x + 32, y - 74), fill=scene.colour)


def fruit(scene: Scene) -> None:
    scene.shadow(260, 1220, 1340, 1430)
    pen, rng = scene.pen, scene.rng
    tints: list[Colour] = [(206, 58, 52), (118, 168, 62), (240, 170, 50), (206, 58, 52)]
    places = [(520, 820), (740, 740), (960, 790), (1120, 880), (640, 900), (860, 900)]
    for place, (x, y) in enumerate(places):
        tint = tints[(place + scene.number) % len(tints)]
        pen.ellipse((x - 150, y - 140, x + 150, y + 150), fill=tint)
        pen.ellipse((x - 95, y - 95, x - 20, y - 20), fill=(255, 255, 255, 80))
        pen.line((x, y - 130, x + 18, y - 190), fill=BROWNS[2], width=15)
        pen.ellipse((x + 14, y - 210, x + 100, y - 165), fill=(80, 150, 70))
    pen.chord((280, 500, 1320, 1400), 5, 175, fill=BROWNS[1])
    for row in range(980, 1390, 66):
        half = math.sqrt(max(0.0, 1 - ((row - 950) / 450) ** 2)) * 520
        for column in range(int(800 - half), int(800 + half) - 40, 84):
            pen.rounded_rectangle(
                (column, row, column + 62, row + 42), 16, fill=light(BROWNS[1], rng.uniform(0.1, 0.35))
            )
