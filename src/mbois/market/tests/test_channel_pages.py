"""The pages of marketplaces, as sellers use them, and what marketplaces send."""

import hashlib
import hmac
import io
import json
import zipfile
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook
from tests.factories import make_person

from mbois.enterprises.models import Enterprise
from mbois.enterprises.tests.factories import make_enterprise
from mbois.market.actions.comparing import match_item
from mbois.market.actions.connections import push_url
from mbois.market.channels import sheets
from mbois.market.channels.registry import PLATFORMS
from mbois.market.channels.simulation.running import KEYS, secret_of
from mbois.market.models import ChannelEvent, Connection, Drift, Listing, UnmatchedItem
from mbois.market.tests.factories import add_photo, add_variant, make_connection, make_product, make_shop
from mbois.market.views import sheets_of_many
from mbois.people.models import Role
from mbois.refused import Refused

pytestmark = pytest.mark.django_db
TEXT = "Dianyam tangan dari pandan."


@pytest.fixture(autouse=True)
def _apps(monkeypatch):
    for name in KEYS:
        monkeypatch.setenv(f"MBOIS_{name.upper()}_URL", "http://127.0.0.1:9")
        monkeypatch.setenv(f"MBOIS_{name.upper()}_KEY", KEYS[name])
        monkeypatch.setenv(f"MBOIS_{name.upper()}_SECRET", secret_of(name))


@pytest.fixture
def enterprise() -> Enterprise:
    return make_shop().enterprise


@pytest.fixture
def owner(enterprise) -> Client:
    client = Client()
    client.force_login(enterprise.owner.person)
    return client


def page(client: Client, name: str, **kwargs: object) -> str:
    answer = client.get(reverse(name, kwargs=kwargs))
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_every_api_channel_says_what_it_was_tested_with(owner, enterprise):
    text = page(owner, "channels", enterprise=enterprise.number)
    assert text.count("Tested against a simulator, not yet certified by the platform.") == 3
    for name in (
        "Shopee",
        "Tokopedia &amp; Shop",
        "Lazada",
        "PaDi UMKM",
        "e-Katalog",
        "google.xml",
        "meta.csv",
    ):
        assert name in text


