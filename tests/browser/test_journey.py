"""From registration to a paid-off loan, each step by the person whose it is, on real pages."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from playwright.sync_api import BrowserContext, Locator, Page, expect

from mbois.enterprises.models import Enterprise
from mbois.financing.models import Application, Loan, State
from mbois.financing.tests.factories import Bank, make_consent_text, make_owned_enterprise
from mbois.people.models import DemoMessage, Person, Role
from mbois.people.tests.factories import join, pdf, picture
from tests.browser.conftest import DESKTOP, PHONE, Site, assert_accessible, assert_fits, sign_in
from tests.factories import MALANG, load_places, make_nik, make_person, make_village

PICTURES = os.environ.get("MBOIS_PICTURES")  # a folder: keep a picture of every page


@dataclass
class City:
    """Who works on a loan, and who wants one."""

    bank: Bank
    village_officer: Person


@pytest.fixture
def city(site: Site) -> City:
    load_places()
    call_command("load_kbli", verbosity=0)
    call_command("load_consent_texts", verbosity=0)
    village = make_village(MALANG, "Purwantoro")
    return City(
        Bank(MALANG), make_person("Pak Lurah", role=Role.VILLAGE_OFFICER, region=MALANG, area=village.code)
    )


@dataclass
class Walk:
    """A browser that is handed from one person to the next."""

    page: Page
    language: str
    folder: Path
    width: int
    taken: int = 0
    problems: list[str] = field(default_factory=list)

    def as_(self, person: Person) -> Page:
        sign_in(self.page, person, language=self.language)
        return self.page

    def see(self, name: str) -> None:
        """The page that is open should fit and be accessible; `finish` says where it is not so."""
        for check in (assert_fits, assert_accessible):
            try:
                check(self.page)
            except AssertionError as problem:
                self.problems.append(f"{name}: {problem}")
        if PICTURES:
            self.picture(name)

    def finish(self) -> None:
        assert not self.problems, "\n\n".join(self.problems)

    def picture(self, name: str) -> None:
        self.taken += 1
        for look in ("light", "dark"):
            self.page.emulate_media(color_scheme=look)
            path = Path(PICTURES or ".") / f"{self.width}-{self.taken:02d}-{name}-{look}.png"
            self.page.wait_for_timeout(300)
            self.page.screenshot(path=path, full_page=True)
        self.page.emulate_media(color_scheme="light")
        self.page.wait_for_timeout(400)

    def files(self, *names: str) -> list[str]:
        """Papers and photos as somebody has them on their device."""
        made = []
        for name in names:
            path = self.folder / name
            content = pdf() if name.endswith(".pdf") else picture("JPEG", size=(900, 600))
            path.write_bytes(content.read())
            made.append(str(path))
        return made

    def money(self, digits: str) -> str:
        """As this language writes it."""
        return "Rp " + (digits if self.language == "id" else digits.replace(".", ","))

    def send(self) -> None:
        """The main button of the page's form."""
        self.page.locator("main form .actions button:not(.outline)").last.click()

    def confirm(self) -> None:
        self.page.locator("dialog.ask[open] button:not(.outline)").last.click()


@pytest.fixture(params=[("id", PHONE), ("en", DESKTOP)], ids=["phone", "desktop"])
def walk(
    request: pytest.FixtureRequest, new_context: Callable[..., BrowserContext], tmp_path: Path
) -> Iterator[Walk]:
    language, device = request.param
    context = new_context(**device)
    context.add_cookies([{"name": "django_language", "value": language, "url": context_url(request)}])
    yield Walk(context.new_page(), language, tmp_path, device["viewport"]["width"])


def context_url(request: pytest.FixtureRequest) -> str:
    site: Site = request.getfixturevalue("site")
    return site.url


def choose(page: Page, name: str, text: str, option: str) -> None:
    """Type in a box with suggestions and take the one that says `option`."""
    box = page.locator(f".choose:has(input[name={name}])")
    box.locator(".choose-box input").press_sequentially(text)
    box.locator("[role=option]", has_text=option).first.click()
    expect(box.locator(f"input[type=hidden][name={name}]")).not_to_have_value("")


def sign_on(page: Page) -> None:
    """Draw on the box for signatures."""
    canvas = page.locator(".signature canvas")
    canvas.scroll_into_view_if_needed()
    frame = canvas.bounding_box()
    assert frame
    left, top = frame["x"], frame["y"] + frame["height"] / 2
    page.mouse.move(left + 30, top)
    page.mouse.down()
    for step in range(1, 8):
        page.mouse.move(left + 30 + step * 20, top + (-20 if step % 2 else 20))
    page.mouse.up()
    expect(page.locator(".signature input[type=hidden]")).to_have_value(re.compile("^data:image/png"))


