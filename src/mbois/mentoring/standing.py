"""What mentoring says for an enterprise that asks for credit: whether its owner comes to the sessions."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mbois.enterprises import standing
from mbois.enterprises.models import Enterprise
from mbois.enterprises.standing import Points
from mbois.mentoring.cashbook import days_kept
from mbois.mentoring.models import Session

MOST = 20
COUNTED = 6  # the newest sessions that count; fewer than this give fewer points to reach
BOOK_MOST = 10
BOOK_DAYS = 20


def attendance(enterprise: Enterprise) -> Points | None:
    """Up to 20 points for being there: the share of the newest six sessions, counted fully from six on."""
    rows = list(
        Session.objects.filter(
            region=enterprise.region_id, mentorship__enterprise=enterprise, attended__isnull=False
        )
        .order_by("-starts_at", "-pk")
        .values_list("attended", flat=True)[:COUNTED]
    )
    if not rows:
        return None
    came = sum(rows)
    return Points(
        points=round(MOST * came / COUNTED),
        most=MOST,
        sentence=_("Came to %(came)s of the last %(all)s mentoring sessions (full points from six on).")
        % {"came": came, "all": len(rows)},
    )


def bookkeeping(enterprise: Enterprise) -> Points | None:
    """Up to 10 points for a cash book that is kept: days with an entry within the last sixty."""
    days = days_kept(enterprise, last=60)
    if days is None:
        return None
    return Points(
        points=round(BOOK_MOST * min(days, BOOK_DAYS) / BOOK_DAYS),
        most=BOOK_MOST,
        sentence=_("Wrote the cash book on %(days)s of the last 60 days (full points from %(full)s on).")
        % {"days": days, "full": BOOK_DAYS},
    )


def register() -> None:
    """Called when the program starts."""
    standing.register(
        standing.Factor("mentoring_attendance", gettext_lazy("Mentoring attendance"), attendance, order=30)
    )
    standing.register(standing.Factor("cash_book", gettext_lazy("Cash book"), bookkeeping, order=40))
