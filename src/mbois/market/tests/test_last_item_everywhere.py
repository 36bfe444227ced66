"""The last one of a thing, bought at the same moment on the shop page and at two marketplaces that run as
servers of their own; and what the seller sees afterwards."""

from collections.abc import Iterator

import pytest
from django.test import Client
from tests.races import at_once, refused

from mbois.invariants import breaches
from mbois.market.actions import orders
from mbois.market.actions.orders import Buyer, Wanted
from mbois.market.models import Connection, Drift, Listing, Order, OrderLine, Product, Variant
from mbois.market.rounds import compare_shop, go_round
from mbois.market.tests.factories import make_shop
from mbois.market.tests.simulators import Running, simulator
from mbois.market.tests.test_selling import connected, good, listed, there
from mbois.people.models import Notification

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
NAMES = ["shopee", "lazada"]


@pytest.fixture(scope="module")
def platforms() -> Iterator[dict[str, Running]]:
    with simulator("shopee") as shopee, simulator("lazada") as lazada:
        yield {running.name: running for running in (shopee, lazada)}


@pytest.fixture(autouse=True)
def _apps(platforms, monkeypatch, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    for name, running in platforms.items():
        running.do("behave")
        monkeypatch.setenv(f"MBOIS_{name.upper()}_URL", running.url)
        monkeypatch.setenv(f"MBOIS_{name.upper()}_KEY", running.app.key)
        monkeypatch.setenv(f"MBOIS_{name.upper()}_SECRET", running.app.secret)


def selling_one(platforms) -> tuple[Product, Variant, dict[str, Connection]]:
    """A product of which there is one, live at two marketplaces."""
    shop = make_shop()
    product = good(shop.enterprise, on_hand=1)
    rows = {name: connected(platforms[name], shop.enterprise) for name in NAMES}
    for row in rows.values():
        listed(row, product)
        go_round(row.region_id, row.pk)
        assert there(row) == {product.variants.get().sku: (15_000, 1)}
    return product, product.variants.get(), rows


def rounds(rows: dict[str, Connection]) -> None:
    """A worker cycle: a round with each shop, at the same moment."""
    at_once(*(lambda row=row: go_round(row.region_id, row.pk) for row in rows.values()))


def test_the_last_one_sold_three_times_at_once_is_held_once_and_told_everywhere(platforms):
    product, variant, rows = selling_one(platforms)
    enterprise = product.enterprise
    shop = enterprise.shops.get()
    models = {name: platforms[name].model_of(row.shop_id, variant.sku) for name, row in rows.items()}
    answers = at_once(
        lambda: orders.place_order(shop, [Wanted(variant.pk, 1)], buyer=Buyer("Ana")),
        lambda: platforms["shopee"].buy(rows["shopee"].shop_id, models["shopee"]),
        lambda: platforms["lazada"].buy(rows["lazada"].shop_id, models["lazada"]),
    )
    # nobody knew of the others: each marketplace sold the one it had
    assert answers[1:] == ["bought", "bought"]
    assert isinstance(answers[0], Order)
    rounds(rows)

    assert not breaches()
    variant.refresh_from_db()
    assert (variant.on_hand, variant.reserved, variant.available) == (1, 1, 0)
    assert sorted(OrderLine.objects.values_list("held", flat=True)) == [0, 0, 1]
    assert sorted(Order.objects.values_list("channel", flat=True)) == ["lazada", "shop", "shopee"]
    # one cycle later nobody offers it any more, and nothing differs
    rounds(rows)
    for row in rows.values():
        assert there(row)[variant.sku][1] == 0
        assert compare_shop(row.region_id, row.pk) == 0
    assert not Drift.objects.filter(gone_at=None).exists()
    assert refused(at_once(lambda: orders.place_order(shop, [Wanted(variant.pk, 1)], buyer=Buyer("Dodi"))))
    for name, row in rows.items():
        assert platforms[name].buy(row.shop_id, models[name]) == "out_of_stock"

    # what the seller sees: two orders that lack it, each told once; one that has it
    told = Notification.objects.filter(person=enterprise.owner.person)
    assert told.filter(key="market/ordered_short").count() == 2
    client = Client()
    client.force_login(enterprise.owner.person)
    pages = {
        order.channel: client.get(f"/usaha/{enterprise.number}/pesanan/{order.code}/").content.decode()
        for order in Order.objects.all()
    }
    assert "1 is not in stock" not in pages["shop"]
    assert "1 is not in stock" in pages["shopee"] and "1 is not in stock" in pages["lazada"]
    text = client.get(f"/usaha/{enterprise.number}/produk/").content.decode()
    assert "Sold out" in text
    stock = client.get(f"/usaha/{enterprise.number}/produk/{product.code}/stok/").content.decode()
    assert "<b>0</b>" in stock

    # the marketplaces' orders are cancelled there: what they never had comes back nowhere
    for order in Order.objects.exclude(channel="shop"):
        row = rows[order.channel]
        assert platforms[order.channel].do("move", shop=row.shop_id, sale=order.external, state="cancelled")
    rounds(rows)
    rounds(rows)
    variant.refresh_from_db()
    assert (variant.on_hand, variant.reserved) == (1, 1)
    for row in rows.values():
        assert there(row)[variant.sku][1] == 0
    assert compare_shop(rows["shopee"].region_id, rows["shopee"].pk) == 0
    # the buyer of the page changes their mind: now it is there again, everywhere
    orders.cancel_order(Order.objects.get(channel="shop"), by=enterprise.owner.person, reason="Batal")
    rounds(rows)
    for row in rows.values():
        assert there(row)[variant.sku][1] == 1
    assert not breaches()


def test_rounds_and_the_page_at_the_same_moment_hold_it_once(platforms):
    product, variant, rows = selling_one(platforms)
    shop = product.enterprise.shops.get()
    for name, row in rows.items():
        assert (
            platforms[name].buy(row.shop_id, platforms[name].model_of(row.shop_id, variant.sku)) == "bought"
        )
    answers = at_once(
        lambda: orders.place_order(shop, [Wanted(variant.pk, 1)], buyer=Buyer("Ana")),
        *(lambda row=row: go_round(row.region_id, row.pk) for row in rows.values()),
        lambda: orders.place_order(shop, [Wanted(variant.pk, 1)], buyer=Buyer("Budi")),
    )
    won = [answer for answer in answers if isinstance(answer, Order)]
    assert len(won) <= 1
    variant.refresh_from_db()
    assert (variant.on_hand, variant.reserved) == (1, 1)
    assert Order.objects.count() == 2 + len(won)
    assert sum(OrderLine.objects.values_list("held", flat=True)) == 1
    rounds(rows)
    assert {there(row)[variant.sku][1] for row in rows.values()} == {0}
    assert set(Listing.objects.values_list("pushed_stock", flat=True)) == {0}
    assert not breaches()
