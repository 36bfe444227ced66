"""What the components do in a real browser, and that they do without a script."""

import io
import os
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Route, expect

from mbois.people.models import Role
from tests.browser.conftest import (
    DESKTOP,
    PHONE,
    Site,
    assert_accessible,
    assert_fits,
    eventually,
    lose_once,
    sign_in,
)
from tests.factories import make_person, make_village

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154"
    "08d763f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


@pytest.fixture(autouse=True)
def _demo(settings: Any) -> None:
    settings.DEMO = True
    settings.MAP_TILES = "/static/web/icon-192.png"  # no tiles from elsewhere while testing


@pytest.fixture
def complaints(desktop: Page) -> list[str]:
    """What the browser complains about: scripts that fail, anything the content policy stops."""
    heard: list[str] = []
    desktop.on("console", lambda line: heard.append(line.text) if line.type == "error" else None)
    desktop.on("pageerror", lambda error: heard.append(str(error)))
    return heard


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_every_component_fits_and_is_accessible(
    site: Site, new_context: Callable[..., BrowserContext], screen: dict[str, Any], theme: str
) -> None:
    context = new_context(**screen)
    context.add_cookies([{"name": "tampilan", "value": theme, "url": site.url}])
    page = context.new_page()
    for path in ("/galeri/", "/", "/tentang/privasi/"):
        page.goto(path)
        assert_fits(page)
        assert_accessible(page)


def test_typing_searches_and_the_way_back_works(site: Site, desktop: Page, complaints: list[str]) -> None:
    desktop.goto("/galeri/tabel/")
    search = desktop.get_by_placeholder("Cari usaha")
    search.press_sequentially("kopi dampit", delay=60)
    expect(desktop.locator("tbody tr")).to_have_count(10)
    expect(desktop.locator("tbody th").first).to_contain_text("Kopi Dampit")
    expect(search).to_be_focused()
    desktop.wait_for_url("**q=kopi%20dampit")
    search.press_sequentially(" jaya 4", delay=20)  # typed on while the answer came
    expect(search).to_have_value("kopi dampit jaya 4")
    desktop.get_by_role("link", name="Semua").click()
    desktop.goto("/galeri/tabel/")
    desktop.get_by_role("link", name="Terlambat").click()
    expect(desktop.locator(".chip[aria-current]")).to_contain_text("Terlambat")
    assert "state=bad" in desktop.url
    desktop.get_by_role("link", name="Jumlah").click()
    expect(desktop.locator("th[aria-sort=descending]")).to_contain_text("Jumlah")
    desktop.go_back()
    expect(desktop.locator("th[aria-sort=descending]")).to_contain_text("Sejak")
    desktop.go_back()
    expect(desktop.locator(".chip[aria-current]")).to_contain_text("Semua")
    assert complaints == []


