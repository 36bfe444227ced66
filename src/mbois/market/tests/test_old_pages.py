"""Two tabs on one product: what nobody touched on the older page stays, what both changed is said."""

from typing import Any

import pytest
from django.test import Client

from mbois.market.actions import products, stock
from mbois.market.actions.told import Told, as_it_is
from mbois.market.models import Certificate, Product
from mbois.market.tests.factories import add_variant, make_licence, make_product, make_shop

pytestmark = pytest.mark.django_db


def url_of(product: Product) -> str:
    return f"/usaha/{product.enterprise.number}/produk/{product.code}/"


def sent_by(answer: Any) -> dict[str, Any]:
    """The fields of a product's page, as a browser would send them back."""
    told = {"shown": answer.context["shown"]}
    lines = answer.context["lines"]
    told |= {f"v-{name}": lines.management_form[name].value() for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    for form in (answer.context["form"], *lines):
        for bound in form:
            value = bound.field.prepare_value(bound.value())
            if value not in (None, "", False, []):
                text = str(value).replace("\n", "\r\n")
                told[bound.html_name] = "on" if value is True else value if isinstance(value, list) else text
    return told


def opened(client: Client, product: Product) -> dict[str, Any]:
    client.force_login(product.made_by)
    return sent_by(client.get(url_of(product)))


def test_an_older_tab_that_changes_the_brand_leaves_the_price(client: Client) -> None:
    product = make_product(price=10_000, description="Satu\n\nDua", attributes={"Bahan": "jati", "Asal": "M"})
    key = product.variants.get().pk
    older = opened(client, product)
    assert client.post(url_of(product), older | {"v-0-price": "20.000", "name": "Baru"}).status_code == 302
    assert client.post(url_of(product), older | {"brand": "Jati Kita"}).status_code == 302
    product.refresh_from_db()
    assert (product.name, product.brand, product.description) == ("Baru", "Jati Kita", "Satu\n\nDua")
    assert (product.variants.get().pk, product.variants.get().price) == (key, 20_000)


def test_what_both_changed_is_said_with_both_values_and_nothing_typed_is_lost(client: Client) -> None:
    product = make_product(price=10_000, name="Gelang")
    older = opened(client, product)
    client.post(url_of(product), older | {"v-0-price": "20.000", "name": "Gelang Jati"})
    mine = older | {"v-0-price": "15.000", "name": "Gelang Jati Tua", "brand": "Jati Kita"}
    answer = client.post(url_of(product), mine)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "was changed while you had the page open" in page
    assert "Changed meanwhile to “Rp\u00a020,000”; you wrote “Rp\u00a015,000”" in page
    assert "Changed meanwhile to “Gelang Jati”; you wrote “Gelang Jati Tua”" in page
    product.refresh_from_db()
    assert (product.name, product.brand, product.variants.get().price) == ("Gelang Jati", "", 20_000)
    again = sent_by(answer)
    assert (again["v-0-price"], again["brand"]) == ("15.000", "Jati Kita")
    assert client.post(url_of(product), again).status_code == 302  # seen, and meant
    product.refresh_from_db()
    assert (product.name, product.brand) == ("Gelang Jati Tua", "Jati Kita")
    assert product.variants.get().price == 15_000


def test_an_older_tab_does_not_put_back_what_was_sold(client: Client) -> None:
    product = make_product(on_hand=10)
    variant = product.variants.get()
    older = opened(client, product)
    stock.count(variant, on_hand=7, by=product.made_by)
    assert client.post(url_of(product), older | {"brand": "Baru"}).status_code == 302
    variant.refresh_from_db()
    assert variant.on_hand == 7
    answer = client.post(url_of(product), older | {"v-0-stock": "12"})
    assert "Changed meanwhile to “7”; you wrote “12”" in answer.content.decode()


def test_a_variant_that_came_since_stays(client: Client) -> None:
    product = make_product(variant={"name": "Kecil"})
    older = opened(client, product)
    add_variant(product, name="Besar", position=1)
    assert client.post(url_of(product), older | {"brand": "Baru"}).status_code == 302
    names = product.variants.filter(active=True).values_list("name", flat=True)
    assert sorted(names) == ["Besar", "Kecil"]


def test_certificates_that_nobody_touched_stay(client: Client) -> None:
    enterprise = make_shop().enterprise
    halal = make_licence(enterprise, "halal")
    product = make_product(enterprise)
    older = opened(client, product)
    products.set_certificates(product, [halal.pk], by=product.made_by)
    client.post(url_of(product), older | {"brand": "Baru"})
    assert Certificate.objects.get().licence == halal
    fresh = opened(client, product)
    del fresh["certificates"]
    client.post(url_of(product), fresh)
    assert not Certificate.objects.exists()


def test_a_page_without_seals_says_all(client: Client) -> None:
    product = make_product(price=10_000)
    told = opened(client, product) | {"v-0-price": "12.000", "shown": "[1]"}
    assert client.post(url_of(product), told).status_code == 302
    assert product.variants.get().price == 12_000


def test_a_sheet_tells_whole_variants() -> None:
    product = make_product()
    row = product.variants.get()
    assert as_it_is(row) == Told(key=row.pk, sku=row.sku, price=row.price, weight_grams=250)
