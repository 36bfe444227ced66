"""What the forms of this room share."""

from typing import Any

from django import forms


def area(rows: int = 3, **attrs: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attrs})


# --- founders -------------------------------------------------------------------------------------
