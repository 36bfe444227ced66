"""Killed in the middle of a burst of repayments: nothing acknowledged is lost, nothing is double."""

import json
import os
import signal
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from tests.installation import Installation, eventually, new_installation

pytestmark = pytest.mark.slow

TELLERS = 4


@pytest.fixture(scope="module")
def bank() -> Iterator[Installation]:
    """A small demo city with its own PostgreSQL, web and worker."""
    with new_installation() as made:
        done = made.mbois("prepare", "--demo", "--scale=0.05", "--seed=7", MBOIS_DEMO="1")
        assert done.returncode == 0, done.stdout + done.stderr
        made.start()
        yield made


def token_of(bank: Installation) -> str:
    done = bank.mbois("token", "--role", "teller", "--region", "35.73")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


def call(bank: Installation, token: str, path: str, body: object = None, key: str = "") -> tuple[int, bytes]:
    """One call; status 0 where nobody answered."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{bank.port}/api{path}",
        data=json.dumps(body).encode() if body is not None else None,
        headers={
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError:
        return 0, b""


class Burst:
    """Tellers who send repayments as fast as they can, each under a key of its own."""

    def __init__(self, bank: Installation, tokens: list[str], loans: list[str]) -> None:
        self.bank, self.loans = bank, loans
        self.sent: dict[tuple[str, str], str] = {}
        self.acknowledged: dict[tuple[str, str], bytes] = {}
        self.over = threading.Event()
        self.threads = [
            threading.Thread(target=self.teller, args=(place, token)) for place, token in enumerate(tokens)
        ]

    def teller(self, place: int, token: str) -> None:
        for turn in range(200):
            if self.over.is_set():
                return
            key, loan = f"burst-{place}-{turn}", self.loans[(place + turn) % len(self.loans)]
            self.sent[token, key] = loan
            status, body = call(self.bank, token, f"/financing/loans/{loan}/repayments", {"amount": 1}, key)
            if status == 201:
                self.acknowledged[token, key] = body
            elif status == 0 or status >= 500:
                time.sleep(0.1)

    def running(self) -> bool:
        return any(thread.is_alive() for thread in self.threads)

    def __enter__(self) -> "Burst":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(60)


@pytest.mark.parametrize("victim", ["web", "postgres"])
def test_nothing_acknowledged_is_lost_and_nothing_is_double(bank: Installation, victim: str) -> None:
    tokens = [token_of(bank) for _n in range(TELLERS)]
    status, body = call(bank, tokens[0], "/financing/loans?state=active&limit=20")
    assert status == 200
    loans = [row["number"] for row in json.loads(body) if row["outstanding"] > 100_000]
    before = {row["number"]: row["paid_total"] for row in json.loads(body)}
    with Burst(bank, tokens, loans) as burst:
        eventually(lambda: len(burst.acknowledged) > 20)
        words = ("mbois", "web") if victim == "web" else ("postgres", "-D")
        killed = bank.processes(*words)
        assert killed, f"no {victim} to kill"
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        count = len(burst.acknowledged)
        eventually(lambda: len(burst.acknowledged) > count + 20 or not burst.running(), 120)
    eventually(bank.ready)

    # whoever got no answer asks again with the same key
    for (token, key), loan in burst.sent.items():
        status, body = call(bank, token, f"/financing/loans/{loan}/repayments", {"amount": 1}, key)
        assert status == 201
        assert burst.acknowledged.get((token, key), body) == body
    expected = {
        number: before[number] + sum(1 for loan in burst.sent.values() if loan == number) for number in loans
    }
    found = {
        number: json.loads(call(bank, tokens[0], f"/financing/loans/{number}")[1])["paid_total"]
        for number in loans
    }
    assert found == expected
    assert bank.mbois("check").returncode == 0
