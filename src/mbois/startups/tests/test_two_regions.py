"""Whoever runs the programme of two regions chooses in which, once."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from mbois import clock
from mbois.people.models import Person, Role
from mbois.people.tests.factories import join, make_region
from mbois.startups.models import Call, Cohort
from mbois.startups.tests.factories import make_call, make_manager, signed_in

pytestmark = pytest.mark.django_db

CALL = {
    "title_id": "Inkubasi", "summary_id": "Enam bulan dari ide.", "about_id": "Untuk tim.", "places": 20,
    "reviews_wanted": 2, "blind": "on",
}  # fmt: skip


@pytest.fixture
def both() -> Person:
    make_region("35.07")
    person = make_manager()
    join(person, Role.INCUBATOR, region="35.07")
    return person


def cohort(**some: Any) -> dict[str, Any]:
    today = clock.today()
    return {
        "name": "Angkatan 1", "begins_on": today.isoformat(), "ends_on": (today + timedelta(days=90)).isoformat(),
        "call": "",
    } | some  # fmt: skip


def test_a_call_is_written_in_the_region_that_is_chosen(both: Person) -> None:
    client = signed_in(both)
    page = reverse("call_new")
    assert "?wilayah=35.73" in client.get(page).content.decode()
    client.post(f"{page}?wilayah=35.73", CALL)
    assert Call.objects.get().region_id == "35.73"


def test_the_choice_is_remembered_on_the_next_page(both: Person) -> None:
    make_call("35.73", title_en="Call of the city", by=both)
    client = signed_in(both)
    first = client.get(reverse("cohort_new"))
    assert first.context["choice"].chosen == "35.07" and "Call of the city" not in first.content.decode()
    client.get(f"{reverse('call_new')}?wilayah=35.73")
    again = client.get(reverse("cohort_new"))
    assert again.context["choice"].chosen == "35.73" and "Call of the city" in again.content.decode()
    client.post(reverse("cohort_new"), cohort())
    assert Cohort.objects.get().region_id == "35.73"


def test_a_region_one_has_no_role_in_is_not_chosen(both: Person) -> None:
    make_region("35.79")
    client = signed_in(both)
    answer = client.get(f"{reverse('call_new')}?wilayah=35.79")
    assert answer.context["choice"].chosen == "35.07"


def test_who_has_one_region_is_not_asked() -> None:
    assert "?wilayah=" not in signed_in(make_manager()).get(reverse("call_new")).content.decode()


@pytest.mark.parametrize(
    "wrong", [{"begins_on": "2099-01-01", "ends_on": "2099-03-01"}, {"ends_on": "2099-03-01"}]
)
def test_a_cohort_in_another_century_is_refused(both: Person, wrong: dict[str, str]) -> None:
    answer = signed_in(both).post(reverse("cohort_new"), cohort(**wrong))
    assert answer.status_code == 422 and "three years ahead" in answer.content.decode()
    assert not Cohort.objects.exists()
