"""What startups add to the frame: destinations, home cards, a figure, the panel of the passport."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mbois.enterprises import panels
from mbois.enterprises.models import Enterprise
from mbois.people.mine import register_part
from mbois.people.models import Person, Role
from mbois.startups import homes, policy, queries
from mbois.startups.alumni import FEW
from mbois.startups.mine import held
from mbois.startups.models import (
    Cohort,
    Evidence,
    Member,
    Participation,
    QuarterFigures,
    Startup,
)
from mbois.web import figures, home, navigation, offline

MANAGING = frozenset({str(Role.INCUBATOR)})
OVERSEEING = frozenset(map(str, (Role.EXECUTIVE, Role.AUDITOR)))
REVIEWING = frozenset({str(Role.REVIEWER)})


COMMUNITY = frozenset(
    map(str, (Role.MENTOR, Role.CREATOR, Role.ORGANISER, Role.KEEPER, Role.REVIEWER, Role.INCUBATOR))
)


def _founds(request: HttpRequest) -> bool:
    """Whether the person is in a team. Not asked of offices and the bank, on whose pages it would only cost
    a question: their own startup is found from the public pages."""
    person = request.user
    if not isinstance(person, Person) or (person.roles and not person.roles & COMMUNITY):
        return False
    return Member.objects.filter(person=person, left_at=None).exists()


def _to_judge(request: HttpRequest) -> int | None:
    person = request.user
    return queries.waiting_reviews(person) if isinstance(person, Person) else None


def navigate() -> None:
    """The destinations of this room."""
    for item in (
        navigation.Item("my_startups", _("My startup"), "rocket", order=21, visible=_founds),
        navigation.Item(
            "review_queue", _("To review"), "list-checks", roles=REVIEWING, order=11, badge=_to_judge
        ),
        navigation.Item("startup_programme", _("Startups"), "rocket", roles=MANAGING | OVERSEEING, order=33),
        navigation.Item("startup_alumni", _("Alumni"), "trending-up", roles=MANAGING, order=44),
        navigation.Item("startups", _("Startups"), "rocket", order=45, place="public"),
    ):
        navigation.register(item)


def founder_section(request: HttpRequest) -> home.Section | None:
    """For a founder: the next thing to do."""
    person = request.user
    if not isinstance(person, Person):
        return None
    startups = queries.teams_of(person)
    if not startups:
        return None
    todo = homes.next_of(startups)
    return home.Section("startups/home_founder.html", {"next": todo[:3], "startups": startups}, order=5)


def reviewer_section(request: HttpRequest) -> home.Section | None:
    """For a reviewer: how many wait."""
    person = request.user
    if not isinstance(person, Person) or not person.roles & REVIEWING:
        return None
    return home.Section("startups/home_reviewer.html", {"count": queries.waiting_reviews(person)}, order=4)


def mentor_section(request: HttpRequest) -> home.Section | None:
    """For a mentor of startups: evidence that waits."""
    person = request.user
    if not isinstance(person, Person) or Role.MENTOR not in person.roles:
        return None
    places = list(
        Participation.objects.mentored_by(person).active().select_related("startup", "cohort").order_by("pk")
    )
    if not places:
        return None
    waiting = list(
        Evidence.objects.filter(
            region__in={one.region_id for one in places},
            participation__in=[one.pk for one in places],
            accepted=None,
        )
        .select_related("participation__startup", "milestone")
        .order_by("sent_at")[:5]
    )
    return home.Section("startups/home_mentor.html", {"places": places, "waiting": waiting}, order=13)


def manager_section(request: HttpRequest) -> home.Section | None:
    """For the programme manager: who is behind and what waits."""
    person = request.user
    if not isinstance(person, Person) or not person.roles & MANAGING:
        return None
    regions = person.regions_with(Role.INCUBATOR)
    running = [
        one for one in Cohort.objects.filter(region__in=regions).order_by("-begins_on")[:6] if one.is_running
    ]
    rows = [row for cohort in running[:3] for row in queries.board(cohort)]
    waiting = Evidence.objects.filter(region__in=regions, accepted=None).count()
    return home.Section(
        "startups/home_manager.html",
        {
            "count": len(rows),
            "behind": sum(1 for row in rows if row.behind),
            "waiting": waiting,
            "silent": sum(1 for row in rows if not row.wrote),
            "cohorts": running,
        },
        order=4,
        wide=True,
    )


def passport(enterprise: Enterprise, person: Person) -> dict[str, Any]:
    """The startups linked to an enterprise that this person may see."""
    rows = (Startup.objects.visible_to(person) | Startup.objects.published()).filter(
        region=enterprise.region_id, enterprise=enterprise
    )
    return {"startups": [(one, policy.in_team(person, one)) for one in rows.order_by("pk")[:5]]}


def _linked(enterprise: Enterprise, person: Person) -> bool:
    rows = Startup.objects.visible_to(person) | Startup.objects.published()
    return rows.filter(region=enterprise.region_id, enterprise=enterprise).exists()


def still_going() -> int | None:
    """Startups that went through a cohort and, when they last told, still existed; nothing of a few."""
    newest = QuarterFigures.objects.filter(region=OuterRef("region"), startup=OuterRef("startup")).filter(
        quarter__gt=OuterRef("quarter")
    )
    count = (
        QuarterFigures.objects.filter(alive=True, startup__since_cohort=True).exclude(Exists(newest)).count()
    )
    return count if count >= FEW else None


def register() -> None:
    """Called once, when the program starts."""
    navigate()
    offline.keep("/startup/inkubasi/")
    for name in ("startups.css", "apply.js", "review.js"):
        offline.asset(f"startups/{name}")
    for maker in (founder_section, reviewer_section, mentor_section, manager_section):
        home.register(maker)
    figures.register(
        figures.Figure(
            "startups",
            _("startups of our cohorts still going"),
            _(
                "Startups that went through a cohort and, when they last wrote their figures, still existed. "
                "Counted now; not shown below five."
            ),
            compute=still_going,
            order=46,
        )
    )
    register_part("startups", held)
    panels.register(
        panels.Panel("startups", _("Startup"), "startups/panel.html", passport, order=45, visible=_linked)
    )
