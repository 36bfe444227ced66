"""Names as they are compared: the same name in other words, and different names kept apart."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mbois.enterprises.names import LONGEST, SHOP_WORDS, TITLES, compared

ONE_NAME = [
    # titles and shop words
    ("Bu Sri", "Sri"),
    ("Ibu Sri", "Warung Bu Sri"),
    ("Keripik Tempe Bu Sri", "Keripik Tempe Sri"),
    ("Pak Budi", "Bapak Budi"),
    ("Bpk. Budi", "PAK BUDI"),
    ("Mbak Ayu", "Mbak. Ayu"),
    ("Mas Joko", "Cak Joko"),
    ("Ning Laila", "Laila"),
    ("H. Sulaiman", "Haji Sulaiman"),
    ("Hj. Siti Aminah", "Hajjah Siti Aminah"),
    ("dr. Ratna", "Drs. Ratna"),
    ("Ir. Bambang", "Bambang"),
    ("Budi Santoso, S.E.", "Budi Santoso"),
    ("Budi Santoso, S.Pd., M.M.", "Budi Santoso"),
    ("UD Maju Jaya", "U.D. Maju Jaya"),
    ("CV. Maju Jaya", "C.V. Maju Jaya"),
    ("PT Maju Jaya", "Maju Jaya"),
    ("Maju Jaya, PT", "PT. Maju Jaya"),
    ("Toko Maju Jaya", "Maju Jaya"),
    ("RM Padang Sederhana", "Rumah Makan Padang Sederhana"),
    ("R.M. Padang Sederhana", "Padang Sederhana"),
    ("Depot Lestari", "Kedai Lestari"),
    ("Kios Lestari", "Warung Lestari"),
    ("Usaha Dagang Sumber Rejeki", "UD Sumber Rejeki"),
    # case, accents, signs and spaces
    ("  sumber   REJEKI ", "Sumber Rejeki"),
    ("Café Melati", "Cafe Melati"),
    ("Ma'ruf", "Maruf"),
    ("Jum’at Berkah", "Jumat Berkah"),
    ("Kue-Kue Manis", "kue kue manis"),
    ("Batik & Bordir", "Batik dan Bordir"),
    ("ＫＯＰＩ Senja", "Kopi Senja"),
    # Muhammad, Ahmad
    ("Moch. Yusuf", "Muhammad Yusuf"),
    ("Moh. Yusuf", "Mochammad Yusuf"),
    ("Mohamad Yusuf", "Muchamad Yusuf"),
    ("Muh Yusuf", "Mokhamad Yusuf"),
    ("M. Yusuf", "Mohammad Yusuf"),
    ("H. M. Yusuf", "Muhammad Yusuf"),
    ("H.M. Yusuf", "Muhamad Yusuf"),
    ("Toko H. Moch. Rizky", "muhammad rejeki"),
    ("Achmad Fauzi", "Ahmad Fauzy"),
    ("Akhmad Fauzi", "Ahmat Fauji"),
    # rezeki and its kin
    ("Sumber Rejeki", "Sumber Rezeki"),
    ("Sumber Rizki", "Soember Redjeki"),
    ("Rizky", "Rizqi"),
    ("Riski", "Rejeki"),
    # the spelling before 1972
    ("Soekarno", "Sukarno"),
    ("Djoko Soetjipto", "Joko Sucipto"),
    ("Tjahjono", "Cahyono"),
    ("Widjaja", "Wijaya"),
    ("Widjaya", "Wijaya"),
    ("Joeli", "Yuli"),
    ("Poernomo", "Purnomo"),
    ("Soerabaja", "Surabaya"),
    ("Jusuf", "Yusuf"),
    ("Jahja", "Yahya"),
    ("Noer Hidajat Djaja", "Nur Hidajat Jaya"),
    ("Noor Aini", "Nur Aini"),
    ("Jogja", "Yogya"),
    # sounds written in two ways
    ("Choirul Anam", "Khoirul Anam"),
    ("Khairul Anam", "Chaerul Anam"),
    ("Rochman", "Rohman"),
    ("Cholifah", "Kholifah"),
    ("Syamsul Arifin", "Samsul Arifin"),
    ("Sjarifuddin", "Syarifudin"),
    ("Shinta", "Sinta"),
    ("Zaenal Abidin", "Zainal Abidin"),
    ("Jainal Abidin", "Zaenal Abidin"),
    ("Saeful", "Syaiful"),
    ("Taufiq", "Taufik"),
    ("Fathimah", "Fatimah"),
    ("Ramadhan", "Ramadan"),
    ("Ridho", "Rido"),
    ("Srie Wahyuni", "Sri Wahyuni"),
    ("Yulie", "Yuli"),
    ("Andy", "Andi"),
    ("Henny", "Heni"),
    ("Yully", "Yuli"),
    ("Chandra", "Candra"),
    ("Azis", "Aziz"),
    ("Abdullah", "Abdulloh"),
    ("Sholeh", "Saleh"),
    ("Barokah", "Barakah"),
    ("Mulya Jaya", "Mulia Jaya"),
    ("Laundry Bersih", "Londri Bersih"),
    ("Sederhana II", "Sederhana 2"),
]

DIFFERENT_NAMES = [
    ("Warung", "Toko"),
    ("Warung Bu", "Warung Pak"),
    ("Toko H.", "Toko"),
    ("Toko Mas", "Toko"),
    ("Sederhana I", "Sederhana II"),
    ("Sederhana II", "Sederhana III"),
    ("Maju 1", "Maju 11"),
    ("Kapten 9", "Kapten 99"),
    ("Joko", "Yoko"),
    ("Jani", "Yani"),
    ("Dapur Rasa", "Dapur Rasya"),
    ("Sop Ayam", "Shop Ayam"),
    ("Raja Buah", "Raza Buah"),
    ("Zaki", "Jaki"),
    ("Zulia", "Julia"),
    ("Juli", "Yuli"),
    ("Budi", "Rudi"),
    ("Sumber Rejeki", "Sumber Makmur"),
    ("Ahmad", "Muhammad"),
    ("Moch. Yusuf", "Moch. Yunus"),
    ("Siti Aminah", "Siti Amanah"),
    ("Tiga Saudara", "Tiga"),
    ("Joe", "Yu"),
    ("Kopi Tiam", "Kopi Tian"),
    ("Rumah Batik", "Batik"),
    ("Chandra", "Hendra"),
    ("Sri Rejeki", "Sari Rejeki"),
    ("Adi", "Ali"),
]


@pytest.mark.parametrize(("one", "other"), ONE_NAME)
def test_spellings_of_one_name_are_one(one, other):
    assert compared(one) == compared(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT_NAMES)
def test_different_names_stay_different(one, other):
    assert compared(one) != compared(other)


@pytest.mark.parametrize(
    "name", ["Warung", "Toko H.", "Bu", "Warung Bu", "UD", "H.", "Rumah Makan", "KH", "Haji"]
)
def test_a_name_that_is_only_such_words_keeps_them(name):
    assert compared(name)
    assert len(compared(name).split()) == len(name.split())


def test_a_name_of_signs_alone_is_left():
    assert compared("!!!") == "!!!"


words = st.sampled_from(
    [
        *TITLES,
        *SHOP_WORDS,
        "Moch.",
        "M.",
        "h",
        "Rezeki",
        "Djaja",
        "oe",
        "sjy",
        "khh",
        "ddj",
        "Choirul",
        "II",
        ",",
        "S.E.",
        "ie",
        "yy",
    ]
)


@given(st.text(max_size=60) | st.lists(words, max_size=6).map(" ".join))
@example("kh kh")
@example("tdjoe")
@example("syya")
def test_comparing_twice_changes_nothing(name):
    once = compared(name)
    assert compared(once) == once
    assert len(once) <= LONGEST
