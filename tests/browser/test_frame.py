"""The frame of every page in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, assert_accessible, assert_fits, sign_in
from tests.factories import make_person


def test_the_landing_page_fits_a_phone_and_is_accessible(site: Site, phone: Page) -> None:
    phone.goto("/")
    expect(phone.locator("h1")).to_be_visible()
    assert_fits(phone)
    assert_accessible(phone)


def test_a_person_signed_in_sees_their_home(site: Site, desktop: Page) -> None:
    sign_in(desktop, make_person("Dewi", role="field_officer"))
    desktop.goto("/beranda/")
    expect(desktop.locator("h1")).to_contain_text("Dewi")
    assert_accessible(desktop)


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_head_of_a_page_is_one_line_on_every_window(site: Site, desktop: Page, language: str) -> None:
    admin = make_person("Wulan", role="region_admin")
    for person, address in ((None, "/katalog/"), (admin, "/katalog/"), (admin, "/skema/")):
        if person:
            sign_in(desktop, person, language=language)
        desktop.goto(address)
        for width in (360, 768, 960, 1024, 1184, 1440):
            desktop.set_viewport_size({"width": width, "height": 800})
            assert_fits(desktop)
            assert desktop.locator(".top nav").evaluate("head => head.offsetHeight") < 70, (address, width)
            menu = desktop.locator(".top .places summary, .top .until-74 > summary")
            if menu.is_visible():  # all ways are open, in the head or behind "More"
                menu.click()
                assert desktop.locator(".top nav").evaluate("head => head.offsetHeight") < 70
            ways = desktop.locator(
                ".top .places a:visible, .top nav > a:not(.brand):visible, .until-74 a:visible"
            )
            names = {words.strip() for words in ways.all_inner_texts()}
            assert "Agenda" in names or width == 360, (address, width)
            desktop.keyboard.press("Escape")


def test_a_list_of_many_pages_fits_a_phone(site: Site, phone: Page) -> None:
    for number in range(160):
        make_person(f"Petugas {number}", role="teller")
    sign_in(phone, make_person("Wulan", role="region_admin"))
    for address in ("/kelola/anggota/", "/kelola/anggota/?page=3"):
        phone.goto(address)
        expect(phone.locator(".pager")).to_be_visible()
        assert_fits(phone)


def test_a_cut_line_and_a_stopped_server_come_back(site: Site, phone: Page) -> None:
    site.line.cut()
    try:
        phone.goto("/")
    except Exception as error:
        assert "ERR_" in str(error)
    site.stop()
    site.start()
    # a fresh page: the first may still be drawing its error page
    again = phone.context.new_page()
    again.goto("/")
    expect(again.locator("h1")).to_be_visible()
