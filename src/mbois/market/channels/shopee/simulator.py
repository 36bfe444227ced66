"""A simulator of Shopee's Open Platform v2: the part of it that we use, as strict as it is documented."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from mbois.market.channels.shopee.signing import sign
from mbois.market.channels.shopee.simulator_items import Items
from mbois.market.channels.simulation.leaves import numbered
from mbois.market.channels.simulation.messages import Answer, Handler, Problem, Request

LIMITS = {
    "title": (5, 255),
    "description": (20, 5000),
    "images": (1, 9),
    "price": (99, 150_000_000),
    "stock": (0, 999_999),
}
CATEGORIES = numbered(100629)
# our kind → error of the platform, status
ERRORS = {
    "sign": ("error_sign", 403),
    "timestamp": ("error_param", 403),
    "token": ("invalid_acceess_token", 403),
    "partner": ("error_auth", 403),
    "code": ("invalid_code", 403),
    "refresh": ("error_auth", 403),
    "shop": ("error_permission", 403),
    "too_many": ("error_rate_limit", 429),
    "path": ("error_not_found", 404),
    "item": ("error_item_not_found", 200),
    "length": ("error_param", 200),
    "number": ("error_param", 200),
    "category": ("error_category_is_block", 200),
}
STATES = {"paid": "READY_TO_SHIP", "shipped": "SHIPPED", "done": "COMPLETED", "cancelled": "CANCELLED"}


class Shopee(Items):
    name = "shopee"
    limits = LIMITS
    title = "Shopee"
    token_lasts = 4 * 3600
    refresh_lasts = 30 * 86400

    def routes(self) -> dict[tuple[str, str], Handler]:
        api = "/api/v2"
        return {
            ("POST", f"{api}/auth/token/get"): self.token,
            ("POST", f"{api}/auth/access_token/get"): self.renew,
            ("GET", f"{api}/shop/get_shop_info"): self.shop_info,
            ("GET", f"{api}/product/get_item_limit"): self.item_limit,
            ("GET", f"{api}/product/get_category"): self.categories,
            ("POST", f"{api}/media_space/upload_image"): self.upload,
            ("POST", f"{api}/product/add_item"): self.add,
            ("POST", f"{api}/product/update_item"): self.update_item,
            ("POST", f"{api}/product/init_tier_variation"): self.variations,
            ("POST", f"{api}/product/update_tier_variation"): self.update_tier,
            ("POST", f"{api}/product/add_model"): self.add_model,
            ("GET", f"{api}/product/search_item"): self.search,
            ("GET", f"{api}/product/get_item_list"): self.listing,
            ("GET", f"{api}/product/get_item_base_info"): self.base_info,
            ("GET", f"{api}/product/get_model_list"): self.model_list,
            ("POST", f"{api}/product/update_stock"): self.update_stock,
            ("POST", f"{api}/product/update_price"): self.update_price,
            ("POST", f"{api}/product/unlist_item"): self.unlist,
            ("GET", f"{api}/order/get_order_list"): self.orders,
            ("GET", f"{api}/order/get_order_detail"): self.order_detail,
        }

    def open_paths(self) -> set[str]:
        return {"/api/v2/auth/token/get", "/api/v2/auth/access_token/get", "/api/v2/media_space/upload_image"}

    def authorize_path(self) -> str:
        return "/api/v2/shop/auth_partner"

    def identify(self, request: Request) -> tuple[str, float]:
        params = request.params
        if params.get("partner_id") != self.key:
            raise Problem("partner", "Invalid partner_id.")
        if params.get("sign") != sign(secret=self.secret, path=request.path, params=params):
            raise Problem("sign", "Wrong sign.")
        timestamp = params.get("timestamp", "")
        if not timestamp.isdigit():
            raise Problem("timestamp", "Invalid timestamp.")
        return params.get("access_token", ""), float(timestamp)

    def check_shop(self, request: Request) -> None:
        if request.params.get("shop_id") != request.shop:
            raise Problem("shop", "The access token is of another shop.")

    def check_authorize(self, request: Request) -> None:
        _access, timestamp = self.identify(request)
        if abs(timestamp - self.store.now()) > self.clock_tolerance:
            raise Problem("timestamp", "Invalid timestamp.")

    def returning(self, request: Request, shop: str, code: str) -> str:
        back = request.params.get("redirect", "/")
        return f"{back}{'&' if '?' in back else '?'}{urlencode({'code': code, 'shop_id': shop})}"

    def success(self, content: object) -> object:
        return {"error": "", "message": "", "request_id": "sim", "response": content}

    def problem(self, problem: Problem) -> Answer:
        error, status = ERRORS.get(problem.kind, ("error_param", 200))
        return Answer(status, {"error": error, "message": problem.message, "request_id": "sim"})

    def push_of(self, sale: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "code": 3,
            "shop_id": int(sale["shop"]),
            "timestamp": int(self.store.now()),
            "data": {
                "ordersn": sale["id"],
                "status": STATES[sale["state"]],
                "update_time": int(sale["updated"]),
            },
        }

    def authorization(self, body: bytes) -> str:
        from mbois.market.channels.digests import digest

        return digest(self.secret, self.push_url.encode() + b"|" + body)

    # --- the API -------------------------------------------------------------------------------

    def token(self, request: Request) -> object:
        made = self.store.redeem(
            str(request.json().get("code", "")), lasts=self.token_lasts, refresh_lasts=self.refresh_lasts
        )
        if made is None or str(request.json().get("shop_id")) != made.shop:
            raise Problem("code", "Invalid code.")
        return self._tokens(made.access, made.refresh)

    def renew(self, request: Request) -> object:
        made = self.store.refresh(
            str(request.json().get("refresh_token", "")),
            lasts=self.token_lasts,
            refresh_lasts=self.refresh_lasts,
        )
        if made is None:
            raise Problem("refresh", "Your refresh_token is invalid.")
        return self._tokens(made.access, made.refresh)

    def _tokens(self, access: str, refresh: str) -> Answer:
        return Answer(
            content={
                "error": "",
                "message": "",
                "access_token": access,
                "refresh_token": refresh,
                "expire_in": int(self.token_lasts),
            }
        )

    def shop_info(self, request: Request) -> object:
        row = self.store.row("SELECT name FROM shop WHERE id = ?", request.shop)
        return Answer(
            content={
                "error": "",
                "message": "",
                "shop_name": row["name"] if row else "",
                "region": "ID",
                "status": "NORMAL",
            }
        )

    def item_limit(self, request: Request) -> object:
        def limit(name: str) -> dict[str, int]:
            return {"min_limit": LIMITS[name][0], "max_limit": LIMITS[name][1]}

        return {
            "price_limit": limit("price"),
            "stock_limit": limit("stock"),
            "item_name_length_limit": limit("title"),
            "item_description_length_limit": limit("description"),
            "item_image_number_limit": limit("images"),
        }

    def categories(self, request: Request) -> object:
        return {
            "category_list": [
                {"category_id": key, "display_category_name": name, "has_children": False}
                for key, name in CATEGORIES.items()
            ]
        }

    def upload(self, request: Request) -> object:
        key = self.take_picture(request.file("image"), least=300, most_bytes=10 * 1024 * 1024)
        return {"image_info": {"image_id": key}}

    def add(self, request: Request) -> object:
        item = request.json()
        title = self.check_length(item.get("item_name"), *LIMITS["title"], field="title")
        self.check_length(item.get("description"), *LIMITS["description"], field="description")
        if item.get("category_id") not in CATEGORIES:
            raise Problem("category", "The category does not exist.", field="category")
        self.check_pictures((item.get("image") or {}).get("image_id_list") or [], most=9)
        self.check_number(item.get("weight", 0), 0, 1000, field="weight")
        if not item.get("weight"):
            raise Problem("number", "The weight is missing.", field="weight")
        price = self.check_number(item.get("original_price"), *LIMITS["price"], field="price")
        stocks = item.get("seller_stock") or [{}]
        stock = self.check_number(stocks[0].get("stock"), *LIMITS["stock"], field="stock")
        if not item.get("logistic_info"):
            raise Problem("param", "The logistic_info is missing.", field="shipping")
        sku = str(item.get("item_sku") or "")
        key = self.store.add_item(
            request.shop,
            sku=sku,
            title=title,
            body=item,
            models=[{"sku": sku, "name": "", "price": price, "stock": stock}],
        )
        return {"item_id": key, "item_status": "NORMAL"}

    def variations(self, request: Request) -> object:
        asked = request.json()
        item = self._item(request, asked.get("item_id"))
        if any(model["name"] for model in self.store.models(item["id"])):
            raise Problem("param", "The item has variations already.")
        options = [option.get("option", "") for option in asked["tier_variation"][0]["option_list"]]
        models = []
        for model in asked["model"]:
            models.append(
                {
                    "sku": str(model.get("model_sku") or ""),
                    "name": self.check_length(options[model["tier_index"][0]], 1, 20, field="variant"),
                    "price": self.check_number(model.get("original_price"), *LIMITS["price"], field="price"),
                    "stock": self.check_number(
                        model["seller_stock"][0]["stock"], *LIMITS["stock"], field="stock"
                    ),
                }
            )
        if not 1 <= len(models) <= 50:
            raise Problem("number", "An item has 1 to 50 models.", field="variant")
        self.store.run("DELETE FROM model WHERE item = ?", item["id"])
        self.store.add_models(item["id"], models)
        return {"item_id": item["id"], "model": self._models(item["id"])}

    def _models(self, item: int) -> list[dict[str, Any]]:
        return [
            {
                "model_id": model["id"] if model["name"] else 0,
                "model_sku": model["sku"],
                "model_name": model["name"],
                "price_info": [{"current_price": model["price"], "original_price": model["price"]}],
                "stock_info_v2": {"summary_info": {"total_available_stock": model["stock"]}},
            }
            for model in self.store.models(item)
        ]

    def search(self, request: Request) -> object:
        rows = self.store.items(request.shop, skus=[request.params.get("item_sku", "")])
        wanted = request.params.get("item_sku", "")
        return {"item_id_list": [row["id"] for row in rows if row["sku"] == wanted], "total_count": len(rows)}

    def listing(self, request: Request) -> object:
        offset = self.check_number(request.params.get("offset", "0"), 0, 10_000_000, field="offset")
        size = self.check_number(request.params.get("page_size"), 1, 100, field="page_size")
        rows = self.store.items(request.shop, offset=offset, limit=size + 1)
        return {
            "item": [{"item_id": row["id"], "item_status": "NORMAL"} for row in rows[:size]],
            "has_next_page": len(rows) > size,
            "next_offset": offset + size,
        }

    def base_info(self, request: Request) -> object:
        keys = request.params.get("item_id_list", "").split(",")
        if len(keys) > 50:
            raise Problem("param", "At most 50 items.")
        found = []
        for key in keys:
            row = self.store.item(request.shop, key)
            if row is None:
                continue
            models = self.store.models(row["id"])
            has_model = bool(models and models[0]["name"])
            found.append(
                {
                    "item_id": row["id"],
                    "item_name": row["title"],
                    "item_sku": row["sku"],
                    "item_status": "NORMAL" if row["state"] == "live" else "UNLIST",
                    "has_model": has_model,
                }
                | ({} if has_model else {k: v for k, v in self._models(row["id"])[0].items() if "info" in k})
            )
        return {"item_list": found}

    def model_list(self, request: Request) -> object:
        item = self._item(request, request.params.get("item_id"))["id"]
        models = [
            model | {"tier_index": [place] if model["model_id"] else []}
            for place, model in enumerate(self._models(item))
        ]
        options = [{"option": name} for name in self.options(item) if name]
        tier = [{"name": "Pilihan", "option_list": options}] if options else []
        return {"tier_variation": tier, "model": models}

    def update_stock(self, request: Request) -> object:
        return self._update(request, "stock_list", "stock")

    def update_price(self, request: Request) -> object:
        return self._update(request, "price_list", "price")

    def _update(self, request: Request, name: str, what: str) -> object:
        asked = request.json()
        item = self._item(request, asked.get("item_id"))
        models = {model["id"] if model["name"] else 0: model["id"] for model in self.store.models(item["id"])}
        half = self.store.fault(request.path, "half")
        done, failed = [], []
        for number, entry in enumerate(asked.get(name) or []):
            key = entry.get("model_id") or 0
            try:
                if half and number % 2 == 0:
                    raise Problem("busy", "The system is busy, please try again later.")
                if key not in models:
                    raise Problem("item", f"Model {key} is not found.")
                if what == "stock":
                    value = self.check_number(
                        entry["seller_stock"][0]["stock"], *LIMITS["stock"], field="stock"
                    )
                    self.store.set_stock(models[key], value)
                else:
                    value = self.check_number(entry["original_price"], *LIMITS["price"], field="price")
                    self.store.set_price(models[key], value)
                done.append({"model_id": key})
            except Problem as problem:
                failed.append({"model_id": key, "failed_reason": problem.message})
        return {"success_list": done, "failure_list": failed}

    def unlist(self, request: Request) -> object:
        done = []
        for entry in request.json().get("item_list") or []:
            item = self._item(request, entry.get("item_id"))
            self.store.run(
                "UPDATE item SET state = ? WHERE id = ?",
                "hidden" if entry.get("unlist") else "live",
                item["id"],
            )
            done.append({"item_id": item["id"], "unlist": bool(entry.get("unlist"))})
        return {"success_list": done, "failure_list": []}

    def orders(self, request: Request) -> object:
        params = request.params
        since = self.check_number(params.get("time_from"), 0, 10**11, field="time_from")
        until = self.check_number(params.get("time_to"), 0, 10**11, field="time_to")
        size = self.check_number(params.get("page_size"), 1, 100, field="page_size")
        if params.get("time_range_field") not in ("create_time", "update_time"):
            raise Problem("param", "The time_range_field is missing.")
        if not 0 <= until - since <= 15 * 86400:
            raise Problem("param", "Start time must be earlier than end time and within 15 days.")
        offset = int(params.get("cursor") or 0)
        rows = self.store.sales(request.shop, since=since, until=until + 1, offset=offset, limit=size + 1)
        return {
            "order_list": [
                {"order_sn": row["id"], "order_status": STATES[row["state"]]} for row in rows[:size]
            ],
            "more": len(rows) > size,
            "next_cursor": str(offset + size) if len(rows) > size else "",
        }

    def order_detail(self, request: Request) -> object:
        numbers = request.params.get("order_sn_list", "").split(",")
        if len(numbers) > 50:
            raise Problem("param", "At most 50 orders.")
        sales = [sale for number in numbers if (sale := self.store.sale(request.shop, number))]
        return {"order_list": [self._order(sale) for sale in sales]}

    def _named(self, model: int) -> bool:
        return self.store.row("SELECT 1 FROM model WHERE id = ? AND name != ''", model) is not None

    def _order(self, sale: Any) -> dict[str, Any]:
        import json

        buyer = json.loads(sale["buyer"])
        return {
            "order_sn": sale["id"],
            "order_status": STATES[sale["state"]],
            "create_time": int(sale["placed"]),
            "update_time": int(sale["updated"]),
            "currency": "IDR",
            "buyer_username": buyer.get("name", ""),
            "recipient_address": {
                "name": buyer.get("name", ""),
                "phone": "******00",
                "full_address": buyer.get("address", ""),
            },
            "item_list": [
                {
                    "item_id": line["item"],
                    "item_name": line["title"],
                    "item_sku": line["sku"],
                    "model_id": line["model"] if self._named(line["model"]) else 0,
                    "model_sku": line["sku"],
                    "model_quantity_purchased": line["quantity"],
                    "model_discounted_price": line["price"],
                }
                for line in self.store.lines(sale["id"])
            ],
        }
