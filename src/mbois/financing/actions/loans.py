"""Money out and money back: disbursement, repayment, reversal, paying in, confirmation."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from mbois import clock
from mbois.financing import policy
from mbois.financing.actions.applications import locked_application, must_be
from mbois.financing.models import (
    Application,
    Confirmation,
    Contract,
    Decision,
    Instalment,
    Loan,
    Reminder,
    RentenirDebt,
    Scheme,
    Settlement,
    State,
)
from mbois.financing.queries import LoanState, derive
from mbois.financing.schedule import plan
from mbois.ledger import queries as books
from mbois.ledger.actions import new_reference, once, open_account, reverse, transfer
from mbois.ledger.models import Account, Transfer
from mbois.people.models import Person, Role
from mbois.people.notifications import notify
from mbois.places.models import Holiday
from mbois.places.numbers import next_number
from mbois.places.workdays import Calendar
from mbois.refused import Refused, require
from mbois.web import show
from mbois.web.show import rupiah

# What a lender signed to is more than a letter or two.
SHORTEST_AGREEMENT = 8


@transaction.atomic
def disburse(
    application: Application,
    *,
    by: Person,
    settlements: Mapping[int, int],
    key: str,
    agreed: Mapping[int, str] | None = None,
) -> Loan:
    """Pay a signed loan out of the fund: first the loan shark's debts, the rest to the borrower.

    `settlements` names rupiah per debt (RentenirDebt pk); `agreed` says, where that is less than was
    told, what the lender signed to. Makes the loan, its account and schedule. Refused when the fund
    has not enough, or the settlements are more than the loan. `key` is the caller's idempotency key.
    """
    agreed = {debt: words.strip()[:300] for debt, words in (agreed or {}).items()}
    require(policy.can_disburse(by, application))
    body = {
        "application": application.number,
        "settlements": {str(debt): settlements[debt] for debt in sorted(settlements)},
    }
    answer, _again = once(
        application.region_id,
        caller=by,
        key=key,
        body=body,
        command=lambda: {"loan": _pay_out(application, by, settlements, agreed).pk},
    )
    return Loan.objects.get(region_id=application.region_id, pk=answer["loan"])


def _pay_out(
    application: Application, by: Person, settlements: Mapping[int, int], agreed: Mapping[int, str]
) -> Loan:
    locked = locked_application(application)
    must_be(locked, State.SIGNED)
    region_id, scheme, today = locked.region_id, locked.scheme, clock.today()
    contract = Contract.objects.get(region_id=region_id, application=locked)
    if contract.signed_at is None:
        raise Refused(_("The contract is not signed."), code="not_signed")
    decision = Decision.objects.get(region_id=region_id, application=locked)
    principal, months = int(decision.amount or 0), int(decision.months or 0)
    debts = {debt.pk: debt for debt in RentenirDebt.objects.filter(region_id=region_id, application=locked)}
    _check_settlements(scheme, debts, settlements, agreed, principal)

    number = next_number("L", region_id, year=today.year)
    account = open_account(region_id, code=f"loan:{number}", name=number, kind=Account.Kind.ASSET)
    loan = Loan.objects.create(
        region_id=region_id,
        number=number,
        application=locked,
        scheme=scheme,
        enterprise=locked.enterprise,
        borrower=locked.borrower,
        account=account,
        principal=principal,
        months=months,
        disbursed_on=today,
        disbursed_by=by,
    )
    calendar = Calendar(region_id)
    Instalment.objects.bulk_create(
        Instalment(
            region_id=region_id,
            loan=loan,
            number=line.number,
            due_date=line.due_date,
            pay_by=calendar.first_from(line.due_date),
            amount=line.amount,
            due_total=line.due_total,
        )
        for line in plan(principal=principal, months=months, start=today, unit=scheme.unit)
    )
    parts = [
        (f"{number}/S{place}", debt, settlements[debt]) for place, debt in enumerate(sorted(settlements), 1)
    ]
    rest = principal - sum(settlements.values())
    for reference, debt_id, amount in parts:
        moved = _out(loan, reference, amount, by, memo=debts[debt_id].lender)
        Settlement.objects.create(
            region_id=region_id,
            loan=loan,
            debt=debts[debt_id],
            transfer=moved,
            amount=amount,
            told=debts[debt_id].outstanding,
            agreed=agreed.get(debt_id, ""),
        )
    if rest:
        _out(loan, f"{number}/B", rest, by, memo=locked.borrower.name)
    Confirmation.objects.create(
        region_id=region_id, loan=loan, due_on=today + timedelta(days=scheme.confirmation_days)
    )
    locked.state = State.DISBURSED
    locked.ended_on = today
    locked.save()
    notify(
        locked.borrower.person, "financing/disbursed", url=url_of_loan(loan), number=number, amount=principal
    )
    return loan


def _check_settlements(
    scheme: Scheme,
    debts: Mapping[int, RentenirDebt],
    settlements: Mapping[int, int],
    agreed: Mapping[int, str],
    principal: int,
) -> None:
    if set(settlements) - set(debts):
        raise Refused(_("A debt of another application cannot be settled here."), field="settlements")
    if scheme.settles_rentenir and set(settlements) != set(debts):
        raise Refused(
            _("Every loan shark's debt is settled first; give an amount for each."),
            field="settlements",
            code="debt_left_out",
        )
    if any(amount <= 0 for amount in settlements.values()):
        raise Refused(_("Each settlement must be more than zero."), field="settlements")
    for key, amount in settlements.items():
        if amount < debts[key].outstanding and len(agreed.get(key, "")) < SHORTEST_AGREEMENT:
            raise Refused(
                _(
                    "%(lender)s was said to be owed %(told)s. If the debt is settled with less, write what "
                    "the lender signed to."
                )
                % {"lender": debts[key].lender, "told": rupiah(debts[key].outstanding)},
                field=f"agreed_{key}",
                code="settled_for_less",
            )
    if sum(settlements.values()) > principal:
        raise Refused(
            _("The settlements come to %(sum)s, more than the loan of %(principal)s.")
            % {"sum": rupiah(sum(settlements.values())), "principal": rupiah(principal)},
            field="settlements",
            code="settlements_exceed_loan",
        )


def _out(loan: Loan, reference: str, amount: int, by: Person, *, memo: str) -> Transfer:
    return transfer(
        debit=loan.account,
        credit=loan.scheme.fund,
        amount=amount,
        reference=reference,
        kind=Transfer.Kind.DISBURSEMENT,
        effective_date=loan.disbursed_on,
        by=by,
        memo=memo,
    )


@transaction.atomic
def record_repayment(
    loan: Loan,
    *,
    amount: int,
    by: Person,
    key: str,
    effective_date: date | None = None,
    channel: str = "teller",
    note: str = "",
) -> dict[str, Any]:
    """Take `amount` rupiah towards a loan, effective on a day not before disbursement, not in the
    future and not in a closed period. More than is left is refused whole. `note` says why a payment
    is dated back.

    Returns `{"reference", "loan": state}`; the same caller and key get the same answer again.
    """
    require(policy.can_receive(by, loan))
    body = {
        "loan": loan.number,
        "amount": amount,
        "effective_date": effective_date.isoformat() if effective_date else None,
    }
    answer, _again = once(
        loan.region_id,
        caller=by,
        key=key,
        body=body,
        command=lambda: _take(loan, amount, by, effective_date or clock.today(), _memo(channel, note)),
    )
    return answer


def _memo(channel: str, note: str) -> str:
    return f"{channel}: {note.strip()}"[:300] if note.strip() else channel


def _take(loan: Loan, amount: int, by: Person, day: date, memo: str) -> dict[str, Any]:
    if amount <= 0:
        raise Refused(_("The amount must be more than zero."), field="amount", code="amount_not_positive")
    if day > clock.today():
        raise Refused(_("The date is in the future."), field="effective_date", code="in_the_future")
    if day < loan.disbursed_on:
        raise Refused(
            _("The loan was not disbursed before %(date)s.") % {"date": show.tanggal(loan.disbursed_on)},
            field="effective_date",
            code="before_disbursement",
        )
    plan = _hold(loan)
    if amount > loan.outstanding:
        raise Refused(
            _("Only %(left)s is left to pay.") % {"left": rupiah(loan.outstanding)}
            if loan.outstanding
            else _("This loan is paid off already."),
            field="amount",
            code="more_than_left",
        )
    try:
        moved = transfer(
            debit=loan.scheme.collections,
            credit=loan.account,
            amount=amount,
            reference=new_reference("R"),
            kind=Transfer.Kind.REPAYMENT,
            effective_date=day,
            by=by,
            memo=memo,
        )
    except Refused as refused:
        refused.field = "effective_date" if refused.code == "closed_period" else refused.field
        raise
    loan.paid_total += amount
    state = _standing(loan, plan)
    notify(
        loan.borrower.person,
        "financing/paid_off" if state.outstanding == 0 else "financing/repaid",
        url=url_of_loan(loan),
        number=loan.number,
        amount=amount,
        left=state.outstanding,
        reference=moved.reference,
    )
    return {"reference": moved.reference, "loan": state.as_json()}


class _Planned(NamedTuple):
    number: int
    due_date: date
    pay_by: date
    amount: int
    due_total: int


def _hold(loan: Loan) -> list[_Planned]:
    """Hold the loan until the transaction ends, with its paid total as it stands now; its schedule.

    Whoever waited for the loan gets its row as it is when the wait is over.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM financing_hold_loan(%s, %s)", [loan.region_id, loan.pk])
        rows = cursor.fetchall()
    loan.paid_total = rows[0][0]
    return [_Planned(*planned) for _paid_total, *planned in rows]