def sign_up(walk: Walk, settings: Any) -> Person:
    """By phone on a phone, by e-mail on a desk."""
    page, by_phone = walk.page, walk.width == 360
    settings.DEMO = True  # what is sent by SMS can be read
    page.goto("/")
    walk.see("landing")
    page.goto("/akun/daftar/")
    walk.see("signup")
    page.fill("[name=name]", "Siti Rahayu")
    page.fill("[name=phone]" if by_phone else "[name=email]", "081234567890" if by_phone else "siti@a.id")
    page.fill("[name=password1]", "kopi hitam tanpa gula 9")
    page.check("[name=agree]")
    walk.send()
    expect(page.locator("[name=code]")).to_be_visible()
    walk.see("code")
    text = DemoMessage.objects.latest("pk").body if by_phone else mail.outbox[-1].body
    code = re.search(r"\b[A-Z0-9]{3,4}-?[A-Z0-9]{3,4}\b", text)
    assert code
    page.fill("[name=code]", code[0])
    page.locator("main form button:not(.outline)").first.click()
    page.wait_for_url(lambda url: "/kode/" not in url)
    settings.DEMO = False
    page.goto("/beranda/")
    walk.see("home-of-owner")
    return Person.objects.get(name="Siti Rahayu")


def register(walk: Walk) -> Enterprise:
    page = walk.page
    page.goto("/usaha/daftar/")
    walk.see("register-begin")
    page.locator("button[name=for][value=self]").click()
    choose(page, "village", "purwantoro", "Purwantoro")
    page.fill("[name=address]", "Jl. Sanan Gg. 3 No. 12")
    page.fill("[name=rt]", "02")
    page.fill("[name=rw]", "15")
    walk.see("register-place")
    walk.send()
    page.fill("[name=name]", "Keripik Tempe Bu Siti")
    page.fill("[name=description]", "Keripik tempe gurih, dijual di warung dan daring.")
    choose(page, "kbli", "keripik tempe", "")
    page.fill("[name=started_on]", "2019-03-01")
    walk.see("register-business")
    walk.send()
    page.fill("[name=nik]", make_nik())
    walk.see("register-owner")
    walk.send()
    page.check("[name=nik_checked]")  # it was issued in another district than where she lives
    expect(page.locator("[name=nik]")).not_to_have_value("")
    walk.see("register-owner-warned")
    walk.send()
    page.fill("[name=capital]", "8.000.000")
    page.fill("[name=annual_sales]", "72.000.000")
    page.fill("[name=workers]", "2")
    walk.see("register-size")
    walk.send()
    page.set_input_files("[name=photos]", walk.files("depan.jpg", "keripik.jpg"))
    walk.see("register-photos")
    walk.send()
    page.check("[name=agreed]")
    walk.see("register-send")
    walk.send()
    page.wait_for_url(re.compile(r"/usaha/U-3573-"))
    walk.see("passport-submitted")
    return Enterprise.objects.get()


def verify(walk: Walk, officer: Person, enterprise: Enterprise) -> None:
    page = walk.as_(officer)
    page.goto("/beranda/")
    walk.see("home-of-village-officer")
    page.goto("/usaha/periksa/")
    walk.see("queue-of-village-officer")
    page.locator("main a", has_text=enterprise.name).first.click()
    for box in page.locator("[name=checks]").all():
        box.check()
    page.check("[name=outcome][value=verified]")
    walk.see("review")
    page.locator("main form.decide .actions button").first.click()
    page.wait_for_url(lambda url: not url.endswith("/periksa/") or "U-" not in url)
    enterprise.refresh_from_db()
    assert enterprise.state == "verified"


def begin(walk: Walk, owner: Person, enterprise: Enterprise) -> Application:
    page = walk.as_(owner)
    page.goto(f"/usaha/{enterprise.number}/")
    walk.see("passport-verified")
    page.goto("/ojir/")
    walk.see("ojir")
    page.goto(f"/usaha/{enterprise.number}/")
    page.locator("#financing a[role=button]").click()
    page.fill("[name=amount_asked]", "4.000.000")
    page.fill("[name=months_asked]", "12")
    expect(page.locator("#syarat .plan")).to_be_visible()
    walk.see("apply-begin")
    walk.send()
    page.wait_for_url(re.compile("langkah=utang"))
    return Application.objects.get()


