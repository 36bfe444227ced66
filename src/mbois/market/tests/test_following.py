"""What a seller changes of a product that is live reaches each marketplace: words, photos, variants."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from mbois import clock
from mbois.market.actions import stock
from mbois.market.actions.photos import order_photos, remove_photo
from mbois.market.actions.products import update_product
from mbois.market.actions.told import Told
from mbois.market.channels.base import Kind
from mbois.market.channels.simulation.store import Store
from mbois.market.models import Listing, Picture, Product, ProductPhoto, Variant
from mbois.market.rounds import Round, go_round
from mbois.market.tests.factories import make_shop
from mbois.market.tests.simulators import Running, simulator
from mbois.market.tests.test_selling import connected, good, listed, there
from mbois.refused import Refused

pytestmark = pytest.mark.django_db
NAMES = ["shopee", "tokopedia_shop", "lazada"]
BETTER = "Keripik tempe Sanan asli, lebih renyah, 250 gram"
# where each platform changes words and photos of what is there
EDIT = {"shopee": "update_item", "tokopedia_shop": "partial_edit", "lazada": "product/update"}
ADD = {"shopee": "tier_variation", "tokopedia_shop": "/202309/products/", "lazada": "product/create"}


@pytest.fixture(scope="module", params=NAMES)
def platform(request, tmp_path_factory) -> Iterator[tuple[Running, Store]]:
    data = tmp_path_factory.mktemp(request.param)
    with simulator(request.param, data) as running:
        store = Store(next(Path(data).rglob(f"{request.param}.sqlite")))
        yield running, store
        store.close()


class Seller:
    """A seller with one product that is live at the platform, and what buyers see of it there."""

    def __init__(self, running: Running, store: Store) -> None:
        self.running, self.store = running, store
        self.shop = make_shop()
        self.row = connected(running, self.shop.enterprise)
        self.product = good(self.shop.enterprise, price=25_000, on_hand=7)
        listed(self.row, self.product)
        assert self.round().listed == 1

    def round(self) -> Round:
        Listing.objects.update(again_at=None)
        return go_round(self.row.region_id, self.row.pk)

    def write(self, **fields: Any) -> None:
        self.product = update_product(self.product, by=self.product.made_by, **fields)

    def vary(self, *told: tuple[Variant | None, str]) -> None:
        self.write(
            variants=[
                Told(
                    name=name, price=25_000, stock=5, weight_grams=250,
                    key=one.pk if one else None, sku=one.sku if one else "",
                )
                for one, name in told
            ]
        )  # fmt: skip

    def photo(self, colour: str, side: int = 1500) -> ProductPhoto:
        out = io.BytesIO()
        Image.new("RGB", (side, side), colour).save(out, "JPEG")
        region = self.product.region_id
        key = f"{ProductPhoto.objects.count() + 1:02x}{colour.encode().hex():0>62}"
        picture = Picture(region_id=region, key=key, width=1500, height=1500)
        picture.master.save("master.jpg", ContentFile(out.getvalue()))
        picture.save()
        photo = ProductPhoto.objects.create(
            region_id=region, product=self.product, picture=picture, position=self.product.photos.count()
        )
        Product.objects.filter(pk=self.product.pk).update(changed_at=clock.now())
        return photo

    @property
    def listing(self) -> Listing:
        return Listing.objects.get(variant=self.product.variants.order_by("pk")[0])

    def seen(self) -> tuple[str, str, int]:
        """Title, description, and how many photos."""
        row = self.store.row("SELECT * FROM item WHERE id = ?", self.listing.external_id)
        body = json.loads(row["body"])
        images = (
            (body.get("image") or {}).get("image_id_list")
            or body.get("main_images")
            or (body.get("Images") or {}).get("Image")
        )
        return row["title"], (body.get("Attributes") or body)["description"], len(images)

    def names(self) -> dict[str, str]:
        return {row["sku"]: row["name"] for row in self.store.models(int(self.listing.external_id))}


@pytest.fixture
def seller(platform, monkeypatch, tmp_path, settings) -> Seller:
    settings.MEDIA_ROOT = tmp_path
    running, store = platform
    running.do("behave")
    for part, value in (("URL", running.url), ("KEY", running.app.key), ("SECRET", running.app.secret)):
        monkeypatch.setenv(f"MBOIS_{running.name.upper()}_{part}", value)
    return Seller(running, store)


def test_words_follow_and_nothing_is_sent_when_nothing_changed(seller):
    seller.write(name=BETTER, description="Kini dengan kemasan yang bisa ditutup lagi.")
    assert seller.round().revised == 1
    title, description, photos = seller.seen()
    assert (title, photos) == (BETTER, 1)
    assert "ditutup lagi" in description
    # nothing new: no request that edits, though the product was saved once more
    seller.write(name=BETTER)
    seller.running.misbehave("error", path=EDIT[seller.running.name], times=1)
    assert seller.round() == Round()
    assert (seller.listing.error_code, there(seller.row)) == ("", {seller.listing.variant.sku: (25_000, 7)})


def test_photos_follow_added_taken_off_and_in_another_order(seller):
    seller.photo("green")
    assert (seller.round().revised, seller.seen()[2]) == (1, 2)
    before = seller.listing.content
    second = seller.product.photos.order_by("position").last()
    order_photos(seller.product, [second.pk], by=seller.product.made_by)
    assert (seller.round().revised, seller.seen()[2]) == (1, 2)
    assert seller.listing.content.partition(":")[0] == before.partition(":")[0] != before
    remove_photo(second, by=seller.product.made_by)
    assert (seller.round().revised, seller.seen()[2]) == (1, 1)


def test_a_variant_is_added_and_one_is_no_longer_sold(seller):
    first = seller.product.variants.get()
    seller.vary((first, "Asin"), (None, "Pedas"))
    assert seller.round().listed == 1
    assert set(seller.names().values()) == {"Asin", "Pedas"}
    second = seller.product.variants.exclude(pk=first.pk).get()
    assert there(seller.row) == {first.sku: (25_000, 5), second.sku: (25_000, 5)}
    assert {one.state for one in Listing.objects.all()} == {"live"}
    assert Listing.objects.values("external_id").distinct().count() == 1
    # it may be there in an order: it stays, and none can be bought
    seller.vary((first, "Asin"))
    seller.round()
    assert there(seller.row) == {first.sku: (25_000, 5), second.sku: (25_000, 0)}
    # and is offered again
    seller.vary((first, "Asin"), (second, "Pedas"))
    seller.round()
    assert there(seller.row) == {first.sku: (25_000, 5), second.sku: (25_000, 5)}
    assert seller.round() == Round()


def test_another_name_of_a_variant_follows(seller):
    first = seller.product.variants.get()
    seller.vary((first, "Asin"), (None, "Pedas"))
    seller.round()
    second = seller.product.variants.exclude(pk=first.pk).get()
    seller.vary((first, "Asin laut"), (second, "Pedas"))
    assert seller.round().revised == 1
    assert seller.names() == {first.sku: "Asin laut", second.sku: "Pedas"}


def test_a_title_too_long_there_is_named_and_what_is_there_stays(seller, monkeypatch):
    """The platform has become stricter than what is known of it."""
    monkeypatch.setattr("mbois.market.offers.title_of", lambda facts, rules: f"{facts.name} " * 8)
    was = seller.seen()
    seller.write(name=BETTER)
    assert seller.round().revised == 0
    assert (seller.listing.state, seller.listing.error_field) == ("live", "title")
    assert (seller.listing.error_code, seller.seen()) == (Kind.REFUSED, was)


def test_a_photo_the_platform_refuses_is_named_and_stock_still_goes(seller, client):
    was = seller.seen()
    seller.photo("blue", side=120)
    assert seller.round().revised == 0
    row = seller.listing
    assert (row.state, row.error_code, row.error_field) == ("live", Kind.REFUSED, "photos")
    assert seller.seen() == was
    client.force_login(seller.product.made_by)
    page = client.get(f"/usaha/{seller.shop.enterprise.number}/lokapasar/{seller.row.pk}/").content.decode()
    assert re.search(r'class="why"', page)
    # what is sold elsewhere reaches the marketplace all the same
    stock.count(seller.product.variants.get(), on_hand=2, by=seller.product.made_by)
    assert seller.round().sent == 1
    assert there(seller.row) == {row.variant.sku: (25_000, 2)}
    assert seller.listing.error_field == "photos"
    # taken off again: all is well
    remove_photo(seller.product.photos.order_by("position").last(), by=seller.product.made_by)
    seller.round()
    assert (seller.listing.error_code, seller.listing.error) == ("", "")


def test_one_that_is_refused_holds_up_no_other(seller):
    other = good(seller.shop.enterprise, photo=seller.product)
    listed(seller.row, other)
    seller.round()
    seller.photo("blue", side=120)
    update_product(other, by=other.made_by, name=BETTER)
    assert seller.round().revised == 1
    row = Listing.objects.get(variant__product=other)
    kept = seller.store.row("SELECT * FROM item WHERE id = ?", row.external_id)
    assert (kept["title"], row.error_code, seller.listing.error_field) == (BETTER, "", "photos")


@pytest.mark.parametrize("fault", ["work_then_hang", "error", "too_many"])
def test_what_is_cut_short_arrives_in_a_later_round(seller, monkeypatch, fault):
    monkeypatch.setenv("MBOIS_CHANNEL_TIMEOUT", "1")
    seller.running.misbehave(fault, path=EDIT[seller.running.name], times=1)
    seller.write(name=BETTER)
    for _again in range(3):
        seller.round()
    assert seller.seen()[0] == BETTER
    first = seller.product.variants.get()
    seller.running.misbehave(fault, path=ADD[seller.running.name], times=1)
    seller.vary((first, "Asin"), (None, "Pedas"))
    for _again in range(4):
        seller.round()
    assert len(seller.names()) == len(there(seller.row)) == 2
    assert {(one.state, one.error_code) for one in Listing.objects.all()} == {("live", "")}
    assert seller.running.state()["twice"] == []


def test_a_worker_killed_after_listing_leaves_no_old_words(seller):
    """The item is there, nobody wrote that down, and the seller wrote something else since."""
    Listing.objects.update(
        state="wanted",
        external_id="",
        external_variant="",
        live_since=None,
        revised_at=None,
        pushed_version=0,
    )
    seller.write(name=BETTER)
    seller.round()
    assert seller.listing.state == "live"
    seller.round()
    assert seller.seen()[0] == BETTER
    assert len(there(seller.row)) == 1


def test_the_sku_of_what_is_listed_stays(seller):
    first = seller.product.variants.get()
    with pytest.raises(Refused) as refused:
        seller.write(variants=[Told(name="", sku="LAIN-1", price=25_000, key=first.pk)])
    assert refused.value.code == "sku_listed"
    assert first.sku in refused.value.message
