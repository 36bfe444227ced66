"""A word the evening before."""

from datetime import date, datetime, time, timedelta

from django.db import transaction

from mbois import clock
from mbois.agenda import telling
from mbois.agenda.models import Registration, Standing, State


def remind(region_id: str, day: date) -> int:
    """Remind those who have a place at what begins on a day; nobody twice. Says how many."""
    midnight = datetime.combine(day, time.min, tzinfo=clock.JAKARTA)
    told = 0
    while True:
        with transaction.atomic():
            rows = list(
                Registration.objects.select_for_update(of=("self",), skip_locked=True)
                .filter(
                    region=region_id,
                    state=Standing.CONFIRMED,
                    reminded_at=None,
                    activity__state=State.PUBLISHED,
                    activity__begins_at__gte=midnight,
                    activity__begins_at__lt=midnight + timedelta(days=1),
                )
                .select_related("activity")
                .order_by("pk")[:200]
            )
            telling.write(rows, "reminder")
            Registration.objects.filter(region=region_id, pk__in=[one.pk for one in rows]).update(
                reminded_at=clock.now()
            )
        told += len(rows)
        if len(rows) < 200:
            return told
