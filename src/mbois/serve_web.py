"""The web process: granian with a few worker processes, which leave when it is gone."""

import os
import signal
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from mbois.embedded import dying_with_parent


def load(target: str) -> Any:
    """The application, loaded in a worker; the kernel ends the worker when its parent dies."""
    dying_with_parent(signal.SIGKILL, parent=os.getppid())()
    from mbois.wsgi import application

    return application


def serve(*, bind: str, port: int, workers: int, threads: int) -> None:
    """Answer requests until asked to stop."""
    _load_once()
    Granian(
        "mbois.wsgi:application",
        address=bind,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        backlog=1024,
        backpressure=256,
        respawn_failed_workers=True,
        respawn_interval=0.2,
        workers_kill_timeout=8,
        log_level=LogLevels.warning,
    ).serve(target_loader=load)


def _load_once() -> None:
    """Load the program before the workers are forked: they start at once and share its memory."""
    from django.db import connections
    from django.urls import get_resolver

    import mbois.wsgi  # noqa: F401

    assert get_resolver().url_patterns
    connections.close_all()
