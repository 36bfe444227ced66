"""The creative desk of the demo city: creators, and jobs at every point of the way, set-based."""

import hashlib
import random
from dataclasses import dataclass
from datetime import timedelta

from django.core.files.base import ContentFile

from mbois import clock
from mbois.demo import drawings
from mbois.demo.campaigning import Campaigning
from mbois.demo.city import Staff, a_name, at
from mbois.demo.pictures import drawn_poster
from mbois.demo.tasks import picture_key
from mbois.enterprises.models import Enterprise, State
from mbois.market.codes import JOB, LENGTH, SIGNS
from mbois.market.models import (
    CreativeJob,
    Dressing,
    JobKind,
    JobProduct,
    JobState,
    JobVersion,
    Picture,
    Product,
    ProductPhoto,
    Shop,
    VersionFile,
    VersionPhoto,
    VersionText,
)
from mbois.people.models import Document, Membership, Organisation, Person, Purpose, Role

# Of the whole city, and how the three governments share them.
CREATORS, JOBS = 22, 130
SHARE = {"35.73": 0.55, "35.07": 0.27, "35.79": 0.18}
# The creator and the seller one can be: names of the first creator and key of the owner's plan.
CREATOR, SELLER = "Raka Wijaya", "nanik"
S, K = JobState, JobKind
STATES = [S.ACCEPTED] * 11 + [S.OPEN] * 3 + [S.TAKEN] * 2 + [S.DELIVERED] * 2 + [S.CHANGE, S.CANCELLED]
WISHES = {
    K.PHOTOS: [
        "Latar putih polos, satu foto dari depan dan satu dari dekat. Bisa ambil barang di rumah, pagi hari.",
        "Ingin terlihat dipakai sehari-hari, jangan terlalu gelap. Boleh dipinjam dua hari.",
        "Foto untuk lokapasar: terang, barangnya memenuhi bingkai, tanpa tulisan.",
    ],
    K.TEXT: [
        "Judul dan keterangan yang mudah dicari. Pembelinya ibu muda dan pelanggan dari luar kota.",
        "Ceritakan cara membuatnya, singkat saja. Sebut ukuran dan cara merawat.",
        "Keterangan sekarang terlalu pendek. Tolong tulis bahan, isi, dan daya tahannya.",
    ],
    K.DESIGN: [
        "Poster untuk pameran di kecamatan, ukuran A3, warna sesuai kemasan.",
        "Label kemasan baru: nama usaha, isi bersih, tempat nomor P-IRT.",
        "Gambar promosi untuk status WhatsApp, tulisannya besar.",
    ],
}
NOTES = [
    "Semoga cocok. Kabari bila ada yang kurang.",
    "Dua pilihan, silakan dipilih.",
    "Sudah saya cerahkan.",
    "",
]
CHANGES = [
    "Warnanya lebih gelap daripada aslinya. Tolong dicerahkan sedikit.",
    "Mohon satu foto lagi dari dekat, supaya jahitannya terlihat.",
    "Bahasanya terlalu resmi. Tolong yang lebih akrab.",
]
REASONS = ["Sudah difoto sendiri oleh keponakan.", "Produknya tidak dibuat lagi."]
PAY = [50_000, 75_000, 100_000, 150_000, 250_000]


@dataclass
class Case:
    """A job to be: who asks, for which products, what has happened; days ago it was asked for."""

    enterprise: Enterprise
    products: list[Product]
    kind: str
    state: str
    days: int
    creator: Person | None = None
    changes: int = 0
    late: bool = False
    returned: int = 0
    shown: bool = False
    job: CreativeJob | None = None


