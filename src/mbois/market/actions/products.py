"""Products: made, changed, published, withdrawn."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext as _

from mbois import clock
from mbois.enterprises.models import Enterprise, Licence
from mbois.market import food, policy, quality
from mbois.market.actions import stock
from mbois.market.actions.meanwhile import only_touched
from mbois.market.actions.told import Told, check_price, check_variant, check_words
from mbois.market.changes import changed
from mbois.market.codes import PRODUCT, new_code
from mbois.market.models import Category, Certificate, Product, ProductState, StockMove, Variant
from mbois.market.models.products import FOOD, FOOD_LICENCES
from mbois.people.models import Person
from mbois.refused import Refused, require
from mbois.web import show

FIELDS = ("name", "description", "category", "brand", "attributes", "is_food")
MOST_VARIANTS = 30


@dataclass(frozen=True)
class Gate:
    """What stands between a product and the public, with the way through."""

    key: str
    text: str
    url: str = ""
    action: str = ""


def locked_product(product: Product) -> Product:
    """The product as it stands now, held until the transaction ends."""
    return (
        Product.objects.select_for_update(of=("self",), no_key=True)
        .select_related("enterprise__owner")
        .get(region=product.region_id, pk=product.pk)
    )


@transaction.atomic
def create_product(
    enterprise: Enterprise, *, by: Person, variants: Sequence[Told], judge: bool = True, **fields: Any
) -> Product:
    """Make a draft with its variants. `fields` and `judge` as in `update_product`."""
    require(policy.can_sell(by, enterprise))
    product = Product(region_id=enterprise.region_id, enterprise=enterprise, made_by=by)
    _fill(product, fields, by=by)
    for _attempt in range(5):
        product.code = new_code(PRODUCT, product.region_id)
        try:
            with transaction.atomic():
                product.save(force_insert=True)
                break
        except IntegrityError as error:
            if "product_code" not in str(error):
                raise
    if "certificates" in fields:
        set_certificates(product, fields["certificates"], by=by)
    _set_variants(product, variants, by=by)
    if judge:
        quality.refresh(product.region_id, [product.pk])
    return product


@transaction.atomic
def update_product(
    product: Product,
    *,
    by: Person,
    variants: Sequence[Told] | None = None,
    shown: Mapping[str, str] | None = None,
    judge: bool = True,
    **fields: Any,
) -> Product:
    """Change a product: `fields` as in `FIELDS`, `certificates` as in `set_certificates`, and `not_food`
    where somebody says that it is no food. Variants not among those told are no longer offered.

    `shown` are the seals of what a page showed (`meanwhile.shown_of`): what was not touched on it stays
    as it is now, and what somebody else changed too is refused (`ChangedMeanwhile`). Refuses to make a
    published one food where the licence for it is missing, or to let it seem food where nobody said that
    it is none. Without `judge` the caller has the quality of its listings judged again."""
    product = locked_product(product)
    require(policy.can_sell(by, product.enterprise))
    if shown is not None and variants is not None:
        fields, variants = only_touched(product, fields, variants, shown=shown)
    _fill(product, fields, by=by)
    if product.state == ProductState.PUBLISHED:
        if variants is not None and not any(one.active for one in variants):
            raise Refused(_("Offer at least one variant."), field="variants", code="variants")
        if product.is_food and not has_food_licence(product.enterprise):
            raise Refused(_no_licence(), field="is_food", code="no_pirt")
        if question := food.doubt(product):
            raise Refused(question, field="not_food", code="seems_food")
    product.changed_at = clock.now()
    product.save()
    if "certificates" in fields:
        set_certificates(product, fields["certificates"], by=by)
    if variants is not None:
        _set_variants(product, variants, by=by)
    else:
        _tell(product)
    if judge:
        quality.refresh(product.region_id, [product.pk])
    return product


def _fill(product: Product, fields: dict[str, Any], *, by: Person) -> None:
    before = product.name
    for name in FIELDS:
        if name in fields:
            value = fields[name]
            setattr(product, name, value.strip() if isinstance(value, str) else value)
    product.name = " ".join(product.name.split())
    if not product.name:
        raise Refused(_("Give the product a name."), field="name", code="required")
    check_words({name: getattr(product, name) for name in ("name", "description", "brand")})
    if product.category not in Category.values:
        raise Refused(_("Choose a category."), field="category", code="category")
    if product.category in FOOD:
        product.is_food = True
    _say_not_food(product, fields.get("not_food"), by=by, renamed=product.name != before)
    clean = {}
    for key, value in dict(product.attributes or {}).items():
        if (name := " ".join(str(key).split())[:40]) and (text := " ".join(str(value).split())[:120]):
            clean[name] = text
    product.attributes = dict(list(clean.items())[:12])


def _say_not_food(product: Product, said: bool | None, *, by: Person, renamed: bool) -> None:
    """Keep who says that it is no food (`said`; None: nothing is said now). That is of the name it has."""
    if said and product.is_food:
        raise Refused(
            _("It is either something one eats or drinks, or it is not. Take one of the two ticks away."),
            field="not_food",
            code="food_or_not",
        )
    if said and (renamed or product.not_food_at is None):
        product.not_food_by, product.not_food_at = by, clock.now()
    elif product.is_food or said is False or (renamed and not said):
        product.not_food_by = product.not_food_at = None


def _set_variants(product: Product, told: Sequence[Told], *, by: Person) -> None:
    if not told:
        raise Refused(_("Give at least one price."), field="variants", code="required")
    if len(told) > MOST_VARIANTS:
        raise Refused(
            _("At most %(most)s variants.") % {"most": MOST_VARIANTS}, field="variants", code="too_many"
        )
    names = [one.name.strip().lower() for one in told if one.active]
    if len(names) != len(set(names)):
        raise Refused(_("Two variants have the same name."), field="variants", code="twice")
    there = {row.pk: row for row in Variant.objects.filter(region=product.region_id, product=product)}
    seen = set()
    for place, one in enumerate(told):
        row = there.get(one.key or 0)
        if row is None:
            row = Variant(region_id=product.region_id, product=product, seller=product.enterprise_id)
        seen.add(_save_variant(product, row, one, place).pk)
        if one.stock is not None:
            stock.count(row, on_hand=one.stock, by=by, checked=True)
    left = [row.pk for key, row in there.items() if key not in seen]
    unused = [
        key for key in left if not StockMove.objects.filter(region=product.region_id, variant=key).exists()
    ]
    for key in left:
        row = there[key]
        if key in unused and not row.order_lines.exists() and not row.listings.exists():
            row.delete()
        elif row.active:
            Variant.objects.filter(region=product.region_id, pk=key).update(active=False)
    _tell(product)


def _save_variant(product: Product, row: Variant, told: Told, place: int) -> Variant:
    told = replace(told, name=" ".join(told.name.split()), sku=" ".join(told.sku.split()))
    check_variant(told)
    row.name = told.name
    sku = told.sku or row.sku or _free_sku(product)
    if row.pk and sku != row.sku and row.listings.exclude(external_id="").exists():
        raise Refused(
            _("The marketplaces know this one as %(sku)s: its SKU stays.") % {"sku": row.sku},
            field="variants",
            code="sku_listed",
            status=409,
        )
    row.sku = sku
    row.price, row.active, row.position = told.price, told.active, place
    for name in ("weight_grams", "length_cm", "width_cm", "height_cm"):
        setattr(row, name, getattr(told, name))
    try:
        with transaction.atomic():
            if row.pk:
                row.save(
                    update_fields=[
                        "name", "sku", "price", "active", "position",
                        "weight_grams", "length_cm", "width_cm", "height_cm",
                    ]
                )  # fmt: skip
            else:
                row.save()
    except IntegrityError as error:
        if "variant_sku_once_a_seller" not in str(error):
            raise
        other = (
            Variant.objects.filter(region=product.region_id, seller=product.enterprise_id)
            .filter(sku__iexact=row.sku)
            .exclude(pk=row.pk)
            .values_list("sku", flat=True)
            .first()
        )
        raise Refused(
            _("The SKU %(sku)s belongs to another of your products.") % {"sku": other or row.sku},
            field="variants",
            code="sku_taken",
            status=409,
        ) from None
    return row


def _free_sku(product: Product) -> str:
    """`K7M2X9-2`: the end of the product's code and the next number."""
    base = f"{product.code[-6:]}-"
    taken = set(
        Variant.objects.filter(
            region=product.region_id, seller=product.enterprise_id, sku__istartswith=base
        ).values_list(Upper("sku"), flat=True)
    )
    return next(f"{base}{number}" for number in range(1, 1000) if f"{base}{number}" not in taken)


