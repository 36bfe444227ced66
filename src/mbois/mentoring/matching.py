"""Which mentor fits an enterprise, and why.

Points, our choice: what the weak parts need (60), how near (25), language (5), room for another (10: half for
businesses, half for the hours of this month).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from mbois.enterprises.models import Enterprise
from mbois.mentoring.models import PART_SKILLS, Diagnosis, MentorProfile, Mentorship
from mbois.mentoring.models.matching import Language
from mbois.mentoring.questionnaires import Text, content_of
from mbois.mentoring.reasons import Reason, told
from mbois.places.models import Area

WEAK = 60  # a part below this wants help
NEAR = 6.0  # kilometres between the middles of two districts
NEED_POINTS, PLACE_POINTS, LANGUAGE_POINTS, ROOM_POINTS = 60, 25, 5, 10


@dataclass
class Candidate:
    """A mentor, how well they fit (0 to 100), and the reasons in sentences."""

    mentor: MentorProfile
    load: int
    given: int = 0  # minutes of this month's sessions
    points: int = 0
    reasons: list[Reason] = field(default_factory=list)

    @property
    def free(self) -> int:
        return self.mentor.most_cases - self.load

    @property
    def free_hours(self) -> int:
        """Of the hours they give a month, those that no session of this month takes."""
        return max(0, self.mentor.hours_a_month - round(self.given / 60))

    def room(self) -> dict[str, dict[str, int]]:
        """The reasons that change from day to day, with what they say now."""
        mentor = self.mentor
        return {
            "room": {"load": self.load, "most": mentor.most_cases},
            "hours": {"free": self.free_hours, "hours": mentor.hours_a_month},
        }

    def add(self, points: float, kind: str, **facts: Any) -> None:
        self.points += round(points)
        self.reasons.append(Reason(kind, facts))


def weak_parts(diagnosis: Diagnosis | None) -> list[tuple[str, Text, int]]:
    """(key, name, score) of the parts that want help, the weakest first; the weakest two at least."""
    if diagnosis is None:
        return []
    content = content_of(diagnosis.questionnaire_id)
    parts = sorted(
        ((part.key, part.name, diagnosis.scores[part.key]) for part in content.parts),
        key=lambda part: part[2],
    )
    return [part for place, part in enumerate(parts) if part[2] < WEAK or place < 2][:3]


def _distance(one: Area | None, other: Area | None) -> float | None:
    """Kilometres between the middles of two districts, where both are known."""
    if one is None or other is None or one.latitude is None or other.latitude is None:
        return None
    north = (one.latitude - other.latitude) * 111.2
    east = ((one.longitude or 0) - (other.longitude or 0)) * 111.2 * math.cos(math.radians(one.latitude))
    return math.hypot(north, east)


def _judge(
    candidate: Candidate, weak: list[tuple[str, Text, int]], home: Area | None, districts: dict[str, Area]
) -> None:
    mentor = candidate.mentor
    shares = [0.5, 0.3, 0.2][: len(weak)]
    for (key, name, score), share in zip(weak, shares, strict=True):
        known = [skill for skill in PART_SKILLS.get(key, ()) if skill in mentor.skills]
        if known:
            candidate.add(
                NEED_POINTS * share / sum(shares),
                "knows",
                skills=[str(one) for one in known],
                part=[name.id, name.en],
                score=score,
            )
    if home is not None and home.pk in mentor.areas:
        candidate.add(PLACE_POINTS, "near", district=home.name)
    elif not mentor.areas:
        candidate.add(PLACE_POINTS * 0.6, "anywhere")
    else:
        far = [_distance(home, districts.get(code)) for code in mentor.areas]
        near = min((one for one in far if one is not None), default=None)
        if near is not None and near <= NEAR:
            candidate.add(PLACE_POINTS * 0.5, "not_far", km=max(1, round(near)))
    if Language.JAVANESE in mentor.languages or Language.MADURESE in mentor.languages:
        spoken = [one for one in (Language.JAVANESE, Language.MADURESE) if one in mentor.languages]
        candidate.add(LANGUAGE_POINTS, "speaks", languages=[one.value for one in spoken])
    room = candidate.room()
    candidate.add(ROOM_POINTS / 2 * candidate.free / mentor.most_cases, "room", **room["room"])
    candidate.add(ROOM_POINTS / 2 * candidate.free_hours / mentor.hours_a_month, "hours", **room["hours"])


def candidates(
    enterprise: Enterprise, diagnosis: Diagnosis | None, *, mentors: Iterable[MentorProfile] | None = None
) -> list[Candidate]:
    """The mentors of the region that can take this enterprise, the best first. Three queries, however many."""
    if mentors is None:
        mentors = (
            MentorProfile.objects.filter(region=enterprise.region_id, is_open=True)
            .exclude(person=enterprise.owner.person_id)
            .select_related("person", "organisation")
            .with_load()
        )
    districts = {
        area.pk: area for area in Area.objects.filter(region=enterprise.region_id, level=Area.Level.DISTRICT)
    }
    home = districts.get(enterprise.village.parent_id or "")
    weak = weak_parts(diagnosis)
    found = []
    for mentor in mentors:
        candidate = Candidate(mentor, int(getattr(mentor, "load", 0)), int(getattr(mentor, "given", 0)))
        if candidate.free <= 0:
            continue
        _judge(candidate, weak, home, districts)
        found.append(candidate)
    return sorted(found, key=lambda one: (-one.points, one.load, one.mentor.pk))


def reasons_now(mentorship: Mentorship) -> list[str]:
    """Why these two, with the room that the mentor has now, not when it was proposed."""
    mentor = MentorProfile.objects.filter(region=mentorship.region_id, pk=mentorship.mentor_id)
    found = mentor.with_load().get()
    room = Candidate(found, found.load, found.given).room()
    return [
        told(one | room.get(one.get("kind", ""), {}) if isinstance(one, dict) else one)
        for one in mentorship.reasons
    ]
