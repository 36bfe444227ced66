"""Drawn pictures of the creative centre's spaces: nobody's photos, the same every time."""

import math
from collections.abc import Callable

from mbois.demo.painting import BOLD, BROWNS, INK, WHITE, dark, light, mix
from mbois.demo.rooms import FLOOR, HIGH, NIGHT, STEEL, WIDE, Room


def _gallery(room: Room) -> None:
    for x in (90, 330, 570, 810):
        room.frame(x, 110, 170, 150)
    room.plant(1100, 660)
    for place, x in enumerate((150, 430, 710, 960)):
        room.shade(x + 60, 690, 80)
        room.box(x, 520 - place % 2 * 30, x + 120, 690, WHITE)
        room.box(x, 520 - place % 2 * 30, x + 18, 690, (226, 226, 226))
        top, tint = 520 - place % 2 * 30, BOLD[place]
        room.shape(
            [
                (x + 40, top),
                (x + 28, top - 60),
                (x + 46, top - 100),
                (x + 78, top - 100),
                (x + 92, top - 60),
                (x + 80, top),
            ],
            tint,
        )
        room.box(x + 34, top - 70, x + 88, top - 56, light(tint, 0.5))


def _hall(room: Room) -> None:
    for x in range(60, 1200, 180):
        room.shape([(x + 20, 40), (x + 50, 40), (x + 130, 330), (x - 60, 330)], (255, 244, 200, 70))
        room.box(x + 14, 20, x + 56, 46, INK, round_by=6)
    for place, x in enumerate((70, 350, 630, 910)):
        room.frame(x, 130 + place % 2 * 20, 220, 240)
    room.shade(600, 690, 260)
    room.box(380, 600, 820, 640, BROWNS[2], round_by=10)
    for leg in (410, 770):
        room.box(leg, 636, leg + 18, 690, dark(BROWNS[2]))


def _podcast(room: Room) -> None:
    for column in range(10):
        for row in range(4):
            tint = room.second if (column + row) % 2 else room.colour
            room.box(
                column * 120 + 8,
                30 + row * 110,
                column * 120 + 112,
                132 + row * 110,
                mix(tint, INK, 0.45),
                round_by=12,
            )
    room.box(470, 90, 730, 190, INK, round_by=16)
    for place, tall in enumerate((22, 46, 70, 38, 60, 30, 52, 24)):
        room.box(
            502 + place * 26, 140 - tall / 2, 514 + place * 26, 140 + tall / 2, (255, 196, 92), round_by=6
        )
    for x in (150, 930):
        room.chair(x, 500, room.colour)
    room.table(170, 540, 860, 40)
    for x in (300, 500, 700, 900):
        room.microphone(x, 416)


def _broadcast(room: Room) -> None:
    room.box(250, 60, 830, 600, (74, 178, 96))
    room.shape([(250, 600), (830, 600), (900, 720), (180, 720)], (64, 160, 86))
    room.box(236, 46, 844, 70, INK, round_by=8)
    room.chair(500, 470, room.colour)
    room.softbox(130, 210, 22)
    room.softbox(980, 180, -22)
    room.camera(1010, 470)


def _kitchen(room: Room) -> None:
    for column in range(24):
        for row in range(4):
            room.box(column * 50 + 2, 300 + row * 46, column * 50 + 48, 342 + row * 46, (*WHITE, 150))
    room.shape([(470, 60), (730, 60), (800, 190), (400, 190)], STEEL)
    room.box(540, 0, 660, 62, dark(STEEL, 0.15))
    for x in (60, 880):
        room.box(x, 150, x + 260, 164, BROWNS[0])
        for place in range(4):
            tint = BOLD[(place + x) % len(BOLD)]
            room.box(x + 16 + place * 62, 96, x + 56 + place * 62, 150, light(tint, 0.2), round_by=8)
            room.box(x + 20 + place * 62, 86, x + 52 + place * 62, 98, BROWNS[2], round_by=4)
    room.box(0, 500, 1200, 540, (236, 232, 226))
    room.box(0, 540, 1200, 750, light(room.second, 0.3))
    for x in range(0, 1200, 240):
        room.box(x + 14, 566, x + 226, 736, light(room.second, 0.5), round_by=8)
        room.box(x + 96, 586, x + 144, 596, INK, round_by=4)
    for place, x in enumerate((430, 640)):
        tint = (room.colour, STEEL)[place]
        room.box(x, 430, x + 140, 500, tint, round_by=14)
        room.box(x - 26, 446, x + 4, 460, dark(tint), round_by=6)
        room.box(x + 136, 446, x + 166, 460, dark(tint), round_by=6)
        room.box(x + 8, 420, x + 132, 436, light(tint, 0.3), round_by=8)
        room.disc(x + 70, 416, 10, INK)
        for steam in range(3):
            room.disc(x + 36 + steam * 34, 370 - steam % 2 * 26, 20, (255, 255, 255, 130))


