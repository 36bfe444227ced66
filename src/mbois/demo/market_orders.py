"""Two years of orders in the invented city: what was sold, held and taken from the shelf."""

import random
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mbois.demo.city import CHUNK, _phone, a_name
from mbois.demo.words import STREETS
from mbois.enterprises.models import Enterprise, Licence
from mbois.market.codes import ORDER
from mbois.market.models import Order, OrderLine, OrderState, Payment, Product, Shop, StockMove, Variant

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


@dataclass
class Selling:
    """Makes the orders of one region; `offered` are the products that are published."""

    rng: random.Random
    region_id: str
    now: datetime
    offered: Collection[int]
    new_code: Callable[[str], str]

    def make(self, sellers: list[Seller], wanted: int, keys: set[int]) -> None:
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
            code=self.new_code(ORDER),
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
