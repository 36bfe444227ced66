"""What the first view of a product costs a buyer: 150 KB with its first picture, 15 KB of JavaScript."""

import gzip
import io
import random
import re

import pytest
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageFilter

from mbois.market import pictures
from mbois.market.actions.photos import add_photo
from mbois.market.models import Picture
from mbois.market.tests.factories import make_product

pytestmark = pytest.mark.django_db
KB = 1024


def photo() -> SimpleUploadedFile:
    """A picture with as much in it as a photo of goods on a cloth."""
    chance = random.Random(3)
    small = Image.new("RGB", (150, 150))
    small.putdata([tuple(chance.randint(60, 220) for _ in range(3)) for _ in range(150 * 150)])
    image = small.resize((1600, 1600), Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(4))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=92)
    return SimpleUploadedFile("photo.jpg", out.getvalue(), "image/jpeg")


def packed(address: str) -> int:
    """Bytes of a static file as it goes over the line."""
    found = finders.find(address.split("?")[0].removeprefix("/static/"))
    assert isinstance(found, str), address
    with open(found, "rb") as file:
        return len(gzip.compress(file.read()))


def test_the_first_view_of_a_product_is_light(client: Client, tmp_path, settings) -> None:
    settings.MEDIA_ROOT = tmp_path
    product = make_product(name="Keripik tempe", description="Renyah. " * 120)
    add_photo(product, photo(), by=product.enterprise.owner.person)
    for picture in Picture.objects.all():
        pictures.make_renditions(picture)
        Picture.objects.filter(pk=picture.pk).update(made_at=product.made_at)
    page = client.get(product.get_absolute_url()).content.decode()
    scripts = [packed(one) for one in re.findall(r'<script[^>]*\bsrc="([^"]+)"', page)]
    styles = [packed(one) for one in re.findall(r'<link[^>]*rel="stylesheet"[^>]*href="([^"]+)"', page)]
    assert scripts or 'type="module"' not in page
    assert styles
    shown = re.search(r'<img[^>]*\bsrc="([^"]+)"', page[page.index('class="gallery"') :])
    assert shown
    sources = re.findall(r'srcset="([^"]+)"', page[page.index('class="gallery"') :])
    # a phone of 360 points and two dots each takes the width of 640 or above in the best format it knows
    wide = re.search(r"(\S+) 640w", sources[0] if sources else "")
    picture = len(b"".join(client.get(wide[1] if wide else shown[1]).streaming_content))
    total = len(gzip.compress(page.encode())) + sum(styles) + sum(scripts) + picture
    print(f"page {len(page)} styles {sum(styles)} scripts {sum(scripts)} picture {picture} all {total}")
    assert sum(scripts) <= 15 * KB
    assert total <= 150 * KB
    # without JavaScript one can order: a plain form leads to the next page
    assert re.search(r'<form method="get" action="/toko/[^"]+/pesan/"', page)
