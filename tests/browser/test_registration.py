"""A registration in a real browser: saved while it is typed, and found again after the browser closed."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import BrowserContext, Page, expect

from mbois.enterprises.models import Draft, Enterprise
from mbois.enterprises.tests.factories import make_kbli
from mbois.people.models import Role
from tests.browser.conftest import (
    PHONE,
    Handset,
    Site,
    assert_accessible,
    assert_fits,
    becomes_true,
    eventually,
    hold_scripts,
    sign_in,
)
from tests.factories import make_person, make_village

NIK = "3573014505850007"


@pytest.fixture(autouse=True)
def _city(site: Site, settings: Any) -> None:
    settings.MAP_TILES = "/static/web/icon-192.png"
    make_village()
    make_kbli("56104", "Penyediaan makanan keliling/tempat tidak tetap")
    call_command("load_consent_texts", verbosity=0)


def _fine(page: Page) -> None:
    assert_fits(page)
    assert_accessible(page)


def test_a_closed_browser_goes_on_where_it_was(handset: Handset) -> None:
    village = make_village()
    page = handset.open()
    sign_in(page, make_person("Siti Aminah"))
    page.goto("/usaha/daftar/")
    _fine(page)
    page.get_by_role("button", name="Daftarkan usaha saya sendiri").click()
    page.wait_for_url("**/tempat/")
    page.locator("[name=village_text]").press_sequentially(village.name[:6], delay=30)
    page.get_by_role("option", name=village.name).first.click()
    page.locator("[name=address]").fill("Jl. Mawar 3")
    expect(page.locator("[data-saved]")).to_contain_text("Tersimpan")
    _fine(page)
    page.get_by_role("button", name="Simpan dan lanjut").click()
    page.wait_for_url("**/usaha/")
    page.locator("[name=name]").fill("Cilok Pak Min")
    expect(page.locator("[data-saved]")).to_contain_text("Tersimpan")
    handset.close()

    page = handset.open()
    page.goto("/usaha/daftar/")
    expect(page.locator("main")).to_contain_text("Cilok Pak Min")
    page.get_by_role("button", name="Lanjut", exact=True).click()
    expect(page.locator("[name=name]")).to_have_value("Cilok Pak Min")
    _fine(page)
    page.locator("[name=kbli_text]").press_sequentially("makanan", delay=30)
    page.locator("[role=option]").first.click()
    page.get_by_role("button", name="Simpan dan lanjut").click()
    page.wait_for_url("**/pemilik/")
    page.locator("[name=nik]").fill("3573013002850007")
    page.get_by_role("button", name="Simpan dan lanjut").click()
    expect(page.locator("#id_nik_error")).to_contain_text("tanggal lahir")
    _fine(page)
    page.locator("[name=nik]").fill(NIK)
    page.get_by_role("button", name="Simpan dan lanjut").click()
    if page.locator("[name=nik_checked]").count():
        page.locator("[name=nik_checked]").check()
        page.get_by_role("button", name="Simpan dan lanjut").click()
    page.wait_for_url("**/ukuran/")
    page.locator("[name=annual_sales]").fill("36000000")
    _fine(page)
    page.get_by_role("button", name="Simpan dan lanjut").click()
    page.wait_for_url("**/foto/")
    _fine(page)
    page.get_by_role("button", name="Simpan dan lanjut").click()
    page.wait_for_url("**/kirim/")
    _fine(page)
    page.locator("[name=agreed]").check()
    page.locator("main form button", has_text="Kirim").click()
    page.wait_for_url("**/usaha/U-3573-000001/")
    _fine(page)
    row = Enterprise.objects.get()
    assert (row.name, row.kbli and row.kbli.code, row.annual_sales) == ("Cilok Pak Min", "56104", 36_000_000)
    page.go_back()
    page.wait_for_url("**/usaha/U-3573-000001/")
    assert Enterprise.objects.count() == 1


def test_what_is_typed_before_the_scripts_came_is_looked_up_and_kept(
    new_context: Callable[..., BrowserContext],
) -> None:
    village = make_village()
    page = new_context(**PHONE, service_workers="block", hasty=True).new_page()
    sign_in(page, make_person("Siti Aminah"))
    page.goto("/usaha/daftar/")
    let_come = hold_scripts(page)
    page.get_by_role("button", name="Daftarkan usaha saya sendiri").click()
    page.locator("[name=address]").fill("Jl. Mawar 3")
    page.locator("[name=village_text]").fill(village.name[:6])
    let_come()
    expect(page.get_by_role("option", name=village.name).first).to_be_visible()
    expect(page.locator("[data-saved]")).to_contain_text("Tersimpan")
    assert Draft.objects.get().values["tempat"]["address"] == ["Jl. Mawar 3"]


def _at_the_place(handset: Handset) -> Page:
    page = handset.open()
    sign_in(page, make_person("Siti Aminah"))
    page.goto("/usaha/daftar/")
    page.get_by_role("button", name="Daftarkan usaha saya sendiri").click()
    page.wait_for_url("**/tempat/")
    expect(page.locator("form[data-awake=whole]")).to_be_visible()
    return page


def test_another_language_in_the_middle_of_typing(handset: Handset) -> None:
    page = _at_the_place(handset)
    page.locator("[name=address]").fill("Jl. Mawar 3")
    page.locator("[name=address]").blur()  # as a tap elsewhere does
    page.evaluate("document.querySelector('form[action$=\"/bahasa/\"] button[value=en]').click()")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("[name=address]")).to_have_value("Jl. Mawar 3")


def test_the_next_page_is_not_older_than_what_was_typed(handset: Handset) -> None:
    page = _at_the_place(handset)
    handset.site.line.hold_next_post("/usaha/daftar/", 2)
    page.locator("[name=address]").fill("Jl. Mawar 3")
    page.locator("form[action$='/bahasa/'] button[value=en]").dispatch_event("click")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("[name=address]")).to_have_value("Jl. Mawar 3")


def test_what_is_sent_is_not_overtaken_by_what_was_kept_before(handset: Handset) -> None:
    page = _at_the_place(handset)
    handset.site.line.hold_next_post("/usaha/daftar/", 3)
    with page.expect_request("**/simpan/"):
        page.locator("[name=address]").fill("Jl. Mawa")
    page.locator("[name=address]").fill("Jl. Mawar 3")
    page.get_by_role("button", name="Simpan dan lanjut").click()
    page.wait_for_url("**/tempat/?periksa")  # the village is missing
    page.wait_for_timeout(3500)  # what was on its way has arrived by now
    assert Draft.objects.get().values["tempat"]["address"] == ["Jl. Mawar 3"]


def _address_is(address: str) -> bool:
    return bool(Draft.objects.get().values["tempat"]["address"] == [address])


def test_what_is_typed_at_the_moment_of_leaving_is_kept(handset: Handset) -> None:
    page = _at_the_place(handset)
    page.on("dialog", lambda dialog: dialog.accept())
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()  # a page that was on its way when the worker began is not its own yet
    becomes_true(page, "!!navigator.serviceWorker.controller")
    for number in range(1, 7):  # without luck, some of them are lost with the page
        page.locator("[name=address]").fill(f"Jl. Mawar {number}")
        page.reload() if number % 2 else page.go_back()
        page.goto(f"/usaha/daftar/{Draft.objects.get().uuid}/tempat/")
        eventually(partial(_address_is, f"Jl. Mawar {number}"), 5)
        page.reload()
        expect(page.locator("form[data-awake=whole]")).to_be_visible()


def test_what_did_not_arrive_is_sent_again(handset: Handset) -> None:
    page = _at_the_place(handset)
    handset.site.line.cut()
    page.locator("[name=address]").fill("Jl. Mawar 3")
    expect(page.locator("[data-saved]")).to_contain_text("Belum tersimpan")
    handset.site.line.mend()
    expect(page.locator("[data-saved]")).to_have_text(re.compile("^Tersimpan"))
    assert Draft.objects.get().values["tempat"]["address"] == ["Jl. Mawar 3"]


def test_the_officer_checks_it(desktop: Page) -> None:
    from mbois.enterprises.models import State
    from mbois.enterprises.tests.factories import make_enterprise

    row = make_enterprise(name="Cilok Pak Min", state=State.SUBMITTED)
    sign_in(desktop, make_person("Bu Rini", role=Role.VILLAGE_OFFICER, area=make_village().pk))
    desktop.goto("/usaha/periksa/")
    _fine(desktop)
    desktop.get_by_role("link", name="Cilok Pak Min").click()
    _fine(desktop)
    desktop.get_by_label("Kembalikan").check()
    desktop.get_by_role("button", name="Mohon tambahkan foto usaha.").click()
    desktop.get_by_role("button", name="Putuskan", exact=True).click()
    desktop.wait_for_url("**/usaha/periksa/")
    row.refresh_from_db()
    assert row.state == State.RETURNED
    assert row.reviews.get().reasons == "Mohon tambahkan foto usaha."
    desktop.goto(row.get_absolute_url())
    _fine(desktop)
