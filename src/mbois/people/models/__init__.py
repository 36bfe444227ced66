"""Accounts, organisations, memberships, consent, notifications, documents."""

from mbois.people.models.consent import Consent, ConsentText
from mbois.people.models.documents import Document
from mbois.people.models.notifications import Delivery, Notification, Preference
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
    "ApiToken",
    "Claim",
    "Consent",
    "ConsentText",
    "Delivery",
    "Document",
    "Membership",
    "Notification",
    "Organisation",
    "Person",
    "Preference",
    "Role",
    "display_name",
]
