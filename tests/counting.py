"""How many queries a page asks, for tests that a list asks as many whatever its length."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def questions(client: Client, url: str) -> int:
    """The queries of a page that was opened once before."""
    assert client.get(url).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)
