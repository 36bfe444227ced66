"""Drawn pictures of products: no photos of anybody's, made by number, the same every time.

`draw(number)` gives picture `number` of `COUNT`: what it is follows from the number (see `KINDS`), its
colours and details from a generator seeded with it.
"""

from collections.abc import Callable

from PIL import Image

from mbois.demo import drawn_crafts, drawn_food
from mbois.demo.painting import Scene

GOLD, TAN = (228, 176, 84), (206, 158, 96)
# The name of a kind of picture, and how it is drawn.
KINDS: dict[str, Callable[[Scene], None]] = {
    "tempe": lambda s: drawn_food.pouch(s, "KERIPIK TEMPE", TAN, "round"),
    "singkong": lambda s: drawn_food.pouch(s, "KERIPIK SINGKONG", GOLD, "round"),
    "buah": lambda s: drawn_food.pouch(s, "KERIPIK BUAH", (240, 196, 110), "round"),
    "stik": lambda s: drawn_food.pouch(s, "STIK BALADO", (216, 120, 70), "stick"),
    "sambal": lambda s: drawn_food.jar(s, "SAMBAL BAWANG", (178, 42, 30)),
    "madu": lambda s: drawn_food.jar(s, "MADU HUTAN", (222, 140, 32)),
    "jamu": lambda s: drawn_food.bottle(s, "KUNYIT ASAM", (236, 164, 44)),
    "kopi": lambda s: drawn_food.cup(s, (120, 76, 46)),
    "bakso": lambda s: drawn_food.bowl(s, (196, 132, 74), (150, 108, 84)),
    "lapis": lambda s: drawn_food.cakes(s, "layers"),
    "onde": lambda s: drawn_food.cakes(s, "onde"),
    "kue": lambda s: drawn_food.cakes(s, "cups"),
    "kawung": lambda s: drawn_crafts.batik(s, "kawung"),
    "parang": lambda s: drawn_crafts.batik(s, "parang"),
    "bunga": lambda s: drawn_crafts.batik(s, "flower"),
    "kaos": lambda s: drawn_crafts.shirt(s, "shirt"),
    "gamis": lambda s: drawn_crafts.shirt(s, "dress"),
    "tas": lambda s: drawn_crafts.bag(s, "tote"),
    "anyaman": lambda s: drawn_crafts.bag(s, "woven"),
    "sandal": drawn_crafts.sandals,
    "gelang": drawn_crafts.beads,
    "topeng": drawn_crafts.mask,
    "vas": lambda s: drawn_crafts.vase(s, "vase"),
    "cangkir": lambda s: drawn_crafts.vase(s, "mugs"),
    "talenan": lambda s: drawn_crafts.wood(s, "board"),
    "kursi": lambda s: drawn_crafts.wood(s, "chair"),
    "mobil": lambda s: drawn_crafts.wood(s, "car"),
    "sabun": drawn_crafts.soap,
    "tanaman": drawn_crafts.plant,
    "lukisan": drawn_crafts.frame,
    "buku": drawn_crafts.book,
    "apel": drawn_food.fruit,
    "desain": drawn_crafts.screen,
}
NAMES = list(KINDS)
EACH = 6
COUNT = EACH * len(NAMES)


def numbers_of(kind: str) -> list[int]:
    """The numbers of the pictures of a kind."""
    place = NAMES.index(kind)
    return [place + turn * len(NAMES) for turn in range(EACH)]


def draw(number: int) -> Image.Image:
    """Picture `number`, 1,600 pixels square."""
    scene = Scene(number, number // len(NAMES))
    KINDS[NAMES[number % len(NAMES)]](scene)
    return scene.image
