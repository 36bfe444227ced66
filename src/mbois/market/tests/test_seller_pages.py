"""The seller's pages: from a first product to an open shop, many at once, spreadsheets in and out."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from mbois.enterprises.tests.factories import make_enterprise
from mbois.market import sheets
from mbois.market.actions import orders
from mbois.market.models import CatalogueEntry, Product, Shop, Variant
from mbois.market.tests.factories import add_variant, make_product, make_shop
from mbois.market.tests.test_products import photo
from mbois.people.tests.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def lines(*variants: dict[str, str], before: int = 0) -> dict[str, str]:
    told = {"v-TOTAL_FORMS": str(len(variants)), "v-INITIAL_FORMS": str(before)}
    for number, variant in enumerate(variants):
        told |= {f"v-{number}-{name}": value for name, value in variant.items()}
    return told


def test_from_a_first_product_to_a_shop_everybody_sees(client: Client) -> None:
    enterprise = make_enterprise()
    client.force_login(enterprise.owner.person)
    base = f"/usaha/{enterprise.number}/"
    assert client.get("/jualan/")["Location"] == f"{base}produk/"
    assert "Add a product" in client.get(f"{base}produk/").content.decode()
    told = {"name": "Gelang Kayu", "category": "craft", "description": "Kayu jati"}
    answer = client.post(
        f"{base}produk/baru/",
        told | lines({"price": "25.000", "stock": "4"}, {"name": "Besar", "price": "30000"}),
    )
    product = Product.objects.get()
    assert answer["Location"] == f"{base}produk/{product.code}/foto/"
    assert [v.price for v in product.variants.all()] == [25_000, 30_000]
    assert client.post(answer["Location"], {"photos": [photo()]}).status_code == 302
    client.post(f"{base}produk/{product.code}/tayang/")
    product.refresh_from_db()
    assert product.state == "published"
    client.post(f"{base}toko/", {"whatsapp": "0812-3456-7890", "tagline": "Kayu saja", "slug": ""})
    assert Shop.objects.get().slug
    assert client.post(f"{base}toko/buka/", {}).status_code == 422
    client.post(f"{base}toko/buka/", {"agreed": "on"})
    assert CatalogueEntry.objects.get().product == product
    page = client.get(f"{base}produk/{product.code}/").content.decode()
    assert "See it as a buyer" in page
    assert client.get(product.get_absolute_url()).status_code == 200
    picture = product.photos.get().picture
    assert client.get(f"/gambar/{picture.key}-first.jpg").status_code == 200
    client.post(f"{base}toko/tutup/", {"confirmed": "yes"})
    assert not CatalogueEntry.objects.exists()
    client.logout()
    assert client.get(f"/gambar/{picture.key}-first.jpg").status_code == 404


def test_a_small_photo_is_refused_and_the_others_are_kept(client: Client) -> None:
    product = make_product(published=False)
    client.force_login(product.made_by)
    url = f"/usaha/{product.enterprise.number}/produk/{product.code}/foto/"
    answer = client.post(url, {"photos": [photo(), photo(800, 600, colour="red")]})
    assert answer.status_code == 422
    assert "800 × 600" in answer.content.decode()
    assert product.photos.count() == 1


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(client: Client) -> None:
    enterprise = make_enterprise()
    client.force_login(enterprise.owner.person)
    answer = client.post(
        f"/usaha/{enterprise.number}/produk/baru/",
        {"name": "", "category": "craft", "description": "Tetap ada"} | lines({"price": "gratis"}),
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Tetap ada" in page
    assert "gratis" in page


def test_a_list_of_many_products_asks_few_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    enterprise = make_shop().enterprise
    for _n in range(12):
        make_product(enterprise)
    client.force_login(enterprise.owner.person)
    client.get(f"/usaha/{enterprise.number}/produk/")
    with django_assert_max_num_queries(16):
        client.get(f"/usaha/{enterprise.number}/produk/")


def test_stock_is_recorded_with_its_reason(client: Client) -> None:
    product = make_product(on_hand=5)
    client.force_login(product.made_by)
    url = f"/usaha/{product.enterprise.number}/produk/{product.code}/stok/"
    variant = product.variants.get()
    client.post(url, {"variant": variant.pk, "why": "made", "quantity": "7"})
    client.post(url, {"variant": variant.pk, "why": "spoiled", "quantity": "2"})
    client.post(url, {"variant": variant.pk, "why": "counted", "quantity": "9"})
    variant.refresh_from_db()
    assert variant.on_hand == 9
    assert list(variant.moves.order_by("pk").values_list("why", "quantity")) == [
        ("opening", 5), ("made", 7), ("spoiled", -2), ("counted", -1)
    ]  # fmt: skip


def test_prices_and_stock_of_many_on_one_page(client: Client) -> None:
    enterprise = make_shop().enterprise
    one, two = make_product(enterprise), make_product(enterprise)
    client.force_login(enterprise.owner.person)
    told: dict[str, Any] = {"key": []}
    for row in Variant.objects.all():
        told["key"].append(row.pk)
        told |= {
            f"seen-price-{row.pk}": row.price,
            f"seen-stock-{row.pk}": row.on_hand,
            f"price-{row.pk}": "17.500",
            f"stock-{row.pk}": "3",
        }
    url = f"/usaha/{enterprise.number}/produk/banyak/"
    assert client.get(url).status_code == 200
    assert client.post(url, told).status_code == 302
    assert set(Variant.objects.values_list("price", "on_hand")) == {(17_500, 3)}
    told[f"price-{one.variants.get().pk}"] = "banyak"
    answer = client.post(url, told)
    assert answer.status_code == 422
    assert "banyak" in answer.content.decode()
    assert two.variants.get().price == 17_500
    told[f"price-{one.variants.get().pk}"] = "19.000"  # of a page that is older than the change
    text = client.post(url, told, headers={"accept-language": "en"}).content.decode()
    assert "Changed meanwhile: now Rp\u00a017,500, 3 on the shelf." in text


def test_a_slip_on_one_line_does_not_undo_what_somebody_else_changed(client: Client) -> None:
    one = make_product(price=10_000)
    two = make_product(one.enterprise, price=20_000)
    client.force_login(one.made_by)
    url = f"/usaha/{one.enterprise.number}/produk/banyak/"
    page = client.get(url).content.decode()
    Variant.objects.filter(product=two).update(price=25_000)  # meanwhile, in another tab
    told = fields_of(page) | {f"price-{one.variants.get().pk}": "sepuluh"}
    answer = client.post(url, told)
    assert answer.status_code == 422
    told = fields_of(answer.content.decode()) | {f"price-{one.variants.get().pk}": "11.000"}
    assert client.post(url, told).status_code == 302
    assert (one.variants.get().price, two.variants.get().price) == (11_000, 25_000)


def test_a_slip_on_one_line_keeps_what_was_seen_of_the_others(client: Client) -> None:
    one = make_product(price=10_000)
    two = make_product(one.enterprise, price=20_000)
    client.force_login(one.made_by)
    url = f"/usaha/{one.enterprise.number}/produk/banyak/"
    first, second = one.variants.get().pk, two.variants.get().pk
    told = fields_of(client.get(url).content.decode())
    Variant.objects.filter(pk=second).update(price=25_000)
    answer = client.post(url, told | {f"price-{first}": "sepuluh", f"price-{second}": "21.000"})
    told = fields_of(answer.content.decode()) | {f"price-{first}": "11.000"}
    text = client.post(url, told, headers={"accept-language": "en"}).content.decode()
    assert "Changed meanwhile: now Rp\u00a025,000" in text
    assert two.variants.get().price == 25_000


def fields_of(page: str) -> dict[str, Any]:
    """The fields of the page of many, as a browser sends them back."""
    told: dict[str, Any] = {"key": re.findall(r'name="key" value="(\d+)"', page)}
    return told | dict(re.findall(r'name="((?:seen-)?(?:price|stock)-\d+)" value="([^"]*)"', page))


def sheet(*rows: list[Any]) -> ContentFile:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return ContentFile(out.getvalue(), name="produk.xlsx")


def put_in(client: Client, url: str, table: list[list[Any]]) -> None:
    """Put a sheet in, after one has seen what would happen."""
    text = client.post(url, {"file": sheet(*table)}).content.decode()
    client.post(url, {"told": text.split('name="told" value="')[1].split('"')[0]})


def test_a_spreadsheet_goes_out_and_comes_in_after_a_dry_run(client: Client) -> None:
    enterprise = make_shop().enterprise
    make_product(enterprise, name="Gelang", price=10_000, variant={"sku": "G1"}, description="Satu\n\nDua")
    client.force_login(enterprise.owner.person)
    base = f"/usaha/{enterprise.number}/produk/berkas/"
    out = b"".join(client.get(f"{base}keluar/").streaming_content)  # type: ignore[arg-type]
    table = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(out)).active]
    assert [row[5] for row in table] == ["SKU", "G1"]
    unchanged = client.post(base, {"file": sheet(*table)}).content.decode()
    assert "Nothing in this file would change anything" in unchanged
    table[1][6] = 12_000
    table.append(["Kalung", "Handicraft and souvenirs", "", "", "", "K1", 50_000, 3])
    table.append(["Tanpa harga", "craft", "", "", "", "T1", "", 3])
    table.append(["Kalung", "craft", "", "", "Besar", "K2", 70_000, 1])
    page = client.post(base, {"file": sheet(*table)})
    text = page.content.decode()
    assert "Rp\u00a010,000 → Rp\u00a012,000" in text
    assert "The price is not an amount" in text
    assert Variant.objects.get(sku="G1").price == 10_000
    told = text.split('name="told" value="')[1].split('"')[0]
    client.post(base, {"told": told})
    gelang = Variant.objects.get(sku="G1")
    assert (gelang.price, gelang.on_hand, gelang.product.description) == (12_000, 10, "Satu\n\nDua")
    kalung = Product.objects.get(name="Kalung")
    assert {v.sku: (v.price, v.on_hand) for v in kalung.variants.all()} == {
        "K1": (50_000, 3),
        "K2": (70_000, 1),
    }
    assert not Product.objects.filter(name="Tanpa harga").exists()


def test_a_sku_on_two_lines_is_refused_on_both(client: Client) -> None:
    enterprise = make_shop().enterprise
    product = make_product(enterprise, name="Gelang", price=10_000, variant={"sku": "G1"})
    told = [
        (2, {"name": "Kalung", "sku": "G1", "price": 20_000}),
        (3, {"name": "Gelang", "sku": "g1", "price": 12_000}),
        (4, {"name": "Cincin", "category": "craft", "sku": "C1", "price": 5_000}),
    ]
    plan = sheets.apply(enterprise, told, by=enterprise.owner.person)
    assert [line.fate for line in plan.lines] == ["refused", "refused", "new"]
    assert "on line 3 too" in plan.lines[0].why and "on line 2 too" in plan.lines[1].why
    product.refresh_from_db()
    assert (product.name, product.variants.get().price) == ("Gelang", 10_000)


def test_a_sku_in_other_letters_than_the_one_there_is_refused() -> None:
    enterprise = make_shop().enterprise
    make_product(enterprise, variant={"sku": "G1"})
    told = [(2, {"name": "Kalung", "category": "craft", "sku": "g1", "price": 20_000})]
    [line] = sheets.decide(enterprise, told, by=enterprise.owner.person).lines
    assert line.fate == "refused" and "the SKU G1 already" in line.why


def test_a_file_of_orders_says_their_state_in_words(client: Client) -> None:
    product = make_product()
    order = orders.place_order(
        product.enterprise.shops.get(),
        [orders.Wanted(product.variants.get().pk, 1)],
        buyer=orders.Buyer("Rina"),
    )
    client.force_login(product.enterprise.owner.person)
    answer = client.get(f"/usaha/{product.enterprise.number}/pesanan/?unduh=csv")
    [line] = [one for one in b"".join(answer.streaming_content).decode().splitlines() if order.code in one]  # type: ignore[attr-defined]
    assert line.endswith(",,Placed")


def test_a_plan_of_another_seller_is_no_plan(client: Client) -> None:
    enterprise = make_shop().enterprise
    client.force_login(enterprise.owner.person)
    answer = client.post(f"/usaha/{enterprise.number}/produk/berkas/", {"told": "x:y:z"})
    assert answer.status_code == 302
    assert not Product.objects.exists()


def test_a_stranger_sees_none_of_it(client: Client) -> None:
    product = make_product()
    client.force_login(make_person())
    base = f"/usaha/{product.enterprise.number}/"
    for path in ("produk/", f"produk/{product.code}/", "produk/banyak/", "toko/", "pesanan/"):
        assert client.get(base + path).status_code == 404


def test_a_sheet_keeps_the_paragraphs_of_a_long_description(client: Client) -> None:
    enterprise = make_shop().enterprise
    text = "\n\n".join(["Dibuat setiap pagi. " * 60] * 3).strip()
    told = "\n\n".join(part.strip() for part in text.split("\n\n"))
    product = make_product(enterprise, name="Gelang", description=told, variant={"sku": "G1"})
    assert len(told) > 2000
    client.force_login(enterprise.owner.person)
    base = f"/usaha/{enterprise.number}/produk/berkas/"
    out = b"".join(client.get(f"{base}keluar/").streaming_content)  # type: ignore[arg-type]
    table = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(out)).active]
    assert "Nothing in this file would change" in client.post(base, {"file": sheet(*table)}).content.decode()
    table[1][2] = f"{told}\n\nBaru."
    put_in(client, base, table)
    product.refresh_from_db()
    assert product.description == f"{told}\n\nBaru."


def test_a_sheet_renames_a_product_of_which_another_line_changes_too(client: Client) -> None:
    enterprise = make_shop().enterprise
    product = make_product(enterprise, name="Gelang", brand="Lama", variant={"sku": "G1", "name": "Kecil"})
    add_variant(product, sku="G2", name="Besar", position=1)
    client.force_login(enterprise.owner.person)
    base = f"/usaha/{enterprise.number}/produk/berkas/"
    put_in(
        client,
        base,
        [
            ["Produk", "Merek", "Varian", "SKU", "Harga"],
            ["Gelang Jati", None, "Kecil", "G1", 15_000],
            ["Gelang", "Lama", "Besar", "G2", 16_000],
        ],
    )
    product.refresh_from_db()
    assert (product.name, product.brand) == ("Gelang Jati", "")
    assert product.variants.get(sku="G2").price == 16_000


@pytest.mark.parametrize("page", ["9" * 20, "9" * 5000, "²", "-1"])
def test_a_page_that_is_none_is_the_first_or_empty(client: Client, page: str) -> None:
    enterprise = make_shop().enterprise
    make_product(enterprise, name="Gelang")
    client.force_login(enterprise.owner.person)
    answer = client.get(f"/usaha/{enterprise.number}/produk/banyak/", {"page": page})
    assert answer.status_code == 200
    assert "Gelang" in answer.content.decode()
