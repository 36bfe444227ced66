"""Fields that several forms of this room have."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

YES, NO = _("Yes"), _("No")


def yes_no(label: Any, *, yes: Any = YES, no: Any = NO) -> forms.TypedChoiceField:
    """A question that is answered with one of two words, as True or False."""
    return forms.TypedChoiceField(
        label=label,
        choices=[("yes", yes), ("no", no)],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
