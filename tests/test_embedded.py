"""The embedded PostgreSQL starts anywhere, survives what kills it, and goes when nobody needs it."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from mbois import embedded


@pytest.fixture
def data_dir() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="mbois-test-"))
    folder.chmod(0o755)
    yield folder
    embedded.stop(folder)
    cluster = embedded.cluster_dir(folder)
    if folder not in cluster.parents:
        shutil.rmtree(cluster.parent)
    shutil.rmtree(folder)
    shutil.rmtree(embedded.socket_dir(folder), ignore_errors=True)


def pid_of(data_dir: Path) -> int:
    pid = embedded.postmaster_pid(data_dir)
    assert pid is not None
    return pid


def test_it_runs_inside_the_block_only(data_dir: Path) -> None:
    assert not embedded.running(data_dir)
    with embedded.serving(data_dir) as url:
        assert url == embedded.url(data_dir)
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT lower('ÉCLAIR')").fetchone() == ("éclair",)
            assert connection.execute("SHOW fsync").fetchone() == ("on",)
    assert not embedded.running(data_dir)


def test_the_last_user_stops_it(data_dir: Path) -> None:
    with embedded.serving(data_dir):
        with embedded.serving(data_dir):
            pass
        assert embedded.running(data_dir)
    assert not embedded.running(data_dir)


def test_one_that_was_started_to_stay_stays(data_dir: Path) -> None:
    embedded.ensure_running(data_dir)
    with embedded.serving(data_dir):
        pass
    assert embedded.running(data_dir)
    embedded.stop(data_dir)
    assert not embedded.running(data_dir)


def test_many_starts_at_once_make_one_server(data_dir: Path) -> None:
    starts = [threading.Thread(target=embedded.ensure_running, args=(data_dir,)) for _ in range(4)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert embedded.running(data_dir)


@pytest.mark.parametrize("busy", [False, True])
def test_it_comes_back_after_a_kill_with_all_that_was_committed(data_dir: Path, busy: bool) -> None:
    with embedded.serving(data_dir) as url:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE note AS SELECT 1 AS number")
        other = psycopg.connect(url)
        if busy:  # a process that does not notice that its server is gone
            sleeper = threading.Thread(target=lambda: suppress_all(other.execute, "SELECT pg_sleep(60)"))
            sleeper.start()
            time.sleep(0.2)
        os.kill(pid_of(data_dir), signal.SIGKILL)
        while embedded.running(data_dir):
            time.sleep(0.01)
        embedded.ensure_running(data_dir, keep=False)
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT number FROM note").fetchone() == (1,)
        other.close()
    assert not embedded.running(data_dir)


def suppress_all(call: object, *arguments: object) -> None:
    with suppress(Exception):
        call(*arguments)  # type: ignore[operator]


def test_a_stale_lock_file_that_names_a_living_stranger_is_no_obstacle(data_dir: Path) -> None:
    with embedded.serving(data_dir):
        lock = (embedded.cluster_dir(data_dir) / "postmaster.pid").read_text()
    stranger = [str(os.getpid()), *lock.splitlines()[1:]]
    (embedded.cluster_dir(data_dir) / "postmaster.pid").write_text("\n".join(stranger))
    with embedded.serving(data_dir):
        assert embedded.running(data_dir)


def test_a_first_start_that_was_cut_off_is_made_again(data_dir: Path) -> None:
    (data_dir / "postgres.new").mkdir()
    (data_dir / "postgres.new" / "PG_VERSION").write_text("18")
    with embedded.serving(data_dir):
        assert embedded.running(data_dir)


def test_the_socket_has_a_short_path_whatever_the_folder() -> None:
    deep = Path("/srv") / ("kota-malang/" * 20)
    assert len(str(embedded.socket_dir(deep) / ".s.PGSQL.5432")) < 60
    assert embedded.socket_dir(deep) != embedded.socket_dir(deep / "two")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has folders that the server's user cannot enter")
def test_root_may_have_the_checkout_where_nobody_else_can_enter(data_dir: Path) -> None:
    data_dir.chmod(0o700)
    with embedded.serving(data_dir):
        assert embedded.cluster_dir(data_dir).is_relative_to(embedded.HIDDEN_CLUSTERS)
        assert (data_dir / "postgres").is_symlink()


@pytest.mark.skipif(os.geteuid() != 0, reason="already an ordinary user")
def test_an_ordinary_user_runs_it_as_oneself(data_dir: Path) -> None:
    os.chown(data_dir, 65534, 65534)
    source = Path(embedded.__file__).resolve().parent.parent
    script = "import sys, mbois.embedded as e\nwith e.serving(sys.argv[1]): print(e.running(sys.argv[1]))"
    as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    ran = subprocess.run(
        [*as_nobody, sys.executable, "-c", script, str(data_dir)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join([str(source), *sys.path[1:]])},
        cwd="/",
        capture_output=True,
        text=True,
    )
    if "Permission denied" in ran.stderr and "python" in ran.stderr:
        pytest.skip("this Python is closed to others")
    assert ran.stdout == "True\n", ran.stderr
    assert (data_dir / "postgres").stat().st_uid == 65534


def test_it_starts_while_an_earlier_one_is_shutting_down(data_dir: Path) -> None:
    embedded.ensure_running(data_dir)
    with psycopg.connect(embedded.url(data_dir)) as connection:
        connection.execute("CREATE TABLE note AS SELECT generate_series(1, 200000) AS number")
    before = pid_of(data_dir)
    os.kill(before, signal.SIGINT)
    embedded.ensure_running(data_dir)
    assert pid_of(data_dir) != before
    with psycopg.connect(embedded.url(data_dir)) as connection:
        assert connection.execute("SELECT count(*) FROM note").fetchone() == (200000,)
