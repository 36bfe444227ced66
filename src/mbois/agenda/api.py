"""Activities for programs: the public calendar, and registering for one."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Header, Query, Router, Schema, Status
from pydantic import AfterValidator, ConfigDict, Field, StrictInt, WithJsonSchema
from pydantic_core import PydanticCustomError

from mbois.agenda import queries, tickets
from mbois.agenda.actions.registering import Guest, Placed, register
from mbois.agenda.models import Activity
from mbois.api_schemas import REFUSALS, MaybeDay, Refusal, Text, Whole
from mbois.ledger.actions import check_key
from mbois.people.models import Person
from mbois.people.tokens import person_of
from mbois.refused import Refused
from mbois.web.calendars import address_of

router = Router()
MOST = 200


class QuestionOut(Schema):
    """What the organiser wants to know: the answer is sent under `id`. `kind` `text` takes up to 300
    characters, `choice` one of `options`, `tick` true or false."""

    id: int
    text: str
    kind: Literal["text", "choice", "tick"]
    options: list[str]
    required: bool


class ActivityOut(Schema):
    """An activity of the public calendar. `most_places` is what one registration may have at most;
    `places_left` is null where there is no limit or no registration; `open` says whether one can register
    now (or join the waiting list); `questions` are answered when registering; `parent` is the code of the
    festival that it is a part of, or null."""

    code: str
    parent: str | None
    title: str
    summary: str
    kind: str
    host: str
    subsector: str
    region: str
    place: str
    address: str
    latitude: float | None
    longitude: float | None
    begins_at: datetime
    ends_at: datetime
    entry: str
    most_places: int
    places_left: int | None
    waiting: int
    open: bool
    questions: list[QuestionOut]
    url: str


def _can_be_kept(text: str) -> bool:
    """Whether a database takes it: no NUL, no half of a pair."""
    return "\x00" not in text and not any("\ud800" <= one <= "\udfff" for one in text)


def _text_or_tick(value: object) -> str | bool:
    if isinstance(value, bool):
        return value
    if not isinstance(value, str) or len(value) > 300 or not _can_be_kept(value):
        raise PydanticCustomError("answer", "an answer is text of at most 300 characters, or true or false")
    return value


Answer = Annotated[
    Any,
    AfterValidator(_text_or_tick),
    WithJsonSchema({"anyOf": [{"type": "string", "maxLength": 300}, {"type": "boolean"}]}),
]


class RegistrationIn(Schema):
    """Who registers. A field that is not known is refused. `answers` holds the answers to the activity's
    questions by their `id`; only where one of them is required must it be there."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Text, Field(min_length=1, max_length=120)]
    email: Annotated[Text, Field(min_length=3, max_length=254)]
    places: Annotated[StrictInt, Field(ge=1, le=50)] = 1
    answers: Annotated[
        dict[str, Answer], Field(max_length=50, examples=[{"12": "Vegetarian", "13": True}])
    ] = {}


class TicketOut(Schema):
    """One place: `code` is read out, `qr` is what the QR code of the ticket says."""

    code: str
    qr: str


class ConfirmedOut(Schema):
    """The places are theirs. `url` is their own page, where they can cancel: it is a secret."""

    state: Literal["confirmed"]
    tickets: list[TicketOut]
    url: str


class WaitingOut(Schema):
    """On the waiting list: `position` 1 is next."""

    state: Literal["waiting"]
    position: int
    url: str


@router.get(
    "/activities", auth=None, response={200: list[ActivityOut], **REFUSALS}, summary="The public calendar"
)
def list_activities(
    request: HttpRequest,
    response: HttpResponse,
    since: MaybeDay = Query(None, alias="from", description="first day; default today"),  # noqa: B008
    until: MaybeDay = Query(None, alias="to", description="last day"),  # noqa: B008
    region: Annotated[str, Query(max_length=5)] = "",
    q: Annotated[str, Query(max_length=100)] = "",
    after: Annotated[str, Query(description="the code after which to go on", max_length=16)] = "",
    limit: Whole = Query(100, ge=1, le=MOST),  # noqa: B008
) -> list[dict[str, Any]]:
    """What takes place, by its beginning. An activity counts for a span where it overlaps it. Where there
    is more, the header `Link` has the address of what follows. Parts of a festival are found by `q`."""
    if since and until and until < since:
        raise Refused(_("The last day lies before the first."), field="to", code="invalid")
    for field, day in (("from", since), ("to", until)):
        if day and not queries.FIRST <= day <= queries.LAST:
            raise Refused(_("That day is too far away."), field=field, code="invalid")
    wish = queries.Wish(
        text=q.replace("\x00", ""), region=region.replace("\x00", ""), since=since, until=until
    )
    found = queries.wished(wish, past=until is not None).select_related("parent")
    if after:
        found = found.filter(_comes_after(after))
    rows = list(found.order_by("begins_at", "pk").prefetch_related("seats", "questions")[: limit + 1])
    if len(rows) > limit:
        asked = request.GET.copy()
        asked["after"] = rows[limit - 1].code
        response["Link"] = f'<{address_of(request.path)}?{asked.urlencode()}>; rel="next"'
    return [_told(one) for one in rows[:limit]]


