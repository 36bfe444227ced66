"""The pages of who runs a scheme: figures, fund, confirmations, books."""

from datetime import date, timedelta

from tests.counting import questions

from mbois import clock
from mbois.enterprises.models import Owner
from mbois.financing.tests.factories import Bank, make_owned_enterprise, quick_loan
from mbois.financing.tests.pages import page, signed_in
from mbois.places.models import Holiday


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
    old = client.post(url, {**form, "effective_date": "1900-01-01"})
    assert old.status_code == 422 and "Not before" in old.content.decode()
    assert "Add Rp\u00a05,000,000" in client.post(url, form).content.decode()
    client.post(url, {**form, "confirmed": "yes"})
    client.post(url, {**form, "confirmed": "yes"})
    other = client.post(url, {**form, "amount": "7.000.000", "confirmed": "yes"})
    assert other.status_code == 422 and "with something else in it" in other.content.decode()
    assert other.context["forms"]["fund"]["amount"].value() == "7.000.000"
    assert other.context["forms"]["fund"]["key"].value() != form["key"]
    assert client.get(url).context["fund"] == 1_005_000_000
    client.post(
        url, {"form": "holiday", "day": (clock.today() + timedelta(days=5)).isoformat(), "name": "Hari Jadi"}
    )
    assert "Hari Jadi" in client.get(url).content.decode()
    back = {"form": "holiday_back", "day": (clock.today() + timedelta(days=5)).isoformat()}
    asked = client.post(url, back).content.decode()
    assert "Take back the day off" in asked and Holiday.objects.exists()
    assert client.post(url, {**back, "confirmed": "yes"}).status_code == 302
    assert not Holiday.objects.exists()
    happened = [(one.what, one.who) for one in client.get(url).context["events"][:2]]
    assert happened == [("Day off taken back", bank.admin.name), ("Day off declared", bank.admin.name)]
    again = client.post(url, {**back, "confirmed": "yes"})
    assert again.status_code == 422 and "taken back already" in again.content.decode()
    assert signed_in(bank.teller).get(url).status_code == 404


def test_lists_of_the_counter_and_the_books_ask_as_often_whatever_their_length(bank: Bank) -> None:
    fund = page("account_statement", region="35.73", account="fund:OJIR")
    lists = {
        "/teller/hari/": bank.teller,
        "/teller/?q=usaha": bank.teller,
        page("accounts", region="35.73"): bank.auditor,
        page("trial_balance", region="35.73"): bank.auditor,
        fund: bank.auditor,
    }

    def asked() -> dict[str, int]:
        return {url: questions(signed_in(person), url) for url, person in lists.items()}

    bank.pay(bank.disbursed(), 167_000)
    few = asked()
    for _number in range(4):
        bank.pay(bank.disbursed(), 167_000)
    assert asked() == few
    assert len(signed_in(bank.auditor).get(fund).context["lines"]) > 4


def test_one_s_own_lists_ask_as_often_whatever_their_length(bank: Bank) -> None:
    owner = make_owned_enterprise().owner.person
    lists = ("/pinjaman/saya/", "/pengajuan/saya/")

    def lent(count: int) -> dict[str, int]:
        for _number in range(count):
            loan = quick_loan(bank, principal=2_000_000, months=10, on=clock.today())
            Owner.objects.filter(pk=loan.borrower_id).update(person=owner)
        return {url: questions(signed_in(owner), url) for url in lists}

    assert lent(2) == lent(4)


def test_the_books_balance_and_close(bank: Bank) -> None:
    loan = bank.disbursed()
    bank.pay(loan, 334_000)
    reader = signed_in(bank.auditor)
    assert reader.get("/buku/").url == page("trial_balance", region="35.73")
    text = reader.get(page("trial_balance", region="35.73")).content.decode()
    assert "In balance" in text and "Loans to borrowers" in text
    assert reader.get(page("accounts", region="35.73")).status_code == 200
    text = reader.get(page("account_statement", region="35.73", account="fund:OJIR")).content.decode()
    assert "−Rp\u00a02,100,000" in text
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
