"""Reading a marketplace's sales report: whose columns are which, and what its lines say."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.enterprises.imports.reading import read
from mbois.refused import Refused
from mbois.web import show

MOST_ROWS = 20_000

# Which marketplaces a report may be of; the word they are kept under with each order.
SOURCES: dict[str, str] = {
    "shopee": "Shopee",
    "tokopedia_shop": "Tokopedia & Shop",
    "lazada": "Lazada",
    "padi_umkm": "PaDi UMKM",
    "e_katalog": "e-Katalog",
    "other": "",
}


@dataclass(frozen=True)
class Field:
    """What a line may tell. `headings` are what the marketplaces call it."""

    key: str
    label: object
    headings: tuple[str, ...]
    required: bool = False


FIELDS = [
    Field(
        "number",
        _("Number of the order"),
        (
            "no pesanan",
            "nomor pesanan",
            "order id",
            "order number",
            "ordernumber",
            "orderid",
            "order sn",
            "no order",
            "id pesanan",
            "nomor invoice",
        ),
        required=True,
    ),
    Field(
        "date",
        _("When it was ordered"),
        (
            "waktu pesanan dibuat",
            "created time",
            "create time",
            "createtime",
            "order creation date",
            "tanggal pesanan",
            "tanggal",
            "order date",
            "created at",
            "tanggal pembayaran",
        ),
        required=True,
    ),
    Field(
        "sku",
        "SKU",
        (
            "nomor referensi sku",
            "seller sku",
            "sellersku",
            "sku reference no",
            "sku induk",
            "sku",
            "nomor sku",
        ),
    ),
    Field(
        "title",
        _("Product"),
        ("nama produk", "product name", "item name", "itemname", "produk"),
        required=True,
    ),
    Field("variant", _("Variant"), ("nama variasi", "variation name", "variation", "varian")),
    Field("quantity", _("How many"), ("jumlah", "quantity", "qty", "kuantitas", "jumlah produk")),
    Field(
        "price",
        _("Price of one"),
        (
            "harga setelah diskon",
            "deal price",
            "unit price",
            "unitprice",
            "sku unit original price",
            "harga satuan",
            "harga awal",
            "original price",
            "harga",
            "paid price",
            "paidprice",
        ),
    ),
    Field(
        "total",
        _("Sum of the line"),
        ("total harga produk", "sku subtotal after discount", "subtotal", "total penjualan", "total"),
    ),
    Field("state", _("State of the order"), ("status pesanan", "order status", "status", "order substatus")),
]
BY_KEY = {field.key: field for field in FIELDS}

# What was asked for at first; what was paid after discounts says more, where a report tells it.
_ORIGINAL = ("sku unit original price", "harga awal", "original price")
_OVER = ("batal", "cancel", "kembali", "pengembalian", "return", "refund", "gagal", "failed", "tidak jadi")
_DONE = ("selesai", "completed", "delivered", "terkirim", "diterima", "received", "confirmed", "sukses")
_NOT_YET = re.compile(r"\b(?:belum|tidak|not|un(?:delivered|received|confirmed|completed))\b")


def _plain(heading: object) -> str:
    text = unicodedata.normalize("NFKD", str(heading).casefold())
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text).split())


def guess(headings: Sequence[str]) -> dict[str, int]:
    """Which column is which field, as far as headings say; exact ones before those that begin so."""
    plain = [_plain(heading) for heading in headings]
    found: dict[str, int] = {}
    for exact in (True, False):
        for field in FIELDS:
            if field.key in found:
                continue
            for text in field.headings:
                place = next(
                    (
                        place
                        for place, heading in enumerate(plain)
                        if place not in found.values()
                        and (heading == text or (not exact and heading.startswith(f"{text} ")))
                    ),
                    None,
                )
                if place is not None:
                    found[field.key] = place
                    break
    if "total" in found and plain[found.get("price", 0)] in _ORIGINAL:
        found.pop("price", None)
    return found


@dataclass(frozen=True)
class Report:
    columns: list[str]
    rows: list[list[Any]]


def read_report(data: bytes) -> Report:
    """The headings and lines of a report. Refuses what cannot be read, and what is too long: an order cut
    in two would be taken in with half of its lines."""
    sheet = read(data, guess=guess, most_columns=150, keep_hours=True)
    if len(sheet.rows) > MOST_ROWS:
        raise Refused(
            gettext("The report has more than %(most)s lines. Bring it in parts, for example month by month.")
            % {"most": show.angka(MOST_ROWS)},
            field="file",
            code="file_too_long",
        )
    return Report(sheet.columns, [cells for _number, cells in sheet.rows])


# One number, with the currency before it and what it is for behind: "Rp 25.000", "5.000,-", "12.000 / pcs".
_AMOUNT = re.compile(r"([^0-9]*)([0-9][0-9.,\s]*)-*([^0-9]*)")
# A spreadsheet keeps 15 digits of a number; the others are gone.
ROUNDED_FROM = 10**15
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]+")


def amount(cell: object) -> int | None:
    """Whole rupiah of a cell: 25000, "Rp 25.000", "25.000,00", "25000.00", "IDR 25,000", "Rp 5.000,-". None
    where it holds none, a negative one, or more than one."""
    if isinstance(cell, (int, float)):
        return round(cell) if 0 <= cell < 10**13 else None
    found = _AMOUNT.fullmatch(str(cell).strip())
    if found is None or re.search(r"[-−(]", found[1]):
        return None
    text = "".join(found[2].split())
    for mark, other in ((",", "."), (".", ",")):
        # a mark with one or two digits behind it, at the end, divides the sen
        if re.fullmatch(rf"[0-9{re.escape(other)}]*[{re.escape(mark)}][0-9]{{1,2}}", text):
            text = text.rsplit(mark, 1)[0]
            break
    digits = re.sub(r"[.,]", "", text)
    return int(digits) if digits and len(digits) < 14 else None


_FORMS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%Y/%m/%d %H:%M:%S",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y",
    "%d-%m-%Y %H:%M:%S",
    "%d-%m-%Y %H:%M",
    "%d-%m-%Y",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    "%d %b %Y %H:%M:%S",
    "%d %b %Y %H:%M",
    "%d %b %Y",
    "%d %B %Y %H:%M:%S",
    "%d %B %Y %H:%M",
    "%d %B %Y",
)
# Months as Indonesian reports name them, where English ones differ.
_MONTHS = {
    "januari": "january", "februari": "february", "maret": "march", "mei": "may", "juni": "june",
    "juli": "july", "agustus": "august", "agu": "aug", "ags": "aug", "oktober": "october", "okt": "oct",
    "nop": "nov", "desember": "december", "des": "dec",
}  # fmt: skip


_TWELVE_HOURS = re.compile(
    r"(?<= )([0-9]{1,2})[:.]([0-9]{2}(?:[:.][0-9]{2})?) ?([AP])\.?M\.?$", re.IGNORECASE
)


def _of_24_hours(found: re.Match[str]) -> str:
    """A time with AM or PM as one without; as it is where it is none."""
    hour, after = int(found[1]), found[3] in "Pp"
    if hour == 12:
        hour = 12 if after else 0
    elif after and 0 < hour < 12:
        hour += 12
    elif after == (hour < 12):  # 14:30 PM can only mean one thing, 14:30 AM and 0:30 PM none
        return found[0]
    return f"{hour}:{found[2].replace('.', ':')}"


def moment(cell: object) -> datetime | None:
    """When, by a cell; times are those of Malang where it names no other zone."""
    text = " ".join(_MONTHS.get(word.lower(), word) for word in str(cell).removesuffix("WIB").split())
    text = _TWELVE_HOURS.sub(_of_24_hours, text)
    text = re.sub(r"(?<= )([0-9]{1,2})\.([0-9]{2})$", r"\1:\2", text)
    found = _read_moment(text)
    if found is None or not 2000 <= found.year <= 2100:
        return None
    return found if found.tzinfo else found.replace(tzinfo=clock.JAKARTA)


def _read_moment(text: str) -> datetime | None:
    for form in _FORMS:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    try:
        return datetime.fromisoformat(text) if "-" in text else None
    except ValueError:
        return None


@dataclass(frozen=True)
class ReportLine:
    """One line understood; `wrong` is what is not (a field), `over` whether it was called off."""

    number: str
    at: datetime | None
    sku: str
    title: str
    quantity: int
    price: int
    done: bool
    over: bool
    wrong: str = ""


def understand(row: Sequence[Any], mapping: Mapping[str, int]) -> ReportLine:
    def cell(key: str) -> Any:
        place = mapping.get(key)
        return row[place] if place is not None and place < len(row) else ""

    number = cell("number")
    rounded = isinstance(number, (int, float)) and number >= ROUNDED_FROM
    number = str(int(number)) if isinstance(number, float) and number.is_integer() else str(number).strip()
    at = moment(cell("date"))
    quantity = amount(cell("quantity")) if "quantity" in mapping else 1
    price = amount(cell("price")) if "price" in mapping else None
    total = amount(cell("total")) if "total" in mapping else None
    if price is None and total is not None and quantity:
        price = total // quantity
    state = str(cell("state")).casefold()
    over = any(word in state for word in _OVER)
    done = not state or (any(word in state for word in _DONE) and not _NOT_YET.search(state))
    title = " ".join(part for part in (str(cell("title")).strip(), str(cell("variant")).strip()) if part)
    wrong = (
        "number"
        if not number or len(number) > 64 or rounded or _SCIENTIFIC.fullmatch(number)
        else "date"
        if at is None or at > clock.now() + timedelta(days=1)
        else "quantity"
        if not quantity or quantity > 100_000
        else "price"
        if price is None or price > 10**11
        else "title"
        if not title
        else ""
    )
    return ReportLine(
        number, at, str(cell("sku")).strip()[:60], title[:200], quantity or 0, price or 0, done, over, wrong
    )
