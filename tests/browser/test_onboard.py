"""On board: an owner from the first question to a parcel sent to a buyer of a marketplace, which runs as a
server of its own."""

import io
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import BrowserContext, Page, expect

from mbois.enterprises.tests.factories import make_enterprise
from mbois.market.models import Connection, Listing, Order, Product, Quality
from mbois.market.round_tasks import answer_push
from mbois.market.rounds import go_round
from mbois.market.tests.simulators import Running, simulator
from mbois.mentoring.models import Diagnosis, PlanStep
from mbois.mentoring.tests.factories import make_mentor, make_questionnaire
from tests.browser.conftest import Site, assert_accessible, assert_fits, eventually, sign_in
from tests.factories import make_village


@pytest.fixture
def shopee(site: Site, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    settings.MEDIA_ROOT = tmp_path
    settings.SITE_URL = site.url
    with simulator("shopee", push_url=f"{site.url}/lokapasar/shopee/kabar/") as running:
        for part, value in (("URL", running.url), ("KEY", running.app.key), ("SECRET", running.app.secret)):
            monkeypatch.setenv(f"MBOIS_SHOPEE_{part}", value)
        monkeypatch.setenv("MBOIS_SHOPEE_SIMULATED", "1")
        yield running


def _fine(page: Page) -> None:
    assert_fits(page)
    assert_accessible(page)


def _photo(number: int, *, blurred: bool = False) -> dict[str, Any]:
    """A thing on a plain ground, another side of it for each number."""
    chance = random.Random(number)
    picture = Image.new("RGB", (1800, 1700), "#f4f1ea")
    draw = ImageDraw.Draw(picture)
    for _n in range(24):
        x, y = chance.randrange(300, 1300), chance.randrange(300, 1200)
        colour = tuple(chance.randrange(40, 200) for _channel in range(3))
        draw.rectangle((x, y, x + chance.randrange(60, 300), y + chance.randrange(60, 300)), fill=colour)
    if blurred:
        picture = picture.filter(ImageFilter.GaussianBlur(14))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90)
    return {"name": f"foto-{number}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_an_owner_from_the_first_question_to_a_sent_parcel(
    phone: Page, new_context: Callable[..., BrowserContext], shopee: Running
) -> None:
    make_village()
    call_command("load_consent_texts", verbosity=0)
    make_questionnaire()
    enterprise = make_enterprise(name="Anyaman Bu Sri")
    mentor = make_mentor(skills=("photo", "bookkeeping"))
    page = phone
    sign_in(page, enterprise.owner.person)

    # diagnosis
    page.goto("/pendampingan/saya/")
    page.get_by_role("button", name="Mulai").click()
    questions = page.locator(".question")
    expect(questions).to_have_count(30)
    for place in range(30):
        questions.nth(place).locator("label").nth(0).click()
    expect(page.locator("[data-answered]")).to_have_text("30")
    page.get_by_role("button", name="Lihat hasilnya").click()
    expect(page.locator(".radar svg")).to_be_visible()
    assert Diagnosis.objects.sent().count() == 1

    # plan, with a mentor who says yes
    page.goto("/pendampingan/saya/")
    page.get_by_role("button", name="Lihat siapa yang cocok").click()
    page.get_by_role("button", name=f"Minta {mentor.person.name}").click()
    expect(page.get_by_text("Menunggu pendamping.")).to_be_visible()
    theirs = new_context(locale="id-ID").new_page()
    sign_in(theirs, mentor.person)
    theirs.goto("/sesi/")
    theirs.get_by_role("link", name="Anyaman Bu Sri").click()
    theirs.get_by_role("button", name="Ya, saya mau").click()
    expect(theirs.get_by_text("Pendampingan mulai hari ini")).to_be_visible()
    page.goto("/pendampingan/saya/")
    expect(page.locator(".plan-list li")).not_to_have_count(0)
    assert PlanStep.objects.exists()

    # a product as one makes it the first time
    page.goto(f"/usaha/{enterprise.number}/produk/baru/")
    page.locator("[name=name]").fill("Tas")
    page.locator("[name=category]").select_option("bag")
    page.locator("[name=v-0-price]").fill("85000")
    page.locator("[name=v-0-stock]").fill("4")
    page.get_by_role("button", name="Simpan").click()
    page.wait_for_url("**/foto/")
    page.set_input_files("[name=photos]", [_photo(1, blurred=True)])
    expect(page.locator(".upload-list img")).to_be_visible()
    page.get_by_role("button", name="Simpan foto").click()
    expect(page.locator(".shots img")).to_be_visible()
    page.get_by_role("button", name="Selesai").click()
    _fine(page)
    page.get_by_role("button", name="Tayangkan").click()
    expect(page.locator(".product-head .badge")).to_have_text("Tayang")
    product = Product.objects.get()
    weak = Quality.objects.get().scores["shopee"]

    # the marketplace is connected on its own page
    page.goto(f"/usaha/{enterprise.number}/lokapasar/hubungkan/shopee/")
    page.get_by_role("button", name="Buka Shopee").click()
    page.wait_for_url(f"{shopee.url}/**")
    page.locator("[name=shop]").fill("Anyaman Bu Sri")
    page.locator("form button").click()
    page.wait_for_url("**/usaha/**")
    connection = Connection.objects.get()
    assert connection.shop_name == "Anyaman Bu Sri"

    # which does not take the product as it is, and says why
    page.goto(f"/usaha/{enterprise.number}/lokapasar/{connection.pk}/tayangkan/")
    expect(page.locator(".blocks")).to_contain_text("Berat belum diisi")
    _fine(page)
    page.locator(".blocks a").first.click()
    page.wait_for_url(f"**/produk/{product.code}/**")
    expect(page.locator("#mutu .next")).to_have_count(1)
    _fine(page)

    # mending it, step by step
    page.locator("[name=name]").fill("Tas anyaman pandan Malang besar 40 cm")
    page.locator("[name=description]").fill(
        "Tas anyaman pandan buatan tangan dari Malang, kuat untuk belanja dan ringan dibawa. Setiap tas "
        "dianyam dua orang selama satu hari, lalu dijemur. Bersihkan dengan lap kering. Dikirim dengan "
        "kardus tebal setiap hari kerja, jadi bentuknya tetap baik sampai di rumah Anda. Warna alami."
    )
    page.locator("[name=brand]").fill("Anyaman Bu Sri")
    page.locator("[name=particulars]").fill("Bahan: pandan\nUkuran: 40 × 30 × 15 cm")
    page.locator("[name=v-0-weight_grams]").fill("400")
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_text("Mutu tayangan: ")).to_contain_text("→")
    better = Quality.objects.get().scores["shopee"]
    assert better > weak
    page.goto(f"/usaha/{enterprise.number}/produk/{product.code}/foto/")
    page.set_input_files("[name=photos]", [_photo(number) for number in (2, 3, 4, 5, 6)])
    page.get_by_role("button", name="Simpan foto").click()
    expect(page.locator(".shots img")).to_have_count(6)
    page.locator(".shots li").nth(1).get_by_role("button", name="Jadikan pertama").click()
    page.locator(".shots li").nth(1).get_by_role("button", name="Hapus").click()
    page.get_by_role("dialog").get_by_role("button", name="Hapus").click()
    expect(page.locator(".shots img")).to_have_count(5)
    best = Quality.objects.get().scores["shopee"]
    assert best > better and best >= 90
    page.goto(f"/usaha/{enterprise.number}/produk/")
    expect(page.locator(".score")).to_contain_text("Baik")
    _fine(page)

    # off it goes
    page.goto(f"/usaha/{enterprise.number}/lokapasar/{connection.pk}/tayangkan/")
    page.locator("[name=product]").check()
    page.get_by_role("button", name="Kirim yang dipilih").click()
    page.wait_for_url(f"**/lokapasar/{connection.pk}/")
    go_round(connection.region_id, connection.pk)
    page.reload()
    expect(page.locator("td .badge.ok")).to_have_text("Tayang")
    _fine(page)
    assert Listing.objects.get().state == "live"

    # somebody buys there; the marketplace tells us, and the worker looks
    sku = product.variants.get().sku
    assert shopee.buy(connection.shop_id, shopee.model_of(connection.shop_id, sku), 2) == "bought"
    eventually(lambda: connection.events_received.exists())
    event = connection.events_received.get()
    answer_push(connection.region_id, connection.pk, event.pk, event.body["data"]["ordersn"])
    order = Order.objects.get()
    page.goto(f"/usaha/{enterprise.number}/pesanan/")
    expect(page.get_by_role("link", name=order.code)).to_be_visible()
    _fine(page)
    page.get_by_role("link", name=order.code).click()
    expect(page.locator("main")).to_contain_text("Bu Ani")
    expect(page.locator("main")).to_contain_text("Shopee")
    page.locator("[name=courier]").fill("JNE")
    page.locator("[name=tracking]").fill("JP1234567890")
    page.get_by_role("button", name="Sudah dikirim").click()
    expect(page.locator("hgroup .badge")).to_have_text("Terkirim")
    _fine(page)
    variant = product.variants.get()
    assert (variant.on_hand, variant.reserved) == (2, 0)
    go_round(connection.region_id, connection.pk)
    assert Listing.objects.get().pushed_stock == 2

    # and the plan knows: what sold and what went live prove themselves
    page.goto("/pendampingan/saya/")
    _fine(page)
