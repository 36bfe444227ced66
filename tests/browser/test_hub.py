"""The creative centre: a booker with a cheap phone, a keeper's morning, somebody at a locked door."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from mbois import clock
from mbois.hub.models import Booking, BookingState, Space
from mbois.hub.tests.factories import (
    hours,
    make_booking,
    make_building,
    make_equipment,
    make_keeper,
    make_space,
)
from mbois.hub.times import Span
from mbois.people.models import Person
from tests.browser.conftest import (
    DESKTOP,
    PHONE,
    Site,
    assert_accessible,
    assert_fits,
    eventually,
    sign_in,
)
from tests.factories import make_person

Contexts = Callable[..., BrowserContext]


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is half past nine in Malang, whenever the tests run: a booking that begins soon ends on the same day."""
    really = timezone.now
    begun = really()
    opened = datetime.combine(clock.local_date(begun), time(9, 30), tzinfo=clock.JAKARTA)
    monkeypatch.setattr(timezone, "now", lambda: opened + (really() - begun))


@pytest.fixture
def keeper(site: Site) -> Person:
    return make_keeper()


@pytest.fixture
def space(keeper: Person) -> Space:
    week = {day: (time(0), time(23, 45)) for day in range(7)}
    building = make_building(keeper, open_on_holidays=True, name="Malang Creative Center", week=week)
    make_equipment(building, keeper=keeper, count=2)
    make_space(building, keeper=keeper, name="Auditorium", level=7, capacity=400, is_instant=False)
    return make_space(building, keeper=keeper, name="Studio Siniar", facilities=["microphone"])


def looks_good(page: Page) -> None:
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_booker_finds_books_repeats_and_waits(
    space: Space, new_context: Contexts, screen: dict[str, object]
) -> None:
    page = new_context(**screen).new_page()
    person = make_person("Wahyu")
    sign_in(page, person)
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    for path in ("/pusat-kreatif/", f"/pusat-kreatif/hari/?day={tomorrow}", "/pusat-kreatif/pekan/"):
        page.goto(path)
        looks_good(page)
    page.goto("/pusat-kreatif/cari/")
    page.get_by_label("Hari", exact=True).fill(tomorrow)
    page.get_by_label("Dari", exact=True).fill("13:00")
    page.get_by_label("Sampai", exact=True).fill("15:00")
    page.get_by_role("button", name="Cari ruang").click()
    looks_good(page)
    page.get_by_role("listitem").filter(has_text="Studio Siniar").get_by_role("button", name="Pesan").click()
    looks_good(page)
    page.get_by_role("button", name="Pesan", exact=True).click()
    expect(page.locator("[name=title][aria-invalid]")).to_be_visible()
    page.locator("[name=title]").fill("Siniar warga")
    page.get_by_text("Alat yang ikut dipinjam").click()
    page.get_by_label("Kamera").fill("1")
    page.get_by_role("button", name="Pesan", exact=True).click()
    expect(page.get_by_role("heading", name="Siniar warga")).to_be_visible()
    looks_good(page)
    booking = Booking.objects.get()
    assert (booking.state, booking.minutes) == (BookingState.CONFIRMED, 120)
    # the same hours every week: the one just taken is shown with its reason
    page.goto(f"/ruang/{space.code}/pesan/?day={tomorrow}&begins=13:00&ends=14:00")
    page.locator("[name=title]").fill("Kelas naskah")
    page.get_by_text("Ulangi tiap pekan").click()
    page.locator("[name=repeat]").select_option("1")
    page.locator("[name=until]").fill((clock.today() + timedelta(days=16)).isoformat())
    page.get_by_role("button", name="Pesan", exact=True).click()
    expect(page.get_by_text("2 dari 3 waktu bisa dipesan")).to_be_visible()
    expect(page.get_by_text("Anda sendiri memakainya")).to_be_visible()
    looks_good(page)
    page.get_by_role("button", name="Pesan waktu yang dicentang").click()
    expect(page.get_by_role("heading", name="Kelas naskah")).to_be_visible()
    looks_good(page)
    assert Booking.objects.filter(series__isnull=False).count() == 2
    # somebody else waits for the first, and gets the offer when it is given up
    other = new_context(**screen).new_page()
    sign_in(other, make_person("Ayu"))
    other.goto(f"/ruang/{space.code}/pesan/?day={tomorrow}&begins=13:00&ends=15:00")
    other.locator("[name=title]").fill("Rekaman")
    other.get_by_role("button", name="Pesan", exact=True).click()
    other.get_by_role("button", name="Tunggu giliran").click()
    looks_good(other)
    page.goto(booking.get_absolute_url())
    page.get_by_role("button", name="Batalkan peminjaman").click()
    looks_good(page)
    page.get_by_role("button", name="Batalkan", exact=True).click()
    expect(page.locator("main .badge").first).to_have_text("Dibatalkan")
    other.goto("/peminjaman/")
    looks_good(other)
    other.get_by_role("button", name="Ya, saya ambil").click()
    expect(other.get_by_role("heading", name="Rekaman")).to_be_visible()
    eventually(lambda: Booking.objects.filter(title="Rekaman", state=BookingState.CONFIRMED).exists())


