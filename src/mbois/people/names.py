"""Names of people: one word or many, with dots, hyphens and apostrophes, but never without a letter."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mbois.refused import Refused
from mbois.written import seen

# What the database asks of a name, as a regular expression of PostgreSQL.
MORE_THAN_DIGITS = "[^0-9[:space:][:punct:]]"
_NO_LETTER = _("A person's name has letters. Please write the name, not a number.")


def _has_no_letter(name: str) -> bool:
    return bool(name.strip()) and not any(map(str.isalpha, name))


def clean_person_name(text: str, *, field: str = "name") -> str:
    """The name with its spaces in order, or "" for none; refuses one of digits and signs only."""
    name = " ".join(seen(text).split())
    if _has_no_letter(name):
        raise Refused(_NO_LETTER, field=field, code="name_letters")
    return name


def validate_person_name(value: object) -> None:
    """The same rule as a validator of a form field."""
    if _has_no_letter(str(value or "")):
        raise ValidationError(_NO_LETTER, code="name_letters")
