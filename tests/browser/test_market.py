"""Selling in a real browser: a product from nothing to sent, and a buyer on a small phone."""

import gzip
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.management import call_command
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Response, expect

from mbois.enterprises.tests.factories import make_enterprise
from mbois.market import pictures
from mbois.market.models import Order, Picture, Product
from mbois.market.tests.factories import make_product
from mbois.market.tests.test_qris import STATIC
from tests.browser.conftest import Site, assert_accessible, assert_fits, hold_scripts, sign_in
from tests.factories import make_village


@pytest.fixture(autouse=True)
def _city(site: Site, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    make_village()
    call_command("load_consent_texts", verbosity=0)


def _fine(page: Page) -> None:
    assert_fits(page)
    assert_accessible(page)


def _photo() -> dict[str, Any]:
    out = io.BytesIO()
    Image.effect_noise((1600, 1200), 60).convert("RGB").save(out, "JPEG")
    return {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_from_a_first_product_to_a_sent_order(
    phone: Page, new_context: Callable[..., BrowserContext]
) -> None:
    enterprise = make_enterprise(name="Kayu Bu Sri")
    page = phone
    sign_in(page, enterprise.owner.person)
    page.goto("/jualan/")
    _fine(page)
    page.locator("main").get_by_role("button", name="Tambah produk").first.click()
    page.locator("[name=name]").fill("Gelang Kayu Jati")
    page.locator("[name=category]").select_option("craft")
    page.locator("[name=v-0-price]").fill("25000")
    page.locator("[name=v-0-stock]").fill("3")
    _fine(page)
    page.get_by_role("button", name="Simpan").click()
    page.wait_for_url("**/foto/")
    page.set_input_files("[name=photos]", [_photo()])
    expect(page.locator(".upload-list img")).to_be_visible()
    page.get_by_role("button", name="Simpan foto").click()
    expect(page.locator(".shots img")).to_be_visible()
    _fine(page)
    page.get_by_role("button", name="Selesai").click()
    page.get_by_role("button", name="Tayangkan").click()
    expect(page.locator(".product-head .badge")).to_have_text("Tayang")
    _fine(page)
    page.goto(f"/usaha/{enterprise.number}/toko/")
    page.locator("[name=whatsapp]").fill("0812-3456-7890")
    page.locator("[name=qris]").fill(STATIC)
    page.get_by_role("button", name="Simpan").click()
    expect(page.locator(".qris-held")).to_contain_text("KERIPIK BU SRI")
    _fine(page)
    page.get_by_role("button", name="Ya, ini QRIS saya").click()
    page.get_by_role("button", name="Buka toko saya").click()
    page.locator("[name=agreed]").check()
    _fine(page)
    page.get_by_role("button", name="Buka toko").click()
    page.wait_for_url("**/toko/")
    product = Product.objects.get()

    buyer = new_context(locale="id-ID", viewport={"width": 360, "height": 720}).new_page()
    buyer.goto("/katalog/?q=gelnag")
    _fine(buyer)
    buyer.get_by_role("link", name="Gelang Kayu Jati").click()
    buyer.wait_for_url(f"**{product.get_absolute_url()}")
    _fine(buyer)
    buyer.get_by_role("button", name="Pesan").click()
    buyer.locator("[data-price]").first.fill("2")
    expect(buyer.locator("[data-sum]")).to_have_text("Rp 50.000")
    buyer.locator("[name=name]").fill("Rina")
    buyer.locator("[name=phone]").fill("081333444555")
    buyer.get_by_label("QRIS, langsung kepada penjual").check()
    _fine(buyer)
    buyer.get_by_role("button", name="Kirim pesanan").click()
    buyer.wait_for_url("**/ikuti/**")
    expect(buyer.locator(".pay img")).to_be_visible()
    expect(buyer.locator(".pay")).to_contain_text("KERIPIK BU SRI")
    _fine(buyer)
    order = Order.objects.get()

    page.goto(f"/usaha/{enterprise.number}/pesanan/")
    _fine(page)
    page.get_by_role("link", name=order.code).click()
    _fine(page)
    page.get_by_role("button", name="Uangnya sudah masuk").click()
    page.get_by_role("button", name="Ya, sudah masuk").click()
    page.locator("[name=courier]").fill("JNE")
    page.get_by_role("button", name="Sudah dikirim").click()
    expect(page.locator("hgroup .badge")).to_have_text("Terkirim")
    buyer.reload()
    buyer.get_by_role("button", name="Sudah sampai").click()
    expect(buyer.locator(".steps .done")).to_have_count(4)
    assert product.variants.get().on_hand == 1


def test_a_buyer_in_a_hurry_sees_the_right_sum(new_context: Callable[..., BrowserContext]) -> None:
    product = make_product(name="Keripik Tempe", price=15_000)
    page = new_context(locale="id-ID", service_workers="block", hasty=True).new_page()
    page.goto(product.get_absolute_url())
    let_come = hold_scripts(page)
    page.get_by_role("button", name="Pesan").click()
    page.locator("[data-price]").fill("3")
    let_come()
    expect(page.locator("[data-sum]")).to_have_text("Rp 45.000")


def test_a_buyer_needs_no_script_and_little_data(new_context: Callable[..., BrowserContext]) -> None:
    product = make_product(name="Keripik Tempe", price=15_000)
    photo = pictures.check(_photo()["buffer"])
    picture, _new = pictures.keep(product.region_id, photo)
    pictures.make_renditions(picture)
    Picture.objects.filter(pk=picture.pk).update(made_at="2026-01-01T00:00Z")
    product.photos.create(region_id=product.region_id, picture=picture)
    loaded: dict[str, tuple[str, int]] = {}
    context = new_context(locale="id-ID", viewport={"width": 360, "height": 720})
    page = context.new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(product.get_absolute_url())
    page.wait_for_load_state("networkidle")
    for answer in answers:  # in production static files are sent compressed
        body = answer.body()
        kind = answer.request.resource_type
        packed = body if kind in ("image", "font") else gzip.compress(body)
        loaded[answer.url] = (kind, len(packed))
    assert sum(size for _kind, size in loaded.values()) <= 150_000, loaded
    assert sum(size for kind, size in loaded.values() if kind == "script") <= 15_000, loaded

    plain = new_context(
        locale="id-ID", viewport={"width": 360, "height": 720}, java_script_enabled=False
    ).new_page()
    plain.goto("/katalog/")
    plain.get_by_role("link", name="Keripik Tempe").click()
    plain.wait_for_url(f"**{product.get_absolute_url()}")
    plain.get_by_role("button", name="Pesan").click()
    plain.locator("[name=name]").fill("Rina")
    plain.locator("[name=phone]").fill("081333444555")
    plain.get_by_role("button", name="Kirim pesanan").click()
    link = plain.get_by_role("button", name="Kirim lewat WhatsApp").get_attribute("href") or ""
    assert Order.objects.get().code in unquote(link)
