"""The rush: 500 places, 5,000 people at once, over real connections to a real server; and the floor, the bare
SQL of the same sale."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

from mbois.agenda.models import Activity, Registration, Seats, Standing, Ticket
from mbois.agenda.tests.factories import make_activity

PLACES, PEOPLE = 500, 5_000
# Connections of the crowd that are open at the same moment: a backlog holds the others.
AT_ONCE = 250
FLOOR_CONNECTIONS = 8


@dataclass
class Rush:
    """What a rush came to. Seconds from the first request."""

    sold_after: float = 0
    all_after: float = 0
    answers: dict[int, int] = field(default_factory=dict)
    pages: list[float] = field(default_factory=list)
    bad_pages: int = 0


# --- the floor: one row, one ticket a transaction, nothing else -----------------------------------------


def bare_sale(raw: psycopg.Connection[Any], row: int) -> bool:
    with raw.transaction():
        sold = raw.execute(
            "UPDATE bench_seats SET taken = taken + 1 WHERE id = %s AND taken < quota RETURNING taken", [row]
        ).fetchone()
        if sold:
            raw.execute("INSERT INTO bench_ticket (seats, number) VALUES (%s, %s)", [row, sold[0]])
        else:
            raw.execute("INSERT INTO bench_waiting (seats) VALUES (%s)", [row])
    return sold is not None


def floor(raw: Any, places: int, people: int) -> float:
    """Seconds until the last place is sold by the bare SQL."""
    with raw() as one:
        one.execute(
            "CREATE TABLE bench_seats (id int PRIMARY KEY, quota int, taken int);"
            "CREATE TABLE bench_ticket (id bigserial PRIMARY KEY, seats int, number int);"
            "CREATE TABLE bench_waiting (id bigserial PRIMARY KEY, seats int);"
        )
        one.execute("INSERT INTO bench_seats VALUES (1, %s, 0)", [places])
        one.commit()
    done: list[float] = []
    begun = time.perf_counter()

    def buy(count: int) -> None:
        with raw() as mine:
            for _one in range(count):
                if bare_sale(mine, 1):
                    done.append(time.perf_counter() - begun)

    with ThreadPoolExecutor(FLOOR_CONNECTIONS) as crowd:
        list(crowd.map(buy, [people // FLOOR_CONNECTIONS] * FLOOR_CONNECTIONS))
    with raw() as one:
        sold = one.execute("SELECT count(*) FROM bench_ticket").fetchone()
        assert sold is not None and sold[0] == min(places, people), sold
        one.execute("DROP TABLE bench_seats, bench_ticket, bench_waiting")
    return max(done)


# --- ours: a server of its own, as `mbois serve` starts it ------------------------------------------------


@contextmanager
def server(workers: int, threads: int) -> Iterator[int]:
    """The program behind granian on a free port, on the database of this run."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    code = f"from mbois.serve_web import serve; serve(bind='127.0.0.1', port={port}, workers={workers}, threads={threads})"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "DATABASE_URL": _url()}
    collect = [sys.executable, "-m", "django", "collectstatic", "--noinput", "--verbosity=0"]
    subprocess.run(collect, env=environment, check=True)  # pages name their files by hash
    process = subprocess.Popen(
        [sys.executable, "-c", code], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                    break
            except OSError:
                assert time.monotonic() < until, "the server did not start"
                time.sleep(0.2)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _url() -> str:
    told = settings.DATABASES["default"]
    return f"postgresql://{told['USER']}@/{told['NAME']}?host={told['HOST']}&port={told['PORT']}"


async def _call(port: int, head: str, *, key: str = "", body: bytes = b"") -> int:
    """One request on a connection of its own; its status, 0 where the connection broke."""
    lines = [f"{head} HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
    if body:
        lines += [f"Idempotency-Key: {key}", "Content-Type: application/json", f"Content-Length: {len(body)}"]
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        await writer.drain()
        answer = await reader.read()
        writer.close()
        return int(answer[9:12])
    except (OSError, ValueError):
        return 0


async def _crowd(port: int, code: str, people: int, rush: Rush, over: threading.Event) -> None:
    room = asyncio.Semaphore(AT_ONCE)
    begun = time.perf_counter()
    sold: list[float] = []

    async def one(number: int) -> None:
        body = json.dumps(
            {"name": f"Orang {number}", "email": f"orang{number}@contoh.id", "places": 1}
        ).encode()
        head = f"POST /api/agenda/activities/{code}/registrations"
        async with room:
            status = await _call(port, head, key=f"rush-{number}", body=body)
        rush.answers[status] = rush.answers.get(status, 0) + 1
        if status == 201:
            sold.append(time.perf_counter() - begun)

    async def looker() -> None:
        while not over.is_set():
            at = time.perf_counter()
            for path in (f"/agenda/{code}/", "/agenda/"):
                status = await _call(port, f"GET {path}")
                rush.bad_pages += status not in (200, 301)
            rush.pages.append((time.perf_counter() - at) / 2)
            await asyncio.sleep(0.1)

    looking = asyncio.create_task(looker())
    await asyncio.gather(*(one(number) for number in range(people)))
    over.set()
    await looking
    rush.sold_after, rush.all_after = max(sold), time.perf_counter() - begun


def rush(places: int, people: int, *, workers: int = 2, threads: int = 4) -> Rush:
    """Sell so many places to so many people at once, and check that it was just."""
    activity: Activity = make_activity(quota=places, title="Konser pembukaan")
    found = Rush()
    with server(workers, threads) as port:
        asyncio.run(_crowd(port, activity.code, people, found, threading.Event()))
    connection.close()
    sold = min(places, people)
    assert Ticket.objects.filter(activity=activity).count() == sold
    assert Seats.objects.get(activity=activity).taken == sold
    confirmed = Registration.objects.filter(activity=activity, state=Standing.CONFIRMED)
    assert sorted(confirmed.values_list("number", flat=True)) == list(range(1, sold + 1))
    return found
