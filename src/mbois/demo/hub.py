"""The creative centre of the demo city: eight floors, and a month and a half of bookings, set-based."""

import random
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from procrastinate.types import JSONDict

from mbois import clock
from mbois.demo.city import Staff, a_name
from mbois.demo.tasks import draw_space
from mbois.enterprises.models import Enterprise, Subsector
from mbois.hub.models import (
    Booking,
    Building,
    CalendarAddress,
    Closure,
    Equipment,
    EquipmentUse,
    Floor,
    OpeningHours,
    Series,
    Space,
    Unit,
    Use,
    UseRule,
    Waiting,
)
from mbois.hub.models.bookings import SIGNS
from mbois.hub.rules import DEFAULTS, fee_for
from mbois.hub.times import Span, Times, local
from mbois.people.demo import Persona
from mbois.people.models import Membership, Organisation, Person, Role
from mbois.places.numbers import format_number, take

REGION = "35.73"
BEFORE, AHEAD = 30, 16  # days
CHUNK = 1_000
BOOKER = "Wahyu Kurniawan"
FLOORS = {
    1: "Lobi dan galeri UMKM",
    2: "Pameran, siniar dan siaran",
    3: "Dapur kreatif dan ruang rapat",
    4: "Bengkel, ruang kerja, komputer",
    5: "Studio foto dan busana",
    6: "Perpustakaan",
    7: "Auditorium",
    8: "Atap terbuka",
}
# floor, name, people, facilities, at once, fee, buffer, kept, demand, about
SPACES: list[tuple[int, str, int, str, bool, int, int, int, float, str]] = [
    (1, "Galeri UMKM", 40, "wifi cool wheelchair", False, 60_000, 0, 42, 0.35,
     "Etalase di lobi untuk memperkenalkan produk beberapa hari."),
    (2, "Ruang Pamer", 300, "sound light wifi cool wheelchair", False, 350_000, 60, 58, 0.5,
     "Ruang luas tanpa tiang untuk pameran dan bazar."),
    (2, "Studio Siniar", 6, "microphone sound wifi cool", True, 50_000, 15, 58, 0.85,
     "Kedap suara, empat mikrofon, alat rekam siap pakai."),
    (2, "Studio Siaran", 12, "camera light microphone green wifi cool", False, 90_000, 30, 58, 0.6,
     "Kamera, lampu dan layar hijau untuk siaran langsung."),
    (3, "Dapur Kreatif", 16, "kitchen wifi cool", True, 75_000, 30, 70, 0.7,
     "Kompor, oven dan alat timbang untuk uji resep dan kelas kuliner."),
    (3, "Ruang Rapat Brantas", 12, "projector whiteboard wifi cool wheelchair", True, 40_000, 0, 58, 0.75,
     "Meja besar, proyektor, papan tulis."),
    (3, "Ruang Rapat Amprong", 20, "projector whiteboard wifi cool wheelchair", True, 50_000, 0, 58, 0.6,
     "Untuk kelas kecil dan rapat komunitas."),
    (4, "Bengkel Kriya", 20, "tools wifi", True, 40_000, 30, 80, 0.55,
     "Meja kerja dan perkakas untuk kayu, kulit dan keramik."),
    (4, "Ruang Kerja Bersama", 60, "wifi cool whiteboard wheelchair", True, 0, 0, 80, 0.5,
     "Meja panjang untuk kerja bersama, tenang dan terang."),
    (4, "Lab Komputer", 30, "computer projector wifi cool", True, 60_000, 15, 70, 0.65,
     "Tiga puluh komputer untuk kelas desain, animasi dan pemrograman."),
    (5, "Studio Foto", 10, "camera light green wifi cool", True, 60_000, 15, 58, 0.8,
     "Latar, lampu dan meja produk. Cocok untuk foto katalog."),
    (5, "Ruang Busana", 20, "sewing mirror wifi cool", True, 45_000, 15, 70, 0.6,
     "Mesin jahit, meja potong dan cermin."),
    (6, "Ruang Diskusi", 8, "whiteboard wifi cool wheelchair", True, 0, 0, 80, 0.6,
     "Ruang kecil di perpustakaan."),
    (6, "Ruang Baca", 40, "wifi cool wheelchair", True, 0, 15, 80, 0.3,
     "Untuk bedah buku dan kelas menulis."),
    (7, "Auditorium", 400, "stage sound light projector microphone cool wheelchair", False, 500_000, 60, 58, 0.45,
     "Panggung, tata suara dan empat ratus kursi."),
    (8, "Atap Terbuka", 150, "stage sound outside", False, 200_000, 60, 58, 0.35,
     "Panggung kecil di bawah langit, dengan pemandangan kota."),
]  # fmt: skip
EQUIPMENT = [
    ("Kamera mirrorless", 4, "Dengan lensa 24–70 mm dan dua baterai."),
    ("Tripod", 8, ""),
    ("Mikrofon nirkabel", 6, "Satu set dua pemancar."),
    ("Lampu studio", 6, "Dengan dudukan dan payung."),
    ("Proyektor jinjing", 3, ""),
    ("Drone", 1, "Hanya untuk yang terlatih."),
]
COMMUNITIES = [
    "Komunitas Siniar Malang", "Ngalam Sketsa", "Perajin Topeng Malangan", "Ibu Kreatif Klojen", "Malang Animasi",
    "Kelas Batik Celaket", "Pemuda Film Ngalam", "Forum Gim Malang", "Rumah Menulis", "Tari Topeng Muda",
    "Fotografi Kajoetangan", "Sahabat Kopi Malang", "Desain Ngalam", "Musik Jalanan Malang",
]  # fmt: skip
PURPOSES = {
    "Studio Siniar": ["Siniar cerita warga", "Rekaman episode baru", "Wawancara pelaku usaha"],
    "Studio Siaran": ["Siaran langsung jualan", "Rekaman kelas daring", "Gelar wicara"],
    "Dapur Kreatif": ["Kelas memasak", "Uji resep keripik", "Demo kue basah"],
    "Lab Komputer": ["Kelas desain kemasan", "Belajar animasi dasar", "Kelas pemrograman"],
    "Studio Foto": ["Foto katalog produk", "Foto menu", "Kelas foto produk"],
    "Ruang Busana": ["Kelas menjahit", "Uji pola", "Persiapan peragaan busana"],
    "Bengkel Kriya": ["Kelas ukir kayu", "Membuat topeng", "Kelas kulit"],
    "Auditorium": ["Seminar kewirausahaan", "Pentas tari", "Pemutaran film"],
    "Atap Terbuka": ["Musik sore", "Bazar malam", "Pemutaran film terbuka"],
    "Ruang Pamer": ["Pameran kriya", "Pameran seni rupa", "Bazar UMKM"],
    "Ruang Baca": ["Bedah buku", "Kelas menulis"],
    "Galeri UMKM": ["Etalase batik", "Etalase kopi", "Etalase kriya"],
}
OTHERS = ["Rapat komunitas", "Kelas pemasaran digital", "Temu bulanan", "Kerja bersama", "Belajar kelompok"]
SUBSECTORS = {
    "Studio Siniar": "broadcast", "Studio Siaran": "broadcast", "Dapur Kreatif": "culinary", "Lab Komputer": "apps",
    "Studio Foto": "photography", "Ruang Busana": "fashion", "Bengkel Kriya": "craft", "Auditorium": "performing",
    "Atap Terbuka": "music", "Ruang Pamer": "fine_art", "Ruang Baca": "publishing", "Galeri UMKM": "craft",
}  # fmt: skip


