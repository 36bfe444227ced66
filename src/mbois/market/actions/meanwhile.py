"""A page that is older than what it shows: what nobody touched on it stays as it is now, and what was
changed on both sides is said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from mbois.market.actions import stock
from mbois.market.actions.told import Told, as_it_is
from mbois.market.models import Category, Certificate, Product, Variant
from mbois.market.models.desk import seal_of
from mbois.refused import Refused
from mbois.web import show

OF_PRODUCT = ("name", "description", "category", "brand", "attributes", "is_food")
OF_VARIANT = ("name", "sku", "price", "weight_grams", "length_cm", "width_cm", "height_cm")


class ChangedMeanwhile(Refused):
    """Somebody changed the same since the page was shown. `clashes` holds a sentence for each field, those
    of a variant under `12.price`; `now` the seals of what stands there, with which it can be sent again."""

    def __init__(self, clashes: dict[str, str], now: dict[str, str]) -> None:
        super().__init__(
            _(
                "This product was changed while you had the page open. Nothing is saved yet: look at the "
                "marked fields, then save again."
            ),
            code="changed",
            status=409,
        )
        self.clashes, self.now = clashes, now


def shown_of(product: Product) -> dict[str, str]:
    """Seals of what a form of this product begins with, by field; those of a variant under `12.price`."""
    seals = {name: _seal(value) for name, value in _of(product).items()}
    for row in product.variants.filter(active=True):
        seals |= {f"{row.pk}.{name}": _seal(value) for name, value in _of_variant(row).items()}
    return seals


def _of(product: Product) -> dict[str, Any]:
    covered = Certificate.objects.filter(region=product.region_id, product=product)
    return {
        **{name: getattr(product, name) for name in OF_PRODUCT},
        "not_food": product.not_food_at is not None,
        "certificates": list(covered.values_list("licence_id", flat=True)),
    }


def _of_variant(row: Variant) -> dict[str, Any]:
    return {"stock": row.on_hand, **{name: getattr(row, name) for name in OF_VARIANT}}


def _seal(value: Any) -> str:
    """The seal of a value as it is typed: a browser ends lines its own way, and nothing is nothing."""
    if isinstance(value, str):
        value = "\n".join(value.splitlines()).strip()
    elif isinstance(value, dict):
        value = list(value.items())
    elif isinstance(value, list):
        value = sorted(value)
    return seal_of("" if value is None else value)


def _written(name: str, value: Any) -> str:
    """A value as its field shows it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "price":
        return show.rupiah(value)
    if name == "category":
        return str(Category(value).label) if value in Category.values else str(value)
    if isinstance(value, dict):
        value = "; ".join(f"{key}: {text}" for key, text in value.items())
    if name == "certificates":
        value = len(value)
    return Truncator(str(show.NOTHING if value in ("", None) else value)).chars(80)


@dataclass
class _Compared:
    """What was shown, and where both sides changed it since."""

    shown: Mapping[str, str]
    clashes: dict[str, str] = field(default_factory=dict)
    now: dict[str, str] = field(default_factory=dict)

    def touched(self, key: str, typed: Any, there: Any) -> bool:
        """Whether the person changed this; notes it where somebody else did so too."""
        before, now = self.shown.get(key), _seal(there)
        if _seal(typed) == before:
            return False
        if before is not None and now not in (before, _seal(typed)):
            name = key.rpartition(".")[2]
            self.now[key] = now
            self.clashes[key] = _(
                "Changed meanwhile to “%(now)s”; you wrote “%(typed)s”. Save again if yours is right."
            ) % {"now": _written(name, there), "typed": _written(name, typed)}
        return True


def only_touched(
    product: Product, fields: Mapping[str, Any], variants: Sequence[Told], *, shown: Mapping[str, str]
) -> tuple[dict[str, Any], list[Told]]:
    """What the person changed of a product on a page of which `shown` are the seals (see `shown_of`); the
    variants with what was left alone as it is now, those that came since among them. Called with the
    product locked. Raises ChangedMeanwhile."""
    compared = _Compared(shown)
    now = _of(product)
    touched = {
        name: typed
        for name, typed in fields.items()
        # said again with each new name
        if compared.touched(name, typed, now[name]) or (name == "not_food" and typed)
    }
    keys = Variant.objects.filter(region=product.region_id, product=product).values_list("pk", flat=True)
    rows = stock.lock(product.region_id, keys)
    told = []
    for one in variants:
        row = rows.get(one.key or 0)
        if row is not None and f"{row.pk}.price" in shown:
            one = _as_touched(one, row, compared)
        told.append(one)
    known = {one.key for one in told}
    told += [
        as_it_is(row)
        for row in rows.values()
        if row.active and row.pk not in known and f"{row.pk}.price" not in shown
    ]
    if compared.clashes:
        raise ChangedMeanwhile(compared.clashes, compared.now)
    return touched, told


def _as_touched(one: Told, row: Variant, compared: _Compared) -> Told:
    back: dict[str, Any] = {}
    for name, there in _of_variant(row).items():
        typed = getattr(one, name)
        if name == "stock":
            if typed is not None and not compared.touched(f"{row.pk}.{name}", typed, there):
                back[name] = None  # what was sold meanwhile stays sold
        elif not compared.touched(f"{row.pk}.{name}", typed, there):
            back[name] = there
    return replace(one, **back)
