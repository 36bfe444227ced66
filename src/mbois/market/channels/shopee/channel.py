"""Shopee, by its Open Platform v2."""

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
from mbois.market.channels.shopee.revising import model_of, revise, said_of, tier_of
from mbois.market.channels.shopee.signing import sign, verify_webhook

API = "/api/v2"
PAGE, BATCH = 100, 50
LONGEST_WINDOW = timedelta(days=15)
REFRESH_LASTS = timedelta(days=30)
STATES = {
    "UNPAID": SaleState.UNPAID,
    "READY_TO_SHIP": SaleState.PAID,
    "PROCESSED": SaleState.PAID,
    "RETRY_SHIP": SaleState.PAID,
    "IN_CANCEL": SaleState.PAID,
    "SHIPPED": SaleState.SENT,
    "TO_CONFIRM_RECEIVE": SaleState.SENT,
    "TO_RETURN": SaleState.SENT,
    "COMPLETED": SaleState.RECEIVED,
    "CANCELLED": SaleState.CANCELLED,
}
DETAILS = "buyer_username,recipient_address,item_list"
# The shipping that sellers choose at Shopee for the whole shop; an item must name one.
SHIPPING = [{"logistic_id": 80003, "enabled": True}]


def _kind(error: str, message: str, status: int) -> Kind:
    text = f"{error} {message}".lower()
    if status == 429 or "rate_limit" in text or "too many" in text:
        return Kind.TOO_MANY
    if "timestamp" in text:
        return Kind.CLOCK
    if "refresh_token" in text or error == "invalid_code":
        return Kind.LOGIN
    if "acceess_token" in text or "access_token" in text or "access token" in text:
        return Kind.EXPIRED
    if error in ("error_sign", "error_auth", "error_permission"):
        return Kind.SETUP
    if "not_found" in error:
        return Kind.MISSING
    if error in ("error_server", "error_inner", "error_network", "error_busi") or "busy" in text:
        return Kind.BUSY
    return Kind.REFUSED


def _request(
    session: requests.Session,
    app: App,
    method: str,
    path: str,
    *,
    access: Access | None = None,
    query: Mapping[str, str] | None = None,
    body: object = None,
    files: Any = None,
) -> tuple[requests.Response, dict[str, Any]]:
    def ask(now: float) -> Answered:
        params = {"partner_id": app.key, "timestamp": str(int(now))}
        if access is not None:
            params |= {"access_token": access.token, "shop_id": access.shop}
        params["sign"] = sign(secret=app.secret, path=path, params=params)
        return call(
            session,
            method,
            app.url + path,
            params=params | dict(query or {}),
            data=None if body is None else json.dumps(body),
            files=files,
            headers=None if files else {"Content-Type": "application/json"},
        )

    answer, content = by_their_clock(
        app.url, ask, disbelieved=lambda answered: _kind_of(*answered) == Kind.CLOCK
    )
    if kind := _kind_of(answer, content):
        said = str(content.get("message") or "")
        code = str(content.get("error"))
        raise ChannelError(kind, said=said, code=code, field=field_of(said), wait=wait_of(answer))
    return answer, content


def _kind_of(answer: requests.Response, content: dict[str, Any]) -> Kind | None:
    """What kind of trouble an answer tells, if any."""
    if not (error := str(content.get("error") or "")):
        return None
    return _kind(error, str(content.get("message") or ""), answer.status_code)


