"""Tokopedia & Shop, by the TikTok Shop API, which has served both since 2025."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
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
from mbois.market.channels.tokopedia_shop.revising import revise, said_of, sku_of
from mbois.market.channels.tokopedia_shop.signing import sign, verify_webhook

VERSION = "202309"
PAGE, BATCH = 100, 50
STATES = {
    "UNPAID": SaleState.UNPAID,
    "ON_HOLD": SaleState.PAID,
    "AWAITING_SHIPMENT": SaleState.PAID,
    "PARTIALLY_SHIPPING": SaleState.PAID,
    "AWAITING_COLLECTION": SaleState.PAID,
    "IN_TRANSIT": SaleState.SENT,
    "DELIVERED": SaleState.RECEIVED,
    "COMPLETED": SaleState.RECEIVED,
    "CANCELLED": SaleState.CANCELLED,
}


def _kind(code: int, said: str, status: int) -> Kind:
    text = said.lower()
    if status == 429 or "too many" in text or "rate limit" in text:
        return Kind.TOO_MANY
    if "timestamp" in text:
        return Kind.CLOCK
    if "refresh_token" in text or "auth_code" in text:
        return Kind.LOGIN
    if "sign" in text or "app_key" in text or "app_secret" in text or "shop_cipher" in text:
        return Kind.SETUP
    if code in (105001, 105002, 105003) or "access token" in text or "access_token" in text:
        return Kind.EXPIRED
    if "busy" in text:
        return Kind.BUSY
    if "does not exist" in text and ("product" in text or "sku" in text or "order" in text):
        return Kind.MISSING
    return Kind.REFUSED


def _checked(answer: requests.Response, content: dict[str, Any]) -> dict[str, Any]:
    if kind := _kind_of(answer, content):
        said, code = str(content.get("message") or ""), str(content.get("code") or 0)
        raise ChannelError(kind, said=said, code=code, field=field_of(said), wait=wait_of(answer))
    data = content.get("data")
    return data if isinstance(data, dict) else {}


def _kind_of(answer: requests.Response, content: dict[str, Any]) -> Kind | None:
    """What kind of trouble an answer tells, if any."""
    code = int(content.get("code") or 0)
    if not code and answer.status_code < 400:
        return None
    return _kind(code, str(content.get("message") or ""), answer.status_code)


class TokopediaShopShop:
    """One shop at Tokopedia & Shop."""

    def __init__(self, app: App, access: Access) -> None:
        self.app = app
        self.access = access
        self.session = requests.Session()
        self._warehouse = ""

    def _raw(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: object = None,
        files: Any = None,
        shop: bool = True,
    ) -> tuple[requests.Response, dict[str, Any]]:
        text = "" if body is None else json.dumps(body, separators=(",", ":"))
        headers = {"x-tts-access-token": self.access.token}
        if not files:
            headers["Content-Type"] = "application/json"

        def ask(now: float) -> Answered:
            params = {"app_key": self.app.key, "timestamp": str(int(now)), **(query or {})}
            if shop and self.access.extra.get("cipher"):
                params["shop_cipher"] = self.access.extra["cipher"]
            params["sign"] = sign(secret=self.app.secret, path=path, params=params, body=text)
            return call(
                self.session,
                method,
                self.app.url + path,
                params=params,
                data=text.encode() if text else None,
                files=files,
                headers=headers,
            )

        return by_their_clock(
            self.app.url, ask, disbelieved=lambda answered: _kind_of(*answered) == Kind.CLOCK
        )

    def _call(self, method: str, path: str, **parts: Any) -> dict[str, Any]:
        return _checked(*self._raw(method, path, **parts))

    def shops(self) -> list[dict[str, Any]]:
        return list(self._call("GET", f"/authorization/{VERSION}/shops", shop=False).get("shops", []))

    def health(self) -> Health:
        before = time.time()
        answer, content = self._raw("GET", f"/authorization/{VERSION}/shops", shop=False)
        shops = _checked(answer, content).get("shops", [])
        name = next((str(shop["name"]) for shop in shops if str(shop["id"]) == self.access.shop), "")
        return Health(name, skew_of(answer, before))

    def limits(self, category: str) -> Limits:
        found = self._call("GET", f"/product/{VERSION}/categories/{category}/rules")

        def limit(name: str) -> tuple[int, int] | None:
            value = found.get(name) or {}
            return (int(value["min"]), int(value["max"])) if "max" in value else None

        return Limits(
            title=limit("title_length"),
            description=limit("description_length"),
            photos=limit("main_image_count"),
            price=limit("price"),
            stock=limit("inventory"),
        )

    def categories(self) -> list[PlatformCategory]:
        found = self._call("GET", f"/product/{VERSION}/categories", query={"locale": "id-ID"})
        return [
            PlatformCategory(str(entry["id"]), str(entry["local_name"]))
            for entry in found.get("categories", [])
            if entry.get("is_leaf")
        ]

    def find(self, offer: Offer) -> Made | None:
        skus = {variant.sku for variant in offer.variants}
        found = self._call(
            "POST",
            f"/product/{VERSION}/products/search",
            query={"page_size": "20"},
            body={"seller_skus": sorted(skus)},
        )
        for product in found.get("products", []):
            variants = {str(sku["seller_sku"]): str(sku["id"]) for sku in product.get("skus", [])}
            if skus & set(variants):
                return Made(str(product["id"]), variants)
        return None

    def publish(self, offer: Offer) -> Made:
        made = self.find(offer)
        if made is not None:
            return made
        created = self._call(
            "POST",
            f"/product/{VERSION}/products",
            body={
                "save_mode": "LISTING",
                "idempotency_key": offer.request,
                **said_of(offer),
                "category_id": offer.category,
                "main_images": [{"uri": key} for key in self._pictures(offer)],
                "skus": [sku_of(variant, self._store()) for variant in offer.variants],
            },
        )
        return Made(
            str(created["product_id"]),
            {str(sku["seller_sku"]): str(sku["id"]) for sku in created["skus"]},
            fresh=True,
        )

    def revise(self, item: str, offer: Offer, *, text: bool, photos: bool) -> Made:
        return revise(
            self._call,
            f"/product/{VERSION}/products",
            item,
            offer,
            warehouse=self._store,
            text=text,
            pictures=self._pictures(offer) if photos else None,
        )

    def _pictures(self, offer: Offer) -> list[str]:
        return [self._upload(photo.name, photo.read()) for photo in offer.photos]

    def _store(self) -> str:
        """The warehouse that things are sent from."""
        if not self._warehouse:
            found = self._call("GET", f"/logistics/{VERSION}/warehouses").get("warehouses", [])
            chosen = next((one for one in found if one.get("is_default")), found[0] if found else None)
            if chosen is None:
                raise ChannelError(Kind.REFUSED, said="The shop has no warehouse.", field="shipping")
            self._warehouse = str(chosen["id"])
        return self._warehouse

    def _upload(self, name: str, data: bytes) -> str:
        files = {"data": (name, data, "image/jpeg")}
        return str(self._call("POST", f"/product/{VERSION}/images/upload", files=files, shop=True)["uri"])

    def update(self, changes: Sequence[Change]) -> dict[str, ChannelError]:
        wrong: dict[str, ChannelError] = {}
        items: dict[str, list[Change]] = {}
        for change in changes:
            items.setdefault(change.item, []).append(change)
        for item, of_item in items.items():
            by_key = {change.variant: change.sku for change in of_item}
            stocks = [
                {
                    "id": change.variant,
                    "inventory": [{"warehouse_id": self._store(), "quantity": change.stock}],
                }
                for change in of_item
            ]
            prices = [
                {"id": change.variant, "price": {"amount": str(change.price), "currency": "IDR"}}
                for change in of_item
            ]
            for verb, skus in (("inventory/update", stocks), ("prices/update", prices)):
                try:
                    answer = self._call(
                        "POST", f"/product/{VERSION}/products/{item}/{verb}", body={"skus": skus}
                    )
                except ChannelError as failure:
                    if failure.kind not in (Kind.REFUSED, Kind.MISSING):
                        raise
                    wrong |= {change.sku: failure for change in of_item}
                    continue
                for failed in answer.get("errors") or []:
                    said = str(failed.get("message") or "")
                    sku = by_key.get(str((failed.get("detail") or {}).get("sku_id")), "")
                    code = int(failed.get("code") or 0)
                    wrong[sku] = ChannelError(
                        _kind(code, said, 200), said=said, code=str(code), field=field_of(said)
                    )
        return wrong

    def take_off(self, item: str) -> None:
        self._call("POST", f"/product/{VERSION}/products/deactivate", body={"product_ids": [item]})

    def listed(self) -> Iterator[Listed | Unreadable]:
        token = ""
        while True:
            query = {"page_size": str(PAGE)} | ({"page_token": token} if token else {})
            page = self._call("POST", f"/product/{VERSION}/products/search", query=query, body={})
            for product in page.get("products", []):
                yield from understood(_variants, product, "id")
            token = str(page.get("next_page_token") or "")
            if not token:
                return

    def orders(self, since: datetime, until: datetime) -> Iterator[Sale | Unreadable]:
        token = ""
        while True:
            query = {"page_size": str(PAGE), "sort_field": "update_time", "sort_order": "ASC"}
            page = self._call(
                "POST",
                f"/order/{VERSION}/orders/search",
                query=query | ({"page_token": token} if token else {}),
                body={
                    "update_time_ge": int(since.timestamp()),
                    "update_time_lt": int(until.timestamp()) + 1,
                },
            )
            for order in page.get("orders", []):
                yield from understood(_sale, order, "id")
            token = str(page.get("next_page_token") or "")
            if not token:
                return

    def order(self, number: str) -> Sale | Unreadable | None:
        found = self._call("GET", f"/order/{VERSION}/orders", query={"ids": number}).get("orders", [])
        return understood(_sale, found[0], "id")[0] if found else None


def _variants(product: dict[str, Any]) -> Iterator[Listed]:
    for sku in product["skus"]:
        price = sku.get("price") or {}
        yield Listed(
            str(product["id"]),
            str(sku["id"]),
            str(sku.get("seller_sku") or ""),
            str(product.get("title") or ""),
            whole(price.get("tax_exclusive_price") or price.get("sale_price")),
            sum(int(part.get("quantity") or 0) for part in sku.get("inventory") or []),
            product.get("status") == "ACTIVATE",
        )


def _sale(order: dict[str, Any]) -> Iterator[Sale]:
    """An order; the platform gives one line for each piece, which are put together again."""
    address = order.get("recipient_address") or {}
    lines: dict[tuple[str, int], SoldLine] = {}
    for line in order["line_items"]:
        price = whole(line.get("sale_price"))
        place = (str(line["sku_id"]), price)
        quantity = lines[place].quantity + 1 if place in lines else 1
        lines[place] = SoldLine(
            str(line["product_id"]),
            str(line["sku_id"]),
            str(line.get("seller_sku") or ""),
            str(line.get("product_name") or ""),
            quantity,
            price,
        )
    yield Sale(
        number=str(order["id"]),
        state=STATES.get(str(order["status"]), SaleState.PAID),
        placed_at=datetime.fromtimestamp(int(order["create_time"]), UTC),
        changed_at=datetime.fromtimestamp(int(order["update_time"]), UTC),
        buyer=str(address.get("name") or ""),
        address=str(address.get("full_address") or ""),
        lines=list(lines.values()),
    )


class TokopediaShop:
    key = "tokopedia_shop"
    name = "Tokopedia & Shop"

    def login_url(self, app: App, *, back: str, state: str) -> str:
        # the address to return to is registered with the app; a simulator takes it from here
        params = {"app_key": app.key, "state": state, "redirect_uri": back}
        return f"{app.url}/oauth/authorize?{urlencode(params)}"

    def grant(self, app: App, *, code: str, params: Mapping[str, str]) -> Grant:
        made = self._grant(app, "/api/v2/token/get", {"auth_code": code, "grant_type": "authorized_code"})
        shops = TokopediaShopShop(app, Access("", made.access_token)).shops()
        if not shops:
            raise ChannelError(Kind.LOGIN, said="The account has no shop.")
        return _with_shop(made, shops[0])

    def refresh(self, app: App, *, shop: str, refresh_token: str) -> Grant:
        made = self._grant(
            app, "/api/v2/token/refresh", {"refresh_token": refresh_token, "grant_type": "refresh_token"}
        )
        return _with_shop(made, {"id": shop, "name": ""})

    def _grant(self, app: App, path: str, said: dict[str, str]) -> Grant:
        params = {"app_key": app.key, "app_secret": app.secret, **said}
        data = _checked(*call(requests.Session(), "GET", app.url + path, params=params))
        return Grant(
            shop="",
            shop_name=str(data.get("seller_name") or ""),
            access_token=str(data["access_token"]),
            refresh_token=str(data["refresh_token"]),
            access_until=datetime.fromtimestamp(int(data["access_token_expire_in"]), UTC),
            refresh_until=datetime.fromtimestamp(int(data["refresh_token_expire_in"]), UTC),
        )

    def channel(self, app: App, access: Access) -> Channel:
        return TokopediaShopShop(app, access)

    def verify(self, app: App, *, url: str, raw_body: bytes, authorization: str) -> bool:
        return verify_webhook(
            secret=app.secret, url=url, app_key=app.key, raw_body=raw_body, authorization=authorization
        )

    def pushed(self, message: Mapping[str, object]) -> tuple[str, str]:
        data = message.get("data")
        order = str(data.get("order_id") or "") if isinstance(data, dict) else ""
        return str(message.get("shop_id") or ""), order


def _with_shop(made: Grant, shop: Mapping[str, Any]) -> Grant:
    extra = {"cipher": str(shop["cipher"])} if shop.get("cipher") else {}
    return Grant(
        shop=str(shop["id"]),
        shop_name=str(shop.get("name") or made.shop_name),
        access_token=made.access_token,
        refresh_token=made.refresh_token,
        access_until=made.access_until,
        refresh_until=made.refresh_until,
        extra=extra,
    )
