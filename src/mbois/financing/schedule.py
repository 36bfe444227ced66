"""The plan of a loan: equal instalments of principal, no interest."""

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _

from mbois.refused import Refused
from mbois.web.show import rupiah


@dataclass(frozen=True)
class Terms:
    """What a scheme allows: rupiah and months."""

    minimum: int
    maximum: int
    unit: int
    months_min: int
    months_max: int


@dataclass(frozen=True)
class Line:
    """One instalment; `due_total` is the running sum to it. Rupiah."""

    number: int
    due_date: date
    amount: int
    due_total: int


def check_terms(terms: Terms, *, principal: int, months: int, field: str = "principal") -> None:
    """Refuse an amount or a term outside the scheme's limits."""
    if not terms.minimum <= principal <= terms.maximum:
        raise Refused(
            _("The loan must be between %(least)s and %(most)s.")
            % {"least": rupiah(terms.minimum), "most": rupiah(terms.maximum)},
            field=field,
            code="amount_outside_limits",
        )
    if principal % terms.unit:
        raise Refused(
            _("The loan must be a multiple of %(unit)s.") % {"unit": rupiah(terms.unit)},
            field=field,
            code="amount_not_a_multiple",
        )
    if not terms.months_min <= months <= terms.months_max:
        raise Refused(
            _("The loan must run between %(least)s and %(most)s months.")
            % {"least": terms.months_min, "most": terms.months_max},
            field="months",
            code="months_outside_limits",
        )


def check_start(day: date) -> None:
    """Refuse a day of disbursement that is surely a slip."""
    if not 1945 <= day.year <= 2200:
        raise Refused(_("Give a date between 1945 and 2200."), field="start", code="date_outside_limits")


def plan(*, principal: int, months: int, start: date, unit: int) -> list[Line]:
    """The instalments of a loan disbursed on `start`.

    Each is principal ÷ months rounded up to the unit, the last one what is left. The first is due
    one month after `start`, each on its day of the month or the month's last day where that is
    shorter, counted from `start` itself so that no date drifts.
    """
    each = -(-principal // (months * unit)) * unit
    lines: list[Line] = []
    total = 0
    while total < principal:
        number = len(lines) + 1
        amount = min(each, principal - total)
        total += amount
        lines.append(Line(number, start + relativedelta(months=number), amount, total))
    return lines
