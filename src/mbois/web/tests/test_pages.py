"""The frame: who sees which way on, in which language and light, and what a refusal looks like."""

import json
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from mbois.refused import Refused
from mbois.web import calculator, figures, home, navigation
from mbois.web.components import badge, steps_to
from mbois.web.confirm import ask_first
from mbois.web.context import WIDTHS, Site
from mbois.web.middleware import RefusedAnswers, policy
from mbois.web.navigation import Item


def request_of(*roles: str, signed_in: bool = True, path: str = "/") -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = (  # type: ignore[assignment]
        SimpleNamespace(is_authenticated=True, roles=frozenset(roles), pk=1) if signed_in else AnonymousUser()
    )
    return request


@pytest.fixture
def clean() -> Iterator[None]:
    items, listed, makers = dict(navigation._items), dict(figures._figures), list(home._makers)
    navigation._items.clear()
    figures._figures.clear()
    home._makers.clear()
    yield
    navigation._items.clear()
    navigation._items.update(items)
    figures._figures.clear()
    figures._figures.update(listed)
    home._makers[:] = makers


def test_a_destination_is_seen_only_by_its_roles(clean: None) -> None:
    navigation.register(Item("home", "Home", "house"))
    navigation.register(
        Item("privacy", "Till", "coins", roles=frozenset({"teller"}), badge=lambda request: 3)
    )
    assert [entry.label for entry in navigation.entries(request_of("owner"), "main")] == ["Home"]
    assert [entry.count for entry in navigation.entries(request_of("teller"), "main")] == [0, 3]
    assert navigation.entries(request_of(signed_in=False), "main") == []


def test_the_longest_address_is_where_one_is(clean: None) -> None:
    navigation.register(Item("landing", "Start", "house"))
    navigation.register(Item("about_figures", "Figures", "coins"))
    entries = navigation.entries(request_of(path="/tentang/angka/"), "main")
    assert [entry.current for entry in entries] == [True, False]  # by name: figures, landing


def test_a_destination_that_is_not_there_yet_is_left_out(clean: None) -> None:
    navigation.register(Item("some_later_room", "Later", "house"))
    assert navigation.entries(request_of(), "main") == []


def test_the_head_of_a_wide_page_holds_as_many_and_where_one_is(clean: None) -> None:
    names = ("landing", "privacy", "about_figures", "home", "offline", "manifest", "healthz", "readyz")
    for order, name in enumerate(names):
        navigation.register(Item(name, name, "house", order=order))
    for here in ("landing", "readyz"):
        site = Site(request_of(path=reverse(here)))
        since = {entry.item.name: width for entry, width in site.head}
        assert list(since) == list(names) and since[here] == WIDTHS[0]
        shown = [sum(0 < first <= width for first in since.values()) for width in WIDTHS]
        assert 0 < shown[0] < shown[1] < shown[2] == len(names) and site.whole_from == WIDTHS[-1]


