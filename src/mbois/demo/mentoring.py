"""Two years of mentoring in the demo city: diagnoses, mentors, plans, sessions, cash books, courses."""

import random
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.management import call_command

from mbois import clock
from mbois.demo.city import CHUNK, YEARS, Staff, a_name, at
from mbois.enterprises.models import Enterprise
from mbois.enterprises.models import State as Registered
from mbois.mentoring import questionnaires
from mbois.mentoring.library import steps
from mbois.mentoring.models import (
    Attempt,
    CashEntry,
    Certificate,
    Course,
    Diagnosis,
    Evidence,
    FollowUp,
    MentorProfile,
    Mentorship,
    PlanStep,
    Questionnaire,
    Session,
    SessionReport,
    Skill,
    State,
)
from mbois.mentoring.questionnaires import Content
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
HOUSES = [
    (Organisation.Kind.CAMPUS, "Klinik Wirausaha Mahasiswa"),
    (Organisation.Kind.COMMUNITY, "Komunitas UMKM Naik Kelas"),
    (Organisation.Kind.COMPANY, "Relawan Usaha Digital"),
    (Organisation.Kind.AGENCY, "Dinas Koperasi dan UMKM"),
]
ABOUT = [
    "Senang membantu ibu-ibu membuat foto produk yang menarik.",
    "Sepuluh tahun berjualan daring, kini berbagi cara.",
    "Mahasiswa akuntansi, terbiasa merapikan pembukuan sederhana.",
    "Pernah mengurus P-IRT dan halal untuk puluhan usaha.",
    "Desainer kemasan, tinggal di Malang sejak kecil.",
    "",
]
TOPICS = [
    "Foto produk di dekat jendela",
    "Menghitung harga jual",
    "Membuka toko dan judul produk",
    "Label dan kemasan",
    "Mengisi buku kas",
    "Membalas pesan pembeli",
    "Berkas P-IRT",
    "Uji kirim paket",
]
DONE = [
    "Memotret empat produk bersama, hasilnya terang.",
    "Harga dihitung ulang; dua produk ternyata merugi.",
    "Toko sudah dibuka, satu produk ditayangkan.",
    "Label baru disepakati, tinggal dicetak.",
    "Buku kas minggu ini sudah lengkap.",
    "Berlatih menjawab pertanyaan pembeli.",
]
NEXT = ["Foto tiga produk lagi.", "Cetak label.", "Catat setiap hari.", "Kirim satu paket uji.", ""]
WHY = ["Pemilik pindah kota.", "Sedang merawat keluarga.", "Belum ada waktu tahun ini."]
WAYS = ["Di kantor kelurahan", "Lewat telepon", "Saat kunjungan petugas"]


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
        self.questionnaire = questionnaires.current()
        self.content: Content = questionnaires.content_of(self.questionnaire)
        self.today = clock.today()
        self._people()
        self._diagnoses()
        self._mentorships()
        self._plans()
        self._sessions()
        self._books()
        self._courses()

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

    def _answers(self, strength: float) -> dict[str, int]:
        """Answers of somebody who does about this share of things well."""
        found = {}
        for key, question in self.content.questions.items():
            most = len(question.answers) - 1
            found[key] = min(most, max(0, round(self.rng.gauss(strength * most, 0.55))))
        return found

    def _better(self, answers: dict[str, int], steps_up: int) -> dict[str, int]:
        found = dict(answers)
        for key in self.rng.sample(sorted(found), steps_up):
            found[key] = min(len(self.content.questions[key].answers) - 1, found[key] + 1)
        return found

    def _diagnosis(
        self, enterprise: Enterprise, answers: dict[str, int], sent: datetime, by: Person
    ) -> Diagnosis:
        scores = questionnaires.scores_of(self.content, answers)
        return Diagnosis(
            region=self.region,
            uuid=uuid.UUID(int=self.rng.getrandbits(128), version=4),
            enterprise=enterprise,
            questionnaire=self.questionnaire,
            answers=answers,
            taken_by=by,
            started_at=sent - timedelta(minutes=12),
            sent_at=sent,
            scores=scores,
            total=questionnaires.total_of(scores),
            level=questionnaires.level_of(self.content, scores),
        )

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
            rows.append(self._diagnosis(enterprise, self._answers(rng.betavariate(2.2, 3)), at(day, rng), by))
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

    # Plans

    def _plans(self) -> None:
        rng = self.rng
        library = steps()
        rows = []
        for case in self.cases:
            if case.began_on is None or case.diagnosis is None:
                continue
            advice = questionnaires.advice_for(self.content, case.diagnosis.answers, case.diagnosis.scores)
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

    def _sessions(self) -> None:
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
            better = self._better(case.diagnosis.answers, min(26, 3 + 2 * came[case.pk]))
            sent = at(min(day, self.today - timedelta(days=1)), self.rng)
            rows.append(self._diagnosis(case.enterprise, better, sent, case.mentor.person))
        Diagnosis.objects.bulk_create(rows, CHUNK)

    # Cash books

    def _books(self) -> None:
        rng = self.rng
        begun = [case.enterprise for case in self.cases if case.began_on is not None]
        chosen = list({one.pk: one for one in [*self.first.values(), *begun]}.values())[
            : self.some(BOOKS) + 1
        ]
        rows = []
        for enterprise in chosen:
            monthly = max(1_500_000, (enterprise.annual_sales or 60_000_000) // 12)
            start = self.today - timedelta(days=rng.randint(40, 420))
            growth, eager = rng.uniform(0.98, 1.06), rng.uniform(1.5, 4.5)
            day = start
            while day <= self.today:
                months = (day - start).days / 30
                takings = monthly * growth**months / (30 / (7 / eager))
                made = min(clock.now(), at(day, rng))
                rows.append(
                    self._entry(enterprise, CashEntry.Kind.SALE, takings * rng.uniform(0.5, 1.5), day, made)
                )
                if rng.random() < 0.45:
                    cost = takings * rng.uniform(0.6, 1.9)
                    rows.append(self._entry(enterprise, CashEntry.Kind.COST, cost, day, made))
                day += timedelta(days=max(1, round(rng.gauss(7 / eager, 1))))
        CashEntry.objects.bulk_create(rows, 2 * CHUNK)

    def _entry(
        self, enterprise: Enterprise, kind: str, amount: float, day: date, made: datetime
    ) -> CashEntry:
        rng = self.rng
        cost = kind == CashEntry.Kind.COST
        return CashEntry(
            region=self.region,
            enterprise=enterprise,
            client_id=uuid.UUID(int=rng.getrandbits(128), version=4),
            kind=kind,
            amount=max(1_000, round(amount / 500) * 500),
            day=day,
            category=rng.choices(list(CashEntry.Category.values), [60, 10, 10, 10, 4, 6])[0] if cost else "",
            made_by=enterprise.owner.person,
            made_at=made,
        )

    # Courses

    def _courses(self) -> None:
        rng = self.rng
        courses = list(Course.objects.filter(region=self.region).order_by("pk"))
        people = {
            case.enterprise.owner.person_id: case.enterprise.owner for case in self.cases if case.began_on
        }
        attempts, certificates = [], []
        for owner in people.values():
            for course in rng.sample(courses, rng.choices([0, 1, 2, 3], [35, 30, 22, 13])[0]):
                when = at(self.today - timedelta(days=rng.randint(1, 400)), rng)
                tries = rng.choices([1, 2], [75, 25])[0]
                for place in range(tries):
                    passed = place == tries - 1
                    attempts.append(
                        Attempt(
                            region=self.region,
                            course=course,
                            person=owner.person,
                            right=3 if passed else 1,
                            asked=3,
                            passed=passed,
                            at=when + timedelta(minutes=6 * place),
                        )
                    )
                certificates.append(
                    Certificate(
                        region=self.region,
                        course=course,
                        person=owner.person,
                        code=uuid.UUID(int=rng.getrandbits(128), version=4),
                        name=owner.name,
                        title_id=course.title_id,
                        title_en=course.title_en,
                        passed_on=clock.local_date(when),
                    )
                )
        Attempt.objects.bulk_create(attempts, CHUNK)
        Certificate.objects.bulk_create(certificates, CHUNK)


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
