"""What seems to be food is not published as something else unless somebody says that it is none."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from mbois import clock
from mbois.enterprises.models import Enterprise, Kbli, KbliWord
from mbois.enterprises.tests.factories import make_enterprise
from mbois.market import sheets
from mbois.market.actions import products
from mbois.market.models import Product
from mbois.market.tests.factories import add_photo, make_licence, make_product
from mbois.people.models import Role
from mbois.people.tests.factories import make_person
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def words(django_db_setup: Any, django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock():
        call_command("load_kbli", verbosity=0)
        yield
        Enterprise.objects.update(kbli=None)
        KbliWord.objects.all().delete()
        Kbli.objects.all().delete()


def draft(name: str, category: str = "craft", **fields: Any) -> Product:
    product = make_product(fields.pop("enterprise", None), name=name, category=category, published=False)
    add_photo(product)
    return product


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("Keripik Tempe Pedas", "craft"),
        ("Keripik Singkong", "produce"),
        ("KRIPIK-TEMPE", "other"),
        ("𝗞𝗲𝗿𝗶𝗽𝗶𝗸 tempe", "craft"),
        ("Bu Noer: Sambal Bawang", "kitchen"),
        ("Motif Keripik", "batik"),
        ("Onde-onde isi 10", "toy"),
        ("Paket Kue Kering", "other"),
    ],
)
def test_what_sounds_like_food_is_asked_about(name: str, category: str) -> None:
    product = draft(name, category)
    with pytest.raises(Refused, match="sounds like food") as refused:
        products.publish(product, by=product.made_by)
    assert refused.value.code == "seems_food"
    with pytest.raises(IntegrityError, match="product_says_whether_it_is_food"), transaction.atomic():
        Product.objects.filter(pk=product.pk).update(state="published", published_at=clock.now())


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("Batik Motif Keripik", "batik"),
        ("Sandal Batik Cokelat", "shoe"),
        ("Sabun Cokelat", "beauty"),
        ("Desain Kemasan Keripik", "service"),
        ("Apel Manalagi Segar", "produce"),
        ("Daging Sapi", "produce"),
        ("Tomat", "produce"),
        ("Pelet Ikan", "pet"),
        ("Barang 7", "craft"),
    ],
)
def test_other_things_and_fresh_produce_are_not(name: str, category: str) -> None:
    product = draft(name, category)
    assert products.publish(product, by=product.made_by).state == "published"


def test_a_maker_of_food_is_asked_where_the_name_says_nothing() -> None:
    enterprise = make_enterprise(kbli=Kbli.objects.get(code="10794", edition="2020"))
    product = draft("Oleh-oleh Khas Malang", enterprise=enterprise)
    with pytest.raises(Refused, match="Your business makes food"):
        products.publish(product, by=product.made_by)
    for name, category in (("Kaos Bu Noer", "men"), ("Singkong", "produce")):
        product = draft(name, category, enterprise=enterprise)
        products.publish(product, by=product.made_by)


def test_marked_as_food_it_needs_its_licence() -> None:
    product = draft("Keripik Singkong", "produce")
    product = products.update_product(product, by=product.made_by, is_food=True)
    with pytest.raises(Refused, match="P-IRT"):
        products.publish(product, by=product.made_by)
    make_licence(product.enterprise, "pirt")
    assert products.publish(product, by=product.made_by).state == "published"


def test_who_says_that_it_is_no_food_is_kept_and_seen_by_the_agency(client: Client) -> None:
    product = draft("Motif Keripik", "batik")
    url = f"/usaha/{product.enterprise.number}/produk/{product.code}/"
    client.force_login(product.made_by)
    page = client.get(url)
    assert "sounds like food" in page.content.decode() and 'name="not_food"' in page.content.decode()
    row = product.variants.get()
    told = {
        "name": "Motif Keripik", "category": "batik", "not_food": "on", "shown": page.context["shown"],
        "v-TOTAL_FORMS": 1, "v-INITIAL_FORMS": 1, "v-0-key": row.pk, "v-0-price": row.price,
    }  # fmt: skip
    assert client.post(url, told | {"is_food": "on"}).status_code == 422
    assert client.post(url, told).status_code == 302
    client.post(f"{url}tayang/")
    product.refresh_from_db()
    assert (product.state, product.not_food_by) == ("published", product.made_by)
    assert product.not_food_at is not None
    officer = make_person(role=Role.AGENCY_OFFICER)
    client.force_login(officer)
    passport = client.get(f"/usaha/{product.enterprise.number}/").content.decode()
    assert "Said to be no food" in passport and "Motif Keripik" in passport
    assert product.made_by.name in passport


def test_what_was_said_of_one_name_is_not_said_of_the_next() -> None:
    product = draft("Motif Keripik", "batik")
    seller = product.made_by
    product = products.update_product(product, by=seller, not_food=True)
    product = products.publish(product, by=seller)
    with pytest.raises(Refused, match="sounds like food") as refused:
        products.update_product(product, by=seller, name="Keripik Tempe")
    assert refused.value.field == "not_food"
    product = products.update_product(product, by=seller, name="Motif Opak", not_food=True)
    assert product.not_food_by == seller
    product = products.update_product(product, by=seller, name="Batik Lawasan")
    assert product.not_food_at is None
    with pytest.raises(IntegrityError, match="product_says_whether"), transaction.atomic():
        Product.objects.filter(pk=product.pk).update(name="Keripik Tempe")


def test_a_spreadsheet_passes_the_same_gate() -> None:
    product = draft("Gelang")
    products.publish(product, by=product.made_by)
    sku = product.variants.get().sku
    told = [(2, {"name": "Keripik Tempe", "sku": sku, "price": 20_000})]
    for verb in (sheets.decide, sheets.apply):
        [line] = verb(product.enterprise, told, by=product.made_by).lines
        assert line.fate == "refused" and "sounds like food" in line.why