def test_connecting_goes_to_the_marketplace_with_a_signed_question(owner, enterprise):
    url = reverse("channel_connect", kwargs={"enterprise": enterprise.number, "channel": "lazada"})
    assert "Go to Lazada" in owner.get(url).content.decode()
    answer = owner.get(url, {"lanjut": "1"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("http://127.0.0.1:9/oauth/authorize?")
    # an answer to a question that was never asked, or of somebody else, connects nothing
    back = reverse("channel_back", kwargs={"channel": "lazada"})
    assert owner.get(back, {"code": "x", "state": "forged"}).status_code == 302
    assert not Connection.objects.exists()


def test_a_stranger_sees_nothing_of_it(enterprise):
    row = make_connection(enterprise, "shopee")
    stranger = Client()
    stranger.force_login(make_person("Orang asing"))
    for name, more in (("channels", {}), ("connection", {"connection": row.pk}), ("sales_files", {})):
        url = reverse(name, kwargs={"enterprise": enterprise.number, **more})
        assert stranger.get(url).status_code in (403, 404)


def test_an_officer_fills_sheets_but_reads_no_orders(enterprise):
    officer = Client()
    officer.force_login(make_person("Petugas", role=Role.AGENCY_OFFICER))
    assert "PaDi UMKM" in page(officer, "channel_sheet", enterprise=enterprise.number, sheet="padi-umkm")
    url = reverse("sales_files", kwargs={"enterprise": enterprise.number})
    assert officer.get(url).status_code in (403, 404)


def test_nobody_is_led_to_orders_they_may_not_read(owner, enterprise):
    officer = Client()
    officer.force_login(make_person("Petugas", role=Role.AGENCY_OFFICER))
    closed = [reverse(name, kwargs={"enterprise": enterprise.number}) for name in ("orders", "sales_files")]
    for name in ("products", "channels"):
        assert not any(f'href="{url}"' in page(officer, name, enterprise=enterprise.number) for url in closed)
    assert all(f'href="{url}"' in page(owner, "channels", enterprise=enterprise.number) for url in closed)


def test_the_page_of_a_shop_says_what_failed_and_what_helps(owner, enterprise):
    row = make_connection(enterprise, "shopee", shop_name="Toko Sri")
    product = make_product(enterprise, name="Keripik tempe")
    variant = product.variants.get()
    Listing.objects.create(
        region_id=row.region_id, connection=row, variant=variant, state="failed",
        error_code="refused", error_field="photos", error="Invalid image ratio.",
    )  # fmt: skip
    text = page(owner, "connection", enterprise=enterprise.number, connection=row.pk)
    assert "The marketplace does not accept a photo." in text
    assert "Invalid image ratio." in text
    assert "1 could not be listed." in text


def test_choosing_products_puts_them_on_the_list(owner, enterprise):
    row = make_connection(enterprise, "shopee")
    product = make_product(enterprise, description=TEXT)
    product.variants.update(name="Kecil")
    add_variant(product, name="Besar")
    add_photo(product)
    make_product(enterprise, published=False)
    url = reverse("connection_publish", kwargs={"enterprise": enterprise.number, "connection": row.pk})
    assert owner.get(url).content.decode().count('name="product"') == 1
    assert owner.post(url, {"product": [product.pk]}).status_code == 302
    assert Listing.objects.filter(connection=row, state="wanted").count() == 2
    other = make_product()
    owner.post(url, {"product": [other.pk]})
    assert Listing.objects.filter(variant__product=other).count() == 0


def test_what_a_marketplaces_rules_block_is_refused_with_their_sentences(owner, enterprise):
    row = make_connection(enterprise, "shopee")
    good, bad = make_product(enterprise, description=TEXT), make_product(enterprise, name="Tas tanpa foto")
    add_photo(good)
    url = reverse("connection_publish", kwargs={"enterprise": enterprise.number, "connection": row.pk})
    text = owner.get(url).content.decode()
    assert "There is no photo. Add at least one photo." in text
    assert "wants at least 20 characters" in text
    assert text.count("disabled") == 1
    answer = owner.post(url, {"product": [bad.pk]})
    assert answer.status_code == 200
    assert "Tas tanpa foto: There is no photo. Add at least one photo." in answer.content.decode()
    assert not Listing.objects.exists()
    answer = owner.post(url, {"all": "1"}, follow=True)
    assert "Tas tanpa foto: There is no photo." in answer.content.decode()
    assert list(Listing.objects.values_list("variant__product", flat=True)) == [good.pk]


def test_what_does_not_match_is_matched_by_hand(owner, enterprise):
    row = make_connection(enterprise, "lazada")
    variant = make_product(enterprise).variants.get()
    item = UnmatchedItem.objects.create(
        region_id=row.region_id, connection=row, external_id="7", external_variant="8", sku="X",
        title="Tempe", price=1, stock=1,
    )  # fmt: skip
    url = reverse("connection_match", kwargs={"enterprise": enterprise.number, "connection": row.pk})
    assert "Tempe" in owner.get(url).content.decode()
    wrong = owner.post(url, {"item": item.pk, "sku": "BUKAN-PUNYAKU"})
    assert wrong.status_code == 422
    text = wrong.content.decode()
    assert "Choose one of your products." in text and 'value="BUKAN-PUNYAKU"' in text
    owner.post(url, {"item": item.pk, "sku": variant.sku})
    listing = Listing.objects.get()
    assert (listing.state, listing.external_id, listing.variant_id) == ("live", "7", variant.pk)
    assert not UnmatchedItem.objects.exists()
    theirs = make_product().variants.get()
    again = UnmatchedItem.objects.create(
        region_id=row.region_id, connection=row, external_id="9", title="Lain", price=1, stock=1
    )
    with pytest.raises(Exception, match="not a product of this business"):
        match_item(again, theirs, by=enterprise.owner.person)


def test_what_was_taken_off_lets_go_of_its_item(enterprise):
    row = make_connection(enterprise)
    before, now = (make_product(enterprise).variants.get() for _one in range(2))
    here = {"region_id": row.region_id, "connection": row, "external_id": "7", "external_variant": "8"}
    old = Listing.objects.create(**here, variant=before, state="paused")
    item = UnmatchedItem.objects.create(**here, title="Tempe", price=1, stock=1)
    match_item(item, now, by=enterprise.owner.person)
    old.refresh_from_db()
    assert (old.state, old.external_id) == ("paused", "")
    assert Listing.objects.get(variant=now).external_id == "7"


def test_nobody_takes_an_item_from_what_is_live_there(enterprise):
    row = make_connection(enterprise)
    live, other = (make_product(enterprise).variants.get() for _one in range(2))
    here = {"region_id": row.region_id, "connection": row, "external_id": "7", "external_variant": "8"}
    Listing.objects.create(**here, variant=live, state="live", live_since=row.made_at)
    item = UnmatchedItem.objects.create(**here, title="Tempe", price=1, stock=1)
    with pytest.raises(Refused, match="listed there already"):
        match_item(item, other, by=enterprise.owner.person)


def test_the_page_of_what_does_not_match_names_each_product_once(owner, enterprise):
    row = make_connection(enterprise)
    product = make_product(enterprise, name="Tas pandan")
    for key in range(5):
        UnmatchedItem.objects.create(
            region_id=row.region_id, connection=row, external_id=str(key), title="Lain", price=1, stock=1
        )
    text = page(owner, "connection_match", enterprise=enterprise.number, connection=row.pk)
    assert text.count(product.name) == 1


def test_differences_are_shown_and_sent_again(owner, enterprise):
    row = make_connection(enterprise, "shopee")
    variant = make_product(enterprise).variants.get()
    listing = Listing.objects.create(
        region_id=row.region_id, connection=row, variant=variant, state="live", external_id="1",
        live_since=row.made_at, pushed_version=1,
    )  # fmt: skip
    Drift.objects.create(
        region_id=row.region_id, connection=row, listing=listing, kind="stock", ours=3, theirs=9
    )
    text = page(owner, "connection", enterprise=enterprise.number, connection=row.pk)
    assert "Another stock" in text
    owner.post(
        reverse("connection_step", kwargs={"enterprise": enterprise.number, "connection": row.pk}),
        {"verb": "send"},
    )
    listing.refresh_from_db()
    assert listing.pushed_version == 0


def pushed(client: Client, body: bytes, secret: str = "") -> int:
    signed = hmac.new(
        (secret or secret_of("lazada")).encode(), KEYS["lazada"].encode() + body, hashlib.sha256
    ).hexdigest()
    return client.post(
        reverse("channel_push", kwargs={"channel": "lazada"}),
        body,
        content_type="application/json",
        headers={"Authorization": signed.upper()},
    ).status_code


def test_a_push_is_believed_by_its_signature_and_kept_once(enterprise):
    row = make_connection(enterprise, "lazada", shop_id="555")
    client = Client(enforce_csrf_checks=True)
    body = json.dumps({"seller_id": "555", "data": {"trade_order_id": "1"}}).encode()
    assert pushed(client, body, secret="salah") == 401
    assert pushed(client, body) == 200
    assert pushed(client, body) == 200
    assert ChannelEvent.objects.filter(connection=row).count() == 1
    for strange in (b"", b"[]", b"\xff\xfe", b'{"data": 3}', b'{"seller_id": {"a": 1}}'):
        assert pushed(client, strange) == 200
    assert ChannelEvent.objects.count() == 1
    assert client.get(reverse("channel_push", kwargs={"channel": "lazada"})).status_code == 405
    assert (
        client.post("/lokapasar/tidak-ada/kabar/", b"{}", content_type="application/json").status_code == 404
    )
    assert push_url("lazada").endswith("/lokapasar/lazada/kabar/")


def template(*rows: list[str], merged: tuple[str, ...] = ()) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_template_of_shopee_is_filled_by_its_headings(owner, enterprise):
    product = make_product(enterprise, name="=Keripik", price=12_000, on_hand=4)
    sku = product.variants.get().sku
    data = template(
        ["ps_category|1|0", "ps_price|1|0", "ps_product_name|1|0", "ps_stock|1|0", "ps_sku_short|0|0", "x"],
        ["Kategori", "*Harga", "Nama Produk", "Stok", "Kode Variasi", "Pengiriman"],
        ["Wajib", "Wajib", "Wajib", "Wajib", "Opsional", "Wajib"],
    )
    url = reverse("channel_sheet", kwargs={"enterprise": enterprise.number, "sheet": "shopee-massal"})
    answer = owner.post(url, {"template": io.BytesIO(data)})
    answer = owner.post(url, {"template": _upload(data)})
    assert answer.status_code == 200
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert [cell.value for cell in sheet[4]] == [None, 12_000, "'=Keripik", 4, sku, None]
    assert sheet["A2"].value == "Kategori"
    for wrong in (b"no workbook", template(["a", "b"]), b"PK\x03\x04 broken"):
        assert owner.post(url, {"template": _upload(wrong)}).status_code == 422


def test_a_template_keeps_what_stands_in_it_wherever_it_stands(owner, enterprise):
    make_product(enterprise, name="Keripik", price=12_000, on_hand=4)
    data = template(
        ["Nama Produk", "Harga", "Stok"], ["Wajib", "Wajib", "Wajib"], [], [], ["Sambal", "9000", "3"],
        merged=("A2:A3", "B2:B3", "C2:C3"),
    )  # fmt: skip
    url = reverse("channel_sheet", kwargs={"enterprise": enterprise.number, "sheet": "shopee-massal"})
    answer = owner.post(url, {"template": _upload(data)})
    assert answer.status_code == 200
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(min_row=4, values_only=True))
    assert rows == [(None, None, None), ("Sambal", "9000", "3"), ("Keripik", 12_000, 4)]
    # explained in cells that are merged downwards, with nothing below them
    data = template(["Nama Produk", "Harga", "Stok"], ["Wajib"] * 3, merged=("A2:A5", "B2:B5", "C2:C5"))
    filled = load_workbook(io.BytesIO(owner.post(url, {"template": _upload(data)}).content)).active
    assert filled["A6"].value == "Keripik"


def test_a_template_that_is_damaged_or_locked_is_said_to_be_so(owner, enterprise):
    url = reverse("channel_sheet", kwargs={"enterprise": enterprise.number, "sheet": "shopee-massal"})
    whole = template(["Nama Produk", "Harga", "Stok"])
    cut, locked = io.BytesIO(), bytearray(whole)
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(cut, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name)[: 60 if name.endswith("sheet1.xml") else None])
    for signature, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = locked.find(signature)
        while place >= 0:
            locked[place + flag] |= 1
            place = locked.find(signature, place + 1)
    for data in (cut.getvalue(), bytes(locked)):
        answer = owner.post(url, {"template": _upload(data)})
        assert answer.status_code == 422
        assert "cannot be read" in answer.content.decode()


