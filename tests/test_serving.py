"""`mbois serve`: one command runs everything, keeps it up and leaves nothing behind."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from mbois import embedded

pytestmark = pytest.mark.slow


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
        eventually(lambda: "mbois is open" in self.log.read_text() or self.process.poll() is not None)
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


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    folder = Path(tempfile.mkdtemp(prefix="mbois-test-"))
    folder.chmod(0o755)
    made = Installation(folder, free_port())
    yield made
    if made.process is not None and made.process.poll() is None:
        made.end(signal.SIGTERM)
    embedded.stop(folder)
    shutil.rmtree(embedded.socket_dir(folder), ignore_errors=True)
    shutil.rmtree(folder)


@pytest.fixture
def served(installation: Installation) -> Installation:
    if installation.process is None or installation.process.poll() is not None:
        installation.start()
    return installation


def test_it_is_healthy_and_ready(served: Installation) -> None:
    assert served.get("/healthz") == {"process": "ok"}
    assert served.get("/readyz") == {"database": "ok", "migrations": "ok", "queue": "ok"}


def test_the_address_is_the_last_line(served: Installation) -> None:
    last = served.log.read_text().splitlines()[-1]
    assert f"http://127.0.0.1:{served.port}" in last


def test_a_second_start_says_that_it_runs_already(served: Installation) -> None:
    second = served.mbois("serve", PORT=str(free_port()))
    assert second.returncode == 1
    assert f"running already on {served.data_dir}: http://127.0.0.1:{served.port}" in second.stderr


def test_an_unknown_address_of_the_api_answers_as_json(served: Installation) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        served.get("/api/no-such-thing")
    assert json.load(refused.value)["error"]["code"] == "not_found"


def test_other_commands_share_the_running_database(served: Installation) -> None:
    asked = served.mbois("psql", "-Atc", "SELECT 40 + 2")
    assert asked.stdout == "42\n"
    assert served.ready()


@pytest.mark.parametrize("part", ["web", "worker"])
def test_a_killed_part_comes_back(served: Installation, part: str) -> None:
    (before, *_) = served.processes("mbois", part)
    os.kill(before, signal.SIGKILL)
    eventually(lambda: before not in served.processes("mbois", part) and served.processes("mbois", part))
    eventually(served.ready)


def test_a_killed_database_comes_back(served: Installation) -> None:
    before = embedded.postmaster_pid(served.data_dir)
    assert before is not None
    os.kill(before, signal.SIGKILL)
    eventually(lambda: embedded.postmaster_pid(served.data_dir) not in {None, before})
    eventually(served.ready)
    eventually(lambda: served.get("/readyz")["queue"] == "ok")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_leaves_nothing_running(served: Installation, how: signal.Signals) -> None:
    assert served.end(how) == 0
    assert served.processes() == []
    assert not embedded.running(served.data_dir)


def test_a_killed_supervisor_leaves_nothing_running(served: Installation) -> None:
    served.end(signal.SIGKILL)
    eventually(lambda: not served.processes(), 30)
    assert not embedded.running(served.data_dir)


def test_it_starts_again_right_after_a_kill(served: Installation) -> None:
    served.end(signal.SIGKILL)
    served.start()
    assert served.ready()
    served.end(signal.SIGTERM)


def test_a_taken_port_is_told(installation: Installation) -> None:
    assert installation.process is None or installation.process.poll() is not None
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused = installation.mbois("serve", PORT=str(port))
    assert refused.returncode == 1
    assert re.search(rf"Port {port} .* not free", refused.stderr)
    assert not embedded.running(installation.data_dir)


def test_help_lists_the_commands(installation: Installation) -> None:
    shown = installation.mbois("--help")
    assert shown.returncode == 0
    for name in ("demo", "check", "token", "backup"):
        assert re.search(rf"^  {name} +\S", shown.stdout, re.M)


def test_an_unknown_command_is_refused(installation: Installation) -> None:
    refused = installation.mbois("dmeo")
    assert refused.returncode == 2
    assert "dmeo" in refused.stderr


def test_a_backup_restores_what_was_lost(installation: Installation) -> None:
    def ask(sql: str) -> str:
        return installation.mbois("psql", "-Atc", sql).stdout.strip()

    backup = installation.data_dir / "backup.tar"
    (installation.data_dir / "files").mkdir(exist_ok=True)
    (installation.data_dir / "files" / "photo.txt").write_text("warung")
    ask("CREATE TABLE note AS SELECT 'kept' AS text")
    assert installation.mbois("backup", str(backup)).returncode == 0
    ask("DROP TABLE note")
    (installation.data_dir / "files" / "photo.txt").unlink()
    refused = installation.mbois("restore", str(backup))
    assert (refused.returncode, "--yes" in refused.stderr) == (1, True)
    restored = installation.mbois("restore", str(backup), "--yes")
    assert restored.returncode == 0, restored.stderr
    assert ask("SELECT text FROM note") == "kept"
    assert (installation.data_dir / "files" / "photo.txt").read_text() == "warung"
    elsewhere = installation.mbois("restore", str(backup), "--yes", MBOIS_IDENTITY_KEY="b3RoZXI=")
    assert "MBOIS_IDENTITY_KEY" in elsewhere.stderr
