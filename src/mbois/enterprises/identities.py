"""Cleaning what was typed about a person or a business: each refuses with a sentence and its field."""

import re
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, is_valid_number, parse

from mbois.people import validators
from mbois.people.names import clean_person_name
from mbois.refused import Refused

LONGEST_NAME = 120
# An Indonesian mobile number, as `phonenumbers` knows them: found at once, since imports have many.
_MOBILE = re.compile(r"(?:\+62[ -]?|0)(8[1-35-9](?:[ -]?[0-9]){7,10})")


def clean_name(text: str, *, field: str = "name") -> str:
    """A name with its spaces in order; refuses an empty one, a too long one and control characters."""
    name = " ".join(text.split())
    if not name or not any(character.isalnum() for character in name):
        raise Refused(_("Please give a name."), field=field, code="required")
    if len(name) > LONGEST_NAME:
        raise Refused(
            _("A name has at most %(most)d characters.") % {"most": LONGEST_NAME},
            field=field,
            code="too_long",
        )
    if not name.isprintable():
        raise Refused(_("The name has a character that cannot be written."), field=field, code="invalid")
    return name


def clean_owner_name(text: str) -> str:
    """The name of a person who owns a business: as `clean_name`, and never without a letter."""
    return clean_person_name(clean_name(text, field="owner_name"), field="owner_name")


def _clean(check: Callable[[object], str], text: str, field: str) -> str:
    """What a validator makes of a number, or nothing where nothing was typed."""
    if not text.strip():
        return ""
    try:
        return check(text)
    except ValidationError as error:
        raise Refused(error.messages[0], field=field, code=error.code or field) from None


def clean_nik(text: str) -> str:
    """16 digits that can be a NIK, or nothing."""
    return _clean(validators.clean_nik, text, "nik")


def clean_npwp(text: str) -> str:
    """15 or 16 digits, or nothing."""
    return _clean(validators.clean_npwp, text, "npwp")


def clean_nib(text: str) -> str:
    """13 digits, or nothing."""
    return _clean(validators.clean_nib, text, "nib")


def clean_phone(text: str, *, field: str = "phone") -> str:
    """`+6281234567890`, or nothing; a number without a country is Indonesian."""
    if not text.strip():
        return ""
    if matched := _MOBILE.fullmatch(text.strip()):
        return "+62" + re.sub(r"\D", "", matched[1])
    try:
        number = parse(text, "ID")
    except NumberParseException:
        number = None
    if number is None or not is_valid_number(number):
        raise Refused(_("This is not a phone number we can call."), field=field, code="phone")
    return format_number(number, PhoneNumberFormat.E164)
