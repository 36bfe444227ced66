"""How this room writes quarters and points."""

from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _


def quarter_name(quarter: date) -> str:
    """The name of a quarter by its first day: "2026, quarter 3"."""
    return _("quarter %(number)s of %(year)s") % {"number": (quarter.month + 2) // 3, "year": quarter.year}


def points(hundredths: int | None) -> str:
    """435 as 4,35 or 4.35; a dash where there is nothing."""
    if hundredths is None:
        return "–"
    text = f"{hundredths / 100:.2f}".rstrip("0").rstrip(".")
    return text if (get_language() or "id").startswith("en") else text.replace(".", ",")
