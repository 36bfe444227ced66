"""An activity from a community's proposal to the door, on real phones with a line that is cut."""

import io
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
import segno
from django.utils import timezone
from PIL import Image, ImageFilter
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from mbois import clock
from mbois.agenda import tickets
from mbois.agenda.actions import keeping
from mbois.agenda.models import Activity, Attendance, Door, Registration, Scan, State, Ticket
from mbois.agenda.tests.factories import (
    make_activity,
    make_curator,
    make_door,
    make_organiser,
    make_registration,
)
from tests.browser.conftest import (
    ARGUMENTS,
    PHONE,
    Handset,
    Site,
    assert_accessible,
    assert_fits,
    becomes_true,
    chromium,
    eventually,
    prepare,
    sign_in,
)
from tests.factories import load_places


def tidy(page: Page) -> None:
    assert_fits(page)
    assert_accessible(page)


def test_from_a_proposal_to_a_ticket(
    site: Site, desktop: Page, new_context: Callable[..., BrowserContext]
) -> None:
    load_places()
    organiser, curator = make_organiser(name="Bu Lastri"), make_curator()
    # the community proposes
    sign_in(desktop, organiser)
    desktop.goto("/kegiatan/baru/")
    tidy(desktop)
    begins = timezone.localtime(clock.now() + timedelta(days=6)).replace(hour=9, minute=0)
    desktop.fill("[name=title]", "Membatik Sabtu")
    desktop.fill("[name=summary]", "Satu selendang dalam satu pagi.")
    desktop.fill("[name=begins_at]", f"{begins:%Y-%m-%dT%H:%M}")
    desktop.fill("[name=ends_at]", f"{begins + timedelta(hours=3):%Y-%m-%dT%H:%M}")
    desktop.fill("[name=place]", "Balai RW 04 Celaket")
    desktop.fill("[name=quota]", "20")
    desktop.get_by_role("button", name="Simpan sebagai draf").click()
    expect(desktop).to_have_url(re.compile(r"/kegiatan/G-3573-"))
    tidy(desktop)
    desktop.get_by_role("button", name="Ajukan").click()
    expect(desktop.get_by_text("Sedang di kurator").first).to_be_visible()
    # the curator publishes
    desk = new_context(viewport={"width": 1440, "height": 900}).new_page()
    sign_in(desk, curator)
    desk.goto("/kegiatan/kurasi/")
    tidy(desk)
    desk.get_by_role("link", name="Membatik Sabtu").first.click()
    tidy(desk)
    desk.get_by_role("button", name="Terbitkan").click()
    expect(desk.get_by_text("Sudah terbit.")).to_be_visible()
    assert Activity.objects.get().state == State.PUBLISHED
    # a mother registers three on her phone, without an account
    phone = new_context(**PHONE).new_page()
    phone.goto("/agenda/")
    tidy(phone)
    phone.get_by_role("link", name="Membatik Sabtu").last.click()
    tidy(phone)
    phone.get_by_role("button", name="Daftar", exact=True).click()
    tidy(phone)
    phone.fill("[name=name]", "Bu Ani")
    phone.fill("[name=email]", "bukan surel")
    phone.fill("[name=places]", "3")
    phone.fill("[name=names]", "Budi\nCici")
    phone.get_by_role("button", name="Daftar").click()
    expect(phone.locator(".error").first).to_contain_text("alamat e-mail")
    expect(phone.locator("[name=names]")).to_have_value(re.compile("Budi"))
    phone.fill("[name=email]", "ani@contoh.id")
    phone.get_by_role("button", name="Daftar").click()
    expect(phone.locator(".ticket")).to_have_count(3)
    expect(phone.get_by_text("Cici")).to_be_visible()
    tidy(phone)
    assert Registration.objects.get().places == 3


@pytest.fixture
def ready(site: Site) -> tuple[Activity, list[Ticket], Door]:
    activity = make_activity(begins_at=clock.now() + timedelta(minutes=30), title="Panggung sore")
    sold = make_registration(activity, places=4).tickets
    return activity, sold, make_door(activity)


def open_door(page: Page, door: Door) -> None:
    page.goto(door.get_absolute_url())
    expect(page.locator("[data-door][data-ready]")).to_be_attached()


def check_in(page: Page, text: str) -> None:
    """Type a code, or what a QR code says."""
    page.fill("#code", text)
    page.press("#code", "Enter")


