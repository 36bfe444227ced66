"""What the demo days of cohorts offer to whoever shows them as a hall: the day, and a booth a startup.

Only what is public: published days, and startups whose team wants to be seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse

from mbois import clock
from mbois.places.numbers import region_of
from mbois.startups.models import DemoDay, Participation, Startup


@dataclass(frozen=True)
class Booth:
    """A startup as visitors see it. Addresses are paths of this site, but for `link`."""

    code: str
    name: str
    pitch: str
    about: str
    subsector: str
    link: str
    picture_url: str
    small_picture_url: str
    url: str
    contact_url: str


@dataclass(frozen=True)
class Hall:
    """A demo day: `code` names it for good, `occasion` is the code of the announced activity, if any."""

    code: str
    region: str
    title: str
    about: str
    cohort: str
    begins: datetime
    ends: datetime
    place: str
    occasion: str
    url: str
    booths: list[Booth] = field(default_factory=list)


def _booth(startup: Startup) -> Booth:
    picture = reverse("startup_picture", kwargs={"startup": startup.number}) if startup.picture_id else ""
    return Booth(
        code=startup.number,
        name=startup.name,
        pitch=startup.pitch,
        about=startup.about,
        subsector=startup.subsector,
        link=startup.link,
        picture_url=picture,
        small_picture_url=f"{picture}?kecil=1" if picture else "",
        url=reverse("startup", kwargs={"startup": startup.number}),
        contact_url=reverse("startup_contact", kwargs={"startup": startup.number}),
    )


def booths_of(day: DemoDay) -> list[Booth]:
    """The startups of a demo day that want to be seen, by name. One query."""
    there = Participation.objects.filter(
        region=OuterRef("region"), startup=OuterRef("pk"), cohort=day.cohort_id, left_on=None
    )
    rows = Startup.objects.published().filter(Exists(there), region=day.region_id).order_by("name", "pk")
    return [_booth(one) for one in rows]


def _hall(day: DemoDay, booths: Sequence[Booth]) -> Hall:
    return Hall(
        code=day.number,
        region=day.region_id,
        title=day.title,
        about=day.about,
        cohort=day.cohort.name,
        begins=day.begins,
        ends=day.ends,
        place=day.place,
        occasion=day.occasion,
        url=reverse("demo_day", kwargs={"demo_day": day.number}),
        booths=list(booths),
    )


def hall(code: str) -> Hall | None:
    """One published demo day with its booths. Two queries."""
    region = region_of(code)
    if region is None:
        return None
    day = DemoDay.objects.published().filter(region=region, number=code).select_related("cohort").first()
    return _hall(day, booths_of(day)) if day else None


def halls(region: str, *, since: datetime | None = None) -> list[Hall]:
    """The published demo days of a region that end after `since` (now, unless said otherwise), the next
    first, without their booths. One query."""
    rows = DemoDay.objects.published().filter(region=region, ends__gte=since or clock.now())
    return [_hall(one, ()) for one in rows.select_related("cohort").order_by("begins")]
