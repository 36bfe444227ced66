"""What everybody sees: the calendar, an activity, feeds, pictures, what others put on their pages."""

import re
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from mbois import clock
from mbois.agenda import queries
from mbois.agenda.actions.certificates import sessions_of
from mbois.agenda.calendars import event_of, facts_of, ld_json, share_picture_of
from mbois.agenda.models import Activity, ActivityPhoto, Certificate, Entry, Kind, State
from mbois.agenda.papers import certificates_pdf
from mbois.agenda.policy import sees
from mbois.agenda.views.common import me, private, public_or_404
from mbois.enterprises.models import Subsector
from mbois.people.models import Document
from mbois.web import calendars
from mbois.web.calendars import address_of
from mbois.web.middleware import policy as content_policy

MOST_IN_A_FEED = 500


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """The public calendar: as a list, a month or a map."""
    wish = queries.Wish.of(request.GET.dict())
    context: dict[str, Any] = {
        "wish": wish,
        "regions": queries.regions(),
        "subsectors": Subsector.choices,
        "views": [
            (name, label, icon, wish.query(tampil="" if name == "daftar" else name, bulan=""))
            for name, label, icon in (
                ("daftar", _("List"), "list"),
                ("bulan", _("Month"), "calendar-days"),
                ("peta", _("Map"), "map"),
            )
        ],
        "feed": f"{reverse('agenda_feed')}?{wish.feed}" if wish.feed else reverse("agenda_feed"),
        "everything": reverse("agenda"),
    }
    if wish.view == "bulan":
        month = queries.month_of(wish)
        context |= {
            "month": month,
            "before": wish.query(bulan=f"{month.before:%Y-%m}"),
            "after": wish.query(bulan=f"{month.after:%Y-%m}"),
        }
        return render(request, "agenda/month.html", context)
    if wish.view == "peta":
        rows = queries.on_the_map(wish)
        context |= {"rows": rows, "tiles": settings.MAP_TILES}
        return render(request, "agenda/map.html", context)
    found = queries.page_of(wish)
    context |= {
        "rows": found.rows,
        "previous": wish.query(page=wish.page - 1 if wish.page > 2 else "") if wish.page > 1 else None,
        "next": wish.query(page=wish.page + 1) if found.more else "",
    }
    return render(request, "agenda/list.html", context)


@require_safe
def activity(request: HttpRequest, occasion: str) -> HttpResponse:
    """An activity, with the programme where it has parts."""
    row = public_or_404(occasion)
    if occasion != row.slug:
        return redirect(row.get_absolute_url(), permanent=True)
    seats = queries.seats_of(row)
    stage = request.GET.get("panggung", "").replace("\x00", "")
    subsector = request.GET.get("subsektor", "")
    days, stages = queries.programme(row, stage=stage, subsector=subsector)
    parts = [part for day in days for slot in day.slots for part in slot.parts]
    photos = ActivityPhoto.objects.filter(region=row.region_id, activity=row).select_related("document")
    person = me(request)
    context = {
        "activity": row,
        "seats": seats,
        "days": days,
        "stages": stages,
        "stage": stage,
        "subsector": subsector,
        "used_subsectors": [one for one in Subsector.choices if any(p.subsector == one[0] for p in parts)],
        "sessions": len(sessions_of(row)) if row.certificate_from else 0,
        "photos": photos if row.has_begun else [],
        "registers": row.entry == Entry.REGISTER and row.state == State.PUBLISHED,
        "is_open": _is_open(row),
        "share": share_picture_of(row),
        "address": address_of(row.get_absolute_url()),
        "known": ld_json(facts_of(row, seats, parts)),
        "desk": person is not None and sees(person, row),
        "festival": row.kind == Kind.FESTIVAL,
        "others": _others(row),
        "embed": address_of(reverse("agenda_embed_one", kwargs={"occasion": row.code})),
    }
    return render(request, "agenda/activity.html", context)


def _is_open(activity: Activity) -> bool:
    now = clock.now()
    return (
        activity.state == State.PUBLISHED
        and (activity.opens_at is None or activity.opens_at <= now)
        and now < activity.registration_ends
    )


def _others(activity: Activity) -> list[Activity]:
    """Other dates of its series that are still to come."""
    if activity.series_id is None:
        return []
    rows = (
        Activity.objects.taking_place()
        .filter(region=activity.region_id, series=activity.series_id, begins_at__gt=clock.now())
        .exclude(pk=activity.pk)
        .order_by("begins_at")
    )
    return list(rows[:8])


