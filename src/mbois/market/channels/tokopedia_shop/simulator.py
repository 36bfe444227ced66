"""A simulator of the TikTok Shop API, which serves Tokopedia & Shop: the part of it that we use."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from mbois.market.channels.digests import digest
from mbois.market.channels.simulation.leaves import numbered
from mbois.market.channels.simulation.messages import Answer, Handler, Problem, Request
from mbois.market.channels.simulation.simulator import Simulator
from mbois.market.channels.tokopedia_shop.signing import sign

LIMITS = {
    "title": (25, 255),
    "description": (10, 10_000),
    "images": (1, 9),
    "price": (100, 100_000_000),
    "stock": (0, 99_999),
}
CATEGORIES = {str(key): name for key, name in numbered(601001).items()}
WAREHOUSE = "7000000000000001"
# our kind → code of the platform, status
ERRORS = {
    "app": (36009003, 401),
    "sign": (106001, 401),
    "timestamp": (106010, 400),
    "token": (105002, 401),
    "shop": (105005, 401),
    "code": (36004004, 200),
    "refresh": (36004005, 200),
    "too_many": (36009002, 429),
    "path": (36009009, 404),
    "item": (12052048, 400),
    "length": (12052017, 400),
    "number": (12052025, 400),
    "category": (12052024, 400),
    "image": (12019003, 400),
    "images": (12052037, 400),
}
STATES = {"paid": "AWAITING_SHIPMENT", "shipped": "IN_TRANSIT", "done": "COMPLETED", "cancelled": "CANCELLED"}


class TokopediaShop(Simulator):
    name = "tokopedia_shop"
    title = "Tokopedia & Shop"
    token_lasts = 7 * 86400
    refresh_lasts = 60 * 86400

    def routes(self) -> dict[tuple[str, str], Handler]:
        return {
            ("GET", "/api/v2/token/get"): self.token,
            ("GET", "/api/v2/token/refresh"): self.renew,
            ("GET", "/authorization/202309/shops"): self.shops,
            ("GET", "/logistics/202309/warehouses"): self.warehouses,
            ("GET", "/product/202309/categories"): self.categories,
            ("GET", "/product/202309/categories/*"): self.rules,
            ("POST", "/product/202309/images/upload"): self.upload,
            ("POST", "/product/202309/products"): self.create,
            ("POST", "/product/202309/products/search"): self.search,
            ("POST", "/product/202309/products/deactivate"): self.deactivate,
            ("POST", "/product/202309/products/*"): self.change,
            ("GET", "/product/202309/products/*"): self.detail,
            ("PUT", "/product/202309/products/*"): self.edit,
            ("POST", "/order/202309/orders/search"): self.orders,
            ("GET", "/order/202309/orders"): self.order_detail,
        }

    def open_paths(self) -> set[str]:
        return {"/api/v2/token/get", "/api/v2/token/refresh"}

    def authorize_path(self) -> str:
        return "/oauth/authorize"

    def identify(self, request: Request) -> tuple[str, float]:
        params = request.params
        if params.get("app_key") != self.key:
            raise Problem("app", "Invalid app_key.")
        if request.path in self.open_paths():
            if params.get("app_secret") != self.secret:
                raise Problem("app", "Invalid app_secret.")
            return "", self.store.now()
        multipart = request.headers.get("Content-Type", "").startswith("multipart/form-data")
        body = "" if multipart else request.body.decode("utf-8", "replace")
        if params.get("sign") != sign(secret=self.secret, path=request.path, params=params, body=body):
            raise Problem("sign", "Invalid credentials. The 'sign' query parameter is invalid.")
        timestamp = params.get("timestamp", "")
        if not timestamp.isdigit():
            raise Problem("timestamp", "The 'timestamp' query parameter is invalid.")
        return request.headers.get("x-tts-access-token", ""), float(timestamp)

    def check_shop(self, request: Request) -> None:
        if request.path != "/authorization/202309/shops" and request.params.get(
            "shop_cipher"
        ) != self._cipher(request.shop):
            raise Problem("shop", "The shop_cipher does not match the access token.")

    @classmethod
    def extra_of(cls, shop: str) -> dict[str, str]:
        return {"cipher": cls._cipher(shop)}

    @staticmethod
    def _cipher(shop: str) -> str:
        return f"ID_{digest('cipher', shop.encode())[:20]}"

    def check_authorize(self, request: Request) -> None:
        if request.params.get("app_key") != self.key:
            raise Problem("app", "Invalid app_key.")

    def returning(self, request: Request, shop: str, code: str) -> str:
        # the platform sends people to the address registered with the app, not to one it is asked for
        back = self.store.setting("redirect") or request.params.get("redirect_uri", "/")
        return f"{back}{'&' if '?' in back else '?'}{urlencode({'code': code, 'state': request.params.get('state', '')})}"

    def success(self, content: object) -> object:
        return {"code": 0, "message": "Success", "request_id": "sim", "data": content}

    def problem(self, problem: Problem) -> Answer:
        code, status = ERRORS.get(problem.kind, (12052000, 400))
        return Answer(status, {"code": code, "message": problem.message, "request_id": "sim", "data": None})

    def push_of(self, sale: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "type": 1,
            "tts_notification_id": f"{sale['id']}-{sale['state']}",
            "shop_id": sale["shop"],
            "timestamp": int(self.store.now()),
            "data": {
                "order_id": sale["id"],
                "order_status": STATES[sale["state"]],
                "update_time": int(sale["updated"]),
            },
        }

    def authorization(self, body: bytes) -> str:
        return digest(self.secret, self.key.encode() + body)

    # --- the API -------------------------------------------------------------------------------

    def token(self, request: Request) -> object:
        code = request.params.get("auth_code", "")
        made = self.store.redeem(code, lasts=self.token_lasts, refresh_lasts=self.refresh_lasts)
        if made is None:
            raise Problem("code", "The auth_code is invalid or has expired.")
        return self._tokens(made)

    def renew(self, request: Request) -> object:
        token = request.params.get("refresh_token", "")
        made = self.store.refresh(token, lasts=self.token_lasts, refresh_lasts=self.refresh_lasts)
        if made is None:
            raise Problem("refresh", "The refresh_token is invalid or has expired.")
        return self._tokens(made)

    def _tokens(self, made: Any) -> object:
        row = self.store.row("SELECT name FROM shop WHERE id = ?", made.shop)
        return {
            "access_token": made.access,
            "access_token_expire_in": int(made.until),
            "refresh_token": made.refresh,
            "refresh_token_expire_in": int(made.refresh_until),
            "seller_name": row["name"] if row else "",
        }

    def shops(self, request: Request) -> object:
        row = self.store.row("SELECT * FROM shop WHERE id = ?", request.shop)
        if row is None:
            return {"shops": []}
        return {
            "shops": [
                {"id": row["id"], "name": row["name"], "region": "ID", "cipher": self._cipher(row["id"])}
            ]
        }

    def warehouses(self, request: Request) -> object:
        return {"warehouses": [{"id": WAREHOUSE, "is_default": True, "type": "SALES_WAREHOUSE"}]}

    def categories(self, request: Request) -> object:
        return {
            "categories": [
                {"id": key, "local_name": name, "is_leaf": True, "parent_id": "0"}
                for key, name in CATEGORIES.items()
            ]
        }

    def rules(self, request: Request) -> object:
        def limit(name: str) -> dict[str, int]:
            return {"min": LIMITS[name][0], "max": LIMITS[name][1]}

        return {
            "package_dimension": {"is_required": False},
            "title_length": limit("title"),
            "description_length": limit("description"),
            "main_image_count": limit("images"),
            "price": limit("price"),
            "inventory": limit("stock"),
        }

    def upload(self, request: Request) -> object:
        key = self.take_picture(request.file("data"), least=300, most_bytes=10 * 1024 * 1024)
        return {"uri": key}

    def create(self, request: Request) -> object:
        product = request.json()
        wish = str(product.get("idempotency_key") or "")
        if wish:
            made = self.store.row("SELECT * FROM item WHERE shop = ? AND request = ?", request.shop, wish)
            if made is not None:
                return self._created(made["id"])
        title = self._check(product)
        if product.get("category_id") not in CATEGORIES:
            raise Problem("category", "The category is not a leaf category.", field="category")
        models = self._models_of(product)
        key = self.store.add_item(
            request.shop, sku=models[0]["sku"], title=title, body=product, models=models, request=wish
        )
        return self._created(key)

    def _check(self, product: Any, *, partly: bool = False) -> str:
        """Words, pictures and parcel; of a part only what it names. Answers with the title."""
        title = ""
        if not partly or "title" in product:
            title = self.check_length(product.get("title"), *LIMITS["title"], field="title")
        if not partly or "description" in product:
            self.check_length(product.get("description"), *LIMITS["description"], field="description")
        if not partly or "main_images" in product:
            keys = [image.get("uri", "") for image in product.get("main_images") or []]
            self.check_pictures(keys, most=9)
        if not partly or "package_weight" in product:
            weight = product.get("package_weight") or {}
            if weight.get("unit") not in ("KILOGRAM", "GRAM") or not float(weight.get("value") or 0) > 0:
                raise Problem("number", "The package weight is missing.", field="weight")
        return title

    def _models_of(self, product: Any) -> list[dict[str, Any]]:
        skus = product.get("skus") or []
        if not 1 <= len(skus) <= 100:
            raise Problem("number", "A product has 1 to 100 SKUs.", field="variant")
        models: list[dict[str, Any]] = []
        for sku in skus:
            names = [part.get("value_name", "") for part in sku.get("sales_attributes") or []]
            if len(skus) > 1:
                self.check_length(" ".join(names), 1, 50, field="variant")
            stocks = sku.get("inventory") or [{}]
            if stocks[0].get("warehouse_id") != WAREHOUSE:
                raise Problem("warehouse", "The warehouse does not exist.")
            models.append(
                {
                    "id": sku.get("id"),
                    "sku": self.check_length(sku.get("seller_sku"), 1, 50, field="sku"),
                    "name": " ".join(names),
                    "price": self.check_number(
                        (sku.get("price") or {}).get("amount"), *LIMITS["price"], field="price"
                    ),
                    "stock": self.check_number(stocks[0].get("quantity"), *LIMITS["stock"], field="stock"),
                }
            )
        if len({model["name"] for model in models}) < len(models):
            raise Problem("number", "Two SKUs have the same variation.", field="variant")
        return models

    def detail(self, request: Request) -> object:
        item = self._there(request)
        body = json.loads(item["body"])
        return {
            "id": str(item["id"]),
            "title": item["title"],
            "description": body.get("description", ""),
            "main_images": body.get("main_images") or [],
            "package_weight": body.get("package_weight"),
            "package_dimensions": body.get("package_dimensions"),
            "skus": [
                self._sku(model)
                | {
                    "sales_attributes": (
                        [{"name": "Pilihan", "value_name": model["name"]}] if model["name"] else []
                    )
                }
                for model in self.store.models(item["id"])
            ],
        }

    def _there(self, request: Request) -> Any:
        key = request.path.partition("/products/")[2].partition("/")[0]
        item = self.store.item(request.shop, key)
        if item is None:
            raise Problem("item", f"Product {key} does not exist.")
        return item

    def _sku(self, model: Any) -> dict[str, Any]:
        return {
            "id": str(model["id"]),
            "seller_sku": model["sku"],
            "price": {"currency": "IDR", "tax_exclusive_price": str(model["price"])},
            "inventory": [{"quantity": model["stock"], "warehouse_id": WAREHOUSE}],
        }

    def edit(self, request: Request) -> object:
        """The whole product anew: a SKU that is not named is gone."""
        item, product = self._there(request), request.json()
        title = self._check(product)
        models = self._models_of(product)
        there = {str(model["id"]) for model in self.store.models(item["id"])}
        named = {str(model["id"]) for model in models if model["id"]}
        if named - there:
            raise Problem("item", "A SKU of it does not exist.")
        for key in there - named:
            self.store.run("DELETE FROM model WHERE id = ?", key)
        for model in models:
            if model["id"]:
                self.store.run(
                    "UPDATE model SET name = ?, price = ?, stock = ? WHERE id = ?",
                    *(model["name"], model["price"], model["stock"], model["id"]),
                )
        self.store.add_models(item["id"], [model for model in models if not model["id"]])
        self.store.revise_item(item["id"], title=title, body=product)
        return self._created(item["id"])

    def edit_partly(self, request: Request) -> object:
        item, part = self._there(request), request.json()
        self.store.revise_item(item["id"], title=self._check(part, partly=True), body=part)
        return {"product_id": str(item["id"])}

    def _created(self, key: int) -> object:
        return {
            "product_id": str(key),
            "skus": [
                {"id": str(model["id"]), "seller_sku": model["sku"]} for model in self.store.models(key)
            ],
        }

    def search(self, request: Request) -> object:
        size = self.check_number(request.params.get("page_size"), 1, 100, field="page_size")
        offset = int(request.params.get("page_token") or 0)
        skus = [str(sku) for sku in request.json().get("seller_skus") or []]
        rows = self.store.items(request.shop, offset=offset, limit=size + 1, skus=skus)
        return {
            "products": [
                {
                    "id": str(row["id"]),
                    "title": row["title"],
                    "status": "ACTIVATE" if row["state"] == "live" else "SELLER_DEACTIVATED",
                    "skus": [self._sku(model) for model in self.store.models(row["id"])],
                }
                for row in rows[:size]
            ],
            "next_page_token": str(offset + size) if len(rows) > size else "",
        }

    def deactivate(self, request: Request) -> object:
        for key in request.json().get("product_ids") or []:
            if self.store.item(request.shop, key) is None:
                raise Problem("item", f"Product {key} does not exist.")
            self.store.run("UPDATE item SET state = 'hidden' WHERE id = ?", key)
        return {"errors": []}

    def change(self, request: Request) -> object:
        """…/{product}/inventory/update, …/prices/update and …/partial_edit."""
        _start, _slash, rest = request.path.partition("/products/")
        _key, _slash, verb = rest.partition("/")
        if verb == "partial_edit":
            return self.edit_partly(request)
        if verb not in ("inventory/update", "prices/update"):
            raise Problem("path", "There is no such path.")
        item = self._there(request)
        models = {str(model["id"]): model["id"] for model in self.store.models(item["id"])}
        half = self.store.fault(request.path, "half")
        errors = []
        for number, sku in enumerate(request.json().get("skus") or []):
            try:
                if half and number % 2 == 0:
                    raise Problem("busy", "The system is busy. Try again later.")
                if sku.get("id") not in models:
                    raise Problem("item", f"SKU {sku.get('id')} does not exist.")
                if verb == "inventory/update":
                    value = self.check_number(
                        sku["inventory"][0]["quantity"], *LIMITS["stock"], field="stock"
                    )
                    self.store.set_stock(models[sku["id"]], value)
                else:
                    value = self.check_number(sku["price"]["amount"], *LIMITS["price"], field="price")
                    self.store.set_price(models[sku["id"]], value)
            except Problem as problem:
                code = ERRORS.get(problem.kind, (12052000, 0))[0]
                errors.append({"code": code, "message": problem.message, "detail": {"sku_id": sku.get("id")}})
        return {"errors": errors}

    def orders(self, request: Request) -> object:
        size = self.check_number(request.params.get("page_size"), 1, 100, field="page_size")
        offset = int(request.params.get("page_token") or 0)
        asked = request.json()
        rows = self.store.sales(
            request.shop,
            since=float(asked.get("update_time_ge") or 0),
            until=float(asked.get("update_time_lt") or 10**11),
            offset=offset,
            limit=size + 1,
        )
        return {
            "orders": [self._order(row) for row in rows[:size]],
            "next_page_token": str(offset + size) if len(rows) > size else "",
        }

    def order_detail(self, request: Request) -> object:
        numbers = request.params.get("ids", "").split(",")
        if len(numbers) > 50:
            raise Problem("param", "At most 50 orders.")
        return {
            "orders": [
                self._order(sale) for number in numbers if (sale := self.store.sale(request.shop, number))
            ]
        }

    def _order(self, sale: Any) -> dict[str, Any]:
        buyer = json.loads(sale["buyer"])
        return {
            "id": sale["id"],
            "status": STATES[sale["state"]],
            "create_time": int(sale["placed"]),
            "update_time": int(sale["updated"]),
            "commerce_platform": "TOKOPEDIA",
            "recipient_address": {
                "name": buyer.get("name", ""),
                "phone_number": "(+62)8*******00",
                "full_address": buyer.get("address", ""),
            },
            # the platform gives one line for each piece
            "line_items": [
                {
                    "id": f"{line['id']}-{piece}",
                    "product_id": str(line["item"]),
                    "product_name": line["title"],
                    "sku_id": str(line["model"]),
                    "seller_sku": line["sku"],
                    "sale_price": str(line["price"]),
                    "currency": "IDR",
                }
                for line in self.store.lines(sale["id"])
                for piece in range(line["quantity"])
            ],
        }
