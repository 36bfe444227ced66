"""What is said and written in the mentoring of the demo city."""

from mbois.people.models import Organisation

HOUSES = [
    (Organisation.Kind.CAMPUS, "Klinik Wirausaha Mahasiswa"),
    (Organisation.Kind.COMMUNITY, "Komunitas UMKM Naik Kelas"),
    (Organisation.Kind.COMPANY, "Relawan Usaha Digital"),
    (Organisation.Kind.AGENCY, "Dinas Koperasi dan UMKM"),
]
ABOUT = [
    "Senang membantu ibu-ibu membuat foto produk yang menarik.",
    "Sepuluh tahun berjualan daring, kini berbagi cara.",
    "Mahasiswa akuntansi, terbiasa merapikan pembukuan sederhana.",
    "Pernah mengurus P-IRT dan halal untuk puluhan usaha.",
    "Desainer kemasan, tinggal di Malang sejak kecil.",
    "",
]
TOPICS = [
    "Foto produk di dekat jendela",
    "Menghitung harga jual",
    "Membuka toko dan judul produk",
    "Label dan kemasan",
    "Mengisi buku kas",
    "Membalas pesan pembeli",
    "Berkas P-IRT",
    "Uji kirim paket",
]
DONE = [
    "Memotret empat produk bersama, hasilnya terang.",
    "Harga dihitung ulang; dua produk ternyata merugi.",
    "Toko sudah dibuka, satu produk ditayangkan.",
    "Label baru disepakati, tinggal dicetak.",
    "Buku kas minggu ini sudah lengkap.",
    "Berlatih menjawab pertanyaan pembeli.",
]
NEXT = ["Foto tiga produk lagi.", "Cetak label.", "Catat setiap hari.", "Kirim satu paket uji.", ""]
WHY = ["Pemilik pindah kota.", "Sedang merawat keluarga.", "Belum ada waktu tahun ini."]
WAYS = ["Di kantor kelurahan", "Lewat telepon", "Saat kunjungan petugas"]
