"""What people type: about an application, a decision, a loan, a scheme."""

from mbois.financing.forms.applications import (
    DEBT_ROWS,
    AssistedConsentForm,
    BeginForm,
    DebtRow,
    HouseholdForm,
    OwnConsentForm,
    PurposeForm,
    ReturnForm,
    paper_form,
    read_debts,
)
from mbois.financing.forms.decisions import AssessForm, DecideForm, SignatureForm
from mbois.financing.forms.loans import ConfirmForm, OnDayForm, RepaymentForm, ReverseForm
from mbois.financing.forms.schemes import DayBackForm, FundForm, HolidayForm, SchemeForm

__all__ = [
    "DEBT_ROWS",
    "AssessForm",
    "AssistedConsentForm",
    "BeginForm",
    "ConfirmForm",
    "DayBackForm",
    "DebtRow",
    "DecideForm",
    "FundForm",
    "HolidayForm",
    "HouseholdForm",
    "OnDayForm",
    "OwnConsentForm",
    "PurposeForm",
    "RepaymentForm",
    "ReturnForm",
    "ReverseForm",
    "SchemeForm",
    "SignatureForm",
    "paper_form",
    "read_debts",
]
