"""Words the startups of the demo city are made of."""

from typing import Any

# Name, pitch, about, subsector.
IDEAS = [
    ("Kopi Lereng", "Petani kopi Dampit dibayar dalam dua hari, bukan dua bulan.", "Kafe memesan biji langsung; kami menimbang, membayar, dan mengirim.", "culinary"),
    ("Ojek Sayur", "Sayur dari kebun Poncokusumo sampai dapur sebelum pukul tujuh.", "Warung memesan malam hari, petani memanen sesuai pesanan.", "apps"),
    ("Kelas Ibu", "Guru PAUD menulis laporan anak dalam lima menit.", "Foto dan suara menjadi laporan yang dibaca orang tua.", "apps"),
    ("Batik Kode", "Motif batik Malangan yang bisa dicoba di layar sebelum dipesan.", "Pembeli memilih motif dan warna, perajin mendapat pola siap cap.", "fashion"),
    ("Ruang Singgah", "Kamar kos kosong menjadi penginapan musim wisuda.", "Pemilik kos mengatur tanggal; kami mengurus kunci dan seprai.", "apps"),
    ("Gerobak Pintar", "Pedagang kaki lima tahu stok dan untungnya tanpa mencatat.", "Timbangan dan tombol, hasilnya di HP setiap malam.", "product"),
    ("Dolan Kampung", "Wisata kampung dengan pemandu warganya sendiri.", "Jadwal, pembayaran, dan pembagian hasil yang terbuka.", "apps"),
    ("Studio Suara Arema", "Siniar komunitas Malang dengan pendengar yang membayar.", "Merekam, menyunting, dan menjual keanggotaan.", "broadcast"),
    ("Sampah Jadi", "Bank sampah yang membayar lewat HP hari itu juga.", "Ditimbang, difoto, dibayar; pabrik tahu asal bahannya.", "apps"),
    ("Jahit Dekat", "Seragam dijahit penjahit terdekat, selesai tiga hari.", "Ukuran sekali, pesanan dibagi ke penjahit rumahan.", "fashion"),
    ("Apel Sisa", "Apel Batu yang tidak lolos pasar menjadi camilan kantor.", "Langganan pekanan untuk kantor di Malang dan Surabaya.", "culinary"),
    ("Tani Kabut", "Sensor embun murah untuk kebun sayur di lereng.", "Peringatan lewat pesan singkat, tanpa internet di kebun.", "product"),
    ("Panggung Kecil", "Kafe menemukan musisi, musisi dibayar malam itu.", "Jadwal, kontrak pendek, dan pembayaran.", "music"),
    ("Cerita Topeng", "Gim petualangan dari lakon Panji Malangan.", "Dimainkan di sekolah, dilengkapi lembar guru.", "games"),
    ("Warung Data", "Toko kelontong memesan ke satu tempat dengan harga grosir.", "Pesanan digabung se-kelurahan supaya murah.", "apps"),
    ("Rawat Rumah", "Perawat datang ke rumah lansia pada jam yang sama setiap pekan.", "Keluarga jauh menerima kabar dan foto.", "apps"),
    ("Keramik Dinoyo Lab", "Cangkir khusus untuk kafe, mulai dari dua puluh buah.", "Rancang di layar, dibakar di Dinoyo.", "craft"),
    ("Lampu Desa", "Lampu jalan tenaga surya yang dirawat karang taruna.", "Desa membayar per malam menyala.", "product"),
    ("Film Kos", "Film pendek mahasiswa dibayar per penonton.", "Tayang di kafe dan layar kecil.", "film"),
    ("Parkir Warga", "Halaman warga menjadi parkir resmi saat acara besar.", "Pesan tempat sebelum berangkat.", "apps"),
    ("Susu Pujon", "Susu segar Pujon sampai pintu rumah, botol kembali.", "Langganan, rute pagi, botol kaca.", "culinary"),
    ("Kelas Sore", "Les kelompok kecil oleh mahasiswa, dekat rumah.", "Lima anak, dua jam, satu topik.", "apps"),
    ("Foto Produk Kilat", "UMKM mendapat sepuluh foto produk dalam sehari.", "Kotak foto berkeliling per kelurahan.", "photography"),
    ("Peta Ramah", "Peta kota untuk kursi roda dan kereta bayi.", "Relawan menandai jalan yang bisa dilewati.", "apps"),
    ("Tempe Nusantara", "Tempe beku siap ekspor dari Sanan.", "Standar, kemasan, dan pembeli di luar negeri.", "culinary"),
    ("Bambu Rapi", "Rak bambu lipat yang dikirim datar.", "Dirakit pembeli dalam sepuluh menit.", "interior"),
    ("Antre Puskesmas", "Antre dari rumah, datang saat giliran.", "Petugas memanggil lewat pesan singkat.", "apps"),
    ("Komik Kampus", "Komik bersambung tentang hidup di kos.", "Pembaca membayar per bab.", "publishing"),
    ("Kandang Sehat", "Catatan kesehatan sapi perah di HP peternak.", "Dokter hewan melihat dan menjawab.", "apps"),
    ("Kaos Wirausaha", "Sablon satuan dengan mutu seratusan.", "Mesin bersama, jadwal bersama.", "fashion"),
]  # fmt: skip

