"""What the worker does by itself every five minutes, and in the evening. A missed round breaks nothing."""

from datetime import timedelta

from django.db import transaction
from procrastinate.contrib.django import app

from mbois import clock
from mbois.hub.actions.keeping import flag_closed, release_no_shows
from mbois.hub.actions.waiting import end_offers
from mbois.hub.models import Booking, BookingState, Building
from mbois.hub.telling import tell_owner
from mbois.hub.times import whole


def regions() -> list[str]:
    return list(Building.objects.order_by("region").values_list("region", flat=True).distinct())


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="hub_round")
def look_round(timestamp: int) -> None:
    """End offers, give up what nobody came to, mark what has been closed since."""
    for region in regions():
        end_offers(region)
        release_no_shows(region)
        flag_closed(region)


@app.periodic(cron="0 10 * * *")  # 17:00 in Malang
@app.task(queueing_lock="hub_reminders")
def send_booking_reminders(timestamp: int) -> None:
    """Remind of tomorrow's bookings."""
    for region in regions():
        remind(region)


def remind(region: str) -> int:
    """Remind whose booking is tomorrow, once. Returns how many."""
    tomorrow = whole(clock.today() + timedelta(days=1))
    with transaction.atomic():
        rows = list(
            Booking.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(
                region=region,
                state=BookingState.CONFIRMED,
                reminded_at=None,
                during__startswith__gte=tomorrow.begins,
                during__startswith__lt=tomorrow.ends,
            )
            .select_related("space", "booked_by")
        )
        for row in rows:
            tell_owner(row, "hub/soon")
        Booking.objects.filter(region=region, pk__in=[row.pk for row in rows]).update(reminded_at=clock.now())
    return len(rows)
