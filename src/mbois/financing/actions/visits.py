"""The home visit: recorded on a phone, perhaps without a line, sent whole and later, never twice."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from mbois import clock
from mbois.enterprises.actions import add_address
from mbois.financing import policy
from mbois.financing.actions.applications import locked_application, must_be, staff_of, url_of
from mbois.financing.models import Application, State, Visit, VisitPhoto
from mbois.ledger.actions import fingerprint
from mbois.people import documents
from mbois.people.models import Document, HeldUpload, Person, Purpose, Role
from mbois.people.notifications import notify
from mbois.refused import Refused, require

# What the officer looks at; each is answered yes or no.
CHECKLIST = ("lives_here", "business_seen", "papers_match", "debt_card_seen", "agrees_to_settle")
_PLACE = ("address", "rt", "rw")


@dataclass(frozen=True)
class VisitReport:
    """What was seen and said on a visit. Amounts are rupiah a month."""

    client_id: uuid.UUID
    visited_at: datetime
    checklist: dict[str, bool]
    neighbours: list[dict[str, str]]
    sales: int
    costs: int
    household: int
    other_debts: int
    advice: str
    notes: str = ""
    latitude: float | None = None
    longitude: float | None = None
    accuracy: float | None = None
    photo_hashes: Sequence[str] = field(default=())
    # where the business is, if the registry does not know it yet
    address: str = ""
    rt: str = ""
    rw: str = ""

    def fingerprint(self, application: Application) -> str:
        """A hash of the content, whatever id it was sent under."""
        content: dict[str, Any] = {
            key: value
            for key, value in vars(self).items()
            if key != "client_id" and (value or key not in _PLACE)
        }
        return fingerprint({"application": application.pk, **content})


@transaction.atomic
def record_visit(
    application: Application, report: VisitReport, *, by: Person, photos: Sequence[Document] = ()
) -> Visit:
    """Take down a visit. The same id again is the same visit; another content under it is refused.

    A second record with the same content under another id is kept and marked, for a person to look at.
    """
    locked = locked_application(application)
    require(policy.can_visit(by, locked))
    mark = report.fingerprint(locked)
    known = Visit.objects.filter(region_id=locked.region_id, client_id=report.client_id).first()
    if known is not None:
        if known.fingerprint != mark or known.visited_by_id != by.pk:
            raise Refused(
                _("This visit was sent already with other content."), code="visit_changed", status=409
            )
        return known
    must_be(locked, State.SUBMITTED, State.VISITED, State.ASSESSED)
    _check(report, locked)
    twin = (
        Visit.objects.filter(region_id=locked.region_id, application=locked, fingerprint=mark)
        .order_by("pk")
        .first()
    )
    elsewhere = {"client_id", "photo_hashes", *_PLACE}
    values = {key: value for key, value in vars(report).items() if key not in elsewhere}
    add_address(locked.enterprise, address=report.address, rt=report.rt, rw=report.rw)
    visit = Visit.objects.create(
        region_id=locked.region_id,
        application=locked,
        client_id=report.client_id,
        fingerprint=mark,
        visited_by=by,
        same_as=twin,
        **values,
    )
    VisitPhoto.objects.bulk_create(
        VisitPhoto(region_id=locked.region_id, visit=visit, document=document) for document in photos
    )
    if locked.state == State.SUBMITTED:
        locked.state = State.VISITED
        locked.save()
        notify(locked.borrower.person, "financing/visited", url=url_of(locked), number=locked.number)
        notify(
            staff_of(locked.region_id, Role.ASSESSOR),
            "financing/to_assess",
            url=url_of(locked),
            number=locked.number,
            enterprise=locked.enterprise.name,
        )
    return visit


@documents.together()
def take_visit(
    application: Application,
    report: VisitReport,
    *,
    by: Person,
    uploads: Sequence[File] = (),
    held: Sequence[HeldUpload] = (),
) -> tuple[Visit, bool]:
    """Take down a visit with its photos, whole or not at all; says whether it had come before.

    `uploads` came with it, `held` were kept from an earlier try. Nothing of a visit that came before
    is stored again. Refuses what is not a picture.
    """
    locked = locked_application(application)  # the same visit sent twice at once: the second waits here
    again = Visit.objects.filter(region_id=locked.region_id, client_id=report.client_id).exists()
    visit = record_visit(locked, report, by=by)
    if again:
        return visit, True
    kept: list[Document] = []
    about: dict[str, Any] = {
        "region_id": locked.region_id,
        "purpose": Purpose.VISIT,
        "by": by,
        "subject": locked.borrower.person,
    }
    try:
        kept += [documents.store(upload, pictures=True, **about) for upload in uploads]
        kept += [documents.attach(one, **about) for one in held]
    except Refused as refused:
        refused.field = "photos"
        raise
    VisitPhoto.objects.bulk_create(
        VisitPhoto(region_id=locked.region_id, visit=visit, document=document) for document in kept
    )
    return visit, False


def _check(report: VisitReport, application: Application) -> None:
    if report.visited_at > clock.now() + timedelta(minutes=10):
        raise Refused(_("The visit lies in the future; check the clock of the phone."), field="visited_at")
    if application.submitted_at and clock.local_date(report.visited_at) < clock.local_date(
        application.submitted_at
    ):
        raise Refused(_("The visit lies before the application was sent."), field="visited_at")
    if set(report.checklist) != set(CHECKLIST):
        raise Refused(_("Answer every point of the checklist."), field="checklist")
    for name in ("sales", "costs", "household", "other_debts"):
        if getattr(report, name) < 0:
            raise Refused(_("An amount cannot be less than zero."), field=name)
    asked = application.scheme.neighbours_asked
    if len(report.neighbours) < asked:
        raise Refused(
            _("Ask at least %(count)s neighbours and write down what they say.") % {"count": asked},
            field="neighbours",
        )
    for neighbour in report.neighbours:
        if not neighbour.get("name", "").strip() or not neighbour.get("word", "").strip():
            raise Refused(_("Each neighbour needs a name and their word."), field="neighbours")
    if report.advice not in Visit.Advice.values:
        raise Refused(_("Say what you advise."), field="advice")
