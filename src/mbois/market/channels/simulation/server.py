"""The web server that every simulator runs as. Django renders its pages."""

import signal
import sys
import threading
import traceback
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from mbois.market.channels.simulation import pages
from mbois.market.channels.simulation.messages import Answer, Request
from mbois.market.channels.simulation.pushes import send_due
from mbois.market.channels.simulation.simulator import Simulator

BIGGEST = 12 * 1024 * 1024


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
                answer = pages.answer(simulator, request) or simulator.answer(request)
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
    stopping = threading.Event()
    threading.Thread(target=send_due, args=[simulator], kwargs={"until": stopping}, daemon=True).start()

    def stop(*_args: object) -> None:
        stopping.set()
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(f"{simulator.title} simulator: http://{bind}:{server.server_address[1]}", flush=True)
    server.serve_forever(poll_interval=0.2)
    server.server_close()
    simulator.store.close()
