"""What activities add to the frame: destinations, home cards, public figures."""

from datetime import timedelta

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from mbois import clock
from mbois.agenda.announcing import AgendaAnnouncer
from mbois.agenda.mine import held
from mbois.agenda.models import Activity, Attendance, Registration, Standing, State
from mbois.people import occasions
from mbois.people.mine import register_part
from mbois.people.models import Person, Role
from mbois.web import figures, home, navigation, show

ORGANISING = frozenset(map(str, (Role.ORGANISER, Role.CURATOR)))
OVERSEEING = frozenset(map(str, (Role.AGENCY_OFFICER, Role.REGION_ADMIN, Role.EXECUTIVE)))
YEAR = timedelta(days=365)
CURATORS = frozenset({str(Role.CURATOR)})


def _waiting(request: HttpRequest) -> int | None:
    """How many proposals wait for this curator."""
    person = request.user
    if not isinstance(person, Person) or Role.CURATOR not in person.roles:
        return None
    return (
        Activity.objects.filter(region__in=person.regions_with(Role.CURATOR), state=State.PROPOSED)
        .exclude(proposed_by=person)
        .count()
    )


def navigate() -> None:
    """The destinations of this room."""
    for item in (
        navigation.Item("agenda", gettext_lazy("Agenda"), "calendar-days", order=20, place="public"),
        navigation.Item("agenda", gettext_lazy("Agenda"), "calendar-days", order=66),
        navigation.Item(
            "agenda_queue",
            gettext_lazy("Proposals"),
            "list-checks",
            roles=CURATORS,
            order=12,
            badge=_waiting,
        ),
        navigation.Item(
            "agenda_desk", gettext_lazy("Activities"), "megaphone", roles=ORGANISING | OVERSEEING, order=13
        ),
    ):
        navigation.register(item)


def curator_section(request: HttpRequest) -> home.Section | None:
    """For a curator: proposals that wait."""
    waiting = _waiting(request)
    if waiting is None:
        return None
    return home.Section("agenda/home_curator.html", {"waiting": waiting}, order=4)


def organiser_section(request: HttpRequest) -> home.Section | None:
    """For whoever organises: the next activity, and what was sent back."""
    person = request.user
    if not isinstance(person, Person):
        return None
    mine = Q(proposed_by=person.pk)
    houses = [one.organisation_id for one in person.memberships_now if one.role == Role.ORGANISER]
    if houses:
        mine |= Q(organisation__in=houses)
    rows = Activity.objects.filter(
        mine,
        Q(state=State.RETURNED) | Q(state__in=[State.PUBLISHED, State.PROPOSED], ends_at__gt=clock.now()),
    )
    coming = list(rows.order_by("begins_at")[:30])
    if not coming and not houses:
        return None
    returned = [one for one in coming if one.state == State.RETURNED]
    published = [one for one in coming if one.state == State.PUBLISHED]
    return home.Section(
        "agenda/home_organiser.html",
        {
            "next": published[0] if published else None,
            "seats": published[0].seats.filter(region=published[0].region_id).first() if published else None,
            "returned": returned[:3],
            "proposed": sum(one.state == State.PROPOSED for one in coming),
        },
        order=6,
    )


def participant_section(request: HttpRequest) -> home.Section | None:
    """For everybody: the tickets one has, and an offer that runs out."""
    person = request.user
    if not isinstance(person, Person):
        return None
    rows = list(
        Registration.objects.filter(
            person=person,
            state__in=[Standing.CONFIRMED, Standing.WAITING, Standing.OFFERED],
            activity__ends_at__gt=clock.now(),
        )
        .select_related("activity")
        .order_by("activity__begins_at")[:4]
    )
    if not rows:
        return None
    return home.Section("agenda/home_participant.html", {"rows": rows}, order=14)


def _this_year() -> int | None:
    """Activities that took place in the last twelve months."""
    now = clock.now()
    found = Activity.objects.filter(state=State.PUBLISHED, ends_at__lt=now, ends_at__gte=now - YEAR).count()
    return found or None


def _attended() -> int | None:
    """People checked in over the last twelve months."""
    found = Attendance.objects.filter(withdrawn_at=None, at__gte=clock.now() - YEAR).count()
    return found or None


def register() -> None:
    """Called once, when the program starts."""
    navigate()
    home.register(curator_section)
    home.register(organiser_section)
    home.register(participant_section)
    register_part("agenda", held)
    occasions.register(AgendaAnnouncer())
    figures.register(
        figures.Figure(
            "activities",
            gettext_lazy("activities in the last twelve months"),
            gettext_lazy("Published activities and parts of festivals that took place, not called off."),
            _this_year,
            show.angka,
            order=60,
        )
    )
    figures.register(
        figures.Figure(
            "activity_attendances",
            gettext_lazy("check-ins at activities in the last twelve months"),
            gettext_lazy(
                "Tickets checked in at a door or marked present by the organiser; none counts twice."
            ),
            _attended,
            show.angka,
            order=61,
        )
    )
