"""Startups of the demo city, set-based: a cohort half-way, a call in review, one that is open, alumni."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.demo.city import MILLION, Staff, a_name, at
from mbois.demo.startup_words import (
    ANSWERS,
    CRITERIA,
    IDEAS,
    LETTERS,
    NOTES,
    QUESTIONS,
    REASONS,
    SURNAMES,
    WEEKS,
)
from mbois.demo.tasks import draw_startup
from mbois.people.demo import Persona
from mbois.people.models import Membership, Organisation, Person, Role
from mbois.places.numbers import format_number, take
from mbois.startups.actions.cohorts import fill_curriculum, publish_demo_day, save_demo_day
from mbois.startups.judging import standings
from mbois.startups.models import (
    Application,
    Assignment,
    Call,
    Cohort,
    Conflict,
    ContactRequest,
    Criterion,
    Decision,
    Evidence,
    Lesson,
    Material,
    Member,
    MentorPlace,
    Milestone,
    Participation,
    Phase,
    QuarterFigures,
    Question,
    Review,
    Startup,
    State,
    WeeklyUpdate,
    monday_of,
    quarter_of,
)

HOME = "35.73"
COHORT, ALUMNI, IN_REVIEW, WRITING = 20, (14, 16), 34, 9
FOUNDER = "pendiri"


@dataclass
class Programme:
    """The startup programme of one region."""

    rng: random.Random
    home: Staff
    used: int = COHORT
    members: dict[int, list[Person]] = field(default_factory=dict)

    def make(self) -> None:
        """Everything: people, earlier cohorts, the one that runs, a call in review, an open one."""
        self.region, self.today = self.home.region, clock.today()
        self._people()
        for place, size in enumerate(ALUMNI):
            begins = monday_of(self.today - timedelta(days=760 - 365 * place))
            call, rows = self._call(
                f"Inkubasi Startup Angkatan {place + 1}", begins - timedelta(days=75), size, size
            )
            self._cohort(f"Angkatan {place + 1}", call, rows, begins, running=False)
            self._quarters(rows, begins)
        begins = monday_of(self.today - timedelta(days=84))
        call, rows = self._call(
            "Inkubasi Startup Angkatan 3", begins - timedelta(days=75), COHORT, COHORT + 12
        )
        cohort = self._cohort("Angkatan 3", call, rows, begins, running=True)
        self._demo_day(cohort)
        self._in_review()
        self._open_call()
        # the cohort that runs comes first
        shown = Startup.objects.filter(region=self.region, since_cohort=True).order_by("-pk")
        draw_startup.batch_defer(
            *({"region_id": self.region.pk, "startup_id": pk} for pk in shown.values_list("pk", flat=True))
        )

    # --- people -----------------------------------------------------------------------------------

    def _people(self) -> None:
        since = self.today - timedelta(days=900)
        office = Organisation.objects.create(
            region=self.region, name=f"Inkubator Startup {self.region.name}", kind=Organisation.Kind.CAMPUS
        )
        rows = [(Role.INCUBATOR, 2), (Role.REVIEWER, 8)]
        made: list[tuple[Person, str]] = []
        for role, count in rows:
            for place in range(count):
                made.append((self._person(f"{role}.{place + 1}.{self.region.digits}", since), role))
        Person.objects.bulk_create([one for one, _role in made])
        Membership.objects.bulk_create(
            Membership(person=one, role=role, region=self.region, organisation=office, since=since)
            for one, role in made
        )
        self.managers = [one for one, role in made if role == Role.INCUBATOR]
        self.reviewers = [one for one, role in made if role == Role.REVIEWER]
        mentors = Membership.objects.in_force().filter(region=self.region, role=Role.MENTOR)
        self.mentors = list(
            Person.objects.filter(pk__in=mentors.order_by("person").values("person")).order_by("pk")[:9]
        )

    def _person(self, slug: str, since: date, name: str = "") -> Person:
        one = Person(
            name=name or a_name(self.rng, woman=self.rng.random() < 0.5),
            email=f"{slug}@contoh.mbois.example",
            is_invented=True,
            joined_at=at(since, self.rng),
        )
        one.set_unusable_password()
        return one

    def _startups(self, count: int, made_on: date, *, first: str = "", known: bool = False) -> list[Startup]:
        """So many startups with a team of two to four; `first` names the persona who founded the first."""
        # the cohort that runs has the names first; others of the same idea are called a little otherwise
        begins = 0 if first else self.used
        ideas = [IDEAS[(begins + place) % len(IDEAS)] for place in range(count)]
        rounds = [(begins + place) // len(IDEAS) for place in range(count)]
        self.used += 0 if first else count
        numbers = take(self.region.pk, "ST", count)
        teams: list[list[Person]] = []
        for place in range(count):
            people = [
                self._person(f"pendiri.{numbers[place]}.{seat}.{self.region.digits}", made_on)
                for seat in range(self.rng.randint(2, 4))
            ]
            if place == 0 and first:
                people[0].email, people[0].name = f"{first}@contoh.mbois.example", "Dimas Prakoso"
            teams.append(people)
        Person.objects.bulk_create([one for people in teams for one in people])
        rows = []
        for place, (name, pitch, about, subsector) in enumerate(ideas):
            rows.append(
                Startup(
                    region=self.region,
                    number=format_number("ST", self.region.pk, numbers[place]),
                    name=f"{name} {SURNAMES[rounds[place]]}".strip(),
                    pitch=pitch,
                    about=about,
                    subsector=subsector,
                    link=f"https://{name.lower().replace(' ', '')}.example" if known else "",
                    public_since=at(made_on, self.rng) if known and place % 5 != 4 else None,
                    since_cohort=known,
                    made_by=teams[place][0],
                    made_at=at(made_on, self.rng),
                )
            )
        rows = Startup.objects.bulk_create(rows)
        duties = ["Produk", "Teknologi", "Pelanggan", "Keuangan"]
        Member.objects.bulk_create(
            Member(
                region=self.region,
                startup=row,
                person=one,
                duty=duties[seat],
                joined_at=at(made_on, self.rng),
            )
            for row, people in zip(rows, teams, strict=True)
            for seat, one in enumerate(people)
        )
        for row, people in zip(rows, teams, strict=True):
            self.members[row.pk] = people
        return rows

    # --- calls ------------------------------------------------------------------------------------

    def _written(self, title: str, opens: date, phases: Sequence[tuple[str, int, int]]) -> Call:
        """A published call: `phases` are (kind, first day, last day) counted from the day it opens."""
        call = Call.objects.create(
            region=self.region,
            number=format_number("PS", self.region.pk, take(self.region.pk, "PS", 1)[0]),
            title_id=title,
            title_en=title.replace("Inkubasi Startup Angkatan", "Startup incubation, cohort"),
            summary_id="Enam bulan dari ide sampai pelanggan pertama, dengan pendamping dan ruang kerja gratis.",
            summary_en="Six months from an idea to first customers, with mentors and a free place to work.",
            about_id=LETTERS["about_id"],
            about_en=LETTERS["about_en"],
            places=COHORT,
            made_by=self.managers[0],
            made_at=at(opens - timedelta(days=14), self.rng),
        )
        here = {"region": self.region, "call": call}
        Phase.objects.bulk_create(
            Phase(
                **here,
                kind=kind,
                during=DateTimeTZRange(self._hour(opens, first), self._hour(opens, last), "[)"),
            )
            for kind, first, last in phases
        )
        self.questions = Question.objects.bulk_create(
            Question(**here, position=place, **row) for place, row in enumerate(QUESTIONS, 1)
        )
        self.criteria = Criterion.objects.bulk_create(
            Criterion(**here, position=place, **row) for place, row in enumerate(CRITERIA, 1)
        )
        call.published_at = self._hour(opens, 0)
        call.save()
        return call

    def _hour(self, opens: date, days: int) -> datetime:
        """17:00 in Malang, so many days later."""
        return datetime.combine(opens + timedelta(days=days), time(17), tzinfo=clock.JAKARTA)

    def _applications(
        self, call: Call, startups: Sequence[Startup], opens: date, days: int, states: Sequence[str]
    ) -> list[Application]:
        numbers = take(self.region.pk, "LS", len(startups))
        rows = []
        for number, startup, state in zip(numbers, startups, states, strict=True):
            begun = self._hour(opens, self.rng.randint(1, max(days - 3, 2)))
            sent = min(begun + timedelta(hours=self.rng.randint(3, 50)), clock.now() - timedelta(minutes=5))
            begun = min(begun, sent)
            draft = state == State.DRAFT
            rows.append(
                Application(
                    region=self.region,
                    number=format_number("LS", self.region.pk, number),
                    call=call,
                    startup=startup,
                    state=state,
                    answers=self._answers(startup, draft),
                    begun_by=startup.made_by,
                    begun_at=begun,
                    changed_at=sent,
                    submitted_by=None if draft else startup.made_by,
                    submitted_at=None if draft else sent,
                )
            )
        return Application.objects.bulk_create(rows)

    def _answers(self, startup: Startup, draft: bool) -> dict[str, object]:
        found: dict[str, object] = {}
        for place, question in enumerate(self.questions):
            if draft and place > 2:
                break
            if question.kind == Question.Kind.CHOICE:
                found[question.key] = str(self.rng.randrange(len(question.options)))
            elif question.kind == Question.Kind.NUMBER:
                found[question.key] = self.rng.randint(0, 60)
            elif question.kind == Question.Kind.LINK:
                found[question.key] = f"https://{startup.name.lower().replace(' ', '')}.example"
            elif question.identifying:
                team = ", ".join(one.name for one in self.members[startup.pk])
                found[question.key] = f"{team}. Kami bertemu di kampus."
            else:
                pitch = startup.pitch[:1].lower() + startup.pitch[1:]
                found[question.key] = self.rng.choice(ANSWERS[place % len(ANSWERS)]).format(
                    name=startup.name, pitch=pitch.rstrip("."), about=startup.about
                )
        return found

    def _reviews(
        self, rows: Sequence[Application], begins: datetime, ends: datetime, share: float
    ) -> dict[int, list[tuple[int, dict[str, int]]]]:
        """Three reviewers each, of whom `share` have sent; what they gave, by application."""
        asked, written = [], []
        weights = {one.key: one.weight for one in self.criteria}
        given: dict[int, list[tuple[int, dict[str, int]]]] = {}
        for place, row in enumerate(rows):
            quality = self.rng.gauss(3.3, 0.8)
            for seat in range(3):
                reviewer = self.reviewers[(place + seat * 3) % len(self.reviewers)]
                asked.append(
                    Assignment(
                        region=self.region,
                        application=row,
                        reviewer=reviewer,
                        assigned_by=self.managers[0],
                        assigned_at=begins,
                    )
                )
                if self.rng.random() > share:
                    continue
                points = {key: min(5, max(1, round(self.rng.gauss(quality, 0.8)))) for key in weights}
                total = sum(weights[key] * points[key] for key in weights)
                sent = begins + (min(ends, clock.now()) - begins) * self.rng.uniform(0.1, 0.95)
                given.setdefault(row.pk, []).append((total, points))
                written.append(
                    Review(
                        region=self.region,
                        application=row,
                        reviewer=reviewer,
                        points=points,
                        note=self.rng.choice(NOTES),
                        advice="yes" if total >= 380 else "maybe" if total >= 300 else "no",
                        total=total,
                        version=1,
                        begun_at=sent,
                        changed_at=sent,
                        sent_at=sent,
                    )
                )
        Assignment.objects.bulk_create(asked)
        Review.objects.bulk_create(written)
        return given

    def _call(self, title: str, opens: date, accepted: int, applied: int) -> tuple[Call, list[Startup]]:
        """A call that is over, with everything decided; answers with the startups that were accepted."""
        call = self._written(
            title,
            opens,
            [("call", 0, 28), ("screening", 28, 45), ("interview", 45, 52), ("decision", 52, 60)],
        )
        first = FOUNDER if accepted == COHORT else ""
        startups = self._startups(accepted, opens, first=first, known=True)
        others = self._startups(applied - accepted, opens) if applied > accepted else []
        states = [State.ACCEPTED] * accepted + [State.REFUSED] * len(others)
        rows = self._applications(call, [*startups, *others], opens, 28, states)
        given = self._reviews(rows, self._hour(opens, 28), self._hour(opens, 45), 1.0)
        found = standings([one.pk for one in rows], given)
        batches = {
            State.ACCEPTED: uuid.UUID(int=self.rng.getrandbits(128)),
            State.REFUSED: uuid.UUID(int=self.rng.getrandbits(128)),
        }
        Decision.objects.bulk_create(
            Decision(
                region=self.region,
                application=row,
                outcome=row.state,
                reason=self.rng.choice(REASONS[str(row.state)]),
                letter=LETTERS[str(row.state)],
                rank=found[row.pk].rank,
                median=found[row.pk].median,
                spread=found[row.pk].spread,
                reviews=found[row.pk].count,
                criteria=found[row.pk].criteria,
                batch=batches[State(row.state)],
                decided_by=self.managers[0],
                decided_at=self._hour(opens, 55),
            )
            for row in rows
        )
        return call, startups

    def _in_review(self) -> None:
        """A call whose deadline was a week ago: half of its reviews are there, and some conflicts."""
        opens = self.today - timedelta(days=35)
        call = self._written(
            "Inkubasi Startup Angkatan 4",
            opens,
            [("call", 0, 28), ("screening", 28, 49), ("interview", 49, 56), ("decision", 56, 63)],
        )
        startups = self._startups(IN_REVIEW, opens)
        rows = self._applications(call, startups, opens, 28, [State.SUBMITTED] * len(startups))
        self._reviews(rows, self._hour(opens, 28), self._hour(opens, 49), 0.55)
        there = {
            (one.application_id, one.reviewer_id) for one in Review.objects.filter(application__call=call)
        }
        free = [
            one
            for one in Assignment.objects.filter(region=self.region, application__call=call).order_by("pk")
            if (one.application_id, one.reviewer_id) not in there
        ]
        Conflict.objects.bulk_create(
            Conflict(
                region=self.region,
                application_id=one.application_id,
                person_id=one.reviewer_id,
                reason=reason,
                declared_at=clock.now() - timedelta(days=2),
            )
            for one, reason in zip(
                free[1::9], ("Mahasiswa bimbingan saya.", "Kakak salah satu anggota tim."), strict=False
            )
        )

    def _open_call(self) -> None:
        """A call that takes applications for nine more days."""
        opens = self.today - timedelta(days=12)
        call = self._written(
            "Kelas Ide: dari Kampus ke Pelanggan",
            opens,
            [("call", 0, 21), ("screening", 21, 35), ("interview", 36, 42), ("decision", 42, 49)],
        )
        startups = self._startups(WRITING, opens)
        states = [State.SUBMITTED if place % 3 else State.DRAFT for place in range(WRITING)]
        self._applications(call, startups, opens, 11, states)

    # --- cohorts ----------------------------------------------------------------------------------

    def _cohort(
        self, name: str, call: Call, startups: Sequence[Startup], begins: date, *, running: bool
    ) -> Cohort:
        cohort = Cohort.objects.create(
            region=self.region,
            number=format_number("AK", self.region.pk, take(self.region.pk, "AK", 1)[0]),
            name=name,
            call=call,
            begins_on=begins,
            ends_on=begins + timedelta(days=167),
            made_by=self.managers[0],
            made_at=at(begins - timedelta(days=10), self.rng),
        )
        fill_curriculum(cohort)
        Lesson.objects.filter(region=self.region, cohort=cohort).update(
            place="Malang Creative Center, lantai 4"
        )
        lessons = list(Lesson.objects.filter(region=self.region, cohort=cohort).order_by("starts_at"))
        Material.objects.bulk_create(
            Material(
                region=self.region,
                lesson=one,
                title=f"Lembar kerja: {one.title_id}",
                link=f"https://bahan.example/{one.pk}",
            )
            for one in lessons
        )
        places = Participation.objects.bulk_create(
            Participation(
                region=self.region,
                cohort=cohort,
                startup=one,
                added_by=self.managers[0],
                added_at=at(begins - timedelta(days=7), self.rng),
            )
            for one in startups
        )
        if self.mentors:
            MentorPlace.objects.bulk_create(
                MentorPlace(
                    region=self.region,
                    participation=one,
                    person=self.mentors[place % len(self.mentors)],
                    since=begins,
                    until=None if running else cohort.ends_on,
                    added_by=self.managers[0],
                )
                for place, one in enumerate(places)
                if place % 7 != 6 or not running
            )
        if running:
            self._progress(cohort, places)
        return cohort

    def _progress(self, cohort: Cohort, places: Sequence[Participation]) -> None:
        milestones = list(Milestone.objects.filter(region=self.region, cohort=cohort).order_by("due_on"))
        evidence: list[Evidence] = []
        updates: list[WeeklyUpdate] = []
        first, newest = monday_of(cohort.begins_on), monday_of(self.today)
        for place, one in enumerate(places):
            pace = 1.0 if place == 0 else self.rng.choice([1.0, 1.0, 1.0, 1.0, 0.95, 0.9, 0.8, 0.5])
            for goal in milestones:
                if goal.due_on > self.today + timedelta(days=10):
                    continue
                recent = goal.due_on > self.today - timedelta(days=20)
                if self.rng.random() > pace or (place == 0 and goal.due_on > self.today):
                    continue
                sent = at(min(goal.due_on - timedelta(days=self.rng.randint(-3, 6)), self.today), self.rng)
                people = self.members[one.startup_id]
                checked = not recent or self.rng.random() < 0.5
                evidence.append(
                    Evidence(
                        region=self.region,
                        milestone=goal,
                        participation=one,
                        note=f"{goal.title_id}: sudah kami kerjakan, buktinya di tautan.",
                        link=f"https://bukti.example/{one.pk}/{goal.pk}",
                        sent_by=people[0],
                        sent_at=sent,
                        accepted=True if checked else None,
                        remark="Bagus, lanjutkan." if checked else "",
                        checked_by=self.managers[0] if checked else None,
                        checked_at=min(sent + timedelta(days=2), clock.now()) if checked else None,
                    )
                )
            users, week = self.rng.randint(0, 12), first
            stops = newest - timedelta(weeks=self.rng.choice([0, 0, 0, 0, 1, 1, 3])) if place else newest
            while week <= stops:
                users += self.rng.randint(0, 9)
                skip = self.rng.random() < 0.08 and place
                if not skip and not (place == 0 and week == newest):
                    done, ahead, stuck = self.rng.choice(WEEKS)
                    written = min(at(week + timedelta(days=4), self.rng), clock.now())
                    updates.append(
                        WeeklyUpdate(
                            region=self.region,
                            participation=one,
                            client_id=uuid.UUID(int=self.rng.getrandbits(128)),
                            week=week,
                            talked_to=self.rng.randint(0, 9),
                            users=users,
                            revenue=self.rng.choice([0, 0, 150_000, 400_000, MILLION]),
                            done=done,
                            ahead=ahead,
                            stuck=stuck,
                            made_by=self.members[one.startup_id][0],
                            made_at=written,
                            changed_at=written,
                        )
                    )
                week += timedelta(days=7)
        Evidence.objects.bulk_create(evidence)
        WeeklyUpdate.objects.bulk_create(updates)
        founder = places[0].startup
        ContactRequest.objects.create(
            region=self.region,
            startup=founder,
            subject="customer",
            name="Kepala Dapur Hotel",
            organisation="Hotel di Klojen",
            reach="dapur@contoh.mbois.example",
            message="Kami ingin mencoba untuk pesanan harian. Bisa bertemu pekan ini?",
            sent_at=clock.now() - timedelta(days=1),
        )

    def _quarters(self, startups: Sequence[Startup], begins: date) -> None:
        """What alumni told each quarter; some stopped, some forget to write."""
        rows = []
        last = quarter_of(self.today - timedelta(days=80))
        for one in startups:
            team, users, revenue = self.rng.randint(2, 4), self.rng.randint(10, 80), self.rng.randint(2, 20)
            quarter, alive = quarter_of(begins + timedelta(days=170)), True
            while quarter <= last and alive:
                alive = self.rng.random() > 0.035
                growth = self.rng.uniform(0.95, 1.45)
                users, revenue = round(users * growth), max(1, round(revenue * growth))
                team = max(1, team + self.rng.choice([0, 0, 0, 1, 1, -1]))
                if not alive or self.rng.random() < 0.9:
                    rows.append(
                        QuarterFigures(
                            region=self.region,
                            startup=one,
                            quarter=quarter,
                            alive=alive,
                            team=team if alive else 0,
                            users=users if alive else 0,
                            revenue=revenue * MILLION if alive else 0,
                            funding=self.rng.choice([0, 0, 0, 0, 25, 100]) * MILLION if alive else 0,
                            recorded_by=one.made_by,
                            recorded_at=min(at(quarter + timedelta(days=100), self.rng), clock.now()),
                        )
                    )
                quarter = quarter_of(quarter + timedelta(days=95))
        QuarterFigures.objects.bulk_create(rows)

    def _demo_day(self, cohort: Cohort) -> None:
        begins = datetime.combine(cohort.ends_on - timedelta(days=5), time(9), tzinfo=clock.JAKARTA)
        day = save_demo_day(
            cohort,
            by=self.managers[0],
            title="Hari Demo Angkatan 3",
            about="Dua puluh startup, tiga menit masing-masing. Datang, coba, dan bicara dengan pendirinya.",
            begins=begins,
            ends=begins + timedelta(hours=6),
            place="Malang Creative Center, auditorium lantai 7",
            capacity=250,
        )
        publish_demo_day(day, by=self.managers[0])


def make_startups(seed: int, staff: dict[str, Staff]) -> None:
    """The startup programme of the city. Called once there are mentors."""
    if HOME in staff:
        Programme(random.Random(f"startups {seed}"), staff[HOME]).make()


def founders() -> list[Persona]:
    """The founder one can be."""
    person = Person.objects.filter(email=f"{FOUNDER}@contoh.mbois.example").first()
    member = (
        Member.objects.filter(person=person).select_related("startup", "region").first() if person else None
    )
    if person is None or member is None:
        return []
    return [
        Persona(
            person=person,
            role=str(_("Founder")),
            place=member.startup.name,
            group=str(_("Owners")),
            hint=str(_("in a startup cohort, half-way")),
        )
    ]
