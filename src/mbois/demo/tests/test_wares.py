"""What the invented city sells is asked about only where it is food."""

import pytest
from django.core.management import call_command

from mbois.demo.wares import WARES, of
from mbois.enterprises.tests.factories import make_enterprise
from mbois.market.food import doubt
from mbois.market.models import Product

pytestmark = pytest.mark.django_db


def test_nothing_that_is_no_food_sounds_like_food() -> None:
    call_command("load_kbli", verbosity=0)
    enterprise = make_enterprise()
    told = {"region_id": enterprise.region_id, "enterprise": enterprise}
    products = [
        Product(name=f"{name} {taste}", category=str(ware.category), **told)
        for wares in WARES.values()
        for ware in wares
        for name in of(ware.names)
        for taste in of(ware.tastes)
        if not ware.is_food and ware.picture != "madu"
    ]
    assert len(products) > 100
    assert [product.name for product in products if doubt(product)] == []
    assert doubt(Product(name="Keripik Tempe Balado", category="craft", **told))
