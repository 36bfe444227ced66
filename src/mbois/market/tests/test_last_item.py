"""The last one of a thing, wanted at the same moment in the shop and at two marketplaces."""

import uuid

import pytest

from mbois.enterprises.tests.test_at_once import at_once
from mbois.market.actions import orders
from mbois.market.actions.orders import Buyer, Sold, Wanted
from mbois.market.models import Order, OrderLine, Variant
from mbois.market.tests.factories import make_connection, make_product

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def test_the_last_one_is_sold_once() -> None:
    product = make_product(on_hand=1)
    variant = product.variants.get()
    shop = product.enterprise.shops.get()
    shopee = make_connection(product.enterprise, "shopee")
    lazada = make_connection(product.enterprise, "lazada")
    sold = Sold("Barang", variant.sku, 1, 15_000, variant=variant.pk)
    at_once(
        lambda: orders.place_order(shop, [Wanted(variant.pk, 1)], buyer=Buyer("Ana")),
        lambda: orders.record_channel_order(shopee, external="S1", lines=[sold], buyer=Buyer("Budi")),
        lambda: orders.record_channel_order(lazada, external="L1", lines=[sold], buyer=Buyer("Cici")),
        lambda: orders.place_order(shop, [Wanted(variant.pk, 1)], buyer=Buyer("Dodi")),
    )
    variant.refresh_from_db()
    assert (variant.on_hand, variant.reserved) == (1, 1)
    assert sum(OrderLine.objects.values_list("held", flat=True)) == 1
    assert Order.objects.filter(channel="shop").count() <= 1


def test_two_orders_of_the_same_things_do_not_wait_in_a_circle() -> None:
    product = make_product(on_hand=20)
    other = make_product(product.enterprise, on_hand=20)
    shop = product.enterprise.shops.get()
    a, b = product.variants.get().pk, other.variants.get().pk
    works = [
        lambda pair=pair: orders.place_order(shop, [Wanted(key, 1) for key in pair], buyer=Buyer("Ana"))
        for pair in ((a, b), (b, a)) * 4
    ]
    answers = at_once(*works)
    assert all(isinstance(answer, Order) for answer in answers)
    assert set(Variant.objects.values_list("reserved", flat=True)) == {8}


def test_a_form_sent_twice_at_once_is_one_order() -> None:
    product = make_product(on_hand=2)
    variant, shop = product.variants.get(), product.enterprise.shops.get()
    key = uuid.uuid4()
    work = lambda: orders.place_order(  # noqa: E731
        shop, [Wanted(variant.pk, 2)], buyer=Buyer("Ana"), client_id=key
    )
    one, two = at_once(work, work)
    assert one.pk == two.pk  # type: ignore[attr-defined]
    assert Order.objects.count() == 1
