"""How money, dates, phones and spans of time are written, in the language that is active.

Each function is also a template filter of the same name.
"""

from datetime import date, datetime
from functools import lru_cache

import phonenumbers
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from mbois import clock

NOTHING = "–"
# What stands before an amount; its space does not let go of the number at the end of a line.
RP = "Rp\u00a0"
MINUS = "−"  # a true minus


def locale() -> str:
    """The locale whose habits apply: Indonesia's, or English as written in Indonesia."""
    return "en_GB" if (get_language() or "id").startswith("en") else "id"


def _day(value: date) -> date:
    return clock.local_date(value) if isinstance(value, datetime) else value


def _grouped(whole: int) -> str:
    grouped = f"{whole:,}"
    return grouped if locale() != "id" else grouped.replace(",", ".")


@lru_cache(4096)
def _written(day: date, pattern: str, where: str) -> str:
    return format_date(day, pattern, locale=where)


def angka(value: object) -> str:
    """A whole or decimal number with its groups: 2.143 (en 2,143)."""
    if value is None or value == "":
        return NOTHING
    if type(value) is int:
        return (MINUS if value < 0 else "") + _grouped(abs(value))
    return format_decimal(value, locale=locale()).replace("-", MINUS)  # type: ignore[arg-type]


def rupiah(amount: object) -> str:
    """Whole rupiah: Rp 1.250.000, and −Rp 1.250.000 below zero."""
    if amount is None or amount == "":
        return NOTHING
    whole = int(amount)  # type: ignore[call-overload]
    return f"{MINUS if whole < 0 else ''}{RP}{_grouped(abs(whole))}"


def rupiah_short(amount: object) -> str:
    """Rounded to be read at a glance: Rp 1,6 M, Rp 3,3 juta (en Rp 1.6 bn, Rp 3.3 million)."""
    if amount is None or amount == "":
        return NOTHING
    whole = int(amount)  # type: ignore[call-overload]
    sign, size = (MINUS if whole < 0 else ""), abs(whole)

    def parts(unit: int) -> str:
        return format_decimal(round(size / unit, 1), format="#,##0.#", locale=locale())

    if size >= 999_950_000_000:
        return sign + _("Rp %(number)s trillion").replace("Rp ", RP) % {"number": parts(10**12)}
    if size >= 999_950_000:
        return sign + _("Rp %(number)s bn").replace("Rp ", RP) % {"number": parts(10**9)}
    if size >= 1_000_000:
        return sign + _("Rp %(number)s million").replace("Rp ", RP) % {"number": parts(10**6)}
    return rupiah(whole)


def percent(part: object) -> str:
    """A share of one as per cent: 0.333 is 33%; below ten per cent with one decimal."""
    if part is None or part == "":
        return NOTHING
    share = float(part)  # type: ignore[arg-type]
    pattern = "#,##0.#%" if abs(share) < 0.1 else "#,##0%"
    return format_percent(share, format=pattern, locale=locale()).replace("-", MINUS)


def tanggal(value: date | None) -> str:
    """13 November 2026. An instant is shown as its date in Malang."""
    return _written(_day(value), "d MMMM y", locale()) if value else NOTHING


def tanggal_pendek(value: date | None) -> str:
    """13 Nov 2026."""
    return _written(_day(value), "d MMM y", locale()) if value else NOTHING


def bulan_pendek(value: date | None) -> str:
    """Nov 26: a month where there is little room."""
    return _written(_day(value), "MMM yy", locale()) if value else NOTHING


def bulan(value: date | None) -> str:
    """November 2026."""
    return _written(_day(value), "MMMM y", locale()) if value else NOTHING


def hari_tanggal(value: date | None) -> str:
    """Senin, 14 Desember 2026."""
    return _written(_day(value), "EEEE, d MMMM y", locale()) if value else NOTHING


def waktu(value: datetime | None) -> str:
    """13 Nov 2026, 14.05 (en 14:05), in Malang's time."""
    if not value:
        return NOTHING
    pattern = "d MMM y, HH:mm" if locale() != "id" else "d MMM y, HH.mm"
    return format_datetime(value, pattern, tzinfo=clock.JAKARTA, locale=locale())


def jam(value: datetime | None) -> str:
    """14.05 (en 14:05), in Malang's time."""
    if not value:
        return NOTHING
    # a board of a day shows hundreds of them: Python's own format is many times as fast as Babel's
    return f"{value.astimezone(clock.JAKARTA):{'%H:%M' if locale() != 'id' else '%H.%M'}}"


def telepon(value: object) -> str:
    """An Indonesian number as people write it, 0812-3456-7890; another as it came."""
    if not value:
        return NOTHING
    try:
        number = phonenumbers.parse(str(value), "ID")
    except phonenumbers.NumberParseException:
        return str(value)
    if number.country_code != 62:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


def lama(value: date | None) -> str:
    """How far a day is from today: in 21 days, yesterday; in months beyond two of them."""
    if not value:
        return NOTHING
    days = (_day(value) - clock.today()).days
    near = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}
    if days in near:
        return near[days]
    size = abs(days)
    if size >= 730:
        years = size // 365
        if days > 0:
            return ngettext("in %(number)s year", "in %(number)s years", years) % {"number": years}
        return ngettext("%(number)s year ago", "%(number)s years ago", years) % {"number": years}
    if size >= 61:
        months = size // 30
        if days > 0:
            return ngettext("in %(number)s month", "in %(number)s months", months) % {"number": months}
        return ngettext("%(number)s month ago", "%(number)s months ago", months) % {"number": months}
    if days > 0:
        return ngettext("in %(number)s day", "in %(number)s days", size) % {"number": size}
    return ngettext("%(number)s day ago", "%(number)s days ago", size) % {"number": size}
