"""Which category of a platform is meant by ours: by words that occur in its names, unless the seller chose."""

import re
from collections.abc import Sequence

from mbois.market.channels.base import PlatformCategory

# Words of platforms' categories for each of ours, the most telling first.
WORDS: dict[str, tuple[str, ...]] = {
    "snack": ("camilan", "keripik", "snack", "makanan ringan"),
    "cake": ("kue", "roti", "cake", "biskuit"),
    "meal": ("siap saji", "lauk", "makanan jadi"),
    "frozen": ("beku", "frozen"),
    "spice": ("bumbu", "sambal", "saus"),
    "drink": ("minuman", "kopi", "teh"),
    "herbal": ("jamu", "herbal"),
    "produce": ("buah", "sayur", "madu"),
    "batik": ("batik", "kain", "tenun"),
    "women": ("pakaian wanita", "fashion wanita", "wanita"),
    "men": ("pakaian pria", "fashion pria", "pria"),
    "children": ("pakaian anak", "fashion anak", "anak"),
    "muslim": ("muslim", "hijab"),
    "bag": ("tas", "dompet"),
    "shoe": ("sepatu", "sandal"),
    "jewellery": ("perhiasan", "aksesori", "aksesoris"),
    "craft": ("kerajinan", "oleh-oleh", "souvenir", "suvenir"),
    "ceramic": ("keramik", "gerabah"),
    "wood": ("kayu", "bambu"),
    "furniture": ("furnitur", "furniture", "interior", "mebel"),
    "kitchen": ("dapur", "rumah tangga"),
    "beauty": ("sabun", "perawatan tubuh", "kecantikan"),
    "plant": ("tanaman", "kebun", "taman"),
    "toy": ("mainan", "hobi"),
    "art": ("seni", "cetakan", "lukisan"),
    "book": ("buku", "alat tulis"),
    "music": ("alat musik", "musik"),
    "pet": ("hewan", "peliharaan"),
    "service": ("jasa", "layanan", "digital"),
    "other": ("lainnya", "lain-lain"),
}


def choose(category: str, tree: Sequence[PlatformCategory]) -> PlatformCategory | None:
    """The best one of a platform for one of ours; the one for other things where none fits."""
    for words in (WORDS.get(category, ()), WORDS["other"]):
        for word in words:
            for entry in tree:
                if re.search(rf"\b{re.escape(word)}\b", entry.name.casefold()):
                    return entry
    return None
