"""Products as a spreadsheet: taken out, changed, and put in again after one has seen what would happen."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mbois.enterprises.imports.reading import Cell, read
from mbois.enterprises.models import Enterprise
from mbois.market import quality
from mbois.market.actions import products as actions
from mbois.market.actions.told import Told, as_it_is, check_variant, check_words
from mbois.market.models import Category, Product, ProductState, Variant
from mbois.people.models import Person
from mbois.refused import Refused
from mbois.web import show
from mbois.web.forms.fields import read_money
from mbois.written import seen

MOST_ROWS = 2000
# The key of a column, and what it may be called.
COLUMNS = {
    "name": ("Produk", "Product", "Nama produk", "Nama"),
    "category": ("Kategori", "Category"),
    "description": ("Keterangan", "Description", "Deskripsi"),
    "brand": ("Merek", "Brand"),
    "variant": ("Varian", "Variant", "Variasi"),
    "sku": ("SKU", "SKU", "Kode"),
    "price": ("Harga", "Price"),
    "stock": ("Stok", "Stock"),
    "weight_grams": ("Berat (gram)", "Weight (grams)", "Berat"),
    "length_cm": ("Panjang (cm)", "Length (cm)", "Panjang"),
    "width_cm": ("Lebar (cm)", "Width (cm)", "Lebar"),
    "height_cm": ("Tinggi (cm)", "Height (cm)", "Tinggi"),
    "state": ("Keadaan", "State"),
}
# What a line says of the whole product, and what of it may be emptied.
WORDS = ("name", "category", "description", "brand")
MAY_BE_EMPTY = ("description", "brand")
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_CENTS = re.compile(r"[.,][0-9]{1,2}$")
_NUMBERS = ("weight_grams", "length_cm", "width_cm", "height_cm")
LABELS = {
    "name": gettext_lazy("name"),
    "category": gettext_lazy("category"),
    "description": gettext_lazy("description"),
    "brand": gettext_lazy("brand"),
    "variant": gettext_lazy("variant"),
    "price": gettext_lazy("price"),
    "stock": gettext_lazy("stock"),
    "weight_grams": gettext_lazy("weight"),
    "length_cm": gettext_lazy("length"),
    "width_cm": gettext_lazy("width"),
    "height_cm": gettext_lazy("height"),
}


def headings(language: str) -> list[str]:
    place = 1 if language.startswith("en") else 0
    return [names[place] for names in COLUMNS.values()]


def lines_of(enterprise: Enterprise) -> Iterator[list[Any]]:
    """A line for each variant that is offered, in the order of `COLUMNS`."""
    rows = (
        Variant.objects.filter(region=enterprise.region_id, product__enterprise=enterprise, active=True)
        .select_related("product")
        .order_by("product__name", "product", "position", "pk")
    )
    for row in rows.iterator(chunk_size=1000):
        product = row.product
        yield [
            product.name,
            str(Category(product.category).label),
            product.description,
            product.brand,
            row.name,
            row.sku,
            row.price,
            row.on_hand,
            *(getattr(row, name) for name in _NUMBERS),
            str(ProductState(product.state).label),
        ]


@dataclass
class Line:
    """A line of a file and what becomes of it: new, variant, change, same or refused."""

    number: int
    values: dict[str, Any]
    fate: str = "same"
    why: str = ""
    changes: list[str] = field(default_factory=list)
    variant: Variant | None = None

    @property
    def title(self) -> str:
        """The product and variant the line is about."""
        product = self.values.get("name") or (self.variant.product.name if self.variant else "")
        return f"{product} {self.values.get('variant') or ''}".strip()


@dataclass
class Plan:
    """What putting a file in would do."""

    lines: list[Line]

    def count(self, fate: str) -> int:
        return sum(line.fate == fate for line in self.lines)

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        words = {
            "new": _("new products"),
            "variant": _("new variants"),
            "change": _("changes"),
            "same": _("unchanged"),
            "refused": _("refused"),
        }
        return [(fate, label, self.count(fate)) for fate, label in words.items()]

    @property
    def doing(self) -> bool:
        return any(line.fate in ("new", "variant", "change") for line in self.lines)

    @property
    def shown(self) -> list[Line]:
        """The lines worth looking at, the refused first."""
        order = {"refused": 0, "change": 1, "variant": 2, "new": 3}
        return sorted((line for line in self.lines if line.fate != "same"), key=lambda one: order[one.fate])[
            :300
        ]


def read_lines(data: bytes) -> list[tuple[int, dict[str, Any]]]:
    """The lines of a file as told values. Refuses what is no spreadsheet, without names and prices, or
    longer than 2,000 lines."""
    sheet = read(data, keep_lines=True)
    known = {name.lower(): key for key, names in COLUMNS.items() for name in names}
    places = {known[title.strip().lower()]: at for at, title in reversed(list(enumerate(sheet.columns))) if title.strip().lower() in known}  # fmt: skip
    if "price" not in places or not {"name", "sku"} & set(places):
        raise Refused(
            _("The file needs the columns Product or SKU, and Price."), field="file", code="columns"
        )
    if len(sheet.rows) > MOST_ROWS:
        raise Refused(_("At most 2,000 lines at once."), field="file", code="file_too_long")
    return [(number, {key: _plain(cells[at]) for key, at in places.items()}) for number, cells in sheet.rows]


def _plain(cell: Cell) -> Any:
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell


def _category(text: str) -> str | None:
    from django.utils.translation import override

    wanted = text.strip().lower()
    for one in Category:
        names = {one.value}
        for language in ("id", "en"):
            with override(language):
                names.add(str(one.label).lower())
        if wanted in names:
            return str(one.value)
    return None


def _number(value: Any) -> int | None:
    """A whole number of a cell; None where it is empty. Raises ValueError where it is none."""
    if value in ("", None):
        return None
    text = str(value).strip().replace(".", "") if isinstance(value, str) else value
    if isinstance(value, float) or (isinstance(text, str) and not _WHOLE.fullmatch(text)):
        raise ValueError(value)
    return int(text)


def _price(cell: Any) -> int:
    """Whole rupiah of a cell. Raises Refused where it is no amount, or has cents."""
    price = cell if isinstance(cell, int) else read_money(str(cell))
    if price is None and read_money(_CENTS.sub("", str(cell).strip())):
        raise Refused(_("A price is in whole rupiah, without cents: for example 908.000."))
    if price is None:
        raise Refused(_("The price is not an amount of money, for example 15.000."))
    return price


def _paragraphs(text: str) -> str:
    """A text with its lines, each without blanks that nobody sees."""
    return "\n".join(" ".join(line.split()) for line in text.splitlines()).strip()


def _sku(told: dict[str, Any]) -> str:
    """The SKU of a line, "" where it has none."""
    return " ".join(str(told.get("sku", "")).split())


def _read_values(told: dict[str, Any]) -> dict[str, Any]:
    """The values of a line as they are stored. Raises Refused with what is wrong."""
    values: dict[str, Any] = {}
    for key in ("name", "description", "brand", "variant", "sku"):
        if key in told:
            value = seen(str(told[key]))
            values[key] = _paragraphs(value) if key == "description" else " ".join(value.split())
    if told.get("category"):
        values["category"] = _category(str(told["category"]))
        if values["category"] is None:
            raise Refused(_("The category “%(text)s” is not known.") % {"text": told["category"]})
    values["price"] = _price(told.get("price", ""))
    for key in ("stock", *_NUMBERS):
        if key in told:
            try:
                values[key] = _number(told[key])
            except (ValueError, OverflowError):
                raise Refused(
                    _("%(column)s is not a whole number.") % {"column": str(LABELS[key]).capitalize()}
                ) from None
    check_words({key: values[key] for key in ("name", "description", "brand") if key in values})
    check_variant(_told_of(values, Told()))
    return values


@transaction.atomic
def decide(enterprise: Enterprise, told: list[tuple[int, dict[str, Any]]], *, by: Person) -> Plan:
    """What each line would do to the products as they are now. It is put in and taken out again, so what
    would be refused is refused here, for the same reason. Leaves nothing behind."""
    plan, _products = _put_in(enterprise, told, by=by)
    transaction.set_rollback(True)
    return plan


def _read_plan(enterprise: Enterprise, told: list[tuple[int, dict[str, Any]]]) -> Plan:
    """What each line is about, and what is wrong with it by itself."""
    by_sku = {
        row.sku: row
        for row in Variant.objects.filter(
            region=enterprise.region_id, product__enterprise=enterprise
        ).select_related("product")
    }
    names = {
        name.lower()
        for name in Product.objects.filter(region=enterprise.region_id, enterprise=enterprise).values_list(
            "name", flat=True
        )
    }
    spelt = {sku.upper(): sku for sku in by_sku}
    places: dict[str, list[int]] = {}
    for number, values in told:
        if sku := _sku(values):
            places.setdefault(sku.upper(), []).append(number)
    lines = []
    for number, values in told:
        line = Line(number, values)
        lines.append(line)
        try:
            line.values = _read_values(values)
        except Refused as refused:
            line.fate, line.why = "refused", refused.message
            continue
        sku, name = line.values.get("sku", ""), line.values.get("name", "")
        others = [str(other) for other in places.get(sku.upper(), []) if other != number]
        if others:
            line.fate = "refused"
            line.why = _("This SKU stands on line %(others)s too. Each line needs its own.") % {
                "others": ", ".join(others[:5])
            }
            continue
        if sku not in by_sku and sku.upper() in spelt:
            line.fate = "refused"
            line.why = _("You have the SKU %(sku)s already. Write it the same way, or choose another.") % {
                "sku": spelt[sku.upper()]
            }
            continue
        if sku in by_sku:
            line.variant = by_sku[sku]
            line.changes = _differences(line.variant, line.values)
            line.fate = "change" if line.changes else "same"
            if line.values.get("stock") is not None and line.values["stock"] < line.variant.reserved:
                line.fate = "refused"
                line.why = _("%(reserved)s are held for orders, so at least that many must stay.") % {
                    "reserved": line.variant.reserved
                }
        elif not name:
            line.fate, line.why = "refused", _("This SKU is not known, and a new product needs a name.")
        elif name.lower() in names:
            line.fate = "variant"
        elif not line.values.get("category"):
            line.fate, line.why = "refused", _("A new product needs a category.")
        else:
            line.fate = "new"
    return Plan(lines)


def _differences(row: Variant, values: dict[str, Any]) -> list[str]:
    product = row.product
    now = {
        "name": product.name,
        "category": product.category,
        "description": _paragraphs(product.description),
        "brand": product.brand,
        "variant": row.name,
        "price": row.price,
        "stock": row.on_hand,
        **{name: getattr(row, name) for name in _NUMBERS},
    }
    found = []
    for key, before in now.items():
        if (
            key not in values
            or (key == "stock" and values[key] is None)
            or (key == "name" and not values[key])
        ):
            continue
        if values[key] != before:
            write = show.rupiah if key == "price" else str
            found.append(f"{LABELS[key]}: {write(before or '–')} → {write(values[key] or '–')}"[:160])
    return found


@transaction.atomic
def apply(enterprise: Enterprise, told: list[tuple[int, dict[str, Any]]], *, by: Person) -> Plan:
    """Put a file in: what can be is done, the refused lines are left. Answers with what was done."""
    plan, products = _put_in(enterprise, told, by=by)
    quality.refresh(enterprise.region_id, products)
    return plan


def _put_in(
    enterprise: Enterprise, told: list[tuple[int, dict[str, Any]]], *, by: Person
) -> tuple[Plan, list[int]]:
    """What was done, and to which products."""
    plan = _read_plan(enterprise, told)
    products = []
    groups: dict[Any, list[Line]] = {}
    for line in plan.lines:
        if line.fate == "change" and line.variant is not None:
            groups.setdefault(line.variant.product_id, []).append(line)
        elif line.fate in ("new", "variant"):
            groups.setdefault(line.values["name"].lower(), []).append(line)
    for key, lines in groups.items():
        try:
            with transaction.atomic():
                products.append(_apply_group(enterprise, key, lines, by=by).pk)
        except Refused as refused:
            for line in lines:
                line.fate, line.why = "refused", refused.message
    return plan, products


def _apply_group(enterprise: Enterprise, key: Any, lines: list[Line], *, by: Person) -> Product:
    rows = Product.objects.filter(region=enterprise.region_id, enterprise=enterprise)
    product = rows.filter(pk=key).first() if isinstance(key, int) else rows.filter(name__iexact=key).first()
    now = {name: getattr(product, name) for name in WORDS} if product else {}
    if product:
        now["description"] = _paragraphs(product.description)
    fields: dict[str, Any] = {}
    for line in lines:
        for name in WORDS:
            value = line.values.get(name)
            if value is None or (value == "" and name not in MAY_BE_EMPTY):
                continue
            if value != now.get(name):  # what another line leaves as it was does not undo a change
                fields[name] = value
    if product is None:
        variants = [_told(line) for line in lines]
        return actions.create_product(enterprise, by=by, variants=variants, judge=False, **fields)
    changed = {line.variant.pk: line for line in lines if line.variant is not None}
    variants = []
    for row in product.variants.filter(active=True):
        if row.pk in changed:
            variants.append(_told(changed[row.pk], row))
        else:
            variants.append(as_it_is(row))
    variants += [_told(line) for line in lines if line.variant is None]
    variants += [
        _told(line, line.variant) for line in lines if line.variant is not None and not line.variant.active
    ]
    return actions.update_product(product, by=by, variants=variants, judge=False, **fields)


def _told(line: Line, row: Variant | None = None) -> Told:
    return _told_of(line.values, as_it_is(row) if row else Told())


def _told_of(values: dict[str, Any], before: Told) -> Told:
    """A variant as a line tells it, with what the line does not say as it was before."""
    return replace(
        before,
        name=values.get("variant", before.name),
        sku=values.get("sku", ""),
        price=values["price"],
        stock=values.get("stock"),
        **{name: values[name] for name in _NUMBERS if name in values},
    )
