"""Each channel against a simulator of its platform that is a process of its own."""

import io
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from mbois.market.channels import calling
from mbois.market.channels.base import (
    Access,
    App,
    Change,
    ChannelError,
    Grant,
    Kind,
    Offer,
    OfferedVariant,
    Photo,
    SaleState,
)
from mbois.market.channels.registry import PLATFORMS
from mbois.market.tests.simulators import Running, simulator

NAMES = ["shopee", "tokopedia_shop", "lazada"]


@pytest.fixture(scope="module", params=NAMES)
def running(request) -> Iterator[Running]:
    with simulator(request.param) as found:
        yield found


@pytest.fixture
def grant(running) -> Grant:
    running.do("behave")
    return running.connect()


@pytest.fixture
def channel(running, grant):
    return running.channel(grant)


def jpeg(side: int = 800) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side, side), "#a33").save(out, "JPEG")
    return out.getvalue()


def offer(channel, number: int = 1, **changes: object) -> Offer:
    made = Offer(
        request=f"P-3573-{number:06d}",
        title="Keripik tempe Sanan renyah gurih 250 gram",
        description="Keripik tempe khas Sanan, Malang, digoreng tipis dan renyah. Tahan tiga bulan.",
        category=channel.categories()[0].key,
        photos=[Photo("satu.jpg", jpeg)],
        variants=[OfferedVariant(f"KT-{number}", "", 25_000, 12)],
        weight_grams=250,
    )
    return replace(made, **changes)


def two(number: int) -> list[OfferedVariant]:
    return [
        OfferedVariant(f"KT-{number}-A", "Original", 25_000, 5),
        OfferedVariant(f"KT-{number}-B", "Pedas", 26_000, 0),
    ]


def shown(channel) -> dict[str, tuple[int, int]]:
    return {listed.sku: (listed.price, listed.stock) for listed in channel.listed()}


def test_a_seller_lets_us_in_and_the_shop_answers(channel, grant):
    health = channel.health()
    assert health.shop_name == grant.shop_name == "Toko Uji"
    assert abs(health.skew) < 2
    assert grant.access_until > datetime.now(UTC) + timedelta(hours=3)


@pytest.mark.parametrize("ahead", [3_000, -3_000])
def test_a_platform_whose_clock_is_another_is_asked_by_its_own(running, grant, channel, ahead):
    running.do("clock", value=ahead)
    try:
        assert abs(channel.health().skew - ahead) < 3
        made = channel.publish(offer(channel, 77))
        assert set(made.variants) == {"KT-77"}
        running.do("clock", value=0)
        assert channel.health().skew == 0
    finally:
        running.do("behave")


def test_a_code_is_good_once(running):
    back = running.agree(PLATFORMS[running.name].login_url(running.app, back="http://kota.test/", state="s"))
    params = dict(part.split("=") for part in back.split("?")[1].split("&"))
    assert params.get("state") == "s"
    PLATFORMS[running.name].grant(running.app, code=params["code"], params=params)
    with pytest.raises(ChannelError) as failure:
        PLATFORMS[running.name].grant(running.app, code=params["code"], params=params)
    assert failure.value.kind == Kind.LOGIN


def test_a_product_is_published_found_again_and_never_twice(channel):
    wanted = offer(channel)
    assert channel.find(wanted) is None
    made = channel.publish(wanted)
    assert channel.find(wanted) == made == channel.publish(wanted)
    assert set(made.variants) == {"KT-1"}
    assert shown(channel) == {"KT-1": (25_000, 12)}


def test_a_product_with_variants_has_a_stock_and_a_price_for_each(channel):
    made = channel.publish(offer(channel, 2, variants=two(2)))
    assert set(made.variants) == {"KT-2-A", "KT-2-B"}
    assert shown(channel) == {"KT-2-A": (25_000, 5), "KT-2-B": (26_000, 0)}
    changes = [
        Change(made.item, made.variants["KT-2-A"], "KT-2-A", 24_000, 3),
        Change(made.item, made.variants["KT-2-B"], "KT-2-B", 26_500, 9),
    ]
    assert channel.update(changes) == {}
    assert shown(channel) == {"KT-2-A": (24_000, 3), "KT-2-B": (26_500, 9)}


