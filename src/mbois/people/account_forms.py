"""The forms of django-allauth with our words (named in ACCOUNT_FORMS)."""

import json
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account import forms as account
from allauth.mfa.models import Authenticator
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


NOT_CONFIRMED = _("The device has not confirmed it. Please try again.")
# What reading an answer of no device at all ends in, far down in the library for passkeys.
_NO_ANSWER = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, struct.error)


class _Decoder(json.JSONDecoder):
    """Whatever cannot be read is no JSON: a number of thousands of digits, lists in lists without end."""

    def decode(self, s: str, *args: Any) -> Any:
        try:
            return super().decode(s, *args)
        except json.JSONDecodeError:
            raise
        except (ValueError, RecursionError) as error:
            raise json.JSONDecodeError("cannot be read", "", 0) from error


@contextmanager
def _confirmed() -> Iterator[None]:
    """Says in one sentence whatever is wrong with the answer of a device; too many tries are said as ever."""
    try:
        yield
    except (*_NO_ANSWER, forms.ValidationError) as error:
        if isinstance(error, forms.ValidationError) and error.code != "incorrect_code":
            raise
        raise forms.ValidationError(NOT_CONFIRMED, code="incorrect_code") from None


class _OfADevice(Refusing):
    """A form that carries the answer of a device. Anybody can send another text in its place."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].decoder = _Decoder  # type: ignore[attr-defined]
        self.fields["credential"].error_messages["invalid"] = NOT_CONFIRMED


class AddPasskeyForm(_OfADevice, passkeys.AddWebAuthnForm):
    """A new passkey; as a rule it signs in alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the device")
        alone = self.fields["passwordless"]
        alone.label, alone.initial = _("Sign in with it alone, without a password"), True
        alone.help_text = _("The device asks for your fingerprint, face or PIN instead.")

    def clean(self) -> dict[str, Any]:
        with _confirmed():
            cleaned: dict[str, Any] = super().clean() or {}
        return cleaned


class _Confirming(_OfADevice):
    def clean_credential(self) -> Authenticator:
        with _confirmed():
            known: Authenticator = super().clean_credential()  # type: ignore[misc]
        return known


class PasskeyForm(_Confirming, passkeys.AuthenticateWebAuthnForm):
    """A passkey as the second step."""


class LoginPasskeyForm(_Confirming, passkeys.LoginWebAuthnForm):
    """A passkey in place of a password."""


class ReauthenticatePasskeyForm(_Confirming, passkeys.ReauthenticateWebAuthnForm):
    """A passkey once more, before something that matters."""


class EditPasskeyForm(Refusing, passkeys.EditWebAuthnForm):
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the device")
