"""Words the invented city is made of."""

WOMEN = """Sri Siti Dewi Rina Wati Yuli Endang Sumiati Lilik Nur Ani Titik Ratna Indah Suci Wulan Tutik Mujiati
Kartini Ningsih Lestari Astuti Fitri Maya Rahayu Sulastri Kasiati Umi Halimah Aminah Painem Ponirah Tumini
Retno Ika Desi Eka Tri Dwi Puji Erna Nanik Winarti Hartini Jumiati Sutini Suparti Mariyati Khotimah Zulaikha""".split()
MEN = """Budi Agus Slamet Joko Bambang Hadi Eko Wahyu Heru Rudi Sugeng Supri Yanto Mulyono Subur Karyono Sutrisno
Ahmad Mochammad Abdul Imam Arif Hendra Dedi Anton Yudi Fajar Rizki Bagus Dimas Taufik Samsul Khoirul Paidi
Sukirman Ngatiman Kasmuri Wagiman Suwarno Sunarto Purnomo Hariyanto Sudarsono Misnan Rohman Zaenal Fauzi""".split()
LAST = """Wahyuni Handayani Rahmawati Kusuma Hidayat Santoso Setiawan Prasetyo Nugroho Utomo Susanto Wibowo Saputra
Hartono Gunawan Kurniawan Purwanto Suryani Permatasari Anggraini Yulianti Maulana Firmansyah Widodo Haryono
Sasmita Wijaya Pratama Mahendra Cahyono Lesmana Pamungkas Ardiansyah Basuki Riyadi Sutopo Winarno""".split()
STREETS = """Melati Kenanga Mawar Anggrek Kemuning Cempaka Flamboyan Teratai Bougenville Sakura Merpati Kutilang
Cendrawasih Rajawali Semeru Arjuno Bromo Kawi Panderman Welirang Brantas Metro Amprong Bango Sumpil""".split()

