"""What a spreadsheet would do is what it does: the same limits and the same reasons, before and after."""

from typing import Any

import pytest

from mbois.enterprises.tests.factories import make_enterprise
from mbois.market import sheets
from mbois.market.actions import products
from mbois.market.actions.products import Change
from mbois.market.actions.told import Told
from mbois.market.models import Product, StockMove, Variant
from mbois.market.tests.factories import add_variant, make_product
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"price": 1_000_000_000_000}, "A price is at most Rp\u00a01,000,000,000"),
        ({"price": "1000000000000"}, "A price is at most Rp\u00a01,000,000,000"),
        ({"price": 0}, "Give a price above zero"),
        ({"price": -5}, "Give a price above zero"),
        ({"price": ""}, "The price is not an amount"),
        ({"price": "murah"}, "The price is not an amount"),
        ({"price": "908.000,50"}, "in whole rupiah, without cents"),
        ({"price": 908_000.5}, "in whole rupiah, without cents"),
        ({"name": "x" * 300}, "Name: at most 120 characters; this has 300"),
        ({"description": "x" * 4001}, "Description: at most 4,000 characters; this has 4,001"),
        ({"brand": "x" * 61}, "Brand: at most 60 characters"),
        ({"variant": "x" * 200}, "Variant: at most 60 characters; this has 200"),
        ({"stock": -1}, "Stock is a number from 0 to 1,000,000"),
        ({"stock": "-1"}, "Stock is a number from 0 to 1,000,000"),
        ({"stock": 1_000_001}, "Stock is a number from 0 to 1,000,000"),
        ({"stock": "banyak"}, "Stock is not a whole number"),
        ({"stock": 1.5}, "Stock is not a whole number"),
        ({"weight_grams": 100_001}, "Weight in grams is a whole number from 1 to 100,000"),
        ({"length_cm": 501}, "Length in cm is a whole number from 1 to 500"),
        ({"sku": "x" * 41, "category": "craft"}, "SKU: at most 40 characters"),
    ],
)
def test_a_line_is_refused_before_and_after_for_the_same_reason(cells: dict[str, Any], why: str) -> None:
    product = make_product(name="Gelang", price=10_000, variant={"sku": "G1"})
    told = [(2, {"name": "Gelang", "sku": "G1", "price": 10_000} | cells)]
    for verb in (sheets.decide, sheets.apply):
        [line] = verb(product.enterprise, told, by=product.made_by).lines
        assert line.fate == "refused" and why in line.why
    assert list(Variant.objects.values_list("name", "price", "on_hand")) == [("", 10_000, 10)]


def test_what_only_putting_in_finds_is_found_before_and_nothing_is_left_behind() -> None:
    product = make_product(name="Gelang", variant={"sku": "G1", "name": "Kecil"})
    add_variant(product, sku="G2", name="Besar", position=1)
    moves = StockMove.objects.count()
    told = [
        (2, {"name": "Gelang", "variant": "Besar", "sku": "G1", "price": 12_000}),
        (3, {"name": "Kalung", "category": "craft", "sku": "K1", "price": 5_000, "stock": 3}),
    ]
    plan = sheets.decide(product.enterprise, told, by=product.made_by)
    assert [line.fate for line in plan.lines] == ["refused", "new"]
    assert "same name" in plan.lines[0].why
    assert not Product.objects.filter(name="Kalung").exists()
    assert StockMove.objects.count() == moves


def test_what_nobody_sees_is_no_part_of_a_name() -> None:
    enterprise = make_enterprise()
    told = [(2, {"name": "Gelang\u202e Jati\u200b", "category": "craft", "price": 5_000})]
    sheets.apply(enterprise, told, by=enterprise.owner.person)
    assert Product.objects.get().name == "Gelang Jati"


def test_every_way_in_has_the_same_limits() -> None:
    product = make_product()
    row = product.variants.get()
    seller = product.made_by
    _done, wrong = products.change_many(
        product.enterprise, [Change(row.pk, 2_000_000_000, 10, row.price, 10)], by=seller
    )
    assert "at most Rp\u00a01,000,000,000" in wrong[row.pk]
    for told in (
        Told(price=2_000_000_000),
        Told(price=1000, name="x" * 61),
        Told(price=1000, weight_grams=0),
        Told(price=1000, height_cm=501),
    ):
        with pytest.raises(Refused):
            products.update_product(product, by=seller, variants=[told])
