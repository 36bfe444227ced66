"""The `mbois` command: what operators run."""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from mbois import prepared
from mbois.embedded import EmbeddedError

Arguments = list[str]


@dataclass(frozen=True)
class Command:
    """A command of the operators: `run` gets what follows the name and gives the exit code."""

    name: str
    help: str
    run: Callable[[Arguments], int]


def main(arguments: Arguments | None = None) -> int:
    """Run one command; gives its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mbois.settings")
    arguments = sys.argv[1:] if arguments is None else arguments
    name, rest = (arguments[0], arguments[1:]) if arguments else ("--help", [])
    if name in {"-h", "--help", "help"}:
        print(_overview())
        return 0
    if name == "--version":
        from mbois import __version__

        print(f"mbois {__version__}")
        return 0
    command = next((command for command in COMMANDS if command.name == name), None)
    if command is None:
        print(f"mbois: there is no command {name!r}; mbois --help lists them.", file=sys.stderr)
        return 2
    try:
        if name not in KEEPING:
            prepared.forget(data_dir())
        return command.run(rest)
    except EmbeddedError as error:
        print(f"mbois: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _overview() -> str:
    width = max(len(command.name) for command in COMMANDS)
    lines = "\n".join(f"  {command.name:<{width}}  {command.help}" for command in COMMANDS)
    return (
        "usage: mbois COMMAND …\n\n"
        f"{lines}\n\n"
        "`mbois COMMAND --help` tells more. Commands use the PostgreSQL of DATABASE_URL or, without it,\n"
        "the embedded one, running or not. Settings come from the environment: docs/operations.md."
    )


def data_dir() -> Path:
    """Where this installation keeps its data."""
    from mbois.settings import DATA_DIR

    return Path(DATA_DIR)


def database_url() -> str:
    """The address of the database."""
    from mbois import embedded

    return os.environ.get("DATABASE_URL") or embedded.url(data_dir())


def database() -> AbstractContextManager[object]:
    """The database runs inside the block: DATABASE_URL's, or the embedded one. Says so where that of
    DATABASE_URL does not answer."""
    from mbois import embedded

    if not (url := os.environ.get("DATABASE_URL")):
        return embedded.serving(data_dir())
    import psycopg

    try:
        psycopg.connect(url, connect_timeout=10).close()
    except psycopg.Error as error:
        raise EmbeddedError(f"The PostgreSQL of DATABASE_URL cannot be used: {error}") from error
    return nullcontext()


# --- Django's management commands ----------------------------------------------------------------


def management(command: str, *fixed: str) -> Callable[[Arguments], int]:
    """A command that is a management command of a room, run under its own name."""

    def run(arguments: Arguments) -> int:
        name = sys.argv[1] if len(sys.argv) > 1 else command
        with database():
            _django()
            from django.core.management import get_commands, load_command_class

            application = get_commands()[command]
            loaded = load_command_class(str(application), command)
            loaded.run_from_argv(["mbois", name, *fixed, *arguments])
        return 0

    return run


def _django() -> None:
    import django

    django.setup()


def _manage(arguments: Arguments) -> int:
    from django.core.management import execute_from_command_line

    with database():
        execute_from_command_line(["mbois manage", *arguments])
    return 0


def _psql(arguments: Arguments) -> int:
    from mbois import embedded

    with database():
        return subprocess.call([embedded.program("psql"), database_url(), *arguments])


# --- serving -------------------------------------------------------------------------------------


def _number(name: str, default: int) -> int:
    value = os.environ.get(name) or str(default)
    if not value.isdigit() or not int(value):
        raise EmbeddedError(f"{name}={value} is not a number above 0.")
    return int(value)


def _bind() -> tuple[str, int]:
    port = _number("PORT", 8000)
    if port > 65535:
        raise EmbeddedError(f"PORT={port} is above 65535.")
    return os.environ.get("MBOIS_BIND") or "127.0.0.1", port


def _supervise(*, demo: bool, prepare: Arguments) -> int:
    from mbois.supervisor import CannotServe, Supervisor

    bind, port = _bind()
    try:
        return Supervisor(
            data_dir=data_dir(),
            bind=bind,
            port=port,
            embed=not os.environ.get("DATABASE_URL"),
            demo=demo,
            prepare=prepare,
        ).run()
    except CannotServe as error:
        print(f"mbois: {error}", file=sys.stderr)
        return 1


def _demo(arguments: Arguments) -> int:
    parser = argparse.ArgumentParser("mbois demo", description="Serve a demo city of invented people.")
    _add_demo_arguments(parser)
    options = parser.parse_args(arguments)
    os.environ["MBOIS_DEMO"] = "1"
    return _supervise(demo=True, prepare=["--demo", f"--scale={options.scale}", f"--seed={options.seed}"])


def _add_demo_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--scale", type=float, default=1, help="size of a new demo city (1: about 2,000)")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes another city")


def _serve(arguments: Arguments) -> int:
    argparse.ArgumentParser(
        "mbois serve",
        description="Bring the database up to date, then run web and worker until Ctrl-C.",
    ).parse_args(arguments)
    return _supervise(demo=False, prepare=[])


def _web(arguments: Arguments) -> int:
    parser = argparse.ArgumentParser("mbois web", description="Answer requests; needs the database.")
    parser.add_argument("--workers", type=int, default=_number("MBOIS_WEB_WORKERS", 2))
    parser.add_argument("--threads", type=int, default=_number("MBOIS_WEB_THREADS", 4))
    options = parser.parse_args(arguments)
    from mbois.serve_web import serve

    bind, port = _bind()
    serve(bind=bind, port=port, workers=options.workers, threads=options.threads)
    return 0


def _worker(arguments: Arguments) -> int:
    parser = argparse.ArgumentParser("mbois worker", description="Do background work; needs the database.")
    parser.add_argument("--concurrency", type=int, default=_number("MBOIS_WORKER_CONCURRENCY", 2))
    options = parser.parse_args(arguments)
    _django()
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector
    from procrastinate.jobs import DeleteJobCondition

    assert isinstance(app.connector, DjangoConnector)
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        worker.run_worker(
            concurrency=options.concurrency,
            delete_jobs=DeleteJobCondition.SUCCESSFUL,
            shutdown_graceful_timeout=8,
        )
    return 0


def _prepare(arguments: Arguments) -> int:
    parser = argparse.ArgumentParser(
        "mbois prepare", description="Bring database, reference data, texts and static files up to date."
    )
    parser.add_argument("--demo", action="store_true", help="make a demo city where there is none")
    _add_demo_arguments(parser)
    options = parser.parse_args(arguments)
    from mbois.prepare import prepare

    with database():
        _django()
        from django.core.management import CommandError

        try:
            prepare(demo=options.demo, scale=options.scale, seed=options.seed)
        except CommandError as error:
            print(f"mbois: {error}", file=sys.stderr)
            return error.returncode
    return 0


def _simulate(arguments: Arguments) -> int:
    _django()
    from mbois.market.channels.simulation.running import simulate

    return simulate(arguments, data_dir=data_dir())


def _backup(arguments: Arguments) -> int:
    from mbois.backup import backup_command

    with database():
        return backup_command(arguments, database_url=database_url(), data_dir=data_dir())


def _restore(arguments: Arguments) -> int:
    from mbois.backup import restore_command

    with database():
        return restore_command(arguments, database_url=database_url(), data_dir=data_dir())


# Commands that leave tables and reference data as `mbois prepare` made them.
KEEPING = frozenset(
    {"demo", "serve", "web", "worker", "check", "member", "token", "import", "simulate", "backup"}
)
COMMANDS = [
    Command("demo", "serve a demo city with invented people, roles one click away", _demo),
    Command("serve", "bring everything up to date, then run web and worker", _serve),
    Command("web", "run the web process only", _web),
    Command("worker", "run the background worker only", _worker),
    Command("prepare", "bring database, reference data, texts and static files up to date", _prepare),
    Command("migrate", "bring the tables up to date", management("migrate")),
    Command(
        "check",
        "prove every invariant over the whole database; lists the rows that break one",
        management("check_invariants"),
    ),
    Command("token", "print a bearer token for the API that may do what a role may", management("token")),
    Command("member", "give somebody a role, for example the first region admin", management("member")),
    Command(
        "load-places", "load regions, districts and villages from an area file", management("load_places")
    ),
    Command("load-kbli", "load an edition of the KBLI classification", management("load_kbli")),
    Command("import", "take in a CSV or XLSX of enterprises; a dry run unless --apply", management("import")),
    Command("simulate", "run a simulator of a marketplace", _simulate),
    Command("backup", "write database and files into one file", _backup),
    Command("restore", "put back what `backup` wrote", _restore),
    Command("psql", "open the database in psql", _psql),
    Command("shell", "open a Python shell with the program loaded", management("shell")),
    Command("manage", "run any management command of Django", _manage),
]


if __name__ == "__main__":
    raise SystemExit(main())
