"""Ordering without an account: by WhatsApp or the seller's own QRIS, followed by a link."""

import uuid
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client

from mbois import clock
from mbois.enterprises.proofs import has
from mbois.enterprises.tests.factories import make_enterprise
from mbois.market import qris
from mbois.market.actions import orders, shops
from mbois.market.models import Order, Shop, Variant
from mbois.market.tests.factories import make_connection, make_product, make_shop
from mbois.market.tests.test_qris import STATIC
from mbois.people.models import Notification
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


def ordered(client: Client, product: Any, **more: Any) -> Any:
    variant, shop = product.variants.get(), product.enterprise.shops.get()
    told = {
        f"n-{variant.pk}": "2",
        f"p-{variant.pk}": str(variant.price),
        "name": "Rina",
        "phone": "0813-3344-4555",
        "address": "Jl. Kawi 5",
        "payment": "chat",
        "client_id": str(uuid.uuid4()),
    }
    return client.post(f"/toko/{shop.slug}/pesan/", told | more)


def with_qris(product: Any) -> Shop:
    enterprise = product.enterprise
    shop = shops.save_shop(enterprise, by=enterprise.owner.person, qris=STATIC)
    return shops.confirm_qris(shop, name="KERIPIK BU SRI", city="MALANG", by=enterprise.owner.person)


def test_a_buyer_orders_and_tells_the_seller_by_whatsapp(client: Client) -> None:
    product = make_product(name="Keripik", price=15_000)
    answer = ordered(client, product)
    order = Order.objects.get()
    assert answer["Location"] == order.follow_url
    page = client.get(order.follow_url).content.decode()
    message = unquote(page.split("https://wa.me/6281234567890?text=")[1].split('"')[0])
    assert order.code in message
    assert "2 × Keripik" in message
    assert order.follow_url in message
    note = Notification.objects.get(person=product.enterprise.owner.person, key="market/ordered")
    assert note.context["code"] == order.code


def test_a_form_sent_twice_is_one_order(client: Client) -> None:
    product, key = make_product(), str(uuid.uuid4())
    assert (
        ordered(client, product, client_id=key)["Location"]
        == ordered(client, product, client_id=key)["Location"]
    )
    assert Order.objects.count() == 1


def test_a_form_sent_again_with_something_else_in_it_is_said_to_be_so(client: Client) -> None:
    product, key = make_product(), str(uuid.uuid4())
    first = ordered(client, product, client_id=key)["Location"]
    again = ordered(client, product, client_id=key, name="Rini")
    assert again.status_code == 422
    page = again.content.decode()
    assert "You have ordered from this page already" in page and first in page and "Rini" in page
    assert (Order.objects.count(), key in page) == (1, False)  # sent once more, it is another order
    variant = product.variants.get()
    assert ordered(client, product, client_id=key, **{f"n-{variant.pk}": "3"}).status_code == 422


def test_too_many_are_refused_and_what_was_typed_stays(client: Client) -> None:
    product = make_product(on_hand=1)
    answer = ordered(client, product)
    assert answer.status_code == 422
    assert "Only 1 of" in answer.content.decode()
    assert "Jl. Kawi 5" in answer.content.decode()


