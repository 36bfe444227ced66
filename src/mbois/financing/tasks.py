"""What the worker does by itself: reminders and unsent confirmations. A missed night breaks nothing."""

from datetime import timedelta

from django.db import transaction
from django.db.models import OuterRef, Subquery
from procrastinate.contrib.django import app

from mbois import clock
from mbois.financing.actions.loans import url_of_loan
from mbois.financing.models import Instalment, Loan, Reminder, Scheme
from mbois.people.notifications import notify
from mbois.places.models import Region

CHUNK = 500


@app.periodic(cron="0 23 * * *")  # 06:00 in Malang
@app.task(queueing_lock="financing_reminders")
def send_reminders(timestamp: int) -> None:
    """Remind borrowers some days before they must pay, and once when an instalment is late."""
    for code in Region.objects.values_list("pk", flat=True):
        remind(code)


def remind(region_id: str) -> int:
    """Send what is due in one region today; nothing twice. Returns how many were sent."""
    return sum(_remind(scheme) for scheme in Scheme.objects.filter(region=region_id))


def _remind(scheme: Scheme) -> int:
    region_id, today = scheme.region_id, clock.today()
    unpaid = Instalment.objects.filter(
        region_id=OuterRef("region"), loan=OuterRef("pk"), due_total__gt=OuterRef("paid_total")
    ).order_by("number")
    loans = (
        Loan.objects.filter(region_id=region_id, scheme=scheme)
        .active()
        .annotate(
            next_number=Subquery(unpaid.values("number")[:1]),
            next_pay_by=Subquery(unpaid.values("pay_by")[:1]),
        )
        .filter(next_pay_by__lte=today + timedelta(days=scheme.reminder_days))
        .select_related("borrower__person")
    )
    sent = 0
    for loan in loans.iterator(CHUNK):
        kind = Reminder.Kind.LATE if loan.next_pay_by < today else Reminder.Kind.BEFORE
        with transaction.atomic():
            _reminder, made = Reminder.objects.get_or_create(
                region_id=region_id, loan=loan, number=loan.next_number, kind=kind
            )
            if made:
                due = Instalment.objects.get(region_id=region_id, loan=loan, number=loan.next_number)
                notify(
                    loan.borrower.person,
                    f"financing/reminder_{kind}",
                    url=url_of_loan(loan),
                    number=loan.number,
                    amount=due.due_total - loan.paid_total,
                    due_date=due.due_date,
                    pay_by=due.pay_by,
                )
                sent += 1
    return sent
