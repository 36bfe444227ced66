"""Identity numbers: what is refused, and what is only pointed out."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum import luhn
from stdnum.exceptions import ValidationError as StdnumError

from mbois import clock

# Codes of the Ministry of Home Affairs, the provinces that Papua was divided into since 2022 included.
PROVINCES = frozenset(
    {
        *range(11, 20),  # Sumatra
        21,  # Kepulauan Riau
        *range(31, 37),  # Jawa
        *range(51, 54),  # Bali, Nusa Tenggara
        *range(61, 66),  # Kalimantan
        *range(71, 77),  # Sulawesi
        81,
        82,  # Maluku
        *range(91, 98),  # Papua
    }
)


def _digits(value: object) -> str:
    return "".join(char for char in str(value or "") if not char.isspace() and char not in ".-/\u2013")


def clean_nik(value: object, *, today: date | None = None) -> str:
    """The 16 digits of a NIK. Refuses, with a sentence that says which part is wrong, one that cannot be:
    length, province, day, month, date of birth (also in the future) or serial."""
    number = _digits(value)
    if not number.isascii() or not number.isdigit():
        raise ValidationError(_("A NIK has digits only."), code="nik_digits")
    if len(number) != 16:
        raise ValidationError(
            _("A NIK has 16 digits; this one has %(count)s."),
            code="nik_length",
            params={"count": len(number)},
        )
    if int(number[:2]) not in PROVINCES:
        raise ValidationError(
            _("A NIK begins with the code of a province; there is none with %(code)s."),
            code="nik_province",
            params={"code": number[:2]},
        )
    day = int(number[6:8])
    if not (1 <= day <= 31 or 41 <= day <= 71):
        raise ValidationError(
            _("Digits 7 and 8 of a NIK are the day of birth (01–31, for women 41–71), not %(day)s."),
            code="nik_day",
            params={"day": number[6:8]},
        )
    if birth_date(number, today=today) is None:
        raise ValidationError(
            _("Digits 7 to 12 of a NIK are a date of birth; %(date)s is none that exists."),
            code="nik_date",
            params={"date": f"{number[6:8]}-{number[8:10]}-{number[10:12]}"},
        )
    if number[12:] == "0000":
        raise ValidationError(_("The last four digits of a NIK are never 0000."), code="nik_serial")
    return number


def validate_nik(value: object) -> None:
    """`clean_nik` as a validator of a form or model field."""
    clean_nik(value)


def birth_date(nik: str, *, today: date | None = None) -> date | None:
    """The date of birth in a NIK, the latest that is not in the future; None when there is none."""
    today = today or clock.today()
    day, month, year = int(nik[6:8]) % 40, int(nik[8:10]), int(nik[10:12])
    for century in (today.year // 100 * 100, today.year // 100 * 100 - 100):
        try:
            born = date(century + year, month, day)
        except ValueError:
            continue
        if born <= today:
            return born
    return None


def is_woman(nik: str) -> bool:
    """Whether the number is a woman's (her day of birth is counted from 41)."""
    return int(nik[6:8]) > 40


def nik_warnings(nik: str, *, area_code: str = "", born_on: date | None = None) -> list[str]:
    """What is unusual about a good NIK, in sentences; never a reason to refuse.

    `area_code` is the village or district of the address ("35.73.05.1002"): the number keeps the
    district where it was first issued. `born_on` is the date in the papers.
    """
    said = []
    here = area_code.replace(".", "")[:6]
    if here and not nik.startswith(here):
        said.append(
            str(
                _(
                    "This NIK was first issued in another district than the address. "
                    "People move: please compare it with the card."
                )
            )
        )
    in_number = birth_date(nik)
    if born_on and in_number and in_number != born_on:
        said.append(
            str(_("The date of birth in the NIK differs from the papers. Please compare it with the card."))
        )
    if in_number and clock.today().year - in_number.year < 17:
        said.append(str(_("By this NIK its owner is younger than 17. Please compare it with the card.")))
    return said


def clean_npwp(value: object) -> str:
    """The 15 or 16 digits of a tax number. One of 16 is a NIK, or an old number behind a 0."""
    number = _digits(value)
    if not number.isascii() or not number.isdigit():
        raise ValidationError(_("An NPWP has digits only."), code="npwp_digits")
    if len(number) not in {15, 16}:
        raise ValidationError(
            _("An NPWP has 15 or 16 digits; this one has %(count)s."),
            code="npwp_length",
            params={"count": len(number)},
        )
    if len(number) == 16 and not number.startswith("0"):
        return clean_nik(number)
    try:
        luhn.validate(number[-15:][:9])
    except StdnumError:
        raise ValidationError(
            _("This NPWP cannot be right: its check digit does not fit. Please compare it with the card."),
            code="npwp_check",
        ) from None
    return number


def validate_npwp(value: object) -> None:
    """`clean_npwp` as a validator of a form or model field."""
    clean_npwp(value)


def clean_nib(value: object) -> str:
    """The 13 digits of a business number from OSS."""
    number = _digits(value)
    if not number.isascii() or not number.isdigit() or len(number) != 13:
        raise ValidationError(_("An NIB has 13 digits."), code="nib_length")
    if len(set(number)) == 1:
        raise ValidationError(_("This cannot be an NIB: all its digits are the same."), code="nib_digits")
    return number


def validate_nib(value: object) -> None:
    """`clean_nib` as a validator of a form or model field."""
    clean_nib(value)
