"""`mbois simulate shopee --port 8001`: one simulator, until it is stopped."""

import argparse
import os
import signal
import socket
from pathlib import Path

from mbois.embedded import dying_with_parent
from mbois.market.channels.lazada.simulator import Lazada
from mbois.market.channels.shopee.simulator import Shopee
from mbois.market.channels.simulation.server import serve
from mbois.market.channels.simulation.simulator import Simulator
from mbois.market.channels.simulation.store import Store, path_of
from mbois.market.channels.tokopedia_shop.simulator import TokopediaShop

SIMULATORS: dict[str, type[Simulator]] = {
    simulator.name: simulator for simulator in (Shopee, TokopediaShop, Lazada)
}
# The app that a simulator knows unless it is told of another.
KEYS = {"shopee": "2000001", "tokopedia_shop": "simulated-app", "lazada": "100001"}


def secret_of(name: str) -> str:
    """The secret of that app. It guards nothing but a simulator."""
    return f"simulated-secret-of-{name}"


def addresses(bind: str, port: int) -> dict[str, tuple[str, int]]:
    """A free address on this machine for each simulator, from the port after `port` on."""
    found: dict[str, tuple[str, int]] = {}
    host = "127.0.0.1" if bind in ("0.0.0.0", "::", "localhost", "::1") else bind
    for name in SIMULATORS:
        port += 1
        while not _free(host, port):
            port += 1
        found[name] = (host, port)
    return found


def _free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError):
            return False
    return True


def told(found: dict[str, tuple[str, int]]) -> dict[str, str]:
    """What the program needs to know of simulators, as its environment tells it; what is set stays."""
    environment: dict[str, str] = {}
    for name, (host, port) in found.items():
        start = f"MBOIS_{name.upper()}"
        if os.environ.get(f"{start}_URL") and os.environ.get(f"{start}_SIMULATED") != "1":
            continue
        environment |= {
            f"{start}_URL": f"http://{host}:{port}",
            f"{start}_KEY": KEYS[name],
            f"{start}_SECRET": secret_of(name),
            f"{start}_SIMULATED": "1",
        }
    return environment


def simulate(arguments: list[str], *, data_dir: Path) -> int:
    """Serve one simulator; gives the exit code."""
    parser = argparse.ArgumentParser(
        "mbois simulate",
        description="Run a simulator of a marketplace: an API as strict as the platform's, with pages on "
        "which one buys and makes it misbehave. What it knows is kept beside the data of the installation.",
    )
    parser.add_argument("platform", choices=SIMULATORS)
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    parser.add_argument("--bind", default="127.0.0.1")
    parser.add_argument("--key", default="", help="key of the app (partner_id)")
    parser.add_argument("--secret", default="", help="secret of the app")
    parser.add_argument("--push-url", default="", help="where messages about orders are pushed to")
    parser.add_argument("--data", type=Path, default=data_dir, help="the data folder")
    options = parser.parse_args(arguments)
    name = options.platform
    if os.environ.get("MBOIS_DIES_WITH_PARENT"):
        dying_with_parent(signal.SIGTERM, parent=os.getppid())()
    simulator = SIMULATORS[name](
        Store(path_of(options.data, name)),
        key=options.key or KEYS[name],
        secret=options.secret or secret_of(name),
        push_url=options.push_url,
    )
    serve(simulator, bind=options.bind, port=options.port)
    return 0
