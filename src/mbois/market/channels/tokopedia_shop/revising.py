"""Changing what is said of a product at Tokopedia & Shop, and adding SKUs to it."""

from collections.abc import Callable
from typing import Any

from mbois.market.channels.base import Made, Offer, OfferedVariant

Call = Callable[..., dict[str, Any]]


def said_of(offer: Offer) -> dict[str, object]:
    """The words and the parcel."""
    length, width, height = map(str, offer.size_cm)
    return {
        "title": offer.title,
        "description": offer.description,
        "package_weight": {"value": f"{offer.weight_grams / 1000:.3f}", "unit": "KILOGRAM"},
        "package_dimensions": {"length": length, "width": width, "height": height, "unit": "CENTIMETER"},
    }


def sku_of(variant: OfferedVariant, warehouse: str) -> dict[str, object]:
    return {
        "seller_sku": variant.sku,
        "price": {"amount": str(variant.price), "currency": "IDR"},
        "inventory": [{"warehouse_id": warehouse, "quantity": variant.stock}],
        "sales_attributes": named(variant.name),
    }


def named(name: str) -> list[dict[str, str]]:
    return [{"name": "Pilihan", "value_name": name}] if name else []


def revise(
    call: Call,
    path: str,
    item: str,
    offer: Offer,
    *,
    warehouse: Callable[[], str],
    text: bool,
    pictures: list[str] | None,
) -> Made:
    """`path` is that of products; `pictures` are keys of uploaded ones, or None where they stay.

    An edit of the whole product loses every SKU it does not name, so all are named that are there."""
    there = call("GET", f"{path}/{item}")
    skus = {str(sku.get("seller_sku") or ""): sku for sku in there.get("skus", [])}
    wanted = {variant.sku: variant for variant in offer.variants}
    missing = [variant for sku, variant in wanted.items() if sku not in skus]
    renamed = any(
        wanted[sku].name and _name(kept) != wanted[sku].name for sku, kept in skus.items() if sku in wanted
    )
    images = None if pictures is None else [{"uri": key} for key in pictures]
    if missing or renamed:
        edited = call(
            "PUT",
            f"{path}/{item}",
            body={
                **(said_of(offer) if text else {name: there.get(name) for name in said_of(offer)}),
                "category_id": offer.category,
                "main_images": images or there.get("main_images") or [],
                "skus": [_kept(kept, wanted.get(sku)) for sku, kept in skus.items()]
                + [sku_of(variant, warehouse()) for variant in missing],
            },
        )
        return Made(item, {str(sku["seller_sku"]): str(sku["id"]) for sku in edited.get("skus", [])})
    if text or images:
        body = (said_of(offer) if text else {}) | ({"main_images": images} if images else {})
        call("POST", f"{path}/{item}/partial_edit", body=body)
    return Made(item, {sku: str(kept["id"]) for sku, kept in skus.items()})


def _name(sku: dict[str, Any]) -> str:
    parts = sku.get("sales_attributes") or []
    return " ".join(str(part.get("value_name") or "") for part in parts)


def _kept(sku: dict[str, Any], wanted: OfferedVariant | None) -> dict[str, object]:
    """A SKU as it is there, with the name we have for it now."""
    price = sku.get("price") or {}
    return {
        "id": sku["id"],
        "seller_sku": sku.get("seller_sku") or "",
        "price": {
            "amount": str(price.get("tax_exclusive_price") or price.get("sale_price") or ""),
            "currency": "IDR",
        },
        "inventory": sku.get("inventory") or [],
        "sales_attributes": named(wanted.name)
        if wanted and wanted.name
        else sku.get("sales_attributes") or [],
    }