def says(page: Page, verdict: str) -> None:
    expect(page.locator("[data-result]")).to_have_attribute("data-verdict-now", verdict)


def page_is_kept(page: Page) -> None:
    becomes_true(page, "navigator.serviceWorker.controller?.state === 'activated'")
    becomes_true(
        page,
        "caches.open('door-pages').then((kept) => kept.match(location.href, {ignoreVary: true})).then(Boolean)",
    )


def worker_is_ready(page: Page) -> None:
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page_is_kept(page)
    expect(page.locator("[data-door][data-ready]")).to_be_attached()


def code_of(ticket: Ticket) -> str:
    return tickets.payload(ticket.activity.code, ticket.code)


def test_the_line_is_cut_in_the_middle_of_check_in_and_nobody_is_lost_or_counted_twice(
    site: Site, ready: tuple[Activity, list[Ticket], Door], handset: Handset
) -> None:
    _activity, sold, door = ready
    page = handset.open()
    open_door(page, door)
    tidy(page)
    worker_is_ready(page)
    check_in(page, code_of(sold[0]))
    says(page, "in")
    eventually(lambda: Scan.objects.count() == 1)
    # the answer to the next scan is lost on its way: the server has it, the phone does not know
    site.line.break_next_post(f"{door.get_absolute_url()}pindaian/", "answer")
    check_in(page, code_of(sold[1]))
    says(page, "in")
    eventually(lambda: Scan.objects.count() == 2)
    expect(page.locator("[data-door]")).to_have_attribute("data-line", "off")
    # without a line: a new one, the same one again, a cancelled one's code typed, a forged one
    check_in(page, sold[2].code)
    says(page, "in")
    check_in(page, code_of(sold[1]))
    says(page, "again")
    check_in(page, code_of(sold[3])[:-6] + "AAAAAA")
    says(page, "forged")
    check_in(page, "ZZZZZ ZZZZZ")
    says(page, "unknown")
    assert Scan.objects.count() == 2
    # the phone dies and comes back, still without a line
    page.wait_for_timeout(3_000)
    handset.close()
    page = handset.open()
    page.goto(door.get_absolute_url())
    expect(page.locator("[data-door][data-ready]")).to_be_attached()
    expect(page.locator("[data-door]")).to_have_attribute("data-waiting", "5")
    check_in(page, sold[2].shown_code)
    says(page, "again")
    # meanwhile somebody gives a ticket up that this phone lets in
    keeping.cancel_ticket(sold[3])
    check_in(page, code_of(sold[3]))
    says(page, "in")
    site.line.mend()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-door]")).to_have_attribute("data-waiting", "0")
    assert Attendance.objects.count() == 3
    assert Scan.objects.count() == 8
    assert sorted(Scan.objects.exclude(problem="").values_list("problem", flat=True)) == [
        "cancelled",
        "forged",
        "unknown",
    ]
    assert Scan.objects.values("phone").distinct().count() == 1


def test_one_opening_with_a_line_is_enough_to_open_without_one(
    site: Site, ready: tuple[Activity, list[Ticket], Door], phone: Page
) -> None:
    _activity, sold, door = ready
    open_door(phone, door)
    page_is_kept(phone)
    site.line.cut()
    phone.reload()
    expect(phone.locator("[data-door][data-ready]")).to_be_attached()
    check_in(phone, code_of(sold[0]))
    says(phone, "in")


def test_two_phones_without_a_line_and_one_ticket(
    site: Site, ready: tuple[Activity, list[Ticket], Door], new_context: Callable[..., BrowserContext]
) -> None:
    _activity, sold, door = ready
    phones = [new_context(**PHONE).new_page() for _one in range(2)]
    for page in phones:
        open_door(page, door)
    site.line.cut()
    for page in phones:
        check_in(page, code_of(sold[0]))
        says(page, "in")  # neither can know of the other
        page.wait_for_timeout(50)
    first = phones[0].evaluate("new Promise(d => { const r = indexedDB.databases(); r.then(d); })")
    assert first
    site.line.mend()
    for page in reversed(phones):
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.locator("[data-door]")).to_have_attribute("data-waiting", "0")
    scans = list(Scan.objects.order_by("scanned_at"))
    assert len(scans) == 2 and len({one.phone for one in scans}) == 2
    assert Attendance.objects.get().scan == scans[0]


