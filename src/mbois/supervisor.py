"""One command for everything: starts database, web and worker, keeps them up, and stops them all.

Children run in process groups of their own. What dies is started again after a short pause; what
ignores a stop is killed; and should the supervisor itself be killed, the kernel tells the children.
"""

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from mbois import embedded, prepared

PATIENCE = 12.0  # seconds from a polite stop to a kill
LONGEST_PAUSE = 15.0  # seconds before a child that keeps dying is tried again


class CannotServe(Exception):
    """Why the program does not start; the message is for the operator."""


class _Stop(BaseException):
    """Somebody asked us to stop."""


@dataclass
class Child:
    """A process that is to be up: its command, and what became of it so far."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    again_at: float = 0.0


@dataclass
class Supervisor:
    """`data_dir` is the installation, `embed` whether its PostgreSQL is ours to run, `demo` whether
    it is a demo city; `prepare` are the arguments of `mbois prepare`."""

    data_dir: Path
    bind: str
    port: int
    embed: bool
    demo: bool = False
    prepare: list[str] = field(default_factory=list)
    children: list[Child] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)
    hurry: bool = False
    simulators: dict[str, tuple[str, int]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        host = f"[{self.bind}]" if ":" in self.bind else self.bind
        return f"http://{host}:{self.port}"

    def run(self) -> int:
        """Serve until asked to stop; gives the exit code."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        with _only_one(self.data_dir / "serve.lock", self.address):
            _die_with_make()
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                if number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN:
                    continue  # under nohup
                signal.signal(number, self._asked_to_stop)
            try:
                self._refuse_a_taken_port()
                with self._database():
                    try:
                        self._prepare()
                        self._serve()
                    finally:
                        self._stop_children()
            except _Stop:
                pass
            self.say("stopped")
        return 0

    def say(self, text: str) -> None:
        """One line of progress: seconds since the start, and what is done."""
        with suppress(BrokenPipeError):
            print(f"{time.monotonic() - self.begun:6.1f} s  {text}", flush=True)

    # --- the parts -------------------------------------------------------------------------------

    @contextmanager
    def _database(self) -> Iterator[None]:
        if not self.embed:
            self.say("PostgreSQL: the one of DATABASE_URL")
            yield
            return
        was_running = embedded.running(self.data_dir)
        with embedded.serving(self.data_dir, dies_with_caller=True):
            self.say("PostgreSQL is running" + (" already" if was_running else ""))
            try:
                yield
            finally:
                if not was_running:
                    with self._undisturbed():
                        embedded.stop(self.data_dir)

    def _prepare(self) -> None:
        if self.embed and prepared.is_current(self.data_dir, self.prepare):
            self.say("everything is up to date")
            return
        child = Child("prepare", [*_MBOIS, "prepare", *self.prepare])
        child.process = self._popen(child.command, logged=False)
        self.children.append(child)
        code = child.process.wait()
        self.children.remove(child)
        if code:
            raise CannotServe("The preparation failed; see above.")
        if self.embed:
            prepared.remember(self.data_dir, self.prepare)

    def _serve(self) -> None:
        if self.demo:
            self._choose_simulators()
        for name in ("web", "worker"):
            self.children.append(Child(name, [*_MBOIS, name]))
        announced = False
        while True:
            for child in self.children:
                self._keep_up(child)
            self._keep_database_up()
            if not announced:
                announced = self._announce()
                if announced and self.demo:
                    self._simulate()
            time.sleep(0.1)

    def _choose_simulators(self) -> None:
        """Give each simulated marketplace an address, and tell web and worker of it."""
        from mbois.market.channels.simulation.running import addresses, told

        self.simulators = addresses(self.bind, self.port)
        os.environ.update(told(self.simulators))

    def _simulate(self) -> None:
        """A demo city sells at marketplaces that are simulated on this machine."""
        site = os.environ.get("MBOIS_SITE_URL") or f"http://127.0.0.1:{self.port}"
        for name, (host, port) in self.simulators.items():
            push = f"--push-url={site}/lokapasar/{name}/kabar/"
            command = [*_MBOIS, "simulate", name, f"--bind={host}", f"--port={port}", push]
            self.children.append(Child(f"simulator-{name}", command))
            self.say(f"simulated marketplace {name}: http://{host}:{port}")

    def _keep_up(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is not None:
            if child.process.poll() is None:
                return
            _kill_group(child.process)
            code = child.process.returncode
            child.process = None
            child.failures = 0 if now - child.started > 30 else child.failures + 1
            pause = 0.0 if not child.failures else min(LONGEST_PAUSE, 0.25 * 2 ** (child.failures - 1))
            child.again_at = now + pause
            why = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
            self.say(f"{child.name} {why}; starting it again")
            if child.failures > 1 and self.demo:
                self.say(f"  see {self._log(child.name)}")
        if now >= child.again_at:
            child.process = self._popen(child.command, logged=self.demo, name=child.name)
            child.started = now

    def _keep_database_up(self) -> None:
        if self.embed and not embedded.running(self.data_dir):
            self.say("PostgreSQL is gone; starting it again")
            try:
                embedded.ensure_running(self.data_dir, dies_with_caller=True, keep=False)
            except embedded.EmbeddedError as error:
                self.say(f"PostgreSQL does not start: {error}")
                time.sleep(2)
            else:
                self.say("PostgreSQL is running again")

    def _announce(self) -> bool:
        for child in self.children:
            if child.failures > 4:
                raise CannotServe(f"The {child.name} process does not start.{self._end_of_log(child.name)}")
        try:
            with urllib.request.urlopen(f"{self._own_address()}/readyz", timeout=2):
                pass
        except (OSError, urllib.error.URLError):
            return False
        self.say(f"mbois is open: {self.address}  (Ctrl-C stops it)")
        return True

    def _own_address(self) -> str:
        return f"http://127.0.0.1:{self.port}" if self.bind in {"0.0.0.0", "::"} else self.address

    # --- starting and stopping -------------------------------------------------------------------

    def _popen(self, command: list[str], *, logged: bool, name: str = "") -> subprocess.Popen[bytes]:
        environment: Mapping[str, str] = os.environ | {"PYTHONUNBUFFERED": "1"}
        if not logged:
            return self._started(command, environment, None)
        log = self._log(name)
        log.parent.mkdir(exist_ok=True)
        if log.exists() and log.stat().st_size > 10_000_000:
            log.replace(log.with_suffix(".log.1"))
        with log.open("ab") as output:
            return self._started(command, environment, output.fileno())

    def _started(
        self, command: list[str], environment: Mapping[str, str], output: int | None
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=embedded.dying_with_parent(signal.SIGKILL),
        )

    def _log(self, name: str) -> Path:
        return self.data_dir / "logs" / f"{name}.log"

    def _end_of_log(self, name: str) -> str:
        if not self.demo:
            return ""
        with suppress(OSError):
            lines = self._log(name).read_text(errors="replace").splitlines()[-15:]
            return "\n".join([f" The end of {self._log(name)}:", *lines])
        return ""

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        if self.hurry:
            return
        self.hurry = True
        raise _Stop

    @contextmanager
    def _undisturbed(self) -> Iterator[None]:
        """A second Ctrl-C does not interrupt the stopping."""
        self.hurry = True
        yield

    def _stop_children(self) -> None:
        with self._undisturbed():
            processes = [child.process for child in self.children if child.process is not None]
            for process in processes:
                if process.poll() is None:
                    process.terminate()
            until = time.monotonic() + PATIENCE
            for process in processes:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(max(0.0, until - time.monotonic()))
                _kill_group(process)

    def _refuse_a_taken_port(self) -> None:
        """Two servers could share a port without noticing, so look before."""
        until = time.monotonic() + 5  # the web of a supervisor that was just killed may be closing
        family = socket.AF_INET6 if ":" in self.bind else socket.AF_INET
        while True:
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((self.bind, self.port))
                except OSError as error:
                    if time.monotonic() > until:
                        raise CannotServe(
                            f"Port {self.port} on {self.bind} is not free ({error.strerror}): another "
                            f"program uses it. Choose another, for example PORT={self.port + 1}."
                        ) from None
                else:
                    return
            time.sleep(0.2)


_MBOIS = [sys.executable, "-m", "mbois"]


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """End what is left of a child and of its own children."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    with suppress(subprocess.TimeoutExpired):
        process.wait(2)


def _die_with_make() -> None:
    """Under `make`, be stopped when make is gone, even where it was killed."""
    if os.environ.get("MAKELEVEL"):
        embedded.dying_with_parent(signal.SIGTERM, parent=os.getppid())()


@contextmanager
def _only_one(lock: Path, address: str) -> Iterator[None]:
    handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            known: dict[str, object] = {}
            with suppress(ValueError):
                known = json.loads(os.pread(handle, 4096, 0) or b"{}")
            where = f": {known['address']} (process {known['pid']})" if known else ""
            raise CannotServe(f"mbois is running already on {lock.parent}{where}.") from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps({"address": address, "pid": os.getpid()}).encode(), 0)
        yield
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)
