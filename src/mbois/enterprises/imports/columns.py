"""The columns a file may have, and guessing which is which from their headings."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override


@dataclass(frozen=True)
class Column:
    """One field a file may tell. `headings` are what people call it; `example` fills the template."""

    key: str
    label: object
    headings: tuple[str, ...]
    example: str = ""


COLUMNS = [
    Column(
        "number", _("Registry number"), ("nomor registri", "nomor usaha", "no registri", "id usaha", "number")
    ),
    Column(
        "name",
        _("Name of the business"),
        (
            "nama usaha",
            "nama umkm",
            "usaha",
            "nama toko",
            "business name",
            "name",
            "merek usaha",
            "nama brand",
        ),
        "Keripik Tempe Bu Sri",
    ),
    Column(
        "owner_name",
        _("Name of the owner"),
        (
            "nama pemilik",
            "pemilik",
            "nama pelaku usaha",
            "pelaku usaha",
            "nama lengkap",
            "owner",
            "owner name",
            "nama",
        ),
        "Sri Wahyuni",
    ),
    Column(
        "nik",
        "NIK",
        ("nik", "no ktp", "nomor ktp", "no nik", "ktp", "nomor induk kependudukan"),
        "3573055205850001",
    ),
    Column("npwp", "NPWP", ("npwp", "no npwp", "nomor npwp", "tax number"), ""),
    Column("nib", "NIB", ("nib", "no nib", "nomor nib", "nomor induk berusaha"), "0220001234567"),
    Column(
        "phone",
        _("Phone"),
        (
            "telepon",
            "no telepon",
            "telp",
            "no telp",
            "hp",
            "no hp",
            "nomor hp",
            "wa",
            "whatsapp",
            "no wa",
            "phone",
            "kontak",
        ),
        "081234567890",
    ),
    Column(
        "village",
        _("Village"),
        (
            "kelurahan",
            "desa",
            "kelurahan desa",
            "desa kelurahan",
            "kel",
            "village",
            "kode wilayah",
            "kode kelurahan",
        ),
        "Purwantoro",
    ),
    Column("district", _("District"), ("kecamatan", "kec", "district"), "Blimbing"),
    Column("address", _("Address"), ("alamat", "alamat usaha", "address", "jalan"), "Jl. Sanan 12"),
    Column("rt", "RT", ("rt",), "003"),
    Column("rw", "RW", ("rw",), "015"),
    Column("kbli", "KBLI", ("kbli", "kode kbli", "kbli 2020"), "10391"),
    Column(
        "subsector", _("Subsector"), ("subsektor", "sub sektor", "subsektor ekraf", "subsector"), "Kuliner"
    ),
    Column(
        "description",
        _("What it makes or sells"),
        (
            "produk",
            "jenis usaha",
            "deskripsi",
            "keterangan usaha",
            "produk yang dijual",
            "description",
            "bidang usaha",
        ),
        "Keripik tempe",
    ),
    Column(
        "started_on",
        _("Started on"),
        (
            "mulai usaha",
            "tanggal mulai",
            "tahun berdiri",
            "tanggal berdiri",
            "berdiri",
            "started",
            "started on",
        ),
        "2015-03-01",
    ),
    Column(
        "workers",
        _("Workers"),
        ("tenaga kerja", "jumlah tenaga kerja", "karyawan", "jumlah karyawan", "workers"),
        "2",
    ),
    Column("capital", _("Capital"), ("modal", "modal usaha", "aset", "capital", "modal rp"), "5000000"),
    Column(
        "annual_sales",
        _("Annual sales"),
        (
            "omzet",
            "omset",
            "omzet tahunan",
            "omset tahunan",
            "omzet per tahun",
            "penjualan setahun",
            "annual sales",
            "omzet rp",
        ),
        "60000000",
    ),
    Column("latitude", _("Latitude"), ("latitude", "lat", "lintang"), "-7.95120"),
    Column("longitude", _("Longitude"), ("longitude", "long", "lng", "lon", "bujur"), "112.64100"),
]
BY_KEY = {column.key: column for column in COLUMNS}


MEASURED = frozenset({"capital", "annual_sales"})
# Words after their heading that say it is measured otherwise: "Omzet per bulan (juta)" is no annual sales in
# rupiah, and a column taken for it would be wrong by far without anybody noticing.
OTHER_MEASURES = frozenset(
    [
        "bulan",
        "bulanan",
        "perbulan",
        "sebulan",
        "minggu",
        "mingguan",
        "perminggu",
        "seminggu",
        "hari",
        "harian",
        "perhari",
        "sehari",
        "month",
        "monthly",
        "week",
        "weekly",
        "day",
        "daily",
        "ribu",
        "ribuan",
        "rb",
        "juta",
        "jutaan",
        "jt",
        "miliar",
        "milyar",
        "thousand",
        "million",
    ]
)


def _plain(heading: str) -> str:
    text = unicodedata.normalize("NFKD", heading.casefold())
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text).split())


@cache
def _known() -> dict[str, str]:
    """Every heading we know, our own labels in both languages included: {"nama usaha": "name"}."""
    known = {_plain(heading): column.key for column in COLUMNS for heading in (*column.headings, column.key)}
    for language in ("id", "en"):
        with override(language):
            for column in COLUMNS:
                known.setdefault(_plain(str(column.label)), column.key)
    return known


def guess(headings: list[str]) -> dict[str, int]:
    """Which column is which field, as far as the headings say: {"name": 0, "village": 3}.

    A heading that is exactly a known one wins over one that only begins with it ("Alamat (Jalan)"). One that
    goes on with another measure is left for a person to say.
    """
    found: dict[str, int] = {}
    plain = [_plain(heading) for heading in headings]
    for place, heading in enumerate(plain):
        key = _known().get(heading)
        if key and key not in found:
            found[key] = place
    for place, heading in enumerate(plain):
        if place in found.values() or not heading:
            continue
        words = heading.split()
        for length in range(len(words) - 1, 0, -1):
            key = _known().get(" ".join(words[:length]))
            if key and key not in found:
                if key not in MEASURED or OTHER_MEASURES.isdisjoint(words[length:]):
                    found[key] = place
                break
    return found
