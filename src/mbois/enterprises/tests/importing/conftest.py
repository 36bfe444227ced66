"""A city, and an officer who takes files in."""

import pytest
from tests.factories import MALANG, load_places, make_person

from mbois.people.models import Role


@pytest.fixture(autouse=True)
def _places():
    load_places()


@pytest.fixture
def officer():
    return make_person(role=Role.AGENCY_OFFICER, region=MALANG, language="en")
