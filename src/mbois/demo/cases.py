"""One application of the demo city, and the days on which something happened to it."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from mbois.enterprises.models import Enterprise
from mbois.financing.models import (
    Application,
    Decision,
    Loan,
    RentenirDebt,
    State,
)
from mbois.places.workdays import Calendar

DAY = timedelta(days=1)
# How far each stage has come: visited, assessed, decided, contract made, signed.
REACHED = {
    State.VISITED: 1,
    State.ASSESSED: 2,
    State.REFUSED: 3,
    State.APPROVED: 3,
    State.SIGNED: 4,
    State.DISBURSED: 5,
}
_SIGNS = "23456789BCDFGHJKMNPQRSTVWXYZ"


@dataclass
class Case:
    """One application of the demo and the dates of its steps."""

    enterprise: Enterprise
    state: str
    started: date
    amount: int
    months: int
    habit: str = "on time"
    steps: list[date] = field(default_factory=list)
    application: Application = field(default_factory=Application)
    debts: list[RentenirDebt] = field(default_factory=list)
    decision: Decision | None = None
    loan: Loan | None = None

    @property
    def reached(self) -> int:
        return REACHED.get(State(self.state), 0)

    @property
    def paid_out(self) -> Loan:
        """Its loan, where there is one by now."""
        assert self.loan is not None
        return self.loan


def worked_on(calendar: Calendar, day: date) -> date:
    """The day, or the last working day before it."""
    while not calendar.is_working_day(day):
        day -= DAY
    return day


def reference(rng: random.Random, letter: str) -> str:
    """A reference such as `R-7GK2MWQ4XB`; the same for the same seed."""
    return f"{letter}-" + "".join(rng.choices(_SIGNS, k=10))
