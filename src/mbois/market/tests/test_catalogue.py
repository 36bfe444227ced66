"""What everybody sees: found though mistyped, filtered, near, in few queries, safely."""

import json
import re
from typing import Any

import pytest
from django.core.cache import caches
from django.db import IntegrityError, transaction
from django.test import Client
from tests.factories import make_village

from mbois import clock
from mbois.enterprises.tests.factories import make_enterprise
from mbois.market import queries
from mbois.market.models import CatalogueEntry, Product
from mbois.market.queries import Wish
from mbois.market.tests.factories import add_variant, make_licence, make_product, make_shop
from mbois.places.models import Area

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    caches["local"].clear()


def names(**given: str) -> list[str]:
    return [entry.name for entry in queries.find(Wish.of(given)).entries]


def seller(village: Area | None = None, **fields: Any) -> Any:
    return make_shop(make_enterprise(village=village, **fields)).enterprise


def test_it_is_found_though_mistyped_and_in_any_order() -> None:
    one = seller(name="Bu Sri")
    for name in ("Keripik Tempe Original", "Keripik Singkong Balado", "Batik Tulis Malangan"):
        make_product(one, name=name)
    assert names(q="tempe keripik") == ["Keripik Tempe Original"]
    assert names(q="kripik tmpe") == ["Keripik Tempe Original"]
    assert names(q="batk tulsi") == ["Batik Tulis Malangan"]
    assert names(q="malagnan") == ["Batik Tulis Malangan"]
    assert set(names(q="bu sri")) == {
        "Keripik Tempe Original",
        "Keripik Singkong Balado",
        "Batik Tulis Malangan",
    }
    assert names(q="sepatu kuda") == []
    for typed in ("keripik & tempe", "tempe,keripik", "kripik-tempe", "“keripik tempe”!"):
        assert names(q=typed) == ["Keripik Tempe Original"], typed
    assert names(q="&!") == []


def test_what_is_called_so_comes_before_what_is_sold_by_somebody_called_so() -> None:
    shop = seller(name="Keripik Tempe Pak Arif")
    make_product(seller(name="Bu Sri"), name="Keripik Tempe Original")
    make_product(shop, name="Keripik Mangga Vakum")
    for typed in ("kripik temp", "tempe kripik", "keripk tempe"):
        assert names(q=typed) == ["Keripik Tempe Original", "Keripik Mangga Vakum"]


def test_filters_narrow_what_is_shown() -> None:
    here, there = make_village(name="Kauman"), make_village("35.07")
    kauman, far = seller(here, subsector="craft"), seller(there, region="35.07")
    halal = make_licence(kauman, "halal")
    make_product(kauman, name="Gelang", category="jewellery", price=10_000, certificates=(halal,))
    make_product(far, name="Meja", category="furniture", price=900_000)
    assert names(kategori="furniture") == ["Meja"]
    assert names(kecamatan=here.parent_id or "") == ["Gelang"]
    assert names(subsektor="craft") == ["Gelang"]
    assert names(halal="1") == names(bersertifikat="1") == ["Gelang"]
    assert names(min="500.000") == ["Meja"]
    assert names(maks="20000") == ["Gelang"]
    assert names(urut="murah") == ["Gelang", "Meja"]
    assert names(urut="mahal") == ["Meja", "Gelang"]
    assert len(names(kategori="x", kecamatan="'", min="abc", dekat="1,2,3", page="0", urut="?")) == 2


def test_the_nearest_come_first_with_their_distance(client: Client) -> None:
    near, far = seller(), seller()
    for enterprise, point in ((near, (-7.98, 112.63)), (far, (-8.2, 112.6))):
        enterprise.latitude, enterprise.longitude = point
        enterprise.save()
    make_product(near, name="Dekat")
    make_product(far, name="Jauh")
    assert names(dekat="-7.97,112.63", urut="dekat") == ["Dekat", "Jauh"]
    assert b"1.1 km" in client.get("/katalog/?dekat=-7.97,112.63").content.replace(b"1,1 km", b"1.1 km")


