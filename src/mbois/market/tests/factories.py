"""Products, shops and orders for tests."""

from itertools import count
from typing import Any

from mbois import clock
from mbois.enterprises.models import Enterprise, Licence
from mbois.enterprises.tests.factories import make_enterprise
from mbois.market.actions import stock
from mbois.market.codes import PRODUCT, new_code
from mbois.market.models import (
    Certificate,
    Connection,
    Picture,
    Product,
    ProductPhoto,
    Shop,
    Variant,
)
from mbois.people.actions import record_consent
from mbois.people.models import ConsentText

_serial = count(1)


def make_shop(enterprise: Enterprise | None = None, *, slug: str = "", **fields: Any) -> Shop:
    """An open shop whose owner agreed to be shown."""
    enterprise = enterprise or make_enterprise()
    person = enterprise.owner.person
    words = dict.fromkeys(("title_id", "title_en", "body_id", "body_en"), "Toko")
    ConsentText.objects.get_or_create(key="shop", version=1, defaults=words)
    consent = record_consent(person, "shop", region_id=enterprise.region_id, by=person, method="self")
    told: dict[str, Any] = {
        "slug": slug or f"toko-{next(_serial)}",
        "whatsapp": "+6281234567890",
        "is_open": True,
        "opened_at": clock.now(),
        "consent": consent,
    }
    return Shop.objects.create(region_id=enterprise.region_id, enterprise=enterprise, **(told | fields))


def make_licence(enterprise: Enterprise, kind: str = "pirt", **fields: Any) -> Licence:
    return Licence.objects.create(
        region_id=enterprise.region_id,
        enterprise=enterprise,
        kind=kind,
        number=f"{kind}-{next(_serial)}",
        recorded_by=enterprise.owner.person,
        **fields,
    )


def make_product(
    enterprise: Enterprise | None = None,
    *,
    price: int = 15_000,
    on_hand: int = 10,
    published: bool = True,
    certificates: tuple[Licence, ...] = (),
    variant: dict[str, Any] | None = None,
    **fields: Any,
) -> Product:
    """A published product with one variant and some stock; without pictures."""
    enterprise = enterprise or make_shop().enterprise
    region_id, person = enterprise.region_id, enterprise.owner.person
    number = next(_serial)
    told: dict[str, Any] = {"name": f"Barang {number}", "category": "craft", "made_by": person}
    product = Product.objects.create(
        region_id=region_id,
        enterprise=enterprise,
        code=new_code(PRODUCT, region_id),
        **(told | fields),
    )
    add_variant(product, price=price, on_hand=on_hand, **(variant or {}))
    for licence in certificates:
        Certificate.objects.create(region_id=region_id, product=product, licence=licence)
    if published:
        product.state, product.published_at = "published", clock.now()
        product.save(update_fields=["state", "published_at"])
    return product


def add_variant(product: Product, *, price: int = 15_000, on_hand: int = 10, **fields: Any) -> Variant:
    told: dict[str, Any] = {"sku": f"SKU-{next(_serial)}", "weight_grams": 250}
    variant = Variant.objects.create(
        region_id=product.region_id, product=product, price=price, **(told | fields)
    )
    if on_hand:
        stock.count(variant, on_hand=on_hand, by=product.made_by, checked=True)
    variant.refresh_from_db()
    return variant


def add_photo(product: Product, **fields: Any) -> ProductPhoto:
    """A photo of which there is only the row: square, large, sharp, on a plain ground."""
    number = next(_serial)
    told: dict[str, Any] = {
        "key": f"{number:064x}",
        "width": 1600,
        "height": 1600,
        "looks": f"{number * 0x9E3779B97F4A7C15 % 2**64:016x}",
        "sharpness": 900,
        "border": 0,
        "plain": 95,
    }
    picture = Picture.objects.create(region_id=product.region_id, **(told | fields))
    return ProductPhoto.objects.create(
        region_id=product.region_id, product=product, picture=picture, position=number
    )


def make_connection(enterprise: Enterprise, channel: str = "shopee", **fields: Any) -> Connection:
    """A shop of an enterprise at a marketplace."""
    told: dict[str, Any] = {"shop_id": str(next(_serial)), "made_by": enterprise.owner.person}
    return Connection.objects.create(
        region_id=enterprise.region_id, enterprise=enterprise, channel=channel, **(told | fields)
    )
