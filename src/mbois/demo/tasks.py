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


# after everything that somebody waits for
@app.task(queue="pictures", name="demo.draw_picture", priority=-10)
def draw_picture(number: int) -> None:
    """Draw a picture and write it, in every size, for each region that shows it."""
    rows = list(Picture.objects.filter(key=picture_key(number), made_at=None).order_by("region"))
    if not rows:
        return
    master = pictures.master_of(drawings.draw(number))
    small = pictures.renditions_of(io.BytesIO(master.content))
    for row in rows:
        pictures.write(row, "first.jpg", master.first)
        row.master.name = pictures.write(row, "master.jpg", master.content)
        for name, content in small.items():
            pictures.write(row, name, content)
        row.made_at = clock.now()
        for name, value in vars(master.measures).items():
            setattr(row, name, value)
        row.save(update_fields=["master", "made_at", *vars(master.measures)])
