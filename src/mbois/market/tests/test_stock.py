"""Stock: what is there, what is held, what cannot be sold twice."""

import pytest
from django.db import IntegrityError, connection, transaction

from mbois.market.actions import orders, stock
from mbois.market.actions.orders import Buyer, Sold, Wanted
from mbois.market.changes import _hooks, on_change
from mbois.market.models import Order, OrderState, StockMove, Variant
from mbois.market.tests.factories import make_connection, make_product, make_shop
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


def order_of(product: object, quantity: int = 1, **more: object) -> Order:
    variant = product.variants.get()  # type: ignore[attr-defined]
    shop = product.enterprise.shops.get()  # type: ignore[attr-defined]
    return orders.place_order(shop, [Wanted(variant.pk, quantity)], buyer=Buyer("Rina"), **more)  # type: ignore[arg-type]


def fresh(product: object) -> Variant:
    return product.variants.get()  # type: ignore[attr-defined, no-any-return]


def test_an_order_holds_its_goods_and_sending_it_takes_them() -> None:
    product = make_product(on_hand=5)
    seller = product.enterprise.owner.person
    order = order_of(product, 3)
    assert (fresh(product).on_hand, fresh(product).reserved, fresh(product).available) == (5, 3, 2)
    order = orders.confirm_order(order, by=seller)
    order = orders.send_order(order, by=seller, courier="JNE", tracking="X1")
    assert (fresh(product).on_hand, fresh(product).reserved) == (2, 0)
    assert list(StockMove.objects.order_by("pk").values_list("why", "quantity", "source")) == [
        ("opening", 5, ""),
        ("sold", -3, order.code),
    ]


def test_cancelling_gives_the_goods_back() -> None:
    product = make_product(on_hand=5)
    orders.cancel_order(order_of(product, 4), by=product.enterprise.owner.person)
    assert fresh(product).available == 5


def test_more_than_is_left_is_refused_by_name() -> None:
    product = make_product(on_hand=2, name="Keripik Tempe")
    with pytest.raises(Refused, match="Only 2 of Keripik Tempe are left"):
        order_of(product, 3)
    assert fresh(product).reserved == 0
    assert not Order.objects.exists()


def test_what_a_marketplace_sold_is_kept_though_it_is_not_there() -> None:
    product = make_product(on_hand=2)
    shopee = make_connection(product.enterprise)
    sold = Sold("Keripik", "SKU", 3, 10_000, variant=fresh(product).pk)
    order, new = orders.record_channel_order(shopee, external="A1", lines=[sold], buyer=Buyer("r***a"))
    assert new
    assert order.lines.get().short == 1
    assert (fresh(product).on_hand, fresh(product).reserved) == (2, 2)
    again, new = orders.record_channel_order(shopee, external="A1", lines=[sold], buyer=Buyer("r***a"))
    assert (again.pk, new) == (order.pk, False)


def test_a_returned_parcel_may_go_back_on_the_shelf() -> None:
    product = make_product(on_hand=5)
    seller = product.enterprise.owner.person
    order = orders.confirm_order(order_of(product, 2), by=seller)
    order = orders.send_order(order, by=seller)
    orders.cancel_order(order, by=seller, reason="Came back", back_in_stock=True)
    assert fresh(product).on_hand == 5


def test_stock_changes_by_moves_only() -> None:
    variant = fresh(make_product(on_hand=5))
    with pytest.raises(IntegrityError, match="variant_stock_is_of_its_moves"), transaction.atomic():
        Variant.objects.filter(pk=variant.pk).update(on_hand=9)
    with pytest.raises(IntegrityError, match="variant_stock_is_of_its_moves"), transaction.atomic():
        Variant.objects.filter(pk=variant.pk).update(reserved=1)


def test_the_database_refuses_to_hold_what_is_not_there() -> None:
    product = make_product(on_hand=2)
    order = order_of(product, 2)
    line = order.lines.get()
    with pytest.raises(IntegrityError, match="variant_stock_is_there"), transaction.atomic():
        StockMove.objects.create(
            region_id=line.region_id, variant_id=line.variant_id, why="spoiled", quantity=-1
        )


def test_an_order_that_is_over_holds_nothing() -> None:
    order = order_of(make_product(on_hand=2))
    with pytest.raises(IntegrityError, match="order_over_holds_nothing"), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(state="cancelled", cancelled_at="2026-01-01T00:00Z")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_an_order_does_not_go_backwards() -> None:
    product = make_product(on_hand=2)
    order = orders.cancel_order(order_of(product), by=product.enterprise.owner.person)
    with pytest.raises(Exception, match="Invalid transition"), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(state="placed")
    with pytest.raises(Refused, match="moved on"):
        orders.confirm_order(order, by=product.enterprise.owner.person)


def test_counting_says_what_changed_and_leaves_what_is_held() -> None:
    product = make_product(on_hand=5)
    order_of(product, 3)
    seller = product.enterprise.owner.person
    with pytest.raises(Refused, match="3 are held"):
        stock.count(fresh(product), on_hand=2, by=seller)
    stock.count(fresh(product), on_hand=12, by=seller)
    assert fresh(product).on_hand == 12
    assert StockMove.objects.filter(why="counted").get().quantity == 7


def test_whoever_keeps_copies_is_told_in_the_same_transaction() -> None:
    told: list[tuple[str, int, list[int]]] = []
    on_change(lambda region, seller, keys: told.append((region, seller, list(keys))))
    try:
        product = make_product(on_hand=2)
        told.clear()
        order_of(product)
    finally:
        _hooks.pop()
    assert told == [("35.73", product.enterprise_id, [fresh(product).pk])]


def test_only_who_may_handles_orders() -> None:
    order = order_of(make_product())
    stranger = make_shop().enterprise.owner.person
    with pytest.raises(Refused) as refused:
        orders.confirm_order(order, by=stranger)
    assert refused.value.status == 403
    assert Order.objects.get().state == OrderState.PLACED
