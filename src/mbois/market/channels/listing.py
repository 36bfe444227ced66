"""How good a listing is at a channel: checks that all share, over rules that each channel declares.

A channel's folder holds `listing.py` with its `RULES`: numbers and words, no code. What a rule finds is a
`Finding`: a blocker (the channel does not take it) or advice (it would sell better), each with the points
it costs of a hundred. Nothing here knows of the database; see `mbois.market.quality` for what feeds it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from mbois.market.channels import findings as codes
from mbois.market.channels.base import Limits

# Pictures whose difference hashes differ in so few of 64 bits look the same.
ALIKE_BITS = 4
# The least variance of a Laplacian over a picture of 800 pixels that the eye calls sharp.
SHARP = 60
# Percent of a picture's edge that has one colour where its ground is plain.
PLAIN = 75

# What each part of a listing is worth where a channel does not say otherwise.
POINTS: Mapping[str, int] = {
    "title": 15,
    "description": 20,
    "photos": 20,
    "pixels": 6,
    "sharp": 8,
    "border": 5,
    "ground": 6,
    "alike": 4,
    "attributes": 6,
    "brand": 2,
    "weight": 8,
    "size": 3,
    "price": 4,
    "variants": 3,
    "sku": 2,
    "licence": 8,
}
# Parts that nobody can judge where there is no photo: they are lost with it.
OF_PHOTOS = ("photos", "pixels", "sharp", "border", "ground", "alike")

# Words that say a particular, in any spelling of sellers, by what buyers ask for.
SAYS: Mapping[str, tuple[str, ...]] = {
    "ingredients": ("bahan", "komposisi", "ingredients", "material"),
    "keeps": ("umur simpan", "masa simpan", "tahan", "kedaluwarsa", "kadaluarsa", "kedaluarsa", "expired"),
    "net": ("berat bersih", "isi", "netto", "neto", "volume"),
    "material": ("bahan", "material", "kain", "komposisi"),
    "size": ("ukuran", "dimensi", "panjang", "size"),
}
_EATEN = ("ingredients", "keeps", "net")
_WORN = ("material", "size")
# What buyers ask for of our categories; of others nothing is wanted.
WANTED: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("snack", "cake", "meal", "frozen", "spice", "drink", "herbal"), _EATEN),
    "beauty": ("ingredients", "net"),
    **dict.fromkeys(("batik", "women", "men", "children", "muslim", "bag", "shoe"), _WORN),
    **dict.fromkeys(("craft", "ceramic", "wood", "furniture", "kitchen", "jewellery", "toy"), _WORN),
}
_LOUD = re.compile(
    r"!{2,}|\b(?:gratis ongkir|promo|diskon|termurah|best ?seller|sale)\b|[\U0001F000-\U0001FAFF\u2600-\u27BF]",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"https?://|www\.|\bwa\.me\b|(?:\+62|\b0)8\d(?:[\s.-]?\d){6,}|@\w{4,}|\bwhats ?app\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Shot:
    """A photo as rules see it. What was not measured yet is None and costs nothing."""

    width: int
    height: int
    looks: str = ""
    sharpness: int | None = None
    border: int | None = None
    plain: int | None = None


@dataclass(frozen=True)
class Piece:
    """A variant as rules see it."""

    name: str
    sku: str
    price: int
    weight_grams: int
    sized: bool


@dataclass(frozen=True)
class Facts:
    """A product as rules see it. `may_be_eaten`: food has its licence, or it is no food."""

    name: str
    description: str
    category: str
    brand: str
    maker: str
    attributes: Mapping[str, str]
    shots: Sequence[Shot]
    pieces: Sequence[Piece]
    may_be_eaten: bool = True

    @property
    def text(self) -> str:
        """What is sent as the description: with the particulars under it."""
        particulars = "\n".join(f"{name}: {value}" for name, value in self.attributes.items())
        return "\n\n".join(part for part in (self.description.strip(), particulars) if part)


@dataclass(frozen=True)
class Rules:
    """What one channel wants. Pairs are (least, most); what it does not take blocks, the rest is advice."""

    key: str
    name: str
    title: tuple[int, int] = (1, 255)
    # from how many words a name says enough, and after how many signs lists cut it off
    title_words: int = 4
    title_shown: int = 255
    description: tuple[int, int] = (0, 5000)
    description_good: int = 300
    # whether a phone number or an address in the text is against the rules there
    contacts: bool = True
    photos_most: int = 9
    photos_good: int = 5
    # the shorter side of a photo in pixels: what is taken at all, and what looks good
    side_least: int = 300
    side_good: int = 1000
    border_blocks: bool = False
    plain_first: bool = True
    price: tuple[int, int] = (1, 1_000_000_000)
    weight_blocks: bool = True
    wants_weight: bool = True
    wants_brand: bool = True
    variant_name: int = 60
    sku: int = 100
    # the largest picture it takes, in bytes
    picture_bytes: int = 10 * 1024 * 1024
    points: Mapping[str, int] = field(default_factory=dict)

    def within(self, limits: Limits) -> "Rules":
        """These rules with what the platform itself told of its limits."""
        told: dict[str, object] = {}
        if limits.title:
            told["title"] = limits.title
        if limits.description:
            told["description"] = limits.description
        if limits.price:
            told["price"] = limits.price
        if limits.photos:
            told["photos_most"] = limits.photos[1]
        return replace(self, **told) if told else self  # type: ignore[arg-type]

    def worth(self, part: str) -> int:
        return self.points.get(part, POINTS[part])

    @property
    def total(self) -> int:
        return sum(self.worth(part) for part in POINTS)


@dataclass(frozen=True)
class Finding:
    """Something to mend. `code` names its sentence, `told` what stands in it; `points` of a hundred come
    back when it is mended."""

    code: str
    part: str
    field: str
    told: str
    blocks: bool
    points: int


@dataclass(frozen=True)
class Judged:
    """What a channel's rules say of a product."""

    rules: Rules
    score: int
    findings: tuple[Finding, ...]

    @property
    def blockers(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.blocks)

    @property
    def advice(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if not one.blocks)

    @property
    def blocked(self) -> bool:
        return any(one.blocks for one in self.findings)