def _upload(data: bytes):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("templat.xlsx", data)


@pytest.mark.parametrize("sheet", ["padi-umkm", "e-katalog"])
def test_the_sheets_of_procurement_have_a_checklist_and_a_line_for_each_variant(owner, enterprise, sheet):
    product = make_product(enterprise, name="Tas anyam")
    add_variant(product, name="Besar")
    text = page(owner, "channel_sheet", enterprise=enterprise.number, sheet=sheet)
    assert "NIB of the business" in text and "2 lines" in text
    answer = owner.get(
        reverse("channel_sheet_file", kwargs={"enterprise": enterprise.number, "sheet": sheet})
    )
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert len(rows) == 3 and rows[2][0] == "Tas anyam Besar"


def test_feeds_hold_what_the_owner_agreed_to_show(enterprise):
    shop = enterprise.shops.get()
    make_product(enterprise, name="Tas <rotan> & topi", on_hand=3)
    make_product(enterprise, name="Rahasia", published=False)
    everybody = Client()
    for name in ("feed_google", "feed_meta"):
        text = b"".join(everybody.get(reverse(name, kwargs={"shop": shop.slug})).streaming_content).decode()
        assert "rotan" in text and "15000 IDR" in text and "Rahasia" not in text
        assert name == "feed_meta" or "&lt;rotan&gt; &amp; topi" in text
    shop.is_open = False
    shop.save()
    for name in ("feed_google", "feed_meta"):
        assert everybody.get(reverse(name, kwargs={"shop": shop.slug})).status_code == 404


