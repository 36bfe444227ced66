"""A year of activities in the demo city, with who came, and Festival Mbois ahead; in few statements."""

import random
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.agenda.actions.activities import search_of
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
    Series,
    Stage,
    Standing,
    State,
    Ticket,
)
from mbois.agenda.tasks import draw_share_picture
from mbois.demo.agenda_words import (
    ACTIVITIES,
    COMMUNITIES,
    FESTIVAL_PARTS,
    PLACES,
    QUESTION,
    REASONS,
    RETURNED,
    STAGES,
    STORIES,
    VOICES,
)
from mbois.demo.city import CHUNK, YEARS, Staff, a_name, at
from mbois.demo.history import without
from mbois.people.demo import Persona
from mbois.people.models import Membership, Organisation, Person, Role
from mbois.places.models import Area
from mbois.places.numbers import format_number, take

ACTIVITIES_A_YEAR = 400
SHARE = {"35.73": 0.6, "35.07": 0.25, "35.79": 0.15}
PARTICIPANT = "peserta@contoh.mbois.example"
DOOR = "pintu@contoh.mbois.example"


_ATTENDANCES = """
INSERT INTO agenda_attendance (region_id, ticket_id, activity_id, scan_id, at, reason)
SELECT DISTINCT ON (ticket_id, activity_id) region_id, ticket_id, activity_id, id, scanned_at, ''
  FROM agenda_scan WHERE region_id = %s AND ticket_id IS NOT NULL AND problem = ''
 ORDER BY ticket_id, activity_id, scanned_at, id
"""


@dataclass
class Crowd:
    """Who came to one activity, before it is written."""

    activity: Activity
    seats: Seats
    registrations: list[Registration] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)


