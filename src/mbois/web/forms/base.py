"""The base of every form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mbois.refused import Refused


class Refusing(forms.BaseForm):
    """A form that can show why a rule refused what was typed, and asks for what is missing in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = _("Please fill this in.")

    def refuse(self, refused: Refused) -> None:
        """Put the refusal's sentence beside the field it names, or on top of the form."""
        field = refused.field if refused.field in self.fields else None
        self.add_error(field, refused.message)


class Form(Refusing, forms.Form):
    """A form: `{% form_fields form %}` shows it."""

    required_css_class = "required"


class ModelForm(Refusing, forms.ModelForm):
    """A form of a model's fields. It only validates: actions write."""

    required_css_class = "required"

    def save(self, commit: bool = True) -> Any:
        raise NotImplementedError("An action writes, not a form.")
