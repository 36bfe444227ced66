"""An owner from the first question to a plan; a mentor's session where the line is cut; ten seconds an entry."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.enterprises.tests.factories import make_enterprise
from mbois.mentoring.courses import load_shipped
from mbois.mentoring.models import CashEntry, Diagnosis, Mentorship, Session, SessionReport, State
from mbois.mentoring.tests.factories import (
    make_diagnosis,
    make_mentor,
    make_mentorship,
    make_questionnaire,
    make_session,
)
from mbois.people.models import Role
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


@pytest.fixture
def enterprise(site: Site) -> Enterprise:
    make_questionnaire()
    return make_enterprise(name="Keripik Bu Sri")


def looks_good(page: Page) -> None:
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_an_owner_is_diagnosed_gets_a_mentor_and_a_plan(
    enterprise: Enterprise, new_context: Contexts, screen: dict[str, object]
) -> None:
    mentor = make_mentor(skills=("photo", "bookkeeping"))
    page = new_context(**screen).new_page()
    sign_in(page, enterprise.owner.person)
    page.goto("/pendampingan/saya/")
    page.get_by_role("button", name="Mulai").click()
    looks_good(page)
    questions = page.locator(".question")
    expect(questions).to_have_count(30)
    for place in range(3):
        questions.nth(place).locator("label").nth(1).click()
    expect(page.locator("[data-kept]")).to_have_text("Tersimpan")
    page.reload()  # the phone rang: what was answered is still there
    expect(page.locator(".question input:checked")).to_have_count(3)
    for place in range(3, 30):
        questions.nth(place).locator("label").nth(0).click()
    expect(page.locator("[data-answered]")).to_have_text("30")
    page.get_by_role("button", name="Lihat hasilnya").click()
    expect(page.locator(".radar svg")).to_be_visible()
    expect(page.get_by_role("heading", name="Yang dikerjakan berikutnya")).to_be_visible()
    looks_good(page)
    assert Diagnosis.objects.sent().count() == 1
    page.goto("/pendampingan/saya/")
    page.get_by_role("button", name="Lihat siapa yang cocok").click()
    looks_good(page)
    page.get_by_role("button", name=f"Minta {mentor.person.name}").click()
    expect(page.get_by_text("Menunggu pendamping.")).to_be_visible()
    looks_good(page)
    # the mentor says yes on a phone of their own
    theirs = new_context(**screen).new_page()
    sign_in(theirs, mentor.person)
    theirs.goto("/sesi/")
    theirs.get_by_role("link", name="Keripik Bu Sri").click()
    theirs.get_by_role("button", name="Ya, saya mau").click()
    expect(theirs.get_by_text("Pendampingan mulai hari ini")).to_be_visible()
    looks_good(theirs)
    page.goto("/pendampingan/saya/")
    expect(page.locator(".plan-list li")).not_to_have_count(0)
    looks_good(page)
    page.locator(".plan-list a").first.click()
    page.get_by_label("Yang sudah dikerjakan").fill("Sudah diurus di kelurahan.")
    page.get_by_role("button", name="Kirim bukti").click()
    expect(page.locator("main .badge.wait").first).to_be_visible()
    looks_good(page)
    assert Mentorship.objects.get().state == State.ACTIVE


def test_a_session_recorded_without_a_line_arrives_once(
    enterprise: Enterprise, site: Site, phone: Page
) -> None:
    mentorship = make_mentorship(enterprise)
    session = make_session(mentorship, days=0, topic="Foto produk")
    Session.objects.filter(pk=session.pk).update(starts_at=clock.now())
    sign_in(phone, mentorship.mentor.person)
    phone.goto("/sesi/")
    looks_good(phone)
    phone.get_by_role("button", name="Catat sesi").first.click()
    expect(phone.locator("[data-field][data-ready]")).to_be_attached()
    looks_good(phone)
    site.line.cut()
    phone.locator("[name=attended][value=yes]").check()
    phone.locator("[name=notes]").fill("Memotret tiga produk.")
    phone.get_by_role("button", name="Kirim catatan").click()
    expect(phone.locator("[data-panel=waiting]")).to_be_visible()
    looks_good(phone)
    assert not SessionReport.objects.exists()
    site.line.mend()
    phone.locator("[data-panel=waiting] [data-send-now]").click()
    expect(phone.locator("[data-panel=sent]")).to_be_visible()
    eventually(lambda: SessionReport.objects.count() == 1)
    phone.get_by_role("button", name="Buka sesi").click()
    expect(phone.get_by_text("Memotret tiga produk.")).to_be_visible()
    session.refresh_from_db()
    assert session.attended is True


def test_ten_seconds_an_entry_with_and_without_a_line(
    enterprise: Enterprise, site: Site, phone: Page
) -> None:
    sign_in(phone, enterprise.owner.person)
    phone.goto("/kas/")
    expect(phone.locator("[data-field][data-ready]")).to_be_attached()
    looks_good(phone)

    def enter(*keys: str) -> None:
        for key in keys:
            phone.locator(f"[data-key='{key}']").click()
        phone.get_by_role("button", name="Catat", exact=True).click()

    enter("2", "5", "000")
    eventually(lambda: CashEntry.objects.filter(amount=25_000, kind="sale").count() == 1)
    expect(phone.locator("[name=amount]")).to_have_value("")
    site.line.cut()
    phone.locator("[name=kind][value=cost]").check()
    enter("7", "000")
    expect(phone.locator("[data-cash-said]")).to_contain_text("Tersimpan di HP ini")
    enter("8", "000")
    site.line.mend()
    phone.evaluate("mboisOutbox.sendAll({ now: true })")
    eventually(lambda: CashEntry.objects.count() == 3)
    phone.reload()
    expect(phone.locator(".entries li")).to_have_count(3)
    looks_good(phone)


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_coordinators_pages(
    enterprise: Enterprise, new_context: Contexts, screen: dict[str, object]
) -> None:
    mentorship = make_mentorship(enterprise)
    make_diagnosis(make_enterprise(name="Batik Waru"), value=1)
    make_diagnosis(enterprise, value=2)
    page = new_context(**screen).new_page()
    sign_in(page, make_person(role=Role.COORDINATOR))
    load_shipped(enterprise.region)
    for path in (
        "/pendampingan/",
        "/pendampingan/daftar/",
        "/pendamping/",
        f"/pendamping/{mentorship.mentor_id}/",
        f"/pendamping/{mentorship.mentor_id}/ubah/",
        "/kursus/",
        "/kursus/K-3573-000001/",
        "/kursus/K-3573-000001/kuis/",
        "/kursus/K-3573-000001/ubah/",
        "/beranda/",
    ):
        answer = page.goto(path)
        assert answer and answer.ok, path
        looks_good(page)
