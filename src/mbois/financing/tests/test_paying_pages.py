"""The pages of a running loan: the borrower's, the teller's, receipts and verification."""

from datetime import timedelta

from django.test import Client

from mbois import clock
from mbois.financing.tests.factories import Bank, lend, make_owned_enterprise
from mbois.financing.tests.pages import page, signed_in
from mbois.ledger.models import Transfer
from mbois.people.tests.factories import make_person


def test_the_borrower_sees_the_next_instalment_first(bank: Bank) -> None:
    loan = bank.disbursed()
    text = signed_in(loan.borrower.person).get(page("loan", loan=loan.number)).content.decode()
    assert "Instalment 1" in text and "Rp\u00a0334,000" in text and "Rp\u00a04,000,000" in text
    assert "You no longer pay them Rp\u00a0700,000 a month" in text


def test_a_loan_as_it_stood_on_a_day(bank: Bank) -> None:
    today = clock.today()
    loan = lend(bank, today - timedelta(days=100))
    bank.pay(loan, 334_000, on=today - timedelta(days=50))
    client = signed_in(bank.auditor)
    day = today - timedelta(days=60)
    text = client.get(f"{page('loan', loan=loan.number)}?on={day.isoformat()}").content.decode()
    assert "As it stood at the end of" in text and "Rp\u00a04,000,000" in text
    before = client.get(f"{page('loan', loan=loan.number)}?on=2001-01-01").content.decode()
    assert "not disbursed before" in before


def test_the_teller_finds_a_loan_with_a_typing_error(bank: Bank) -> None:
    loan = bank.disbursed(
        enterprise=make_owned_enterprise(person=make_person("Sulastri Wahyuni"), name="Bakso Cak Ri")
    )
    client = signed_in(bank.teller)
    for text in ("Sulastry", "bakso", loan.number, loan.enterprise.number.lower().replace("-", "")):
        answer = client.get(f"/teller/?q={text}", follow=True)
        assert loan.number in answer.content.decode(), text
    assert "No loan fits" in client.get("/teller/?q=zzzzzz").content.decode()
    for text in (loan.number, loan.number.lower().replace("-", ""), loan.number.replace("-", " ")):
        answer = client.get(f"/teller/?q={text}")
        assert answer.status_code == 302 and loan.number in answer["Location"]
    asked = f"/pengajuan/?q={loan.application.number.lower().replace('-', '')}"
    assert loan.application.number in signed_in(bank.auditor).get(asked).content.decode()


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
    assert answer.status_code == 422 and "Only Rp\u00a04,000,000 is left" in text and "9.000.000" in text


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
    assert public.content.count(b"<h1") == 1
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
    assert text.count("<h1") == 1
    assert Client().get("/periksa/00000000-0000-4000-8000-000000000000/").status_code == 404


def test_the_day_of_a_teller_and_paying_in(bank: Bank) -> None:
    loan = bank.disbursed()
    bank.pay(loan, 334_000)
    client = signed_in(bank.teller)
    text = client.get("/teller/hari/").content.decode()
    assert "Rp\u00a0334,000" in text and loan.number in text
    assert (
        "Pay Rp\u00a0334,000 into the fund?"
        in client.post("/teller/setor/", {"region": "35.73", "scheme": "OJIR"}).content.decode()
    )
    client.post("/teller/setor/", {"region": "35.73", "scheme": "OJIR", "confirmed": "yes"})
    again = client.post(
        "/teller/setor/", {"region": "35.73", "scheme": "OJIR", "confirmed": "yes"}, follow=True
    )
    assert "nothing to pay in" in again.content.decode()
    assert client.get("/teller/hari/?on=nonsense").status_code == 200


def test_home_shows_the_loan_and_the_work(bank: Bank) -> None:
    loan = bank.disbursed()
    bank.submitted()
    assert "Rp\u00a0334,000" in signed_in(loan.borrower.person).get("/beranda/").content.decode()
    assert "application waits for you" in signed_in(bank.field).get("/beranda/").content.decode()
    owner = make_owned_enterprise().owner.person
    assert "Caught by a loan shark?" in signed_in(owner).get("/beranda/").content.decode()
