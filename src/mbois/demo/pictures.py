"""Drawn stand-ins for photos and papers: a few files, shared by many rows."""

import hashlib
import io
import random
from datetime import datetime
from functools import cache

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw, ImageFont

from mbois.demo import painting
from mbois.people.models import Document, Person, Purpose

PAPER = (255, 250, 243)
INK = (29, 43, 58)
BLUE = (22, 87, 168)
LABELS = {
    "ktp": "KARTU TANDA PENDUDUK",
    "ktp_spouse": "KARTU TANDA PENDUDUK",
    "kk": "KARTU KELUARGA",
    "marriage": "BUKU NIKAH",
    "sktm": "SURAT KETERANGAN TIDAK MAMPU",
    "debt_proof": "KARTU ANGSURAN",
    "business": "FOTO USAHA",
}


@cache
def _drawn(kind: str) -> tuple[bytes, str]:
    """A picture of a paper of this kind (JPEG) and its hash."""
    wide = kind in {"ktp", "ktp_spouse", "business"}
    size = (860, 540) if wide else (700, 960)
    image = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((14, 14, size[0] - 14, size[1] - 14), outline=BLUE, width=4)
    draw.text((40, 40), LABELS[kind], fill=INK, font=ImageFont.load_default(34))
    draw.text(
        (40, 92), "Contoh untuk kota peraga – bukan dokumen asli", fill=BLUE, font=ImageFont.load_default(22)
    )
    rng = random.Random(kind)
    for line in range(8 if wide else 18):
        top = 150 + line * 42
        draw.rounded_rectangle(
            (40, top, 40 + rng.randint(240, size[0] - 140), top + 14), 6, fill=(214, 204, 188)
        )
    if kind in {"ktp", "ktp_spouse"}:
        draw.rounded_rectangle((640, 170, 820, 400), 12, fill=(200, 215, 235))
        draw.ellipse((690, 200, 770, 280), fill=INK)
        draw.pieslice((660, 290, 800, 440), 180, 360, fill=INK)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue(), hashlib.sha256(out.getvalue()).hexdigest()


_kept: dict[tuple[str, str], Document] = {}


def sample_paper(kind: str, *, region_id: str, by: Person, subject: Person, rng: random.Random) -> Document:
    """An unsaved document row with the drawn paper of this kind; the file is written once a region."""
    content, digest = _drawn(str(kind))
    row = Document(
        region_id=region_id,
        name=f"{kind}.jpg",
        kind=Document.Kind.JPEG,
        purpose=Purpose.PAPER,
        size=len(content),
        sha256=digest,
        subject=subject,
        uploaded_by=by,
    )
    first = _kept.get((region_id, str(kind)))
    if first is None:
        row.file.save(row.name, ContentFile(content), save=False)
        row.thumbnail.save(row.name, ContentFile(_small(content)), save=False)
        _kept[region_id, str(kind)] = row
    else:
        row.file.name, row.thumbnail.name = first.file.name, first.thumbnail.name
    return row


def _small(content: bytes) -> bytes:
    image = Image.open(io.BytesIO(content))
    image.thumbnail((320, 320))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=75)
    return out.getvalue()


_signatures: dict[str, Document] = {}


def drawn_signature(region_id: str, purpose: str, *, by: Person, subject: Person, at: datetime) -> Document:
    """Somebody's signature drawn by hand, as a document that is still to be saved; all of a region share one
    picture."""
    if region_id not in _signatures:
        image = Image.new("RGB", (600, 200), "white")
        draw = ImageDraw.Draw(image)
        rng = random.Random(region_id)
        points = [(40 + step * 26, 100 + rng.randint(-60, 60)) for step in range(20)]
        draw.line(points, fill=INK, width=4, joint="curve")
        out = io.BytesIO()
        image.save(out, "PNG")
        content = out.getvalue()
        drawn = Document(
            region_id=region_id,
            name="tanda-tangan.png",
            kind=Document.Kind.PNG,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )
        drawn.file.save(drawn.name, ContentFile(content), save=False)
        drawn.thumbnail.save(drawn.name, ContentFile(_small_png(image)), save=False)
        _signatures[region_id] = drawn
    drawn = _signatures[region_id]
    return Document(
        region_id=region_id,
        name=drawn.name,
        kind=drawn.kind,
        size=drawn.size,
        sha256=drawn.sha256,
        file=drawn.file.name,
        thumbnail=drawn.thumbnail.name,
        purpose=purpose,
        subject=subject,
        uploaded_by=by,
        uploaded_at=at,
    )


def _small_png(image: Image.Image) -> bytes:
    small = image.copy()
    small.thumbnail((320, 320))
    out = io.BytesIO()
    small.convert("RGB").save(out, "JPEG", quality=75)
    return out.getvalue()


def drawn_poster(width: int = 1500) -> bytes:
    """A banner of a market at evening, as JPEG: nobody's photo."""
    wide, high = 1500, 640
    image = Image.new("RGB", (wide, high), (27, 58, 107))
    pen = ImageDraw.Draw(image)
    for row in range(high):
        share = row / high
        pen.line(
            (0, row, wide, row), fill=(int(27 + 190 * share), int(58 + 90 * share), int(107 - 20 * share))
        )
    pen.ellipse((1080, 90, 1300, 310), fill=(255, 214, 120))
    pen.polygon(
        [(0, 430), (330, 200), (620, 420), (880, 260), (1500, 470), (1500, 640), (0, 640)], fill=(22, 43, 72)
    )
    for place in range(9):
        left = 30 + place * 165
        colour = painting.BOLD[place % len(painting.BOLD)]
        pen.rectangle((left, 470, left + 130, 640), fill=(250, 238, 214))
        for stripe in range(5):
            pen.rectangle(
                (left - 8 + stripe * 29, 440, left - 8 + stripe * 29 + 29, 490),
                fill=colour if stripe % 2 == 0 else (255, 255, 255),
            )
        pen.ellipse((left + 45, 525, left + 85, 565), fill=colour)
    pen.text((70, 70), "Pasar Kita", fill=(255, 248, 232), font=ImageFont.load_default(150))
    pen.text((76, 250), "Buatan tetangga, untuk semua", fill=(255, 226, 160), font=ImageFont.load_default(52))
    image.thumbnail((width, width))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82)
    return out.getvalue()


def forget() -> None:
    """Start anew: the next city writes its own files."""
    _kept.clear()
    _signatures.clear()
