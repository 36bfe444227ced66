"""What everybody sees: open calls, startups, demo days; and writing to a startup."""

from typing import Any

from allauth.core.internal import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mbois import clock
from mbois.enterprises.models import Subsector
from mbois.people import occasions
from mbois.people.models import Person
from mbois.startups import halls, policy, queries
from mbois.startups.actions import teams as actions
from mbois.startups.forms import ContactForm
from mbois.startups.models import Application, Call, Criterion, DemoDay, Phase, Question, Startup
from mbois.startups.views.common import act, call_or_404, file_answer, region_in, say_and_go
from mbois.web.given import whole_number

PAGE = 24


@require_safe
def startups(request: HttpRequest) -> HttpResponse:
    """The startups that want to be seen, by subsector and name; open calls on top."""
    rows = Startup.objects.published().select_related("region", "picture").order_by("name", "pk")
    subsector = request.GET.get("subsektor", "")
    if subsector in Subsector.values:
        rows = rows.filter(subsector=subsector)
    region = request.GET.get("wilayah", "")[:8].replace("\x00", "")
    if region:
        rows = rows.filter(region=region)
    text = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    if text:
        rows = rows.filter(name__icontains=text) | rows.filter(pitch__icontains=text)
    page = whole_number(request.GET.get("page"), most=99_999) or 1
    found = list(rows[(page - 1) * PAGE : page * PAGE + 1])
    query = request.GET.copy()
    links = {}
    for name, other in (("previous", page - 1), ("next", page + 1)):
        query["page"] = str(other)
        links[name] = query.urlencode()
    return render(
        request,
        "startups/startups.html",
        {
            "rows": found[:PAGE],
            "previous": links["previous"] if page > 1 else "",
            "next": links["next"] if len(found) > PAGE else "",
            "calls": queries.open_calls(),
            "days": list(
                DemoDay.objects.published()
                .filter(ends__gte=clock.now())
                .select_related("region", "cohort")
                .order_by("begins")[:6]
            ),
            "subsectors": Subsector.choices,
            "subsector": subsector,
            "text": text,
            "narrowed": bool(subsector or text or region),
        },
    )


@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    """Calls: those that are open, those to come, those that are over."""
    rows = list(
        Call.objects.published().with_window().select_related("region").order_by("-published_at")[:60]
    )
    now = clock.now()
    rows = [one for one in rows if one.window is not None]
    return render(
        request,
        "startups/calls.html",
        {
            "open": sorted(
                (one for one in rows if one.window.lower <= now < one.window.upper),
                key=lambda one: one.window.upper,
            ),
            "to_come": [one for one in rows if one.window.lower > now],
            "over": [one for one in rows if one.window.upper <= now][:12],
        },
    )


@require_safe
def call(request: HttpRequest, call: str) -> HttpResponse:
    """A call: what is offered, until when, what is asked, how it is judged."""
    found = call_or_404(request, call)
    phases = queries.phases_of(found)
    window = next((one for one in phases if one.kind == Phase.Kind.CALL), None)
    person = request.user if isinstance(request.user, Person) else None
    mine: list[Application] = []
    if person:
        mine = list(
            Application.objects.filter(
                region=found.region_id, call=found, startup__in=Startup.objects.of(person)
            ).select_related("startup")
        )
    return render(
        request,
        "startups/call.html",
        {
            "call": found,
            "phases": phases,
            "window": window,
            "is_open": bool(found.published_at and window and window.is_now),
            "is_over": bool(window and window.is_over),
            "questions": list(Question.objects.filter(region=found.region_id, call=found)),
            "criteria": list(Criterion.objects.filter(region=found.region_id, call=found)),
            "mine": mine,
            "manages": bool(person and policy.manages(person, found.region_id)),
            "reads": bool(person and policy.reads(person, found.region_id)),
        },
    )


def _public_startup(number: str) -> Startup:
    found = (
        Startup.objects.published()
        .filter(region=region_in(number), number=number)
        .select_related("region", "picture")
        .first()
    )
    if found is None:
        raise Http404
    assert isinstance(found, Startup)
    return found


@require_safe
def startup(request: HttpRequest, startup: str) -> HttpResponse:
    """A startup that wants to be seen. Its team finds their own page instead."""
    found = (
        Startup.objects.published()
        .filter(region=region_in(startup), number=startup)
        .select_related("region", "picture")
        .first()
    )
    if found is None:
        person = request.user
        if isinstance(person, Person) and Startup.objects.visible_to(person).filter(
            region=region_in(startup), number=startup
        ):
            return redirect("startup_team", startup=startup)
        raise Http404
    place = actions.current_place(found)
    return render(
        request,
        "startups/startup.html",
        {
            "startup": found,
            "cohort": place.cohort if place else None,
            "own": isinstance(request.user, Person) and policy.in_team(request.user, found),
        },
    )


@require_safe
def picture(request: HttpRequest, startup: str) -> HttpResponse:
    """The picture of a startup, for those who may see the startup."""
    here = {"region": region_in(startup), "number": startup}
    found = Startup.objects.published().filter(**here).select_related("picture").first()
    if found is None and isinstance(request.user, Person):
        found = Startup.objects.visible_to(request.user).filter(**here).select_related("picture").first()
    if found is None:
        raise Http404
    answer = file_answer(request, found.picture)
    if found.public_since:
        answer["Cache-Control"] = "public, max-age=3600"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, startup: str) -> HttpResponse:
    """Write to a startup; its team reads it here and by mail."""
    found = _public_startup(startup)
    person = request.user if isinstance(request.user, Person) else None
    initial: dict[str, Any] = {"subject": "customer"}
    if person:
        initial |= {"name": person.name, "reach": person.email or str(person.phone or "")}
    form = ContactForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, app="allauth.account", action="order"):
            form.add_error(None, _("Too many messages from here. Please wait a while."))
        elif act(form, lambda: actions.ask_for_contact(found, **form.cleaned_data)):
            return say_and_go(
                request,
                _("Sent. %(name)s answers you by phone or e-mail.") % {"name": found.name},
                "startup",
                startup=found.number,
            )
    return render(
        request,
        "startups/contact.html",
        {"startup": found, "form": form},
        status=422 if form.is_bound else 200,
    )


@require_safe
def demo_day(request: HttpRequest, demo_day: str) -> HttpResponse:
    """The demo day of a cohort: when, where, and what its startups show."""
    person = request.user
    rows = DemoDay.objects.visible_to(person) if isinstance(person, Person) else DemoDay.objects.published()
    found = (
        rows.filter(region=region_in(demo_day), number=demo_day).select_related("region", "cohort").first()
    )
    if found is None:
        raise Http404
    announcer = occasions.announcer()
    occasion = None
    if announcer is not None and found.occasion:
        occasion = announcer.get([found.occasion]).get(found.occasion)
    return render(
        request,
        "startups/demo_day.html",
        {
            "day": found,
            "booths": halls.booths_of(found),
            "occasion": occasion,
            "over": found.ends < clock.now(),
            "manages": isinstance(person, Person) and policy.manages(person, found.region_id),
            "address": reverse("demo_day", kwargs={"demo_day": found.number}),
        },
    )
