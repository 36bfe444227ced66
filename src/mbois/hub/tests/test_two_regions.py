"""Whoever keeps the centres of two regions begins where they were last."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mbois.hub.models import Building
from mbois.hub.tests.factories import hours, make_booking, make_building, make_keeper, make_space, signed_in
from mbois.people.models import Person, Role
from mbois.people.tests.factories import join, make_region
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def both() -> Person:
    make_region("35.07")
    person = make_keeper()
    join(person, Role.KEEPER, region="35.07")
    return person


def test_a_building_is_opened_in_the_region_that_is_chosen(both: Person) -> None:
    client = signed_in(both)
    page = reverse("hub_building_new")
    assert client.get(page).context["choice"].chosen == "35.07"
    chosen = client.get(f"{page}?wilayah=35.73")
    assert chosen.context["choice"].chosen == "35.73"
    client.post(page, {"name": "Gedung Kreatif", "address": "Jl. A. Yani 53"} | form_of(chosen))
    assert Building.objects.get().region_id == "35.73"


def form_of(answer: Any) -> dict[str, Any]:
    form = answer.context["form"]
    shown = {one.html_name: one.value() for one in form}
    return {name: value for name, value in shown.items() if value not in (None, False, "")}


def test_the_keeper_begins_in_the_building_chosen_last(both: Person) -> None:
    first, second = make_building(both, "35.07"), make_building(both, "35.73")
    client = signed_in(both)
    assert client.get(reverse("hub_keeper")).context["building"] == first
    client.get(reverse("hub_keeper") + f"?gedung={second.code}")
    assert client.get(reverse("hub_keeper")).context["building"] == second
    report = client.get(reverse("hub_report"))
    assert report.context["building"] == second and first.name in report.content.decode()


def test_a_region_chosen_elsewhere_counts_here(both: Person) -> None:
    make_building(both, "35.07")
    second = make_building(both, "35.73")
    client = signed_in(both)
    client.get(reverse("hub_building_new") + "?wilayah=35.73")
    assert client.get(reverse("hub_keeper")).context["building"] == second


def test_a_strangers_look_leaves_no_cookie(client: Client) -> None:
    space = make_space()
    answer = client.get(reverse("hub_day") + f"?gedung={space.floor.building.code}")
    assert answer.status_code == 200 and "sessionid" not in answer.cookies


def test_nobody_books_another_century() -> None:
    keeper = make_keeper()
    space = make_space(keeper=keeper)
    with pytest.raises(Refused, match="three years ahead"):
        make_booking(space, hours("10:00", "11:00", date(2999, 1, 7)), by=keeper)
