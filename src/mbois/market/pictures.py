"""Pictures of products: checked by what is in them, made anew, and in the sizes pages show."""

import hashlib
import io
from dataclasses import dataclass
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from mbois.market.measuring import Measures, measures_of
from mbois.market.models import CatalogueEntry, Picture
from mbois.refused import Refused

MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 60_000_000
SHORTEST_LONG_SIDE = 1500
LONGEST_SIDE = 2400
SHORTEST_SIDE = 300
FIRST_SIDE = 640
_QUALITY = {"avif": 55, "webp": 76, "jpg": 80}
_FORMAT = {"avif": "AVIF", "webp": "WEBP", "jpg": "JPEG"}
_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")


@dataclass(frozen=True)
class Master:
    """A picture that may be kept: upright, without place or phone, nothing in it but pixels."""

    content: bytes
    first: bytes
    width: int
    height: int
    measures: Measures

    @property
    def looks(self) -> str:
        return self.measures.looks

    @property
    def key(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def check(content: bytes) -> Master:
    """Recognise a JPEG, PNG or WebP by what is in it and make it anew. Refuses anything else, what is
    damaged, too large to be opened safely, or smaller than 1,500 pixels on its longer side."""
    if not content:
        raise _refused(_("The file is empty."), "file_empty")
    if len(content) > MOST_BYTES:
        raise _refused(_("The picture is larger than 20 MB."), "file_too_large")
    if content[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc", b"ftypheim"}:
        raise _refused(
            _(
                "This is an iPhone picture (HEIC). Please choose JPEG: "
                "Settings › Camera › Formats › Most Compatible."
            ),
            "file_kind",
        )
    beginning = content[:2000].lstrip().lower()
    if beginning.startswith((b"<svg", b"<?xml", b"<!doctype", b"<html")) or b"<svg" in beginning:
        raise _refused(
            _("This is a drawing or a web page, not a photo. Please choose a JPEG, PNG or WebP."),
            "file_kind",
        )
    if not content.startswith(_STARTS):
        raise _refused(_("Only JPEG, PNG and WebP pictures can be kept here."), "file_kind")
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as opened:
            size = {"width": opened.width, "height": opened.height}
            if opened.width * opened.height > MOST_PIXELS:
                raise _refused(
                    _("This picture is too large (%(width)s × %(height)s pixels). Please take a smaller one.")
                    % size,
                    "file_too_large",
                )
            if max(opened.size) < SHORTEST_LONG_SIDE:
                raise _refused(
                    _(
                        "This picture has %(width)s × %(height)s pixels; at least 1,500 on the longer side are "
                        "needed. Please send the original photo, not one that came through a chat."
                    )
                    % size,
                    "picture_too_small",
                )
            if min(opened.size) < SHORTEST_SIDE:
                raise _refused(
                    _(
                        "This picture is too narrow (%(width)s × %(height)s pixels). Please choose another one."
                    )
                    % size,
                    "picture_too_small",
                )
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            opened.load()
            picture = ImageOps.exif_transpose(opened)
            if picture.mode.startswith("I"):  # 16 bits a pixel, of which screens show the upper eight
                picture = picture.point(lambda shade: shade / 256).convert("L")
            if "A" in picture.getbands() or "transparency" in picture.info:
                picture = picture.convert("RGBA")
                ground = Image.new("RGB", picture.size, "white")
                ground.paste(picture, mask=picture.getchannel("A"))
                picture = ground
            picture = picture.convert("RGB")
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    except Image.DecompressionBombError:
        raise _refused(_("This picture is too large. Please take a smaller one."), "file_too_large") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, MemoryError):
        raise _refused(
            _("This picture is damaged or not complete. Please take it again or choose another."),
            "file_damaged",
        ) from None
    return master_of(picture)


def _refused(message: object, code: str) -> Refused:
    return Refused(message, field="photos", code=code)


def master_of(picture: Image.Image) -> Master:
    """The master of an upright RGB picture."""
    clean = Image.new("RGB", picture.size)  # nothing but the pixels comes along
    clean.paste(picture)
    output = io.BytesIO()
    clean.save(output, "JPEG", quality=90, optimize=True)
    return Master(output.getvalue(), _small(clean, FIRST_SIDE, "jpg"), *clean.size, measures_of(clean))


def _small(picture: Image.Image, side: int, kind: str) -> bytes:
    small = picture.copy()
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    output = io.BytesIO()
    options: dict[str, object] = {"quality": _QUALITY[kind]}
    if kind == "avif":
        options |= {"speed": 8}
    elif kind == "webp":
        options |= {"method": 4}
    else:
        options |= {"optimize": True, "progressive": True}
    small.save(output, _FORMAT[kind], **options)
    return output.getvalue()


def keep(region_id: str, master: Master) -> tuple[Picture, bool]:
    """Keep a master with its first small picture, once per content: (the picture, whether it is new)."""
    there = Picture.objects.filter(region=region_id, key=master.key).first()
    if there is not None and there.master:
        return there, False
    picture = there or Picture(
        region_id=region_id,
        key=master.key,
        width=master.width,
        height=master.height,
        **vars(master.measures),
    )
    write(picture, "first.jpg", master.first)
    picture.master.name = write(picture, "master.jpg", master.content)
    if there is None:
        picture, _new = Picture.objects.get_or_create(
            region_id=region_id,
            key=master.key,
            defaults={
                "width": master.width,
                "height": master.height,
                "master": picture.master.name,
                **vars(master.measures),
            },
        )
    else:
        for name, value in vars(master.measures).items():
            setattr(picture, name, value)
        picture.save(update_fields=["master", *vars(master.measures)])
    return picture, True


def write(picture: Picture, name: str, content: bytes) -> str:
    """Write one of its files in its place; the same content twice is no harm."""
    path = picture.path(name)
    if default_storage.exists(path):
        default_storage.delete(path)
    return str(default_storage.save(path, ContentFile(content)))


def renditions_of(master: IO[bytes]) -> dict[str, bytes]:
    """What pages show of a master, by the names of the files: `640.avif`."""
    with Image.open(master) as opened:
        opened.load()
        return {
            f"{width}.{kind}": _small(opened, width, kind)
            for width in Picture.WIDTHS
            for kind in Picture.FORMATS
        }


def lighter(content: bytes, most_bytes: int) -> bytes:
    """A JPEG of at most so many bytes: of less quality, then smaller as well."""
    with Image.open(io.BytesIO(content)) as opened:
        picture = opened.convert("RGB")
    for side, quality in ((LONGEST_SIDE, 82), (LONGEST_SIDE, 70), (1600, 75), (1200, 70), (1000, 60)):
        picture.thumbnail((side, side), Image.Resampling.LANCZOS)
        output = io.BytesIO()
        picture.save(output, "JPEG", quality=quality, optimize=True)
        if output.tell() <= most_bytes:
            break
    return output.getvalue()


def measure(picture: Picture) -> None:
    """Measure a kept picture by its master, and note it."""
    with default_storage.open(picture.path("master.jpg"), "rb") as kept, Image.open(kept) as opened:
        told = vars(measures_of(opened.convert("RGB")))
    Picture.objects.filter(region=picture.region_id, pk=picture.pk).update(**told)


def make_renditions(picture: Picture) -> None:
    """Make what pages show of a picture from its master. Again is no harm."""
    with default_storage.open(picture.path("master.jpg"), "rb") as kept:
        made = renditions_of(kept)
    for name, content in made.items():
        write(picture, name, content)


def forget(picture: Picture) -> None:
    """Remove a picture that nothing shows, with its files."""
    names = ["master.jpg", "first.jpg", *(f"{w}.{k}" for w in Picture.WIDTHS for k in Picture.FORMATS)]
    region_id, key = picture.region_id, picture.key
    CatalogueEntry.objects.filter(region=region_id, cover=picture).update(cover=None)
    picture.delete()
    if not Picture.objects.filter(region=region_id, key=key).exists():
        for name in names:
            default_storage.delete(picture.path(name))
