"""What is committed under `vendor/` is what the list says."""

import hashlib
import tomllib
from pathlib import Path

WEB = Path(__file__).resolve().parent.parent


def test_nobody_edited_a_vendored_file() -> None:
    listed = {}
    for package in tomllib.loads((WEB / "vendor.toml").read_text())["package"]:
        for file, wanted in package["files"].items():
            listed[f"{package['to']}/{file.removeprefix(package['strip'])}"] = wanted
    vendor = WEB / "static" / "web" / "vendor"
    found = {
        str(path.relative_to(vendor)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in vendor.rglob("*")
        if path.is_file()
    }
    assert found == listed