@dataclass
class Centre:
    """What is made first: the building, its spaces and who keeps and books them."""

    building: Building
    spaces: list[Space]
    demand: dict[int, float]
    keepers: list[Person]
    bookers: list[tuple[Person, str]]


def make_hub(seed: int, scale: float, staff: dict[str, Staff], enterprises: list[Enterprise]) -> None:
    """The creative centre of the city; the same for the same seed, whatever else the demo makes."""
    if REGION not in staff:
        return
    rng = random.Random(f"hub {seed}")
    centre = _centre(rng, enterprises)
    equipment = _store(centre.building)
    rows = _bookings(rng, centre, min(1.0, max(0.25, scale)))
    rows = Booking.objects.bulk_create(rows, CHUNK)
    _uses(rng, rows, equipment)
    _series(rng, centre, rows)
    _waiting(rng, centre, rows)
    _closed_since(centre)
    keeper = centre.keepers[0].pk
    jobs: list[JSONDict] = [
        {"region_id": REGION, "space_id": one.pk, "keeper_id": keeper} for one in centre.spaces
    ]
    draw_space.batch_defer(*jobs)


def _person(rng: random.Random, slug: str, since: datetime, name: str = "") -> Person:
    made = Person(
        name=name or a_name(rng, woman=rng.random() < 0.5),
        email=f"{slug}@contoh.mbois.example",
        is_invented=True,
        joined_at=since,
        claimed_at=since,
    )
    made.set_unusable_password()
    return made


