"""The centre's spaces and the startups of the demo have pictures, drawn by the worker."""

import io

import pytest
from PIL import Image

from mbois.demo import interiors, marks
from mbois.demo.hub import SPACES
from mbois.demo.tasks import draw_space, draw_startup
from mbois.hub.models import SpacePhoto
from mbois.hub.tests.factories import make_keeper, make_space
from mbois.startups.tests.factories import make_startup


def test_every_space_has_a_drawing_of_its_own() -> None:
    assert {row[1] for row in SPACES} == set(interiors.KINDS)
    drawn = {name: interiors.draw_space(name) for name in ("Auditorium", "Dapur Kreatif", "Atap Terbuka")}
    assert len(set(drawn.values())) == 3
    for picture in drawn.values():
        assert Image.open(io.BytesIO(picture)).size == (interiors.WIDE, interiors.HIGH)


def test_drawings_are_the_same_every_time() -> None:
    assert interiors.draw_space("Studio Foto") == interiors.draw_space("Studio Foto")
    assert marks.draw_mark("Ojek Sayur") == marks.draw_mark("Ojek Sayur") != marks.draw_mark("Panenin")


@pytest.mark.django_db
def test_a_space_is_drawn_once() -> None:
    keeper = make_keeper()
    space = make_space(keeper=keeper, name="Dapur Kreatif")
    for _time in range(2):
        draw_space(space.region_id, space.pk, keeper.pk)
    assert SpacePhoto.objects.get().space == space


@pytest.mark.django_db
def test_a_startup_keeps_the_picture_it_has() -> None:
    startup = make_startup()
    draw_startup(startup.region_id, startup.pk)
    startup.refresh_from_db()
    first = startup.picture
    assert first is not None and first.kind == "image/jpeg"
    draw_startup(startup.region_id, startup.pk)
    startup.refresh_from_db()
    assert startup.picture == first
