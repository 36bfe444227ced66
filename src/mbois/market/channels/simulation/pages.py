"""The pages of a simulator: where a seller lets us in, and where one buys and makes it misbehave."""

import secrets
from typing import Any
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from mbois.market.channels.simulation.messages import Answer, Problem, Request
from mbois.market.channels.simulation.pushes import push
from mbois.market.channels.simulation.simulator import Simulator
from mbois.market.channels.simulation.store import OutOfStock

# What it can be told to do wrong, and where it takes a number.
FAULTS = ("slow", "error", "strange", "too_many", "work_then_hang", "half", "push_twice", "push_late")


def answer(simulator: Simulator, request: Request) -> Answer | None:
    """The page that was asked for; None where the address is the API's."""
    if request.path == simulator.authorize_path():
        return authorize(simulator, request)
    if request.path == "/" or request.path.startswith("/simulator/"):
        return page(simulator, request)
    return None


def authorize(simulator: Simulator, request: Request) -> Answer:
    """A page that asks the seller; choosing a shop sends the browser back with a code."""
    asked = request.params | request.form()
    if request.method == "POST" and (name := asked.get("shop", "").strip()):
        shop = asked.get("known") or str(10_000_000 + secrets.randbelow(89_999_999))
        if asked.get("known") is None or not simulator.store.row("SELECT 1 FROM shop WHERE id = ?", shop):
            simulator.store.run("INSERT INTO shop VALUES (?, ?)", shop, name[:80])
        return Answer(
            302, "", {"Location": simulator.returning(request, shop, simulator.store.code_for(shop))}
        )
    try:
        simulator.check_authorize(request)
    except Problem as problem:
        return html(simulator, request, "authorize", refused=problem.message, status=403)
    return html(simulator, request, "authorize", back=urlencode(request.params))


def page(simulator: Simulator, request: Request) -> Answer:
    data = request.form()
    done = ""
    if request.method == "POST":
        done = act(simulator, request.path.removeprefix("/simulator/"), data)
        if request.headers.get("Accept", "").startswith("application/json"):
            return Answer(content={"done": done})
        where = f"/?shop={data.get('shop', '')}&done={done}"
        return Answer(303, "", {"Location": where})
    if request.path == "/simulator/state":
        return Answer(content=state(simulator))
    shops = simulator.store.rows(
        "SELECT shop.*, (SELECT count(*) FROM item WHERE item.shop = shop.id AND state != 'gone') AS items, "
        "(SELECT count(*) FROM sale WHERE sale.shop = shop.id) AS sales FROM shop ORDER BY name"
    )
    chosen = request.params.get("shop", "") or (shops[0]["id"] if shops else "")
    query = request.params.get("q", "").strip()
    return html(
        simulator,
        request,
        "index",
        shops=shops,
        chosen=chosen,
        query=query,
        items=shelf(simulator, chosen, query),
        sales=sold(simulator, chosen),
        faults=simulator.store.rows("SELECT * FROM fault WHERE times > 0 ORDER BY id"),
        kinds=kinds(),
        pushes=simulator.store.rows("SELECT * FROM push ORDER BY id DESC LIMIT 5"),
        skew=simulator.store.setting("skew", "0"),
        done=request.params.get("done", ""),
    )


def kinds() -> list[tuple[str, object]]:
    return [
        ("slow", _("Answer slowly")),
        ("error", _("Answer with an error of the server")),
        ("strange", _("Answer with something it does not document")),
        ("too_many", _("Say there are too many requests")),
        ("work_then_hang", _("Do the work, then hang up without an answer")),
        ("half", _("Do only a part of what is asked for")),
        ("push_twice", _("Push the next message twice")),
        ("push_late", _("Push the next message late")),
    ]


def shelf(simulator: Simulator, shop: str, query: str) -> list[dict[str, Any]]:
    rows = simulator.store.rows(
        "SELECT model.*, item.title, item.state FROM model JOIN item ON item.id = model.item "
        "WHERE item.shop = ? AND item.state != 'gone' AND (item.title LIKE ? OR model.sku LIKE ?) "
        "ORDER BY item.updated DESC, model.id LIMIT 100",
        *(shop, f"%{query}%", f"%{query}%"),
    )
    return [dict(row) for row in rows]