def soon(space: Space, person: Person, **fields: object) -> Booking:
    """A booking that begins at the next quarter of an hour."""
    now = clock.now().replace(second=0, microsecond=0)
    begins = now + timedelta(minutes=15 - now.minute % 15)
    return make_booking(space, Span(begins, begins + timedelta(hours=1)), by=person, **fields)


def test_at_the_door_one_signs_in_and_is_checked_in(space: Space, phone: Page) -> None:
    person = make_person("Wahyu")
    phone.goto(f"/hadir/{space.door_secret}/")
    looks_good(phone)
    booking = soon(space, person)
    sign_in(phone, person)
    phone.goto(f"/hadir/{space.door_secret}/")
    looks_good(phone)
    phone.get_by_role("button", name="Saya sudah di sini").click()
    expect(phone.get_by_text("Anda sudah ditandai hadir", exact=True)).to_be_visible()
    looks_good(phone)
    booking.refresh_from_db()
    assert booking.state == BookingState.HERE


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_keeper_answers_checks_in_closes_and_reads_the_report(
    space: Space, keeper: Person, new_context: Contexts, screen: dict[str, object]
) -> None:
    hall = Space.objects.get(name="Auditorium")
    asked = make_booking(hall, hours("10:00", "12:00"), by=make_person("Sri"), title="Pentas tari")
    booking = soon(space, make_person("Wahyu"))
    page = new_context(**screen).new_page()
    sign_in(page, keeper)
    page.goto("/kelola-ruang/")
    looks_good(page)
    page.locator(".attention").get_by_role("button", name="Jawab").click()
    looks_good(page)
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.locator(".attention")).to_have_count(0)
    page.get_by_role("button", name="Tandai hadir").click()
    eventually(lambda: Booking.objects.filter(pk=booking.pk, state=BookingState.HERE).exists())
    asked.refresh_from_db()
    assert asked.state == BookingState.CONFIRMED
    for path in (
        "/kelola-ruang/atur/",
        f"/kelola-ruang/gedung/{space.floor.building.code}/",
        f"/kelola-ruang/gedung/{space.floor.building.code}/aturan/",
        f"/kelola-ruang/gedung/{space.floor.building.code}/alat/",
        f"/kelola-ruang/ruang/{space.code}/",
        f"/kelola-ruang/ruang/{space.code}/foto/",
        f"/kelola-ruang/ruang/{space.code}/pintu/",
        "/kelola-ruang/laporan/",
    ):
        page.goto(path)
        looks_good(page)
    page.goto(f"/kelola-ruang/gedung/{space.floor.building.code}/tutup/")
    looks_good(page)
    page.locator("[name=day]").fill((clock.today() + timedelta(days=1)).isoformat())
    page.locator("[name=reason]").fill("Perbaikan listrik")
    page.get_by_role("button", name="Tutup", exact=True).click()
    expect(page.get_by_text("Perbaikan listrik")).to_be_visible()
    page.goto("/kelola-ruang/")
    expect(page.get_by_role("heading", name="Sudah dipesan, lalu ditutup")).to_be_visible()
    looks_good(page)


def test_the_report_fits_on_paper(keeper: Person, space: Space, desktop: Page) -> None:
    sign_in(desktop, keeper)
    desktop.set_viewport_size({"width": 718, "height": 1047})  # what an A4 leaves between its margins
    desktop.emulate_media(media="print")
    desktop.goto("/kelola-ruang/laporan/")
    expect(desktop.locator("main table tbody tr").first).to_be_visible()
    assert desktop.evaluate(
        "[...document.querySelectorAll('main table :is(th, td)')]"
        ".every((cell) => cell.getBoundingClientRect().right <= innerWidth)"
    )
