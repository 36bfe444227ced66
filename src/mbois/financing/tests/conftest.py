"""A bank with money, in the city."""

import pytest

from mbois.financing.tests.factories import Bank


@pytest.fixture
def bank(db: None) -> Bank:
    return Bank()
