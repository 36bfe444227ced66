"""The registry's API: what programs may read and write, and how it refuses."""

import json
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from tests.factories import BATU, MALANG, make_nik, make_person, make_village

from mbois.enterprises.models import Enterprise, State
from mbois.enterprises.tests.factories import make_enterprise, make_kbli, make_registration
from mbois.people import tokens
from mbois.people.models import Person, Role

pytestmark = pytest.mark.django_db


class Caller:
    def __init__(self, person: Person) -> None:
        self.client = Client(
            headers={"Authorization": f"Bearer {tokens.make(person)}", "Accept-Language": "en"}
        )

    def get(self, path: str = "", **query: Any) -> Any:
        return self.client.get(f"/api/enterprises{path}", query)

    def post(self, **body: Any) -> Any:
        return self.client.post("/api/enterprises", json.dumps(body), content_type="application/json")

    def patch(self, number: str, **body: Any) -> Any:
        return self.client.patch(
            f"/api/enterprises/{number}", json.dumps(body), content_type="application/json"
        )


@pytest.fixture
def agency() -> Caller:
    return Caller(make_person(role=Role.AGENCY_OFFICER))


def told(**fields: Any) -> dict[str, Any]:
    return {
        "name": "Tempe Bu Siti",
        "owner_name": "Siti Aminah",
        "nik": make_nik(),
        "village": make_village().pk,
    } | fields


def test_it_needs_a_token() -> None:
    answer = Client().get("/api/enterprises")
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "unauthenticated"


def test_an_officer_registers_somebody(agency: Caller) -> None:
    make_kbli()
    answer = agency.post(
        **told(nik="3573014505850001", kbli="10391", capital=5_000_000, phone="0812 3456 7890")
    )
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert body["number"] == "U-3573-000001"
    assert body["state"] == "submitted"
    assert body["size"] == "micro"
    assert body["kbli"]["code"] == "10391"
    assert body["nik"] == "3573••••••••0001"
    assert "3573014505850001" not in answer.content.decode()
    assert body.pop("likely_duplicates") == []
    assert agency.get(f"/{body['number']}").json() == body


def test_the_region_follows_from_the_village(agency: Caller) -> None:
    answer = agency.post(**told(village=make_village(BATU).pk))
    assert answer.status_code == 403
    assert answer.json()["error"]["field"] == "village"


def test_a_person_without_a_role_registers_their_own() -> None:
    person = make_person()
    assert Caller(person).post(**told()).status_code == 201
    assert Enterprise.objects.get().owner.person == person


def test_a_teller_registers_nobody() -> None:
    assert Caller(make_person(role=Role.TELLER)).post(**told()).status_code == 403


def test_another_regions_enterprise_is_not_there(agency: Caller) -> None:
    elsewhere = make_enterprise(region=BATU)
    nowhere = agency.get("/U-3579-999999")
    answer = agency.get(f"/{elsewhere.number}")
    assert answer.status_code == nowhere.status_code == 404
    assert answer.json() == nowhere.json()
    assert agency.patch(elsewhere.number, name="X").status_code == 404
    assert agency.get(q=elsewhere.name).json() == []


def test_a_nik_of_another_region_answers_like_one_nobody_has(agency: Caller) -> None:
    nik = make_nik()
    make_enterprise(region=BATU, nik=nik)
    assert agency.post(**told(nik=nik)).status_code == 201


def test_a_known_nik_leads_to_its_owner(agency: Caller) -> None:
    first = agency.post(**told(nik="3573014505850001")).json()
    again = agency.post(**told(nik="3573014505850001"))
    assert again.status_code == 409
    assert again.json()["error"]["code"] == "nik_known"
    assert first["number"] in again.json()["error"]["message"]
    second = agency.post(**told(nik="", owner_of=first["number"]))
    assert second.status_code == 201
    assert second.json()["nik"] == first["nik"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("nik", "123"),
        ("owner_name", "0812 3456"),
        ("village", "35.73"),
        ("village", "no\u0000where"),
        ("kbli", "99999"),
        ("nib", "12"),
        ("capital", -5),
        ("capital", 1.5),
        ("name", ""),
        ("name", None),
        ("latitude", 40.0),
        ("started_on", "2999-01-01"),
        ("subsector", "cooking"),
        ("unknown", 1),
        ("owner_of", "U-3573-999999"),
    ],
)
def test_it_refuses_with_the_field_named(agency: Caller, field: str, value: object) -> None:
    answer = agency.post(**told(**{field: value}))
    assert answer.status_code == 422, answer.content
    error = answer.json()["error"]
    assert error["message"]
    assert error["field"] in {field, "longitude"}
    assert not Enterprise.objects.exists()


def test_it_changes_what_is_given_and_leaves_the_rest(agency: Caller) -> None:
    enterprise = make_enterprise(description="Tempe", capital=1_000_000)
    answer = agency.patch(enterprise.number, description="Tempe and tofu", capital=None)
    assert answer.status_code == 200, answer.content
    assert answer.json()["description"] == "Tempe and tofu"
    assert answer.json()["capital"] is None
    assert answer.json()["name"] == enterprise.name
    assert answer.json()["state"] == State.VERIFIED