def fill_in(walk: Walk, *, papers: bool = True) -> None:
    page = walk.page
    page.fill("[name=lender]", "Bank titil Pak Jo")
    page.fill("[name=outstanding]", "2.100.000")
    page.fill("[name=monthly_payment]", "700.000")
    walk.see("apply-debts")
    walk.send()
    page.wait_for_url(re.compile("langkah=keluarga"))
    page.check("[name=married][value=no]")
    page.fill("[name=household_members]", "4")
    walk.see("apply-household")
    walk.send()
    page.wait_for_url(re.compile("langkah=berkas"))
    if papers:
        hand_in(walk)
    else:
        walk.send()
    page.wait_for_url(re.compile("langkah=persetujuan"))
    page.check("[name=agree]")
    walk.see("apply-consent")
    walk.send()
    page.wait_for_url(re.compile("langkah=kirim"))


def hand_in(walk: Walk) -> None:
    page = walk.page
    for kind in ("ktp", "kk", "sktm", "debt_proof", "business"):
        name = f"{kind}.jpg" if kind in {"business", "ktp"} else f"{kind}.pdf"
        page.set_input_files(f"[name=paper_{kind}]", walk.files(name)[0])
    walk.see("apply-papers")
    walk.send()


def say_what_for(walk: Walk, application: Application) -> None:
    page = walk.page
    page.goto(f"/pengajuan/{application.number}/isi/?langkah=pinjaman")
    page.fill("[name=purpose]", "Wajan besar dan kedelai untuk bulan puasa")
    walk.see("apply-purpose")
    walk.send()
    page.wait_for_url(re.compile("langkah=utang"))


def submit(walk: Walk, application: Application) -> None:
    page = walk.page
    page.goto(f"/pengajuan/{application.number}/isi/?langkah=kirim")
    walk.see("apply-send")
    walk.send()
    page.wait_for_url(re.compile(rf"/pengajuan/{application.number}/$"))
    walk.see("application-of-owner")


def visit(walk: Walk, officer: Person, application: Application) -> None:
    page = walk.as_(officer)
    page.goto("/beranda/")
    walk.see("home-of-field-officer")
    page.goto("/kunjungan/")
    walk.see("visits")
    page.goto(f"/kunjungan/{application.number}/")
    expect(page.locator("[data-field][data-ready]")).to_be_attached()
    for radio in page.locator(".yesno input[value=yes]").all():
        radio.check()
    for number, word in enumerate(("Rajin, tiap pagi menggoreng", "Jualannya laris")):
        page.locator("[name=neighbour_name]").nth(number).fill(f"Bu RT {number + 1}")
        page.locator("[name=neighbour_word]").nth(number).fill(word)
    page.set_input_files("[data-photos]", walk.files("rumah.jpg"))
    expect(page.locator("[data-photo-list] img")).to_have_count(1)
    amounts = {"sales": "6000000", "costs": "3500000", "household": "1500000", "other_debts": "0"}
    for name, amount in amounts.items():
        page.fill(f"[name={name}]", amount)
    page.check("[name=advice][value=grant]")
    walk.see("visit")
    page.locator("[data-send]").click()
    expect(page.locator("[data-panel=sent]")).to_be_visible()
    walk.see("visit-sent")
    page.goto(f"/pengajuan/{application.number}/")
    walk.see("application-of-field-officer")


def assess(walk: Walk, assessor: Person, application: Application) -> None:
    page = walk.as_(assessor)
    page.goto("/beranda/")
    walk.see("home-of-assessor")
    page.goto("/pengajuan/")
    walk.see("queue-of-assessor")
    page.goto(f"/pengajuan/{application.number}/nilai/")
    page.fill("[name=monthly_income]", "1.800.000")
    page.check("[name=needy][value=yes]")
    page.check("[name=covers_cost][value=yes]")
    walk.see("assess")
    walk.send()
    page.wait_for_url(re.compile(rf"/pengajuan/{application.number}/$"))


def decide(walk: Walk, approver: Person, application: Application) -> None:
    page = walk.as_(approver)
    page.goto(f"/pengajuan/{application.number}/putuskan/")
    page.check("[name=granted][value=yes]")
    walk.see("decide")
    walk.send()
    page.wait_for_url(re.compile(rf"/pengajuan/{application.number}/$"))
    walk.see("application-of-approver")


def make_contract(walk: Walk, officer: Person, application: Application) -> None:
    page = walk.as_(officer)
    page.goto(f"/pengajuan/{application.number}/perjanjian/")
    page.locator("button[name=make]").click()
    expect(page.locator(".signature canvas")).to_be_visible()


