"""What is listed at the simulators of the demo city is changed like any other."""

import pytest

from mbois.demo.channels import _list
from mbois.market.actions.products import update_product
from mbois.market.models import Listing
from mbois.market.tests.test_following import BETTER, platform, seller  # noqa: F401
from mbois.market.tests.test_selling import good

pytestmark = pytest.mark.django_db


def test_one_of_the_demo_city_is_changed_like_any_other(seller):  # noqa: F811
    """It was put into the simulator's books without words and photos."""
    other = good(seller.shop.enterprise, photo=seller.product)
    rows = _list(seller.store, seller.row, list(other.variants.select_related("product")))
    Listing.objects.bulk_create(rows)
    assert seller.round().revised == 0
    update_product(other, by=other.made_by, name=BETTER)
    assert seller.round().revised == 1
    row = Listing.objects.get(variant__product=other)
    assert seller.store.row("SELECT title FROM item WHERE id = ?", row.external_id)["title"] == BETTER
    assert (row.error_code, row.state) == ("", "live")
    assert seller.round().revised == 0
