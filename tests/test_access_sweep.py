"""Everybody opens every address there is, with the things of everybody else; nothing may leak.

A new view is in the sweep by being in the URLconf: its address is filled by the names in it.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponseForbidden, HttpResponseNotFound
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from mbois import urls
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
    "channel": "shopee",
    "sheet": "padi-umkm",
}
# Words that name a thing somebody owns.
OWNED = {
    "account", "application", "consent", "document", "draft", "enterprise", "held", "licence", "loan",
    "membership", "merge", "notification", "number", "organisation", "other", "owner", "pair", "person", "photo",
    "reference", "run", "token",
    # market
    "order", "product_photo",
    # the creative desk and campaigns
    "campaign", "creator", "job", "job_document",
    # marketplaces
    "connection", "listing", "sales_file",
    # the creative centre
    "booking", "booking_series", "building", "closure", "equipment_use", "waiting_entry",
    # agenda
    "activity", "given", "registration",
    # mentoring
    "course", "diagnosis", "evidence", "lesson", "mentor", "mentorship", "picture", "plan_step", "question", "session",
    # startups
    "cohort", "contact_request", "demo_day", "goal", "invited", "material", "milestone", "milestone_evidence",
    "participation", "startup", "startup_application", "startup_lesson", "weekly",
}  # fmt: skip
# Public on purpose: whoever holds an unguessable code sees what it stands for, names masked.
BY_CODE = {
    "verify", "receipt", "receipt_pdf", "claim", "certificate", "certificate_pdf",
    "agenda_certificate", "agenda_certificate_pdf",
}  # fmt: skip
# Whoever holds the secret reads what it opens: a person's own calendar, an invitation into a team, a
# participant's ticket, a door.
BY_SECRET = {
    "calendar_feed", "booking_feed", "startup_invitation",
    "agenda_ticket", "agenda_feedback", "agenda_ticket_file", "agenda_ticket_event",
    "agenda_door", "agenda_door_roster",
}  # fmt: skip
# Not opened in the sweep: they end the session it runs in, change the person, or report on the queue.
LEFT_OUT = {"account_logout", "demo_sign_in", "readyz"}


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
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        route = str(pattern.pattern)
        here = nouns
        if isinstance(pattern.pattern, RoutePattern):
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


def body_of(answer: Any) -> str:
    """What an answer says, streamed or not."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(content.decode(errors="ignore"))


def is_private(address: Address) -> bool:
    """Whether the address names a thing that belongs to somebody."""
    return bool(set(address.nouns) & OWNED) and address.name not in BY_CODE


def look(viewer: Viewer, client: Client, address: Address, homes: tuple[Region, ...]) -> Iterator[str]:
    """Open an address with the things of each region; what is wrong with the answers."""
    for home in homes if address.nouns else homes[:1]:
        path = address.fill(home)
        answer: Any = client.get(path)
        if answer.status_code >= 500:
            yield f"{viewer.name}: {path} answers {answer.status_code}"
        if answer.status_code >= 300 or address.name in BY_SECRET:
            continue
        if is_private(address) and viewer.region is not home:
            yield f"{viewer.name}: {path} opens"
        for digits, whose in marks(body_of(answer)):
            if not viewer.may_see(digits, whose):
                yield f"{viewer.name} sees Rahasia{digits}{whose} at {path}"


def meddle(viewer: Viewer, client: Client, address: Address, other: Region) -> Iterator[str]:
    """Post to an address with the things of another region."""
    if not address.nouns or address.name in BY_CODE | BY_SECRET:
        return  # who holds a secret may use it: an invitation, a ticket
    path = address.fill(other)
    answer = client.post(path, {"reason": "x", "outcome": "verified", "amount": "1000", "confirm": "1"})
    if answer.status_code >= 500 or (is_private(address) and answer.status_code in {200, 201}):
        yield f"{viewer.name}: POST {path} answers {answer.status_code}"


@pytest.fixture
def bare_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that says no says it without the frame, which a third of the time would go into: what the
    frame shows is seen on every page that opens."""
    monkeypatch.setattr(urls, "handler404", lambda request, exception: HttpResponseNotFound(), raising=False)
    monkeypatch.setattr(urls, "handler403", lambda request, exception: HttpResponseForbidden(), raising=False)


@pytest.mark.slow
@pytest.mark.usefixtures("bare_refusals")
def test_nobody_sees_or_changes_what_is_not_theirs(world: tuple[Region, Region]) -> None:
    logging.disable(logging.CRITICAL)
    city, regency = world
    every = list(addresses())
    assert len(every) > 80
    found: list[str] = []
    for viewer in viewers(city, regency):
        client = Client(raise_request_exception=False)
        if viewer.person:
            client.force_login(viewer.person, backend=settings.AUTHENTICATION_BACKENDS[0])
        other = regency if viewer.region is city else city
        before = state_of_things()
        for address in every:
            found += look(viewer, client, address, (city, regency))
            found += meddle(viewer, client, address, other)
        if state_of_things() != before:
            found.append(f"{viewer.name} changed something of {other.code}")
    logging.disable(logging.NOTSET)
    assert found == []
