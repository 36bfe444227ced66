"""Stock: held for orders, taken when they are sent, given back when they are cancelled.

Every verb locks the variants it touches first, in the order of their keys, so two orders of the same
things wait for one another and never in a circle. The database has the last word: `reserved` can never
pass `on_hand` (`variant_stock_is_there`), whoever writes.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from mbois.market import policy
from mbois.market.changes import changed
from mbois.market.models import OrderLine, StockMove, Variant
from mbois.market.models.products import MOST_STOCK
from mbois.people.models import Person
from mbois.refused import Refused, require


def lock(region_id: str, variants: Iterable[int | None]) -> dict[int, Variant]:
    """These variants as they stand now, held until the transaction ends; with their products."""
    keys = sorted({key for key in variants if key is not None})
    rows = (
        Variant.objects.select_for_update(of=("self",), no_key=True)
        .filter(region=region_id, pk__in=keys)
        .select_related("product")
        .order_by("pk")
    )
    return {row.pk: row for row in rows}


def _tell(region_id: str, variants: Iterable[Variant]) -> None:
    by_seller: dict[int, list[int]] = {}
    for variant in variants:
        by_seller.setdefault(variant.seller, []).append(variant.pk)
    for seller, keys in by_seller.items():
        changed(region_id, seller, keys)


@transaction.atomic
def reserve(lines: Sequence[OrderLine]) -> None:
    """Hold the whole of these saved lines of one order. Refuses, and holds nothing, where less is left:
    the field is `lines`, the code `sold_out`."""
    there = _lock_lines(lines)
    wanted = Counter[int]()
    for line in lines:
        if line.variant_id is not None:
            wanted[line.variant_id] += line.quantity - line.held
    for key, count in wanted.items():
        variant = there[key]
        if count > variant.available:
            raise sold_out(variant)
    for line in lines:
        if line.variant_id is not None and line.held < line.quantity:
            line.held = line.quantity
            _save(line)
    _tell_of(lines, there)


def sold_out(variant: Variant) -> Refused:
    """How an order of too many is refused."""
    name = f"{variant.product.name} {variant.name}".strip()
    if variant.available:
        message = _("Only %(count)s of %(name)s are left.") % {"count": variant.available, "name": name}
    else:
        message = _("%(name)s is sold out.") % {"name": name}
    return Refused(message, field="lines", code="sold_out", status=409)


@transaction.atomic
def reserve_what_is_there(lines: Sequence[OrderLine]) -> list[OrderLine]:
    """Hold as much of these saved lines as is left, for what a marketplace has already sold; answers
    with the lines that stay short."""
    there = _lock_lines(lines)
    left = {key: variant.available for key, variant in there.items()}
    for line in lines:
        if line.variant_id is None:
            continue
        more = min(line.quantity - line.held, left[line.variant_id])
        if more > 0:
            left[line.variant_id] -= more
            line.held += more
            _save(line)
    _tell_of(lines, there)
    return [line for line in lines if line.held < line.quantity]


@transaction.atomic
def release(lines: Sequence[OrderLine]) -> None:
    """Give back what these lines hold."""
    there = _lock_lines(lines)
    for line in lines:
        if line.held:
            line.held = 0
            _save(line)
    _tell_of(lines, there)


@transaction.atomic
def take(lines: Sequence[OrderLine], *, source: str, by: Person | None = None) -> None:
    """Let what these lines hold leave the stock: it was sent. `source` is the code of the order."""
    _lock_lines(lines)
    moves = []
    for line in lines:
        if line.held and line.variant_id is not None:
            moves.append(
                StockMove(
                    region_id=line.region_id,
                    variant_id=line.variant_id,
                    why=StockMove.Why.SOLD,
                    quantity=-line.held,
                    source=source,
                    by=by,
                )
            )
            line.taken, line.held = line.taken + line.held, 0
            _save(line)
    StockMove.objects.bulk_create(moves)


@transaction.atomic
def put_back(lines: Sequence[OrderLine], *, source: str, by: Person | None = None) -> None:
    """Put what these lines had taken on the shelf again: the parcel came back."""
    there = _lock_lines(lines)
    moves = [
        StockMove(
            region_id=line.region_id,
            variant_id=line.variant_id,
            why=StockMove.Why.RETURNED,
            quantity=line.taken,
            source=source,
            by=by,
        )
        for line in lines
        if line.taken and line.variant_id is not None
    ]
    for line in lines:
        if line.taken:
            line.taken = 0
            _save(line)
    StockMove.objects.bulk_create(moves)
    _tell_of(lines, there)


@transaction.atomic
def move(
    variant: Variant, *, why: str, quantity: int, by: Person | None, source: str = "", checked: bool = False
) -> Variant:
    """Record that some came (`quantity` > 0) or went, and why. Answers with the variant as it is then.

    `checked` where the caller has asked the policy already.
    """
    row = lock(variant.region_id, [variant.pk])[variant.pk]
    if not checked:
        assert by is not None
        require(policy.can_sell(by, row.product.enterprise))
    if quantity == 0:
        raise Refused(_("Say how many came or went."), field="quantity", code="required")
    if why == StockMove.Why.SPOILED:
        quantity = -abs(quantity)
    elif why not in (StockMove.Why.OPENING, StockMove.Why.MADE, StockMove.Why.COUNTED):
        raise Refused(_("Choose why the stock changes."), field="why", code="why")
    elif why != StockMove.Why.COUNTED and quantity < 0:
        raise Refused(_("Give how many came, as a number above zero."), field="quantity", code="number")
    after = row.on_hand + quantity
    if after < row.reserved:
        raise Refused(
            _("%(reserved)s are held for orders, so at least that many must stay.")
            % {"reserved": row.reserved},
            field="quantity",
            code="reserved",
        )
    if after > MOST_STOCK:
        raise Refused(_("This is more than fits."), field="quantity", code="number")
    StockMove.objects.create(
        region_id=row.region_id, variant=row, why=why, quantity=quantity, source=source[:60], by=by
    )
    row.on_hand = after
    _tell(row.region_id, [row])
    return row


@transaction.atomic
def count(
    variant: Variant, *, on_hand: int, by: Person | None, source: str = "", checked: bool = False
) -> Variant:
    """Set what is on the shelf to what was counted; nothing is recorded where it agrees."""
    row = lock(variant.region_id, [variant.pk])[variant.pk]
    if row.on_hand == on_hand:
        return row
    why = StockMove.Why.COUNTED
    if row.on_hand == 0 and not StockMove.objects.filter(region=row.region_id, variant=row).exists():
        why = StockMove.Why.OPENING
    return move(row, why=why, quantity=on_hand - row.on_hand, by=by, source=source, checked=checked)


def _lock_lines(lines: Sequence[OrderLine]) -> dict[int, Variant]:
    if not lines:
        return {}
    return lock(lines[0].region_id, (line.variant_id for line in lines))


def _save(line: OrderLine) -> None:
    OrderLine.objects.filter(region=line.region_id, pk=line.pk).update(held=line.held, taken=line.taken)


def _tell_of(lines: Sequence[OrderLine], there: dict[int, Variant]) -> None:
    if lines:
        _tell(lines[0].region_id, there.values())


__all__ = [
    "count",
    "lock",
    "move",
    "put_back",
    "release",
    "reserve",
    "reserve_what_is_there",
    "sold_out",
    "take",
]
