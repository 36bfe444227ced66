"""Two years of mentoring in the demo city: diagnoses, mentors, plans, sessions, cash books, courses."""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.management import call_command

from mbois import clock
from mbois.demo.city import CHUNK, YEARS, Staff, a_name, at
from mbois.demo.diagnosing import Diagnosing
from mbois.demo.mentoring_owners import Owners
from mbois.demo.mentoring_words import ABOUT, HOUSES, WAYS, WHY
from mbois.demo.mentoring_work import Work
from mbois.enterprises.models import Enterprise
from mbois.enterprises.models import State as Registered
from mbois.mentoring import questionnaires
from mbois.mentoring.models import (
    Course,
    Diagnosis,
    MentorProfile,
    Mentorship,
    Questionnaire,
    Skill,
    State,
)
from mbois.mentoring.reasons import Reason
from mbois.people.models import Membership, Organisation, Person, Role
from mbois.places.models import Area
from mbois.places.numbers import format_number, take

# Of the whole city: mentors, businesses with a diagnosis, mentorships by what became of them, cash books.
MENTORS, DIAGNOSED, BOOKS = 40, 420, 150
CASES = {
    State.ACTIVE: 105,
    State.FINISHED: 92,
    State.STOPPED: 18,
    State.PROPOSED: 20,
    State.DECLINED: 10,
    State.WITHDRAWN: 5,
}
# How the three governments share them.
SHARE = {"35.73": 0.55, "35.07": 0.28, "35.79": 0.17}


