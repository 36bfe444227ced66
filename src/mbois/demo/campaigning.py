"""Campaigns of the demo city: one of a seller that is over, with results, and one of many sellers a region
that runs; with links, visits and the orders that came over them."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mbois import clock
from mbois.demo.city import Staff, _phone, a_name, at
from mbois.demo.words import STREETS
from mbois.enterprises.models import Enterprise, State
from mbois.market.actions.campaigns import LINK_LENGTH
from mbois.market.codes import CAMPAIGN, LENGTH, ORDER, SIGNS
from mbois.market.models import (
    Campaign,
    CampaignProduct,
    CampaignSeller,
    CampaignState,
    CreativeJob,
    LinkDay,
    Order,
    OrderLine,
    OrderState,
    Payment,
    Product,
    SellerState,
    Shop,
    StockMove,
    TrackedLink,
    Variant,
)
from mbois.people.models import Person, Role

# Where a link is used, and how many come over it on a good day.
PLACES = [("Instagram", 34), ("Status WhatsApp", 21), ("Grup RT dan arisan", 12), ("Poster di pasar", 7)]
TITLES = {"35.73": "Pekan Belanja Tetangga", "35.07": "Pasar Panen Raya", "35.79": "Akhir Pekan di Batu"}
THEME = (
    "Dua minggu belanja dari usaha di sekitar kita. Tiap penjual memberi penawarannya sendiri; "
    "pesan langsung dari halaman tokonya."
)
# The owners one can be, in the campaign of many: who takes part, who has yet to answer.
TAKE_PART, ASKED = ("nanik", "sri", "joko"), ("ayu", "lilik", "imam")


@dataclass
class Campaigning:
    """The campaigns of one region."""

    rng: random.Random
    home: Staff

    def make(
        self, mine: dict[str, Enterprise], seller: Enterprise | None, designs: dict[int, CreativeJob]
    ) -> None:
        """The shared one that runs, and where the seller one can be lives theirs that is over."""
        self.region, self.today, self.now = self.home.region, clock.today(), clock.now()
        if seller is not None:
            self._own(seller, designs.get(seller.pk))
        self._shared(mine, next(iter(designs.values()), None))

    def _code(self, letter: str, length: int = LENGTH) -> str:
        return f"{letter}-{self.region.digits}-" + "".join(self.rng.choice(SIGNS) for _n in range(length))

    def _campaign(
        self, enterprise: Enterprise | None, title: str, begins: date, days: int, by: Person, **words: object
    ) -> Campaign:
        made = at(begins - timedelta(days=12), self.rng)
        return Campaign.objects.create(
            region=self.region,
            enterprise=enterprise,
            code=self._code(CAMPAIGN),
            title=title,
            begins_on=begins,
            ends_on=begins + timedelta(days=days - 1),
            state=CampaignState.PUBLISHED,
            made_by=by,
            made_at=made,
            published_at=made + timedelta(days=2),
            **words,
        )

    def _own(self, seller: Enterprise, material: CreativeJob | None) -> None:
        owner, begins = seller.owner.person, self.today - timedelta(days=33)
        campaign = self._campaign(
            seller,
            "Dua Minggu Baju Baru",
            begins,
            14,
            owner,
            offer="Beli 2 gratis ongkir se-Malang Raya",
            theme="Menyambut musim hajatan: jahitan baru, harga tetap, ongkos kirim kami tanggung.",
            material=material,
        )
        self._agree(campaign, {seller: SellerState.AGREED})
        products = self._products([seller], 6)
        links = self._links(campaign, owner, seller, products)
        self._orders(products, links, begins, 14, 26, over=0.6)
        self._orders(products, [], begins - timedelta(days=14), 14, 9, over=0.0)

    def _shared(self, mine: dict[str, Enterprise], material: CreativeJob | None) -> None:
        officer = self.home.one(Role.AGENCY_OFFICER, self.rng)
        begins = self.today - timedelta(days=5)
        campaign = self._campaign(
            None,
            TITLES.get(self.region.pk, "Pekan Belanja Tetangga"),
            begins,
            14,
            officer,
            offer="Potongan sampai 20% dari tiap penjual",
            theme=THEME,
            material=material,
        )
        shops = Shop.objects.filter(region=self.region, is_open=True, enterprise__state=State.VERIFIED)
        known = [row.pk for row in mine.values()]
        others = [
            shop.enterprise
            for shop in shops.exclude(enterprise__in=known)
            .select_related("enterprise__owner__person", "enterprise__village__parent")
            .order_by("pk")[:14]
        ]
        parts = {mine[key]: SellerState.AGREED for key in TAKE_PART if key in mine}
        parts |= dict.fromkeys(others[:9], SellerState.AGREED)
        parts |= {mine[key]: SellerState.INVITED for key in ASKED if key in mine}
        parts |= dict.fromkeys(others[9:12], SellerState.INVITED)
        parts |= dict.fromkeys(others[12:], SellerState.DECLINED)
        self._agree(campaign, parts)
        agreed = [row for row, state in parts.items() if state == SellerState.AGREED]
        products = self._products(agreed, 3)
        links = self._links(campaign, officer, None, products)
        self._orders(products, links, begins, 6, 14, over=0.7)

    def _agree(self, campaign: Campaign, parts: dict[Enterprise, SellerState]) -> None:
        self.campaign = campaign
        CampaignSeller.objects.bulk_create(
            CampaignSeller(
                region=self.region,
                campaign=campaign,
                enterprise=row,
                state=state,
                invited_by=campaign.made_by,
                invited_at=campaign.made_at,
                answered_by=None if state == SellerState.INVITED else row.owner.person,
                answered_at=None if state == SellerState.INVITED else campaign.made_at + timedelta(days=1),
            )
            for row, state in parts.items()
        )

    def _products(self, sellers: list[Enterprise], each: int) -> list[Product]:
        """Some published products of each, which take part."""
        rows = Product.objects.filter(region=self.region, enterprise__in=sellers, state="published")
        taken: dict[int, list[Product]] = {}
        for row in rows.select_related("enterprise__owner__person").order_by("pk"):
            mine = taken.setdefault(row.enterprise_id, [])
            if len(mine) < each:
                mine.append(row)
        found = [row for mine in taken.values() for row in mine]
        CampaignProduct.objects.bulk_create(
            CampaignProduct(
                region=self.region,
                campaign=self.campaign,
                product=row,
                added_at=self.campaign.made_at + timedelta(days=1),
            )
            for row in found
        )
        return found

    def _links(
        self, campaign: Campaign, by: Person, shop: Enterprise | None, products: list[Product]
    ) -> list[TrackedLink]:
        rng = self.rng
        made = (campaign.published_at or campaign.made_at) + timedelta(hours=1)
        links = TrackedLink.objects.bulk_create(
            TrackedLink(
                region=self.region,
                campaign=campaign,
                code="".join(rng.choice(SIGNS) for _n in range(LINK_LENGTH)),
                label=label,
                product=products[0] if place == 2 and products else None,
                enterprise=shop if place == 1 else None,
                made_by=by,
                made_at=made,
            )
            for place, (label, _visits) in enumerate(PLACES)
        )
        days = [campaign.begins_on + timedelta(days=n) for n in range(campaign.days)]
        LinkDay.objects.bulk_create(
            LinkDay(
                region=self.region,
                link=link,
                day=day,
                visits=round(visits * rng.uniform(0.4, 1.2) * (1.6 if day.weekday() >= 5 else 1)),
            )
            for link, (_label, visits) in zip(links, PLACES, strict=True)
            for day in days
            if day <= self.today
        )
        return links

    # --- orders -----------------------------------------------------------------------------------

    def _orders(
        self,
        products: list[Product],
        links: list[TrackedLink],
        begins: date,
        days: int,
        count: int,
        *,
        over: float,
    ) -> None:
        """Orders on the shop pages in these days, a share of them over the links; what was sold was made
        before."""
        rng = self.rng
        by_product: dict[int, list[Variant]] = {}
        rows = Variant.objects.filter(region=self.region, product__in=products, active=True)
        for variant in rows.select_related("product__enterprise__village__parent").order_by("pk"):
            by_product.setdefault(variant.product_id, []).append(variant)
        if not by_product:
            return
        orders, lines, moves = [], [], []
        made: dict[int, tuple[Variant, int]] = {}
        for _number in range(count):
            variant = rng.choice(by_product[rng.choice(sorted(by_product))])
            quantity = rng.choice([1, 2, 2, 3])
            placed = at(begins + timedelta(days=rng.randrange(days)), rng)
            order = self._order(variant, quantity, placed, rng.choice(links) if rng.random() < over else None)
            orders.append(order)
            lines.append(
                OrderLine(
                    region=self.region,
                    order=order,
                    variant=variant,
                    title=f"{variant.product.name} {variant.name}".strip(),
                    sku=variant.sku,
                    quantity=quantity,
                    price=variant.price,
                    held=0,
                    taken=quantity,
                )
            )
            moves.append(self._move(variant, "sold", -quantity, order.sent_at or placed, order.code))
            made[variant.pk] = (variant, made.get(variant.pk, (variant, 0))[1] + quantity)
        start = at(begins - timedelta(days=1), rng)
        StockMove.objects.bulk_create(
            self._move(variant, "made", quantity, start) for variant, quantity in made.values()
        )
        Order.objects.bulk_create(orders)
        OrderLine.objects.bulk_create(lines)
        StockMove.objects.bulk_create(moves)

    def _move(self, variant: Variant, why: str, quantity: int, when: datetime, source: str = "") -> StockMove:
        return StockMove(
            region=self.region,
            variant=variant,
            why=why,
            quantity=quantity,
            source=source,
            by=variant.product.made_by,
            moved_at=when,
        )

    def _order(self, variant: Variant, quantity: int, placed: datetime, link: TrackedLink | None) -> Order:
        rng, enterprise = self.rng, variant.product.enterprise
        place = enterprise.village.parent
        later = [min(placed + timedelta(hours=hours), self.now) for hours in (2, 20, 70)]
        return Order(
            region=self.region,
            enterprise=enterprise,
            code=self._code(ORDER),
            token=f"{rng.getrandbits(130):033x}"[:32],
            link=link,
            buyer_name=a_name(rng, woman=rng.random() < 0.6),
            buyer_phone=_phone(rng),
            buyer_address=f"Jl. {rng.choice(STREETS)} {rng.randint(1, 120)}, {place.name if place else ''}",
            payment=Payment.CHAT,
            goods=variant.price * quantity,
            shipping=rng.choice([0, 9_000, 12_000]),
            state=OrderState.RECEIVED,
            placed_at=placed,
            confirmed_at=later[0],
            paid_at=later[0],
            sent_at=later[1],
            courier=rng.choice(["JNE", "J&T", "Kurir sendiri"]),
            tracking=f"{rng.randint(10**11, 10**12)}",
            received_at=later[2],
        )
