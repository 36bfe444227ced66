"""The lock files pin everything and lead nowhere else."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_names_versions_and_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert not re.search(r"^\s*(-f|-i|--find-links|--index|--extra-index)", text, re.M)
    packages = re.findall(r"^(\S+?)==(\S+)", text, re.M)
    assert len(packages) > 50
    assert text.count("--hash=sha256:") >= len(packages)


def test_the_tests_run_on_what_the_program_runs_on() -> None:
    pins = re.compile(r"^(\S+==\S+)", re.M)
    runtime = set(pins.findall((ROOT / "requirements.lock").read_text()))
    assert runtime <= set(pins.findall((ROOT / "requirements-dev.lock").read_text()))


def test_storage_in_the_cloud_is_an_extra() -> None:
    assert "boto" not in (ROOT / "requirements-dev.lock").read_text()
