"""Writing the cash book: one entry, once; taking back the last one."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mbois import clock
from mbois.enterprises.models import Enterprise
from mbois.mentoring import policy
from mbois.mentoring.models import CashEntry
from mbois.people.models import Person
from mbois.refused import Refused, require


@dataclass(frozen=True)
class Entry:
    """Money in or out, whole rupiah. `client_id` was made on the phone."""

    client_id: uuid.UUID
    kind: str
    amount: int
    day: date
    category: str = ""
    note: str = ""


@transaction.atomic
def write_entry(enterprise: Enterprise, entry: Entry, *, by: Person) -> tuple[CashEntry, bool]:
    """Write one entry; says whether the same had come before. Other content under a known id is refused."""
    require(policy.can_keep_book(by, enterprise))
    if entry.kind not in CashEntry.Kind.values:
        raise Refused(_("Choose sale or cost."), field="kind")
    if entry.day > clock.today():
        raise Refused(_("That day is still to come."), field="day")
    if entry.day < clock.today() - timedelta(days=366 * 3):
        raise Refused(_("That is more than three years ago."), field="day")
    values = {
        "enterprise_id": enterprise.pk,
        "kind": entry.kind,
        "amount": entry.amount,
        "day": entry.day,
        "category": entry.category if entry.kind == CashEntry.Kind.COST else "",
        "note": entry.note.strip(),
    }
    try:
        with transaction.atomic():
            made = CashEntry.objects.create(
                region_id=enterprise.region_id, client_id=entry.client_id, made_by=by, **values
            )
    except IntegrityError:
        known = CashEntry.objects.filter(region=enterprise.region_id, client_id=entry.client_id).first()
        if known is None:
            raise
        if known.made_by_id != by.pk or any(getattr(known, key) != value for key, value in values.items()):
            raise Refused(
                _("This entry was sent already with other content."), code="entry_changed", status=409
            ) from None
        return known, True
    return made, False


@transaction.atomic
def take_back(entry: CashEntry, *, by: Person) -> CashEntry:
    """Take back an entry of the last seven days; it stays in the book, struck out."""
    require(policy.can_keep_book(by, entry.enterprise))
    locked = CashEntry.objects.select_for_update().get(region=entry.region_id, pk=entry.pk)
    if locked.voided_at:
        return locked
    if locked.made_at < clock.now() - timedelta(days=7):
        raise Refused(_("Only entries of the last seven days can be taken back."))
    locked.voided_at = clock.now()
    locked.save(update_fields=["voided_at"])
    return locked