def _standing(loan: Loan, plan: list[_Planned]) -> LoanState:
    return derive(
        number=loan.number,
        principal=loan.principal,
        paid_total=loan.paid_total,
        instalments=plan,
        on=clock.today(),
    )


@transaction.atomic
def reverse_repayment(
    loan: Loan, *, reference: str, by: Person, reason: str, key: str | None = None
) -> dict[str, Any]:
    """Undo a wrong repayment once, by another person than the one who took it, with a reason.

    A loan it had paid off is active again. Returns `{"reference", "loan": state}`; with a `key`, the
    same caller and key get the same answer again.
    """
    require(policy.can_reverse(by, loan))
    if key is None:
        return _undo(loan, reference, by, reason)
    answer, _again = once(
        loan.region_id,
        caller=by,
        key=key,
        body={"reverses": reference, "reason": reason},
        command=lambda: _undo(loan, reference, by, reason),
    )
    return answer


def _undo(loan: Loan, reference: str, by: Person, reason: str) -> dict[str, Any]:
    plan = _hold(loan)
    original = Transfer.objects.filter(
        region_id=loan.region_id, reference=reference, credit=loan.account, kind=Transfer.Kind.REPAYMENT
    ).first()
    if original is None:
        raise Refused(_("There is no such repayment."), code="not_found", status=404)
    try:
        undone = reverse(original, by=by, reason=reason)
    except Refused as refused:
        if refused.code == "already_reversed":
            refused.status = 409
        raise
    loan.paid_total -= original.amount
    state = _standing(loan, plan)
    notify(
        loan.borrower.person,
        "financing/reversed",
        url=url_of_loan(loan),
        number=loan.number,
        amount=original.amount,
        reason=reason.strip(),
    )
    return {"reference": undone.reference, "loan": state.as_json()}


