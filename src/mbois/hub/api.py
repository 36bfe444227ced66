"""The centre for programs: `GET /api/hub/spaces/{code}/free?date=`."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema

from mbois import clock
from mbois.api_schemas import MaybeDay
from mbois.hub.models import Space
from mbois.hub.queries import bookings_on, still_free
from mbois.hub.times import Span, Times, whole
from mbois.refused import Refused

router = Router()


class HoursOut(Schema):
    """`[begins, ends)` with its offset."""

    begins: str
    ends: str


class FreeOut(Schema):
    """When a space can be booked on a day; `closed` says why not at all. Nobody is named."""

    space: str
    name: str
    date: str
    capacity: int
    open: HoursOut | None
    closed: str | None
    free: list[HoursOut]


def _hours(span: Span) -> dict[str, str]:
    return {
        "begins": span.begins.astimezone(clock.JAKARTA).isoformat(),
        "ends": span.ends.astimezone(clock.JAKARTA).isoformat(),
    }


@router.get("/spaces/{code}/free", response=FreeOut, auth=None, summary="Free hours of a space on a day")
def free_hours(request: HttpRequest, code: str, date: MaybeDay = None) -> dict[str, object]:
    """Free hours of a space on a day (today without `date`), the buffer between bookings and what has
    passed left out."""
    space = (
        Space.objects.coded(code.replace("\x00", ""))
        .published()
        .select_related("floor__building", "region")
        .first()
    )
    if space is None:
        raise Refused(_("There is no space with this code."), field="code", code="not_found", status=404)
    day = date or clock.today()
    if abs((day - clock.today()).days) > 800:
        raise Refused(_("That day is too far away."), field="date", code="invalid")
    times, edge = Times.of([space], day, day), whole(day)
    rows = bookings_on([space], edge.begins, edge.ends).get(space.pk, [])
    opening = times.open_on(space, day)
    return {
        "space": space.code,
        "name": space.name,
        "date": day.isoformat(),
        "capacity": space.capacity,
        "open": _hours(opening) if opening else None,
        "closed": times.closed_all_day(space, day) or None,
        "free": [_hours(span) for span in still_free(space, day, times, rows, clock.now())],
    }
