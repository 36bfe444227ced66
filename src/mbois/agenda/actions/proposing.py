"""An activity from its proposal to the public."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mbois import clock
from mbois.agenda import policy
from mbois.agenda.codes import new_code
from mbois.agenda.models import (
    Activity,
    Entry,
    Kind,
    Question,
    Seats,
    Series,
    State,
)
from mbois.agenda.tasks import draw_share_picture
from mbois.people.models import Membership, Person, Role
from mbois.people.notifications import notify
from mbois.refused import Refused, require

# Whoever has no role proposes so many at a time; enough for a community, too few to flood the curators.
MOST_OPEN = 15
MOST_REPEATS = 52
LONGEST = timedelta(days=31)
EDITABLE = (
    "title", "summary", "about", "subsector", "begins_at", "ends_at", "place", "address", "district_id",
    "latitude", "longitude", "host", "contact", "entry", "opens_at", "closes_at", "most_places", "several",
    "offer_hours", "certificate_from", "takes_parts", "stage",
)  # fmt: skip


def curators_of(region_id: str) -> list[Person]:
    """Who decides about proposals of a region."""
    members = Membership.objects.in_force().filter(region=region_id, role=Role.CURATOR)
    return [one.person for one in members.select_related("person")]


def _reviewers(activity: Activity) -> list[Person]:
    found = curators_of(activity.region_id)
    if activity.parent is not None:
        found.append(activity.parent.proposed_by)
    return [one for one in found if one.pk != activity.proposed_by_id]


def search_of(activity: Activity) -> str:
    """What a search looks through, in small letters."""
    words = (activity.title, activity.summary, activity.host, activity.place, activity.address)
    return " ".join(words).casefold()


def check_hours(values: Mapping[str, Any], parent: Activity | None) -> None:
    """Begin, end, and when registration opens and closes."""
    begins_at, ends_at = values["begins_at"], values["ends_at"]
    opens_at, closes_at = values.get("opens_at"), values.get("closes_at")
    if parent is not None and (
        clock.local_date(begins_at) < clock.local_date(parent.begins_at)
        or clock.local_date(ends_at) > clock.local_date(parent.ends_at)
    ):
        raise Refused(
            _("A part lies within the days of “%(title)s”.") % {"title": parent.title}, field="begins_at"
        )
    for name in ("begins_at", "ends_at", "opens_at", "closes_at"):
        if values.get(name) and clock.is_too_far(values[name]):
            raise Refused(_("At most three years ahead. Look at the year once more."), field=name)
    if ends_at <= begins_at:
        raise Refused(_("It must end after it begins."), field="ends_at")
    if ends_at - begins_at > LONGEST:
        raise Refused(_("At most 31 days. Make several activities of it."), field="ends_at")
    if closes_at and closes_at > ends_at:
        raise Refused(_("Registration cannot close after the activity is over."), field="closes_at")
    if opens_at and opens_at >= (closes_at or ends_at):
        raise Refused(_("Registration must open before it closes."), field="opens_at")


def _own_house(person: Person, region_id: str) -> int | None:
    """The organisation a person organises for in a region."""
    return next(
        (
            one.organisation_id
            for one in person.memberships_now
            if one.role == Role.ORGANISER and one.region_id == region_id
        ),
        None,
    )


@transaction.atomic
def draft(
    region_id: str,
    *,
    by: Person,
    values: Mapping[str, Any],
    kind: str = Kind.ACTIVITY,
    parent: Activity | None = None,
    quota: int | None = None,
    waits: bool = True,
    group_rule: str = "wait",
    series: Series | None = None,
) -> Activity:
    """Begin a proposal. Anybody with an account may; a part where its festival asks for parts."""
    if parent is not None:
        require(
            policy.can_add_part(by, parent) and parent.region_id == region_id,
            _("This festival does not ask for parts."),
        )
    if Role.ORGANISER not in by.roles and Role.CURATOR not in by.roles:
        open_now = Activity.objects.filter(
            proposed_by=by, state__in=[State.DRAFT, State.PROPOSED, State.RETURNED]
        )
        if open_now.count() >= MOST_OPEN:
            raise Refused(_("Finish the proposals you have begun first."), code="too_many")
    if values["begins_at"] < clock.now():
        raise Refused(_("Choose an hour that is still to come."), field="begins_at")
    check_hours(values, parent)
    if values.get("entry") == Entry.WHOLE and parent is None:
        raise Refused(_("Only a part comes with the ticket of the whole."), field="entry")
    activity = Activity(
        region_id=region_id,
        code=new_code(region_id),
        kind=kind,
        parent=parent,
        series=series,
        organisation_id=_own_house(by, region_id),
        proposed_by=by,
        **{name: value for name, value in values.items() if name in EDITABLE},
    )
    activity.search = search_of(activity)
    activity.save()
    Seats.objects.create(
        region_id=region_id, activity=activity, quota=quota, waits=waits, group_rule=group_rule
    )
    return activity


@transaction.atomic
def repeat(activity: Activity, *, by: Person, every_weeks: int, times: int) -> list[Activity]:
    """Make more of a draft: the same local hour every so many weeks, `times` in all with this one. Each is
    a row of its own, with its own places and its own state."""
    require(policy.manages(by, activity))
    if activity.state not in (State.DRAFT, State.RETURNED) or activity.series_id is not None:
        raise Refused(_("Only a draft that stands alone can be repeated."), code="moved_on", status=409)
    if not 2 <= times <= MOST_REPEATS:
        raise Refused(_("Between 2 and %(most)s times.") % {"most": MOST_REPEATS}, field="times")
    if not 1 <= every_weeks <= 12:
        raise Refused(_("Every 1 to 12 weeks."), field="every_weeks")
    last = timedelta(weeks=every_weeks * (times - 1))
    if clock.is_too_far(_later(activity.ends_at, last)):
        raise Refused(_("The last of them would lie more than three years ahead."), field="times")
    series = Series.objects.create(
        region_id=activity.region_id, title=activity.title, every_weeks=every_weeks, made_by=by
    )
    activity.series = series
    activity.save(update_fields=["series"])
    seats = Seats.objects.get(region=activity.region_id, activity=activity)
    questions = list(Question.objects.filter(region=activity.region_id, activity=activity))
    made = [activity]
    for number in range(1, times):
        step = timedelta(weeks=every_weeks * number)
        values = {name: getattr(activity, name) for name in EDITABLE}
        for name in ("begins_at", "ends_at", "opens_at", "closes_at"):
            if values[name] is not None:
                values[name] = _later(values[name], step)
        one = draft(
            activity.region_id,
            by=by,
            values=values,
            quota=seats.quota,
            waits=seats.waits,
            group_rule=seats.group_rule,
            series=series,
        )
        Question.objects.bulk_create(
            Question(
                region_id=one.region_id,
                activity=one,
                text=question.text,
                kind=question.kind,
                options=question.options,
                required=question.required,
                position=question.position,
            )
            for question in questions
        )
        made.append(one)
    return made


def _later(instant: datetime, step: timedelta) -> datetime:
    """The same hour on the clock of Malang, some weeks later."""
    local = instant.astimezone(clock.JAKARTA)
    return (local.replace(tzinfo=None) + step).replace(tzinfo=clock.JAKARTA)


def locked(activity: Activity) -> Activity:
    """The activity, held until the transaction ends."""
    found: Activity = (
        Activity.objects.select_for_update(of=("self",), no_key=True)
        .select_related("parent__proposed_by", "proposed_by", "region")
        .get(region=activity.region_id, pk=activity.pk)
    )
    return found


def must_be(activity: Activity, *states: str) -> None:
    """Refuses one that stands at none of these states."""
    if activity.state not in states:
        raise Refused(
            _("This activity stands at “%(state)s”.") % {"state": activity.get_state_display()},
            code="moved_on",
            status=409,
        )


def _with_series(activity: Activity, whole: bool, *states: str) -> list[Activity]:
    """The activity, and where the whole series is meant those of it that stand at one of these states."""
    if not whole or activity.series_id is None:
        return [activity]
    others = Activity.objects.filter(
        region=activity.region_id, series=activity.series_id, state__in=states
    ).exclude(pk=activity.pk)
    return [activity, *(locked(one) for one in others.order_by("pk"))]


@transaction.atomic
def propose(activity: Activity, *, by: Person, whole_series: bool = False) -> Activity:
    """Hand a proposal in; the curators are told."""
    row = locked(activity)
    require(policy.manages(by, row))
    must_be(row, State.DRAFT, State.RETURNED)
    rows = _with_series(row, whole_series, State.DRAFT, State.RETURNED)
    for one in rows:
        if one.begins_at <= clock.now():
            raise Refused(_("Choose an hour that is still to come."), field="begins_at")
        one.state, one.proposed_at = State.PROPOSED, clock.now()
        one.save(update_fields=["state", "proposed_at"])
    notify(
        _reviewers(row),
        "agenda/proposed",
        url=row.desk_url,
        title=row.title,
        host=row.host,
        when=row.begins_at,
        count=len(rows),
    )
    return row


def _decided(row: Activity, *, by: Person, state: str, note: str) -> None:
    row.state, row.reviewed_by, row.reviewed_at = state, by, clock.now()
    row.review_note = note.strip()
    if state == State.PUBLISHED:
        row.published_at = row.published_at or clock.now()
    row.save()


@transaction.atomic
def publish(activity: Activity, *, by: Person, whole_series: bool = False, note: str = "") -> Activity:
    """Put a proposal into the public calendar; by a curator, who is not the proposer."""
    row = locked(activity)
    require(
        policy.can_review(by, row),
        _("A curator decides, and nobody about their own proposal."),
    )
    must_be(row, State.PROPOSED)
    if row.parent is not None and row.parent.state != State.PUBLISHED:
        raise Refused(_("Publish the festival first."), code="moved_on", status=409)
    rows = _with_series(row, whole_series, State.PROPOSED)
    for one in rows:
        _decided(one, by=by, state=State.PUBLISHED, note=note)
    draw(rows)
    notify(
        row.proposed_by,
        "agenda/published",
        url=row.get_absolute_url(),
        title=row.title,
        when=row.begins_at,
        count=len(rows),
        note=note.strip(),
    )
    return row


def draw(rows: Iterable[Activity]) -> None:
    """Have the pictures drawn that are shown where they are shared."""
    for one in rows:
        draw_share_picture.defer(region=one.region_id, activity_id=one.pk)


@transaction.atomic
def turn_down(
    activity: Activity, *, by: Person, note: str, for_good: bool = False, whole_series: bool = False
) -> Activity:
    """Send a proposal back with reasons, to be mended and handed in again; or reject it for good."""
    row = locked(activity)
    require(
        policy.can_review(by, row),
        _("A curator decides, and nobody about their own proposal."),
    )
    must_be(row, State.PROPOSED)
    if len(note.strip()) < 5:
        raise Refused(_("Say why: the community reads it."), field="note")
    state = State.REJECTED if for_good else State.RETURNED
    for one in _with_series(row, whole_series, State.PROPOSED):
        _decided(one, by=by, state=state, note=note)
    notify(
        row.proposed_by,
        "agenda/rejected" if for_good else "agenda/returned",
        url=row.desk_url,
        title=row.title,
        note=note.strip(),
    )
    return row
