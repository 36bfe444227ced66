"""What takes place in the demo city: organisers and curators, a year of activities, the festival."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from mbois import clock
from mbois.agenda.actions.proposing import search_of
from mbois.agenda.codes import SIGNS
from mbois.agenda.models import (
    Activity,
    Entry,
    Kind,
    Registration,
    Seats,
    Series,
    Stage,
    State,
    Ticket,
)
from mbois.demo.agenda_words import (
    ACTIVITIES,
    COMMUNITIES,
    FESTIVAL_PARTS,
    PLACES,
    REASONS,
    RETURNED,
    STAGES,
)
from mbois.demo.city import CHUNK, YEARS, Staff, a_name, at
from mbois.people.models import Membership, Organisation, Person, Role
from mbois.places.models import Area

ACTIVITIES_A_YEAR = 400
SHARE = {"35.73": 0.6, "35.07": 0.25, "35.79": 0.15}
PARTICIPANT = "peserta@contoh.mbois.example"
DOOR = "pintu@contoh.mbois.example"


@dataclass
class Crowd:
    """Who came to one activity, before it is written."""

    activity: Activity
    seats: Seats
    registrations: list[Registration] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)


@dataclass
class Calendar:
    """Whatever is announced in one region."""

    rng: random.Random
    home: Staff
    scale: float
    activities: list[Activity] = field(default_factory=list)
    crowds: list[Crowd] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.region, self.today = self.home.region, clock.today()

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