def test_the_pages_ask_at_most_four_queries_whatever_the_number(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    one = seller()
    for number in range(30):
        make_product(one, name=f"Keripik {number}")
    product = Product.objects.latest("pk")
    for _n in range(5):
        add_variant(product, name=f"Rasa {_n}")
    shop = one.shops.get()
    for path in (
        "/katalog/",
        "/katalog/?q=keripik",
        "/katalog/?q=kerpik+balado",
        "/katalog/?kategori=craft&urut=murah",
        f"/toko/{shop.slug}/",
        product.get_absolute_url(),
    ):
        caches["local"].clear()
        with django_assert_max_num_queries(4):
            assert client.get(path).status_code == 200


def test_a_sellers_text_is_text(client: Client) -> None:
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
    one = seller(name=f"Toko {evil}")
    product = make_product(one, name=f"Kue {evil}", description=f"{evil} &amp;", brand=evil[:60])
    page = client.get(product.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    known = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert known
    facts = json.loads(known[1])
    assert facts["name"] == f"Kue {evil}"
    assert "<script>alert" not in client.get(f"/toko/{one.shops.get().slug}/").content.decode()


def test_a_product_says_what_it_is_to_machines(client: Client) -> None:
    product = make_product(price=12_000, on_hand=0)
    page = client.get(product.get_absolute_url())
    known = re.search(rb'<script type="application/ld\+json">(.*?)</script>', page.content, re.S)
    assert known
    facts = json.loads(known[1])
    assert facts["offers"]["price"] == 12_000
    assert facts["offers"]["availability"].endswith("OutOfStock")
    assert b'property="og:image"' in page.content


def test_the_address_of_a_product_is_one(client: Client) -> None:
    product = make_product(name="Keripik Tempe")
    answer = client.get(f"/produk/nama-lama-{product.code.lower()}/")
    assert answer.status_code == 301
    assert (
        answer["Location"] == product.get_absolute_url() == f"/produk/keripik-tempe-{product.code.lower()}/"
    )


def test_drafts_closed_shops_and_withdrawn_ones_are_nobodys(client: Client) -> None:
    draft = make_product(published=False)
    assert client.get(draft.get_absolute_url()).status_code == 404
    product = make_product()
    Product.objects.filter(pk=product.pk).update(state="withdrawn")
    assert client.get(product.get_absolute_url()).status_code == 410
    shut = make_product().enterprise.shops.get()
    shut.is_open = False
    shut.save()
    assert client.get(f"/toko/{shut.slug}/").status_code == 404


def test_feeds_hold_what_owners_agreed_to_and_nothing_else(client: Client) -> None:
    shown, hidden = make_product(name="=Tayang"), make_product(name="Tersembunyi")
    consent = hidden.enterprise.shops.get().consent
    consent.withdrawn_at = clock.now()
    consent.save()
    feed = json.loads(b"".join(client.get("/katalog/produk.json").streaming_content))  # type: ignore[arg-type]
    assert [row["code"] for row in feed["products"]] == [shown.code]
    sheet = b"".join(client.get("/katalog/produk.csv").streaming_content).decode()  # type: ignore[arg-type]
    assert "'=Tayang" in sheet
    assert "Tersembunyi" not in sheet
    sitemap = b"".join(client.get("/sitemap-35.73.xml").streaming_content).decode()  # type: ignore[arg-type]
    assert shown.get_absolute_url() in sitemap
    assert hidden.code.lower() not in sitemap
    assert b"/sitemap-35.73.xml" in client.get("/sitemap.xml").content
    assert b"Sitemap:" in client.get("/robots.txt").content


@pytest.mark.parametrize("half", [(-7.97, None), (None, 112.63)])
def test_a_point_on_the_map_is_never_half(half: tuple[float | None, float | None]) -> None:
    make_product(seller())
    with pytest.raises(IntegrityError, match="catalogue_entry_point_is_whole"), transaction.atomic():
        CatalogueEntry.objects.update(latitude=half[0], longitude=half[1])
