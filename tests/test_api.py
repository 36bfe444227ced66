"""Every refusal of the API has one shape and the caller's language; its page describes every call."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings

from mbois.api import api
from mbois.enterprises.models import Subsector

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("get", "/api/no-such-thing", 404, "not_found"),
        ("get", "/api/enterprises/U-3573-000000", 401, "unauthenticated"),
        ("get", "/api/enterprises", 401, "unauthenticated"),
        ("delete", "/api/enterprises", 405, "method_not_allowed"),
        ("get", "/api/financing/schedule", 422, "invalid"),
        ("get", "/api/financing/schedule?principal=ten&months=24&start=2026-01-31", 422, "invalid"),
    ],
)
def test_a_refusal_has_a_code_and_a_sentence(
    client: Client, method: str, path: str, status: int, code: str
) -> None:
    answer = getattr(client, method)(path)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert error["code"] == code
    assert error["message"].endswith(".")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/places/areas", 200),
        ("/api/openapi.json", 200),
        ("/api/docs", 200),
        ("/api/financing/schedule", 422),
        ("/api/enterprises", 401),
        ("/api/no-such-thing", 404),
    ],
)
def test_head_answers_as_get_without_the_body(client: Client, path: str, status: int) -> None:
    whole, head = client.get(path), client.head(path)
    assert (whole.status_code, head.status_code, head.content) == (status, status, b"")
    assert head["Content-Type"] == whole["Content-Type"]
    assert head.get("Content-Length") == whole.get("Content-Length") != "0"


def test_head_is_refused_where_nothing_is_read(client: Client) -> None:
    answer = client.head("/api/financing/repayments/R-1/reversal")
    assert answer.status_code == 405 and "GET" not in answer["Allow"]
    assert client.delete("/api/enterprises")["Allow"] == "GET, HEAD, POST"


def test_it_names_the_input_that_is_wrong(client: Client) -> None:
    answer = client.get("/api/financing/schedule?principal=10000000&months=x&start=2026-01-31")
    assert answer.json()["error"] == {
        "code": "invalid",
        "message": "This must be a whole number.",
        "field": "months",
    }


def test_a_limit_is_written_as_people_write_it(client: Client) -> None:
    answer = client.get("/api/financing/schedule?principal=9000000000000000&months=24&start=2026-01-31")
    assert answer.json()["error"]["message"] == "This must be at most 1,000,000,000,000,000."


def test_nothing_where_text_belongs_is_named(client: Client) -> None:
    from mbois.people.tests.factories import make_person
    from mbois.people.tokens import make

    token = make(make_person("Dewi", role="agency_officer", region="35.73"))
    answer = client.post(
        "/api/enterprises",
        '{"name": null}',
        content_type="application/json",
        headers={"authorization": f"Bearer {token}"},
    )
    assert answer.json()["error"] == {"code": "invalid", "message": "This must be text.", "field": "name"}


def test_it_speaks_the_language_that_is_asked_for(client: Client) -> None:
    answer = client.get("/api/no-such-thing", headers={"accept-language": "id"})
    assert answer.json()["error"]["message"] == "Ini tidak ada, atau Anda tidak boleh melihatnya."


def test_a_body_that_is_no_json_is_refused(client: Client) -> None:
    from mbois.people.tests.factories import make_person
    from mbois.people.tokens import make

    token = make(make_person("Dewi", role="agency_officer", region="35.73"))
    answer = client.post(
        "/api/enterprises", "{", content_type="application/json", headers={"authorization": f"Bearer {token}"}
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")


def test_a_bad_host_is_refused_as_json(client: Client) -> None:
    answer = client.get("/api/enterprises", headers={"host": "elsewhere.example"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")


def test_openapi_and_its_page_describe_every_call(client: Client) -> None:
    described = client.get("/api/openapi.json").json()
    page = client.get("/api/docs").content.decode()
    assert len(described["paths"]) >= 5
    for path, methods in described["paths"].items():
        for method in methods:
            assert f"{method.upper()} {path}" in page


def said(part: Any) -> list[str]:
    """Every summary and description of the API, in order."""
    if isinstance(part, list):
        return [text for value in part for text in said(value)]
    if not isinstance(part, dict):
        return []
    found = []
    for name, value in part.items():
        if name in ("summary", "description") and isinstance(value, str):
            found.append(value)
        else:
            found += said(value)
    return found


def test_the_description_is_in_the_language_of_who_reads(client: Client) -> None:
    english = client.get("/api/openapi.json", headers={"accept-language": "en"}).json()
    indonesian = client.get("/api/openapi.json", headers={"accept-language": "id"}).json()
    names = {subsector.value for subsector in Subsector}
    same = {
        one
        for one, other in zip(said(english), said(indonesian), strict=True)
        if one == other and not names >= set(one.split(", "))
    }
    assert same == set() and len(said(english)) > 100
    loans = indonesian["paths"]["/api/financing/loans/{number}"]["get"]
    assert loans["summary"] == "Satu pinjaman pada suatu hari"
    again = client.get("/api/openapi.json", headers={"accept-language": "en"}).json()
    assert again == english
    page = client.get("/api/docs", headers={"accept-language": "id"}).content.decode()
    assert "kunci dan isi yang sama mendapat jawaban yang sama" in page
    assert "The loans the caller may see" not in page and "Registri usaha" in page
    client.cookies["django_language"] = "en"
    page = client.get("/api/docs", headers={"accept-language": "id"}).content.decode()
    assert "The loans the caller may see" in page and "Registry of businesses" in page


def test_every_name_of_an_operation_is_its_own() -> None:
    names = [
        operation["operationId"]
        for methods in api.get_openapi_schema()["paths"].values()
        for operation in methods.values()
    ]
    assert len(names) == len(set(names))


@override_settings(DEBUG=False)
def test_health_tells_of_a_missing_worker(client: Client) -> None:
    assert client.get("/healthz").json() == {"process": "ok"}
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"database": "ok", "migrations": "ok", "queue": "no worker"}


@pytest.mark.parametrize(("priority", "queue"), [(-20, "ok"), (0, "1 jobs late"), (10, "1 jobs late")])
def test_only_work_that_cannot_wait_is_late(client: Client, priority: int, queue: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
        cursor.execute(
            "INSERT INTO procrastinate_jobs (task_name, queue_name, priority, scheduled_at) "
            "VALUES ('a', 'pictures', %s, now() - interval '1 hour')",
            [priority],
        )
    assert client.get("/readyz").json()["queue"] == queue