@dataclass
class Mentoring:
    """The mentoring of one region."""

    rng: random.Random
    home: Staff
    enterprises: list[Enterprise]
    share: float
    first: dict[str, Enterprise] = field(default_factory=dict)  # personas by key
    mentors: list[MentorProfile] = field(default_factory=list)

    def make(self) -> None:
        """Everything, in few statements."""
        self.region = self.home.region
        current = questionnaires.current()
        self.content = questionnaires.content_of(current)
        self.diagnosing = Diagnosing(self.rng, self.region, current, self.content)
        self.today = clock.today()
        self._people()
        self._diagnoses()
        self._mentorships()
        work = Work(self.rng, self.region, self.today, self.diagnosing, self.mentors, self.cases)
        work.plan()
        work.meet()
        self._owners()

    def some(self, count: float) -> int:
        return max(1, round(count * self.share))

    # People

    def _people(self) -> None:
        rng, region = self.rng, self.region
        since = self.today - timedelta(days=365 * YEARS)
        houses = Organisation.objects.bulk_create(
            Organisation(region=region, name=f"{name} {region.name}", kind=kind) for kind, name in HOUSES[:3]
        )
        agency = Organisation.objects.get(region=region, name=f"{HOUSES[3][1]} {region.name}")
        wanted = max(4, self.some(MENTORS))
        people = [self._person(f"mentor.{place + 1}", since) for place in range(wanted)]
        coordinators = [self._person(f"coordinator.{place + 1}", since) for place in range(2)]
        Person.objects.bulk_create([*people, *coordinators])
        offices = {one.pk: rng.choices([*houses, agency], [40, 25, 20, 15])[0] for one in people}
        Membership.objects.bulk_create(
            Membership(person=one, role=Role.MENTOR, region=region, organisation=offices[one.pk], since=since)
            for one in people
        )
        Membership.objects.bulk_create(
            Membership(person=one, role=Role.COORDINATOR, region=region, organisation=agency, since=since)
            for one in coordinators
        )
        self.coordinators = coordinators
        districts = list(
            Area.objects.filter(region=region, level=Area.Level.DISTRICT)
            .order_by("code")
            .values_list("pk", flat=True)
        )
        profiles = []
        for person in people:
            skills = rng.sample(list(Skill.values), rng.randint(2, 5))
            areas = (
                [] if rng.random() < 0.3 else rng.sample(districts, min(len(districts), rng.randint(1, 3)))
            )
            languages = ["id", "jv"] if rng.random() < 0.8 else ["id"]
            languages += ["mad"] if rng.random() < 0.15 else []
            profiles.append(
                MentorProfile(
                    region=region,
                    person=person,
                    organisation=offices[person.pk],
                    about=rng.choice(ABOUT),
                    skills=skills,
                    areas=areas,
                    languages=languages,
                    hours_a_month=rng.choice([6, 8, 12, 16]),
                    most_cases=rng.choice([3, 4, 4, 5, 6]),
                    is_open=rng.random() < 0.92,
                    calendar_secret=f"{rng.getrandbits(128):032x}",
                    made_at=at(since, rng),
                )
            )
        self.mentors = MentorProfile.objects.bulk_create(profiles)

    def _person(self, slug: str, since: date) -> Person:
        made = Person(
            name=a_name(self.rng, woman=self.rng.random() < 0.55),
            email=f"{slug}.{self.region.digits}@contoh.mbois.example",
            is_invented=True,
            joined_at=at(since, self.rng),
        )
        made.set_unusable_password()
        return made

    # Diagnoses

    def _diagnoses(self) -> None:
        rng = self.rng
        ready = [
            row
            for row in self.enterprises
            if row.state == Registered.VERIFIED
            and row.verified_at is not None
            and row.pk not in {one.pk for one in self.first.values()}
        ]
        chosen = rng.sample(ready, min(len(ready), self.some(DIAGNOSED)))
        chosen = [*self.first.values(), *chosen]
        rows = []
        for enterprise in chosen:
            verified = clock.local_date(enterprise.verified_at) if enterprise.verified_at else self.today
            earliest = max(verified, self.today - timedelta(days=365 * YEARS - 40))
            latest = max(earliest, self.today - timedelta(days=2))
            day = earliest + timedelta(days=rng.randint(0, max(0, (latest - earliest).days)))
            owner = enterprise.owner.person
            officer = self.home.village[enterprise.village.parent_id or ""]
            by = owner if owner.email or rng.random() < 0.5 else officer
            rows.append(
                self.diagnosing.diagnosis(
                    enterprise, self.diagnosing.answers(rng.betavariate(2.2, 3)), at(day, rng), by
                )
            )
        rows.sort(key=lambda one: (one.sent_at, one.enterprise_id))
        self.diagnoses = Diagnosis.objects.bulk_create(rows, CHUNK)

    # Mentorships

    def _mentorships(self) -> None:
        rng = self.rng
        mine = {one.pk: key for key, one in self.first.items()}
        pool = [one for one in self.diagnoses if one.enterprise_id not in mine]
        old = [one for one in pool if self._age(one) > 100]
        young = [one for one in pool if self._age(one) <= 100]
        rng.shuffle(old)
        rng.shuffle(young)
        plan: list[tuple[Diagnosis, str]] = []
        for end, wanted in CASES.items():
            source = young if end == State.PROPOSED else old
            count = min(len(source), self.some(wanted))
            plan += [(source.pop(), end) for _one in range(count)]
        own = {one.enterprise_id: one for one in self.diagnoses if one.enterprise_id in mine}
        for key, begun in (
            ("sri", State.ACTIVE),
            ("ayu", State.ACTIVE),
            ("joko", State.ACTIVE),
            ("nanik", State.PROPOSED),
        ):
            if key in self.first:
                plan.insert(0, (own[self.first[key].pk], str(begun)))
        room = {one.pk: one.most_cases for one in self.mentors}
        rows = []
        for diagnosis, state in plan:
            free = [one for one in self.mentors if state != State.ACTIVE or room[one.pk] > 0]
            if not free:
                continue
            # the first mentor is one of the people one can be: always at work
            first = self.mentors[0]
            known = self.mentors[: 2 + len(self.mentors) // 10]
            likely = [8 if one in (known if state != State.ACTIVE else [first]) else 1 for one in free]
            if state == State.PROPOSED and rng.random() < 0.2 and first in free:
                mentor = first
            else:
                mentor = rng.choices(free, likely)[0]
            room[mentor.pk] -= state == State.ACTIVE
            rows.append(self._mentorship(diagnosis, mentor, state))
        rows.sort(key=lambda one: one.proposed_at)
        by_year: dict[int, list[Mentorship]] = defaultdict(list)
        for row in rows:
            by_year[clock.local_date(row.proposed_at).year].append(row)
        for year, group in by_year.items():
            for row, value in zip(group, take(self.region.pk, f"M-{year}", len(group)), strict=True):
                row.number = format_number("M", self.region.pk, value, year=year)
        self.cases = Mentorship.objects.bulk_create(rows, CHUNK)

    def _age(self, diagnosis: Diagnosis) -> int:
        assert diagnosis.sent_at is not None
        return (self.today - clock.local_date(diagnosis.sent_at)).days

    def _mentorship(self, diagnosis: Diagnosis, mentor: MentorProfile, state: str) -> Mentorship:
        rng = self.rng
        age = self._age(diagnosis)
        asked = self.today - timedelta(days=max(0, age - rng.randint(1, 9)))
        if state == State.PROPOSED:
            asked = self.today - timedelta(days=min(age, rng.randint(0, 16)))
        began = min(self.today, asked + timedelta(days=rng.randint(1, 6)))
        if state == State.ACTIVE:  # those under way began within the last ten months
            began = max(began, self.today - timedelta(days=rng.randint(20, 300)))
            asked = max(asked, began - timedelta(days=6))
        owner = diagnosis.enterprise.owner.person
        by_owner = rng.random() < 0.35
        officer = self.home.village[diagnosis.enterprise.village.parent_id or ""]
        answers = owner if by_owner or owner.email else officer
        begun = state in {State.ACTIVE, State.FINISHED, State.STOPPED}
        both = at(began, rng)
        ended = None
        if state in {State.FINISHED, State.STOPPED}:
            ended = min(self.today, began + timedelta(days=rng.randint(60, 260)))
        elif not begun and state != State.PROPOSED:
            ended = min(self.today, asked + timedelta(days=rng.randint(1, 10)))
        owner_said = both if begun or by_owner else None
        mentor_said = (
            both if begun or (state == State.PROPOSED and not by_owner and rng.random() < 0.6) else None
        )
        if state == State.PROPOSED and owner.email:  # a persona waits to be asked
            owner_said, mentor_said, by_owner = None, at(asked, rng), False
        if owner_said and not begun:
            owner_said = at(asked, rng)
        if mentor_said and not begun:
            mentor_said = at(asked, rng)
        return Mentorship(
            region=self.region,
            enterprise=diagnosis.enterprise,
            mentor=mentor,
            diagnosis=diagnosis,
            state=state,
            reasons=self._reasons(diagnosis, mentor),
            proposed_by=owner if by_owner else rng.choice(self.coordinators),
            proposed_at=at(asked, rng),
            mentor_accepted_at=mentor_said,
            owner_accepted_at=owner_said,
            owner_answer_by=answers if owner_said else None,
            owner_answer_note=rng.choice(WAYS) if owner_said and answers is officer else "",
            began_on=began if begun else None,
            ended_on=ended,
            end_note=rng.choice(WHY) if state == State.STOPPED else "",
        )

    def _reasons(self, diagnosis: Diagnosis, mentor: MentorProfile) -> list[dict[str, Any]]:
        weakest = min(self.content.parts, key=lambda part: diagnosis.scores[part.key])
        known = {"skills": mentor.skills[:2], "part": [weakest.name.id, weakest.name.en]}
        return [
            Reason("knows", {**known, "score": diagnosis.scores[weakest.key]}).kept(),
            Reason("room", {"load": 0, "most": mentor.most_cases}).kept(),
        ]

    # What owners do by themselves

    def _owners(self) -> None:
        owners = Owners(self.rng, self.region, self.today)
        begun = [case.enterprise for case in self.cases if case.began_on is not None]
        chosen = {one.pk: one for one in [*self.first.values(), *begun]}
        owners.keep_books(list(chosen.values())[: self.some(BOOKS) + 1])
        owners.learn(self.cases)


def make_mentoring(
    seed: int,
    scale: float,
    staff: dict[str, Staff],
    enterprises: list[Enterprise],
    personas: dict[str, Enterprise],
) -> None:
    """The mentoring of every region; the same for the same seed, whatever else the demo makes."""
    if not Questionnaire.objects.exists() or not Course.objects.exists():
        call_command("load_mentoring", verbosity=0)
    shown = {key: row for key, row in personas.items() if key in {"sri", "ayu", "joko", "nanik"}}
    for code, home in staff.items():
        own = [row for row in enterprises if row.region_id == code]
        first = {key: row for key, row in shown.items() if row.region_id == code}
        rng = random.Random(f"mentoring {seed} {code}")
        Mentoring(rng, home, own, scale * SHARE.get(code, 0.2), first).make()