SURNAMES = ["", "Raya", "Kita", "Bersama", "Nusantara", "Maju", "Lestari", "Jaya"]

QUESTIONS: list[dict[str, Any]] = [
    {"kind": "long", "label_id": "Masalah siapa yang Anda selesaikan?", "label_en": "Whose problem do you solve?", "help_id": "Satu orang nyata, satu kejadian nyata.", "help_en": "One real person, one real day.", "most_words": 150},
    {"kind": "long", "label_id": "Apa yang sudah Anda buat atau coba?", "label_en": "What have you built or tried?", "most_words": 150},
    {"kind": "text", "label_id": "Siapa saja tim Anda, dan bagaimana bertemu?", "label_en": "Who is in the team, and how did you meet?", "identifying": True},
    {"kind": "number", "label_id": "Berapa calon pelanggan yang sudah diajak bicara?", "label_en": "How many future customers have you talked to?"},
    {"kind": "choice", "label_id": "Sampai di mana?", "label_en": "How far are you?", "options": [{"id": "Ide", "en": "Idea"}, {"id": "Purwarupa", "en": "Prototype"}, {"id": "Sudah ada yang memakai", "en": "People use it"}, {"id": "Sudah ada yang membayar", "en": "People pay"}]},
    {"kind": "long", "label_id": "Mengapa akan berhasil di Malang Raya?", "label_en": "Why will it work in Malang Raya?", "most_words": 120},
    {"kind": "link", "label_id": "Tautan produk atau video", "label_en": "Link to the product or a video", "required": False, "identifying": True},
    {"kind": "file", "label_id": "Presentasi", "label_en": "Slides", "required": False, "identifying": True},
]  # fmt: skip

CRITERIA: list[dict[str, Any]] = [
    {"name_id": "Masalah", "name_en": "Problem", "weight": 30, "help_id": "1: tidak jelas masalah siapa. 5: orangnya nyata dan sering mengalaminya.", "help_en": "1: unclear whose problem. 5: a real person who has it often."},
    {"name_id": "Yang sudah dibuat", "name_en": "What is built", "weight": 25, "help_id": "1: hanya ide. 5: dipakai dan dibayar.", "help_en": "1: only an idea. 5: used and paid for."},
    {"name_id": "Pasar", "name_en": "Market", "weight": 20, "help_id": "1: sangat kecil. 5: tumbuh sampai luar Malang Raya.", "help_en": "1: tiny. 5: grows beyond Malang Raya."},
    {"name_id": "Kemampuan tim", "name_en": "The team's skill", "weight": 15, "help_id": "1: belum bisa membuat. 5: sudah membuktikan.", "help_en": "1: cannot build it yet. 5: has shown it."},
    {"name_id": "Manfaat bagi warga", "name_en": "Good for people here", "weight": 10, "help_id": "1: tidak ada. 5: banyak warga terbantu.", "help_en": "1: none. 5: many are helped."},
]  # fmt: skip

