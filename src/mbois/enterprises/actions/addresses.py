"""Where a business is, written down by whoever stands at its door."""

from typing import Any

from django.db import transaction

from mbois.enterprises.actions.registration import clean_business, locked
from mbois.enterprises.models import Enterprise


@transaction.atomic
def add_address(enterprise: Enterprise, *, address: str = "", rt: str = "", rw: str = "") -> Enterprise:
    """Write down street, RT and RW where they are not known yet; what is registered stays as it is.

    For a visitor whom another room has sent and checked. Gives the enterprise as it is then.
    """
    told: dict[str, Any] = {
        name: value for name, value in (("address", address), ("rt", rt), ("rw", rw)) if value
    }
    enterprise = locked(enterprise)
    new = {name: value for name, value in told.items() if not getattr(enterprise, name)}
    for name, value in clean_business(new, partly=True).items():
        setattr(enterprise, name, value)
    if new:
        enterprise.save(update_fields=list(new))
    return enterprise