def test_a_scan_that_cannot_be_read_is_not_sent_for_ever_and_holds_up_no_other(
    site: Site, ready: tuple[Activity, list[Ticket], Door], phone: Page
) -> None:
    _activity, sold, door = ready
    open_door(phone, door)
    worker_is_ready(phone)
    site.line.cut()
    check_in(phone, code_of(sold[0]))
    says(phone, "in")
    phone.evaluate(
        """async () => {
            const [{ name }] = await indexedDB.databases();
            const opened = await new Promise((done) => {
                const asked = indexedDB.open(name);
                asked.onsuccess = () => done(asked.result);
            });
            const kept = opened.transaction("scans", "readwrite");
            kept.objectStore("scans").put({ id: crypto.randomUUID(), at: "2026-11-28T10:00:00", text: "",
                part: "", mark: "", verdict: "visitor", sent: false, problem: null });
            await new Promise((done) => { kept.oncomplete = done; });
            opened.close();
        }"""
    )
    phone.reload()
    expect(phone.locator("[data-door]")).to_have_attribute("data-waiting", "2")
    site.line.mend()
    phone.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.locator("[data-door]")).to_have_attribute("data-waiting", "0")
    assert [one.ticket for one in Scan.objects.all()] == [sold[0]]


def test_a_closed_door_keeps_what_the_phone_saw(
    site: Site, ready: tuple[Activity, list[Ticket], Door], phone: Page
) -> None:
    _activity, sold, door = ready
    open_door(phone, door)
    Door.objects.update(closed_at=clock.now())
    check_in(phone, code_of(sold[0]))
    expect(phone.locator("[data-door]")).to_have_attribute("data-line", "closed")
    expect(phone.locator("[data-door]")).to_have_attribute("data-waiting", "1")
    Door.objects.update(closed_at=None)
    phone.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.locator("[data-door]")).to_have_attribute("data-waiting", "0")
    assert Attendance.objects.count() == 1


def test_a_camera_reads_a_ticket_with_the_decoder_we_bring(
    site: Site, ready: tuple[Activity, list[Ticket], Door], phone: Page, tmp_path: object
) -> None:
    import segno

    _activity, sold, door = ready
    open_door(phone, door)
    svg = segno.make(code_of(sold[0]), error="m").svg_data_uri(scale=4, border=4)
    read = phone.evaluate(
        """async (source) => {
          const root = document.querySelector("[data-door]");
          await new Promise((done, failed) => document.head.append(Object.assign(document.createElement("script"),
            { src: root.dataset.jsqr, onload: done, onerror: failed })));
          const picture = new Image();
          await new Promise((done) => { picture.onload = done; picture.src = source; });
          const canvas = Object.assign(document.createElement("canvas"), { width: picture.width, height: picture.height });
          const pen = canvas.getContext("2d");
          pen.fillStyle = "#fff"; pen.fillRect(0, 0, canvas.width, canvas.height);
          pen.drawImage(picture, 0, 0);
          const { data, width, height } = pen.getImageData(0, 0, canvas.width, canvas.height);
          return jsQR(data, width, height).data;
        }""",
        svg,
    )
    assert read == code_of(sold[0])


def test_the_calendar_reads_well_on_a_phone(site: Site, phone: Page) -> None:
    morning = clock.now().replace(hour=3, minute=0) + timedelta(days=3)  # 10.00 in Malang: on one day only
    activity = make_activity(
        begins_at=morning, latitude=-7.97, longitude=112.63, subsector="craft", title="Kelas topeng"
    )
    day = clock.local_date(activity.begins_at)
    phone.goto("/agenda/")
    expect(phone.get_by_role("heading", name="Kelas topeng")).to_be_visible()
    tidy(phone)
    # a month shows how many there are on the day, and leads to them
    phone.goto(f"/agenda/?tampil=bulan&bulan={day:%Y-%m}")
    busy = phone.locator("td.busy .day-count")
    expect(busy).to_have_count(1)
    expect(busy).to_contain_text("1")
    assert busy.bounding_box()["width"] >= 24  # type: ignore[index]
    tidy(phone)
    busy.click()
    expect(phone.get_by_role("heading", name="Kelas topeng")).to_be_visible()
    phone.goto("/agenda/?tampil=peta")
    phone.locator(".agenda-map").scroll_into_view_if_needed()
    expect(phone.locator(".agenda-map").get_by_label("Kelas topeng")).to_be_visible()
    tidy(phone)
    phone.goto("/agenda/sematan/cara/")
    expect(phone.locator("textarea, code, pre").first).to_contain_text("iframe")
    tidy(phone)
    widths = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    assert len(set(phone.evaluate(widths))) == 1


