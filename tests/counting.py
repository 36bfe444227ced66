"""How often a page asks the database, for tests that a list asks as often for many rows as for few."""

from collections.abc import Callable, Iterable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def questions(client: Client, url: str) -> int:
    """The queries of a page the second time it is opened."""
    for _time in range(2):
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(url)
            b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        assert answer.status_code == 200, (url, answer.status_code)
    return len(asked)


def grows(pages: Iterable[tuple[Client, str]], more: Callable[[], object], times: int = 3) -> dict[str, str]:
    """The pages that ask more often after `more` was called so many times, with how often before and
    after; `more` was called at least once before this."""
    pages = list(pages)
    before = [questions(client, url) for client, url in pages]
    for _time in range(times):
        more()
    found = {}
    for (client, url), count in zip(pages, before, strict=True):
        if (now := questions(client, url)) > count:
            found[url] = f"{count} → {now}"
    return found
