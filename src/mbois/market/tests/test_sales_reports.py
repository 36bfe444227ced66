"""Sales reports that sellers bring: looked at, their columns chosen, taken in once."""

import io
import json
import re
from dataclasses import replace
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from openpyxl import Workbook

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.market.actions.fetching import take_sale
from mbois.market.actions.sales import bring_report, discard_report, take_report
from mbois.market.channels.base import Sale, SaleState, SoldLine
from mbois.market.models import Order, SalesFile
from mbois.market.salesfiles import amount, guess, moment, read_report, understand
from mbois.market.tests.factories import make_connection, make_product, make_shop
from mbois.people.models import Notification
from mbois.people.notifications import text_of
from mbois.refused import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def enterprise() -> Enterprise:
    return make_shop().enterprise


@pytest.fixture
def owner(enterprise) -> Client:
    client = Client()
    client.force_login(enterprise.owner.person)
    return client


def _upload(content: bytes, name: str = "laporan.csv") -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


REPORT = """No. Pesanan;Status Pesanan;Waktu Pesanan Dibuat;Nama Produk;Nomor Referensi SKU;Nama Variasi;Harga Setelah Diskon;Jumlah;Username (Pembeli)
S1;Selesai;2026-05-01 10:20;Keripik tempe;KT-1;Pedas;Rp 12.000;2;ani
S1;Selesai;2026-05-01 10:20;Keripik tahu;ASING;;9.500,00;1;ani
S2;Batal;2026-05-02 10:20;Keripik tempe;KT-1;;12000;1;budi
S3;Perlu Dikirim;2026-05-03 08:00;Keripik tempe;KT-1;;12000;1;cici
S4;Selesai;kapan;Keripik tempe;KT-1;;12000;1;dodi
S5;Selesai;2026-05-04 12:00;Keripik tempe;KT-1;;12000;3;eka
"""


def test_a_sales_report_is_looked_at_and_then_taken_in_once(owner, enterprise):
    product = make_product(enterprise, variant={"sku": "KT-1"}, on_hand=5)
    url = reverse("sales_files", kwargs={"enterprise": enterprise.number})
    answer = owner.post(url, {"channel": "shopee", "file": _upload(REPORT.encode())})
    assert answer.status_code == 302
    file = SalesFile.objects.get()
    assert "ani" not in json.dumps(file.rows)
    text = owner.get(answer["Location"]).content.decode()
    assert "69,500" in text or "69.500" in text
    assert re.search(r"1 \w+ 2026 – 4 \w+ 2026", text)
    assert not Order.objects.exists()
    for _again in range(2):
        assert owner.post(answer["Location"], {"verb": "take"}).status_code == 302
    orders = {order.external: order for order in Order.objects.all()}
    assert set(orders) == {"S1", "S5"}
    assert (orders["S1"].state, orders["S1"].channel, orders["S1"].goods) == ("received", "shopee", 33_500)
    assert orders["S1"].buyer_name == "Shopee"
    assert product.variants.get().available == 5
    again = owner.post(url, {"channel": "shopee", "file": _upload(REPORT.encode())})
    text = owner.get(again["Location"]).content.decode()
    assert "known already" in text
    owner.post(again["Location"], {"verb": "take"})
    assert Order.objects.count() == 2


def test_the_mapping_of_columns_is_kept(owner, enterprise):
    data = b"Nota,Tgl,Barang,Uang\nA1,01/05/2026,Tempe,5000\n"
    url = reverse("sales_files", kwargs={"enterprise": enterprise.number})
    first = owner.post(url, {"channel": "other", "file": _upload(data)})["Location"]
    assert "Which column is what?" in owner.get(first).content.decode()
    owner.post(first, {"verb": "take"})
    owner.post(
        first,
        {
            "verb": "columns",
            "column-number": "0",
            "column-date": "1",
            "column-title": "2",
            "column-price": "3",
        },
    )
    second = owner.post(url, {"channel": "other", "file": _upload(data + b"A2,02/05/2026,Tempe,6000\n")})[
        "Location"
    ]
    owner.post(second, {"verb": "take"})
    assert sorted(Order.objects.values_list("external", "goods")) == [("A1", 5000), ("A2", 6000)]


