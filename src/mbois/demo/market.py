"""What the invented city sells: products, stock, shops and two years of orders, set-based.

Rows go in by the thousand; the database's own triggers count the stock, hold what is ordered and write
the catalogue, as they do for a seller.
"""

import random
from datetime import timedelta

from django.db import connection
from django.db.models import F
from django.utils.text import slugify
from procrastinate.types import JSONDict

from mbois import clock
from mbois.demo import drawings
from mbois.demo.city import CHUNK, Staff, _phone, at
from mbois.demo.market_orders import Seller, Selling
from mbois.demo.pictures import drawn_signature
from mbois.demo.tasks import draw_picture, finish_picture, picture_key
from mbois.demo.wares import TELL, WARES, Ware, of
from mbois.enterprises.models import Enterprise, Licence, State
from mbois.market import qris
from mbois.market.codes import LENGTH, PRODUCT, SIGNS
from mbois.market.models import (
    Category,
    Certificate,
    Picture,
    Product,
    ProductPhoto,
    ProductState,
    Shop,
    Variant,
)
from mbois.people.models import Consent, ConsentText, Document, Purpose, Role

PRODUCTS = 12_000
ORDERS = 6_000


class Market:
    """Makes the market of one region."""

    def __init__(self, seed: int, staff: Staff, slugs: set[str]) -> None:
        self.staff, self.region_id, self.slugs = staff, staff.region.pk, slugs
        self.rng = random.Random(f"market {seed} {self.region_id}")
        self.now = clock.now()
        self.codes: set[str] = set()

    def make(
        self, enterprises: list[Enterprise], special: dict[str, Enterprise], products: int, orders: int
    ) -> None:
        """Everything of this region, personas first."""
        mine = [row for row in special.values() if row.region_id == self.region_id]
        keys = {row.pk for row in mine}
        rows = [  # what a laundry or a garage does is not sold by the piece
            row
            for row in enterprises
            if row.state == State.VERIFIED and row.subsector in WARES and row.subsector and row.pk not in keys
        ]
        self.rng.shuffle(rows)
        licences = self._licences(mine)
        sellers = []
        for row in [*mine, *rows[: max(1, products // 10)]]:
            food = row.subsector == "culinary"
            own = licences.get(row.pk, [])
            if food and row.pk not in keys and not own and self.rng.random() < 0.55:
                continue  # most who have no licence do not sell online
            days = self.rng.randint(20, 700)
            sellers.append(Seller(row, own, at(clock.today() - timedelta(days=days), self.rng)))
        self._pictures()
        self._shops(sellers, keys)
        self._products(sellers, products, keys)
        Selling(self.rng, self.region_id, self.now, self.offered, self._code).make(sellers, orders, keys)

    def _licences(self, mine: list[Enterprise]) -> dict[int, list[Licence]]:
        """Those there are, and for the personas who make food what they need."""
        officer = self.staff.one(Role.AGENCY_OFFICER, self.rng)
        today = clock.today()
        kept: dict[int, list[Licence]] = {}
        for one in Licence.objects.filter(region=self.region_id, kind__in=("pirt", "halal", "bpom")):
            kept.setdefault(one.enterprise_id, []).append(one)
        new = []
        for row in mine:
            if row.subsector == "culinary" and "Keripik" in row.name:
                known = {
                    one.kind for one in kept.get(row.pk, []) if one.expires_on and one.expires_on > today
                }
                new += [
                    Licence(
                        region_id=self.region_id,
                        enterprise=row,
                        kind=kind,
                        number=f"206{self.rng.randint(10**11, 10**12) % 10**12:012}",
                        issuer="Dinas Kesehatan" if kind == "pirt" else "BPJPH",
                        issued_on=today - timedelta(days=400),
                        expires_on=today + timedelta(days=1_000),
                        recorded_by=officer,
                    )
                    for kind in ("pirt", "halal")
                    if kind not in known
                ]
        for one in Licence.objects.bulk_create(new):
            kept.setdefault(one.enterprise_id, []).append(one)
        return kept

    def _pictures(self) -> None:
        rows = Picture.objects.bulk_create(
            Picture(region_id=self.region_id, key=picture_key(number), width=1600, height=1600)
            for number in range(drawings.COUNT)
        )
        self.pictures = dict(enumerate(rows))

    def _shops(self, sellers: list[Seller], keys: set[int]) -> None:
        officer = self.staff.one(Role.AGENCY_OFFICER, self.rng)
        text = ConsentText.objects.filter(key="shop").order_by("-version")[0]
        signatures = {
            one.enterprise.pk: drawn_signature(
                self.region_id,
                Purpose.CONSENT,
                by=officer,
                subject=one.enterprise.owner.person,
                at=one.opened,
            )
            for one in sellers
            if one.enterprise.pk not in keys
        }
        Document.objects.bulk_create(signatures.values(), CHUNK)
        agreed = Consent.objects.bulk_create(
            [
                Consent(
                    region_id=self.region_id,
                    text=text,
                    person=one.enterprise.owner.person,
                    recorded_by=one.enterprise.owner.person if own else officer,
                    method=Consent.Method.SELF if own else Consent.Method.SIGNATURE,
                    evidence=signatures.get(one.enterprise.pk),
                    given_at=one.opened,
                )
                for one in sellers
                for own in (one.enterprise.pk in keys,)
            ],
            CHUNK,
        )
        shops = []
        for one, consent in zip(sellers, agreed, strict=True):
            row = one.enterprise
            base = slug = slugify(row.name)[:50].strip("-")
            number = 1
            while slug in self.slugs:
                number += 1
                slug = f"{base}-{number}"
            self.slugs.add(slug)
            takes = row.pk in keys or self.rng.random() < 0.4
            name = "".join(sign for sign in row.name.upper() if sign.isascii())[:25].strip()
            shops.append(
                Shop(
                    region_id=self.region_id,
                    enterprise=row,
                    slug=slug,
                    tagline=(row.description or "Buatan sendiri, dari Malang.")[:140],
                    whatsapp=row.phone or _phone(self.rng),
                    qris=sample_qris(name, row.pk) if takes else "",
                    qris_name=name if takes else "",
                    qris_city="MALANG" if takes else "",
                    qris_confirmed_at=one.opened if takes else None,
                    is_open=row.pk in keys or self.rng.random() < 0.95,
                    consent=consent,
                    opened_at=one.opened,
                    made_at=one.opened,
                )
            )
        for one, shop in zip(sellers, Shop.objects.bulk_create(shops, CHUNK), strict=True):
            one.shop = shop

    def _code(self, letter: str) -> str:
        digits = self.region_id.replace(".", "")
        while True:
            code = f"{letter}-{digits}-" + "".join(self.rng.choice(SIGNS) for _n in range(LENGTH))
            if code not in self.codes:
                self.codes.add(code)
                return code

    def _products(self, sellers: list[Seller], wanted: int, keys: set[int]) -> None:
        rng = self.rng
        products: list[Product] = []
        wares: list[tuple[Seller, Ware, str]] = []
        each = max(1, round(wanted / len(sellers)))
        for one in sellers:
            row = one.enterprise
            kinds = WARES.get(row.subsector) or WARES[""]
            if "Keripik" in row.name:
                kinds = [ware for ware in kinds if ware.category == Category.SNACK]
                kinds = kinds[2:3] if "Apel" in row.name else kinds
            elif "Bakso" in row.name:
                kinds = [ware for ware in kinds if ware.picture == "bakso"] or kinds
            elif "Batik" in row.name:
                kinds = [ware for ware in kinds if ware.category == Category.BATIK] or kinds
            mine = kinds if len(kinds) < 4 else rng.sample(kinds, 3)
            seen: set[str] = set()
            for _n in range(max(2, round(rng.gauss(each, each / 3)))):
                ware = rng.choice(mine)
                for _try in range(8):
                    taste = rng.choice(of(ware.tastes))
                    name = f"{rng.choice(of(ware.names))} {taste}"
                    if rng.random() < 0.35:
                        name += f" {rng.choice(('Premium', 'Spesial', 'Ekonomis', 'Hadiah', 'Pilihan'))}"
                    if name not in seen:
                        break
                seen.add(name)
                made = at(clock.local_date(one.opened) + timedelta(days=rng.randint(0, 12)), rng)
                village = row.village.name
                products.append(
                    Product(
                        region_id=self.region_id,
                        enterprise=row,
                        code=self._code(PRODUCT),
                        name=name,
                        description=TELL.format(
                            text=ware.text,
                            name=name,
                            kind=f"Pilihan: {ware.kinds.replace('|', ', ')}. ",
                            place=village,
                        ),
                        category=ware.category,
                        brand=row.name[:60] if rng.random() < 0.4 else "",
                        attributes={"Asal": "Malang Raya", "Jenis": taste},
                        is_food=ware.is_food or ware.picture == "madu",
                        made_by=row.owner.person,
                        made_at=made,
                        changed_at=min(made + timedelta(days=rng.randint(0, 200)), self.now),
                    )
                )
                wares.append((one, ware, taste))
        made_products = Product.objects.bulk_create(products, CHUNK)
        variants: list[Variant] = []
        photos: list[ProductPhoto] = []
        certificates: list[Certificate] = []
        offered: list[int] = []
        today = clock.today()
        for product, (one, ware, _taste) in zip(made_products, wares, strict=True):
            one.products.append(product)
            price = rng.randint(ware.low, ware.high) * 1000
            sorts = rng.sample(of(ware.kinds), rng.choice([1, 1, 2])) if "|" in ware.kinds else [ware.kinds]
            sorts.sort(key=of(ware.kinds).index)
            for place, sort in enumerate(sorts):
                variants.append(
                    Variant(
                        region_id=self.region_id,
                        product=product,
                        seller=one.enterprise.pk,
                        name=sort if len(sorts) > 1 else "",
                        position=place,
                        sku=f"{product.code[-6:]}-{place + 1}",
                        price=round(price * (1 + place * 0.65), -3),
                        weight_grams=ware.grams * (place + 1),
                    )
                )
            numbers = drawings.numbers_of(ware.picture)
            for place, number in enumerate(rng.sample(numbers, rng.choice([1, 1, 2, 3]))):
                photos.append(
                    ProductPhoto(
                        region_id=self.region_id,
                        product=product,
                        picture=self.pictures[number],
                        position=place,
                        added_by=one.enterprise.owner.person,
                        added_at=product.made_at,
                    )
                )
            valid = [each for each in one.licences if each.expires_on is None or each.expires_on >= today]
            if product.is_food:
                certificates += [
                    Certificate(region_id=self.region_id, product=product, licence=each) for each in valid
                ]
            if (not product.is_food or any(each.kind in ("pirt", "bpom") for each in valid)) and (
                one.enterprise.pk in keys or rng.random() < 0.96
            ):
                offered.append(product.pk)
        saved = Variant.objects.bulk_create(variants, CHUNK)
        by_product = {product.pk: one for product, (one, _w, _t) in zip(made_products, wares, strict=True)}
        for variant in saved:
            by_product[variant.product_id].variants.append(variant)
        ProductPhoto.objects.bulk_create(photos, CHUNK)
        Certificate.objects.bulk_create(certificates, CHUNK)
        # what follows reads what was just written, and is planned by what is known of it
        with connection.cursor() as cursor:
            for model in (Enterprise, Licence, Consent, Shop, Product, Variant, ProductPhoto, Certificate):
                cursor.execute(f"ANALYZE {model._meta.db_table}")
        Product.objects.filter(region=self.region_id, pk__in=offered).update(
            state=ProductState.PUBLISHED, published_at=F("made_at")
        )
        self.offered = set(offered)


def sample_qris(name: str, number: int) -> str:
    """A static QRIS as a bank would give it, of nobody: its merchant number is invented."""

    def part(tag: str, value: str) -> str:
        return f"{tag}{len(value):02d}{value}"

    merchant = part("00", "ID.CO.QRIS.WWW") + part("02", f"ID10{number:011d}") + part("03", "UMI")
    text = (
        part("00", "01") + part("01", "11") + part("51", merchant) + part("52", "5499") + part("53", "360")
        + part("58", "ID") + part("59", name) + part("60", "MALANG") + part("61", "65111") + "6304"
    )  # fmt: skip
    return text + qris.crc(text)


def draw_later(popular: list[str] | None = None) -> None:
    """Have the worker draw the pictures, those of the personas first."""
    first = [
        number for kind in (popular or ["tempe", "buah", "kawung"]) for number in drawings.numbers_of(kind)
    ]
    rest = [number for number in range(drawings.COUNT) if number not in set(first)]
    jobs: list[JSONDict] = [{"number": number} for number in [*first, *rest]]
    draw_picture.batch_defer(*jobs)
    finish_picture.batch_defer(*jobs)


def make_market(
    seed: int,
    scale: float,
    staff: dict[str, Staff],
    enterprises: list[Enterprise],
    personas: dict[str, Enterprise],
) -> None:
    """The market of every region; `draw_later` has its pictures drawn."""
    slugs: set[str] = set()
    for region, home in staff.items():
        own = [row for row in enterprises if row.region_id == region]
        share = scale * len(own) / len(enterprises)
        Market(seed, home, slugs).make(own, personas, round(PRODUCTS * share), round(ORDERS * share))
