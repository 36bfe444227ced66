"""What the worker does by itself: a reminder the evening before a session. A missed evening breaks nothing."""

from datetime import datetime, time, timedelta

from django.db import transaction
from procrastinate.contrib.django import app

from mbois import clock
from mbois.mentoring.models import Session, State
from mbois.people.notifications import notify
from mbois.places.models import Region


@app.periodic(cron="0 10 * * *")  # 17:00 in Malang
@app.task(queueing_lock="mentoring_reminders")
def send_session_reminders(timestamp: int) -> None:
    """Remind both of tomorrow's sessions."""
    for code in Region.objects.values_list("pk", flat=True):
        remind(code)


def remind(region_id: str) -> int:
    """Remind of tomorrow's sessions in one region; nobody twice. Returns how many sessions."""
    midnight = datetime.combine(clock.today() + timedelta(days=1), time.min, tzinfo=clock.JAKARTA)
    sent = 0
    while True:
        with transaction.atomic():
            rows = list(
                Session.objects.select_for_update(of=("self",), skip_locked=True)
                .filter(
                    region=region_id,
                    starts_at__gte=midnight,
                    starts_at__lt=midnight + timedelta(days=1),
                    reminded_at=None,
                    mentorship__state=State.ACTIVE,
                )
                .to_come()
                .select_related("mentorship__enterprise__owner__person", "mentorship__mentor__person")[:200]
            )
            for one in rows:
                mentorship = one.mentorship
                notify(
                    [mentorship.enterprise.owner.person, mentorship.mentor.person],
                    "mentoring/session_soon",
                    url=f"/sesi/{one.uuid}/",
                    enterprise=mentorship.enterprise.name,
                    when=one.starts_at,
                    topic=one.topic,
                )
            Session.objects.filter(region=region_id, pk__in=[one.pk for one in rows]).update(
                reminded_at=clock.now()
            )
        sent += len(rows)
        if len(rows) < 200:
            return sent
