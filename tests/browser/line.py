"""A line between the phone and the server that can be cut: at any moment, in the middle of what is
sent, or just before the answer arrives."""

import random
import socket
import struct
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

Trouble = Literal["half", "answer"]


@dataclass(eq=False)
class _Call:
    """One connection through the line."""

    phone: socket.socket
    server: socket.socket
    sent: int = 0
    watched: bool = False

    def hang_up(self) -> None:
        for end in (self.phone, self.server):
            with suppress(OSError):  # a reset, not a polite goodbye
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            with suppress(
                OSError
            ):  # its own thread closes it: a number given free here may be the next call's
                end.shutdown(socket.SHUT_RDWR)


@dataclass(eq=False)
class Line:
    """Forwards a port of its own to the server's. On a slow one every answer waits `delay` seconds behind
    its head, and a script three times as long: a page is there before it is whole. On an uneven one each
    sixth request waits up to `uneven` seconds before it is let through, so that others overtake it."""

    server: tuple[str, int]
    delay: float = 0
    uneven: float = 0
    is_cut: bool = False
    trouble: Trouble | None = None
    trouble_at: bytes = b""
    held_at: bytes = b""
    held_for: float = 0
    calls: set[_Call] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Nothing comes through any more, and what was under way breaks off."""
        self.is_cut = True
        for call in list(self.calls):
            call.hang_up()

    def mend(self) -> None:
        self.is_cut, self.trouble, self.held_at = False, None, b""

    def break_next_post(self, path: str, when: Trouble) -> None:
        """The next POST to a path that begins so breaks off and the line stays cut: at "half" of it,
        or when it was taken whole but its "answer" is on the way."""
        self.trouble, self.trouble_at = when, f"POST {path}".encode()

    def hold_next_post(self, path: str, seconds: float) -> None:
        """The next POST to a path that begins so stays on its way for a while."""
        self.held_at, self.held_for = f"POST {path}".encode(), seconds

    def close(self) -> None:
        self.cut()
        self._listener.close()

    def _listen(self) -> None:
        while True:
            try:
                phone, _address = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._connect, args=(phone,), daemon=True).start()

    def _connect(self, phone: socket.socket) -> None:
        try:
            if self.is_cut:
                raise OSError
            server = socket.create_connection(self.server, timeout=30)
        except OSError:
            phone.close()
            return
        server.settimeout(None)
        call = _Call(phone, server)
        self.calls.add(call)
        if self.is_cut:  # meanwhile
            call.hang_up()
        answers = threading.Thread(target=self._answers, args=(call,), daemon=True)
        answers.start()
        with suppress(OSError):
            while (data := phone.recv(8192)) and not self.is_cut:
                if self.trouble and data.startswith(self.trouble_at):
                    call.watched, call.sent = True, 0
                call.sent += len(data)
                self._wait(data)
                if call.watched and self.trouble == "half" and call.sent > 12_000:
                    self.cut()
                    break
                server.sendall(data)
        _say_goodbye(server)
        answers.join()
        self.calls.discard(call)
        for end in (phone, server):
            end.close()

    def _wait(self, data: bytes) -> None:
        if self.held_at and data.startswith(self.held_at):
            self.held_at = b""
            time.sleep(self.held_for)
        elif self.uneven and data.startswith((b"GET ", b"POST ")) and not random.randrange(6):
            time.sleep(random.uniform(0, self.uneven))

    def _answers(self, call: _Call) -> None:
        with suppress(OSError):
            while data := call.server.recv(8192):
                if call.watched and self.trouble == "answer":
                    self.cut()
                    break
                if self.delay and data.startswith(b"HTTP/1."):
                    head, _end, _body = data.partition(b"\r\n\r\n")
                    call.phone.sendall(data[: len(head) + 4])
                    data = data[len(head) + 4 :]
                    time.sleep(self.delay * (3 if b"javascript" in head else 1))
                call.phone.sendall(data)
        _say_goodbye(call.phone)


def _say_goodbye(end: socket.socket) -> None:
    """Nothing more comes; what is on its way still arrives, which a reset would drop."""
    with suppress(OSError):
        end.shutdown(socket.SHUT_WR)
