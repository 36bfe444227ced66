"""Products, prices, stock and orders between our books and simulated marketplaces."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image

from mbois import clock
from mbois.market import rounds
from mbois.market.actions import connections, stock
from mbois.market.actions.orders import Buyer, Wanted, place_order
from mbois.market.actions.publishing import claim
from mbois.market.channels import findings
from mbois.market.channels.words import explain
from mbois.market.mending import card_of
from mbois.market.models import (
    Connection,
    ConnectionState,
    Drift,
    Listing,
    Order,
    Picture,
    Product,
    ProductPhoto,
    UnmatchedItem,
)
from mbois.market.rounds import compare_shop, go_round
from mbois.market.speaking import Speaker, keep, tell_once
from mbois.market.tests.factories import add_variant, make_connection, make_product, make_shop
from mbois.market.tests.simulators import Running, simulator
from mbois.people.models import Notification
from mbois.refused import Refused

pytestmark = pytest.mark.django_db
NAMES = ["shopee", "tokopedia_shop", "lazada"]
DAY = timedelta(days=1)
LONG = "Keripik tempe Sanan renyah gurih 250 gram"


@pytest.fixture(scope="module")
def platforms() -> Iterator[dict[str, Running]]:
    with (
        simulator("shopee") as shopee,
        simulator("tokopedia_shop") as tokopedia,
        simulator("lazada") as lazada,
    ):
        yield {running.name: running for running in (shopee, tokopedia, lazada)}


@pytest.fixture(autouse=True)
def _apps(platforms, monkeypatch, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    for name, running in platforms.items():
        running.do("behave")
        monkeypatch.setenv(f"MBOIS_{name.upper()}_URL", running.url)
        monkeypatch.setenv(f"MBOIS_{name.upper()}_KEY", running.app.key)
        monkeypatch.setenv(f"MBOIS_{name.upper()}_SECRET", running.app.secret)


@pytest.fixture
def shop():
    return make_shop()


def connected(running: Running, enterprise, name: str = "Toko Uji") -> Connection:
    grant = running.connect(name)
    row = Connection(
        region_id=enterprise.region_id,
        enterprise=enterprise,
        channel=running.name,
        shop_id=grant.shop,
        made_by=enterprise.owner.person,
    )
    keep(row, grant)
    return row


def photo_of(product: Product, colour: str = "#a33") -> None:
    out = io.BytesIO()
    Image.new("RGB", (1500, 1500), colour).save(out, "JPEG")
    key = f"{product.pk:064x}"
    picture = Picture(region_id=product.region_id, key=key, width=1500, height=1500)
    picture.master.save("master.jpg", ContentFile(out.getvalue()))
    picture.save()
    ProductPhoto.objects.create(region_id=product.region_id, product=product, picture=picture)


def good(enterprise, photo: Product | None = None, **fields) -> Product:
    """A product that any marketplace takes; with the photo of another where one is given."""
    product = make_product(
        enterprise, **({"name": LONG, "description": "Keripik tempe khas Sanan, digoreng tipis."} | fields)
    )
    if photo is None:
        photo_of(product)
    else:
        picture = photo.photos.get().picture
        ProductPhoto.objects.create(region_id=product.region_id, product=product, picture=picture)
    return product


def listed(connection: Connection, *products: Product) -> None:
    connections.want_listed(connection, [p.pk for p in products], by=connection.enterprise.owner.person)


def there(connection: Connection) -> dict[str, tuple[int, int]]:
    return {
        one.sku: (one.price, one.stock)
        for one in Speaker(connection).do(lambda channel: list(channel.listed()))
    }


def later(**kwargs) -> None:
    """What waits has waited."""
    Listing.objects.update(again_at=None)


@pytest.mark.parametrize("name", NAMES)
def test_a_product_goes_live_and_stays_right(platforms, shop, name):
    connection = connected(platforms[name], shop.enterprise)
    product = good(shop.enterprise, price=25_000, on_hand=7)
    variant = product.variants.get()
    listed(connection, product)
    assert go_round(connection.region_id, connection.pk).listed == 1
    row = Listing.objects.get()
    assert (row.state, row.pushed_stock, row.error) == ("live", 7, "")
    assert there(connection) == {variant.sku: (25_000, 7)}
    stock.count(variant, on_hand=4, by=product.made_by)
    variant.price = 26_000
    variant.save(update_fields=["price"])
    assert go_round(connection.region_id, connection.pk).sent == 1
    assert there(connection) == {variant.sku: (26_000, 4)}
    assert go_round(connection.region_id, connection.pk).sent == 0


def test_a_sale_in_one_channel_reaches_the_others_in_one_round(platforms, shop):
    rows = {name: connected(platforms[name], shop.enterprise) for name in NAMES}
    product = good(shop.enterprise, on_hand=5)
    variant = product.variants.get()
    for connection in rows.values():
        listed(connection, product)
        go_round(connection.region_id, connection.pk)
    running, connection = platforms["lazada"], rows["lazada"]
    assert (
        running.buy(connection.shop_id, Listing.objects.get(connection=connection).external_variant, 2)
        == "bought"
    )
    assert go_round(connection.region_id, connection.pk).sold == 1
    place_order(shop, [Wanted(variant.pk, 1)], buyer=Buyer("Ana"))
    for connection in rows.values():
        go_round(connection.region_id, connection.pk)
        assert there(connection)[variant.sku][1] == 2
    order = Order.objects.get(channel="lazada")
    assert (order.state, order.buyer_name, order.goods) == ("confirmed", "Bu Ani", 30_000)
    running.do("move", shop=order.connection.shop_id, sale=order.external, state="shipped")
    running.do("move", shop=order.connection.shop_id, sale=order.external, state="done")
    go_round(order.region_id, order.connection_id)
    order.refresh_from_db()
    assert order.state == "received"
    variant.refresh_from_db()
    assert (variant.on_hand, variant.reserved) == (3, 1)


@pytest.mark.parametrize("name", NAMES)
def test_orders_come_once_however_often_they_are_told(platforms, shop, name):
    connection = connected(platforms[name], shop.enterprise)
    product = good(shop.enterprise, on_hand=5)
    listed(connection, product)
    go_round(connection.region_id, connection.pk)
    model = platforms[name].model_of(connection.shop_id, product.variants.get().sku)
    platforms[name].buy(connection.shop_id, model)
    assert [go_round(connection.region_id, connection.pk).sold for _again in range(3)] == [1, 0, 0]
    assert Order.objects.count() == 1
    order = Order.objects.get()
    platforms[name].do("move", shop=connection.shop_id, sale=order.external, state="cancelled")
    go_round(connection.region_id, connection.pk)
    order.refresh_from_db()
    assert order.state == "cancelled"
    assert product.variants.get().available == 5


def test_an_order_that_cannot_be_kept_holds_up_no_other(platforms, shop):
    running = platforms["shopee"]
    connection = connected(running, shop.enterprise)
    odd, sound = good(shop.enterprise, on_hand=5), good(shop.enterprise, on_hand=5)
    listed(connection, odd, sound)
    go_round(connection.region_id, connection.pk)
    running.tamper(connection.shop_id, odd.variants.get().sku, stock=5, price=-1)
    for product in (odd, sound):
        running.buy(connection.shop_id, running.model_of(connection.shop_id, product.variants.get().sku))
    assert go_round(connection.region_id, connection.pk).sold == 1
    assert Order.objects.get().lines.get().variant == sound.variants.get()
    connection.refresh_from_db()
    assert clock.now() - connection.polled_until < timedelta(minutes=1)
    go_round(connection.region_id, connection.pk)  # it is asked for again, and told once
    told = Notification.objects.filter(key="market/order_left").get()
    assert told.person == shop.enterprise.owner.person and told.context["order"]


def lacking(monkeypatch, name: str, *, of: str) -> None:
    """From now on what a platform tells of one order or item lacks a field."""
    asked = requests.Session.request

    def spoil(part: object, within: bool = False) -> None:
        if isinstance(part, list):
            for one in part:
                spoil(one, within)
        elif isinstance(part, dict):
            within = within or of in map(str, (one for one in part.values() if isinstance(one, (str, int))))
            for value in part.values():
                spoil(value, within)
            if within:
                part.pop(name, None)

    def answered(self, *args, **parts):
        answer = asked(self, *args, **parts)
        if answer.headers.get("Content-Type", "").startswith("application/json"):
            content = answer.json()
            spoil(content)
            answer._content = json.dumps(content).encode()
        return answer

    monkeypatch.setattr(requests.Session, "request", answered)


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("shopee", "create_time"),
        ("shopee", "item_list"),
        ("shopee", "model_quantity_purchased"),
        ("shopee", "model_discounted_price"),
        ("shopee", "order_status"),
        ("tokopedia_shop", "create_time"),
        ("tokopedia_shop", "sale_price"),
        ("tokopedia_shop", "line_items"),
        ("lazada", "sku_id"),
        ("lazada", "item_price"),
        ("lazada", "statuses"),
        ("lazada", "updated_at"),
        ("lazada", "order_items"),
    ],
)
def test_an_order_that_lacks_something_holds_up_no_other(platforms, shop, monkeypatch, name, field):
    running = platforms[name]
    connection = connected(running, shop.enterprise)
    product = good(shop.enterprise, on_hand=5)
    listed(connection, product)
    go_round(connection.region_id, connection.pk)
    model = running.model_of(connection.shop_id, product.variants.get().sku)
    running.buy(connection.shop_id, model)
    now = clock.now()
    [sale] = Speaker(connection).do(lambda channel: list(channel.orders(now - DAY, now + DAY)))
    odd = sale.number
    running.buy(connection.shop_id, model)
    lacking(monkeypatch, field, of=odd)
    done = go_round(connection.region_id, connection.pk)
    assert (done.sold, done.trouble) == (1, "")
    assert Order.objects.get().external != odd
    go_round(connection.region_id, connection.pk)
    assert [one.context["order"] for one in Notification.objects.filter(key="market/order_left")] == [odd]
    monkeypatch.undo()


def test_an_order_without_a_number_is_told_once_of_each_platform(shop):
    for channel in ("shopee", "lazada"):
        connection = make_connection(shop.enterprise, channel)
        for _again in range(2):
            tell_once(connection, "market/order_left", order="")
    told = Notification.objects.filter(key="market/order_left").order_by("pk")
    assert [(one.context["platform"], one.context["order"]) for one in told] == [
        ("Shopee", "–"),
        ("Lazada", "–"),
    ]


@pytest.mark.parametrize(
    ("name", "field"), [("shopee", "item_name"), ("tokopedia_shop", "skus"), ("lazada", "SkuId")]
)
def test_an_item_that_lacks_something_is_said_once_and_the_others_are_compared(
    platforms, shop, monkeypatch, name, field
):
    running = platforms[name]
    connection = connected(running, shop.enterprise)
    odd, sound = good(shop.enterprise, on_hand=5), good(shop.enterprise, on_hand=5)
    listed(connection, odd, sound)
    go_round(connection.region_id, connection.pk)
    running.tamper(connection.shop_id, odd.variants.get().sku, stock=1, price=9000)
    assert compare_shop(connection.region_id, connection.pk) == 2
    running.tamper(connection.shop_id, sound.variants.get().sku, stock=1, price=7000)
    item = Listing.objects.get(variant__product=odd).external_id
    lacking(monkeypatch, field, of=item)
    for _again in range(2):
        assert compare_shop(connection.region_id, connection.pk) == 2
    still = Drift.objects.filter(gone_at=None).values_list("listing__variant__product", "kind")
    assert set(still) == {(one.pk, kind) for one in (odd, sound) for kind in ("price", "stock")}
    assert Notification.objects.get(key="market/item_left").context["item"] == item
    monkeypatch.undo()


def test_what_is_wrong_is_noted_with_each_listing_in_our_words(platforms, shop):
    connection = connected(platforms["tokopedia_shop"], shop.enterprise)
    fine = good(shop.enterprise)
    without_photo = make_product(shop.enterprise, name=LONG, description="Renyah dan gurih sekali.")
    bare = good(shop.enterprise, name="Tas", description="Tas anyaman.")
    bare.brand = "X"
    bare.save()
    cheap = good(shop.enterprise, price=50)
    listed(connection, fine)
    # they were good when they were chosen, and are not any more when their turn comes
    for product in (without_photo, bare, cheap):
        variant = product.variants.get()
        Listing.objects.create(region_id=connection.region_id, connection=connection, variant=variant)
    assert go_round(connection.region_id, connection.pk).listed == 4
    codes = {row.variant.product_id: row.error_code for row in Listing.objects.select_related("variant")}
    assert codes == {
        fine.pk: "",
        without_photo.pk: findings.NO_PHOTO,
        bare.pk: findings.TITLE_SHORT,
        cheap.pk: findings.PRICE_LOW,
    }
    row = Listing.objects.get(variant__product=bare)
    said = explain(row.error_code, field=row.error_field, said=row.error, platform="Tokopedia & Shop")
    assert "at least 25 characters" in said.what
    bare.name = "Tas anyaman pandan khas Malang ukuran besar"
    bare.description = "Tas anyaman pandan buatan tangan."
    bare.save()
    listed(connection, bare)
    go_round(connection.region_id, connection.pk)
    assert Listing.objects.get(variant__product=bare).state == "live"
    with pytest.raises(Refused, match=r"There is no photo\. Add at least one photo\."):
        listed(connection, without_photo)


def test_the_limits_a_platform_told_are_those_that_refuse(platforms, shop):
    connection = connected(platforms["shopee"], shop.enterprise)
    product = good(shop.enterprise)
    listed(connection, product)
    go_round(connection.region_id, connection.pk)
    connection.refresh_from_db()
    [key] = connection.settings["limits"]
    connection.settings["limits"][key]["title"] = [60, 120]
    connection.save(update_fields=["settings"])
    assert [bar.word for bar in card_of(product)[0].bars if bar.channel == "shopee"] == ["Not accepted yet"]
    with pytest.raises(Refused, match="at least 60 characters"):
        listed(connection, good(shop.enterprise))


def test_the_platforms_own_refusal_is_kept_with_its_sentence(platforms, shop):
    connection = connected(platforms["shopee"], shop.enterprise)
    product = good(shop.enterprise)
    connection.settings = {"categories": {"craft": {"key": "1", "name": "Salah"}}}
    connection.save()
    listed(connection, product)
    go_round(connection.region_id, connection.pk)
    row = Listing.objects.get()
    assert (row.state, row.error_code, row.error_field) == ("failed", "refused", "category")
    said = explain(row.error_code, field=row.error_field, said=row.error, platform="Shopee")
    assert "category" in said.what and said.said == "The category does not exist."
    right = next(one for one in connections.choices_of_categories(connection) if "Kerajinan" in one.name)
    connections.choose_category(connection, "craft", right, by=shop.enterprise.owner.person)
    go_round(connection.region_id, connection.pk)
    assert Listing.objects.get().state == "live"


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_that_is_not_as_documented_is_trouble_that_passes(platforms, shop, name):
    running = platforms[name]
    connection = connected(running, shop.enterprise)
    refresh = {"shopee": "access_token/get", "tokopedia_shop": "token/refresh", "lazada": "token/refresh"}
    create = {"shopee": "add_item", "tokopedia_shop": "/202309/products", "lazada": "product/create"}
    running.do("expire", shop=connection.shop_id)
    running.misbehave("strange", path=refresh[name])
    assert go_round(connection.region_id, connection.pk).trouble == "unknown"
    connection.refresh_from_db()
    assert (connection.state, connection.error) == (ConnectionState.CONNECTED, "unknown")
    product = good(shop.enterprise)
    listed(connection, product)
    running.misbehave("strange", path=create[name], times=2)
    for _again in range(6):
        go_round(connection.region_id, connection.pk)
        later()
    assert Listing.objects.get().state == "live"
    assert running.state()["twice"] == []


@pytest.mark.parametrize("name", NAMES)
def test_an_ended_token_is_renewed_by_the_way(platforms, shop, name):
    connection = connected(platforms[name], shop.enterprise)
    platforms[name].do("expire", shop=connection.shop_id)
    product = good(shop.enterprise)
    listed(connection, product)
    assert go_round(connection.region_id, connection.pk).trouble == ""
    assert Listing.objects.get().state == "live"
    fresh = Connection.objects.get()
    assert fresh.access_token != connection.access_token
    # an old copy of the row sees that somebody renewed it
    assert Speaker(connection).do(lambda channel: channel.health()).shop_name == "Toko Uji"


def test_a_withdrawn_permission_asks_the_seller_to_connect_again(platforms, shop):
    connection = connected(platforms["shopee"], shop.enterprise)
    platforms["shopee"].do("revoke", shop=connection.shop_id)
    assert go_round(connection.region_id, connection.pk).trouble == "login"
    connection.refresh_from_db()
    assert connection.state == ConnectionState.EXPIRED
    assert Notification.objects.filter(key="market/connect_again").count() == 1
    assert go_round(connection.region_id, connection.pk) == rounds.Round()


@pytest.mark.parametrize("name", NAMES)
def test_work_without_an_answer_makes_no_second_one(platforms, shop, name):
    running = platforms[name]
    connection = connected(running, shop.enterprise)
    products = [good(shop.enterprise) for _number in range(4)]
    listed(connection, *products)
    create = {"shopee": "add_item", "tokopedia_shop": "/202309/products", "lazada": "product/create"}[name]
    running.misbehave("work_then_hang", path=create, times=3)
    running.misbehave("error", path="/product", times=2)
    running.misbehave("too_many", times=2)
    for _again in range(8):
        go_round(connection.region_id, connection.pk)
        later()
    assert set(Listing.objects.values_list("state", flat=True)) == {"live"}
    skus = [one.sku for one in Speaker(connection).do(lambda channel: list(channel.listed()))]
    assert sorted(skus) == sorted(product.variants.get().sku for product in products)


def test_what_another_worker_has_is_left_to_it(platforms, shop):
    connection = connected(platforms["shopee"], shop.enterprise)
    product = good(shop.enterprise)
    add_variant(product, name="Pedas")
    listed(connection, product)
    assert len(claim(connection)) == 2
    assert claim(connection) == []
    Listing.objects.update(again_at=clock.now() - timedelta(seconds=1))
    assert len(claim(connection)) == 2


def test_a_half_done_change_is_finished_later(platforms, shop):
    running = platforms["lazada"]
    connection = connected(running, shop.enterprise)
    products = [good(shop.enterprise, on_hand=9) for _number in range(3)]
    listed(connection, *products)
    go_round(connection.region_id, connection.pk)
    for product in products:
        stock.count(product.variants.get(), on_hand=2, by=product.made_by)
    running.misbehave("half", path="price_quantity")
    go_round(connection.region_id, connection.pk)
    assert sorted(row.error_code for row in Listing.objects.all()) == ["", "busy", "busy"]
    later()
    go_round(connection.region_id, connection.pk)
    assert {numbers[1] for numbers in there(connection).values()} == {2}
    assert {row.error_code for row in Listing.objects.all()} == {""}


def test_what_may_no_longer_be_sold_has_no_stock_there(platforms, shop):
    connection = connected(platforms["shopee"], shop.enterprise)
    product = good(shop.enterprise, on_hand=9)
    listed(connection, product)
    go_round(connection.region_id, connection.pk)
    product.state = "withdrawn"
    product.save(update_fields=["state"])
    go_round(connection.region_id, connection.pk)
    assert [numbers[1] for numbers in there(connection).values()] == [0]


@pytest.mark.parametrize("name", NAMES)
def test_the_nightly_comparison_names_what_differs_and_matches_by_sku(platforms, shop, name):
    running = platforms[name]
    connection = connected(running, shop.enterprise)
    product, by_hand = good(shop.enterprise, on_hand=5), good(shop.enterprise, on_hand=8)
    listed(connection, product)
    go_round(connection.region_id, connection.pk)
    assert compare_shop(connection.region_id, connection.pk) == 0
    sku = product.variants.get().sku
    running.tamper(connection.shop_id, sku, stock=99, price=1_000)
    running.list_by_hand(connection.shop_id, by_hand.variants.get().sku, "Dengan tangan")
    running.list_by_hand(connection.shop_id, "ASING-1", "Barang asing")
    assert compare_shop(connection.region_id, connection.pk) >= 2
    kinds = {
        (drift.kind, drift.ours, drift.theirs) for drift in Drift.objects.filter(listing__variant__sku=sku)
    }
    assert kinds == {("stock", 5, 99), ("price", 15_000, 1_000)}
    told = Notification.objects.get(key="market/drift")
    page = reverse("connection", kwargs={"enterprise": shop.enterprise.number, "connection": connection.pk})
    assert told.url == page
    assert [item.sku for item in UnmatchedItem.objects.all()] == ["ASING-1"]
    assert Listing.objects.get(variant__product=by_hand).state == "live"
    connections.send_again(connection, by=shop.enterprise.owner.person)
    assert compare_shop(connection.region_id, connection.pk) == 0
    assert there(connection)[sku] == (15_000, 5)
    assert Drift.objects.filter(gone_at=None).count() == 0
    assert Notification.objects.filter(key="market/drift").count() == 1
