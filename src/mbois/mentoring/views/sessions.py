"""Sessions: the calendar, planning, recording (perhaps without a line), following up."""

import hashlib
import uuid
from datetime import timedelta

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mbois import clock
from mbois.enterprises.queries import owned_by
from mbois.mentoring import policy
from mbois.mentoring.actions import sessions as actions
from mbois.mentoring.calendars import event_of
from mbois.mentoring.forms import (
    MOST_PHOTOS,
    CancelForm,
    FollowUpForm,
    MoveForm,
    ReportForm,
    SessionForm,
    first_client_id,
)
from mbois.mentoring.models import MentorProfile, OwnerCalendar, Session, SessionPhoto
from mbois.mentoring.models.matching import new_secret
from mbois.mentoring.views.common import (
    from_a_phone,
    login_required,
    mentorship_or_404,
    person_of,
    say_and_go,
    session_or_404,
    signed_in,
    wrong_fields,
)
from mbois.people import documents
from mbois.people.models import HeldUpload, Person
from mbois.people.views.files import serve
from mbois.refused import Refused, require
from mbois.web import calendars
from mbois.web.middleware import refusal_json


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, mentorship: str) -> HttpResponse:
    """Plan a session."""
    person, found = person_of(request), mentorship_or_404(request, mentorship)
    require(policy.can_work_on(person, found))
    form = SessionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.plan_session(found, by=person, **form.cleaned_data)
            return say_and_go(request, _("The session is in the calendar."), "session", session=made.uuid)
        except Refused as refused:
            form.refuse(refused)
    return render(
        request,
        "mentoring/session_plan.html",
        {"mentorship": found, "form": form},
        status=422 if form.is_bound else 200,
    )


def _facts(request: HttpRequest, found: Session) -> dict[str, object]:
    person, mentorship = person_of(request), found.mentorship
    report = found.reports.filter(region=found.region_id, same_as=None).select_related("recorded_by").first()
    photos = (
        SessionPhoto.objects.filter(region=found.region_id, report=report).select_related("document")
        if report
        else []
    )
    open_now = found.attended is None and not found.cancelled_at
    working = policy.can_work_on(person, mentorship)
    own = policy.owns(person, mentorship.enterprise)
    return {
        "session": found,
        "mentorship": mentorship,
        "enterprise": mentorship.enterprise,
        "report": report,
        "photos": photos,
        "copies": found.reports.filter(region=found.region_id).exclude(same_as=None).count() if report else 0,
        "follow_ups": found.follow_ups.filter(region=found.region_id).select_related("by").order_by("pk"),
        "own": own,
        "ends_at": found.starts_at + timedelta(minutes=found.minutes),
        "past": found.starts_at < clock.now(),
        "day_has_come": clock.local_date(found.starts_at) <= clock.today(),
        "can_record": not found.cancelled_at
        and found.attended is None
        and policy.can_record(person, mentorship),
        "can_move": open_now and working,
        "can_cancel": open_now and (working or (own and found.starts_at > clock.now())),
        "can_follow_up": found.attended is False
        and (policy.is_mentor(person, mentorship) or policy.is_officer(person, mentorship.enterprise)),
    }


