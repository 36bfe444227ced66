"""The web server that every simulator is: an API that is as strict as the platform's, the page where
a seller lets us in, a page where one buys and makes it misbehave, and pushes.

Django renders the pages; the city's database is never touched.
"""

import io
import json
import secrets
import signal
import sys
import threading
import time
import traceback
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from PIL import Image, UnidentifiedImageError

from mbois.market.channels.simulation.store import OutOfStock, Store

# What it can be told to do wrong, and where it takes a number.
FAULTS = ("slow", "error", "strange", "too_many", "work_then_hang", "half", "push_twice", "push_late")
BIGGEST = 12 * 1024 * 1024


@dataclass
class Request:
    method: str
    path: str
    params: dict[str, str]
    headers: Mapping[str, str]
    body: bytes
    shop: str = ""

    def json(self) -> Any:
        try:
            return json.loads(self.body or b"{}")
        except ValueError:
            raise Problem("body", "The body is not JSON.") from None

    def form(self) -> dict[str, str]:
        if self.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
            return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))
        return {}

    def file(self, name: str) -> bytes:
        """A file of a multipart form."""
        head = f"Content-Type: {self.headers.get('Content-Type', '')}\r\n\r\n".encode()
        message = BytesParser().parsebytes(head + self.body)
        for part in message.walk():
            if part.get_param("name", header="content-disposition") == name:
                content = part.get_payload(decode=True)
                return content if isinstance(content, bytes) else b""
        raise Problem("image", "There is no file.")


@dataclass
class Answer:
    status: int = 200
    content: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    def body(self) -> bytes:
        if isinstance(self.content, bytes):
            return self.content
        if isinstance(self.content, str):
            return self.content.encode()
        return json.dumps(self.content).encode()

    def type(self) -> str:
        return "text/html; charset=utf-8" if isinstance(self.content, str) else "application/json"