def test_a_point_on_the_map_is_never_half(agency: Caller) -> None:
    enterprise = make_enterprise()
    for half in ({"latitude": -7.97}, {"longitude": 112.63}):
        assert agency.patch(enterprise.number, **half).json()["error"]["code"] == "point"
    assert agency.patch(enterprise.number, latitude=-7.97, longitude=112.63).status_code == 200
    for half in ({"latitude": None}, {"longitude": None}):
        answer = agency.patch(enterprise.number, **half)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "point")
    assert agency.patch(enterprise.number, latitude=-7.98).json()["longitude"] == 112.63
    assert agency.patch(enterprise.number, latitude=None, longitude=None).json()["latitude"] is None
    for half in ({"latitude": -7.97}, {"longitude": 112.63}):
        with pytest.raises(IntegrityError, match="enterprise_point_is_whole"), transaction.atomic():
            Enterprise.objects.filter(pk=enterprise.pk).update(**half)


def test_a_reader_changes_nothing() -> None:
    enterprise = make_enterprise()
    answer = Caller(make_person(role=Role.AUDITOR)).patch(enterprise.number, name="X")
    assert answer.status_code == 403


def test_it_finds_with_typing_errors(agency: Caller) -> None:
    tempe = make_enterprise(name="Keripik Tempe Sanan", description="keripik tempe aneka rasa")
    make_enterprise(name="Bengkel Las Jaya", description="pagar, teralis")
    for text in ("sanan", "kripik tmpe", "Sannan", tempe.number, tempe.number[:-1], "tempe keripik"):
        assert [row["number"] for row in agency.get(q=text).json()][:1] == [tempe.number], text
    assert agency.get(q="zzzqqq").json() == []
    assert agency.get(q="a\x00b").status_code == 200


def test_it_limits(agency: Caller) -> None:
    for _ in range(3):
        make_enterprise()
    assert len(agency.get(limit=2).json()) == 2
    assert agency.get(limit=0).status_code == 422
    assert agency.get(limit="x").status_code == 422


def test_a_list_costs_the_same_for_many(agency: Caller, django_assert_max_num_queries: Any) -> None:
    for _ in range(4):
        make_enterprise()
    with django_assert_max_num_queries(9):
        assert len(agency.get().json()) == 4


def test_owners_see_their_own_only() -> None:
    mine = make_enterprise()
    make_enterprise()
    rows = Caller(mine.owner.person).get().json()
    assert [row["number"] for row in rows] == [mine.number]


def test_the_message_comes_in_the_callers_language() -> None:
    person = make_person()
    client = Client(headers={"Authorization": f"Bearer {tokens.make(person)}", "Accept-Language": "id"})
    body = json.dumps(told(village="35.73"))
    answer = client.post("/api/enterprises", body, content_type="application/json")
    assert answer.json()["error"]["message"] == "Tidak ada kelurahan/desa dengan kode ini."


def test_a_registration_of_another_is_not_mine(agency: Caller) -> None:
    person = make_person()
    make_registration()
    agency.post(**told())
    assert Caller(person).get().json() == []
    assert MALANG


def test_the_nik_of_somebody_else_is_not_dropped(agency: Caller) -> None:
    number = make_nik()
    first = agency.post(**told(nik=number)).json()
    answer = agency.post(**told(nik=make_nik(), owner_of=first["number"]))
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "nik")
    assert agency.post(**told(nik=number, owner_of=first["number"])).status_code == 201


@pytest.mark.parametrize("workers", ["3", 3.0, True])
def test_workers_are_a_whole_number(agency: Caller, workers: object) -> None:
    answer = agency.post(**told(workers=workers))
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "workers")


def test_what_may_be_registered_already_is_named(agency: Caller) -> None:
    body = told(nik="", phone="081234567890")
    first = agency.post(**body).json()
    answer = agency.post(**body)
    assert answer.status_code == 201
    assert answer.json()["likely_duplicates"] == [
        {
            "number": first["number"],
            "name": first["name"],
            "why": "same name, same phone, owner of the same name, same village",
        }
    ]
    assert agency.post(**told(name="Bengkel Las Jaya")).json()["likely_duplicates"] == []
    stranger = Caller(make_person())
    assert stranger.post(**body).json()["likely_duplicates"] == []
    assert len(stranger.post(**body).json()["likely_duplicates"]) == 1


def test_likely_duplicates_are_described_in_both_languages() -> None:
    described = {
        language: Client(headers={"Accept-Language": language}).get("/api/openapi.json").json()
        for language in ("en", "id")
    }
    texts = {
        language: [
            schema["components"]["schemas"]["EnterpriseMade"]["properties"]["likely_duplicates"][
                "description"
            ],
            schema["paths"]["/api/enterprises"]["post"]["description"],
            schema["paths"]["/api/enterprises"]["get"]["parameters"][0]["description"],
        ]
        for language, schema in described.items()
    }
    assert all(texts["en"]) and not set(texts["en"]) & set(texts["id"])
