"""Accounts in a real browser: signing up on a phone, a passkey, and taking over by a slip."""

import re

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from mbois.people import actions
from mbois.people.models import DemoMessage, Person
from tests.browser.conftest import Site, assert_accessible, assert_fits, eventually, sign_in
from tests.factories import make_person

PASSWORD = "ayam geprek pedas 7"


@pytest.fixture(autouse=True)
def _codes_land_here(settings) -> None:
    settings.DEMO = True
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    cache.clear()


def code_sent() -> str:
    eventually(lambda: DemoMessage.objects.exists())
    found = re.search(r"\b[A-Z0-9]{3,4}-?[A-Z0-9]{3,4}\b", DemoMessage.objects.first().body)
    assert found
    return found[0]


def test_one_signs_up_on_a_phone_and_then_uses_a_passkey(site: Site, phone: Page) -> None:
    home = site.url.replace("127.0.0.1", "localhost")  # a passkey belongs to a name
    devtools = phone.context.new_cdp_session(phone)
    devtools.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": device})

    phone.goto(f"{home}/akun/daftar/")
    assert_fits(phone)
    assert_accessible(phone)
    phone.fill("[name=name]", "Dewi Lestari")
    phone.fill("[name=phone]", "0812 3456 7890")
    phone.fill("[name=password1]", PASSWORD)
    phone.check("[name=agree]")
    phone.click("main form button")
    expect(phone.locator("h1")).to_contain_text("ponsel")
    assert_accessible(phone)
    phone.fill("[name=code]", code_sent())
    phone.click("main form button >> nth=0")
    expect(phone).to_have_url(re.compile("/beranda/"))

    phone.goto(f"{home}/akun/keamanan/kunci/tambah/")
    phone.fill("[name=password]", PASSWORD)
    phone.click("main form button >> nth=0")
    expect(phone.locator("#mfa_webauthn_add")).to_be_visible()
    assert_accessible(phone)
    phone.click("#mfa_webauthn_add")
    expect(phone).to_have_url(re.compile("kode-cadangan"))

    phone.context.clear_cookies()
    phone.goto(f"{home}/akun/masuk/")
    assert_fits(phone)
    phone.click("#passkey_login")
    expect(phone).to_have_url(re.compile("/beranda/"))
    expect(phone.locator("h1")).to_contain_text("Dewi Lestari")


def test_one_click_in_the_demo(site: Site, desktop: Page) -> None:
    make_person("Rini Astuti", role="teller", is_invented=True)
    desktop.goto("/akun/masuk/")
    assert_accessible(desktop)
    desktop.click("button.persona")
    expect(desktop.locator("h1")).to_contain_text("Rini Astuti")


def test_from_the_slip_at_the_door_to_ones_own_account(site: Site, desktop: Page, phone: Page) -> None:
    officer = make_person("Rini Astuti", role="village_officer")
    mother = actions.register_person("Bu Sumi", by=officer, phone="0812 9999 0000")
    code = actions.issue_claim(mother, by=officer)
    phone.goto(f"/klaim/?kode={code}")
    assert_fits(phone)
    assert_accessible(phone)
    phone.click("main form button")
    expect(phone.locator("h1")).to_contain_text("Bu Sumi")
    expect(phone.locator(".on-behalf")).to_contain_text("Rini Astuti")
    assert_accessible(phone)
    phone.fill("[name=password]", PASSWORD)
    phone.check("[name=agree]")
    phone.click("main form button")
    phone.fill("[name=code]", code_sent())
    phone.click("main form button >> nth=0")
    expect(phone).to_have_url(re.compile("/beranda/"))
    assert Person.objects.get(name="Bu Sumi").claimed_at

    sign_in(desktop, officer)
    desktop.goto("/kabar/")
    expect(desktop.locator("main")).to_contain_text("Bu Sumi")
    assert_accessible(desktop)
