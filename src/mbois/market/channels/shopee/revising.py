"""Changing what is said of an item at Shopee, and adding variants to it."""

from collections.abc import Callable
from typing import Any

from mbois.market.channels.base import Made, Offer, OfferedVariant

Call = Callable[..., dict[str, Any]]
TIER = "Pilihan"


def said_of(offer: Offer) -> dict[str, object]:
    """The words, the parcel and the brand of an item."""
    length, width, height = offer.size_cm
    return {
        "item_name": offer.title,
        "description": offer.description,
        "weight": offer.weight_grams / 1000,
        "dimension": {"package_length": length, "package_width": width, "package_height": height},
        "brand": {"brand_id": 0, "original_brand_name": offer.brand or "NoBrand"},
    }


def tier_of(names: list[str]) -> list[dict[str, object]]:
    return [{"name": TIER, "option_list": [{"option": name} for name in names]}]


def model_of(variant: OfferedVariant, place: int) -> dict[str, object]:
    return {
        "tier_index": [place],
        "model_sku": variant.sku,
        "original_price": variant.price,
        "seller_stock": [{"stock": variant.stock}],
    }


def revise(
    call: Call, item: str, offer: Offer, *, item_sku: str, text: bool, pictures: list[str] | None
) -> Made:
    """`pictures` are keys of uploaded ones, or None where they stay."""
    body: dict[str, object] = {"item_id": int(item), "item_sku": item_sku}
    if text:
        body |= said_of(offer)
    if pictures is not None:
        body["image"] = {"image_id_list": pictures}
    call("POST", "/product/update_item", body=body)
    there = call("GET", "/product/get_model_list", query={"item_id": item})
    models = [model for model in there.get("model", []) if model["model_id"]]
    if not models and len(offer.variants) == 1:
        return Made(item, {offer.variants[0].sku: "0"})
    if not models:
        _first_variants(call, item, offer)
    else:
        _more_variants(call, item, offer, there, models)
    found = call("GET", "/product/get_model_list", query={"item_id": item}).get("model", [])
    return Made(item, {str(one["model_sku"]): str(one["model_id"]) for one in found if one["model_id"]})


def _first_variants(call: Call, item: str, offer: Offer) -> None:
    """An item that had none gets all of them."""
    call(
        "POST",
        "/product/init_tier_variation",
        body={
            "item_id": int(item),
            "tier_variation": tier_of([variant.name for variant in offer.variants]),
            "model": [model_of(variant, place) for place, variant in enumerate(offer.variants)],
        },
    )


def _more_variants(
    call: Call, item: str, offer: Offer, there: dict[str, Any], models: list[dict[str, Any]]
) -> None:
    """New names for those there, and those that are missing. Only the first tier is ours: where the seller
    made a second one in Shopee's own app, the item is left as it is."""
    tiers = there.get("tier_variation") or []
    if len(tiers) != 1:
        return
    names = [str(option["option"]) for option in tiers[0]["option_list"]]
    before = list(names)
    places = {str(model["model_sku"]): int(model["tier_index"][0]) for model in models}
    missing = []
    for variant in offer.variants:
        if variant.sku in places:
            names[places[variant.sku]] = variant.name
        elif variant.name in names:
            missing.append((variant, names.index(variant.name)))
        else:
            missing.append((variant, len(names)))
            names.append(variant.name)
    if names != before:
        tier = tier_of(names)
        tier[0]["name"] = tiers[0].get("name") or TIER
        call("POST", "/product/update_tier_variation", body={"item_id": int(item), "tier_variation": tier})
    if missing:
        call(
            "POST",
            "/product/add_model",
            body={
                "item_id": int(item),
                "model_list": [model_of(variant, place) for variant, place in missing],
            },
        )