@dataclass
class Agenda:
    """The activities of one region."""

    rng: random.Random
    home: Staff
    scale: float
    activities: list[Activity] = field(default_factory=list)
    crowds: list[Crowd] = field(default_factory=list)

    def make(self) -> None:
        self.region = self.home.region
        self.today = clock.today()
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

    def _person(self, name: str, mail: str) -> Person:
        made = Person(
            name=name,
            email=mail,
            is_invented=True,
            joined_at=at(self.today - timedelta(days=365 * YEARS), self.rng),
        )
        made.set_unusable_password()
        return made

    def _people(self) -> None:
        rng, region = self.rng, self.region
        since = self.today - timedelta(days=365 * YEARS)
        count = max(3, round(len(COMMUNITIES) * (1 if region.pk == "35.73" else 0.4)))
        names = rng.sample(COMMUNITIES, count)
        if "Komunitas Batik Celaket" not in names and region.pk == "35.73":
            names[0] = "Komunitas Batik Celaket"
        self.houses = Organisation.objects.bulk_create(
            Organisation(region=region, name=f"{name} ({region.name})", kind=Organisation.Kind.COMMUNITY)
            for name in names
        )
        self.hosts = names
        mails = [f"organiser.{place + 1}.{region.digits}@contoh.mbois.example" for place in range(count)]
        people = [self._person(a_name(rng, woman=rng.random() < 0.6), mail) for mail in mails]
        curators = [
            self._person(
                a_name(rng, woman=rng.random() < 0.5),
                f"curator.{place + 1}.{region.digits}@contoh.mbois.example",
            )
            for place in range(2)
        ]
        guests = []
        if region.pk == "35.73":
            guests = [self._person("Rini Astuti", PARTICIPANT), self._person("Bayu Saputra", DOOR)]
        Person.objects.bulk_create([*people, *curators, *guests])
        self.organisers, self.curators, self.guests = people, curators, guests
        agency = Organisation.objects.filter(region=region, kind=Organisation.Kind.AGENCY).order_by("pk")[0]
        rows = [
            Membership(person=one, role=Role.ORGANISER, region=region, organisation=house, since=since)
            for one, house in zip(people, self.houses, strict=True)
        ]
        rows += [
            Membership(person=one, role=Role.CURATOR, region=region, organisation=agency, since=since)
            for one in curators
        ]
        if guests:
            rows.append(
                Membership(
                    person=guests[1],
                    role=Role.ORGANISER,
                    region=region,
                    organisation=self.houses[0],
                    since=since,
                )
            )
        Membership.objects.bulk_create(rows)
        self.districts = list(Area.objects.filter(region=region, level=Area.Level.DISTRICT).order_by("code"))

    # What takes place

    def _code(self) -> str:
        letters = "".join(self.rng.choice(SIGNS) for _one in range(6))
        return f"G-{self.region.digits}-{letters}"

    def _activity(self, begins: datetime, hours: float, title: str, summary: str, **some: object) -> Activity:
        rng = self.rng
        place = rng.randrange(len(self.hosts))
        where, address, latitude, longitude = rng.choice(PLACES[self.region.pk])
        past = begins < clock.now()
        proposed = begins - timedelta(days=rng.randint(14, 40))
        told: dict[str, object] = {
            "region": self.region,
            "code": self._code(),
            "organisation": self.houses[place],
            "host": self.hosts[place],
            "proposed_by": self.organisers[place],
            "title": title,
            "summary": summary,
            "about": f"{summary} Terbuka untuk umum, gratis. Datang lima belas menit lebih awal.",
            "begins_at": begins,
            "ends_at": begins + timedelta(hours=hours),
            "place": where,
            "address": address,
            "latitude": latitude,
            "longitude": longitude,
            "state": State.PUBLISHED,
            "made_at": proposed - timedelta(days=1),
            "proposed_at": proposed,
            "reviewed_by": rng.choice(self.curators),
            "reviewed_at": proposed + timedelta(days=1),
            "published_at": proposed + timedelta(days=1),
            "certificate_from": 100 if rng.random() < 0.35 else None,
            "entry": Entry.FREE if rng.random() < 0.12 else Entry.REGISTER,
        }
        if past and rng.random() < 0.03:
            told |= {
                "state": State.CANCELLED,
                "cancelled_at": begins - timedelta(days=1),
                "cancel_reason": rng.choice(REASONS),
            }
        made = Activity(**(told | some))
        made.search = search_of(made)
        self.activities.append(made)
        return made

    def _hour(self, day: date, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute), tzinfo=clock.JAKARTA)

    def _year(self) -> None:
        rng = self.rng
        count = max(12, round(ACTIVITIES_A_YEAR * SHARE[self.region.pk] * self.scale))
        kinds = list(ACTIVITIES)
        for number in range(count):
            day = self.today + timedelta(days=round(-365 + 410 * number / count))
            subsector = rng.choice(kinds)
            title, summary = rng.choice(ACTIVITIES[subsector])
            begins = self._hour(day, rng.choice([8, 9, 9, 10, 13, 15, 16, 18]))
            self._activity(begins, rng.choice([2, 2.5, 3, 4]), title, summary, subsector=subsector)
        # what is still on its way to the public
        for state, several in (
            (State.PROPOSED, 4),
            (State.RETURNED, 2),
            (State.DRAFT, 2),
            (State.REJECTED, 1),
        ):
            for _one in range(several):
                subsector = rng.choice(kinds)
                title, summary = rng.choice(ACTIVITIES[subsector])
                begins = self._hour(self.today + timedelta(days=rng.randint(12, 50)), 9)
                handed_in = clock.now() - timedelta(hours=rng.randint(2, 90))
                decided = state in (State.RETURNED, State.REJECTED)
                self._activity(
                    begins,
                    3,
                    title,
                    summary,
                    subsector=subsector,
                    state=state,
                    published_at=None,
                    entry=Entry.REGISTER,
                    made_at=handed_in,
                    proposed_at=None if state == State.DRAFT else handed_in,
                    reviewed_by=self.curators[0] if decided else None,
                    reviewed_at=clock.now() if decided else None,
                    review_note=rng.choice(RETURNED) if decided else "",
                )

    def _workshop(self) -> None:
        """A community that runs a workshop every Saturday."""
        first = self.today - timedelta(days=(self.today.weekday() - 5) % 7 + 7 * 9)
        made_by = self.organisers[0]
        series = Series.objects.create(
            region=self.region,
            title="Membatik Sabtu",
            made_by=made_by,
            made_at=self._hour(first - timedelta(days=21), 10),
        )
        for week in range(16):
            self._activity(
                self._hour(first + timedelta(weeks=week), 9),
                3,
                "Membatik Sabtu",
                "Setiap Sabtu pagi, satu selendang, dari canting sampai jadi.",
                subsector="craft",
                series=series,
                place="Balai RW Kampung Kajoetangan",
                address="Jl. Basuki Rahmat Gg. 4, Klojen",
                latitude=-7.9793,
                longitude=112.63,
                proposed_by=made_by,
                organisation=self.houses[0],
                host=self.hosts[0],
                certificate_from=None,
                entry=Entry.REGISTER,
                state=State.PUBLISHED,
                cancelled_at=None,
                cancel_reason="",
            )

    def _festival(self) -> None:
        """Festival Mbois: four days, five stages, parts by many organisers."""
        begin = self.today + timedelta(days=12)
        begin += timedelta(days=(3 - begin.weekday()) % 7)  # Thursday to Sunday
        self.festival = self._activity(
            self._hour(begin, 9),
            24 * 3 + 13,
            "Festival Mbois",
            "Empat hari kota kreatif: panggung, pasar kriya, bengkel, dan bincang oleh puluhan komunitas.",
            kind=Kind.FESTIVAL,
            place="Malang Creative Center",
            address="Jl. A. Yani 53, Blimbing",
            latitude=-7.9467,
            longitude=112.6413,
            host="Pemerintah Kota dan komunitas kreatif",
            takes_parts=True,
            entry=Entry.REGISTER,
            certificate_from=None,
            most_places=8,
            proposed_by=self.organisers[1],
            organisation=self.houses[1],
            state=State.PUBLISHED,
            cancelled_at=None,
            cancel_reason="",
        )
        self.festival_at = len(self.activities) - 1

    def _parts(self) -> list[Activity]:
        """The parts, once the festival is written."""
        rng, begin = self.rng, clock.local_date(self.festival.begins_at)
        Stage.objects.bulk_create(
            Stage(region=self.region, festival=self.festival, name=name, note=note, position=place + 1)
            for place, (name, note) in enumerate(STAGES)
        )
        start = len(self.activities)
        for day in range(4):
            for place, (stage, _note) in enumerate(STAGES):
                for number, hour in enumerate((9, 11, 13, 15, 17, 19) if place else (10, 13, 16, 19)):
                    if rng.random() < 0.22 and place:
                        continue
                    name, subsector = FESTIVAL_PARTS[(day * 7 + place * 5 + number) % len(FESTIVAL_PARTS)]
                    own = place == 2
                    self._activity(
                        self._hour(begin + timedelta(days=day), hour),
                        1.5,
                        name,
                        f"{name}, bagian dari Festival Mbois.",
                        subsector=subsector,
                        parent=self.festival,
                        stage=stage,
                        place="Malang Creative Center",
                        address="Jl. A. Yani 53, Blimbing",
                        latitude=None,
                        longitude=None,
                        entry=Entry.REGISTER if own else Entry.WHOLE,
                        certificate_from=None,
                        state=State.PUBLISHED,
                        cancelled_at=None,
                        cancel_reason="",
                    )
        return self.activities[start:]

    def _today(self) -> None:
        """Something that takes place now, with a door open."""
        begins = clock.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
        self.now = self._activity(
            begins,
            8,
            "Pasar kriya dan panggung sore",
            "Tiga puluh lapak dan lima penampil di halaman MCC.",
            subsector="craft",
            entry=Entry.REGISTER,
            certificate_from=None,
            proposed_by=self.organisers[0],
            organisation=self.houses[0],
            host=self.hosts[0],
            state=State.PUBLISHED,
            cancelled_at=None,
            cancel_reason="",
        )

    def _write(self) -> None:
        for one in self.activities:
            one.district = self.rng.choice(self.districts) if one.parent is None else None
        Activity.objects.bulk_create(self.activities, CHUNK)
        if self.region.pk == "35.73":
            Activity.objects.bulk_create(self._parts(), CHUNK)

    # Who comes

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
