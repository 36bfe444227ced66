"""Opening a scheme and its fund."""

from datetime import date
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import transaction
from django.utils.translation import gettext as _

from mbois import clock
from mbois.financing import policy
from mbois.financing.models import Application, Scheme, State
from mbois.ledger.actions import new_reference, once, open_account, transfer
from mbois.ledger.models import Account, Transfer
from mbois.people.models import Person
from mbois.refused import Refused, require
from mbois.web.show import rupiah

# OJIR as the city runs it: rupiah, months, percent and working days.
OJIR: dict[str, Any] = {
    "code": "OJIR",
    "name": "OJIR – Ojo Percoyo Karo Rentenir",
    "minimum": 1_000_000,
    "maximum": 10_000_000,
    "unit": 1_000,
    "months_min": 1,
    "months_max": 24,
    "working_days_limit": 12,
    "cost_percent": 6,
}


@transaction.atomic
def open_scheme(region_id: str, **terms: Any) -> Scheme:
    """Open a scheme in a region, with its own fund and collection account; OJIR unless told otherwise.

    For whoever sets up an installation (command line, demo): there is no person to ask for.
    """
    terms = OJIR | terms
    code = str(terms["code"])
    existing = Scheme.objects.filter(region_id=region_id, code=code).first()
    if existing is not None:
        return existing
    fund = open_account(
        region_id, code=f"fund:{code}", name=f"Dana {code}", kind=Account.Kind.ASSET, guarded=True
    )
    collections = open_account(
        region_id, code=f"collections:{code}", name=f"Penampungan angsuran {code}", kind=Account.Kind.ASSET
    )
    open_account(region_id, code="capital:city", name="Modal pemerintah", kind=Account.Kind.EQUITY)
    return Scheme.objects.create(region_id=region_id, fund=fund, collections=collections, **terms)


@transaction.atomic
def update_scheme(scheme: Scheme, *, by: Person, changes: dict[str, Any]) -> Scheme:
    """Change the terms for applications to come; loans keep the schedule they have."""
    require(policy.can_run_scheme(by, scheme))
    locked = Scheme.objects.select_for_update().get(region_id=scheme.region_id, pk=scheme.pk)
    before = locked.unit
    for name, value in changes.items():
        try:
            Scheme._meta.get_field(name)
        except FieldDoesNotExist:
            raise Refused(_("A scheme has no setting %(name)s.") % {"name": name}, field=name) from None
        setattr(locked, name, value)
    if locked.minimum > locked.maximum:
        raise Refused(_("The smallest loan cannot be more than the largest."), field="minimum")
    if locked.months_min > locked.months_max:
        raise Refused(_("The shortest term cannot be more than the longest."), field="months_min")
    if locked.unit != before and _under_way(locked):
        raise Refused(
            _(
                "Applications are under way that count in whole %(unit)s. This can change when they are "
                "paid out or have ended."
            )
            % {"unit": rupiah(before)},
            field="unit",
            code="unit_is_promised",
        )
    locked.save()
    return locked


def _under_way(scheme: Scheme) -> bool:
    """Whether an application that was sent waits for its money: its contract must not change with the scheme."""
    return Application.objects.filter(
        region_id=scheme.region_id, scheme=scheme, state__in=State.under_way()
    ).exists()


@transaction.atomic
def add_to_fund(
    scheme: Scheme,
    *,
    amount: int,
    by: Person,
    effective_date: date | None = None,
    key: str | None = None,
) -> None:
    """The city pays `amount` rupiah into the fund. With the caller's `key` the same payment is made once,
    and another one under it is refused."""
    require(policy.can_run_scheme(by, scheme))
    if amount <= 0:
        raise Refused(_("The amount must be more than zero."), field="amount", code="amount")
    day = effective_date or clock.today()
    if day > clock.today():
        raise Refused(_("The date is in the future."), field="effective_date", code="in_the_future")
    capital = open_account(
        scheme.region_id, code="capital:city", name="Modal pemerintah", kind=Account.Kind.EQUITY
    )

    def pay_in() -> dict[str, Any]:
        moved = transfer(
            debit=scheme.fund,
            credit=capital,
            amount=amount,
            reference=new_reference("F"),
            kind=Transfer.Kind.FUNDING,
            effective_date=day,
            by=by,
        )
        return {"reference": moved.reference}

    if key is None:
        pay_in()
        return
    body = {"fund": scheme.code, "amount": amount, "effective_date": day.isoformat()}
    once(scheme.region_id, caller=by, key=key, body=body, command=pay_in)
