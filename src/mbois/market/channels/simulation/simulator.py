"""What every simulated platform is: an API that is as strict as the platform's and can misbehave. The
city's database is never touched."""

import io
import secrets
import time
from collections.abc import Mapping
from typing import Any, ClassVar

from PIL import Image, UnidentifiedImageError

from mbois.market.channels.simulation.messages import Answer, Handler, Problem, Request
from mbois.market.channels.simulation.store import Store


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

    def check_authorize(self, request: Request) -> None:
        """Whether the link to the page was right."""

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
        """The answer of the API to a request; None hangs up without one."""
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
