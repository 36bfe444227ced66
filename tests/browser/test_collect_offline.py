"""A collector takes money where there is no signal: an honest paper now, one booking later."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from mbois import clock
from mbois.financing import actions
from mbois.financing.models import Loan
from mbois.financing.tests.factories import Bank, lend
from mbois.ledger.models import Transfer
from mbois.people.consents import load_texts
from tests.browser.conftest import Site, assert_accessible, assert_fits, sign_in


@pytest.fixture
def bank(site: Site) -> Bank:
    with clock.on(date(2020, 1, 1)):
        load_texts()
    return Bank()


@pytest.fixture
def loan(bank: Bank) -> Loan:
    return lend(bank, clock.today() - timedelta(days=70))


def repayments(loan: Loan) -> int:
    return Transfer.objects.filter(region_id=loan.region_id, credit=loan.account, kind="repayment").count()


def open_form(page: Page, loan: Loan) -> None:
    page.goto(f"/tagihan/{loan.number}/")
    expect(page.locator("[data-field][data-ready]")).to_be_attached()


def test_money_taken_without_a_line_is_booked_once_when_it_is_back(
    site: Site, bank: Bank, loan: Loan, phone: Page
) -> None:
    sign_in(phone, bank.field)
    open_form(phone, loan)
    site.line.cut()
    phone.locator("[data-amount='334000']").click()
    phone.locator("[data-send]").click()
    waiting = phone.locator("[data-panel=waiting]")
    expect(waiting).to_contain_text("belum dibukukan")
    expect(waiting.locator("[data-typed=amount]")).to_have_text("334.000")
    assert_fits(phone)
    assert_accessible(phone)
    assert repayments(loan) == 0
    site.line.mend()
    phone.locator("[data-outbox-bar] [data-send-now]").click()
    booked = phone.locator("[data-panel=sent]")
    expect(booked).to_be_visible()
    reference = Transfer.objects.get(kind="repayment").reference
    expect(booked.locator("[data-answer=reference]")).to_have_text(reference)
    phone.locator("[data-answer-url]").click()
    phone.wait_for_url(f"**/bukti/{reference}/")
    assert repayments(loan) == 1


def test_the_answer_is_lost_and_it_is_booked_once(site: Site, bank: Bank, loan: Loan, phone: Page) -> None:
    sign_in(phone, bank.field)
    open_form(phone, loan)
    site.line.break_next_post("/tagihan/", "answer")
    phone.locator("[data-send]").click()
    expect(phone.locator("[data-panel=waiting]")).to_be_visible()
    expect(phone.locator("[data-outbox-bar] [data-words]")).to_have_text("Menunggu dikirim (1)")
    site.stop()
    site.start()
    phone.locator("[data-outbox-bar] [data-send-now]").click()
    expect(phone.locator("[data-panel=sent]")).to_be_visible()
    assert repayments(loan) == 1


def test_more_than_is_left_comes_back_to_the_collector(
    site: Site, bank: Bank, loan: Loan, phone: Page
) -> None:
    sign_in(phone, bank.field)
    open_form(phone, loan)
    site.line.cut()
    phone.locator("[name=amount]").fill("500000")
    phone.locator("[data-send]").click()
    expect(phone.locator("[data-panel=waiting]")).to_be_visible()
    actions.record_repayment(loan, amount=3_800_000, by=bank.teller, key="at the counter")
    site.line.mend()
    phone.locator("[data-outbox-bar] [data-send-now]").click()
    expect(phone.locator(".field.wrong [data-said]")).to_contain_text("Rp 200.000")
    expect(phone.locator("[name=amount]")).to_have_value("500.000")
    phone.locator("[name=amount]").fill("200000")
    phone.locator("[data-send]").click()
    expect(phone.locator("[data-panel=sent]")).to_be_visible()
    loan.refresh_from_db()
    assert loan.outstanding == 0
