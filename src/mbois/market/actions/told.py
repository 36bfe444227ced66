"""What a seller tells of a product and its variants, and the limits of what can be kept of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from mbois.market.models import Product, Variant
from mbois.market.models.products import MOST_PRICE, MOST_SIZE, MOST_STOCK, MOST_WEIGHT
from mbois.refused import Refused
from mbois.web import show

MOST = {"weight_grams": MOST_WEIGHT, "length_cm": MOST_SIZE, "width_cm": MOST_SIZE, "height_cm": MOST_SIZE}


@dataclass(frozen=True)
class Told:
    """A variant as its seller tells it. `key` names one there is already; price in rupiah, `stock` what
    is on the shelf now (None: leave it)."""

    name: str = ""
    sku: str = ""
    price: int = 0
    stock: int | None = None
    weight_grams: int | None = None
    length_cm: int | None = None
    width_cm: int | None = None
    height_cm: int | None = None
    active: bool = True
    key: int | None = None


def as_it_is(row: Variant) -> Told:
    """A variant that is left as it is."""
    return Told(
        key=row.pk,
        name=row.name,
        sku=row.sku,
        price=row.price,
        weight_grams=row.weight_grams,
        length_cm=row.length_cm,
        width_cm=row.width_cm,
        height_cm=row.height_cm,
    )


def _label(model: type[models.Model], name: str) -> str:
    return str(capfirst(str(getattr(model._meta.get_field(name), "verbose_name", name))))


def _check_lengths(model: type[models.Model], words: Mapping[str, str], *, field: str | None = None) -> None:
    for name, text in words.items():
        most = getattr(model._meta.get_field(name), "max_length", None)
        if most and len(text) > most:
            raise Refused(
                _("%(what)s: at most %(most)s characters; this has %(length)s.")
                % {
                    "what": _label(model, name),
                    "most": show.angka(most),
                    "length": show.angka(len(text)),
                },
                field=field or name,
                code="too_long",
            )


def check_words(words: Mapping[str, str]) -> None:
    """Refuse a name, description or brand of a product that is longer than what is kept."""
    _check_lengths(Product, words)


def check_price(price: int) -> None:
    """Refuse an amount in rupiah that is no price."""
    if price <= 0:
        raise Refused(_("Give a price above zero."), field="variants", code="price")
    if price > MOST_PRICE:
        raise Refused(
            _("A price is at most %(most)s.") % {"most": show.rupiah(MOST_PRICE)},
            field="variants",
            code="price",
        )


def check_variant(told: Told) -> None:
    """Refuse a variant that could not be kept as it is told."""
    _check_lengths(Variant, {"name": told.name, "sku": told.sku}, field="variants")
    check_price(told.price)
    if told.stock is not None and not 0 <= told.stock <= MOST_STOCK:
        raise Refused(_("Stock is a number from 0 to 1,000,000."), field="variants", code="stock")
    for name, most in MOST.items():
        value = getattr(told, name)
        if value is not None and not 1 <= value <= most:
            raise Refused(
                _("%(what)s is a whole number from 1 to %(most)s.")
                % {"what": _label(Variant, name), "most": show.angka(most)},
                field="variants",
                code=name,
            )
