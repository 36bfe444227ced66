"""Startups of the demo city, set-based: a cohort half-way, a call in review, one that is open, alumni."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.demo.city import MILLION, Staff, at
from mbois.demo.startup_calls import COHORT, FOUNDER, Calls
from mbois.demo.startup_words import (
    WEEKS,
)
from mbois.demo.tasks import draw_startup
from mbois.people.demo import Persona
from mbois.people.models import Person
from mbois.places.numbers import format_number, take
from mbois.startups.actions.cohorts import fill_curriculum, publish_demo_day, save_demo_day
from mbois.startups.models import (
    Call,
    Cohort,
    ContactRequest,
    Evidence,
    Lesson,
    Material,
    Member,
    MentorPlace,
    Milestone,
    Participation,
    QuarterFigures,
    Startup,
    WeeklyUpdate,
    monday_of,
    quarter_of,
)

HOME = "35.73"
ALUMNI = (14, 16)


@dataclass
class Programme(Calls):
    """The startup programme of one region."""

    def make(self) -> None:
        """Everything: people, earlier cohorts, the one that runs, a call in review, an open one."""
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