def _centre(rng: random.Random, enterprises: list[Enterprise]) -> Centre:
    since = clock.now() - timedelta(days=900)
    keepers = [_person(rng, f"keeper.{number}.3573", since) for number in (1, 2)]
    leaders = [
        _person(rng, f"komunitas.{number}", since, BOOKER if number == 1 else "")
        for number in range(1, len(COMMUNITIES) + 1)
    ]
    Person.objects.bulk_create([*keepers, *leaders])
    office = Organisation.objects.create(
        region_id=REGION, name="Pengelola Malang Creative Center", kind="agency"
    )
    Membership.objects.bulk_create(
        Membership(
            person=one, role=Role.KEEPER, region_id=REGION, organisation=office, since=clock.local_date(since)
        )
        for one in keepers
    )
    CalendarAddress.objects.bulk_create(
        CalendarAddress(person=one, secret=f"{rng.getrandbits(140):035x}") for one in leaders
    )
    creative = [
        row for row in enterprises if row.region_id == REGION and row.subsector and row.state == "verified"
    ]
    rng.shuffle(creative)
    bookers = list(zip(leaders, COMMUNITIES, strict=True))
    bookers += [(row.owner.person, row.name) for row in creative[:70]]
    building = Building.objects.create(
        region_id=REGION,
        code=format_number("GK", REGION, take(REGION, "GK")[0]),
        name="Malang Creative Center",
        address="Jl. A. Yani 53, Malang",
        about="Delapan lantai untuk kerja kreatif, terbuka bagi semua. Belajar dan berkarya tidak dipungut biaya.",
        phone="+62341999053",
    )
    OpeningHours.objects.bulk_create(
        OpeningHours(
            region_id=REGION,
            building=building,
            weekday=day,
            opens=time(9) if day == 6 else time(8),
            closes=time(17) if day == 6 else time(21),
        )
        for day in range(7)
    )
    UseRule.objects.bulk_create(
        UseRule(region_id=REGION, building=building, use=use, **DEFAULTS[use]) for use in Use.values
    )
    floors = {
        row.level: row
        for row in Floor.objects.bulk_create(
            Floor(region_id=REGION, building=building, level=level, name=name)
            for level, name in FLOORS.items()
        )
    }
    numbers = take(REGION, "RK", len(SPACES))
    spaces = Space.objects.bulk_create(
        Space(
            region_id=REGION,
            floor=floors[level],
            code=format_number("RK", REGION, number),
            name=name,
            about=about,
            capacity=people,
            facilities=has.split(),
            is_instant=instant,
            fee_an_hour=fee,
            buffer_minutes=buffer,
            kept_percent=kept,
            door_secret=f"{rng.getrandbits(150):038x}",
        )
        for number, (level, name, people, has, instant, fee, buffer, kept, _demand, about) in zip(
            numbers, SPACES, strict=True
        )
    )
    demand = {space.pk: row[8] for space, row in zip(spaces, SPACES, strict=True)}
    return Centre(building, spaces, demand, keepers, bookers)


def _store(building: Building) -> list[tuple[Equipment, list[Unit]]]:
    kinds = Equipment.objects.bulk_create(
        Equipment(region_id=REGION, building=building, name=name, about=about)
        for name, _count, about in EQUIPMENT
    )
    units = Unit.objects.bulk_create(
        Unit(region_id=REGION, equipment=kind, number=number)
        for kind, (_name, count, _about) in zip(kinds, EQUIPMENT, strict=True)
        for number in range(1, count + 1)
    )
    return [(kind, [unit for unit in units if unit.equipment_id == kind.pk]) for kind in kinds]


