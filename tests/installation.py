"""An installation of its own for a test: a data folder, a port and the commands run on them."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from mbois import embedded


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(check: Callable[[], object], seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < until, "did not happen in time"
        time.sleep(0.1)


@dataclass
class Installation:
    """A data folder, a port, and the commands that are run on them."""

    data_dir: Path
    port: int
    process: subprocess.Popen[str] | None = None

    def environment(self) -> dict[str, str]:
        return {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {
            "MBOIS_DATA": str(self.data_dir),
            "PORT": str(self.port),
            "PYTHONPATH": os.pathsep.join(sys.path),
        }

    def mbois(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "mbois", *arguments],
            env=self.environment() | environment,
            capture_output=True,
            text=True,
            timeout=120,
        )

    @property
    def log(self) -> Path:
        return self.data_dir / "serve.log"

    def start(self) -> None:
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "mbois", "serve"],
                env=self.environment(),
                stdout=output,
                stderr=output,
                text=True,
            )
        eventually(lambda: "mbois is open" in self.log.read_text() or self.process.poll() is not None, 240)
        assert "mbois is open" in self.log.read_text(), self.log.read_text()

    def end(self, how: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(60)

    def get(self, path: str) -> dict[str, object]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
            return json.load(answer)  # type: ignore[no-any-return]

    def ready(self) -> bool:
        with suppress(OSError):
            return self.get("/readyz")["database"] == "ok"
        return False

    def processes(self, *words: str) -> list[int]:
        """Living processes of this installation whose command line has all the words."""
        found = []
        mark = f"MBOIS_DATA={self.data_dir}\0".encode()
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                command = (entry / "cmdline").read_bytes().decode(errors="replace")
                ours = mark in (entry / "environ").read_bytes() or str(self.data_dir) in command
                if command and ours and all(word in command for word in words):
                    found.append(int(entry.name))
        return sorted(found)


@contextmanager
def new_installation() -> Iterator[Installation]:
    """An installation in a new folder; stopped and removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="mbois-test-"))
    folder.chmod(0o755)
    made = Installation(folder, free_port())
    try:
        yield made
    finally:
        if made.process is not None and made.process.poll() is None:
            made.end(signal.SIGTERM)
        embedded.stop(folder)
        shutil.rmtree(embedded.socket_dir(folder), ignore_errors=True)
        shutil.rmtree(folder)
