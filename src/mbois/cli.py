"""The `mbois` command."""

import os
import sys
from contextlib import AbstractContextManager, nullcontext


def main(arguments: list[str] | None = None) -> int:
    arguments = sys.argv[1:] if arguments is None else arguments
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mbois.settings")
    command, rest = (arguments or ["--help"])[0], arguments[1:]
    if command == "manage":
        from django.core.management import execute_from_command_line

        with database():
            execute_from_command_line(["mbois manage", *rest])
        return 0
    if command == "psql":
        import subprocess

        from mbois import embedded
        from mbois.settings import DATA_DIR

        with database():
            where = os.environ.get("DATABASE_URL") or embedded.url(DATA_DIR)
            return subprocess.call([embedded.program("psql"), where, *rest])
    print("mbois manage … | mbois psql …")
    return 2


def database() -> AbstractContextManager[object]:
    """The database runs inside the block: DATABASE_URL's, or the embedded one."""
    if os.environ.get("DATABASE_URL"):
        return nullcontext()
    from mbois import embedded
    from mbois.settings import DATA_DIR

    return embedded.serving(DATA_DIR)


if __name__ == "__main__":
    raise SystemExit(main())
