"""Changing what is said of a product at Lazada, and adding SKUs to it."""

import json
from collections.abc import Callable
from typing import Any

from mbois.market.channels.base import Made, Offer, OfferedVariant

Call = Callable[..., Any]


def payload(product: dict[str, Any]) -> str:
    return json.dumps({"Request": {"Product": product}}, ensure_ascii=False)


def said_of(offer: Offer) -> dict[str, str]:
    return {"name": offer.title, "description": offer.description, "brand": offer.brand or "No Brand"}


def sku_of(offer: Offer, variant: OfferedVariant) -> dict[str, object]:
    """The parcel and the name of a variant, by its SKU."""
    length, width, height = offer.size_cm
    return {
        "SellerSku": variant.sku,
        "package_weight": f"{offer.weight_grams / 1000:.3f}",
        "package_length": str(length),
        "package_width": str(width),
        "package_height": str(height),
        **({"saleProp": {"Pilihan": variant.name}} if variant.name else {}),
    }


def numbers_of(variant: OfferedVariant) -> dict[str, str]:
    return {"price": str(variant.price), "quantity": str(variant.stock)}


def revise(
    call: Call,
    item: str,
    offer: Offer,
    there: dict[str, str],
    *,
    text: bool,
    pictures: list[str] | None,
) -> Made:
    """`there` are the keys of the product's SKUs by SellerSku; `pictures` addresses of uploaded ones, or
    None where they stay."""
    known = [variant for variant in offer.variants if variant.sku in there]
    if text or pictures is not None:
        product: dict[str, Any] = {"ItemId": item}
        if text:
            product["Attributes"] = said_of(offer)
            product["Skus"] = {
                "Sku": [sku_of(offer, variant) | {"SkuId": there[variant.sku]} for variant in known]
            }
        if pictures is not None:
            product["Images"] = {"Image": pictures}
        call("POST", "/product/update", query={"payload": payload(product)})
    missing = [variant for variant in offer.variants if variant.sku not in there]
    if missing and known:
        # a new SKU is made as a product of its own that names one of those it belongs to
        made = call(
            "POST",
            "/product/create",
            query={
                "payload": payload(
                    {
                        "PrimaryCategory": offer.category,
                        "AssociatedSku": known[0].sku,
                        "Attributes": said_of(offer),
                        "Skus": {
                            "Sku": [sku_of(offer, variant) | numbers_of(variant) for variant in missing]
                        },
                    }
                )
            },
        )
        there = there | {str(sku["seller_sku"]): str(sku["sku_id"]) for sku in made["sku_list"]}
    return Made(item, there)
