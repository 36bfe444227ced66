"""The only place that knows what day it is.

Dates of money and deadlines are dates in Asia/Jakarta; instants are UTC.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

JAKARTA = ZoneInfo("Asia/Jakarta")

# What lies further ahead is a slip of the finger in its year.
AHEAD = timedelta(days=3 * 366)

_today: ContextVar[date | None] = ContextVar("mbois_today", default=None)


def now() -> datetime:
    """This instant, aware."""
    return timezone.now()


def today() -> date:
    """Today's date in Malang, or the day a test or simulation has set with `on`."""
    return _today.get() or timezone.now().astimezone(JAKARTA).date()


def local_date(instant: datetime) -> date:
    """The date in Malang of an instant."""
    return instant.astimezone(JAKARTA).date()


def is_too_far(moment: datetime | date) -> bool:
    """Whether an instant or a day lies more than three years ahead."""
    day = local_date(moment) if isinstance(moment, datetime) else moment
    return day > today() + AHEAD


@contextmanager
def on(day: date) -> Iterator[None]:
    """Let `today()` answer `day` inside the block."""
    token = _today.set(day)
    try:
        yield
    finally:
        _today.reset(token)
