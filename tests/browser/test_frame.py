"""The frame of every page in a real browser."""

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
