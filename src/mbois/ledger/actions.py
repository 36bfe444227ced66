"""What can be done with money: open an account, move an amount, undo a move, close a period."""

import hashlib
import json
import secrets
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from mbois import clock
from mbois.ledger import policy
from mbois.ledger.models import Account, Closing, Transfer
from mbois.people.models import Person
from mbois.places.models import Region
from mbois.refused import Refused, require
from mbois.web import show

# No vowels and nothing that looks alike: references are read out over the phone.
_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"


def new_reference(prefix: str) -> str:
    """A reference nobody has used, `R-7GK2MWQ4XB` (10 of 28 signs: 3 × 10¹⁴ of them)."""
    return f"{prefix}-" + "".join(secrets.choice(_ALPHABET) for _sign in range(10))


def open_account(
    region_id: str, *, code: str, name: str, kind: str, currency: str = "IDR", guarded: bool = False
) -> Account:
    """The account with this code, opened when there is none. A guarded one never falls below zero."""
    side = Account.Side.DEBIT if kind in {Account.Kind.ASSET, Account.Kind.EXPENSE} else Account.Side.CREDIT
    account, _made = Account.objects.get_or_create(
        region_id=region_id,
        code=code,
        defaults={
            "name": name,
            "kind": kind,
            "normal_side": side,
            "currency": currency,
            "guarded_balance": 0 if guarded else None,
        },
    )
    return account


def closed_through(region_id: str) -> date | None:
    """The last day of a region's books that is closed, if any."""
    return (
        Closing.objects.filter(region_id=region_id)
        .order_by("-through")
        .values_list("through", flat=True)
        .first()
    )


def transfer(
    *,
    debit: Account,
    credit: Account,
    amount: int,
    reference: str,
    kind: str,
    effective_date: date,
    by: Person,
    memo: str = "",
    reverses: Transfer | None = None,
) -> Transfer:
    """Move `amount` rupiah. Refuses what the database refuses, with a sentence; what the caller has
    done in the same transaction is then undone with it, so it cannot go on after the refusal."""
    moved = Transfer(
        region_id=debit.region_id,
        debit=debit,
        credit=credit,
        amount=amount,
        currency=debit.currency,
        reference=reference,
        kind=kind,
        effective_date=effective_date,
        made_by=by,
        memo=memo,
        reverses=reverses,
    )
    try:
        with transaction.atomic(savepoint=False), connection.cursor() as cursor:
            # what an ORM would do, at a third of its cost: this is the busiest write of all
            cursor.execute(_POST, [getattr(moved, column) for column in _COLUMNS])
            (moved.pk,) = cursor.fetchone()
    except IntegrityError as error:
        raise _refusal(error, effective_date) from error
    moved._state.adding, moved._state.db = False, connection.alias
    return moved


_COLUMNS = [field.attname for field in Transfer._meta.concrete_fields if not field.primary_key]
_POST = (
    f"INSERT INTO ledger_transfer ({', '.join(_COLUMNS)}) "
    f"VALUES ({', '.join(['%s'] * len(_COLUMNS))}) RETURNING id"
)


def _refusal(error: IntegrityError, effective_date: date) -> Refused:
    text = str(error)
    known = {
        "account_not_below_zero": (_("There is not enough money in the fund for this."), "not_enough_money"),
        "transfer_reference_once": (_("This reference has been used already."), "reference_used"),
        "transfer_reversed_once": (_("This has been reversed already."), "already_reversed"),
        "transfer_amount_is_positive": (_("The amount must be more than zero."), "amount"),
        "transfer_between_two_accounts": (
            _("Money cannot move to the account it comes from."),
            "same_account",
        ),
        "transfer_in_one_currency": (_("Both accounts must be in the same currency."), "currency"),
        "transfer_not_in_the_future": (_("The date is in the future."), "in_the_future"),
        "transfer_in_open_period": (
            _("The books are closed for %(date)s.") % {"date": show.tanggal(effective_date)},
            "closed_period",
        ),
    }
    for name, (message, code) in known.items():
        if name in text:
            return Refused(message, code=code)
    raise error