def title_of(facts: Facts, rules: Rules) -> str:
    """Its name; where that is too short for the channel, with the brand's or the maker's behind."""
    title = " ".join(facts.name.split())
    if len(title) < rules.title[0]:
        title = f"{title} - {facts.brand or facts.maker}"
    return title


# (code, part, field, what stands in the sentence, whether it blocks, share of the part that is lost)
_Found = tuple[str, str, str, object, bool, float]


def judge(facts: Facts, rules: Rules) -> Judged:
    """The score of 0 to 100 and what to mend, the blockers first, the most telling first."""
    total = rules.total
    lost: dict[str, float] = {}
    found = []
    for code, part, where, told, blocks, share in _find(facts, rules):
        worth = sum(map(rules.worth, OF_PHOTOS)) if code == codes.NO_PHOTO else rules.worth(part)
        left = max(worth - lost.get(part, 0), 0)
        cost = min(worth * share, left)
        lost[part] = lost.get(part, 0) + cost
        found.append(Finding(code, part, where, str(told), blocks, round(100 * cost / total)))
    score = round(100 * (1 - sum(lost.values()) / total))
    found.sort(key=lambda one: (not one.blocks, -one.points))
    return Judged(rules, max(score, 0), tuple(found))


def _find(facts: Facts, rules: Rules) -> Iterator[_Found]:
    yield from _of_title(facts, rules)
    yield from _of_description(facts, rules)
    yield from _of_photos(facts, rules)
    yield from _of_particulars(facts, rules)
    yield from _of_pieces(facts, rules)
    if not facts.may_be_eaten:
        yield codes.NO_PIRT, "licence", "licence", "", True, 1


def _of_title(facts: Facts, rules: Rules) -> Iterator[_Found]:
    title = title_of(facts, rules)
    low, high = rules.title
    if len(title) < low:
        yield codes.TITLE_SHORT, "title", "title", low, True, 1
    elif len(title) > high:
        yield codes.TITLE_LONG, "title", "title", high, True, 1
    elif len(facts.name.split()) < rules.title_words:
        yield codes.TITLE_THIN, "title", "title", rules.title_words, False, 0.6
    elif len(title) > rules.title_shown:
        yield codes.TITLE_CUT, "title", "title", rules.title_shown, False, 0.2
    letters = [sign for sign in facts.name if sign.isalpha()]
    shouts = len(letters) > 12 and sum(sign.isupper() for sign in letters) > 0.7 * len(letters)
    if shouts or _LOUD.search(facts.name):
        yield codes.TITLE_LOUD, "title", "title", "", False, 0.3


def _of_description(facts: Facts, rules: Rules) -> Iterator[_Found]:
    length = len(facts.text)
    low, high = rules.description
    if length < low:
        yield codes.DESCRIPTION_SHORT, "description", "description", low, True, 1
    elif length > high:
        yield codes.DESCRIPTION_LONG, "description", "description", high, True, 1
    elif length < rules.description_good:
        share = 1 - 0.8 * length / rules.description_good
        yield codes.DESCRIPTION_THIN, "description", "description", rules.description_good, False, share
    if rules.contacts and _CONTACT.search(facts.text):
        yield codes.CONTACT, "description", "description", "", False, 0.4


