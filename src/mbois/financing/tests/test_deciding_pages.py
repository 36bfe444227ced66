"""The pages of those who visit, assess, decide and pay out; the queue."""

import uuid
from datetime import date, timedelta

import pytest
from tests.counting import questions

from mbois import clock
from mbois.financing import actions, contracts
from mbois.financing.models import Application, Decision, Loan, State
from mbois.financing.tests.factories import Bank
from mbois.financing.tests.pages import page, signed_in
from mbois.people.tests.factories import make_person, picture


@pytest.mark.parametrize("stage", ["submitted", "visited", "assessed", "approved", "signed"])
def test_everybody_concerned_opens_the_application_at_every_stage(bank: Bank, stage: str) -> None:
    application: Application = getattr(bank, stage)()
    url = page("application", application=application.number)
    people = [
        application.borrower.person,
        bank.field,
        bank.assessor,
        bank.approver,
        bank.teller,
        bank.auditor,
        bank.admin,
    ]
    for person in people:
        answer = signed_in(person).get(url)
        assert answer.status_code == 200, person
        assert application.number in answer.content.decode()


def test_another_region_and_a_stranger_find_nothing(bank: Bank) -> None:
    other = Bank("35.07", fund=0)
    loan = bank.disbursed()
    application = loan.application
    reference = bank.pay(loan, 100_000)
    urls = [
        page("application", application=application.number),
        page("application_fill", application=application.number),
        page("application_contract", application=application.number),
        page("application_contract_pdf", application=application.number),
        page("application_return", application=application.number),
        page("application_assess", application=application.number),
        page("application_decide", application=application.number),
        page("application_disburse", application=application.number),
        page("loan", loan=loan.number),
        page("loan_certificate", loan=loan.number),
        page("disbursement_slip", loan=loan.number),
        page("teller_take", loan=loan.number),
        page("receipt_pdf", reference=reference),
        page("receipt_undo", reference=reference),
        page("confirmation", loan=loan.number),
        page("scheme", region="35.73", scheme="OJIR"),
        page("trial_balance", region="35.73"),
        page("account_statement", region="35.73", account="fund:OJIR"),
    ]
    for person in (other.field, other.teller, other.approver, other.admin):
        client = signed_in(person)
        for url in urls:
            # the books as a whole are closed to some roles
            assert client.get(url).status_code in ({403, 404} if "/buku/" in url else {404}), (person, url)
    stranger = signed_in(make_person())
    for url in urls[:-3]:
        assert stranger.get(url).status_code == 404, url


def test_the_assessor_assesses(bank: Bank) -> None:
    application = bank.visited()
    client = signed_in(bank.assessor)
    url = page("application_assess", application=application.number)
    assert "Rp\u00a0240,000" in client.get(url).content.decode()
    text = client.post(
        url, {"monthly_income": "1.200.000", "members": "4", "needy": "no", "covers_cost": "yes"}
    ).content.decode()
    assert "Give the reasons for a no" in text and "1.200.000" in text
    client.post(url, {"monthly_income": "1.200.000", "members": "4", "needy": "yes", "covers_cost": "yes"})
    application.refresh_from_db()
    assert application.state == State.ASSESSED


def test_the_approver_decides_within_what_was_asked(bank: Bank) -> None:
    application = bank.assessed()
    client = signed_in(bank.approver)
    url = page("application_decide", application=application.number)
    assert "The household can pay up to Rp\u00a0800,000" in client.get(url).content.decode()
    text = client.post(url, {"granted": "yes", "amount": "5.000.000", "months": "12"}).content.decode()
    assert "No more than the Rp\u00a04,000,000" in text and "5.000.000" in text
    text = client.post(url, {"granted": "no"}).content.decode()
    assert "Say why it is refused" in text
    client.post(url, {"granted": "yes", "amount": "3.000.000", "months": "10"})
    application.refresh_from_db()
    assert application.state == State.APPROVED


def test_the_schedule_follows_while_the_amount_is_typed(bank: Bank) -> None:
    application = bank.assessed()
    answer = signed_in(bank.approver).post(
        page("application_decide", application=application.number),
        {"amount": "3.000.000", "months": "10", "granted": "yes"},
        headers={"HX-Request": "true", "HX-Target": "rencana"},
    )
    assert "Rp\u00a0300,000" in answer.content.decode() and b"<html" not in answer.content
    application.refresh_from_db()
    assert application.state == State.ASSESSED


def test_who_took_part_is_told_why_another_decides(bank: Bank) -> None:
    from mbois.people.tests.factories import join

    join(bank.assessor, "approver")
    application = bank.assessed()
    text = signed_in(bank.assessor).get(page("application", application=application.number)).content.decode()
    assert "you assessed it" in text and "Somebody else decides" in text
    answer = signed_in(bank.assessor).post(
        page("application_decide", application=application.number),
        {"granted": "yes", "amount": "3.000.000", "months": "10"},
    )
    assert "You took part in this application" in answer.content.decode()


def test_a_returned_application_says_what_is_missing(bank: Bank) -> None:
    application = bank.submitted()
    client = signed_in(bank.field)
    url = page("application_return", application=application.number)
    assert b"aria-invalid" in client.post(url, {"reason": ""}).content
    client.post(url, {"reason": "The KK cannot be read."})
    owner = signed_in(application.borrower.person)
    text = owner.get(page("application_fill", application=application.number)).content.decode()
    assert "The KK cannot be read." in text


