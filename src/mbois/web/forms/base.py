"""The base of every form."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mbois.refused import Refused
from mbois.web import show
from mbois.written import seen


class Refusing(forms.BaseForm):
    """A form that can show why a rule refused what was typed, and asks for what is missing in our words.

    `needed_later` names fields that may stay empty in a draft, though not in what is sent: they are not
    called optional.
    """

    needed_later: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            _speak_plainly(field)
            _read_what_is_seen(field)

    def refuse(self, refused: Refused, field: str | None = None) -> None:
        """Put the refusal's sentence beside the field it names, else beside `field`, for a file beside the
        only one that takes files, or on top of the form."""
        if refused.field in self.fields:
            field = refused.field
        elif field is None and refused.code.startswith("file_"):
            takes = [name for name, one in self.fields.items() if one.widget.needs_multipart_form]
            field = takes[0] if len(takes) == 1 else None
        self.add_error(field, refused.message)


def _read_what_is_seen(field: forms.Field) -> None:
    """Let what nobody sees not count as an answer; a password is taken as it is."""
    if isinstance(field, forms.CharField) and not isinstance(field.widget, forms.PasswordInput):
        read = field.to_python
        field.to_python = lambda value: read(seen(value) if isinstance(value, str) else value)  # type: ignore[method-assign]


def _speak_plainly(field: forms.Field) -> None:
    """Sentences for a shopkeeper in place of the framework's, where a field has none of its own."""
    said = field.error_messages
    if said.get("required") == forms.Field.default_error_messages["required"]:
        said["required"] = _("Please fill this in.")
    if isinstance(field, forms.IntegerField):
        if said.get("invalid") == forms.IntegerField.default_error_messages["invalid"]:
            said["invalid"] = _("Enter a whole number, for example 12.")
        if field.min_value is not None:
            said.setdefault(
                "min_value", gettext("At least %(limit)s.") % {"limit": show.angka(field.min_value)}
            )
        if field.max_value is not None:
            said.setdefault(
                "max_value", gettext("At most %(limit)s.") % {"limit": show.angka(field.max_value)}
            )
    if isinstance(field, forms.EmailField):
        said.setdefault("invalid", _("Enter an e-mail address such as nama@contoh.id."))
    elif isinstance(field, forms.CharField):
        said.setdefault("max_length", _("At most %(limit_value)s characters; this has %(show_value)s."))


class Form(Refusing, forms.Form):
    """A form: `{% form_fields form %}` shows it."""

    required_css_class = "required"