def _of_photos(facts: Facts, rules: Rules) -> Iterator[_Found]:
    shots = list(facts.shots)[: rules.photos_most]
    if not shots:
        yield codes.NO_PHOTO, "photos", "photos", "", True, 1
        return
    if len(shots) < min(rules.photos_good, rules.photos_most):
        share = 0.8 * (rules.photos_good - len(shots)) / rules.photos_good
        yield codes.PHOTOS_FEW, "photos", "photos", rules.photos_good, False, share
    small = [place for place, shot in enumerate(shots, 1) if min(shot.width, shot.height) < rules.side_least]
    coarse = [place for place, shot in enumerate(shots, 1) if min(shot.width, shot.height) < rules.side_good]
    if small:
        yield codes.PHOTO_SMALL, "pixels", "photos", f"{_places(small)}|{rules.side_least}", True, 1
    elif coarse:
        yield codes.PHOTO_COARSE, "pixels", "photos", f"{_places(coarse)}|{rules.side_good}", False, 0.7
    blurred = [n for n, shot in enumerate(shots, 1) if shot.sharpness is not None and shot.sharpness < SHARP]
    if blurred:
        share = 1 if 1 in blurred else 0.5
        yield codes.PHOTO_BLURRED, "sharp", "photos", _places(blurred), False, share
    framed = [n for n, shot in enumerate(shots, 1) if shot.border]
    if framed:
        yield codes.PHOTO_BORDER, "border", "photos", _places(framed), rules.border_blocks, 1
    first = shots[0]
    if rules.plain_first and first.plain is not None and first.plain < PLAIN and not first.border:
        yield codes.PHOTO_GROUND, "ground", "photos", "1", False, 1
    if pairs := alike(shots):
        yield codes.PHOTO_ALIKE, "alike", "photos", _places(pairs[0]), False, 1


def alike(shots: Sequence[Shot]) -> list[tuple[int, int]]:
    """Pairs of photos (counted from 1) that look the same."""
    known = [(place, int(shot.looks, 16)) for place, shot in enumerate(shots, 1) if shot.looks]
    return [
        (one, two)
        for (one, first), (two, second) in combinations(known, 2)
        if (first ^ second).bit_count() <= ALIKE_BITS
    ]


def _places(places: Sequence[int]) -> str:
    return ", ".join(map(str, places))


def _of_particulars(facts: Facts, rules: Rules) -> Iterator[_Found]:
    told = " ".join([*facts.attributes, facts.description]).lower()
    wanted = WANTED.get(facts.category, ())
    missing = [name for name in wanted if not any(word in told for word in SAYS[name])]
    if missing:
        share = len(missing) / len(wanted)
        yield codes.ATTRIBUTES_MISSING, "attributes", "attributes", ",".join(missing), False, share
    if rules.wants_brand and not facts.brand:
        yield codes.NO_BRAND, "brand", "brand", "", False, 1


def _of_pieces(facts: Facts, rules: Rules) -> Iterator[_Found]:
    pieces = facts.pieces
    if rules.wants_weight:
        # one weight goes for the whole product: the heaviest of its variants
        if not any(piece.weight_grams for piece in pieces):
            yield codes.NO_WEIGHT, "weight", "weight", "", rules.weight_blocks, 1
        elif not all(piece.weight_grams for piece in pieces):
            yield codes.SOME_WEIGHT, "weight", "weight", "", False, 0.4
        if not any(piece.sized for piece in pieces):
            yield codes.NO_SIZE, "size", "weight", "", False, 1
    low, high = rules.price
    if any(piece.price < low for piece in pieces):
        yield codes.PRICE_LOW, "price", "price", low, True, 1
    elif any(piece.price > high for piece in pieces):
        yield codes.PRICE_HIGH, "price", "price", high, True, 1
    if len(pieces) > 1:
        long = [piece.name for piece in pieces if len(piece.name or piece.sku) > rules.variant_name]
        if long:
            yield codes.VARIANT_LONG, "variants", "variant", rules.variant_name, True, 1
        elif not all(piece.name for piece in pieces):
            yield codes.VARIANT_NAMELESS, "variants", "variant", "", False, 1
    if any(len(piece.sku) > rules.sku for piece in pieces):
        yield codes.SKU_LONG, "sku", "sku", rules.sku, True, 1
    elif any(re.search(r"[^\w./-]", piece.sku) for piece in pieces):
        yield codes.SKU_ODD, "sku", "sku", "", False, 1