def _comes_after(code: str) -> Q:
    """What stands in the calendar after the activity with this code."""
    last = Activity.objects.published().filter(code=code.replace("\x00", "")).first()
    if last is None:
        raise Refused(_("There is no activity with this code."), field="after", code="invalid")
    return Q(begins_at__gt=last.begins_at) | Q(begins_at=last.begins_at, pk__gt=last.pk)


def _told(activity: Activity) -> dict[str, Any]:
    seats = next(iter(activity.seats.all()), None)
    registers = activity.entry == "register" and seats is not None
    return {
        "code": activity.code,
        "parent": activity.parent.code if activity.parent else None,
        "title": activity.title,
        "summary": activity.summary,
        "kind": activity.kind,
        "host": activity.host,
        "subsector": activity.subsector,
        "region": activity.region_id,
        "place": activity.place,
        "address": activity.address,
        "latitude": activity.latitude,
        "longitude": activity.longitude,
        "begins_at": activity.begins_at,
        "ends_at": activity.ends_at,
        "entry": activity.entry,
        "most_places": activity.most_places,
        "places_left": seats.left if registers and seats else None,
        "waiting": seats.waiting if registers and seats else 0,
        "open": bool(
            registers and seats and activity.takes_registrations and (seats.waits or seats.left != 0)
        ),
        "questions": [
            {name: getattr(one, name) for name in ("id", "text", "kind", "options", "required")}
            for one in (activity.questions.all() if registers else ())
        ],
        "url": address_of(activity.get_absolute_url()),
    }


@router.post(
    "/activities/{code}/registrations",
    auth=None,
    response={201: ConfirmedOut, 202: WaitingOut, **REFUSALS, 429: Refusal},
    summary="Register for an activity",
)
def post_registration(
    request: HttpRequest,
    code: str,
    body: RegistrationIn,
    idempotency_key: Annotated[
        str, Header(alias="Idempotency-Key", description="the same key gets the same answer", max_length=200)
    ],
) -> Status[dict[str, Any]]:
    """Open to everybody, as the page is; with a token it is the token's person who registers. 201 with
    tickets, or 202 with the position on the waiting list. The same key and body get the same answer; a used
    key with another body is refused (409). An answer that is required and missing is refused (422) with the
    field `answers.<id>`. An address that registers again with a new key is told so in its mail."""
    key = idempotency_key.strip()
    check_key(key)
    activity = Activity.objects.published().filter(code=code.replace("\x00", "")).first()
    if activity is None:
        raise Refused(_("This does not exist, or you may not see it."), code="not_found", status=404)
    name = " ".join(body.name.split())
    if not any(map(str.isalnum, name)):
        raise Refused(_("Please fill this in."), field="name", code="invalid")
    guest = Guest(
        name=name,
        email=checked_email(body.email),
        person=_caller(request),
        answers=_answers(body.answers),
    )
    try:
        placed = register(activity, guest, places=body.places, key=key)
    except Refused as refused:
        raise _in_our_words(refused) from None
    return _answer(activity, placed)


def _answers(given: dict[str, str | bool]) -> dict[int, str]:
    """As a form would have them: a tick is a yes or nothing."""
    yes = {True: str(_("Yes")), False: ""}
    for key in given:
        if not re.fullmatch(r"[0-9]{1,18}", key, re.ASCII):
            raise Refused(_("This activity does not ask this."), field=f"answers.{key[:20]}", code="invalid")
    return {int(key): yes[said] if isinstance(said, bool) else said for key, said in given.items()}


def _in_our_words(refused: Refused) -> Refused:
    """A refusal that names the field of the body rather than that of the page."""
    if refused.field and refused.field.startswith("question-"):
        refused.field = f"answers.{refused.field.removeprefix('question-')}"
    return refused


def checked_email(text: str) -> str:
    """An e-mail address in small letters. Refuses what is none."""
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    email = text.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Refused(
            _("Enter an e-mail address such as nama@contoh.id."), field="email", code="invalid"
        ) from None
    return email


def _caller(request: HttpRequest) -> Person | None:
    """Whose token it is, where one came along; a bad one is refused rather than taken for nobody."""
    header = request.headers.get("Authorization", "")
    if not header:
        return None
    person = person_of(header.removeprefix("Bearer ").strip())
    if person is None:
        raise Refused(_("A valid access token is needed."), code="unauthenticated", status=401)
    request.user = person
    return None if person.is_service else person


def _answer(activity: Activity, placed: Placed) -> Status[dict[str, Any]]:
    url = settings.SITE_URL.rstrip("/") + placed.registration.get_absolute_url()
    if placed.confirmed:
        sold = [{"code": one.code, "qr": tickets.payload(activity.code, one.code)} for one in placed.tickets]
        return Status(201, {"state": "confirmed", "tickets": sold, "url": url})
    return Status(202, {"state": "waiting", "position": placed.position, "url": url})