def _code(rng: random.Random, letters: str = "BK") -> str:
    return f"{letters}-3573-{''.join(rng.choices(SIGNS, k=8))}"


def _bookings(rng: random.Random, centre: Centre, share: float) -> list[Booking]:
    today, now = clock.today(), clock.now()
    days = [today + timedelta(days=number) for number in range(-BEFORE, AHEAD + 1)]
    times = Times.of(centre.spaces, days[0], days[-1])
    rules = {use: UseRule(use=use, **values) for use, values in DEFAULTS.items()}
    rows: list[Booking] = []
    for day in days:
        thin = 1.0 if day <= today + timedelta(days=3) else max(0.25, 1 - (day - today).days / (AHEAD + 4))
        for space in centre.spaces:
            opening = times.open_on(space, day)
            if opening is None:
                continue
            at = opening.begins + timedelta(minutes=30 * rng.randint(0, 4))
            while at < opening.ends - timedelta(minutes=60):
                length = timedelta(minutes=rng.choice([60, 90, 120, 120, 120, 180, 240]))
                ends = min(at + length, opening.ends)
                if rng.random() < centre.demand[space.pk] * thin * share:
                    rows.append(_booking(rng, centre, space, Span(at, ends), rules, now))
                pause = space.buffer_minutes + 30 * rng.choice([0, 0, 1, 1, 2, 3])
                at = _half_hour(ends + timedelta(minutes=pause))
    return rows


def _half_hour(moment: datetime) -> datetime:
    over = moment.minute % 30
    return moment + timedelta(minutes=(30 - over) % 30)


def _booking(
    rng: random.Random, centre: Centre, space: Space, span: Span, rules: dict[str, UseRule], now: datetime
) -> Booking:
    person, group = rng.choice(centre.bookers[:14] if rng.random() < 0.35 else centre.bookers)
    use = rng.choices([Use.EMPOWERMENT, Use.GOVERNMENT, Use.COMMERCIAL], [74, 9, 17])[0]
    needs = rules[use].needs_approval or not space.is_instant
    people = max(1, round(space.capacity * rng.uniform(0.2, 0.95)))
    state, extra = _fate(rng, span, people, person, now, needs=needs)
    made = min(now - timedelta(minutes=5), span.begins) - timedelta(
        days=rng.randint(0, 12), hours=rng.randint(0, 9), minutes=rng.randint(1, 50)
    )
    if needs and state not in {"requested", "cancelled"}:
        extra |= {
            "decided_by": rng.choice(centre.keepers),
            "decided_at": made + timedelta(hours=rng.randint(1, 5)),
        }
    subsector = SUBSECTORS.get(space.name) if rng.random() < 0.7 else rng.choice(Subsector.values)
    return Booking(
        region_id=REGION,
        code=_code(rng),
        space=space,
        booked_by=person,
        during=(span.begins, span.ends),
        title=rng.choice(PURPOSES.get(space.name, OTHERS)),
        group=group,
        use=use,
        subsector=subsector or "",
        people=people,
        fee=fee_for(space, rules[use], span.minutes),
        state=state,
        made_at=made,
        **extra,
    )


def _fate(
    rng: random.Random, span: Span, people: int, person: Person, now: datetime, *, needs: bool
) -> tuple[str, dict[str, Any]]:
    """What became of it."""
    chance = rng.random()
    if chance < 0.05:
        when = min(now, span.begins) - timedelta(hours=rng.randint(3, 40))
        return "cancelled", {"decided_by": person, "decided_at": when}
    if span.begins > now - timedelta(minutes=10):
        return ("requested" if needs and chance < 0.4 else "confirmed"), {}
    if chance < 0.11:
        return "no_show", {}
    came = span.begins + timedelta(minutes=rng.randint(-12, 14))
    extra: dict[str, Any] = {"checked_in_at": min(came, now), "checked_in_by": person}
    if span.ends <= now:
        extra |= {"beneficiaries": max(1, round(people * rng.uniform(0.6, 1.15))), "ended_at": span.ends}
    return "here", extra


