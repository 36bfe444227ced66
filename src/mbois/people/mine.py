"""What is held about one person: for their own page, and to take home (UU PDP 27/2022)."""

import re
from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any

from django.db import models

from mbois.people.models import (
    AccountConsent,
    Consent,
    Document,
    Membership,
    Notification,
    Person,
    Unmasking,
)

# Fields that say nothing to their person: sealed values and what the program works out for itself.
HIDDEN = re.compile(r"sealed|hash|secret|token|search|compared|fingerprint|^uuid$|client_id")

Part = Callable[[Person], Any]
_parts: dict[str, Part] = {}


def register_part(name: str, part: Part) -> None:
    """Let a room add what it holds of a person to their download (plain values only; from its apps.py)."""
    _parts[name] = part


def plain(row: models.Model, *, but: Collection[str] = ()) -> dict[str, Any]:
    """The fields of a row as plain values: without keys and references, secrets, and those of `but`."""
    found: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        if field.is_relation or field.primary_key or field.name in but or HIDDEN.search(field.name):
            continue
        value = field.value_from_object(row)
        if isinstance(value, (date, datetime)):
            value = value.isoformat()
        found[field.name] = value if value is None or isinstance(value, (bool, int, float)) else str(value)
    return found


def memberships(person: Person) -> list[Membership]:
    """The memberships in force, with what their page shows."""
    return list(
        Membership.objects.in_force()
        .filter(person=person)
        .select_related("organisation", "area", "region")
        .order_by("region", "role")
    )


def everything(person: Person) -> dict[str, Any]:
    """All that is held about a person, as plain values."""
    consents = Consent.objects.filter(person=person).select_related("text", "recorded_by", "region")
    return {
        "account": {
            "name": person.name,
            "phone": str(person.phone or ""),
            "email": person.email or "",
            "language": person.language,
            "since": person.joined_at.isoformat(),
            "registered_by": str(person.registered_by or ""),
        },
        "roles": [
            {
                "role": one.role,
                "organisation": one.organisation.name,
                "region": one.region_id,
                "since": one.since.isoformat(),
                "until": one.until.isoformat() if one.until else None,
            }
            for one in Membership.objects.filter(person=person).select_related("organisation")
        ],
        "consents": [
            {
                "text": str(one.text),
                "region": one.region.name,
                "method": one.method,
                "recorded_by": one.recorded_by.name,
                "given_at": one.given_at.isoformat(),
                "withdrawn_at": one.withdrawn_at.isoformat() if one.withdrawn_at else None,
            }
            for one in consents
        ]
        + [
            {"text": str(one.text), "given_at": one.given_at.isoformat()}
            for one in AccountConsent.objects.filter(person=person).select_related("text")
        ],
        "documents": [
            {"name": one.name, "purpose": one.purpose, "uploaded_at": one.uploaded_at.isoformat()}
            for one in Document.objects.filter(subject=person).order_by("pk")
        ],
        "looks_at_your_numbers": [
            {"by": one.by.name, "number": one.kind, "reason": one.reason, "at": one.at.isoformat()}
            for one in Unmasking.objects.filter(subject=person).select_related("by")
        ],
        "messages": [
            {"about": one.key, "at": one.made_at.isoformat()}
            for one in Notification.objects.filter(person=person)[:1000]
        ],
    } | {name: part(person) for name, part in sorted(_parts.items())}
