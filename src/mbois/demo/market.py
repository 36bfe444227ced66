"""What the invented city sells: products, stock, shops and two years of orders, set-based.

Rows go in by the thousand; the database's own triggers count the stock, hold what is ordered and write
the catalogue, as they do for a seller.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F
from django.utils.text import slugify
from procrastinate.types import JSONDict

from mbois import clock
from mbois.demo import drawings
from mbois.demo.city import CHUNK, Staff, _phone, a_name, at
from mbois.demo.pictures import drawn_signature
from mbois.demo.tasks import draw_picture, finish_picture, picture_key
from mbois.demo.words import STREETS
from mbois.enterprises.models import Enterprise, Licence, State
from mbois.market import qris
from mbois.market.codes import LENGTH, ORDER, PRODUCT, SIGNS
from mbois.market.models import (
    Category,
    Certificate,
    Order,
    OrderLine,
    OrderState,
    Payment,
    Picture,
    Product,
    ProductPhoto,
    ProductState,
    Shop,
    StockMove,
    Variant,
)
from mbois.market.models.products import FOOD
from mbois.people.models import Consent, ConsentText, Role

PRODUCTS = 12_000
ORDERS = 6_000
C = Category


@dataclass(frozen=True)
class Ware:
    """A kind of thing somebody makes: its picture, category, names, variants and prices in thousands."""

    picture: str
    category: str
    names: str
    tastes: str
    kinds: str
    low: int
    high: int
    grams: int
    text: str

    @property
    def is_food(self) -> bool:
        return self.category in FOOD


def _of(text: str) -> list[str]:
    return text.split("|")


SIZES_FOOD, SIZES_CLOTH = "100 g|250 g|500 g", "S|M|L|XL"
WARES: dict[str, list[Ware]] = {
    "culinary": [
        Ware("tempe", C.SNACK, "Keripik Tempe|Tempe Sagu", "Original|Pedas Manis|Balado|Daun Jeruk|Keju", SIZES_FOOD, 10, 32, 120, "Renyah, dari kedelai pilihan yang difermentasi sendiri. Digoreng sekali, ditiriskan, lalu dikemas rapat."),
        Ware("singkong", C.SNACK, "Keripik Singkong|Keripik Pisang|Keripik Talas", "Original|Balado|Keju|Cokelat|Gula Aren", SIZES_FOOD, 9, 28, 150, "Diiris tipis, digoreng garing, tanpa pengawet."),
        Ware("buah", C.SNACK, "Keripik Apel|Keripik Nangka|Keripik Salak|Keripik Mangga", "Vakum|Asli|Tanpa Gula", SIZES_FOOD, 15, 42, 100, "Buah matang dari lereng Malang, digoreng vakum sehingga rasanya tetap utuh."),
        Ware("stik", C.SNACK, "Stik Bawang|Stik Keju|Kerupuk Ikan", "Original|Balado|Rumput Laut", SIZES_FOOD, 8, 26, 150, "Camilan gurih untuk toples di ruang tamu."),
        Ware("sambal", C.SPICE, "Sambal Bawang|Sambal Cumi|Sambal Pecel|Sambal Teri", "Sedang|Pedas|Pedas Sekali", "100 ml|200 ml", 14, 38, 260, "Cabai segar dari petani sendiri, dimasak pelan sampai minyaknya keluar."),
        Ware("madu", C.PRODUCE, "Madu Hutan|Madu Randu|Madu Klanceng", "Murni", "250 ml|500 ml", 45, 130, 400, "Dipanen dari hutan lereng Semeru dan disaring tanpa dipanaskan."),
        Ware("jamu", C.HERBAL, "Kunyit Asam|Beras Kencur|Jahe Merah|Temulawak", "Segar|Bubuk", "250 ml|1 liter", 10, 48, 350, "Diracik tiap pagi dari rimpang segar."),
        Ware("kopi", C.DRINK, "Kopi Dampit|Kopi Arjuno|Es Kopi Gula Aren", "Bubuk|Biji|Siap Minum", "100 g|200 g", 18, 75, 210, "Kopi dari kebun di Malang selatan, disangrai kecil-kecilan tiap minggu."),
        Ware("bakso", C.FROZEN, "Bakso Malang Beku|Bakso Urat|Pentol", "Isi 20|Isi 40", "Sedang|Pedas", 25, 70, 600, "Daging sapi lokal, tanpa pengawet, siap dihangatkan."),
        Ware("lapis", C.CAKE, "Kue Lapis|Lapis Legit|Bolu Kukus", "Pandan|Cokelat|Pelangi", "Kotak kecil|Kotak besar", 20, 95, 500, "Dibuat setelah dipesan, dari santan segar."),
        Ware("onde", C.CAKE, "Onde-onde|Klepon|Putu Ayu", "Kacang Hijau|Gula Aren", "Isi 10|Isi 25", 12, 45, 400, "Jajan pasar hangat, cocok untuk arisan."),
        Ware("kue", C.CAKE, "Kue Kering Nastar|Kastengel|Putri Salju", "Klasik|Keju", "Toples 250 g|Toples 500 g", 35, 110, 450, "Mentega asli, panggangan kecil, habis dalam sekali gigit."),
        Ware("apel", C.PRODUCE, "Apel Manalagi|Jeruk Dau|Paket Buah", "Segar", "1 kg|3 kg", 18, 75, 1000, "Dipetik pagi hari dari kebun sendiri."),
    ],
    "fashion": [
        Ware("kaos", C.MEN, "Kaos Ngalam|Kaos Arema|Kaos Osob Kiwalan", "Hitam|Putih|Biru", SIZES_CLOTH, 65, 135, 200, "Katun combed 24s, sablon raster yang tidak pecah dicuci."),
        Ware("gamis", C.MUSLIM, "Gamis Harian|Gamis Pesta|Tunik", "Polos|Bunga", SIZES_CLOTH, 120, 360, 450, "Dijahit sendiri, kainnya jatuh dan tidak menerawang."),
        Ware("kawung", C.BATIK, "Batik Kawung|Kain Batik Cap", "Sogan|Indigo", "2 meter|2,5 meter", 150, 520, 400, "Dicap dan dicelup dengan tangan; warnanya tidak luntur."),
        Ware("bunga", C.BATIK, "Batik Malangan|Batik Bunga Teratai", "Merah|Hijau", "2 meter|2,5 meter", 180, 680, 400, "Motif Malangan: tugu, teratai, dan singa."),
        Ware("tas", C.BAG, "Tas Kanvas|Tas Belanja|Tas Batik", "Polos|Bordir", "Sedang|Besar", 45, 185, 350, "Jahitan ganda, muat laptop 14 inci."),
        Ware("sandal", C.SHOE, "Sandal Batik|Sandal Kulit", "Cokelat|Hitam", "37|38|39|40", 45, 160, 500, "Sol karet yang tidak licin."),
    ],
    "craft": [
        Ware("parang", C.BATIK, "Syal Batik|Taplak Batik", "Parang|Ceplok", "Kecil|Besar", 60, 240, 250, "Dilukis dengan canting, satu per satu."),
        Ware("anyaman", C.BAG, "Tas Anyaman|Keranjang Anyaman", "Mendong|Pandan", "Kecil|Sedang|Besar", 35, 175, 450, "Dianyam di rumah oleh ibu-ibu satu kampung."),
        Ware("gelang", C.JEWELLERY, "Gelang Manik|Kalung Manik|Gelang Batu", "Merah|Alam|Pelangi", "Anak|Dewasa", 12, 85, 60, "Manik kaca dan kayu, tali yang dapat diatur."),
        Ware("topeng", C.CRAFT, "Topeng Malangan|Topeng Panji|Topeng Klana", "Hiasan|Tari", "Kecil|Sedang", 75, 650, 700, "Dipahat dari kayu sengon dan disungging tangan."),
        Ware("vas", C.CERAMIC, "Vas Dinoyo|Vas Gerabah", "Polos|Bermotif", "20 cm|30 cm", 45, 260, 1400, "Keramik Dinoyo, dibakar dua kali."),
        Ware("cangkir", C.CERAMIC, "Cangkir Keramik|Teko Keramik", "Biru|Cokelat", "Satuan|Isi 4", 28, 190, 600, "Aman untuk makanan dan mesin cuci piring."),
        Ware("talenan", C.KITCHEN, "Talenan Kayu|Sendok Kayu|Nampan Kayu", "Jati|Mahoni", "Kecil|Besar", 25, 140, 800, "Sisa kayu jati yang dihaluskan dan diminyaki."),
        Ware("mobil", C.TOY, "Mobil Kayu|Puzzle Kayu|Kereta Kayu", "Cat Air|Kayu Polos", "Satuan|Isi 3", 28, 150, 500, "Cat yang aman untuk anak, tanpa sudut tajam."),
    ],
    "product": [
        Ware("kursi", C.FURNITURE, "Kursi Kayu|Rak Dinding|Meja Kecil", "Jati|Pinus", "Satuan|Sepasang", 180, 950, 6000, "Dirakit tanpa paku, dapat dibongkar untuk dikirim."),
        Ware("sabun", C.BEAUTY, "Sabun Susu Kambing|Sabun Kopi|Sabun Sereh", "Batang|Cair", "Isi 1|Isi 3", 15, 75, 120, "Dibuat dengan proses dingin, harumnya lembut."),
    ],
    "fine_art": [
        Ware("lukisan", C.ART, "Lukisan Bromo|Cetakan Kayutangan|Lukisan Sawah", "Cat Air|Akrilik", "30 × 40 cm|40 × 60 cm", 90, 900, 1200, "Dilukis di studio di Malang, bertanda tangan."),
    ],
    "publishing": [
        Ware("buku", C.BOOK, "Buku Catatan|Agenda|Kartu Pos", "Batik|Polos", "A6|A5", 18, 85, 250, "Kertas daur ulang, dijilid tangan."),
    ],
    "visual": [
        Ware("desain", C.SERVICE, "Desain Logo|Desain Kemasan|Foto Produk", "Dasar|Lengkap", "3 hari|7 hari", 150, 950, 1, "Dua kali perbaikan, berkas siap cetak."),
    ],
    "": [
        Ware("tanaman", C.PLANT, "Lidah Mertua|Monstera|Bibit Cabai", "Pot Kecil|Pot Besar", "Satuan|Isi 3", 18, 145, 900, "Dirawat sampai kuat, dikirim dengan tanahnya."),
        Ware("apel", C.PRODUCE, "Sayur Segar|Jeruk Dau|Tomat", "Segar", "1 kg|3 kg", 12, 48, 1000, "Dipanen pagi hari."),
        Ware("talenan", C.KITCHEN, "Alat Dapur Kayu|Cobek Batu", "Kecil|Besar", "Satuan|Isi 2", 22, 135, 1500, "Dibuat di kampung, awet bertahun-tahun."),
    ],
}  # fmt: skip
TELL = "{text}\n\n{name}. {kind}Dikirim dari {place} setiap hari kerja."
STATES = [OrderState.RECEIVED] * 86 + [OrderState.CANCELLED] * 9 + [OrderState.SENT] * 5


@dataclass
class Seller:
    """An enterprise of the demo that sells."""

    enterprise: Enterprise
    licences: list[Licence]
    opened: datetime
    shop: Shop | None = None
    products: list[Product] = field(default_factory=list)
    variants: list[Variant] = field(default_factory=list)


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
        self._orders(sellers, orders, keys)

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
                        number=f"{self.rng.randint(10**11, 10**12)}",
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
        signature = drawn_signature(self.region_id, officer)
        agreed = Consent.objects.bulk_create(
            [
                Consent(
                    region_id=self.region_id,
                    text=text,
                    person=one.enterprise.owner.person,
                    recorded_by=one.enterprise.owner.person if own else officer,
                    method=Consent.Method.SELF if own else Consent.Method.SIGNATURE,
                    evidence=None if own else signature,
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
                kinds = [ware for ware in kinds if ware.category == C.SNACK]
                kinds = kinds[2:3] if "Apel" in row.name else kinds
            elif "Bakso" in row.name:
                kinds = [ware for ware in kinds if ware.picture == "bakso"] or kinds
            elif "Batik" in row.name:
                kinds = [ware for ware in kinds if ware.category == C.BATIK] or kinds
            mine = kinds if len(kinds) < 4 else rng.sample(kinds, 3)
            seen: set[str] = set()
            for _n in range(max(2, round(rng.gauss(each, each / 3)))):
                ware = rng.choice(mine)
                for _try in range(8):
                    taste = rng.choice(_of(ware.tastes))
                    name = f"{rng.choice(_of(ware.names))} {taste}"
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
            sorts = rng.sample(_of(ware.kinds), rng.choice([1, 1, 2])) if "|" in ware.kinds else [ware.kinds]
            sorts.sort(key=_of(ware.kinds).index)
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

    def _orders(self, sellers: list[Seller], wanted: int, keys: set[int]) -> None:
        rng = self.rng
        selling = [
            (one, [v for v in one.variants if v.product_id in self.offered])
            for one in sellers
            if one.shop and one.shop.is_open
        ]
        selling = [(one, variants) for one, variants in selling if variants]
        if not selling:
            return
        weights = [30.0 if one.enterprise.pk in keys else rng.paretovariate(1.2) for one, _v in selling]
        orders: list[Order] = []
        chosen: list[list[tuple[Variant, int]]] = []
        plans: list[tuple[Seller, list[Variant], OrderState | None]] = [
            (*pick, None) for pick in rng.choices(selling, weights, k=wanted)
        ]
        for pick in selling:
            if pick[0].enterprise.pk in keys:
                plans += [
                    (*pick, state) for state in (OrderState.PLACED, OrderState.PLACED, OrderState.CONFIRMED)
                ]
        for number, (one, variants, fixed) in enumerate(plans):
            span = (self.now - one.opened).days
            days = 0 if fixed else rng.randint(0, max(1, span - 12))
            placed = self.now - timedelta(days=days, minutes=rng.randint(30, 700))
            state = fixed or (
                rng.choice(STATES) if days > 6 else rng.choice([OrderState.CONFIRMED, OrderState.SENT])
            )
            if not fixed and rng.random() < 0.005:
                state = OrderState.PLACED
                placed = self.now - timedelta(minutes=rng.randint(10, 900))
            lines = [
                (variant, rng.choice([1, 1, 1, 2, 2, 3, 5]))
                for variant in rng.sample(variants, min(len(variants), rng.choice([1, 1, 1, 2, 3])))
            ]
            channel = (
                "shop" if fixed or rng.random() < 0.66 else rng.choice(["shopee", "shopee", "tokopedia_shop"])
            )
            orders.append(self._order(one, lines, state, placed, channel, number))
            chosen.append(lines)
        opening: dict[int, tuple[Variant, int, datetime]] = {}
        for one in sellers:
            for variant in one.variants:
                left = rng.choice([0, 2, 4, 8, 12, 20, 30, 45, 60])
                opening[variant.pk] = (variant, left, variant.product.made_at)
        held: dict[int, int] = {}
        gone: dict[int, int] = {}
        for order, lines in zip(orders, chosen, strict=True):
            for variant, count in lines:
                if order.state in (OrderState.PLACED, OrderState.CONFIRMED):
                    held[variant.pk] = held.get(variant.pk, 0) + count
                elif order.state != OrderState.CANCELLED:
                    gone[variant.pk] = gone.get(variant.pk, 0) + count
        moves = []
        for key, (variant, left, made) in opening.items():
            quantity = left + held.get(key, 0) + gone.get(key, 0)
            if quantity:
                moves.append(self._move(variant, "opening", quantity, made))
        StockMove.objects.bulk_create(moves, CHUNK)
        Order.objects.bulk_create(orders, CHUNK)
        rows, sold = [], []
        for order, lines in zip(orders, chosen, strict=True):
            for variant, count in lines:
                open_now = order.state in (OrderState.PLACED, OrderState.CONFIRMED)
                left_stock = not open_now and order.state != OrderState.CANCELLED
                rows.append(
                    OrderLine(
                        region_id=self.region_id,
                        order=order,
                        variant=variant,
                        title=f"{variant.product.name} {variant.name}".strip(),
                        sku=variant.sku,
                        quantity=count,
                        price=variant.price,
                        held=count if open_now else 0,
                        taken=count if left_stock else 0,
                    )
                )
                if left_stock:
                    sold.append(
                        self._move(variant, "sold", -count, order.sent_at or order.placed_at, order.code)
                    )
        OrderLine.objects.bulk_create(rows, CHUNK)
        StockMove.objects.bulk_create(sold, CHUNK)

    def _move(self, variant: Variant, why: str, quantity: int, when: datetime, source: str = "") -> StockMove:
        return StockMove(
            region_id=self.region_id,
            variant=variant,
            why=why,
            quantity=quantity,
            source=source,
            by=variant.product.made_by,
            moved_at=when,
        )

    def _order(
        self,
        one: Seller,
        lines: list[tuple[Variant, int]],
        state: str,
        placed: datetime,
        channel: str,
        number: int,
    ) -> Order:
        rng = self.rng
        own = channel == "shop"
        qris_paid = bool(own and one.shop and one.shop.takes_qris and rng.random() < 0.6)
        confirmed = placed + timedelta(hours=rng.randint(0, 9), minutes=rng.randint(1, 59))
        sent = confirmed + timedelta(hours=rng.randint(3, 30))
        went = state in (OrderState.SENT, OrderState.RECEIVED)
        accepted = state not in (OrderState.PLACED, OrderState.CANCELLED)
        place = one.enterprise.village.parent
        return Order(
            region_id=self.region_id,
            enterprise=one.enterprise,
            code=self._code(ORDER),
            token=f"{rng.getrandbits(130):033x}"[:32],
            channel=channel,
            external="" if own else f"{placed:%y%m%d}{self.region_id[-2:]}{number:06d}",
            buyer_name=a_name(rng, woman=rng.random() < 0.6) if own else "p***i",
            buyer_phone=_phone(rng) if own else "",
            buyer_address=f"Jl. {rng.choice(STREETS)} {rng.randint(1, 120)}, {place.name if place else ''}"
            if own
            else "",
            payment=Payment.CHANNEL if not own else Payment.QRIS if qris_paid else Payment.CHAT,
            goods=sum(variant.price * count for variant, count in lines),
            shipping=0 if own else rng.choice([0, 9_000, 12_000, 18_000]),
            state=state,
            placed_at=placed,
            expires_at=placed + timedelta(hours=48) if state == OrderState.PLACED else None,
            confirmed_at=min(confirmed, self.now) if accepted else None,
            paid_at=min(confirmed, self.now) if accepted and own else None,
            sent_at=min(sent, self.now) if went else None,
            courier=rng.choice(["JNE", "J&T", "SiCepat", "Pos Indonesia", "Kurir sendiri"]) if went else "",
            tracking=f"{rng.randint(10**11, 10**12)}" if went else "",
            received_at=min(sent + timedelta(days=rng.randint(1, 4)), self.now)
            if state == OrderState.RECEIVED
            else None,
            cancelled_at=min(confirmed, self.now) if state == OrderState.CANCELLED else None,
            cancelled_reason=rng.choice(
                ["Pembeli berubah pikiran", "Stok rusak", "Tidak diterima tepat waktu"]
            )
            if state == OrderState.CANCELLED
            else "",
        )


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
