"""`mbois serve`: one command runs everything, keeps it up and leaves nothing behind."""

import json
import os
import re
import signal
import socket
import urllib.request
from collections.abc import Iterator

import pytest

from mbois import embedded
from tests.installation import Installation, eventually, free_port, new_installation

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    with new_installation() as made:
        yield made


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
    assert before not in served.processes("mbois", part)


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


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/x", "mysql://127.0.0.1/x", "nonsense"])
def test_a_database_that_cannot_be_used_is_told(installation: Installation, url: str) -> None:
    done = installation.mbois("check", DATABASE_URL=url)
    assert done.returncode == 1
    assert done.stderr.startswith("mbois: The PostgreSQL of DATABASE_URL cannot be used")
    assert "Traceback" not in done.stderr


def test_an_empty_database_url_is_none(installation: Installation) -> None:
    ask = "from django.db import connection; connection.ensure_connection(); print('there')"
    shown = installation.mbois("shell", "--no-imports", "-c", ask, DATABASE_URL="")
    assert shown.stdout.strip() == "there", shown.stderr


def test_a_backup_has_a_folder_and_a_restore_a_backup(installation: Installation) -> None:
    nowhere = installation.mbois("backup", str(installation.data_dir / "none" / "x.tar"))
    assert (nowhere.returncode, "There is no folder" in nowhere.stderr) == (1, True), nowhere.stderr
    letter = installation.data_dir / "letter.tar"
    letter.write_text("Dear all")
    wrong = installation.mbois("restore", str(letter))
    assert (wrong.returncode, "is no backup" in wrong.stderr) == (1, True), wrong.stderr
    assert "Traceback" not in nowhere.stderr + wrong.stderr


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