@dataclass
class Desk:
    """The creative desk of one region."""

    rng: random.Random
    home: Staff
    share: float

    def make(self, seller: Enterprise | None) -> dict[int, CreativeJob]:
        """Everything of this region; answers with the newest accepted design by enterprise."""
        self.region, self.today = self.home.region, clock.today()
        self._creators()
        self._wares(seller)
        cases = [*self._special(seller), *self._some()]
        for one in cases:
            one.job = self._job(one)
        jobs = CreativeJob.objects.bulk_create([one.job for one in cases if one.job])
        JobProduct.objects.bulk_create(
            JobProduct(region=self.region, job=job, product=product)
            for one, job in zip(cases, jobs, strict=True)
            for product in one.products
        )
        self._versions(cases)
        return {
            one.enterprise.pk: one.job
            for one in reversed(cases)
            if one.job and one.kind == K.DESIGN and one.state == S.ACCEPTED
        }

    # --- who and what -----------------------------------------------------------------------------

    def _creators(self) -> None:
        since = self.today - timedelta(days=500)
        office = Organisation.objects.create(
            region=self.region,
            name=f"Ruang Kreatif {self.region.name}",
            kind=Organisation.Kind.COMMUNITY,
        )
        count = max(3, round(CREATORS * self.share))
        people = []
        for place in range(count):
            name = a_name(self.rng, woman=self.rng.random() < 0.5)
            person = Person(
                name=CREATOR if place == 0 and self.region.pk == "35.73" else name,
                email=f"creator.{place + 1}.{self.region.digits}@contoh.mbois.example",
                phone=f"+62899{self.region.digits}{place:05d}",
                is_invented=True,
                joined_at=at(since, self.rng),
            )
            person.set_unusable_password()
            people.append(person)
        self.creators = Person.objects.bulk_create(people)
        Membership.objects.bulk_create(
            Membership(person=one, role=Role.CREATOR, region=self.region, organisation=office, since=since)
            for one in self.creators
        )

    def _wares(self, seller: Enterprise | None) -> None:
        """Some sellers with the products they show, and the pictures of each kind of thing."""
        shops = Shop.objects.filter(region=self.region, is_open=True, enterprise__state=State.VERIFIED)
        keys = list(shops.order_by("pk").values_list("enterprise", flat=True))
        chosen = self.rng.sample(keys, min(len(keys), max(4, round(70 * self.share))))
        if seller is not None:
            chosen = [seller.pk, *(key for key in chosen if key != seller.pk)]
        self.products: dict[int, list[Product]] = {key: [] for key in chosen}
        rows = Product.objects.filter(region=self.region, state="published", enterprise__in=chosen)
        for product in rows.select_related("enterprise__owner__person").order_by("pk"):
            self.products[product.enterprise_id].append(product)
        self.photos: dict[int, list[int]] = {}
        for product_id, picture in (
            ProductPhoto.objects.filter(region=self.region, product__enterprise__in=chosen)
            .order_by("position", "pk")
            .values_list("product_id", "picture_id")
        ):
            self.photos.setdefault(product_id, []).append(picture)
        number = {picture_key(one): one for one in range(drawings.COUNT)}
        pictures = Picture.objects.filter(region=self.region, key__in=number)
        self.number = {pk: number[key] for pk, key in pictures.values_list("pk", "key")}
        self.picture = {one: pk for pk, one in self.number.items()}

    def _others(self, product: Product, count: int) -> list[int]:
        """Pictures of the same kind of thing that the product does not show."""
        now = self.photos.get(product.pk, [])
        if not now or now[0] not in self.number:
            return []
        kind = drawings.NAMES[self.number[now[0]] % len(drawings.NAMES)]
        every = [self.picture[one] for one in drawings.numbers_of(kind) if one in self.picture]
        return [one for one in every if one not in now][:count]

    def _special(self, seller: Enterprise | None) -> list[Case]:
        """Jobs of the owner one can be, most of them with the creator one can be: one in every state."""
        own = self.products.get(seller.pk, []) if seller else []
        if seller is None or len(own) < 4:
            return []
        me, other = self.creators[0], self.creators[1]
        plans = [
            (K.PHOTOS, S.DELIVERED, 9, me, 0, own[0]),
            (K.PHOTOS, S.ACCEPTED, 16, me, 1, own[1]),
            (K.TEXT, S.ACCEPTED, 60, me, 0, own[2]),
            (K.PHOTOS, S.CHANGE, 8, me, 1, own[3]),
            (K.TEXT, S.DELIVERED, 7, other, 0, own[1]),
            (K.DESIGN, S.ACCEPTED, 70, me, 1, own[0]),
            (K.DESIGN, S.TAKEN, 4, other, 0, own[2]),
            (K.TEXT, S.OPEN, 1, None, 0, own[3]),
            (K.PHOTOS, S.CANCELLED, 90, None, 0, own[0]),
        ]
        return [
            Case(seller, [product], kind, state, days, creator, changes, shown=True)
            for kind, state, days, creator, changes, product in plans
        ]

    def _some(self) -> list[Case]:
        rng = self.rng
        sellers = [rows for rows in list(self.products.values())[1:] if rows]
        cases = []
        for place in range(max(12, round(JOBS * self.share)) if sellers else 0):
            rows = rng.choice(sellers)
            kind = rng.choice([K.PHOTOS, K.PHOTOS, K.PHOTOS, K.TEXT, K.TEXT, K.DESIGN])
            state = rng.choice(STATES) if place else S.OPEN
            days = rng.randint(30, 420) if state in (S.ACCEPTED, S.CANCELLED) else rng.randint(2, 7)
            if state == S.TAKEN and place % 3 == 0:
                days = 24
            cases.append(
                Case(
                    enterprise=rows[0].enterprise,
                    products=rng.sample(rows, min(len(rows), rng.choice([1, 1, 2]))),
                    kind=kind,
                    state=state,
                    days=days,
                    # the first has enough in hand
                    creator=None if state == S.OPEN else self._creator(state),
                    changes=rng.choice([0, 0, 1]) if state == S.ACCEPTED else int(state == S.CHANGE),
                    late=days == 24,
                    returned=int(state == S.OPEN and (not place or rng.random() < 0.3)),
                    shown=state == S.ACCEPTED and rng.random() < 0.6,
                )
            )
        return cases

    def _creator(self, state: str) -> Person:
        """Anybody for what is done; for what is in hand not the first, who has enough."""
        return self.rng.choice(self.creators if state == S.ACCEPTED else self.creators[1:])

    # --- jobs and what came of them ---------------------------------------------------------------

    def _job(self, case: Case) -> CreativeJob:
        rng, rows = self.rng, case.products
        asked = at(self.today - timedelta(days=case.days), rng)
        wanted = self.today - timedelta(days=case.days - (12 if not case.late else 14))
        owner = case.enterprise.owner.person
        busy = case.creator is not None and case.state != S.CANCELLED
        taken = min(asked + timedelta(hours=rng.randint(2, 30)), clock.now())
        until = max(wanted, clock.local_date(taken) + timedelta(days=7))
        if case.state == S.CHANGE:
            until = max(until, self.today + timedelta(days=2))
        if case.late:
            until = self.today - timedelta(days=1)
        over = case.state in (S.ACCEPTED, S.CANCELLED)
        ended = min(asked + timedelta(days=min(case.days, rng.randint(6, 12))), clock.now())
        return CreativeJob(
            region=self.region,
            enterprise=case.enterprise,
            code=f"{JOB}-{self.region.digits}-" + "".join(rng.choice(SIGNS) for _n in range(LENGTH)),
            kind=case.kind,
            wish=WISHES[K(case.kind)][rows[0].pk % 3],
            wanted_by=wanted,
            pay=rng.choice(PAY) if rng.random() < 0.45 else None,
            state=case.state,
            asked_by=owner,
            asked_at=asked,
            creator=case.creator if busy else None,
            taken_at=taken if busy else None,
            deliver_by=until if busy else None,
            returned=case.returned,
            ended_at=ended if over else None,
            ended_by=owner if over else None,
            reason=rng.choice(REASONS) if case.state == S.CANCELLED else "",
            may_be_shown=case.shown and case.state == S.ACCEPTED,
        )

    def _versions(self, cases: list[Case]) -> None:
        versions: list[tuple[Case, JobVersion]] = []
        for one in cases:
            job = one.job
            if job is None or job.taken_at is None or job.state == S.TAKEN:
                continue
            end = job.ended_at or clock.now()
            count = one.changes + (job.state in (S.DELIVERED, S.ACCEPTED))
            for number in range(1, count + 1):
                given = job.taken_at + (end - job.taken_at) * (number / (count + 1))
                answered = job.taken_at + (end - job.taken_at) * ((number + 0.5) / (count + 1))
                last = number == count
                answer = "change" if not last or job.state == S.CHANGE else ""
                if last and job.state == S.ACCEPTED:
                    answer, answered = "accepted", end
                versions.append(
                    (
                        one,
                        JobVersion(
                            region=self.region,
                            job=job,
                            number=number,
                            note=self.rng.choice(NOTES),
                            by=one.creator,
                            delivered_at=given,
                            answer=answer,
                            answer_note=self.rng.choice(CHANGES) if answer == "change" else "",
                            answered_by=job.asked_by if answer else None,
                            answered_at=answered if answer else None,
                        ),
                    )
                )
        JobVersion.objects.bulk_create([row for _one, row in versions])
        photos: list[VersionPhoto] = []
        texts: list[VersionText] = []
        files: list[VersionFile] = []
        dressings: list[Dressing] = []
        poster: Document | None = None
        for one, version in versions:
            accepted = version.answer == "accepted"
            for product in one.products:
                where = {"region": self.region, "product": product}
                before: dict[str, object] = {}
                after: dict[str, object] = {}
                if one.kind == K.PHOTOS:
                    now = self.photos.get(product.pk, [])
                    brought = now if accepted else self._others(product, 2)
                    before, after = {"photos": self._others(product, 1)}, {"photos": now}
                    photos += [
                        VersionPhoto(**where, version=version, picture_id=key, position=place)
                        for place, key in enumerate(brought)
                    ]
                elif one.kind == K.TEXT:
                    short = product.description.split("\n")[0]
                    text = product.description if accepted else self._better(product)
                    texts.append(
                        VersionText(
                            **where,
                            version=version,
                            name=product.name,
                            description=text,
                            name_then=product.name,
                            description_then=short if accepted else product.description,
                        )
                    )
                    before = {"name": product.name, "description": short}
                    after = {"name": product.name, "description": text}
                if accepted and all(after.values()) and after and version.answered_at:
                    dressings.append(
                        Dressing(
                            **where,
                            job=one.job,
                            before=before,
                            after=after,
                            by=version.answered_by,
                            made_at=version.answered_at,
                        )
                    )
            if one.kind == K.DESIGN:
                poster = self._document(one, version, poster)
                files.append(VersionFile(region=self.region, version=version, document=poster))
        Document.objects.bulk_create([one.document for one in files])
        VersionPhoto.objects.bulk_create(photos)
        VersionText.objects.bulk_create(texts)
        VersionFile.objects.bulk_create(files)
        Dressing.objects.bulk_create(dressings)

    def _better(self, product: Product) -> str:
        return (
            f"{product.description}\n\nCocok untuk dipakai sendiri atau dijadikan oleh-oleh. "
            "Pesan hari ini, kami kirim besok. Pertanyaan dijawab lewat WhatsApp."
        )

    def _document(self, case: Case, version: JobVersion, first: Document | None) -> Document:
        """A drawn poster, of which one file is written a region."""
        content = drawn_poster()
        row = Document(
            region=self.region,
            name="poster.jpg",
            kind=Document.Kind.JPEG,
            purpose=Purpose.CREATIVE,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            subject=case.enterprise.owner.person,
            uploaded_by=version.by,
            uploaded_at=version.delivered_at,
        )
        if first is None:
            row.file.save(row.name, ContentFile(content), save=False)
            row.thumbnail.save(row.name, ContentFile(drawn_poster(320)), save=False)
        else:
            row.file.name, row.thumbnail.name = first.file.name, first.thumbnail.name
        return row


def make_creative(seed: int, scale: float, staff: dict[str, Staff], personas: dict[str, Enterprise]) -> None:
    """The desk and the campaigns of every region. Called once there are products and shops."""
    for region, home in staff.items():
        rng = random.Random(f"creative {seed} {region}")
        mine = {key: row for key, row in personas.items() if row.region_id == region}
        seller = mine.get(SELLER)
        designs = Desk(rng, home, SHARE.get(region, 0.2) * scale).make(seller)
        Campaigning(rng, home).make(mine, seller, designs)