@pytest.mark.parametrize(
    ("cell", "rupiah"),
    [
        (25000, 25_000), (25000.0, 25_000), ("Rp 25.000", 25_000), ("25.000,00", 25_000), ("25,000.00", 25_000),
        ("IDR 25,000", 25_000), ("25000.00", 25_000), ("1.250.000", 1_250_000), ("", None), ("-5", None),
        ("dua", None), ("2", 2), (-1, None), ("Rp 5.000,-", 5_000), ("Rp5.000.-", 5_000), ("25 000", 25_000),
        ("12.000 / pcs", 12_000), ("Rp 12.000 - Rp 15.000", None), ("1e5", None), ("(5.000)", None),
        ("Rp -5.000", None), ("−5", None), (float("nan"), None), (".", None), ("١٢", None), ("9" * 14, None),
    ],
)  # fmt: skip
def test_amounts_are_read_however_they_are_written(cell, rupiah):
    assert amount(cell) == rupiah


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-11-01T10:20:00", "2026-11-01"), ("1 Mei 2026", "2026-05-01"), ("17 Agustus 2026 09:00", "2026-08-17"),
        ("01 May 2026 10:20", "2026-05-01"), ("5 Okt 2026", "2026-10-05"), ("1 November 2026", "2026-11-01"),
        ("10 Nov 2026 14:30:11", "2026-11-10"), ("10.11.2026 14.30", "2026-11-10"), ("10 Nov 2026 14.30 WIB", "2026-11-10"),
        ("2026-11-10 14:30:00.000", "2026-11-10"), ("2026-11-10T23:30:00+07:00", "2026-11-10"),
        ("31/02/2026", None), ("20261110", None), ("1 Mai 2026", None), ("0001-01-01", None), ("2101-01-01", None), ("", None),
    ],
)  # fmt: skip
def test_days_are_read_as_marketplaces_write_them(cell, day):
    found = moment(cell)
    assert (found and found.date().isoformat()) == day


@pytest.mark.parametrize(
    ("cell", "time"),
    [
        ("10/11/2026 02:30 PM", "14:30:00"), ("10/11/2026 2:30:15 pm", "14:30:15"), ("10-11-2026 12:05 AM", "00:05:00"),
        ("2026-11-10 12:05:09 PM", "12:05:09"), ("10 Nov 2026 9:00 a.m.", "09:00:00"), ("2026/11/10 11:59:59PM", "23:59:59"),
        ("10 November 2026 02.30 PM", "14:30:00"), ("2026-11-10 02:30\u202fPM WIB", "14:30:00"),
        ("10/11/2026 14:30 PM", "14:30:00"), ("10/11/2026 0:30 AM", "00:30:00"), ("2026-11-10", "00:00:00"),
        ("10/11/2026 14:30 AM", None), ("10/11/2026 0:30 PM", None), ("10/11/2026 25:30 PM", None),
    ],
)  # fmt: skip
def test_the_hour_is_read_with_am_and_pm(cell, time):
    found = moment(cell)
    assert (found and found.time().isoformat()) == time
    assert found is None or found.date().isoformat() == "2026-11-10"


def test_a_date_of_a_workbook_keeps_its_hour(owner, enterprise):
    book = Workbook()
    book.active.append(["No. Pesanan", "Waktu Pesanan Dibuat", "Nama Produk", "Harga Setelah Diskon"])
    at = (datetime(2026, 5, 1, 23, 20), datetime(2026, 5, 2, 10, 19, 59, 999_900), datetime(2026, 5, 3))
    for number, one in enumerate(at, 1):
        book.active.append([f"X{number}", one, "Keripik tempe", 12000])
    data = io.BytesIO()
    book.save(data)
    assert [line[1] for line in read_report(data.getvalue()).rows] == [
        "2026-05-01 23:20:00",
        "2026-05-02 10:20:00",
        "2026-05-03",
    ]
    url = reverse("sales_files", kwargs={"enterprise": enterprise.number})
    file = owner.post(url, {"channel": "shopee", "file": _upload(data.getvalue(), "laporan.xlsx")})[
        "Location"
    ]
    owner.post(file, {"verb": "take"})
    assert [
        one.astimezone(clock.JAKARTA).strftime("%d %H:%M")
        for one in Order.objects.order_by("external").values_list("placed_at", flat=True)
    ] == ["01 23:20", "02 10:20", "03 00:00"]


def test_a_zone_that_is_named_is_believed():
    assert moment("2026-11-10T17:00:00Z") == moment("2026-11-11 00:00")


@pytest.mark.parametrize(
    ("state", "done", "over"),
    [
        ("Selesai", True, False), ("Delivered", True, False), ("", True, False), ("Belum selesai", False, False),
        ("Undelivered", False, False), ("Not confirmed", False, False), ("Pengembalian Barang/Dana", False, True),
        ("Dibatalkan", False, True), ("Dikirim", False, False),
    ],
)  # fmt: skip
def test_states_are_read_as_marketplaces_write_them(state, done, over):
    mapping = {"number": 0, "date": 1, "title": 2, "quantity": 3, "price": 4, "state": 5}
    line = understand(["1", "2026-05-01", "Tempe", 1, 5_000, state], mapping)
    assert (line.done, line.over) == (done, over)


