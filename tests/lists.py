"""How often a page asks the database: a list asks as often for many rows as for few."""

from collections.abc import Callable, Iterable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def grows(pages: Iterable[tuple[Client, str]], more: Callable[[], object], times: int = 3) -> dict[str, str]:
    """The pages that ask more often after `more` was called so many times, with how often before and
    after; `more` was called at least once before this."""
    pages = list(pages)
    before = [_asked(client, path) for client, path in pages]
    for _time in range(times):
        more()
    found = {}
    for (client, path), count in zip(pages, before, strict=True):
        if (now := _asked(client, path)) > count:
            found[path] = f"{count} → {now}"
    return found


def _asked(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return len(seen)
