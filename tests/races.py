"""Several people at the same moment, each on a connection of their own."""

import threading
import time
from collections.abc import Callable

from django.db import connection

from mbois.refused import Refused


def at_once(*commands: Callable[[], object]) -> list[object]:
    """Run the commands at the same moment; what each returned, or the Refused it raised. Anything else
    that one raised, or one that does not end, fails the test."""
    start = threading.Barrier(len(commands))
    results: list[object] = [TimeoutError("one did not end within a minute")] * len(commands)

    def run(place: int, command: Callable[[], object]) -> None:
        try:
            start.wait()
            results[place] = command()
        except BaseException as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(commands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, Refused):
            raise result
    return results


def refused(results: list[object]) -> list[Refused]:
    """Those of the results that are refusals."""
    return [result for result in results if isinstance(result, Refused)]


def somebody_waits() -> None:
    """Comes back when another connection waits for a row that this one holds."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM pg_locks"
                " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)) LIMIT 1"
            )
            if cursor.fetchone():
                return
        time.sleep(0.02)
    raise AssertionError("nobody waited")
