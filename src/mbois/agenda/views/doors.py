"""The door: pages for the organiser, and the page and addresses of a volunteer's phone."""

import hashlib
import json
import uuid
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mbois import clock
from mbois.agenda import queries, tickets
from mbois.agenda.actions import doors as actions
from mbois.agenda.actions.doors import Seen
from mbois.agenda.forms import DoorForm
from mbois.agenda.models import Attendance, Door, Scan, ScanVerdict, Ticket
from mbois.agenda.tickets import qr_svg
from mbois.agenda.views.common import desk_or_404, login_required, person_of, private, say_and_go
from mbois.refused import Refused
from mbois.web.calendars import address_of
from mbois.web.given import whole_number
from mbois.web.middleware import refusal_json

MOST_BODY = 400_000
# Hours that can be kept and shown in every zone.
FIRST, LAST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
ASSETS = (
    "web/vendor/pico/pico.min.css",
    "web/tokens.css",
    "web/app.css",
    "agenda/agenda.css",
    "agenda/door.js",
    "web/vendor/jsqr/jsQR.js",
    "web/vendor/plus-jakarta-sans/plus-jakarta-sans-latin-700-normal.woff2",
    "web/roofs.svg",
)


# --- the organiser ----------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest, activity: str) -> HttpResponse:
    """The doors of an activity, what they have seen, and what needs a decision."""
    row = desk_or_404(request, activity)
    person = person_of(request)
    form = DoorForm(request.POST if request.POST.get("verb") == "open" else None)
    if request.method == "POST":
        verb = request.POST.get("verb", "")
        try:
            if verb == "open" and form.is_valid():
                actions.open_door(row, by=person, name=form.cleaned_data["name"])
                return say_and_go(request, _("The door is open."), "agenda_doors", activity=row.code)
            if verb in {"close", "reopen"}:
                actions.close_door(_door(row, request), by=person, closed=verb == "close")
                return say_and_go(request, _("Saved."), "agenda_doors", activity=row.code)
            if verb in {"accept", "dismiss"}:
                actions.decide(
                    _scan(row, request),
                    accepted=verb == "accept",
                    by=person,
                    note=request.POST.get("note", "").replace("\x00", ""),
                )
                return say_and_go(request, _("Decided."), "agenda_doors", "#perkecualian", activity=row.code)
        except Refused as refused:
            if verb == "open":
                form.refuse(refused)
            else:
                messages.error(request, refused.message)
    parts = actions.parts_of(row)
    state = queries.door_states(row, parts)
    doors = Door.objects.filter(region=row.region_id, activity=row).order_by("pk")
    scans = Scan.objects.filter(region=row.region_id, activity__in=[part.pk for part in parts])
    return render(
        request,
        "agenda/doors.html",
        {
            "activity": row,
            "form": form,
            "doors": [
                (one, address_of(one.get_absolute_url()), qr_svg(address_of(one.get_absolute_url())))
                for one in doors
            ],
            "state": [(part, one) for part, one in state if one.inside or one.visitors or len(state) < 6],
            "exceptions": scans.exclude(problem="")
            .select_related("door", "activity", "ticket__registration")
            .prefetch_related(Prefetch("verdicts", ScanVerdict.objects.filter(region=row.region_id)))
            .order_by("-counted_at", "-pk")[:100],
            "twice": _twice(row.region_id, [part.pk for part in parts]),
        },
        status=422 if form.errors else 200,
    )


def _twice(region: str, parts: list[int]) -> list[tuple[Attendance, list[Scan]]]:
    """Tickets that more than one scan saw at the same part: all scans are kept, one attendance counts."""
    from django.db.models import Count

    several = (
        Scan.objects.filter(region=region, activity__in=parts, ticket__isnull=False, problem="")
        .order_by()
        .values("ticket", "activity")
        .annotate(times=Count("pk"))
        .filter(times__gt=1)[:50]
    )
    keys = {(one["ticket"], one["activity"]) for one in several}
    if not keys:
        return []
    scans: dict[tuple[int, int], list[Scan]] = {}
    rows = Scan.objects.filter(region=region, ticket__in=[key for key, _part in keys], problem="")
    for scan in rows.select_related("door").order_by("counted_at", "pk"):
        assert scan.ticket_id is not None
        scans.setdefault((scan.ticket_id, scan.activity_id), []).append(scan)
    counted = Attendance.objects.filter(region=region, ticket__in=[key for key, _part in keys])
    return [
        (one, scans[one.ticket_id, one.activity_id])
        for one in counted.select_related("ticket__registration", "activity").order_by("-at")
        if (one.ticket_id, one.activity_id) in keys
    ]


def _key(request: HttpRequest, name: str) -> int:
    key = whole_number(request.POST.get(name))
    if key is None:
        raise Http404
    return key


def _door(row: Any, request: HttpRequest) -> Door:
    found = (
        Door.objects.filter(region=row.region_id, activity=row, pk=_key(request, "door"))
        .select_related("activity__parent")
        .first()
    )
    if found is None:
        raise Http404
    return found


def _scan(row: Any, request: HttpRequest) -> Scan:
    found = (
        Scan.objects.filter(region=row.region_id, pk=_key(request, "scan"))
        .select_related("activity__parent", "ticket")
        .first()
    )
    if found is None or row.pk not in {found.activity_id, found.activity.parent_id}:
        raise Http404
    return found


