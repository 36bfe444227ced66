"""What a simulator tells by itself: a push about each sale, twice or late where it was told to."""

import json
import threading
import time
import urllib.error
import urllib.request

from mbois.market.channels.simulation.simulator import Simulator


def push(simulator: Simulator, shop: str, number: str) -> None:
    """Queue what is to be pushed about a sale."""
    sale = simulator.store.sale(shop, number)
    if sale is None or not simulator.push_url:
        return
    body = json.dumps(simulator.push_of(dict(sale)), separators=(",", ":")).encode()
    late = simulator.store.fault("push", "push_late")
    due = time.time() + ((late["value"] or 60) if late else 0)
    for _again in range(2 if simulator.store.fault("push", "push_twice") else 1):
        simulator.store.run("INSERT INTO push (body, due) VALUES (?, ?)", body, due)


def send_due(simulator: Simulator, *, until: threading.Event) -> None:
    """Runs beside the server: sends what is due, and again after a while where nobody took it."""
    while not until.wait(0.2):
        for row in simulator.store.rows(
            "SELECT * FROM push WHERE answer NOT LIKE '2%' AND tries < 5 AND due <= ?", time.time()
        ):
            answer = _send(simulator, row["body"])
            simulator.store.run(
                "UPDATE push SET tries = tries + 1, answer = ?, due = ? WHERE id = ?",
                *(answer, time.time() + 5 * 2 ** row["tries"], row["id"]),
            )


def _send(simulator: Simulator, body: bytes) -> str:
    sent = urllib.request.Request(
        simulator.push_url,
        data=body,
        headers={"Content-Type": "application/json", "Authorization": simulator.authorization(body)},
    )
    try:
        with urllib.request.urlopen(sent, timeout=5) as answer:
            return str(answer.status)
    except urllib.error.HTTPError as refused:
        return str(refused.code)
    except OSError as failure:
        return type(failure).__name__
