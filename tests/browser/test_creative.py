"""The creative desk and a campaign in a real browser, on small phones: a creator's photo finds its product, and
a link on a poster ends in an order that is counted."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from mbois import clock
from mbois.market.models import CampaignProduct, CreativeJob, Order, Product, ProductPhoto, TrackedLink
from mbois.market.tests.factories import make_product
from mbois.people.tests.factories import make_person
from tests.browser.conftest import PHONE, Site, assert_accessible, assert_fits, sign_in
from tests.factories import make_village

# Chromium without a window says so, and programs are not counted as visitors.
BUYER = (
    "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"
)


@pytest.fixture(autouse=True)
def _city(site: Site, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    make_village()
    call_command("load_consent_texts", verbosity=0)


def _fine(page: Page) -> None:
    page.wait_for_load_state()
    assert_fits(page)
    assert_accessible(page)


def _photo(name: str, colour: str) -> dict[str, Any]:
    out = io.BytesIO()
    Image.new("RGB", (1600, 1200), colour).save(out, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


def _deliver(page: Page, product: Product, *photos: dict[str, Any]) -> None:
    page.set_input_files(f"[name=photos-{product.pk}]", list(photos))
    expect(page.locator(".upload-list img")).to_have_count(len(photos))
    page.locator("#kirim").get_by_role("button", name="Kirim hasil").click()
    expect(page.locator(".product-head .badge")).to_have_text("Perlu dilihat")


def test_a_photo_made_by_a_creator_stands_on_the_product(
    phone: Page, new_context: Callable[..., BrowserContext]
) -> None:
    product = make_product(name="Keripik Tempe")
    enterprise, owner = product.enterprise, phone
    sign_in(owner, enterprise.owner.person)
    owner.goto(f"/usaha/{enterprise.number}/kreasi/")
    _fine(owner)
    owner.locator("main").get_by_role("button", name="Minta bantuan").first.click()
    owner.get_by_label("Foto", exact=True).check()
    owner.get_by_label("Keripik Tempe").check()
    owner.locator("[name=wish]").fill("Dari dekat, di atas kain putih.")
    owner.locator("[name=wanted_by]").fill(str(clock.today().replace(year=clock.today().year + 1)))
    _fine(owner)
    owner.get_by_role("button", name="Taruh di meja kreatif").click()
    expect(owner.locator(".product-head .badge")).to_have_text("Mencari kreator")
    _fine(owner)
    job = CreativeJob.objects.get()

    creator = new_context(**PHONE).new_page()
    sign_in(creator, make_person("Raka", role="creator"))
    creator.goto("/kreasi/")
    _fine(creator)
    creator.get_by_role("link", name=enterprise.name).click()
    _fine(creator)
    creator.get_by_role("button", name="Ambil pekerjaan ini").click()
    expect(creator.locator("#kirim")).to_be_visible()
    _fine(creator)
    _deliver(creator, product, _photo("gelap.jpg", "#443322"))
    _fine(creator)

    owner.goto(f"/usaha/{enterprise.number}/kreasi/")
    _fine(owner)
    owner.goto(job.get_absolute_url())
    _fine(owner)
    owner.get_by_text("Minta perubahan", exact=True).click()
    owner.locator("[name=words]").fill("Terlalu gelap, tolong dicerahkan.")
    _fine(owner)
    owner.get_by_role("button", name="Kirim ke kreator").click()
    expect(owner.locator(".product-head .badge")).to_have_text("Diminta diubah")
    assert not ProductPhoto.objects.exists()

    creator.reload()
    expect(creator.locator("#kirim blockquote")).to_have_text("Terlalu gelap, tolong dicerahkan.")
    _deliver(creator, product, _photo("terang.jpg", "#ffe9c4"), _photo("dekat.jpg", "#e8d0a0"))

    owner.reload()
    expect(owner.locator(".choose li")).to_have_count(2)
    _fine(owner)
    places = owner.locator(".choose input")
    places.nth(0).fill("2")
    places.nth(1).fill("1")
    owner.locator("[name=may_be_shown]").check()
    owner.get_by_role("button", name="Terima dan tampilkan").click()
    expect(owner.locator(".product-head .badge")).to_have_text("Diterima")
    _fine(owner)
    delivered = list(job.versions.get(number=2).photos.values_list("picture", flat=True))
    shown = (
        ProductPhoto.objects.filter(product=product).order_by("position").values_list("picture", flat=True)
    )
    assert list(shown) == delivered[::-1]

    buyer = new_context(locale="id-ID", viewport={"width": 360, "height": 720}).new_page()
    buyer.goto(product.get_absolute_url())
    expect(buyer.locator("main img").first).to_be_visible()
    _fine(buyer)
    creator.get_by_role("link", name="Raka").first.click()
    expect(creator.locator(".tally dd").first).to_have_text("1")
    expect(creator.locator(".strip img")).to_have_count(2)
    _fine(creator)


def test_a_link_on_a_poster_ends_in_an_order_that_is_counted(
    phone: Page, new_context: Callable[..., BrowserContext]
) -> None:
    product = make_product(name="Keripik Tempe", price=15_000, on_hand=9)
    enterprise = product.enterprise
    office = new_context(**PHONE).new_page()
    sign_in(office, make_person("Bu Dinas", role="coordinator"))
    office.goto("/kelola/kampanye/")
    _fine(office)
    office.locator("main").get_by_role("button", name="Buat kampanye").first.click()
    today = clock.today()
    office.locator("[name=title]").fill("Pekan Tempe")
    office.locator("[name=begins_on]").fill(str(today))
    office.locator("[name=ends_on]").fill(str(today))
    office.locator("[name=offer]").fill("Beli 3 gratis 1")
    _fine(office)
    office.get_by_role("button", name="Simpan").click()
    office.locator("[name=q]").fill(enterprise.name)
    office.get_by_role("button", name="Cari").click()
    office.locator("[name=seller]").check()
    _fine(office)
    office.get_by_role("button", name="Undang").click()
    expect(office.locator("#penjual .badge")).to_have_text("Diundang")

    owner = phone
    sign_in(owner, enterprise.owner.person)
    owner.goto(f"/usaha/{enterprise.number}/kampanye/")
    _fine(owner)
    owner.get_by_role("link", name="Jawab").click()
    owner.get_by_label("Keripik Tempe").check()
    _fine(owner)
    owner.get_by_role("button", name="Ikut dengan produk ini").click()
    expect(owner.locator("hgroup .badge").nth(1)).to_have_text("Ikut")
    assert CampaignProduct.objects.get().product == product

    office.reload()
    office.get_by_role("button", name="Tayangkan").click()
    office.locator("[name=label]").fill("Poster pasar")
    office.locator("[name=target]").select_option(label="Produk: Keripik Tempe")
    office.get_by_role("button", name="Buat tautan").click()
    expect(office.locator(".links img")).to_be_visible()
    _fine(office)
    link = TrackedLink.objects.get()

    buyers = new_context(locale="id-ID", viewport={"width": 360, "height": 720}, user_agent=BUYER)
    buyer = buyers.new_page()
    buyer.goto("/kampanye/")
    _fine(buyer)
    buyer.get_by_role("link", name="Pekan Tempe").click()
    expect(buyer.locator(".campaign-hero")).to_contain_text("Beli 3 gratis 1")
    _fine(buyer)
    buyer.goto(link.path)
    buyer.wait_for_url(f"**{product.get_absolute_url()}?k={link.code}")
    buyer.get_by_role("button", name="Pesan").click()
    buyer.locator("[data-price]").first.fill("2")
    buyer.locator("[name=name]").fill("Rina")
    buyer.locator("[name=phone]").fill("081333444555")
    buyer.get_by_role("button", name="Kirim pesanan").click()
    buyer.wait_for_url("**/ikuti/**")
    assert Order.objects.get().link == link
    # nothing tells one visitor from another in the browser
    assert not [one for one in buyers.cookies() if link.code in str(one)]

    office.reload()
    expect(office.locator(".links li")).to_contain_text("1 kunjungan · 1 pesanan · Rp 30.000")
    _fine(office)
    owner.reload()
    expect(owner.locator(".tally dd").first).to_have_text("1")
    _fine(owner)