# --- the camera -------------------------------------------------------------------------------------


def film(path: Path, texts: list[str], *, seconds: int = 3) -> Path:
    """What a camera sees: a phone held before it with each of these codes in turn, as motion JPEG."""
    with path.open("wb") as out:
        for text in texts:
            code = io.BytesIO()
            segno.make(text, error="m").save(code, kind="png", scale=6, border=4)
            scene = Image.new("RGB", (1280, 720), (96, 104, 112))
            ticket = Image.open(code).convert("RGB").rotate(6, expand=True, fillcolor=(255, 255, 255))
            scene.paste(ticket, ((1280 - ticket.width) // 2 + 40, (720 - ticket.height) // 2))
            frame = io.BytesIO()
            scene.filter(ImageFilter.GaussianBlur(0.8)).save(frame, "JPEG", quality=80)
            out.write(frame.getvalue() * (30 * seconds))
    return path


@pytest.fixture
def camera(playwright: Playwright, site: Site, tmp_path: Path) -> Iterator[Callable[[list[str]], Page]]:
    """Opens a phone whose camera sees these codes in turn."""
    with ExitStack() as opened:

        def look(texts: list[str]) -> Page:
            seen = film(tmp_path / f"{len(texts)}.mjpeg", texts)
            flags = [
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
                f"--use-file-for-fake-video-capture={seen}",
            ]
            browser = playwright.chromium.launch(executable_path=chromium(), args=[*ARGUMENTS, *flags])
            opened.callback(browser.close)
            context = browser.new_context(base_url=site.url, **PHONE)
            prepare(context)
            context.grant_permissions(["camera"])
            return context.new_page()

        yield look


def test_tickets_are_read_from_the_camera_each_once(
    ready: tuple[Activity, list[Ticket], Door], camera: Callable[[list[str]], Page]
) -> None:
    _activity, sold, door = ready
    page = camera([code_of(one) for one in sold[:2]])
    open_door(page, door)
    # the reader of ours: this browser has none
    assert not page.evaluate(
        "'BarcodeDetector' in window && BarcodeDetector.getSupportedFormats().then(all => all.includes('qr_code'))"
    )
    page.get_by_role("button", name="Pindai dengan kamera").click()
    expect(page.locator("[data-camera]")).to_be_visible()
    says(page, "in")
    eventually(lambda: Attendance.objects.count() == 2, seconds=30)
    expect(page.locator("[data-inside]")).to_have_text("2")
    page.get_by_role("button", name="Hentikan kamera").click()
    expect(page.locator("[data-camera]")).to_be_hidden()
    expect(page.locator("[data-queue]")).to_have_text("semua terkirim")
    # a code that stays before the camera is one scan, not ten a second
    assert Scan.objects.count() <= 6
    assert set(Attendance.objects.values_list("ticket", flat=True)) == {one.pk for one in sold[:2]}


def test_the_camera_refuses_a_ticket_somebody_wrote_themselves(
    ready: tuple[Activity, list[Ticket], Door], camera: Callable[[list[str]], Page]
) -> None:
    _activity, sold, door = ready
    head, _dot, signature = code_of(sold[0]).rpartition(".")
    page = camera([f"{head}.{signature[::-1]}"])
    open_door(page, door)
    page.get_by_role("button", name="Pindai dengan kamera").click()
    says(page, "forged")
    eventually(lambda: Scan.objects.count() == 1)
    assert not Attendance.objects.exists()


def test_without_a_camera_the_door_asks_for_the_code(
    ready: tuple[Activity, list[Ticket], Door], phone: Page
) -> None:
    _activity, sold, door = ready
    open_door(phone, door)
    phone.get_by_role("button", name="Pindai dengan kamera").click()
    expect(phone.locator("[data-verdict]")).to_have_text(
        "Kamera tidak bisa dipakai di sini. Ketik saja kodenya."
    )
    check_in(phone, sold[0].code)
    says(phone, "in")