def _meeting(room: Room) -> None:
    room.window(70, 120)
    room.screen(430, 110, 420, 250)
    room.plant(1090, 650)
    for x in (230, 400, 570, 740, 900):
        room.chair(x, 440, room.colour)
    room.table(150, 560, 900, 44)
    for x in (280, 520, 760):
        room.shape([(x, 556), (x + 90, 556), (x + 78, 496), (x + 12, 496)], (70, 78, 88))
        room.shape([(x + 18, 550), (x + 74, 550), (x + 66, 504), (x + 24, 504)], light(room.second, 0.7))


def _workshop(room: Room) -> None:
    room.box(120, 70, 1080, 400, BROWNS[3], round_by=10)
    for x in range(150, 1070, 30):
        for y in range(96, 392, 30):
            room.disc(x, y, 3, dark(BROWNS[3], 0.4))
    for place in range(8):
        x, tint = 180 + place * 110, BOLD[place]
        if place % 3 == 0:  # a hammer
            room.box(x + 14, 150, x + 28, 330, BROWNS[2], round_by=6)
            room.box(x - 18, 128, x + 62, 168, (90, 98, 108), round_by=8)
        elif place % 3 == 1:  # a chisel
            room.box(x + 10, 140, x + 32, 230, tint, round_by=8)
            room.shape([(x + 14, 230), (x + 28, 230), (x + 30, 340), (x + 12, 340)], STEEL)
        else:  # a saw
            room.shape([(x - 24, 160), (x + 60, 160), (x + 60, 200), (x - 24, 330)], STEEL)
            room.box(x - 6, 118, x + 64, 166, tint, round_by=14)
    room.table(120, 540, 960, 50)
    room.box(220, 500, 420, 540, BROWNS[0], round_by=4)
    room.disc(560, 500, 52, (214, 128, 84), flat=0.85)
    room.disc(560, 466, 36, dark((214, 128, 84), 0.4), flat=0.3)
    room.shape([(740, 540), (770, 440), (850, 440), (880, 540)], light(room.colour, 0.2))
    room.disc(810, 436, 40, dark(room.colour, 0.2), flat=0.3)


def _work(room: Room) -> None:
    for x in (90, 380, 670):
        room.window(x, 110, 220, 230)
    for x in (200, 490, 780, 1050):
        room.lamp(x, 60)
    room.plant(1090, 560)
    for row, y in enumerate((470, 610)):
        room.table(60 - row * 40, y, 1000 + row * 120, 30)
        for place in range(5):
            x = 120 + place * 190 + row * 40
            room.shape([(x, y), (x + 110, y), (x + 98, y - 66), (x + 12, y - 66)], (70, 78, 88))
            room.shape(
                [(x + 18, y - 6), (x + 92, y - 6), (x + 84, y - 58), (x + 26, y - 58)],
                light(BOLD[(place + row) % 8], 0.65),
            )


def _computers(room: Room) -> None:
    room.screen(390, 60, 420, 180)
    for row, (y, scale) in enumerate(((330, 0.8), (450, 1.0), (590, 1.2))):
        count = 7 - row
        room.box(40 - row * 30, y + 70 * scale, 1160 + row * 30, y + 88 * scale, BROWNS[1])
        for place in range(count):
            x = 60 + place * (1110 / count) + row * 6
            wide, high = 118 * scale, 76 * scale
            room.box(x, y - 20 * scale, x + wide, y + high - 20 * scale, INK, round_by=6)
            room.box(
                x + 6,
                y - 20 * scale + 6,
                x + wide - 6,
                y + high - 20 * scale - 6,
                light(BOLD[(place + row * 3) % 8], 0.55),
            )
            room.box(x + wide / 2 - 6, y + high - 22 * scale, x + wide / 2 + 6, y + 70 * scale, INK)