ANSWERS = [
    ["Kami, tim {name}, melihat sendiri: {pitch}. {about} Setiap pekan masalah ini terulang dan belum ada yang menyelesaikannya dengan murah.", "Tetangga kami kehilangan setengah hari setiap pekan. Karena itu kami buat ini: {pitch}."],
    ["Purwarupa sudah dicoba sebelas orang selama dua pekan. Tujuh kembali memakai tanpa diminta.", "Baru formulir dan grup pesan, tetapi sudah ada empat puluh pesanan. Yang tersulit adalah mengantar tepat waktu."],
    ["Sudah berjalan tiga bulan."],
    ["12"],
    ["Purwarupa"],
    ["Di sini semua pihaknya dekat: yang membuat, yang memakai, dan yang membayar. {about}", "Banyak kampus dan banyak usaha kecil. Bila berhasil di satu kecamatan, bisa diulang di kecamatan lain."],
]  # fmt: skip

NOTES = [
    "Masalahnya nyata dan ceritanya jelas. Kami ingin melihat angka pemakaian per pekan.",
    "Sudah bicara dengan pelanggan, itu bagus. Hitungan biaya per pesanan masih perlu dibuat.",
    "Idenya menarik, tetapi belum jelas siapa yang membayar. Coba jual ke tiga orang dulu.",
    "Produknya sudah dipakai. Tim perlu satu orang yang mengurus penjualan.",
    "Manfaatnya besar bagi warga. Tunjukkan bagaimana tetap berjalan tanpa bantuan.",
]

REASONS = {
    "accepted": [
        "Paling kuat: masalah yang nyata dan sudah ada yang memakai. Yang perlu diperkuat: hitungan biaya.",
        "Paling kuat: produk yang sudah dicoba. Yang perlu diperkuat: cara menjual di luar lingkungan sendiri.",
    ],
    "refused": [
        "Belum jelas siapa yang membayar. Bicaralah dengan sepuluh calon pelanggan, lalu daftar lagi.",
        "Idenya baik, tetapi belum ada yang dicoba. Buat purwarupa kecil dan tunjukkan hasilnya.",
    ],
}

LETTERS = {
    "accepted": "Pertemuan pertama di Malang Creative Center. Bawa satu cerita pelanggan.",
    "refused": "Kelas akhir pekan di Malang Creative Center terbuka untuk Anda, gratis.",
    "about_id": "Untuk tim dua sampai empat orang yang membangun sesuatu bagi warga Malang Raya dan sekitarnya.\n\nAnda mendapat pendamping, kelas setiap pekan, ruang kerja di Malang Creative Center, dan hari demo di depan pembeli dan investor. Kami tidak meminta saham dan tidak memungut biaya.\n\nMahasiswa, pelaku UMKM, dan warga boleh ikut. Ide saja sudah cukup, asal sudah bicara dengan calon pelanggan.",
    "about_en": "For teams of two to four who build something for the people of Malang Raya and beyond.\n\nYou get a mentor, a class every week, a place to work in Malang Creative Center, and a demo day before buyers and investors. We take no shares and charge nothing.\n\nStudents, small businesses and residents may join. An idea is enough, as long as you have talked to future customers.",
}  # fmt: skip

WEEKS = [
    ("Tiga pelanggan baru dari pasar Minggu.", "Menawarkan ke dua kafe.", ""),
    ("Purwarupa kedua selesai dan dicoba lima orang.", "Memperbaiki bagian pembayaran.", "Belum tahu cara menerima QRIS untuk usaha bersama."),
    ("Satu pelanggan membayar untuk sebulan.", "Menulis cara kerja supaya anggota baru bisa ikut.", ""),
    ("Wawancara dengan pengurus RW, mereka mau mencoba.", "Uji coba di satu RW.", "Butuh surat pengantar dari kelurahan."),
    ("Biaya per pesanan turun sepersepuluh.", "Mencari mitra pengantar.", ""),
    ("Belajar dari pesanan yang batal: dua dari tiga karena jam.", "Mengubah jam pengantaran.", "Kurang satu orang di pagi hari."),
    ("NIB sudah terbit.", "Membuka rekening usaha.", ""),
]  # fmt: skip
