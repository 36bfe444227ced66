"""The API against its own description: whatever is sent, it answers, and never with a 5xx."""

import json

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.core import NotSet

from mbois import clock
from mbois.financing.tests.factories import Bank, quick_loan
from mbois.people import tokens

pytestmark = [pytest.mark.slow]


def description() -> dict[str, object]:
    from mbois.api import api

    return json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/"), default=str))  # type: ignore[no-any-return]


schema = schemathesis.openapi.from_dict(description())


@pytest.fixture
def token(db: None) -> str:
    bank = Bank()
    quick_loan(bank, principal=4_000_000, months=12, on=clock.today())
    return tokens.make(bank.teller)


@schema.parametrize()
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_it_answers_without_a_5xx(case: schemathesis.Case, token: str) -> None:
    sent = {"Authorization": f"Bearer {token}"} | {
        name: str(value) for name, value in (case.headers or {}).items()
    }
    body = "" if isinstance(case.body, NotSet) else json.dumps(case.body, default=str)
    answer = Client(raise_request_exception=False).generic(
        case.method.upper(),
        case.formatted_path,
        body,
        "application/json",
        query_params=case.query or {},
        headers={name: value.encode("latin-1", "ignore").decode("latin-1") for name, value in sent.items()},
    )
    assert answer.status_code < 500, answer.content[:300]
    if answer.status_code >= 400:
        assert set(json.loads(answer.content)) == {"error"}
