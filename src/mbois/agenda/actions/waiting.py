"""The waiting list: what becomes free is offered to who came first, once."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from mbois import clock
from mbois.agenda import policy, telling
from mbois.agenda.models import Activity, GroupRule, Registration, Seats, Standing, State
from mbois.people.models import Person
from mbois.refused import Refused, require


def seats_locked(region_id: str, activity_id: int) -> Seats:
    """The row everybody passes through, held until the end of the transaction."""
    found: Seats = (
        Seats.objects.select_for_update(no_key=True)
        .select_related(None)
        .get(region=region_id, activity=activity_id)
    )
    return found


def promote(seats: Seats, activity: Activity) -> list[Registration]:
    """Offer what is free to the waiting list in the order of their numbers; the caller holds `seats`.

    A group is not split. Where the first does not fit, everybody waits with it, or who fits passes it, by
    the activity's rule; a group for which the quota was cut too small is passed by either. An offer ends after the activity's hours, and never after its start.
    """
    now = clock.now()
    taken, waits = (
        Seats.objects.filter(region=seats.region_id, pk=seats.pk).values_list("taken", "waiting").get()
    )
    if activity.state != State.PUBLISHED or activity.begins_at <= now or not waits:
        return []
    left = None if seats.quota is None else seats.quota - taken
    ends = min(now + timedelta(hours=activity.offer_hours), activity.begins_at)
    offered: list[Registration] = []
    waiting = (
        Registration.objects.select_for_update(of=("self",))
        .filter(region=seats.region_id, activity=activity, state=Standing.WAITING)
        .order_by("number")
    )
    for row in waiting.iterator(chunk_size=100):
        if left is not None and left <= 0:
            break
        if left is not None and row.places > left:
            if seats.group_rule == GroupRule.WAIT and row.places <= (seats.quota or 0):
                break
            continue
        row.state, row.offered_at, row.offer_ends_at = Standing.OFFERED, now, ends
        row.activity = activity
        row.save(update_fields=["state", "offered_at", "offer_ends_at"])
        left = None if left is None else left - row.places
        offered.append(row)
    if offered:
        telling.write(offered, "offered", until=ends)
    return offered


def lapse_offers(region_id: str) -> int:
    """End the offers whose hour has come and offer their places to the next; says how many ended. A late
    run ends what should have ended before: nobody can accept in between. Free places behind a group that
    can never have them are passed on as well."""
    from mbois.agenda.actions.keeping import end

    due = set(
        Registration.objects.filter(
            region=region_id, state=Standing.OFFERED, offer_ends_at__lte=clock.now()
        ).values_list("activity", flat=True)
    )
    due |= set(_stuck(region_id))
    ended = 0
    for activity_id in sorted(due):
        with transaction.atomic():
            seats = seats_locked(region_id, activity_id)
            rows = list(
                Registration.objects.select_for_update(of=("self",))
                .filter(
                    region=region_id,
                    activity=activity_id,
                    state=Standing.OFFERED,
                    offer_ends_at__lte=clock.now(),
                )
                .select_related("activity")
                .order_by("number")
            )
            for row in rows:
                end(row, Standing.LAPSED)
            telling.write(rows, "lapsed")
            promote(seats, Activity.objects.get(region=region_id, pk=activity_id))
            ended += len(rows)
    return ended


def _stuck(region_id: str) -> QuerySet[Seats, int]:
    """The keys of activities with free places where a group waits for more than all there are."""
    too_large = Registration.objects.filter(
        region=region_id,
        activity=OuterRef("activity"),
        state=Standing.WAITING,
        places__gt=OuterRef("quota"),
    )
    return (
        Seats.objects.filter(region=region_id, quota__gt=F("taken"), waiting__gt=1)
        .filter(Exists(too_large), activity__state=State.PUBLISHED, activity__begins_at__gt=clock.now())
        .values_list("activity", flat=True)
    )


@transaction.atomic
def set_seats(
    activity: Activity, *, by: Person, quota: int | None, waits: bool = True, group_rule: str = GroupRule.WAIT
) -> Seats:
    """Change how many places there are. A quota below what is sold evicts nobody: nothing more is sold
    until enough was given back. More places are offered to the waiting list at once."""
    require(policy.works_on(by, activity))
    if quota is not None and quota < 1:
        raise Refused(_("At least one place."), field="quota")
    seats = seats_locked(activity.region_id, activity.pk)
    seats.quota, seats.waits, seats.group_rule = quota, waits, group_rule
    seats.save(update_fields=["quota", "waits", "group_rule"])
    promote(seats, activity)
    return seats


def shorten_offers(activity: Activity) -> None:
    """After the start was moved to an earlier hour: no offer outlives it. The caller holds the seats."""
    Registration.objects.filter(
        Q(offer_ends_at__gt=activity.begins_at),
        region=activity.region_id,
        activity=activity,
        state=Standing.OFFERED,
    ).update(offer_ends_at=activity.begins_at)


def ahead_of(registration: Registration) -> int:
    """How many stand before somebody on the waiting list."""
    return (
        Registration.objects.filter(
            region=registration.region_id,
            activity=registration.activity_id,
            state=Standing.WAITING,
            number__lt=registration.number,
        )
        .annotate(one=F("pk"))
        .count()
    )