@transaction.atomic
def sweep_collections(scheme: Scheme, *, by: Person) -> Transfer | None:
    """Pay what was collected into the fund, so that it can be lent again. None when there is nothing."""
    require(policy.can_sweep(by, scheme.region_id))
    with connection.cursor() as cursor:
        # two tellers at once: the second finds nothing left
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"sweep:{scheme.pk}"])
    amount = books.balance(scheme.collections)
    if amount <= 0:
        return None
    return transfer(
        debit=scheme.fund,
        credit=scheme.collections,
        amount=amount,
        reference=new_reference("S"),
        kind=Transfer.Kind.SWEEP,
        effective_date=clock.today(),
        by=by,
    )


@transaction.atomic
def confirm_use(
    confirmation: Confirmation,
    *,
    by: Person,
    body: str,
    said_by: str,
    rentenir_paid: bool,
    money_works: bool,
    note: str = "",
) -> Confirmation:
    """Write down what RT/RW or PKK say about a loan some weeks after it was paid out."""
    locked = (
        Confirmation.objects.select_for_update(of=("self",))
        .select_related("loan__enterprise", "loan__borrower")
        .get(region_id=confirmation.region_id, pk=confirmation.pk)
    )
    require(policy.can_confirm(by, locked.loan))
    if locked.recorded_at is not None:
        raise Refused(_("It was confirmed already."), code="moved_on", status=409)
    if body not in Confirmation.Body.values:
        raise Refused(_("Say who confirms it: RT, RW or PKK."), field="body")
    if not said_by.strip():
        raise Refused(_("Give the name of who says so."), field="said_by")
    if not (rentenir_paid and money_works) and not note.strip():
        raise Refused(_("Describe what is wrong."), field="note", code="reason_missing")
    locked.body, locked.said_by = body, said_by.strip()
    locked.rentenir_paid, locked.money_works, locked.note = rentenir_paid, money_works, note.strip()
    locked.recorded_by, locked.recorded_at = by, clock.now()
    locked.save()
    return locked


