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
from mbois.people.actions.members import add_member, add_organisation, end_membership
from mbois.people.claims import claim_into, claim_new_account, issue_claim, open_claim

__all__ = [
    "add_evidence",
    "add_member",
    "add_organisation",
    "agree_to_account",
    "claim_into",
    "claim_new_account",
    "end_membership",
    "issue_claim",
    "open_claim",
    "record_consent",
    "register_person",
    "unmask",
    "withdraw_account_consent",
    "withdraw_consent",
]
