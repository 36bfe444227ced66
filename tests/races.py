"""Several people at the same moment, each on a connection of their own."""

import threading
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
