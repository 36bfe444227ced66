"""Names as they are compared: without titles and shop words, and one spelling for each name.

`compared("Toko H. Moch. Rizky")` and `compared("muhammad rejeki")` are the same text. What is
compared is never shown: people see the name as it was given.
"""

import re
import unicodedata
from functools import lru_cache

from django.db import models

LONGEST = 160


def _words(text: str) -> list[str]:
    return text.split()


# How people are addressed, before or between the parts of their name.
TITLES = _words("""
    bu ibu ib pak bapak bpk bp pk mbak mbk mas cak ning neng gus kang mbah mbok mak bude pakde bulek paklik
    om tante nyonya ny tuan tn nona sdr sdri alm almh almarhum almarhumah h hj haji hajah hajjah
    kh kyai kiai nyai ust ustad ustadz ustadzah dr drs dra drg ir prof
""")

# What every second shop is called: it says what it is, not which one.
SHOP_WORDS = _words("""
    toko tk ud cv pt pd firma tbk warung wr wrg warong kedai depot depo kios lapak gerai usaha umkm ukm rm
""")
SHOP_PHRASES = [("rumah", "makan"), ("usaha", "dagang"), ("perusahaan", "dagang"), ("perseroan", "terbatas")]

# Degrees that follow a name after a comma: "Budi Santoso, S.E., M.M."
DEGREES = frozenset(
    _words("""
    amd amdkeb ba bsc dipl lc ma mag mak mba md me meng mfarm mhum mkes mkn mkom mm mp mpd mpdi mph msc msi mt
    phd sag sap sars sds se sei sfarm sgz sh shi shum sip skeb sked skep skh skm skom smb smn sos sp spd spdi
    spsi spt ssi ssn sst ssos st sthi stp strkeb ns apt gr
    """)
)

# Spellings of one name that no rule of sounds covers.
SAME = {
    "noor": "nur",
    "nuur": "nur",
    "mhd": "muhamad",
    "mohd": "muhamad",
    "muhd": "muhamad",
    "jusuf": "yusuf",
    "jusup": "yusuf",
    "yusup": "yusuf",
    "yusof": "yusuf",
    "junus": "yunus",
    "jahja": "yahya",
    "jahya": "yahya",
    "yahja": "yahya",
    "jasin": "yasin",
    "jogja": "yogya",
    "jogya": "yogya",
    "yogja": "yogya",
    "jogjakarta": "yogyakarta",
    "karja": "karya",
    "surja": "surya",
    "suria": "surya",
    "wahju": "wahyu",
    "mulia": "mulya",
    "mulja": "mulya",
    "setia": "setya",
    "ajis": "aziz",
    "azis": "aziz",
    "ajiz": "aziz",
    "ajijah": "azizah",
    "azisah": "azizah",
    "fauji": "fauzi",
    "fausi": "fauzi",
    "fauziyah": "fauziah",
    "jainal": "zainal",
    "jainul": "zainul",
    "jainab": "zainab",
    "jubaidah": "zubaidah",
    "jakaria": "zakaria",
    "ijin": "izin",
    "jaman": "zaman",
    "barakah": "barokah",
    "berokah": "barokah",
    "abdulah": "abdulah",
    "abdulloh": "abdulah",
    "abdurohman": "abdurahman",
    "abdulrahman": "abdurahman",
    "rohman": "rahman",
    "rohim": "rahim",
    "solikhin": "solihin",
    "solikin": "solihin",
    "saleh": "soleh",
    "salih": "soleh",
    "londri": "laundri",
    "ii": "2",
    "iii": "3",
    "iv": "4",
}
# These look like a spelling of another word and are none.
LEFT_ALONE = frozenset({"shop", "joe", "dj"})

_PLAIN = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)*")
_APOSTROPHES = re.compile(r"[’‘'`´ʼ]")
_SIGNS = re.compile(r"[\W_]+")
_ABBREVIATED = re.compile(r"\b(?=u\.\s?d|c\.\s?v|p\.\s?[td]|r\.\s?m)([ucpr])\.\s?([dvtm])\b\.?")
_MUHAMMAD = re.compile(r"m[uo](?:h|ch|kh)(?:am+[ae][dt])?")
_AHMAD = re.compile(r"a(?:h|ch|kh)m+[ae][dt]")
_REZEKI = re.compile(r"r[ie][zjs]e?[kq](?:i|y|ie)")
_OLD_SPELLING = re.compile(r"oe|dj|tj")
_DOUBLED = re.compile(r"([^\W\d_])\1+")
_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in [
        (r"^sj", "s"),
        (r"sy(?!a$)", "s"),
        (r"sh(?=[aiou])", "s"),
        (r"^ch(?=and|in|yn)", "c"),
        (r"[ck]h", "h"),
        (r"dz", "z"),
        (r"^ts", "s"),
        (r"th", "t"),
        (r"dh", "d"),
        (r"bh", "b"),
        (r"gh", "g"),
        (r"ph", "f"),
        (r"q", "k"),
        (r"ae", "ai"),
        (r"^hoir", "hair"),
        (r"(?<=..)ie$", "i"),
        (r"(?<=[^\W\d_aiueo])y$", "i"),
        (r"iy(?=[aou])", "i"),
    ]
]