def sign(walk: Walk, application: Application) -> None:
    page = walk.page
    answer = page.request.get(f"/pengajuan/{application.number}/perjanjian.pdf")
    assert answer.ok and answer.body().startswith(b"%PDF")
    page.check("[name=read_aloud]")
    sign_on(page)
    walk.see("contract")
    walk.send()
    page.wait_for_url(re.compile(rf"/pengajuan/{application.number}/$"))


def pay_out(walk: Walk, teller: Person, application: Application) -> Loan:
    page = walk.as_(teller)
    page.goto("/beranda/")
    walk.see("home-of-teller")
    page.goto(f"/pengajuan/{application.number}/cairkan/")
    expect(page.locator("[data-rest]")).to_have_text(walk.money("1.900.000"))
    walk.see("disburse")
    walk.send()
    walk.confirm()
    page.wait_for_url(re.compile("/bukti-cair/"))
    walk.see("slip")
    return Loan.objects.get(application=application)


def pay(walk: Walk, loan: Loan, amount: str) -> Locator:
    """Take a payment at the counter; gives the receipt."""
    page = walk.page
    page.goto("/teller/")
    page.locator("[type=search]").fill("siti rahayu")
    page.locator("#ketemu a.pick").click()
    page.fill("[name=amount]", amount)
    walk.see("take")
    walk.send()
    page.wait_for_url(re.compile("/bukti/"))
    walk.see("receipt")
    return page.locator(".receipt")


def test_from_registration_to_a_paid_off_loan(city: City, walk: Walk, settings: Any) -> None:
    bank, page = city.bank, walk.page
    owner = sign_up(walk, settings)
    enterprise = register(walk)
    verify(walk, city.village_officer, enterprise)
    application = begin(walk, owner, enterprise)
    say_what_for(walk, application)
    fill_in(walk)
    submit(walk, application)
    visit(walk, bank.field, application)
    assess(walk, bank.assessor, application)
    decide(walk, bank.approver, application)
    make_contract(walk, bank.field, application)
    sign(walk, application)
    loan = pay_out(walk, bank.teller, application)
    assert loan.principal == 4_000_000

    expect(pay(walk, loan, "334.000")).to_contain_text(walk.money("3.666.000"))
    walk.as_(owner)
    page.goto("/beranda/")
    walk.see("home-of-borrower")
    page.goto(f"/pinjaman/{loan.number}/")
    walk.see("loan-of-borrower")
    page.goto("/kabar/")
    walk.see("inbox-of-borrower")
    page.goto(f"/usaha/{enterprise.number}/")
    expect(page.locator("#financing")).to_contain_text(loan.number)
    walk.see("passport-of-borrower")

    walk.as_(bank.teller)
    expect(pay(walk, loan, "3.666.000")).to_contain_text("Rp 0")
    page.goto(f"/pinjaman/{loan.number}/")
    walk.see("loan-of-teller")
    walk.as_(owner)
    page.goto(f"/pinjaman/{loan.number}/")
    expect(page.locator(".freed")).to_be_visible()
    walk.see("paid-off")
    answer = page.request.get(f"/pinjaman/{loan.number}/lunas.pdf")
    assert answer.ok and answer.body().startswith(b"%PDF")
    page.context.clear_cookies()
    page.goto(f"/periksa/{loan.code}/")
    walk.see("verify")
    loan.refresh_from_db()
    assert loan.paid_total == loan.principal
    walk.finish()


# The same refused at each gate: a clear sentence, and nothing typed is lost.


@pytest.fixture
def bank(site: Site) -> Bank:
    return Bank()


@pytest.fixture
def desk(new_context: Callable[..., BrowserContext], tmp_path: Path) -> Iterator[Walk]:
    walk = Walk(new_context(**DESKTOP).new_page(), "en", tmp_path, 1440)
    yield walk
    walk.finish()


def refused(page: Page, sentence: str) -> None:
    """The page says so."""
    expect(page.locator("main")).to_contain_text(sentence)


def test_a_wrong_number_is_named_beside_its_field(bank: Bank, desk: Walk) -> None:
    load_places()
    call_command("load_consent_texts", verbosity=0)
    page = desk.as_(make_person("Bu Ani"))
    page.goto("/usaha/daftar/")
    page.locator("button[name=for][value=self]").click()
    choose(page, "village", "purwantoro", "Purwantoro")
    page.fill("[name=address]", "Jl. Sanan 9")
    desk.send()
    page.fill("[name=name]", "Sambal Bu Ani")
    desk.send()
    page.fill("[name=nik]", "3573053213850001")
    desk.send()
    expect(page.locator(".field:has([name=nik]) .error")).to_be_visible()
    expect(page.locator("[name=nik]")).to_have_value("3573053213850001")
    desk.see("refused-nik")
    page.goto("/usaha/daftar/")  # closed and come back: all is there
    page.locator("main a", has_text="Go on").click()
    expect(page.locator("[name=nik]")).to_have_value("3573053213850001")


