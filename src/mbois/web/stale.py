"""A form that was sent from an older page: somebody changed meanwhile what it shows.

The form has a `SeenField`, which carries the hour of the newest change its page showed. The action
compares it under its lock with the hour that stands and raises `changed_meanwhile`; the view then calls
`look_again`, and the page comes back with what was typed and what stands now.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from mbois.refused import Refused
from mbois.web import show

CODE = "changed"


class SeenField(forms.CharField):
    """The hour of the newest change that a page showed; nonsense counts as none."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, required=False, max_length=40)

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime) else value

    def clean(self, value: Any) -> datetime | None:
        try:
            found = parse_datetime(str(super().clean(value)))
        except (forms.ValidationError, ValueError):
            return None
        return found if found and found.tzinfo else None


def changed_meanwhile(at: datetime) -> Refused:
    """The refusal of what was sent from an older page; `at` is the hour of the newest change."""
    return Refused(
        _(
            "This was changed meanwhile on another page or device: %(when)s. Nothing was overwritten. What you "
            "typed is still here; look at what stands now and send again to keep yours."
        )
        % {"when": show.waktu(at)},
        code=CODE,
        status=409,
    )


def look_again(form: forms.Form, now: Mapping[str, Any], *, seen: str, at: datetime) -> None:
    """Say beside each field what stands now where something else was typed, and let the page count as
    one that shows it: `seen` names its `SeenField`, `at` is the hour of the newest change."""
    for name, value in now.items():
        if name != seen and name in form.fields and form.fields[name].has_changed(value, form[name].data):
            form.add_error(name, _("Now: %(now)s") % {"now": _read(form.fields[name], value)})
    typed = cast(QueryDict, form.data).copy()
    typed[form.add_prefix(seen)] = at.isoformat()
    form.data = typed


def _read(field: forms.Field, value: Any) -> str:
    """A value as people read it."""
    if isinstance(field, forms.BooleanField):
        return _("Yes") if value else _("No")
    if isinstance(field, forms.ChoiceField):
        return str({str(key): label for key, label in field.choices}.get(str(value), value))  # type: ignore[union-attr,misc]
    if value in (None, ""):
        return _("empty")
    if isinstance(value, datetime):
        return show.waktu(value)
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value)[:300]