def _tell(product: Product) -> None:
    keys = list(
        Variant.objects.filter(region=product.region_id, product=product).values_list("pk", flat=True)
    )
    changed(product.region_id, product.enterprise_id, keys)


# --- certificates and the way to the public ------------------------------------------------------


def valid_licences(enterprise: Enterprise) -> list[Licence]:
    """Licences of an enterprise that are valid today."""
    today = clock.today()
    rows = Licence.objects.filter(region=enterprise.region_id, enterprise=enterprise).order_by("kind", "pk")
    return [row for row in rows if row.expires_on is None or row.expires_on >= today]


def has_food_licence(enterprise: Enterprise) -> bool:
    """Whether food of this enterprise may be sold: a valid P-IRT or BPOM."""
    return any(row.kind in FOOD_LICENCES for row in valid_licences(enterprise))


@transaction.atomic
def set_certificates(product: Product, licences: Collection[int], *, by: Person) -> None:
    """Say which of the enterprise's licences cover this product."""
    require(policy.can_sell(by, product.enterprise))
    own = set(
        Licence.objects.filter(
            region=product.region_id, enterprise=product.enterprise_id, pk__in=licences
        ).values_list("pk", flat=True)
    )
    rows = Certificate.objects.filter(region=product.region_id, product=product)
    there = set(rows.values_list("licence_id", flat=True))
    rows.filter(licence__in=there - own).delete()
    Certificate.objects.bulk_create(
        Certificate(region_id=product.region_id, product=product, licence_id=key)
        for key in sorted(own - there)
    )


