"""Looking at whole identity numbers: always recorded."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mbois.people import identity, policy
from mbois.people.models import Person, Unmasking
from mbois.refused import Refused


@transaction.atomic
def unmask(
    sealed: str,
    *,
    kind: str,
    region_id: str,
    record: str,
    by: Person,
    reason: str,
    subject: Person | None = None,
    allowed: bool | None = None,
) -> str:
    """The whole number behind a mask, after writing down who looked at it, when and why.

    `kind` is "nik" or "npwp", `record` names the row it stands in ("U-3573-000123"), `subject` is whose
    number it is. A room with its own rule says `allowed`; otherwise policy.can_unmask decides.
    """
    if not (policy.can_unmask(by, region_id) if allowed is None else allowed):
        raise Refused(_("You may not see this number."), code="forbidden", status=403)
    reason = " ".join(reason.split())
    if len(reason) < 5:
        raise Refused(_("Please write why you need to see it."), field="reason")
    Unmasking.objects.create(
        region_id=region_id, kind=kind, record=record[:120], by=by, reason=reason[:300], subject=subject
    )
    return identity.unseal(sealed)
