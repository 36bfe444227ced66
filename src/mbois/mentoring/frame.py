"""What mentoring adds to the frame: destinations, home cards, the panel of the passport."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from mbois import clock
from mbois.enterprises import helpers, panels, proofs
from mbois.enterprises.models import Enterprise
from mbois.mentoring import cashbook, coordination, policy, standing
from mbois.mentoring.mine import held
from mbois.mentoring.models import MENTORING_READERS, Diagnosis, Mentorship, Session
from mbois.people.mine import register_part
from mbois.people.models import Person, Role
from mbois.web import home, navigation, offline, show

COORDINATING = frozenset({str(Role.COORDINATOR)})
OVERSEEING = frozenset(map(str, (Role.AGENCY_OFFICER, Role.EXECUTIVE)))
MENTORS = frozenset({str(Role.MENTOR)})


def _is_owner(request: HttpRequest) -> bool:
    """Whether the person has no role here: then their own business is what matters."""
    return isinstance(request.user, Person) and not request.user.roles


def _asked(request: HttpRequest) -> int | None:
    """How many businesses wait for this mentor's answer."""
    person = request.user
    if not isinstance(person, Person) or Role.MENTOR not in person.roles:
        return None
    return (
        Mentorship.objects.filter(
            region__in=person.regions_with(Role.MENTOR), mentor__person=person, mentor_accepted_at=None
        )
        .proposed()
        .count()
    )


def navigate() -> None:
    """The destinations of this room."""
    for item in (
        navigation.Item("my_mentoring", gettext_lazy("Mentor"), "sprout", order=22, visible=_is_owner),
        navigation.Item("my_cash_book", gettext_lazy("Cash book"), "book-open", order=23, visible=_is_owner),
        navigation.Item(
            "mentor_day", gettext_lazy("My day"), "calendar-days", roles=MENTORS, order=10, badge=_asked
        ),
        navigation.Item(
            "mentoring_coordinator",
            gettext_lazy("Mentoring"),
            "sprout",
            roles=COORDINATING | OVERSEEING,
            order=32,
        ),
        navigation.Item(
            "mentorships", gettext_lazy("Cases"), "handshake", roles=MENTORS | COORDINATING, order=42
        ),
        navigation.Item("mentors", gettext_lazy("Mentors"), "users", roles=COORDINATING, order=43),
        navigation.Item("courses", gettext_lazy("Courses"), "graduation-cap", order=64),
        navigation.Item("courses", gettext_lazy("Courses"), "graduation-cap", order=40, place="public"),
    ):
        navigation.register(item)


def passport(enterprise: Enterprise, person: Person) -> dict[str, Any]:
    """What the passport of an enterprise shows of this room."""
    newest = (
        Diagnosis.objects.filter(region=enterprise.region_id, enterprise=enterprise)
        .sent()
        .order_by("-sent_at")
        .first()
    )
    mentorship = (
        Mentorship.objects.filter(region=enterprise.region_id, enterprise=enterprise)
        .active()
        .select_related("mentor__person")
        .first()
    )
    return {"diagnosis": newest, "number": enterprise.number, "mentorship": mentorship}


def helped(person: Person) -> list[tuple[str, int]]:
    """The enterprises a mentor accompanies now."""
    if Role.MENTOR not in person.roles:
        return []
    return list(
        Mentorship.objects.filter(region__in=person.regions_with(Role.MENTOR), mentor__person=person.pk)
        .active()
        .values_list("region_id", "enterprise_id")
    )


def mentor_section(request: HttpRequest) -> home.Section | None:
    """For a mentor: today."""
    person = request.user
    if not isinstance(person, Person) or Role.MENTOR not in person.roles:
        return None
    midnight = datetime.combine(clock.today(), time.min, tzinfo=clock.JAKARTA)
    today = (
        Session.objects.filter(
            region__in=person.regions_with(Role.MENTOR),
            mentorship__mentor__person=person,
            starts_at__gte=midnight,
            starts_at__lt=midnight + timedelta(days=1),
        )
        .to_come()
        .count()
    )
    return home.Section("mentoring/home_mentor.html", {"today": today, "asked": _asked(request)}, order=4)


def owner_section(request: HttpRequest) -> home.Section | None:
    """For an owner: the next session, a proposal to answer, or the way to begin."""
    person = request.user
    if not isinstance(person, Person):
        return None
    mine = [(region, key) for region, key in _own(person)]
    if not mine:
        return None
    where = Q(pk__in=[])
    for region, key in mine:
        where |= Q(region=region, enterprise=key)
    deep = Q(pk__in=[])
    for region, key in mine:
        deep |= Q(region=region, mentorship__enterprise=key)
    session = Session.objects.filter(deep, starts_at__gte=clock.now()).to_come().order_by("starts_at").first()
    proposal = None
    if session is None:
        proposal = (
            Mentorship.objects.filter(where, owner_accepted_at=None)
            .proposed()
            .with_room()
            .select_related("mentor__person")
            .first()
        )
    return home.Section(
        "mentoring/home_owner.html",
        {
            "session": session,
            "proposal": proposal,
            "diagnosed": Diagnosis.objects.filter(where).sent().exists(),
        },
        order=12,
    )


def _own(person: Person) -> list[tuple[str, int]]:
    return list(
        Enterprise.objects.filter(owner__person=person.pk)
        .living()
        .exclude(state="rejected")
        .values_list("region_id", "pk")[:10]
    )


def coordinator_section(request: HttpRequest) -> home.Section | None:
    """For a coordinator: who waits and who stands still."""
    person = request.user
    if not isinstance(person, Person) or not person.roles & COORDINATING:
        return None
    regions = person.regions_with(*MENTORING_READERS)
    waiting = coordination.waiting(regions).count()
    stalled = coordination.stalled(regions).count()
    missed = coordination.missed(regions).count()
    page = reverse("mentoring_coordinator")
    cards = [
        {
            "value": show.angka(waiting),
            "label": ngettext("business waits for a mentor", "businesses wait for a mentor", waiting),
            "href": f"{page}#menunggu",
            "icon": "clock",
            "tone": "wait" if waiting else "",
        },
        {
            "value": show.angka(stalled),
            "label": ngettext("mentorship stands still", "mentorships stand still", stalled),
            "href": f"{page}#macet",
            "icon": "triangle-alert",
            "tone": "bad" if stalled else "ok",
        },
        {
            "value": show.angka(missed),
            "label": ngettext("missed session to follow up", "missed sessions to follow up", missed),
            "href": page,
            "icon": "calendar",
            "tone": "wait" if missed else "ok",
        },
    ]
    return home.Section("mentoring/home_coordinator.html", {"cards": cards}, order=4, wide=True)


def register() -> None:
    """Called once, when the program starts."""
    navigate()
    for prefix in ("/sesi/", "/kas/", "/kursus/"):
        offline.keep(prefix)
    for name in ("mentoring.css", "cash.js", "take.js"):
        offline.asset(f"mentoring/{name}")
    home.register(mentor_section)
    home.register(owner_section)
    home.register(coordinator_section)
    helpers.register(helped)
    proofs.register(
        proofs.Proof("cash_book", gettext_lazy("Cash book kept on twelve days"), cashbook.kept_since)
    )
    standing.register()
    register_part("mentoring", held)
    panels.register(
        panels.Panel(
            "mentoring",
            gettext_lazy("Mentoring"),
            "mentoring/panel.html",
            passport,
            order=30,
            visible=lambda enterprise, person: policy.can_see(person, enterprise),
        )
    )