# --- the phone --------------------------------------------------------------------------------------


def _opened(secret: str) -> Door:
    found = (
        Door.objects.filter(secret=secret.replace("\x00", ""))
        .select_related("activity__parent", "activity__region")
        .first()
    )
    if found is None:
        raise Http404
    return found


@require_safe
def phone(request: HttpRequest, door_secret: str) -> HttpResponse:
    """The page of a phone at the door. It names the activity and nobody."""
    door = _opened(door_secret)
    response = render(
        request,
        "agenda/door.html",
        {
            "door": door,
            "activity": door.activity,
            "roster_url": reverse("agenda_door_roster", kwargs={"door_secret": door.secret}),
            "scans_url": reverse("agenda_door_scans", kwargs={"door_secret": door.secret}),
        },
    )
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-cache"
    return response


@require_safe
def roster(request: HttpRequest, door_secret: str) -> HttpResponse:
    """What a phone needs to check without a line: the parts, public keys, and a mark of every ticket that
    is good and of those cancelled. No name, and nothing a ticket could be made of."""
    door = _opened(door_secret)
    if door.closed_at is not None:
        return refusal_json(
            Refused(_("This door is closed. Ask the organiser."), code="door_closed", status=403)
        )
    row = door.activity
    parts = actions.parts_of(row)
    of_parts = {part.pk: part.code for part in parts}
    known = Ticket.objects.filter(region=row.region_id, activity__in=of_parts)
    codes: dict[str, dict[str, list[str]]] = {code: {"good": [], "gone": []} for code in of_parts.values()}
    for code, activity, cancelled in known.values_list("code", "activity", "cancelled_at"):
        kind = "gone" if cancelled else "good"
        codes[of_parts[activity]][kind].append(tickets.mark_of(code, door.secret))
    inside = Attendance.objects.filter(
        region=row.region_id, activity__in=of_parts, withdrawn_at=None
    ).values_list("activity", "ticket__code")
    here: dict[str, list[str]] = {code: [] for code in of_parts.values()}
    for part, code in inside:
        here[of_parts[part]].append(tickets.mark_of(code, door.secret))
    return private(
        JsonResponse(
            {
                "made_at": clock.now().isoformat(),
                "salt": door.secret,
                "door": door.name,
                "parts": [
                    {
                        "code": part.code,
                        "title": part.title,
                        "begins_at": part.begins_at.isoformat(),
                        "ends_at": part.ends_at.isoformat(),
                        # whose tickets open it: its own, and those of the whole
                        "takes": [part.code] + ([row.code] if part.pk != row.pk else []),
                        "inside": here[part.code],
                    }
                    for part in parts
                ],
                "keys": {code: tickets.public_key(code) for code, marks in codes.items() if marks["good"]},
                "tickets": codes,
            }
        )
    )


@csrf_exempt  # the secret in the address is what opens it, and no cookie
@require_POST
def scans(request: HttpRequest, door_secret: str) -> HttpResponse:
    """What a phone saw, as JSON `{"phone", "scans": [{"id", "at", "text", "part"}]}`. Each is taken once;
    sent again it is no harm. One whose hour says nothing is `refused` and need not be sent again; it holds
    up no other."""
    door = _opened(door_secret)
    try:
        length = int(request.headers.get("Content-Length") or 0)
        if length > MOST_BODY:
            raise Refused(_("Too many at once."), code="too_many", status=413)
        seen, unread = _seen(json.loads(request.body))
        rows = actions.take_scans(door, seen)
    except Refused as refused:
        return refusal_json(refused)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return refusal_json(
            Refused(_("The request could not be read: it is not valid JSON."), code="invalid", status=400)
        )
    return private(
        JsonResponse(
            {
                "taken": [{"id": str(one.client_id), "problem": one.problem} for one in rows],
                "refused": [
                    {
                        "id": str(key),
                        "code": "invalid",
                        "message": _(
                            "The hour of this scan cannot be read: it needs day, hour and time zone."
                        ),
                    }
                    for key in unread
                ],
            }
        )
    )


def _kept(text: object) -> str:
    """A text as a database keeps it, so that one odd code does not hold up the rest."""
    return str(text).replace("\x00", "").encode(errors="replace").decode()


def _hour(text: object) -> datetime | None:
    """The hour a phone told; None where it says no instant."""
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return None if at.tzinfo is None else min(max(at, FIRST), LAST)


def _seen(body: Any) -> tuple[list[Seen], list[uuid.UUID]]:
    """What was seen, and the ids of scans whose hour cannot be read."""
    phone = uuid.UUID(str(body["phone"]))
    found, unread = [], []
    for one in body["scans"]:
        client_id, at = uuid.UUID(str(one["id"])), _hour(one.get("at"))
        if at is None:
            unread.append(client_id)
            continue
        found.append(
            Seen(
                client_id=client_id,
                phone=phone,
                at=at,
                text=_kept(one.get("text", ""))[:240],
                part=_kept(one.get("part", ""))[:20],
            )
        )
    return found, unread


@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The worker that keeps the page of the door for when there is no line."""
    assets = [static(path) for path in ASSETS]
    setup = {"version": hashlib.sha256(json.dumps(assets).encode()).hexdigest()[:12], "assets": assets}
    return render(
        request,
        "agenda/doorworker.js",
        {"setup": json.dumps(setup)},
        content_type="text/javascript; charset=utf-8",
    )