def test_figures_leave_out_what_has_no_value_or_fails(clean: None) -> None:
    figures.register(figures.Figure("none", "None yet", "", lambda: None))
    figures.register(figures.Figure("broken", "Broken", "", lambda: 1 // 0))
    figures.register(figures.Figure("zero", "Counted", "", lambda: 0))
    assert [(reading.figure.key, reading.text) for reading in figures.readings()] == [("zero", "0")]


def test_home_shows_the_most_urgent_first(clean: None) -> None:
    home.register(lambda request: home.Section("b.html", order=20))
    home.register(lambda request: None)
    home.register(lambda request: [home.Section("a.html", order=10)])
    assert [section.template for section in home.sections(request_of())] == ["a.html", "b.html"]


@pytest.mark.parametrize(
    ("principal", "months", "instalment", "count", "last"),
    [
        (10_000_000, 24, 417_000, 24, 409_000),
        (4_000_000, 12, 334_000, 12, 326_000),
        (1_000_000, 1, 1_000_000, 1, 1_000_000),
        (1_000_000, 24, 42_000, 24, 34_000),
        (99_000_000, 99, 417_000, 24, 409_000),
        (0, 0, 1_000_000, 1, 1_000_000),
    ],
)
@pytest.mark.django_db
def test_the_calculator_knows_the_rule(
    principal: int, months: int, instalment: int, count: int, last: int
) -> None:
    quote = calculator.quote(principal, months)
    assert (quote.instalment, quote.count, quote.last) == (instalment, count, last)
    assert quote.instalment * (quote.count - 1) + quote.last == quote.principal


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/tentang/angka/", "/tentang/privasi/", "/luring/", "/sw.js"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_public_pages_answer_in_both_languages(client: Client, path: str, language: str) -> None:
    client.cookies["django_language"] = language
    assert client.get(path).status_code == 200


@pytest.mark.django_db
def test_a_page_allows_nothing_inline(client: Client) -> None:
    answer = client.get("/")
    assert "unsafe-inline" not in answer["Content-Security-Policy"]
    assert "tile.openstreetmap.org" in policy()
    html = answer.content.decode()
    assert "<style" not in html and " style=" not in html and "onclick" not in html


@pytest.mark.django_db
def test_the_calculator_works_without_a_script(client: Client) -> None:
    html = client.get("/?principal=10000000&months=24").content.decode()
    assert "Rp\u00a0417" in html and "Rp\u00a0409" in html
    assert client.get("/?principal=x&months=-1").status_code == 200


@pytest.mark.django_db
def test_a_language_is_remembered_and_leads_back(client: Client) -> None:
    answer = client.post("/bahasa/", {"language": "en", "next": "/tentang/privasi/?a=1"})
    assert answer["Location"] == "/tentang/privasi/?a=1"
    assert '<html lang="en"' in client.get("/").content.decode()
    client.post("/bahasa/", {"language": "id"})
    assert '<html lang="id"' in client.get("/").content.decode()
    client.post("/bahasa/", {"language": "xx"})
    assert '<html lang="id"' in client.get("/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "", "teller", "²"]
)
def test_a_switch_never_leads_elsewhere(client: Client, elsewhere: str) -> None:
    assert client.post("/tampilan/", {"theme": "dark", "next": elsewhere})["Location"] == "/"


@pytest.mark.django_db
def test_dark_is_in_the_first_answer(client: Client) -> None:
    client.post("/tampilan/", {"theme": "dark"})
    assert 'data-theme="dark"' in client.get("/").content.decode()
    client.post("/tampilan/", {"theme": "auto"})
    assert "data-theme" not in client.get("/").content.decode().split("<head>")[0]


@pytest.mark.django_db
def test_an_unknown_page_is_told_kindly(client: Client) -> None:
    answer = client.get("/tidak-ada/")
    assert answer.status_code == 404
    assert (
        "This page does not exist" in answer.content.decode()
        or "Halaman ini tidak ada" in answer.content.decode()
    )


@pytest.mark.django_db
def test_a_form_from_elsewhere_is_refused_kindly() -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    answer = client.post("/tampilan/", {"theme": "dark"})
    assert answer.status_code == 403
    assert "open for too long" in answer.content.decode()


@pytest.mark.django_db
def test_the_home_page_asks_who_one_is(client: Client) -> None:
    assert client.get("/beranda/").status_code == 302


@pytest.mark.django_db
def test_the_gallery_is_not_for_the_public(client: Client, settings: object) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]
    assert client.get("/galeri/").status_code == 404
    settings.DEMO = True  # type: ignore[attr-defined]
    assert client.get("/galeri/").status_code == 200


@pytest.mark.django_db
def test_a_phone_can_install_it(client: Client) -> None:
    manifest = json.loads(client.get("/manifest.webmanifest").content)
    assert manifest["display"] == "standalone" and manifest["start_url"] == "/beranda/"
    worker = client.get("/sw.js")
    assert worker["Content-Type"].startswith("text/javascript") and b"app.css" in worker.content


def _refusing(request: HttpRequest) -> HttpResponse:
    raise Refused("More than is left: Rp 2,664,000.", field="amount", code="too_much", status=409)


def test_a_refusal_becomes_a_page_with_its_sentence() -> None:
    middleware = RefusedAnswers(_refusing)
    request = request_of(signed_in=False)
    answer = middleware.process_exception(request, Refused("Too much.", status=409))
    assert answer is not None and answer.status_code == 409
    assert "Too much." in answer.content.decode()
    assert middleware.process_exception(request, ValueError()) is None


def test_a_refusal_of_the_api_is_json() -> None:
    request = request_of(signed_in=False, path="/api/x")
    refused = Refused("Too much.", field="amount", code="too_much")
    answer = RefusedAnswers(_refusing).process_exception(request, refused)
    assert answer is not None and answer.status_code == 422
    assert json.loads(answer.content) == {
        "error": {"code": "too_much", "message": "Too much.", "field": "amount"}
    }


def test_it_asks_first_and_forgets_nothing() -> None:
    request = RequestFactory().post("/reject/", {"reason": "No <business>", "tag": ["a", "b"]})
    asked = ask_first(request, question="Reject it?", verb="Reject")
    assert asked is not None
    html = asked.content.decode()
    assert "Reject it?" in html and "No &lt;business&gt;" in html and html.count('name="tag"') == 2
    agreed = RequestFactory().post("/reject/", {"confirmed": "yes"})
    assert ask_first(agreed, question="Reject it?", verb="Reject") is None


def test_a_badge_shows_a_state_in_its_tone() -> None:
    state = SimpleNamespace(label="Paid off", tone="ok")
    assert badge(state) == '<span class="badge ok">Paid off</span>'
    assert badge("<b>", "bad") == '<span class="badge bad">&lt;b&gt;</span>'


def test_steps_before_the_current_are_done() -> None:
    assert [step.state for step in steps_to(["a", "b", "c"], 1)] == ["done", "now", "todo"]
    assert [step.state for step in steps_to(["a", "b"], 1, stopped=True)] == ["done", "bad"]
    assert [step.state for step in steps_to(["a", "b"], 2)] == ["done", "done"]


def test_a_sentence_can_be_shared() -> None:
    html = Template('{% share "https://x.id/a?b=1" "Lunas" %}').render(Context())
    assert "https://wa.me/?text=Lunas%20https%3A//x.id/a%3Fb%3D1" in html


def test_the_error_page_stands_alone() -> None:
    with translation.override("en"):
        html = Template('{% extends "500.html" %}').render(Context())
    assert "Something broke on our side" in html
