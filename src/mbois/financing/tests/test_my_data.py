"""A borrower takes home what is held about them."""

import json

from mbois.financing.tests.factories import Bank
from mbois.financing.tests.pages import page, signed_in


def test_it_holds_business_application_loan_and_payments(bank: Bank) -> None:
    loan = bank.disbursed()
    bank.pay(loan, 334_000)
    held = json.loads(signed_in(loan.borrower.person).get(page("my_data")).content)
    [owner] = held["enterprises"]
    assert owner["enterprises"][0]["number"] == loan.enterprise.number
    assert "•" in owner["nik"], "numbers stay masked"
    [application] = held["financing"]
    assert application["debts"][0]["outstanding"] == 2_100_000
    assert application["loan"]["principal"] == loan.principal
    assert [payment["amount"] for payment in application["loan"]["payments"]] == [334_000]
    assert "neighbours" not in application["visits"][0], "what neighbours said in trust is theirs"
    assert not {"nik_sealed", "nik_hash", "fingerprint"} & set(owner)