# Everyday word (it leads to the KBLI code), creative subsector, name patterns, what it sells,
# capital and yearly sales in millions of rupiah, weight.
TRADES = [
    ("keripik tempe", "culinary", ["Keripik Tempe {h}", "Tempe {n}", "Keripik {n} Jaya"], "Keripik tempe aneka rasa", 2, 12, 30, 140, 12),
    ("bakso", "culinary", ["Bakso {h}", "Bakso Bakar {n}", "Bakso Malang {h}"], "Bakso kuah dan bakso bakar", 3, 25, 60, 380, 11),
    ("warung makan", "culinary", ["Warung {h}", "Depot {n}", "Warung Pecel {h}"], "Nasi pecel, rawon, dan lauk harian", 2, 15, 40, 220, 12),
    ("warung kopi", "culinary", ["Warkop {h}", "Kopi {n}", "Giras {n}"], "Kopi, teh, dan gorengan", 1, 20, 25, 160, 9),
    ("kue basah", "culinary", ["Kue Basah {h}", "Jajan Pasar {n}", "{n} Snack"], "Jajan pasar pesanan dan titipan", 1, 8, 20, 90, 8),
    ("batik", "craft", ["Batik {n}", "Batik Tulis {h}", "Rumah Batik {n}"], "Batik tulis dan cap motif Malangan", 5, 80, 40, 420, 5),
    ("jahit", "fashion", ["Penjahit {h}", "Modiste {n}", "Konveksi {n}"], "Jahit baju, seragam, dan permak", 3, 40, 24, 260, 8),
    ("sablon", "visual", ["Sablon {n}", "{n} Screen Printing"], "Sablon kaos dan totebag", 6, 50, 40, 300, 3),
    ("salon", "", ["Salon {n}", "Rias Pengantin {h}"], "Potong rambut, rias, dan perawatan", 4, 35, 25, 150, 4),
    ("laundry", "", ["Laundry {n}", "{n} Cuci Kiloan"], "Cuci dan setrika kiloan", 8, 45, 36, 180, 4),
    ("sayur", "", ["Sayur {h}", "Pracangan {h}"], "Sayur, bumbu, dan lauk mentah", 1, 12, 60, 300, 7),
    ("pracangan", "", ["Toko {n}", "Toko {h}", "Pracangan {n}"], "Kebutuhan harian", 5, 60, 80, 700, 9),
    ("tahu", "culinary", ["Tahu {h}", "Pabrik Tahu {n}"], "Tahu putih dan tahu kuning", 10, 120, 150, 900, 3),
    ("tempe", "culinary", ["Tempe {h}", "Tempe Sanan {n}"], "Tempe kedelai bungkus daun dan plastik", 4, 40, 70, 400, 5),
    ("keripik buah", "culinary", ["Keripik Apel {n}", "Keripik Buah {h}"], "Keripik apel, nangka, dan salak", 15, 200, 120, 1500, 4),
    ("tas", "fashion", ["Tas {n}", "Kerajinan Tas {h}"], "Tas kain dan dompet", 4, 60, 36, 320, 3),
    ("gerabah", "craft", ["Gerabah {n}", "Keramik {h}"], "Keramik hias dan cangkir", 6, 90, 40, 350, 2),
    ("mebel", "craft", ["Mebel {n}", "Meubel {h}"], "Mebel kayu pesanan", 20, 400, 150, 2200, 3),
    ("bengkel motor", "", ["Bengkel {n}", "Bengkel {h}"], "Servis dan suku cadang sepeda motor", 10, 120, 60, 500, 5),
    ("tambal ban", "", ["Tambal Ban {h}", "Tambal Ban {n}"], "Tambal ban dan isi angin", 1, 6, 18, 60, 3),
    ("katering", "culinary", ["Katering {h}", "Dapur {n}"], "Nasi kotak dan tumpeng", 5, 70, 60, 600, 5),
    ("es", "culinary", ["Es {h}", "Es Degan {n}", "Es Teler {n}"], "Es buah dan minuman segar", 1, 10, 24, 120, 4),
    ("ayam potong", "", ["Ayam Potong {h}", "Ayam {n}"], "Ayam potong segar", 5, 50, 120, 900, 3),
    ("tanaman hias", "", ["Kebun {n}", "Bunga {h}"], "Bunga potong dan tanaman hias", 5, 80, 40, 400, 3),
    ("jamu", "culinary", ["Jamu {h}", "Jamu Gendong {h}"], "Beras kencur, kunir asem, dan jamu segar", 1, 6, 18, 70, 3),
    ("fotografi", "photography", ["{n} Foto", "Studio {n}"], "Foto produk, wisuda, dan pernikahan", 15, 150, 60, 480, 1),
    ("desain grafis", "visual", ["{n} Desain", "Studio Grafis {n}"], "Logo, kemasan, dan media sosial", 8, 60, 48, 360, 1),
]
FANCY = """Barokah Rejeki Makmur Sumber Lancar Berkah Sejahtera Mandiri Amanah Sederhana Mulya Abadi Lestari Arema
Jaya Sentosa Subur Maju Bahagia Rahayu Mekar Cahaya Singosari Kanjuruhan Tugu Ijen Oro Semanggi Kendedes""".split()
LENDERS = ["Bank titil keliling", "Pak Darmo (harian)", "Koperasi liar Mapan", "Bu Haji (mingguan)", "Bank plecit", "Rentenir pasar"]
PURPOSES = [
    "Kedelai, minyak goreng, dan kemasan",
    "Gerobak baru dan kompor",
    "Bahan baku menjelang hari raya",
    "Mesin jahit bekas dan kain",
    "Etalase dan stok dagangan",
    "Wajan besar, tabung gas, dan bahan",
    "Kain mori, malam, dan pewarna",
]
RETURNED = [
    "Foto KTP buram, mohon difoto ulang di tempat terang.",
    "Alamat belum lengkap: tuliskan RT dan RW.",
    "NIB di surat berbeda dengan yang diketik.",
    "Tanggal mulai usaha belum diisi.",
]
