"""The categories that every simulator knows; each numbers them its own way, as platforms do."""

LEAVES = [
    "Camilan & Keripik",
    "Kue & Roti",
    "Makanan Siap Saji & Lauk",
    "Makanan Beku",
    "Bumbu, Saus & Sambal",
    "Minuman, Kopi & Teh",
    "Jamu & Minuman Herbal",
    "Buah, Sayur & Madu",
    "Batik & Kain Tenun",
    "Pakaian Wanita",
    "Pakaian Pria",
    "Pakaian Anak",
    "Busana Muslim",
    "Tas & Dompet",
    "Sepatu & Sandal",
    "Perhiasan & Aksesori",
    "Kerajinan & Oleh-oleh",
    "Keramik & Gerabah",
    "Kayu & Bambu",
    "Furnitur & Interior",
    "Dapur & Rumah Tangga",
    "Sabun & Perawatan Tubuh",
    "Tanaman & Kebun",
    "Mainan & Hobi",
    "Seni & Cetakan",
    "Buku & Alat Tulis",
    "Alat Musik",
    "Perlengkapan Hewan",
    "Lainnya",
]


def numbered(first: int) -> dict[int, str]:
    """Each with a number of its own, from `first`."""
    return {first + place: name for place, name in enumerate(LEAVES)}
