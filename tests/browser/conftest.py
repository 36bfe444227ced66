"""A real browser on a real server: the server listens behind a line that tests can cut."""

import os
import re
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test import Client
from django.test.testcases import LiveServerThread
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Page,
    Playwright,
    Route,
    expect,
    sync_playwright,
)

from mbois.people.models import Person
from tests.browser.line import Line

# Playwright's loop runs in this thread; the database calls of the tests are ordinary ones.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

HERE = Path(__file__).parent
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
    "locale": "id-ID",
    "timezone_id": "Asia/Jakarta",
    "permissions": ["geolocation"],
    "geolocation": {"latitude": -7.977, "longitude": 112.634, "accuracy": 12},
}
DESKTOP: dict[str, Any] = {
    "viewport": {"width": 1440, "height": 900},
    "locale": "id-ID",
    "timezone_id": "Asia/Jakarta",
}
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
PATIENCE = 15_000  # milliseconds
SLOWNESS = float(os.environ.get("MBOIS_SLOW_LINE", 0))  # seconds
UNEVENNESS = float(os.environ.get("MBOIS_UNEVEN_LINE", 0))
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not (SLOWNESS or UNEVENNESS):  # where a race is looked for, once is enough
                item.add_marker(pytest.mark.flaky(reruns=1))


def chromium() -> str:
    """Where Chromium is. Fails with a way out where there is none."""
    for name in (os.environ.get("MBOIS_CHROMIUM"), "chromium", "chromium-browser", "google-chrome"):
        if name and (found := shutil.which(name)):
            return found
    pytest.fail("The browser tests need Chromium: apt-get install chromium, or set MBOIS_CHROMIUM.")


def eventually(check: Callable[[], object], seconds: float = 10) -> None:
    """Wait until something holds."""
    until = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < until, "did not happen in time"
        time.sleep(0.05)


def becomes_true(page: Page, expression: str) -> None:
    """Wait until a script's expression holds. Playwright's own waiting evaluates in the page, again and
    again, which the page's Content-Security-Policy forbids after the first time."""
    eventually(lambda: page.evaluate(expression), PATIENCE / 1000)


class _Server(ThreadedWSGIServer):
    request_queue_size = (
        128  # a page asks for all it needs at once; who finds the queue full waits for seconds
    )
    _under_way: ClassVar[set[object]] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._under_way.add(request)
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._under_way.discard(request)

    @classmethod
    def is_idle(cls) -> bool:
        """Nothing is being answered, on servers stopped meanwhile neither."""
        return not cls._under_way


class _ServerThread(LiveServerThread):
    server_class = _Server


@dataclass
class Site:
    """The server under test. `url` is its address; `line` leads to it and can be cut; `stop` and
    `start` end it and bring it back at the other end of the line."""

    _thread: LiveServerThread | None = None
    port: int = 0
    line: Line = field(init=False)

    def start(self) -> None:
        for port in (self.port, 0):  # while it was down, the port may have become somebody else's
            self._thread = _ServerThread("127.0.0.1", StaticFilesHandler, port=port)
            self._thread.daemon = True
            self._thread.start()
            self._thread.is_ready.wait()
            if not self._thread.error:
                break
        if self._thread.error:
            raise self._thread.error
        first, self.port = not self.port, int(self._thread.port)
        if first:
            self.line = Line(("127.0.0.1", self.port), SLOWNESS, UNEVENNESS)
        self.line.server = ("127.0.0.1", self.port)
        self.line.mend()

    def stop(self) -> None:
        """As a crash: what was under way breaks off."""
        self.line.cut()
        if self._thread is not None:
            self._thread.terminate()
            self._thread = None

    def settle(self) -> None:
        """Cut the line and wait until the server is done with all that had come through."""
        self.line.cut()
        if self._thread is not None:
            with socket.create_connection(self.line.server) as last:  # taken up after all before it
                last.shutdown(socket.SHUT_WR)
                last.recv(1)
        eventually(_Server.is_idle, PATIENCE / 1000)

    @property
    def url(self) -> str:
        return self.line.url


@pytest.fixture(scope="session")
def _site(django_db_setup: None, django_db_blocker: Any) -> Iterator[Site]:
    with django_db_blocker.unblock():
        site = Site()
        site.start()
        yield site
        site.stop()
        site.line.close()


@pytest.fixture
def site(_site: Site, transactional_db: None) -> Iterator[Site]:
    """A running server on an empty test database."""
    if _site._thread is None:
        _site.start()
    _site.line.mend()
    _site.line.delay = SLOWNESS
    yield _site
    _site.settle()  # no request of this test reaches the next one's database
    _site.line.mend()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    opened = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
    yield opened
    opened.close()


# A page whose scripts are still on their way
UNFINISHED = "html:not(.js):has(script[src*='/app.']), html:has([data-awake=half])"


def prepare(context: BrowserContext, *, hasty: bool = False) -> None:
    """Whoever uses it looks at a page until it is whole and touches it then, unless in a hurry."""
    context.set_default_timeout(PATIENCE)

    def look_first(page: Page) -> None:
        page.add_locator_handler(page.locator(UNFINISHED), lambda: _whole(page), no_wait_after=True)

    if not hasty:
        for page in context.pages:
            look_first(page)
        context.on("page", look_first)