def _no_licence() -> str:
    return _("Food needs a valid P-IRT (or BPOM) before it may be sold.")


def gates(product: Product) -> list[Gate]:
    """What must still be done before this product can be published; nothing when it may be."""
    found = []
    number = product.enterprise.number
    if product.is_food and not has_food_licence(product.enterprise):
        found.append(
            Gate(
                "no_pirt",
                _no_licence(),
                reverse("pirt_step", kwargs={"enterprise": number}),
                _("How to get P-IRT"),
            )
        )
    if question := food.doubt(product):
        url = reverse("product_edit", kwargs={"enterprise": number, "product": product.code})
        found.append(Gate("seems_food", question, f"{url}#id_is_food", _("Say what it is")))
    if not product.variants.filter(active=True).exists():
        found.append(Gate("no_variant", _("Offer at least one variant with a price.")))
    if not product.photos.exists():
        url = reverse("product_photos", kwargs={"enterprise": number, "product": product.code})
        found.append(Gate("no_photo", _("Add at least one photo."), url, _("Add photos")))
    return found


@transaction.atomic
def publish(product: Product, *, by: Person) -> Product:
    """Offer it to the public. Refuses with the first gate that is closed; the database holds the one for
    food as well."""
    product = locked_product(product)
    require(policy.can_sell(by, product.enterprise))
    if product.state == ProductState.PUBLISHED:
        return product
    for gate in gates(product):
        raise Refused(gate.text, code=gate.key)
    product.state = ProductState.PUBLISHED
    product.published_at = product.changed_at = clock.now()
    try:
        with transaction.atomic():
            product.save(update_fields=["state", "published_at", "changed_at"])
    except IntegrityError as error:
        if "product_food_has_its_licence" not in str(error):
            raise
        raise Refused(_no_licence(), code="no_pirt") from None
    _tell(product)
    return product


@transaction.atomic
def withdraw(product: Product, *, by: Person) -> Product:
    """Offer it no longer. Orders that are open stay."""
    product = locked_product(product)
    require(policy.can_sell(by, product.enterprise))
    if product.state != ProductState.WITHDRAWN:
        product.state, product.changed_at = ProductState.WITHDRAWN, clock.now()
        product.save(update_fields=["state", "changed_at"])
        _tell(product)
    return product


# --- many at once --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """New price and stock of a variant, and what its seller saw when they typed them."""

    key: int
    price: int
    stock: int
    seen_price: int
    seen_stock: int


@transaction.atomic
def change_many(
    enterprise: Enterprise, changes: Sequence[Change], *, by: Person
) -> tuple[int, dict[int, str]]:
    """Change prices and stock of many variants: (how many changed, what could not be by key).

    Only what was typed differently is written; where somebody else changed it meanwhile, that line is
    left as it is and said.
    """
    require(policy.can_sell(by, enterprise))
    wanted = [one for one in changes if (one.price, one.stock) != (one.seen_price, one.seen_stock)]
    rows = stock.lock(enterprise.region_id, [one.key for one in wanted])
    wrong: dict[int, str] = {}
    done = 0
    for one in sorted(wanted, key=lambda one: one.key):
        row = rows.get(one.key)
        if row is None or row.seller != enterprise.pk:
            continue
        if (one.price != one.seen_price and row.price != one.seen_price) or (
            one.stock != one.seen_stock and row.on_hand != one.seen_stock
        ):
            wrong[one.key] = _("Changed meanwhile: now %(price)s, %(stock)s on the shelf.") % {
                "price": show.rupiah(row.price),
                "stock": show.angka(row.on_hand),
            }
            continue
        try:
            with transaction.atomic():
                if one.price != row.price and one.price != one.seen_price:
                    check_price(one.price)
                    Variant.objects.filter(region=row.region_id, pk=row.pk).update(price=one.price)
                if one.stock != one.seen_stock:
                    stock.count(row, on_hand=one.stock, by=by, checked=True)
        except Refused as refused:
            wrong[one.key] = refused.message
        else:
            done += 1
    right = [one.key for one in wanted if one.key not in wrong]
    changed(enterprise.region_id, enterprise.pk, right)
    quality.refresh(enterprise.region_id, {rows[key].product_id for key in right if key in rows})
    return done, wrong
