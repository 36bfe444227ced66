"""Words of the demo city's activities."""

# By subsector: what takes place, in one sentence.
ACTIVITIES = {
    "craft": [
        ("Membatik tulis untuk pemula", "Dari mencanting sampai melorod, bawa pulang selendang sendiri."),
        ("Keramik Dinoyo: putar dan bentuk", "Membuat cangkir pertama di atas meja putar."),
        ("Anyam bambu Sabtu pagi", "Membuat keranjang kecil bersama perajin Kedungkandang."),
        ("Topeng Malangan: mengukir wajah", "Mengenal tokoh Panji lewat pahat dan cat."),
    ],
    "culinary": [
        ("Kelas sambal dan pengawetan", "Sambal yang tahan tiga bulan tanpa pengawet buatan."),
        ("Foto makanan dengan ponsel", "Cahaya jendela, piring putih, dan tiga sudut yang laku."),
        ("Cicip kopi Dampit", "Membedakan petik merah dan asalan di satu meja."),
        ("Kemasan keripik naik kelas", "Label, P-IRT, dan ukuran yang disukai toko oleh-oleh."),
    ],
    "music": [
        ("Panggung terbuka Jumat sore", "Lima belas menit untuk siapa saja yang berani tampil."),
        ("Rekaman lagu pertama", "Dari kamar ke platform digital dalam sehari."),
        ("Kelas gamelan dasar", "Menabuh lancaran bersama, tanpa syarat bisa baca not."),
    ],
    "film": [
        ("Bengkel film pendek", "Menulis, merekam, dan menyunting film tiga menit."),
        ("Nonton bareng film Malang", "Karya sutradara muda, dilanjutkan tanya jawab."),
        ("Animasi dua dimensi dari nol", "Membuat tokoh berjalan dengan perangkat lunak gratis."),
    ],
    "games": [
        ("Malam purwarupa permainan", "Bawa permainanmu, dapatkan dua puluh penguji."),
        ("Game jam 24 jam", "Satu tema, satu hari, satu permainan yang selesai."),
    ],
    "visual": [
        ("Logo untuk UMKM", "Desainer dan pemilik usaha duduk satu meja."),
        ("Cetak sablon kaus", "Membuat rangka sablon dan mencetak lima kaus."),
        ("Kelas huruf", "Menggambar huruf untuk papan nama warung."),
    ],
    "photography": [
        ("Jalan foto Kajoetangan", "Menyusuri kampung heritage dengan dua jam cahaya sore."),
        ("Foto produk untuk lokapasar", "Studio kecil dari kardus, hasil bersih."),
    ],
    "fashion": [
        ("Pola dasar busana", "Dari ukur badan sampai potong kain."),
        ("Ecoprint dari halaman rumah", "Daun jati, lanang, dan kain yang siap dijual."),
    ],
    "apps": [
        ("Belajar membuat situs toko", "Halaman pertama daring sebelum makan siang."),
        ("Temu pengembang Malang", "Tiga bincang singkat, satu sesi tanya jawab."),
    ],
    "performing": [
        ("Tari topeng untuk anak", "Gerak dasar Grebeg Jowo selama dua jam."),
        ("Ludruk kampung", "Lakon satu babak di balai RW."),
    ],
    "fine_art": [
        ("Melukis di atap gedung", "Cat air menghadap Gunung Arjuno."),
        ("Mural gang bersama warga", "Satu dinding, dua puluh kuas."),
    ],
    "publishing": [
        ("Klub baca dan tulis", "Satu cerpen dibaca, satu cerpen ditulis."),
        ("Membuat zine sehari", "Lipat, gambar, gandakan, tukar."),
    ],
    "product": [
        ("Desain mainan kayu", "Dari sketsa ke purwarupa bersama perajin Singosari."),
    ],
    "advertising": [
        ("Menulis iklan yang jujur", "Sepuluh kalimat yang membuat orang mampir."),
    ],
    "broadcast": [
        ("Siniar pertamamu", "Merekam dan menerbitkan satu episode di ruang siniar."),
    ],
    "architecture": [
        ("Jalan kaki arsitektur Ijen", "Membaca rumah-rumah Karsten bersama arsitek muda."),
    ],
    "interior": [
        ("Menata kios kecil", "Rak, cahaya, dan alur pembeli di dua kali dua meter."),
    ],
}
COMMUNITIES = [
    "Komunitas Batik Celaket", "Keramik Dinoyo", "Malang Sineas Muda", "Ngalam Game Dev", "Desainer Arema",
    "Kopi Arjuno", "Sanggar Panji Laras", "Jejak Foto Malang", "Ruang Baca Sumbersari", "Musisi Gang Sempit",
    "Perajin Kedungkandang", "Dapur Bu-Ibu", "Malang Pengembang", "Teater Kali Brantas", "Ecoprint Batu",
    "Mural Kampung Biru", "Siniar Ngalam", "Arsitek Muda Malang",
]  # fmt: skip
PLACES = {
    "35.73": [
        ("Malang Creative Center", "Jl. A. Yani 53, Blimbing", -7.9467, 112.6413),
        ("Balai RW Kampung Kajoetangan", "Jl. Basuki Rahmat Gg. 4, Klojen", -7.9793, 112.6300),
        ("Gedung Kesenian Gajayana", "Jl. Nusakambangan 19, Klojen", -7.9887, 112.6280),
        ("Taman Krida Budaya", "Jl. Soekarno Hatta, Lowokwaru", -7.9402, 112.6205),
        ("Kampung Warna-Warni Jodipan", "Jl. Ir. H. Juanda, Blimbing", -7.9831, 112.6376),
        ("Pasar Oro-Oro Dowo", "Jl. Guntur 20, Klojen", -7.9707, 112.6268),
    ],
    "35.07": [
        ("Pendopo Kepanjen", "Jl. Panji, Kepanjen", -8.1303, 112.5727),
        ("Balai Desa Singosari", "Jl. Kertanegara, Singosari", -7.8926, 112.6659),
        ("Balai Desa Dampit", "Jl. Semeru Selatan, Dampit", -8.2108, 112.7494),
    ],
    "35.79": [
        ("Graha Pancasila Batu", "Jl. Panglima Sudirman, Batu", -7.8712, 112.5269),
        ("Galeri Raos", "Jl. Panglima Sudirman, Batu", -7.8725, 112.5262),
        ("Balai Desa Sidomulyo", "Jl. Bukit Berbunga, Batu", -7.8603, 112.5204),
    ],
}
STAGES = [
    ("Panggung Utama", "Halaman depan MCC"), ("Lantai 2 Pameran", "Ruang pameran"),
    ("Lantai 4 Bengkel", "Ruang lokakarya"), ("Auditorium", "Lantai 7"), ("Atap", "Lantai 8"),
]  # fmt: skip
FESTIVAL_PARTS = [
    ("Pembukaan dan arak-arakan", "performing"), ("Konser Ngalam Bersuara", "music"), ("Pameran gambar gang", "fine_art"),
    ("Bincang: dari hobi ke usaha", "advertising"), ("Pasar kriya", "craft"), ("Peragaan batik Malangan", "fashion"),
    ("Lomba foto makanan", "photography"), ("Gelar karya animasi", "film"), ("Uji main permainan lokal", "games"),
    ("Bengkel sablon", "visual"), ("Kelas huruf", "visual"), ("Siniar langsung", "broadcast"),
    ("Bedah buku", "publishing"), ("Tari topeng kolosal", "performing"), ("Lokakarya kemasan", "product"),
    ("Cicip kopi tiga gunung", "culinary"), ("Demo aplikasi rintisan", "apps"), ("Tur arsitektur gedung", "architecture"),
]  # fmt: skip
VOICES = [
    "Pengajarnya sabar, bahannya lengkap.", "Seru, anak saya betah sampai selesai.", "Tempatnya agak sempit.",
    "Ingin yang lanjutan bulan depan!", "Langsung saya praktikkan di rumah.", "Mulainya terlambat sedikit.",
    "Bertemu banyak teman baru.", "",
]  # fmt: skip
STORIES = [
    "Tiga peserta sudah menerima pesanan pertama.", "Karya peserta dipajang sepekan di lantai 2.",
    "Dua usaha mendapat desainer tetap.", "Kelompok belajar terbentuk dan bertemu tiap pekan.", "",
]  # fmt: skip
REASONS = ["Hujan badai.", "Pemateri berhalangan.", "Gedung dipakai acara lain."]
RETURNED = [
    "Tuliskan alamat lengkap dan siapa yang bisa dihubungi.",
    "Jumlah tempat melebihi ruangan. Mohon disesuaikan.",
    "Jelaskan apa yang perlu dibawa peserta.",
]
QUESTION = ("Dari mana Anda tahu acara ini?", ["Instagram", "WhatsApp", "Teman", "Halaman agenda"])
