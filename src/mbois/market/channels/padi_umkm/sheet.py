"""PaDi UMKM, by which state-owned companies buy from small businesses: products are entered from a
sheet, once the business itself is accepted there."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mbois.enterprises.models import Enterprise
from mbois.market.channels.sheets import Line, Need, common_needs, identity_needs

NAME = "PaDi UMKM"
ABOUT = gettext_lazy(
    "State-owned companies buy here. The business registers itself first; its products are then entered from this sheet."
)

COLUMNS = (
    ("Nama Produk", lambda line: line.full_name),
    ("SKU", lambda line: line.variant.sku),
    ("Kategori", lambda line: line.category),
    ("Deskripsi", lambda line: line.description),
    ("Merek", lambda line: line.brand),
    ("Harga (Rp, termasuk pajak)", lambda line: line.variant.price),
    ("Stok", lambda line: line.variant.available),
    ("Minimum Pembelian", lambda line: 1),
    ("Satuan", lambda line: "pcs"),
    ("Berat (gram)", lambda line: line.variant.weight_grams or ""),
    ("Panjang (cm)", lambda line: line.variant.length_cm or ""),
    ("Lebar (cm)", lambda line: line.variant.width_cm or ""),
    ("Tinggi (cm)", lambda line: line.variant.height_cm or ""),
    ("No. P-IRT/BPOM", lambda line: line.licence("pirt", "bpom")),
    ("No. Halal", lambda line: line.licence("halal")),
    ("Foto 1", lambda line: line.picture(0)),
    ("Foto 2", lambda line: line.picture(1)),
    ("Foto 3", lambda line: line.picture(2)),
)


def needs(enterprise: Enterprise) -> list[Need]:
    return [
        *identity_needs(enterprise),
        *common_needs(enterprise),
        Need(
            _("A bank account in the name of the business or its owner"),
            False,
            _("Have the account book at hand; it is entered at PaDi itself"),
        ),
    ]


__all__ = ["ABOUT", "COLUMNS", "NAME", "Line", "needs"]