class Problem(Exception):
    """What the platform refuses: `kind` is ours, each platform says it in its own form."""

    def __init__(self, kind: str, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.field = field


Handler = Callable[["Request"], object]


class Simulator:
    """What the three have in common. A platform gives the class attributes and the methods that
    raise NotImplementedError."""

    name: ClassVar[str]
    title: ClassVar[str]
    # seconds
    token_lasts: ClassVar[float]
    refresh_lasts: ClassVar[float]
    clock_tolerance: ClassVar[float] = 300
    # requests a second of one shop, and how many at once
    rate: ClassVar[float] = 50
    burst: ClassVar[float] = 100

    def __init__(self, store: Store, *, key: str, secret: str, push_url: str = "") -> None:
        self.store = store
        self.key = key
        self.secret = secret
        self.push_url = push_url
        self.buckets: dict[str, tuple[float, float]] = {}
        self.stopping = threading.Event()

    @classmethod
    def extra_of(cls, shop: str) -> dict[str, str]:
        """What a connection of this shop keeps beside its tokens, where the simulator runs with the key
        and secret it has by itself."""
        return {}

    # --- what a platform says ------------------------------------------------------------------

    def routes(self) -> dict[tuple[str, str], Handler]:
        """(method, path) of the API → handler. A path may end with `*`."""
        raise NotImplementedError

    def open_paths(self) -> set[str]:
        """Paths that need no access token."""
        raise NotImplementedError

    def identify(self, request: Request) -> tuple[str, float]:
        """Check who calls and the signature. Returns the access token and the timestamp in seconds."""
        raise NotImplementedError

    def problem(self, problem: Problem) -> Answer:
        raise NotImplementedError

    def success(self, content: object) -> object:
        raise NotImplementedError

    def authorize_path(self) -> str:
        raise NotImplementedError

    def returning(self, request: Request, shop: str, code: str) -> str:
        """Where the browser of a seller goes who said yes."""
        raise NotImplementedError

    def push_of(self, sale: Mapping[str, Any]) -> dict[str, Any]:
        """What is pushed about a sale."""
        raise NotImplementedError

    def authorization(self, body: bytes) -> str:
        """The signature of a push."""
        raise NotImplementedError

    def sale_number(self) -> str:
        return time.strftime("%y%m%d") + secrets.token_hex(4).upper()

    # --- answering -----------------------------------------------------------------------------

    def answer(self, request: Request) -> Answer | None:
        """The answer to a request; None hangs up without one."""
        if request.path == self.authorize_path():
            return self.authorize(request)
        if request.path == "/" or request.path.startswith("/simulator/"):
            return self.page(request)
        for (method, pattern), handler in self.routes().items():
            stem, star, _rest = pattern.partition("*")
            if method == request.method and (
                request.path == pattern or (star and request.path.startswith(stem))
            ):
                return self.call(request, handler)
        return self.problem(Problem("path", f"There is no {request.method} {request.path}."))

    def call(self, request: Request, handler: Handler) -> Answer | None:
        if slow := self.store.fault(request.path, "slow"):
            time.sleep(slow["value"] or 2)
        if self.store.fault(request.path, "error"):
            return Answer(500, b"upstream connect error or disconnect/reset before headers")
        try:
            access, timestamp = self.identify(request)
            if abs(timestamp - self.store.now()) > self.clock_tolerance:
                raise Problem("timestamp", "The timestamp is too far from our clock.")
            if request.path not in self.open_paths():
                shop = self.store.shop_of(access)
                if shop is None:
                    raise Problem("token", "The access token is invalid or has expired.")
                request.shop = shop
                self.check_shop(request)
            self.limit(request)
            if self.store.fault(request.path, "strange"):
                return Answer(content=self.success({"new_field": True}))
            hang = self.store.fault(request.path, "work_then_hang")
            with self.store.writing():
                content = handler(request)
        except Problem as problem:
            return self.problem(problem)
        if hang:
            time.sleep(hang["value"] or 0)
            return None
        return content if isinstance(content, Answer) else Answer(content=self.success(content))

    def check_shop(self, request: Request) -> None:
        """Platforms that name the shop in each request compare it with the token's."""

    def limit(self, request: Request) -> None:
        """A bucket of requests a shop, refilled by the second."""
        if self.store.fault(request.path, "too_many"):
            raise Problem("too_many", "Too many requests.")
        rate = float(self.store.setting("rate", str(self.rate)))
        with self.store.lock:
            left, before = self.buckets.get(request.shop, (self.burst, time.monotonic()))
            now = time.monotonic()
            left = min(self.burst, left + (now - before) * rate)
            self.buckets[request.shop] = (max(left - 1, 0), now)
        if left < 1:
            raise Problem("too_many", "Too many requests.")

    # --- what they all check -------------------------------------------------------------------

    def take_picture(self, data: bytes, *, least: int, most_bytes: int) -> str:
        """Keep an uploaded picture. The least side is in pixels."""
        if len(data) > most_bytes:
            raise Problem(
                "image", f"The image is larger than {most_bytes // 1024 // 1024} MB.", field="photos"
            )
        try:
            with Image.open(io.BytesIO(data)) as picture:
                width, height = picture.size
                kind = picture.format
        except (UnidentifiedImageError, OSError):
            raise Problem("image", "The image cannot be read.", field="photos") from None
        if kind not in ("JPEG", "PNG"):
            raise Problem("image", "Images must be JPG or PNG.", field="photos")
        if min(width, height) < least:
            raise Problem("image", f"The image is smaller than {least} x {least} pixels.", field="photos")
        key = secrets.token_hex(12)
        self.store.run("INSERT INTO picture VALUES (?, ?, ?, ?)", key, width, height, len(data))
        return key

    def check_pictures(self, keys: list[str], *, most: int) -> None:
        if not 1 <= len(keys) <= most:
            raise Problem("images", f"A product has 1 to {most} images.", field="photos")
        for key in keys:
            if not self.store.row("SELECT 1 FROM picture WHERE id = ?", key):
                raise Problem("image", f"There is no image {key}.", field="photos")

    def check_length(self, text: object, low: int, high: int, *, field: str) -> str:
        value = text if isinstance(text, str) else ""
        if not low <= len(value.strip()) <= high:
            raise Problem("length", f"The {field} must have {low} to {high} characters.", field=field)
        return value

    def check_number(self, value: object, low: int, high: int, *, field: str) -> int:
        try:
            number = int(float(str(value)))
        except (ValueError, OverflowError):
            raise Problem("number", f"The {field} is not a number.", field=field) from None
        if not low <= number <= high:
            raise Problem("number", f"The {field} must be between {low} and {high}.", field=field)
        return number

    # --- the seller lets us in -----------------------------------------------------------------

    def authorize(self, request: Request) -> Answer:
        """A page that asks the seller; choosing a shop sends the browser back with a code."""
        asked = request.params | request.form()
        if request.method == "POST" and (name := asked.get("shop", "").strip()):
            shop = asked.get("known") or str(10_000_000 + secrets.randbelow(89_999_999))
            if asked.get("known") is None or not self.store.row("SELECT 1 FROM shop WHERE id = ?", shop):
                self.store.run("INSERT INTO shop VALUES (?, ?)", shop, name[:80])
            return Answer(302, "", {"Location": self.returning(request, shop, self.store.code_for(shop))})
        try:
            self.check_authorize(request)
        except Problem as problem:
            return self.html(request, "authorize", refused=problem.message, status=403)
        return self.html(request, "authorize", back=urlencode(request.params))

    def check_authorize(self, request: Request) -> None:
        """Whether the link to the page was right."""

    # --- the simulator's own pages -------------------------------------------------------------

    def page(self, request: Request) -> Answer:
        data = request.form()
        done = ""
        if request.method == "POST":
            done = self.act(request.path.removeprefix("/simulator/"), data)
            if request.headers.get("Accept", "").startswith("application/json"):
                return Answer(content={"done": done})
            where = f"/?shop={data.get('shop', '')}&done={done}"
            return Answer(303, "", {"Location": where})
        if request.path == "/simulator/state":
            return Answer(content=self.state())
        shops = self.store.rows(
            "SELECT shop.*, (SELECT count(*) FROM item WHERE item.shop = shop.id AND state != 'gone') AS items, "
            "(SELECT count(*) FROM sale WHERE sale.shop = shop.id) AS sales FROM shop ORDER BY name"
        )
        chosen = request.params.get("shop", "") or (shops[0]["id"] if shops else "")
        query = request.params.get("q", "").strip()
        return self.html(
            request,
            "index",
            shops=shops,
            chosen=chosen,
            query=query,
            items=self.shelf(chosen, query),
            sales=self.sold(chosen),
            faults=self.store.rows("SELECT * FROM fault WHERE times > 0 ORDER BY id"),
            kinds=self.kinds(),
            pushes=self.store.rows("SELECT * FROM push ORDER BY id DESC LIMIT 5"),
            skew=self.store.setting("skew", "0"),
            done=request.params.get("done", ""),
        )

    def kinds(self) -> list[tuple[str, object]]:
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

    def shelf(self, shop: str, query: str) -> list[dict[str, Any]]:
        rows = self.store.rows(
            "SELECT model.*, item.title, item.state FROM model JOIN item ON item.id = model.item "
            "WHERE item.shop = ? AND item.state != 'gone' AND (item.title LIKE ? OR model.sku LIKE ?) "
            "ORDER BY item.updated DESC, model.id LIMIT 100",
            *(shop, f"%{query}%", f"%{query}%"),
        )
        return [dict(row) for row in rows]

    def sold(self, shop: str) -> list[dict[str, Any]]:
        rows = self.store.rows("SELECT * FROM sale WHERE shop = ? ORDER BY placed DESC LIMIT 20", shop)
        return [dict(row) | {"lines": self.store.lines(row["id"])} for row in rows]

    def state(self) -> dict[str, Any]:
        """Counts, for those who watch: how many are listed, and how many SKUs more than once."""
        twice = self.store.rows(
            "SELECT item.shop, model.sku FROM model JOIN item ON item.id = model.item WHERE item.state != 'gone' "
            "GROUP BY item.shop, model.sku HAVING count(*) > 1"
        )
        count = self.store.row("SELECT count(*) AS items FROM item WHERE state != 'gone'")
        sales = self.store.row("SELECT count(*) AS sales FROM sale")
        return {
            "items": count["items"] if count else 0,
            "sales": sales["sales"] if sales else 0,
            "twice": [row["sku"] for row in twice],
        }

    def act(self, verb: str, data: dict[str, str]) -> str:
        """What one does on the page; returns a word that the page explains."""
        if verb == "buy":
            buyer = {"name": data.get("name") or str(_("A buyer")), "address": "Jl. Simulasi 1, Malang"}
            try:
                number = self.store.sell(
                    data["shop"],
                    [(int(data["model"]), int(data.get("quantity") or 1))],
                    buyer,
                    number=self.sale_number(),
                )
            except (OutOfStock, KeyError, ValueError):
                return "out_of_stock"
            self.push(data["shop"], number)
            return "bought"
        if verb == "move":
            self.store.move(data.get("sale", ""), data.get("state", ""))
            self.push(data.get("shop", ""), data.get("sale", ""))
            return "moved"
        if verb == "misbehave" and data.get("kind") in FAULTS:
            self.store.misbehave(
                data["kind"],
                times=int(data.get("times") or 1),
                path=data.get("path", ""),
                value=float(data.get("value") or 0),
            )
            return "misbehaving"
        if verb == "behave":
            self.store.behave()
            return "behaving"
        if verb == "expire":
            self.store.run("UPDATE token SET until = 0 WHERE ? IN ('', shop)", data.get("shop", ""))
            return "expired"
        if verb == "revoke":
            self.store.run(
                "UPDATE token SET until = 0, refresh_until = 0 WHERE ? IN ('', shop)", data.get("shop", "")
            )
            return "revoked"
        if verb == "clock":
            self.store.keep("skew", str(float(data.get("value") or 0)))
            return "clock"
        if verb == "rate":
            self.store.keep("rate", str(float(data.get("value") or self.rate)))
            return "rate"
        return self.by_hand(verb, data)

    def by_hand(self, verb: str, data: dict[str, str]) -> str:
        """What a seller does in the marketplace's own app, and what a tester asks."""
        shop, sku = data.get("shop", ""), data.get("sku", "")
        if verb == "list_by_hand":
            model = {"sku": sku, "name": "", "price": 10_000, "stock": 3}
            self.store.add_item(shop, sku=sku, title=data.get("title", sku), body={}, models=[model])
            return "done"
        row = self.store.row(
            "SELECT model.id FROM model JOIN item ON item.id = model.item WHERE item.shop = ? AND model.sku = ?",
            shop,
            sku,
        )
        if row is None:
            return "unknown"
        if verb == "tamper":
            self.store.set_stock(row["id"], int(data["stock"]))
            self.store.set_price(row["id"], int(data["price"]))
            return "done"
        return str(row["id"]) if verb == "model_of" else "unknown"

    def html(self, request: Request, template: str, *, status: int = 200, **context: Any) -> Answer:
        language = request.params.get("lang") or (
            "en" if request.headers.get("Accept-Language", "").lower().startswith("en") else "id"
        )
        with override(language):
            page = render_to_string(
                f"market/simulator/{template}.html", {"simulator": self, "lang": language, **context}
            )
        return Answer(status, page)

    # --- pushes --------------------------------------------------------------------------------

    def push(self, shop: str, number: str) -> None:
        """Queue what is to be pushed about a sale."""
        sale = self.store.sale(shop, number)
        if sale is None or not self.push_url:
            return
        body = json.dumps(self.push_of(dict(sale)), separators=(",", ":")).encode()
        late = self.store.fault("push", "push_late")
        due = time.time() + ((late["value"] or 60) if late else 0)
        for _again in range(2 if self.store.fault("push", "push_twice") else 1):
            self.store.run("INSERT INTO push (body, due) VALUES (?, ?)", body, due)

    def send_pushes(self) -> None:
        """Runs beside the server: sends what is due, and again after a while where nobody took it."""
        while not self.stopping.wait(0.2):
            for row in self.store.rows(
                "SELECT * FROM push WHERE answer NOT LIKE '2%' AND tries < 5 AND due <= ?", time.time()
            ):
                answer = self.send_push(row["body"])
                self.store.run(
                    "UPDATE push SET tries = tries + 1, answer = ?, due = ? WHERE id = ?",
                    *(answer, time.time() + 5 * 2 ** row["tries"], row["id"]),
                )

    def send_push(self, body: bytes) -> str:
        sent = urllib.request.Request(
            self.push_url,
            data=body,
            headers={"Content-Type": "application/json", "Authorization": self.authorization(body)},
        )
        try:
            with urllib.request.urlopen(sent, timeout=5) as answer:
                return str(answer.status)
        except urllib.error.HTTPError as refused:
            return str(refused.code)
        except OSError as failure:
            return type(failure).__name__


def _handler(simulator: Simulator) -> type[BaseHTTPRequestHandler]:
    class Handling(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = f"{simulator.name}-simulator"
        timeout = 60
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_GET(self) -> None:
            self.reply()

        def do_POST(self) -> None:
            self.reply()

        def do_PUT(self) -> None:
            self.reply()

        def reply(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            if length > BIGGEST:
                self.close_connection = True
                self.send(Answer(413, b"too large"))
                return
            parts = urlsplit(self.path)
            request = Request(
                self.command,
                parts.path,
                dict(parse_qsl(parts.query, keep_blank_values=True)),
                self.headers,  # type: ignore[arg-type]
                self.rfile.read(length),
            )
            try:
                answer = simulator.answer(request)
            except Exception:
                traceback.print_exc()
                answer = Answer(500, b"the simulator failed")
            if answer is None:
                self.close_connection = True
                return
            self.send(answer)

        def send(self, answer: Answer) -> None:
            body = answer.body()
            self.send_response(HTTPStatus(answer.status))
            self.send_header("Content-Type", answer.type())
            self.send_header("Content-Length", str(len(body)))
            self.send_header("X-Simulator", simulator.name)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def date_time_string(self, timestamp: float | None = None) -> str:
            """The hour of an answer, by the platform's clock."""
            return super().date_time_string(simulator.store.now() if timestamp is None else timestamp)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet: pages show what happens."""

    return Handling


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Callers that hang up are nothing to tell."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def serve(simulator: Simulator, *, bind: str, port: int) -> None:
    """Answer until asked to stop. Port 0 takes a free one; the address is printed."""
    server = _Server((bind, port), _handler(simulator))
    threading.Thread(target=simulator.send_pushes, daemon=True).start()

    def stop(*_args: object) -> None:
        simulator.stopping.set()
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(f"{simulator.title} simulator: http://{bind}:{server.server_address[1]}", flush=True)
    server.serve_forever(poll_interval=0.2)
    server.server_close()
    simulator.store.close()


def path_of(data_dir: Path, name: str) -> Path:
    """Where a simulator keeps what it knows."""
    return data_dir / "simulators" / f"{name}.sqlite"