class ShopeeShop:
    """One shop at Shopee."""

    def __init__(self, app: App, access: Access) -> None:
        self.app = app
        self.access = access
        self.session = requests.Session()

    def _call(self, method: str, path: str, **parts: Any) -> dict[str, Any]:
        _answer, content = _request(self.session, self.app, method, API + path, access=self.access, **parts)
        response = content.get("response")
        return response if isinstance(response, dict) else content

    def health(self) -> Health:
        before = time.time()
        answer, content = _request(
            self.session, self.app, "GET", f"{API}/shop/get_shop_info", access=self.access
        )
        return Health(str(content.get("shop_name") or ""), skew_of(answer, before))

    def limits(self, category: str) -> Limits:
        found = self._call("GET", "/product/get_item_limit", query={"category_id": category})

        def limit(name: str) -> tuple[int, int] | None:
            value = found.get(name) or {}
            return (int(value["min_limit"]), int(value["max_limit"])) if "max_limit" in value else None

        return Limits(
            title=limit("item_name_length_limit"),
            description=limit("item_description_length_limit"),
            photos=limit("item_image_number_limit"),
            price=limit("price_limit"),
            stock=limit("stock_limit"),
        )

    def categories(self) -> list[PlatformCategory]:
        found = self._call("GET", "/product/get_category", query={"language": "id"})
        return [
            PlatformCategory(str(entry["category_id"]), str(entry["display_category_name"]))
            for entry in found.get("category_list", [])
            if not entry.get("has_children")
        ]

    def find(self, offer: Offer) -> Made | None:
        found = self._call(
            "GET",
            "/product/search_item",
            query={"item_sku": _item_sku(offer), "offset": "0", "page_size": "10"},
        )
        for key in found.get("item_id_list", []):
            made = self._made(str(key), offer)
            if made is not None:
                return made
        return None

    def _made(self, item: str, offer: Offer) -> Made | None:
        """The keys of an item's variants; those of half-made ones are missing."""
        if len(offer.variants) == 1:
            return Made(item, {offer.variants[0].sku: "0"})
        models = self._call("GET", "/product/get_model_list", query={"item_id": item}).get("model", [])
        return Made(
            item, {str(model["model_sku"]): str(model["model_id"]) for model in models if model["model_id"]}
        )

    def publish(self, offer: Offer) -> Made:
        made = self.find(offer)
        item = made.item if made else self._add(offer)
        if len(offer.variants) == 1:
            return Made(item, {offer.variants[0].sku: "0"}, fresh=made is None)
        if made is None or not made.variants:
            self._call(
                "POST",
                "/product/init_tier_variation",
                body={
                    "item_id": int(item),
                    "tier_variation": tier_of([variant.name for variant in offer.variants]),
                    "model": [model_of(variant, place) for place, variant in enumerate(offer.variants)],
                },
            )
            made = self._made(item, offer)
            return Made(item, made.variants if made else {}, fresh=True)
        assert made is not None
        return made

    def _add(self, offer: Offer) -> str:
        first = offer.variants[0]
        added = self._call(
            "POST",
            "/product/add_item",
            body={
                **said_of(offer),
                "category_id": int(offer.category) if offer.category.isdigit() else 0,
                "item_sku": _item_sku(offer),
                "original_price": first.price,
                "seller_stock": [{"stock": first.stock}],
                "image": {"image_id_list": self._pictures(offer)},
                "logistic_info": SHIPPING,
                "condition": "NEW",
            },
        )
        return str(added["item_id"])

    def revise(self, item: str, offer: Offer, *, text: bool, photos: bool) -> Made:
        return revise(
            self._call,
            item,
            offer,
            item_sku=_item_sku(offer),
            text=text,
            pictures=self._pictures(offer) if photos else None,
        )

    def _pictures(self, offer: Offer) -> list[str]:
        return [self._upload(photo.name, photo.read()) for photo in offer.photos]

    def _upload(self, name: str, data: bytes) -> str:
        _answer, content = _request(
            self.session,
            self.app,
            "POST",
            f"{API}/media_space/upload_image",
            files={"image": (name, data, "image/jpeg")},
        )
        return str(content["response"]["image_info"]["image_id"])

    def update(self, changes: Sequence[Change]) -> dict[str, ChannelError]:
        wrong: dict[str, ChannelError] = {}
        items: dict[str, list[Change]] = {}
        for change in changes:
            items.setdefault(change.item, []).append(change)
        for item, of_item in items.items():
            for path, name, entry in (
                ("/product/update_stock", "stock_list", _stock_entry),
                ("/product/update_price", "price_list", _price_entry),
            ):
                try:
                    answer = self._call(
                        "POST", path, body={"item_id": int(item), name: [entry(change) for change in of_item]}
                    )
                except ChannelError as failure:
                    if failure.kind not in (Kind.REFUSED, Kind.MISSING):
                        raise
                    wrong |= {change.sku: failure for change in of_item}
                    continue
                by_model = {change.variant: change.sku for change in of_item}
                for failed in answer.get("failure_list") or []:
                    said = str(failed.get("failed_reason") or "")
                    sku = by_model.get(str(failed.get("model_id") or 0), "")
                    kind = _kind("", said, 200)
                    wrong[sku] = ChannelError(kind, said=said, field=field_of(said))
        return wrong

    def take_off(self, item: str) -> None:
        self._call(
            "POST", "/product/unlist_item", body={"item_list": [{"item_id": int(item), "unlist": True}]}
        )

    def listed(self) -> Iterator[Listed | Unreadable]:
        offset = 0
        while True:
            page = self._call(
                "GET",
                "/product/get_item_list",
                query={"offset": str(offset), "page_size": str(PAGE), "item_status": "NORMAL"},
            )
            keys, unnamed = _keys(page.get("item", []), "item_id")
            yield from unnamed
            for begin in range(0, len(keys), BATCH):
                yield from self._details(keys[begin : begin + BATCH])
            if not page.get("has_next_page"):
                return
            offset = int(page["next_offset"])

    def _details(self, keys: list[str]) -> Iterator[Listed | Unreadable]:
        found = self._call("GET", "/product/get_item_base_info", query={"item_id_list": ",".join(keys)})
        for item in found.get("item_list", []):
            yield from understood(self._variants, item, "item_id")

    def _variants(self, item: dict[str, Any]) -> Iterator[Listed]:
        live = item.get("item_status") == "NORMAL"
        key, title = str(item["item_id"]), str(item["item_name"])
        models = (
            self._call("GET", "/product/get_model_list", query={"item_id": key}).get("model", [])
            if item.get("has_model")
            else [item | {"model_id": 0, "model_sku": item.get("item_sku", "")}]
        )
        for model in models:
            price = (model.get("price_info") or [{}])[0].get("original_price", 0)
            stock = (model.get("stock_info_v2") or {}).get("summary_info", {})
            yield Listed(
                key,
                str(model["model_id"]),
                str(model.get("model_sku") or ""),
                title,
                whole(price),
                int(stock.get("total_available_stock") or 0),
                live,
            )

    def orders(self, since: datetime, until: datetime) -> Iterator[Sale | Unreadable]:
        while since < until:
            end = min(since + LONGEST_WINDOW - timedelta(seconds=2), until)
            cursor = ""
            while True:
                page = self._call(
                    "GET",
                    "/order/get_order_list",
                    query={
                        "time_range_field": "update_time",
                        "time_from": str(int(since.timestamp())),
                        "time_to": str(int(end.timestamp()) + 1),
                        "page_size": str(PAGE),
                        "cursor": cursor,
                    },
                )
                numbers, unnamed = _keys(page.get("order_list", []), "order_sn")
                yield from unnamed
                for begin in range(0, len(numbers), BATCH):
                    yield from self._orders(numbers[begin : begin + BATCH])
                cursor = str(page.get("next_cursor") or "")
                if not page.get("more"):
                    break
            since = end

    def order(self, number: str) -> Sale | Unreadable | None:
        return next(self._orders([number]), None)

    def _orders(self, numbers: list[str]) -> Iterator[Sale | Unreadable]:
        found = self._call(
            "GET",
            "/order/get_order_detail",
            query={"order_sn_list": ",".join(numbers), "response_optional_fields": DETAILS},
        )
        for order in found.get("order_list", []):
            yield from understood(_sale, order, "order_sn")