def test_a_price_that_changed_since_the_page_was_opened_is_said_and_asked_again(client: Client) -> None:
    product = make_product(name="Keripik", price=15_000)
    variant, shop = product.variants.get(), product.enterprise.shops.get()
    seen = f"p-{variant.pk}"
    page = client.get(f"/toko/{shop.slug}/pesan/?v={variant.pk}&n=2").content.decode()
    assert f'name="{seen}" value="15000"' in page
    Variant.objects.update(price=18_000)
    answer = ordered(client, product, **{seen: "15000"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert not Order.objects.exists()
    assert "The price has changed" in page and "Keripik is Rp\u00a018,000 now" in page
    assert "Jl. Kawi 5" in page and f'name="{seen}" value="18000"' in page
    assert ordered(client, product, **{seen: "18000"}).status_code == 302
    assert Order.objects.get().goods == 36_000


def test_a_new_price_is_said_also_where_something_else_is_wrong(client: Client) -> None:
    product = make_product(name="Keripik", price=15_000)
    answer = ordered(client, product, name="", **{f"p-{product.variants.get().pk}": "14000"})
    assert "Keripik is Rp\u00a015,000 now" in answer.content.decode()


def test_an_order_that_says_no_price_is_shown_it_first(client: Client) -> None:
    product = make_product()
    assert ordered(client, product, **{f"p-{product.variants.get().pk}": ""}).status_code == 422
    assert not Order.objects.exists()


def test_qris_is_made_for_the_order_and_nothing_claims_it_is_paid(client: Client) -> None:
    product = make_product(price=15_000)
    with_qris(product)
    ordered(client, product, payment="qris")
    order = Order.objects.get()
    page = client.get(order.follow_url).content.decode()
    assert "KERIPIK BU SRI" in page
    assert "saw the money" not in page
    assert order.paid_at is None
    assert client.get(f"{order.follow_url}qris.svg")["Content-Type"] == "image/svg+xml"
    assert qris.read(qris.make_dynamic(STATIC, 30_000)).amount == "30000"
    seller = product.enterprise.owner.person
    orders.see_payment(order, by=seller)
    assert "saw the money" in client.get(order.follow_url).content.decode()
    assert client.get(f"{order.follow_url}qris.svg").status_code == 404
    assert Order.objects.get().state == "confirmed"


def test_qris_is_offered_once_confirmed_and_up_to_a_limit(client: Client, settings: Any) -> None:
    product = make_product(price=15_000)
    enterprise = product.enterprise
    shops.save_shop(enterprise, by=enterprise.owner.person, qris=STATIC)
    assert ordered(client, product, payment="qris").status_code == 422
    with_qris(product)
    settings.QRIS_MOST = 20_000
    assert "too much" in ordered(client, product, payment="qris").content.decode()


def test_only_the_owner_confirms_the_qris_and_a_changed_one_anew() -> None:
    product = make_product()
    shop = with_qris(product)
    assert shop.takes_qris
    other = STATIC.replace("KERIPIK BU SRI", "WARUNG PAK TOM")
    other = other[:-4] + qris.crc(other[:-4])
    shop = shops.save_shop(product.enterprise, by=product.enterprise.owner.person, qris=other)
    assert (shop.qris_name, shop.takes_qris) == ("WARUNG PAK TOM", False)
    with pytest.raises(Refused, match="static QRIS"):
        shops.save_shop(product.enterprise, by=product.enterprise.owner.person, qris="000201 not one")


def test_the_buyer_follows_receives_and_may_cancel_before_it_is_confirmed(client: Client) -> None:
    product = make_product(on_hand=4)
    seller = product.enterprise.owner.person
    ordered(client, product)
    order = Order.objects.get()
    step = f"{order.follow_url}langkah/"
    client.post(step, {"verb": "cancel"})
    order.refresh_from_db()
    assert order.state == "cancelled"
    ordered(client, product)
    order = Order.objects.latest("pk")
    step = f"{order.follow_url}langkah/"
    orders.confirm_order(order, by=seller)
    client.post(step, {"verb": "cancel"})
    order.refresh_from_db()
    assert order.state == "confirmed"
    orders.send_order(order, by=seller)
    client.post(step, {"verb": "received"})
    order.refresh_from_db()
    assert order.state == "received"
    assert has("sale", product.enterprise)
    assert has("shipped", product.enterprise)


def test_what_nobody_confirms_is_free_again(client: Client) -> None:
    product = make_product(on_hand=2)
    ordered(client, product)
    assert orders.expire_orders() == 0
    Order.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert orders.expire_orders() == 1
    assert product.variants.get().available == 2
    assert Order.objects.get().cancelled_reason
    assert Notification.objects.filter(key="market/expired").exists()


def test_the_seller_goes_through_an_order_and_nobody_else_sees_it(client: Client) -> None:
    product = make_product()
    ordered(client, product)
    order, seller = Order.objects.get(), product.enterprise.owner.person
    url = f"/usaha/{product.enterprise.number}/pesanan/{order.code}/"
    client.force_login(make_enterprise().owner.person)
    assert client.get(url).status_code == 404
    client.force_login(seller)
    assert "Rina" in client.get(url).content.decode()
    for verb, more, state in (
        ("confirm", {}, "confirmed"),
        ("send", {"courier": "JNE", "tracking": "X9"}, "sent"),
        ("receive", {}, "received"),
    ):
        client.post(f"{url}langkah/", {"verb": verb, **more})
        order.refresh_from_db()
        assert order.state == state
    assert order.tracking == "X9"


def test_a_guess_is_no_link(client: Client) -> None:
    make_shop()
    assert client.get("/ikuti/abcdefghijklmnopqrstuv/").status_code == 404


@pytest.mark.parametrize("typed", ["10000", "-1", "1,5", "dua", "9" * 5000])
def test_what_is_no_quantity_is_said_and_orders_nothing(client: Client, typed: str) -> None:
    shop = make_shop()
    first, second = (make_product(shop.enterprise, name=name) for name in ("Keripik", "Sirup"))
    answer = ordered(client, first, **{f"n-{second.variants.get().pk}": typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "from 1 to 1,000" in page
    assert typed[:20] in page
    assert not Order.objects.exists()


def test_why_an_order_was_cancelled_is_read_in_ones_own_language(client: Client) -> None:
    ordered(client, make_product())
    order = Order.objects.get()
    client.post(f"{order.follow_url}langkah/", {"verb": "cancel"}, headers={"accept-language": "en"})
    for language, words in (("en", "Cancelled by the buyer"), ("id", "Dibatalkan pembeli")):
        page = client.get(order.follow_url, headers={"accept-language": language}).content.decode()
        assert words in page


def test_what_somebody_wrote_as_a_reason_stays_as_it_was_written() -> None:
    product = make_product()
    order = orders.place_order(
        product.enterprise.shops.get(),
        [orders.Wanted(product.variants.get().pk, 1)],
        buyer=orders.Buyer("Rina"),
    )
    owner = product.enterprise.owner.person
    assert orders.cancel_order(order, by=owner, reason="Stok rusak").cancelled_why == "Stok rusak"


@pytest.mark.parametrize(
    ("sent", "back", "said", "left"),
    [
        (False, False, "free to be sold again", 4),
        (True, True, "in your stock again", 4),
        (True, False, "stay out of your stock", 2),
    ],
)
def test_cancelling_says_what_became_of_the_goods(
    client: Client, sent: bool, back: bool, said: str, left: int
) -> None:
    product = make_product(on_hand=4)
    seller = product.enterprise.owner.person
    ordered(client, product)
    order = orders.confirm_order(Order.objects.get(), by=seller)
    if sent:
        orders.send_order(order, by=seller)
    client.force_login(seller)
    told = {"verb": "cancel", "reason": "Rusak"} | ({"back_in_stock": "on"} if back else {})
    url = f"/usaha/{product.enterprise.number}/pesanan/{order.code}/langkah/"
    page = client.post(url, told, follow=True).content.decode()
    assert said in page and "pay Rp" not in page
    assert product.variants.get().available == left
    assert "This order was cancelled." in client.post(url, told, follow=True).content.decode()


def test_money_that_came_for_a_cancelled_order_is_to_be_paid_back(client: Client) -> None:
    product = make_product(price=15_000)
    seller = product.enterprise.owner.person
    ordered(client, product)
    order = Order.objects.get()
    orders.see_payment(order, by=seller)
    client.force_login(seller)
    url = f"/usaha/{product.enterprise.number}/pesanan/{order.code}/langkah/"
    page = client.post(url, {"verb": "cancel", "reason": "Rusak"}, follow=True).content.decode()
    assert page.count("please pay Rp\u00a030,000 back to the buyer") == 2  # the message, and the page itself
    assert "so you get Rp\u00a030,000 back" in unquote(page)
    page = client.get(order.follow_url).content.decode()
    assert "the seller must pay Rp\u00a030,000 back to you" in page


def test_a_buyers_name_cannot_turn_the_sellers_message_around() -> None:
    product = make_product()
    buyer = orders.Buyer("Rina\u202e moc.live\u200b", note="cepat\u2066")
    order = orders.place_order(
        product.enterprise.shops.get(), [orders.Wanted(product.variants.get().pk, 1)], buyer=buyer
    )
    assert (order.buyer_name, order.note) == ("Rina moc.live", "cepat")
    sold = orders.Sold("Barang", "S", 1, 1000)
    order, _new = orders.record_channel_order(
        make_connection(product.enterprise), external="1", lines=[sold], buyer=orders.Buyer("A\u202e****a")
    )
    assert order.buyer_name == "A****a"
    with pytest.raises(Refused, match="has letters"):
        orders.place_order(
            product.enterprise.shops.get(),
            [orders.Wanted(product.variants.get().pk, 1)],
            buyer=orders.Buyer("0812"),
        )
