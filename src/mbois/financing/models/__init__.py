"""Schemes, applications and loans."""

from mbois.financing.models.applications import (
    Application,
    Assessment,
    Contract,
    Decision,
    Paper,
    RentenirDebt,
    State,
    Visit,
    VisitPhoto,
)
from mbois.financing.models.loans import Confirmation, Instalment, Loan, Reminder, Settlement
from mbois.financing.models.schemes import PaperKind, Scheme

__all__ = [
    "Application",
    "Assessment",
    "Confirmation",
    "Contract",
    "Decision",
    "Instalment",
    "Loan",
    "Paper",
    "PaperKind",
    "Reminder",
    "RentenirDebt",
    "Scheme",
    "Settlement",
    "State",
    "Visit",
    "VisitPhoto",
]