def _modern(word: str) -> str:
    """A word of the spelling before 1972: Soetjipto → sucipto, Widjaja → wijaya, Joeli → yuli. Only a
    word with oe, dj or tj is known to be old; a plain j is left (Joko is not Yoko)."""
    if not _OLD_SPELLING.search(word):
        return word
    kept = word.replace("dj", "\0").replace("tj", "c").replace("sj", "sy").replace("oe", "u")
    return kept.replace("j", "y").replace("\0", "j")


@lru_cache(maxsize=50_000)
def _spelled(word: str) -> str:
    """The one spelling of a word that all its spellings share."""
    while True:
        before = word
        if word in LEFT_ALONE:
            return word
        if word in SAME:
            word = SAME[word]
        elif _MUHAMMAD.fullmatch(word):
            word = "muhamad"
        elif _AHMAD.fullmatch(word):
            word = "ahmad"
        elif _REZEKI.fullmatch(word):
            word = "rezeki"
        else:
            word = _modern(word)
            for pattern, sound in _SOUNDS:
                word = pattern.sub(sound, word)
            word = _DOUBLED.sub(r"\1", word)
        if word == before:
            return word


_DROPPED = frozenset({form for word in [*TITLES, *SHOP_WORDS] for form in (word, _spelled(word))})

# A regular expression (of Python and of PostgreSQL) for a compared name that says only what it is.
GENERIC = "^({0})( ({0}))*$".format("|".join(sorted(_DROPPED)))


def _plain(name: str) -> str:
    """Lower case, no accents; apostrophes and the dots of abbreviations gone, other signs a space."""
    text = name.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
        text = "".join(sign for sign in text if not unicodedata.combining(sign))
    if "," in text:
        first, *rest = text.split(",")
        text = " ".join([first, *(part for part in rest if re.sub(r"\W", "", part) not in DEGREES)])
    if _PLAIN.fullmatch(text):
        return text
    text = _APOSTROPHES.sub("", text).replace("&", " dan ")
    text = _ABBREVIATED.sub(r"\1\2 ", text)
    return " ".join(_SIGNS.sub(" ", text).split())


def _without_shop_phrases(words: list[str]) -> list[str]:
    left: list[str] = []
    for word in words:
        if left and (left[-1], word) in SHOP_PHRASES:
            left.pop()
        else:
            left.append(word)
    return left


def _once(name: str) -> str:
    words = _plain(name).split()
    kept = [word for word in _without_shop_phrases(words) if word not in _DROPPED or word == "h"]
    # an H before a name is Haji, at its end an initial
    kept = [word for place, word in enumerate(kept) if word != "h" or place == len(kept) - 1]
    if not kept or kept == ["h"]:
        kept = words
    if len(kept) > 1 and kept[0] == "m":
        kept[0] = "muhamad"
    return " ".join(_spelled(word) for word in kept)[:LONGEST].strip()


@lru_cache(maxsize=130_000)
def compared(name: str) -> str:
    """The text under which a name of a person or an enterprise is compared (at most 160 signs).

    A name that is only titles and shop words ("Warung", "Toko H.") keeps them; one without any
    letter or digit is left as it is. Applying it again changes nothing.
    """
    before, after = name, _once(name)
    seen = set()
    while after and after != before and after not in seen:
        seen.add(after)
        before, after = after, _once(after)
    return after or " ".join(name.casefold().split())[:LONGEST]


class ComparedNameField(models.CharField):
    """The compared form of another field of the row, set whenever the row is saved or bulk-created.

    `bulk_update` and `QuerySet.update` must set it themselves.
    """

    def __init__(self, *, of: str = "name", **kwargs: object) -> None:
        self.of = of
        kwargs.setdefault("max_length", LONGEST)
        super().__init__(**{**kwargs, "blank": True, "editable": False, "default": ""})  # type: ignore[arg-type]

    def deconstruct(self) -> tuple[str, str, list[object], dict[str, object]]:
        name, path, args, kwargs = super().deconstruct()
        for derived in ("blank", "editable", "default"):
            kwargs.pop(derived, None)
        return name, path, list(args), {**kwargs, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = compared(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, value)
        return value
