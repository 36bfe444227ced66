"""The picture that is shown where an activity is shared: drawn by the worker, kept, never in a request."""

import hashlib
import io

from babel.dates import format_datetime
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw, ImageFont, ImageOps

from mbois import clock
from mbois.agenda.models import Activity

SIZE = (1200, 630)
PAPER, INK, SOFT, BLUE = (255, 250, 243), (29, 43, 58), (91, 102, 117), (22, 87, 168)
ROOFS = [(22, 87, 168), (242, 165, 22), (184, 38, 79), (26, 112, 69), (107, 63, 160)]


def _lines(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int, most: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1] + " …"]
    return lines


def name_of(activity: Activity) -> str:
    """The name of its picture, which changes with what is written on it."""
    said = [
        activity.title,
        activity.host,
        activity.place,
        activity.begins_at.isoformat(),
        activity.picture_id,
    ]
    return f"agenda/share/{activity.code}-{hashlib.sha256(repr(said).encode()).hexdigest()[:12]}.jpg"


def draw_picture(activity: Activity, cover: Image.Image | None = None) -> bytes:
    """1200 × 630, as JPEG."""
    image = Image.new("RGB", SIZE, PAPER)
    width = 1060
    if cover is not None:
        image.paste(ImageOps.fit(cover.convert("RGB"), (440, 630)), (760, 0))
        width = 640
    pen = ImageDraw.Draw(image)
    for place in range(15 if cover is None else 10):
        left = place * 80
        pen.polygon([(left, 630), (left + 40, 580), (left + 80, 630)], fill=ROOFS[place % len(ROOFS)])
    large, middle, small = (ImageFont.load_default(size) for size in (66, 36, 28))
    pen.text((70, 52), activity.host[:60], fill=BLUE, font=small)
    top = 110
    for line in _lines(activity.title, large, width, 4):
        pen.text((70, top), line, fill=INK, font=large)
        top += 80
    when = format_datetime(activity.begins_at, "EEEE, d MMMM y, HH.mm", tzinfo=clock.JAKARTA, locale="id")
    pen.text((70, top + 22), when, fill=INK, font=middle)
    for number, line in enumerate(_lines(activity.place, small, width, 2)):
        pen.text((70, top + 76 + number * 36), line, fill=SOFT, font=small)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=86)
    return out.getvalue()


def draw(region_id: str, activity_id: int) -> None:
    """Draw an activity's picture anew where what it says has changed."""
    activity = Activity.objects.filter(region=region_id, pk=activity_id).select_related("picture").first()
    if activity is None or activity.published_at is None:
        return
    name, before = name_of(activity), activity.share_picture
    if name == before:
        return
    cover = None
    if activity.picture is not None:
        try:
            with activity.picture.file.open("rb") as file:
                cover = Image.open(file)
                cover.load()
        except OSError:
            cover = None
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(draw_picture(activity, cover)))
    Activity.objects.filter(region=region_id, pk=activity_id).update(share_picture=name)
    if before:
        default_storage.delete(before)
