"""The home visit on a phone whose line comes and goes: nothing typed is lost, nothing is sent twice."""

import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from mbois.financing.models import Application, State, Visit, VisitPhoto
from mbois.financing.tests.factories import Bank
from mbois.people.models import Person
from tests.browser.conftest import (
    Handset,
    Site,
    assert_accessible,
    assert_fits,
    becomes_true,
    eventually,
    lose_once,
    sign_in,
)
from tests.factories import make_person


@pytest.fixture
def bank(site: Site) -> Bank:
    return Bank()


@pytest.fixture
def application(bank: Bank) -> Application:
    return bank.submitted()


def camera(folder: Path, *names: str) -> list[str]:
    """Photos as a phone takes them: large."""
    made = []
    for number, name in enumerate(names):
        picture = Image.effect_noise((2400, 1800), 60 + number * 20).convert("RGB")
        output = io.BytesIO()
        picture.save(output, "JPEG", quality=70)
        path = folder / name
        path.write_bytes(output.getvalue())
        made.append(str(path))
    return made


def open_form(page: Page, application: Application, person: Person | None = None) -> None:
    if person is not None:
        sign_in(page, person)
    page.goto(f"/kunjungan/{application.number}/")
    expect(page.locator("[data-field][data-ready]")).to_be_attached()


