"""The verbs of financing, in the order of a loan's life."""

from mbois.financing.actions.applications import (
    add_paper,
    remove_paper,
    return_application,
    save_application,
    start_application,
    submit_application,
    withdraw_application,
)
from mbois.financing.actions.decisions import assess, decide, make_contract, record_signature
from mbois.financing.actions.loans import (
    confirm_use,
    declare_holiday,
    disburse,
    record_repayment,
    reverse_repayment,
    sweep_collections,
    take_back_holiday,
)
from mbois.financing.actions.schemes import add_to_fund, open_scheme, update_scheme
from mbois.financing.actions.visits import VisitReport, record_visit, take_visit

__all__ = [
    "VisitReport",
    "add_paper",
    "add_to_fund",
    "assess",
    "confirm_use",
    "decide",
    "declare_holiday",
    "disburse",
    "make_contract",
    "open_scheme",
    "record_repayment",
    "record_signature",
    "record_visit",
    "remove_paper",
    "return_application",
    "reverse_repayment",
    "save_application",
    "start_application",
    "submit_application",
    "sweep_collections",
    "take_back_holiday",
    "take_visit",
    "update_scheme",
    "withdraw_application",
]
