"""What people do with people."""

from mbois.people.actions.assisted import (
    add_evidence,
    agree_to_account,
    record_consent,
    register_person,
    withdraw_account_consent,
    withdraw_consent,
)
from mbois.people.actions.identity import unmask

__all__ = [
    "add_evidence",
    "agree_to_account",
    "record_consent",
    "register_person",
    "unmask",
    "withdraw_account_consent",
    "withdraw_consent",
]
