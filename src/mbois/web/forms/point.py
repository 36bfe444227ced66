"""A point on a map."""

from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Malang Raya with a margin: a point elsewhere is a slip.
SOUTH, NORTH, WEST, EAST = -8.65, -7.55, 112.05, 113.15


class Point(NamedTuple):
    """Degrees, WGS 84."""

    latitude: float
    longitude: float


class PointInput(forms.MultiWidget):
    """A map to tap, a button that asks the phone where it is, and two boxes for the numbers."""

    template_name = "web/widgets/point.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        box = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__({"lat": forms.TextInput(box), "lon": forms.TextInput(box)}, attrs)

    def decompress(self, value: Any) -> list[Any]:
        return [f"{value[0]:.6f}", f"{value[1]:.6f}"] if value else [None, None]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["tiles"] = getattr(settings, "MAP_TILES", "")
        return context


class PointField(forms.MultiValueField):
    """A place near Malang Raya; cleans to a `Point` or None."""

    widget = PointInput
    default_error_messages = {
        "invalid": _("Enter a position in numbers, for example -7.9826 and 112.6308."),
        "incomplete": _("Enter both numbers of the position."),
        "outside": _("This position lies outside Malang Raya."),
    }

    def __init__(self, **kwargs: Any) -> None:
        fields = (forms.CharField(required=False), forms.CharField(required=False))
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[Any]) -> Point | None:
        given = [str(part or "").strip().replace(",", ".") for part in data_list or ()]
        if not any(given):
            return None
        try:
            numbers = [round(float(part), 6) for part in given if part]
        except (ValueError, OverflowError):
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        if len(numbers) < len(given):
            raise ValidationError(self.error_messages["incomplete"], code="incomplete")
        point = Point(*numbers)
        if not (SOUTH <= point.latitude <= NORTH and WEST <= point.longitude <= EAST):
            raise ValidationError(self.error_messages["outside"], code="outside")
        return point
