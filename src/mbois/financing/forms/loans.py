"""The forms around a running loan."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.financing.forms.parts import yes_no
from mbois.financing.models import Confirmation, Loan
from mbois.web.forms import DayField, Form, MoneyField


class RepaymentForm(Form):
    """Money taken towards a loan. The key makes a second sending the same payment."""

    amount = MoneyField(label=_("Amount received"), min_value=1)
    effective_date = DayField(
        label=_("Received on"),
        help_text=_("Today, or the day on which the money was really taken."),
        latest=clock.today,
    )
    why = forms.CharField(
        label=_("Why is the date not today?"),
        max_length=200,
        required=False,
        help_text=_("For example: collected at the home on Saturday."),
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=200)

    def __init__(self, *args: Any, loan: Loan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = self.fields["effective_date"]
        assert isinstance(day, DayField)
        day.earliest = loan.disbursed_on

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        day = cleaned.get("effective_date")
        if day and day < clock.today() and not cleaned.get("why", "").strip():
            self.add_error("why", _("Say why the payment is dated back."))
        return cleaned


class ReverseForm(Form):
    """Why a repayment is undone."""

    reason = forms.CharField(
        label=_("Why is it undone?"),
        max_length=300,
        help_text=_("It stays in the books with this reason, and the borrower is told."),
        widget=forms.Textarea({"rows": 3}),
    )


class OnDayForm(Form):
    """The day on which a loan is looked at."""

    on = DayField(label=_("As it stood on"), required=False, latest=clock.today)


class ConfirmForm(Form):
    """What RT/RW or PKK say."""

    body = forms.ChoiceField(
        label=_("Who confirms?"), choices=Confirmation.Body.choices, widget=forms.RadioSelect
    )
    said_by = forms.CharField(label=_("Name of who says so"), max_length=120)
    rentenir_paid = yes_no(_("Is the loan shark paid off?"))
    money_works = yes_no(_("Does the money work in the business?"))
    note = forms.CharField(
        label=_("What did they say?"),
        required=False,
        max_length=1000,
        help_text=_("Needed where one of the answers is no."),
        widget=forms.Textarea({"rows": 3}),
    )
