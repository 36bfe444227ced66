"""The forms of those who assess, decide and sign."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mbois.financing.forms.parts import yes_no
from mbois.web.forms import Form, MoneyField, SignatureField


class AssessForm(Form):
    """What Baznas says. Amounts are rupiah a month."""

    monthly_income = MoneyField(label=_("Income of the household a month"))
    members = forms.IntegerField(
        label=_("People in the household"),
        min_value=1,
        max_value=50,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )
    needy = yes_no(_("Is the household needy?"))
    covers_cost = yes_no(_("Does Baznas cover the cost of this loan?"))
    reasons = forms.CharField(
        label=_("Reasons"),
        max_length=2000,
        required=False,
        help_text=_("Needed where one of the answers is no."),
        widget=forms.Textarea({"rows": 4}),
    )


class DecideForm(Form):
    """Yes with an amount and a term, or no with a reason."""

    needed_later = ("amount", "months")  # with a yes

    granted = yes_no(_("Decision"), yes=_("Grant it"), no=_("Refuse it"))
    amount = MoneyField(label=_("Amount granted"), required=False)
    months = forms.IntegerField(
        label=_("Months"),
        required=False,
        min_value=1,
        max_value=600,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=2000,
        help_text=_("The applicant reads this. Needed for a refusal."),
        widget=forms.Textarea({"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("granted"):
            for name in ("amount", "months"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Say how much and how long."))
        return cleaned


class SignatureForm(Form):
    """The borrower's signature, on the screen or as a photo."""

    read_aloud = forms.BooleanField(label=_("I have read the contract to the borrower, who understood it."))
    signature = SignatureField(label=_("Signature of the borrower"))
