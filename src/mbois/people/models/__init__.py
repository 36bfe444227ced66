"""Accounts, organisations, memberships, consent, notifications, documents."""

from mbois.people.models.consent import AccountConsent, Consent, ConsentText, Unmasking
from mbois.people.models.documents import Document, HeldUpload, Purpose
from mbois.people.models.notifications import Delivery, DemoMessage, Notification, Preference
from mbois.people.models.people import (
    ApiToken,
    Claim,
    Membership,
    Organisation,
    Person,
    Role,
    display_name,
)

__all__ = [
    "AccountConsent",
    "ApiToken",
    "Claim",
    "Consent",
    "ConsentText",
    "Delivery",
    "DemoMessage",
    "Document",
    "HeldUpload",
    "Membership",
    "Notification",
    "Organisation",
    "Person",
    "Preference",
    "Purpose",
    "Role",
    "Unmasking",
    "display_name",
]
