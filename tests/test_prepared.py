"""A start finds out without loading the program that nothing is to be done."""

from pathlib import Path

import pytest

from mbois import cli, prepared


@pytest.fixture
def installation(tmp_path: Path) -> Path:
    for name in ("postgres/PG_VERSION", "static/.collected"):
        path = tmp_path / name
        path.parent.mkdir()
        path.write_text("18")
    return tmp_path


def test_it_is_current_until_something_changes(installation: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not prepared.is_current(installation, ["--demo"])
    prepared.remember(installation, ["--demo"])
    assert prepared.is_current(installation, ["--demo"])
    assert not prepared.is_current(installation, []), "a city to serve is no demo city"
    monkeypatch.setenv("MBOIS_NOTIFY_CHANNELS", "sms")
    assert not prepared.is_current(installation, ["--demo"])


def test_another_cluster_is_prepared_anew(installation: Path) -> None:
    prepared.remember(installation, [])
    cluster = installation / "postgres" / "PG_VERSION"
    cluster.rename(cluster.with_suffix(".old"))
    assert not prepared.is_current(installation, [])
    cluster.write_text("18")
    assert not prepared.is_current(installation, [])


def test_an_update_of_the_program_is_noticed(
    installation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "program"
    program.mkdir()
    monkeypatch.setattr(prepared, "PROGRAM", program)
    prepared.remember(installation, [])
    (program / "0002_more.py").write_text("operations = []")
    assert not prepared.is_current(installation, [])


def test_commands_that_may_change_tables_forget_it(
    installation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "data_dir", lambda: installation)
    prepared.remember(installation, [])
    with pytest.raises(SystemExit):
        cli.main(["worker", "--help"])
    assert prepared.is_current(installation, [])
    with pytest.raises(SystemExit):
        cli.main(["prepare", "--help"])
    assert not prepared.is_current(installation, [])