def test_who_is_not_verified_cannot_send(bank: Bank, desk: Walk) -> None:
    application = bank.complete(bank.draft(enterprise=make_owned_enterprise(state="submitted")))
    page = desk.as_(application.borrower.person)
    page.goto(f"/pengajuan/{application.number}/isi/?langkah=kirim")
    desk.send()
    refused(page, "It cannot be sent yet. Needed: Your business is registered and has been checked")
    expect(page.locator("main")).to_contain_text("Bank titil Pak X: Rp 2,100,000")
    desk.see("refused-unverified")
    application.refresh_from_db()
    assert application.state == State.DRAFT


def test_without_papers_it_cannot_be_sent_and_what_was_typed_stays(bank: Bank, desk: Walk) -> None:
    make_consent_text()
    application = bank.draft(debt=0)
    page = desk.as_(application.borrower.person)
    page.goto(f"/pengajuan/{application.number}/isi/?langkah=utang")
    fill_in(desk, papers=False)
    desk.send()
    refused(page, "It cannot be sent yet. Needed: Still missing: Identity card (KTP)")
    desk.see("refused-papers")
    page.locator(".fixes a").first.click()
    page.wait_for_url(re.compile("langkah=berkas"))
    page.goto(f"/pengajuan/{application.number}/isi/?langkah=utang")
    expect(page.locator("[name=lender]").first).to_have_value("Bank titil Pak Jo")
    expect(page.locator("[name=outstanding]").first).to_have_value("2,100,000")
    application.refresh_from_db()
    assert application.state == State.DRAFT


def test_who_visited_cannot_decide(bank: Bank, desk: Walk) -> None:
    join(bank.field, Role.APPROVER)
    application = bank.assessed()
    page = desk.as_(bank.field)
    page.goto(f"/pengajuan/{application.number}/putuskan/")
    refused(page, "Somebody else decides this one")
    expect(page.locator("main form.card .actions button")).to_be_disabled()
    desk.see("refused-four-eyes")
    page.fill("[name=reason]", "Usahanya ramai")
    page.check("[name=granted][value=yes]")
    page.locator("main form.card").first.evaluate("form => form.submit()")  # past the closed button
    refused(page, "You took part in this application; somebody else must do this step.")
    expect(page.locator("[name=reason]")).to_have_value("Usahanya ramai")
    application.refresh_from_db()
    assert application.state == State.ASSESSED


def test_no_more_than_asked_is_granted(bank: Bank, desk: Walk) -> None:
    application = bank.assessed()
    page = desk.as_(bank.approver)
    page.goto(f"/pengajuan/{application.number}/putuskan/")
    page.check("[name=granted][value=yes]")
    page.fill("[name=amount]", "5.000.000")
    page.fill("[name=reason]", "Wajan lebih besar")
    desk.send()
    refused(page, "No more than the Rp 4,000,000 that was asked for.")
    expect(page.locator("[name=amount]")).to_have_value("5.000.000")
    expect(page.locator("[name=reason]")).to_have_value("Wajan lebih besar")
    desk.see("refused-amount")


def test_without_a_signature_nothing_is_signed_or_paid_out(bank: Bank, desk: Walk) -> None:
    application = bank.approved()
    make_contract(desk, bank.field, application)
    page = desk.page
    page.check("[name=read_aloud]")
    desk.send()
    expect(page.locator("main form .error").first).to_be_visible()
    expect(page.locator("[name=read_aloud]")).to_be_checked()
    desk.see("refused-signature")
    desk.as_(bank.teller)
    page.goto(f"/pengajuan/{application.number}/cairkan/")
    expect(page.locator("body")).to_contain_text("The contract is not signed.")
    desk.see("refused-unsigned")
    assert not Loan.objects.exists()


def test_more_than_is_left_is_not_taken(bank: Bank, desk: Walk) -> None:
    loan = bank.disbursed()
    page = desk.as_(bank.teller)
    page.goto(f"/teller/{loan.number}/")
    page.fill("[name=amount]", "4.000.001")
    desk.send()
    refused(page, "Only Rp 4,000,000 is left to pay.")
    expect(page.locator("[name=amount]")).to_have_value("4.000.001")
    desk.see("refused-too-much")
    loan.refresh_from_db()
    assert loan.paid_total == 0
