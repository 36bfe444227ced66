"""Every page of a loan's life, opened by those who may and by those who may not."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mbois import clock
from mbois.financing import actions
from mbois.financing.models import Application, Loan, State
from mbois.financing.tests.factories import Bank, lend, make_owned_enterprise
from mbois.ledger.models import Transfer
from mbois.people.models import Person
from mbois.people.tests.factories import make_person, picture


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def page(name: str, **kwargs: object) -> str:
    return reverse(name, kwargs=kwargs)


def test_the_scheme_is_public_and_works_out_a_schedule(client: Client, bank: Bank) -> None:
    answer = client.get("/ojir/?principal=10.000.000&months=24", headers={"accept-language": "en"})
    assert answer.status_code == 200
    assert "Rp 417,000" in answer.content.decode()
    assert "Rp 409,000" in answer.content.decode()


def test_the_scheme_says_why_an_amount_does_not_fit(client: Client, bank: Bank) -> None:
    text = client.get(
        "/ojir/?principal=50.000.000&months=12", headers={"accept-language": "en"}
    ).content.decode()
    assert "between Rp 1,000,000 and Rp 10,000,000" in text
    assert 'value="50.000.000"' in text


def test_somebody_applies_for_themselves(bank: Bank) -> None:
    enterprise = make_owned_enterprise()
    person = enterprise.owner.person
    client = signed_in(person)
    assert client.get("/pengajuan/baru/").url == f"/pengajuan/baru/?usaha={enterprise.number}"
    assert "How much" in client.get(f"/pengajuan/baru/?usaha={enterprise.number}").content.decode()
    answer = client.post(
        "/pengajuan/baru/", {"usaha": enterprise.number, "amount_asked": "4.000.000", "months_asked": "12"}
    )
    application = Application.objects.get()
    fill = page("application_fill", application=application.number)
    assert answer.url == f"{fill}?langkah=utang"
    answer = client.post(
        f"{fill}?langkah=utang",
        {
            "lender": ["Pak X", ""],
            "outstanding": ["2.100.000", ""],
            "borrowed": ["", ""],
            "monthly_payment": ["700rb", ""],
        },
    )
    assert answer.url == f"{fill}?langkah=keluarga"
    assert application.debts.get().monthly_payment == 700_000
    client.post(f"{fill}?langkah=keluarga", {"married": "no", "household_members": "4"})
    client.post(
        f"{fill}?langkah=pinjaman", {"amount_asked": "4000000", "months_asked": "12", "purpose": "Kedelai"}
    )
    papers = {f"paper_{kind}": picture() for kind in ("ktp", "kk", "sktm", "debt_proof", "business")}
    answer = client.post(f"{fill}?langkah=berkas", papers)
    assert answer.url == f"{fill}?langkah=persetujuan"
    assert application.papers.count() == 5
    answer = client.post(f"{fill}?langkah=persetujuan", {"agree": "on"})
    assert answer.url == f"{fill}?langkah=kirim"
    for step in ("pinjaman", "utang", "keluarga", "berkas", "persetujuan", "kirim"):
        assert client.get(f"{fill}?langkah={step}").status_code == 200, step
    client.post(f"{fill}?langkah=kirim")
    application.refresh_from_db()
    assert application.state == State.SUBMITTED


def test_an_application_that_lacks_something_is_not_sent_and_says_what(bank: Bank) -> None:
    draft = bank.draft()
    client = signed_in(draft.borrower.person)
    answer = client.post(f"{page('application_fill', application=draft.number)}?langkah=kirim")
    assert answer.status_code == 200
    assert "It cannot be sent yet" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_a_wrong_debt_keeps_what_was_typed(bank: Bank) -> None:
    draft = bank.draft()
    client = signed_in(draft.borrower.person)
    answer = client.post(
        f"{page('application_fill', application=draft.number)}?langkah=utang",
        {"lender": ["Bu Y"], "outstanding": ["banyak"], "borrowed": [""], "monthly_payment": [""]},
    )
    text = answer.content.decode()
    assert 'value="Bu Y"' in text and 'value="banyak"' in text and "Enter an amount of money" in text
    assert draft.debts.get().lender == "Bank titil Pak X"


def test_a_row_of_debts_is_added_and_taken_away_without_a_script(bank: Bank) -> None:
    draft = bank.draft()
    client = signed_in(draft.borrower.person)
    fill = f"{page('application_fill', application=draft.number)}?langkah=utang"
    rows = {"lender": ["A"], "outstanding": ["100.000"], "borrowed": [""], "monthly_payment": [""]}
    assert client.post(fill, {**rows, "more": "1"}).content.decode().count('name="lender"') == 2
    client.post(fill, {**rows, "remove": "0"})
    assert not draft.debts.exists()


def test_a_bad_paper_does_not_lose_the_good_ones(bank: Bank) -> None:
    draft = bank.draft()
    client = signed_in(draft.borrower.person)
    from django.core.files.base import ContentFile

    answer = client.post(
        f"{page('application_fill', application=draft.number)}?langkah=berkas",
        {"paper_ktp": picture(), "paper_kk": ContentFile(b"not a picture", name="kk.jpg")},
    )
    assert answer.status_code == 200
    assert [paper.kind for paper in draft.papers.all()] == ["ktp"]


def test_typing_saves_by_itself_and_answers_the_conditions(bank: Bank) -> None:
    draft = bank.draft()
    client = signed_in(draft.borrower.person)
    answer = client.post(
        f"{page('application_fill', application=draft.number)}?langkah=pinjaman",
        {"amount_asked": "3.000.000", "months_asked": "", "purpose": "Wajan"},
        headers={"HX-Request": "true", "HX-Target": "syarat"},
    )
    assert b"<html" not in answer.content and b'id="syarat"' in answer.content
    draft.refresh_from_db()
    assert (draft.amount_asked, draft.months_asked, draft.purpose) == (3_000_000, 12, "Wajan")


def test_an_officer_applies_at_the_door_with_a_signature(bank: Bank) -> None:
    enterprise = make_owned_enterprise(person=make_person("Bu Sri"))
    client = signed_in(bank.field)
    assert enterprise.name in client.get(f"/pengajuan/baru/?q={enterprise.name}").content.decode()
    client.post(
        "/pengajuan/baru/", {"usaha": enterprise.number, "amount_asked": "2000000", "months_asked": "8"}
    )
    application = Application.objects.get()
    assert application.entered_by == bank.field
    fill = page("application_fill", application=application.number)
    text = client.get(f"{fill}?langkah=persetujuan").content.decode()
    assert "Read this aloud to Bu Sri" in text
    assert client.post(f"{fill}?langkah=persetujuan", {"agree": "on"}).status_code == 200
    client.post(f"{fill}?langkah=persetujuan", {"agree": "on", "evidence_photo": picture()})
    consent = application.borrower.person.consents.get()
    assert (consent.method, consent.recorded_by) == ("thumb", bank.field)
    assert (
        "Entered by Field for Bu Sri"
        in client.get(page("application", application=application.number)).content.decode()
    )


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
    assert "Rp 240,000" in client.get(url).content.decode()
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
    assert "The household can pay up to Rp 800,000" in client.get(url).content.decode()
    text = client.post(url, {"granted": "yes", "amount": "5.000.000", "months": "12"}).content.decode()
    assert "No more than the Rp 4,000,000" in text and "5.000.000" in text
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
    assert "Rp 300,000" in answer.content.decode() and b"<html" not in answer.content
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


def test_the_teller_pays_out_once(bank: Bank) -> None:
    application = bank.signed()
    client = signed_in(bank.teller)
    url = page("application_disburse", application=application.number)
    debt = application.debts.get()
    form = {f"debt_{debt.pk}": "2.000.000", "key": f"disburse:{application.number}"}
    assert "Rp 1,000,000,000" in client.get(url).content.decode()
    asked = client.post(url, form).content.decode()
    assert "Pay out Rp 4,000,000?" in asked and "Rp 2,000,000 to the loan sharks" in asked
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


def test_the_borrower_sees_the_next_instalment_first(bank: Bank) -> None:
    loan = bank.disbursed()
    text = signed_in(loan.borrower.person).get(page("loan", loan=loan.number)).content.decode()
    assert "Instalment 1" in text and "Rp 334,000" in text and "Rp 4,000,000" in text
    assert "You no longer pay them Rp 700,000 a month" in text


def test_a_loan_as_it_stood_on_a_day(bank: Bank) -> None:
    today = clock.today()
    loan = lend(bank, today - timedelta(days=100))
    bank.pay(loan, 334_000, on=today - timedelta(days=50))
    client = signed_in(bank.auditor)
    day = today - timedelta(days=60)
    text = client.get(f"{page('loan', loan=loan.number)}?on={day.isoformat()}").content.decode()
    assert "As it stood at the end of" in text and "Rp 4,000,000" in text
    before = client.get(f"{page('loan', loan=loan.number)}?on=2001-01-01").content.decode()
    assert "not disbursed before" in before


def test_the_teller_finds_a_loan_with_a_typing_error(bank: Bank) -> None:
    loan = bank.disbursed(
        enterprise=make_owned_enterprise(person=make_person("Sulastri Wahyuni"), name="Bakso Cak Ri")
    )
    client = signed_in(bank.teller)
    for text in ("Sulastry", "bakso", loan.number):
        answer = client.get(f"/teller/?q={text}", follow=True)
        assert loan.number in answer.content.decode(), text
    assert "No loan fits" in client.get("/teller/?q=zzzzzz").content.decode()


def test_a_double_click_and_a_second_tab_are_one_payment(bank: Bank) -> None:
    loan = bank.disbursed()
    client = signed_in(bank.teller)
    url = page("teller_take", loan=loan.number)
    one, two = client.get(url), client.get(url)
    key = one.context["form"]["key"].value()
    assert key == two.context["form"]["key"].value()
    form = {"amount": "334.000", "effective_date": clock.today().isoformat(), "key": key}
    first, second = client.post(url, form), client.post(url, form)
    assert first.url == second.url
    loan.refresh_from_db()
    assert loan.paid_total == 334_000
    assert client.get(url).context["form"]["key"].value() != key


def test_another_amount_from_a_stale_tab_is_questioned(bank: Bank) -> None:
    loan = bank.disbursed()
    client = signed_in(bank.teller)
    url = page("teller_take", loan=loan.number)
    key = client.get(url).context["form"]["key"].value()
    form = {"effective_date": clock.today().isoformat(), "key": key}
    client.post(url, {**form, "amount": "334.000"})
    answer = client.post(url, {**form, "amount": "500.000"})
    assert answer.status_code == 422 and "meanwhile" in answer.content.decode()
    loan.refresh_from_db()
    assert loan.paid_total == 334_000


def test_more_than_is_left_is_refused_beside_the_amount(bank: Bank) -> None:
    loan = bank.disbursed()
    client = signed_in(bank.teller)
    answer = client.post(
        page("teller_take", loan=loan.number),
        {"amount": "9.000.000", "effective_date": clock.today().isoformat(), "key": "k"},
    )
    text = answer.content.decode()
    assert answer.status_code == 422 and "Only Rp 4,000,000 is left" in text and "9.000.000" in text


def test_a_backdated_payment_needs_a_reason_and_keeps_it(bank: Bank) -> None:
    today = clock.today()
    loan = lend(bank, today - timedelta(days=40))
    client = signed_in(bank.teller)
    url = page("teller_take", loan=loan.number)
    day = (today - timedelta(days=3)).isoformat()
    assert (
        "Say why the payment is dated back"
        in client.post(url, {"amount": "334000", "effective_date": day, "key": "k"}).content.decode()
    )
    client.post(url, {"amount": "334000", "effective_date": day, "key": "k", "why": "collected at home"})
    assert Transfer.objects.get(kind="repayment").memo == "teller: collected at home"


def test_a_receipt_is_whole_for_its_people_and_masked_for_others(bank: Bank) -> None:
    loan = bank.disbursed(enterprise=make_owned_enterprise(person=make_person("Sulastri Wahyuni")))
    reference = bank.pay(loan, 334_000)
    url = page("receipt", reference=reference)
    public = Client().get(url, headers={"accept-language": "en"})
    assert "Valid receipt" in public.content.decode() and "Sulastri" not in public.content.decode()
    assert public.headers["X-Robots-Tag"].startswith("noindex")
    own = signed_in(loan.borrower.person)
    assert "Sulastri Wahyuni" in own.get(url).content.decode()
    assert own.get(page("receipt_pdf", reference=reference)).content[:4] == b"%PDF"
    assert Client().get(page("receipt_pdf", reference=reference)).status_code == 302


def test_another_person_undoes_a_payment_with_a_reason(bank: Bank) -> None:
    loan = bank.disbursed()
    reference = bank.pay(loan, 334_000)
    url = page("receipt_undo", reference=reference)
    assert "Somebody else must undo it" in signed_in(bank.teller).get(url).content.decode()
    same = signed_in(bank.teller).post(url, {"reason": "wrong", "confirmed": "yes"})
    assert same.status_code == 422
    other = signed_in(bank.teller2)
    assert "Undo the payment of" in other.post(url, {"reason": "wrong person"}).content.decode()
    other.post(url, {"reason": "wrong person", "confirmed": "yes"})
    loan.refresh_from_db()
    assert loan.paid_total == 0
    text = (
        Client().get(page("receipt", reference=reference), headers={"accept-language": "en"}).content.decode()
    )
    assert "this payment does not count" in text


def test_a_paid_off_loan_has_its_certificate_and_verification(bank: Bank) -> None:
    loan = bank.disbursed()
    own = signed_in(loan.borrower.person)
    assert own.get(page("loan_certificate", loan=loan.number)).status_code == 409
    bank.pay(loan, 4_000_000)
    assert "You are free" in own.get(page("loan", loan=loan.number)).content.decode()
    assert own.get(page("loan_certificate", loan=loan.number)).content[:4] == b"%PDF"
    text = Client().get(page("verify", code=loan.code), headers={"accept-language": "en"}).content.decode()
    assert "Paid off" in text and loan.borrower.name not in text


def test_a_contract_is_verified_by_its_code(bank: Bank) -> None:
    application = bank.signed()
    code = application.contracts.get().code
    text = Client().get(page("verify", code=code), headers={"accept-language": "en"}).content.decode()
    assert "This contract is genuine" in text and application.borrower.name not in text
    assert Client().get("/periksa/00000000-0000-4000-8000-000000000000/").status_code == 404


def test_the_day_of_a_teller_and_paying_in(bank: Bank) -> None:
    loan = bank.disbursed()
    bank.pay(loan, 334_000)
    client = signed_in(bank.teller)
    text = client.get("/teller/hari/").content.decode()
    assert "Rp 334,000" in text and loan.number in text
    assert (
        "Pay Rp 334,000 into the fund?"
        in client.post("/teller/setor/", {"region": "35.73", "scheme": "OJIR"}).content.decode()
    )
    client.post("/teller/setor/", {"region": "35.73", "scheme": "OJIR", "confirmed": "yes"})
    again = client.post(
        "/teller/setor/", {"region": "35.73", "scheme": "OJIR", "confirmed": "yes"}, follow=True
    )
    assert "nothing to pay in" in again.content.decode()
    assert client.get("/teller/hari/?on=nonsense").status_code == 200


def test_rt_confirms(bank: Bank) -> None:
    loan = bank.disbursed()
    client = signed_in(bank.field)
    assert loan.borrower.name in client.get("/konfirmasi/").content.decode()
    url = page("confirmation", loan=loan.number)
    answer = client.post(
        url, {"body": "rt", "said_by": "Pak RT", "rentenir_paid": "no", "money_works": "yes"}
    )
    assert answer.status_code == 422 and "Describe what is wrong" in answer.content.decode()
    client.post(url, {"body": "rt", "said_by": "Pak RT", "rentenir_paid": "yes", "money_works": "yes"})
    assert "Pak RT" in client.get(url).content.decode()
    assert client.get("/konfirmasi/?keadaan=selesai").status_code == 200


def test_the_admin_changes_the_scheme_and_it_is_written_down(bank: Bank) -> None:
    client = signed_in(bank.admin)
    url = page("scheme", region="35.73", scheme="OJIR")
    form = client.get(url).context["forms"]["terms"]
    values = {name: form[name].value() for name in form.fields}
    values = {
        name: ("on" if value is True else value) for name, value in values.items() if value is not False
    }
    wrong = client.post(url, {**values, "form": "terms", "minimum": "20.000.000"})
    assert wrong.status_code == 422 and "20.000.000" in wrong.content.decode()
    client.post(url, {**values, "form": "terms", "maximum": "12.000.000"})
    bank.scheme.refresh_from_db()
    assert bank.scheme.maximum == 12_000_000
    assert "10,000,000 → 12,000,000" in client.get(url).content.decode()


def test_the_admin_adds_money_once_and_declares_a_holiday(bank: Bank) -> None:
    client = signed_in(bank.admin)
    url = page("scheme", region="35.73", scheme="OJIR")
    form = {
        "form": "fund",
        "amount": "5.000.000",
        "effective_date": clock.today().isoformat(),
        "key": client.get(url).context["forms"]["fund"]["key"].value(),
    }
    assert "Add Rp 5,000,000" in client.post(url, form).content.decode()
    client.post(url, {**form, "confirmed": "yes"})
    client.post(url, {**form, "confirmed": "yes"})
    assert client.get(url).context["fund"] == 1_005_000_000
    client.post(
        url, {"form": "holiday", "day": (clock.today() + timedelta(days=5)).isoformat(), "name": "Hari Jadi"}
    )
    assert "Hari Jadi" in client.get(url).content.decode()
    assert signed_in(bank.teller).get(url).status_code == 404


def test_the_books_balance_and_close(bank: Bank) -> None:
    loan = bank.disbursed()
    bank.pay(loan, 334_000)
    reader = signed_in(bank.auditor)
    assert reader.get("/buku/").url == page("trial_balance", region="35.73")
    text = reader.get(page("trial_balance", region="35.73")).content.decode()
    assert "In balance" in text and "Loans to borrowers" in text
    assert reader.get(page("accounts", region="35.73")).status_code == 200
    text = reader.get(page("account_statement", region="35.73", account="fund:OJIR")).content.decode()
    assert "−Rp 2,100,000" in text
    assert reader.get(page("trial_balance", region="35.73") + "?unduh=xlsx").status_code == 200
    assert (
        reader.get(page("account_statement", region="35.73", account="fund:OJIR") + "?unduh=csv").status_code
        == 200
    )
    day = {"through": (clock.today() - timedelta(days=1)).isoformat(), "confirmed": "yes"}
    assert reader.post(page("trial_balance", region="35.73"), day).status_code == 403
    admin = signed_in(bank.admin)
    admin.post(page("trial_balance", region="35.73"), day)
    again = admin.post(page("trial_balance", region="35.73"), day)
    assert again.status_code == 422 and "closed through" in again.content.decode()


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


def questions(url: str, person: Person) -> int:
    """How many queries a page asks."""
    client = signed_in(person)
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def test_lists_ask_at_most_six_questions_beyond_the_frame_whatever_their_length(bank: Bank) -> None:
    lists = ("/pengajuan/", "/pinjaman/", "/konfirmasi/")
    bank.disbursed()
    bank.submitted()
    frame = questions("/tentang/privasi/", bank.field)  # session, person, roles, badges of the menu
    few = {url: questions(url, bank.field) for url in lists}
    for _number in range(5):
        bank.disbursed()
        bank.submitted()
    assert {url: questions(url, bank.field) for url in lists} == few
    assert all(count - frame <= 6 for count in few.values()), (frame, few)


def test_home_shows_the_loan_and_the_work(bank: Bank) -> None:
    loan = bank.disbursed()
    bank.submitted()
    assert "Rp 334,000" in signed_in(loan.borrower.person).get("/beranda/").content.decode()
    assert "application waits for you" in signed_in(bank.field).get("/beranda/").content.decode()
    owner = make_owned_enterprise().owner.person
    assert "Caught by a loan shark?" in signed_in(owner).get("/beranda/").content.decode()


def test_a_withdrawn_application_is_asked_for_first(bank: Bank) -> None:
    application = bank.submitted()
    client = signed_in(application.borrower.person)
    url = page("application_withdraw", application=application.number)
    assert client.get(url).status_code == 405
    assert "Withdraw application" in client.post(url).content.decode()
    client.post(url, {"confirmed": "yes"})
    application.refresh_from_db()
    assert application.state == State.WITHDRAWN
    assert client.get(page("application", application=application.number)).status_code == 200


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


def test_dates_of_long_ago_do_no_harm(bank: Bank) -> None:
    assert date.min.year == 1
    client = signed_in(bank.auditor)
    for query in ("on=0001-01-01", "on=9999-12-31", "on=x"):
        assert client.get(page("trial_balance", region="35.73") + f"?{query}").status_code == 200
    assert (
        client.get(
            page("account_statement", region="35.73", account="fund:OJIR") + "?since=0001-01-01"
        ).status_code
        == 200
    )
