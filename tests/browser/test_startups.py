"""Two founders with a phone, a reviewer on a Sunday evening, a manager who decides."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from mbois.people.models import Notification, Role
from mbois.people.tests.factories import picture
from mbois.startups.actions import teams
from mbois.startups.models import Application, Decision, Evidence, Milestone, Review, State, WeeklyUpdate
from mbois.startups.tests.factories import (
    ask,
    close,
    founder_of,
    judge,
    make_application,
    make_call,
    make_cohort,
    make_manager,
    make_place,
    make_reviewer,
    make_startup,
)
from mbois.startups.tests.factories import (
    page as address,
)
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
SCREENS = pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])


def looks_good(page: Page) -> None:
    assert_accessible(page)
    assert_fits(page)


MOVES = """
    window.moved = 0;
    new PerformanceObserver(list => { for (const one of list.getEntries()) window.moved += one.value; })
        .observe({type: "layout-shift", buffered: true});
"""


def test_a_picture_that_comes_late_moves_nothing(site: Site, phone: Page) -> None:
    startup = make_startup()
    teams.change(
        startup, by=founder_of(startup), name=startup.name, pitch="Kopi dari lereng.", about="Panen. " * 90,
        public=True, picture=picture(size=(1200, 675)),
    )  # fmt: skip
    late: list[Route] = []
    phone.route("**/gambar/", lambda route: late.append(route))
    phone.add_init_script(MOVES)
    phone.goto(f"/startup/profil/{startup.number}/", wait_until="domcontentloaded")
    expect(phone.locator(".said")).to_be_visible()
    phone.evaluate("document.fonts.ready")
    phone.wait_for_timeout(500)
    before = phone.evaluate("window.moved")
    late[0].continue_()
    phone.wait_for_timeout(1000)
    assert phone.evaluate("document.querySelector('.hero').naturalWidth")
    assert phone.evaluate("window.moved") - before < 0.01


@SCREENS
def test_a_founder_applies_with_a_friend(
    site: Site, new_context: Contexts, screen: dict[str, object]
) -> None:
    call = make_call()
    dimas, rina = make_person("Dimas Prakoso"), make_person("Rina Wulandari")
    page = new_context(**screen).new_page()
    page.goto("/startup/")
    looks_good(page)
    page.get_by_role("button", name="Lihat panggilan").first.click()
    looks_good(page)
    sign_in(page, dimas)
    page.goto(f"/startup/panggilan/{call.number}/")
    page.get_by_role("button", name="Daftar", exact=True).click()
    looks_good(page)
    page.get_by_label("Apa namanya?").fill("Kopi Lereng")
    page.get_by_role("button", name="Ke pertanyaan").click()
    looks_good(page)
    page.get_by_label("Masalah apa?").fill("Petani kopi dibayar lambat.")
    expect(page.locator("[data-kept]")).to_contain_text("Tersimpan pukul")
    expect(page.locator("[data-count-for]")).to_contain_text("4 kata")
    page.reload()  # the battery was empty: what was typed is still there
    expect(page.get_by_label("Masalah apa?")).to_have_value("Petani kopi dibayar lambat.")
    # the line is gone while typing; it comes back
    expect(page.locator("form.apply")).to_be_attached()
    application = Application.objects.get()
    page.get_by_role("button", name="Ajak seseorang").click()
    page.get_by_label("Siapa yang Anda ajak?").fill("Rina")
    page.get_by_role("button", name="Buat tautan").click()
    looks_good(page)
    secret = application.startup.invitations.get().secret
    hers = new_context(**screen).new_page()
    sign_in(hers, rina)
    hers.goto(f"/startup/undangan/{secret}/")
    looks_good(hers)
    hers.get_by_role("button", name="Gabung ke tim").click()
    expect(hers.get_by_text("Selamat datang di Kopi Lereng.")).to_be_visible()
    hers.goto(f"/startup/lamaran/{application.number}/")
    expect(hers.get_by_label("Masalah apa?")).to_have_value("Petani kopi dibayar lambat.")
    hers.get_by_role("button", name="Kirim lamaran").click()
    expect(hers.get_by_text("Sudah dikirim")).to_be_visible()
    looks_good(hers)
    application.refresh_from_db()
    assert application.state == State.SUBMITTED and application.submitted_by == rina
    page.goto("/startup/saya/")
    looks_good(page)


def test_without_javascript_an_application_is_kept_and_sent(site: Site, new_context: Contexts) -> None:
    call, person = make_call(), make_person("Dimas Prakoso")
    context = new_context(**PHONE)
    page = context.new_page()
    sign_in(page, person)
    plain = new_context(**PHONE, java_script_enabled=False, storage_state=context.storage_state()).new_page()
    plain.goto(f"/startup/panggilan/{call.number}/lamar/")
    plain.get_by_label("Apa namanya?").fill("Kopi Lereng")
    plain.get_by_role("button", name="Ke pertanyaan").click()
    plain.get_by_role("button", name="Kirim lamaran").click()
    expect(plain.get_by_text("Mohon diisi.").first).to_be_visible()
    plain.get_by_label("Masalah apa?").fill("Petani kopi dibayar lambat.")
    plain.get_by_role("button", name="Kirim lamaran").click()
    expect(plain.get_by_text("Sudah dikirim")).to_be_visible()


@SCREENS
def test_a_reviewer_judges_with_the_keyboard_or_the_thumb(
    site: Site, new_context: Contexts, screen: dict[str, object]
) -> None:
    call = make_call()
    rows = [
        make_application(call, f"Tim {place}", founder=make_person(f"Pendiri {place}")) for place in range(2)
    ]
    reviewer = make_reviewer("Bu Ratna")
    close(call)
    for row in rows:
        ask(row, reviewer)
    page = new_context(**screen).new_page()
    sign_in(page, reviewer)
    page.goto("/startup/penilaian/")
    looks_good(page)
    page.get_by_role("button", name="Mulai dari yang berikutnya").click()
    looks_good(page)
    expect(page.get_by_text("Tim 0")).to_have_count(0)
    if screen is DESKTOP:
        page.keyboard.press("5")
        page.keyboard.press("4")
    else:
        for place, points in enumerate("54"):
            page.locator("[data-rate]").nth(place).locator("label").nth(int(points) - 1).click()
    expect(page.locator("[data-kept]")).to_contain_text("Tersimpan pukul")
    page.reload()
    assert [one.get_attribute("value") for one in page.locator("[data-rate] input:checked").all()] == [
        "5",
        "4",
    ]
    page.get_by_label("Terima", exact=True).check()
    page.get_by_label("Untuk tim, dalam beberapa kalimat").fill(
        "Masalahnya nyata dan sudah ada yang memakai."
    )
    if screen is DESKTOP:
        page.keyboard.press("Control+Enter")
    else:
        page.get_by_role("button", name="Kirim, lanjut ke berikutnya").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(rows[1].number)
    assert Review.objects.get(sent_at__isnull=False).total == 460
    page.get_by_role("link", name="Saya terlalu dekat untuk menilai ini").click()
    page.get_by_label("Mengapa Anda terlalu dekat?").fill("Adik saya ada di tim ini.")
    looks_good(page)
    page.get_by_role("button", name="Nyatakan benturan kepentingan").click()
    expect(page.get_by_text("Anda tidak lagi melihat lamaran ini")).to_be_visible()
    expect(page.get_by_text(rows[1].number)).to_have_count(0)
    looks_good(page)


def test_a_review_is_sent_while_it_is_being_kept(site: Site, desktop: Page) -> None:
    call = make_call()
    application = make_application(call)
    close(call)
    reviewer = make_reviewer("Bu Ratna")
    ask(application, reviewer)
    sign_in(desktop, reviewer)
    desktop.goto(f"/startup/penilaian/{application.number}/")
    site.line.hold_next_post("/startup/penilaian/", 2)
    with desktop.expect_request(lambda request: request.method == "POST"):
        for legend in desktop.locator("[data-rate]").all():
            legend.locator("label", has_text="4").first.click()
        desktop.locator("[data-errors=advice] label").first.click()
        desktop.get_by_label("Untuk tim, dalam beberapa kalimat").fill(
            "Masalahnya nyata dan sudah ada yang memakai."
        )
    desktop.locator("[value=send]").click()
    desktop.wait_for_url("**/startup/penilaian/")
    assert Review.objects.get().sent_at


@SCREENS
def test_a_manager_decides_many_at_once(site: Site, new_context: Contexts, screen: dict[str, object]) -> None:
    call = make_call()
    rows = [make_application(call, f"Tim {place}", founder=make_person()) for place in range(3)]
    reviewers = [make_reviewer(f"Penilai {place}") for place in range(2)]
    close(call)
    for place, row in enumerate(rows):
        for reviewer in reviewers:
            judge(row, reviewer, 5 - place, 4)
    page = new_context(**screen).new_page()
    sign_in(page, call.made_by)
    for path in ("", "penilai/", "atur/", "atur/fase/", "atur/kriteria/", "atur/pertanyaan/", "atur/isi/"):
        answer = page.goto(f"/startup/kelola/panggilan/{call.number}/{path}")
        assert answer and answer.ok, path
        looks_good(page)
    page.goto(f"/startup/kelola/panggilan/{call.number}/peringkat/")
    looks_good(page)
    for row in rows[:2]:
        page.locator(f"[name=application][value='{row.pk}']").check()
    page.get_by_label("Apa keputusannya?").select_option("accepted")
    page.get_by_role("button", name="Lihat dulu").click()
    expect(page.get_by_text("Belum ada yang terjadi.")).to_be_visible()
    looks_good(page)
    assert not Decision.objects.exists()
    page.get_by_role("button", name="Putuskan dan kirim surat").click()
    expect(page.get_by_text("Setiap tim mendapat suratnya.")).to_be_visible()
    looks_good(page)
    assert Application.objects.filter(state=State.ACCEPTED).count() == 2
    theirs = new_context(**screen).new_page()
    sign_in(theirs, founder_of(rows[0].startup))
    theirs.goto(f"/startup/lamaran/{rows[0].number}/")
    expect(theirs.get_by_role("heading", name="Diterima", exact=True)).to_be_visible()
    looks_good(theirs)
    assert Notification.objects.filter(key="startups/decided").count() == 2


def test_the_week_is_written_without_a_line_and_arrives_once(site: Site, phone: Page) -> None:
    place = make_place()
    sign_in(phone, founder_of(place.startup))
    phone.goto(f"/startup/inkubasi/{place.pk}/")
    looks_good(phone)
    phone.get_by_role("button", name="Tulis kabar pekan").click()
    expect(phone.locator("[data-field][data-ready]")).to_be_attached()
    looks_good(phone)
    site.line.cut()
    phone.get_by_label("Pengguna atau pelanggan sampai sekarang").fill("31")
    phone.get_by_label("Apa yang berjalan baik?").fill("Dua kafe baru.")
    phone.get_by_label("Apa rencana pekan depan?").fill("Uji harga.")
    phone.get_by_role("button", name="Kirim kabar pekan ini").click()
    expect(phone.locator("[data-panel=waiting]")).to_be_visible()
    looks_good(phone)
    assert not WeeklyUpdate.objects.exists()
    site.line.mend()
    phone.locator("[data-panel=waiting] [data-send-now]").click()
    expect(phone.locator("[data-panel=sent]")).to_be_visible()
    eventually(lambda: WeeklyUpdate.objects.filter(users=31).count() == 1)
    phone.get_by_role("button", name="Lihat posisi kami").click()
    expect(phone.get_by_text("Dua kafe baru.")).to_be_visible()
    looks_good(phone)


@SCREENS
def test_a_milestone_is_handed_in_and_checked(
    site: Site, new_context: Contexts, screen: dict[str, object]
) -> None:
    cohort = make_cohort()
    place = make_place(cohort, make_startup(founder=make_person("Dimas Prakoso")))
    goal = Milestone.objects.filter(cohort=cohort)[0]
    page = new_context(**screen).new_page()
    sign_in(page, founder_of(place.startup))
    page.goto("/startup/saya/")
    page.get_by_role("button", name="Kirim bukti").click()
    looks_good(page)
    page.get_by_label("Apa yang dikerjakan?").fill("Sepuluh wawancara.")
    page.get_by_role("button", name="Kirim bukti").click()
    expect(page.get_by_text("Anda diberi tahu setelah diperiksa.")).to_be_visible()
    theirs = new_context(**screen).new_page()
    sign_in(theirs, cohort.made_by)
    theirs.goto(address("startup_milestone", participation=place.pk, milestone=goal.pk))
    theirs.get_by_label("Ya", exact=True).check()
    theirs.get_by_role("button", name="Beri tahu tim").click()
    expect(theirs.locator(".milestones .done")).to_have_count(1)
    assert Evidence.objects.get().accepted is True


@SCREENS
def test_every_other_page_fits(site: Site, new_context: Contexts, screen: dict[str, object]) -> None:
    manager = make_manager()
    cohort = make_cohort(by=manager)
    place = make_place(cohort, make_startup("Startup dengan nama yang panjang sekali, lebih dari satu baris"))
    page = new_context(**screen).new_page()
    sign_in(page, manager)
    number = cohort.number
    for path in (
        "/startup/kelola/",
        "/startup/kelola/alumni/",
        "/startup/kelola/panggilan/baru/",
        f"/startup/kelola/angkatan/{number}/",
        f"/startup/kelola/angkatan/{number}/hari-demo/",
        f"/startup/kelola/angkatan/{number}/tonggak/",
        f"/startup/angkatan/{number}/kurikulum/",
        f"/startup/inkubasi/{place.pk}/",
        f"/startup/inkubasi/{place.pk}/pendamping/",
        f"/startup/tim/{place.startup.number}/",
        f"/startup/tim/{place.startup.number}/angka/",
        "/startup/panggilan/",
        "/beranda/",
    ):
        answer = page.goto(path)
        assert answer and answer.ok, path
        looks_good(page)
    sign_in(page, make_person(role=Role.REVIEWER))
    page.goto("/startup/penilaian/")  # nothing to judge
    looks_good(page)
    sign_in(page, make_person())
    page.goto("/startup/saya/")  # nothing yet
    looks_good(page)
