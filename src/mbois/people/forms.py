"""Forms of accounts and people. (`SignupForm` is mixed into django-allauth's own.)"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, cast

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.people.models import Organisation, Person, Role
from mbois.people.names import validate_person_name
from mbois.people.notifications import EMAIL
from mbois.places.models import Area, Region
from mbois.refused import Refused
from mbois.web.forms import Form, PhoneField, SearchChoiceField


def _terms() -> SafeString:
    return format_html(
        gettext('I have read <a href="{url}">how mbois treats my data</a> and agree'),
        url=reverse_lazy("consent_text", args=["account"]),
    )


def need_an_address(form: forms.BaseForm, cleaned: dict[str, Any]) -> None:
    """Phone or e-mail: one of them is needed. Says nothing where one was mistyped."""
    if {"phone", "email"} & set(form.errors) or cleaned.get("phone") or cleaned.get("email"):
        return
    form.add_error("phone", _("Please give a phone number or an e-mail address."))


class SignupForm(forms.Form):
    """What signing up asks beside phone, e-mail and password."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        min_length=2,
        validators=[validate_person_name],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    agree = forms.BooleanField(
        label=lazy(_terms, str)(),
        error_messages={"required": _("Without your consent we cannot make an account.")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        need_an_address(self, cleaned)
        return cleaned

    def signup(self, request: HttpRequest, user: Person) -> None:
        """Called once the account is made."""
        from mbois.people.actions import agree_to_account

        agree_to_account(user)


class ProfileForm(Form):
    """Name and language."""

    name = forms.CharField(label=_("Name"), max_length=120, min_length=2, validators=[validate_person_name])
    language = forms.ChoiceField(
        label=_("Language of messages"), choices=[("id", "Indonesia"), ("en", "English")]
    )


class AskForm(Form):
    """A request about one's data."""

    kind = forms.ChoiceField(
        label=_("What do you ask for?"),
        choices=[("correction", _("Correct something")), ("erasure", _("Erase my data"))],
        widget=forms.RadioSelect,
    )
    region = forms.ChoiceField(label=_("Which government?"))
    text = forms.CharField(
        label=_("What exactly?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        from mbois.people.actions.account import regions_that_know

        super().__init__(*args, **kwargs)
        known = regions_that_know(person)
        regions = Region.objects.filter(pk__in=known) if known else Region.objects.all()
        self.fields["region"].choices = [(region.pk, region.name) for region in regions]  # type: ignore[attr-defined]


class TokenForm(Form):
    """A new API token."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("What it is for, for example: cash register in the shop.")
    )
    days = forms.TypedChoiceField(
        label=_("Good for"),
        coerce=int,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("One year"))],
        initial=90,
    )

    def expires_at(self) -> datetime:
        """When it ends."""
        return clock.now() + timedelta(days=self.cleaned_data["days"])


class PreferencesForm(Form):
    """The channels of messages."""

    channels = forms.MultipleChoiceField(
        label=_("Also tell me by"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, wanted: dict[str, bool], out_of_reach: Collection[str] = (), **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", {"channels": [channel for channel, yes in wanted.items() if yes]})
        super().__init__(*args, **kwargs)
        names = {EMAIL: _("E-mail"), "sms": "SMS", "whatsapp": "WhatsApp", "telegram": "Telegram"}
        self.fields["channels"].choices = [  # type: ignore[attr-defined]
            (channel, self._label(names.get(channel, channel.title()), channel, channel in out_of_reach))
            for channel in wanted
        ]

    @staticmethod
    def _label(name: object, channel: str, out_of_reach: bool) -> str:
        if not out_of_reach:
            return str(name)
        if channel == EMAIL:
            return gettext("%(channel)s (once you have given and confirmed one)") % {"channel": name}
        return gettext("%(channel)s (once we have your number)") % {"channel": name}


class ClaimForm(Form):
    """The code of a slip."""

    # who has a NIK in the registry must give it; the rule knows who that is
    needed_later = ("answer",)

    code = forms.CharField(
        label=_("Code on the slip"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        help_text=_("Eight letters and digits, for example K7F3-9QXD."),
    )
    answer = forms.CharField(
        label=_("Last four digits of your NIK"),
        max_length=4,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("So that nobody else can use a slip that was lost."),
    )


class TakeOverForm(Form):
    """How one signs in from now on."""

    phone = PhoneField(label=_("Phone"), required=False, help_text=_("We send a code to it."))
    email = forms.EmailField(
        label=_("E-mail"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 8 characters. A short sentence is easy to remember and hard to guess."),
    )
    agree = forms.BooleanField(
        label=lazy(_terms, str)(),
        error_messages={"required": _("Without your consent we cannot make an account.")},
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"phone": person.contact_phone})
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.person)
        return password

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        need_an_address(self, cleaned)
        return cleaned


class MemberForm(Form):
    """A role for somebody."""

    phone = PhoneField(label=_("Phone"), required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        required=False,
        help_text=_("Needed if they have no account yet: then they are invited and sign in by a code."),
    )
    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())
    role = forms.ChoiceField(label=_("Role"), choices=[("", "—"), *Role.choices])
    village = SearchChoiceField(
        source="villages",
        label=_("Village they serve"),
        required=False,
        help_text=_("For village officers."),
    )

    def __init__(self, *args: Any, regions: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Organisation.objects.filter(region__in=regions).select_related("region").order_by("name")
        self.fields["organisation"].queryset = own  # type: ignore[attr-defined]
        cast(SearchChoiceField, self.fields["village"]).offer(regions)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        need_an_address(self, cleaned)
        return cleaned

    def values(self) -> dict[str, Any]:
        """What `actions.add_member` takes."""
        cleaned = self.cleaned_data
        village = cleaned["village"]
        return {
            "organisation": cleaned["organisation"],
            "role": cleaned["role"],
            "name": cleaned["name"],
            "phone": str(cleaned["phone"] or ""),
            "email": cleaned["email"],
            "area": Area.objects.get(pk=village) if village else None,
        }

    def refuse(self, refused: Refused, field: str | None = None) -> None:
        super().refuse(refused, "village" if refused.field == "area" else field)


class OrganisationForm(Form):
    """A new organisation."""

    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=Organisation.Kind.choices)
    region = forms.ModelChoiceField(label=_("Region"), queryset=Region.objects.none())

    def __init__(self, *args: Any, regions: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = Region.objects.filter(pk__in=regions)  # type: ignore[attr-defined]
        if len(regions) == 1:
            self.fields["region"].initial = regions[0]
            self.fields["region"].widget = forms.HiddenInput()

    def values(self) -> dict[str, Any]:
        """What `actions.add_organisation` takes."""
        cleaned = self.cleaned_data
        return {"name": cleaned["name"], "kind": cleaned["kind"], "region_id": cleaned["region"].pk}
