"""A simulator of the Lazada Open Platform: the part of it that we use."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from mbois.market.channels.digests import digest
from mbois.market.channels.lazada.signing import sign
from mbois.market.channels.simulation.leaves import numbered
from mbois.market.channels.simulation.messages import Answer, Handler, Problem, Request
from mbois.market.channels.simulation.simulator import Simulator

LIMITS = {
    "title": (2, 255),
    "description": (0, 25_000),
    "images": (1, 8),
    "price": (100, 500_000_000),
    "stock": (0, 999_999),
}
CATEGORIES = {str(key): name for key, name in numbered(10000101).items()}
# our kind → code of the platform; it answers with status 200 whatever happened
ERRORS = {
    "app": "InvalidApiKey",
    "sign": "IncompleteSignature",
    "timestamp": "IllegalTimestamp",
    "token": "IllegalAccessToken",
    "code": "InvalidCode",
    "refresh": "IllegalRefreshToken",
    "too_many": "ApiCallLimit",
    "path": "InvalidApiPath",
    "length": "BIZ_CHECK_TITLE_LENGTH_INVALID",
    "image": "301",
    "images": "BIZ_CHECK_IMAGE_COUNT_INVALID",
    "category": "4201",
    "number": "4202",
    "sku": "4001",
    "item": "207",
}
STATES = {"paid": "pending", "shipped": "shipped", "done": "delivered", "cancelled": "canceled"}


def _when(instant: float) -> str:
    return datetime.fromtimestamp(instant).astimezone().strftime("%Y-%m-%d %H:%M:%S %z")


class Lazada(Simulator):
    name = "lazada"
    title = "Lazada"
    token_lasts = 7 * 86400
    refresh_lasts = 30 * 86400

    def routes(self) -> dict[tuple[str, str], Handler]:
        return {
            ("POST", "/rest/auth/token/create"): self.token,
            ("POST", "/rest/auth/token/refresh"): self.renew,
            ("GET", "/rest/seller/get"): self.seller,
            ("GET", "/rest/category/tree/get"): self.categories,
            ("POST", "/rest/image/upload"): self.upload,
            ("POST", "/rest/product/create"): self.create,
            ("POST", "/rest/product/update"): self.change,
            ("GET", "/rest/products/get"): self.products,
            ("POST", "/rest/product/price_quantity/update"): self.update,
            ("POST", "/rest/product/deactivate"): self.deactivate,
            ("GET", "/rest/orders/get"): self.orders,
            ("GET", "/rest/order/get"): self.order,
            ("GET", "/rest/orders/items/get"): self.order_items,
        }

    def open_paths(self) -> set[str]:
        return {"/rest/auth/token/create", "/rest/auth/token/refresh"}

    def authorize_path(self) -> str:
        return "/oauth/authorize"

    def identify(self, request: Request) -> tuple[str, float]:
        request.params = request.params | request.form()
        params = request.params
        if params.get("app_key") != self.key:
            raise Problem("app", "The app_key is invalid.")
        path = request.path.removeprefix("/rest")
        if params.get("sign") != sign(secret=self.secret, path=path, params=params):
            raise Problem("sign", "The request signature does not conform to platform standards.")
        timestamp = params.get("timestamp", "")
        if not timestamp.isdigit():
            raise Problem("timestamp", "The timestamp is invalid.")
        return params.get("access_token", ""), int(timestamp) / 1000

    def check_authorize(self, request: Request) -> None:
        if request.params.get("client_id") != self.key:
            raise Problem("app", "The client_id is invalid.")

    def returning(self, request: Request, shop: str, code: str) -> str:
        back = request.params.get("redirect_uri", "/")
        return f"{back}{'&' if '?' in back else '?'}{urlencode({'code': code, 'state': request.params.get('state', '')})}"

    def success(self, content: object) -> object:
        return {"code": "0", "data": content, "request_id": "sim"}

    def problem(self, problem: Problem) -> Answer:
        code = ERRORS.get(problem.kind, "4000")
        detail = [{"field": problem.field, "message": problem.message}] if problem.field else []
        return Answer(
            200,
            {"code": code, "type": "ISP", "message": problem.message, "detail": detail, "request_id": "sim"},
        )

    def push_of(self, sale: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "seller_id": sale["shop"],
            "message_type": 0,
            "timestamp": int(self.store.now()),
            "site": "lazada_id",
            "data": {
                "trade_order_id": sale["id"],
                "order_status": STATES[sale["state"]],
                "status_update_time": int(sale["updated"]),
            },
        }

    def authorization(self, body: bytes) -> str:
        return digest(self.secret, self.key.encode() + body).upper()

    def sale_number(self) -> str:
        import secrets

        return str(secrets.randbelow(9 * 10**14) + 10**14)

    # --- the API -------------------------------------------------------------------------------

    def token(self, request: Request) -> object:
        code = request.params.get("code", "")
        made = self.store.redeem(code, lasts=self.token_lasts, refresh_lasts=self.refresh_lasts)
        if made is None:
            raise Problem("code", "Invalid authorization code.")
        return self._tokens(made)

    def renew(self, request: Request) -> object:
        token = request.params.get("refresh_token", "")
        made = self.store.refresh(token, lasts=self.token_lasts, refresh_lasts=self.refresh_lasts)
        if made is None:
            raise Problem("refresh", "The specified refresh token is invalid or expired.")
        return self._tokens(made)

    def _tokens(self, made: Any) -> Answer:
        return Answer(
            content={
                "code": "0",
                "access_token": made.access,
                "refresh_token": made.refresh,
                "expires_in": int(self.token_lasts),
                "refresh_expires_in": int(self.refresh_lasts),
                "country": "id",
                "country_user_info": [{"country": "id", "seller_id": made.shop, "user_id": made.shop}],
            }
        )

    def seller(self, request: Request) -> object:
        row = self.store.row("SELECT * FROM shop WHERE id = ?", request.shop)
        return {"name": row["name"] if row else "", "seller_id": request.shop, "status": "ACTIVE"}

    def categories(self, request: Request) -> object:
        return [{"category_id": int(key), "name": name, "leaf": True} for key, name in CATEGORIES.items()]

    def upload(self, request: Request) -> object:
        key = self.take_picture(request.file("image"), least=330, most_bytes=3 * 1024 * 1024)
        return {"image": {"url": f"https://sim.slatic.example/{key}.jpg", "hash_code": key}}

    def create(self, request: Request) -> object:
        product = self._payload(request)
        attributes = product.get("Attributes") or {}
        title = self.check_length(attributes.get("name"), *LIMITS["title"], field="title")
        self.check_length(attributes.get("description"), *LIMITS["description"], field="description")
        if product.get("PrimaryCategory") not in CATEGORIES:
            raise Problem("category", "The category is not a leaf category.", field="category")
        associated = str(product.get("AssociatedSku") or "")
        there = self.store.items(request.shop, skus=[associated]) if associated else []
        if associated and not there:
            raise Problem("sku", f"AssociatedSku {associated} does not exist.", field="sku")
        if not associated:
            self._check_pictures(product)
        models = [self._model(request, sku) for sku in (product.get("Skus") or {}).get("Sku") or []]
        if not models:
            raise Problem("number", "A product has at least one SKU.", field="variant")
        if associated:
            key = there[0]["id"]
            self.store.add_models(key, models)
        else:
            key = self.store.add_item(
                request.shop, sku=models[0]["sku"], title=title, body=product, models=models
            )
        new = {model["sku"] for model in models}
        return {
            "item_id": key,
            "sku_list": [
                {"seller_sku": model["sku"], "shop_sku": f"{key}_ID-{model['id']}", "sku_id": model["id"]}
                for model in self.store.models(key)
                if model["sku"] in new
            ],
        }

    def _check_pictures(self, product: Any) -> None:
        urls = (product.get("Images") or {}).get("Image") or []
        self.check_pictures([str(url).rsplit("/", 1)[-1].removesuffix(".jpg") for url in urls], most=8)

    def _check_parcel(self, sku: Any) -> None:
        for measure in ("package_weight", "package_length", "package_width", "package_height"):
            if not float(sku.get(measure) or 0) > 0:
                raise Problem("number", f"The {measure} is missing.", field="weight")

    def _model(self, request: Request, sku: Any) -> dict[str, Any]:
        """What a new SKU is to be."""
        self._check_parcel(sku)
        name = self.check_length(sku.get("SellerSku"), 1, 200, field="sku")
        if self.store.items(request.shop, skus=[name]):
            raise Problem("sku", f"SellerSku {name} exists already.", field="sku")
        return {
            "sku": name,
            "name": " ".join((sku.get("saleProp") or {}).values()),
            "price": self.check_number(sku.get("price"), *LIMITS["price"], field="price"),
            "stock": self.check_number(sku.get("quantity"), *LIMITS["stock"], field="stock"),
        }

    def change(self, request: Request) -> object:
        """Words, pictures and parcel of what is there."""
        product = self._payload(request)
        item = self.store.item(request.shop, product.get("ItemId"))
        if item is None:
            raise Problem("item", "The item does not exist.")
        attributes = product.get("Attributes") or {}
        if "name" in attributes:
            self.check_length(attributes["name"], *LIMITS["title"], field="title")
        if "description" in attributes:
            self.check_length(attributes["description"], *LIMITS["description"], field="description")
        if "Images" in product:
            self._check_pictures(product)
        models = {str(model["id"]): model for model in self.store.models(item["id"])}
        for sku in (product.get("Skus") or {}).get("Sku") or []:
            if str(sku.get("SkuId")) not in models:
                raise Problem("item", "The SKU does not exist.")
            self._check_parcel(sku)
            if name := " ".join((sku.get("saleProp") or {}).values()):
                self.store.run("UPDATE model SET name = ? WHERE id = ?", name, sku["SkuId"])
        self.store.revise_item(item["id"], title=attributes.get("name", ""), body=product)
        return {"item_id": item["id"]}

    def _payload(self, request: Request) -> Any:
        try:
            return json.loads(request.params.get("payload", ""))["Request"]["Product"]
        except (ValueError, KeyError, TypeError):
            raise Problem("body", "The payload cannot be read.") from None

    def products(self, request: Request) -> object:
        params = request.params
        limit = self.check_number(params.get("limit", "20"), 1, 50, field="limit")
        offset = self.check_number(params.get("offset", "0"), 0, 10_000, field="offset")
        skus = [str(sku) for sku in json.loads(params.get("sku_seller_list") or "[]")]
        rows = self.store.items(request.shop, offset=offset, limit=limit, skus=skus)
        return {
            "total_products": len(self.store.items(request.shop, skus=skus)),
            "products": [
                {
                    "item_id": row["id"],
                    "status": "Active" if row["state"] == "live" else "InActive",
                    "attributes": {"name": row["title"]},
                    "skus": [
                        {
                            "SkuId": model["id"],
                            "SellerSku": model["sku"],
                            "price": float(model["price"]),
                            "quantity": model["stock"],
                            "Status": "active",
                        }
                        for model in self.store.models(row["id"])
                    ],
                }
                for row in rows
            ],
        }

    def update(self, request: Request) -> object:
        half = self.store.fault(request.path, "half")
        entries = (self._payload(request).get("Skus") or {}).get("Sku") or []
        if len(entries) > 50:
            raise Problem("param", "At most 50 SKUs.")
        detail = []
        for number, entry in enumerate(entries):
            sku = str(entry.get("SellerSku") or "")
            try:
                if half and number % 2 == 0:
                    raise Problem("busy", "System busy, please retry.")
                model = self.store.row(
                    "SELECT model.id FROM model JOIN item ON item.id = model.item "
                    "WHERE item.shop = ? AND item.state != 'gone' AND item.id = ? AND model.id = ?",
                    *(request.shop, entry.get("ItemId"), entry.get("SkuId")),
                )
                if model is None:
                    raise Problem("item", "The SKU does not exist.")
                if "Quantity" in entry:
                    value = self.check_number(entry["Quantity"], *LIMITS["stock"], field="stock")
                    self.store.set_stock(model["id"], value)
                if "Price" in entry:
                    value = self.check_number(entry["Price"], *LIMITS["price"], field="price")
                    self.store.set_price(model["id"], value)
            except Problem as problem:
                detail.append({"field": "SellerSku", "seller_sku": sku, "message": problem.message})
        if detail:
            return Answer(
                200,
                {"code": "501", "type": "ISP", "message": "E501: Update product failed", "detail": detail},
            )
        return Answer(200, {"code": "0", "data": {}, "request_id": "sim"})

    def deactivate(self, request: Request) -> object:
        try:
            key = json.loads(request.params.get("apiRequestBody", ""))["Request"]["Product"]["ItemId"]
        except (ValueError, KeyError, TypeError):
            raise Problem("body", "The payload cannot be read.") from None
        if self.store.item(request.shop, key) is None:
            raise Problem("item", "The item does not exist.")
        self.store.run("UPDATE item SET state = 'hidden' WHERE id = ?", key)
        return {}

    def orders(self, request: Request) -> object:
        params = request.params
        since = params.get("update_after") or params.get("created_after")
        if not since:
            raise Problem("param", "The parameter created_after or update_after is mandatory.")
        limit = self.check_number(params.get("limit", "100"), 1, 100, field="limit")
        offset = self.check_number(params.get("offset", "0"), 0, 5000, field="offset")
        try:
            begin = datetime.fromisoformat(since).timestamp()
        except ValueError:
            raise Problem("param", "The parameter update_after is not a date.") from None
        rows = self.store.sales(request.shop, since=begin, until=10**11, offset=offset, limit=limit)
        return {"count": len(rows), "orders": [self._order(row) for row in rows]}

    def order(self, request: Request) -> object:
        sale = self.store.sale(request.shop, request.params.get("order_id", ""))
        if sale is None:
            raise Problem("item", "The order does not exist.")
        return self._order(sale)

    def _order(self, sale: Any) -> dict[str, Any]:
        buyer = json.loads(sale["buyer"])
        return {
            "order_id": int(sale["id"]),
            "order_number": int(sale["id"]),
            "statuses": [STATES[sale["state"]]],
            "created_at": _when(sale["placed"]),
            "updated_at": _when(sale["updated"]),
            "customer_first_name": buyer.get("name", ""),
            "address_shipping": {
                "first_name": buyer.get("name", ""),
                "phone": "628*******00",
                "address1": buyer.get("address", ""),
            },
        }

    def order_items(self, request: Request) -> object:
        numbers = json.loads(request.params.get("order_ids") or "[]")
        if len(numbers) > 50:
            raise Problem("param", "At most 50 orders.")
        found = []
        for number in numbers:
            sale = self.store.sale(request.shop, str(number))
            if sale is None:
                continue
            # the platform gives one line for each piece
            items = [
                {
                    "order_item_id": line["id"] * 1000 + piece,
                    "product_id": str(line["item"]),
                    "sku_id": str(line["model"]),
                    "sku": line["sku"],
                    "name": line["title"],
                    "item_price": float(line["price"]),
                    "paid_price": float(line["price"]),
                    "status": STATES[sale["state"]],
                }
                for line in self.store.lines(sale["id"])
                for piece in range(line["quantity"])
            ]
            found.append({"order_id": int(sale["id"]), "order_items": items})
        return found
