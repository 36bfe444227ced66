"""Simulators as processes of their own, for tests."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests

from mbois.market.channels.base import Access, App, Channel, Grant
from mbois.market.channels.registry import PLATFORMS
from mbois.market.channels.simulation.running import KEYS, secret_of

SRC = Path(__file__).resolve().parents[3]


@dataclass
class Running:
    """A simulator that runs, and what a tester does with it."""

    name: str
    url: str
    process: subprocess.Popen[str]

    @property
    def app(self) -> App:
        return App(self.url, KEYS[self.name], secret_of(self.name))

    def connect(self, shop: str = "Toko Uji") -> Grant:
        """A seller says yes on the simulator's page."""
        back = self.agree(
            PLATFORMS[self.name].login_url(self.app, back="http://kota.test/kembali/", state="s1"), shop
        )
        params = dict(parse_qsl(urlsplit(back).query))
        return PLATFORMS[self.name].grant(self.app, code=params["code"], params=params)

    def agree(self, login_url: str, shop: str = "Toko Uji") -> str:
        """Where the browser is sent after the seller agreed."""
        assert requests.get(login_url, timeout=10).status_code == 200
        answer = requests.post(login_url, data={"shop": shop}, allow_redirects=False, timeout=10)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def channel(self, grant: Grant) -> Channel:
        return PLATFORMS[self.name].channel(
            self.app, Access(grant.shop, grant.access_token, dict(grant.extra))
        )

    def do(self, verb: str, **data: object) -> str:
        answer = requests.post(
            f"{self.url}/simulator/{verb}", data=data, headers={"Accept": "application/json"}, timeout=10
        )
        return str(answer.json()["done"])

    def misbehave(self, kind: str, *, times: int = 1, path: str = "", value: float = 0) -> None:
        assert self.do("misbehave", kind=kind, times=times, path=path, value=value) == "misbehaving"

    def state(self) -> dict[str, Any]:
        return dict(requests.get(f"{self.url}/simulator/state", timeout=10).json())

    def model_of(self, shop: str, sku: str) -> str:
        """The simulator's own key of what a buyer buys."""
        return self.do("model_of", shop=shop, sku=sku)

    def tamper(self, shop: str, sku: str, *, stock: int, price: int) -> None:
        """The seller changes something in the marketplace's own app."""
        assert self.do("tamper", shop=shop, sku=sku, stock=stock, price=price) == "done"

    def list_by_hand(self, shop: str, sku: str, title: str) -> None:
        """The seller lists something in the marketplace's own app."""
        assert self.do("list_by_hand", shop=shop, sku=sku, title=title) == "done"

    def buy(self, shop: str, model: str, quantity: int = 1) -> str:
        return self.do("buy", shop=shop, model=model, quantity=quantity, name="Bu Ani")


@contextmanager
def simulator(name: str, data: Path | None = None, *, push_url: str = "") -> Iterator[Running]:
    """Run one on a free port; its data in `data` or nowhere that lasts."""
    with tempfile.TemporaryDirectory(prefix="mbois-simulator-") as folder:
        command = [sys.executable, "-m", "mbois", "simulate", name, "--data", str(data or folder)]
        process = subprocess.Popen(
            [*command, "--push-url", push_url],
            env=os.environ | {"PYTHONPATH": str(SRC), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdout is not None
            found = None
            until = time.monotonic() + 60
            while found is None and time.monotonic() < until:
                line = process.stdout.readline()
                assert line, "the simulator does not start"
                found = re.search(r"http://\S+", line)
            assert found is not None
            yield Running(name, found.group(), process)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