def worker_is_ready(page: Page) -> None:
    """The phone has kept the page and what it needs."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    becomes_true(
        page,
        "caches.open('pages').then((kept) => kept.match(location.pathname, {ignoreVary: true})).then(Boolean)",
    )
    page.wait_for_timeout(6_000)  # Chromium writes its list of kept pages to the disk some seconds later


def fill(page: Page, *, sales: str = "6000000") -> None:
    for radio in page.locator(".yesno input[value=yes]").all():
        radio.check()
    names, words = page.locator("[name=neighbour_name]"), page.locator("[name=neighbour_word]")
    for number, (name, word) in enumerate([("Bu RT", "Rajin"), ("Pak Min", "Jualannya laris")]):
        names.nth(number).fill(name)
        words.nth(number).fill(word)
    for name, amount in {
        "sales": sales,
        "costs": "3500000",
        "household": "1500000",
        "other_debts": "0",
    }.items():
        page.locator(f"[name={name}]").fill(amount)
    page.locator("[name=advice][value=grant]").check()
    page.locator("[name=notes]").fill("Wajan besar baru")


def add_photos(page: Page, tmp_path: Path, *names: str) -> None:
    before = page.locator("[data-photo-list] img").count()
    page.locator("[data-photos]").set_input_files(camera(tmp_path, *names))
    expect(page.locator("[data-photo-list] img")).to_have_count(before + len(names))


def kept(page: Page) -> None:
    expect(page.locator(".send-row [data-kept]")).to_have_text("Tersimpan di ponsel ini")
    page.wait_for_timeout(500)  # the pause after the last letter


def send(page: Page) -> None:
    page.locator("[data-send]").click()


def panel(page: Page, name: str):  # type: ignore[no-untyped-def]
    return page.locator(f"[data-panel={name}]")


def test_with_a_line_a_visit_goes_through_at_once(
    bank: Bank, application: Application, phone: Page, tmp_path: Path
) -> None:
    open_form(phone, application, bank.field)
    fill(phone)
    expect(phone.locator("[data-total]")).to_have_text("Rp 1.000.000")
    expect(phone.locator("[data-capacity]")).to_have_class("capacity ok")
    phone.locator("[data-locate]").click()
    expect(phone.locator("[name=position_lat]")).to_have_value("-7.977000")
    add_photos(phone, tmp_path, "rumah.jpg")
    assert_fits(phone)
    assert_accessible(phone)
    send(phone)
    expect(panel(phone, "sent")).to_be_visible()
    visit = Visit.objects.get()
    assert (visit.visited_by, visit.capacity, visit.accuracy) == (bank.field, 1_000_000, 12)
    with visit.photos.get().document.file.open("rb") as file:
        assert max(Image.open(file).size) == 1600
    application.refresh_from_db()
    assert application.state == State.VISITED
    assert_accessible(phone)


def test_the_outbox_was_lost_on_the_way_and_the_form_keeps_what_is_typed(
    site: Site, bank: Bank, application: Application, phone: Page
) -> None:
    lost = lose_once(phone, "**/web/outbox*.js*")
    open_form(phone, application, bank.field)
    assert lost
    fill(phone)
    site.line.cut()
    send(phone)
    expect(panel(phone, "waiting")).to_be_visible()


def test_the_line_is_cut_and_the_browser_closed_and_all_is_there(
    site: Site, bank: Bank, application: Application, handset: Handset, tmp_path: Path
) -> None:
    page = handset.open()
    open_form(page, application, bank.field)
    worker_is_ready(page)
    page.locator("[name=sales]").fill("6000000")
    assert handset.context
    handset.context.set_offline(True)  # in the middle of filling
    site.line.cut()
    fill(page)
    add_photos(page, tmp_path, "rumah.jpg", "wajan.jpg")
    kept(page)
    handset.close()

    page = handset.open(offline=True)
    open_form(page, application)
    expect(page.locator("[name=notes]")).to_have_value("Wajan besar baru")
    expect(page.locator("[name=sales]")).to_have_value("6.000.000")
    expect(page.locator("[name=neighbour_word]").nth(1)).to_have_value("Jualannya laris")
    expect(page.locator("[name=advice][value=grant]")).to_be_checked()
    expect(page.locator("[data-photo-list] img")).to_have_count(2)
    send(page)
    expect(panel(page, "waiting")).to_be_visible()
    expect(page.locator("[data-outbox-bar] [data-words]")).to_have_text(
        "Tidak ada sinyal – tersimpan di ponsel ini (1)"
    )
    handset.close()

    page = handset.open(offline=True)
    open_form(page, application)
    expect(panel(page, "waiting")).to_be_visible()
    assert not Visit.objects.exists()
    site.line.mend()
    assert handset.context
    handset.context.set_offline(False)
    expect(panel(page, "sent")).to_be_visible(timeout=20_000)
    assert VisitPhoto.objects.count() == 2
    page.reload()
    expect(panel(page, "sent")).to_be_visible()
    assert Visit.objects.count() == 1


@pytest.mark.parametrize("when", ["half", "answer"])
def test_the_server_dies_while_it_is_sent(
    site: Site, bank: Bank, application: Application, phone: Page, tmp_path: Path, when: str
) -> None:
    open_form(phone, application, bank.field)
    fill(phone)
    add_photos(phone, tmp_path, "rumah.jpg")
    site.line.break_next_post("/kunjungan/", when)  # type: ignore[arg-type]
    send(phone)
    eventually(lambda: site.line.is_cut)
    expect(phone.locator("[data-outbox-bar] [data-words]")).to_have_text("Menunggu dikirim (1)")
    assert Visit.objects.count() == (1 if when == "answer" else 0)
    site.stop()
    site.start()
    phone.locator("[data-outbox-bar] [data-send-now]").click()
    expect(panel(phone, "sent")).to_be_visible(timeout=20_000)
    assert (Visit.objects.count(), VisitPhoto.objects.count()) == (1, 1)


def test_a_second_tab_waits_for_the_first(bank: Bank, application: Application, phone: Page) -> None:
    open_form(phone, application, bank.field)
    fill(phone)
    other = phone.context.new_page()
    open_form(other, application)
    expect(panel(other, "elsewhere")).to_be_visible()
    expect(other.locator("[data-field-form]")).to_be_hidden()
    kept(phone)
    phone.close()
    expect(other.locator("[name=notes]")).to_have_value("Wajan besar baru")
    third = other.context.new_page()
    third.goto("/kunjungan/")
    send(other)
    expect(panel(other, "sent")).to_be_visible()
    assert Visit.objects.count() == 1


def test_two_tabs_send_once(site: Site, bank: Bank, application: Application, phone: Page) -> None:
    open_form(phone, application, bank.field)
    fill(phone)
    site.line.cut()
    send(phone)
    expect(panel(phone, "waiting")).to_be_visible()
    site.line.mend()
    tabs = [phone.context.new_page() for _tab in range(3)]
    for tab in tabs:
        tab.goto("/kunjungan/", wait_until="commit")
    expect(panel(phone, "sent")).to_be_visible(timeout=20_000)
    assert Visit.objects.count() == 1


def test_what_was_refused_is_corrected_and_sent(
    bank: Bank, application: Application, phone: Page, tmp_path: Path
) -> None:
    open_form(phone, application, bank.field)
    fill(phone, sales="banyak")
    add_photos(phone, tmp_path, "rumah.jpg")
    send(phone)
    expect(phone.locator(".field.wrong [data-said]")).to_contain_text("1.500.000")
    expect(phone.locator("[data-photo-list] img")).to_have_count(1)
    expect(phone.locator("[name=notes]")).to_have_value("Wajan besar baru")
    assert_accessible(phone)
    phone.reload()
    expect(phone.locator(".field.wrong [data-said]")).to_contain_text("1.500.000")
    phone.locator("[name=sales]").fill("6000000")
    send(phone)
    expect(panel(phone, "sent")).to_be_visible()
    assert Visit.objects.get().photos.count() == 1


def test_signed_out_meanwhile_it_is_kept_and_sent_after_signing_in(
    bank: Bank, application: Application, phone: Page
) -> None:
    open_form(phone, application, bank.field)
    fill(phone)
    phone.context.clear_cookies(name="sessionid")
    send(phone)
    expect(phone.locator("[data-outbox-bar] [data-sign-in]")).to_be_visible()
    assert not Visit.objects.exists()
    sign_in(phone, bank.field)
    open_form(phone, application)
    expect(panel(phone, "sent")).to_be_visible()
    assert Visit.objects.count() == 1


def test_another_officer_on_the_same_phone_sees_and_sends_nothing_of_it(
    site: Site, bank: Bank, application: Application, phone: Page
) -> None:
    open_form(phone, application, bank.field)
    worker_is_ready(phone)
    fill(phone)
    site.line.cut()
    send(phone)
    expect(panel(phone, "waiting")).to_be_visible()
    sign_in(phone, make_person("Colleague", role="field_officer"))
    phone.goto("about:blank")
    site.line.mend()
    open_form(phone, application)
    expect(phone.locator("[name=notes]")).to_have_value("")
    phone.goto("/luring/catatan/")
    expect(phone.locator("[data-empty]")).to_be_visible()
    assert not Visit.objects.exists()
    sign_in(phone, bank.field)
    phone.goto("/luring/catatan/")
    expect(phone.locator(".records li")).to_have_count(1)
    eventually(lambda: Visit.objects.count() == 1)
    assert Visit.objects.get().visited_by == bank.field


def test_signing_out_leaves_no_page_to_read(
    site: Site, bank: Bank, application: Application, phone: Page
) -> None:
    open_form(phone, application, bank.field)
    worker_is_ready(phone)
    phone.evaluate("document.querySelector('form[action=\"/akun/keluar/\"]').submit()")
    expect(phone.locator("html[data-person='']")).to_have_count(1)
    site.line.cut()
    phone.goto(f"/kunjungan/{application.number}/")
    expect(phone.locator("h1")).to_have_text("Tidak ada sambungan")
    expect(phone.locator("body")).not_to_contain_text(application.borrower.name)


def test_signing_out_with_something_unsent_is_asked_about(
    site: Site, bank: Bank, application: Application, phone: Page
) -> None:
    open_form(phone, application, bank.field)
    fill(phone)
    site.line.cut()
    send(phone)
    expect(panel(phone, "waiting")).to_be_visible()
    phone.evaluate("() => document.querySelector('form[action=\"/akun/keluar/\"]').requestSubmit()")
    dialog = phone.get_by_role("dialog")
    expect(dialog).to_contain_text("belum dikirim")
    assert_accessible(phone)
    dialog.get_by_role("button", name="Tidak, kembali").click()
    expect(panel(phone, "waiting")).to_be_visible()


def test_prepared_for_the_field_forms_open_without_a_line(site: Site, bank: Bank, phone: Page) -> None:
    applications = [bank.submitted() for _number in range(2)]
    sign_in(phone, bank.field)
    phone.goto("/kunjungan/")
    worker_is_ready(phone)
    phone.locator("[data-prepare]").click()
    expect(phone.locator("[data-prepare-said]")).to_have_text("Siap dibawa ke lapangan (4 / 4)")
    assert_fits(phone)
    assert_accessible(phone)
    site.line.cut()
    for application in applications:
        open_form(phone, application)
        fill(phone)
        send(phone)
        expect(panel(phone, "waiting")).to_be_visible()
    phone.goto("/luring/catatan/")
    expect(phone.locator(".records li")).to_have_count(2)
    phone.goto("/pinjaman/")
    expect(phone.locator("h1")).to_have_text("Tidak ada sambungan")
    expect(phone.locator(".records li")).to_have_count(2)
    open_form(phone, applications[0])  # a page that is not there takes none of the others away
    expect(panel(phone, "waiting")).to_be_visible()
    site.line.mend()
    phone.goto("/kunjungan/")
    eventually(lambda: Visit.objects.count() == 2, 20)


def test_a_full_phone_says_so(bank: Bank, application: Application, phone: Page) -> None:
    open_form(phone, application, bank.field)
    phone.evaluate(
        "() => { mboisOutbox.save = () => Promise.reject(new DOMException('full', 'QuotaExceededError')); }"
    )
    phone.locator("[name=notes]").fill("Wajan")
    expect(phone.locator(".send-row [data-kept]")).to_contain_text("Memori ponsel ini penuh")


def test_without_javascript_it_is_an_ordinary_form(
    bank: Bank,
    application: Application,
    new_context,
    tmp_path: Path,  # type: ignore[no-untyped-def]
) -> None:
    page = new_context(java_script_enabled=False, locale="id-ID").new_page()
    sign_in(page, bank.field)
    page.goto(f"/kunjungan/{application.number}/")
    fill(page)
    page.locator("[name=photos]").set_input_files(camera(tmp_path, "rumah.jpg"))
    send(page)
    expect(page.locator(".toast.success")).to_be_visible()
    assert Visit.objects.get().photos.count() == 1