def _keys(entries: list[dict[str, Any]], name: str) -> tuple[list[str], list[Unreadable]]:
    """The keys of what a list names, and what it names none of."""
    keys = [str(entry.get(name) or "") for entry in entries]
    return [key for key in keys if key], [Unreadable("") for key in keys if not key]


def _sale(order: dict[str, Any]) -> Iterator[Sale]:
    address = order.get("recipient_address") or {}
    yield Sale(
        number=str(order["order_sn"]),
        state=STATES.get(str(order["order_status"]), SaleState.PAID),
        placed_at=datetime.fromtimestamp(order["create_time"], UTC),
        changed_at=datetime.fromtimestamp(order["update_time"], UTC),
        buyer=str(address.get("name") or order.get("buyer_username") or ""),
        address=str(address.get("full_address") or ""),
        lines=[
            SoldLine(
                str(line["item_id"]),
                str(line.get("model_id") or 0),
                str(line.get("model_sku") or line.get("item_sku") or ""),
                str(line.get("item_name") or ""),
                int(line["model_quantity_purchased"]),
                whole(line.get("model_discounted_price")),
            )
            for line in order["item_list"]
        ],
    )


def _item_sku(offer: Offer) -> str:
    """What the item is found by: its SKU, or for several variants our own key of the product."""
    return offer.variants[0].sku if len(offer.variants) == 1 else offer.request


