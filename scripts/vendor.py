#!/usr/bin/env python3
"""Fetch the vendored front-end files that `src/mbois/web/vendor.toml` lists, with the npm client.

    python scripts/vendor.py          fetch and check against the hashes
    python scripts/vendor.py --pin    fetch and write the hashes of what came into the list

Nobody edits a vendored file: change the list and run this. `src/mbois/web/tests/test_vendor.py`
compares what is committed with the list.
"""

import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

WEB = Path(__file__).resolve().parent.parent / "src" / "mbois" / "web"
LIST = WEB / "vendor.toml"
TARGET = WEB / "static" / "web" / "vendor"


def fetch(name: str, version: str, folder: Path) -> Path:
    """Download one package of an exact version; answers its archive."""
    subprocess.run(
        ["npm", "pack", "--silent", f"{name}@{version}", "--pack-destination", str(folder)],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    (archive,) = folder.glob("*.tgz")
    return archive


def main(pin: bool) -> int:
    text = LIST.read_text()
    wrong = 0
    for package in tomllib.loads(text)["package"]:
        with tempfile.TemporaryDirectory() as temporary:
            archive = fetch(package["name"], package["version"], Path(temporary))
            with tarfile.open(archive) as tar:
                for file, wanted in package["files"].items():
                    member = tar.extractfile(f"package/{file}")
                    assert member is not None, file
                    body = member.read()
                    found = hashlib.sha256(body).hexdigest()
                    if pin:
                        line = rf'^"{re.escape(file)}" = "{wanted}"$'
                        start = text.index(f'name = "{package["name"]}"')
                        text = text[:start] + re.sub(
                            line, f'"{file}" = "{found}"', text[start:], count=1, flags=re.M
                        )
                    elif found != wanted:
                        print(f"{package['name']}: {file} is not what the list says")
                        wrong += 1
                        continue
                    strip = package.get("strip", "")
                    target = TARGET / package["to"] / file.removeprefix(strip)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(body)
        print(f"{package['name']} {package['version']}: {len(package['files'])} files")
    if pin:
        LIST.write_text(text)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main("--pin" in sys.argv[1:]))
