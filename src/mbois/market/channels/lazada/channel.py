"""Lazada, by its Open Platform. It pushes only to addresses with an OV or EV certificate, so orders
are fetched; a push, where one comes, only wakes the fetching."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import requests

from mbois.market.channels.base import (
    Access,
    App,
    Change,
    Channel,
    ChannelError,
    Grant,
    Health,
    Kind,
    Limits,
    Listed,
    Made,
    Offer,
    PlatformCategory,
    Sale,
    SaleState,
    SoldLine,
    Unreadable,
)
from mbois.market.channels.calling import (
    Answered,
    by_their_clock,
    call,
    field_of,
    skew_of,
    understood,
    wait_of,
    whole,
)
from mbois.market.channels.lazada.revising import numbers_of, payload, revise, said_of, sku_of
from mbois.market.channels.lazada.signing import sign, verify_webhook

PAGE, BATCH = 100, 50
# Lazada gives no limits by its API; these are those of its rules for products.
LIMITS = Limits(title=(2, 255), description=(0, 25_000), photos=(1, 8))
STATES = {
    "unpaid": SaleState.UNPAID,
    "pending": SaleState.PAID,
    "packed": SaleState.PAID,
    "repacked": SaleState.PAID,
    "ready_to_ship": SaleState.PAID,
    "ready_to_ship_pending": SaleState.PAID,
    "shipped": SaleState.SENT,
    "failed_delivery": SaleState.SENT,
    "delivered": SaleState.RECEIVED,
    "confirmed": SaleState.RECEIVED,
    "canceled": SaleState.CANCELLED,
    "returned": SaleState.CANCELLED,
}
KINDS = {
    "ApiCallLimit": Kind.TOO_MANY,
    "AppCallLimit": Kind.TOO_MANY,
    "SellerCallLimit": Kind.TOO_MANY,
    "IllegalAccessToken": Kind.EXPIRED,
    "IllegalRefreshToken": Kind.LOGIN,
    "InvalidCode": Kind.LOGIN,
    "IncompleteSignature": Kind.SETUP,
    "InvalidApiKey": Kind.SETUP,
    "InvalidAppKey": Kind.SETUP,
    "ServiceTimeout": Kind.UNKNOWN,
    "ServiceUnavailable": Kind.BUSY,
    "SystemError": Kind.BUSY,
    "6": Kind.BUSY,
    "207": Kind.MISSING,
}


def _kind(code: str, said: str) -> Kind:
    if code in KINDS:
        return KINDS[code]
    if "timestamp" in f"{code} {said}".lower():
        return Kind.CLOCK
    if "busy" in said.lower():
        return Kind.BUSY
    if "does not exist" in said.lower():
        return Kind.MISSING
    return Kind.REFUSED


def _request(
    session: requests.Session,
    app: App,
    method: str,
    path: str,
    *,
    token: str = "",
    query: Mapping[str, str] | None = None,
    files: Any = None,
) -> tuple[requests.Response, dict[str, Any]]:
    """The answer, whatever it says of itself; the code is left to the caller."""

    def ask(now: float) -> Answered:
        params = {
            "app_key": app.key,
            "timestamp": str(int(now * 1000)),
            "sign_method": "sha256",
            **({"access_token": token} if token else {}),
            **(query or {}),
        }
        params["sign"] = sign(secret=app.secret, path=path, params=params)
        in_body = method == "POST" and not files
        return call(
            session,
            method,
            f"{app.url}/rest{path}",
            params=None if in_body else params,
            data=params if in_body else None,
            files=files,
        )

    def disbelieved(answered: Answered) -> bool:
        code, said = str(answered[1].get("code") or "0"), str(answered[1].get("message") or "")
        return code != "0" and _kind(code, said) == Kind.CLOCK

    return by_their_clock(app.url, ask, disbelieved=disbelieved)


def _checked(answer: requests.Response, content: dict[str, Any]) -> dict[str, Any]:
    code = str(content.get("code") or "0")
    if code != "0":
        said = "; ".join(
            str(part)
            for part in (content.get("message"), *(_said(detail) for detail in content.get("detail") or []))
            if part
        )
        raise ChannelError(
            _kind(code, said), said=said, code=code, field=field_of(said), wait=wait_of(answer)
        )
    return content


def _said(detail: object) -> str:
    return str(detail.get("message") or "") if isinstance(detail, dict) else ""


class LazadaShop:
    """One shop at Lazada."""

    def __init__(self, app: App, access: Access) -> None:
        self.app = app
        self.access = access
        self.session = requests.Session()

    def _raw(self, method: str, path: str, **parts: Any) -> tuple[requests.Response, dict[str, Any]]:
        return _request(self.session, self.app, method, path, token=self.access.token, **parts)

    def _call(self, method: str, path: str, **parts: Any) -> Any:
        return _checked(*self._raw(method, path, **parts)).get("data")

    def health(self) -> Health:
        before = time.time()
        answer, content = self._raw("GET", "/seller/get")
        seller = _checked(answer, content).get("data") or {}
        return Health(str(seller.get("name") or ""), skew_of(answer, before))

    def limits(self, category: str) -> Limits:
        return LIMITS

    def categories(self) -> list[PlatformCategory]:
        return list(_leaves(self._call("GET", "/category/tree/get", query={"language_code": "id_ID"})))

    def find(self, offer: Offer) -> Made | None:
        skus = {variant.sku for variant in offer.variants}
        found = self._call(
            "GET",
            "/products/get",
            query={"sku_seller_list": json.dumps(sorted(skus)), "limit": "20", "filter": "all"},
        )
        for product in (found or {}).get("products", []):
            variants = {str(sku["SellerSku"]): str(sku["SkuId"]) for sku in product.get("skus", [])}
            if skus & set(variants):
                return Made(str(product["item_id"]), variants)
        return None

    def publish(self, offer: Offer) -> Made:
        made = self.find(offer)
        if made is not None:
            return made
        product = {
            "PrimaryCategory": offer.category,
            "Images": {"Image": self._pictures(offer)},
            "Attributes": said_of(offer),
            "Skus": {"Sku": [sku_of(offer, variant) | numbers_of(variant) for variant in offer.variants]},
        }
        created = self._call("POST", "/product/create", query={"payload": payload(product)})
        return Made(
            str(created["item_id"]),
            {str(sku["seller_sku"]): str(sku["sku_id"]) for sku in created["sku_list"]},
            fresh=True,
        )

    def revise(self, item: str, offer: Offer, *, text: bool, photos: bool) -> Made:
        made = self.find(offer)
        if made is None or made.item != item:
            raise ChannelError(Kind.MISSING, said="The product does not exist.")
        pictures = self._pictures(offer) if photos else None
        return revise(self._call, item, offer, dict(made.variants), text=text, pictures=pictures)

    def _pictures(self, offer: Offer) -> list[str]:
        return [self._upload(photo.name, photo.read()) for photo in offer.photos]

    def _upload(self, name: str, data: bytes) -> str:
        return str(
            self._call("POST", "/image/upload", files={"image": (name, data, "image/jpeg")})["image"]["url"]
        )

    def update(self, changes: Sequence[Change]) -> dict[str, ChannelError]:
        wrong: dict[str, ChannelError] = {}
        for begin in range(0, len(changes), BATCH):
            part = changes[begin : begin + BATCH]
            entries = [
                {
                    "ItemId": change.item,
                    "SkuId": change.variant,
                    "SellerSku": change.sku,
                    "Price": str(change.price),
                    "Quantity": str(change.stock),
                }
                for change in part
            ]
            answer, content = self._raw(
                "POST",
                "/product/price_quantity/update",
                query={"payload": payload({"Skus": {"Sku": entries}})},
            )
            named = {
                str(detail["seller_sku"]): str(detail.get("message") or "")
                for detail in content.get("detail") or []
                if isinstance(detail, dict) and detail.get("seller_sku")
            }
            if not named:
                try:
                    _checked(answer, content)
                except ChannelError as failure:
                    if failure.kind not in (Kind.REFUSED, Kind.MISSING):
                        raise
                    wrong |= {change.sku: failure for change in part}
                continue
            for sku, said in named.items():
                wrong[sku] = ChannelError(_kind("", said), said=said, field=field_of(said))
        return wrong

    def take_off(self, item: str) -> None:
        body = json.dumps({"Request": {"Product": {"ItemId": item}}})
        self._call("POST", "/product/deactivate", query={"apiRequestBody": body})

    def listed(self) -> Iterator[Listed | Unreadable]:
        offset = 0
        while True:
            page = self._call(
                "GET", "/products/get", query={"filter": "all", "limit": str(BATCH), "offset": str(offset)}
            )
            products = (page or {}).get("products") or []
            for product in products:
                yield from understood(_variants, product, "item_id")
            offset += len(products)
            if not products:
                return

    def orders(self, since: datetime, until: datetime) -> Iterator[Sale | Unreadable]:
        offset = 0
        while True:
            page = self._call(
                "GET",
                "/orders/get",
                query={
                    "update_after": since.isoformat(timespec="seconds"),
                    "sort_by": "updated_at",
                    "sort_direction": "ASC",
                    "limit": str(PAGE),
                    "offset": str(offset),
                },
            )
            orders = (page or {}).get("orders") or []
            for begin in range(0, len(orders), BATCH):
                yield from self._with_lines(orders[begin : begin + BATCH])
            offset += len(orders)
            if len(orders) < PAGE:
                return

    def order(self, number: str) -> Sale | Unreadable | None:
        try:
            found = self._call("GET", "/order/get", query={"order_id": number})
        except ChannelError as failure:
            if failure.kind == Kind.MISSING:
                return None
            raise
        return next(self._with_lines([found]), None)

    def _with_lines(self, orders: list[dict[str, Any]]) -> Iterator[Sale | Unreadable]:
        numbers = [order["order_id"] for order in orders if order.get("order_id")]
        found = (
            self._call("GET", "/orders/items/get", query={"order_ids": json.dumps(numbers)})
            if numbers
            else []
        )
        by_order = {str(entry.get("order_id")): entry.get("order_items") for entry in found or []}
        for order in orders:
            yield from understood(lambda one: [_sale(one, by_order[str(one["order_id"])])], order, "order_id")


def _leaves(tree: Any) -> Iterator[PlatformCategory]:
    for node in tree or []:
        if node.get("leaf"):
            yield PlatformCategory(str(node["category_id"]), str(node["name"]))
        yield from _leaves(node.get("children"))


def _variants(product: dict[str, Any]) -> Iterator[Listed]:
    for sku in product["skus"]:
        yield Listed(
            str(product["item_id"]),
            str(sku["SkuId"]),
            str(sku.get("SellerSku") or ""),
            str((product.get("attributes") or {}).get("name") or ""),
            whole(sku.get("price")),
            int(sku.get("quantity") or 0),
            str(product.get("status", "")).lower() == "active",
        )


def _when(text: object) -> datetime:
    """`2026-05-01 10:00:00 +0700`."""
    return datetime.strptime(str(text), "%Y-%m-%d %H:%M:%S %z")


def _sale(order: dict[str, Any], items: list[dict[str, Any]]) -> Sale:
    """An order; the platform gives one line for each piece, which are put together again."""
    lines: dict[tuple[str, int], SoldLine] = {}
    for item in items:
        price = whole(item.get("item_price"))
        place = (str(item["sku_id"]), price)
        quantity = lines[place].quantity + 1 if place in lines else 1
        lines[place] = SoldLine(
            str(item["product_id"]),
            str(item["sku_id"]),
            str(item.get("sku") or ""),
            str(item.get("name") or ""),
            quantity,
            price,
        )
    address = order.get("address_shipping") or {}
    return Sale(
        number=str(order["order_id"]),
        state=STATES.get(str(order["statuses"][0]), SaleState.PAID),
        placed_at=_when(order.get("created_at")),
        changed_at=_when(order.get("updated_at")),
        buyer=str(address.get("first_name") or order.get("customer_first_name") or ""),
        address=str(address.get("address1") or ""),
        lines=list(lines.values()),
    )


class Lazada:
    key = "lazada"
    name = "Lazada"

    def login_url(self, app: App, *, back: str, state: str) -> str:
        params = {
            "response_type": "code",
            "force_auth": "true",
            "client_id": app.key,
            "redirect_uri": back,
            "state": state,
        }
        return f"{app.url}/oauth/authorize?{urlencode(params)}"

    def grant(self, app: App, *, code: str, params: Mapping[str, str]) -> Grant:
        made = self._grant(app, "/auth/token/create", {"code": code})
        name = LazadaShop(app, Access(made.shop, made.access_token)).health().shop_name
        return Grant(**{**vars(made), "shop_name": name})

    def refresh(self, app: App, *, shop: str, refresh_token: str) -> Grant:
        return self._grant(app, "/auth/token/refresh", {"refresh_token": refresh_token})

    def _grant(self, app: App, path: str, said: dict[str, str]) -> Grant:
        content = _checked(*_request(requests.Session(), app, "POST", path, query=said))
        shops = content.get("country_user_info") or []
        mine = next((shop for shop in shops if shop.get("country") == "id"), shops[0] if shops else {})
        now = datetime.now(UTC)
        return Grant(
            shop=str(mine.get("seller_id") or ""),
            shop_name="",
            access_token=str(content["access_token"]),
            refresh_token=str(content["refresh_token"]),
            access_until=now + timedelta(seconds=int(content["expires_in"])),
            refresh_until=now + timedelta(seconds=int(content["refresh_expires_in"])),
        )

    def channel(self, app: App, access: Access) -> Channel:
        return LazadaShop(app, access)

    def verify(self, app: App, *, url: str, raw_body: bytes, authorization: str) -> bool:
        return verify_webhook(
            secret=app.secret, url=url, app_key=app.key, raw_body=raw_body, authorization=authorization
        )

    def pushed(self, message: Mapping[str, object]) -> tuple[str, str]:
        data = message.get("data")
        order = str(data.get("trade_order_id") or "") if isinstance(data, dict) else ""
        return str(message.get("seller_id") or ""), order
