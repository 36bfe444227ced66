"""What the creative centre adds to the frame: destinations, home cards, a public figure."""

from datetime import timedelta

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.hub import mine, queries
from mbois.hub.models import HOLDING, Booking, BookingState
from mbois.hub.policy import REPORTING
from mbois.hub.times import whole
from mbois.people.mine import register_part
from mbois.people.models import Person, Role
from mbois.web import figures, home, navigation

KEEPERS = frozenset({str(Role.KEEPER)})


def _asked(request: HttpRequest) -> int | None:
    """How many requests wait for this keeper."""
    person = request.user
    if not isinstance(person, Person) or Role.KEEPER not in person.roles:
        return None
    return queries.waiting_for_approval(person.regions_with(Role.KEEPER))


def navigate() -> None:
    """The destinations of this room."""
    for item in (
        navigation.Item("hub_keeper", _("The centre"), "building-2", roles=KEEPERS, order=10, badge=_asked),
        navigation.Item("hub_day", _("Spaces"), "calendar-days", roles=KEEPERS, order=12),
        navigation.Item("hub_settings", _("Set up"), "settings", roles=KEEPERS, order=60),
        navigation.Item(
            "hub_report",
            _("Use of the centre"),
            "chart-column",
            roles=frozenset(map(str, REPORTING)),
            order=66,
        ),
        navigation.Item("my_bookings", _("My spaces"), "ticket", order=62, thumb=False),
        navigation.Item("centre", _("Creative centre"), "building-2", order=30, place="public"),
    ):
        navigation.register(item)


def keeper_section(request: HttpRequest) -> home.Section | None:
    """For a keeper: today."""
    person = request.user
    if not isinstance(person, Person) or Role.KEEPER not in person.roles:
        return None
    edge = whole(clock.today())
    regions = person.regions_with(Role.KEEPER)
    today = Booking.objects.filter(region__in=regions).holding().between(edge.begins, edge.ends).count()
    return home.Section("hub/home_keeper.html", {"today": today, "asked": _asked(request)}, order=3)


def booker_section(request: HttpRequest) -> home.Section | None:
    """For who has booked: an offer to answer, or what is next in the days to come."""
    person = request.user
    if not isinstance(person, Person):
        return None
    now = clock.now()
    rows = list(
        Booking.objects.filter(
            booked_by=person,
            state__in=HOLDING,
            during__endswith__gt=now,
            during__startswith__lt=now + timedelta(days=8),
        )
        .select_related("space")
        .order_by("during")[:20]
    )
    if not rows:
        return None
    offers = sum(row.state == BookingState.OFFERED for row in rows)
    return home.Section("hub/home_booker.html", {"booking": rows[0], "offers": offers}, order=9)


def _people_who_came() -> int | None:
    """Everybody who was counted at a booking that was checked in to; nothing where none was."""
    from django.db.models import Sum

    found: int | None = Booking.objects.filter(state=BookingState.HERE).aggregate(sum=Sum("beneficiaries"))[
        "sum"
    ]
    return found or None


def register() -> None:
    """Called once, when the program starts."""
    navigate()
    home.register(keeper_section)
    home.register(booker_section)
    register_part("hub", mine.held)
    figures.register(
        figures.Figure(
            "hub_people",
            _("people used the creative centre"),
            _(
                "People counted at bookings of its spaces that were checked in to; who came twice counts twice."
            ),
            _people_who_came,
            order=60,
        )
    )
