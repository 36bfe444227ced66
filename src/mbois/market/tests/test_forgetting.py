"""Buyers are forgotten a year after their order, wherever their data stand; figures stay."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from mbois import clock
from mbois.market.actions import orders
from mbois.market.actions.forgetting import KEPT_FOR, forget_buyers
from mbois.market.actions.orders import Buyer, Wanted
from mbois.market.models import Order
from mbois.market.tasks import forget_old_buyers
from mbois.market.tests.factories import make_product
from mbois.people.models import Notification

pytestmark = pytest.mark.django_db


def ordered() -> Order:
    product = make_product(price=15_000, on_hand=5)
    return orders.place_order(
        product.enterprise.shops.get(),
        [Wanted(product.variants.get().pk, 2)],
        buyer=Buyer("Rina Wulandari", "+6281333444555", "Jl. Kawi 5", "rumah pagar biru"),
        payment="chat",
    )


def everywhere() -> str:
    """All that is kept of orders and of what sellers were told."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT string_agg(o::text, ' ') FROM market_order o),"
            " (SELECT string_agg(e::text, ' ') FROM market_orderevent e),"
            " (SELECT string_agg(n::text, ' ') FROM people_notification n)"
        )
        return " ".join(str(part) for part in cursor.fetchone())


def test_a_year_later_nothing_of_the_buyer_is_left_and_the_figures_are(client: Client) -> None:
    order = ordered()
    owner = order.enterprise.owner.person
    assert "A year after the order" in client.get(order.follow_url).content.decode()
    assert (
        "erased a year after"
        in client.get(f"{order.enterprise.shops.get().get_absolute_url()}pesan/").content.decode()
    )
    orders.confirm_order(order, by=owner)
    orders.send_order(order, by=owner, courier="JNE", tracking="1")
    orders.receive_order(order, by=owner)
    assert "Rina Wulandari" in everywhere()
    long_ago = clock.now() - KEPT_FOR - timedelta(days=1)
    Order.objects.update(placed_at=long_ago)
    Notification.objects.update(made_at=long_ago)
    forget_old_buyers(0)
    left = everywhere()
    for told in ("Rina", "81333444555", "Kawi 5", "pagar biru"):
        assert told not in left
    order.refresh_from_db()
    assert (order.state, order.total, order.lines.get().quantity) == ("received", 30_000, 2)
    client.force_login(owner)
    for path in (
        f"/usaha/{order.enterprise.number}/pesanan/",
        f"/usaha/{order.enterprise.number}/pesanan/{order.code}/",
    ):
        assert "Buyer forgotten after a year" in client.get(path).content.decode()
    assert client.get(order.follow_url).status_code == 200
    assert "–" in Notification.objects.filter(context__has_key="buyer").latest("pk").context["buyer"]
    assert forget_buyers() == 0


def test_younger_ones_stay() -> None:
    order = ordered()
    Order.objects.update(placed_at=clock.now() - KEPT_FOR + timedelta(hours=1))
    assert forget_buyers() == 0
    order.refresh_from_db()
    assert order.buyer_name == "Rina Wulandari"
