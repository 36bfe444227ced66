"""Makes `.venv` from a lock file: `python3 scripts/environment.py runtime|dev`.

Needs Python >= 3.11 and pip, nothing else; does nothing when the environment is what the lock says.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCKS = {"runtime": ROOT / "requirements.lock", "dev": ROOT / "requirements-dev.lock"}
COMMAND = """#!{python}
import sys
from mbois.cli import main
sys.exit(main())
"""


def main() -> None:
    kind = sys.argv[1] if len(sys.argv) > 1 else "runtime"
    if sys.version_info < (3, 11):  # noqa: UP036 (this runs before there is an environment)
        found = ".".join(map(str, sys.version_info[:3]))
        fail(f"mbois needs Python 3.11 or newer, python3 is {found}. Set PYTHON=… to a newer one.")
    lock = LOCKS[kind]
    wanted = fingerprint(lock)
    stamp = VENV / "mbois-stamp"
    if stamp.exists() and wanted in stamp.read_text().split():
        return
    begun = time.monotonic()
    python = VENV / "bin" / "python"
    if not python.exists() or not works(python):
        make_venv()
    say(f"installing {lock.name} into .venv")
    install(python, lock)
    put_program_in(python)
    done = [wanted, fingerprint(LOCKS["runtime"])] if kind == "dev" else [wanted]
    stamp.write_text("\n".join(done))
    say(f"the environment is ready after {time.monotonic() - begun:.1f} s")


def fingerprint(lock: Path) -> str:
    """Tells this lock on this Python at this place from any other."""
    return hashlib.sha256(lock.read_bytes() + sys.version.encode() + str(VENV).encode()).hexdigest()


def works(python: Path) -> bool:
    """Whether the environment's Python runs and is of the version of ours."""
    shown = subprocess.run(
        [python, "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True
    )
    return shown.stdout.split() == [str(part) for part in sys.version_info[:2]]


def make_venv() -> None:
    """An empty environment. Debian's python3 may lack ensurepip, so the pip outside is used where
    there is one that can install into another environment."""
    shutil.rmtree(VENV, ignore_errors=True)
    without_pip = ["--without-pip"] if outer_pip() else []
    made = subprocess.run([sys.executable, "-m", "venv", *without_pip, str(VENV)])
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        fail("The environment could not be made: install pip (on Debian: apt-get install python3-pip).")


def outer_pip() -> bool:
    """Whether the pip of this Python knows --python (22.3 or newer)."""
    shown = subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, text=True)
    words = shown.stdout.split()
    return shown.returncode == 0 and tuple(int(part) for part in words[1].split(".")[:2]) >= (22, 3)


def install(python: Path, lock: Path) -> None:
    """Install exactly what the lock names; every file is checked by its hash."""
    if outer_pip():
        pip = [sys.executable, "-m", "pip", "--python", str(python)]
    else:
        pip = [str(python), "-m", "pip"]
    command = [
        *pip,
        *("install", "--requirement", str(lock)),
        *("--require-hashes", "--no-deps", "--only-binary=:all:"),
        *("--no-compile", "-qq", "--progress-bar=off", "--disable-pip-version-check"),
        *("--root-user-action=ignore", "--retries=8"),
    ]
    environment = os.environ | {
        "PIP_DEFAULT_TIMEOUT": os.environ.get("PIP_DEFAULT_TIMEOUT", "60"),
        "PIP_REQUIRE_VIRTUALENV": "0",
        "PIP_USER": "0",
    }
    for left in (2, 1, 0):
        if subprocess.run(command, env=environment).returncode == 0:
            return
        if left:
            say("the installation failed; trying again")
            time.sleep(2)
    fail("The packages could not be installed; see above.")


def put_program_in(python: Path) -> None:
    """The checkout itself: on the environment's path, with the command `mbois`."""
    packages = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    (Path(packages) / "mbois.pth").write_text(f"{ROOT / 'src'}\n")
    command = VENV / "bin" / "mbois"
    command.write_text(COMMAND.format(python=python))
    command.chmod(0o755)


def say(text: str) -> None:
    print(f"          {text}", flush=True)


def fail(text: str) -> None:
    print(text, file=sys.stderr)
    raise SystemExit(1)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
