"""Backup and restore: one tar file with the database, the files people gave us, and what made it."""

import argparse
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from mbois import __version__, embedded

FORMAT = 1


def backup_command(arguments: list[str], *, database_url: str, data_dir: Path) -> int:
    """`mbois backup FILE`; it may run while people work."""
    parser = argparse.ArgumentParser(
        "mbois backup",
        description="Write the database and the files into one tar file. The keys of the installation are "
        "left out unless asked for: without them nobody can read a NIK in the backup.",
    )
    parser.add_argument("file", type=Path, help="the tar file to write; it must not exist yet")
    parser.add_argument("--with-secrets", action="store_true", help="put secrets.json in, too")
    options = parser.parse_args(arguments)
    if options.file.exists():
        return _refuse(f"{options.file} exists already.")
    if not options.file.resolve().parent.is_dir():
        return _refuse(f"There is no folder {options.file.resolve().parent}.")
    secrets = data_dir / "secrets.json"
    if options.with_secrets and not secrets.exists():
        return _refuse("The keys of this installation come from the environment; keep them with it.")
    with tempfile.TemporaryDirectory(dir=options.file.resolve().parent, prefix=".mbois-backup-") as folder:
        dump = Path(folder) / "database.dump"
        # the database first: files are only ever added, so every file it names is there afterwards
        code = subprocess.call(
            [
                embedded.program("pg_dump"),
                *("--format=custom", "--no-owner", "--no-privileges", f"--file={dump}", database_url),
            ]
        )
        if code:
            return _refuse("pg_dump failed; nothing was written.")
        draft = Path(folder) / "backup.tar"
        with tarfile.open(draft, "w") as tar:
            manifest = {
                "format": FORMAT,
                "mbois": __version__,
                "made": datetime.now(UTC).isoformat(timespec="seconds"),
                "key": _key_fingerprint(),
            }
            body = json.dumps(manifest, indent=1).encode()
            entry = tarfile.TarInfo("manifest.json")
            entry.size = len(body)
            tar.addfile(entry, io.BytesIO(body))
            tar.add(dump, "database.dump")
            if (data_dir / "files").is_dir():
                tar.add(data_dir / "files", "files")
            if options.with_secrets:
                tar.add(secrets, "secrets.json")
        draft.chmod(0o600)
        draft.replace(options.file)
    print(f"{options.file}: {options.file.stat().st_size / 1e6:.1f} MB")
    return 0


def restore_command(arguments: list[str], *, database_url: str, data_dir: Path) -> int:
    """`mbois restore FILE`: replaces what is there, whole or not at all."""
    parser = argparse.ArgumentParser(
        "mbois restore",
        description="Put a backup in the place of the present database and files. Stop `mbois serve` first.",
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--yes", action="store_true", help="replace a database that has tables")
    options = parser.parse_args(arguments)
    if not options.file.exists():
        return _refuse(f"There is no {options.file}.")
    if _served(data_dir):
        return _refuse("mbois is running on this data: stop it first.")
    with tempfile.TemporaryDirectory(dir=data_dir, prefix="restore-") as folder:
        draft = Path(folder)
        try:
            with tarfile.open(options.file) as tar:
                tar.extractall(draft, filter="data")
            manifest = json.loads((draft / "manifest.json").read_text())
        except (tarfile.TarError, OSError, ValueError):
            return _refuse(f"{options.file} is no backup, or not whole.")
        if manifest["format"] > FORMAT:
            return _refuse(f"This backup was made by a newer mbois ({manifest['mbois']}).")
        secrets = draft / "secrets.json"
        if not secrets.exists() and manifest["key"] != _key_fingerprint():
            return _refuse(
                "The backup was made with another MBOIS_IDENTITY_KEY: set that key, or put its secrets.json "
                f"into {data_dir}."
            )
        if not options.yes and _has_tables(database_url):
            return _refuse("The database has tables; --yes replaces them.")
        if _load(draft / "database.dump", database_url):
            return _refuse("The database could not be restored and is as it was.")
        if secrets.exists():
            shutil.copy2(secrets, data_dir / "secrets.json")
        if (draft / "files").exists():
            files = data_dir / "files"
            if files.exists():
                files.rename(draft / "files.before")
            (draft / "files").rename(files)
    print("Restored. Run `mbois prepare` when the program is newer than the backup.")
    return 0


def _load(dump: Path, database_url: str) -> int:
    """Replace the schema in one transaction; gives psql's exit code."""
    script = subprocess.Popen(
        [embedded.program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", dump],
        stdout=subprocess.PIPE,
    )
    assert script.stdout is not None
    psql = subprocess.Popen(
        [
            *(embedded.program("psql"), "--quiet", "--no-psqlrc", "--single-transaction"),
            *("--set=ON_ERROR_STOP=1", "--output=/dev/null"),
            *("--command=DROP SCHEMA public CASCADE; CREATE SCHEMA public", "--file=-", database_url),
        ],
        stdin=script.stdout,
    )
    script.stdout.close()
    return psql.wait() or script.wait()


def _has_tables(database_url: str) -> bool:
    import psycopg

    with psycopg.connect(database_url) as connection:
        found = connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1")
        return found.fetchone() is not None


def _served(data_dir: Path) -> bool:
    import fcntl

    lock = data_dir / "serve.lock"
    if not lock.exists():
        return False
    with lock.open() as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _key_fingerprint() -> str:
    """Tells whether two keys are the same without telling the key."""
    from mbois.settings import IDENTITY_KEY

    return hashlib.sha256(b"mbois backup " + IDENTITY_KEY.encode()).hexdigest()[:16]


def _refuse(message: str) -> int:
    print(f"mbois: {message}", file=sys.stderr)
    return 1