@login_required
@require_safe
def page(request: HttpRequest, session: uuid.UUID) -> HttpResponse:
    """A session: when, where, what was done."""
    found = session_or_404(request, session)
    return render(request, "mentoring/session.html", _facts(request, found))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, session: uuid.UUID) -> HttpResponse:
    """Another hour."""
    found = session_or_404(request, session)
    require(policy.can_work_on(person_of(request), found.mentorship))
    form = MoveForm(
        request.POST or None,
        initial={"starts_at": timezone.localtime(found.starts_at), "minutes": found.minutes},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.move_session(found, by=person_of(request), **form.cleaned_data)
            return say_and_go(request, _("Moved. The other side is told."), "session", session=found.uuid)
        except Refused as refused:
            form.refuse(refused)
    return _ask(request, found, form, _("Move the session"), _("Move it"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, session: uuid.UUID) -> HttpResponse:
    """Call a session off."""
    person, found = person_of(request), session_or_404(request, session)
    require(policy.can_work_on(person, found.mentorship) or policy.owns(person, found.mentorship.enterprise))
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.cancel_session(found, by=person, reason=form.cleaned_data["reason"])
            return say_and_go(
                request, _("Called off. The other side is told."), "session", session=found.uuid
            )
        except Refused as refused:
            form.refuse(refused)
    return _ask(request, found, form, _("Call the session off"), _("Call it off"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up(request: HttpRequest, session: uuid.UUID) -> HttpResponse:
    """What was done about a missed session."""
    person, found = person_of(request), session_or_404(request, session)
    require(
        policy.is_mentor(person, found.mentorship) or policy.is_officer(person, found.mentorship.enterprise)
    )
    form = FollowUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.follow_up(found, by=person, **form.cleaned_data)
            return say_and_go(request, _("Written down."), "session", session=found.uuid)
        except Refused as refused:
            form.refuse(refused)
    return _ask(request, found, form, _("Follow up the missed session"), _("Write it down"))


def _ask(request: HttpRequest, found: Session, form: object, title: str, verb: str) -> HttpResponse:
    return render(
        request,
        "mentoring/session_form.html",
        {"session": found, "mentorship": found.mentorship, "form": form, "heading": title, "verb": verb},
        status=422 if getattr(form, "is_bound", False) else 200,
    )


# Recording


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, session: uuid.UUID) -> HttpResponse:
    """Record a session. Answers a phone that sends with JSON: 201 taken, 200 had come before, 422 or 409
    with what is wrong; anybody else with a page."""
    person = person_of(request)
    try:
        found = session_or_404(request, session)
    except Http404:
        if from_a_phone(request):
            return refusal_json(Refused(_("There is no such session."), code="not_found", status=404))
        raise
    if not policy.can_record(person, found.mentorship):
        refused = Refused(_("The mentor records a session."), code="forbidden", status=403)
        if from_a_phone(request):
            return refusal_json(refused)
        raise refused
    if request.method == "POST":
        return _take(request, found, person)
    held_at = min(timezone.localtime(found.starts_at), timezone.localtime(clock.now()))
    return _record_page(
        request, found, ReportForm(initial={"client_id": first_client_id(), "held_at": held_at})
    )


def _take(request: HttpRequest, session: Session, person: Person) -> HttpResponse:
    form = ReportForm(request.POST, request.FILES)
    held_ids = request.POST.getlist("held")[:MOST_PHOTOS]
    held = documents.held_by(person, *held_ids)
    refused: Refused | None = None
    if form.is_valid():
        photos = form.cleaned_data["photos"]
        try:
            done, again = actions.record_session(
                session, _report(form, photos, held_ids), by=person, uploads=photos, held=held
            )
        except Refused as error:
            refused = error
        else:
            if from_a_phone(request):
                answer = {"number": session.mentorship.number, "url": actions.url_of(session), "again": again}
                if done.same_as_id:
                    answer["twin"] = True
                return JsonResponse(answer, status=200 if again else 201)
            messages.success(request, _("The session is recorded. Thank you."))
            return redirect("session", session=session.uuid)
    if from_a_phone(request):
        return refusal_json(refused) if refused else wrong_fields(form)
    if refused:
        form.refuse(refused)
    for upload in request.FILES.getlist("photos")[: max(0, MOST_PHOTOS - len(held))]:
        try:
            held.append(documents.hold(upload, by=person, pictures=True))
        except Refused as error:
            form.add_error("photos", error.message)
    return _record_page(request, session, form, held=held, status=refused.status if refused else 422)


def _report(form: ReportForm, photos: list[UploadedFile], held: list[str]) -> actions.Report:
    """What was written. A photo counts by its bytes as they were sent."""
    said = form.cleaned_data
    hashes = list(held)
    for photo in photos:
        photo.seek(0)
        hashes.append(hashlib.sha256(photo.read()).hexdigest())
    point = said["position"]
    return actions.Report(
        client_id=said["client_id"],
        held_at=said["held_at"],
        attended=said["attended"] == "yes",
        notes=said["notes"],
        next_steps=said["next_steps"],
        latitude=point.latitude if point else None,
        longitude=point.longitude if point else None,
        accuracy=said["accuracy"] if point else None,
        photo_hashes=hashes,
    )


def _record_page(
    request: HttpRequest,
    session: Session,
    form: ReportForm,
    *,
    held: list[HeldUpload] | None = None,
    status: int = 200,
) -> HttpResponse:
    facts = _facts(request, session)
    facts |= {"form": form, "held": held or [], "most_photos": MOST_PHOTOS}
    return render(request, "mentoring/record.html", facts, status=status)


@login_required
@require_safe
def photo(request: HttpRequest, picture: int) -> HttpResponse:
    """A picture of a session, for those who see the session."""
    found = SessionPhoto.objects.filter(pk=picture).select_related("document", "report__session").first()
    if found is None:
        raise Http404
    session_or_404(request, found.report.session.uuid)
    document = found.document
    small = "kecil" in request.GET and document.thumbnail
    return serve(
        request,
        document.thumbnail if small else document.file,
        kind="image/jpeg" if small else document.kind,
        name=document.name,
        etag=("s" if small else "") + document.sha256[:31],
        inline=True,
    )


# Calendars


@login_required
@require_safe
def as_event(request: HttpRequest, session: uuid.UUID) -> HttpResponse:
    """One session as a file for the phone's calendar."""
    found = session_or_404(request, session)
    return calendars.answer([event_of(found)], room="mentoring", title=found.topic, file="sesi")


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The sessions of a mentor, or of an owner's own businesses, for a calendar that asks again and again.
    Whoever has the address reads it: businesses, or the mentor's name for the owner; no notes. A new
    address ends the old one."""
    if "\x00" in secret:
        raise Http404
    mentor = MentorProfile.objects.filter(calendar_secret=secret).select_related("person").first()
    own = None if mentor else OwnerCalendar.objects.filter(secret=secret).select_related("person").first()
    holder = mentor or own
    if holder is None or not holder.person.is_active:
        raise Http404
    rows = Session.objects.filter(starts_at__gte=clock.now() - timedelta(days=90))
    if mentor:
        rows = rows.filter(region=mentor.region_id, mentorship__mentor=mentor)
    else:
        rows = rows.filter(mentorship__enterprise__owner__person=holder.person)
    rows = rows.select_related("mentorship__enterprise__village", "mentorship__mentor__person")
    return calendars.answer(
        [event_of(one, for_owner=mentor is None) for one in rows.order_by("starts_at")[:500]],
        room="mentoring",
        title=_("Mentoring"),
        file="pendampingan",
    )


@login_required
@require_http_methods(["POST"])
def own_feed(request: HttpRequest) -> HttpResponse:
    """An owner's own secret address, made or made anew; the old one no longer works."""
    person = person_of(request)
    if not owned_by(person):
        raise Http404
    OwnerCalendar.objects.update_or_create(person=person, defaults={"secret": new_secret()})
    return say_and_go(request, _("The calendar has a new address."), "my_mentoring")


@login_required
@require_http_methods(["POST"])
def new_feed(request: HttpRequest) -> HttpResponse:
    """A new secret address; the old one no longer works."""
    mine = MentorProfile.objects.filter(person=person_of(request))
    for one in mine:
        one.calendar_secret = new_secret()
        one.save(update_fields=["calendar_secret"])
    return say_and_go(request, _("The calendar has a new address."), "mentor_day")
