"""How accounts (django-allauth) meet our people: sign-in by phone or e-mail, codes by SMS."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.forms import Field
from django.http import HttpRequest
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from phonenumber_field.formfields import PhoneNumberField

from mbois.people import tasks
from mbois.people.middleware import client_address
from mbois.people.models import Person
from mbois.web.forms import PhoneInput


class LoginPhoneField(PhoneNumberField):
    """A phone number as people type it ("0812 3456 7890"), given on as "+6281234567890"."""

    def clean(self, value: Any) -> str:
        return str(super().clean(value) or "")


class AccountAdapter(DefaultAccountAdapter):
    """Phone numbers live on Person; mails have plain subjects; codes go out by the SMS channel."""

    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | dict.fromkeys(
        ("email_password_mismatch", "phone_password_mismatch", "username_password_mismatch"),
        gettext_lazy("The phone number, e-mail or password is not right."),
    )

    def phone_form_field(self, **kwargs: Any) -> Field:
        kwargs.setdefault("region", "ID")
        kwargs.setdefault("label", gettext_lazy("Phone"))
        kwargs.setdefault(
            "error_messages", {"invalid": gettext_lazy("Give a mobile number such as 0812-3456-7890.")}
        )
        return LoginPhoneField(widget=PhoneInput(), **kwargs)

    def get_phone(self, user: Person) -> tuple[str, bool] | None:
        return (str(user.phone), user.phone_verified) if user.phone else None

    def set_phone(self, user: Person, phone: str, verified: bool) -> None:
        user.phone = phone or None
        user.phone_verified = bool(phone) and verified
        if user.pk:
            user.save(update_fields=["phone", "phone_verified"])

    def set_phone_verified(self, user: Person, phone: str) -> None:
        self.set_phone(user, phone, True)

    def get_user_by_phone(self, phone: str) -> Person | None:
        return Person.objects.filter(phone=phone).first() if phone else None

    def send_verification_code_sms(self, user: Any, phone: str, code: str, **kwargs: Any) -> None:
        tasks.queue_sms(
            phone,
            _("%(code)s is your mbois code. Never give it to anyone, not even to an officer.")
            % {"code": code},
        )

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        tasks.queue_sms(
            phone, _("Somebody asked for an mbois code with this number, but it has no account with us.")
        )

    def send_account_already_exists_sms(self, phone: str) -> None:
        tasks.queue_sms(
            phone,
            _("This number has an mbois account already. Sign in with it, or ask for a new password."),
        )

    def save_user(self, request: HttpRequest, user: Person, form: Any, commit: bool = True) -> Person:
        user.name = form.cleaned_data.get("name") or user.name
        user.language = (get_language() or "id")[:2]
        user.email = None
        super().save_user(request, user, form, commit=False)
        user.email = (user.email or "").lower() or None
        if commit:
            user.save()
        return user

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or "127.0.0.1"

    def get_login_stages(self) -> list[str]:
        theirs = "allauth.account.stages.EmailVerificationStage"
        return [
            "mbois.people.stages.OwnAddress" if stage == theirs else stage
            for stage in super().get_login_stages()
        ]

    def format_email_subject(self, subject: str) -> str:
        return str(subject)