@require_safe
def as_event(request: HttpRequest, occasion: str) -> HttpResponse:
    """One activity, with its parts, as a file for the phone's calendar."""
    row = public_or_404(occasion)
    days, _stages = queries.programme(row)
    parts = [part for day in days for slot in day.slots for part in slot.parts]
    return calendars.answer(
        [event_of(one) for one in ([row] if len(parts) < 2 else parts)],
        room="agenda",
        title=row.title,
        file=row.code.lower(),
        public=True,
    )


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The calendar to subscribe to, narrowed as the page is."""
    wish = queries.Wish.of(request.GET.dict())
    rows = queries.wished(wish).order_by("begins_at", "pk")[:MOST_IN_A_FEED]
    return calendars.answer(
        [event_of(one) for one in rows], room="agenda", title=_("Agenda of Malang Raya"), file="agenda",
        public=True,
    )  # fmt: skip


def _framed(response: HttpResponse) -> HttpResponse:
    """A page of public facts that other sites may show within theirs."""
    response["Content-Security-Policy"] = content_policy().replace(
        "frame-ancestors 'none'", "frame-ancestors *"
    )
    response["Cache-Control"] = "public, max-age=300"
    return response


@xframe_options_exempt
@require_safe
def embed(request: HttpRequest) -> HttpResponse:
    """What comes next, to be shown on other pages: public facts, no form, nobody signed in."""
    wish = queries.Wish.of(request.GET.dict())
    rows = list(queries.wished(wish).order_by("begins_at", "pk")[:8])
    return _framed(render(request, "agenda/embed.html", {"rows": rows, "wish": wish}))


@xframe_options_exempt
@require_safe
def embed_one(request: HttpRequest, occasion: str) -> HttpResponse:
    """One activity, to be shown on other pages."""
    row = public_or_404(occasion)
    return _framed(render(request, "agenda/embed.html", {"rows": [row], "wish": None}))


@require_safe
def embedding(request: HttpRequest) -> HttpResponse:
    """How to put the calendar, or one activity, on one's own page."""
    wish = queries.Wish.of(request.GET.dict())
    query = wish.query(tampil="", bulan="", dari="", sampai="")
    url = address_of(reverse("agenda_embed")) + (f"?{query}" if query else "")
    return render(
        request,
        "agenda/embedding.html",
        {
            "url": url,
            "wish": wish,
            "regions": queries.regions(),
            "subsectors": Subsector.choices,
            "feed": address_of(reverse("agenda_feed")) + (f"?{wish.feed}" if wish.feed else ""),
        },
    )


_PICTURE = re.compile(r"^G-\d{4}-[A-Z0-9]{6}-[0-9a-f]{12}\.jpg$")


@require_safe
def share_picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """The picture shown where an activity is shared; drawn by the worker before anybody asks."""
    if not _PICTURE.match(name):
        raise Http404
    return _file(f"agenda/share/{name}", "image/jpeg", public=True)


def _file(path: str, kind: str, *, public: bool) -> FileResponse:
    try:
        file = default_storage.open(path, "rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, content_type=kind)
    response["Cache-Control"] = "public, max-age=31536000, immutable" if public else "private, max-age=600"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def cover(request: HttpRequest, occasion: str) -> HttpResponseBase:
    """The picture at the head of an activity: everybody's once it is published, before that its
    organisers'."""
    from mbois.agenda.codes import code_in

    code = code_in(occasion)
    row = Activity.objects.filter(code=code).select_related("picture", "parent").first() if code else None
    person = me(request)
    if row is None or row.picture is None:
        raise Http404
    if row.published_at is None and (person is None or not sees(person, row)):
        raise Http404
    return _picture(row.picture, small="kecil" in request.GET, public=row.published_at is not None)


def _picture(document: Document, *, small: bool, public: bool) -> FileResponse:
    field = document.thumbnail if small and document.thumbnail else document.file
    response = _file(str(field.name), "image/jpeg" if small else document.kind, public=False)
    if public:
        response["Cache-Control"] = "public, max-age=3600"
    return response


@require_safe
def photo(request: HttpRequest, activity_photo: int) -> HttpResponseBase:
    """A picture of how it was."""
    row = (
        ActivityPhoto.objects.filter(pk=activity_photo).select_related("document", "activity__parent").first()
    )
    if row is None:
        raise Http404
    person = me(request)
    if row.activity.published_at is None and (person is None or not sees(person, row.activity)):
        raise Http404
    return _picture(row.document, small="kecil" in request.GET, public=True)


def _certificate(code: UUID) -> Certificate:
    found = Certificate.objects.filter(code=code).select_related("activity__region", "region").first()
    if found is None:
        raise Http404
    return found


@require_safe
def certificate(request: HttpRequest, attendance_certificate: UUID) -> HttpResponse:
    """For whoever holds a certificate: is it genuine, and does it still hold?"""
    found = _certificate(attendance_certificate)
    newer = (
        Certificate.objects.filter(region=found.region_id, ticket=found.ticket_id, revoked_at=None).first()
        if found.revoked_at
        else None
    )
    return private(render(request, "agenda/certificate.html", {"certificate": found, "newer": newer}))


@require_safe
def certificate_file(request: HttpRequest, attendance_certificate: UUID) -> HttpResponse:
    """The certificate as a PDF, for whoever has its code; not of one that was revoked."""
    found = _certificate(attendance_certificate)
    if found.revoked_at is not None:
        raise Http404
    response = HttpResponse(certificates_pdf([found]), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{found.number}.pdf"'
    return private(response)