def test_the_contract_is_made_read_and_signed(bank: Bank) -> None:
    application = bank.approved()
    client = signed_in(bank.field)
    url = page("application_contract", application=application.number)
    assert "Make the contract" in client.get(url).content.decode()
    client.post(url, {"make": "1"})
    assert "Read this aloud" in client.get(url).content.decode()
    pdf = client.get(page("application_contract_pdf", application=application.number))
    assert b"".join(pdf)[:4] == b"%PDF"
    assert "Sign in the box" in client.post(url, {"sign": "1", "read_aloud": "on"}).content.decode()
    client.post(url, {"sign": "1", "read_aloud": "on", "signature_photo": picture()})
    application.refresh_from_db()
    assert application.state == State.SIGNED


def test_a_contract_of_another_day_says_that_day(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    application = bank.approved()
    said: dict[str, str] = {}
    monkeypatch.setattr(contracts, "render", lambda _name, values: said.update(values) or b"")
    decision = Decision.objects.get(application=application)
    contracts.contract_pdf(application, decision, uuid.uuid4(), day=date(2026, 3, 9))
    assert said["date"] == "9 Maret 2026"


def test_the_teller_pays_out_once(bank: Bank) -> None:
    application = bank.signed()
    client = signed_in(bank.teller)
    url = page("application_disburse", application=application.number)
    debt = application.debts.get()
    form = {f"debt_{debt.pk}": "2.000.000", "key": f"disburse:{application.number}"}
    assert "what the lender signed to" in client.post(url, form).content.decode()
    form[f"agreed_{debt.pk}"] = "Receipt: settled with 2 million"
    assert "Rp\u00a01,000,000,000" in client.get(url).content.decode()
    asked = client.post(url, form).content.decode()
    assert "Pay out Rp\u00a04,000,000?" in asked and "Rp\u00a02,000,000 to the loan sharks" in asked
    first = client.post(url, {**form, "confirmed": "yes"})
    again = client.post(url, {**form, "confirmed": "yes"})
    loan = Loan.objects.get()
    assert first.url == again.url == page("disbursement_slip", loan=loan.number)
    assert "capital for the business" in client.get(first.url).content.decode()


def test_a_settlement_above_the_loan_is_refused_and_kept(bank: Bank) -> None:
    application = bank.signed()
    debt = application.debts.get()
    answer = signed_in(bank.teller).post(
        page("application_disburse", application=application.number),
        {f"debt_{debt.pk}": "5.000.000", "confirmed": "yes"},
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "more than the loan" in text and 'value="5.000.000"' in text
    assert not Loan.objects.exists()


def test_an_empty_fund_is_said_before_paying(bank: Bank) -> None:
    poor = Bank("35.79", fund=0)
    application = poor.signed()
    text = (
        signed_in(poor.teller)
        .get(page("application_disburse", application=application.number))
        .content.decode()
    )
    assert "not enough money in the fund" in text


def test_the_queue_counts_what_waits_for_each_role(bank: Bank) -> None:
    bank.submitted()
    bank.visited()
    bank.assessed()
    for person, name in ((bank.field, "submitted"), (bank.assessor, "visited"), (bank.approver, "assessed")):
        answer = signed_in(person).get("/pengajuan/?lihat=giliran")
        rows = answer.context["table"].page_rows
        assert [row.state for row in rows] == [name]
    assert signed_in(make_person()).get("/pengajuan/").url == "/pengajuan/saya/"
    assert signed_in(bank.field).get("/pengajuan/?unduh=xlsx").status_code == 200


def test_late_applications_are_counted_like_the_clock(bank: Bank) -> None:
    from mbois.financing.queries import working_day_clock

    for days in range(10, 20):
        application = bank.submitted()
        Application.objects.filter(pk=application.pk).update(submitted_at=clock.now() - timedelta(days=days))
    rows = signed_in(bank.field).get("/pengajuan/?lihat=terlambat").context["table"].page_rows
    late = {row.pk for row in Application.objects.select_related("scheme") if working_day_clock(row).is_over}  # type: ignore[union-attr]
    assert {row.pk for row in rows} == late and late


def test_a_step_that_is_not_taken_says_so_and_loses_nothing(bank: Bank) -> None:
    visited, assessed = bank.visited(), bank.assessed()
    for person, url, typed in (
        (bank.field, page("application_return", application=visited.number), {"reason": " "}),
        (
            bank.assessor,
            page("application_assess", application=visited.number),
            {"monthly_income": "1.234.000", "members": "0", "needy": "yes", "covers_cost": "yes"},
        ),
        (
            bank.approver,
            page("application_decide", application=assessed.number),
            {"granted": "yes", "amount": "1.234.000", "months": ""},
        ),
    ):
        answer = signed_in(person).post(url, typed)
        assert answer.status_code == 422, url
        assert "1.234.000" in answer.content.decode() or "reason" in typed


def test_lists_ask_at_most_six_questions_beyond_the_frame_whatever_their_length(bank: Bank) -> None:
    lists = ("/pengajuan/", "/pinjaman/", "/konfirmasi/")
    bank.disbursed()
    bank.submitted()
    client = signed_in(bank.field)
    frame = questions(client, "/tentang/privasi/")  # session, person, roles, badges of the menu
    few = {url: questions(client, url) for url in lists}
    for _number in range(5):
        bank.disbursed()
        bank.submitted()
    assert {url: questions(client, url) for url in lists} == few
    assert all(count - frame <= 6 for count in few.values()), (frame, few)


def test_a_twin_visit_is_shown(bank: Bank) -> None:
    import uuid

    application = bank.submitted()
    report = bank.report()
    actions.record_visit(application, report, by=bank.field)
    actions.record_visit(
        application, bank.report(client_id=uuid.uuid4(), visited_at=report.visited_at), by=bank.field
    )
    text = signed_in(bank.assessor).get(page("application", application=application.number)).content.decode()
    assert "says the same as an earlier one" in text
