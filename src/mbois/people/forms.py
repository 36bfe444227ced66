"""Forms of accounts and people."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mbois.people.models import Person


class SignupForm(forms.Form):
    """What signing up asks beside phone, e-mail and password (mixed into allauth's own form)."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        min_length=2,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    agree = forms.BooleanField(label=_("I have read how mbois treats my data and agree"))
    field_order = ["name", "phone", "email", "password1", "agree"]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        typed = {"phone", "email"} & set(self.errors)
        if not typed and not cleaned.get("phone") and not cleaned.get("email"):
            self.add_error("phone", _("Please give a phone number or an e-mail address."))
        return cleaned

    def signup(self, request: HttpRequest, user: Person) -> None:
        """Called once the account is made."""
        from mbois.people.actions import agree_to_account

        agree_to_account(user)
