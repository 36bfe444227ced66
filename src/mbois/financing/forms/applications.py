"""The forms of an application."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mbois.financing.actions.applications import DebtLine
from mbois.financing.forms.parts import yes_no
from mbois.financing.models import Scheme
from mbois.financing.models.schemes import PaperKind
from mbois.people.names import validate_person_name
from mbois.web import show
from mbois.web.forms import Form, MoneyField, PaperField, PhotoField, SignatureField
from mbois.web.forms.fields import read_money
from mbois.written import seen

DEBT_ROWS = 12


class BeginForm(Form):
    """How much and how long."""

    amount_asked = MoneyField(label=gettext_lazy("How much do you need?"), min_value=1)
    months_asked = forms.IntegerField(
        label=gettext_lazy("In how many months do you pay it back?"),
        min_value=1,
        max_value=600,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, scheme: Scheme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount_asked"].help_text = _("From %(least)s to %(most)s, in whole %(unit)s.") % {
            "least": show.rupiah(scheme.minimum),
            "most": show.rupiah(scheme.maximum),
            "unit": show.rupiah(scheme.unit),
        }
        self.fields["months_asked"].help_text = _("From %(least)s to %(most)s months.") % {
            "least": scheme.months_min,
            "most": scheme.months_max,
        }


class PurposeForm(BeginForm):
    """How much, how long and what for."""

    needed_later = ("purpose",)

    purpose = forms.CharField(
        label=gettext_lazy("What is the money for?"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy(
            "After the loan shark is paid: raw material, a tool, stock for the fasting month …"
        ),
        widget=forms.Textarea({"rows": 3}),
    )


class HouseholdForm(Form):
    """Who lives with the borrower."""

    married = yes_no(gettext_lazy("Is the borrower married?"), no=gettext_lazy("No, or widowed or divorced"))
    spouse_name = forms.CharField(
        label=gettext_lazy("Name of husband or wife"),
        max_length=120,
        required=False,
        validators=[validate_person_name],
        help_text=gettext_lazy("As on the identity card. Leave it empty where there is none."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    household_members = forms.IntegerField(
        label=gettext_lazy("How many people live in the household?"),
        min_value=1,
        max_value=50,
        required=False,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("married") is False:
            cleaned["spouse_name"] = ""
        return cleaned


class OwnConsentForm(Form):
    """The borrower agrees by a tick."""

    agree = forms.BooleanField(label=gettext_lazy("I have read this and agree."))


class AssistedConsentForm(Form):
    """An officer reads it aloud; the borrower signs or gives a thumb print."""

    agree = forms.BooleanField(label=gettext_lazy("I have read this aloud, and the borrower agreed."))
    evidence = SignatureField(label=gettext_lazy("Signature or thumb print of the borrower"))


class ReturnForm(Form):
    """What is missing."""

    reason = forms.CharField(
        label=gettext_lazy("What is missing?"),
        max_length=1000,
        help_text=gettext_lazy("The applicant reads this. Name each thing to do."),
        widget=forms.Textarea({"rows": 4}),
    )


def paper_form(kinds: list[PaperKind], *args: Any, **kwargs: Any) -> Form:
    """One upload for each kind of paper."""
    fields: dict[str, Any] = {}
    for kind in kinds:
        made = PhotoField if kind == PaperKind.BUSINESS else PaperField
        fields[f"paper_{kind.value}"] = made(label=kind.label, required=False)
    form_class: type[Form] = type("PaperForm", (Form,), {**fields, "needed_later": tuple(fields)})
    return form_class(*args, **kwargs)


@dataclass
class DebtRow:
    """One row of the debts as it was typed, with what is wrong with it by input."""

    lender: str = ""
    outstanding: str = ""
    borrowed: str = ""
    monthly_payment: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        return not (self.lender or self.outstanding or self.borrowed or self.monthly_payment)


def _amount(row: DebtRow, name: str, *, required: bool = False) -> int | None:
    text: str = getattr(row, name)
    if not text:
        if required:
            row.errors[name] = _("How much is still owed?")
        return None
    amount = read_money(text)
    if amount is None or amount > 10**12:
        row.errors[name] = _("Enter an amount of money, for example 1.500.000.")
        return None
    if required and amount <= 0:
        row.errors[name] = _("The amount must be more than zero.")
    return amount


def read_debts(
    data: Mapping[str, Any], *, without: int | None = None
) -> tuple[list[DebtRow], list[DebtLine]]:
    """The rows as typed and, of those without a mistake, the debts. Empty rows are left out of both, and
    the one at the place `without` (from 0, as the page shows them)."""
    names = ("lender", "outstanding", "borrowed", "monthly_payment")
    columns = [
        [seen(str(text)).replace("\x00", "").strip() for text in data.getlist(name)]  # type: ignore[attr-defined]
        for name in names
    ]
    length = min(max((len(column) for column in columns), default=0), DEBT_ROWS)
    rows, lines = [], []
    for number in range(length):
        cells = [column[number] if number < len(column) else "" for column in columns]
        row = DebtRow(cells[0], cells[1], cells[2], cells[3])
        if row.empty or number == without:
            continue
        rows.append(row)
        if not row.lender:
            row.errors["lender"] = _("Who is it owed to?")
        elif len(row.lender) > 120:
            row.errors["lender"] = _("This name is too long.")
        outstanding = _amount(row, "outstanding", required=True)
        borrowed, monthly = _amount(row, "borrowed"), _amount(row, "monthly_payment")
        if not row.errors and outstanding:
            lines.append(DebtLine(row.lender, outstanding, borrowed, monthly))
    return rows, lines
