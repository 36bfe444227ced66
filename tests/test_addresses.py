"""Every address leads to its own page: none is caught by another room's pattern on the way, and each page
that search engines find says what it is."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.urls.resolvers import RoutePattern

from tests.test_access_sweep import PLAIN

# The API names its operations itself: one address may have several, by method.
API = "api/"
FITTING = {"uuid": "123e4567-e89b-12d3-a456-426614174000", "int": "7", "number": "U-3573-000001"}


def routes(
    patterns: list[URLPattern | URLResolver] | None = None, prefix: str = ""
) -> Iterator[tuple[str, str]]:
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif isinstance(pattern.pattern, RoutePattern) and not route.startswith(API):
            yield route, pattern.name or ""


def filled(route: str) -> str:
    def value(found: re.Match[str]) -> str:
        kind, noun = found[1], found[2]
        return FITTING.get(kind or "", PLAIN.get(noun, "x"))

    return "/" + re.sub(r"<(?:([^>:]+):)?([^>]+)>", value, route)


def test_no_address_is_caught_by_another() -> None:
    caught = [
        f"{route} ({name}) is caught by {found.route} ({found.url_name})"
        for route, name in routes()
        if (found := resolve(filled(route))).url_name != name
    ]
    assert caught == []


def test_a_name_means_one_page() -> None:
    pages: dict[str, set[str]] = {}
    for route, name in routes():
        pages.setdefault(name, set()).add(route)
    assert [name for name, found in pages.items() if name and len(found) > 1] == []


def indexed(html: str) -> bool:
    return 'name="robots" content="noindex' not in html


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_page_a_visitor_can_walk_to_says_what_it_is(client: Client, language: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    waiting, seen, silent = ["/"], set(), []
    while waiting:
        path = waiting.pop()
        seen.add(path)
        answer = client.get(path)
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        html = answer.content.decode()
        described = re.findall(r'<meta name="description" content="([^"]*)"', html)
        if indexed(html) and (len(described) != 1 or len(described[0]) < 20):
            silent.append(path)
        links = re.findall(r'href="(/[^"#?]*)', html)
        waiting += {link for link in links if not link.startswith("/static/")} - seen - set(waiting)
    assert len(seen) > 10
    assert not silent
