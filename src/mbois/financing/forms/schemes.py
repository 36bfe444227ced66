"""The forms of who runs a scheme."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mbois import clock
from mbois.financing.models import Scheme
from mbois.financing.models.schemes import PaperKind
from mbois.web.forms import DayField, Form, MoneyField


def _whole(label: Any, help_text: Any = "", *, least: int = 0, most: int = 1000) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=least,
        max_value=most,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )


class SchemeForm(Form):
    """Every figure of a scheme."""

    name = forms.CharField(label=_("Name"), max_length=120)
    is_open = forms.BooleanField(label=_("Takes applications"), required=False)
    minimum = MoneyField(label=_("Smallest loan"), min_value=1)
    maximum = MoneyField(label=_("Largest loan"), min_value=1)
    unit = MoneyField(label=_("Amounts and instalments are whole"), min_value=1)
    months_min = _whole(_("Shortest term in months"), least=1, most=600)
    months_max = _whole(_("Longest term in months"), least=1, most=600)
    settles_rentenir = forms.BooleanField(label=_("Settles a loan shark's debt first"), required=False)
    papers = forms.MultipleChoiceField(
        label=_("Papers"), choices=PaperKind.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    neighbours_asked = _whole(_("Neighbours asked on a visit"), most=20)
    capacity_percent = _whole(
        _("Share of what is left each month that an instalment may take, in per cent"), least=1, most=100
    )
    cost_percent = _whole(_("Cost of a loan that Baznas covers, in per cent"), most=100)
    working_days_limit = _whole(_("Working days from sending to paying out"), least=1, most=365)
    confirmation_days = _whole(_("Days after paying out until RT/RW or PKK confirm"), least=1, most=365)
    reminder_days = _whole(_("Days before the pay-by day on which borrowers are reminded"), most=60)

    @classmethod
    def of(cls, scheme: Scheme, data: Any = None) -> "SchemeForm":
        """The form with what the scheme says now."""
        return cls(data, initial={name: getattr(scheme, name) for name in cls.base_fields})


def _a_year_ago() -> date:
    return clock.today() - timedelta(days=366)


class FundForm(Form):
    """Money the city pays in, at most a year ago: what is older is a slip of the pen."""

    amount = MoneyField(label=_("Amount paid in"), min_value=1)
    effective_date = DayField(label=_("On"), earliest=_a_year_ago, latest=clock.today)
    key = forms.CharField(widget=forms.HiddenInput, max_length=60)


class HolidayForm(Form):
    """A day off."""

    day = DayField(label=_("Day"), earliest=clock.today)
    name = forms.CharField(label=_("Name of the holiday"), max_length=120)


class DayBackForm(Form):
    """A declared day off that was a mistake."""

    day = DayField(label=_("Day"), widget=forms.HiddenInput)
