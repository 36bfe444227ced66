"""The curriculum a new cohort begins with: from education over the product to the market. Our own choice;
the programme manager changes every line. `at` is the share of the cohort's time that has passed."""

from dataclasses import dataclass

from mbois.startups.models import Stage


@dataclass(frozen=True)
class LessonPlan:
    stage: Stage
    at: float
    title_id: str
    title_en: str
    about_id: str
    about_en: str
    minutes: int = 120


@dataclass(frozen=True)
class Goal:
    stage: Stage
    at: float
    title_id: str
    title_en: str
    proves_id: str
    proves_en: str


E_, I_, M_ = Stage.EDUCATION, Stage.INCUBATION, Stage.MARKET

LESSONS = [
    LessonPlan(E_, 0.02, "Masalah siapa yang kita selesaikan", "Whose problem we solve",
               "Menulis masalah satu orang nyata dalam satu kalimat.", "Writing one real person's problem in a sentence."),
    LessonPlan(E_, 0.09, "Bicara dengan sepuluh calon pelanggan", "Talking to ten future customers",
               "Bertanya tanpa menjual; mencatat yang dikatakan.", "Asking without selling; writing down what was said."),
    LessonPlan(E_, 0.17, "Kanvas satu halaman", "The one-page canvas",
               "Pelanggan, nilai, biaya, dan pendapatan di satu lembar.", "Customers, value, costs and income on one sheet."),
    LessonPlan(E_, 0.25, "Tim, peran, dan perjanjian pendiri", "Team, duties and a founders' agreement",
               "Siapa mengerjakan apa, dan apa yang terjadi bila ada yang pergi.", "Who does what, and what happens when somebody leaves."),
    LessonPlan(I_, 0.33, "Purwarupa dalam seminggu", "A prototype in a week",
               "Yang paling kecil yang bisa dicoba orang.", "The smallest thing people can try."),
    LessonPlan(I_, 0.41, "Uji dengan lima pengguna", "A test with five users",
               "Mengamati, bukan menjelaskan.", "Watching, not explaining."),
    LessonPlan(I_, 0.50, "Merek, NIB, dan izin", "Name, NIB and licences",
               "Apa yang perlu terdaftar sebelum menjual.", "What must be registered before selling."),
    LessonPlan(I_, 0.58, "Harga dan hitungan per unit", "Price and unit economics",
               "Berapa yang tersisa dari satu penjualan.", "What is left of one sale."),
    LessonPlan(M_, 0.67, "Seratus pelanggan pertama", "The first hundred customers",
               "Saluran yang murah dan bisa diulang.", "A channel that is cheap and can be repeated."),
    LessonPlan(M_, 0.75, "Menjual ke usaha dan pemerintah", "Selling to businesses and government",
               "Penawaran, kontrak, dan sabar.", "Offers, contracts and patience."),
    LessonPlan(M_, 0.84, "Pendanaan tanpa menyesal", "Money without regret",
               "Hibah, pinjaman, investor: apa yang diminta masing-masing.", "Grants, loans, investors: what each asks for."),
    LessonPlan(M_, 0.93, "Latihan hari demo", "Rehearsal for demo day",
               "Tiga menit, satu cerita, satu permintaan.", "Three minutes, one story, one request.", 180),
]  # fmt: skip

MILESTONES = [
    Goal(E_, 0.10, "Sepuluh wawancara pelanggan", "Ten customer interviews",
         "Catatan sepuluh percakapan, tanpa nama lengkap.", "Notes of ten conversations, without full names."),
    Goal(E_, 0.19, "Kanvas satu halaman", "The one-page canvas",
         "Foto atau berkas kanvas.", "A photo or file of the canvas."),
    Goal(E_, 0.27, "Perjanjian pendiri", "A founders' agreement",
         "Halaman yang ditandatangani semua anggota tim.", "A page signed by everybody in the team."),
    Goal(I_, 0.38, "Purwarupa yang bisa dicoba", "A prototype people can try",
         "Tautan atau video satu menit.", "A link or a video of one minute."),
    Goal(I_, 0.46, "Uji dengan lima pengguna", "A test with five users",
         "Apa yang dilihat dan apa yang diubah.", "What was seen and what was changed."),
    Goal(I_, 0.60, "Pembayaran pertama", "The first payment",
         "Bukti satu pelanggan membayar.", "Proof that one customer paid."),
    Goal(M_, 0.74, "Tiga puluh pelanggan", "Thirty customers",
         "Daftar atau layar penghitung.", "A list or a screen with the count."),
    Goal(M_, 0.86, "Saluran yang berulang", "A channel that repeats",
         "Angka empat minggu dari satu saluran.", "Four weeks' numbers of one channel."),
    Goal(M_, 0.96, "Presentasi hari demo", "The demo day talk",
         "Berkas presentasi atau rekaman latihan.", "The slides or a recording of the rehearsal."),
]  # fmt: skip