def test_what_is_wrong_with_an_offer_is_said_with_its_field(channel):
    cases = [
        ({"title": "x"}, "title"),
        ({"title": "x" * 300}, "title"),
        ({"photos": []}, "photos"),
        ({"photos": [Photo("kecil.jpg", lambda: jpeg(100))]}, "photos"),
        ({"photos": [Photo("bukan.jpg", lambda: b"no picture")]}, "photos"),
        ({"category": "1"}, "category"),
        ({"weight_grams": 0}, "weight"),
        ({"variants": [OfferedVariant("X", "", 10, 1)]}, "price"),
        ({"variants": [OfferedVariant("X", "", 25_000, 10_000_000)]}, "stock"),
    ]
    for changes, field in cases:
        with pytest.raises(ChannelError) as failure:
            channel.publish(offer(channel, 3, **changes))
        assert (failure.value.kind, failure.value.field) == (Kind.REFUSED, field), changes
        assert failure.value.said
    assert shown(channel) == {}


def test_limits_come_from_the_platform(channel):
    limits = channel.limits(channel.categories()[0].key)
    assert limits.title is not None and limits.title[1] == 255
    assert limits.photos is not None and limits.photos[1] in (8, 9)


def test_an_order_is_fetched_with_its_lines_and_moves_on(running, channel, grant):
    before = datetime.now(UTC) - timedelta(minutes=1)
    made = channel.publish(offer(channel, 4, variants=two(4)))
    [model] = [listed for listed in channel.listed() if listed.sku == "KT-4-A"]
    assert running.buy(grant.shop, model.variant, 2) == "bought"
    assert running.buy(grant.shop, model.variant, 4) == "out_of_stock"
    until = datetime.now(UTC) + timedelta(minutes=1)
    [sale] = channel.orders(before, until)
    assert sale.state == SaleState.PAID and sale.buyer == "Bu Ani"
    [line] = sale.lines
    assert (line.sku, line.quantity, line.price) == ("KT-4-A", 2, 25_000)
    assert (line.item, line.variant) == (made.item, made.variants["KT-4-A"])
    assert shown(channel)["KT-4-A"] == (25_000, 3)
    running.do("move", shop=grant.shop, sale=sale.number, state="shipped")
    again = channel.order(sale.number)
    assert again is not None and again.state == SaleState.SENT
    running.do("move", shop=grant.shop, sale=sale.number, state="cancelled")
    [sale] = channel.orders(before, until)
    assert sale.state == SaleState.CANCELLED
    assert shown(channel)["KT-4-A"] == (25_000, 5)
    assert channel.order("999") is None


def test_many_orders_and_many_products_come_by_pages(running, channel, grant):
    channel.publish(offer(channel, 5, variants=[OfferedVariant("KT-5", "", 25_000, 500)]))
    [model] = channel.listed()
    for _number in range(120):
        assert running.buy(grant.shop, running.model_of(grant.shop, "KT-5")) == "bought"
    before = datetime.now(UTC) - timedelta(minutes=5)
    sales = list(channel.orders(before, datetime.now(UTC) + timedelta(minutes=1)))
    assert len(sales) == len({sale.number for sale in sales}) == 120
    assert model.sku == "KT-5"


def test_an_ended_token_is_said_so_and_a_new_one_works(running, grant):
    running.do("expire", shop=grant.shop)
    with pytest.raises(ChannelError) as failure:
        running.channel(grant).health()
    assert failure.value.kind == Kind.EXPIRED
    platform = PLATFORMS[running.name]
    fresh = platform.refresh(running.app, shop=grant.shop, refresh_token=grant.refresh_token)
    fresh = replace(fresh, extra=fresh.extra or grant.extra)
    assert fresh.shop == grant.shop
    assert running.channel(fresh).health().shop_name == "Toko Uji"
    with pytest.raises(ChannelError) as failure:
        platform.refresh(running.app, shop=grant.shop, refresh_token=grant.refresh_token)
    assert failure.value.kind == Kind.LOGIN


