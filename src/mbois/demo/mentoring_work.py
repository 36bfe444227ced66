"""What came of the demo city's mentorships: plans, what was handed in, sessions, a second diagnosis."""

import random
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from mbois import clock
from mbois.demo.city import CHUNK, at
from mbois.demo.diagnosing import Diagnosing
from mbois.demo.mentoring_words import DONE, NEXT, TOPICS
from mbois.mentoring import questionnaires
from mbois.mentoring.library import steps
from mbois.mentoring.models import (
    Diagnosis,
    Evidence,
    FollowUp,
    MentorProfile,
    Mentorship,
    PlanStep,
    Session,
    SessionReport,
    State,
)
from mbois.places.models import Region


@dataclass
class Work:
    """The work of the mentors of one region; the first of them is one of the people one can be."""

    rng: random.Random
    region: Region
    today: date
    diagnosing: Diagnosing
    mentors: list[MentorProfile]
    cases: list[Mentorship]

    # Plans

    def plan(self) -> None:
        rng = self.rng
        library = steps()
        rows = []
        for case in self.cases:
            if case.began_on is None or case.diagnosis is None:
                continue
            advice = questionnaires.advice_for(
                self.diagnosing.content, case.diagnosis.answers, case.diagnosis.scores
            )
            keys = {one.step for one in advice if one.step} | ({"price"} if rng.random() < 0.5 else set())
            for key, step in library.items():
                if key in keys:
                    rows.append(
                        PlanStep(
                            region=self.region,
                            mentorship=case,
                            key=key,
                            due_on=case.began_on + timedelta(days=step.days + rng.randint(0, 20)),
                            added_by=case.mentor.person,
                            added_at=at(case.began_on, rng),
                        )
                    )
        rows = PlanStep.objects.bulk_create(rows, CHUNK)
        self._evidence(rows)

    def _evidence(self, rows: Iterable[PlanStep]) -> None:
        rng = self.rng
        made = []
        for step in rows:
            case = step.mentorship
            assert case.began_on is not None
            done = 0.75 if case.state == State.FINISHED else 0.4
            # the mentor one can be finds something to check
            waits = case.state == State.ACTIVE and case.mentor_id == self.mentors[0].pk and rng.random() < 0.3
            if rng.random() > done and not waits:
                continue
            last = case.ended_on or self.today
            day = case.began_on + timedelta(days=rng.randint(1, max(1, (last - case.began_on).days)))
            if waits:
                day = self.today - timedelta(days=rng.randint(1, 6))
            if day > self.today:
                continue
            fresh = case.state == State.ACTIVE and (self.today - day).days < 9
            accepted: bool | None = None if fresh else rng.random() < 0.88
            sent = at(day, rng)
            if sent > clock.now():
                continue
            checked = at(min(self.today, day + timedelta(days=rng.randint(0, 4))), rng)
            checked = min(max(checked, sent), clock.now())
            made.append(
                Evidence(
                    region=self.region,
                    step=step,
                    note=str(steps()[step.key].proves.id),
                    sent_by=case.enterprise.owner.person,
                    sent_at=sent,
                    accepted=accepted,
                    remark="" if accepted is not False else "Belum lengkap, coba sekali lagi.",
                    checked_by=None if accepted is None else case.mentor.person,
                    checked_at=None if accepted is None else checked,
                )
            )
        Evidence.objects.bulk_create(made, CHUNK)

    # Sessions

    def meet(self) -> None:
        rng = self.rng
        planned: list[tuple[Session, bool | None]] = []
        busy: dict[int, set[datetime]] = defaultdict(set)
        for case in self.cases:
            if case.began_on is None:
                continue
            reliable = rng.betavariate(6, 1.3)
            stalls = case.state == State.ACTIVE and rng.random() < 0.15
            day = case.began_on + timedelta(days=rng.randint(2, 9))
            last = case.ended_on or self.today - timedelta(days=rng.randint(35, 70) if stalls else 1)
            while day <= last and day < self.today:
                planned.append((self._session(case, day, busy), rng.random() < reliable))
                day += timedelta(days=rng.randint(14, 30))
            if case.state == State.ACTIVE and not stalls:
                ahead = self.today + timedelta(days=rng.randint(1, 21))
                planned.append((self._session(case, ahead, busy), None))
        first = [
            one for one in self.cases if one.state == State.ACTIVE and one.mentor_id == self.mentors[0].pk
        ]
        for case, hour in zip(first, (9, 13), strict=False):
            planned.append((self._session(case, self.today, busy, hour=hour), None))
        for row, attended in planned:
            row.attended = attended
        rows = Session.objects.bulk_create([row for row, _attended in planned], CHUNK)
        reports = []
        for row in rows:
            if row.attended is None:
                continue
            reports.append(
                SessionReport(
                    region=self.region,
                    session=row,
                    client_id=uuid.UUID(int=rng.getrandbits(128), version=4),
                    fingerprint=f"{rng.getrandbits(256):064x}",
                    recorded_by=row.mentorship.mentor.person,
                    held_at=row.starts_at,
                    received_at=row.starts_at + timedelta(minutes=row.minutes + rng.randint(1, 200)),
                    attended=row.attended,
                    notes=rng.choice(DONE) if row.attended else "",
                    next_steps=rng.choice(NEXT) if row.attended else "",
                )
            )
        SessionReport.objects.bulk_create(reports, CHUNK)
        missed = [row for row in rows if row.attended is False]
        FollowUp.objects.bulk_create(
            FollowUp(
                region=self.region,
                session=row,
                outcome=rng.choices(list(FollowUp.Outcome.values), [75, 20, 5])[0],
                by=row.mentorship.mentor.person,
                at=min(clock.now(), row.starts_at + timedelta(days=rng.randint(1, 5))),
            )
            for row in missed
            if (self.today - clock.local_date(row.starts_at)).days > 25 or rng.random() < 0.5
        )
        self._later(rows)

    def _session(
        self, case: Mentorship, day: date, busy: dict[int, set[datetime]], *, hour: int | None = None
    ) -> Session:
        rng = self.rng
        starts = datetime.combine(day, time(hour or rng.choice([8, 9, 10, 13, 14, 15])), tzinfo=clock.JAKARTA)
        while starts in busy[case.mentor_id]:
            starts += timedelta(hours=1)
        busy[case.mentor_id].add(starts)
        kind = rng.choices([Session.Kind.VISIT, Session.Kind.PLACE, Session.Kind.VIDEO], [70, 18, 12])[0]
        return Session(
            region=self.region,
            uuid=uuid.UUID(int=rng.getrandbits(128), version=4),
            mentorship=case,
            kind=kind,
            starts_at=starts,
            minutes=60,
            place="Malang Creative Center, lantai 4" if kind == Session.Kind.PLACE else "",
            video_url="https://meet.example/mbois" if kind == Session.Kind.VIDEO else "",
            topic=rng.choice(TOPICS),
            planned_by=case.mentor.person,
            planned_at=min(clock.now(), starts - timedelta(days=5)),
        )

    def _later(self, sessions: list[Session]) -> None:
        """A second diagnosis of those who had some sessions: the more they came, the more is better."""
        came: dict[int, int] = defaultdict(int)
        for row in sessions:
            came[row.mentorship_id] += row.attended is True
        rows = []
        for case in self.cases:
            if case.began_on is None or case.diagnosis is None or came[case.pk] < 3:
                continue
            day = case.ended_on or self.today - timedelta(days=self.rng.randint(1, 30))
            if (day - case.began_on).days < 60 or self.rng.random() < 0.12:
                continue
            better = self.diagnosing.better(case.diagnosis.answers, min(26, 3 + 2 * came[case.pk]))
            sent = at(min(day, self.today - timedelta(days=1)), self.rng)
            rows.append(self.diagnosing.diagnosis(case.enterprise, better, sent, case.mentor.person))
        Diagnosis.objects.bulk_create(rows, CHUNK)
