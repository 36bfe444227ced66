"""The lists of the whole city: few questions and few pieces however long they are."""

import csv
import io
import json
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mbois import clock
from mbois.market.channels.sheets import lines_of
from mbois.market.tests.factories import add_photo, make_product, make_shop
from mbois.market.views import feeds

pytestmark = pytest.mark.django_db


def pieces(client: Client, url: str) -> list[bytes]:
    return list(client.get(url).streaming_content)  # type: ignore[arg-type]


@pytest.mark.parametrize("url", ["/katalog/produk.json", "/katalog/produk.csv", "/sitemap-35.73.xml"])
def test_a_longer_list_costs_no_more_questions_and_few_pieces(client: Client, url: str) -> None:
    shop = make_shop()
    make_product(shop.enterprise)
    with CaptureQueriesContext(connection) as for_one:
        pieces(client, url)
    for number in range(30):
        make_product(shop.enterprise, name=f"Keripik {number}")
    with CaptureQueriesContext(connection) as for_many:
        sent = pieces(client, url)
    assert len(for_many) == len(for_one)
    assert len(sent) == 1


def test_a_long_list_is_sent_while_it_is_read(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make_shop()
    for number in range(6):
        make_product(shop.enterprise, name=f"Keripik {number}")
    monkeypatch.setattr(feeds, "PIECE", 900)
    sent = pieces(client, "/katalog/produk.json")
    assert len(sent) > 1
    assert len(json.loads(b"".join(sent))["products"]) == 6


def test_each_line_says_what_the_product_page_says(client: Client, tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    product = make_product(name="Keripik Tempe Pedas", price=12_000, description="Renyah.\n\nPedas.")
    picture = add_photo(product).picture
    [row] = json.loads(b"".join(pieces(client, "/katalog/produk.json")))["products"]
    assert row["url"].endswith(product.get_absolute_url())
    assert row["shop_url"].endswith(product.enterprise.shops.get().get_absolute_url())
    assert (row["price_from"], row["description"]) == (12_000, "Renyah.\n\nPedas.")
    assert row["picture"] == ""  # nothing of it can be shown yet
    picture.master.save("master.jpg", ContentFile(b"x"))
    [row] = json.loads(b"".join(pieces(client, "/katalog/produk.json")))["products"]
    assert row["picture"].endswith(f"/gambar/{picture.key}-first.jpg")
    picture.made_at = clock.now()
    picture.save()
    text = b"".join(pieces(client, "/katalog/produk.csv")).decode()
    [line] = csv.DictReader(io.StringIO(text))
    assert line["picture"].endswith(f"/gambar/{picture.key}-1280.jpg")
    assert line["url"] == row["url"]


def test_what_was_pasted_from_elsewhere_breaks_no_feed(client: Client) -> None:
    shop = make_shop(tagline="Ramah \x02& cepat")
    make_product(shop.enterprise, name="Keripik <pedas>", description="Satu\x0bdua\n\x08tiga \uffff&")
    root = ElementTree.fromstring(b"".join(pieces(client, f"/toko/{shop.slug}/google.xml")))
    assert root.findtext(".//item/title") == "Keripik <pedas>"
    assert root.findtext(".//item/description") == "Satudua\ntiga &"
    assert root.findtext(".//channel/description") == "Ramah & cepat"


def test_feeds_and_sheets_name_a_picture_that_is_there(client: Client, tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    product = make_product()
    picture = add_photo(product).picture
    picture.master.save("master.jpg", ContentFile(b"x"))
    first = f"/gambar/{picture.key}-first.jpg"
    shop = product.enterprise.shops.get()
    assert first in b"".join(pieces(client, f"/toko/{shop.slug}/google.xml")).decode()
    assert lines_of(product.enterprise)[0].picture(0).endswith(first)
    picture.made_at = clock.now()
    picture.save()
    assert lines_of(product.enterprise)[0].picture(0).endswith(f"/gambar/{picture.key}-1280.jpg")


def test_what_is_no_region_has_no_sitemap(client: Client) -> None:
    make_shop()
    assert client.get("/sitemap-35.73.xml").status_code == 200
    assert client.get("/sitemap-99.99.xml").status_code == 404