@transaction.atomic
def reverse(original: Transfer, *, by: Person, reason: str, reference: str | None = None) -> Transfer:
    """Undo a transfer by one the other way round, once, by another person than the one who made it.

    It takes effect on the day of the original, so that every day since reads as if the mistake had
    not been made; where that day's books are closed, on the first open day.
    """
    if not reason.strip():
        raise Refused(_("Say why it is reversed."), field="reason", code="reason_missing")
    if original.kind == Transfer.Kind.REVERSAL:
        raise Refused(_("A reversal cannot be reversed; enter the payment again."), code="is_reversal")
    if original.made_by_id == by.pk:
        raise Refused(
            _("Somebody else than the one who entered it must reverse it."), code="same_person", status=403
        )
    closed = closed_through(original.region_id)
    day = original.effective_date
    if closed is not None and day <= closed:
        day = closed + timedelta(days=1)
    return transfer(
        debit=original.credit,
        credit=original.debit,
        amount=original.amount,
        reference=reference or new_reference("X"),
        kind=Transfer.Kind.REVERSAL,
        effective_date=day,
        by=by,
        memo=reason.strip()[:300],
        reverses=original,
    )


@transaction.atomic
def close_period(region_id: str, *, through: date, by: Person) -> Closing:
    """Close a region's books up to and with a day before today, for ever."""
    require(policy.can_close_books(by, region_id))
    if through >= clock.today():
        raise Refused(_("Only days that are over can be closed."), field="through", code="not_over")
    Region.objects.select_for_update(no_key=True).get(pk=region_id)  # one at a time
    last = closed_through(region_id)
    if last is not None and through <= last:
        raise Refused(
            _("The books are closed through %(date)s already.") % {"date": show.tanggal(last)},
            field="through",
        )
    return Closing.objects.create(region_id=region_id, through=through, closed_by=by)


def fingerprint(body: Any) -> str:
    """A hash of what was asked, by which two uses of one key are compared."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()


def check_key(key: str) -> None:
    """Refuse a caller's key that is empty, too long, or in letters that not every program sends alike."""
    if not key.strip() or len(key) > 200 or not (key.isascii() and key.isprintable()):
        raise Refused(
            _("Give an Idempotency-Key of 1 to 200 plain characters: a–z, digits and signs, no accents."),
            field="Idempotency-Key",
            code="invalid",
        )


@transaction.atomic(savepoint=False)
def once(
    region_id: str, *, caller: Person, key: str, body: Any, command: Callable[[], dict[str, Any]]
) -> tuple[dict[str, Any], bool]:
    """Run a command once for this caller's key, and give the same answer ever after.

    Two at the same moment: the second waits for the first. Another body under a used key is
    refused (409). A refusal writes nothing, so a corrected call may use its key.
    Returns the answer and whether it is a repetition.
    """
    check_key(key)
    mark = fingerprint(body)
    with connection.cursor() as cursor:
        # whoever comes second waits here for the first, then finds what it wrote
        cursor.execute(
            "SELECT fingerprint, answer FROM ledger_hold_command(%s, %s, %s)", [region_id, caller.pk, key]
        )
        known, answer = cursor.fetchone()
        if known is not None and known != mark:
            raise Refused(
                _(
                    "This was sent already, with something else in it. Look at what was recorded before you go on."
                ),
                code="key_reused",
                status=409,
            )
        if known is not None:
            return (json.loads(answer) if isinstance(answer, str) else answer), True
        result = command()
        cursor.execute(_KEEP, [region_id, caller.pk, key, mark, json.dumps(result)])
    return result, False


_KEEP = (
    "INSERT INTO ledger_command (region_id, caller_id, key, fingerprint, answer, made_at) "
    "VALUES (%s, %s, %s, %s, %s, now())"
)
