"""Calls of the demo city's startup programme: teams, their applications, and what reviewers gave."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from mbois import clock
from mbois.demo.city import Staff, a_name, at
from mbois.demo.startup_words import (
    ANSWERS,
    CRITERIA,
    IDEAS,
    LETTERS,
    NOTES,
    QUESTIONS,
    REASONS,
    SURNAMES,
)
from mbois.people.models import Membership, Organisation, Person, Role
from mbois.places.numbers import format_number, take
from mbois.startups.judging import standings
from mbois.startups.models import (
    Application,
    Assignment,
    Call,
    Conflict,
    Criterion,
    Decision,
    Member,
    Phase,
    Question,
    Review,
    Startup,
    State,
)

COHORT, IN_REVIEW, WRITING = 20, 34, 9
FOUNDER = "pendiri"


@dataclass
class Calls:
    """The calls of one region's startup programme, and who takes part."""

    rng: random.Random
    home: Staff
    used: int = COHORT
    members: dict[int, list[Person]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.region, self.today = self.home.region, clock.today()

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
