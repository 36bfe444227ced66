"""The forms of django-allauth with our words (named in ACCOUNT_FORMS)."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.utils.translation import gettext_lazy as _

from mbois.people.forms import need_an_address
from mbois.web.forms import Refusing


class LoginForm(Refusing, account.LoginForm):
    """Phone or e-mail, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login = self.fields["login"]
        login.label = _("Phone or e-mail")
        login.widget = forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"})
        password = self.fields["password"]
        password.label, password.help_text = _("Password"), ""
        password.widget.attrs.pop("placeholder", None)


PASSWORD_HELP = _("At least 8 characters. A short sentence is easy to remember and hard to guess.")


class _NewPassword(Refusing):
    """Our words for a new password, typed twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label, self.fields["password1"].help_text = _("New password"), PASSWORD_HELP
        self.fields["password2"].label = _("New password, once more")
        for name in self.fields:
            self.fields[name].widget.attrs.pop("placeholder", None)


class ResetPasswordForm(Refusing, account.ResetPasswordForm):
    """Where the code for a new password is sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")
        self.fields["email"].widget.attrs.pop("placeholder", None)


class ResetPasswordKeyForm(_NewPassword, account.ResetPasswordKeyForm):
    """A new password after a code."""


class ChangePasswordForm(_NewPassword, account.ChangePasswordForm):
    """A new password for the old one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Password until now")


class SetPasswordForm(_NewPassword, account.SetPasswordForm):
    """A first password."""


class SignupForm(Refusing, account.SignupForm):
    """Name, phone or e-mail, password and the consent."""

    field_order = ["name", "phone", "email", "password1", "agree"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].label = _("Phone")
        self.fields["phone"].help_text = _("We send a code to it. Phone or e-mail: one is enough.")
        self.fields["email"].label, self.fields["email"].required = _("E-mail"), False
        self.fields["email"].widget.attrs.pop("placeholder", None)
        password = self.fields["password1"]
        password.label = _("Password")
        password.help_text = PASSWORD_HELP
        password.widget.attrs.pop("placeholder", None)
        self.order_fields(self.field_order)

    def clean_email(self) -> str:
        return super().clean_email() if self.cleaned_data.get("email") else ""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors and "password1" not in self.errors:
            self.add_error("password1", _("Please type the password again: a page never carries it."))
        return cleaned


class RequestLoginCodeForm(Refusing, account.RequestLoginCodeForm):
    """Phone or e-mail to which a code is sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "phone" in self.fields:
            self.fields["phone"].label = _("Phone")
        self.fields["email"].label = _("E-mail")
        self.fields["email"].widget.attrs.pop("placeholder", None)
        self.order_fields(["phone", "email"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        need_an_address(self, cleaned)
        return cleaned


class AddPasskeyForm(Refusing, passkeys.AddWebAuthnForm):
    """A new passkey; as a rule it signs in alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the device")
        alone = self.fields["passwordless"]
        alone.label, alone.initial = _("Sign in with it alone, without a password"), True
        alone.help_text = _("The device asks for your fingerprint, face or PIN instead.")


class EditPasskeyForm(Refusing, passkeys.EditWebAuthnForm):
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the device")