def _stock_entry(change: Change) -> dict[str, object]:
    return {"model_id": int(change.variant or 0), "seller_stock": [{"stock": change.stock}]}


def _price_entry(change: Change) -> dict[str, object]:
    return {"model_id": int(change.variant or 0), "original_price": change.price}


class Shopee:
    key = "shopee"
    name = "Shopee"

    def login_url(self, app: App, *, back: str, state: str) -> str:
        path = f"{API}/shop/auth_partner"
        params = {"partner_id": app.key, "timestamp": str(int(time.time()))}
        params["sign"] = sign(secret=app.secret, path=path, params=params)
        # Shopee gives no state back: it is part of the address it returns to
        separator = "&" if "?" in back else "?"
        return f"{app.url}{path}?{urlencode(params | {'redirect': f'{back}{separator}state={state}'})}"

    def grant(self, app: App, *, code: str, params: Mapping[str, str]) -> Grant:
        shop = params.get("shop_id", "")
        return self._grant(app, "/auth/token/get", shop, {"code": code})

    def refresh(self, app: App, *, shop: str, refresh_token: str) -> Grant:
        return self._grant(app, "/auth/access_token/get", shop, {"refresh_token": refresh_token})

    def _grant(self, app: App, path: str, shop: str, said: dict[str, str]) -> Grant:
        if not shop.isdigit():
            raise ChannelError(Kind.LOGIN, said="no shop")
        session = requests.Session()
        body = said | {"partner_id": int(app.key), "shop_id": int(shop)}
        _answer, content = _request(session, app, "POST", API + path, body=body)
        now = datetime.now(UTC)
        access = Access(shop, str(content["access_token"]))
        name = ""
        if "code" in said:
            name = ShopeeShop(app, access).health().shop_name
        return Grant(
            shop=shop,
            shop_name=name,
            access_token=access.token,
            refresh_token=str(content["refresh_token"]),
            access_until=now + timedelta(seconds=int(content["expire_in"])),
            refresh_until=now + REFRESH_LASTS,
        )

    def channel(self, app: App, access: Access) -> Channel:
        return ShopeeShop(app, access)

    def verify(self, app: App, *, url: str, raw_body: bytes, authorization: str) -> bool:
        return verify_webhook(
            secret=app.secret, url=url, app_key=app.key, raw_body=raw_body, authorization=authorization
        )

    def pushed(self, message: Mapping[str, object]) -> tuple[str, str]:
        data = message.get("data")
        order = str(data.get("ordersn") or "") if isinstance(data, dict) else ""
        return str(message.get("shop_id") or ""), order