@pytest.fixture
def new_context(browser: Browser, site: Site) -> Iterator[Callable[..., BrowserContext]]:
    """Makes a fresh browser profile: `new_context(**PHONE)`. Whoever is `hasty` does not wait for a page
    to be whole."""
    with ExitStack() as opened:

        def make(*, hasty: bool = False, **options: Any) -> BrowserContext:
            context = browser.new_context(base_url=site.url, **options)
            prepare(context, hasty=hasty)
            opened.callback(context.close)
            return context

        yield make


@pytest.fixture
def phone(new_context: Callable[..., BrowserContext]) -> Page:
    """A page on a phone of 360 × 740."""
    return new_context(**PHONE).new_page()


@pytest.fixture
def desktop(new_context: Callable[..., BrowserContext]) -> Page:
    """A page on a screen of 1440 × 900."""
    return new_context(**DESKTOP).new_page()


def sign_in(where: Page | BrowserContext, person: Person, *, language: str = "id") -> None:
    """Sign a person in, for a month as a ticked "remember me" does, and set the language."""
    context = where.context if isinstance(where, Page) else where
    client = Client()
    client.force_login(person)
    month = time.time() + 30 * 86400
    cookies = {
        settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value,
        settings.LANGUAGE_COOKIE_NAME: language,
    }
    context.add_cookies(
        [
            {"name": name, "value": value, "domain": "127.0.0.1", "path": "/", "expires": month}
            for name, value in cookies.items()
        ]
    )


@dataclass
class Handset:
    """A phone whose browser can be closed, or killed, and opened again with all it kept."""

    playwright: Playwright
    site: Site
    folder: Path
    context: BrowserContext | None = None

    def open(self, *, offline: bool = False, **options: Any) -> Page:
        """Start the browser; gives its page."""
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.folder),
            executable_path=chromium(),
            args=ARGUMENTS,
            base_url=self.site.url,
            offline=offline,
            **(PHONE | options),
        )
        prepare(self.context)
        return self.context.pages[0] if self.context.pages else self.context.new_page()

    def close(self) -> None:
        if self.context is not None:
            self.context.close()
            self.context = None


@pytest.fixture
def handset(playwright: Playwright, site: Site, tmp_path: Path) -> Iterator[Handset]:
    """A phone that keeps its data when the browser is closed."""
    owned = Handset(playwright, site, tmp_path / "phone")
    yield owned
    owned.close()


def lose_once(page: Page, address: str) -> list[str]:
    """What is asked for at such an address is lost on its way the first time; gives the address then."""
    lost: list[str] = []

    def answer(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.request.url)
            route.abort("connectionreset")

    page.route(address, answer)
    return lost


def hold_scripts(page: Page) -> Callable[[], None]:
    """The scripts of the next page stay on their way until the one who calls what is given lets them come."""
    held: list[Route] | None = []

    def answer(route: Route) -> None:
        if held is None:
            route.continue_()
        else:
            held.append(route)

    def release() -> None:
        nonlocal held
        kept, held = held or [], None
        for route in kept:
            route.continue_()

    page.route(re.compile(r"\.js$"), answer)
    return release


RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


# All scripts of a page are there; one that was lost is not waited for longer than some seconds.
WHOLE = """async () => {
    if (!matchMedia("(scripting: enabled)").matches) return;
    const end = performance.now() + 5000;
    const unfinished = () => document.querySelector("html:not(.js) script[src*='/app.'], [data-module]:not([data-awake=whole])");
    while (unfinished() && performance.now() < end)
        await new Promise(done => setTimeout(done, 20));
}"""

# An animation of a page that is not drawn never ends; nobody waits for it longer than some seconds.
AT_REST = """async () => {
    await Promise.race([
        Promise.all(
            document.getAnimations()
                .filter(moving => moving.effect.getComputedTiming().endTime !== Infinity)
                .map(moving => moving.finished.catch(() => {}))
        ),
        new Promise(done => setTimeout(done, 5000)),
    ]);
}"""


def _whole(page: Page) -> None:
    """Wait until a page is whole, and if it is on the way to another until that is."""
    for _attempt in range(3):
        try:
            page.evaluate(WHOLE)
            return
        except Error as problem:
            if "context was destroyed" not in problem.message:
                raise


def assert_accessible(page: Page) -> None:
    """No violation of WCAG 2.2 AA that axe can find, once all of the page is there and nothing moves in any more."""
    page.wait_for_load_state()
    _whole(page)
    page.evaluate(AT_REST)
    found = Axe().run(page, options=RULES)
    lines = [
        f"{problem['id']}: {problem['help']}\n    "
        + "\n    ".join(node["html"][:160] for node in problem["nodes"])
        for problem in found.response["violations"]
    ]
    assert not lines, f"{page.url}\n" + "\n".join(lines)


def assert_fits(page: Page) -> None:
    """Nothing makes the page scroll sideways."""
    page.wait_for_load_state()
    _whole(page)
    wide, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= room, f"{page.url} is {wide} px wide on a screen of {room} px"
