"""Participants, certificates, what came after: the desk's pages about people."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.db.models import Count, Prefetch, Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mbois.agenda import queries
from mbois.agenda.actions import after, certificates, keeping
from mbois.agenda.actions.doors import mark
from mbois.agenda.forms import MarkForm, NameForm, OutcomeForm, PhotosForm, ReasonForm
from mbois.agenda.models import (
    ActivityPhoto,
    Attendance,
    Certificate,
    CertificateFile,
    Feedback,
    Outcome,
    Registration,
    Standing,
    Ticket,
    plain_answers,
)
from mbois.agenda.views.common import desk_or_404, login_required, person_of, say_and_go
from mbois.refused import Refused
from mbois.web import show
from mbois.web.components import badge
from mbois.web.given import whole_number
from mbois.web.tables import Choice, Column, Empty, Filter, Table

UNNAMED_SHOWN = 50


def _search(rows: Any, text: str) -> Any:
    return rows.filter(
        Q(name__icontains=text) | Q(email__icontains=text) | Q(tickets__code=text.upper())
    ).distinct()


@login_required
@require_safe
def participants(request: HttpRequest, activity: str) -> HttpResponse | StreamingHttpResponse:
    """Who is registered, waits, or gave up."""
    row = desk_or_404(request, activity)
    rows = (
        Registration.objects.visible_to(person_of(request))
        .filter(region=row.region_id, activity=row)
        .annotate(
            came=Count(
                "tickets__attendances", filter=Q(tickets__attendances__withdrawn_at=None), distinct=True
            )
        )
    )
    asked = sorted({question for one in rows[:500] for question, _answer in plain_answers(one.answers)})
    table = Table(
        request,
        rows=rows,
        caption=_("Participants"),
        columns=[
            Column(
                "name",
                _("Name"),
                link=lambda one: _person_url(row.code, one),
                sort="name",
                note=lambda one: one.email,
            ),
            Column("places", _("Places"), value="asked", number=True, sort="asked"),
            Column("state", _("State"), html=lambda one: badge(one.state_shown), value="state"),
            Column("came", _("Check-ins"), number=True),
            Column("number", _("No."), number=True, sort="number", phone=False),
            Column("made_at", _("Registered"), show=show.waktu, sort="made_at", phone=False),
            Column("phone", _("Phone"), show=show.telepon, phone=False),
            *(
                Column(f"answer-{place}", text, value=lambda one, text=text: _answer(one, text), phone=False)  # type: ignore[misc]
                for place, text in enumerate(asked)
            ),
        ],
        search=_search,
        search_label=_("Name, e-mail or ticket"),
        filters=[
            Filter("state", _("State"), [Choice(one.value, one.label, Q(state=one)) for one in Standing])
        ],
        order="number",
        size=50,
        empty=Empty(_("Nobody is registered yet"), _("Share the page of the activity."), art="inbox"),
        download=f"peserta-{row.code.lower()}",
    )
    return table.answer(
        "agenda/participants.html",
        {"activity": row, "seats": queries.seats_of(row), "figures": queries.figures_of(row)},
    )


def _person_url(code: str, one: Registration) -> str:
    from django.urls import reverse

    return reverse("agenda_participant", kwargs={"activity": code, "registration": one.pk})


def _answer(one: Registration, question: str) -> str:
    return dict(plain_answers(one.answers)).get(question, "")


def _registration(request: HttpRequest, activity: str, key: int) -> Registration:
    row = desk_or_404(request, activity)
    found = (
        Registration.objects.visible_to(person_of(request))
        .filter(region=row.region_id, activity=row, pk=key)
        .select_related("activity__parent", "person", "cancelled_by")
        .first()
    )
    if found is None:
        raise Http404
    found.activity = row
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def participant(request: HttpRequest, activity: str, registration: int) -> HttpResponse:
    """One registration with its tickets and check-ins; cancel it with a reason."""
    found = _registration(request, activity, registration)
    row = found.activity
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            keeping.cancel(found, by=person_of(request), reason=form.cleaned_data["reason"])
            return say_and_go(
                request, _("Cancelled; the person is told."), "agenda_participants", activity=row.code
            )
        except Refused as refused:
            form.refuse(refused)
    sessions = certificates.sessions_of(row)
    rows = found.tickets.filter(region=found.region_id).prefetch_related(
        Prefetch(
            "attendances",
            Attendance.objects.filter(region=found.region_id).select_related("activity", "scan__door", "by"),
        ),
        Prefetch("certificates", Certificate.objects.filter(region=found.region_id)),
    )
    return render(
        request,
        "agenda/participant.html",
        {
            "activity": row,
            "registration": found,
            "tickets": rows,
            "answers": plain_answers(found.answers),
            "form": form,
            "mark_form": MarkForm(sessions=sessions),
            "can_cancel": found.is_open
            and not row.is_over
            and not queries.checked_in(one for one in rows if not one.cancelled_at),
        },
        status=422 if form.errors else 200,
    )


@login_required
@require_POST
def ticket_step(request: HttpRequest, activity: str, registration: int) -> HttpResponse:
    """Correct an attendance or a name."""
    found = _registration(request, activity, registration)
    row, person = found.activity, person_of(request)
    number = whole_number(request.POST.get("number"), most=9_999) or 0
    ticket = (
        Ticket.objects.filter(region=row.region_id, registration=found, number=number)
        .select_related("registration", "activity__parent")
        .first()
    )
    if ticket is None:
        raise Http404
    try:
        if request.POST.get("verb") == "name":
            named = NameForm(request.POST)
            if not named.is_valid():
                raise Refused(next(iter(named.errors.values()))[0])
            certificates.rename(ticket, by=person, name=named.cleaned_data["name"])
        else:
            sessions = certificates.sessions_of(row)
            form = MarkForm(request.POST, sessions=sessions)
            if not form.is_valid():
                raise Refused(next(iter(form.errors.values()))[0])
            said = form.cleaned_data
            part = next(one for one in sessions if one.code == said["part"])
            part.parent = row if part.parent_id else None
            mark(ticket, part, present=said["present"] == "yes", by=person, reason=said["reason"])
        messages.success(request, _("Saved."))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("agenda_participant", activity=row.code, registration=found.pk)


# --- certificates -----------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def certificates_page(request: HttpRequest, activity: str) -> HttpResponse | StreamingHttpResponse:
    """Certificates of an activity: given in bulk, printed in one file, revoked one by one."""
    row = desk_or_404(request, activity)
    person = person_of(request)
    if request.method == "POST":
        try:
            if request.POST.get("verb") == "print":
                certificates.ask_for_file(row, by=person)
                messages.success(request, _("The file is being made. Reload in a moment."))
            else:
                made = certificates.issue(row, by=person)
                if made:
                    said = ngettext(
                        "%(count)s certificate is given; its holder is told.",
                        "%(count)s certificates are given; their holders are told.",
                        len(made),
                    )
                    messages.success(request, said % {"count": show.angka(len(made))})
                else:
                    messages.info(request, _("Nobody is left to give one to."))
        except Refused as refused:
            messages.error(request, refused.message)
        return redirect("agenda_certificates", activity=row.code)
    sessions = certificates.sessions_of(row)
    counted = certificates.shares(row)
    enough = [
        one
        for one in counted.values()
        if row.certificate_from and certificates.enough(one, len(sessions), row.certificate_from)
    ]
    unnamed = Counter(one.registration for one in certificates.nameless(row))
    table = Table(
        request,
        rows=Certificate.objects.filter(region=row.region_id, activity=row).select_related("activity"),
        caption=_("Certificates"),
        columns=[
            Column("name", _("Name"), sort="name", link=lambda one: _check_url(one)),
            Column("number", _("Number"), sort="number"),
            Column(
                "attended",
                _("Sessions"),
                html=lambda one: f"{show.angka(one.attended)}/{show.angka(one.sessions)}",
                sort="attended",
            ),
            Column(
                "revoked_at",
                _("State"),
                html=lambda one: (
                    badge(_("Revoked"), "bad") if one.revoked_at else badge(_("Still holds"), "ok")
                ),
                note=lambda one: one.revoke_reason,
            ),
            Column("revoke", "", template="agenda/parts/revoke.html", value="pk", download=False),
        ],
        order="number",
        size=50,
        empty=Empty(_("No certificate yet"), _("Give them when the activity is over."), art="path"),
        download=f"sertifikat-{row.code.lower()}",
    )
    return table.answer(
        "agenda/certificates.html",
        {
            "activity": row,
            "sessions": len(sessions),
            "enough": len(enough),
            "nameless": unnamed.total(),
            "unnamed": list(unnamed.items())[:UNNAMED_SHOWN],
            "files": CertificateFile.objects.filter(region=row.region_id, activity=row).order_by("-pk")[:1],
        },
    )


def _check_url(one: Certificate) -> str:
    return reverse("agenda_certificate", kwargs={"attendance_certificate": one.code})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, activity: str, given: int) -> HttpResponse:
    """Revoke one certificate, with a reason."""
    row = desk_or_404(request, activity)
    found = (
        Certificate.objects.filter(region=row.region_id, activity=row, pk=given)
        .select_related("activity__parent")
        .first()
    )
    if found is None:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            certificates.revoke(found, by=person_of(request), reason=form.cleaned_data["reason"])
            return say_and_go(request, _("Revoked."), "agenda_certificates", activity=row.code)
        except Refused as refused:
            form.refuse(refused)
    return render(
        request,
        "agenda/revoke.html",
        {"activity": row, "certificate": found, "form": form},
        status=422 if form.errors else 200,
    )


@login_required
@require_safe
def certificates_file(request: HttpRequest, activity: str) -> HttpResponseBase:
    """All certificates in one PDF."""
    row = desk_or_404(request, activity)
    newest = (
        CertificateFile.objects.filter(region=row.region_id, activity=row)
        .exclude(path="")
        .order_by("-pk")
        .first()
    )
    if newest is None:
        raise Http404
    try:
        file = default_storage.open(newest.path, "rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="sertifikat-{row.code}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


# --- after ------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def afterwards(request: HttpRequest, activity: str) -> HttpResponse:
    """Attendance, feedback, photos, beneficiaries."""
    row = desk_or_404(request, activity)
    person, verb = person_of(request), request.POST.get("verb", "")
    known = Outcome.objects.filter(region=row.region_id, activity=row).first()
    names = ("visitors", "women", "businesses", "story")
    outcome = OutcomeForm(
        request.POST if verb == "outcome" else None,
        initial={name: getattr(known, name) for name in names} if known else None,
    )
    photos = PhotosForm(
        request.POST if verb == "photos" else None, request.FILES if verb == "photos" else None
    )
    try:
        if verb == "outcome" and outcome.is_valid():
            after.report(row, by=person, **outcome.cleaned_data)
            return say_and_go(request, _("Written down."), "agenda_afterwards", activity=row.code)
        if verb == "photos" and photos.is_valid():
            said = photos.cleaned_data
            after.add_photos(row, said["photos"], by=person, caption=said["caption"])
            return say_and_go(
                request, _("The photos are up."), "agenda_afterwards", "#foto", activity=row.code
            )
        if verb == "remove_photo":
            _remove(request, row, person)
            return say_and_go(request, _("Taken down."), "agenda_afterwards", "#foto", activity=row.code)
    except Refused as refused:
        (photos if verb == "photos" else outcome).refuse(refused)
    voices = Feedback.objects.filter(region=row.region_id, activity=row).order_by("-made_at")
    stars = dict(voices.order_by().values_list("stars").annotate(Count("pk")))
    return render(
        request,
        "agenda/afterwards.html",
        {
            "activity": row,
            "figures": queries.figures_of(row),
            "outcome": outcome,
            "known": known,
            "photos_form": photos,
            "photos": ActivityPhoto.objects.filter(region=row.region_id, activity=row).select_related(
                "document"
            ),
            "voices": voices.exclude(words="")[:100],
            "stars": [(number, stars.get(number, 0)) for number in (5, 4, 3, 2, 1)],
            "answered": sum(stars.values()),
        },
        status=422 if outcome.errors or photos.errors else 200,
    )


def _remove(request: HttpRequest, row: Any, person: Any) -> None:
    key = whole_number(request.POST.get("photo")) or 0
    found = (
        ActivityPhoto.objects.filter(region=row.region_id, activity=row, pk=key)
        .select_related("document", "activity__parent")
        .first()
    )
    if found is None:
        raise Http404
    after.remove_photo(found, by=person)
