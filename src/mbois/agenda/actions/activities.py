"""What is changed of an activity once it is proposed, what belongs to it, and its calling off."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from mbois import clock
from mbois.agenda import policy, telling
from mbois.agenda.actions.proposing import EDITABLE, check_hours, draw, locked, must_be, search_of
from mbois.agenda.actions.waiting import promote, seats_locked, set_seats, shorten_offers
from mbois.agenda.models import (
    Activity,
    Entry,
    Kind,
    Question,
    Registration,
    Seats,
    Stage,
    Standing,
    State,
    Ticket,
)
from mbois.people import documents, venues
from mbois.people.models import Person, Purpose
from mbois.people.notifications import notify
from mbois.refused import Refused, require
from mbois.web.stale import changed_meanwhile


@transaction.atomic
def rewrite(
    activity: Activity,
    *,
    by: Person,
    values: Mapping[str, Any],
    quota: int | None,
    waits: bool,
    group_rule: str,
    seen: datetime | None,
) -> Activity:
    """Change what is said of an activity together with its places, from a page. `seen` is the newest
    change that the page showed: an older page does not overwrite a newer one; what stands already is
    taken as it is."""
    row = locked(activity)
    require(policy.can_edit(by, row))
    seats = seats_locked(row.region_id, row.pk)
    stands = (seats.quota, seats.waits, seats.group_rule) == (quota, waits, group_rule)
    if stands and all(getattr(row, name) == value for name, value in values.items() if name in EDITABLE):
        return row
    if seen != row.changed_at:
        raise changed_meanwhile(row.changed_at)
    row = change(row, by=by, values=values)
    set_seats(row, by=by, quota=quota, waits=waits, group_rule=group_rule)
    return row


@transaction.atomic
def change(activity: Activity, *, by: Person, values: Mapping[str, Any]) -> Activity:
    """Change what is said of an activity. Who is registered is told where hour or place changed; a space
    that is held goes along to the new hours, which are refused where it cannot be had then."""
    row = locked(activity)
    require(policy.can_edit(by, row))
    before = (row.begins_at, row.ends_at, row.place, row.address)
    hours = ("begins_at", "ends_at", "opens_at", "closes_at")
    check_hours({name: values.get(name, getattr(row, name)) for name in hours}, row.parent)
    if row.state == State.PUBLISHED and row.is_over:
        for name in ("begins_at", "ends_at"):
            if name in values and values[name] != getattr(row, name):
                raise Refused(_("It is over; its hours stay."), field=name)
    if values.get("entry") == Entry.WHOLE and row.parent is None:
        raise Refused(_("Only a part comes with the ticket of the whole."), field="entry")
    if (
        values.get("entry", row.entry) != row.entry
        and row.registrations.filter(region=row.region_id).exists()
    ):
        raise Refused(_("People have registered already; how one gets in stays."), field="entry")
    for name, value in values.items():
        if name in EDITABLE:
            setattr(row, name, value)
    seats = seats_locked(row.region_id, row.pk)
    if (row.begins_at, row.ends_at) != before[:2]:
        _move_venue(row, by=by)
    _save(row, seats, moved=(row.begins_at, row.ends_at, row.place, row.address) != before)
    return row


def _save(row: Activity, seats: Seats, *, moved: bool) -> None:
    """Save what was changed; tell who is registered where it `moved` to another hour or place."""
    row.search, row.changed_at = search_of(row), clock.now()
    if moved:
        row.moved += 1
    row.save()
    if moved and row.state == State.PUBLISHED and not row.is_over:
        shorten_offers(row)
        telling.write(_open_registrations(row), "moved")
        promote(seats, row)
    if row.state == State.PUBLISHED:
        draw([row])


def _open_registrations(activity: Activity) -> list[Registration]:
    found = list(
        Registration.objects.filter(
            region=activity.region_id,
            activity=activity,
            state__in=[Standing.CONFIRMED, Standing.WAITING, Standing.OFFERED],
        ).order_by("number")
    )
    for one in found:
        one.activity = activity
    return found


@transaction.atomic
def call_off(activity: Activity, *, by: Person, reason: str) -> Activity:
    """Call an activity off, with its parts. Everybody registered is told, and who proposed what another
    calls off; their tickets end."""
    row = locked(activity)
    require(policy.works_on(by, row))
    must_be(row, State.DRAFT, State.PROPOSED, State.RETURNED, State.PUBLISHED)
    if len(reason.strip()) < 3:
        raise Refused(_("Say why: people are told."), field="reason")
    if row.state == State.PUBLISHED and row.is_over:
        raise Refused(_("The activity is over."), code="over", status=409)
    parts = Activity.objects.filter(region=row.region_id, parent=row).order_by("pk")
    held = [row, *(locked(part) for part in parts)]  # only now is it known which of them still stand
    for one in held:
        if one.state not in (State.REJECTED, State.CANCELLED):
            _end_it(one, by=by, reason=reason.strip())
    return row


def _end_it(row: Activity, *, by: Person, reason: str) -> None:
    seats = seats_locked(row.region_id, row.pk)
    now = clock.now()
    row.state, row.cancelled_at, row.cancel_reason = State.CANCELLED, now, reason[:300]
    row.moved += 1
    release_venue(row, by=by)
    row.save()
    registered = _open_registrations(row)
    telling.write(registered, "called_off", reason=reason)
    keys = [one.pk for one in registered]
    Ticket.objects.filter(region=row.region_id, registration__in=keys, cancelled_at=None).update(
        cancelled_at=now
    )
    Registration.objects.filter(region=row.region_id, pk__in=keys).update(
        state=Standing.CANCELLED, places=0, ended_at=now, cancelled_by=by, end_reason=reason[:200]
    )
    seats.is_open = False
    seats.save(update_fields=["is_open"])
    if row.proposed_by_id != by.pk:
        notify(
            row.proposed_by,
            "agenda/stopped",
            url=row.desk_url,
            title=row.title,
            when=row.begins_at,
            reason=reason,
        )


# --- what belongs to it -----------------------------------------------------------------------------


@transaction.atomic
def set_picture(activity: Activity, upload: File, *, by: Person) -> Activity:
    """The picture at the head of its page."""
    row = locked(activity)
    require(policy.can_edit(by, row))
    row.picture = documents.store(
        upload, region_id=row.region_id, purpose=Purpose.AGENDA, by=by, pictures=True
    )
    row.save(update_fields=["picture"])
    if row.state == State.PUBLISHED:
        draw([row])
    return row


@transaction.atomic
def add_question(
    activity: Activity,
    *,
    by: Person,
    text: str,
    kind: str = Question.Kind.TEXT,
    options: Iterable[str] = (),
    required: bool = False,
) -> Question:
    """Ask something of whoever registers from now on."""
    require(policy.can_edit(by, locked(activity)))
    choices = [" ".join(one.split())[:80] for one in options if one.strip()]
    if kind == Question.Kind.CHOICE and len(choices) < 2:
        raise Refused(_("Give at least two answers to choose from."), field="options")
    count = Question.objects.filter(region=activity.region_id, activity=activity).count()
    if count >= 12:
        raise Refused(_("At most 12 questions: people fill this in on a phone."), field="text")
    return Question.objects.create(
        region_id=activity.region_id,
        activity=activity,
        text=text.strip(),
        kind=kind,
        options=choices if kind == Question.Kind.CHOICE else [],
        required=required,
        position=count + 1,
    )


@transaction.atomic
def drop_question(question: Question, *, by: Person) -> None:
    """Ask it no more; answers given stay with their registrations."""
    require(policy.can_edit(by, question.activity))
    question.delete()


@transaction.atomic
def add_stage(festival: Activity, *, by: Person, name: str, note: str = "") -> Stage:
    """A stage of a festival."""
    require(policy.can_edit(by, locked(festival)))
    if festival.kind != Kind.FESTIVAL:
        raise Refused(_("Only a festival has stages."))
    if Stage.objects.filter(region=festival.region_id, festival=festival, name=name.strip()).exists():
        raise Refused(_("There is a stage of this name already."), field="name")
    count = Stage.objects.filter(region=festival.region_id, festival=festival).count()
    return Stage.objects.create(
        region_id=festival.region_id,
        festival=festival,
        name=name.strip(),
        note=note.strip(),
        position=count + 1,
    )


@transaction.atomic
def hold_venue(activity: Activity, code: str, *, by: Person) -> Activity:
    """Book a space of the creative centre for an activity, by the rules of whoever keeps spaces. Who is
    registered is told where the place is another."""
    keeper = venues.keeper()
    row = locked(activity)
    require(policy.can_edit(by, row))
    if keeper is None:
        raise Refused(_("Nobody keeps spaces here."))
    venue = keeper.get(code)
    if venue is None:
        raise Refused(_("There is no such space."), field="venue")
    seats = seats_locked(row.region_id, row.pk)
    people = min(seats.quota or venue.capacity, venue.capacity)
    if seats.quota is not None and seats.quota > venue.capacity:
        raise Refused(
            _("%(name)s holds %(capacity)s people, and you want %(quota)s.")
            % {"name": venue.name, "capacity": venue.capacity, "quota": seats.quota},
            field="venue",
        )
    release_venue(row, by=by)
    row.venue_booking = keeper.hold(
        code, begins=row.begins_at, ends=row.ends_at, title=row.title, people=people, by=by
    )
    before = (row.place, row.address)
    row.venue, row.place, row.address = venue.code, venue.name[:160], venue.address[:240]
    _save(row, seats, moved=(row.place, row.address) != before)
    return row


def _move_venue(row: Activity, *, by: Person) -> None:
    keeper = venues.keeper()
    if keeper is None or not row.venue_booking:
        return
    try:
        keeper.move(row.venue_booking, begins=row.begins_at, ends=row.ends_at, by=by)
    except Refused as refused:
        raise Refused(
            _(
                "The space that is held for it cannot be had then. %(why)s Choose other hours, or give it up first."
            )
            % {"why": refused.message},
            field="begins_at",
            code=refused.code,
            status=refused.status,
        ) from None


@transaction.atomic
def leave_venue(activity: Activity, *, by: Person) -> Activity:
    """Give up the space that is held for an activity. Where it takes place is still said as before."""
    row = locked(activity)
    require(policy.can_edit(by, row))
    release_venue(row, by=by)
    row.changed_at = clock.now()
    row.save()
    return row


def release_venue(activity: Activity, *, by: Person) -> None:
    """Give up the space that was held; the caller saves the activity."""
    keeper = venues.keeper()
    if keeper is not None and activity.venue_booking:
        keeper.release(activity.venue_booking, by=by)
    activity.venue = activity.venue_booking = ""