def _uses(rng: random.Random, rows: list[Booking], store: list[tuple[Equipment, list[Unit]]]) -> None:
    """Every sixth booking takes something along, where a piece is free."""
    busy: dict[int, list[tuple[datetime, datetime]]] = {}
    now = clock.now()
    made = []
    for row in sorted(rows, key=lambda one: one.during[0]):
        if row.state in {"cancelled", "no_show"} or rng.random() > 0.16:
            continue
        begins, ends = row.during
        _kind, units = rng.choice(store)
        for unit in units:
            if all(e <= begins or b >= ends for b, e in busy.setdefault(unit.pk, [])):
                busy[unit.pk].append((begins, ends))
                state = "back" if ends <= now else "out" if row.state == "here" else "held"
                made.append(
                    EquipmentUse(region_id=REGION, booking=row, unit=unit, during=row.during, state=state)
                )
                break
    EquipmentUse.objects.bulk_create(made, CHUNK)


def _series(rng: random.Random, centre: Centre, rows: list[Booking]) -> None:
    """The community leader one can be: a class every Thursday, where the room is free."""
    today = clock.today()
    first = today + timedelta(days=(3 - today.weekday()) % 7 or 7)
    space = next(one for one in centre.spaces if one.name == "Ruang Diskusi")
    days = [first + timedelta(weeks=number) for number in range(6)]
    times = Times.of(centre.spaces, days[0], days[-1])
    leader, group = centre.bookers[0]
    series = Series.objects.create(
        region_id=REGION, code=_code(rng, "BR"), space=space, booked_by=leader, title="Kelas naskah siniar",
        every_weeks=1, first_on=days[0], last_on=days[-1], begins=time(18, 30), ends=time(20, 30),
    )  # fmt: skip
    taken = [
        row.during
        for row in rows
        if row.space_id == space.pk and row.state in {"requested", "confirmed", "here"}
    ]
    made = []
    for day in days:
        span = Span(local(day, time(18, 30)), local(day, time(20, 30)))
        clash = any(begins < span.ends and span.begins < ends for begins, ends in taken)
        if times.why_closed(space, span) or clash:
            continue
        made.append(
            Booking(
                region_id=REGION, code=_code(rng), space=space, series=series, booked_by=leader,
                during=(span.begins, span.ends), title=series.title, group=group, subsector="broadcast", people=7,
                made_at=clock.now() - timedelta(days=1),
            )
        )  # fmt: skip
    Booking.objects.bulk_create(made)


def _waiting(rng: random.Random, centre: Centre, rows: list[Booking]) -> None:
    """Some wait for hours that others have."""
    now = clock.now()
    wanted = [row for row in rows if row.state == "confirmed" and row.during[0] > now + timedelta(hours=3)]
    made = []
    for row in rng.sample(wanted, min(9, len(wanted))):
        person, group = rng.choice(centre.bookers)
        if person.pk == row.booked_by_id:
            continue
        made.append(
            Waiting(
                region_id=REGION, space=row.space, booked_by=person, during=row.during, title=row.title, group=group,
                use=Use.EMPOWERMENT, subsector=row.subsector, people=min(6, row.space.capacity),
                made_at=now - timedelta(hours=rng.randint(1, 40)),
            )
        )  # fmt: skip
    Waiting.objects.bulk_create(made)


def _closed_since(centre: Centre) -> None:
    """A morning on which the power of the studio is mended, declared after somebody booked it."""
    from mbois.hub.actions.keeping import flag_closed

    day = clock.today() + timedelta(days=3)
    space = next(one for one in centre.spaces if one.name == "Studio Foto")
    Closure.objects.create(
        region_id=REGION,
        building=centre.building,
        space=space,
        during=(local(day, time(8)), local(day, time(21))),
        reason="Perbaikan listrik studio",
        made_by=centre.keepers[0],
    )
    flag_closed(REGION)


def bookers() -> list[Persona]:
    """The community leader one can be."""
    found = Person.objects.filter(email="komunitas.1@contoh.mbois.example").first()
    if found is None:
        return []
    return [
        Persona(
            person=found,
            role=str(_("Community leader")),
            place=COMMUNITIES[0],
            group=str(_("Creative centre")),
            hint=str(_("books spaces of the creative centre")),
        )
    ]
