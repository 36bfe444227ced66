"""Named reads of mentoring."""

from collections.abc import Iterable
from dataclasses import dataclass

from mbois.enterprises.models import Enterprise
from mbois.mentoring.models import Diagnosis, Level, Mentorship, Session
from mbois.mentoring.questionnaires import Advice, advice_for, content_of, next_level
from mbois.mentoring.radar import Radar, radar


@dataclass(frozen=True)
class Result:
    """A diagnosis that was sent, as its page shows it."""

    diagnosis: Diagnosis
    before: Diagnosis | None
    radar: Radar
    advice: list[Advice]
    next_level: Level | None
    wanted: list[str]

    @property
    def change(self) -> int | None:
        """How much the total changed since last time."""
        return None if self.before is None else self.diagnosis.total - self.before.total

    @property
    def weakest(self) -> str:
        axes = self.radar.axes
        return min(axes, key=lambda axis: axis.score).name


def diagnoses_of(enterprise: Enterprise) -> list[Diagnosis]:
    """Those that were sent, the newest first."""
    return list(
        Diagnosis.objects.filter(region=enterprise.region_id, enterprise=enterprise)
        .sent()
        .select_related("taken_by")
        .order_by("-sent_at", "-pk")
    )


def result_of(diagnosis: Diagnosis, earlier: Iterable[Diagnosis]) -> Result:
    """The page of a diagnosis; `earlier` are the enterprise's others, the newest first."""
    content = content_of(diagnosis.questionnaire_id)
    sent = diagnosis.sent_at
    assert sent is not None
    before = next((one for one in earlier if one.sent_at is not None and one.sent_at < sent), None)
    names = {part.key: part.name for part in content.parts}
    following = next_level(content, diagnosis.scores)
    return Result(
        diagnosis=diagnosis,
        before=before,
        radar=radar(names, diagnosis.scores, before.scores if before else None),
        advice=advice_for(content, diagnosis.answers, diagnosis.scores),
        next_level=following[0] if following else None,
        wanted=following[1] if following else [],
    )


def sessions_of(mentorship: Mentorship) -> list[Session]:
    """The newest first, those to come on top."""
    return list(
        Session.objects.filter(region=mentorship.region_id, mentorship=mentorship).order_by("-starts_at")[:60]
    )