def test_a_wrong_secret_and_anothers_shop_are_refused(running, grant):
    wrong = App(running.app.url, running.app.key, "salah")
    access = Access(grant.shop, grant.access_token, dict(grant.extra))
    with pytest.raises(ChannelError) as failure:
        PLATFORMS[running.name].channel(wrong, access).categories()
    assert failure.value.kind == Kind.SETUP


def test_a_platform_that_does_not_tell_its_hour_is_named(running, channel, monkeypatch):
    monkeypatch.setattr(calling, "skew_of", lambda _answer, _before: 0.0)
    running.do("clock", value=4000)
    try:
        with pytest.raises(ChannelError) as failure:
            channel.health()
        assert failure.value.kind == Kind.CLOCK
    finally:
        running.do("behave")


def test_too_many_requests_and_failing_servers_pass(running, channel):
    for fault, kind in (("too_many", Kind.TOO_MANY), ("error", Kind.UNKNOWN)):
        running.misbehave(fault)
        with pytest.raises(ChannelError) as failure:
            channel.health()
        assert failure.value.kind == kind and failure.value.passes
        assert channel.health().shop_name == "Toko Uji"


def test_a_burst_is_held_back(running, channel):
    running.do("rate", value=1)
    try:
        with pytest.raises(ChannelError) as failure:
            for _number in range(150):
                channel.health()
        assert failure.value.kind == Kind.TOO_MANY
    finally:
        running.do("rate", value=50)


def test_work_done_without_an_answer_is_found_again(running, channel):
    wanted = offer(channel, 6)
    create = {"shopee": "add_item", "tokopedia_shop": "/202309/products", "lazada": "product/create"}
    running.misbehave(
        "work_then_hang", path=create[running.name], times=2 if running.name == "tokopedia_shop" else 1
    )
    for _again in range(4):
        try:
            made = channel.publish(wanted)
            break
        except ChannelError as failure:
            assert failure.kind == Kind.UNKNOWN
    assert set(made.variants) == {"KT-6"}
    assert list(shown(channel)) == ["KT-6"]


def test_a_late_answer_is_not_waited_for(running, channel, monkeypatch):
    monkeypatch.setattr(calling, "ANSWER_WITHIN", 0.3)
    running.misbehave("slow", value=5)
    begun = time.monotonic()
    with pytest.raises(ChannelError) as failure:
        channel.health()
    assert failure.value.kind == Kind.UNKNOWN
    assert time.monotonic() - begun < 4


def test_a_half_done_change_names_what_is_not_done(running, channel):
    made = channel.publish(offer(channel, 7, variants=two(7)))
    changes = [Change(made.item, made.variants[sku], sku, 30_000, 1) for sku in ("KT-7-A", "KT-7-B")]
    running.misbehave("half", path="/product")
    wrong = channel.update(changes)
    assert set(wrong) == {"KT-7-A"}
    assert wrong["KT-7-A"].kind == Kind.BUSY and wrong["KT-7-A"].passes
    assert shown(channel)["KT-7-B"][1] == 1
    assert channel.update(changes) == {}
    assert shown(channel)["KT-7-A"] == (30_000, 1)


def test_what_is_not_there_any_more_is_missing(channel):
    made = channel.publish(offer(channel, 8))
    gone = Change(str(int(made.item) + 1000), made.variants["KT-8"], "KT-8", 25_000, 1)
    assert channel.update([gone])["KT-8"].kind == Kind.MISSING


def test_what_is_taken_off_is_no_longer_live(channel):
    made = channel.publish(offer(channel, 9))
    channel.take_off(made.item)
    assert not any(listed.live for listed in channel.listed())


def test_nobody_there_is_busy_not_unknown(running):
    away = App("http://127.0.0.1:9", running.app.key, running.app.secret)
    with pytest.raises(ChannelError) as failure:
        PLATFORMS[running.name].channel(away, Access("1", "t")).health()
    assert failure.value.kind == Kind.BUSY


@pytest.mark.parametrize("name", NAMES)
def test_what_it_knows_survives_a_kill(name, tmp_path):
    with simulator(name, tmp_path) as first:
        grant = first.connect()
        made = first.channel(grant).publish(offer(first.channel(grant)))
        first.process.kill()
        first.process.wait()
    with simulator(name, tmp_path) as second:
        assert second.channel(grant).find(offer(second.channel(grant))) == made
