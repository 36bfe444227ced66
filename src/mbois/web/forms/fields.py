"""Money, phones and days as people type them."""

import re
import uuid
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from mbois.web import show

MOST = 1_000_000_000_000_000  # a quadrillion rupiah: more is a slip of the finger
LONGEST_AMOUNT = 60  # signs
_UNITS = {
    "rb": 10**3,
    "ribu": 10**3,
    "k": 10**3,
    "jt": 10**6,
    "juta": 10**6,
    "m": 10**9,
    "miliar": 10**9,
    "milyar": 10**9,
    "": 1,
}
_MONEY = re.compile(
    r"(?:rp\.?|idr)?\s*([\d][\d.,\s]*?)\s*(rb|ribu|k|jt|juta|m|miliar|milyar)?\s*(?:,-|\.-)?", re.I
)


class SentOnceField(forms.UUIDField):
    """A key made with the form, so that sending it twice is sending it once. What was lost of it on the way
    is nobody's mistake: there is a new one then."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.HiddenInput, required=False, **kwargs)

    def clean(self, value: Any) -> uuid.UUID:
        try:
            known = super().clean(value)
        except ValidationError:
            known = None
        return known if isinstance(known, uuid.UUID) else uuid.uuid4()


def read_money(text: str) -> int | None:
    """Whole rupiah from what a person typed or pasted; None when it is not an amount.

    Reads 1.500.000, Rp1,500,000, 1500000, "Rp 1.500.000,00", 500rb, 2,5 juta.
    """
    text = " ".join(text.split())
    matched = _MONEY.fullmatch(text) if text.isascii() and len(text) <= LONGEST_AMOUNT else None
    if not matched:
        return None
    digits, unit = matched[1].replace(" ", "").rstrip(".,"), (matched[2] or "").lower()
    grouped = re.fullmatch(r"(\d{1,3}(?:([.,])\d{3})(?:\2\d{3})*|\d+)(?:[.,](\d{1,2}))?", digits)
    if grouped and not (grouped[2] and grouped[3] and digits[-1 - len(grouped[3])] == grouped[2]):
        whole, part = re.sub(r"\D", "", grouped[1]), grouped[3] or ""
    elif unit and (small := re.fullmatch(r"(\d+)[.,](\d{1,6})", digits)):
        whole, part = small[1], small[2]
    else:
        return None
    scaled = int(whole + part) * _UNITS[unit]
    amount, rest = divmod(scaled, 10 ** len(part))
    return None if rest else amount


class MoneyInput(forms.TextInput):
    """Digits that group themselves while typing, after an Rp."""

    template_name = "web/widgets/money.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "numeric", "autocomplete": "off", "data-money": "", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, int):
            return show.rupiah(value).removeprefix(show.RP)
        return super().format_value(value)


class MoneyField(forms.Field):
    """Whole rupiah (int). Refuses cents, less than `min_value` (default 0) and more than `max_value`."""

    widget = MoneyInput
    default_error_messages = {
        "invalid": _("Enter an amount of money, for example 1.500.000."),
        "min_value": _("At least %(limit)s."),
        "max_value": _("At most %(limit)s."),
    }

    def __init__(self, *, min_value: int | None = 0, max_value: int = MOST, **kwargs: Any) -> None:
        self.min_value, self.max_value = min_value, max_value
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values or (isinstance(value, str) and not value.strip()):
            return None
        if isinstance(value, int):
            return value
        amount = read_money(str(value))
        if amount is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return amount

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if self.min_value is not None and value < self.min_value:
            raise ValidationError(
                self.error_messages["min_value"],
                code="min_value",
                params={"limit": show.rupiah(self.min_value)},
            )
        if value > self.max_value:
            raise ValidationError(
                self.error_messages["max_value"],
                code="max_value",
                params={"limit": show.rupiah(self.max_value)},
            )

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


class PhoneInput(forms.TextInput):
    input_type = "tel"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {"inputmode": "tel", "autocomplete": "tel", "placeholder": "0812-3456-7890", **(attrs or {})}
        )

    def format_value(self, value: Any) -> str | None:
        text = super().format_value(value)
        return show.telepon(text) if text and text.startswith("+") else text


class PhoneField(PhoneNumberField):
    """A phone number, Indonesian unless it begins with +; cleans to a PhoneNumber (E.164 as text), or ""."""

    widget = PhoneInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("region", "ID")
        kwargs.setdefault("widget", PhoneInput())
        super().__init__(**kwargs)
        self.error_messages["invalid"] = _("Enter a phone number, for example 0812-3456-7890.")


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A date; `earliest` and `latest` are days or functions answering one (`clock.today`)."""

    widget = DayInput
    default_error_messages = {
        "invalid": _("Enter a date, for example 31-12-2026."),
        "earliest": _("Not before %(limit)s."),
        "latest": _("Not after %(limit)s."),
        "far": _("That day is too far away."),
    }
    # What lies beyond is a slip of the pen, and further than one can count days.
    FIRST, LAST = date(1900, 1, 1), date(2200, 12, 31)

    def __init__(self, *, earliest: Any = None, latest: Any = None, **kwargs: Any) -> None:
        self.earliest, self.latest = earliest, latest
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y"])
        super().__init__(**kwargs)

    @staticmethod
    def _limit(limit: Any) -> date | None:
        found: date | None = limit() if callable(limit) else limit
        return found

    def get_bound_field(self, form: Any, field_name: str) -> Any:
        for name, limit in (("min", self._limit(self.earliest)), ("max", self._limit(self.latest))):
            if limit:
                self.widget.attrs[name] = limit.isoformat()
        return super().get_bound_field(form, field_name)

    def validate(self, value: Any) -> None:
        super().validate(value)
        earliest, latest = self._limit(self.earliest), self._limit(self.latest)
        if value and earliest and value < earliest:
            raise ValidationError(
                self.error_messages["earliest"], code="earliest", params={"limit": show.tanggal(earliest)}
            )
        if value and latest and value > latest:
            raise ValidationError(
                self.error_messages["latest"], code="latest", params={"limit": show.tanggal(latest)}
            )
        if value and not self.FIRST <= value <= self.LAST:
            raise ValidationError(self.error_messages["far"], code="far")


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%dT%H:%M")


class MomentField(forms.DateTimeField):
    """A day and an hour in Malang, as a phone's own picker sends it."""

    widget = MomentInput
    default_error_messages = {
        "far": _("That day is too far away."),
        "invalid": _("Enter a day and an hour, for example 2026-12-31 09:00."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
        super().__init__(**kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not DayField.FIRST <= value.date() <= DayField.LAST:
            raise ValidationError(self.error_messages["far"], code="far")
