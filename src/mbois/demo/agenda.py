"""A year of activities in the demo city, with who came, and Festival Mbois ahead; in few statements."""

import random
import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.agenda.codes import SIGNS
from mbois.agenda.models import (
    Activity,
    Certificate,
    Door,
    Entry,
    Feedback,
    GroupRule,
    Kind,
    Outcome,
    Question,
    Registration,
    Scan,
    Seats,
    Standing,
    State,
    Ticket,
)
from mbois.agenda.tasks import draw_share_picture
from mbois.demo.agenda_programme import DOOR, PARTICIPANT, Calendar, Crowd
from mbois.demo.agenda_words import (
    QUESTION,
    STORIES,
    VOICES,
)
from mbois.demo.city import CHUNK, Staff, a_name
from mbois.demo.history import without
from mbois.people.demo import Persona
from mbois.people.models import Person
from mbois.places.numbers import format_number, take

_ATTENDANCES = """
INSERT INTO agenda_attendance (region_id, ticket_id, activity_id, scan_id, at, reason)
SELECT DISTINCT ON (ticket_id, activity_id) region_id, ticket_id, activity_id, id, counted_at, ''
  FROM agenda_scan WHERE region_id = %s AND ticket_id IS NOT NULL AND problem = ''
 ORDER BY ticket_id, activity_id, counted_at, id
"""