def sold(simulator: Simulator, shop: str) -> list[dict[str, Any]]:
    rows = simulator.store.rows("SELECT * FROM sale WHERE shop = ? ORDER BY placed DESC LIMIT 20", shop)
    return [dict(row) | {"lines": simulator.store.lines(row["id"])} for row in rows]


def state(simulator: Simulator) -> dict[str, Any]:
    """Counts, for those who watch: how many are listed, and how many SKUs more than once."""
    twice = simulator.store.rows(
        "SELECT item.shop, model.sku FROM model JOIN item ON item.id = model.item WHERE item.state != 'gone' "
        "GROUP BY item.shop, model.sku HAVING count(*) > 1"
    )
    count = simulator.store.row("SELECT count(*) AS items FROM item WHERE state != 'gone'")
    sales = simulator.store.row("SELECT count(*) AS sales FROM sale")
    return {
        "items": count["items"] if count else 0,
        "sales": sales["sales"] if sales else 0,
        "twice": [row["sku"] for row in twice],
    }


def act(simulator: Simulator, verb: str, data: dict[str, str]) -> str:
    """What one does on the page; returns a word that the page explains."""
    if verb == "buy":
        buyer = {"name": data.get("name") or str(_("A buyer")), "address": "Jl. Simulasi 1, Malang"}
        try:
            number = simulator.store.sell(
                data["shop"],
                [(int(data["model"]), int(data.get("quantity") or 1))],
                buyer,
                number=simulator.sale_number(),
            )
        except (OutOfStock, KeyError, ValueError):
            return "out_of_stock"
        push(simulator, data["shop"], number)
        return "bought"
    if verb == "move":
        simulator.store.move(data.get("sale", ""), data.get("state", ""))
        push(simulator, data.get("shop", ""), data.get("sale", ""))
        return "moved"
    if verb == "misbehave" and data.get("kind") in FAULTS:
        simulator.store.misbehave(
            data["kind"],
            times=int(data.get("times") or 1),
            path=data.get("path", ""),
            value=float(data.get("value") or 0),
        )
        return "misbehaving"
    if verb == "behave":
        simulator.store.behave()
        return "behaving"
    if verb == "expire":
        simulator.store.run("UPDATE token SET until = 0 WHERE ? IN ('', shop)", data.get("shop", ""))
        return "expired"
    if verb == "revoke":
        simulator.store.run(
            "UPDATE token SET until = 0, refresh_until = 0 WHERE ? IN ('', shop)", data.get("shop", "")
        )
        return "revoked"
    if verb == "clock":
        simulator.store.keep("skew", str(float(data.get("value") or 0)))
        return "clock"
    if verb == "rate":
        simulator.store.keep("rate", str(float(data.get("value") or simulator.rate)))
        return "rate"
    return by_hand(simulator, verb, data)


def by_hand(simulator: Simulator, verb: str, data: dict[str, str]) -> str:
    """What a seller does in the marketplace's own app, and what a tester asks."""
    shop, sku = data.get("shop", ""), data.get("sku", "")
    if verb == "list_by_hand":
        model = {"sku": sku, "name": "", "price": 10_000, "stock": 3}
        simulator.store.add_item(shop, sku=sku, title=data.get("title", sku), body={}, models=[model])
        return "done"
    row = simulator.store.row(
        "SELECT model.id FROM model JOIN item ON item.id = model.item WHERE item.shop = ? AND model.sku = ?",
        shop,
        sku,
    )
    if row is None:
        return "unknown"
    if verb == "tamper":
        simulator.store.set_stock(row["id"], int(data["stock"]))
        simulator.store.set_price(row["id"], int(data["price"]))
        return "done"
    return str(row["id"]) if verb == "model_of" else "unknown"


def html(
    simulator: Simulator, request: Request, template: str, *, status: int = 200, **context: Any
) -> Answer:
    language = request.params.get("lang") or (
        "en" if request.headers.get("Accept-Language", "").lower().startswith("en") else "id"
    )
    with override(language):
        page = render_to_string(
            f"market/simulator/{template}.html", {"simulator": simulator, "lang": language, **context}
        )
    return Answer(status, page)