@transaction.atomic
def declare_holiday(*, day: date, name: str, by: Person, region_id: str) -> int:
    """A government declares a day off: pay-by days still to come move, those past stay.

    Returns how many instalments moved.
    """
    require(by.has_role(region_id, Role.REGION_ADMIN))
    if day < clock.today():
        raise Refused(_("A holiday is declared for today or a day to come."), field="day")
    if not name.strip():
        raise Refused(_("Name the holiday."), field="name")
    _holiday, made = Holiday.objects.get_or_create(
        date=day, region_id=region_id, defaults={"name": name.strip()}
    )
    if not made:
        return 0
    new_day = Calendar(region_id).first_from(day)
    return (
        Instalment.objects.filter(region_id=region_id, pay_by=day).update(pay_by=new_day)
        if new_day != day
        else 0
    )


@transaction.atomic
def take_back_holiday(*, day: date, by: Person, region_id: str) -> int:
    """A government takes back a day off it declared by mistake, before it has come.

    The pay-by days the declaration moved are on that day again, but those of which the borrower was told:
    nobody has to pay sooner than a reminder said. Returns how many instalments moved.
    """
    require(by.has_role(region_id, Role.REGION_ADMIN))
    declared = Holiday.objects.select_for_update().filter(region_id=region_id, date=day).first()
    if declared is None:
        raise Refused(_("This day off was taken back already."), code="moved_on", status=409)
    if day <= clock.today():
        raise Refused(_("This day off has come: what was counted with it stays."))
    moved_to = Calendar(region_id).first_from(day)
    declared.delete()
    calendar = Calendar(region_id)
    told = Reminder.objects.filter(region_id=region_id, loan=OuterRef("loan"), number=OuterRef("number"))
    moved = Instalment.objects.filter(region_id=region_id, pay_by=moved_to, due_date__lte=day).exclude(
        Exists(told)
    )
    due = set(moved.values_list("due_date", flat=True).distinct())
    back = [one for one in due if calendar.first_from(one) == day]
    return moved.filter(due_date__in=back).update(pay_by=day)


def url_of_loan(loan: Loan) -> str:
    """Where a loan is read."""
    return f"/pinjaman/{loan.number}/"