@dataclass
class Agenda(Calendar):
    """The activities of one region."""

    def make(self) -> None:
        self._people()
        self._year()
        if self.region.pk == "35.73":
            self._workshop()
            self._festival()
            self._today()
        self._write()
        self._crowds()
        with connection.cursor() as cursor:  # so that what checks the scans finds its way by an index
            cursor.execute("ANALYZE agenda_activity, agenda_registration, agenda_ticket")
        self._afterwards()

    # Who organises

    def _crowds(self) -> None:
        rng, now = self.rng, clock.now()
        seats: list[Seats] = []
        for one in self.activities:
            quota = rng.choice([12, 15, 20, 20, 25, 30, 40]) if one.entry == Entry.REGISTER else None
            if one.kind == Kind.FESTIVAL:
                quota = 5_000
            rule = GroupRule.PASS if rng.random() < 0.3 else GroupRule.WAIT
            row = Seats(region=self.region, activity=one, quota=quota, group_rule=rule)
            row.is_open = one.state != State.CANCELLED
            seats.append(row)
            if one.entry != Entry.REGISTER or one.published_at is None:
                continue
            crowd = Crowd(one, row)
            past = one.ends_at < now
            wanted = rng.uniform(0.55, 1.2) if past else rng.uniform(0.1, 0.9)
            if one.kind == Kind.FESTIVAL:
                wanted = 0.05
            self._register(crowd, round((quota or 20) * wanted))
            self.crowds.append(crowd)
        self._special()
        for row in seats:  # the database counts them from the registrations
            row.taken = row.waiting = 0
        Seats.objects.bulk_create(seats, CHUNK)
        registrations = [row for crowd in self.crowds for row in crowd.registrations]
        Registration.objects.bulk_create(registrations, CHUNK)
        Ticket.objects.bulk_create([row for crowd in self.crowds for row in crowd.tickets], CHUNK)
        Question.objects.bulk_create(
            Question(
                region=self.region,
                activity=one,
                text=QUESTION[0],
                kind=Question.Kind.CHOICE,
                options=QUESTION[1],
            )
            for one in self.activities
            if one.begins_at > now and one.entry == Entry.REGISTER and rng.random() < 0.4
        )

    def _register(
        self, crowd: Crowd, places: int, *, rows: list[tuple[str, str, int, Person | None]] | None = None
    ) -> None:
        rng, one, seats = self.rng, crowd.activity, crowd.seats
        asked = 0
        opened = one.published_at or one.made_at
        span = max(1.0, (min(one.begins_at, clock.now()) - opened).total_seconds())
        while rows or asked < places:
            number = seats.last + 1
            name = a_name(rng, woman=rng.random() < 0.6)
            mail, count, person = f"hadirin{one.code[-6:].lower()}{number}@contoh.mbois.example", 1, None
            count = rng.choices([1, 2, 3, 4], [62, 24, 9, 5])[0]
            if rows:
                name, mail, count, person = rows.pop(0)
            when = opened + timedelta(seconds=span * min(0.98, number / (places + 3)))
            fits = seats.quota is None or (seats.taken + count <= seats.quota and not seats.waiting)
            cancelled = one.state == State.CANCELLED
            row = Registration(
                region=self.region,
                activity=one,
                number=number,
                person=person,
                name=name,
                email=mail,
                places=0 if cancelled else count,
                asked=count,
                answers={"1": {"q": QUESTION[0], "a": rng.choice(QUESTION[1])}},
                state=Standing.CANCELLED if cancelled else (Standing.CONFIRMED if fits else Standing.WAITING),
                first_position=0 if fits else seats.waiting + 1,
                secret=f"{rng.getrandbits(110):022x}"[:22],
                made_at=when,
                consented_at=when,
                confirmed_at=when if fits else None,
                ended_at=one.cancelled_at if cancelled else None,
                end_reason=one.cancel_reason if cancelled else "",
            )
            seats.last = number
            asked += count
            if cancelled:
                crowd.registrations.append(row)
                continue
            if fits:
                seats.taken += count
                crowd.tickets += [
                    Ticket(
                        region=self.region,
                        registration=row,
                        activity=one,
                        number=place + 1,
                        code="".join(rng.choice(SIGNS) for _n in range(10)),
                        name=name if place == 0 else "",
                        made_at=when,
                    )
                    for place in range(count)
                ]
            else:
                seats.waiting += 1
            seats.last_sold = fits
            crowd.registrations.append(row)
            if seats.waiting > 6:
                break

    def _special(self) -> None:
        """The participant one can be in the demo: a ticket for today and for the festival."""
        if not self.guests:
            return
        rini = self.guests[0]
        for crowd in self.crowds:
            if crowd.activity in (self.now, self.festival):
                crowd.seats.quota = max(crowd.seats.quota or 0, crowd.seats.taken + 10)
                crowd.seats.waiting = 0
                crowd.registrations = [row for row in crowd.registrations if row.state == Standing.CONFIRMED]
                self._register(crowd, 0, rows=[(rini.name, PARTICIPANT, 3, rini)])

    # What came of it

    def _afterwards(self) -> None:
        rng, now = self.rng, clock.now()
        begun = [crowd for crowd in self.crowds if crowd.activity.begins_at < now and crowd.tickets]
        doors = {
            crowd.activity.pk: Door(
                region=self.region,
                activity=crowd.activity,
                name="Pintu utama",
                secret=f"{rng.getrandbits(110):022x}"[:22],
                made_by=crowd.activity.proposed_by,
                made_at=crowd.activity.begins_at - timedelta(hours=2),
                closed_at=crowd.activity.ends_at if crowd.activity.ends_at < now else None,
            )
            for crowd in begun
        }
        Door.objects.bulk_create(doors.values(), CHUNK)
        scans: list[Scan] = []
        came: dict[int, list[Ticket]] = defaultdict(list)
        for crowd in begun:
            one, door = crowd.activity, doors[crowd.activity.pk]
            phones = [uuid.UUID(int=rng.getrandbits(128), version=4) for _n in range(2)]
            over = one.ends_at < now
            for ticket in crowd.tickets:
                if rng.random() > (0.78 if over else 0.3):
                    continue
                came[one.pk].append(ticket)
                times = 2 if rng.random() < 0.02 else 1
                for _n in range(times):
                    when = one.begins_at + timedelta(minutes=rng.randint(-25, 35 if over else 20))
                    scans.append(self._scan(door, one, phones, min(when, now), ticket.code, ticket))
            for _n in range(rng.choice([0, 0, 1, 2, 4])):
                when = one.begins_at + timedelta(minutes=rng.randint(0, 30))
                scans.append(self._scan(door, one, phones, min(when, now), "", None))
        # the attendances in one statement instead of one a scan
        with without("agenda.Scan:scan_makes_attendance"):
            Scan.objects.bulk_create(scans, CHUNK)
            with connection.cursor() as cursor:
                cursor.execute(_ATTENDANCES, [self.region.pk])
        self._told(begun, came)
        jobs = [
            {"region": self.region.pk, "activity_id": one.pk}
            for one in self.activities
            if one.state == State.PUBLISHED and one.parent is None and one.begins_at > now
        ]
        draw_share_picture.batch_defer(*jobs)  # type: ignore[arg-type]

    def _scan(
        self,
        door: Door,
        part: Activity,
        phones: list[uuid.UUID],
        when: datetime,
        text: str,
        ticket: Ticket | None,
    ) -> Scan:
        return Scan(
            region=self.region,
            door=door,
            activity=part,
            client_id=uuid.UUID(int=self.rng.getrandbits(128), version=4),
            phone=self.rng.choice(phones),
            scanned_at=when,
            received_at=when,
            counted_at=when,
            text=text,
            ticket=ticket,
        )

    def _told(self, begun: list[Crowd], came: dict[int, list[Ticket]]) -> None:
        """Feedback, outcomes and certificates of what is over."""
        rng, now = self.rng, clock.now()
        voices, outcomes, given = [], [], []
        for crowd in begun:
            one = crowd.activity
            if one.ends_at > now or one.state == State.CANCELLED:
                continue
            there = {ticket.registration_id: ticket.registration for ticket in came[one.pk]}
            for registration in there.values():
                if rng.random() < 0.3:
                    voices.append(
                        Feedback(
                            region=self.region,
                            registration=registration,
                            activity=one,
                            stars=rng.choices([5, 4, 3, 2], [52, 33, 11, 4])[0],
                            words=rng.choice(VOICES),
                            made_at=min(now, one.ends_at + timedelta(hours=rng.randint(1, 40))),
                        )
                    )
            if rng.random() < 0.7:
                outcomes.append(
                    Outcome(
                        region=self.region,
                        activity=one,
                        visitors=rng.choice([0, 0, 4, 9, 15]),
                        women=round(len(came[one.pk]) * rng.uniform(0.4, 0.75)),
                        businesses=rng.randint(0, 6),
                        story=rng.choice(STORIES),
                        reported_by=one.proposed_by,
                        reported_at=min(now, one.ends_at + timedelta(days=1)),
                    )
                )
            if one.certificate_from:
                given += [(one, ticket) for ticket in came[one.pk] if ticket.name]
        Feedback.objects.bulk_create(voices, CHUNK)
        Outcome.objects.bulk_create(outcomes, CHUNK)
        by_year: dict[int, list[tuple[Activity, Ticket]]] = defaultdict(list)
        for one, ticket in given:
            by_year[clock.local_date(one.ends_at).year].append((one, ticket))
        for year, rows in sorted(by_year.items()):
            numbers = take(self.region.pk, f"S-{year}", len(rows))
            Certificate.objects.bulk_create(
                [
                    Certificate(
                        region=self.region,
                        number=format_number("S", self.region.pk, number, year=year),
                        code=uuid.UUID(int=rng.getrandbits(128), version=4),
                        activity=one,
                        ticket=ticket,
                        name=ticket.name,
                        title=one.title,
                        sessions=1,
                        attended=1,
                        issued_at=min(now, one.ends_at + timedelta(days=1)),
                        issued_by=one.proposed_by,
                    )
                    for number, (one, ticket) in zip(numbers, rows, strict=True)
                ],
                CHUNK,
            )


def make_agenda(seed: int, scale: float, staff: dict[str, Staff]) -> None:
    """A year of activities in every region, the same for the same seed."""
    for region, home in staff.items():
        Agenda(random.Random(f"agenda {seed} {region}"), home, scale).make()


def guests() -> list[Persona]:
    """A participant, and a volunteer at the door."""
    people = {str(one.email): one for one in Person.objects.filter(email__in=[PARTICIPANT, DOOR])}
    told = [
        (PARTICIPANT, _("Participant"), _("has tickets for today and for Festival Mbois")),
        (DOOR, _("Volunteer at the door"), _("today's activity has a door open")),
    ]
    return [
        Persona(
            person=people[mail],
            role=str(role),
            place="Kota Malang",
            group=str(_("Activities")),
            hint=str(hint),
        )
        for mail, role, hint in told
        if mail in people
    ]
