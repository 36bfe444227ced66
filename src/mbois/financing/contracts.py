"""Papers as PDF: the contract, the receipt and the certificate of a paid-off loan, each with a QR code."""

import io
import json
import uuid
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import segno
import typst
from babel.dates import format_date
from django.conf import settings

from mbois import clock
from mbois.financing.models import Application, Decision, Loan, RentenirDebt
from mbois.financing.queries import Payment
from mbois.financing.schedule import plan
from mbois.ledger.models import Transfer
from mbois.people.models import Organisation
from mbois.web import show

TEMPLATES = Path(__file__).parent / "papers"


@cache
def _template(name: str) -> bytes:
    return (TEMPLATES / f"{name}.typ").read_bytes()


def verification_url(code: uuid.UUID | str) -> str:
    """Where whoever holds a paper can check it."""
    return f"{settings.SITE_URL}/periksa/{code}/"


def rupiah(amount: int) -> str:
    """Rp 1.250.000: papers are Indonesian, whoever prints them."""
    return show.RP + f"{amount:,}".replace(",", ".")


def _qr(url: str) -> str:
    out = io.BytesIO()
    segno.make(url, error="m").save(out, kind="svg", border=1, xmldecl=False)
    return out.getvalue().decode()


def _long(day: date) -> str:
    return str(format_date(day, "d MMMM y", locale="id"))


def render(name: str, values: dict[str, Any]) -> bytes:
    """A paper from its Typst template in `papers/`, with `values` as its data."""
    return bytes(
        typst.compile(_template(name), sys_inputs={"data": json.dumps(values)}, ignore_system_fonts=True)
    )


def contract_pdf(
    application: Application,
    decision: Decision,
    code: uuid.UUID,
    *,
    debts: Sequence[RentenirDebt] | None = None,
    day: date | None = None,
) -> bytes:
    """The agreement of a day (today) with its schedule as if paid out then; the final dates count from
    disbursement."""
    day = day or clock.today()
    scheme = application.scheme
    principal, months = int(decision.amount or 0), int(decision.months or 0)
    if debts is None:
        debts = list(application.debts.filter(region_id=application.region_id))
    lines = plan(principal=principal, months=months, start=day, unit=scheme.unit)
    owner = application.borrower
    url = verification_url(code)
    return render(
        "contract",
        {
            "number": application.number,
            "scheme": scheme.name,
            "region": application.region.name,
            "date": _long(day),
            "borrower": owner.name,
            "nik": owner.nik_masked,
            "address": _address(application),
            "spouse": application.spouse_name if application.married else "",
            "enterprise": f"{application.enterprise.name} ({application.enterprise.number})",
            "purpose": application.purpose,
            "principal": rupiah(principal),
            "months": months,
            "instalment": rupiah(lines[0].amount),
            "last": rupiah(lines[-1].amount) if lines[-1].amount != lines[0].amount else "",
            "bank": _bank(application),
            "debts": [{"lender": debt.lender, "amount": rupiah(debt.outstanding)} for debt in debts],
            "url": url,
            "qr": _qr(url),
        },
    )


def _address(application: Application) -> str:
    """Where the borrower lives, down to the region; that of the business where only it is known."""
    owner, enterprise = application.borrower, application.enterprise
    home = owner.village
    if home is None or not owner.address:
        return f"{enterprise.address_line}, {application.region.name}"
    parts = (owner.address, home.name, home.parent.name if home.parent else "", application.region.name)
    return ", ".join(part for part in parts if part)


def _bank(application: Application) -> str:
    """The bank that lends, by the name of the region's organisation."""
    bank = Organisation.objects.filter(region=application.region_id, kind=Organisation.Kind.BANK).first()
    return bank.name if bank else f"bank pelaksana {application.scheme.name}"


def receipt_pdf(loan: Loan, payment: Payment) -> bytes:
    """The receipt of one repayment, small enough for a till printer."""
    row: Transfer = payment.transfer
    url = f"{settings.SITE_URL}/bukti/{row.reference}/"
    return render(
        "receipt",
        {
            "reference": row.reference,
            "loan": loan.number,
            "borrower": loan.borrower.name,
            "date": _long(row.effective_date),
            "amount": rupiah(row.amount),
            "left": rupiah(loan.principal - payment.paid_after),
            "taken_by": row.made_by.name,
            "reversed": payment.reversal is not None,
            "url": url,
            "qr": _qr(url),
        },
    )


def paid_off_pdf(loan: Loan, on: date) -> bytes:
    """The certificate that a loan is paid off; its QR code leads to the loan as it stands."""
    url = verification_url(loan.code)
    return render(
        "paid_off",
        {
            "number": loan.number,
            "region": loan.region.name,
            "scheme": loan.scheme.name,
            "borrower": loan.borrower.name,
            "enterprise": loan.enterprise.name,
            "principal": rupiah(loan.principal),
            "disbursed_on": _long(loan.disbursed_on),
            "paid_on": _long(on),
            "url": url,
            "qr": _qr(url),
        },
    )
