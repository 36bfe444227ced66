"""Whether an embedded installation is up to date already, found out without loading the program.

`mbois prepare` would find nothing to do, but only after some seconds of loading. So its last success is
noted beside the data, with the state of the program's files and of the database cluster it was for.
"""

import hashlib
import os
import sys
from pathlib import Path

PROGRAM = Path(__file__).resolve().parent


def is_current(data_dir: Path, arguments: list[str]) -> bool:
    """Whether `mbois prepare` with these arguments has been done for this program and cluster."""
    try:
        return _note(data_dir).read_text() == _state(data_dir, arguments)
    except OSError:
        return False


def remember(data_dir: Path, arguments: list[str]) -> None:
    """Call when `mbois prepare` has succeeded."""
    _note(data_dir).write_text(_state(data_dir, arguments))


def forget(data_dir: Path) -> None:
    """Call before anything that may change tables or texts by other ways."""
    _note(data_dir).unlink(missing_ok=True)


def _note(data_dir: Path) -> Path:
    return data_dir / "prepared"


def _state(data_dir: Path, arguments: list[str]) -> str:
    """A fingerprint of every file of the program, the cluster, the collected files and the settings."""
    settings = sorted(item for item in os.environ.items() if item[0].startswith("MBOIS_"))
    found = hashlib.sha256(repr([sys.prefix, arguments, settings]).encode())
    paths = [path for path in PROGRAM.rglob("*") if path.suffix not in {".pyc", ".mo"} and path.is_file()]
    paths += [data_dir / "postgres" / "PG_VERSION", data_dir / "static" / ".collected"]
    for path in sorted(paths):
        state = path.stat()
        found.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\0{state.st_ino}\n".encode())
    return found.hexdigest()
