"""What the worker does by itself: reminders, and forgetting who wrote long ago. A missed day breaks nothing."""

from datetime import date, timedelta

from django.db import transaction
from procrastinate.contrib.django import app

from mbois import clock
from mbois.people.notifications import notify
from mbois.places.models import Region
from mbois.startups import alumni
from mbois.startups.actions.common import team_of
from mbois.startups.actions.teams import forget_old_requests
from mbois.startups.models import Application, Cohort, Participation, Phase, State, WeeklyUpdate, monday_of
from mbois.startups.queries import streak

SOON = timedelta(days=2)


@app.periodic(cron="0 1 * * *")  # 08:00 in Malang
@app.task(queueing_lock="startup_deadlines")
def remind_of_deadlines(timestamp: int) -> None:
    """Remind teams with a draft of a deadline that is near; once each."""
    for code in Region.objects.values_list("pk", flat=True):
        remind_drafts(code)


@app.periodic(cron="0 9 * * 5")  # Friday, 16:00 in Malang
@app.task(queueing_lock="startup_weeks")
def remind_of_the_week(timestamp: int) -> None:
    """Remind teams of running cohorts that have not written this week."""
    for code in Region.objects.values_list("pk", flat=True):
        remind_weeks(code)


@app.periodic(cron="0 2 8 1,4,7,10 *")
@app.task(queueing_lock="startup_quarters")
def remind_of_the_quarter(timestamp: int) -> None:
    """Ask alumni for the figures of the quarter that is over."""
    for code in Region.objects.values_list("pk", flat=True):
        remind_quarters(code)


@app.periodic(cron="30 19 * * *")
@app.task(queueing_lock="startup_forgetting")
def forget_requests(timestamp: int) -> None:
    """Forget visitors who wrote more than a year ago."""
    forget_old_requests()


def remind_drafts(region_id: str) -> int:
    """Remind of drafts whose deadline is within two days; says how many."""
    now = clock.now()
    windows = {
        one.call_id: one
        for one in Phase.objects.filter(region=region_id, kind=Phase.Kind.CALL)
        if now < one.ends <= now + SOON and one.begins <= now
    }
    with transaction.atomic():
        rows = list(
            Application.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(region=region_id, call__in=list(windows), state=State.DRAFT, reminded_at=None)
            .select_related("call", "startup")
        )
        for one in rows:
            notify(
                team_of(one.startup),
                "startups/deadline_soon",
                url=f"/startup/lamaran/{one.number}/",
                call=one.call.title_id,
                startup=one.startup.name,
                until=windows[one.call_id].ends,
            )
        Application.objects.filter(region=region_id, pk__in=[one.pk for one in rows]).update(reminded_at=now)
    return len(rows)


def remind_weeks(region_id: str) -> int:
    """Remind the teams that have not written this week; says how many."""
    today = clock.today()
    cohorts = Cohort.objects.filter(region=region_id, begins_on__lte=today, ends_on__gte=today)
    places = list(
        Participation.objects.filter(region=region_id, cohort__in=cohorts).active().select_related("startup")
    )
    weeks: dict[int, list[date]] = {}
    for key, week in WeeklyUpdate.objects.filter(
        region=region_id, participation__in=[one.pk for one in places]
    ).values_list("participation_id", "week"):
        weeks.setdefault(key, []).append(week)
    count = 0
    for place in places:
        written = weeks.get(place.pk, [])
        if monday_of(today) in written:
            continue
        notify(
            team_of(place.startup),
            "startups/week_missing",
            url=f"/startup/inkubasi/{place.pk}/mingguan/",
            startup=place.startup.name,
            streak=streak(written, today=today),
        )
        count += 1
    return count


def remind_quarters(region_id: str) -> int:
    """Ask alumni that have not told the last quarter; says how many."""
    rows = alumni.missing([region_id], alumni.last_quarter())
    for startup in rows:
        notify(
            team_of(startup),
            "startups/tell_quarter",
            url=f"/startup/tim/{startup.number}/angka/",
            startup=startup.name,
        )
    return len(rows)