def _photo(room: Room) -> None:
    tint = light(room.colour, 0.6)
    room.box(330, 40, 870, 560, tint)
    room.shape([(330, 560), (870, 560), (960, 730), (240, 730)], light(room.colour, 0.5))
    room.box(300, 26, 900, 52, INK, round_by=12)
    room.shade(600, 668, 150)
    room.box(500, 520, 700, 664, WHITE, round_by=6)
    room.box(500, 520, 530, 664, (228, 228, 228))
    for x, tall, hue in ((540, 110, BOLD[0]), (600, 150, BOLD[2]), (656, 90, BOLD[3])):
        room.box(x - 24, 520 - tall, x + 24, 520, hue, round_by=12)
        room.box(x - 12, 506 - tall, x + 12, 524 - tall, dark(hue), round_by=4)
    room.softbox(180, 200, 26)
    room.softbox(1010, 220, -26)
    room.camera(960, 500)


def _fashion(room: Room) -> None:
    room.box(60, 70, 330, 430, (214, 230, 240), round_by=10)
    room.shape([(80, 420), (240, 80), (300, 80), (140, 420)], (255, 255, 255, 110))
    for place in range(7):
        x, tint = 430 + place * 96, BOLD[place]
        room.line((x + 30, 90, x + 30, 130), INK, 3)
        room.shape(
            [(x - 6, 160), (x + 30, 128), (x + 66, 160), (x + 84, 360), (x - 24, 360)], light(tint, 0.15)
        )
    room.box(400, 84, 1120, 94, (90, 98, 108))
    room.shade(1040, 700, 70)
    room.line((1040, 520, 1040, 696), INK, 8)
    room.shape([(990, 360), (1090, 360), (1074, 440), (1100, 530), (980, 530), (1006, 440)], (232, 212, 186))
    room.box(1026, 326, 1054, 364, (232, 212, 186), round_by=8)
    room.table(120, 560, 760, 36)
    room.box(240, 530, 480, 560, (238, 238, 234), round_by=8)
    room.box(240, 420, 280, 540, (238, 238, 234), round_by=8)
    room.box(240, 410, 470, 462, (238, 238, 234), round_by=16)
    room.box(440, 450, 470, 514, (238, 238, 234), round_by=6)
    room.line((455, 510, 455, 534), INK, 4)
    room.disc(228, 446, 26, room.colour)
    for place in range(3):
        room.box(600 + place * 70, 500, 656 + place * 70, 560, light(BOLD[place + 2], 0.1), round_by=10)
        room.disc(628 + place * 70, 500, 28, light(BOLD[place + 2], 0.4), flat=0.35)


def _discussion(room: Room) -> None:
    room.shelf(60, 90, 300, 4)
    room.shelf(840, 90, 300, 4)
    room.box(430, 130, 770, 330, WHITE, round_by=8)
    room.line((470, 190, 620, 190), room.colour, 8)
    room.line((470, 230, 700, 230), STEEL, 6)
    room.disc(680, 270, 30, (*room.second, 160))
    room.lamp(600, 10)
    room.chair(330, 490, room.colour)
    room.chair(790, 490, room.second)
    room.shade(600, 692, 220)
    room.box(586, 580, 614, 690, dark(BROWNS[0]))
    room.disc(600, 572, 210, BROWNS[1], flat=0.17)
    room.disc(600, 566, 210, light(BROWNS[1]), flat=0.17)


def _reading(room: Room) -> None:
    room.shelf(40, 70, 360, 4)
    room.shelf(420, 70, 360, 4)
    room.window(860, 110, 270, 280)
    room.plant(1110, 690)
    room.shade(600, 700, 220)
    room.box(430, 470, 770, 660, room.colour, round_by=40)
    room.box(400, 560, 480, 690, dark(room.colour, 0.12), round_by=24)
    room.box(720, 560, 800, 690, dark(room.colour, 0.12), round_by=24)
    room.box(470, 590, 730, 670, light(room.colour, 0.2), round_by=20)
    room.line((880, 690, 880, 420), INK, 6)
    room.shape([(820, 430), (850, 350), (910, 350), (940, 430)], (255, 226, 150))
    room.disc(880, 694, 46, INK, flat=0.16)


