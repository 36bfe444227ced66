"""Pictures of the demo city's products, drawn after it is loaded: nobody waits for them."""

import hashlib
import io

from procrastinate.contrib.django import app

from mbois import clock
from mbois.demo import drawings
from mbois.market import pictures
from mbois.market.models import Picture


def picture_key(number: int) -> str:
    """The key under which a drawn picture stands before there is a file of it."""
    return hashlib.sha256(f"gambar peraga {number}".encode()).hexdigest()


# Both after everything that somebody waits for; first all that can be looked at, then the other sizes.
@app.task(queue="pictures", name="demo.draw_picture", priority=-10)
def draw_picture(number: int) -> None:
    """Draw a picture for each region that shows it: from then on pages show it, in its first size."""
    rows = list(Picture.objects.filter(key=picture_key(number), made_at=None, master="").order_by("region"))
    if not rows:
        return
    master = pictures.master_of(drawings.draw(number))
    for row in rows:
        pictures.write(row, "first.jpg", master.first)
        row.master.name = pictures.write(row, "master.jpg", master.content)
        for name, value in vars(master.measures).items():
            setattr(row, name, value)
        row.save(update_fields=["master", *vars(master.measures)])


@app.task(queue="pictures", name="demo.finish_picture", priority=-20)
def finish_picture(number: int) -> None:
    """Make every size and format of a drawn picture, once for all regions."""
    draw_picture(number)  # nothing where it is drawn
    rows = list(Picture.objects.filter(key=picture_key(number), made_at=None).order_by("region"))
    if not rows:
        return
    with rows[0].master.open() as file:
        small = pictures.renditions_of(io.BytesIO(file.read()))
    for row in rows:
        for name, content in small.items():
            pictures.write(row, name, content)
    Picture.objects.filter(pk__in=[row.pk for row in rows]).update(made_at=clock.now())