@pytest.mark.parametrize("typed", ["²", "9" * 5000, "-1"])
def test_what_is_no_number_chooses_nothing(owner, enterprise, typed):
    row = make_connection(enterprise)
    place = {"enterprise": enterprise.number, "connection": row.pk}
    posts = [
        (reverse("connection_publish", kwargs=place), {"product": typed}, 302),
        (reverse("connection_match", kwargs=place), {"item": typed, "sku": typed}, 404),
        (reverse("connection_match", kwargs=place), {"line": typed, "sku": typed}, 404),
    ]
    for url, told, status in posts:
        assert owner.post(url, told).status_code == status


@pytest.mark.parametrize("told", ["\\u0000", "\\ud800", '", "x": NaN, "y": "'])
def test_a_push_wakes_us_whatever_else_is_in_it(enterprise, told):
    row = make_connection(enterprise, "lazada", shop_id="555")
    body = f'{{"seller_id": "555", "data": {{"trade_order_id": "1"}}, "note": "{told}"}}'.encode()
    assert pushed(Client(), body) == 200
    assert pushed(Client(), body) == 200
    assert ChannelEvent.objects.filter(connection=row).count() == 1


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"a":' * 20_000, b'{"seller_id": "\\u0000"}', b'{"seller_id": "\\ud800"}']
)
def test_a_push_about_nothing_is_answered_all_the_same(enterprise, body):
    make_connection(enterprise, "lazada", shop_id="555")
    assert pushed(Client(), body) == 200
    assert not ChannelEvent.objects.exists()


