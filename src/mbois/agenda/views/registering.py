"""Registering, and the participant's own page behind a secret link."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mbois import clock
from mbois.agenda import papers, queries, tickets
from mbois.agenda.actions import after, certificates, keeping, registering
from mbois.agenda.actions.registering import Guest
from mbois.agenda.actions.waiting import ahead_of
from mbois.agenda.calendars import event_of
from mbois.agenda.forms import FeedbackForm, RegistrationForm
from mbois.agenda.models import Entry, Feedback, Question, Registration, Standing, Ticket
from mbois.agenda.papers import good_tickets
from mbois.agenda.views.common import me, private, public_or_404, registration_or_404
from mbois.refused import Refused
from mbois.web import calendars
from mbois.web.confirm import ask_first
from mbois.web.given import whole_number


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, occasion: str) -> HttpResponse:
    """The form to register with, for everybody."""
    row = public_or_404(occasion)
    person, seats = me(request), queries.seats_of(row)
    if row.entry != Entry.REGISTER:
        return redirect(row.get_absolute_url())
    asked = list(Question.objects.filter(region=row.region_id, activity=row))
    form = RegistrationForm(
        request.POST if request.method == "POST" else None,
        activity=row,
        questions=asked,
        signed_in=person is not None,
        initial={"name": person.name, "email": person.email or "", "phone": str(person.phone or "")}
        if person
        else {},
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            placed = registering.register(
                row,
                Guest(
                    name=said["name"],
                    email=said["email"],
                    phone=str(said["phone"] or ""),
                    person=person,
                    names=form.guests,
                    answers=form.answers,
                ),
                places=said.get("places", 1),
                key=str(said["client_key"]),
                once_more=False,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect(placed.registration.get_absolute_url())
    return render(
        request,
        "agenda/register.html",
        {
            "activity": row,
            "seats": seats,
            "form": form,
            "is_open": row.takes_registrations,
            "mine": queries.open_registration_of(person, row) if person else None,
        },
        status=422 if form.errors else 200,
    )


def _facts(registration: Registration) -> dict[str, Any]:
    activity = registration.activity
    good = good_tickets(registration) if registration.state == Standing.CONFIRMED else []
    inside = queries.checked_in(good)
    waiting = registration.state == Standing.WAITING
    return {
        "registration": registration,
        "activity": activity,
        "seats": queries.seats_of(activity),
        "tickets": [
            (one, tickets.qr_svg(tickets.payload(activity.code, one.code), title=one.shown_code))
            for one in good
        ],
        "position": ahead_of(registration) + 1 if waiting else 0,
        "offer_open": registration.state == Standing.OFFERED
        and registration.offer_ends_at is not None
        and registration.offer_ends_at > clock.now(),
        "certificates": certificates.of_registration(registration) if activity.has_begun else [],
        "feedback": Feedback.objects.filter(region=registration.region_id, registration=registration).first(),
        "can_say": activity.has_begun and registration.confirmed_at is not None,
        "inside": inside,
        "can_cancel": registration.is_open and not activity.is_over,
    }


@require_safe
def ticket(request: HttpRequest, ticket_secret: str) -> HttpResponse:
    """The participant's page: tickets, where one stands, what one can do."""
    found = registration_or_404(ticket_secret)
    return private(render(request, "agenda/ticket.html", _facts(found) | {"form": FeedbackForm()}))


@require_POST
def step(request: HttpRequest, ticket_secret: str) -> HttpResponse:
    """Accept the offer, cancel all or one of the places, write the names."""
    found = registration_or_404(ticket_secret)
    verb = request.POST.get("verb", "")
    try:
        if verb == "accept":
            keeping.accept_offer(found)
            messages.success(request, _("The places are yours. Your tickets are here."))
        elif verb == "cancel":
            if asked := ask_first(
                request,
                question=_("Give up your registration?"),
                detail=_("The places go to the next on the waiting list. This cannot be undone."),
                verb=_("Give it up"),
                danger=True,
            ):
                return asked
            keeping.cancel(found)
            messages.success(request, _("Cancelled. Thank you for telling: somebody else can come now."))
        elif verb == "cancel_ticket":
            _cancel_one(request, found)
        elif verb == "names":
            names = {
                one.number: _plain(request.POST.get(f"name-{one.number}", "")) for one in good_tickets(found)
            }
            keeping.name_tickets(found, names)
            messages.success(request, _("The names are written."))
        else:
            raise Http404
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect(found.get_absolute_url())


def _plain(text: str) -> str:
    return text.replace("\x00", "")


def _cancel_one(request: HttpRequest, found: Registration) -> None:
    number = whole_number(request.POST.get("number"), most=9_999) or 0
    one = Ticket.objects.filter(region=found.region_id, registration=found, number=number).first()
    if one is None:
        raise Http404
    if one.cancelled_at:
        raise Refused(_("This ticket is cancelled already."), code="moved_on", status=409)
    one.registration = found
    keeping.cancel_ticket(one)
    messages.success(request, _("This ticket is cancelled; the others stay."))


@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest, ticket_secret: str) -> HttpResponse:
    """How it was."""
    found = registration_or_404(ticket_secret)
    form = FeedbackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            after.say(found, stars=form.cleaned_data["stars"], words=form.cleaned_data["words"])
            messages.success(request, _("Thank you! The organiser reads it without your name."))
            return redirect(found.get_absolute_url())
        except Refused as refused:
            form.refuse(refused)
    return private(
        render(
            request,
            "agenda/ticket.html",
            _facts(found) | {"form": form},
            status=422 if form.errors else 200,
        )
    )


@require_safe
def ticket_file(request: HttpRequest, ticket_secret: str) -> HttpResponse:
    """The tickets as a PDF."""
    found = registration_or_404(ticket_secret)
    if found.state != Standing.CONFIRMED:
        raise Http404
    response = HttpResponse(papers.tickets_pdf(found), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{found.activity.code}.pdf"'
    return private(response)


@require_safe
def ticket_event(request: HttpRequest, ticket_secret: str) -> HttpResponse:
    """The activity for the phone's calendar."""
    found = registration_or_404(ticket_secret)
    return calendars.answer(
        [event_of(found.activity)], room="agenda", title=found.activity.title, file="tiket"
    )
