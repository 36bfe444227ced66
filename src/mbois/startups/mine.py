"""What startups hold of a person, for them to take home."""

from typing import Any

from mbois.people.mine import plain
from mbois.people.models import Person
from mbois.startups.models import (
    Application,
    Assignment,
    Conflict,
    Evidence,
    Invitation,
    Member,
    MentorPlace,
    QuarterFigures,
    Review,
    Startup,
    WeeklyUpdate,
)


def held(person: Person) -> dict[str, Any]:
    """One's teams with their applications, milestones, updates and figures; what one reviewed, where one
    declared a conflict, whom one mentors."""
    startups = list(Startup.objects.of(person).order_by("pk"))
    keys, regions = [one.pk for one in startups], sorted({one.region_id for one in startups})
    here = {"region__in": regions, "startup__in": keys}
    return {
        "teams": [
            plain(one) | {"startup": one.startup.name}
            for one in Member.objects.filter(person=person).select_related("startup").order_by("pk")
        ],
        "startups": [plain(one) for one in startups],
        "applications": [
            plain(one, but={"answers"})
            | {"startup": one.startup.name, "call": one.call.title_id, "answers": one.answers}
            for one in Application.objects.filter(**here).select_related("startup", "call").order_by("pk")
        ],
        "evidence": [
            plain(one) for one in Evidence.objects.filter(region__in=regions, sent_by=person).order_by("pk")
        ],
        "weekly_updates": [
            plain(one)
            for one in WeeklyUpdate.objects.filter(
                region__in=regions, participation__startup__in=keys
            ).order_by("week")
        ],
        "figures": [
            plain(one) | {"startup": one.startup.name}
            for one in QuarterFigures.objects.filter(**here).select_related("startup").order_by("quarter")
        ],
        "invitations": [plain(one) for one in Invitation.objects.filter(made_by=person).order_by("pk")],
        "asked_to_review": [
            one.application.number
            for one in Assignment.objects.filter(reviewer=person).select_related("application").order_by("pk")
        ],
        "reviews": [
            plain(one, but={"points", "remarks"})
            | {"application": one.application.number, "points": one.points, "remarks": one.remarks}
            for one in Review.objects.filter(reviewer=person).select_related("application").order_by("pk")
        ],
        "conflicts": [
            plain(one) | {"application": one.application.number}
            for one in Conflict.objects.filter(person=person).select_related("application").order_by("pk")
        ],
        "mentored": [
            plain(one) | {"startup": one.participation.startup.name}
            for one in MentorPlace.objects.filter(person=person)
            .select_related("participation__startup")
            .order_by("pk")
        ],
    }


def move(old: Person, new: Person) -> None:
    """The teams follow somebody who takes over their account, but for those the other is in already."""
    there = Member.objects.filter(person=new).values_list("region_id", "startup_id")
    known = set(there)
    for row in Member.objects.filter(person=old):
        if (row.region_id, row.startup_id) not in known:
            row.person = new
            row.save()
