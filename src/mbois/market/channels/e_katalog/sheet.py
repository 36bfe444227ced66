"""e-Katalog of LKPP, by which government buys: products are entered by hand or from a sheet by the
business, with what the law asks of local products."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mbois.enterprises.models import Enterprise
from mbois.market.channels.sheets import Line, Need, common_needs, identity_needs

NAME = "e-Katalog (LKPP)"
ABOUT = gettext_lazy(
    "Government offices buy here. The business signs in with its own account; this sheet holds what it enters for each product."
)

COLUMNS = (
    ("Nama Produk", lambda line: line.full_name),
    ("Merek", lambda line: line.brand),
    ("No. Produk Penyedia (SKU)", lambda line: line.variant.sku),
    ("KBLI", lambda line: str(line.enterprise.kbli) if line.enterprise.kbli_id else ""),
    ("Kategori", lambda line: line.category),
    ("Unit Pengukuran", lambda line: "pcs"),
    ("Jenis Produk", lambda line: "PDN (produk dalam negeri)"),
    ("Produk UMK", lambda line: "Ya"),
    ("Nilai TKDN (%)", lambda line: ""),
    ("Harga Satuan (Rp, termasuk PPN)", lambda line: line.variant.price),
    ("Stok", lambda line: line.variant.available),
    ("Berat (kg)", lambda line: (line.variant.weight_grams or 0) / 1000 or ""),
    ("Spesifikasi", lambda line: "; ".join(f"{k}: {v}" for k, v in line.variant.product.attributes.items())),
    ("Deskripsi", lambda line: line.description),
    ("No. P-IRT/BPOM", lambda line: line.licence("pirt", "bpom")),
    ("No. Sertifikat Halal", lambda line: line.licence("halal")),
    ("No. SNI", lambda line: line.licence("sni")),
    ("URL Gambar 1", lambda line: line.picture(0)),
    ("URL Gambar 2", lambda line: line.picture(1)),
)


def needs(enterprise: Enterprise) -> list[Need]:
    return [
        *identity_needs(enterprise),
        *common_needs(enterprise),
        Need(
            _("An account of the business at the national procurement portal (INAPROC)"),
            False,
            _("The business makes it itself, with its NIB and NPWP"),
        ),
        Need(
            _("TKDN, where the buyer asks for it"),
            False,
            _("Small industries may state it themselves; the column is left empty"),
        ),
    ]


__all__ = ["ABOUT", "COLUMNS", "NAME", "Line", "needs"]