def test_what_lies_ahead_was_not_sold():
    mapping = {"number": 0, "date": 1, "title": 2, "price": 3}
    assert understand(["1", "2099-11-10", "Tempe", 5_000], mapping).wrong == "date"


def test_what_was_paid_after_discounts_is_the_price():
    columns = ["Order ID", "Created Time", "Product Name", "Quantity", "SKU Unit Original Price"]
    discounted = guess([*columns, "SKU Subtotal After Discount"])
    assert understand(["1", "2026-05-01", "Rok", 2, 100_000, 150_000], discounted).price == 75_000
    assert understand(["1", "2026-05-01", "Rok", 2, 100_000], guess(columns)).price == 100_000


@pytest.mark.parametrize("number", [577_012_345_678_901_234.0, "5.77012E+17"])
def test_a_number_that_a_spreadsheet_rounded_is_none(number):
    row = [number, "2026-05-01", "Tempe", 1, 5_000]
    mapping = {"number": 0, "date": 1, "title": 2, "quantity": 3, "price": 4}
    assert understand(row, mapping).wrong == "number"
    assert understand(["577012345678901234", *row[1:]], mapping).wrong == ""


def test_a_price_that_is_two_is_left_out_and_said(owner, enterprise):
    text = "Nomor Pesanan,Tanggal,Nama Produk,Jumlah,Harga\nX1,2026-11-01,Batik,1,Rp 12.000 - Rp 15.000\n"
    url = reverse("sales_files", kwargs={"enterprise": enterprise.number})
    page = owner.post(url, {"channel": "other", "file": _upload(text.encode())})["Location"]
    answer = owner.get(page, headers={"accept-language": "en"})
    assert answer.status_code == 200 and "“Price of one” cannot be read" in answer.content.decode()


HEADINGS = "Nomor Pesanan,Tanggal,Nama Produk,Jumlah,Harga\n"


def test_an_order_is_taken_in_with_all_its_lines_or_not_at_all(owner, enterprise):
    lines = "X1,2026-05-01,Batik,1,5000\nX1,2026-05-01,Tas,{},7000\nX2,2026-05-01,Batik,1,5000\n"
    url = reverse("sales_files", kwargs={"enterprise": enterprise.number})
    for written in ("dua", "2"):
        data = (HEADINGS + lines.format(written)).encode()
        page = owner.post(url, {"channel": "other", "file": _upload(data)})["Location"]
        text = owner.get(page, headers={"accept-language": "en"}).content.decode()
        assert ("1 order is left out whole" in text) == (written == "dua")
        owner.post(page, {"verb": "take"})
    assert sorted(Order.objects.values_list("external", "goods")) == [("X1", 19_000), ("X2", 5_000)]


def test_a_report_that_is_too_long_is_refused_whole(owner, enterprise, monkeypatch):
    monkeypatch.setattr("mbois.market.salesfiles.MOST_ROWS", 3)
    url = reverse("sales_files", kwargs={"enterprise": enterprise.number})
    data = (HEADINGS + "".join(f"X{n},2026-05-01,Batik,1,5000\n" for n in range(4))).encode()
    answer = owner.post(url, {"channel": "other", "file": _upload(data)}, headers={"accept-language": "en"})
    assert answer.status_code == 422 and "more than 3 lines" in answer.content.decode()
    assert not SalesFile.objects.exists()


def test_no_buyer_of_lazada_is_kept(enterprise):
    data = (
        "orderNumber,createTime,itemName,unitPrice,status,shippingName,billingName,billingAddr,"
        "nationalRegistrationNumber\n1,10 Nov 2025 14:30,Rok,9000,delivered,Ani,Budi,Cici,Dodi\n"
    )
    file = bring_report(
        enterprise, channel="lazada", name="a.csv", data=data.encode(), by=enterprise.owner.person
    )
    assert file.rows == [["1", "10 Nov 2025 14:30", "Rok", "9000", "delivered", "", "", "", ""]]


def test_a_column_that_is_none_changes_nothing(owner, enterprise):
    text = "Nomor Pesanan,Tanggal,Nama Produk,Jumlah,Harga\nX1,2026-11-01,Batik,1,550000\n"
    file = io.BytesIO(text.encode())
    file.name = "laporan.csv"
    page = owner.post(
        reverse("sales_files", kwargs={"enterprise": enterprise.number}),
        {"channel": "other", "file": file},
    )
    guessed = SalesFile.objects.get().mapping
    for typed in ("²", "9" * 5000, "5"):
        answer = owner.post(page["Location"], {"verb": "columns", "column-number": typed, "column-date": "1"})
        assert answer.status_code == 422
        assert SalesFile.objects.get().mapping == guessed