def _auditorium(room: Room) -> None:
    room.box(0, 0, WIDE, HIGH, mix(NIGHT, INK, 0.5))
    room.box(210, 70, 990, 430, mix(NIGHT, room.colour, 0.35))
    for x, tint in ((300, (255, 240, 190)), (600, (255, 220, 170)), (900, (255, 240, 190))):
        room.shape([(x - 16, 60), (x + 16, 60), (x + 130, 430), (x - 130, 430)], (*tint, 70))
    room.box(180, 420, 1020, 470, BROWNS[0])
    room.box(180, 420, 1020, 432, light(BROWNS[0]))
    for side in (0, 1):
        for fold in range(5):
            x = 60 + fold * 36 if side == 0 else 960 + fold * 36
            room.box(x, 40, x + 38, 440, mix((176, 34, 48), INK, 0.12 * (fold % 2)))
    room.box(40, 30, 1160, 80, (150, 26, 40))
    room.box(560, 330, 640, 424, BROWNS[2], round_by=6)
    room.microphone(600, 300)
    for row in range(4):
        y, count = 500 + row * 66, 12 - row
        for place in range(count):
            wide = WIDE / count
            left = place * wide + (row % 2) * 8
            room.box(
                left + 6, y, left + wide - 6, y + 84, mix((196, 52, 60), INK, 0.3 - row * 0.06), round_by=18
            )


def _roof(room: Room) -> None:
    for row in range(FLOOR):
        share = row / FLOOR
        room.box(0, row, WIDE, row + 1, mix((52, 78, 136), (252, 180, 120), share**1.3))
    room.disc(900, 380, 90, (255, 220, 150))
    room.shape(
        [(0, 470), (220, 300), (430, 450), (640, 340), (900, 480), (1200, 380), (1200, 560), (0, 560)],
        (70, 84, 120),
    )
    room.shape(
        [(0, 540), (0, 500), (300, 440), (620, 520), (900, 470), (1200, 510), (1200, 540)], (54, 66, 98)
    )
    for place in range(16):
        x, tall = place * 78, room.rng.randint(30, 100)
        room.box(x, FLOOR - tall, x + 60, FLOOR, (40, 50, 78))
        for y in range(FLOOR - tall + 10, FLOOR - 8, 22):
            for step in (10, 34):
                if room.rng.random() < 0.6:
                    room.box(x + step, y, x + step + 12, y + 10, (255, 214, 130))
    room.box(0, FLOOR, WIDE, HIGH, (150, 128, 110))
    for line in range(FLOOR, HIGH, 30):
        room.box(0, line, WIDE, line + 2, (128, 106, 90))
    for start in (0, 400, 800):
        points: list[float] = []
        for step in range(21):
            points += [start + step * 20, 90 + 70 * math.sin(math.pi * step / 20)]
        room.line(tuple(points), INK, 3)
        for step in range(2, 20, 3):
            room.disc(start + step * 20, 102 + 70 * math.sin(math.pi * step / 20), 11, (255, 232, 160))
    room.shade(600, 672, 330)
    room.box(300, 590, 900, 660, BROWNS[0])
    room.box(300, 590, 900, 602, light(BROWNS[0]))
    for x in (340, 800):
        room.box(x, 470, x + 66, 590, INK, round_by=6)
        room.disc(x + 33, 504, 20, (90, 98, 108))
        room.disc(x + 33, 552, 26, (90, 98, 108))
    room.microphone(600, 466)
    room.plant(110, 700)
    room.plant(1090, 700)


KINDS: dict[str, Callable[[Room], None]] = {
    "Galeri UMKM": _gallery, "Ruang Pamer": _hall, "Studio Siniar": _podcast, "Studio Siaran": _broadcast,
    "Dapur Kreatif": _kitchen, "Ruang Rapat Brantas": _meeting, "Ruang Rapat Amprong": _meeting,
    "Bengkel Kriya": _workshop, "Ruang Kerja Bersama": _work, "Lab Komputer": _computers, "Studio Foto": _photo,
    "Ruang Busana": _fashion, "Ruang Diskusi": _discussion, "Ruang Baca": _reading, "Auditorium": _auditorium,
    "Atap Terbuka": _roof,
}  # fmt: skip


def draw_space(name: str) -> bytes:
    """A space of the demo's centre, as JPEG."""
    room = Room(name)
    KINDS.get(name, _meeting)(room)
    return room.jpeg()
