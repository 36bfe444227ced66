"""What the forms of this room share."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mbois.web.forms import MomentField


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


def moment_field(**kwargs: Any) -> forms.DateTimeField:
    """A day and an hour in Malang."""
    return MomentField(
        widget=MomentInput,
        error_messages={"invalid": _("Enter a day and an hour.")},
        **kwargs,
    )


def area(rows: int = 3, **attrs: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attrs})


# --- founders -------------------------------------------------------------------------------------