def report(enterprise: Enterprise, number: str, *, channel: str) -> SalesFile:
    """A report of one order, brought by the owner of an enterprise."""
    lines = f"Nomor Pesanan,Tanggal,Nama Produk,Jumlah,Harga\n{number},2026-11-01,Batik,1,550000\n"
    return bring_report(
        enterprise, channel=channel, name="a.csv", data=lines.encode(), by=enterprise.owner.person
    )


def sold(number: str) -> Sale:
    """An order as a marketplace tells it."""
    line = SoldLine("1", "1", "", "Batik", 1, 550_000)
    return Sale(number, SaleState.PAID, clock.now(), clock.now(), "", "", [line])


@pytest.mark.parametrize("channel", ["other", "shopee"])
def test_two_sellers_may_have_the_same_number(enterprise, channel):
    other = make_shop().enterprise
    for one in (enterprise, other):
        file = report(one, "001", channel=channel)
        assert take_report(file, by=one.owner.person).new == 1
    assert Order.objects.filter(external="001").count() == 2


def test_somebody_elses_report_hides_no_sale(enterprise):
    stranger = make_shop().enterprise
    take_report(report(stranger, "S-77", channel="shopee"), by=stranger.owner.person)
    connection = make_connection(enterprise)
    sale = sold("S-77")
    assert take_sale(connection, sale)
    assert not take_sale(connection, sale)
    assert Order.objects.get(enterprise=enterprise).external == "S-77"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (SaleState.UNPAID, "has yet to pay"),
        (SaleState.PAID, "has confirmed it already"),
        (SaleState.SENT, "on its way already"),
        (SaleState.RECEIVED, "has arrived already"),
    ],
)
def test_an_order_of_a_marketplace_is_announced_as_it_stands_there(enterprise, state, said):
    sale = replace(sold("S-79"), state=state)
    product = make_product(enterprise, variant={"sku": "1"})
    sale = replace(sale, lines=[replace(sale.lines[0], sku=product.variants.get().sku)])
    take_sale(make_connection(enterprise), sale)
    note = Notification.objects.get(person=enterprise.owner.person, key="market/ordered")
    body = text_of(note, "en").body
    assert said in body and "confirm it, so" not in body


def test_what_the_seller_brought_before_is_not_fetched_again(enterprise):
    take_report(report(enterprise, "S-78", channel="shopee"), by=enterprise.owner.person)
    assert not take_sale(make_connection(enterprise), sold("S-78"))
    assert Order.objects.filter(external="S-78").count() == 1


def test_a_report_taken_in_meanwhile_is_not_thrown_away(enterprise):
    file = report(enterprise, "001", channel="other")
    person = enterprise.owner.person
    take_report(file, by=person)
    assert file.state == "read"  # as another tab still shows it
    discard_report(file, by=person)
    assert SalesFile.objects.get().state == "done"


def test_a_report_thrown_away_meanwhile_is_said(enterprise):
    file = report(enterprise, "001", channel="other")
    key, person = file.pk, enterprise.owner.person
    discard_report(file, by=person)
    file.pk = key
    with pytest.raises(Refused, match="thrown away"):
        take_report(file, by=person)


def test_what_was_chosen_stays_where_a_column_is_missing(owner, enterprise):
    url = reverse("sales_files", kwargs={"enterprise": enterprise.number})
    data = b"Nota,Tgl,Barang,Uang\nA1,01/05/2026,Tempe,5000\n"
    page = owner.post(url, {"channel": "other", "file": _upload(data)})["Location"]
    answer = owner.post(page, {"verb": "columns", "column-number": "0", "column-title": "2"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert '<option value="2" selected>Barang</option>' in text
    assert "When it was ordered" in text
    assert SalesFile.objects.get().mapping == {}


@pytest.mark.parametrize(
    ("channel", "english", "indonesian", "buyer"),
    [
        (
            "other",
            "Another marketplace",
            "Lokapasar lain",
            ("Buyer at a marketplace", "Pembeli di lokapasar"),
        ),
        ("tokopedia_shop", "Tokopedia &amp; Shop", "Tokopedia &amp; Shop", ("Tokopedia &amp; Shop",) * 2),
    ],
)
def test_each_reads_where_it_was_sold_in_their_language(
    owner, enterprise, channel, english, indonesian, buyer
):
    with override("id"):
        take_report(report(enterprise, "001", channel=channel), by=enterprise.owner.person)
    url = reverse("orders", kwargs={"enterprise": enterprise.number})
    for place, (language, name) in enumerate((("en", english), ("id", indonesian))):
        text = owner.get(url, headers={"accept-language": language}).content.decode()
        assert name in text and buyer[place] in text
        assert "Tokopedia_shop" not in text
