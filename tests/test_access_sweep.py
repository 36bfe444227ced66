"""Everybody opens every address there is, with the things of everybody else; nothing may leak.

A new view is in the sweep by being in the URLconf: its address is filled by the names in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from mbois.enterprises.models import Enterprise
from mbois.financing.models import Application, Loan
from mbois.ledger.models import Transfer
from mbois.people.models import Membership, Person, Role
from mbois.people.tests.factories import make_person
from tests.world import Region, make_region_full, marks

# Words in an address that name no private thing: any value will do.
PLAIN = {
    "key": "ojir",
    "source": "village",
    "step": "place",
    "pk": "1",
    "path": "x",
    "kind": "ktp",
    "paper": "1",
    "match": "1",
}
# Public on purpose: whoever holds an unguessable code sees what it stands for, names masked.
BY_CODE = {"verify", "receipt", "receipt_pdf", "claim"}
# Not opened in the sweep: they end the session the sweep runs in, or change the demo's person.
LEFT_OUT = {"account_logout", "demo_sign_in"}


@dataclass(frozen=True)
class Address:
    """One address of the URLconf with its nouns: `/pinjaman/{loan}/`."""

    name: str
    template: str
    nouns: tuple[str, ...]

    def fill(self, home: Region) -> str:
        values = {}
        for noun in self.nouns:
            if noun in home.objects:
                value = home.objects[noun]
                if isinstance(value, dict):
                    value = next(number for word, number in value.items() if word in self.template)
                values[noun] = value
            else:
                assert noun in PLAIN, f"{self.template}: tests/world.py has no {noun}"
                values[noun] = PLAIN[noun]
        return "/" + self.template.format(**values)


def addresses(
    patterns: list[URLPattern | URLResolver] | None = None, prefix: str = "", nouns: tuple[str, ...] = ()
) -> Iterator[Address]:
    from django.urls.resolvers import RoutePattern

    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        route = str(pattern.pattern)
        here = nouns
        if isinstance(pattern.pattern, RoutePattern):
            import re

            here += tuple(re.findall(r"<(?:[^>:]+:)?([^>]+)>", route))
            route = re.sub(r"<(?:[^>:]+:)?([^>]+)>", r"{\1}", route)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, prefix + route, here)
        elif pattern.name not in LEFT_OUT and not route.startswith("^"):
            yield Address(pattern.name or "", prefix + route, here)


@dataclass(frozen=True)
class Viewer:
    """Somebody who looks, and the markers they may see: (region digits, whose)."""

    name: str
    person: Person | None
    region: Region | None
    sees: frozenset[str] | None  # whose markers of their own region; None: all of them

    def may_see(self, digits: str, whose: str) -> bool:
        if self.region is None or digits != self.region.digits:
            return False
        return self.sees is None or whose in self.sees


# Of a neighbour, an owner sees nothing; a village officer sees those of the village.
OWN = frozenset({"Sri", "Rentenir"})


def viewers(city: Region, regency: Region) -> list[Viewer]:
    found = [
        Viewer("anonymous", None, None, frozenset()),
        Viewer("stranger", make_person("Orang asing"), None, frozenset()),
    ]
    for home in (city, regency):
        found.append(Viewer(f"owner {home.code}", home.owner, home, OWN))
        for role, person in home.staff.items():
            found.append(
                Viewer(f"{role} {home.code}", person, home, OWN if role == Role.VILLAGE_OFFICER else None)
            )
    return found


@pytest.fixture
def world(db: None, tmp_path: object, settings: object) -> tuple[Region, Region]:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    return make_region_full("35.73"), make_region_full("35.07")


def state_of_things() -> list[object]:
    """What a stranger must not be able to change."""
    return [
        sorted(Enterprise.objects.values_list("pk", "state", "name")),
        sorted(Application.objects.values_list("pk", "state", "amount_asked")),
        sorted(Loan.objects.values_list("pk", "paid_total")),
        Transfer.objects.count(),
        sorted(Membership.objects.values_list("pk", "until", "role"), key=str),
    ]


@pytest.mark.slow
def test_nobody_sees_what_is_not_theirs(world: tuple[Region, Region]) -> None:
    city, regency = world
    leaks, opened, broken = [], 0, []
    every = list(addresses())
    for viewer in viewers(city, regency):
        client = Client(raise_request_exception=False)
        if viewer.person:
            client.force_login(viewer.person, backend=settings.AUTHENTICATION_BACKENDS[0])
        for address in every:
            for home in (city, regency) if address.nouns else (city,):
                answer = client.get(address.fill(home))
                opened += 1
                if answer.status_code >= 500:
                    broken.append(f"{viewer.name}: {address.fill(home)} answers {answer.status_code}")
                if answer.status_code >= 300:
                    continue
                body = (
                    answer.getvalue().decode(errors="ignore")
                    if not answer.streaming
                    else b"".join(answer.streaming_content).decode(errors="ignore")
                )  # type: ignore[union-attr,arg-type]
                for digits, whose in marks(body):
                    if not viewer.may_see(digits, whose):
                        leaks.append(f"{viewer.name} sees Rahasia{digits}{whose} at {address.fill(home)}")
    assert broken == []
    assert leaks == []
    assert opened > 1_000


@pytest.mark.slow
def test_nobody_opens_a_private_address_of_another_region(world: tuple[Region, Region]) -> None:
    city, regency = world
    found = []
    for viewer in viewers(city, regency):
        other = regency if viewer.region is city else city
        client = Client(raise_request_exception=False)
        if viewer.person:
            client.force_login(viewer.person, backend=settings.AUTHENTICATION_BACKENDS[0])
        for address in addresses():
            private = [
                noun
                for noun in address.nouns
                if noun in other.objects and noun not in {"region", "scheme", "area"}
            ]
            if not private or address.name in BY_CODE:
                continue
            status = client.get(address.fill(other)).status_code
            if status not in {302, 401, 403, 404, 405}:
                found.append(f"{viewer.name}: {address.fill(other)} answers {status}")
    assert found == []


@pytest.mark.slow
def test_nobody_changes_what_is_not_theirs(world: tuple[Region, Region]) -> None:
    city, regency = world
    found = []
    for viewer in viewers(city, regency):
        other = regency if viewer.region is city else city
        client = Client(raise_request_exception=False)
        if viewer.person:
            client.force_login(viewer.person, backend=settings.AUTHENTICATION_BACKENDS[0])
        before = state_of_things()
        for address in addresses():
            if not address.nouns or address.name in BY_CODE:
                continue
            answer = client.post(
                address.fill(other), {"reason": "x", "outcome": "verified", "amount": "1000", "confirm": "1"}
            )
            if answer.status_code >= 500 or (
                answer.status_code == 200
                and "api" not in address.template
                and set(address.nouns) & set(other.objects) - {"region", "scheme", "area"}
            ):
                found.append(f"{viewer.name}: POST {address.fill(other)} answers {answer.status_code}")
        if state_of_things() != before:
            found.append(f"{viewer.name} changed something of {other.code}")
    assert found == []
