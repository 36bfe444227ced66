"""What a picture is like, measured from its pixels: how it looks from afar, whether it is sharp, whether it
has a frame, whether its ground is plain. A few hundredths of a second for each."""

from dataclasses import dataclass

from PIL import Image, ImageFilter, ImageStat

# Sharpness is compared at one size, so that large pictures are not blurred ones.
SIDE = 800
# Frames and grounds are looked for on a small copy.
SMALL = 200
_LAPLACIAN = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)
# Colours so far apart (of 255, the mean of the three channels) are not the same.
NEAR, FAR = 14, 26
# A frame takes from one to twenty percent of the side.
THINNEST, THICKEST = SMALL // 100, SMALL // 5


@dataclass(frozen=True)
class Measures:
    """See `Picture`, which keeps them."""

    looks: str
    sharpness: int
    border: int
    plain: int


def measures_of(picture: Image.Image) -> Measures:
    """Everything that is measured of an upright RGB picture."""
    seen = picture.copy()
    seen.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS, reducing_gap=3)
    even = seen.resize((SMALL, SMALL), Image.Resampling.BOX)
    # a cloth with a fine pattern is no plain ground: its threads must not melt into one colour
    grainy = seen.resize((SMALL, SMALL), Image.Resampling.NEAREST)
    return Measures(looks_of(seen), sharpness_of(seen), border_of(even), plain_of(grainy))


def looks_of(picture: Image.Image) -> str:
    """Its difference hash: whether each of 8 × 8 places is lighter than the one to its right."""
    small = picture.convert("L").resize((9, 8), Image.Resampling.LANCZOS)
    light = small.tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            bits = bits << 1 | (light[row * 9 + column] > light[row * 9 + column + 1])
    return f"{bits:016x}"


def sharpness_of(picture: Image.Image) -> int:
    """The variance of a Laplacian of the sharpest ninth: a plain ground is no blur. Of a picture of `SIDE`."""
    edges = picture.convert("L").filter(_LAPLACIAN)
    if min(edges.size) < 12:
        return 0  # a line is no picture
    width, height = edges.width // 3, edges.height // 3
    return max(
        round(
            ImageStat.Stat(
                edges.crop((x * width + 1, y * height + 1, (x + 1) * width - 1, (y + 1) * height - 1))
            ).var[0]
        )
        for x in range(3)
        for y in range(3)
    )


def border_of(small: Image.Image) -> int:
    """Percent of the side that a frame takes, or two bars that face each other; 0 where there is none.

    A frame is a band of one colour that ends along a straight line: what lies inside differs from it nearly
    everywhere on that line, as the edge of a thing on a plain ground does not."""
    top, right, bottom, left = (_band(small.rotate(90 * turn)) for turn in range(4))
    bars = [max(one, other) for one, other in ((top, bottom), (left, right)) if one and other]
    return round(100 * max(bars) / SMALL) if bars else 0


def _band(small: Image.Image) -> int:
    """How deep a band of one colour at the upper edge is, where it ends along a straight line; else 0."""
    pixels = small.tobytes()

    def line(y: int) -> list[tuple[int, int, int]]:
        # the corners belong to the bands beside
        return [
            (pixels[place], pixels[place + 1], pixels[place + 2])
            for place in range((y * SMALL + THICKEST) * 3, ((y + 1) * SMALL - THICKEST) * 3, 3)
        ]

    first = line(0)
    colour = tuple(sorted(channel)[len(first) // 2] for channel in zip(*first, strict=True))
    for depth in range(THICKEST + 2):
        away = [_apart(pixel, colour) for pixel in line(depth)]
        if sum(one > NEAR for one in away) > 0.03 * len(away):
            # the line itself may be half frame, half picture: the next one tells
            inside = [_apart(pixel, colour) for pixel in line(depth + 1)]
            ends = sum(one > FAR for one in inside) >= 0.85 * len(inside)
            return depth if ends and depth >= THINNEST else 0
    return 0


def _apart(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) / 3


def plain_of(small: Image.Image) -> int:
    """Percent of the edge (a band of eight percent) that has the colour most of it has; light may fall off
    from one side to the other."""
    band = SMALL * 8 // 100
    tiny = []
    for box in (
        (0, 0, SMALL, band),
        (0, SMALL - band, SMALL, SMALL),
        (0, band, band, SMALL - band),
        (SMALL - band, band, SMALL, SMALL - band),
    ):
        data = small.crop(box).tobytes()
        tiny += [(data[place], data[place + 1], data[place + 2]) for place in range(0, len(data), 12)]
    middle = tuple(sorted(channel)[len(tiny) // 2] for channel in zip(*tiny, strict=True))
    return round(100 * sum(_apart(pixel, middle) <= FAR for pixel in tiny) / len(tiny))
