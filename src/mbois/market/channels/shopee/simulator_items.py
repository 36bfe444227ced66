"""How the simulator of Shopee changes items: words, pictures, options."""

from typing import Any

from mbois.market.channels.simulation.messages import Problem, Request
from mbois.market.channels.simulation.simulator import Simulator

OPTION = (1, 20)
MOST_MODELS = 50


class Items(Simulator):
    """The part of the simulator that changes what is there."""

    limits: dict[str, tuple[int, int]]

    def _item(self, request: Request, key: object) -> Any:
        item = self.store.item(request.shop, key)
        if item is None:
            raise Problem("item", f"Item {key} is not found.")
        return item

    def update_item(self, request: Request) -> object:
        asked = request.json()
        item = self._item(request, asked.get("item_id"))
        if "item_name" in asked:
            self.check_length(asked["item_name"], *self.limits["title"], field="title")
        if "description" in asked:
            self.check_length(asked["description"], *self.limits["description"], field="description")
        if "image" in asked:
            self.check_pictures((asked["image"] or {}).get("image_id_list") or [], most=9)
        if "weight" in asked and not asked["weight"]:
            raise Problem("number", "The weight is missing.", field="weight")
        self.store.revise_item(
            item["id"], title=asked.get("item_name", ""), sku=asked.get("item_sku", ""), body=asked
        )
        return {"item_id": item["id"]}

    def update_tier(self, request: Request) -> object:
        """Other names of options, and more of them; an option that has a model is not left out."""
        asked = request.json()
        item = self._item(request, asked.get("item_id"))
        options = [option.get("option", "") for option in asked["tier_variation"][0]["option_list"]]
        for option in options:
            self.check_length(option, *OPTION, field="variant")
        if len(set(options)) < len(options):
            raise Problem("param", "Two options of the variation have the same name.", field="variant")
        models = self.store.models(item["id"])
        if len(options) < len(models):
            raise Problem("param", "An option of the variation still has a model.", field="variant")
        for model, option in zip(models, options, strict=False):
            self.store.run("UPDATE model SET name = ? WHERE id = ?", option, model["id"])
        self.store.revise_item(item["id"], body={"options": options})
        return {}

    def add_model(self, request: Request) -> object:
        asked = request.json()
        item = self._item(request, asked.get("item_id"))
        options = self.options(item["id"])
        models = self.store.models(item["id"])
        skus = {model["sku"] for model in models}
        for entry in asked.get("model_list") or []:
            place = entry["tier_index"][0]
            if place >= len(options):
                raise Problem("param", "The variation has no such option.", field="variant")
            if place < len(models):
                raise Problem("param", "The option of the variation has a model already.", field="variant")
            if entry.get("model_sku") in skus:
                raise Problem("param", "The model_sku exists already.", field="sku")
            if len(models) >= MOST_MODELS:
                raise Problem("number", "An item has 1 to 50 models.", field="variant")
            made = {
                "sku": str(entry.get("model_sku") or ""),
                "name": options[place],
                "price": self.check_number(entry["original_price"], *self.limits["price"], field="price"),
                "stock": self.check_number(
                    entry["seller_stock"][0]["stock"], *self.limits["stock"], field="stock"
                ),
            }
            self.store.add_models(item["id"], [made])
            models = self.store.models(item["id"])
        return {}

    def options(self, item: int) -> list[str]:
        """The names of the options, whether they have a model or not."""
        import json

        row = self.store.row("SELECT body FROM item WHERE id = ?", item)
        kept = json.loads(row["body"]).get("options") if row else None
        return list(kept or (model["name"] for model in self.store.models(item)))