def test_going_back_while_the_page_is_still_coming_shows_the_page_of_the_address(
    site: Site, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(**DESKTOP, service_workers="block").new_page()
    page.goto("/galeri/tabel/")
    page.get_by_role("link", name="Terlambat").click()
    expect(page.locator(".chip[aria-current]")).to_contain_text("Terlambat")
    held: list[Route] = []
    page.route("**/htmx*.js", lambda route: route.continue_() if held else held.append(route))
    with page.expect_request("**/htmx*.js"):
        page.reload(wait_until="commit")
    expect(page.locator("tbody th").first).to_be_visible()
    page.evaluate("history.back()")
    page.wait_for_url("**/galeri/tabel/", wait_until="commit")
    held[0].continue_()
    expect(page.locator(".chip[aria-current]")).to_contain_text("Semua")


def test_the_table_works_without_a_script(site: Site, new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(**PHONE, java_script_enabled=False).new_page()
    page.goto("/galeri/tabel/")
    page.get_by_placeholder("Cari usaha").fill("batik")
    page.get_by_role("button", name="Cari").click()
    expect(page.locator("tbody tr").first).to_contain_text("Batik")
    page.get_by_role("link", name="Berikutnya").click()
    assert "page=2" in page.url and "q=batik" in page.url


def test_a_form_helps_while_it_is_filled(site: Site, desktop: Page, complaints: list[str]) -> None:
    desktop.goto("/galeri/")
    money = desktop.get_by_label("Modal", exact=False).first
    money.press_sequentially("12500000")
    expect(money).to_have_value("12.500.000")
    village = desktop.get_by_role("combobox", name="Kelurahan atau desa")
    village.press_sequentially("kau")
    desktop.get_by_role("option", name="Kauman").click()
    expect(village).to_have_value("Kauman, Klojen")
    expect(desktop.locator("input[name=village]")).to_have_value("1")
    desktop.locator("input[name=photo]").set_input_files(
        {"name": "warung.png", "mimeType": "image/png", "buffer": PNG}
    )
    expect(desktop.get_by_text("warung.png")).to_be_visible()
    desktop.get_by_role("button", name="Hapus: warung.png").click()
    expect(desktop.get_by_text("warung.png")).to_have_count(0)
    canvas = desktop.locator("canvas")
    canvas.scroll_into_view_if_needed()
    frame = canvas.bounding_box()
    assert frame
    desktop.mouse.move(frame["x"] + 30, frame["y"] + 60)
    desktop.mouse.down()
    desktop.mouse.move(frame["x"] + 160, frame["y"] + 90, steps=8)
    desktop.mouse.up()
    assert desktop.locator("input[name=signature]").input_value().startswith("data:image/png;base64,")
    desktop.locator(".point-map").click(position={"x": 120, "y": 120})
    assert desktop.get_by_label("Lintang").input_value().startswith("-7.")
    assert complaints == []


@pytest.mark.parametrize("what", ["leaflet*.js*", "leaflet*.css*"])
def test_a_map_whose_parts_were_lost_on_the_way_is_drawn(site: Site, desktop: Page, what: str) -> None:
    lost = lose_once(desktop, f"**/vendor/leaflet/{what}")
    desktop.goto("/galeri/")
    expect(desktop.locator(".point-map .leaflet-control-zoom")).to_be_visible()
    assert len(lost) == 1
    assert (
        desktop.evaluate("getComputedStyle(document.querySelector('.leaflet-pane')).position") == "absolute"
    )


def test_a_script_that_was_lost_on_the_way_is_asked_for_again(site: Site, desktop: Page) -> None:
    lost = lose_once(desktop, "**/web/upload*.js*")
    desktop.goto("/galeri/")
    eventually(lambda: lost)
    desktop.wait_for_timeout(2_000)
    desktop.locator("input[name=photo]").set_input_files(
        {"name": "warung.png", "mimeType": "image/png", "buffer": PNG}
    )
    expect(desktop.get_by_text("warung.png")).to_be_visible()


def test_a_photo_that_is_too_large_is_made_smaller_on_the_phone(site: Site, phone: Page) -> None:
    width, height = 3200, 2400
    large = io.BytesIO()
    Image.frombytes("RGB", (width, height), os.urandom(width * height * 3)).save(large, "JPEG", quality=98)
    assert len(large.getvalue()) > 10_500_000
    phone.goto("/galeri/")
    box = phone.locator("input[name=photo]")
    box.set_input_files({"name": "warung.JPG", "mimeType": "image/jpeg", "buffer": large.getvalue()})
    size = "document.querySelector('input[name=photo]').files[0].size"
    eventually(lambda: 100_000 < phone.evaluate(size) < 10_000_000)
    expect(phone.get_by_text("warung.jpg")).to_be_visible()
    expect(phone.locator(".too-large")).to_have_count(0)


def test_what_is_wrong_is_said_on_top_and_beside_the_field(site: Site, phone: Page) -> None:
    phone.goto("/galeri/")
    phone.get_by_label("Nama usaha").fill("Keripik Tempe")
    phone.get_by_label("Modal", exact=False).first.fill("banyak")
    phone.get_by_role("button", name="Simpan").click()
    summary = phone.locator(".summary")
    expect(summary).to_be_focused()
    expect(phone.get_by_label("Nama usaha")).to_have_value("Keripik Tempe")
    money = phone.get_by_label("Modal", exact=False).first
    expect(money).to_have_value("banyak")
    expect(money).to_have_attribute("aria-invalid", "true")
    expect(money).to_have_css("padding-left", "43.2px")  # the "Rp" before it stays free
    summary.get_by_role("link", name="Modal").click()
    expect(phone.get_by_label("Modal", exact=False).first).to_be_focused()
    expect(phone.locator(".toast.error")).to_be_visible()
    assert_accessible(phone)


def test_it_asks_before_it_does(site: Site, desktop: Page) -> None:
    desktop.goto("/galeri/")
    desktop.get_by_role("button", name="Tolak").click()
    dialog = desktop.get_by_role("dialog")
    expect(dialog).to_contain_text("Tolak pengajuan ini?")
    dialog.get_by_role("button", name="Tidak, kembali").click()
    expect(dialog).to_have_count(0)
    desktop.get_by_role("button", name="Tolak").click()
    desktop.get_by_role("dialog").get_by_role("button", name="Tolak").click()
    expect(desktop.locator(".toast.success")).to_contain_text("Selesai.")


def test_nobody_is_asked_about_a_form_that_lacks_something(site: Site, desktop: Page) -> None:
    button = desktop.get_by_role("button", name="Tolak")
    form = desktop.locator("form[data-confirm]").filter(has=button)

    def open_with_reason(reason: str) -> None:
        desktop.goto("/galeri/")
        form.evaluate(
            """(form, value) => {
                form.noValidate = true;
                form.append(Object.assign(document.createElement("input"), { name: "reason", required: true, value }));
            }""",
            reason,
        )

    open_with_reason("")
    with desktop.expect_request(lambda request: request.method == "POST") as sent:
        button.click()
    assert "confirmed" not in (sent.value.post_data or "")
    open_with_reason("Alamat kurang")
    button.click()
    expect(desktop.get_by_role("dialog")).to_contain_text("Tolak pengajuan ini?")


def test_it_asks_on_a_page_of_its_own_without_a_script(
    site: Site, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(**DESKTOP, java_script_enabled=False).new_page()
    page.goto("/galeri/")
    page.get_by_role("button", name="Tolak").click()
    expect(page.locator("h1")).to_have_text("Tolak pengajuan ini?")
    page.get_by_role("button", name="Tolak").click()
    expect(page.locator(".toast.success")).to_contain_text("Selesai.")


def test_a_second_tap_sends_nothing(site: Site, phone: Page) -> None:
    sent: list[str] = []
    phone.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    phone.goto("/galeri/")
    phone.evaluate(
        "() => { const f = document.querySelector('form[enctype]'); f.requestSubmit(); f.requestSubmit(); }"
    )
    expect(phone.locator(".summary")).to_be_visible()
    assert len(sent) == 1


def test_the_calculator_answers_at_once(site: Site, phone: Page) -> None:
    phone.goto("/")
    phone.locator("#principal").fill("10000000")
    phone.locator("#months").fill("24")
    expect(phone.locator("[data-out=instalment]")).to_have_text("Rp 417.000")
    expect(phone.locator("[data-out=last]")).to_contain_text("Rp 409.000")
    assert phone.locator("[data-out=instalment]").text_content() == "Rp\u00a0417.000"  # on one line


def test_language_and_light_are_switched_and_kept(site: Site, phone: Page) -> None:
    phone.goto("/tentang/privasi/")
    phone.locator(".look summary").click()
    phone.get_by_role("button", name="English").click()
    expect(phone.locator("h1")).to_have_text("Your data stays yours")
    phone.locator(".look summary").click()
    phone.get_by_role("button", name="Dark").click()
    expect(phone.locator("html")).to_have_attribute("data-theme", "dark")
    assert phone.url.endswith("/tentang/privasi/")


def test_without_a_line_a_page_says_so(site: Site, phone: Page) -> None:
    phone.goto("/")
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    eventually(
        lambda: phone.evaluate("caches.keys().then((names) => names.some((n) => n.startsWith('shell-')))")
    )
    phone.reload()
    phone.context.set_offline(True)
    phone.goto("/tentang/privasi/")
    expect(phone.locator("h1")).to_have_text("Tidak ada sambungan")
    phone.context.set_offline(False)
    phone.goto("/tentang/privasi/")
    expect(phone.locator("h1")).to_have_text("Data Anda tetap milik Anda")


def test_the_first_view_is_light(site: Site, desktop: Page) -> None:
    """At most 60 KB on the line once compressed: measured with gzip over what the page loads."""
    import gzip

    sizes: dict[str, int] = {}

    def weigh(response: Any) -> None:
        if response.ok and "sw.js" not in response.url:
            body = response.body()
            packed = body if response.url.endswith((".woff2", ".png")) else gzip.compress(body)
            sizes[response.url] = len(packed)

    answers: list[Any] = []
    desktop.on("response", lambda answer: answers.append(answer))
    desktop.add_init_script("Object.defineProperty(navigator, 'serviceWorker', {value: undefined})")
    desktop.goto("/", wait_until="networkidle")
    for answer in answers:
        weigh(answer)
    assert sum(sizes.values()) <= 60_000, sizes


def test_the_head_of_a_wide_page_stays_one_line_however_much_there_is_to_do(
    site: Site, desktop: Page
) -> None:
    make_village()
    sign_in(desktop, make_person("Bu Suparti", role=Role.AGENCY_OFFICER, region="35.73"))
    desktop.goto("/beranda/")
    head = desktop.locator("header.top nav")
    assert head.bounding_box()["height"] < 80  # type: ignore[index]
    behind = head.get_by_role("link", name="Kursus")
    expect(behind).to_be_hidden()
    head.locator("summary", has_text="Lainnya").press("Enter")
    assert_accessible(desktop)
    assert_fits(desktop)
    behind.click()
    expect(head.locator("[aria-current]")).to_have_text("Kursus")
    assert head.bounding_box()["height"] < 80  # type: ignore[index]
