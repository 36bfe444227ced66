"""Organisations, people and enterprises of the demo city, made in few statements."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from mbois import clock
from mbois.demo.pictures import drawn_signature
from mbois.demo.words import FANCY, LAST, MEN, RETURNED, STREETS, TRADES, WOMEN
from mbois.enterprises.models import Enterprise, Kbli, KbliWord, Licence, Owner, Review, State
from mbois.people import identity
from mbois.people.models import (
    Consent,
    ConsentText,
    Document,
    Membership,
    Organisation,
    Person,
    Purpose,
    Role,
)
from mbois.places.models import Area, Region
from mbois.places.numbers import format_number, take

CHUNK = 1_000
YEARS = 2
MILLION = 1_000_000
# Share of the enterprises: the city has the most a village.
WEIGHT = {"35.73": 4.0, "35.79": 2.0, "35.07": 1.0}
OFFICES = [
    (Role.AGENCY_OFFICER, "agency", "Dinas Koperasi dan UMKM"),
    (Role.FIELD_OFFICER, "bank", "BPR Pelaksana OJIR"),
    (Role.ASSESSOR, "baznas", "Baznas"),
    (Role.APPROVER, "bank", "BPR Pelaksana OJIR"),
    (Role.TELLER, "bank", "BPR Pelaksana OJIR"),
    (Role.AUDITOR, "agency", "Inspektorat"),
    (Role.REGION_ADMIN, "agency", "Dinas Koperasi dan UMKM"),
    (Role.EXECUTIVE, "agency", "Kantor Kepala Daerah"),
]


@dataclass
class Staff:
    """Who works in one region; `village` by district code."""

    region: Region
    by_role: dict[str, list[Person]] = field(default_factory=dict)
    village: dict[str, Person] = field(default_factory=dict)

    def one(self, role: str, rng: random.Random) -> Person:
        return rng.choice(self.by_role[role])


def at(day: date, rng: random.Random) -> datetime:
    """An instant in the working hours of a day in Malang; today, none that is still to come."""
    hour = time(rng.randint(8, 15), rng.randint(0, 59), rng.randint(0, 59))
    return min(datetime.combine(day, hour, tzinfo=clock.JAKARTA), clock.now())


def a_name(rng: random.Random, *, woman: bool) -> str:
    return f"{rng.choice(WOMEN if woman else MEN)} {rng.choice(LAST)}"


def make_staff(rng: random.Random) -> dict[str, Staff]:
    """Two people for each role, one village officer a district, and a steward of two regions."""
    staff: dict[str, Staff] = {}
    since = clock.today() - timedelta(days=365 * (YEARS + 1))
    people: list[Person] = []
    plans: list[tuple[Person, str, str, str, str, str | None]] = []

    def person(slug: str) -> Person:
        woman = rng.random() < 0.5
        made = Person(
            name=a_name(rng, woman=woman),
            email=f"{slug}@contoh.mbois.example",
            is_invented=True,
            joined_at=at(since, rng),
        )
        made.set_unusable_password()
        people.append(made)
        return made

    regions = list(Region.objects.order_by("code"))
    for region in regions:
        home = staff[region.pk] = Staff(region)
        for role, kind, office in OFFICES:
            for place in range(1 if role in {Role.EXECUTIVE, Role.AUDITOR} else 2):
                one = person(f"{role}.{place + 1}.{region.digits}")
                home.by_role.setdefault(role, []).append(one)
                plans.append((one, role, region.pk, kind, f"{office} {region.name}", None))
        for district in Area.objects.filter(region=region, level=Area.Level.DISTRICT):
            one = person(f"village_officer.{district.code}")
            home.village[district.code] = one
            home.by_role.setdefault(Role.VILLAGE_OFFICER, []).append(one)
            plans.append(
                (
                    one,
                    Role.VILLAGE_OFFICER,
                    region.pk,
                    "village",
                    f"Kelurahan dan desa se-{district.name}",
                    district.code,
                )
            )
    steward = person("steward")
    for region in regions[:2]:
        plans.append(
            (steward, Role.REGION_ADMIN, region.pk, "agency", f"Dinas Koperasi dan UMKM {region.name}", None)
        )
    Person.objects.bulk_create(people)
    offices = {(region, name): kind for _one, _role, region, kind, name, _area in plans}
    made = Organisation.objects.bulk_create(
        Organisation(region_id=region, name=name, kind=kind) for (region, name), kind in offices.items()
    )
    organisations = {(row.region_id, row.name): row for row in made}
    Membership.objects.bulk_create(
        Membership(
            person=one,
            role=role,
            region_id=region,
            organisation=organisations[region, office],
            area_id=area,
            since=since,
        )
        for one, role, region, _kind, office, area in plans
    )
    return staff


def _spread(rng: random.Random, villages: list[Area], wanted: int) -> Iterator[Area]:
    """Every village at least once, then by weight."""
    yield from villages
    weights = [WEIGHT.get(village.region_id or "", 1.0) for village in villages]
    yield from rng.choices(villages, weights, k=max(0, wanted - len(villages)))


def make_enterprises(rng: random.Random, staff: dict[str, Staff], wanted: int) -> list[Enterprise]:
    """`wanted` enterprises over all villages, most of them verified, a few of them alike."""
    villages = list(Area.objects.filter(level=Area.Level.VILLAGE).select_related("parent").order_by("code"))
    codes = dict(
        KbliWord.objects.filter(word__in=[trade[0] for trade in TRADES], kbli__edition="2020").values_list(
            "word", "kbli"
        )
    )
    fallback = Kbli.objects.filter(edition="2020", code="47112").values_list("pk", flat=True).first()
    today = clock.today()
    weights = [trade[-1] for trade in TRADES]
    people, owners, enterprises = [], [], []
    places = list(_spread(rng, villages, wanted))
    for serial, village in enumerate(places):
        region = village.region_id or ""
        officer = staff[region].village[village.parent_id or ""]
        woman = rng.random() < 0.64
        name = a_name(rng, woman=woman)
        born = date(rng.randint(1958, 2003), rng.randint(1, 12), rng.randint(1, 28))
        digits = (village.parent_id or "").replace(".", "")
        day = born.day + (40 if woman else 0)
        nik = f"{digits}{day:02d}{born:%m%y}{serial % 9999 + 1:04d}"
        registered = at(today - timedelta(days=rng.randint(3, 365 * YEARS)), rng)
        person = Person(name=name, registered_by=officer, joined_at=registered, contact_phone=_phone(rng))
        person.set_unusable_password()
        people.append(person)
        owners.append(
            Owner(
                region_id=region,
                person=person,
                name=name,
                phone=person.contact_phone or "",
                nik_sealed=identity.seal(nik),
                nik_hash=identity.digest("nik", nik),
                born_on=born,
                woman=woman,
                village=village,
                address=f"Jl. {rng.choice(STREETS)} {rng.randint(1, 120)}",
                registered_by=officer,
                registered_at=registered,
            )
        )
        enterprises.append(_enterprise(rng, village, owners[-1], codes, fallback, weights, registered))
    Person.objects.bulk_create(people, CHUNK)
    Owner.objects.bulk_create(owners, CHUNK)
    _number(enterprises)
    Enterprise.objects.bulk_create(enterprises, CHUNK)
    _reviews_and_licences(rng, staff, enterprises)
    _consents(owners)
    return enterprises


def _consents(owners: list[Owner]) -> None:
    """What each owner signed to at the door when they were registered."""
    text = ConsentText.objects.filter(key="registry").order_by("-version")[0]
    signatures = Document.objects.bulk_create(
        (
            drawn_signature(
                owner.region_id,
                Purpose.CONSENT,
                by=owner.registered_by,
                subject=owner.person,
                at=owner.registered_at,
            )
            for owner in owners
        ),
        CHUNK,
    )
    Consent.objects.bulk_create(
        (
            Consent(
                region_id=owner.region_id,
                text=text,
                person=owner.person,
                recorded_by=owner.registered_by,
                method=Consent.Method.SIGNATURE,
                evidence=signature,
                given_at=owner.registered_at,
            )
            for owner, signature in zip(owners, signatures, strict=True)
        ),
        CHUNK,
    )


def _phone(rng: random.Random) -> str:
    return f"+6281{rng.choice('123456789')}{rng.randint(10_000_000, 99_999_999)}"


def _enterprise(
    rng: random.Random,
    village: Area,
    owner: Owner,
    codes: dict[str, int],
    fallback: int | None,
    weights: list[int],
    registered: datetime,
) -> Enterprise:
    word, subsector, patterns, sells, capital_low, capital_high, sales_low, sales_high, _weight = rng.choices(
        TRADES, weights
    )[0]
    first = owner.name.split()[0]
    called = f"{'Bu' if owner.woman else rng.choice(['Pak', 'Cak'])} {first}"
    state = rng.choices([State.VERIFIED, State.SUBMITTED, State.RETURNED, State.REJECTED], [88, 7, 3.5, 1.5])[
        0
    ]
    if state == State.SUBMITTED:
        registered = at(clock.today() - timedelta(days=rng.randint(0, 9)), rng)
    point = village.parent
    spread = 0.008 if village.region_id == "35.73" else 0.02
    return Enterprise(
        region_id=owner.region_id,
        name=rng.choice(patterns).format(h=called, n=rng.choice([first, rng.choice(FANCY)])),
        owner=owner,
        description=sells,
        village=village,
        address=owner.address,
        rt=f"{rng.randint(1, 12):03d}",
        rw=f"{rng.randint(1, 10):03d}",
        latitude=round((point.latitude or 0) + rng.gauss(0, spread), 5) if point else None,
        longitude=round((point.longitude or 0) + rng.gauss(0, spread), 5) if point else None,
        phone=owner.phone,
        nib=f"{rng.randint(10**12, 10**13 - 1)}" if rng.random() < 0.45 else "",
        kbli_id=codes.get(word, fallback),
        subsector=subsector,
        started_on=date(rng.randint(2004, 2024), rng.randint(1, 12), rng.randint(1, 28)),
        workers=rng.choices([1, 2, 3, 5, 8, 14], [40, 30, 14, 9, 5, 2])[0],
        capital=rng.randint(capital_low, capital_high) * MILLION,
        annual_sales=rng.randint(sales_low, sales_high) * MILLION,
        state=state,
        registered_by=owner.registered_by,
        registered_at=registered,
        verified_at=registered + timedelta(days=rng.randint(1, 4)) if state == State.VERIFIED else None,
    )


def _number(enterprises: list[Enterprise]) -> None:
    by_region: dict[str, list[Enterprise]] = {}
    for enterprise in sorted(enterprises, key=lambda row: row.registered_at):
        by_region.setdefault(enterprise.region_id, []).append(enterprise)
    for region, rows in by_region.items():
        for row, value in zip(rows, take(region, "U", len(rows)), strict=True):
            row.number, row.submitted_at = format_number("U", region, value), row.registered_at


def _reviews_and_licences(rng: random.Random, staff: dict[str, Staff], enterprises: list[Enterprise]) -> None:
    reviews, licences = [], []
    today = clock.today()
    for row in enterprises:
        officer = staff[row.region_id].village[row.village.parent_id or ""]
        if row.state != State.SUBMITTED:
            reviews.append(
                Review(
                    region_id=row.region_id,
                    enterprise=row,
                    outcome=row.state,
                    reasons="" if row.state == State.VERIFIED else rng.choice(RETURNED),
                    reviewed_by=officer,
                    reviewed_at=row.verified_at or row.registered_at + timedelta(days=2),
                )
            )
        kinds = []
        if row.subsector == "culinary" and row.state == State.VERIFIED:
            kinds = [kind for kind, chance in (("pirt", 0.35), ("halal", 0.3)) if rng.random() < chance]
        for kind in kinds:
            issued = today - timedelta(days=rng.randint(30, 1_700))
            licences.append(
                Licence(
                    region_id=row.region_id,
                    enterprise=row,
                    kind=kind,
                    number=f"206{rng.randint(10**11, 10**12) % 10**12:012}",
                    issuer="Dinas Kesehatan" if kind == "pirt" else "BPJPH",
                    issued_on=issued,
                    expires_on=issued + timedelta(days=1_826 if kind == "pirt" else 1_461),
                    recorded_by=officer,
                )
            )
    Review.objects.bulk_create(reviews, CHUNK)
    Licence.objects.bulk_create(licences, CHUNK)


def make_lookalikes(rng: random.Random, enterprises: list[Enterprise], count: int) -> None:
    """Some enterprises registered a second time under a slightly different name."""
    chosen = rng.sample([row for row in enterprises if row.state == State.VERIFIED], count)
    owners, copies = [], []
    for row in chosen:
        owner = row.owner
        owners.append(
            Owner(
                region_id=row.region_id,
                person=owner.person,
                name=owner.name,
                phone=owner.phone,
                village=owner.village,
                address=owner.address,
                registered_by=owner.registered_by,
            )
        )
        copies.append(
            Enterprise(
                region_id=row.region_id,
                name=rng.choice(["UD {}", "Toko {}", "{} Malang", "{}."]).format(
                    row.name.replace("Bu ", "Ibu ")
                ),
                owner=owners[-1],
                village=row.village,
                address=row.address,
                phone=row.phone,
                kbli_id=row.kbli_id,
                started_on=row.started_on,
                state=State.SUBMITTED,
                registered_by=row.registered_by,
                registered_at=at(clock.today() - timedelta(days=rng.randint(0, 6)), rng),
            )
        )
    Owner.objects.bulk_create(owners, CHUNK)
    _number(copies)
    Enterprise.objects.bulk_create(copies, CHUNK)


def make_neighbours(rng: random.Random, enterprises: list[Enterprise], count: int) -> None:
    """Some owners of the city who run a second business in the regency: one NIK known to two regions."""
    homes = [row for row in enterprises if row.region_id == "35.73" and row.state == State.VERIFIED]
    away = [row for row in enterprises if row.region_id == "35.07"]
    owners, copies = [], []
    for row, there in zip(rng.sample(homes, count), rng.sample(away, count), strict=True):
        known = row.owner
        owners.append(
            Owner(
                region_id=there.region_id,
                person=known.person,
                name=known.name,
                phone=known.phone,
                nik_sealed=known.nik_sealed,
                nik_hash=known.nik_hash,
                born_on=known.born_on,
                woman=known.woman,
                village=known.village,
                registered_by=there.registered_by,
            )
        )
        copies.append(
            Enterprise(
                region_id=there.region_id,
                name=f"{row.name} 2",
                owner=owners[-1],
                village=there.village,
                phone=known.phone,
                kbli_id=row.kbli_id,
                started_on=row.started_on,
                state=State.SUBMITTED,
                registered_by=there.registered_by,
                registered_at=at(clock.today() - timedelta(days=rng.randint(0, 6)), rng),
            )
        )
    Owner.objects.bulk_create(owners, CHUNK)
    _number(copies)
    Enterprise.objects.bulk_create(copies, CHUNK)
