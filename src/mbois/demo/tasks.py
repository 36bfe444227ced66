"""Pictures of the demo city's products, spaces and startups, drawn after it is loaded: nobody waits for them."""

import hashlib
import io

from django.core.files.base import ContentFile
from procrastinate.contrib.django import app

from mbois import clock
from mbois.demo import drawings, interiors, marks
from mbois.hub.actions.spaces import add_photos
from mbois.hub.models import Space, SpacePhoto
from mbois.market import pictures
from mbois.market.models import Picture
from mbois.people import documents
from mbois.people.models import Person, Purpose
from mbois.startups.models import Startup


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


@app.task(queue="pictures", name="demo.draw_space", priority=-5)
def draw_space(region_id: str, space_id: int, keeper_id: int) -> None:
    """Draw what a space looks like, once."""
    space = Space.objects.filter(region=region_id, pk=space_id).first()
    if space is None or SpacePhoto.objects.filter(region=region_id, space=space).exists():
        return
    drawn = ContentFile(interiors.draw_space(space.name), name="ruang.jpg")
    add_photos(space, by=Person.objects.get(pk=keeper_id), uploads=[drawn])


@app.task(queue="pictures", name="demo.draw_startup", priority=-6)
def draw_startup(region_id: str, startup_id: int) -> None:
    """Draw the picture of a startup, once."""
    startup = Startup.objects.filter(region=region_id, pk=startup_id, picture=None).first()
    if startup is None:
        return
    startup.picture = documents.store(
        ContentFile(marks.draw_mark(startup.name), name="startup.jpg"),
        region_id=region_id,
        purpose=Purpose.STARTUP,
        by=startup.made_by,
        pictures=True,
    )
    startup.save(update_fields=["picture"])