@pytest.fixture
def officer() -> Client:
    client = Client()
    client.force_login(make_person("Petugas", role=Role.AGENCY_OFFICER))
    return client


def sheet_for_many(key: str) -> str:
    return reverse("channel_sheet_many", kwargs={"sheet": key})


@pytest.mark.parametrize("sheet", ["padi-umkm", "e-katalog"])
def test_one_sheet_holds_what_many_sellers_sell(officer, sheet, django_assert_max_num_queries):
    sellers = [make_shop(make_enterprise(name=name)).enterprise for name in ("Anyaman", "Batik", "Cobek")]
    for seller in sellers:
        make_product(seller, name=f"Tas {seller.name}")
    add_variant(sellers[0].products.get(), name="Besar")
    with django_assert_max_num_queries(20):
        answer = officer.post(
            sheet_for_many(sheet), {"seller": [sellers[0].pk, sellers[2].pk, "²", "9" * 40]}
        )
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert [(row[0], row[1], row[2]) for row in rows[1:]] == [
        ("Anyaman", sellers[0].number, "Tas Anyaman"),
        ("Anyaman", sellers[0].number, "Tas Anyaman Besar"),
        ("Cobek", sellers[2].number, "Tas Cobek"),
    ]
    every = officer.post(sheet_for_many(sheet) + "?q=bat", {"all": "1"})
    rows = list(load_workbook(io.BytesIO(every.content)).active.iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == ["Batik"]


def test_a_template_is_filled_for_each_of_many_sellers(officer, monkeypatch):
    sellers = [make_shop(make_enterprise(name=name)).enterprise for name in ("Anyaman", "Batik")]
    for seller in sellers:
        make_product(seller, name=f"Tas {seller.name}")
    data = template(["Nama Produk", "Harga", "Stok"])
    keys = [seller.pk for seller in sellers]
    answer = officer.post(sheet_for_many("shopee-massal"), {"seller": keys, "template": _upload(data)})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = [f"{seller.number}-{seller.name.lower()}.xlsx" for seller in sellers]
        assert archive.namelist() == names
        sheet = load_workbook(io.BytesIO(archive.read(names[1]))).active
    assert [cell.value for cell in sheet[2]] == ["Tas Batik", 15_000, 10]
    monkeypatch.setattr(sheets_of_many, "MOST_TEMPLATES", 1)
    wrong = officer.post(sheet_for_many("shopee-massal"), {"seller": keys, "template": _upload(data)})
    assert wrong.status_code == 422
    assert "At most 1 businesses" in wrong.content.decode()


def test_a_sheet_of_many_is_for_officers_and_their_own_region(officer, owner, enterprise):
    make_product(enterprise)
    url = sheet_for_many("padi-umkm")
    assert owner.get(url).status_code == 404
    assert officer.get(sheet_for_many("tidak-ada")).status_code == 404
    assert enterprise.name in officer.get(url).content.decode()
    elsewhere = Client()
    elsewhere.force_login(make_person("Petugas Batu", role=Role.AGENCY_OFFICER, region="35.79"))
    assert enterprise.name not in elsewhere.get(url).content.decode()
    for client in (officer, elsewhere):
        told = {} if client is officer else {"seller": enterprise.pk}
        answer = client.post(url, told)
        assert answer.status_code == 422
        assert "Choose at least one business" in answer.content.decode()


def test_a_sheet_takes_only_so_many_lines(officer, enterprise, monkeypatch):
    add_variant(make_product(enterprise), name="Besar")
    monkeypatch.setattr(sheets, "MOST_OF_MANY", 1)
    answer = officer.post(sheet_for_many("padi-umkm"), {"all": "1"})
    assert answer.status_code == 422
    assert "more than 1 lines" in answer.content.decode()


def test_a_strange_answer_to_a_seller_who_agreed_connects_nothing(owner, enterprise, monkeypatch):
    def strange(*_args: object, **_parts: object) -> object:
        raise KeyError("access_token")

    monkeypatch.setattr(PLATFORMS["lazada"], "grant", strange)
    asked = owner.get(
        reverse("channel_connect", kwargs={"enterprise": enterprise.number, "channel": "lazada"}),
        {"lanjut": "1"},
    )
    state = dict(parse_qsl(urlsplit(asked["Location"]).query))["state"]
    back = reverse("channel_back", kwargs={"channel": "lazada"})
    text = owner.get(back, {"code": "x", "state": state}, follow=True).content.decode()
    assert "The marketplace did not accept it" in text
    assert not Connection.objects.exists()
