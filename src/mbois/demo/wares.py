"""The kinds of things that the invented city makes and sells."""

from dataclasses import dataclass

from mbois.market.models import Category
from mbois.market.models.products import FOOD

C = Category


@dataclass(frozen=True)
class Ware:
    """A kind of thing somebody makes: its picture, category, names, variants and prices in thousands."""

    picture: str
    category: str
    names: str
    tastes: str
    kinds: str
    low: int
    high: int
    grams: int
    text: str

    @property
    def is_food(self) -> bool:
        return self.category in FOOD


def of(text: str) -> list[str]:
    return text.split("|")


SIZES_FOOD, SIZES_CLOTH = "100 g|250 g|500 g", "S|M|L|XL"
WARES: dict[str, list[Ware]] = {
    "culinary": [
        Ware("tempe", C.SNACK, "Keripik Tempe|Tempe Sagu", "Original|Pedas Manis|Balado|Daun Jeruk|Keju", SIZES_FOOD, 10, 32, 120, "Renyah, dari kedelai pilihan yang difermentasi sendiri. Digoreng sekali, ditiriskan, lalu dikemas rapat."),
        Ware("singkong", C.SNACK, "Keripik Singkong|Keripik Pisang|Keripik Talas", "Original|Balado|Keju|Cokelat|Gula Aren", SIZES_FOOD, 9, 28, 150, "Diiris tipis, digoreng garing, tanpa pengawet."),
        Ware("buah", C.SNACK, "Keripik Apel|Keripik Nangka|Keripik Salak|Keripik Mangga", "Vakum|Asli|Tanpa Gula", SIZES_FOOD, 15, 42, 100, "Buah matang dari lereng Malang, digoreng vakum sehingga rasanya tetap utuh."),
        Ware("stik", C.SNACK, "Stik Bawang|Stik Keju|Kerupuk Ikan", "Original|Balado|Rumput Laut", SIZES_FOOD, 8, 26, 150, "Camilan gurih untuk toples di ruang tamu."),
        Ware("sambal", C.SPICE, "Sambal Bawang|Sambal Cumi|Sambal Pecel|Sambal Teri", "Sedang|Pedas|Pedas Sekali", "100 ml|200 ml", 14, 38, 260, "Cabai segar dari petani sendiri, dimasak pelan sampai minyaknya keluar."),
        Ware("madu", C.PRODUCE, "Madu Hutan|Madu Randu|Madu Klanceng", "Murni", "250 ml|500 ml", 45, 130, 400, "Dipanen dari hutan lereng Semeru dan disaring tanpa dipanaskan."),
        Ware("jamu", C.HERBAL, "Kunyit Asam|Beras Kencur|Jahe Merah|Temulawak", "Segar|Bubuk", "250 ml|1 liter", 10, 48, 350, "Diracik tiap pagi dari rimpang segar."),
        Ware("kopi", C.DRINK, "Kopi Dampit|Kopi Arjuno|Es Kopi Gula Aren", "Bubuk|Biji|Siap Minum", "100 g|200 g", 18, 75, 210, "Kopi dari kebun di Malang selatan, disangrai kecil-kecilan tiap minggu."),
        Ware("bakso", C.FROZEN, "Bakso Malang Beku|Bakso Urat|Pentol", "Isi 20|Isi 40", "Sedang|Pedas", 25, 70, 600, "Daging sapi lokal, tanpa pengawet, siap dihangatkan."),
        Ware("lapis", C.CAKE, "Kue Lapis|Lapis Legit|Bolu Kukus", "Pandan|Cokelat|Pelangi", "Kotak kecil|Kotak besar", 20, 95, 500, "Dibuat setelah dipesan, dari santan segar."),
        Ware("onde", C.CAKE, "Onde-onde|Klepon|Putu Ayu", "Kacang Hijau|Gula Aren", "Isi 10|Isi 25", 12, 45, 400, "Jajan pasar hangat, cocok untuk arisan."),
        Ware("kue", C.CAKE, "Kue Kering Nastar|Kastengel|Putri Salju", "Klasik|Keju", "Toples 250 g|Toples 500 g", 35, 110, 450, "Mentega asli, panggangan kecil, habis dalam sekali gigit."),
        Ware("apel", C.PRODUCE, "Apel Manalagi|Jeruk Dau|Paket Buah", "Segar", "1 kg|3 kg", 18, 75, 1000, "Dipetik pagi hari dari kebun sendiri."),
    ],
    "fashion": [
        Ware("kaos", C.MEN, "Kaos Ngalam|Kaos Arema|Kaos Osob Kiwalan", "Hitam|Putih|Biru", SIZES_CLOTH, 65, 135, 200, "Katun combed 24s, sablon raster yang tidak pecah dicuci."),
        Ware("gamis", C.MUSLIM, "Gamis Harian|Gamis Pesta|Tunik", "Polos|Bunga", SIZES_CLOTH, 120, 360, 450, "Dijahit sendiri, kainnya jatuh dan tidak menerawang."),
        Ware("kawung", C.BATIK, "Batik Kawung|Kain Batik Cap", "Sogan|Indigo", "2 meter|2,5 meter", 150, 520, 400, "Dicap dan dicelup dengan tangan; warnanya tidak luntur."),
        Ware("bunga", C.BATIK, "Batik Malangan|Batik Bunga Teratai", "Merah|Hijau", "2 meter|2,5 meter", 180, 680, 400, "Motif Malangan: tugu, teratai, dan singa."),
        Ware("tas", C.BAG, "Tas Kanvas|Tas Belanja|Tas Batik", "Polos|Bordir", "Sedang|Besar", 45, 185, 350, "Jahitan ganda, muat laptop 14 inci."),
        Ware("sandal", C.SHOE, "Sandal Batik|Sandal Kulit", "Cokelat|Hitam", "37|38|39|40", 45, 160, 500, "Sol karet yang tidak licin."),
    ],
    "craft": [
        Ware("parang", C.BATIK, "Syal Batik|Taplak Batik", "Parang|Ceplok", "Kecil|Besar", 60, 240, 250, "Dilukis dengan canting, satu per satu."),
        Ware("anyaman", C.BAG, "Tas Anyaman|Keranjang Anyaman", "Mendong|Pandan", "Kecil|Sedang|Besar", 35, 175, 450, "Dianyam di rumah oleh ibu-ibu satu kampung."),
        Ware("gelang", C.JEWELLERY, "Gelang Manik|Kalung Manik|Gelang Batu", "Merah|Alam|Pelangi", "Anak|Dewasa", 12, 85, 60, "Manik kaca dan kayu, tali yang dapat diatur."),
        Ware("topeng", C.CRAFT, "Topeng Malangan|Topeng Panji|Topeng Klana", "Hiasan|Tari", "Kecil|Sedang", 75, 650, 700, "Dipahat dari kayu sengon dan disungging tangan."),
        Ware("vas", C.CERAMIC, "Vas Dinoyo|Vas Gerabah", "Polos|Bermotif", "20 cm|30 cm", 45, 260, 1400, "Keramik Dinoyo, dibakar dua kali."),
        Ware("cangkir", C.CERAMIC, "Cangkir Keramik|Teko Keramik", "Biru|Cokelat", "Satuan|Isi 4", 28, 190, 600, "Aman untuk makanan dan mesin cuci piring."),
        Ware("talenan", C.KITCHEN, "Talenan Kayu|Sendok Kayu|Nampan Kayu", "Jati|Mahoni", "Kecil|Besar", 25, 140, 800, "Sisa kayu jati yang dihaluskan dan diminyaki."),
        Ware("mobil", C.TOY, "Mobil Kayu|Puzzle Kayu|Kereta Kayu", "Cat Air|Kayu Polos", "Satuan|Isi 3", 28, 150, 500, "Cat yang aman untuk anak, tanpa sudut tajam."),
    ],
    "product": [
        Ware("kursi", C.FURNITURE, "Kursi Kayu|Rak Dinding|Meja Kecil", "Jati|Pinus", "Satuan|Sepasang", 180, 950, 6000, "Dirakit tanpa paku, dapat dibongkar untuk dikirim."),
        Ware("sabun", C.BEAUTY, "Sabun Susu Kambing|Sabun Kopi|Sabun Sereh", "Batang|Cair", "Isi 1|Isi 3", 15, 75, 120, "Dibuat dengan proses dingin, harumnya lembut."),
    ],
    "fine_art": [
        Ware("lukisan", C.ART, "Lukisan Bromo|Cetakan Kayutangan|Lukisan Sawah", "Cat Air|Akrilik", "30 × 40 cm|40 × 60 cm", 90, 900, 1200, "Dilukis di studio di Malang, bertanda tangan."),
    ],
    "publishing": [
        Ware("buku", C.BOOK, "Buku Catatan|Agenda|Kartu Pos", "Batik|Polos", "A6|A5", 18, 85, 250, "Kertas daur ulang, dijilid tangan."),
    ],
    "visual": [
        Ware("desain", C.SERVICE, "Desain Logo|Desain Kemasan|Foto Produk", "Dasar|Lengkap", "3 hari|7 hari", 150, 950, 1, "Dua kali perbaikan, berkas siap cetak."),
    ],
    "": [
        Ware("tanaman", C.PLANT, "Lidah Mertua|Monstera|Bibit Cabai", "Pot Kecil|Pot Besar", "Satuan|Isi 3", 18, 145, 900, "Dirawat sampai kuat, dikirim dengan tanahnya."),
        Ware("apel", C.PRODUCE, "Sayur Segar|Jeruk Dau|Tomat", "Segar", "1 kg|3 kg", 12, 48, 1000, "Dipanen pagi hari."),
        Ware("talenan", C.KITCHEN, "Alat Dapur Kayu|Cobek Batu", "Kecil|Besar", "Satuan|Isi 2", 22, 135, 1500, "Dibuat di kampung, awet bertahun-tahun."),
    ],
}  # fmt: skip
# What is said of each.
TELL = "{text}\n\n{name}. {kind}Dikirim dari {place} setiap hari kerja."
