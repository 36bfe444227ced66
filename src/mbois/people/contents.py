"""What a file really is: checked by its content, cleaned, never believed by its name."""

import io
import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from mbois.people.models import Document
from mbois.refused import Refused

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 2000
THUMBNAIL_SIDE = 400

_HEADER = re.compile(rb"%PDF-(1\.[0-7]|2\.0)[\r\n \x00%]")
_TAIL = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF[\s\x00]*\Z")
_STREAM = re.compile(rb"stream\r?\n")
_ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)\b")


@dataclass(frozen=True)
class Checked:
    """A file that may be kept: its kind, its cleaned bytes, a small picture of it if it is one."""

    kind: str
    content: bytes
    thumbnail: bytes = b""


def check(content: bytes, *, pictures: bool = False) -> Checked:
    """Recognise a PDF, JPEG, PNG or WebP by what is in it. Pictures are made anew: upright, without the
    place and phone they were taken with, at most 2000 pixels long, a WebP as a JPEG. Refuses anything
    else; with `pictures` a PDF too."""
    if not content:
        raise Refused(_("The file is empty."), code="file_empty")
    if len(content) > MOST_BYTES:
        raise Refused(_("The file is larger than 10 MB."), code="file_too_large")
    if content.startswith(b"%PDF-") and not pictures:
        return Checked(Document.Kind.PDF, _pdf(content))
    webp = content.startswith(b"RIFF") and content[8:12] == b"WEBP"
    if webp or content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return _picture(content)
    if content[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc", b"ftypheim"}:
        raise Refused(
            _(
                "This is an iPhone picture (HEIC). Please choose JPEG: "
                "Settings › Camera › Formats › Most Compatible."
            ),
            code="file_kind",
        )
    if pictures:
        raise Refused(_("This is not a photo. Please choose a JPEG or PNG picture."), code="file_kind")
    raise Refused(_("Only PDF, JPEG and PNG files can be kept here."), code="file_kind")


def _pdf(content: bytes) -> bytes:
    damaged = Refused(
        _("This PDF is damaged or not complete. Please make it again and upload it."), code="file_damaged"
    )
    tail = _TAIL.search(content[-2048:])
    if not _HEADER.match(content) or not tail:
        raise damaged
    start = int(tail[1])
    if not 0 < start < len(content):
        raise damaged
    there = content[start : start + 64].lstrip()
    if not (there.startswith(b"xref") or re.match(rb"\d+\s+\d+\s+obj\b", there)):
        raise damaged
    outside = _without_streams(content)
    if re.search(rb"/Encrypt\b", outside):
        raise Refused(
            _("This PDF is locked with a password. Please save it without one and upload it again."),
            code="file_locked",
        )
    if _ACTIVE.search(outside):
        raise Refused(
            _("This PDF holds a program or another file. Please print it as a PDF and upload that."),
            code="file_active",
        )
    return content


def _without_streams(content: bytes) -> bytes:
    """What of a PDF is not packed. In one pass: a file made of beginnings without an end takes no longer."""
    parts, at = [], 0
    while (begun := _STREAM.search(content, at)) and (end := content.find(b"endstream", begun.end())) >= 0:
        parts.append(content[at : begun.start()])
        at = end + len(b"endstream")
    return b"".join([*parts, content[at:]])


def _picture(content: bytes) -> Checked:
    damaged = Refused(
        _("This picture is damaged or not complete. Please take it again or choose another."),
        code="file_damaged",
    )
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Refused(
                    _("This picture is too large (%(width)s × %(height)s pixels). Please take a smaller one.")
                    % {"width": opened.width, "height": opened.height},
                    code="file_too_large",
                )
            kind = Document.Kind.PNG if opened.format == "PNG" else Document.Kind.JPEG
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            opened.load()
            picture = ImageOps.exif_transpose(opened)
            if picture.mode.startswith("I"):  # 16 bits a pixel, of which screens show the upper eight
                picture = picture.point(lambda shade: shade / 256).convert("L")
            if kind == Document.Kind.JPEG:
                picture = _on_white(picture).convert("RGB")
            elif picture.mode not in {"1", "L", "LA", "P", "RGB", "RGBA"}:
                picture = picture.convert("RGB")
            elif picture.mode == "P":
                picture = picture.convert("RGBA")
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            clean = Image.new(picture.mode, picture.size)  # nothing but the pixels comes along
            clean.paste(picture)
    except Image.DecompressionBombError:
        raise Refused(
            _("This picture is too large. Please take a smaller one."), code="file_too_large"
        ) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise damaged from None
    output = io.BytesIO()
    if kind == Document.Kind.PNG:
        clean.save(output, "PNG", optimize=False)
    else:
        clean.save(output, "JPEG", quality=85, optimize=True)
    return Checked(kind, output.getvalue(), _thumbnail(clean))


def _on_white(picture: Image.Image) -> Image.Image:
    if "A" not in picture.getbands():
        return picture
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _thumbnail(picture: Image.Image) -> bytes:
    small = picture.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    output = io.BytesIO()
    _on_white(small).convert("RGB").save(output, "JPEG", quality=78)
    return output.getvalue()
